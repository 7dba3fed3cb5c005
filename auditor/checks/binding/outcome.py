"""From the best assignment to what is said of it: who plays what, how certain that is, what else would be as good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from auditor.checks.binding.anchors import Anchors
from auditor.checks.binding.bound import Bound, Roles
from auditor.checks.binding.evidence import NAMED, PLAYED, Evidence, ends
from auditor.checks.binding.players import players, several
from auditor.checks.binding.rivals import anothers, nearest, possible
from auditor.checks.binding.search import NOBODY, Problem, Solution, solve
from auditor.checks.binding.systems import System
from auditor.checks.binding.unread import hide
from auditor.checks.binding.untied import like, marks
from auditor.model import Binding, Resource

CERTAIN = 2.0  # one link or documented name ahead of whoever else could play the role
MOST_UNTOLD = 3  # of those that nothing tells from a part, that are tried in its place
MOST_ALTERNATIVES = 40  # beyond that nothing is certain

BOUND_MET = "the search for the best binding reached its limit; bind a role with --bind ROLE=RESOURCE"


@dataclass(slots=True)
class Answer:
    """One system with its best assignment."""

    system: System
    problem: Problem = field(default_factory=lambda: Problem({}, {}))
    solution: Solution = field(default_factory=lambda: Solution({}, 0.0))


def explained(known: Evidence, answers: list[Answer], pinned: Mapping[str, Resource]) -> Bound:
    main = answers[0]
    bound = Bound(known.baseline.id, players(known, main.solution.roles, main.system.members))
    for other in answers[1:]:
        _two_systems(known, bound, main, other)
    _crowded(known, bound, main)
    for role, holder in main.solution.roles.items():
        confidence, runner_up = _margin(known, bound, main, role, holder, pinned)
        for resource in bound.of(role):
            sure = 1.0 if role in pinned else confidence
            bound.bindings.append(Binding(known.baseline.id, role, resource.key, sure, runner_up, role in pinned))
    _untold(known, bound, main, pinned)
    _hanging(known, bound)
    bound.proven = all(each.solution.proven for each in answers)
    if not bound.proven:
        for role in main.solution.roles:
            bound.doubts.setdefault(role, BOUND_MET)
    _loose(known, bound, main, pinned)
    _hanging(known, bound)
    hide(known, bound)
    bound.near = nearest(known, bound)
    _tidy(bound)
    return bound


def _untold(known: Evidence, bound: Bound, main: Answer, pinned: Mapping[str, Resource]) -> None:
    """Roles to which no arrow leads: whoever else names and tags leave possible is as good, with what moves along."""
    holders = {role: [each.key for each in found] for role, found in bound.roles.items()}
    single = [role for role, part in known.baseline.roles.items() if part.most == 1 and known.unlinked(role)]
    if not single:
        return
    common, played = marks(known, holders), bound.keys()
    rivals = {
        role: like(known, role, holders[role][0], known.found[role].keys() - played, common)
        for role in single
        if role not in pinned and holders[role]
    }
    for role, others in rivals.items():
        (holder,) = holders[role]
        joined = _joined_to_told(known, role, holder, rivals, holders)
        fits = [
            other
            for other in others
            if not _told_by_another(known, role, other, rivals, played)
            and not joined - _joined_to_told(known, role, other, rivals, holders)
        ]
        for other in fits[:MOST_UNTOLD]:
            labels = [known.found[role][each].label for each in (holder, other)]
            bound.doubts.setdefault(
                role, f"{labels[0]} and {labels[1]} fit equally well; name one with --bind {role}=..."
            )
            second = solve(main.problem.only(role, other)) if other in main.problem.domains[role] else None
            chosen = second.roles if second and second.roles else _moved(known, main.solution.roles, role, other)
            bound.alternatives.append(players(known, chosen, main.system.members))


def _told_by_another(
    known: Evidence, role: str, key: str, rivals: Mapping[str, list[str]], played: AbstractSet[str]
) -> bool:
    """Whether arrows join it only to what names and tags tell from our parts: so it is told from ours as well."""
    joined = [
        (far, other)
        for tie, mine, far in ends(known, role)
        if far in rivals and tie.kind == "wire" and not tie.implied
        for other in (known.heads(tie, key) if mine == "tail" else known.tails(tie, key))
    ]
    return bool(joined) and not any(other in rivals[far] or other in played for far, other in joined)


def _joined_to_told(
    known: Evidence, role: str, key: str, rivals: Mapping[str, list[str]], holders: Mapping[str, list[str]]
) -> set[str]:
    """Those of our parts, which names and tags tell from all others, that an arrow joins to it: of two records the one
    that leads to our distribution is ours, and not one that leads nowhere."""
    return {
        other
        for tie, mine, far in ends(known, role)
        if tie.kind == "wire" and not tie.implied and rivals.get(far) == []
        for other in (known.heads(tie, key) if mine == "tail" else known.tails(tie, key))
        if other in holders[far]
    }


def _moved(known: Evidence, roles: Mapping[str, str], role: str, other: str) -> Mapping[str, str]:
    """The assignment with somebody else in a role, and with whom the arrows of that one lead to or come from."""
    out = {**roles, role: other}
    for tie, mine, far in ends(known, role):
        if known.unlinked(far) and not tie.implied:
            found = known.heads(tie, other) if mine == "tail" else known.tails(tie, other)
            out[far] = min(found, default=NOBODY)
    return out


def _hanging(known: Evidence, bound: Bound) -> None:
    """Roles for several, and such as nobody plays, hang on who plays others: where that is in doubt, so are they."""
    for role, part in known.baseline.roles.items():
        mine = {each.key for each in bound.of(role)}
        alone = part.most == 1 and mine
        if alone or all({each.key for each in roles[role]} == mine for roles in bound.alternatives):
            continue
        near = {tie.head if tie.tail == role else tie.tail for tie in known.ties if role in (tie.tail, tie.head)}
        open_ = sorted(near & bound.doubts.keys()) or sorted(bound.doubts)
        bound.doubts.setdefault(role, f"who plays it depends on who plays {' and '.join(open_)}, which is not certain")


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


def _crowded(known: Evidence, bound: Bound, main: Answer) -> None:
    """Roles for which more fit than the document has: which of them are meant is not certain."""
    for role, part in known.baseline.roles.items():
        if part.most in (None, 1):
            continue
        fits = several(known, role, main.solution.roles, main.system.members)
        left = fits[part.most :]
        worst = min((known.own(role, key).points for key in fits[: part.most]), default=0.0)
        if any(known.own(role, key).points > worst - CERTAIN for key in left):
            labels = ", ".join(known.found[role][key].label for key in fits)
            bound.doubts[role] = f"of {labels} the document has at most {part.most}; choose one with --bind {role}=..."
            bound.alternatives.append({**bound.roles, role: [known.found[role][key] for key in fits[-part.most :]]})


def _two_systems(known: Evidence, bound: Bound, main: Answer, other: Answer) -> None:
    roles = players(known, other.solution.roles, other.system.members)
    bound.alternatives.append(roles)
    for role, found in bound.roles.items():
        theirs = roles.get(role, [])
        if [each.key for each in found] == [each.key for each in theirs]:
            continue
        if not found or not theirs:
            bound.doubts[role] = (
                "two systems fit, and only one of them has this part; choose one with --scope or --bind"
            )
        else:
            bound.doubts[role] = (
                f"two systems fit: {found[0].label} and {theirs[0].label}; "
                f"choose one with --bind {role}={found[0].label}, or the system with --scope"
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
    # What names the system, and not only lies in a scope, is ahead of what does not.
    seeds = main.system.seeds if not main.system.rank[0] else main.system.firm
    named = holder in seeds and bool(instead) and instead not in seeds
    near = margin < CERTAIN and known.baseline.roles[role].most == 1 and not named
    holders = {each: frozenset(one.key for one in found) for each, found in bound.roles.items()}
    if near and not anothers(Anchors.of(known, holders, main.system.firm), role, holder, instead):
        bound.alternatives.append(players(known, second.roles, main.system.members))
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


def _loose(known: Evidence, bound: Bound, main: Answer, pinned: Mapping[str, Resource]) -> None:
    """Parts of which it is not certain that they are the system's: without them is an assignment too. And parts that
    are missing where somebody could play them: with these is one too."""
    holders = {role: frozenset(each.key for each in found) for role, found in bound.roles.items()}
    firm = main.system.firm | {each.key for each in pinned.values()}
    anchors = Anchors.of(known, holders, firm, bound.doubts.keys())
    if bound.doubts:  # both that fit may be ours
        first = Anchors.of(known, holders, firm)
        anchors.sure |= {role: first.sure[role] for role in bound.doubts}
    loose = {role for role, keys in holders.items() if not keys <= anchors.sure[role]}
    for role in sorted(loose):
        label = next(each.label for each in bound.roles[role] if each.key not in anchors.sure[role])
        bound.doubts.setdefault(
            role, f"nothing that is certain joins {label} to the system; choose the resource with --bind {role}=..."
        )
    if loose:
        _second_reading(
            known, bound, main, {(role, key) for role in loose for key in holders[role] - anchors.sure[role]}
        )
        bound.alternatives.append(
            {role: [each for each in found if each.key in anchors.sure[role]] for role, found in bound.roles.items()}
        )
    missing = [role for role, keys in holders.items() if not keys and _asked_for(known, bound, role)]
    doubtful = [role for role in known.baseline.roles if role in bound.doubts]
    bound.possible = possible(anchors, dict.fromkeys((*missing, *doubtful)))
    for role in missing:
        keys = bound.possible.get(role)
        if not keys:
            continue
        fits = sorted(keys, key=lambda key: (-known.own(role, key).points, key))
        found = [known.found[role][key] for key in fits[: max(1, known.baseline.roles[role].least)]]
        bound.doubts.setdefault(
            role, f"no resource certainly plays this part, and {found[0].label} could; name it with --bind {role}=..."
        )
        moved = players(known, {**main.solution.roles, role: found[0].key}, main.system.members)
        bound.alternatives.append({**moved, role: found})


def _asked_for(known: Evidence, bound: Bound, role: str) -> bool:
    """Whether the document asks for somebody in the role; if it is optional, whether an end of its arrows is open."""
    near = {far for tie, _, far in ends(known, role) if not tie.implied}
    return bool(known.baseline.roles[role].least) or any(each in bound.doubts or not bound.of(each) for each in near)


def _second_reading(known: Evidence, bound: Bound, main: Answer, loose: Iterable[tuple[str, str]]) -> None:
    """What is best without the parts that are not certain: where these decided who else plays what, it is in doubt."""
    problem = main.problem
    for role, key in loose:
        if key in problem.domains[role]:
            problem = problem.without(role, key)
    second = solve(problem)
    if second is None or not second.roles:
        return
    roles = players(known, second.roles, main.system.members)
    bound.alternatives.append(roles)
    for role, found in bound.roles.items():
        one, other = main.solution.roles[role], second.roles[role]
        if found and one != other and known.baseline.roles[role].most == 1:
            bound.doubts.setdefault(
                role,
                f"{found[0].label} plays this role only if others that are not certain play theirs; "
                f"choose one with --bind {role}=...",
            )
