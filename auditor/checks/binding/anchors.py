"""What holds a part of the system in its place, and what else could be a part that is missing.

The best assignment is not yet a certain one: beside another system the best may be that one's part. A part is anchored
where a chain of documented ties leads to it from what names the system, each of which only this part can be meant by:
along an arrow to whatever a part of ours uses, and against an arrow only where nobody else uses the same. What is not
anchored is in doubt, and so is a missing part where somebody idle could play it and nothing that is certain says no.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from auditor.checks.binding.evidence import MOST_HEADS, Evidence, ends
from auditor.checks.binding.members import agreement, beside, common_tags
from auditor.checks.binding.rivals import Holders, Standing, possible
from auditor.checks.binding.ties import Tie

MOSTLY = 0.5  # of the promises of a part
INSIDE = frozenset({"part-of"})


@dataclass(slots=True)
class Anchors(Standing):
    """Who plays what, and which of them are anchored."""

    @classmethod
    def of(cls, known: Evidence, holders: Holders, firm: set[str], doubtful: AbstractSet[str] = frozenset()) -> Anchors:
        """`doubtful` roles have somebody else who fits as well: nothing is anchored to who plays them."""
        bound = frozenset(key for keys in holders.values() for key in keys)
        wired = frozenset(tie.link for tie in known.ties if tie.kind == "wire")
        out = cls(known, holders, firm, bound=bound, wired=wired)
        for role, keys in holders.items():
            out.sure[role] = (
                set()
                if role in doubtful
                else set(keys)
                if _drawn_by_none(known, role) or role in known.adrift
                else {*keys & firm}
            )
        out._spread(doubtful)
        while more := out._alone(doubtful):
            for role, key in more:
                out.sure[role].add(key)
            out._spread(doubtful)
        return out

    def _spread(self, doubtful: AbstractSet[str]) -> None:
        while True:
            more = [
                (role, key)
                for role, keys in self.holders.items()
                for key in keys
                if role not in doubtful
                and key not in self.sure[role]
                and not self._contradicted(role, key)
                and self._held(role, key)
            ]
            for role, key in more:
                self.sure[role].add(key)
            if not more:
                return

    def _alone(self, doubtful: AbstractSet[str]) -> set[tuple[str, str]]:
        """Parts that lost their arrows and have a place all the same: they are nobody else's, and something joins them
        to what is certain, and nobody else of their kind."""
        labels = common_tags(self.known, {key for keys in self.sure.values() for key in keys})
        found = {
            (role, key)
            for role, keys in sorted(self.holders.items())
            for key in sorted(keys - self.sure[role])
            if role not in doubtful
            and not self._contradicted(role, key)
            and not self.elsewhere(role, key, self.holders)
            and not self.foreign(role, key)
            and not self._serves_others(role, key)
            and not self._serves_another_system(role, key)
            and self._likely(role, key)
            and (self._only_one_at(role, key) or self._only_one_near(role, key, labels))
        }
        loose = [role for role, keys in self.holders.items() if keys - self.sure[role] or not keys]
        rivals = {
            role: likely
            for role, keys in possible(self, loose).items()
            if (likely := {key for key in keys if self._likely(role, key)})
        }
        return self._settled(found, rivals) or self._settled(self._rest(doubtful, rivals), rivals)

    def _settled(self, found: set[tuple[str, str]], rivals: Mapping[str, set[str]]) -> set[tuple[str, str]]:
        while beside_loose := {each for each in found if self._with_loose(*each, found, rivals)}:
            found -= beside_loose
        return found

    def _rest(self, doubtful: AbstractSet[str], rivals: Mapping[str, set[str]]) -> set[tuple[str, str]]:
        """All that is left, where the account holds nothing else of its kinds that is a part of something."""
        left = {(role, key) for role, keys in self.holders.items() for key in keys - self.sure[role]}
        for role in {role for role, _ in left}:
            idle = self.known.found[role].keys() - self.bound
            if any(self.foreign(role, key, drawn=self.many(role)) for key in idle):
                return set()
        found = {
            (role, key)
            for role, key in left
            if role not in doubtful | rivals.keys()
            and not self._contradicted(role, key)
            and not self.elsewhere(role, key, self.holders)
            and not self.foreign(role, key)
            and self._likely(role, key)
        }
        # What hangs on a part that another system uses may be that system's as well.
        theirs = {each for each in left if self._used_outside(*each)}
        while more := {each for each in left - theirs if self._beside(*each, theirs)}:
            theirs |= more
        return found - theirs

    def _beside(self, role: str, key: str, others: AbstractSet[tuple[str, str]]) -> bool:
        """Whether an arrow that configuration draws joins it to one of these parts."""
        return any(
            (far, other) in others
            for tie, mine, far in ends(self.known, role)
            if tie.kind == "wire" and not tie.implied
            for other in self.far(tie, mine, key)
        )

    def _serves_others(self, role: str, key: str) -> bool:
        """Whether something uses it, shared or not, and nothing that is certain does."""
        users = {
            each
            for tie, mine, _ in ends(self.known, role)
            if mine == "head" and not tie.implied
            for each in self.known.tails(tie, key)
        }
        return bool(users) and not users & {each for keys in self.sure.values() for each in keys}

    def _serves_another_system(self, role: str, key: str) -> bool:
        """Whether one of those that use it is in turn what another system's part leads to: a stranger that merely
        reaches it makes it nobody else's."""
        users = {
            (far, user)
            for tie, mine, far in ends(self.known, role)
            if mine == "head" and not tie.implied
            for user in self.known.tails(tie, key) - self.bound
        }
        return any(self._led_to(far, user) for far, user in users)

    def _led_to(self, role: str, key: str) -> bool:
        """Whether an arrow that configuration draws leads here from something that is not of the system."""
        return any(
            tails and not tails & self.bound
            for tie, mine, far in ends(self.known, role)
            if mine == "head" and tie.kind == "wire" and not tie.implied and self.known.baseline.roles[far].most == 1
            for tails in [self.known.tails(tie, key)]
        )

    def _with_loose(
        self, role: str, key: str, alone: AbstractSet[tuple[str, str]], rivals: Mapping[str, set[str]]
    ) -> bool:
        """Whether an arrow joins it to a part that is neither certain nor alone itself, and has a rival."""
        return any(
            far in rivals and other in self.holders[far] - self.sure[far] and (far, other) not in alone
            for tie, mine, far in ends(self.known, role)
            if tie.back and not tie.implied
            for other in self.far(tie, mine, key)
        )

    def _contradicted(self, role: str, key: str) -> bool:
        """Whether an arrow of a certain part leads to another resource of this role."""
        if self.known.baseline.roles[role].most != 1:
            return False
        return any(
            heads - self.bound and key not in heads
            for tie, mine, far in ends(self.known, role)
            if mine == "head" and tie.kind == "wire" and not tie.implied and self.known.baseline.roles[far].most == 1
            for other in self.sure[far]
            for heads in [self.known.heads(tie, other)]
        )

    def _only_one_at(self, role: str, key: str) -> bool:
        idle = self.known.found[role].keys() - self.bound
        return any(
            self._at(tie, mine, key, other) and not any(self._at(tie, mine, each, other) for each in idle)
            for tie, mine, far in ends(self.known, role)
            if tie.kind == "wire" and not (tie.implied and mine == "head")
            for other in self.sure[far]
        )

    def _at(self, tie: Tie, mine: str, key: str, other: str) -> bool:
        return self.known.joined(tie, *((key, other) if mine == "tail" else (other, key)))

    def _only_one_near(self, role: str, key: str, labels: Mapping[str, str]) -> bool:
        """By other edges, such as a permission that names it, or by the tags of the system."""
        sure = {each for keys in self.sure.values() for each in keys}
        idle = self.known.found[role].keys() - self.bound
        if beside(self.known, key, sure):
            return not any(beside(self.known, each, sure) for each in idle)
        if agreement(self.known, key, labels) <= 0:
            return False
        return not any(agreement(self.known, each, labels) > 0 for each in idle)

    def _held(self, role: str, key: str) -> bool:
        if self.known.baseline.roles[role].most != 1 and self._edge_to_sure(role, key):
            return True  # of several, each is one that has its arrow
        return any(
            self._by(tie, role, key, other, tail=mine == "tail")
            for tie, mine, far in ends(self.known, role)
            if tie.kind == "wire" or tie.link not in self.wired
            for other in self.sure[far]
        )

    def _edge_to_sure(self, role: str, key: str) -> bool:
        resource = self.known.found[role][key]
        sure = {each for keys in self.sure.values() for each in keys}
        near = (*self.known.graph.heads(resource), *self.known.graph.tails(resource))
        return any(other.key in sure for _, other in near)

    def _by(self, tie: Tie, role: str, key: str, other: str, tail: bool) -> bool:
        """Whether a tie to an anchored part can mean nobody else than this resource."""
        if not tail:
            if tie.kind == "action" and len(self.known.found[role]) > MOST_HEADS:
                return self.known.joined(tie, other, key)  # of so many it was not asked which others it may act on
            if tie.implied and self.known.baseline.roles[tie.tail].most != 1:
                return False  # an alarm that notifies a shared topic may watch anybody's function
            return key in self._heads(tie, other) and (tie.kind != "flow" or not self._used_outside(role, key))
        if not tie.back or (tie.kind != "wire" and not self.known.heads(tie, key) <= self.bound):
            return False
        users = self.known.tails(tie, other)
        if tie.kind != "wire" and not self._likely(role, key):
            return False
        if tie.relations == INSIDE and users <= self.bound:
            return key in users  # what is inside of a part of ours is ours, wherever else it leads
        if key not in users or self.elsewhere(role, key, self.holders):
            return False
        return all(self.elsewhere(role, each, self.sure) for each in users - self.bound)

    def _likely(self, role: str, key: str) -> bool:
        """Whether it lacks none of the arrows that configuration draws, or keeps most of what the role promises: that
        it may reach a part or act on it makes nobody a part."""
        own = self.known.own(role, key)
        if own.kept >= MOSTLY * own.asked:
            return True
        drawn = [
            any(self._at(tie, mine, key, other) for other in self.holders[far])
            for tie, mine, far in ends(self.known, role)
            if tie.kind == "wire" and tie.back and not tie.implied and self.holders[far]
        ]
        return bool(drawn) and all(drawn)

    def _used_outside(self, role: str, key: str) -> bool:
        """Whether something that is of another system uses it as well."""
        into = [(tie, far) for tie, mine, far in ends(self.known, role) if mine == "head" and not tie.implied]
        return any(self.foreign(far, user) for tie, far in into for user in self.known.tails(tie, key) - self.bound)

    def foreign(self, role: str, key: str, drawn: bool = False) -> bool:
        """Whether a documented tie joins the resource, in this role, to something that is not of the system alone;
        `drawn`, one that configuration draws."""
        for tie, mine, _ in ends(self.known, role):
            if tie.implied or not tie.back or (drawn and tie.kind != "wire"):
                continue
            others = self.known.heads(tie, key) if mine == "tail" else self.known.tails(tie, key)
            if others and not others & self.bound:
                return True
        return False

    def leads_away(self, role: str, key: str) -> bool:
        """Whether an arrow joins it to something else than what is certain, or what is certain to something else."""
        return self.elsewhere(role, key, self.sure) or self._contradicted(role, key)

    def rightful(self, role: str, key: str) -> bool:
        """Whether an arrow joins somebody idle to what is certain, and none leads elsewhere."""
        if self.leads_away(role, key):
            return False
        return any(
            self.known.joined(tie, *((key, other) if mine == "tail" else (other, key)))
            for tie, mine, far in ends(self.known, role)
            if (mine == "head" or tie.back) and not tie.implied
            for other in self.sure[far]
        )

    def _heads(self, tie: Tie, tail: str) -> frozenset[str]:
        """What a tail leads to; over a policy or a network only where that is nothing else than what is bound."""
        heads = self.known.heads(tie, tail)
        return heads if tie.kind == "wire" or heads <= self.bound else frozenset()


def _drawn_by_none(known: Evidence, role: str) -> bool:
    """Whether the document has no arrow by which the role could be placed: then its type and conditions decide."""
    return not any(role in (tie.tail, tie.head) for tie in known.ties)
