"""Who plays what: the steps of binding in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from auditor.checks.binding.anchors import Anchors
from auditor.checks.binding.bound import Bound
from auditor.checks.binding.claims import claimed
from auditor.checks.binding.evidence import NAME, NAMED, PLAYED, Evidence, evidence
from auditor.checks.binding.members import Members, agreement, beside, grow, labelled, words
from auditor.checks.binding.outcome import Answer, explained
from auditor.checks.binding.players import tied
from auditor.checks.binding.rivals import possible
from auditor.checks.binding.scope import Scope, pinned_resources, restrict, set_aside
from auditor.checks.binding.search import NOBODY, Problem, Solution, solve
from auditor.checks.binding.systems import System, systems, with_bodies
from auditor.checks.binding.untied import joined_to_others
from auditor.checks.schema import Baseline
from auditor.graph.build import Graph
from auditor.model import Resource

BODY = 0.5  # of the roles: where what names the system reaches fewer, the rest is looked for by its shape
LOOSE = 0.5  # of a tie's weight, against two parts that it should join and leads nowhere from
COHERENT = 1.0  # that any edge joins a resource to what is certain
ROUNDS = 4  # how often parts that only hang on shared things are looked for, each time beside those found before


def bind(
    baseline: Baseline,
    graph: Graph,
    pins: Mapping[str, str] | None = None,
    scope: Scope | None = None,
    others: AbstractSet[str] = frozenset(),
) -> Bound:
    """Decide who plays what; `others` belong to another document's system and play nothing."""
    known = evidence(baseline, graph)
    wanted = pinned_resources(known, pins or {})
    scoped = restrict(known, scope or Scope(), wanted)
    set_aside(known, others, wanted)
    found = systems(known, {role: each.key for role, each in wanted.items()}, scoped) or [System(Members())]
    answers = [answer for system in found for answer in _whole(known, system, wanted)]
    answers.sort(key=lambda each: -each.solution.score)  # a stable order: equals stay as they were named
    return explained(known, answers, wanted)


def _whole(known: Evidence, system: System, pinned: Mapping[str, Resource]) -> list[Answer]:
    """The best assignment of a system; where it leaves most roles open, with each group that may be the rest of it."""
    answer = _settle(known, system, pinned)
    played = sum(bool(holder) for holder in answer.solution.roles.values())
    if not system.seeds or system.rank[0] or played >= BODY * len(known.baseline.roles):
        return [answer]
    return [_settle(known, body, pinned) for body in with_bodies(known, system)] or [answer]


def _settle(known: Evidence, system: System, pinned: Mapping[str, Resource]) -> Answer:
    """The best assignment in which nobody whom an arrow joins to another system stands in for somebody idle whom one
    joins to what is certain of this one."""
    firm = system.firm | {each.key for each in pinned.values()}
    banned: set[tuple[str, str]] = set()
    near: dict[str, float] | None = None
    while True:
        out = _assign(known, system, pinned, banned, near or {})
        holders = {role: frozenset({key} - {NOBODY}) for role, key in out.solution.roles.items()}
        anchors = Anchors.of(known, holders, firm)
        more = {
            (role, key)
            for role, keys in holders.items()
            for key in keys - anchors.sure[role]
            if key not in firm and anchors.leads_away(role, key) and _rivals(anchors, role, out.problem)
        } - banned
        if not more and near is not None:
            return _surer(known, system, pinned, out, anchors, banned, near)
        banned |= more
        near = _coherent(known, anchors, out.problem) if near is None else near


