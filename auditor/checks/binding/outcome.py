"""What binding came to: roles with their resources, how certain each is, and what else would be as good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from auditor.checks.binding.doubts import has_rival, loosely_tied, open_to_gaps
from auditor.checks.binding.evidence import NAMED, PLAYED, Evidence
from auditor.checks.binding.members import Members, agreement
from auditor.checks.binding.search import NOBODY, Problem, Solution, solve
from auditor.checks.binding.systems import System
from auditor.checks.binding.ties import Tie
from auditor.checks.demand import between
from auditor.model import Binding, Gap, Resource

CERTAIN = 2.0  # one link or documented name ahead of whoever else could play the role
MOST_ALTERNATIVES = 40  # beyond that nothing is certain

Roles = dict[str, list[Resource]]

BOUND_MET = "the search for who plays what ended at its bound; name a part with --bind"


@dataclass(slots=True)
class Bound:
    """Roles with the resources that play them, how sure that is, and what is doubtful about it.

    `alternatives` are other assignments that are as good: a promise has the verdict on which all agree. `doubts` say
    for a role why it is not certain, with the pin that would make it so. `near` names what fits a missing role and has
    no place in the system. `hidden` is what may hide who plays a role.
    """

    baseline: str
    roles: Roles = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, tuple[Gap, ...]] = field(default_factory=dict)
    alternatives: list[Roles] = field(default_factory=list)
    near: dict[str, Resource] = field(default_factory=dict)
    proven: bool = True  # whether the search for the best assignment came to its end

    def of(self, role: str) -> list[Resource]:
        return self.roles.get(role, [])

    def keys(self) -> set[str]:
        return {resource.key for found in self.roles.values() for resource in found}

    def every_key(self) -> set[str]:
        """Also those that play a role in an assignment that is as good."""
        return self.keys() | {each.key for roles in self.alternatives for found in roles.values() for each in found}

    def instead(self, roles: Roles) -> Bound:
        return replace(self, roles=roles, alternatives=[])


@dataclass(slots=True)
class Answer:
    """One system with its best assignment."""

    system: System
    problem: Problem = field(default_factory=lambda: Problem({}, {}))
    solution: Solution = field(default_factory=lambda: Solution({}, 0.0))


def explained(known: Evidence, answers: list[Answer], pinned: Mapping[str, Resource]) -> Bound:
    main = answers[0]
    bound = Bound(known.baseline.id, _roles(known, main.solution.roles, main.system.members))
    for other in answers[1:]:
        _two_systems(known, bound, main, other)
    for role, holder in main.solution.roles.items():
        confidence, runner_up = _margin(known, bound, main, role, holder, pinned)
        for resource in bound.of(role):
            sure = 1.0 if role in pinned else confidence
            bound.bindings.append(Binding(known.baseline.id, role, resource.key, sure, runner_up, role in pinned))
    bound.proven = all(each.solution.proven for each in answers)
    if not bound.proven:
        for role in main.solution.roles:
            bound.doubts.setdefault(role, BOUND_MET)
    _soft(known, bound, main, pinned)
    _gaps(known, bound)
    bound.near = _near(known, bound)
    _tidy(bound)
    return bound


def _tidy(bound: Bound) -> None:
    """Each other assignment once."""
    seen = {_names(bound.roles)}
    alternatives = []
    for roles in bound.alternatives:
        if _names(roles) not in seen:
            seen.add(_names(roles))
            alternatives.append(roles)
    bound.proven = bound.proven and len(alternatives) <= MOST_ALTERNATIVES
    bound.alternatives = alternatives[:MOST_ALTERNATIVES]


def _names(roles: Roles) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(each.key for each in roles[role]) for role in sorted(roles))


def tied(known: Evidence, role: str, key: str, roles: Mapping[str, str]) -> bool:
    """Whether a tie of the document joins the resource to another part that is bound."""
    for tie in known.ties:
        for tail, head in ((key, roles.get(tie.head)), (roles.get(tie.tail), key)):
            if (tie.tail if tail == key else tie.head) != role or not tail or not head or tail == head:
                continue
            if known.joined(tie, tail, head) or (known.blind and _may_join(known, tie, tail, head)):
                return True
    return False


def _may_join(known: Evidence, tie: Tie, tail: str, head: str) -> bool:
    one, other = known.found[tie.tail].get(tail), known.found[tie.head].get(head)
    return bool(one and other and known.possible(tie, one, other))


def _roles(known: Evidence, chosen: Mapping[str, str], members: Members) -> Roles:
    """Resources by role; a role for several takes all that are tied to parts that are bound."""
    out: Roles = {}
    taken = {key for role, key in chosen.items() if key and known.baseline.roles[role].most == 1}
    for role, found in known.found.items():
        holder = chosen.get(role, NOBODY)
        if known.baseline.roles[role].most == 1:
            out[role] = [found[holder]] if holder else []
            continue
        fits = [key for key in sorted(found) if key not in taken and _belongs(known, role, key, chosen, members)]
        ranked = sorted(fits, key=lambda key: (key != holder, -known.own(role, key).score, key))
        out[role] = [found[key] for key in ranked[: known.baseline.roles[role].most]]
    return out


def _belongs(known: Evidence, role: str, key: str, chosen: Mapping[str, str], members: Members) -> bool:
    """A tie of the document to a bound part, or any edge to one that many do not share."""
    if tied(known, role, key, chosen):
        return True
    if agreement(known, key, members.labels) < 0:
        return False
    resource = known.found[role][key]
    parts = {each for each in chosen.values() if each}
    near = (*known.graph.heads(resource), *known.graph.tails(resource))
    return any(other.key in parts and edge.relation in ("watches", "notifies", "part-of") for edge, other in near)


def _two_systems(known: Evidence, bound: Bound, main: Answer, other: Answer) -> None:
    roles = _roles(known, other.solution.roles, other.system.members)
    bound.alternatives.append(roles)
    for role, found in bound.roles.items():
        theirs = roles.get(role, [])
        if [each.key for each in found] == [each.key for each in theirs]:
            continue
        if not found or not theirs:
            bound.doubts[role] = "two systems fit, and only one of them has this part; name one with --scope or --bind"
        else:
            bound.doubts[role] = (
                f"two systems fit: {found[0].label} and {theirs[0].label}; "
                f"name one with --bind {role}={found[0].label}, or the system with --scope"
            )


def _margin(
    known: Evidence, bound: Bound, main: Answer, role: str, holder: str, pinned: Mapping[str, Resource]
) -> tuple[float, str]:
    """How far the best assignment without this holder stays behind, as a share of what the role could earn."""
    if not holder or role in pinned:
        return 1.0, ""
    most = _attainable(known, role, holder)
    floor = main.solution.score - most - 1e-6
    second = solve(main.problem.without(role, holder), floor, start=main.solution.roles)
    if second is None:
        return 1.0, ""
    if not second.proven:
        bound.doubts.setdefault(role, BOUND_MET)
    if not second.roles:
        return 0.0, ""
    margin = main.solution.score - second.score
    instead = second.roles[role]
    if margin < CERTAIN and known.baseline.roles[role].most == 1:
        bound.alternatives.append(_roles(known, second.roles, main.system.members))
        other = known.found[role][instead].label if instead else "no resource"
        bound.doubts.setdefault(
            role,
            f"{known.found[role][holder].label} and {other} fit nearly equally well; name one with --bind {role}=...",
        )
    return round(max(0.0, min(1.0, margin / most)), 2) if most else 1.0, instead


def _attainable(known: Evidence, role: str, holder: str) -> float:
    ties = sum(tie.weight for tie in known.ties if role in (tie.tail, tie.head))
    own = known.own(role, holder)
    return PLAYED + ties + own.attainable + NAMED * own.named + 1.0


def _soft(known: Evidence, bound: Bound, main: Answer, pinned: Mapping[str, Resource]) -> None:
    """Parts of which it is not certain that they are the system's: without them is an assignment too."""
    chosen = {role: key for role, key in main.solution.roles.items() if key}
    firm = main.system.seeds | {each.key for each in pinned.values()}
    labels = main.system.members.labels
    unsure = main.system.members.soft | main.system.borrowed
    parts = list(loosely_tied(known, chosen, unsure - firm, firm, labels))
    shaped = {key for key in chosen.values() if key in main.system.shaped}
    agreed = any(agreement(known, key, labels) > 0 for key in shaped)
    if shaped and not agreed and has_rival(known, chosen, shaped):
        parts.append((shaped, "has no tie to what names the system, and the account holds others like it"))
    for part, why in parts:
        bound.alternatives.append(
            {role: [each for each in found if each.key not in part] for role, found in bound.roles.items()}
        )
        for role, key in chosen.items():
            if key in part:
                label = known.found[role][key].label
                bound.doubts.setdefault(role, f"{label} {why}; name the part with --bind {role}=...")


def _gaps(known: Evidence, bound: Bound) -> None:
    """What could not be read and may hide who plays a role that nobody plays."""
    _unsettle(known, bound)
    played = bound.keys()
    for name, role in known.baseline.roles.items():
        if len(bound.of(name)) >= role.least:
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
                near |= set(between(baseline, link, graph.types))
        gaps += [gap for gap in graph.inventory.gaps if near & set(gap.types)]
        gaps += open_to_gaps(known, name, near)
    return tuple(dict.fromkeys(gaps))


def _near(known: Evidence, bound: Bound) -> dict[str, Resource]:
    """For each missing role the resource that fits it best and has no place in the system."""
    played = bound.every_key()
    out: dict[str, Resource] = {}
    for name, role in known.baseline.roles.items():
        idle = [key for key in known.found[name] if key not in played] if len(bound.of(name)) < role.least else []
        fits = max(sorted(idle), key=lambda key: known.own(name, key).points, default="")
        if fits and known.own(name, fits).points > 0:
            out[name] = known.found[name][fits]
    return out
