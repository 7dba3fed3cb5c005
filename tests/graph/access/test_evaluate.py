"""Policies together, worked by hand from AWS's evaluation logic (reference_policies_evaluation-logic)."""

from dataclasses import replace

import pytest

from auditor.graph.access.policy.callers import Caller
from auditor.graph.access.policy.context import Context
from auditor.graph.access.policy.documents import compiled
from auditor.graph.access.policy.evaluate import Held, Request, evaluate
from auditor.graph.access.policy.known import of_service
from tests.graph.access.account import allow, deny

OWN, OTHER = "111122223333", "999988887777"
ROLE = Caller("role", f"arn:aws:iam::{OWN}:role/app", OWN)
USER = Caller("user", f"arn:aws:iam::{OWN}:user/ann", OWN)
LAMBDA = Caller("service", "lambda.amazonaws.com")
ROOT = f"arn:aws:iam::{OWN}:root"
OBJECT = "arn:aws:s3:::b/k"


def documents(*statements):
    return (("policy", compiled({"Version": "2012-10-17", "Statement": list(statements)})),)


def to(who, actions="s3:*", effect="Allow", kind="AWS", element="Principal", **more):
    return {"Effect": effect, element: "*" if who == "*" else {kind: who}, "Action": actions, "Resource": "*", **more}


def effect(caller=ROLE, action="s3:GetObject", resource=OBJECT, account=OWN, context=None, **held):
    request = Request(caller, action, resource, context or Context(), account)
    return evaluate(request, Held(**held)).effect


ALL, NONE = documents(allow("*")), documents()
S3 = documents(allow("s3:*"))


@pytest.mark.parametrize(
    ("identity", "boundary", "session", "expected"),
    [
        # AWS: effective permissions are what identity policy, boundary and session policy have in common.
        (ALL, None, None, "allow"),
        (ALL, S3, None, "allow"),
        (ALL, documents(allow("ec2:*")), None, "no"),
        (NONE, ALL, None, "no"),  # a boundary grants nothing
        (ALL, ALL, documents(allow("s3:Put*")), "no"),
        (ALL, ALL, S3, "allow"),
        (NONE, None, ALL, "no"),
        (ALL, documents(allow("*"), deny("s3:*")), None, "deny"),
        (ALL, None, documents(allow("*"), deny("s3:*")), "deny"),
    ],
)
def test_identity_boundary_and_session(identity, boundary, session, expected):
    assert effect(identity=identity, boundary=boundary, session=session) == expected


