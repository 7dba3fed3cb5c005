"""What is proven of identities, as edges: who can assume which role, and the steps to an administrator."""

import random

from auditor.graph.access.facts import access_facts
from auditor.graph.build import build
from auditor.model import FACTS, Inventory
from auditor.resources import load
from tests.graph.access.account import ACCOUNT, account_graph, allow, deny, group, of, role, trusting, user

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
SERVICE = trusting("lambda.amazonaws.com", "Service")
ACCOUNT_DETAILS = of(
    role("admin", allow("*"), trust=[trusting(ROOT, **MFA)]),
    role("deploy", allow("iam:PutRolePolicy"), trust=[trusting(ROOT), SERVICE]),
    role("app", trust=[SERVICE]),
    role("closed", trust=[trusting(ROOT)]),
    user("ann", allow("sts:AssumeRole", "arn:aws:iam::*:role/deploy")),
    user("ben", allow("sts:AssumeRole"), deny("sts:AssumeRole", "arn:aws:iam::*:role/closed")),
    user("cat"),
    group("team", allow("sts:AssumeRole")),
)


def told(graph, relation):
    return {
        (edge.tail.rsplit("/", 1)[-1], edge.head.rsplit("/", 1)[-1]): edge.because
        for edge in access_facts(graph)
        if edge.relation == relation
    }


def test_who_can_assume_a_role_and_on_what_it_depends():
    assert told(account_graph(ACCOUNT_DETAILS), "can-assume") == {
        ("ann", "deploy"): "can assume deploy",
        ("ben", "deploy"): "can assume deploy",
        ("ben", "admin"): "can assume admin; depends on aws:MultiFactorAuthPresent",
        ("admin", "deploy"): "can assume deploy",
        ("admin", "closed"): "can assume closed",
    }


def test_the_steps_that_lead_to_an_administrator():
    found = told(account_graph(ACCOUNT_DETAILS), "can-become")
    assert set(found) == {("ann", "deploy"), ("ben", "deploy"), ("deploy", "deploy")}
    assert found["deploy", "deploy"] == "can add any inline policy to itself"


def test_a_principal_that_a_trust_policy_names_needs_no_policy_of_its_own():
    named = f"arn:aws:iam::{ACCOUNT}:user/cat"
    graph = account_graph(of(role("deploy", trust=[trusting(named)]), user("cat"), user("ann")))
    assert set(told(graph, "can-assume")) == {("cat", "deploy")}


def test_facts_are_the_same_whatever_the_order_of_answers():
    graph = account_graph(ACCOUNT_DETAILS)
    first = list(access_facts(graph))
    assert {edge.relation for edge in first} <= FACTS
    resources = list(graph.inventory.resources)
    random.Random(7).shuffle(resources)
    again = build(Inventory(resources, [], graph.inventory.asked, (ACCOUNT,), graph.inventory.regions), load())
    assert list(access_facts(again)) == first


def test_an_account_without_roles_has_no_facts():
    assert list(access_facts(account_graph(of(user("ann"))))) == []
