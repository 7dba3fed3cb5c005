"""The two questions of rules and baselines as verdicts: is it reachable from the Internet, does a documented flow
hold.
"""

from __future__ import annotations

from dataclasses import replace

from auditor.graph.box_words import address_words
from auditor.graph.boxes import service
from auditor.graph.build import Graph
from auditor.graph.network.ask import Reach, concluded
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.places import Spot, Stand, spots, stand
from auditor.graph.network.ground.security_groups import is_worldly, open_rules
from auditor.graph.network.ground.subnet_kinds import subnet_kind
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.from_internet import inbound
from auditor.graph.network.packets.walk import Walk, placed
from auditor.model import Answer, Edge, Gap, Resource


def from_internet(graph: Graph, resource: Resource, port: int) -> Answer:
    """Whether packets from the Internet arrive at a publicly addressed thing: subnet, ACL and group of the place where
    it stands must all let them. Where it may stand in several, it is reachable for certain where all of them are.
    """
    where, (places, gaps) = stand(graph, resource), spots(graph, resource)
    known = [replace(each, published=True, kind="service") for each in places]
    asked = service("tcp", port)
    walk = placed(resource, [inbound(graph, each, asked) for each in known]) if known else None
    if walk is not None and is_worldly(walk.low.addresses):
        spot = next(each for each in known if is_worldly(inbound(graph, each, asked).low.addresses))
        return _reachable(graph, where, spot.subnet, port, walk)
    if walk is not None and is_worldly(walk.high.addresses):
        because = walk.gaps[0].message if walk.gaps else walk.doubts[-1].words if walk.doubts else ""
        return Answer("unknown", expected="not reachable", because=because, gaps=walk.gaps, evidence=where.evidence)
    if gaps and not places:
        return Answer("unknown", expected="not reachable", because=gaps[0].message, gaps=gaps)
    return Answer("kept", expected="not reachable", actual="not reachable", evidence=where.evidence)


def _reachable(graph: Graph, where: Stand, subnet: Resource, port: int, walk: Walk) -> Answer:
    kind = subnet_kind(graph, subnet)
    names = [group.label for group in where.groups if open_rules(group, port)] or [
        group.label for group in where.groups
    ]
    texts = [
        str(rule.get("CidrIp") or rule.get("CidrIpv6")) for group in where.groups for rule in open_rules(group, port)
    ]
    sources = ", ".join(dict.fromkeys(texts)) or address_words(walk.low.addresses)
    because = f"{', '.join(names)} admits {sources} on port {port}; {subnet.label} is public ({kind.because})"
    proof = tuple(dict.fromkeys((*where.evidence, *kind.evidence, *walk.edges)))
    return Answer("broken", expected="not reachable", actual="reachable", because=because, evidence=proof)


def flows(graph: Graph, tail: Resource, head: Resource, port: int) -> Answer:
    """Whether TCP from `tail` arrives at `head`, from every place in which the tail may run.

    A function speaks from each of its subnets in turn, so one that is cut off breaks the arrow; where only some places
    of the head are reached, it is unknown whether the head stands in those.
    """
    expected = f"{tail.label} reaches {head.label} on tcp {port}"
    ones, others = spots(graph, tail), spots(graph, head)
    if not ones[0] or not others[0]:
        return _nowhere(graph, tail if not ones[0] else head, expected, ones[1] + others[1])
    proof = (*stand(graph, tail).evidence, *stand(graph, head).evidence)
    rows = [[concluded(_walk(graph, one, other, port)) for other in others[0]] for one in ones[0]]
    cut = [row for row in rows if all(each.state == "blocked" for each in row)]
    every = [each for row in rows for each in row]
    if all(each.state == "reached" for each in every):
        edges: tuple[Edge, ...] = tuple(edge for each in every for edge in each.path)
        return Answer("kept", expected=expected, actual="reaches", evidence=tuple(dict.fromkeys((*proof, *edges))))
    if cut:
        return _cut(graph, cut[0], expected, proof)
    doubt = next((each for each in every if each.gaps), None) or next(each for each in every if each.state != "reached")
    because = doubt.because if doubt.state == "unknown" else f"only some of its places are reached: {doubt.because}"
    return Answer("unknown", expected=expected, because=because, gaps=doubt.gaps, evidence=(*proof, *doubt.path))


def _walk(graph: Graph, one: Spot, other: Spot, port: int) -> Walk:
    return between(graph, one, other, service("tcp", port))


def _cut(graph: Graph, row: list[Reach], expected: str, proof: tuple[Edge, ...]) -> Answer:
    stop = row[0].stop
    because = stop.words if stop else w.REASONS["no-route"]
    evidence = tuple(dict.fromkeys((*proof, *row[0].path)))
    return Answer("broken", expected=expected, actual="no path", because=because, evidence=evidence)


def _nowhere(graph: Graph, lacking: Resource, expected: str, gaps: tuple[Gap, ...]) -> Answer:
    if gaps:
        return Answer("unknown", expected=expected, because=gaps[0].message, gaps=gaps)
    because = f"{lacking.label} is in no subnet of a VPC"
    return Answer("broken", expected=expected, actual="no path", because=because)
