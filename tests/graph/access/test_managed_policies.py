"""What AWS's managed policies allow is known by their names, where nothing says it better."""

import pytest

from auditor.graph.access import may
from auditor.resources.managed_policies import managed_policy
from tests.graph.access.test_unread import graph_of, made

ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"
VPC_ACCESS = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
OBJECT = "arn:aws:s3:::photos/a.jpg"


@pytest.mark.parametrize(
    ("attached", "action", "verdict"),
    [
        ([VPC_ACCESS], "s3:DeleteObject", "broken"),
        ([VPC_ACCESS], "logs:PutLogEvents", "kept"),
        (["arn:aws:iam::aws:policy/AmazonS3FullAccess"], "s3:DeleteObject", "kept"),
        (["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"], "s3:DeleteObject", "broken"),
        (["arn:aws:iam::aws:policy/NoSuchPolicyAtAll"], "s3:DeleteObject", "unknown"),
        (["arn:aws:iam::111122223333:policy/AmazonS3FullAccess"], "s3:DeleteObject", "unknown"),
        ([VPC_ACCESS, "arn:aws:iam::aws:policy/NoSuchPolicyAtAll"], "s3:DeleteObject", "unknown"),
    ],
)
def test_what_a_policy_allows_is_known_by_its_name(attached, action, verdict):
    role = made(ROLE, "app", ManagedPolicyArns=attached, Policies=[], AssumeRolePolicyDocument={"Statement": []})
    assert may(graph_of([role]), role, action, OBJECT if action.startswith("s3") else "*").verdict == verdict


def test_a_policy_that_was_read_says_it_itself():
    """An account may hold another version than the file: what was read counts."""
    nothing = {"Version": "2012-10-17", "Statement": []}
    arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    policy = made(POLICY, arn, PolicyDocument=nothing)
    policy.arn = arn
    role = made(ROLE, "app", ManagedPolicyArns=[arn], Policies=[], AssumeRolePolicyDocument={"Statement": []})
    assert may(graph_of([role, policy]), role, "s3:DeleteObject", OBJECT).verdict == "broken"


def test_the_file_is_what_the_tool_writes():
    pytest.importorskip("moto", reason="moto is not installed")
    from importlib import metadata

    from tools.distil_managed_policies import POLICIES, written

    if f"moto {metadata.version('moto')}," not in POLICIES.read_text(encoding="utf-8").partition("\n")[0]:
        pytest.skip("the file is of another version of moto")
    assert written() == POLICIES.read_text(encoding="utf-8")


def test_every_policy_of_the_file_has_statements():
    from auditor.resources.managed_policies import _texts

    for name in _texts():
        document = managed_policy(f"arn:aws:iam::aws:policy/{name}")
        assert document["Statement"], name
