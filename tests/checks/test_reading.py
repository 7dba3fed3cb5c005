"""Undeclared flows: who may read what the system keeps without being a part of it, and who is no news."""

from __future__ import annotations

import json

import pytest

from auditor import api
from auditor.checks.baselines import load_baseline
from auditor.checks.binding import Bound
from auditor.checks.demand import of_baseline
from auditor.checks.extra import extras as undeclared
from auditor.checks.reading import readings
from auditor.model import Gap
from auditor.resources import load
from auditor.sources.live import permissions_for
from tests.fragments import ACCOUNT, graph_of

BASELINE = """\
title: The shop
document: {title: The shop, file: shop.md, updated: "2026-03-01"}
regions: [ap-northeast-2]
roles:
  files:
    type: AWS::S3::Bucket
    means: The bucket of the pictures
    at: {section: 1, lines: 1, text: a bucket}
    require:
      - {id: name, identifies: true, title: The bucket is named shop-pictures, broken: The bucket has another name,
         property: BucketName, is: shop-pictures}
  server:
    type: AWS::Lambda::Function
    means: The server
    at: {section: 1, lines: 2, text: a function}
    find: [{FunctionName: server}]
  server-role:
    type: AWS::IAM::Role
    means: The role of the server
    at: {section: 1, lines: 3, text: a role}
    find: [{RoleName: server}]
links:
  - {id: role, title: The server acts as its role, broken: The server does not act as its role,
     from: server, relation: acts-as, to: server-role, at: {section: 1, lines: 3, text: a role}}
  - {id: pictures, title: The server may read the pictures, broken: The server may not read the pictures,
     from: server, to: files, action: 's3:GetObject', at: {section: 1, lines: 4, text: reads the pictures}}
"""


def role(trusted, *statements, **more):
    trust = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trusted}}
    documents = [{"PolicyName": "p", "PolicyDocument": {"Statement": [*statements]}}] if statements else []
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trust, "Policies": documents, **more},
    }


def function(name, acts_as):
    told = {"FunctionName": name, "Role": {"Fn::GetAtt": [acts_as, "Arn"]}, "Runtime": "nodejs22.x", "Handler": "a.b"}
    return {"Type": "AWS::Lambda::Function", "Properties": {**told, "Code": {"ZipFile": "x"}}}


def allow(action, resource):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


LAMBDA, PIPELINE = {"Service": "lambda.amazonaws.com"}, {"Service": "codebuild.amazonaws.com"}
PICTURES = {"Fn::Sub": "${Files.Arn}/*"}
SHOP = {
    "Files": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "shop-pictures"}},
    "Server": function("server", "ServerRole"),
    "ServerRole": role(LAMBDA, allow("s3:GetObject", PICTURES), RoleName="server"),
}
READ, OTHERS = allow("s3:GetObject", PICTURES), allow("s3:GetObject", "arn:aws:s3:::lunch/*")
PUBLIC = {
    "Type": "AWS::S3::BucketPolicy",
    "Properties": {"Bucket": {"Ref": "Files"}, "PolicyDocument": {"Statement": [{**READ, "Principal": "*"}]}},
}
ELSEWHERE = {"Fn::ImportValue": "the-policy"}

GROUPS = {
    "R": {"Type": "AWS::IAM::User", "Properties": {"Groups": [{"Ref": "G"}]}},
    "G": {"Type": "AWS::IAM::Group", "Properties": {"Policies": role({}, READ)["Properties"]["Policies"]}},
}


def named_by_the_bucket(who):
    statement = {**READ, "Principal": {"AWS": who}}
    policy = {"Bucket": {"Ref": "Files"}, "PolicyDocument": {"Statement": [statement]}}
    return {"P": {"Type": "AWS::S3::BucketPolicy", "Properties": policy}}


