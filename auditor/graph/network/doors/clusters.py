"""Kubernetes clusters: the two doors to their control plane.

The public door is an address of AWS's that admits the ranges it is told to. The private door is made of interfaces
that EKS places in some of the cluster's subnets, behind the cluster's security groups; inside the cluster's network its
name leads there and nowhere else. Both take HTTPS on port 443, and IAM and the cluster ask who comes in by either.
"""

from __future__ import annotations

from auditor.graph.box_words import address_words
from auditor.graph.boxes import EVERYWHERE, Traffic, lines, service
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden
from auditor.graph.network.ground.places import spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between import between
from auditor.graph.network.packets.walk import Walk, either
from auditor.graph.network.services import egress_identity
from auditor.graph.network.services.ends import End
from auditor.graph.space import Ranges
from auditor.model import Resource

HTTPS = service("tcp", 443)
_SERVES = ("ACTIVE", "UPDATING")
_ASKED = "IAM and the cluster's own rules ask who calls"  # told with either door


def to_cluster(graph: Graph, walk: Walk, cluster: Resource) -> Walk:
    """From the Internet to the public door."""
    start = _served(walk, cluster)
    gaps = hidden(cluster, "ResourcesVpcConfig")
    if gaps:
        return start.blur(Stop(cluster.key, "public-door", gaps[0].message), gaps)
    doors = cluster.properties.get("ResourcesVpcConfig") or {}
    if not doors.get("EndpointPublicAccess", True):
        return start.end(Stop(cluster.key, "public-door", f"{cluster.label}: {w.REASONS['public-door']}"))
    let = lines(doors.get("PublicAccessCidrs") or ["0.0.0.0/0"])
    words = f"the public endpoint of {cluster.label} admits {address_words(let)} only"
    walk = start.only(HTTPS, let, Stop(cluster.key, "public-cidrs", words))
    return walk if walk.over else walk.by(f"public endpoint of {cluster.label}: {_ASKED}")


def from_inside(graph: Graph, tail: End, cluster: Resource, services: Ranges) -> Walk:
    """From a place inside: by the private door where it is open, else out and in by the public one."""
    doors = cluster.properties.get("ResourcesVpcConfig") or {}
    private = bool(doors.get("EndpointPrivateAccess")) and not hidden(cluster, "ResourcesVpcConfig")
    homes = {place.network for place in spots(graph, cluster)[0]}
    ways = [_inside(graph, tail, cluster, services)] if private and tail.spots else []
    if not (private and homes and all(spot.network in homes for spot in tail.spots) and tail.spots):
        ways += egress_identity.from_inside(graph, tail, services, lambda walk: to_cluster(graph, walk, cluster))
    if ways:
        return either(ways)
    asked = Traffic.box(services, EVERYWHERE)
    stop = Stop(tail.key, "outside", f"{tail.label}: {w.REASONS['outside']}")
    return Walk(asked, asked).blur(stop, tail.gaps) if tail.gaps else Walk(asked, asked).end(stop)


def _inside(graph: Graph, tail: End, cluster: Resource, services: Ranges) -> Walk:
    """To the interfaces of the private door: certain where each subnet that may hold one is reached."""
    places, gaps = spots(graph, cluster)
    asked = Traffic.box(services, EVERYWHERE)
    start = _served(Walk(asked, asked), cluster)
    if start.over:
        return start
    if not places:
        words = f"where the private endpoint of {cluster.label} stands could not be read"
        return start.blur(Stop(cluster.key, "outside", words), gaps)
    ways = [between(graph, one, door, services & HTTPS) for one in tail.spots for door in places]
    found = either(ways)
    if found.low and not all(way.low for way in ways):
        words = f"EKS chooses in which of its subnets {cluster.label} has interfaces, and some of them are not reached"
        found = found.blur(Stop(cluster.key, "no-route", words))
    return found if found.over else found.by(f"private endpoint of {cluster.label}: {_ASKED}")


def _served(walk: Walk, cluster: Resource) -> Walk:
    """What either door takes, as long as the cluster serves anything."""
    stop = Stop(cluster.key, "no-listener", f"{cluster.label} answers HTTPS on tcp 443 only")
    walk = walk.only(HTTPS, EVERYWHERE, stop)
    status = str(cluster.properties.get("Status", "ACTIVE"))
    if status in _SERVES:
        return walk
    return walk.end(Stop(cluster.key, "bad-state", f"{cluster.label} is {status.lower()}"))
