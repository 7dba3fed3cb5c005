"""Load balancers and target groups under the names by which CloudWatch's metrics call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import Json


def balancers(value: Json) -> Iterator[Mapping[str, Json]]:
    """`app/NAME/ID`: the end of the ARN. Records call the host by small letters."""
    for each in value or ():
        full = str(each.get("LoadBalancerArn", "")).partition(":loadbalancer/")[2]
        yield {**each, "LoadBalancerFullName": full, "Host": str(each.get("DNSName", "")).lower()}


def target_groups(value: Json) -> Iterator[Mapping[str, Json]]:
    """`targetgroup/NAME/ID`"""
    for each in value or ():
        yield {**each, "TargetGroupFullName": str(each.get("TargetGroupArn", "")).rpartition(":")[2]}
