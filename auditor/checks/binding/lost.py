"""Parts that lost their arrows, and have a place in the system all the same.

They are nobody else's, something joins them to what is certain, and there is nobody else of their kind; or nothing else
of the kinds that are left is a part of anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from auditor.checks.binding.evidence import ends
from auditor.checks.binding.members import agreement, beside, common_tags
from auditor.checks.binding.rivals import possible
from auditor.checks.binding.standing import Standing
from auditor.checks.binding.ties import ONLOOKERS

Part = tuple[str, str]  # a role and who plays it
PLACES = frozenset({"placed-in"})


def alone(standing: Standing, doubtful: AbstractSet[str]) -> set[Part]:
    """The next of them that are certain."""
    labels = common_tags(standing.known, standing.every_sure())
    open_parts = {
        (role, key)
        for role, keys in sorted(standing.holders.items())
        for key in sorted(keys - standing.sure[role])
        if role not in doubtful
        and not standing.contradicted(role, key)
        and not standing.elsewhere(role, key, standing.holders)
        and not standing.foreign(role, key)
        and not standing.may_serve_others(role, key)
        and not standing.rather(role, key)
        and not standing.taken_for(role, key)
        and standing.likely(role, key)
        and standing.fits_best(role, key)
    }
    found = {
        (role, key)
        for role, key in open_parts
        if _only_one_in(standing, role, key)
        or (
            not standing.serves_others(role, key)
            and not standing.serves_another_system(role, key)
            and (_only_one_at(standing, role, key) or _only_one_near(standing, role, key, labels))
        )
    }
    loose = [role for role, keys in standing.holders.items() if keys - standing.sure[role] or not keys]
    rivals = {
        role: likely
        for role, keys in possible(standing, loose).items()
        if (likely := {key for key in keys if standing.likely(role, key)})
    }
    return _settled(standing, found, rivals) or _settled(standing, _rest(standing, open_parts, rivals), rivals)


def _settled(standing: Standing, found: set[Part], rivals: Mapping[str, set[str]]) -> set[Part]:
    while beside_loose := {each for each in found if _with_loose(standing, *each, found, rivals)}:
        found -= beside_loose
    return found


def _rest(standing: Standing, open_parts: set[Part], rivals: Mapping[str, set[str]]) -> set[Part]:
    """All that is left and hangs together, where nothing else in the account is a part of something like it."""
    for role, keys in standing.known.found.items():
        if any(standing.foreign(role, key, drawn=standing.many(role)) for key in keys.keys() - standing.bound):
            return set()
    left = {(role, key) for role, keys in standing.holders.items() for key in keys - standing.sure[role]}
    found = {
        (role, key) for role, key in open_parts if role not in rivals and standing.drawn_to(role, key, standing.holders)
    }
    # What hangs on a part that another system uses may be that system's as well.
    theirs = {each for each in left if standing.used_outside(*each)}
    while more := {each for each in left - theirs if _beside(standing, *each, theirs)}:
        theirs |= more
    return found - theirs


def _beside(standing: Standing, role: str, key: str, others: AbstractSet[Part]) -> bool:
    """Whether an arrow that configuration draws joins it to one of these parts."""
    return any(
        (far, other) in others
        for tie, mine, far in ends(standing.known, role)
        if tie.kind == "wire" and not tie.implied
        for other in standing.far(tie, mine, key)
    )


def _with_loose(
    standing: Standing, role: str, key: str, found: AbstractSet[Part], rivals: Mapping[str, set[str]]
) -> bool:
    """Whether an arrow joins it to a part that is neither certain nor found itself, and has a rival."""
    return any(
        far in rivals and other in standing.holders[far] - standing.sure[far] and (far, other) not in found
        for tie, mine, far in ends(standing.known, role)
        if tie.back and not tie.implied
        for other in standing.far(tie, mine, key)
    )


def _only_one_at(standing: Standing, role: str, key: str) -> bool:
    idle = standing.idle(role, key)
    return any(
        standing.at(tie, mine, key, other) and not any(standing.at(tie, mine, each, other) for each in idle)
        for tie, mine, far in ends(standing.known, role)
        if tie.kind == "wire" and not (tie.implied and mine == "head")
        for other in standing.sure[far]
    )


def _only_one_in(standing: Standing, role: str, key: str) -> bool:
    """Whether it alone stands, in this role, where a certain part says that it stands, and nobody idle stands there:
    a subnet in our VPC, a database in our subnet group. Whoever uses it then is ours too, certain or not."""
    idle = standing.idle(role, key)
    return any(
        tie.kind == "wire"
        and PLACES & tie.relations
        and mine == "tail"
        and standing.at(tie, mine, key, other)
        and not any(standing.at(tie, mine, each, other) for each in idle)
        and standing.alone_at(far, other)
        for tie, mine, far in ends(standing.known, role)
        for other in standing.sure[far]
    ) and standing.alone_at(role, key)


def _only_one_near(standing: Standing, role: str, key: str, labels: Mapping[str, str]) -> bool:
    """By other edges, such as a permission that names it, or by the tags of the system."""
    known, sure = standing.known, standing.every_sure()
    idle = standing.idle(role, key)
    if beside(known, key, sure):
        return not any(beside(known, each, sure) for each in idle)
    if agreement(known, key, labels) <= 0 or _used_otherwise(standing, role, key):
        return False
    hangs = standing.drawn_to(role, key, standing.holders, specific=True)
    if _drawn(standing, role) and not hangs and not known.own(role, key).expected:
        return False  # the part may be gone, and this be one more of the system's that no document names
    return not any(agreement(known, each, labels) > 0 for each in idle)


def _drawn(standing: Standing, role: str) -> bool:
    """Whether the document has an arrow that configuration draws for the role, by which it would be told."""
    return any(
        tie.kind == "wire" and not tie.implied and not (mine == "head" and tie.looks_on)
        for tie, mine, _ in ends(standing.known, role)
    )


def _used_otherwise(standing: Standing, role: str, key: str) -> bool:
    """Whether something of which the document says nothing uses it as the document has it used: a distribution presents
    the certificate where the document has one that a listener presents. Then it is that one's, and ours may be gone. An
    alarm or a dashboard that watches it does not use it."""
    known = standing.known
    drawn = [
        (tie, known.found[far])
        for tie, mine, far in ends(known, role)
        if mine == "head" and tie.kind == "wire" and not tie.implied
    ]
    uses = {relation for tie, _ in drawn if tie.most == 1 for relation in tie.relations} - ONLOOKERS
    return any(
        edge.relation in uses and not any(edge.relation in tie.relations and tail.key in tails for tie, tails in drawn)
        for edge, tail in known.graph.tails(known.found[role][key])
    )
