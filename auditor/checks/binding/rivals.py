"""What else could play a role that nobody plays, or that somebody plays who is not certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.checks.binding.bound import Bound
from auditor.checks.binding.evidence import Evidence, ends
from auditor.checks.binding.members import agreement, common_tags, contradicts
from auditor.checks.binding.standing import MANY, Standing
from auditor.checks.binding.untied import Marks, marks, stands_out
from auditor.model import Resource


def possible(standing: Standing, open_roles: Iterable[str]) -> dict[str, set[str]]:
    """For each role that is missing or in doubt what else could play it: what is idle and no part of something else.
    Where a certain neighbour would show it, something joins it to a part of ours, maybe over others. What carries tags
    of another system has to be joined to what is ours alone."""
    labels = common_tags(standing.known, standing.every_sure())
    idle = {
        role: {
            key
            for key in standing.known.found[role].keys() - standing.bound
            if not standing.elsewhere(role, key, standing.sure, drawn=standing.many(role))
        }
        for role in open_roles
    }
    while True:
        out = {role: {key for key in keys if not _claimed(standing, role, key, idle)} for role, keys in idle.items()}
        if out == idle:
            break
        idle = out
    tagged = {role: {key for key in keys if contradicts(standing.known, key, labels)} for role, keys in idle.items()}
    grounded: dict[str, set[str]] = {role: set() for role in idle}
    while True:
        more = {
            role: {
                key
                for key in keys - grounded[role]
                if (_drawn if key in tagged[role] else _grounded)(standing, role, key, grounded)
            }
            for role, keys in idle.items()
        }
        if not any(more.values()):
            break
        grounded = {role: keys | more[role] for role, keys in grounded.items()}
    out = {role: grounded[role] | _ungrounded(standing, role, keys, tagged[role]) for role, keys in idle.items()}
    return {role: keys for role, keys in out.items() if keys}


def anothers(standing: Standing, role: str, holder: str, instead: str) -> bool:
    """Whether arrows hold the one in its place, and join the other to what is neither ours nor could be: however near
    they come, it is not the other that is meant."""
    if not instead or instead in standing.bound or holder not in standing.sure[role]:
        return False
    missing = [each for each, keys in standing.holders.items() if not keys]
    return instead not in possible(standing, dict.fromkeys((*missing, role))).get(role, ())


def _ungrounded(standing: Standing, role: str, keys: set[str], tagged: set[str]) -> set[str]:
    """Those that need no arrow to be possible, where no certain neighbour would show one: if the document has none by
    which the role could be placed, as far as names and tags tell; else what lost its arrows."""
    if _shown(standing, role) or not keys:
        return set()
    common = marks(standing.known, standing.holders)
    if standing.known.unlinked(role):
        called = {key for key in keys if standing.known.own(role, key).called}
        return {key for key in keys if not stands_out(standing.known, key, common, key in called)}
    return {key for key in keys - tagged if not _of_its_own(standing, role, key, common)}


def _of_its_own(standing: Standing, role: str, key: str, common: Marks) -> bool:
    """Whether it has its arrows, to what plays no role, and nothing people wrote on any of these makes it ours: an API
    with routes of its own is another system's, and not ours that came apart."""
    known = standing.known
    joined = {
        (far, other)
        for tie, mine, far in ends(known, role)
        if tie.kind == "wire" and tie.back and not tie.implied
        for other in standing.far(tie, mine, key)
    }
    if not joined or any(other in standing.bound for _, other in joined):
        return False
    near = (*joined, (role, key))
    if any(agreement(known, other, common.labels) > 0 for _, other in near):
        return False
    return any(stands_out(known, other, common) for _, other in near) or not any(
        known.own(part, other).expected for part, other in near
    )


def _drawn(standing: Standing, role: str, key: str, grounded: Mapping[str, set[str]]) -> bool:
    """Whether an arrow that configuration draws joins it to what may be ours and no other system uses; where the
    document has none such for the role, any of its arrows."""
    if not any(
        tie.kind == "wire" and not tie.implied and not (mine == "head" and tie.looks_on)
        for tie, mine, _ in ends(standing.known, role)
    ):
        return _grounded(standing, role, key, grounded)
    ours = {
        far: grounded.get(far, set())
        | {each for each in standing.holders.get(far, ()) if not standing.used_outside(far, each)}
        for _, _, far in ends(standing.known, role)
    }
    return standing.drawn_to(role, key, ours)


def _shown(standing: Standing, role: str) -> bool:
    """Whether something certain would lead to the part, or the part to it: an arrow that the document leaves open need
    not be there, and what looks on is there for others as well."""
    open_ = {link.id for link in standing.known.baseline.links if link.optional}
    return any(
        standing.sure[far]
        for tie, mine, far in ends(standing.known, role)
        if not tie.implied and tie.link not in open_ and not (mine == "head" and tie.looks_on)
    )


def _claimed(standing: Standing, role: str, key: str, idle: Mapping[str, set[str]]) -> bool:
    """Whether all that arrows join it to is neither ours nor could be."""
    joined = [
        (standing.far(tie, mine, key), standing.holders.get(far, frozenset()) | idle.get(far, set()))
        for tie, mine, far in ends(standing.known, role)
        if not tie.implied
        and not (tie.kind != "wire" and standing.many(role))
        and not (mine == "head" and tie.looks_on)
    ]
    return any(others for others, _ in joined) and not any(others & ours for others, ours in joined)


def _grounded(standing: Standing, role: str, key: str, grounded: Mapping[str, set[str]]) -> bool:
    """Whether something joins it to a part of ours; asked from these, of which there are few."""
    known = standing.known
    for tie, mine, far in ends(known, role):
        others = grounded.get(far, set())
        for other in (*standing.holders.get(far, ()), *(others if len(others) <= MANY else ())):
            if mine == "tail" and key in known.tails(tie, other):
                return True
            if mine == "head" and known.joined(tie, other, key):
                return True
    return False


def nearest(known: Evidence, bound: Bound) -> dict[str, Resource]:
    """For each missing role the resource that fits it best and has no place in the system."""
    played = bound.every_key()
    out: dict[str, Resource] = {}
    for name, role in known.baseline.roles.items():
        idle = [key for key in known.found[name] if key not in played] if len(bound.of(name)) < role.least else []
        fits = max(sorted(idle), key=lambda key: known.own(name, key).points, default="")
        if fits and known.own(name, fits).points > 0:
            out[name] = known.found[name][fits]
    return out
