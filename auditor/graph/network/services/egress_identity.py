"""A place inside a network that calls something on the Internet: the way out, and under which address it is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from auditor.graph.box_words import address_words
from auditor.graph.boxes import FOUR, SIX, Traffic, internet
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.security_groups import is_worldly
from auditor.graph.network.ground.words import Placed, Stop
from auditor.graph.network.packets.to_internet import outbound
from auditor.graph.network.packets.walk import Walk
from auditor.graph.network.services.path_ends import End
from auditor.graph.network.services.vpc_endpoints import came_from
from auditor.graph.space import Ranges

Arrive = Callable[[Walk], Walk]  # what of a walk from the Internet gets to what is called


def from_inside(graph: Graph, tail: End, services: Ranges, arrive: Arrive, towards: Ranges | None = None) -> list[Walk]:
    """The ways from a place to what `arrive` leads to, over the Internet; `towards` are its addresses, where known."""
    if not tail.spots and tail.resource and tail.resource.type == w.FUNCTION and not tail.gaps:
        # Outside a VPC a function has the Internet, under addresses of the service, which AWS does not publish.
        return [_unsure(arrive(Walk.asking(services, internet())), tail)]
    return [_out(graph, spot, services, arrive, towards) for spot in tail.spots]


def _out(graph: Graph, spot: Spot, services: Ranges, arrive: Arrive, towards: Ranges | None) -> Walk:
    out = outbound(graph, spot, services, towards)
    if out.over:
        return out
    families = Ranges.of(span for each in (FOUR, SIX) if out.high.addresses.meets(each) for span in each.spans)
    seen = came_from(graph, spot, out) & families
    into = arrive(Walk.asking(out.high.services, seen or internet() & families))
    if into.low and not (seen and seen <= into.low.addresses):
        into = _unsure(into, spot)
    sure = into.low.on(_surely_out(out, towards)) if out.low else Traffic()
    if into.low and out.low and not sure:
        words = f"its address is not known, and {spot.label} reaches only {address_words(out.low.addresses)}"
        into = into.blur(Stop.at(spot, "group-rules", words))
    return replace(
        into,
        low=sure,
        edges=(*out.edges, *into.edges),
        hops=(*out.hops, *into.hops),
        gaps=(*out.gaps, *into.gaps),
        doubts=(*into.doubts, *out.doubts),
    )


def _surely_out(out: Walk, towards: Ranges | None) -> Ranges:
    """The services that get out to what is called: to the world, where its addresses are not known."""
    if towards is not None:
        return out.low.services
    return Ranges.of((low, high) for low, high, found in out.low.slices if is_worldly(found))


def _unsure(walk: Walk, caller: Placed) -> Walk:
    """Where it is not known from which of several addresses the call comes, only what all of them may do is certain."""
    if not walk.low or internet() & FOUR <= walk.low.addresses:
        return walk
    admits = address_words(walk.low.addresses)
    words = f"the source address of {caller.label} is not known, and only {admits} is allowed"
    return walk.blur(Stop.at(caller, "no-public-address", words))
