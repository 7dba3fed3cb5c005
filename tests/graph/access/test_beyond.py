"""Administrators that nobody has made yet: by what a principal can make, give, or take away.

Each expectation is worked out from AWS's documentation of the actions: what they are done to, which condition keys
they carry, and what a permissions boundary or a denial leaves.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.graph.access.becoming.escalation import escalations
from auditor.graph.access.becoming.names import common
from auditor.graph.access.becoming.ways import CENTRAL, TAKES
from auditor.graph.access.entering import entrances
from auditor.graph.access.policy.patterns import fits, meets
from tests.graph.access.account import (
    ACCOUNT,
    account_graph,
    allow,
    deny,
    group,
    of,
    policy,
    policy_arn,
    role,
    trusting,
    user,
)
from tests.work import steps


def made(found):
    """What somebody would have to make first."""
    return tuple(dict.fromkeys(text for step in found.path for text in step.makes))


AWS = "arn:aws:iam::aws:policy/"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ME = f"arn:aws:iam::{ACCOUNT}:user/x"
APP = f"arn:aws:iam::{ACCOUNT}:role/app-*"
LAMBDA = ["lambda:CreateFunction", "lambda:InvokeFunction"]


def outcome(*principals, policies=(), name="x"):
    found = escalations(account_graph(of(*principals, policies=policies)))
    return next(each for each in found if each.principal.name == name)


def only(*arns):
    return {"Condition": {"ArnEquals": {"iam:PolicyARN": list(arns)}}}


def bound(arn):
    return {"Condition": {"StringEquals": {"iam:PermissionsBoundary": arn}}}


MAKES_A_ROLE = [
    # A trust policy of its own lets it in; a policy of its own has to say nothing of sts:AssumeRole (same account).
    ([allow(["iam:CreateRole", "iam:AttachRolePolicy"])], "yes"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"])], "yes"),
    ([allow(["iam:CreateRole", "iam:AttachRolePolicy", "sts:AssumeRole"], APP)], "yes"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"], APP)], "yes"),
    ([allow("iam:CreateRole", APP), allow("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/*-admin")], "yes"),
    ([allow("iam:CreateRole", APP), allow("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/web-*")], "no"),
    ([allow("iam:CreateRole"), allow("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/app-?")], "yes"),
    ([allow("iam:CreateRole")], "no"),
    ([allow("iam:CreateRole"), allow("iam:AttachRolePolicy", **only(f"{AWS}ReadOnlyAccess"))], "no"),
    ([allow("iam:CreateRole"), allow("iam:AttachRolePolicy", **only(f"{AWS}IAMFullAccess"))], "yes"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"]), deny("iam:PutRolePolicy", APP)], "yes"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"]), {"Effect": "Deny", "Action": "iam:*", "NotResource": APP}], "yes"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"], APP), {"Effect": "Deny", "Action": "iam:*", "NotResource": ME}], "no"),
    # To pass it where it may not be assumed.
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"], APP), deny("sts:AssumeRole")], "no"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole"], APP), allow(LAMBDA), deny("sts:AssumeRole")], "yes"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole"], APP), allow("lambda:CreateFunction"), deny("sts:*")], "no"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"], APP), allow("iam:PassRole", ME), allow(LAMBDA), deny("sts:*")], "no"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole"], APP), allow("ec2:RunInstances"), deny("sts:*")], "no"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole"], APP),
      allow(["ec2:RunInstances", "iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"]), deny("sts:*")], "yes"),
    # A permissions boundary that every role of its own needs.
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"], **bound(policy_arn("limit")))], "no"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"], **bound(policy_arn("limit"))), allow("iam:DeleteRolePermissionsBoundary", APP)], "no"),
    ([allow("iam:CreateRole", **bound(policy_arn("limit"))), allow(["iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary"])], "yes"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"], **bound(policy_arn("wide")))], "yes"),
    ([allow(["iam:CreateRole", "iam:PutRolePolicy"], **bound(policy_arn("limit"))), allow("iam:CreatePolicyVersion")], "yes"),
]  # fmt: skip
LIMIT, WIDE = policy("limit", allow("s3:*")), policy("wide", allow("*"))


@pytest.mark.parametrize(("statements", "expected"), MAKES_A_ROLE)
def test_who_makes_a_role_of_its_own(statements, expected):
    found = outcome(user("x", *statements), policies=[LIMIT, WIDE])
    assert found.outcome == expected
    if expected == "yes":
        assert any(text.startswith(f"role arn:aws:iam::{ACCOUNT}:role/") for text in made(found)), found.path
        assert len(found.path) == 1


@pytest.mark.parametrize(
    "boss", [(), (role("admin", allow("*"), trust=[trusting("lambda.amazonaws.com", "Service")]),)]
)
def test_a_role_may_be_made_with_or_without_one_that_is_there(boss):
    maker = role("x", allow(["iam:CreateRole", "iam:AttachRolePolicy"], APP), trust=[trusting(ROOT)])
    found = outcome(maker, *boss)
    assert found.outcome == "yes"
    assert "attach AdministratorAccess to it, and assume it" in found.path[0].sentence
    assert "role/app-" in made(found)[0]


def test_what_is_there_already_cannot_be_created():
    one = f"arn:aws:iam::{ACCOUNT}:role/app-1"
    rights = allow(["iam:CreateRole", "iam:PutRolePolicy"], one)
    assert outcome(user("x", rights)).outcome == "yes"
    assert (
        outcome(user("x", rights), role("app-1", trust=[trusting("ec2.amazonaws.com", "Service")])).outcome == "depends"
    )


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow(["iam:CreateUser", "iam:AttachUserPolicy", "iam:CreateAccessKey"], f"arn:aws:iam::{ACCOUNT}:user/ci-*")], "yes"),
        ([allow(["iam:CreateUser", "iam:PutUserPolicy", "iam:CreateAccessKey"], f"arn:aws:iam::{ACCOUNT}:user/ci-*")], "yes"),
        ([allow(["iam:CreateUser", "iam:PutUserPolicy", "iam:CreateLoginProfile"], f"arn:aws:iam::{ACCOUNT}:user/ci-*")], "yes"),
        ([allow(["iam:CreateUser", "iam:PutUserPolicy"], f"arn:aws:iam::{ACCOUNT}:user/ci-*")], "no"),
        ([allow(["iam:CreateUser", "iam:CreateAccessKey"], f"arn:aws:iam::{ACCOUNT}:user/ci-*")], "no"),
        ([allow(["iam:CreateUser", "iam:CreateAccessKey"], f"arn:aws:iam::{ACCOUNT}:user/ci-*"),
          allow("iam:AddUserToGroup", f"arn:aws:iam::{ACCOUNT}:group/admins")], "yes"),
        ([allow(["iam:CreateGroup", "iam:PutGroupPolicy", "iam:AddUserToGroup"], f"arn:aws:iam::{ACCOUNT}:group/own-*")], "yes"),
        ([allow(["iam:CreateGroup", "iam:PutGroupPolicy"], f"arn:aws:iam::{ACCOUNT}:group/own-*")], "no"),
    ],
)  # fmt: skip
def test_who_makes_a_user_or_a_group_of_its_own(statements, expected):
    maker = role("x", *statements, trust=[trusting(ROOT)])
    kind = "group/own" in str(statements) or "group/admins" in str(statements)
    people = [user("x", *statements) if "own-" in str(statements) else maker]
    assert outcome(*people, group("admins", allow("*")) if kind else role("other")).outcome == expected


ATTACHES = [
    (["iam:AttachUserPolicy"], only(f"{AWS}AdministratorAccess"), [], "yes", "AdministratorAccess"),
    (["iam:AttachUserPolicy"], only(f"{AWS}IAMFullAccess"), [], "yes", "IAMFullAccess"),
    (["iam:AttachUserPolicy"], only(f"{AWS}PowerUserAccess"), [], "depends", ""),  # on functions that nobody looked for
    (["iam:AttachUserPolicy"], only(f"{AWS}PowerUserAccess"), [allow("iam:PassRole")], "yes", "PowerUserAccess"),
    (["iam:AttachUserPolicy"], only(policy_arn("deployers")), [], "yes", "deployers"),
    (["iam:AttachUserPolicy"], only(policy_arn("half"), policy_arn("other-half")), [], "yes", "half"),
    (["iam:AttachUserPolicy"], only(policy_arn("half")), [], "no", ""),
    (["iam:AttachUserPolicy"], only(policy_arn("readers")), [], "no", ""),
    (["iam:AttachUserPolicy"], only(policy_arn("readers")), [allow("iam:CreatePolicyVersion", policy_arn("readers"))], "yes", "readers"),
]  # fmt: skip
POLICIES = [
    policy("deployers", allow("iam:PutUserPolicy", ME)),
    policy("half", allow("iam:PassRole")),
    policy("other-half", allow(LAMBDA)),
    policy("readers", allow("s3:Get*")),
]


@pytest.mark.parametrize(("rights", "condition", "more", "expected", "named"), ATTACHES)
def test_any_policy_that_comes_to_an_administrator_may_be_attached(rights, condition, more, expected, named):
    boss = role("boss", allow("*"), trust=[trusting("lambda.amazonaws.com", "Service")])
    found = outcome(user("x", allow(rights, ME, **condition), *more), boss, policies=POLICIES)
    assert found.outcome == expected
    assert named in (found.path[0].sentence if found.path else "")


def test_where_administrator_access_is_denied_another_policy_does_it_and_only_what_it_takes_is_told():
    guard = deny("iam:AttachUserPolicy", Condition={"ArnEquals": {"iam:PolicyARN": f"{AWS}AdministratorAccess"}})
    found = outcome(user("x", allow("iam:AttachUserPolicy"), guard), policies=POLICIES)
    assert found.outcome == "yes"
    assert "IAMFullAccess" in found.path[0].sentence or "deployers" in found.path[0].sentence
    assert "readers" not in found.path[0].sentence
    assert found.path[0].sentence.count("attach") == 1


def test_a_policy_of_ones_own_can_be_attached():
    fits_names = {"Condition": {"ArnLike": {"iam:PolicyARN": policy_arn("team-*")}}}
    attach = allow("iam:AttachUserPolicy", ME, **fits_names)
    found = outcome(user("x", attach, allow("iam:CreatePolicy")))
    assert (found.outcome, made(found)) == ("yes", (f"policy {policy_arn('team-new')}",))
    assert outcome(user("x", attach, allow("iam:CreatePolicy", policy_arn("web-*")))).outcome == "no"
    assert outcome(user("x", attach)).outcome == "no"


BOUND = f"arn:aws:iam::{ACCOUNT}:policy/limit"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (["iam:DeleteUserPermissionsBoundary"], "yes"),
        (["iam:PutUserPermissionsBoundary"], "yes"),
        (["iam:CreatePolicyVersion"], "yes"),
        (["iam:DeleteRolePermissionsBoundary"], "no"),
        ([], "no"),
    ],
)
def test_who_removes_its_own_boundary(inside, expected):
    limit = policy("limit", allow(["s3:*", *inside]))
    found = outcome(user("x", allow("*"), boundary="limit"), policies=[limit])
    assert found.outcome == expected


def test_a_boundary_that_a_policy_of_aws_may_replace():
    limit = policy("limit", allow("iam:PutUserPermissionsBoundary", **bound(f"{AWS}IAMFullAccess")))
    assert outcome(user("x", allow("*"), boundary="limit"), policies=[limit]).outcome == "yes"
    limit = policy("limit", allow("iam:PutUserPermissionsBoundary", **bound(policy_arn("readers"))))
    assert (
        outcome(user("x", allow("*"), boundary="limit"), policies=[limit, policy("readers", allow("s3:*"))]).outcome
        == "no"
    )


GUARD = ["iam:Put*", "iam:Attach*", "iam:Create*", "iam:Update*", "iam:Add*", "iam:PassRole", "iam:SetDefault*"]


@pytest.mark.parametrize(
    ("rights", "guarded", "expected"),
    [
        (["iam:DetachUserPolicy", "iam:PutUserPolicy"], GUARD, "yes"),
        (["iam:DetachUserPolicy", "iam:PutUserPolicy"], [*GUARD, "iam:DetachUserPolicy"], "no"),
        (["iam:DetachRolePolicy", "iam:PutUserPolicy"], GUARD, "no"),
        (["iam:DeleteUserPolicy", "iam:PutUserPolicy"], GUARD, "no"),  # the guard is no inline policy
        (["iam:DetachUserPolicy"], GUARD, "no"),  # nothing was behind the guard
    ],
)
def test_who_detaches_the_policy_that_denies(rights, guarded, expected):
    x = user("x", allow(rights), attached=["guard"])
    assert outcome(x, policies=[policy("guard", deny(guarded))]).outcome == expected


def test_who_deletes_the_inline_policy_that_denies_or_leaves_the_group_that_does():
    shut = {"PolicyName": "shut", "PolicyDocument": {"Version": "2012-10-17", "Statement": [deny(GUARD)]}}
    x = user("x", allow(["iam:DeleteUserPolicy", "iam:PutUserPolicy"]))
    x["UserPolicyList"].append(shut)
    found = outcome(x)
    assert (found.outcome, "shut" in found.path[0].sentence) == ("yes", True)
    for leaving in ("iam:RemoveUserFromGroup", "iam:DeleteGroupPolicy"):
        y = user("x", allow([leaving, "iam:PutUserPolicy"]), groups=["shut"])
        assert outcome(y, group("shut", deny(GUARD))).outcome == "yes", leaving
    assert outcome(user("x", allow("iam:PutUserPolicy"), groups=["shut"]), group("shut", deny(GUARD))).outcome == "no"


def test_what_one_change_allows_the_next_may_use():
    """Out of the boundary, then rid of the denial, then a role of its own."""
    limit = policy("limit", allow("iam:DeleteUserPermissionsBoundary"))
    guard = policy("guard", deny(["iam:CreateRole", "iam:PutRolePolicy"]))
    x = user(
        "x",
        allow(["iam:Delete*", "iam:Detach*", "iam:CreateRole", "iam:PutRolePolicy"]),
        boundary="limit",
        attached=["guard"],
    )
    found = outcome(x, policies=[limit, guard])
    assert found.outcome == "yes"
    assert len(found.path) == 1
    places = [found.path[0].sentence.index(text) for text in ("permissions boundary", "guard", "create a role")]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", ["ecs:StartTask", "ecs:RunTask"])
def test_a_task_that_runs_its_own_command_with_a_role_that_is_passed(kind):
    boss = role("boss", allow("*"), trust=[trusting("ecs-tasks.amazonaws.com", "Service")])
    found = outcome(user("x", allow(["iam:PassRole", kind])), boss)
    assert found.outcome == "depends"
    assert "task definition" in found.asks[0]
    assert outcome(user("x", allow(kind)), boss).outcome == "no"


SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
BY_SAML = {"Effect": "Allow", "Principal": {"Federated": SAML}, "Action": "sts:AssumeRoleWithSAML",
           "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}  # fmt: skip
BY_OIDC = {"Effect": "Allow", "Principal": {"Federated": OIDC}, "Action": "sts:AssumeRoleWithWebIdentity",
           "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/app:*"}}}  # fmt: skip


@pytest.mark.parametrize("way", [way for way in TAKES if way.on in ("saml", "oidc")], ids=lambda way: way.id)
def test_who_changes_an_identity_provider_signs_in_to_what_trusts_it(way):
    trust = BY_SAML if way.on == "saml" else BY_OIDC
    boss = role("boss", allow("*"), trust=[trust])
    found = outcome(user("x", allow(list(way.actions))), boss)
    assert found.outcome == ("depends" if way.asks else "yes")
    assert way.asks in ("", *found.asks)
    elsewhere = allow(list(way.actions), SAML.replace("idp", "other"))
    assert outcome(user("x", elsewhere), boss).outcome == "no"
    stranger = role("boss", allow("*"), trust=[trusting("ec2.amazonaws.com", "Service")])
    assert outcome(user("x", allow(list(way.actions))), stranger).outcome == "no"


def test_the_provider_of_identity_center_is_aws_s_own():
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"
    boss = role("boss", allow("*"), trust=[{**BY_SAML, "Principal": {"Federated": provider}}])
    assert outcome(user("x", allow("iam:UpdateSAMLProvider")), boss).outcome == "depends"


@pytest.mark.parametrize("way", CENTRAL, ids=lambda way: way.id)
def test_permission_sets_make_an_administrator_and_each_right_is_needed(way):
    found = outcome(user("x", allow(list(way.actions))))
    assert found.outcome == "depends"
    assert way.asks in found.asks
    for missing in way.actions if len(way.actions) > 1 else ():
        left = [right for right in way.actions if right != missing]
        assert all(step.way != way.id for step in outcome(user("x", allow(left))).path)


def outside(trust):
    graph = account_graph(of(role("boss", allow("*"), trust=trust)))
    return [(each.kind, each.sentence) for each in entrances(graph.of_type("AWS::IAM::Role")[0])]


@pytest.mark.parametrize(
    ("trust", "named"),
    [
        ([BY_OIDC], ["token.actions.githubusercontent.com", "repo:acme/app:*"]),
        ([trusting("arn:aws:iam::999988887777:root")], ["999988887777"]),
        ([trusting("999988887777")], ["999988887777"]),
        ([trusting("arn:aws:iam::999988887777:role/ci")], ["role/ci"]),
        ([trusting("*")], ["everybody"]),
        ([BY_SAML], ["idp"]),
        ([trusting("ec2.amazonaws.com", "Service")], None),
        ([trusting(ROOT)], None),
        ([trusting(ME)], None),
        ([{**BY_OIDC, "Action": "sts:TagSession"}], None),
        ([BY_OIDC, {**BY_OIDC, "Effect": "Deny", "Condition": {}}], None),
    ],
)
def test_who_comes_from_outside_into_a_role_is_named(trust, named):
    found = outside(trust)
    assert bool(found) is (named is not None)
    assert all(text in found[0][1] for text in named or ())


# ---- laws

patterns = st.text("ab*?", max_size=6)


@settings(max_examples=500, deadline=None)
@given(st.lists(patterns, min_size=1, max_size=3))
def test_a_common_text_is_meant_by_every_pattern_and_is_found_where_there_is_one(found):
    text = common(found, "a")
    if text is not None:
        assert all(fits(each, text) for each in found)
    elif len(found) <= 2:
        assert not meets(found[0], found[-1])


NAMES = ["*", APP, f"arn:aws:iam::{ACCOUNT}:role/*-admin", f"arn:aws:iam::{ACCOUNT}:user/*", ME]
RIGHTS = ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreateUser", "iam:PutUserPolicy",
          "iam:CreateAccessKey", "iam:DeleteUserPermissionsBoundary", "iam:DetachUserPolicy", "iam:PassRole",
          "iam:CreatePolicyVersion", "iam:UpdateSAMLProvider", "lambda:*", "iam:AttachUserPolicy"]  # fmt: skip
ORDER = {"no": 0, "unknown": 0, "depends": 1, "yes": 2, "admin": 3}
statement = st.builds(
    lambda effect, action, name: {"Effect": effect, "Action": action, "Resource": name},
    st.sampled_from(["Allow", "Allow", "Allow", "Deny"]),
    st.sampled_from(RIGHTS),
    st.sampled_from(NAMES),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(statement, max_size=4), st.booleans(), st.sampled_from(RIGHTS), st.sampled_from(NAMES))
def test_an_allow_more_never_removes_a_way(statements, limited, action, name):
    def worst(*more):
        own = [*statements, *more]
        shut = policy("guard", deny("iam:Put*"))
        x = user("x", *own, attached=["guard"], **({"boundary": "limit"} if limited else {}))
        boss = role("boss", allow("*"), trust=[BY_SAML, trusting("lambda.amazonaws.com", "Service")])
        return ORDER[outcome(x, boss, policies=[shut, policy("limit", allow(["iam:D*", "iam:P*"]))]).outcome]

    assert worst(allow(action, name)) >= worst()


ROLES = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("app-new", "app-admin", "web-admin", "new", "x")]


@settings(max_examples=40, deadline=None)
@given(st.lists(statement, max_size=5))
def test_whoever_may_create_and_then_raise_the_same_role_is_found(statements):
    """By brute force: the engine that judges single requests is asked about each name, one action after the other."""
    from auditor.graph.access.becoming.rights import Rights

    graph = account_graph(of(user("x", *statements)))
    rights = Rights(graph)
    x = rights.identities[ME]
    free = {"iam:PermissionsBoundary": None}
    both = any(
        rights.allowed(x, "iam:CreateRole", arn, free).value and rights.allowed(x, "iam:PutRolePolicy", arn, free).value
        for arn in ROLES
    )
    found = next(each for each in escalations(graph) if each.principal.name == "x")
    assert not both or found.outcome == "yes"


def test_who_makes_roles_under_names_of_its_own_is_not_held_against_every_policy():
    """With twice as many principals, roles and policies it is twice the work, and not eight times."""

    def judged(size):
        def place(number):
            return f"arn:aws:iam::{ACCOUNT}:role/app{number}-*"

        people = [
            user(
                f"u{n}",
                allow(["iam:CreateRole", "iam:PassRole"], place(n)),
                allow("iam:AttachRolePolicy", place(n), **only(policy_arn(f"p{n}"))),
                allow(LAMBDA),
            )
            for n in range(size)
        ]
        roles = [role(f"app{n}-0", trust=[trusting("lambda.amazonaws.com", "Service")]) for n in range(size)]
        policies = [policy(f"p{n}", allow("s3:Get*")) for n in range(size)]
        graph = account_graph(of(*people, *roles, policies=policies))
        assert {each.outcome for each in escalations(graph)} == {"no"}

    judged(60)  # what is kept of a text is kept from here on
    assert steps(lambda: judged(60)) < 2.4 * steps(lambda: judged(30))
