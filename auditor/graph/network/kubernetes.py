"""The endpoint of a Kubernetes cluster: public for some addresses, private for what its groups admit, or both.

Inside the network the name of a cluster with a private endpoint leads to the interfaces that AWS put into the subnets;
without one even the machines of the cluster come over the Internet, under the address of their NAT gateway.
"""

from __future__ import annotations

from typing import Any

from auditor.graph.box_words import address_words
from auditor.graph.boxes import EVERYWHERE, Traffic, internet, lines, service
from auditor.graph.build import Graph
from auditor.graph.network import words as w
from auditor.graph.network.between import between
from auditor.graph.network.endpoints import came_from
from auditor.graph.network.index import hidden
from auditor.graph.network.outward import outbound, unseen
from auditor.graph.network.places import Spot, spots
from auditor.graph.network.walk import Walk, either
from auditor.graph.network.words import Stop
from auditor.graph.space import Ranges
from auditor.model import Gap, Resource

_HTTPS = service("tcp", 443)
_SERVING = ("ACTIVE", "UPDATING")


def public_endpoint(graph: Graph, walk: Walk, cluster: Resource) -> Walk:
    """From the Internet: https, from the addresses that the cluster admits."""
    said, unread = _config(cluster)
    if unread:
        return walk.blur(Stop(cluster.key, "not-public", unread[0].message), unread)
    walk = _serving(walk, cluster)
    if not said.get("EndpointPublicAccess", True):
        return walk.end(Stop(cluster.key, "not-public", f"{cluster.label}: its endpoint is private"))
    words = f"{cluster.label}: its endpoint answers https only"
    walk = walk.only(_HTTPS, EVERYWHERE, Stop(cluster.key, "no-listener", words))
    admitted = lines(said.get("PublicAccessCidrs", ()))
    words = f"{cluster.label} admits {address_words(admitted)} only"
    return walk.only(_HTTPS, admitted, Stop(cluster.key, "not-public", words)).by(f"public endpoint of {cluster.label}")


def from_place(graph: Graph, spot: Spot, cluster: Resource, services: Ranges) -> Walk:
    """From a place in a network: to the private endpoint where there is one, else out and in again."""
    here = Traffic.box(services & _HTTPS, spot.addresses or EVERYWHERE)
    start = Walk(here, here)
    if not services & _HTTPS:
        everything = Traffic.box(services, spot.addresses or EVERYWHERE)
        words = f"{cluster.label}: its endpoint answers https only"
        return Walk(everything, everything).end(Stop(cluster.key, "no-listener", words))
    said, unread = _config(cluster)
    if unread:
        return start.blur(Stop(cluster.key, "not-public", unread[0].message), unread)
    places = spots(graph, cluster)[0] if said.get("EndpointPrivateAccess") else []
    inside = [place for place in places if place.network == spot.network]
    if inside:
        found = either([between(graph, spot, place, _HTTPS) for place in inside])
        return _serving(found.by(f"private endpoint of {cluster.label}"), cluster)
    if not said.get("EndpointPublicAccess", True):
        ways = [between(graph, spot, place, _HTTPS) for place in places]
        stop = Stop(cluster.key, "not-public", f"{cluster.label}: its endpoint is private, in another network")
        return either(ways).by(f"private endpoint of {cluster.label}") if ways else start.end(stop)
    return _over_internet(graph, start, spot, cluster, lines(said.get("PublicAccessCidrs", ())))


def _over_internet(graph: Graph, start: Walk, spot: Spot, cluster: Resource, admitted: Ranges) -> Walk:
    hop = outbound(graph, spot, _HTTPS, internet())
    walk = _serving(start, cluster).along(*hop.edges).by(*hop.hops, f"public endpoint of {cluster.label}")
    if hop.over:
        return walk.end(hop.stop or Stop(spot.key, "no-route", w.REASONS["no-route"]))
    if not hop.low:
        return walk.blur(hop.doubts[-1] if hop.doubts else Stop(spot.key, "no-route", ""), hop.gaps)
    shown = came_from(graph, spot, hop)
    if _four() <= admitted or (shown and shown <= admitted):
        return walk
    if shown and not shown & admitted:
        words = (
            f"{cluster.label} admits {address_words(admitted)} only, and {spot.label} comes from {address_words(shown)}"
        )
        return walk.end(Stop(cluster.key, "not-public", words))
    words = f"under which public address {spot.label} comes is not known, and {cluster.label} admits some only"
    return walk.blur(Stop(spot.key, "not-public", words), unseen(graph, spot.key, words))


def _four() -> Ranges:
    return internet() & lines(["0.0.0.0/0"])


def _config(cluster: Resource) -> tuple[dict[str, Any], tuple[Gap, ...]]:
    unread = hidden(cluster, "ResourcesVpcConfig")
    return cluster.properties.get("ResourcesVpcConfig") or {}, unread


def _serving(walk: Walk, cluster: Resource) -> Walk:
    state = str(cluster.properties.get("Status", "ACTIVE"))
    return walk if state in _SERVING else walk.end(Stop(cluster.key, "bad-state", f"{cluster.label} is {state}"))
