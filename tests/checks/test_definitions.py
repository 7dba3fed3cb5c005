"""Rule files that are wrong, and YAML that is none: everything at once, each mistake at its place and with its cure."""

import pytest

from auditor.checks import yaml
from auditor.checks.rules import choose, load_rules
from auditor.checks.yaml import DefinitionError
from tests.work import steps

RULE = """\
title: A rule
severity: high
on: AWS::S3::Bucket
require:
  - BucketName: {exists: true}
why: because
broken: "{name} breaks it"
fix: do it
references: [https://docs.aws.amazon.com/]
examples:
  pass: [{Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: one}}}]
  fail: [{Bucket: {Type: AWS::S3::Bucket}}]
"""


@pytest.fixture
def rule(tmp_path, monkeypatch):
    """Write a rule file and give the lines that are told about it."""
    monkeypatch.chdir(tmp_path)

    def lines(text, name="topic/mine.yaml"):
        path = tmp_path / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            load_rules([tmp_path / "rules"], built_in=False)
        except DefinitionError as error:
            return error.lines
        return []

    return lines


def test_a_good_file_is_silent(rule):
    assert rule(RULE) == []


def test_all_mistakes_of_a_rule_at_once_in_order(rule):
    told = rule("""\
title: 12
broken: "{nam} breaks it"
severity: hihg
on: AWS::S3::Buckett
require:
  - BucketName: {existss: true}
  - polcy-not-public: {}
wy: because
fix: do it
references: [docs.aws.amazon.com]
examples:
  pass: [{Bucket: {Type: AWS::S3::Bucket, Properties: {BucketNam: {Ref: Bukket}}}}]
  fail: []
""")
    assert told == [
        "rules/topic/mine.yaml:1:1: why: is required: what can happen if it is broken; add it",
        "rules/topic/mine.yaml:1:8: title: must be text; put it in quotes",
        "rules/topic/mine.yaml:2:9: broken: `{nam}` is not filled in; use one of {name}, {property}, {expected}, {actual}",
        "rules/topic/mine.yaml:3:11: severity: must be 'critical', 'high', 'medium', 'low' or 'info', not 'hihg'",
        "rules/topic/mine.yaml:4:5: on: `AWS::S3::Buckett` is not a supported type; did you mean `AWS::S3::Bucket`?",
        "rules/topic/mine.yaml:6:18: require[0].BucketName.existss: `existss` is not an operator;"
        " did you mean `exists`?",
        "rules/topic/mine.yaml:7:5: require[1].polcy-not-public: `polcy-not-public` is not a predicate;"
        " did you mean `policy-not-public`?",
        "rules/topic/mine.yaml:8:1: wy: is not a field; did you mean `why`?",
        "rules/topic/mine.yaml:10:14: references[0]: 'docs.aws.amazon.com' is not a URL; begin it with https://",
        "rules/topic/mine.yaml:12:56: examples.pass[0].Bucket.Properties.BucketNam:"
        " AWS::S3::Bucket has no property `BucketNam` that is read; did you mean `BucketName`?",
        "rules/topic/mine.yaml:12:73: examples.pass[0].Bucket.Properties.BucketNam.Ref:"
        " `Bukket` is not a resource of this example; did you mean `Bucket`?",
        "rules/topic/mine.yaml:13:9: examples.fail: must not be empty; add at least one",
    ]


def test_mistakes_of_all_files_at_once(rule):
    rule(RULE.replace("severity: high", "severity: hgh"), "a/one.yaml")
    told = rule(RULE.replace("BucketName: {exists: true}", "BucketNme: x"), "b/two.yaml")
    assert [line.split(":")[0] for line in told] == ["rules/a/one.yaml", "rules/b/two.yaml"]


