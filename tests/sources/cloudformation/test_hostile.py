"""Templates that somebody wrote to harm: refused with file and line, or read within bounds of work and memory."""

import pytest

from auditor.sources.cloudformation import is_cloudformation, read
from auditor.sources.code_options import MOST_BYTES, BadCode, CodeOptions
from tests.sources.cloudformation.reading import resources, write
from tests.work import steps, watchdog

BUCKET = "Resources: {B: {Type: AWS::S3::Bucket}}\n"
LAUGHS = "A: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(66 + at)}: &{chr(98 + at)} [{', '.join(['*' + chr(97 + at)] * 9)}]\n" for at in range(8)
)


@pytest.mark.parametrize(
    ("name", "body", "line", "words"),
    [
        ("a.yaml", "", 1, "is empty"),
        ("a.json", "{}", 1, "no Resources"),
        ("a.yaml", "Resources:\n", 1, "no Resources"),
        ("a.yaml", "- 1\n- 2\n", 1, "not a template"),
        ("a.yaml", "Resources:\n  B: [1]\n", 2, "B is not a resource"),
        ("a.yaml", "Resources:\n  B:\n    Type: [AWS]\n", 2, "B is not a resource"),
        ("a.yaml", "Resources:\n  a.b: {Type: AWS::S3::Bucket}\n", 2, "not a logical ID"),
        ("a.yaml", 'Resources:\n  "a\\x1b[31m": {Type: AWS::S3::Bucket}\n', 2, "not a logical ID"),
        ("a.yaml", "Resources:\n  B: {Type: AWS::S3::Bucket, Properties: [1]}\n", 2, "not a mapping"),
        ("a.yaml", "Resources:\n  ? [1, 2]\n  : 3\n", 2, "a key must be a single word"),
        ("a.yaml", "Resources:\n  B: {Type: AWS::S3::Bucket}\n  B: {Type: AWS::S3::Bucket}\n", 3, "written twice"),
        ("a.json", '{"Resources": {\n"B": {"Type": "AWS::S3::Bucket"},\n"B": {}}}', 3, "written twice"),
        ("a.yaml", "Resources: &r\n  B: *r\n", 2, "refers to no anchor above it"),
        ("a.yaml", LAUGHS + BUCKET, 6, "more than"),
        ("a.yaml", "Resources: " + "{A: " * 200, 1, "deeper than"),
        ("a.json", '{"Resources": ' + '{"A":' * 5000, 1, "deeper than"),
        ("a.json", '{"Resources": {"B": {"Type": "AWS::S3::Bucket",}}}', 1, "comma"),
        ("a.yaml", "Resources:\n  B: {Type: AWS::S3::Bucket\n", 3, "not YAML"),
        ("a.yaml", "Resources:\n  B: !!python/object:os.system x\n", 2, "not allowed"),
        ("a.yaml", "Resources:\n  B: \x07\n", 2, "not allowed"),
        ("a.json", '{"Resources": {"B": "\\ud800"}}', 1, "surrogate"),
        ("a.yaml", "Parameters: 3\n" + BUCKET, 1, "not a mapping"),
    ],
    ids=lambda each: str(each)[:30],
)
def test_it_is_refused_at_its_line(name, body, line, words, tmp_path):
    path = write(tmp_path, body, name)
    with pytest.raises(BadCode) as error, watchdog():
        read(path, CodeOptions())
    (first, *_) = error.value.lines
    assert first.startswith(f"{name}:{line}:"), first
    assert words in first


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.write(BUCKET.encode())
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(BadCode, match="larger than"):
        read(path, CodeOptions())
    assert path.stat().st_size > MOST_BYTES


def test_what_is_not_there_is_refused(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(BadCode):
            read(path, CodeOptions())
    (tmp_path / "deploy.yaml").write_text("kind: Deployment\n")
    assert not is_cloudformation(tmp_path)


def test_null_properties_are_no_properties(tmp_path):
    found, _ = resources(write(tmp_path, "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n"))
    assert found["app/B"].origin == "app.yaml:2"


@pytest.mark.parametrize("url", ["../outside.yaml", "/etc/hostname", "link.yaml", "a/../../outside.yaml"])
def test_nested_templates_stay_inside_the_tree(url, tmp_path):
    inside = tmp_path / "inside"
    (tmp_path / "outside.yaml").write_text(BUCKET)
    path = write(
        inside, f"Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {url}}}\n"
    )
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    inventory = read(path, CodeOptions())
    assert [each.address for each in inventory.resources] == ["app/N"], "the stack, and nothing that is in it"
    assert [gap.operation for gap in inventory.gaps] == ["app.yaml:2"]
    assert "outside this tree" in inventory.gaps[0].message


def test_links_in_a_folder_are_not_followed(tmp_path):
    outside = write(tmp_path / "outside", BUCKET)
    write(tmp_path / "inside", BUCKET, "own.yaml")
    (tmp_path / "inside" / "link.yaml").symlink_to(outside)
    (tmp_path / "inside" / "folder").symlink_to(tmp_path / "outside")
    found, _ = resources(tmp_path / "inside")
    assert set(found) == {"own/B"}


def test_a_template_that_nests_itself_is_refused(tmp_path):
    path = write(
        tmp_path, "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: app.yaml}\n"
    )
    with pytest.raises(BadCode, match=r"app\.yaml:2: N contains itself"):
        read(path, CodeOptions())


@pytest.mark.parametrize(
    "body",
    [
        # Loops in loops: 100 ** 4 rounds.
        {"Resources": {"Fn::ForEach::A": ["A", [str(at) for at in range(100)], {"Fn::ForEach::B${A}": ["B", [str(at) for at in range(100)], {"Fn::ForEach::C${A}${B}": ["C", [str(at) for at in range(100)], {"R${A}${B}${C}": {"Type": "AWS::S3::Bucket"}}]}]}]}},
        # Names that double along a chain of references.
        {"Resources": {f"R{at}": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": f"${{R{at + 1}}}${{R{at + 1}}}x"}}} for at in range(90)} | {"R90": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "x" * 1000}}}},
        # Conditions that fan out.
        {"Conditions": {f"C{at}": {"Fn::And": [{"Condition": f"C{at + 1}"}, {"Condition": f"C{at + 1}"}]} for at in range(400)} | {"C400": {"Fn::Equals": ["a", "a"]}}, "Resources": {"B": {"Type": "AWS::S3::Bucket", "Condition": "C0"}}},
        # Texts in texts.
        {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Join": ["x" * 100, {"Fn::Split": ["a", "a" * 100_000]}]}}}}},
    ],
    ids=["loops", "doubling", "conditions", "texts"],
)  # fmt: skip
def test_work_is_bounded(body, tmp_path):
    path = write(tmp_path, body, "app.json")
    told, found = [], []
    try:
        with watchdog():
            found = read(path, CodeOptions(region="ap-northeast-2")).resources
    except BadCode as error:
        told = error.lines
    assert found or "app.json" in told[0]


def test_twice_as_many_resources_are_twice_the_work(tmp_path):
    one = "  R{0}:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub 'b-${{AWS::Region}}-{0}'\n"

    def declared(files):
        folder = tmp_path / str(files)
        for file in range(files):
            write(folder, "Resources:\n" + "".join(one.format(f"{file}x{at}") for at in range(20)), f"s{file}.yaml")
        found, _ = resources(folder)
        assert len(found) == 20 * files

    declared(1)  # what is made once
    assert steps(lambda: declared(20)) < 2.2 * steps(lambda: declared(10))
