"""A path as people read it: the answer, the way in steps, what stops it, and the edges that prove it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.graph.build import Graph
    from auditor.graph.network import Reach
    from auditor.graph.network.services.vpc_endpoint_policies import Permit
    from auditor.model import Edge

_SIGNS = {"reached": "kept", "blocked": "broken", "unknown": "unknown"}
_VERBS = {"reached": "reaches", "blocked": "does not reach", "unknown": "may reach"}
_MAY = {"allow": "allowed", "depends": "depends on the request", "unknown": "not known", "deny": "denied", "no": "no"}


def tell(
    graph: Graph, tail: str, head: str, found: Reach, permit: Permit | None = None, more: Iterable[tuple[str, str]] = ()
) -> None:  # fmt: skip
    """Print an answer."""
    from auditor.report.plain import clean
    from auditor.report.terminal import Terminal, sign, tone

    state = _SIGNS[found.state]
    terminal = Terminal()
    terminal.line(sign(state), (clean(f" {tail} {_VERBS[found.state]} {head}"), f"bold {tone(state)}"), whole=True)
    rows = [*_answer(graph, found), *_way(found), *(_permitted(permit) if permit else ()), *_proof(graph, found), *more]
    before = ""
    for title, words, *beside in rows:
        label = f"{title:<8} " if title != before else " " * 9
        where = (clean(f"  ({beside[0]})"), "dim") if beside else ""
        terminal.line((label, "dim"), clean(words), where, by=2, hang=11, whole=True)
        before = title


def _answer(graph: Graph, found: Reach) -> Iterator[tuple[str, ...]]:
    from auditor.graph.network.codes import explanation_codes

    if found.state == "reached":
        yield from (("passes", line) for line in found.because.split("; "))
        return
    if found.stop and found.state == "blocked":
        yield "stops", found.stop.words
        place = f" at {name(graph, found.stop.place)}" if found.stop.place else ""
        yield "reason", f"{found.stop.code}{place}"
        if codes := explanation_codes(found.stop.code):
            yield "AWS code", ", ".join(codes)
        return
    yield "why", found.because
    if found.stop and found.stop.words != found.because:
        yield "why", found.stop.words
    for permission in sorted({gap.permission for gap in found.gaps if gap.permission}):
        yield "allow", permission


def _way(found: Reach) -> Iterator[tuple[str, ...]]:
    title = "path" if found.state != "blocked" else "up to"
    for number, hop in enumerate(dict.fromkeys(found.hops)):
        yield title, f"{'→ ' if number else '  '}{hop}"


def _permitted(permit: Permit) -> Iterator[tuple[str, ...]]:
    yield "policies", f"{permit.action} on {permit.resource}: {_MAY[permit.effect]}"
    if permit.endpoint is not None:
        yield "policies", f"  endpoint policy: {permit.endpoint.because}"
    if permit.policies is None:
        yield "policies", "  the principal is not known: no role was found"
    else:
        yield "policies", f"  all policies: {permit.policies.because}"


def _proof(graph: Graph, found: Reach) -> Iterator[tuple[str, ...]]:
    """Each edge as a sentence, with where it stands; a subject that goes on is not repeated."""
    from auditor.model import RELATIONS

    before = ""
    for edge in found.path:
        subject = name(graph, edge.tail)
        where = edge.because.partition(" = ")[0] if _only_names(graph, edge) else edge.because
        sentence = f"{RELATIONS.get(edge.relation, edge.relation)} {name(graph, edge.head)}"
        if subject != before:
            yield "proof", subject
        yield "proof", f"  {sentence}", where
        before = subject


def _only_names(graph: Graph, edge: Edge) -> bool:
    """Whether the value that an edge was read from is just the id of one of its ends."""
    value = edge.because.partition(" = ")[2]
    ends = (graph.resource(key) for key in (edge.tail, edge.head))
    return any(each and value in (each.id, each.arn) for each in ends)


def name(graph: Graph, key: str) -> str:
    """What people call a thing: its kind and its name."""
    found = graph.resource(key)
    return f"{found.type.split('::')[-1]} {found.label}" if found else key
