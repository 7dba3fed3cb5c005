"""What could not be read and may hide who plays a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from auditor.checks.ask import selected
from auditor.checks.binding.bound import Bound
from auditor.checks.binding.evidence import Evidence
from auditor.checks.binding.ties import BELONGS
from auditor.checks.binding.walks import BOTH_WAYS
from auditor.checks.demand import ACCESS, FLOW, between
from auditor.checks.schema import Baseline, Link
from auditor.graph.access.held.resource_policies import policy_places
from auditor.model import Gap, Resource, ResourceType


def hide(known: Evidence, bound: Bound) -> None:
    """What could not be read and may hide who plays a role that nobody plays."""
    _unsettle(known, bound)
    _doubt_conditions(known, bound)
    played = bound.keys()
    for name, role in known.baseline.roles.items():
        if len(bound.of(name)) >= max(role.least, 1):  # an optional part that is not seen may be there as well
            continue
        idle = any(key not in played for key in known.found[name])
        bound.hidden[name] = _hidden(known, name, idle)
    _spread(known, bound, {name for name in bound.hidden if any(key not in played for key in known.found[name])})


def _unsettle(known: Evidence, bound: Bound) -> None:
    """Take a part out of its role where no documented tie is known to hold it there, another resource could play it,
    and what was not read could say so."""
    if not known.blind:
        return
    chosen = {role: found[0].key for role, found in bound.roles.items() if found}
    played = bound.keys()
    for name in [each for each in chosen if known.baseline.roles[each].most == 1]:
        idle = any(key not in played for key in known.found[name])
        firm = known.own(name, chosen[name]).named or any(each.pinned for each in bound.bindings if each.role == name)
        if idle and not firm and not _joined(known, name, chosen) and _hidden(known, name, idle):
            bound.roles[name] = []
            bound.doubts.setdefault(name, "what would show who plays this role could not be read")


def _doubt_conditions(known: Evidence, bound: Bound) -> None:
    """Of a role for several, those of which it was not read whether they meet its conditions, or whether anything joins
    them to the system, may be none of it."""
    chosen = {role: found[0].key for role, found in bound.roles.items() if found}
    for name, role in known.baseline.roles.items():
        if role.most == 1 or not (known.blind or role.find):
            continue
        open_ = [each for each in bound.of(name) if not _told(known, name, each, chosen)]
        if open_:
            labels = ", ".join(each.label for each in open_)
            why = (
                f"what would show whether {labels} is the documented part could not be read"
                if _not_read(known, name, open_)
                else f"nothing that is certain joins {labels} to the system; choose the resource with --bind {name}=..."
            )
            bound.doubts.setdefault(name, why)
            bound.alternatives.append({**bound.roles, name: [each for each in bound.of(name) if each not in open_]})


def _not_read(known: Evidence, name: str, parts: Iterable[Resource]) -> bool:
    """Whether a condition of the role, or an arrow that might join one of the parts, hangs on what was not read."""
    role = known.baseline.roles[name]
    open_ = any(selected(known.graph, each, list(role.find)) is None for each in parts)
    return open_ or bool(_hidden(known, name, idle=True))


def _told(known: Evidence, name: str, part: Resource, chosen: Mapping[str, str]) -> bool:
    """Whether what was read shows that a part of several is one."""
    if selected(known.graph, part, list(known.baseline.roles[name].find)) is None:
        return False
    edges = (*known.graph.heads(part), *known.graph.tails(part))
    near = {end.key for edge, end in edges if edge.relation in BELONGS}
    return _joined(known, name, {**chosen, name: part.key}) or bool(near & set(chosen.values()))


def _joined(known: Evidence, role: str, chosen: Mapping[str, str]) -> bool:
    """Whether a documented tie to another bound part is known to hold."""
    return any(
        role in (tie.tail, tie.head)
        and tie.tail in chosen
        and tie.head in chosen
        and known.joined(tie, chosen[tie.tail], chosen[tie.head])
        for tie in known.ties
        if not tie.implied
    )


def _spread(known: Evidence, bound: Bound, idle: set[str]) -> None:
    """Where what plays one role may be hidden, so may be what hangs on it, if somebody is there to play it."""
    while True:
        more = {
            role: bound.hidden[other]
            for tie in known.ties
            for role, other in ((tie.tail, tie.head), (tie.head, tie.tail))
            if role in idle and not bound.hidden[role] and bound.hidden.get(other)
        }
        if not more:
            return
        bound.hidden.update(more)


def _hidden(known: Evidence, name: str, idle: bool) -> tuple[Gap, ...]:
    """Gaps in the lists of the role's types; and where somebody idle could play it, gaps in what would have shown
    it."""
    graph, baseline = known.graph, known.baseline
    own = baseline.roles[name].types
    gaps = [gap for cfn in own for gap in graph.gaps_for(cfn)]
    if idle:
        near = set(own)
        for link in baseline.links:
            if name in (link.tail, link.head):
                near |= {*baseline.roles[link.tail].types, *baseline.roles[link.head].types}
                near |= {*between(baseline, link, graph.types), *_on_the_way(baseline, link, graph.types)}
        gaps += [gap for gap in graph.inventory.gaps if near & set(gap.types)]
        gaps += _open_to_gaps(known, name, near)
    return tuple(dict.fromkeys(gaps))


def _on_the_way(baseline: Baseline, link: Link, types: Mapping[str, ResourceType]) -> set[str]:
    """The types on a way of several steps, such as the role of a task of a service, which holds a policy."""
    allowed = {link.relation, *link.via}
    steps = {
        (cfn, head): row.relation
        for cfn, described in types.items()
        for row in described.edges
        if row.relation in allowed
        for head in row.to
    }
    ahead = set(steps) | {(head, tail) for (tail, head), relation in steps.items() if relation in BOTH_WAYS}
    back = {(head, tail) for tail, head in ahead}
    return _reached(ahead, baseline.roles[link.tail].types, len(link.via)) & _reached(
        back, baseline.roles[link.head].types, len(link.via)
    )


def _reached(steps: AbstractSet[tuple[str, str]], start: Iterable[str], most: int) -> set[str]:
    out, last = set[str](), set(start)
    for _ in range(most):
        last = {head for tail, head in steps if tail in last}
        out |= last
    return out


def _open_to_gaps(known: Evidence, role: str, near: set[str]) -> list[Gap]:
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
