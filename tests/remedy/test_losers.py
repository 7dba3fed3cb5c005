"""Who loses what by a change: what deploys is left to a person, every other loss is said and never made unasked."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.graph.build import build
from auditor.model import GLOBAL, Change, Finding, Gap, Inventory, Resource
from auditor.remedy.plan import Parts, make_plan, remedy_for
from auditor.resources import load

ACCOUNT = "111122223333"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
CDK = f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-ap-northeast-2"
TYPES = load()


def allow(**principal: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}


def role(name: str, *statements: dict[str, Any], **more: Any) -> Resource:
    trust = {"Version": "2012-10-17", "Statement": list(statements)}
    properties = {"RoleName": name, "AssumeRolePolicyDocument": trust, "ManagedPolicyArns": [ADMIN], "Policies": []}
    return held("AWS::IAM::Role", name, "role", **properties, **more)


def held(cfn: str, name: str, noun: str, **properties: Any) -> Resource:
    arn = f"arn:aws:iam::{ACCOUNT}:{noun}/{name}"
    return Resource(cfn, name, ACCOUNT, GLOBAL, arn=arn, name=name, properties={"Arn": arn, **properties})


def function(name: str, of: Resource) -> Resource:
    return Resource("AWS::Lambda::Function", name, ACCOUNT, "ap-northeast-2", name=name, properties={"Role": of.arn})


def remedy(owner: Resource, change: Change, *others: Resource, gaps: tuple[Gap, ...] = (), **parts: Any) -> Any:
    graph = build(Inventory([owner, *others], list(gaps), frozenset(TYPES), (ACCOUNT,), ("ap-northeast-2",)), TYPES)
    found = Finding("r", "rule", "broken", "high", "t", owner, change.property, changes=(change,), fix="Do it by hand.")
    documented = {owner.key: tuple(parts.get("documented", ()))} if parts else {}
    told = remedy_for(found, graph, TYPES, Parts(documented))
    plan = make_plan([found], graph, TYPES, "run", "now", parts=Parts(documented))
    assert list(plan.steps) == list(told.steps)
    assert bool(plan.left) is (told.kind != "automatic")
    return told


def detached(owner: Resource) -> Change:
    return Change(owner.key, "ManagedPolicyArns", remove=(ADMIN,))


LAMBDA = allow(Service="lambda.amazonaws.com")
BY_HAND = [
    (role(CDK, allow(Service="cloudformation.amazonaws.com")), (), "CDK deploys with role cdk-hnb659fds-cfn-exec-role"),
    (role(CDK.replace("cfn-exec", "deploy"), allow(AWS=ROOT)), (), "CDK deploys with role cdk-hnb659fds-deploy-role"),
    (role("stacks", allow(Service="cloudformation.amazonaws.com")), (), "CloudFormation deploys stacks with role stacks"),
    (role("ci", allow(Federated=GITHUB)), (), "a pipeline of token.actions.githubusercontent.com deploys with role ci"),
    (role("ship", allow(AWS=ROOT)), ("dualtetrax/deployer",), "the deployer of dualtetrax works with role ship"),
    (
        held("AWS::IAM::User", "cdk", "user", UserName="cdk", ManagedPolicyArns=[ADMIN], Policies=[]),
        ("dualtetrax:prod/deployer",),
        "the deployer of dualtetrax:prod works with user cdk",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("owner", "documented", "words"), BY_HAND)
def test_what_deploys_keeps_its_permissions_until_a_person_acts(owner, documented, words) -> None:
    told = remedy(owner, detached(owner), documented=documented)
    assert (told.kind, told.steps) == ("manual", ())
    assert words in told.text
    assert "without what AdministratorAccess allows the next deployment fails" in told.text
    assert told.text.startswith("Do it by hand.")


def test_the_deployer_loses_nothing_through_its_group_either() -> None:
    group = held("AWS::IAM::Group", "deployers", "group", GroupName="deployers", ManagedPolicyArns=[ADMIN], Policies=[])
    user = held("AWS::IAM::User", "cdk", "user", UserName="cdk", Groups=["deployers"], ManagedPolicyArns=[])
    graph = build(Inventory([group, user], [], frozenset(TYPES), (ACCOUNT,), ("ap-northeast-2",)), TYPES)
    change = detached(group)
    found = Finding("r", "rule", "broken", "high", "t", group, change.property, changes=(change,), fix="Do it by hand.")
    told = remedy_for(found, graph, TYPES, Parts({user.key: ("dualtetrax/deployer",)}))
    assert (told.kind, told.steps) == ("manual", ())
    assert "the deployer of dualtetrax works with user cdk" in told.text


OWN, OTHER = role("orders", LAMBDA), role("operators", allow(AWS=ROOT))
SOMEBODY = [
    (OWN, (function("orders", OWN),), {}, "Function orders uses it"),
    (OTHER, (), {}, "principals of this account can assume it"),
    (role("far", allow(AWS="arn:aws:iam::999999999999:root")), (), {}, "arn:aws:iam::999999999999:root can assume it"),
    (OWN, (), {"documented": ("cuggu/server-role",)}, "it plays cuggu/server-role"),
    (
        held("AWS::IAM::User", "ada", "user", UserName="ada", ManagedPolicyArns=[ADMIN], Policies=[]),
        (),
        {},
        "everyone who has its password or an access key",
    ),
]


@pytest.mark.parametrize(("owner", "others", "parts", "words"), SOMEBODY)
def test_somebody_who_loses_is_named_and_the_step_is_not_made_unasked(owner, others, parts, words) -> None:
    told = remedy(owner, detached(owner), *others, **parts)
    assert (told.kind, told.risk) == ("automatic", "destroys")
    (step,) = told.steps
    assert (step.risk, len(step.loses)) == ("destroys", 1)
    assert step.loses[0].endswith(f"loses what AdministratorAccess allows: {words}")
    assert words in told.text


def test_a_role_that_nobody_uses_loses_nothing_to_anybody() -> None:
    told = remedy(OWN, detached(OWN))
    assert (told.kind, told.risk, told.steps[0].loses) == ("automatic", "interrupts", ())


def test_who_uses_it_may_lie_in_what_was_not_read() -> None:
    denied = Gap(ACCOUNT, "ap-northeast-2", "lambda", "list_functions", "lambda:ListFunctions", "denied",
                 ("AWS::Lambda::Function",), "AccessDenied")  # fmt: skip
    told = remedy(OWN, detached(OWN), gaps=(denied,))
    assert (told.risk, told.steps[0].loses) == (
        "destroys",
        ("role orders loses what AdministratorAccess allows: not everything that uses it could be read",),
    )


def test_a_narrower_policy_is_a_loss_of_all_that_hold_it() -> None:
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    less = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    policy = held("AWS::IAM::ManagedPolicy", "all", "policy", ManagedPolicyName="all", PolicyDocument=everything,
                  Versions=["v1"])  # fmt: skip
    holder = role("stacks", allow(Service="cloudformation.amazonaws.com"), LAMBDA)
    holder.properties["ManagedPolicyArns"] = [policy.arn]
    told = remedy(policy, Change(policy.key, "PolicyDocument", less), holder)
    assert told.kind == "manual"
    assert "CloudFormation deploys stacks with role stacks: without what is taken out of all" in told.text


def trusted(owner: Resource, *left: dict[str, Any]) -> Change:
    document = {"Version": "2012-10-17", "Statement": list(left)}
    return Change(owner.key, "AssumeRolePolicyDocument", document)


CLOSED = [
    # Anyone is nobody in particular: that is what is closed.
    ((LAMBDA, allow(AWS="*")), ("automatic", "interrupts"), ""),
    (
        (LAMBDA, allow(AWS="arn:aws:iam::999999999999:root")),
        ("automatic", "destroys"),
        "With it, arn:aws:iam::999999999999:root can no longer assume role orders",
    ),
    (
        (LAMBDA, allow(Federated=GITHUB)),
        ("manual", "safe"),
        "a pipeline of token.actions.githubusercontent.com deploys with role orders and can no longer assume it",
    ),
]


@pytest.mark.parametrize(("statements", "kind", "words"), CLOSED)
def test_whom_a_trust_policy_no_longer_lets_in(statements, kind, words) -> None:
    owner = role("orders", *statements)
    told = remedy(owner, trusted(owner, LAMBDA), function("orders", owner))
    assert (told.kind, told.risk) == kind
    assert words in told.text
