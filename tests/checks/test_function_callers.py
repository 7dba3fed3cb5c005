"""Who may call a function, by its permissions: the table of condition keys that buckets and queues are judged by."""

import pytest

from auditor.checks.predicates.identity import permission_closed, resource_policy_closed
from auditor.graph.build import build
from auditor.model import Gap, Inventory, Resource
from auditor.resources import load
from tests.graph.access.test_strangers import CHOSEN, OWN, SET_BY_AWS

FUNCTION, PERMISSION, FILES = "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::EFS::FileSystem"
ARN = f"arn:aws:lambda:eu-west-1:{OWN}:function:server"


def permission(name="one", unknown=None, **said):
    members = {"FunctionName": "server", "Action": "lambda:InvokeFunction", "Effect": "Allow", "Id": name, **said}
    key = f"server/{name}"
    return Resource(PERMISSION, key, OWN, "eu-west-1", key, name, properties=members, unknown=unknown or {})


def judged(*permissions):
    function = Resource(FUNCTION, "server", OWN, "eu-west-1", ARN, "server", properties={"FunctionName": "server"})
    types = load()
    graph = build(Inventory([function, *permissions], asked=frozenset(types)), types)
    return permission_closed(graph, permissions[0])


@pytest.mark.parametrize(("key", "value"), CHOSEN)
def test_what_a_stranger_chooses_keeps_nobody_from_a_function(key, value):
    operator = "IpAddress" if "ip" in key.lower() and "/" in value else "StringLike"
    answer = judged(permission(Principal="*", Condition={operator: {key: value}}))
    assert answer.verdict == "broken", answer.because
    assert answer.severity is None  # the rule's own: critical


@pytest.mark.parametrize(("key", "fixed"), [row[:2] for row in SET_BY_AWS if row[0].startswith("aws:Principal")])
def test_what_aws_sets_does(key, fixed):
    operator = "ArnLike" if str(fixed).startswith("arn:") else "StringEquals"
    assert judged(permission(Principal="*", Condition={operator: {key: fixed}})).verdict == "kept"


@pytest.mark.parametrize(
    ("who", "members", "severity"),
    [
        ("s3.amazonaws.com", {}, "medium"),
        # AWS: names of buckets are one for all accounts, yet a deleted one may be somebody else's tomorrow.
        ("s3.amazonaws.com", {"SourceArn": "arn:aws:s3:::uploads"}, ""),
        ("s3.amazonaws.com", {"SourceArn": "arn:aws:s3:::uploads", "SourceAccount": OWN}, ""),
        ("s3.amazonaws.com", {"SourceArn": "arn:aws:s3:::*"}, "medium"),
        ("s3.amazonaws.com", {"SourceAccount": OWN}, ""),
        ("apigateway.amazonaws.com", {}, "medium"),
        ("apigateway.amazonaws.com", {"SourceArn": f"arn:aws:execute-api:eu-west-1:{OWN}:a1b2/*/*/*"}, ""),
        ("apigateway.amazonaws.com", {"SourceArn": "arn:aws:execute-api:eu-west-1:*:a1b2/*"}, "medium"),
        ("events.amazonaws.com", {"SourceArn": "*"}, "medium"),
        ("logs.eu-west-1.amazonaws.com", {}, "medium"),
        ("events.amazonaws.com.cn", {}, "medium"),
        # Amazon hands on the skill that calls; whoever makes another skill has another id.
        ("alexa-appkit.amazon.com", {}, "medium"),
        ("alexa-appkit.amazon.com", {"EventSourceToken": "amzn1.ask.skill.1"}, ""),
        ("999988887777", {}, ""),
        ("arn:aws:iam::999988887777:role/app", {}, ""),
        ("*", {"PrincipalOrgID": "o-exampleorg"}, ""),
        ("*", {"FunctionUrlAuthType": "AWS_IAM"}, "critical"),
        ("*", {"InvokedViaFunctionUrl": True}, "critical"),
        ("${?aws_iam_role.app.arn}", {}, ""),
    ],
)
def test_services_work_for_everybody_until_a_source_is_named(who, members, severity):
    answer = judged(permission(Principal=who, **members))
    expected = {"": ("kept", None), "critical": ("broken", None)}.get(severity, ("broken", severity))
    assert (answer.verdict, answer.severity) == expected


def test_a_denial_in_the_same_policy_counts():
    closing = permission(
        "two", Effect="Deny", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-a1"}}
    )
    assert judged(permission(Principal="*"), closing).verdict == "kept"
    other = permission("two", Effect="Deny", Principal="*", Action="lambda:GetFunction")
    assert judged(permission(Principal="*"), other).verdict == "broken"
    assert judged(closing).verdict == "kept"


@pytest.mark.parametrize("hidden", ["Principal", "Condition", "Effect"])
def test_what_was_not_read_of_a_permission_is_unknown(hidden):
    gap = Gap(OWN, "eu-west-1", "lambda", "get_policy", "lambda:GetPolicy", "denied", (PERMISSION,), "no")
    said = {name: value for name, value in {"Principal": "*"}.items() if name != hidden}
    assert judged(permission(unknown={hidden: gap}, **said)).verdict == "unknown"


def test_the_name_that_aws_gives_a_permission_decides_nothing():
    """Terraform makes one up where code says none."""
    gap = Gap("", "", "", "", "", "unresolved", (PERMISSION,), "known to AWS only")
    source = {"SourceArn": "${aws_apigatewayv2_api.shop.execution_arn}/*/*"}
    assert judged(permission(unknown={"Id": gap}, Principal="apigateway.amazonaws.com", **source)).verdict == "kept"


def file_system(**said):
    types = load()
    one = Resource(FILES, "fs-1", OWN, "eu-west-1", f"arn:aws:elasticfilesystem:eu-west-1:{OWN}:file-system/fs-1", "fs-1",
                   properties=said)  # fmt: skip
    return resource_policy_closed(build(Inventory([one], asked=frozenset(types)), types), one).verdict


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, "broken"),
        ({"Bool": {"aws:SecureTransport": "true"}}, "broken"),
        ({"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}, "kept"),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}}, "kept"),
    ],
)
def test_a_file_system_policy_is_judged_likewise(condition, expected):
    """AWS: mount targets are in somebody's VPC; a condition on them keeps out whoever is not there."""
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:ClientMount"}
    document = {
        "Version": "2012-10-17",
        "Statement": [{**statement, **({"Condition": condition} if condition else {})}],
    }
    assert file_system(FileSystemPolicy=document) == expected


def test_a_file_system_without_a_policy_is_as_open_as_its_network():
    assert file_system() == "kept"
