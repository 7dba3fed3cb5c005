"""Code is judged by the values that apply; what the other value of a default would bring is told beside the verdict."""

import json

import jsonschema
import pytest

from auditor.checks.checkov import Judged
from auditor.settings import data_dir
from auditor.sources.code_options import CodeOptions
from auditor.sources.roots import roots_of
from auditor.sources.switches import switches
from auditor.sources.terraform import hcl
from auditor.sources.terraform.evaluate import evaluate

GROUP = 'resource "aws_security_group" "web" {\n  vpc_id = "vpc-1"\n}\n'
HOLE = """\
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  count             = var.debug ? 1 : 0
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
}
"""
DEBUG = 'variable "debug" {\n  default = false\n}\n'
PROTECTED = """\
variable "closed" {
  default = true
}
resource "aws_s3_bucket" "b" {
  bucket = "b"
}
resource "aws_s3_bucket_public_access_block" "b" {
  count                   = var.closed ? 1 : 0
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""
TEMPLATE = """\
Parameters:
  Stage: {Type: String, Default: prod, AllowedValues: [prod, dev]}
Conditions:
  Dev: !Equals [!Ref Stage, dev]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: web, VpcId: vpc-1}
  Ssh:
    Type: AWS::EC2::SecurityGroupIngress
    Condition: Dev
    Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
