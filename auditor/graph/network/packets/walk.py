"""A walk of packets: what certainly and what possibly gets through so far, over which edges, and where the last of
it stopped.

Two sets are carried, `low` and `high`. Something unread takes everything from `low` and nothing from `high`; so an
answer is certain exactly where both say the same, however much could not be read beside the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from auditor.graph.boxes import ALL_SERVICES, EVERYTHING, EVERYWHERE, Traffic
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden
from auditor.graph.network.ground.network_acls import acl_traffic, answers, guard
from auditor.graph.network.ground.owners import left_to_aws
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.security_groups import EGRESS, INGRESS, admission
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.stop_words import denied, refused, some_answered, unanswered
from auditor.graph.space import Ranges
from auditor.model import ABSENT, Edge, Gap, Hidden, Resource

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
    hops: tuple[str, ...] = ()  # what it passed, in words

    @classmethod
    def asking(cls, services: Ranges, addresses: Ranges) -> Walk:
        """The beginning: everything that the question asks for."""
        asked = Traffic.box(services, addresses)
        return cls(asked, asked)

    @property
    def over(self) -> bool:
        return not self.high

    def along(self, *edges: Edge) -> Walk:
        """With these edges behind it; `proof` has each of them once."""
        if not edges:
            return self
        return Walk(self.low, self.high, self.edges + edges, self.gaps, self.stop, self.doubts, self.hops)

    @property
    def proof(self) -> tuple[Edge, ...]:
        """The edges that it went along, each once."""
        return tuple(dict.fromkeys(self.edges))

    def by(self, *hops: str) -> Walk:
        return replace(self, hops=(*self.hops, *hops))

    def through(
        self, low: Traffic, high: Traffic, stop: Stop, gaps: tuple[Gap, ...] = (), doubt: Stop | None = None
    ) -> Walk:
        """Keep what the filter lets through; `stop` tells what the filter was, should nothing be left, and `doubt`
        why it is not certain of what it may let through.
        """
        if self.over or (low is high is EVERYTHING and not gaps):
            return self
        kept_high = self.high & high
        kept_low = kept_high if self.low is self.high and low is high else self.low & low
        doubts = self.doubts
        if kept_high and not kept_low and self.low:
            doubts = (*doubts, doubt or stop.unsure)
        gone = stop if not kept_high else None
        return Walk(kept_low, kept_high, self.edges, _more(self.gaps, gaps), gone, doubts, self.hops)

    def among(self, addresses: Ranges) -> Walk:
        """The share of the walk that goes to these far ends."""
        high = self.high.among(addresses)
        low = high if self.low is self.high else self.low.among(addresses)
        return Walk(low, high, self.edges, self.gaps, self.stop, self.doubts, self.hops)

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


def unplaced(walk: Walk, *places: Spot) -> Walk:
    """Where it was not read in which subnet or network something stands, its groups alone have their say."""
    for each in places:
        if each.unread:
            walk = walk.blur(Stop.at(each, "outside", f"the location of {each.label} was not read"), each.unread)
    return walk


def either(walks: list[Walk]) -> Walk:
    """Several ways: what any of them lets through. The stop is that of the way which came furthest."""
    if len(walks) == 1:
        return walks[0]
    best = max(walks, key=lambda walk: (bool(walk.low), bool(walk.high), len(walk.proof), len(walk.hops)))
    low, high = best.low, best.high
    gaps: tuple[Gap, ...] = ()
    for walk in walks:
        low, high = low | walk.low, high | walk.high
        gaps = _more(gaps, walk.gaps if walk.high else ())
    return replace(best, low=low, high=high, gaps=gaps or best.gaps, stop=best.stop if not high else None)


def placed(resource: Resource | None, places: Sequence[Spot], walks: list[Walk]) -> Walk:
    """The ways to (or from) each place in which something may stand. AWS puts a database into one subnet of its group,
    so that only what all of them have in common is certain; other things stand in all their places at once.
    """
    found = either(walks)
    if resource is None or resource.type != w.DATABASE or len(walks) == 1:
        return found
    low = walks[0].low
    for walk in walks[1:]:
        low &= walk.low
    if low == found.low:
        return found
    unread = hidden(resource, "AvailabilityZone", "DBSubnetGroupName")
    unread += tuple(gap for spot in places for gap in hidden(spot.subnet, "AvailabilityZone"))
    words = f"it depends on in which subnet of its group {resource.label} stands"
    return replace(
        found, low=low, gaps=_more(found.gaps, unread), doubts=(*found.doubts, Stop.at(resource, "outside", words))
    )


def group_in(graph: Graph, walk: Walk, spot: Spot, sources: Ranges, source: Spot | None = None) -> Walk:
    """The groups of the place where packets arrive; the far ends are the sources, and rules may name the groups of a
    `source` inside.
    """
    if not spot.guarded or walk.over:
        return walk
    found = admission(graph, spot.groups, INGRESS)
    low, high = found.low, found.high
    by_group = Traffic.box(found.by_groups(source.groups if source else ()), sources)
    if by_group:  # of the rules by address only what the walk asks for is worth uniting with
        low, same = walk.low & low | by_group, low is high and walk.low is walk.high
        high = low if same else walk.high & high | by_group
    gaps = found.gaps + spot.gaps
    if source and source.gaps and found.groups:  # it may hold any of the groups that are named
        high, gaps = high | Traffic.box(found.by_any_group(), sources), gaps + source.gaps
    stop = Stop.at(spot, "group-rules", partial(refused, graph, spot, walk.high, "inbound"))
    return walk.through(low, EVERYTHING if spot.gaps else high, stop, gaps).along(*spot.evidence)


def group_out(graph: Graph, walk: Walk, spot: Spot) -> Walk:
    """The groups of the place where packets start; the far ends are the destinations."""
    if not spot.guarded or walk.over:
        return walk
    found = admission(graph, spot.groups, EGRESS)
    stop = Stop.at(spot, "group-rules", partial(refused, graph, spot, walk.high, "outbound"))
    high = EVERYTHING if spot.gaps else found.high
    return walk.through(found.low, high, stop, found.gaps + spot.gaps).along(*spot.evidence)


def group_towards(graph: Graph, walk: Walk, spot: Spot, addresses: Ranges, target: Spot | None) -> Walk:
    """The groups of the start, for known addresses, and the groups of a `target` inside that rules may name."""
    if not spot.guarded or walk.over:
        return walk
    found = admission(graph, spot.groups, EGRESS)
    more = target.gaps if target else ()
    low, high = found.services(addresses, target.groups if target else (), bool(more))
    stop = Stop.at(spot, "group-rules", partial(refused, graph, spot, walk.high, "outbound", addresses))
    least, most = _both(low, high)
    gaps = found.gaps + spot.gaps + (more if found.groups else ())
    return walk.through(least, EVERYTHING if spot.gaps else most, stop, gaps).along(*spot.evidence)


def acl(graph: Graph, walk: Walk, subnet: Resource, egress: bool, patient: bool = True) -> Walk:
    """The subnet's ACL for packets of the walk in this direction, and for their answers in the other.

    `patient` asks that every client is answered; a stranger who may choose the port needs only one that is let through.
    """
    walk, found, gaps = _guarded(graph, walk, subnet)
    if found is None:
        return walk
    stop = Stop.at(found, "acl", partial(denied, found, subnet, egress, walk.high, None))
    walk = walk.through(*acl_traffic(graph, found, egress), stop, gaps)
    always, sometimes = answers(graph, found, not egress)
    stop = Stop.at(found, "acl-answer", partial(unanswered, found, subnet, egress, walk.high, None))
    low = always[0] if patient else sometimes[0]
    return walk.through(low, sometimes[1], stop, gaps, some_answered(found, subnet) if not gaps else None)


def acl_towards(graph: Graph, walk: Walk, subnet: Resource, target: Ranges, egress: bool) -> Walk:
    """The same for a walk whose far ends are sources, at the side of the source: the ACL sees the target's address."""
    walk, found, gaps = _guarded(graph, walk, subnet)
    if found is None:
        return walk
    low, high = acl_traffic(graph, found, egress)
    stop = Stop.at(found, "acl", partial(denied, found, subnet, egress, walk.high, target))
    walk = walk.through(*_both(low.for_all(target), high.for_any(target)), stop, gaps)
    always, sometimes = answers(graph, found, not egress)
    back = Stop.at(found, "acl-answer", partial(unanswered, found, subnet, egress, walk.high, target))
    let = _both(always[0].for_all(target), sometimes[1].for_any(target))
    return walk.through(*let, back, gaps, some_answered(found, subnet) if not gaps else None)


