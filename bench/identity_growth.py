# ruff: noqa: E501  a made-up account, read by columns
"""How the search for escalations grows with an account: n, 2n and 4n principals of a made-up account.

    python -m bench.identity_growth [n]

Half of the principals hold one of a few shared policies, half a policy of their own; some hold wildcards, some conditions,
and the roles form chains of trust, so that there are long ways as well as short ones.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from auditor.graph.access.becoming.escalation import escalations
from auditor.graph.access.who import who_can
from auditor.graph.build import Graph, build
from auditor.model import Inventory, Resource
from auditor.resources import load
from auditor.resources.normalise import policy

ACCOUNT = "111122223333"
TYPES = ("Role", "User", "Group", "ManagedPolicy", "InstanceProfile")
SHARED: list[list[dict[str, Any]]] = [
    [{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}],
    [{"Effect": "Allow", "Action": ["iam:PassRole", "lambda:*"], "Resource": "*"}],
    [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
        {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/admin-*"},
    ],
    [{"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}],
]  # fmt: skip


def account(size: int) -> Graph:
    """Three quarters roles, one quarter users."""
    types = load()
    resources = [_principal("Role", number, size) for number in range(size * 3 // 4)]
    resources += [_principal("User", number, size) for number in range(size - size * 3 // 4)]
    shared = [
        Resource("AWS::IAM::ManagedPolicy", _arn("policy", f"shared-{number}"), ACCOUNT, "global", _arn("policy", f"shared-{number}"),
                 properties={"PolicyDocument": policy({"Version": "2012-10-17", "Statement": each})})
        for number, each in enumerate(SHARED)
    ]  # fmt: skip
    asked = frozenset(f"AWS::IAM::{noun}" for noun in TYPES)
    return build(Inventory(resources + shared, [], asked, (ACCOUNT,), ("us-east-1",)), types)


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"


def _principal(noun: str, number: int, size: int) -> Resource:
    name = f"admin-{number}" if noun == "Role" and number % 100 == 0 else f"{noun.lower()}-{number}"
    properties: dict[str, Any] = {"Policies": [], "ManagedPolicyArns": []}
    if number % 2:
        properties["ManagedPolicyArns"] = [_arn("policy", f"shared-{number // 2 % len(SHARED)}")]
    else:
        own = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::*:role/role-{number + 1}"},
               {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::bucket-{number}/*"}]  # fmt: skip
        properties["Policies"] = [
            {"PolicyName": "own", "PolicyDocument": policy({"Version": "2012-10-17", "Statement": own})}
        ]
    if noun == "Role":
        if number % 100 == 0:
            whole = policy(
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
            )
            properties["Policies"] = [{"PolicyName": "all", "PolicyDocument": whole}]
        who: dict[str, Any] = (
            {"AWS": f"arn:aws:iam::{ACCOUNT}:root"} if number % 3 else {"Service": "lambda.amazonaws.com"}
        )
        if number % 5 == 0:
            who = {"AWS": _arn("role", f"role-{(number + 7) % size}")}
        trust = [{"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}]
        properties["AssumeRolePolicyDocument"] = policy({"Version": "2012-10-17", "Statement": trust})
    else:
        properties["Groups"] = []
    arn = _arn(noun.lower(), name)
    return Resource(f"AWS::IAM::{noun}", name, ACCOUNT, "global", arn, name, properties=properties)


def measure(size: int) -> dict[str, float]:
    """Seconds for the search and for one question about everybody."""
    graph = account(size)
    start = time.perf_counter()
    found = escalations(graph)
    middle = time.perf_counter()
    who_can(graph, "s3:GetObject", "arn:aws:s3:::bucket-2/a")
    end = time.perf_counter()
    reached = sum(each.outcome in ("admin", "yes") for each in found)
    return {"principals": size, "escalations": middle - start, "who_can": end - middle, "reached": reached}


def main() -> None:
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 2500
    for size in (first, 2 * first, 4 * first):
        told = measure(size)
        sys.stdout.write(
            f"{size:>7} principals: escalations {told['escalations']:.2f} s, who-can {told['who_can']:.2f} s, "
            f"{told['reached']:.0f} are or become administrators\n"
        )


if __name__ == "__main__":
    main()
