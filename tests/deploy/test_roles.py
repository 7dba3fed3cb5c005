"""The roles that a team deploys: what they allow is what auditor calls, and no more."""

from __future__ import annotations

import json

import pytest

from auditor import mending, pipeline
from auditor.model import RISKS
from auditor.sandbox.examples import example
from tests.deploy.templates import of_type, template

READ, FIX = "deploy/roles/read.yaml", "deploy/roles/fix.yaml"


def allowed(name, risk="safe", conditional=True):
    """The actions of the role, where a risk is chosen; those under a condition too, unless they are left out."""
    conditions = {None, *("Interrupts", "Destroys")[: RISKS.index(risk)]}
    out = set()
    for policy in of_type(name, "AWS::IAM::ManagedPolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if policy.get("Condition") in conditions:
                assert statement["Effect"] == "Allow"
                if not conditional and "Condition" in statement:
                    continue
                actions = statement["Action"]
                out |= set(actions if isinstance(actions, list) else [actions])
    return out


def test_the_role_that_reads_may_do_what_a_scan_does_and_no_more():
    assert allowed(READ) == set(pipeline.permissions(pipeline.Wish(), whole=True))


@pytest.mark.parametrize("name", [READ, FIX])
def test_what_is_allowed_reads_no_content_and_names_no_wildcard(name):
    content = {
        "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "ecr:BatchGetImage", "kms:Decrypt", "lambda:GetFunction",
        "lambda:InvokeFunction", "logs:GetLogEvents", "logs:FilterLogEvents", "rds-data:ExecuteStatement",
        "s3:GetObject", "secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "ssm:GetParameter", "ssm:GetParameters",
        "sts:AssumeRole",
    }  # fmt: skip
    for risk in RISKS:
        actions = allowed(name, risk, conditional=False)
        assert not actions & content
        assert not [each for each in actions if "*" in each]


def test_a_higher_risk_allows_more():
    safe, interrupts, destroys = (allowed(FIX, risk) for risk in RISKS)
    assert allowed(READ) < safe < interrupts < destroys
    assert "rds:ModifyDBInstance" in safe
    assert "ec2:RevokeSecurityGroupIngress" in interrupts - safe
    assert "logs:PutRetentionPolicy" in destroys - interrupts


@pytest.mark.parametrize("name", [READ, FIX])
def test_iam_takes_the_policies(name):
    """6,144 characters a managed policy without its blanks, ten of them a role."""
    policies = of_type(name, "AWS::IAM::ManagedPolicy")
    assert len(policies) <= 10
    for policy in policies.values():
        document = json.dumps(policy["Properties"]["PolicyDocument"], separators=(",", ":"))
        assert len(document) <= 6144


@pytest.mark.parametrize("name", [READ, FIX])
def test_only_one_role_that_knows_the_external_id_may_become_it(name):
    (role,) = of_type(name, "AWS::IAM::Role").values()
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["StringEquals"] == {"sts:ExternalId": {"Ref": "ExternalId"}}
    assert set(statement["Condition"]["ArnEquals"]) == {"aws:PrincipalArn"}
    parameters = template(name)["Parameters"]
    assert "Default" not in parameters["ExternalId"]
    assert "Default" not in parameters["AuditorAccount"]


def test_the_role_that_fixes_hands_roles_on_to_named_services_only():
    found = [
        statement
        for policy in of_type(FIX, "AWS::IAM::ManagedPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "iam:PassRole" in statement["Action"]
    ]
    (statement,) = found
    services = statement["Condition"]["StringEquals"]["iam:PassedToService"]
    assert services == sorted(services)
    assert all(each.endswith(".amazonaws.com") and "*" not in each for each in services)


def test_what_a_plan_of_a_drifted_account_needs_is_allowed_at_its_risk(copy_of_cuggu, pointed):
    for drift in example("cuggu").drifts:
        drift.happen(copy_of_cuggu)
    pointed(copy_of_cuggu.box)
    plan = mending.plan(pipeline.check(pipeline.Wish(baselines=("cuggu",))), "a run")
    assert len(plan.steps) > 4
    lacking = {
        (step.operation, action)
        for step in plan.steps
        for action in set(step.permissions) - allowed(FIX, step.risk)
        if step.risk in RISKS
    }
    assert not lacking
