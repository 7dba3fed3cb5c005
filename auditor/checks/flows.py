"""A documented arrow, judged: is it wired, is it routable, is it permitted, each where it applies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.checks.handed_in import may_be
from auditor.checks.schema import Link
from auditor.graph.access.held.acting import acted_on, acts_may
from auditor.graph.build import Graph
from auditor.graph.network import flows, unread_by, unused
from auditor.graph.query import path
from auditor.model import RELATIONS, Answer, Edge, Gap, Resource, Verdict, paths


@dataclass(frozen=True, slots=True)
class Wire:
    """An arrow as it is drawn: its ends and its verdict."""

    link: Link
    tails: tuple[str, ...]
    heads: tuple[str, ...]
    verdict: Verdict


# The last word of an answer's property -> which of the three questions it answers.
PARTS = {"wired": "wired", "flow": "routable", "action": "permitted"}


def part_of(answer: Answer) -> str:
    return PARTS[answer.property.rpartition(" ")[2]]


def link_answers(graph: Graph, link: Link, tail: Resource, heads: list[Resource]) -> Iterator[Answer]:
    """The answers for one tail: it must reach at least one of the heads."""
    if link.relation:
        yield _wired(graph, link, tail, heads)
    if link.flow:
        yield _best(link.id, "flow", [flows(graph, tail, head, link.flow.port) for head in heads])
    if link.action:
        yield _best(link.id, "action", [_permitted(graph, tail, link.action, head) for head in heads])


def _wired(graph: Graph, link: Link, tail: Resource, heads: list[Resource]) -> Answer:
    allowed = {link.relation, *link.via}
    found = path(graph, tail, heads, lambda edge: edge.relation in allowed, most=1 + len(link.via))
    names = " or ".join(head.label for head in heads)
    expected = f"{tail.label} {RELATIONS.get(link.relation, link.relation)} {names}"
    place = f"{link.id} wired"
    if found:
        idle = _idle(graph, found)
        return (
            replace(idle, property=place, expected=expected)
            if idle
            else Answer("kept", place, expected, "wired", evidence=found)
        )
    gaps = _blind(graph, link, tail, heads) or may_be(graph, tail, link.relation, heads)
    if gaps:
        return Answer.unseen(place, expected, *gaps)
    instead = [(edge, head) for edge, head in graph.heads(tail, link.relation)]
    actual = ", ".join(head.label for _, head in instead) or None
    because = f"no such relation from {tail.label} to {names} was found"
    return Answer("broken", place, expected, actual, because, tuple(edge for edge, _ in instead[:5]))


def _idle(graph: Graph, found: tuple[Edge, ...]) -> Answer | None:
    """That the way leads over an origin from which a distribution never draws, or may not read."""
    for edge in found:
        tail, head = graph.resource(edge.tail), graph.resource(edge.head)
        if edge.relation == "draws-from" and tail and head:
            answer = unused(graph, tail, head) or unread_by(graph, tail, head)
            if answer:
                return answer
    return None


def _blind(graph: Graph, link: Link, tail: Resource, heads: list[Resource]) -> tuple[Gap, ...]:
    """What may hide the arrow: unread properties of the tail, or of the resources on the way."""
    ends = tuple(sorted({head.type for head in heads}))
    gaps = [gap for relation in (link.relation, *link.via) for gap in graph.blind(tail, relation, ends)]
    between = {
        cfn
        for cfn, described in graph.types.items()
        if cfn in graph.inventory.asked and any(row.relation in (link.relation, *link.via) for row in described.edges)
    }
    if link.via:
        gaps += [gap for cfn in sorted(between) for gap in graph.gaps_for(cfn)]
        gaps += [
            gap
            for each in graph.of_type(*sorted(between))
            if each.unknown
            for relation in (link.relation, *link.via)
            for gap in graph.blind(each, relation, (each.type,))
        ]
    gaps += [gap for head in heads if link.via for gap in _ends(graph, head, {link.relation, *link.via})]
    return tuple(dict.fromkeys(gaps))


def _ends(graph: Graph, head: Resource, relations: set[str]) -> Iterator[Gap]:
    """What of a head was not read and may hold an edge of these relations."""
    if head.unread:
        yield from head.unknown.values()
    for row in graph.types[head.type].edges:
        gap = paths.hidden(head.unknown, row.via) if row.relation in relations else None
        if gap:
            yield gap


def _permitted(graph: Graph, tail: Resource, action: str, head: Resource) -> Answer:
    """Whether the role that `tail` acts as may do the action on `head` (or on what is inside it, for a bucket)."""
    expected = f"{tail.label} may {action} on {head.label}"
    return replace(acts_may(graph, tail, action, acted_on(head, action)), property="", expected=expected)


def _best(link: str, part: str, answers: list[Answer]) -> Answer:
    """One head that is reached is enough, and one that is reached in any case the best."""

    def rank(answer: Answer) -> tuple[int, bool]:
        return ("kept", "unknown", "broken").index(answer.verdict), bool(answer.depends)

    return replace(min(answers, key=rank), property=f"{link} {part}")
