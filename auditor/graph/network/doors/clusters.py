"""Kubernetes clusters: the two doors to their control plane.

The public door is an address of AWS's that admits the ranges in its settings. The private door is made of interfaces
that EKS places in some of the cluster's subnets, behind the cluster's security groups; inside the cluster's network its
name leads there and nowhere else. Both take HTTPS on port 443, and IAM and the cluster ask who comes in by either.
"""

from __future__ import annotations

from auditor.graph.box_words import address_words
from auditor.graph.boxes import EVERYWHERE, lines, service
from auditor.graph.build import Graph
from auditor.graph.network.ground.places import spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.walk import Walk, either, in_service
from auditor.graph.network.services import egress_identity
from auditor.graph.network.services.path_ends import End
from auditor.graph.space import Ranges
from auditor.model import ABSENT, Gap, Hidden, Resource

HTTPS = service("tcp", 443)
_SERVES = ("active", "updating")
_ASKED = "authorization by IAM and the cluster's own rules"  # in the answer for either door


def to_cluster(graph: Graph, walk: Walk, cluster: Resource) -> Walk:
    """From the Internet to the public door."""
    start = _served(walk, cluster)
    public = cluster.at("ResourcesVpcConfig.EndpointPublicAccess")
    if public is not ABSENT and not isinstance(public, Hidden) and not public:
        return start.end(Stop.at(cluster, "public-door"))
    if isinstance(public, Hidden):
        start = start.blur(Stop.at(cluster, "public-door", public.gap.message), (public.gap,))
    cidrs = cluster.at("ResourcesVpcConfig.PublicAccessCidrs")
    if isinstance(cidrs, Hidden):
        return start.blur(Stop.at(cluster, "public-cidrs", cidrs.gap.message), (cidrs.gap,))
    let = lines(["0.0.0.0/0"] if cidrs is ABSENT or not cidrs else cidrs)
    words = f"the public endpoint of {cluster.label} allows only {address_words(let)}"
    walk = start.only(HTTPS, let, Stop.at(cluster, "public-cidrs", words))
    return walk if walk.over else walk.by(f"public endpoint of {cluster.label}: {_ASKED}")


def from_inside(graph: Graph, tail: End, cluster: Resource, services: Ranges) -> Walk:
    """From a place inside: by the private door where it is open, else out and in by the public one."""
    private = cluster.at("ResourcesVpcConfig.EndpointPrivateAccess")
    homes = {place.network for place in spots(graph, cluster)[0]} - {""}
    unread: tuple[Gap, ...] = (private.gap,) if isinstance(private, Hidden) else ()
    unread += tuple(gap for spot in (*tail.spots, *spots(graph, cluster)[0]) for gap in spot.unread)
    shut = private is ABSENT or private is False
    ways = [_inside(graph, tail, cluster, services)] if not shut and tail.spots else []
    if shut or unread or not (homes and tail.spots and all(spot.network in homes for spot in tail.spots)):
        ways += egress_identity.from_inside(graph, tail, services, lambda walk: to_cluster(graph, walk, cluster))
    if ways:
        found = either(ways)
        certain = all(way.low for way in ways) or shut or not unread
        stop = Stop.at(
            cluster, "public-door", "whether the cluster's name resolves to its private endpoint was not read"
        )
        return found if certain or found.over else found.blur(stop, unread)
    asked = Walk.asking(services, EVERYWHERE)
    return asked.blur(Stop.at(tail, "outside"), tail.gaps) if tail.gaps else asked.end(Stop.at(tail, "outside"))


def _inside(graph: Graph, tail: End, cluster: Resource, services: Ranges) -> Walk:
    """To the interfaces of the private door: certain where each subnet that may hold one is reached."""
    places, gaps = spots(graph, cluster)
    start = _served(Walk.asking(services, EVERYWHERE), cluster)
    if start.over:
        return start
    if not places:
        words = f"the subnets of the private endpoint of {cluster.label} could not be read"
        return start.blur(Stop.at(cluster, "outside", words), gaps)
    ways = [between(graph, one, door, services & HTTPS) for one in tail.spots for door in places]
    found = either(ways)
    if found.low and not all(way.low for way in ways):
        words = f"EKS chooses in which of its subnets {cluster.label} has interfaces, and some of them are not reached"
        found = found.blur(Stop.at(cluster, "no-route", words))
    return found if found.over else found.by(f"private endpoint of {cluster.label}: {_ASKED}")


def _served(walk: Walk, cluster: Resource) -> Walk:
    """What either door takes, as long as the cluster serves anything."""
    stop = Stop.at(cluster, "no-listener", f"{cluster.label} accepts only HTTPS on tcp 443")
    return in_service(walk.only(HTTPS, EVERYWHERE, stop), cluster, "Status", _SERVES)
