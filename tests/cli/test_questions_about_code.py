"""`paths`, `who-can` and `escalations` of code: Terraform, a template and a plan of the same shop answer alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.plans import plan_file

CODE = Path(__file__).parent / "code"
FORMS = {"terraform": CODE / "tf", "template": CODE / "template.yaml", "plan": plan_file("cli/code")}


@pytest.fixture(params=FORMS)
def ask(request, auditor):
    def ask(*words, code=0):
        ran = auditor(*words, "--code", str(FORMS[request.param]), "--format", "json")
        assert ran.code == code, ran.err
        return json.loads(ran.out)

    return ask


@pytest.mark.parametrize(
    ("tail", "head", "port", "verdict"),
    [
        ("internet", "rds/shop", "5432", "reached"),
        ("internet", "rds/shop", "22", "blocked"),
        ("inner", "internet", "443", "reached"),  # by the NAT gateway
        ("inner", "internet", "22", "blocked"),
        ("internet", "inner", "443", "blocked"),
        ("inner", "rds/shop", "5432", "reached"),
    ],
)
def test_paths(ask, request, tail, head, port, verdict):
    """A plan shows that a subnet group has two subnets, and not which: where the database is stays open."""
    vague = "[plan-" in request.node.name and head == "rds/shop" and verdict == "reached"
    told = ask("paths", tail, head, "--port", port, code=3 if vague else 0)
    assert told["verdict"] == ("unknown" if vague else verdict)
    assert bool(told["gaps"]) is vague


NOWHERE = {
    "main.tf": 'resource "aws_instance" "m" {\n ami = "ami-1"\n tags = { Name = "m" }\n}\n',
    "t.yaml": "Resources: {M: {Type: AWS::EC2::Instance, Properties: {Tags: [{Key: Name, Value: m}]}}}",
}


@pytest.mark.parametrize("file", NOWHERE)
@pytest.mark.parametrize("ends", [("internet", "m"), ("m", "internet")])
def test_what_code_places_nowhere_is_unknown(auditor, tmp_path, file, ends):
    """AWS puts a machine without a subnet into the default VPC, which code does not show."""
    (tmp_path / file).write_text(NOWHERE[file])
    ran = auditor("paths", *ends, "--code", str(tmp_path), "--format", "json")
    assert (ran.code, json.loads(ran.out)["verdict"]) == (3, "unknown"), ran.err


@pytest.mark.parametrize(("bucket", "effect"), [("shop-media", "allow"), ("shop-secret", "no")])
def test_paths_with_an_action_asks_the_policies_of_the_code(ask, bucket, effect):
    told = ask("paths", "machine", f"s3/{bucket}", "--action", "s3:GetObject", code=3)
    assert told["permitted"]["policies"]["effect"] == effect


def test_who_can_is_answered_under_what_code_cannot_say(ask):
    told = ask("who-can", "s3:GetObject", "shop-media/a.jpg")
    answers = {each["who"].rsplit("/", 1)[-1]: each for each in told["answers"]}
    assert answers["shop-web"]["answer"] == "allow"
    assert "organization" in answers["shop-web"]["unless"]
    assert answers["shop-deploy"]["answer"] != "allow"
    assert told["organization"]["read"] is False


def test_escalations(ask):
    told = ask("escalations", code=1)
    outcomes = {each["principal"].rsplit("/", 1)[-1]: each["outcome"] for each in told["principals"]}
    assert outcomes == {"shop-deploy": "yes", "shop-web": "no"}


def test_a_parameter_decides(auditor):
    words = ("paths", "internet", "rds/shop", "--port", "5432", "--format", "json", "--code", str(FORMS["template"]))
    assert json.loads(auditor(*words, "--parameter", "Open=10.0.0.0/8").out)["verdict"] == "blocked"
    assert json.loads(auditor(*words, "--parameter", "Open=0.0.0.0/0").out)["verdict"] == "reached"


@pytest.mark.parametrize(
    "words", [("paths", "internet", "rds/shop"), ("who-can", "s3:GetObject", "shop-media"), ("escalations",)]
)
def test_what_excludes_each_other_is_refused(auditor, words):
    template = str(FORMS["template"])
    assert auditor(*words, "--code", template, "--from", template).code == 2
    refused = auditor(*words, "--from", template, "--parameter", "A=b")
    assert (refused.code, refused.out) == (2, "")
    assert "--code" in refused.err


def test_code_that_cannot_be_read_is_told_with_its_place(auditor, tmp_path):
    (tmp_path / "main.tf").write_text('resource "aws_vpc" {')
    for words in (("paths", "internet", "rds/shop"), ("escalations",), ("who-can", "s3:GetObject", "shop-media")):
        ran = auditor(*words, "--code", str(tmp_path))
        assert (ran.code, ran.out) == (2, "")
        assert "main.tf" in ran.err


UNSAYABLE = """
data "aws_caller_identity" "me" {}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.id
  policy = file("${data.aws_caller_identity.me.account_id}.json")
}
"""


def test_a_policy_that_code_cannot_say_leaves_the_answer_incomplete(auditor, tmp_path):
    (tmp_path / "main.tf").write_text(UNSAYABLE)
    ran = auditor("escalations", "--code", str(tmp_path), "--format", "json")
    assert [each["outcome"] for each in json.loads(ran.out)["principals"]] == ["unknown"]
    assert ran.code == 3