@pytest.mark.parametrize(
    ("requirement", "place", "words"),
    [
        ("BucketNme: x", "5:5", "has no property `BucketNme` that is read; did you mean `BucketName`?"),
        ("'BucketName[': x", "5:5", "is not a property path"),
        ("BucketName: {}", "5:17", "is empty and would hold for everything"),
        ("BucketName: {equals: x, Name: y}", "5:29", "`Name` is not an operator"),
        ("BucketName: {in: x}", "5:22", "`in` takes a list; write [x]"),
        ("BucketName: {gte: many}", "5:23", "`gte` takes a number, not 'many'"),
        ("BucketName: {gte: true}", "5:23", "`gte` takes a number, not True"),
        ("BucketName: {exists: maybe}", "5:26", "`exists` takes true or false"),
        ("BucketName: {startswith: 7}", "5:30", "`startswith` takes text"),
        ("BucketName: {version: 16.10}", "5:27", "in quotes"),
        ("BucketName: {regex: '(['}", "5:25", "is not a regular expression"),
        ("BucketName: {cidr-within: 10.0.0.0/99}", "5:31", "is not an address range"),
        ("BucketName: {any: {not: {equls: 1}}}", "5:30", "`equls` is not an operator; did you mean `equals`?"),
        ("BucketEncryption: {KMSKey: {stratswith: a}}", "5:33", "did you mean `startswith`?"),
        ("has-head: {relation: draws-form, type: AWS::EC2::VPC}", "5:26", "did you mean `draws-from`?"),
        ("has-head: {relation: draws-from, type: AWS::EC2::VCP}", "5:44", "did you mean `AWS::EC2::VPC`?"),
        ("has-head: {relation: draws-from}", "5:15", "`has-head` needs `type`; add it"),
        ("has-head: {relation: draws-from, type: AWS::EC2::VPC, wehre: {}}", "5:59", "did you mean `where`?"),
        ("has-head: {relation: draws-from, type: AWS::EC2::VPC, where: {Cidr: x}}", "5:67", "has no property `Cidr`"),
        ("has-head: yes", "5:15", "are a mapping; write {} where there are none"),
        ("subnet-kind: {kind: public}", "5:5", "is asked of AWS::EC2::Subnet, not of AWS::S3::Bucket"),
    ],
)
def test_requirements(rule, requirement, place, words):
    told = rule(RULE.replace("BucketName: {exists: true}", requirement))
    assert len(told) == 1
    assert told[0].startswith(f"rules/topic/mine.yaml:{place}: ")
    assert words in told[0]


def test_a_property_must_exist_on_every_type(rule):
    told = rule(RULE.replace("on: AWS::S3::Bucket", "on: [AWS::S3::Bucket, AWS::EC2::VPC]"))
    assert len(told) == 1
    assert "AWS::EC2::VPC has no property `BucketName`" in told[0]


def test_the_id_is_the_files_name(rule):
    assert "is set by the path of the file; remove this line" in rule("id: mine\n" + RULE)[0]
    assert "is not in lower case with hyphens" in rule(RULE, "topic/Mine_2.yaml")[0]


def test_two_rules_of_one_name(rule):
    rule(RULE, "a/mine.yaml")
    (told,) = rule(RULE, "b/mine.yaml")
    assert told == "rules/b/mine.yaml:1:1: `mine` is already in rules/a/mine.yaml; rename this file"


def test_an_example_needs_something_to_judge(rule):
    (told,) = rule(RULE.replace("fail: [{Bucket: {Type: AWS::S3::Bucket}}]", "fail: [{Net: {Type: AWS::EC2::VPC}}]"))
    assert told.endswith("examples.fail[0]: contains no resource that the rule checks; add one of type AWS::S3::Bucket")


def test_a_wrong_ending_and_a_link_that_leads_out(rule, tmp_path):
    (tmp_path / "outside.yaml").write_text(RULE)
    rule(RULE)
    (tmp_path / "rules" / "topic" / "linked.yaml").symlink_to(tmp_path / "outside.yaml")
    told = rule(RULE, "topic/other.yml")
    assert told == [
        "rules: linked.yaml is a symbolic link that points outside the folder; put the file here",
        "rules/topic/other.yml: is not read; rename it to other.yaml",
    ]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(DefinitionError, match="there is no such folder"):
        load_rules([tmp_path / "no" / "such"], built_in=False)
    assert load_rules([tmp_path / "rules"], built_in=False) == []


