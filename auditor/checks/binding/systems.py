"""Where the system is: seeds that name it, and the groups that grow from them.

Groups are ranked by pins and the scope, then by how many roles have a resource that names the system, never by how
much of the document they fulfil. What names the system may lie in several groups (a bucket and a distribution that
nothing joins); they are one system as long as no role is named twice. Two groups of one rank that both name a role are
two systems that fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from auditor.checks.binding.evidence import Evidence
from auditor.checks.binding.members import Members, carrying, component, grow, words

BODY_OF = 0.25  # the same for what may be the rest of a system that is named
CONTENDER = 0.5  # of the ties of the best group, where nothing names the system
MOSTLY = 2  # times as many parts with words of one environment as with those of another, before they say whose it is


@dataclass(slots=True)
class System:
    """A group of resources that may be the system, and the roles for which it has what names it."""

    members: Members
    seeds: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)  # roles
    firm: set[str] = field(
        default_factory=set
    )  # seeds that are certain to be parts: named, pinned, or alone in the scope
    borrowed: set[str] = field(default_factory=set)  # seeds of other groups, here by a documented name alone
    rank: tuple[int, int] = (0, 0)


def systems(evidence: Evidence, pinned: Mapping[str, str], scoped: Iterable[str]) -> list[System]:
    """The groups of the first rank, each of which may be the system; one where that is certain."""
    first = set(pinned.values()) | set(scoped)
    named = _named(evidence)
    seeds = sorted(first | {key for keys in named.values() for key in keys})
    if not seeds:
        return _by_shape(evidence)
    groups = _groups(evidence, [seed for seed in seeds if seed not in first])
    if first:  # what somebody named is one system, whatever joins it
        groups.append(System(Members(), first))
    sure = set(pinned.values()).union(*named.values()) or _alone(evidence, set(scoped))
    for group in groups:
        group.firm = group.seeds & sure
        group.named = {role for role, keys in named.items() if group.seeds & keys}
        group.rank = (len(group.seeds & first), len(group.named))
    groups.sort(key=lambda group: (group.rank, sorted(group.seeds)), reverse=True)
    return _joined(evidence, groups)


def _alone(evidence: Evidence, scoped: set[str]) -> set[str]:
    """Where nothing else names the system, what a scope leaves alone of its kind: a scope narrows, and where it takes
    in two it does not say which of them is meant."""
    inside = [scoped & found.keys() for found in evidence.found.values()]
    return {key for keys in inside if len(keys) == 1 for key in keys}


def _named(evidence: Evidence) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for role, found in evidence.found.items():
        if any(entry.identifies for entry in evidence.baseline.roles[role].require):
            out[role] = {key for key in found if evidence.named(role, key)}
    return {role: keys for role, keys in out.items() if keys}


def _groups(evidence: Evidence, seeds: list[str]) -> list[System]:
    """Seeds that configuration joins are of one group."""
    out: list[System] = []
    left = list(seeds)
    while left:
        near = component(evidence, left[0])
        mine = {seed for seed in left if seed in near}
        while True:
            more = {seed for seed in left if seed not in mine and component(evidence, seed) & near}
            if not more:
                break
            mine |= more
            near = near.union(*(component(evidence, seed) for seed in more))
        out.append(System(Members(), mine))
        left = [seed for seed in left if seed not in mine]
    return out


def _joined(evidence: Evidence, groups: list[System]) -> list[System]:
    """The groups of the first rank as systems, each with what names roles that it lacks itself.

    A group that alone names its roles is of the system for certain, and so it is of each of those between which groups
    that name the same role leave the choice. Of these only such count as carry no other tags than what is certain.
    """
    firsts = [group for group in groups if group.rank == groups[0].rank]
    sure, rivals = _apart(firsts)
    out: list[System] = []
    for rival in _agreeing(evidence, sure, rivals) or [System(Members())]:
        system = System(Members(), set(), set(), rank=groups[0].rank)
        for group in (*sure, rival):
            system.seeds |= group.seeds
            system.named |= group.named
            system.firm |= group.firm
        system.members = grow(evidence, sorted(system.seeds))
        for whole in _undrawn(evidence, system, groups[len(firsts) :]):
            out += _borrowing(evidence, whole, groups[len(firsts) :])
    return out


def _undrawn(evidence: Evidence, system: System, others: list[System]) -> list[System]:
    """The system with groups that name roles to which no arrow of the document leads from what it has: that nothing
    joins them says nothing against them. Where two name the same role, once with each."""
    near = evidence.reached(system.named)
    apart = [each for each in others if each.named - near and not each.named & near]
    sure, rivals = _apart(_tagged_alike(evidence, apart, system.members.labels))
    out = []
    for rival in rivals or [System(Members())]:
        seeds = system.seeds.union(rival.seeds, *(group.seeds for group in sure))
        named = system.named.union(rival.named, *(group.named for group in sure))
        firm = system.firm.union(rival.firm, *(group.firm for group in sure))
        members = grow(evidence, sorted(seeds))
        out.append(replace(system, seeds=seeds, named=named, firm=firm, members=members))
    return out


def _tagged_alike(evidence: Evidence, groups: list[System], labels: Mapping[str, str]) -> list[System]:
    """Groups without other tags than the system's. Where one with others alone names its roles a tag may be wrong: it
    may be a part, and is not certain."""
    alike = [each for each in groups if not _foreign(evidence, each, labels)]
    left = [each for each in groups if not any(each is other or each.named & other.named for other in alike)]
    return [*alike, *(replace(each, firm=set()) for each in left)]


def _apart(groups: list[System]) -> tuple[list[System], list[System]]:
    """Groups that alone name their roles, and those that name one that another names as well."""
    rivals = [one for one in groups if any(one is not other and one.named & other.named for other in groups)]
    return [group for group in groups if group not in rivals], rivals


def _agreeing(evidence: Evidence, sure: list[System], rivals: list[System]) -> list[System]:
    """Rivals that carry no other tags than what is certain; all of them where none is left."""
    known = grow(evidence, sorted({seed for group in sure for seed in group.seeds}), alone=True).labels if sure else {}
    same = [each for each in rivals if not _foreign(evidence, each, known)]
    return same or rivals


def _foreign(evidence: Evidence, group: System, labels: Mapping[str, str]) -> bool:
    """Whether what hangs together with a group carries other tags than those on which the system agrees."""
    theirs = grow(evidence, sorted(group.seeds), alone=True).labels
    return any(labels.get(name, value) != value for name, value in theirs.items())


def _borrowing(evidence: Evidence, system: System, others: list[System]) -> list[System]:
    """The system with what elsewhere names a role that it lacks: by a documented name alone, so never certain. Where
    two groups name the role, two systems fit."""
    inside = [group for group in others if group.seeds <= system.members.keys]
    for group in inside:
        system.seeds |= group.seeds
        system.named |= group.named
        system.firm |= group.firm
    lacking = [group for group in others if group not in inside and group.named and not group.named & system.named]
    sure, rivals = _apart(_tagged_alike(evidence, lacking, system.members.labels))
    out = []
    for rival in rivals or [System(Members())]:
        seeds = rival.seeds.union(*(group.seeds for group in sure))
        more = replace(system, borrowed=seeds)
        if seeds and system.rank[0]:  # beside what somebody pinned, a name brings only what hangs on it
            near = {key for seed in seeds for key in component(evidence, seed)}
            more.members = replace(system.members, keys=system.members.keys | near)
        elif seeds:
            more.members = grow(evidence, sorted(system.seeds | seeds))
        out.append(more)
    return out


def with_bodies(evidence: Evidence, system: System) -> list[System]:
    """Where what names the system lost its ties to the rest: the system with the rest, found by its shape and never
    certain; once for each group that may be it."""
    out = []
    for body in _by_shape(evidence, system.members.keys, BODY_OF):
        if not _foreign(evidence, body, system.members.labels):
            borrowed = system.borrowed | body.seeds
            members = grow(evidence, sorted(system.seeds | borrowed))
            out.append(replace(system, borrowed=borrowed, members=members))
    return out


def _by_shape(evidence: Evidence, known: Iterable[str] = (), share: float = CONTENDER) -> list[System]:
    """Where nothing names the system: the groups in which most of its ties hold, all that come near the best."""
    seen = set(known)
    whole = held(evidence, seen) if seen else 0
    found: list[tuple[int, System]] = []
    for tie in evidence.ties:
        if not tie.back or tie.kind != "wire":
            continue
        for tail in sorted(evidence.found[tie.tail]):
            if tail in seen or not evidence.heads(tie, tail):
                continue
            part = set(component(evidence, tail))
            if part & seen:
                continue
            members = grow(evidence, sorted(part))
            seen |= {key for key in members.keys if key in part or key in members.soft}
            found.append((held(evidence, members.keys), System(members, part, firm=_only_ones(evidence, part))))
    best = max((whole, *(count for count, _ in found)))
    sized = sorted(found, key=lambda each: -each[0])
    fit = [system for count, system in sized if count >= share * best]
    parts = [system for count, system in sized if BODY_OF * best <= count < share * best]
    return [_with_tagged(evidence, system) for system in _of_environment(evidence, fit, parts)]


def _with_tagged(evidence: Evidence, system: System) -> System:
    """Where the document names nothing, the tags that all parts of a group carry and no copy does name it. Who plays a
    part they tell for certain where arrows join it to the others, or where the document has none."""
    tagged = carrying(evidence, system.members) if evidence.baseline.apart else set()
    seeds = system.seeds | tagged
    whole = grow(evidence, sorted(seeds)) if tagged else system.members
    free = {key for role, found in evidence.found.items() if evidence.unlinked(role) for key in found}
    firm = system.firm | (_only_ones(evidence, tagged) & (system.members.keys | free))
    return replace(system, seeds=seeds, firm=firm, members=whole)


def _only_ones(evidence: Evidence, keys: set[str]) -> set[str]:
    """Those of which there are no more among others than parts of their kind: that one more is joined to the same, or
    tagged alike, leaves open which of them is the part."""
    inside = {role: frozenset(keys & found.keys()) for role, found in evidence.found.items()}
    parts = Counter(inside.values())
    return {
        key
        for role, found in inside.items()
        if len(found) <= parts[found] or evidence.baseline.roles[role].most != 1
        for key in found
    }


def _of_environment(evidence: Evidence, fit: list[System], parts: list[System]) -> list[System]:
    """Of copies of the system those that do not carry another environment's words, and of these the ones that carry
    its own, if some do. Where all that fit are another environment's, ours may have come apart: then the largest of
    its parts, and if there is none, nothing of a copy is certain to be ours."""
    if evidence.baseline.apart is None:
        return fit
    said = [_says(evidence, system.members.keys) for system in fit]
    mine = [system for system, word in zip(fit, said, strict=True) if word == "ours"]
    open_ones = [system for system, word in zip(fit, said, strict=True) if word != "others"]
    ours = [each for each in parts if _says(evidence, each.members.keys) == "ours"] if not open_ones else []
    return mine or open_ones or ours[:1] or [replace(system, firm=set()) for system in fit]


def _says(evidence: Evidence, keys: Iterable[str]) -> str:
    """Whose words the names and tags of a group carry, "ours" or "others"; nothing where neither prevails."""
    counted = Counter(word for key in keys for word in words(evidence, key))
    one, other = counted["ours"], counted["others"]
    return "ours" if one > MOSTLY * other else "others" if other > MOSTLY * one else ""


def held(evidence: Evidence, keys: set[str]) -> int:
    """How many of the document's ties hold inside a group."""
    return sum(
        any(evidence.heads(tie, tail) & keys for tail in keys & evidence.found[tie.tail].keys())
        for tie in evidence.ties
    )
