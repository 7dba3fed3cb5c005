"""The graph of one inventory: resources as nodes, the edges that their types declare, and what could not be seen.

Questions come back with what they could not look at (`blind`), because an absent edge proves nothing when one of
its ends was never read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from auditor.graph.stacks import held_by_stacks
from auditor.model import ABSENT, GLOBAL, Edge, EdgeTo, Gap, Hidden, Inventory, Json, Resource, ResourceType, paths

if TYPE_CHECKING:
    import networkx as nx

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference that leads to nothing that was read."""

    tail: str
    relation: str
    value: str
    because: str
    to: tuple[str, ...] = ()  # the types that it may mean


Neighbours = dict[str, dict[str, list[tuple[Edge, Resource]]]]  # key -> relation -> the edges, and where they lead


class Graph:
    """Built once by `build`, then only asked. Edges lie by resource and relation, for that is what hot questions name;
    everything else is asked of `net`, the same as a networkx graph.
    """

    def __init__(self, inventory: Inventory, types: Mapping[str, ResourceType]) -> None:
        self.inventory = inventory
        self.types = types
        self._once: dict[Callable[[Graph], Any], Any] = {}
        self._edges: set[Edge] = set()
        self._heads: Neighbours = {}
        self._tails: Neighbours = {}
        self._loose: dict[tuple[str, str], list[Dangling]] = {}
        self._resources = {resource.key: resource for resource in inventory.resources}
        self._by_type: dict[str, list[Resource]] = {}
        for resource in self._resources.values():
            self._by_type.setdefault(resource.type, []).append(resource)

    def once(self, make: Callable[[Graph], Made]) -> Made:
        """What `make` gives for this graph, made at the first question and kept for the next ones."""
        if make not in self._once:
            self._once[make] = make(self)
        made: Made = self._once[make]
        return made

    def resource(self, key: str) -> Resource | None:
        return self._resources.get(key)

    def resources(self) -> Iterable[Resource]:
        return self._resources.values()

    def of_type(self, *types: str) -> list[Resource]:
        return [resource for cfn in types for resource in self._by_type.get(cfn, ())]

    def add(self, edge: Edge) -> None:
        if edge in self._edges:
            return
        self._edges.add(edge)
        tail, head = self._resources[edge.tail], self._resources[edge.head]
        self._heads.setdefault(edge.tail, {}).setdefault(edge.relation, []).append((edge, head))
        self._tails.setdefault(edge.head, {}).setdefault(edge.relation, []).append((edge, tail))

    def leave(self, loose: Dangling) -> None:
        self._loose.setdefault((loose.tail, loose.relation), []).append(loose)

    def dangling(self, resource: Resource, relation: str) -> list[Dangling]:
        """References of this relation that lead to nothing that was read."""
        return self._loose.get((resource.key, relation), [])

    def outside(self, resource: Resource, relation: str, *types: str) -> tuple[Gap, ...]:
        """References of code that lead out of it, to one of these types where they are named: to what is made
        elsewhere, of which nobody here knows anything."""
        if not resource.address:
            return ()
        return tuple(
            Gap(resource.account, resource.region, "", "", "", "unresolved", (resource.type,),
                f"{each.because} leads to {each.value[:120]}, which is not in this code", resource.key)
            for each in self.dangling(resource, relation)
            if not types or not each.to or set(types) & set(each.to)
        )  # fmt: skip

    @property
    def net(self) -> nx.MultiDiGraph:
        """Resources and declared edges as a networkx graph, for its algorithms; made of the same edges on first use."""
        return self.once(_net)

    def drawn(self) -> Iterable[Edge]:
        """Every edge once, in no order."""
        return self._edges

    def edges(self) -> list[Edge]:
        return sorted(self._edges, key=lambda edge: (edge.tail, edge.relation, edge.head, edge.because))

    def heads(self, resource: Resource, relation: str = "", *types: str) -> list[tuple[Edge, Resource]]:
        """Where edges from `resource` lead."""
        return _matching(self._heads.get(resource.key, {}), relation, types)

    def tails(self, resource: Resource, relation: str = "", *types: str) -> list[tuple[Edge, Resource]]:
        """Where edges to `resource` come from."""
        return _matching(self._tails.get(resource.key, {}), relation, types)

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
        hidden += [gap for cfn in targets for gap in self.once(_read_from_the_far_end).get((cfn, relation), ())]
        return tuple(hidden) + tuple(gap for cfn in targets for gap in self.gaps_for(cfn))

    def blind_tails(self, relation: str, tails: tuple[str, ...]) -> tuple[Gap, ...]:
        """What may hide an edge `tails -relation-> anything`: an unread list, or an unread property of one of them."""
        gaps = [gap for cfn in tails for gap in self.gaps_for(cfn)]
        for tail in self.of_type(*tails):
            if tail.unknown:
                gaps += self.blind(tail, relation, heads=(tail.type,))
        return tuple(dict.fromkeys(gaps))


