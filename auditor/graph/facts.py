"""What the engines prove of a graph, as edges beside the declared ones: who reaches what, who can act as whom."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from auditor.graph.access.facts import access_facts
from auditor.graph.access.held.guardrails import NONE, Guardrails
from auditor.graph.boxes import ALL_SERVICES
from auditor.graph.build import Graph
from auditor.graph.network import INTERNET, End, Reach, end_of, reach
from auditor.graph.ways import DATA
from auditor.model import Edge, Resource

# What is asked about: everything that computes, keeps data or stands in front of such, and has a place of its own.
_FRONTS = ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer")


_INTERNET = {"type": "Internet", "name": "the Internet", "account": "", "region": "", "origin": "", "id": "",
             "exists": "yes"}  # fmt: skip


def facts(graph: Graph, guard: Guardrails = NONE) -> Iterator[Edge]:
    """Every proven fact as an edge, with the proof in a sentence; what could not be decided is none."""
    yield from network_facts(graph)
    yield from access_facts(graph, guard)


def network_facts(graph: Graph) -> Iterator[Edge]:
    """What the Internet reaches, and which workload reaches which place where data is kept."""
    ends = sorted((each for each in graph.resources() if _is_end(graph, each)), key=lambda each: each.key)
    made = {each.key: end_of(graph, each) for each in ends}
    for head in ends:
        yield from _fact(graph, INTERNET, INTERNET.label, made[head.key])
    speaking = [each for each in ends if made[each.key].spots and each.type not in DATA]
    for tail in speaking:
        for head in (each for each in ends if each.type in DATA):
            yield from _fact(graph, made[tail.key], tail.key, made[head.key])


def _is_end(graph: Graph, resource: Resource) -> bool:
    return resource.type in (*DATA, *_FRONTS) or graph.types[resource.type].workload


def _fact(graph: Graph, tail: End, key: str, head: End) -> Iterator[Edge]:
    found: Reach = reach(graph, tail, head, ALL_SERVICES)
    if found.state == "reached":
        yield Edge(key, "reaches", head.key, found.because)


def with_facts(graph: Graph, guard: Guardrails = NONE) -> nx.MultiDiGraph:
    """A copy of `graph.net` with the facts beside the declared edges; the Internet is a node of it where it reaches."""
    net = graph.net.copy()
    for edge in facts(graph, guard):
        if edge.tail == INTERNET.label and edge.tail not in net:
            net.add_node(edge.tail, **_INTERNET)
        before = net.edges[edge.tail, edge.head, edge.relation]["because"] if _known(net, edge) else ()
        net.add_edge(edge.tail, edge.head, edge.relation, because=(*before, edge.because), origin="", fact=True)
    return net


def _known(net: nx.MultiDiGraph, edge: Edge) -> bool:
    known: bool = net.has_edge(edge.tail, edge.head, edge.relation)
    return known
