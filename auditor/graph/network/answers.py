"""The two questions of rules and baselines as verdicts: is it reachable from the Internet, does a documented flow
hold.
"""

from __future__ import annotations

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES, internet, service
from auditor.graph.build import Graph
from auditor.graph.network.ask import Reach, concluded, reach
from auditor.graph.network.doors.doors import INNER_DOORS
from auditor.graph.network.fronts.fronts import in_front
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.places import Spot, published, spots, stand
from auditor.graph.network.ground.security_groups import is_worldly, open_rules
from auditor.graph.network.ground.subnet_kinds import subnet_kind
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.from_internet import inbound
from auditor.graph.network.packets.walk import Walk, placed
from auditor.graph.network.services.path_ends import end_of
from auditor.model import Answer, Edge, Gap, Resource, Verdict


def from_internet(graph: Graph, resource: Resource, port: int | None) -> Answer:
    """Whether packets from the Internet arrive at a thing: at its own address, where it has one and subnet, ACL and
    group let them, or over what stands in front of it. Without a port: on any.
    """
    services = service("tcp", port) if port is not None else ALL_SERVICES
    places, unread = spots(graph, resource)
    direct = placed(resource, places, [inbound(graph, place, services) for place in places]) if places else None
    if direct and is_worldly(direct.low.addresses):
        # Each of several may admit too few addresses to count by itself.
        reached = [each for each in places if inbound(graph, each, services).low]
        return _reachable(graph, resource, (reached or places)[0].subnet, port, direct)
    doubts = [direct] if direct and is_worldly(direct.high.addresses) else []
    for walk in in_front(graph, resource, services, internet()):
        if is_worldly(walk.low.addresses):
            return _fronted(resource, walk)
        doubts += [walk] if is_worldly(walk.high.addresses) else []
    gaps = tuple(dict.fromkeys(gap for walk in doubts for gap in walk.gaps or unread))
    gaps += unread if not places and published(resource) is not False else ()
    if doubts or gaps:
        words = doubts[0].doubts[-1].words if doubts and doubts[0].doubts else w.REASONS["outside"]
        because = gaps[0].message if gaps else words
        return Answer("unknown", expected="not reachable", because=because, gaps=gaps)
    return Answer("kept", expected="not reachable", actual="not reachable", evidence=stand(graph, resource).evidence)


def _fronted(resource: Resource, walk: Walk) -> Answer:
    """What the Internet does not reach itself, and over something does."""
    way = " → ".join(dict.fromkeys(walk.hops))
    because = f"{address_words(walk.low.addresses)} reaches {resource.label} over {way}"
    return Answer("broken", expected="not reachable", actual="reachable", because=because, evidence=walk.proof)


def _reachable(graph: Graph, resource: Resource, subnet: Resource, port: int | None, walk: Walk) -> Answer:
    where = stand(graph, resource)
    kind = subnet_kind(graph, subnet)
    rules = {group.label: open_rules(group, port) if port is not None else [] for group in where.groups}
    names = [label for label, opening in rules.items() if opening] or list(rules)
    texts = [str(rule.get("CidrIp") or rule.get("CidrIpv6")) for opening in rules.values() for rule in opening]
    sources = ", ".join(dict.fromkeys(texts)) or address_words(walk.low.addresses)
    on = f" on port {port}" if port is not None else ""
    because = f"{', '.join(names)} allows {sources}{on}; {subnet.label} is public ({kind.because})"
    proof = tuple(dict.fromkeys((*where.evidence, *kind.evidence, *walk.edges)))
    return Answer("broken", expected="not reachable", actual="reachable", because=because, evidence=proof)


def flows(graph: Graph, tail: Resource, head: Resource, port: int) -> Answer:
    """Whether TCP from `tail` arrives at `head`, from every place in which the tail may run.

    A function speaks from each of its subnets in turn, so one that is cut off breaks the arrow; where only some places
    of the head are reached, it is unknown whether the head stands in those.
    """
    expected = f"{tail.label} reaches {head.label} on tcp {port}"
    if head.type in INNER_DOORS:
        return _by_the_door(graph, tail, head, port, expected)
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
    because = (
        doubt.because
        if doubt.state == "unknown"
        else f"only some of its network interfaces are reached: {doubt.because}"
    )
    return Answer("unknown", expected=expected, because=because, gaps=doubt.gaps, evidence=(*proof, *doubt.path))


def _by_the_door(graph: Graph, tail: Resource, head: Resource, port: int, expected: str) -> Answer:
    """To what answers at a door of AWS's own: the endpoint of a cluster, be it private or public."""
    found = reach(graph, end_of(graph, tail), end_of(graph, head), service("tcp", port))
    verdict: Verdict = "kept" if found.state == "reached" else "broken" if found.state == "blocked" else "unknown"
    actual = None if verdict == "unknown" else "reaches" if verdict == "kept" else "no path"
    because = "" if verdict == "kept" else found.because
    return Answer(verdict, expected=expected, actual=actual, because=because, evidence=found.path, gaps=found.gaps)


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
