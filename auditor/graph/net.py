"""The graph as networkx has it: a `MultiDiGraph` of resources and of edges by relation, and questions about its shape.

A node is the key of a resource, an edge is known by its relation; what several properties say alike is one edge with
all of them in `because`. It is made of the same edges as the indexes in `build`, at the first question. Declared edges
do not point the way traffic goes (a database is *placed in* its subnet): what traffic passes is asked of `ways`.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from auditor.model import Edge, Resource, ResourceType

Net = nx.MultiDiGraph
MOST_PATHS = 1000


def made(resources: Iterable[Resource], edges: Iterable[Edge], types: Mapping[str, ResourceType]) -> nx.MultiDiGraph:
    """Resources and edges as networkx has them; the same whatever the order in which they come."""
    net = nx.MultiDiGraph()
    known = {resource.key: resource for resource in resources}
    backwards = _backwards(known.values(), types)
    net.add_nodes_from((key, attributes(known[key])) for key in sorted(known))
    for (tail, relation, head), group in itertools.groupby(sorted(edges, key=_order), key=_ends):
        many = list(group)
        because = tuple(edge.because for edge in many)
        net.add_edge(tail, head, relation, because=because, origin=_place(known, backwards, many[0]))
    return net


def attributes(resource: Resource) -> dict[str, str]:
    """What is told of a resource; its properties stay out, for a graph is made to be handed on."""
    return {
        "type": resource.type,
        "name": resource.label,
        "account": resource.account,
        "region": resource.region,
        "origin": resource.origin,
        "id": resource.id,
        "exists": resource.exists,
    }


def _order(edge: Edge) -> tuple[str, str, str, str]:
    return edge.tail, edge.relation, edge.head, edge.because


def _ends(edge: Edge) -> tuple[str, str, str]:
    return edge.tail, edge.relation, edge.head


def _place(known: Mapping[str, Resource], backwards: frozenset[tuple[str, str]], edge: Edge) -> str:
    """Where the property stands that says so: on the tail, or on the head where the type declares the edge back."""
    says = known[edge.head if (known[edge.tail].type, edge.relation) in backwards else edge.tail]
    return says.place(edge.because.partition(" = ")[0]) if says.places else says.origin


def _backwards(resources: Iterable[Resource], types: Mapping[str, ResourceType]) -> frozenset[tuple[str, str]]:
    """The relations that a type never says of itself: what they lead to does."""
    found = set[tuple[str, str]]()
    relations = {row.relation for described in types.values() for row in described.edges}
    for cfn in {each.type for each in resources}:
        own = {row.relation for row in types[cfn].edges if not row.back}
        found |= {(cfn, relation) for relation in relations - own}
    return frozenset(found)


# ---- questions


def narrowed(net: nx.MultiDiGraph, relations: Collection[str] = ()) -> nx.MultiDiGraph:
    """The edges of these relations only (all, where none is named); a view, nothing is copied."""
    if not relations:
        return net
    wanted = frozenset(relations)
    return nx.subgraph_view(net, filter_edge=lambda tail, head, relation: relation in wanted)


def shortest_path(net: nx.MultiDiGraph, tail: str, head: str, relations: Collection[str] = ()) -> list[str] | None:
    """The keys on a shortest path along the edges, or None."""
    try:
        found: list[str] = nx.shortest_path(narrowed(net, relations), tail, head)
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return None
    return found


def simple_paths(
    net: nx.MultiDiGraph,
    tail: str,
    head: str,
    relations: Collection[str] = (),
    longest: int = 6,
    most: int = MOST_PATHS,
) -> Iterator[list[str]]:
    """Paths that visit nothing twice, each once whatever relations join its steps; bounded in length and number."""
    view = narrowed(net, relations)
    if tail not in view or head not in view or tail == head:
        return
    found = (tuple(path) for path in nx.all_simple_paths(view, tail, head, cutoff=longest))
    seen: set[tuple[str, ...]] = set()
    for path in found:  # parallel edges give a path again
        if path not in seen:
            seen.add(path)
            yield list(path)
            if len(seen) >= most:
                return


def descendants(net: nx.MultiDiGraph, key: str, relations: Collection[str] = ()) -> set[str]:
    """Everything that edges lead to from here."""
    found: set[str] = nx.descendants(narrowed(net, relations), key)
    return found


def ancestors(net: nx.MultiDiGraph, key: str, relations: Collection[str] = ()) -> set[str]:
    """Everything from which edges lead here: what is concerned when this goes away (its blast radius)."""
    found: set[str] = nx.ancestors(narrowed(net, relations), key)
    return found


def neighbourhood(net: nx.MultiDiGraph, key: str, depth: int = 1, relations: Collection[str] = ()) -> nx.MultiDiGraph:
    """What lies within so many edges of a resource, whichever way they point, with the edges in between."""
    view = narrowed(net, relations)
    near, frontier = {key}, {key}
    for _ in range(depth):
        found = {each for here in frontier for each in itertools.chain(view.successors(here), view.predecessors(here))}
        frontier = found - near
        near |= found
    part = nx.MultiDiGraph()
    part.add_nodes_from((each, net.nodes[each]) for each in sorted(near))
    inside = ((tail, head, relation) for tail, head, relation in view.edges(part.nodes, keys=True) if head in near)
    for tail, head, relation in sorted(inside):
        part.add_edge(tail, head, relation, **net.edges[tail, head, relation])
    return part


# ---- two runs


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two graphs, by key; a changed one with the names of the attributes that differ."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    edges_added: tuple[tuple[str, str, str], ...]  # tail, relation, head
    edges_removed: tuple[tuple[str, str, str], ...]
    edges_changed: Mapping[tuple[str, str, str], tuple[str, ...]]

    def __bool__(self) -> bool:
        edges = self.edges_added or self.edges_removed or self.edges_changed
        return bool(self.added or self.removed or self.changed or edges)


def compare(before: nx.MultiDiGraph, after: nx.MultiDiGraph) -> Changes:
    """What two runs differ in."""
    old, new = dict(before.nodes(data=True)), dict(after.nodes(data=True))
    old_edges, new_edges = _told(before), _told(after)
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=_changed(old, new),
        edges_added=tuple(sorted(new_edges.keys() - old_edges.keys())),
        edges_removed=tuple(sorted(old_edges.keys() - new_edges.keys())),
        edges_changed=_changed(old_edges, new_edges),
    )


def _told(net: nx.MultiDiGraph) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(tail, relation, head): said for tail, head, relation, said in net.edges(keys=True, data=True)}


def _changed(old: Mapping[Any, Mapping[str, Any]], new: Mapping[Any, Mapping[str, Any]]) -> dict[Any, tuple[str, ...]]:
    """The attributes in which what is in both differs."""
    found = {key: _differing(old[key], new[key]) for key in sorted(old.keys() & new.keys())}
    return {key: names for key, names in found.items() if names}


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in sorted({*one, *other}) if one.get(name) != other.get(name))