def _surer(
    known: Evidence,
    system: System,
    pinned: Mapping[str, Resource],
    out: Answer,
    anchors: Anchors,
    banned: set[tuple[str, str]],
    near: Mapping[str, float],
) -> Answer:
    """The assignment, or the best without the parts that are not certain where more is certain in that: another
    system, however whole, does not stand in for what of ours is left. Nor does a part of it: where it is joined
    to others and not to ours, and would be no possible part if nobody had chosen it, it is none."""
    loose = {(role, key) for role, keys in anchors.holders.items() for key in keys - anchors.sure[role] - anchors.firm}
    if not loose:
        return out
    again = _again(known, system, pinned, banned | loose, near, anchors.firm)
    second = again[0]
    could = possible(second, dict.fromkeys(role for role, _ in sorted(loose)))
    strange = {(role, key) for role, key in loose if key not in could.get(role, ()) and _anothers(second, role, key)}
    # What was only out of place beside the strangers comes back where these are gone.
    third = _again(known, system, pinned, banned | strange, near, anchors.firm) if strange else None
    best = max([(anchors, system.members, out), again, *([third] if third else [])], key=lambda each: _certain(each[0]))
    chosen = third if third and _certain(third[0]) >= _certain(best[0]) else best
    _, system.members, answer = chosen
    return answer


def _anothers(standing: Anchors, role: str, key: str) -> bool:
    """Whether arrows join it to others and none to ours; where the document has no arrow, whether edges do."""
    if standing.known.unlinked(role):
        return joined_to_others(standing.known, key, standing.every_sure())
    return standing.elsewhere(role, key, standing.sure) and not standing.drawn_to(role, key, standing.sure)


def _again(
    known: Evidence,
    system: System,
    pinned: Mapping[str, Resource],
    banned: AbstractSet[tuple[str, str]],
    near: Mapping[str, float],
    firm: set[str],
) -> tuple[Anchors, Members, Answer]:
    """The best assignment of the same system without some parts; the system's members stay as they were."""
    members = system.members
    answer = _assign(known, system, pinned, banned, near)
    found, system.members = system.members, members
    holders = {role: frozenset({key} - {NOBODY}) for role, key in answer.solution.roles.items()}
    return Anchors.of(known, holders, firm), found, answer


def _certain(anchors: Anchors) -> int:
    return sum(map(bool, anchors.sure.values()))


def _rivals(anchors: Anchors, role: str, problem: Problem) -> bool:
    return any(key not in anchors.bound and anchors.rightful(role, key) for key in problem.domains[role])


def _coherent(known: Evidence, anchors: Anchors, problem: Problem) -> dict[str, float]:
    """What any edge to a part that is certain says for a resource: it chooses between equals, and proves nothing."""
    # What no arrow holds is no ground to choose something else by.
    sure = {key for role, keys in anchors.sure.items() if not known.unlinked(role) for key in keys}
    out: dict[str, float] = {}
    for role, keys in problem.domains.items():
        for key in keys:
            resource = known.found[role][key]
            edges = (*known.graph.heads(resource), *known.graph.tails(resource))
            near = {other.key for _, other in edges} & sure
            out[key] = COHERENT * min(len(near), 2) / 2
    return out


def _assign(
    known: Evidence,
    system: System,
    pinned: Mapping[str, Resource],
    banned: AbstractSet[tuple[str, str]],
    near: Mapping[str, float],
) -> Answer:
    """The best assignment inside a group, with parts that hang only on what others share as well, where nobody else
    lays claim to them."""
    out = Answer(system)
    for _ in range(ROUNDS):
        problem = _problem(known, system.members, pinned, banned, near)
        out = _held_by_ties(
            known, Answer(system, problem), system.seeds | system.borrowed | {each.key for each in pinned.values()}
        )
        solution = out.solution
        more = _weakly_tied(known, system.members, solution)
        if not more:
            break
        system.members = _with(known, system, more)
    return out


def _held_by_ties(known: Evidence, answer: Answer, firm: set[str]) -> Answer:
    """The best assignment in which every part is tied to another one: what has no place in the system plays nothing."""
    problem = answer.problem
    while True:
        solution = solve(problem) or Solution(dict.fromkeys(problem.domains, NOBODY), 0.0, False)
        loose = [
            (role, key)
            for role, key in solution.roles.items()
            if key and key not in firm and not _placed(known, role, key, solution.roles, answer.system.members.labels)
        ]
        if not loose:
            return Answer(answer.system, problem, solution)
        for role, key in loose:
            problem = problem.without(role, key)