def _read_from_the_far_end(graph: Graph) -> dict[tuple[str, str], list[Gap]]:
    """By the head's type and relation: gaps in properties of heads that say which tail leads to them."""
    out: dict[tuple[str, str], list[Gap]] = {}
    for head in graph.resources():
        for row in graph.types[head.type].edges if head.unknown else ():
            gap = paths.hidden(head.unknown, row.via) if row.back else None
            if gap:
                out.setdefault((head.type, row.relation), []).append(gap)
    return out


def _net(graph: Graph) -> nx.MultiDiGraph:
    from auditor.graph.net import made  # networkx is loaded where it is asked for

    return made(graph.resources(), graph.drawn(), graph.types)


def _matching(
    near: Mapping[str, list[tuple[Edge, Resource]]], relation: str, types: tuple[str, ...]
) -> list[tuple[Edge, Resource]]:
    """The neighbours in an order that does not depend on the order of answers."""
    found = near.get(relation, ()) if relation else [pair for pairs in near.values() for pair in pairs]
    out = [pair for pair in found if pair[1].type in types] if types else list(found)
    if len(out) > 1:
        out.sort(key=lambda pair: (pair[0].relation, pair[1].key, pair[0].because))
    return out


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
    for edge in held_by_stacks(inventory.resources):
        graph.add(edge)
    for resource in inventory.resources:
        made_with = types[resource.type].made_with
        if made_with and any(head.aws_made for _, head in graph.heads(resource, made_with)):
            resource.aws_made = True
    return graph


def _known_everywhere(resource: Resource, text: str) -> bool:
    """Whether a text means a resource in every account: its ARN, an id of EC2, a bucket, a host name; and no name."""
    alone = resource.type.startswith("AWS::EC2::") or resource.type == "AWS::S3::Bucket"
    return text == resource.arn or alone or "." in text


def _index(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    """Resources by every text that others use for them: id, ARN and the names that the type gives."""
    index: dict[str, list[Resource]] = {}
    for resource in resources:
        for text in dict.fromkeys((resource.id, resource.arn, *resource.names)):
            if text:
                index.setdefault(text, []).append(resource)
    return index


def _references(row: EdgeTo, resource: Resource) -> Iterator[tuple[str, str]]:
    for place, found in resource.each(row.via):
        value = found.known if isinstance(found, Hidden) else found
        if value is ABSENT or value is None:
            continue
        # What code refers to is named whole; there is nothing to take out of it.
        told = isinstance(value, str) and value.startswith("${") and value.find("}") == len(value) - 1
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
    own = [each for each in targets if each.account == resource.account]
    targets = own or [each for each in targets if _known_everywhere(each, value)]
    near = [each for each in targets if each.region == resource.region] or targets
    if not near:
        graph.leave(Dangling(resource.key, row.relation, value, because, tuple(row.to)))
    for target in near:
        tail, head = (target, resource) if row.back else (resource, target)
        graph.add(Edge(tail.key, row.relation, head.key, f"{because} = {value}"))
