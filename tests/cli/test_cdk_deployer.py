"""What deploys goes on deploying: on a built CDK account nothing takes its permissions away by itself."""

import json

import pytest

from auditor.sandbox import sandbox
from auditor.sandbox.built import Built

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def trust(**principal):
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]})


@pytest.fixture(scope="module")
def box():
    """As `cdk bootstrap` leaves it: the role with which CloudFormation deploys is an administrator; and one of people."""
    with sandbox() as made:
        built = Built(made)
        iam, account = built.client("iam"), built.account
        root = trust(AWS=f"arn:aws:iam::{account}:root")
        for kind, document in (
            ("cfn-exec", trust(Service="cloudformation.amazonaws.com")), ("deploy", root), ("lookup", root),
        ):  # fmt: skip
            iam.create_role(
                RoleName=f"cdk-hnb659fds-{kind}-role-{account}-ap-northeast-2", AssumeRolePolicyDocument=document
            )
        iam.attach_role_policy(RoleName=f"cdk-hnb659fds-cfn-exec-role-{account}-ap-northeast-2", PolicyArn=ADMIN)
        iam.create_role(RoleName="people", AssumeRolePolicyDocument=root)
        iam.attach_role_policy(RoleName="people", PolicyArn=ADMIN)
        yield made


def test_the_role_that_cdk_deploys_with_is_left_to_a_person(auditor, box, tmp_path):
    plan = tmp_path / "plan.json"
    ran = auditor("plan", "--region", "ap-northeast-2", "-o", str(plan), box=box)
    saved = json.loads(plan.read_text())
    assert not [step for step in saved["steps"] if "cfn-exec" in json.dumps(step)]
    told = ran.out + json.dumps(saved["left"])
    assert "CDK deploys with role cdk-hnb659fds-cfn-exec-role" in told
    assert "the next deployment fails" in told
    people = [step for step in saved["steps"] if "people" in step["resource"] and ADMIN in json.dumps(step)]
    assert {step["risk"] for step in people} == {"destroys"}
