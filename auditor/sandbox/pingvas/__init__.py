"""A pingvas account that keeps every promise of its document, built through boto3 as a team using Terraform builds it.

The files follow the layers of the document: network, cluster (EKS, its nodes, the roles of its pods), data (Aurora,
Redis, files), edge (buckets, CloudFront, DNS), people (users, secrets, alarms), and neighbours. `build_system` builds a
copy of the whole system under any names, such as one for staging beside the documented one.
"""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.pingvas import cluster, data, edge, neighbours, network, people
from auditor.sandbox.pingvas.names import REGION, Team
from auditor.sandbox.server import Sandbox

DEVELOPERS, ROLE = ("Developer-A", "Developer-B"), "DevOps-AssumeRole"


def build_pingvas(box: Sandbox) -> Built:
    """Build the whole account: the system and its neighbours."""
    built = Built(box, region=REGION)
    neighbours.build(built)
    build_system(Team(built), DEVELOPERS, ROLE)
    return built


def build_system(team: Team, developers: tuple[str, ...], role: str) -> None:
    """Build the system under a team's names, with its users and the role that these assume."""
    network.build(team)
    cluster.build(team)
    data.build(team)
    edge.build_buckets(team)
    cluster.build_services(team)
    edge.build(team)
    people.build(team, developers, role)


__all__ = ["build_pingvas", "build_system"]
