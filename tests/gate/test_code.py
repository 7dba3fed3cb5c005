"""Several configurations and languages below one path are one inventory, in which nothing hides another."""

import pytest

from auditor.model import GLOBAL, Inventory, Resource
from auditor.sources.code import read_code
from auditor.sources.code_options import BadCode, CodeOptions, NoCode
from auditor.sources.parts import merged, told_apart
from tests.gate.conftest import CLOSED, TF_CLOSED, TF_OPENED
from tools.plans import plan_file

BUCKET = 'resource "aws_s3_bucket" "files" {\n  bucket = "files"\n}\n'


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_tf", ".tf").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def addresses(path, **options):
    return sorted(each.address for each in read_code(path, CodeOptions(**options)).resources)


def test_stages_are_told_apart(tmp_path):
    write(tmp_path, envs__prod__main_tf=TF_OPENED, envs__dev__main_tf=TF_CLOSED, stacks__web_yaml=CLOSED)
    found = read_code(tmp_path, CodeOptions())
    assert {each.address: each.origin for each in found.resources} == {
        "envs/dev:aws_security_group.web": "envs/dev/main.tf:1",
        "envs/prod:aws_security_group.web": "envs/prod/main.tf:1",
        "stacks/web/Group": "stacks/web.yaml:2",
    }
    assert len({each.key for each in found.resources}) == 3


def test_one_name_in_two_stages_is_two_resources(tmp_path):
    write(tmp_path, a__main_tf=BUCKET, b__main_tf=BUCKET)
    found = read_code(tmp_path, CodeOptions())
    assert len({each.key for each in found.resources}) == 2


def test_modules_are_not_read_twice(tmp_path):
    write(tmp_path, main_tf='module "net" {\n  source = "./net"\n}\n', net__main_tf=TF_CLOSED)
    assert addresses(tmp_path) == ["module.net.aws_security_group.web"]


def test_naming_a_folder_in_a_comment_does_not_hide_it(tmp_path):
    write(tmp_path, main_tf=f'# source = "./prod"\n{BUCKET}', prod__main_tf=TF_OPENED)
    assert "prod:aws_security_group.web" in addresses(tmp_path)


def test_a_folder_without_resources_is_fine_beside_one_that_has_some(tmp_path):
    write(tmp_path, main_tf='variable "x" {\n  default = 1\n}\n', prod__main_tf=TF_OPENED)
    assert addresses(tmp_path) == ["prod:aws_security_group.web"]


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    write(tmp_path, a__main_tf='resource "aws_s3_bucket" {', stacks__web_yaml=CLOSED + "  - [\n")
    with pytest.raises(BadCode) as wrong:
        read_code(tmp_path, CodeOptions())
    assert not isinstance(wrong.value, NoCode)
    assert any(line.startswith("a/main.tf:") for line in wrong.value.lines), wrong.value.lines
    assert any("web.yaml:" in line for line in wrong.value.lines), wrong.value.lines


def test_what_holds_nothing_is_no_code(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere", write(tmp_path, a_yaml="words: 1\n") / "a.yaml"):
        with pytest.raises(NoCode):
            read_code(path, CodeOptions())


def test_references_are_told_apart_with_what_they_refer_to():
    group = Resource(
        "AWS::EC2::SecurityGroup", "a.g", "", "", address="a.g", was="a.old", names=("${a.g}", "${a.g.id}")
    )
    policy = {"Resource": ["${a.g.arn}/*", "${aws:username}"], "Other": {"Deep": "x-${a.g.id}-y"}}
    user = Resource(
        "AWS::IAM::User", "joe", "", GLOBAL, address="a.u", names=("joe",), properties={"Policies": [policy]}
    )
    told_apart(Inventory([group, user]), "prod:")
    assert (group.id, group.address, group.was) == ("prod:a.g", "prod:a.g", "prod:a.old")
    assert group.names == ("${prod:a.g}", "${prod:a.g.id}")
    assert (user.id, user.address, user.names) == ("joe", "prod:a.u", ("joe",))
    assert user.properties["Policies"] == [
        {"Resource": ["${prod:a.g.arn}/*", "${aws:username}"], "Other": {"Deep": "x-${prod:a.g.id}-y"}}
    ]


def test_what_any_part_looked_for_was_looked_for():
    one = Inventory([Resource("A", "x", "", "r1", address="x")], [], frozenset("A"), ("",), ("r1",))
    two = Inventory([Resource("A", "x", "", "r2", address="x")], [], frozenset("B"), ("",), ("r2",))
    found = merged([one, two])
    assert (found.asked, found.accounts, found.regions) == (frozenset("AB"), ("",), ("r1", "r2"))


def test_a_plan_is_told_at_the_places_of_its_code(gate, tmp_path):
    from tests.gate.test_cuggu import CODE

    plan = plan_file("code/cuggu")
    ran = gate(CODE / "cuggu_tf", "--plan", plan, "--baseline", "cuggu")
    assert ran.code == 0, ran.run["findings"]
    text = plan.read_text().replace('"publicly_accessible": false', '"publicly_accessible": true')
    (tmp_path / "plan.json").write_text(text.replace('"publicly_accessible":false', '"publicly_accessible":true'))
    ran = gate(CODE / "cuggu_tf", "--plan", "plan.json", "--baseline", "cuggu")
    assert ran.code == 1
    assert {each.partition("cuggu_tf/")[2].partition(":")[0] for each in ran.places} == {"data.tf"}
