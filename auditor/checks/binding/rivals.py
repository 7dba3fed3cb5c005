"""What else could play a role that nobody plays, or that somebody plays who is not certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from auditor.checks.binding.evidence import Evidence, ends
from auditor.checks.binding.members import common_tags, contradicts
from auditor.checks.binding.ties import Tie

Holders = Mapping[str, frozenset[str]]
MANY = 50  # candidates of a role, of each of which one does not ask what policies permit and networks let through


@dataclass(slots=True)
class Standing:
    """Who plays what, and which of them are certain: `sure` are those, by role."""

    known: Evidence
    holders: Holders
    firm: set[str] = field(default_factory=set)  # keys that somebody named or that name the system
    sure: dict[str, set[str]] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    wired: frozenset[str] = frozenset()  # links that configuration draws: that packets get through proves less

    def elsewhere(self, role: str, key: str, holders: Mapping[str, AbstractSet[str]], drawn: bool = False) -> bool:
        """Whether a documented tie of the resource, in this role, leads to something else than to who plays there;
        `drawn`, one that configuration draws."""
        for tie, mine, far in ends(self.known, role):
            if tie.implied or not holders.get(far) or (drawn and tie.kind != "wire"):
                continue
            others = self.known.heads(tie, key) if mine == "tail" else self.known.tails(tie, key)
            if (mine == "tail" or tie.back) and others - self.bound and not others & holders[far]:
                return True
        return False

    def many(self, role: str) -> bool:
        return len(self.known.found[role]) > MANY

    def far(self, tie: Tie, mine: str, key: str) -> frozenset[str]:
        return self.known.heads(tie, key) if mine == "tail" else self.known.tails(tie, key)


def possible(standing: Standing, open_roles: Iterable[str]) -> dict[str, set[str]]:
    """For each role that is missing or in doubt what else could play it: what is idle, carries no tags of another
    system, and is no part of something else. Where a certain neighbour would show it, something joins it to a part of
    ours, maybe over others."""
    labels = common_tags(standing.known, {key for keys in standing.sure.values() for key in keys})
    idle = {
        role: {
            key
            for key in standing.known.found[role].keys() - standing.bound
            if not standing.elsewhere(role, key, standing.sure, drawn=standing.many(role))
            and not contradicts(standing.known, key, labels)
        }
        for role in open_roles
    }
    while True:
        out = {role: {key for key in keys if not _claimed(standing, role, key, idle)} for role, keys in idle.items()}
        if out == idle:
            break
        idle = out
    grounded: dict[str, set[str]] = {role: set() for role in idle}
    while True:
        more = {
            role: {key for key in keys - grounded[role] if _grounded(standing, role, key, grounded)}
            for role, keys in idle.items()
        }
        if not any(more.values()):
            break
        grounded = {role: keys | more[role] for role, keys in grounded.items()}
    out = {role: grounded[role] if _shown(standing, role) else keys for role, keys in idle.items()}
    return {role: keys for role, keys in out.items() if keys}


def _shown(standing: Standing, role: str) -> bool:
    return any(standing.sure[far] for tie, _, far in ends(standing.known, role) if not tie.implied)


def _claimed(standing: Standing, role: str, key: str, idle: Mapping[str, set[str]]) -> bool:
    """Whether all that arrows join it to is neither ours nor could be."""
    joined = [
        (standing.far(tie, mine, key), standing.holders.get(far, frozenset()) | idle.get(far, set()))
        for tie, mine, far in ends(standing.known, role)
        if not tie.implied and not (tie.kind != "wire" and standing.many(role))
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
