"""Where several assignments are as good, a promise has the verdict on which all of them agree.

What they do not agree on is unknown, and says which pin decides. Nothing is mended on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from auditor.checks.binding import Bound
from auditor.checks.drift import Drift, drift
from auditor.checks.flows import link_answers
from auditor.checks.schema import Baseline, Link
from auditor.graph.build import Graph
from auditor.model import Finding, Promise, Resource


def drift_of_all(baseline: Baseline, bound: Bound, graph: Graph) -> Drift:
    """The drift of the best assignment, as far as every other one that is as good says the same."""
    first = drift(baseline, bound, graph)
    others = [drift(baseline, bound.instead(roles), graph) for roles in bound.alternatives]
    if not others:
        return first
    doubt = _doubt(baseline, bound)
    said = [{promise.id: promise for promise in each.promises} for each in others]
    lost = _lost_arrows(baseline, bound, graph, first, said)
    promises = [
        promise
        if promise.id in lost or all(_same(promise, each[promise.id]) for each in said)
        else replace(promise, verdict="unknown", reason=doubt(promise.id))
        for promise in first.promises
    ]
    return Drift(promises, list(_findings(first, others, doubt, bound, lost)), first.wires)


def _lost_arrows(
    baseline: Baseline, bound: Bound, graph: Graph, first: Drift, said: Iterable[Mapping[str, Promise]]
) -> AbstractSet[str]:
    """The arrows that are broken whoever plays their head: the same parts are their tails in any case, and lead to
    nothing that could play it. That is certain where it is not who plays the head, or whether anybody does."""
    readings = [{promise.id: promise for promise in first.promises}, *said]
    return {
        promise
        for link in baseline.links
        if (promise := f"link/{link.id}")
        and all(promise in each and each[promise].verdict == "broken" for each in readings)
        if bound.of(link.tail) and all(roles.get(link.tail) == bound.of(link.tail) for roles in bound.alternatives)
        if any(_leads_to_none(baseline, bound, graph, link, tail) for tail in bound.of(link.tail))
    }


def _leads_to_none(baseline: Baseline, bound: Bound, graph: Graph, link: Link, tail: Resource) -> bool:
    elsewhere = {each.key for role, found in bound.roles.items() if role != link.head for each in found}
    heads = [each for each in graph.of_type(*baseline.roles[link.head].types) if each.key not in elsewhere]
    return any(answer.verdict == "broken" for answer in link_answers(graph, link, tail, heads)) if heads else True


Drifted = tuple[Baseline, Bound, Drift]


def told_apart(
    drifts: Iterable[Drifted], again: Callable[[Baseline, AbstractSet[str]], Iterable[Drifted]]
) -> list[Drifted]:
    """Several documents of one account: who certainly plays a part in the system of one is no rival in another's.

    Where a document was in doubt it is bound again without those. That counts where it leaves fewer doubts and no part
    without somebody: what two systems share belongs to both.
    """
    known = list(drifts)
    while True:  # what becomes certain of one may tell another's parts; each time fewer doubts are left
        certain = [(_document(baseline), _certain(bound)) for baseline, bound, _ in known]
        apart = [_apart(one, certain, again) for one in known]
        if all(one is other for one, other in zip(apart, known, strict=True)):
            return known
        known = apart


def _apart(
    one: Drifted,
    certain: Iterable[tuple[str, set[str]]],
    again: Callable[[Baseline, AbstractSet[str]], Iterable[Drifted]],
) -> Drifted:
    baseline, bound, _ = one
    theirs = {key for document, keys in certain if document != _document(baseline) for key in keys} - _certain(bound)
    second = next(iter(again(baseline, theirs)), one) if bound.doubts and theirs else one
    whole = all(second[1].of(role) for role, found in bound.roles.items() if found)
    return second if whole and second[1].doubts.keys() < bound.doubts.keys() else one


def _document(baseline: Baseline) -> str:
    return baseline.id.partition(":")[0]


def _certain(bound: Bound) -> set[str]:
    return {each.key for role, found in bound.roles.items() if role not in bound.doubts for each in found}


def declared_together(drifts: Iterable[Drifted]) -> list[Drifted]:
    """Several documents of one account: what one of them certainly has a role for is not undeclared by the others."""
    known = list(drifts)
    certain = [_certain(bound) for _, bound, _ in known]
    out = []
    for place, (baseline, bound, found) in enumerate(known):
        declared = {key for other, keys in enumerate(certain) if other != place for key in keys}
        told = [
            each
            for each in found.findings
            if each.check != f"{baseline.id}/undeclared" or each.resource.key not in declared
        ]
        out.append((baseline, bound, replace(found, findings=told)))
    return out


def _same(one: Promise, other: Promise) -> bool:
    """Whether two assignments come to the same, and where it is broken by the same: that somebody is missing in one
    and another resource wrong in the other proves neither."""
    agree = one.verdict == other.verdict
    return agree and (one.verdict != "broken" or bool(set(one.findings) & set(other.findings)))


def _findings(
    first: Drift, others: Iterable[Drift], doubt: Callable[[str], str], bound: Bound, lost: AbstractSet[str]
) -> Iterator[Finding]:
    """Those that all assignments have; any other one as unknown, without a change that would mend it."""
    meant = {key for keys in bound.possible.values() for key in keys}
    known = [{found.id: found for found in each.findings} for each in (first, *others)]
    for key in dict.fromkeys(each for found in known for each in found):
        found = next(each[key] for each in known if key in each)
        extra = found.kind == "extra" and found.resource.key in meant
        if not extra and all(key in each and each[key].verdict == found.verdict for each in known):
            yield found
        elif found.kind == "unlinked" and found.id in known[0] and found.check.partition("/")[2] in lost:
            yield replace(found, changes=())
        else:
            yield replace(found, verdict="unknown", changes=(), because=doubt(found.check.partition("/")[2]))


def _doubt(baseline: Baseline, bound: Bound) -> Callable[[str], str]:
    """Why a promise is in doubt: the doubt about its role, or about an end of its arrow, else the first there is."""
    ends = {f"link/{link.id}": (link.tail, link.head) for link in baseline.links}
    fallback = next(iter(bound.doubts.values()), "more than one resource fits")

    def about(promise: str) -> str:
        roles = ends.get(promise, (promise.partition("/")[0],))
        return next((bound.doubts[role] for role in roles if role in bound.doubts), fallback)

    return about
