"""What must hold of every policy: an allow more never takes away, a denial more never gives."""

import fnmatch
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.graph.access.becoming.escalation import escalations
from auditor.graph.access.policy.callers import Caller
from auditor.graph.access.policy.context import Context
from auditor.graph.access.policy.documents import compiled
from auditor.graph.access.policy.evaluate import Held, Request, evaluate
from auditor.graph.access.policy.patterns import covers, like, meets
from tests.graph.access.account import ACCOUNT, account_graph, of, role, trusting, user

ACTIONS = ["s3:GetObject", "s3:PutObject", "iam:PassRole", "sts:AssumeRole", "kms:Decrypt"]
RESOURCES = ["arn:aws:s3:::b/k", "arn:aws:s3:::b/x/y", f"arn:aws:iam::{ACCOUNT}:role/r"]
patterns_of_actions = st.sampled_from([*ACTIONS, "*", "s3:*", "s3:Get*", "iam:*", "*:?utObject"])
patterns_of_resources = st.sampled_from(
    [*RESOURCES, "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/?"]
)
conditions = st.sampled_from(
    [
        None,
        {"StringEquals": {"aws:username": "k"}},
        {"StringNotEquals": {"aws:username": "k"}},
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"Null": {"aws:username": "true"}},
        {"IpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}},
    ]
)
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
who = st.sampled_from(
    ["*", {"AWS": ROOT}, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"}, {"Service": "s3.amazonaws.com"}]
)


@st.composite
def statement(draw, effects=("Allow", "Deny")):
    made = {
        "Effect": draw(st.sampled_from(effects)),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(
            st.lists(patterns_of_actions, min_size=1, max_size=2)
        ),
        draw(st.sampled_from(["Resource", "Resource", "NotResource"])): draw(
            st.lists(patterns_of_resources, min_size=1, max_size=2)
        ),
        "Principal": draw(who),
    }
    condition = draw(conditions)
    return {**made, "Condition": condition} if condition else made


some = st.lists(statement(), max_size=4)
layer = st.one_of(st.none(), some)
contexts = st.sampled_from([Context({}), Context({"aws:username": ("k",)}), Context({"aws:username": None})])
callers = st.sampled_from(
    [
        Caller("role", f"arn:aws:iam::{ACCOUNT}:role/app", ACCOUNT),
        Caller("user", f"arn:aws:iam::{ACCOUNT}:user/k", ACCOUNT),
    ]
)
questions = st.builds(
    Request,
    callers,
    st.sampled_from(ACTIONS),
    st.sampled_from([*RESOURCES, "*", "arn:aws:s3:::b/*"]),
    contexts,
    st.sampled_from(["", ACCOUNT, "999988887777"]),
)
RANK = {"no": 0, "deny": 0, "depends": 1, "allow": 2}
LAYERS = ("identity", "boundary", "session", "resource")


def held(layers):
    made = {
        name: None if statements is None else (("p", compiled({"Version": "2012-10-17", "Statement": statements})),)
        for name, statements in layers.items()
    }
    return Held(made["identity"] or (), made["boundary"], made["session"], made["resource"])


def rank(question, layers):
    return RANK[evaluate(question, held(layers)).effect]


layers = st.fixed_dictionaries(dict.fromkeys(LAYERS, layer))


@settings(max_examples=400, deadline=None)
@given(questions, layers, st.sampled_from(LAYERS), statement(("Allow",)))
def test_an_allow_more_never_shrinks(question, given_layers, where, more):
    if given_layers[where] is None:
        return  # a boundary that is put in place is no allow more
    grown = {**given_layers, where: [*given_layers[where], more]}
    assert rank(question, grown) >= rank(question, given_layers)


@settings(max_examples=400, deadline=None)
@given(questions, layers, st.sampled_from(LAYERS), statement(("Deny",)))
def test_a_denial_more_never_grows(question, given_layers, where, more):
    if given_layers[where] is None:
        return
    shrunk = {**given_layers, where: [*given_layers[where], more]}
    assert rank(question, shrunk) <= rank(question, given_layers)


@settings(max_examples=200, deadline=None)
@given(questions, layers, st.randoms())
def test_the_order_of_statements_says_nothing(question, given_layers, random):
    mixed = {name: each and random.sample(each, len(each)) for name, each in given_layers.items()}
    assert rank(question, mixed) == rank(question, given_layers)


texts = st.text("ab:/", max_size=5)
globs = st.text("ab:*?", max_size=5)


@given(globs, texts)
def test_wildcards_are_those_of_the_shell(pattern, text):
    assert like(pattern, text) is (re.fullmatch(fnmatch.translate(pattern), text) is not None)


@given(globs, globs, texts)
def test_what_covers_and_what_meets(one, other, text):
    if like(one, text) and like(other, text):
        assert meets(one, other)
    if covers(one, other) and like(other, text):
        assert like(one, text)


grants = st.sampled_from(
    [
        "sts:AssumeRole",
        "iam:PassRole",
        "lambda:*",
        "iam:CreateAccessKey",
        "iam:PutUserPolicy",
        "iam:UpdateAssumeRolePolicy",
    ]
)
places = st.sampled_from(
    ["*", f"arn:aws:iam::{ACCOUNT}:role/r*", "arn:aws:iam::*:role/admin", f"arn:aws:iam::{ACCOUNT}:user/u1"]
)
ORDER = {"no": 0, "unknown": 0, "depends": 1, "yes": 2, "admin": 3}


@st.composite
def accounts(draw):
    people = []
    trusts = st.sampled_from(
        [trusting(ROOT), trusting("lambda.amazonaws.com", "Service"), trusting(f"arn:aws:iam::{ACCOUNT}:user/u0")]
    )
    for number in range(3):
        rights = [
            {"Effect": "Allow", "Action": action, "Resource": place}
            for action, place in draw(st.lists(st.tuples(grants, places), max_size=2))
        ]
        people.append(
            user(f"u{number}", *rights) if draw(st.booleans()) else role(f"r{number}", *rights, trust=[draw(trusts)])
        )
    return [*people, role("admin", {"Effect": "Allow", "Action": "*", "Resource": "*"}, trust=[draw(trusts)])]


@settings(max_examples=60, deadline=None)
@given(accounts(), st.integers(0, 2), grants, places, st.sampled_from(["Allow", "Deny"]))
def test_escalations_grow_with_allows_and_shrink_with_denials(people, number, action, place, effect):
    def outcomes(changed):
        return {each.principal.name: ORDER[each.outcome] for each in escalations(account_graph(of(*changed)))}

    one = people[number]
    key = next(name for name in ("UserPolicyList", "RolePolicyList") if name in one)
    extra = {
        "PolicyName": "more",
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": effect, "Action": action, "Resource": place}],
        },
    }
    after = outcomes([*people[:number], {**one, key: [*one[key], extra]}, *people[number + 1 :]])
    before = outcomes(people)
    for name, value in before.items():
        assert after[name] >= value if effect == "Allow" else after[name] <= value
