"""The ways that were found as one directed graph, for whoever draws it or asks networkx of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import networkx as nx

from auditor.graph.ways.proven import Ways


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
