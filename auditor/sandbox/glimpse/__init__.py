"""A glimpse account that keeps every promise of its document, built through boto3 as this team's Terraform would.

Files follow the document's modules: network, data, containers, edge (DNS, load balancer, CloudFront), watch, and
neighbours. A copy for staging stands beside the system unless it is not wanted: its parts are `staging/database`.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditor.sandbox.built import Built
from auditor.sandbox.glimpse import containers, data, edge, neighbours, network, watch
from auditor.sandbox.glimpse.names import STAGES, part
from auditor.sandbox.server import Sandbox


def build_glimpse(box: Sandbox, stages: Iterable[str] = STAGES) -> Built:
    """Build the whole account: the system, its copy for staging, and their neighbours."""
    built = Built(box)
    neighbours.build(built)
    edge.build_zone(built)
    containers.build_repository(built)
    for stage in stages:
        network.build(built, stage)
        data.build(built, stage)
        edge.build_balancer(built, stage)
        containers.build(built, stage)
        edge.build_cdn(built, stage)
        watch.build(built, stage)
    return built


__all__ = ["STAGES", "build_glimpse", "part"]
