"""Load balancers and target groups under the names by which CloudWatch's metrics call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import Json


def balancers(value: Json) -> Iterator[Mapping[str, Json]]:
    """`app/NAME/ID`: the end of the ARN."""
    for each in value or ():
        yield {**each, "LoadBalancerFullName": str(each.get("LoadBalancerArn", "")).partition(":loadbalancer/")[2]}


def target_groups(value: Json) -> Iterator[Mapping[str, Json]]:
    """`targetgroup/NAME/ID`"""
    for each in value or ():
        yield {**each, "TargetGroupFullName": str(each.get("TargetGroupArn", "")).rpartition(":")[2]}