@pytest.mark.parametrize(
    ("scps", "expected"),
    [
        ((), "allow"),
        ((ALL, ALL), "allow"),
        ((ALL, S3), "allow"),
        ((ALL, NONE), "no"),  # every level from the root to the account has to allow
        ((S3, documents(allow("ec2:*"))), "no"),
        ((ALL, documents(allow("*"), deny("s3:*"))), "deny"),
        (
            (ALL, documents(allow("*"), deny("s3:*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}))),
            "depends",
        ),
    ],
)
def test_service_control_policies(scps, expected):
    assert effect(identity=ALL, scps=scps) == expected
    linked = Caller("role", ROLE.arn, OWN, linked=True)
    # AWS: SCPs do not affect service-linked roles, nor what services do by themselves.
    assert effect(caller=linked, identity=ALL, scps=scps) == "allow"
    request = Request(LAMBDA, "s3:GetObject", OBJECT, account=OWN)
    assert evaluate(request, Held(resource=documents(to(LAMBDA.arn, kind="Service")), scps=scps)).effect == "allow"


def test_resource_control_policies_bind_services_and_strangers_too():
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html"""
    opened = documents(to("lambda.amazonaws.com", kind="Service"))
    closed = documents(allow("*"), deny("s3:*", Condition={"StringNotEquals": {"aws:SourceOrgID": "o-1"}}))
    foreign = Context({"aws:sourceorgid": ("o-2",)})
    request = Request(LAMBDA, "s3:GetObject", OBJECT, foreign, OWN)
    assert evaluate(request, Held(resource=opened)).effect == "allow"
    assert evaluate(request, Held(resource=opened, rcps=(closed,))).effect == "deny"
    linked = Caller("role", ROLE.arn, OWN, linked=True)
    assert effect(caller=ROLE, identity=ALL, rcps=(documents(deny("s3:*")),)) == "deny"
    assert effect(caller=linked, identity=ALL, rcps=(documents(deny("s3:*")),)) == "allow"


@pytest.mark.parametrize(
    ("statements", "action", "expected"),
    [
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "s3:GetObject", "allow"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "iam:PassRole", "no"),
        # AWS: NotAction with Deny refuses everything but what is named; it does not allow what is named.
        ([{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}], "iam:PassRole", "no"),
        ([allow("*"), {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}], "iam:PassRole", "allow"),
        ([allow("*"), {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}], "s3:GetObject", "deny"),
        ([{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}], "s3:GetObject", "no"),
        ([{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::c/*"}], "s3:GetObject", "allow"),
        (
            [allow("*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}],
            "s3:GetObject",
            "allow",
        ),
        ([allow("*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::c/*"}], "s3:GetObject", "deny"),
        ([allow("S3:getobject")], "s3:GetObject", "allow"),  # actions know no case
        ([allow("s3:*", "arn:aws:s3:::B/*")], "s3:GetObject", "no"),  # resources do
        ([allow("s3:Get?bject", "arn:aws:s3:::b/?")], "s3:GetObject", "allow"),
    ],
)
def test_elements_that_say_what_is_not_meant(statements, action, expected):
    assert effect(action=action, identity=documents(*statements)) == expected


@pytest.mark.parametrize(
    ("resource", "statements", "expected"),
    [
        # A question about a pattern: is there any such resource?
        ("arn:aws:s3:::b/*", [allow("s3:*", "arn:aws:s3:::b/up/*")], "allow"),
        ("arn:aws:s3:::b/*", [allow("s3:*", "arn:aws:s3:::c/*")], "no"),
        ("arn:aws:s3:::b/*", [allow("s3:*"), deny("s3:*", "arn:aws:s3:::b/secret/*")], "allow"),
        ("arn:aws:s3:::b/*", [allow("s3:*"), deny("s3:*", "arn:aws:s3:::b/*")], "deny"),
        ("arn:aws:s3:::b/*", [allow("s3:*", "arn:aws:s3:::b/up/*"), deny("s3:*", "arn:aws:s3:::b/up*")], "deny"),
        ("*", [allow("s3:*", "arn:aws:s3:::b/*"), deny("s3:*", "arn:aws:s3:::c/*")], "allow"),
    ],
)
def test_patterns_of_resources(resource, statements, expected):
    assert effect(resource=resource, identity=documents(*statements)) == expected


SESSION = f"arn:aws:sts::{OWN}:assumed-role/app/one"
WHOLE = [ROLE.arn, SESSION, ROOT]
SAME = [
    # Who holds what, what the resource's policy says: AWS's table of access inside one account.
    (ROLE, ALL, None, "allow"),
    (ROLE, NONE, documents(to(ROLE.arn)), "allow"),
    (ROLE, NONE, documents(to(ROOT)), "no"),  # the account may give it on, and does not
    (ROLE, ALL, documents(to(ROOT)), "allow"),
    (ROLE, ALL, documents(to(ROLE.arn, effect="Deny")), "deny"),
    (ROLE, ALL, documents(to(ROOT, effect="Deny")), "deny"),
    (ROLE, NONE, documents(to("*")), "allow"),
    (ROLE, NONE, documents(to(f"arn:aws:sts::{OWN}:assumed-role/app/one")), "depends"),
    (ROLE, NONE, documents(to("s3.amazonaws.com", kind="Service")), "no"),
    (ROLE, ALL, documents(to(USER.arn, "s3:*", "Deny", element="NotPrincipal")), "deny"),
    # AWS: name the account as well, or the denial might hit the one that is named.
    (ROLE, ALL, documents(to(ROLE.arn, "s3:*", "Deny", element="NotPrincipal")), "depends"),
    # And for a role its session: both ARNs are what the principal of such a request consists of.
    (ROLE, ALL, documents(to([ROLE.arn, ROOT], "s3:*", "Deny", element="NotPrincipal")), "depends"),
    (ROLE, ALL, documents(to([SESSION, ROOT], "s3:*", "Deny", element="NotPrincipal")), "depends"),
    (ROLE, ALL, documents(to([ROLE.arn, SESSION], "s3:*", "Deny", element="NotPrincipal")), "depends"),
    (ROLE, ALL, documents(to(ROOT, "s3:*", "Deny", element="NotPrincipal")), "deny"),
    (USER, ALL, documents(to([USER.arn, ROOT], "s3:*", "Deny", element="NotPrincipal")), "allow"),
    (USER, ALL, documents(to(USER.arn, "s3:*", "Deny", element="NotPrincipal")), "depends"),
    # Who has a permissions boundary is denied, whatever is named.
    (replace(USER, bounded=True), ALL, documents(to([USER.arn, ROOT], "s3:*", "Deny", element="NotPrincipal")), "deny"),
    (replace(ROLE, bounded=True), ALL, documents(to(WHOLE, "s3:*", "Deny", element="NotPrincipal")), "deny"),
]


@pytest.mark.parametrize(("caller", "identity", "resource", "expected"), SAME)
def test_one_account(caller, identity, resource, expected):
    request = Request(caller, "s3:GetObject", OBJECT, account=OWN)
    assert evaluate(request, Held(identity, resource=resource)).effect == expected


ARN_OF_ROLE = {"StringEquals": {"aws:PrincipalArn": ROLE.arn}}
IS_ROLE = Context({"aws:principalarn": (ROLE.arn,)})
LIMITED = [
    # Who, whom the resource's policy names, and what is left where a boundary or a session policy leaves it out.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    (USER, to(USER.arn), "boundary", "allow"),
    (USER, to(USER.arn), "session", "no"),  # it then calls as a federated session, which is not the user
    (ROLE, to(ROLE.arn), "boundary", "no"),
    (ROLE, to(ROLE.arn), "session", "no"),
    (ROLE, to(f"arn:aws:sts::{OWN}:assumed-role/app/one"), "boundary", "depends"),
    (ROLE, to(f"arn:aws:sts::{OWN}:assumed-role/app/one"), "session", "depends"),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html, IAM roles
    (ROLE, to("*", Condition=ARN_OF_ROLE), "boundary", "allow"),
    (ROLE, to("*", Condition=ARN_OF_ROLE), "session", "allow"),
    (ROLE, to(ROOT), "boundary", "no"),
    (ROLE, to(ROOT), "session", "no"),
]


@pytest.mark.parametrize(("caller", "opened", "layer", "expected"), LIMITED)
def test_what_a_resource_gives_beside_boundaries_and_session_policies(caller, opened, layer, expected):
    request = Request(caller, "s3:GetObject", OBJECT, IS_ROLE if caller is ROLE else Context(), OWN)
    limits = documents(allow("ec2:*"))
    held = Held(ALL if opened == to(ROOT) else NONE, resource=documents(opened), **{layer: limits})
    assert evaluate(request, held).effect == expected
    refused = Held(NONE, resource=documents(opened), **{layer: documents(allow("*"), deny("s3:*"))})
    assert evaluate(request, refused).effect == "deny"  # a denial that is said decides everywhere


@pytest.mark.parametrize(
    ("identity", "resource", "expected"),
    [
        (ALL, None, "no"),
        (NONE, documents(to(ROLE.arn)), "no"),
        (ALL, documents(to(ROLE.arn)), "allow"),
        (ALL, documents(to(ROOT)), "allow"),
        (ALL, documents(to(OWN)), "allow"),
        (ALL, documents(to("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})), "depends"),
    ],
)
def test_two_accounts_both_have_to_allow(identity, resource, expected):
    request = Request(ROLE, "s3:GetObject", OBJECT, account=OTHER)
    assert evaluate(request, Held(identity, resource=resource)).effect == expected


@pytest.mark.parametrize(
    ("action", "resource", "identity", "expected"),
    [
        # AWS: for keys and roles the policy on the resource has to agree, in the same account too.
        ("kms:Decrypt", None, ALL, "no"),
        ("kms:Decrypt", to(ROOT, "kms:*"), ALL, "allow"),
        ("kms:Decrypt", to(ROOT, "kms:*"), NONE, "no"),
        ("kms:Decrypt", to(ROLE.arn, "kms:Decrypt"), NONE, "allow"),
        ("kms:Decrypt", to(ROLE.arn, "kms:Encrypt"), ALL, "no"),
        # What is done to no key asks no key's policy.
        ("kms:ListKeys", None, ALL, "allow"),
        ("kms:CreateKey", None, ALL, "allow"),
        ("kms:ConnectCustomKeyStore", None, ALL, "allow"),
        ("kms:ListKeys", None, NONE, "no"),
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html: the trust policy has to allow it too
        ("sts:TagSession", None, ALL, "no"),
        ("sts:TagSession", to(ROOT, ["sts:AssumeRole", "sts:TagSession"]), ALL, "allow"),
        ("sts:AssumeRole", None, ALL, "no"),
        ("sts:AssumeRole", to(ROOT, "sts:AssumeRole"), NONE, "no"),
        ("sts:AssumeRole", to(ROLE.arn, "sts:AssumeRole"), NONE, "allow"),
    ],
)
def test_keys_and_roles_have_to_trust(action, resource, identity, expected):
    request = Request(ROLE, action, "arn:aws:kms:us-east-1:111122223333:key/1", account=OWN)
    assert evaluate(request, Held(identity, resource=documents(resource) if resource else None)).effect == expected


@pytest.mark.parametrize(
    ("source", "expected"), [(("111122223333",), "allow"), (("999988887777",), "no"), (None, "no"), ("open", "depends")]
)
def test_a_service_is_let_in_on_behalf_of_the_account_that_is_named(source, expected):
    opened = documents(to("sns.amazonaws.com", kind="Service", Condition={"StringEquals": {"aws:SourceAccount": OWN}}))
    context = Context() if source == "open" else Context({"aws:sourceaccount": source})
    request = Request(Caller("service", "sns.amazonaws.com"), "s3:GetObject", OBJECT, context, OWN)
    assert evaluate(request, Held(resource=opened)).effect == expected


@pytest.mark.parametrize(
    ("version", "key", "expected"),
    [("2012-10-17", "ann/x", "allow"), ("2012-10-17", "bob/x", "no"), ("2008-10-17", "ann/x", "no")],
)
def test_variables_in_resources_are_of_the_newer_version(version, key, expected):
    document = compiled({"Version": version, "Statement": [allow("s3:*", "arn:aws:s3:::b/${aws:username}/*")]})
    request = Request(USER, "s3:GetObject", f"arn:aws:s3:::b/{key}", Context({"aws:username": ("ann",)}), OWN)
    assert evaluate(request, Held((("policy", document),))).effect == expected


def test_an_answer_names_its_keys_and_its_statements():
    found = evaluate(
        Request(ROLE, "s3:GetObject", OBJECT, account=OWN),
        Held(documents(allow("s3:*", Sid="FromOffice", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))),
    )
    assert (found.effect, found.keys) == ("depends", ("aws:SourceIp",))
    assert "policy (FromOffice)" in found.because


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, "deny"),
        ({"Bool": {"aws:SecureTransport": "false"}}, "allow"),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, "deny"),  # a service is in no organization
        ({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, "deny"),
        (
            {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
            "allow",
        ),
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, "deny"),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, "allow"),
    ],
)
def test_a_denial_to_everybody_means_services_too(condition, expected):
    """AWS: that is why policies of a data perimeter spare them by aws:PrincipalIsAWSService."""
    more = {"Condition": condition} if condition else {}
    policy = documents(to("sns.amazonaws.com", kind="Service"), to("*", effect="Deny", **more))
    caller, context = Caller("service", "sns.amazonaws.com"), of_service("sns.amazonaws.com", OWN)
    request = Request(caller, "s3:GetObject", OBJECT, context, OWN)
    assert evaluate(request, Held(resource=policy)).effect == expected
