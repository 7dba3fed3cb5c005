"""Values of a shape that nobody foresaw end no reading: those of plans, of states, and those that the evaluator gives.

Each is taken from what is right, with a few places changed to what belongs elsewhere. `AUDITOR_FUZZ` times as many.
"""

from __future__ import annotations

import copy
import json
import os
import random

import pytest

from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.terraform import read
from auditor.sources.terraform.raw import document
from tools import plans

MANY = 1500 * max(1, int(os.environ.get("AUDITOR_FUZZ", "0")) // 40)
ODD = [None, True, 0, -1, 1.5, 2**70, "", "x", "${? not known}", "${aws_vpc.main.id}", '{"Statement": 3}', "{", [], [None],
       ["x"], [["x"]], [{}], {}, {"x": "y"}, {"references": 1}, {"references": {}}, {"constant_value": []}, {"id": 1}]  # fmt: skip
CODE = """
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "One"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
  }
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_security_group" "g" {
  name = "g"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  tags = { Name = "g" }
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
  environment {
    variables = { A = "b" }
  }
}
resource "aws_s3_bucket" "b" {
  bucket = "b"
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*" }] })
}
resource "aws_dynamodb_table" "t" {
  name     = "t"
  hash_key = "k"
  attribute {
    name = "k"
    type = "S"
  }
}
"""


def places(value, inside=(), skip=()):
    """The ways to everything inside a value."""
    every = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in every:
        if key not in skip:
            yield (*inside, key)
            yield from places(inner, (*inside, key), skip)


def changed(dice, value, ways):
    out = copy.deepcopy(value)
    for _ in range(dice.randint(1, 3)):
        *above, last = dice.choice(ways)
        at = out
        try:
            for step in above:
                at = at[step]
            at[last] = copy.deepcopy(dice.choice([*ODD, [at[last]], {"x": at[last]}]))
        except (LookupError, TypeError):
            continue  # what was changed before it is no longer there
    return out


def told(path, options):
    try:
        return read(path, options)
    except BadCode:
        return None


@pytest.mark.parametrize("form", ["plan", "state"])
def test_plans_and_states_with_odd_values(tmp_path, form):
    dice, path = random.Random(7), tmp_path / ("plan.json" if form == "plan" else "terraform.tfstate")
    whole = [json.dumps(each["plan"]) for each in plans.kept().values()]
    whole = sorted(whole, key=len)[: len(whole) // 2]
    for _ in range(MANY // 2):
        value = json.loads(dice.choice(whole))
        if form == "state":
            value = as_state(value)
        ways = list(places(value))
        path.write_text(json.dumps(changed(dice, value, ways)))
        told(path, CodeOptions(region="eu-west-1"))


def as_state(plan):
    return {
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x",
        "resources": [
            {"mode": "managed", "type": each["type"], "name": each["name"], "module": "module.m",
             "instances": [{"index_key": 0, "attributes": each["change"]["after"] or {},
                            "sensitive_attributes": [[{"type": "get_attr", "value": "tags"}]]}]}
            for each in plan.get("resource_changes", ())
        ],
    }  # fmt: skip


def test_odd_values_from_the_evaluator(tmp_path):
    (tmp_path / "main.tf").write_text(CODE)
    options, dice = CodeOptions(region="eu-west-1"), random.Random(7)
    assert told(tmp_path, options).resources
    ((name, right),) = [each for each in options.evaluated.items() if not each[0].startswith("numbers ")]
    ways = [way for way in places(right, skip=("__tfmeta", "id")) if len(way) > 2]
    for _ in range(MANY // 3):
        options.evaluated[name] = changed(dice, right, ways)
        told(tmp_path, options)


def test_policy_documents_of_any_shape():
    dice = random.Random(7)
    right = {
        "version": "2012-10-17", "source_policy_documents": ['{"Statement": [{"Sid": "A", "Effect": "Allow"}]}'],
        "override_policy_documents": ['{"Statement": {"Effect": "Deny"}}'],
        "statement": [
            {"sid": "x", "effect": "Allow", "actions": ["s3:*"], "not_actions": ["s3:*"], "resources": ["*"], "not_resources": ["*"],
             "principals": [{"type": "AWS", "identifiers": ["*"]}], "not_principals": {"type": "*", "identifiers": ["*"]},
             "condition": [{"test": "StringEquals", "variable": "aws:x", "values": ["y"]}]}
        ],
    }  # fmt: skip
    ways = list(places(right))
    for _ in range(MANY):
        found = document(changed(dice, right, ways))
        assert found.startswith("${?") or "Statement" in json.loads(found)