USER = {"R": {"Type": "AWS::IAM::User", "Properties": {}}}
TOLD = {
    "a user through a group": (GROUPS, {("AWS::IAM::User", "R", "broken")}),
    "a role that the bucket's policy names by a reference": (
        {"R": role(LAMBDA, OTHERS), **named_by_the_bucket({"Fn::GetAtt": ["R", "Arn"]})},
        {("AWS::IAM::Role", "R", "broken")},
    ),
    "a role that the bucket's policy names by its ARN": (
        {
            "R": role(LAMBDA, OTHERS, RoleName="r"),
            **named_by_the_bucket({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/r"}),
        },
        {("AWS::IAM::Role", "r", "broken")},
    ),
    "a user that the bucket's policy names by a reference": (
        {**USER, **named_by_the_bucket({"Fn::GetAtt": ["R", "Arn"]})},
        {("AWS::IAM::User", "R", "broken")},
    ),
    "a role that was given the bucket": ({"R": role(LAMBDA, READ)}, {("AWS::IAM::Role", "R", "broken")}),
    "a user": (
        {"R": {"Type": "AWS::IAM::User", "Properties": {"Policies": role({}, READ)["Properties"]["Policies"]}}},
        {("AWS::IAM::User", "R", "broken")},
    ),
    "a function that acts as such a role": (
        {"R": role(LAMBDA, READ), "F": function("bot", "R")},
        {("AWS::Lambda::Function", "bot", "broken")},
    ),
    "a function that acts as the documented role": (
        {"F": function("bot", "ServerRole")},
        {("AWS::Lambda::Function", "bot", "broken")},
    ),
    "a pipeline that only reads": ({"R": role(PIPELINE, READ)}, {("AWS::IAM::Role", "R", "broken")}),
}
UNREAD = {
    "beside a permission that another may deny": role(LAMBDA, READ, ManagedPolicyArns=[ELSEWHERE]),
    "all that it has": role(LAMBDA, ManagedPolicyArns=[ELSEWHERE]),
}
SILENT = {
    "a role beside one that the bucket's policy names": {
        "R": role(LAMBDA, OTHERS),
        "S": role(LAMBDA, OTHERS),
        **named_by_the_bucket({"Fn::GetAtt": ["ServerRole", "Arn"]}),
    },
    "nobody": {},
    "a role for another bucket": {"R": role(LAMBDA, OTHERS)},
    "who may read every bucket": {"R": role(LAMBDA, allow("s3:GetObject", "*"))},
    "who may read every bucket, and others by name": {"R": role(LAMBDA, OTHERS, allow("s3:*", "*"))},
    "who is denied it": {"R": role(LAMBDA, READ, {**READ, "Effect": "Deny"})},
    "everybody, as the bucket is public": {"P": PUBLIC, "R": role(LAMBDA, OTHERS)},
    "a pipeline that puts the pictures there": {
        "R": role(PIPELINE, allow(["s3:GetObject", "s3:PutObject"], PICTURES)),
    },
    "a role with a right on the bucket that reads nothing": {"R": role(LAMBDA, allow("s3:PutObject", PICTURES))},
}


# Who reads may be a part of which it is hidden who plays it, or the role as which a part acts.
NOT_READ = Gap(ACCOUNT, "ap-northeast-2", "lambda", "ListFunctions", "", "denied", ("AWS::Lambda::Function",), "denied")
BOT = {"R": role(LAMBDA, READ), "F": function("bot", "R")}
UNTOLD = {"Type": "AWS::Lambda::Function", "Properties": {**SHOP["Server"]["Properties"], "Role": ELSEWHERE}}
MAY_BE_OURS = {
    "a function, of which the server may be one": (BOT, {"server": (NOT_READ,)}, "unknown"),
    "a function, where who plays another kind of part is hidden": (BOT, {"server-role": (NOT_READ,)}, "broken"),
    "a role, as which the server may act": ({"R": role(LAMBDA, READ)}, {"server": (NOT_READ,)}, "unknown"),
    "a role, which may be the documented one": ({"R": role(LAMBDA, READ)}, {"server-role": (NOT_READ,)}, "unknown"),
    "a role, where the role of the server was not read": (
        {"R": role(LAMBDA, READ), "Server": UNTOLD},
        {},
        "unknown",
    ),
    "a role, where nothing is hidden": ({"R": role(LAMBDA, READ)}, {}, "broken"),
}


@pytest.fixture
def extras(tmp_path):
    """The undeclared of a template beside the shop."""
    (tmp_path / "mine/baselines").mkdir(parents=True)
    (tmp_path / "mine/baselines/shop.yaml").write_text(BASELINE)
    (tmp_path / "code").mkdir()

    def judged(beside):
        (tmp_path / "code/t.json").write_text(json.dumps({"Resources": {**SHOP, **beside}}))
        record = api.check(
            code=tmp_path / "code", baselines=["shop"], rules=[], definitions=[tmp_path / "mine"], regions=()
        )
        return [each for each in (*record["findings"], *record["unanswered"]) if each["kind"] == "extra"]

    return judged


@pytest.mark.parametrize("case", TOLD)
def test_who_was_given_the_data_is_told(extras, case):
    beside, wanted = TOLD[case]
    found = extras(beside)
    assert {
        (each["resource"]["type"], each["resource"]["id"].rpartition("/")[2], each["verdict"]) for each in found
    } == {(cfn, name, verdict) for cfn, name, verdict in wanted}
    for each in found:
        assert each["check"] == "shop/undeclared"
        if each["verdict"] == "broken":
            assert "may s3:GetObject on shop-pictures" in each["because"]
            assert each["severity"] == "high"


@pytest.mark.parametrize("case", SILENT)
def test_who_is_no_news_is_not_told(extras, case):
    assert extras(SILENT[case]) == []


@pytest.mark.parametrize("case", MAY_BE_OURS)
def test_who_may_be_a_part_is_not_told_for_certain(tmp_path, case):
    beside, hidden, verdict = MAY_BE_OURS[case]
    (tmp_path / "shop.yaml").write_text(BASELINE)
    graph = graph_of({**SHOP, **beside})
    named = {each.address.rpartition("/")[2]: each for each in graph.resources()}
    roles = {"files": [named["Files"]], "server": [named["Server"]], "server-role": [named["ServerRole"]]}
    bound = Bound("shop", {part: [] if part in hidden else found for part, found in roles.items()}, hidden=hidden)
    found = {
        each.resource.address.rpartition("/")[2]: each
        for each in undeclared(load_baseline(tmp_path / "shop.yaml"), bound, graph)
    }
    stranger = found["F" if "F" in beside else "R"]
    assert stranger.verdict == verdict
    assert "R may s3:GetObject on Files" in stranger.because


@pytest.mark.parametrize("case", UNREAD)
def test_whose_policies_were_not_read_may_have_been_given_it(case):
    (found,) = given({"R": UNREAD[case]}).values()
    assert [(each.part.id, each.answer.verdict) for each in found] == [("shop-pictures", "unknown")]
    assert found[0].answer.gaps


def given(beside):
    graph = graph_of({**SHOP, **beside})
    ours = [each.key for each in graph.resources() if each.address.rpartition("/")[2] in SHOP]
    return readings(graph, ours)


TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders"}}
ORDERS = {"Fn::GetAtt": ["Orders", "Arn"]}
ACTIONS = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan")


@pytest.mark.parametrize("sure", ACTIONS)
def test_the_way_that_is_most_certain_is_told(sure):
    """Whichever of a kind's actions is given without a condition, and in whatever order the statements stand."""
    limited = {**allow([each for each in ACTIONS if each != sure], ORDERS),
               "Condition": {"StringEquals": {"aws:PrincipalTag/team": "shop"}}}  # fmt: skip
    for statements in ((limited, allow(sure, ORDERS)), (allow(sure, ORDERS), limited)):
        graph = graph_of({"Orders": TABLE, "R": role(LAMBDA, *statements)})
        (orders,) = graph.of_type("AWS::DynamoDB::Table")
        ((found,),) = readings(graph, [orders.key]).values()
        assert (found.action, found.answer.verdict, found.answer.depends) == (sure, "kept", ())


def test_what_is_certain_stands_first_whatever_the_order_of_principals():
    """Of two roles as which one function acts, one is only perhaps let in."""
    unread = role(LAMBDA, READ, ManagedPolicyArns=[ELSEWHERE])
    for one, other in ((unread, role(LAMBDA, READ)), (role(LAMBDA, READ), unread)):
        both = {"F": function("bot", "A"), "A": one, "B": other}
        found = [each for many in given(both).values() for each in many]
        assert {each.answer.verdict for each in found} == {"kept", "unknown"}
    task = {"TaskRoleArn": {"Fn::GetAtt": ["A", "Arn"]}, "ExecutionRoleArn": {"Fn::GetAtt": ["B", "Arn"]}, "Family": "t",
            "ContainerDefinitions": [{"Name": "a", "Image": "b"}]}  # fmt: skip
    service = {"ServiceName": "bot", "TaskDefinition": {"Ref": "T"}}
    for one, other in ((unread, role(LAMBDA, READ)), (role(LAMBDA, READ), unread)):
        runs = {"T": {"Type": "AWS::ECS::TaskDefinition", "Properties": task}, "A": one, "B": other,
                "S": {"Type": "AWS::ECS::Service", "Properties": service}}  # fmt: skip
        (found,) = (many for key, many in given(runs).items() if "::Service" in key)
        assert [each.answer.verdict for each in found] == ["kept", "unknown"]


def test_the_policies_on_what_a_part_keeps_and_everybody_who_may_read_are_asked_for():
    demand = of_baseline(load_baseline("cuggu"), load())
    assert {"Policies", "ManagedPolicyArns", "PermissionsBoundary", "Groups"} <= demand["AWS::IAM::User"]
    assert {"Policies", "ManagedPolicyArns"} <= demand["AWS::IAM::Group"]
    assert {"Bucket", "PolicyDocument"} <= demand["AWS::S3::BucketPolicy"]
    keeps = of_baseline(load_baseline("dualtetrax"), load())
    assert "ResourcePolicy" in keeps["AWS::SecretsManager::Secret"]
    assert "secretsmanager:GetResourcePolicy" in permissions_for(keeps, load())
