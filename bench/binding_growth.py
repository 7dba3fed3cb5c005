# ruff: noqa: E501, T201  made-up resources, read by columns; it prints its figures
"""Binding cuggu beside resources that have nothing to do with it: how processor time grows with their number.

    python -m bench.binding_growth [SIZE ...]

Beside the conforming account stand functions with roles, log groups and buckets of others, by default 6,250, 12,500,
25,000 and so on to 100,000 resources. The graph is built before, and is not counted.
"""

from __future__ import annotations

import sys
import time

from auditor.checks.baselines import load_baseline
from auditor.checks.binding import bind
from auditor.graph.build import build
from auditor.model import Inventory, Resource
from auditor.resources import load
from tests.binding.built import built_cuggu

REGION = "ap-northeast-2"


def strangers(account: str, count: int) -> list[Resource]:
    """A function, its role, its log group and a bucket, again and again."""
    out = []
    for number in range(count // 4):
        name = f"stranger-{number}"
        role = f"arn:aws:iam::{account}:role/{name}"
        trust = {
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
            ]
        }
        out += [
            Resource(
                "AWS::Lambda::Function", name, account, REGION, f"arn:aws:lambda:{REGION}:{account}:function:{name}", name,
                properties={"Role": role, "MemorySize": 128, "Timeout": 3, "LoggingConfig": {"LogGroup": f"/aws/lambda/{name}"}},
            ),
            Resource(
                "AWS::IAM::Role", name, account, "global", role, name,
                properties={"AssumeRolePolicyDocument": trust, "Policies": [], "ManagedPolicyArns": []},
            ),
            Resource(
                "AWS::Logs::LogGroup", f"/aws/lambda/{name}", account, REGION,
                f"arn:aws:logs:{REGION}:{account}:log-group:/aws/lambda/{name}", f"/aws/lambda/{name}", properties={},
                names=(f"/aws/lambda/{name}",),
            ),
            Resource("AWS::S3::Bucket", name, account, REGION, f"arn:aws:s3:::{name}", name, properties={"BucketName": name}),
        ]  # fmt: skip
    return out


def measure(base: Inventory, count: int) -> tuple[float, float]:
    """Processor seconds of building the graph and of binding."""
    resources = [*base.resources, *strangers(base.accounts[0], count)]
    began = time.process_time()
    graph = build(Inventory(resources, list(base.gaps), base.asked, base.accounts, base.regions), load())
    built = time.process_time()
    bound = bind(load_baseline("cuggu", []), graph)
    lost = [role for role in bound.roles if not bound.of(role)]
    if bound.doubts or lost:
        raise SystemExit(f"strangers put a role in doubt: {bound.doubts}, or take its part away: {lost}")
    return built - began, time.process_time() - built


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or [6_250, 12_500, 25_000, 50_000, 100_000]
    base, _ = built_cuggu()
    for size in sizes:
        graph, binding = measure(base, size)
        print(f"{size:>7} strangers: graph {graph:6.2f} s, binding {binding:6.2f} s of processor", flush=True)


if __name__ == "__main__":
    main()
