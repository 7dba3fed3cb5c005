"""Code is judged by the values that apply; what the other value of a default would bring is told beside the verdict."""

import json

import jsonschema
import pytest

from auditor.settings import data_dir

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