def test_an_unknown_rule_is_told_with_the_nearest():
    with pytest.raises(DefinitionError) as caught:
        choose(load_rules(), ["database-encrypted", "databse-encrypted", "keys-rotat"])
    assert caught.value.lines == [
        "unknown rule `databse-encrypted`; did you mean `database-encrypted`?",
        "unknown rule `keys-rotat`; did you mean `keys-rotate`?",
    ]


# ---------------------------------------------------------------- what is not YAML, or too much of it


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "1:1: is empty"),
        (b"# only a comment\n", "1:1: is empty"),
        (b"title: a: b\n", "1:9: this is not YAML: mapping values are not allowed"),
        (b"title: [a\n", "2:1: this is not YAML"),
        (b"title: \xff\n", "1:8: is not UTF-8"),
        (b"title: \x07\n", "1:8: the character 0x7 is not allowed"),
        (b"- title\n", "1:1: must be a mapping of fields"),
        (b"title: a\n---\ntitle: b\n", "2:1: a second document begins here"),
        (b"title: *nothing\n", "1:8: *nothing refers to no anchor above it, or to itself"),
        (b"title: &a [*a]\n", "1:12: *a refers to no anchor above it, or to itself"),
        (b"? [a, b]\n: c\n", "1:3: a key must be a single word"),
        (b"a: " + b"[" * 60 + b"]" * 60, "is nested deeper than 40 levels"),
        (b"a: " + b"[" * 100_000, "is nested deeper than 40 levels"),
        (b"a: " + b"x" * 600_000, "1:1: is larger than 512 KiB"),
    ],
)
def test_unreadable(rule, text, told):
    lines = rule(text)
    assert len(lines) == 1
    assert told in lines[0]


def test_a_bomb_of_aliases_is_not_written_out(rule):
    told = []
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 12):
        bomb += f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    assert steps(lambda: told.extend(rule(bomb))) < 50_000
    (line,) = told
    assert "more than 100000 values after aliases are expanded" in line


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['true']", "!!binary aGk=", "!!set {a, b}", "!mine 1"]
)
def test_tags_make_nothing(rule, tag):
    told = rule(RULE.replace("title: A rule", f"title: {tag}"))
    assert any(":1:8: title: the tag " in line for line in told)


def test_duplicate_keys_are_told_beside_other_mistakes(rule):
    told = rule(RULE.replace("severity: high\n", "severity: high\ntitle: Again\nseverity: hgh\n"))
    assert told == [
        "rules/topic/mine.yaml:3:1: `title` is written twice (first in line 1); keep one",
        "rules/topic/mine.yaml:4:1: `severity` is written twice (first in line 2); keep one",
    ]
    told = rule(RULE.replace("severity: high", "<<: {severity: high}"))
    assert "merge keys are not supported" in told[1]


def test_words_mean_what_they_look_like(tmp_path):
    path = tmp_path / "words.yaml"
    path.write_text(
        "on: yes\nno: off\nid: 012345678901\nday: 2026-01-02\ntime: 12:30\nn: 12\nf: 1.5\nt: true\nz: ~\nq: '1'\n"
    )
    document = yaml.read(path)
    assert document.problems == set()
    assert document.value == {
        "on": "yes", "no": "off", "id": "012345678901", "day": "2026-01-02", "time": "12:30",
        "n": 12, "f": 1.5, "t": True, "z": None, "q": "1",
    }  # fmt: skip


def test_an_alias_is_told_where_it_is_used(rule):
    told = rule(RULE.replace("BucketName: {exists: true}", "BucketName: &m {exist: true}\n  - Arn: *m"))
    assert [line.split(": ")[0] for line in told] == ["rules/topic/mine.yaml:5:21", "rules/topic/mine.yaml:6:10"]
