"""What is not certain although it is the best assignment: parts that others use as well, and parts that fit loosely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.checks.binding.evidence import Evidence
from auditor.checks.binding.members import agreement, component
from auditor.checks.binding.ties import Tie
from auditor.checks.demand import ACCESS, FLOW
from auditor.graph.access.held.resource_policies import policy_places
from auditor.model import Gap

MOSTLY = 0.75  # of the promises of a part
ENOUGH = 0.5  # of what the document draws between a part and the rest of the system


def claimed(known: Evidence, pool: set[str], members: set[str], open_roles: Iterable[str]) -> set[str]:
    """What of a pool belongs to another system: something uses it in a role that our system has filled otherwise, or
    something that is claimed uses it, and nothing of ours does."""
    unfilled, out = set(open_roles), set[str]()
    while True:
        more = {key for key in pool - out if _used_elsewhere(known, key, pool - out, members, unfilled)}
        if not more:
            return out
        out |= more


def _used_elsewhere(known: Evidence, key: str, pool: set[str], members: set[str], unfilled: set[str]) -> bool:
    """Something outside uses it and nothing of ours does, or it serves something outside."""
    ours = theirs = False
    for tie, _, tail in _uses(known, [key]):
        if tail in members or (tail in pool and tie.tail in unfilled):
            ours = True
        elif tie.back:
            return True
        else:
            theirs = True
    inside = members | pool
    serves = [
        known.heads(tie, key) for tie in known.ties if key in known.found[tie.tail] and tie.back and not tie.implied
    ]
    return (theirs and not ours) or any(heads and not heads & inside for heads in serves)


def _uses(known: Evidence, part: Iterable[str]) -> Iterator[tuple[Tie, str, str]]:
    """(tie, head, tail) of every documented tie that leads into a part."""
    for key in sorted(part):
        for tie in known.ties:
            if key in known.found[tie.head] and not tie.implied:
                for tail in sorted(known.tails(tie, key)):
                    if tail != key:
                        yield tie, key, tail


def loosely_tied(
    known: Evidence, chosen: Mapping[str, str], unsure: set[str], firm: set[str], labels: Mapping[str, str]
) -> Iterator[tuple[set[str], str]]:
    """Parts that configuration does not join to what names the system, with why their place is uncertain."""
    left = unsure & set(chosen.values())
    while left:
        part = component(known, min(left)) & set(chosen.values())
        left -= part
        if part & firm:
            continue
        mine, drawn = _between(known, chosen, part)
        theirs = _claims(known, chosen, part)
        tagged = any(agreement(known, key, labels) > 0 for key in part)
        if theirs and theirs >= mine:
            yield _with_own(known, chosen, part, firm), "is used by another system in the same way"
        elif not tagged and drawn and mine < ENOUGH * drawn and not _as_promised(known, chosen, part):
            yield part, "has few of the links that the document draws to the rest of the system"


def _with_own(known: Evidence, chosen: Mapping[str, str], part: set[str], firm: set[str]) -> set[str]:
    """A part with what is tied to the system by nothing else than the part."""
    out = set(part)
    while True:
        more = {
            key
            for role, key in chosen.items()
            if key not in out | firm and (near := _tied_to(known, role, key, chosen)) and near <= out
        }
        if not more:
            return out
        out |= more


def _tied_to(known: Evidence, role: str, key: str, chosen: Mapping[str, str]) -> set[str]:
    """The parts to which documented ties join a resource in its role; that it stands in a place is none."""
    out = set()
    for tie in known.ties:
        if tie.tail == role and tie.back and tie.head in chosen and known.joined(tie, key, chosen[tie.head]):
            out.add(chosen[tie.head])
        if tie.head == role and tie.tail in chosen and known.joined(tie, chosen[tie.tail], key):
            out.add(chosen[tie.tail])
    return out


def _as_promised(known: Evidence, chosen: Mapping[str, str], part: set[str]) -> bool:
    """Whether the part keeps most of what the document promises of it, so that a lost link is drift and no stranger."""
    own = [known.own(role, key) for role, key in chosen.items() if key in part]
    return sum(each.kept for each in own) >= MOSTLY * sum(each.asked for each in own)


def _between(known: Evidence, chosen: Mapping[str, str], part: set[str]) -> tuple[float, float]:
    """The weight of the ties between a part and the rest that hold, and of all that the document draws."""
    held = drawn = 0.0
    for tie in known.ties:
        tail, head = chosen.get(tie.tail), chosen.get(tie.head)
        if not tail or not head or (tail in part) == (head in part) or not tie.back:
            continue
        drawn += tie.weight
        held += tie.weight if known.joined(tie, tail, head) else 0.0
    return held, drawn


def _claims(known: Evidence, chosen: Mapping[str, str], part: set[str]) -> float:
    """The weight of the documented ties by which another system holds on to the part: each by a resource of its own
    that plays the role there, for something outside leads to it."""
    playing = set(chosen.values())
    weights: dict[str, float] = {}
    for tie, _, tail in _uses(known, part):
        if tie.back and tail not in playing and _plays_elsewhere(known, tie.tail, tail, playing):
            weights[tail] = max(weights.get(tail, 0.0), tie.weight)
    return sum(weights.values()) + sum(_away(known, role, key, playing) for role, key in chosen.items() if key in part)


def _away(known: Evidence, role: str, key: str, playing: set[str]) -> float:
    """The weight of the ties by which a resource, in its role, is joined to resources outside of the system alone."""
    weight = 0.0
    for tie in known.ties:
        if tie.implied or not tie.back:
            continue
        heads = known.heads(tie, key) if tie.tail == role else frozenset()
        tails = known.tails(tie, key) if tie.head == role else frozenset()
        weight += sum(tie.weight for far in (heads, tails) if far and not far & playing)
    return weight


def has_rival(known: Evidence, chosen: Mapping[str, str], part: set[str]) -> bool:
    """Whether something that is not of the system looks like one of the part's resources in its role."""
    playing = set(chosen.values())
    return any(
        _plays_elsewhere(known, role, key, playing)
        for role, holder in chosen.items()
        if holder in part
        for key in sorted(known.found[role].keys() - playing)
    )


def _plays_elsewhere(known: Evidence, role: str, key: str, playing: set[str]) -> bool:
    """Whether configuration ties a resource, in a role, to a resource outside of the system."""
    for tie in known.ties:
        if tie.kind != "wire" or not tie.back or tie.implied:
            continue
        if tie.head == role and known.tails(tie, key) - playing:
            return True
        if tie.tail == role and known.heads(tie, key) - playing:
            return True
    return False


def open_to_gaps(known: Evidence, role: str, near: set[str]) -> list[Gap]:
    """What was not read by which somebody could have been tied to the role: edges of a documented relation, and for
    what a policy permits or a network lets through, whatever these are made of."""
    ties = [tie for tie in known.ties if role in (tie.tail, tie.head)]
    relations = {relation for tie in ties for relation in tie.relations}
    gaps = [
        gap
        for resource in known.graph.of_type(*sorted(near))
        if resource.unknown
        for row in known.graph.types[resource.type].edges
        if row.relation in relations and (gap := resource.gap(row.via))
    ]
    asked: set[str] = set()
    for tie in ties:
        if tie.kind == "action":
            asked |= {*ACCESS, *policy_places(known.baseline.roles[tie.head].types)}
        elif tie.kind == "flow":
            asked |= FLOW.keys()
    gaps += [gap for gap in known.graph.inventory.gaps if asked & set(gap.types)]
    gaps += [gap for each in known.graph.of_type(*sorted(asked)) for gap in each.unknown.values()]
    return gaps