"""
RULES = ("--rule", "ports-closed-to-world", "--rule", "bucket-public-access-blocked")


def write(folder, text, name="main.tf"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def told(ran):
    jsonschema.validate(ran.run, json.loads((data_dir("reports") / "run.schema.json").read_text()))
    return [
        (each["name"], each["other"], [one["check"] for one in each["findings"]])
        for each in ran.run["gate"]["otherwise"]
    ]


CASES = [
    ("main.tf", DEBUG + GROUP + HOLE, ("debug", "true", ["ports-closed-to-world"])),
    ("main.tf", PROTECTED, ("closed", "false", ["bucket-public-access-blocked"])),
    ("stack.yaml", TEMPLATE, ("Stage", "dev", ["ports-closed-to-world"])),
]
IDS = ("a hole", "a protection", "a template")


@pytest.mark.parametrize(("name", "text", "expected"), CASES, ids=IDS)
def test_the_other_value_is_told_and_counts_only_where_that_is_asked(gate, tmp_path, name, text, expected):
    folder = write(tmp_path / "infra", text, name)
    ran = gate(folder, *RULES)
    assert (ran.code, ran.run["findings"]) == (0, [])
    assert told(ran) == [expected]
    words = gate(folder, *RULES, "--format", "text").out
    assert f"with {expected[0]} = {expected[1]}" in words
    both = gate(folder, *RULES, "--conditions", "both")
    (found,) = both.run["findings"]
    assert (both.code, found["check"]) == (1, *expected[2])
    assert found["because"].startswith(f"with {expected[0]} = {expected[1]} ({name}:")
    assert both.run["checks"].keys() == {found["check"]}


@pytest.mark.parametrize(("name", "text", "expected"), CASES, ids=IDS)
def test_what_the_user_gives_is_decided(gate, tmp_path, name, text, expected):
    folder = write(tmp_path / "infra", text, name)
    switch, other, checks = expected
    ran = gate(folder, *RULES, "--parameter", f"{switch}={other}")
    assert (ran.code, [each["check"] for each in ran.run["findings"]]) == (1, checks)
    assert told(ran) == []


def test_a_file_of_values_that_terraform_loads_applies(gate, tmp_path):
    folder = write(tmp_path / "infra", DEBUG + GROUP + HOLE)
    write(folder, "debug = true\n", "terraform.tfvars")
    ran = gate(folder, *RULES)
    assert (ran.code, [each["check"] for each in ran.run["findings"]]) == (1, ["ports-closed-to-world"])
    assert told(ran) == []  # false brings nothing


def test_a_change_tells_the_value_that_it_turns_whatever_that_brings(repo, gate):
    quiet = 'variable "quiet" {\n  default = true\n}\noutput "q" {\n  value = var.quiet\n}\n'
    folder = write(repo.path / "infra", DEBUG + quiet + GROUP + HOLE)
    repo.branch()
    write(folder, "# words\n" + DEBUG + quiet + GROUP + HOLE)
    ran = gate(folder, "--base", "main", *RULES)
    assert (ran.code, told(ran), ran.run["gate"]["switched"]) == (0, [], [])
    write(folder, DEBUG + quiet.replace("true", "false") + GROUP + HOLE)
    ran = gate(folder, "--base", "main", *RULES)
    assert (ran.code, [each["name"] for each in ran.run["gate"]["switched"]]) == (0, ["quiet"])
    write(folder, DEBUG.replace("false", "true") + quiet + GROUP + HOLE)
    ran = gate(folder, "--base", "main", *RULES)
    (turned,) = ran.run["gate"]["switched"]
    assert (turned["name"], turned["was"], turned["now"]) == ("debug", "false", "true")
    assert (ran.code, [each["check"] for each in ran.run["findings"]]) == (1, ["ports-closed-to-world"])
    words = gate(folder, "--base", "main", *RULES, "--format", "text").out
    assert "debug is now true, was false (infra/main.tf:1)" in words


def test_a_new_hole_behind_a_switch_that_is_off_is_told_of_the_change(repo, gate):
    folder = write(repo.path / "infra", DEBUG + GROUP + 'output "d" {\n  value = var.debug\n}\n')
    repo.branch()
    write(folder, DEBUG + GROUP + HOLE)
    ran = gate(folder, "--base", "main", *RULES)
    assert (ran.code, told(ran)) == (0, [("debug", "true", ["ports-closed-to-world"])])
    assert gate(folder, "--base", "main", *RULES, "--conditions", "both").code == 1


def test_of_very_many_switches_the_first_are_turned_and_the_others_named(gate, tmp_path):
    many = "".join(
        f'variable "s{n}" {{\n  default = false\n}}\noutput "o{n}" {{\n  value = var.s{n}\n}}\n' for n in range(9)
    )
    ran = gate(write(tmp_path / "infra", GROUP + many), *RULES)
    assert (ran.code, ran.run["gate"]["untried"]) == (0, ["s8"])
    assert "not tried: 1 other value (s8)" in gate(tmp_path / "infra", *RULES, "--format", "text").out


def test_what_is_not_known_by_the_value_that_applies_is_told_of_the_other(gate, tmp_path):
    database = 'data "external" "x" {\n  program = ["x"]\n}\nresource "aws_db_instance" "d" {\n  engine = "postgres"\n'
    database += "  publicly_accessible = var.debug ? true : data.external.x.result.open\n}\n"
    ran = gate(write(tmp_path / "infra", DEBUG + database), "--rule", "database-not-public")
    assert (ran.code, [each["check"] for each in ran.run["unanswered"]]) == (3, ["database-not-public"])
    assert told(ran) == [("debug", "true", ["database-not-public"])]


def test_what_two_values_would_bring_is_one_finding(gate, tmp_path):
    two = DEBUG + DEBUG.replace("debug", "verbose") + GROUP + HOLE.replace("var.debug", "var.debug || var.verbose")
    folder = write(tmp_path / "infra", two)
    assert [each[0] for each in told(gate(folder, *RULES))] == ["debug", "verbose"]
    assert len(gate(folder, *RULES, "--conditions", "both").run["findings"]) == 1


OPEN = HOLE.replace("  count             = var.debug ? 1 : 0\n", "")
MORE = HOLE.replace('"ssh"', '"more"').replace("22", "3389")


def test_what_the_other_value_makes_worse_is_told(repo, gate):
    folder = write(repo.path / "infra", DEBUG + GROUP + OPEN + MORE)
    ran = gate(folder, *RULES)
    assert (ran.code, told(ran)) == (1, [("debug", "true", ["ports-closed-to-world"])])
    (found,) = gate(folder, *RULES, "--conditions", "both").run["findings"]
    assert "22" in found["because"].partition("; with debug = true (infra/main.tf:1): ")[0]
    assert "3389" in found["because"].partition("; with debug = true (infra/main.tf:1): ")[2]
    repo.branch()
    for text, code, brings in (
        (DEBUG + GROUP + OPEN + MORE, 0, []),
        (DEBUG + GROUP + OPEN + MORE.replace("3389", "3306"), 1, [("debug", "true", ["ports-closed-to-world"])]),
    ):
        write(folder, "# words\n" + text)
        ran = gate(folder, "--base", "main", *RULES)
        assert (ran.code, told(ran)) == (0, brings)
        both = gate(folder, "--base", "main", *RULES, "--conditions", "both")
        assert (both.code, len(both.run["findings"]), both.run["gate"]["still"]) == (code, code, 1 - code)


def test_what_another_value_brings_is_counted_whole(gate, tmp_path):
    groups = "".join((GROUP + HOLE).replace("web", f"w{n}").replace('"ssh"', f'"s{n}"') for n in range(25))
    (row,) = gate(write(tmp_path / "infra", DEBUG + groups), *RULES).run["gate"]["otherwise"]
    assert (row["count"], sum(row["by_severity"].values())) == (25, 25)
    assert "25 findings (25 high)" in " ".join(gate(tmp_path / "infra", *RULES, "--format", "text").out.split())


def test_checkov_is_run_once_for_each_side(gate, tmp_path, monkeypatch):
    runs = []
    monkeypatch.setattr("auditor.checks.checkov.judge_with_checkov", lambda *words: runs.append(words) or Judged())
    write(tmp_path / "infra", DEBUG + GROUP + HOLE)
    assert told(gate(tmp_path / "infra", *RULES, "--checkov")) == [("debug", "true", ["ports-closed-to-world"])]
    assert len(runs) == 1


def test_what_is_excluded_is_no_root_that_is_turned(gate, tmp_path):
    for name in "abcde":
        write(tmp_path / "infra" / name, DEBUG + GROUP + HOLE)
    ran = gate(tmp_path / "infra", "--exclude", "b", *RULES)
    assert (told(ran), ran.run["gate"]["untried"]) == ([("debug", "true", ["ports-closed-to-world"] * 4)], [])


CODE = DEBUG + GROUP + HOLE
ON = DEBUG.replace("false", "true")
JSON_ON = json.dumps({"variable": {"debug": {"default": False}, "debug-mode": {"default": False}}})


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"main.tf": CODE}, ("false", "main.tf:1")),
        ({"main.tf": CODE, "terraform.tfvars": "debug = true # now\n"}, ("true", "main.tf:1")),
        ({"main.tf": CODE, "terraform.tfvars.json": '{"debug": true}'}, ("true", "main.tf:1")),
        ({"main.tf": CODE, "terraform.tfvars.json": '{"debug": "true"}'}, ("true", "main.tf:1")),
        ({"main.tf": CODE, "a.auto.tfvars.json": '{"debug": true}'}, ("true", "main.tf:1")),
        ({"main.tf": CODE, "other.tfvars.json": '{"debug": true}'}, ("false", "main.tf:1")),
        (
            {"main.tf": CODE, "terraform.tfvars": "debug = true", "a.auto.tfvars": "debug = false"},
            ("false", "main.tf:1"),
        ),
        (
            {"main.tf": CODE, "terraform.tfvars": "debug = false", "terraform.tfvars.json": '{"debug": true}'},
            ("true", "main.tf:1"),
        ),
        ({"main.tofu": DEBUG + GROUP + HOLE}, ("false", "main.tofu:1")),
        ({"vars.tofu": ON, "vars.tf": "\n" + DEBUG, "main.tf": GROUP + HOLE}, ("true", "vars.tofu:1")),
        ({"vars.tf.json": JSON_ON, "main.tf": GROUP + HOLE}, ("false", "vars.tf.json:1")),
        ({"main.tf": CODE, "main_override.tf": ON}, ("true", "main.tf:1")),
        ({"main.tf": CODE, "aa_override.tf": 'variable "debug" {}\n'}, ("false", "main.tf:1")),
    ],
)  # fmt: skip
def test_a_variable_is_one_switch_wherever_it_is_declared_and_given_a_value(tmp_path, files, expected):
    for name, text in files.items():
        write(tmp_path / "infra", text, name)
    options = CodeOptions(root=tmp_path / "infra")
    found = switches(roots_of(tmp_path / "infra", options), options)
    assert [(each.name, each.now, each.place) for each in found] == [("debug", *expected)]


@pytest.mark.parametrize("name", ["x.tfvars", "x.tfvars.json"])
def test_a_file_of_values_that_the_user_names_decides(gate, tmp_path, name):
    folder = write(tmp_path / "infra", DEBUG + GROUP + HOLE)
    text = '{"debug": true}' if name.endswith(".json") else "debug = true\n"
    ran = gate(folder, *RULES, "--var-file", write(tmp_path, text, name) / name)
    assert (ran.code, told(ran), ran.run["gate"]["untried"]) == (1, [], [])


EXPORTS = "Resources:\n  T: {Type: AWS::SNS::Topic}\nOutputs:\n  T: {Value: !Ref T, Export: {Name: topic}}\n"
IMPORTS = "  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !ImportValue topic}\n"
ASSEMBLY = {
    "cdk.out": '{"version": "36.0.0"}',
    "manifest.json": json.dumps({
        "version": "36.0.0",
        "artifacts": {
            "Web": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Web.template.json"}}
        },
    }),
    "Web.template.json": json.dumps({
        "Parameters": {"Stage": {"Type": "String", "Default": "prod"}},
        "Conditions": {
            "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, "Dev": {"Fn::Equals": ["dev", {"Ref": "Stage"}]}
        },
        "Resources": {
            "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "w", "VpcId": "vpc-1"}},
            "Ssh": {"Type": "AWS::EC2::SecurityGroupIngress", "Condition": "Dev", "Properties": {
                "GroupId": {"Ref": "Group"}, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"
            }},
        },
    }),
}  # fmt: skip


@pytest.mark.parametrize("files", [{"a.yaml": EXPORTS, "b.yaml": TEMPLATE + IMPORTS}, ASSEMBLY])
def test_templates_of_one_root_have_switches_as_one_by_itself_has(gate, tmp_path, files):
    for name, text in files.items():
        write(tmp_path / "infra", text, name)
    ran = gate(tmp_path / "infra", *RULES)
    assert (ran.code, told(ran)) == (0, [("Stage", "dev", ["ports-closed-to-world"])])


def test_switches_of_one_name_are_those_of_their_roots(repo, gate):
    for name, code in (("a", DEBUG), ("b", ON)):
        write(repo.path / name, code + 'output "d" {\n  value = var.debug\n}\n' + GROUP)
    repo.branch()
    write(repo.path, "words", "README.md")
    ran = gate(repo.path, "--base", "main", *RULES)
    assert (ran.code, ran.run["gate"]["switched"]) == (0, [])
    write(repo.path / "b", DEBUG + 'output "d" {\n  value = var.debug\n}\n' + GROUP)
    (turned,) = gate(repo.path, "--base", "main", *RULES).run["gate"]["switched"]
    assert (turned["was"], turned["now"], turned["location"]["file"]) == ("true", "false", "b/main.tf")


def test_a_value_is_given_once_to_all_roots_that_have_the_name(gate, tmp_path):
    for name in ("a", "b"):
        write(tmp_path / "infra" / name, DEBUG + GROUP + HOLE)
    ran = gate(tmp_path / "infra", *RULES)
    assert (ran.code, told(ran)) == (0, [("debug", "true", ["ports-closed-to-world"] * 2)])
    found = gate(tmp_path / "infra", *RULES, "--conditions", "both").run["findings"]
    assert {each["because"].partition(": ")[0] for each in found} == {"with debug = true (a/main.tf:1 and 1 more)"}


def test_of_many_roots_a_name_that_is_not_tried_is_told_once(gate, tmp_path):
    for name in "abcde":
        write(tmp_path / "infra" / name, DEBUG + GROUP + HOLE)
    assert gate(tmp_path / "infra", *RULES).run["gate"]["untried"] == ["debug"]


def test_a_template_that_is_judged_by_itself_may_have_another_name_before(gate, tmp_path):
    write(tmp_path, TEMPLATE, "old.yaml")
    write(tmp_path, TEMPLATE.replace("Default: prod", "Default: dev"), "new.yaml")
    ran = gate(tmp_path / "new.yaml", "--base", tmp_path / "old.yaml", *RULES)
    assert [(each["was"], each["now"]) for each in ran.run["gate"]["switched"]] == [("prod", "dev")]


def test_a_root_without_the_variable_is_not_evaluated_again(gate, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(hcl, "evaluate", lambda *words: asked.append(words[2]) or evaluate(*words))
    write(tmp_path / "infra" / "a", DEBUG + GROUP + HOLE)
    write(tmp_path / "infra" / "b", GROUP)
    assert told(gate(tmp_path / "infra", *RULES)) == [("debug", "true", ["ports-closed-to-world"])]
    assert sorted(asked) == ["a", "a", "b"]
