"""A walk of packets: what certainly and what possibly gets through so far, over which edges, and where the last of
it stopped.

Two sets are carried, `low` and `high`. Something unread takes everything from `low` and nothing from `high`; so an
answer is certain
exactly where both say the same, however much could not be read beside the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from auditor.graph.box_words import address_words, service_words
from auditor.graph.boxes import ALL_SERVICES, EVERYTHING, EVERYWHERE, Traffic
from auditor.graph.build import Graph
from auditor.graph.network.acls import acl_traffic, answers, guard
from auditor.graph.network.index import net
from auditor.graph.network.places import Spot
from auditor.graph.network.rules import EGRESS, INGRESS, admission
from auditor.graph.network.words import Stop
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

State = Literal["reached", "blocked", "unknown"]


@dataclass(frozen=True, slots=True)
class Walk:
    """`low` and `high` are far addresses x services; far is the end that the question asks for."""

    low: Traffic
    high: Traffic
    edges: tuple[Edge, ...] = ()
    gaps: tuple[Gap, ...] = ()
    stop: Stop | None = None
    doubts: tuple[Stop, ...] = ()  # where `low` fell behind `high`, with or without a gap
    hops: tuple[str, ...] = field(default=())  # what it passed, in words

    @property
    def over(self) -> bool:
        return not self.high

    def along(self, *edges: Edge) -> Walk:
        return replace(self, edges=tuple(dict.fromkeys((*self.edges, *edges))))

    def by(self, *hops: str) -> Walk:
        return replace(self, hops=(*self.hops, *hops))

    def through(self, low: Traffic, high: Traffic, stop: Stop, gaps: tuple[Gap, ...] = ()) -> Walk:
        """Keep what the filter lets through; `stop` tells what the filter was, should nothing be left."""
        if self.over:
            return self
        kept_high = self.high & high
        kept_low = kept_high if self.low is self.high and low is high else self.low & low
        doubts = self.doubts
        if kept_high and not kept_low and self.low:
            doubts = (*doubts, stop)
        gone = stop if not kept_high else None
        return replace(self, low=kept_low, high=kept_high, gaps=_more(self.gaps, gaps), stop=gone, doubts=doubts)

    def among(self, addresses: Ranges) -> Walk:
        """The share of the walk that goes to these far ends."""
        high = self.high.among(addresses)
        return replace(self, low=high if self.low is self.high else self.low.among(addresses), high=high)

    def only(self, services: Ranges, addresses: Ranges, stop: Stop) -> Walk:
        box = Traffic.box(services, addresses)
        return self.through(box, box, stop)

    def end(self, stop: Stop) -> Walk:
        return self if self.over else replace(self, low=Traffic(), high=Traffic(), stop=stop)

    def blur(self, stop: Stop, gaps: tuple[Gap, ...] = ()) -> Walk:
        """From here on nothing is certain."""
        if self.over:
            return self
        return replace(self, low=Traffic(), gaps=_more(self.gaps, gaps), doubts=(*self.doubts, stop))


def _more(known: tuple[Gap, ...], more: tuple[Gap, ...]) -> tuple[Gap, ...]:
    return tuple(dict.fromkeys((*known, *more))) if more else known


def either(walks: list[Walk]) -> Walk:
    """Several ways: what any of them lets through. The stop is that of the way which came furthest."""
    if len(walks) == 1:
        return walks[0]
    best = max(walks, key=lambda walk: (bool(walk.low), bool(walk.high), len(walk.edges), len(walk.hops)))
    low, high = best.low, best.high
    gaps: tuple[Gap, ...] = ()
    for walk in walks:
        low, high = low | walk.low, high | walk.high
        gaps = _more(gaps, walk.gaps if walk.high else ())
    return replace(best, low=low, high=high, gaps=gaps or best.gaps, stop=best.stop if not high else None)


def group_in(graph: Graph, walk: Walk, spot: Spot, sources: Ranges, groups: tuple[str, ...] = ()) -> Walk:
    """The groups of the place where packets arrive; the far ends are the sources, `groups` are what those hold."""
    if not spot.guarded or walk.over:
        return walk
    found = admission(net(graph), spot.groups, INGRESS)
    by_group = Traffic.box(found.by_groups(groups), sources)
    high = EVERYTHING if spot.gaps else found.high | by_group if by_group else found.high
    stop = Stop(spot.key, "group-rules", f"{_names(graph, spot)} of {spot.label} admits no {asked(walk)}")
    low = found.low | by_group if by_group else found.low
    return walk.through(low, high, stop, found.gaps + spot.gaps).along(*spot.evidence)


def group_out(graph: Graph, walk: Walk, spot: Spot) -> Walk:
    """The groups of the place where packets start; the far ends are the destinations."""
    if not spot.guarded or walk.over:
        return walk
    found = admission(net(graph), spot.groups, EGRESS)
    stop = Stop(spot.key, "group-rules", f"{_names(graph, spot)} of {spot.label} lets out no {asked(walk)}")
    high = EVERYTHING if spot.gaps else found.high
    return walk.through(found.low, high, stop, found.gaps + spot.gaps).along(*spot.evidence)


def group_towards(graph: Graph, walk: Walk, spot: Spot, target: Ranges, groups: tuple[str, ...]) -> Walk:
    """The groups of the start, for a known target: its addresses, and what it holds."""
    if not spot.guarded or walk.over:
        return walk
    found = admission(net(graph), spot.groups, EGRESS)
    low, high = found.services(target, groups)
    stop = Stop(
        spot.key, "group-rules", f"{_names(graph, spot)} of {spot.label} lets nothing out to {address_words(target)}"
    )
    least, most = _both(low, high)
    return walk.through(least, EVERYTHING if spot.gaps else most, stop, found.gaps + spot.gaps).along(*spot.evidence)


def acl(graph: Graph, walk: Walk, subnet: Resource, egress: bool, patient: bool = True) -> Walk:
    """The subnet's ACL for packets of the walk in this direction, and for their answers in the other.

    `patient` asks that every client is answered; a stranger who may choose the port needs only one that is let through.
    """
    if walk.over:
        return walk
    found, edges, gaps = guard(graph, subnet)
    way = "out of" if egress else "into"
    words = f"network ACL {found.label if found else '?'} of {subnet.label} lets no {asked(walk)} {way} the subnet"
    if gaps:
        return walk.blur(Stop(subnet.key, "acl", f"the network ACL of {subnet.label} could not be read"), gaps)
    if found is None:
        return walk
    let = acl_traffic(net(graph), found, egress)
    walk = walk.through(let, let, Stop(found.key, "acl", words))
    always, sometimes = answers(net(graph), found, not egress)
    back = f"network ACL {found.label} of {subnet.label} stops the answer: no ephemeral port (1024-65535) is let back"
    walk = walk.through(always if patient else sometimes, sometimes, Stop(found.key, "acl-answer", back))
    return walk.along(*edges)


def acl_towards(graph: Graph, walk: Walk, subnet: Resource, target: Ranges, egress: bool) -> Walk:
    """The same for a walk whose far ends are sources, at the side of the source: the ACL sees the target's address."""
    if walk.over:
        return walk
    found, edges, gaps = guard(graph, subnet)
    if gaps:
        return walk.blur(Stop(subnet.key, "acl", f"the network ACL of {subnet.label} could not be read"), gaps)
    if found is None:
        return walk
    let = acl_traffic(net(graph), found, egress)
    way = "out to" if egress else "in from"
    stop = Stop(
        found.key, "acl", f"network ACL {found.label} of {subnet.label} lets nothing {way} {address_words(target)}"
    )
    walk = walk.through(*_both(let.for_all(target), let.for_any(target)), stop)
    always, sometimes = answers(net(graph), found, not egress)
    back = Stop(
        found.key,
        "acl-answer",
        f"network ACL {found.label} of {subnet.label} stops the answer from {address_words(target)}",
    )
    return walk.through(*_both(always.for_all(target), sometimes.for_any(target)), back).along(*edges)


def _both(low: Ranges, high: Ranges) -> tuple[Traffic, Traffic]:
    """Services, whatever the far end is; one value twice where nothing is open, so that it is worked with once."""
    most = Traffic.box(high, EVERYWHERE)
    return (most if low == high else Traffic.box(low, EVERYWHERE)), most


def asked(walk: Walk) -> str:
    services = walk.high.services
    return "traffic" if services == ALL_SERVICES else service_words(services, 3)


def _names(graph: Graph, spot: Spot) -> str:
    index = net(graph)
    labels = [index.by_id[name].label if name in index.by_id else name for name in spot.groups]
    return "security group " + ", ".join(labels) if labels else "no security group"
