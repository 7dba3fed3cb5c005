"""A couple account that keeps every promise of its document, built through boto3 as a team using Terraform builds it.

Production and its smaller sister for development stand side by side unless only some are asked for; the document tells
them apart by Fargate Spot alone. The files follow it: network, data (secrets, database, cache, buckets), app (images,
ECS), edge (load balancer, firewalls, CloudFront), sockets (the WebSocket API, the daily question), watch (alarms,
dashboard, traces), delivery (the pipeline), and neighbours.

The parts of an environment are `prod/database`.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditor.sandbox.built import Built
from auditor.sandbox.couple import app, data, delivery, edge, neighbours, network, sockets, watch
from auditor.sandbox.couple.names import ENVIRONMENTS, part
from auditor.sandbox.server import Sandbox


def build_couple(box: Sandbox, environments: Iterable[str] = ENVIRONMENTS) -> Built:
    """Build the whole account: the environments and their neighbours."""
    built = Built(box)
    neighbours.build(built)
    for environment in environments:
        for module in (network, data, edge, app, sockets, watch, delivery):
            module.build(built, environment)
    return built


__all__ = ["ENVIRONMENTS", "build_couple", "part"]
