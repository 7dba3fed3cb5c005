"""From an assignment to the resources of every role: one for several takes all that belong to parts that are bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.checks.binding.bound import Roles
from auditor.checks.binding.evidence import Evidence
from auditor.checks.binding.members import Members, agreement
from auditor.checks.binding.search import NOBODY
from auditor.checks.binding.ties import BELONGS, Tie, telling


def tied(
    known: Evidence, role: str, key: str, roles: Mapping[str, str], ties: Iterable[Tie] = (), drawn: bool = False
) -> bool:
    """Whether a tie of the document, or one of these, joins the resource to a part that is bound; `drawn`, an arrow."""
    for tie in ties or known.ties:
        if drawn and tie.implied:
            continue
        for tail, head in ((key, roles.get(tie.head)), (roles.get(tie.tail), key)):
            if (tie.tail if tail == key else tie.head) != role or not tail or not head or tail == head:
                continue
            if known.joined(tie, tail, head) or (known.blind and _may_join(known, tie, tail, head)):
                return True
    return False


def _may_join(known: Evidence, tie: Tie, tail: str, head: str) -> bool:
    one, other = known.found[tie.tail].get(tail), known.found[tie.head].get(head)
    return bool(one and other and known.possible(tie, one, other))


def players(known: Evidence, chosen: Mapping[str, str], members: Members) -> Roles:
    """Resources by role; a role for several takes all that are tied to parts that are bound."""
    out: Roles = {}
    for role, found in known.found.items():
        most, holder = known.baseline.roles[role].most, chosen.get(role, NOBODY)
        alone = [holder] if holder else []
        fits = alone if most == 1 else several(known, role, chosen, members)
        out[role] = [found[key] for key in fits[:most]]
    return out


def several(known: Evidence, role: str, chosen: Mapping[str, str], members: Members) -> list[str]:
    """All that fit a role for several, the best first."""
    holder = chosen.get(role, NOBODY)
    taken = {key for other, key in chosen.items() if key and known.baseline.roles[other].most == 1}
    found = [key for key in sorted(known.found[role]) if key not in taken]
    fits = [key for key in found if _belongs(known, role, key, chosen, members)]
    if not fits and holder and _belongs(known, role, holder, chosen, members):
        fits = [holder]  # one part that plays two roles
    return sorted(fits, key=lambda key: (key != holder, -known.own(role, key).score, key))


def _belongs(known: Evidence, role: str, key: str, chosen: Mapping[str, str], members: Members) -> bool:
    """An arrow joins it to a bound part; or another edge does, and no arrow leads from it to somebody else's."""
    if tied(known, role, key, chosen, telling(known.ties, role), drawn=True):
        return True
    if agreement(known, key, members.labels) < 0:
        return False
    parts = {each for each in chosen.values() if each}
    near = (*known.graph.heads(known.found[role][key]), *known.graph.tails(known.found[role][key]))
    if not any(other.key in parts and edge.relation in BELONGS for edge, other in near):
        return False
    return not any(_used_by_others(known, tie, known.heads(tie, key), parts) for tie in known.ties if tie.tail == role)


def _used_by_others(known: Evidence, tie: Tie, heads: Iterable[str], parts: set[str]) -> bool:
    """Whether what an arrow leads to has other users, none of which an edge joins to our parts."""
    users = {each for head in heads for each in known.tails(tie, head)}
    return any(not parts & {other.key for _, other in known.graph.heads(known.found[tie.tail][each])} for each in users)