def _placed(known: Evidence, role: str, key: str, roles: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether a tie of the document joins the resource to another part that is bound, or something else does."""
    others = {holder for other, holder in roles.items() if holder and holder != key and other != role}
    if known.unlinked(role):
        return True
    return tied(known, role, key, roles) or labelled(known, role, key, labels, roles) or beside(known, key, others)


def _with(known: Evidence, system: System, more: set[str]) -> Members:
    """The members with those that only hang on shared things, which never count as firm."""
    grown = grow(known, sorted(system.seeds | more))
    keys = grown.keys | system.members.keys
    return Members(keys, grown.soft | system.members.soft | (more - system.seeds), system.members.labels)


def _problem(
    known: Evidence,
    members: Members,
    pinned: Mapping[str, Resource],
    banned: AbstractSet[tuple[str, str]],
    near: Mapping[str, float],
) -> Problem:
    roles = known.baseline.roles
    domains = {
        role: (pinned[role].key,)
        if role in pinned
        else tuple(key for key in sorted(members.keys & found.keys()) if (role, key) not in banned)
        for role, found in known.found.items()
    }
    own = {
        (role, key): PLAYED
        + known.own(role, key).score
        + agreement(known, key, members.labels)
        + near.get(key, 0.0)
        + (_said(known, key) if known.unlinked(role) else 0.0)
        + NAMED * (role in pinned)
        for role, keys in domains.items()
        for key in keys
    }
    problem = Problem(domains, own, shared=frozenset(name for name, role in roles.items() if role.most != 1))
    for tie in known.ties:
        for tail in domains[tie.tail]:
            heads = known.heads(tie, tail) | known.outsiders(tie, tail, "tail")
            for head in domains[tie.head]:
                if tail == head:
                    continue
                if known.joined(tie, tail, head):
                    problem.add(tie.tail, tie.head, tail, head, tie.weight)
                elif not tie.implied and (heads or (tie.kind == "wire" and tie.back and known.tails(tie, head))):
                    problem.add(tie.tail, tie.head, tail, head, -tie.weight)
                else:
                    problem.add(tie.tail, tie.head, tail, head, -LOOSE * tie.weight)
    return problem


def _said(known: Evidence, key: str) -> float:
    """What the words of an environment say where no arrow could tell copies apart."""
    said = words(known, key)
    return NAME * (("ours" in said) - ("others" in said))


def _weakly_tied(known: Evidence, members: Members, solution: Solution) -> set[str]:
    """For roles that nobody plays: parts joined to the system by what many share, unless another system uses them."""
    bound = {key for key in solution.roles.values() if key}
    open_roles = [role for role, holder in solution.roles.items() if not holder]
    pool = {key for role in open_roles for key in known.found[role].keys() - members.keys}
    near: set[str] = set()
    while True:
        parts = bound | near
        more = {key for key in pool - near if _leans(known, key, open_roles, parts, members, solution)}
        if not more:
            break
        near |= more
    near = {key for key in near if agreement(known, key, members.labels) >= 0}
    return near - claimed(known, near, members.keys | bound, open_roles)


def _leans(
    known: Evidence, key: str, roles: Iterable[str], parts: set[str], members: Members, solution: Solution
) -> bool:
    """Whether a documented arrow leads from the resource, in one of these roles, to one of the parts, other edges join
    it to them, or it carries the tags of the system and keeps what the role promises."""
    mine = [role for role in roles if key in known.found[role]]
    if any(known.unlinked(role) for role in mine):
        return True
    drawn = any(
        tie.tail == role and tie.kind == "wire" and not tie.implied and known.heads(tie, key) & parts
        for role in mine
        for tie in known.ties
    )
    tagged = any(labelled(known, role, key, members.labels, solution.roles) for role in mine)
    return drawn or tagged or beside(known, key, {each for each in solution.roles.values() if each})