def _guarded(graph: Graph, walk: Walk, subnet: Resource) -> tuple[Walk, Resource | None, tuple[Gap, ...]]:
    """The ACL that a walk meets at a subnet, with what of it was not read; none where the walk has ended, or where
    it could not be read which it is.
    """
    if walk.over:
        return walk, None, ()
    found, edges, gaps = guard(graph, subnet)
    if gaps and found is None:
        words = f"the network ACL of {subnet.label} could not be read"
        return walk.blur(Stop.at(subnet, "acl", words), gaps), None, ()
    return walk.along(*edges), found, gaps


def in_service(walk: Walk, resource: Resource, name: str = "State", serving: tuple[str, ...] = ("available",)) -> Walk:
    """A walk goes on where the state of what it passes is one in which that serves; AWS tells it for everything that
    has one, so a description without it is one of something that serves, as is code (a state left `unresolved`).
    """
    state = resource.at(name)
    if isinstance(state, Hidden):
        doubt = Stop.at(resource, "bad-state", f"the state of {resource.label} was not read")
        return walk if left_to_aws(state) else walk.blur(doubt, (state.gap,))
    if state is ABSENT or str(state).lower() in serving:
        return walk
    word = str(state).lower() if str(state).isupper() else state
    return walk.end(Stop.at(resource, "bad-state", f"{resource.label} is {word}"))


def _both(low: Ranges, high: Ranges) -> tuple[Traffic, Traffic]:
    """Services, whatever the far end is; one value twice where nothing is open, so that it is worked with once."""
    if low == ALL_SERVICES:
        return EVERYTHING, EVERYTHING
    most = Traffic.box(high, EVERYWHERE)
    return (most if low == high else Traffic.box(low, EVERYWHERE)), most
