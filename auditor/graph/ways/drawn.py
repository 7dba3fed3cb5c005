"""The ways that were found as one directed graph, for whoever draws it or asks networkx of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import networkx as nx

from auditor.graph.ways.cuts import dominators
from auditor.graph.ways.proven import Ways

_BEYOND = "beyond all ends"


def ways_graph(many: Iterable[Ways]) -> nx.DiGraph:
    """The ways as a graph: from where traffic starts over elements to where it arrives.

    `possible` says of an element that it stands on no proven way.
    """
    net = nx.DiGraph()
    for ways in many:
        net.add_node(ways.tail, kind="start", words=ways.tail_label)
        net.add_node(ways.head, kind="end", words=ways.head_label)
        for way in (*ways.proven, *ways.possible):
            for each in way.elements:
                before = net.nodes[each.key]["possible"] if each.key in net else True
                told = {"kind": each.kind, "words": each.words, "owner": each.owner}
                net.add_node(each.key, possible=before and not way.proven, **told)
            steps = (ways.tail, *(each.key for each in way.elements), ways.head)
            for one, other in pairwise(steps):
                said = net.edges[one, other]["possible"] if net.has_edge(one, other) else True
                net.add_edge(one, other, possible=said and not way.proven)
    return net


def passed_by_all(many: Iterable[Ways]) -> list[str]:
    """The keys of elements that every way to every one of these ends passes, if all ways were counted.

    They are dominators of an end behind all ends. An element that the graph lets one go round is none, so some may be
    missing; each that is told is one.
    """
    every = [ways for ways in many if ways.proven]
    net = ways_graph(every)
    if len({ways.tail for ways in every}) != 1 or not all(ways.complete for ways in every):
        return []
    net.remove_edges_from([(one, other) for one, other, said in net.edges(data=True) if said["possible"]])
    net.add_edges_from((ways.head, _BEYOND) for ways in every)
    heads = {ways.head for ways in every}
    return [each for each in dominators(net, every[0].tail, _BEYOND) if each not in heads]
