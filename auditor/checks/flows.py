"""A documented arrow, judged: is it wired, is it routable, is it permitted, each where it applies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.checks.schema import Link
from auditor.graph.access import may
from auditor.graph.build import Graph
from auditor.graph.network import flows
from auditor.graph.query import path
from auditor.model import Answer, Gap, Resource, Verdict


@dataclass(frozen=True, slots=True)
class Wire:
    """An arrow as it is drawn: its ends and its verdict."""

    link: Link
    tails: tuple[str, ...]
    heads: tuple[str, ...]
    verdict: Verdict


def link_answers(graph: Graph, link: Link, tail: Resource, heads: list[Resource]) -> Iterator[Answer]:
    """The answers for one tail: it must reach at least one of the heads, or each of them where the link says `every`."""
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
    expected = f"{tail.label} {link.relation} {names}"
    place = f"{link.id} wired"
    if found:
        return Answer("kept", place, expected, "wired", evidence=found)
    gaps = _blind(graph, link, tail, heads)
    if gaps:
        return Answer("unknown", place, expected, because=gaps[0].message, gaps=gaps)
    instead = [(edge, head) for edge, head in graph.heads(tail, link.relation)]
    actual = ", ".join(head.label for _, head in instead) or None
    because = f"no {link.relation} edge leads from {tail.label} to {names}"
    return Answer("broken", place, expected, actual, because, tuple(edge for edge, _ in instead[:5]))


def _blind(graph: Graph, link: Link, tail: Resource, heads: list[Resource]) -> tuple[Gap, ...]:
    """What may hide the arrow: unread properties of the tail, or of the resources on the way."""
    gaps = list(graph.blind(tail, link.relation, tuple({head.type for head in heads})))
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
            for gap in graph.blind(each, link.relation, (each.type,))
        ]
    gaps += [gap for head in heads for gap in head.unknown.values() if link.via]
    return tuple(dict.fromkeys(gaps))


def _permitted(graph: Graph, tail: Resource, action: str, head: Resource) -> Answer:
    """Whether the role that `tail` acts as may do the action on `head` (or on what is inside it, for a bucket)."""
    expected = f"{tail.label} may {action} on {head.label}"
    roles = graph.heads(tail, "acts-as")
    if not roles:
        gaps = graph.blind(tail, "acts-as")
        if gaps:
            return Answer("unknown", "", expected, because=gaps[0].message, gaps=gaps)
        return Answer("broken", "", expected, "no role", f"{tail.label} acts as no role that exists")
    edge, role = roles[0]
    inside = f"{head.arn}/*" if head.type == "AWS::S3::Bucket" and "Bucket" not in action else head.arn
    answer = may(graph, role, action, inside)
    return Answer(
        answer.verdict,
        "",
        expected,
        answer.actual,
        answer.because,
        (edge, *answer.evidence),
        gaps=answer.gaps,
    )


def _best(link: str, part: str, answers: list[Answer]) -> Answer:
    """One head that is reached is enough."""
    for verdict in ("kept", "unknown", "broken"):
        for answer in answers:
            if answer.verdict == verdict:
                return Answer(
                    verdict,
                    f"{link} {part}",
                    answer.expected,
                    answer.actual,
                    answer.because,
                    answer.evidence,
                    answer.changes,
                    answer.gaps,
                )
    return Answer("broken", f"{link} {part}")
