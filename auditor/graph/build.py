"""The graph of one inventory: resources as nodes, the edges that their types declare, and what could not be seen.

Questions come back with what they could not look at (`blind`), because an absent edge proves nothing when one of
its ends was never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from auditor import paths
from auditor.model import ABSENT, GLOBAL, Edge, EdgeTo, Gap, Inventory, Json, Resource, ResourceType


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference that leads to nothing that was read."""

    tail: str
    relation: str
    value: str
    because: str


class Graph:
    """Built once by `build`, then only asked."""

    def __init__(self, inventory: Inventory, types: Mapping[str, ResourceType]) -> None:
        self.inventory = inventory
        self.types = types
        self.net: Any = nx.MultiDiGraph()
        self.memo: dict[str, Any] = {}  # what questions keep for the next ones: each index is made once a graph
        self._loose: dict[tuple[str, str], list[Dangling]] = {}
        self._resources = {resource.key: resource for resource in inventory.resources}
        self._by_type: dict[str, list[Resource]] = {}
        for resource in self._resources.values():
            self._by_type.setdefault(resource.type, []).append(resource)
        self.net.add_nodes_from(self._resources)

    def resource(self, key: str) -> Resource | None:
        return self._resources.get(key)

    def resources(self) -> Iterable[Resource]:
        return self._resources.values()

    def of_type(self, *types: str) -> list[Resource]:
        return [resource for cfn in types for resource in self._by_type.get(cfn, ())]

    def add(self, edge: Edge) -> None:
        self.net.add_edge(edge.tail, edge.head, key=(edge.relation, edge.because), edge=edge)

    def leave(self, loose: Dangling) -> None:
        self._loose.setdefault((loose.tail, loose.relation), []).append(loose)

    def dangling(self, resource: Resource, relation: str) -> list[Dangling]:
        """References of this relation that lead to nothing that was read."""
        return self._loose.get((resource.key, relation), [])

    def edges(self) -> list[Edge]:
        found = [data["edge"] for _, _, data in self.net.edges(data=True)]
        return sorted(found, key=lambda edge: (edge.tail, edge.relation, edge.head, edge.because))

    def heads(self, resource: Resource, relation: str = "", *types: str) -> list[tuple[Edge, Resource]]:
        """Where edges from `resource` lead."""
        if resource.key not in self.net:
            return []
        data = self.net.out_edges(resource.key, data=True)
        return self._matching(((item["edge"], head) for _, head, item in data), relation, types)

    def tails(self, resource: Resource, relation: str = "", *types: str) -> list[tuple[Edge, Resource]]:
        """Where edges to `resource` come from."""
        if resource.key not in self.net:
            return []
        data = self.net.in_edges(resource.key, data=True)
        return self._matching(((item["edge"], tail) for tail, _, item in data), relation, types)

    def _matching(
        self, found: Iterable[tuple[Edge, str]], relation: str, types: tuple[str, ...]
    ) -> list[tuple[Edge, Resource]]:
        out = [
            (edge, self._resources[key])
            for edge, key in found
            if (not relation or edge.relation == relation) and (not types or self._resources[key].type in types)
        ]
        return sorted(out, key=lambda pair: (pair[0].relation, pair[1].key, pair[0].because))

    def gaps_for(self, cfn: str, region: str = "") -> tuple[Gap, ...]:
        """Why the list of this type is not whole: failed lists, and the type never having been asked for."""
        gaps = [
            gap
            for gap in self.inventory.gaps
            if cfn in gap.types
            and _lists(gap, cfn, self.types)
            and (not region or gap.region == region or region == GLOBAL)
        ]
        if cfn not in self.inventory.asked:
            account = (*self.inventory.accounts, "")[0]
            reason = f"{cfn} was not read in this run"
            gaps.append(Gap(account, region, "", "", "", "unsupported", (cfn,), reason))
        return tuple(gaps)

    def blind(self, resource: Resource, relation: str, heads: tuple[str, ...] = ()) -> tuple[Gap, ...]:
        """What may hide an edge `resource -relation-> heads`: an unread property, or an unread list of heads."""
        described = self.types[resource.type]
        rows = [row for row in described.edges if row.relation == relation and not row.back]
        hidden = [gap for row in rows if (gap := paths.hidden(resource.unknown, row.via))]
        targets = heads or tuple(cfn for row in rows for cfn in row.to if cfn in self.inventory.asked)
        return tuple(hidden) + tuple(gap for cfn in targets for gap in self.gaps_for(cfn))

    def blind_tails(self, relation: str, tails: tuple[str, ...]) -> tuple[Gap, ...]:
        """What may hide an edge `tails -relation-> anything`: an unread list, or an unread property of one of them."""
        gaps = [gap for cfn in tails for gap in self.gaps_for(cfn)]
        for tail in self.of_type(*tails):
            if tail.unknown:
                gaps += self.blind(tail, relation, heads=(tail.type,))
        return tuple(dict.fromkeys(gaps))


def _lists(gap: Gap, cfn: str, types: Mapping[str, ResourceType]) -> bool:
    """Whether the gap hides members of the type, and not a detail of one resource."""
    described = types.get(cfn)
    return not gap.subject or bool(described and described.over and described.list.operation == gap.operation)


def build(inventory: Inventory, types: Mapping[str, ResourceType]) -> Graph:
    """Resources and the edges that their types declare."""
    graph = Graph(inventory, types)
    index = _index(inventory.resources)
    for resource in inventory.resources:
        for row in types[resource.type].edges:
            for because, value in _references(row, resource):
                _connect(graph, index, resource, row, because, value)
    for resource in inventory.resources:
        made_with = types[resource.type].made_with
        if made_with and any(head.aws_made for _, head in graph.heads(resource, made_with)):
            resource.aws_made = True
    return graph


def _index(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    """Resources by every text that others use for them: id, ARN and the names that the type gives."""
    index: dict[str, list[Resource]] = {}
    for resource in resources:
        for text in dict.fromkeys((resource.id, resource.arn, *resource.names)):
            if text:
                index.setdefault(text, []).append(resource)
    return index


def _references(row: EdgeTo, resource: Resource) -> Iterator[tuple[str, str]]:
    for place, value in paths.find(resource.properties, row.via):
        if value is ABSENT or value is None:
            continue
        # What code refers to is named whole; there is nothing to take out of it.
        told = isinstance(value, str) and value.startswith("${")
        for reference in row.take(value) if row.take and not told else _texts(value):
            yield place, reference


def _texts(value: Json) -> list[str]:
    many = value if isinstance(value, list) else [value]
    return [text for text in many if isinstance(text, str) and text]


def _connect(
    graph: Graph,
    index: Mapping[str, list[Resource]],
    resource: Resource,
    row: EdgeTo,
    because: str,
    value: str,
) -> None:
    targets = [each for each in index.get(value, ()) if each.type in row.to]
    near = [each for each in targets if each.region == resource.region] or targets
    if not near:
        graph.leave(Dangling(resource.key, row.relation, value, because))
    for target in near:
        tail, head = (target, resource) if row.back else (resource, target)
        graph.add(Edge(tail.key, row.relation, head.key, f"{because} = {value}"))
