"""Statements that AWS takes in no policy: an effect that is none, a condition that is none. None of them ever opens.

AWS: "Valid values for Effect are Allow and Deny. The Effect value is case sensitive." The grammar of policies: a condition
is an object of operators, each an object of keys, each a value or a list of values.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.graph.access.entering import entrances
from auditor.graph.access.policy.callers import Caller
from auditor.graph.access.policy.documents import compiled
from auditor.graph.access.policy.evaluate import Held, Request, evaluate
from auditor.graph.access.who import who_can
from tests.graph.access.account import ACCOUNT, account_graph, allow, graph_of, of, role

OBJECT = "arn:aws:s3:::photos/a.jpg"
READ = {"Action": "s3:GetObject", "Resource": "*"}
ROLE = Caller("role", f"arn:aws:iam::{ACCOUNT}:role/app", ACCOUNT)
EFFECTS = ["deny", "DENY", "allow", "ALLOW", "Allow ", "Permit", "", None, True, ["Allow"], {"Allow": True}]
CONDITIONS = [
    None,
    "",
    "x",
    7,
    True,
    [],
    [{"StringEquals": {"aws:username": "ann"}}],
    {"StringEquals": "aws:username"},
    {"StringEquals": None},
    {"StringEquals": ["aws:username", "ann"]},
    {"StringEquals": {"aws:username": None}},
    {"StringEquals": {"aws:username": []}},
    {"StringEquals": {"aws:username": {"is": "ann"}}},
    {"StringEquals": {"aws:username": ["ann", None]}},
    {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": "x"},
]


def decided(*said, of="identity"):
    named = (("own", compiled({"Version": "2012-10-17", "Statement": list(said)})),)
    return evaluate(Request(ROLE, "s3:GetObject", OBJECT), Held(**{of: named}))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_who_comes_from_outside_is_told_whatever_the_condition_is(condition):
    said = {"Effect": "Allow", "Principal": {"AWS": "999988887777"}, "Action": "sts:AssumeRole", "Condition": condition}
    graph = account_graph(of(role("boss", allow("*"), trust=[said])))
    for entrance in entrances(graph.of_type("AWS::IAM::Role")[0]):
        assert "999988887777" in entrance.sentence


@pytest.mark.parametrize("of", ["identity", "resource"])
@pytest.mark.parametrize("effect", EFFECTS, ids=repr)
def test_an_effect_that_is_none_allows_nothing(effect, of):
    assert decided({**READ, "Effect": effect, "Principal": "*"}, of=of).effect == "no"
    assert decided({**READ, "Principal": "*"}, of=of).effect == "no"


@pytest.mark.parametrize("effect", EFFECTS, ids=repr)
def test_what_it_may_deny_is_open(effect):
    found = decided({**READ, "Effect": "Allow"}, {**READ, "Effect": effect})
    assert (found.effect, len(found.keys)) == ("depends", 1)


@pytest.mark.parametrize("condition", CONDITIONS, ids=repr)
def test_a_condition_that_is_none_opens_nothing_and_closes_nothing_for_certain(condition):
    allowed = {**READ, "Effect": "Allow"}
    assert decided({**allowed, "Condition": condition}).effect == "depends"
    assert decided(allowed, {**READ, "Effect": "Deny", "Condition": condition}).effect == "depends"
    assert decided(allowed, {**allowed, "Condition": condition}).effect == "allow"


def test_what_is_well_formed_beside_it_still_decides():
    never = {"StringEquals": {"aws:PrincipalType": "User"}, "ArnLike": "x"}
    known = Request(ROLE, "s3:GetObject", OBJECT)
    document = compiled({"Statement": {**READ, "Effect": "Allow", "Condition": never}})
    context = known.context.knowing({"aws:PrincipalType": "AssumedRole"})
    assert evaluate(Request(ROLE, "s3:GetObject", OBJECT, context), Held((("own", document),))).effect == "no"


def test_an_empty_condition_is_well_formed():
    assert decided({**READ, "Effect": "Allow", "Condition": {}}).effect == "allow"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Effect": "deny", "Condition": {}}, "no"),
        ({"Effect": "allow"}, "no"),
        ({"Effect": "Allow", "Condition": []}, "unknown"),
        ({"Effect": "Allow", "Condition": {"StringEquals": "x"}}, "unknown"),
    ],
)
def test_who_can_says_so(statement, expected):
    document = {"Version": "2012-10-17", "Statement": [{**READ, **statement}]}
    properties = {
        "RoleName": "app",
        "AssumeRolePolicyDocument": {"Statement": []},
        "Policies": [{"PolicyName": "own", "PolicyDocument": document}],
    }
    fragment = {
        "app": {"Type": "AWS::IAM::Role", "Properties": properties},
        "photos": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "photos"}},
    }
    (found,) = who_can(graph_of(fragment), "s3:GetObject", OBJECT)
    assert found.answer == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(effect=JSON, condition=JSON)
def test_whatever_stands_there_it_allows_only_as_allow_with_an_object(effect, condition):
    """Law: without the effect Allow and a condition that is an object nothing is ever allowed for certain."""
    found = decided({**READ, "Effect": effect, "Condition": condition}).effect
    assert found == "no" or effect == "Allow"
    assert found != "allow" or (condition == {} and isinstance(condition, dict))
