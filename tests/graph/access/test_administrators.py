"""What makes an administrator, whichever way it is written: asked of the engine, statement by statement of AWS's grammar."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.checks.predicates.identity import no_admin
from auditor.graph.access.strangers.holders import administrators
from auditor.graph.build import build
from auditor.model import Inventory, Resource
from auditor.resources import load
from tests.graph.access.account import ACCOUNT, allow, deny

ANY = f"arn:aws:iam::{ACCOUNT}:*"
ADMIN = [
    [allow("*")],
    [allow("*:*")],
    [allow("**", "**")],
    [allow("*", "arn:*")],
    [allow("*", "arn:aws:*:*:*:*")],
    [allow("iam:*")],
    [allow("IAM:*", "arn:aws:iam::*")],
    [allow("iam:*", ANY)],
    [allow("i*")],
    [allow("?am:*")],
    [allow(["s3:GetObject", "iam:*"], ["arn:aws:s3:::x", ANY])],
    [allow(["iam:AttachUserPolicy", "iam:AttachRolePolicy"])],
    [allow(["iam:Put*Policy"])],
    [allow("iam:PutUserPolicy"), allow("iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/*")],
    [{"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "*"}],
    [{"Effect": "Allow", "NotAction": ["organizations:*", "account:*"], "Resource": "arn:*"}],
    [{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::audit-log/*"}],
    [{"Effect": "Allow", "Action": "*", "NotResource": f"arn:aws:iam::{ACCOUNT}:role/boss"}],
    [{"Effect": "Allow", "NotAction": "aws-portal:*", "NotResource": "arn:aws:s3:::audit-log"}],
    [allow("*"), deny("s3:DeleteBucket")],
    [allow("*"), deny("iam:*", f"arn:aws:iam::{ACCOUNT}:role/boss")],
    [allow("*"), deny("iam:*", Condition={"Bool": {"aws:SecureTransport": "false"}})],
    [allow("*"), deny("*", Condition={"BoolIfExists": {"aws:ViaAWSService": "true"}})],
]
ALWAYS = [
    {},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringLike": {"aws:PrincipalArn": "*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:*"}},
    {"StringLikeIfExists": {"aws:PrincipalOrgID": "*"}},
    {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
    {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
    {"Null": {"aws:PrincipalArn": "false"}},
    {"StringNotEquals": {"aws:PrincipalTag/suspended": "yes"}},
    {"StringEquals": {"aws:UserAgent": "console"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": "team"}},
    {"StringNotLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnly*"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
]
SOMETIMES = [
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},  # IAM answers in one region
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
    {"StringEquals": {"aws:PrincipalTag/team": "platform"}},
    {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/boundary"}},
    {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
    {"StringEquals": {"iam:ResourceTag/managed": "yes"}},
    {"StringEquals": {"aws:username": "boss"}},
    {"StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}},
]
HARMLESS = [
    [],
    [allow("s3:*")],
    [allow("*", "arn:aws:s3:::*")],
    [allow("iam:Get*")],
    [allow("iam:*", f"arn:aws:iam::{ACCOUNT}:role/app-*")],
    [allow("iam:PassRole")],
    [{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}],  # PowerUserAccess
    [{"Effect": "Allow", "Action": "*", "NotResource": "*"}],
    [{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:iam::*"}],
    [allow("*"), deny("*")],
    [allow("*"), deny("iam:*")],
    [allow("*"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}],
    [allow("*"), deny("iam:*", Condition={"StringLike": {"aws:PrincipalArn": "*"}})],
    [allow("iam:*", "arn:aws:iam::*:user/${aws:username}")],
    [{**allow("*"), "Effect": "allow"}],
]


def judged(*statements, account=ACCOUNT):
    return administrators({"Version": "2012-10-17", "Statement": list(statements)}, account)


@pytest.mark.parametrize("statements", ADMIN, ids=str)
@pytest.mark.parametrize("account", [ACCOUNT, ""])
def test_whoever_may_give_itself_everything_is_an_administrator(statements, account):
    if account or ACCOUNT not in str([each for each in statements if each["Effect"] == "Allow"]):
        assert judged(*statements, account=account).value is True


@pytest.mark.parametrize("statements", HARMLESS, ids=str)
def test_much_is_not_everything(statements):
    assert judged(*statements).value is False


@pytest.mark.parametrize("condition", ALWAYS, ids=str)
def test_a_condition_that_every_holder_can_satisfy_is_none(condition):
    assert judged(allow("*", Condition=condition)).value is True
    assert judged(allow("iam:*", Condition=condition)).value is True


@pytest.mark.parametrize("condition", SOMETIMES, ids=str)
def test_a_condition_that_asks_for_something_makes_no_administrator_by_itself(condition):
    assert judged(allow("*", Condition=condition)).value is False


@pytest.mark.parametrize("condition", ["x", {"StringEquals": "x"}, None])
def test_a_malformed_condition_opens_nothing_and_is_unknown(condition):
    assert judged(allow("*", Condition=condition)).value is None
    assert judged(allow("*", Condition=condition), allow("*")).value is True
    assert judged(allow("*"), deny("*", Condition=condition)).value is None


def test_the_statements_are_told_and_whether_they_are_everything():
    found = judged(allow("s3:*"), allow("*"))
    assert (found.statements, found.whole) == ((allow("*"),), True)
    assert not judged(allow("iam:*")).whole


INLINE = {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [allow("iam:*")]}}
AWS = "arn:aws:iam::aws:policy/"


def verdicts(cfn, held=(), **properties):
    noun = cfn.rpartition("::")[2].lower()
    one = Resource(cfn, "it", ACCOUNT, "", arn=f"arn:aws:iam::{ACCOUNT}:{noun}/it", name="it", properties=properties)
    graph = build(Inventory([one, *held], [], frozenset(load()), (ACCOUNT,)), load())
    return sorted({each.verdict for each in no_admin(graph, one)})


@pytest.mark.parametrize("noun", ["Role", "User", "Group"])
def test_roles_users_and_groups_are_judged_by_what_they_hold(noun):
    cfn = f"AWS::IAM::{noun}"
    assert verdicts(cfn, Policies=[INLINE], ManagedPolicyArns=[]) == ["broken", "kept"]
    for name in ("AdministratorAccess", "IAMFullAccess"):
        assert verdicts(cfn, Policies=[], ManagedPolicyArns=[AWS + name]) == ["broken"]
    assert verdicts(cfn, Policies=[], ManagedPolicyArns=[AWS + "PowerUserAccess"]) == ["kept"]


def test_a_managed_policy_is_judged_by_itself_and_one_of_aws_where_it_is_attached():
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}]}
    assert verdicts("AWS::IAM::ManagedPolicy", PolicyDocument=document) == ["broken"]
    arn = AWS + "SomethingNew"
    made = Resource("AWS::IAM::ManagedPolicy", "SomethingNew", ACCOUNT, "", arn=arn, aws_made=True)
    made.properties["PolicyDocument"] = document
    assert verdicts("AWS::IAM::Group", [made], Policies=[], ManagedPolicyArns=[arn]) == ["broken"]


def test_a_tag_that_the_principal_carries_counts_as_it_is():
    tagged = {"StringEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/it"}}
    inline = [{"PolicyName": "own", "PolicyDocument": {"Statement": [allow("*", Condition=tagged)]}}]
    trust = {"Version": "2012-10-17", "Statement": []}
    more = {"ManagedPolicyArns": [], "AssumeRolePolicyDocument": trust}
    assert verdicts("AWS::IAM::Role", Policies=inline, **more) == ["broken", "kept"]
    tagged["StringEquals"]["aws:PrincipalArn"] += "-other"
    assert verdicts("AWS::IAM::Role", Policies=inline, **more) == ["kept"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ADMIN), st.lists(st.sampled_from(HARMLESS), max_size=2), st.sampled_from(ALWAYS))
def test_more_permissions_never_take_one_away_and_more_denials_never_give_one(statements, more, condition):
    """Laws: what allows more stays an administrator's, and what denies more makes none."""
    extra = [each for part in more for each in part if each["Effect"] == "Allow"]
    assert judged(*statements, *extra).value is True
    denials = [each for part in more for each in part if each["Effect"] == "Deny"]
    for harmless in HARMLESS:
        assert judged(*harmless, *denials).value is False
    always = [{**each, "Condition": condition} if each["Effect"] == "Allow" else each for each in statements]
    assert judged(*always).value is not None
