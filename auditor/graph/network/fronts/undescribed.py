"""What may stand in front and is not described: interfaces of kinds that nobody described, and what API Gateway calls
by a name that Cloud Map keeps. Where such a thing reaches a target, that nothing else does proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.interface_kinds import interfaces_of, passes_on
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.to_internet import unseen
from auditor.graph.network.packets.walk import Walk
from auditor.graph.space import Ranges
from auditor.model import Gap, Resource

Stranger = tuple[Spot, str, tuple[Gap, ...]]  # where it stands, what it is, what of it was not read


def undescribed(
    graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None
) -> Iterator[Walk]:
    """A doubt for each that the target lets in; for what it refuses, none."""
    places, asked = spots(graph, target)[0], services if behind is None else behind
    own = {target.key, *(each.key for each, _ in interfaces_of(graph, target))}
    for spot, name, gaps in graph.once(_strangers) if places else ():
        if spot.key in own or all(between(graph, spot, place, asked).over for place in places):
            continue
        words = f"{name} reaches {target.label}, and whether it passes on what comes from outside is not described here"
        gaps = gaps or unseen(graph, spot.key, words)
        yield Walk.asking(services, sources).by(name).blur(Stop.at(spot, "unknown-front", words), gaps)


def _strangers(graph: Graph) -> list[Stranger]:
    """Each once for all that stand in one subnet with the same groups: they reach the same."""
    known: dict[tuple[str, tuple[str, ...], str], Stranger] = {}
    for spot, name, gaps in (*_interfaces(graph), *_by_cloud_map(graph)):
        known.setdefault((spot.subnet.key, spot.groups, name), (spot, f"{spot.label} ({name})", gaps))
    return list(known.values())


def _interfaces(graph: Graph) -> Iterator[Stranger]:
    for each in graph.of_type(w.INTERFACE):
        name, gaps = passes_on(graph, each)
        yield from ((spot, name, gaps) for spot in (spots(graph, each)[0] if name else ()))


def _by_cloud_map(graph: Graph) -> Iterator[Stranger]:
    """An HTTP API may ask Cloud Map what to call over its link, which is not read: anything that the link reaches."""
    for integration in graph.of_type(w.INTEGRATION):
        if ":servicediscovery:" in str(integration.known("IntegrationUri", "")):
            for _, link in graph.heads(integration, "targets", w.HTTP_LINK):
                yield from ((spot, "an API Gateway VPC link to Cloud Map", ()) for spot in spots(graph, link)[0])
