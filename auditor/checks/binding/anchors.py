"""What holds a part of the system in its place.

The best assignment is not yet a certain one: beside another system the best may be that one's part. A part is anchored
where a chain of documented ties leads to it from what names the system, each of which only this part can be meant by:
along an arrow to whatever a part of ours uses, and against an arrow only where nobody else uses the same. What is not
anchored is in doubt, and so is a missing part where somebody idle could play it and nothing that is certain says no.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from auditor.checks.binding.evidence import MOST_HEADS, Evidence, ends
from auditor.checks.binding.lost import alone
from auditor.checks.binding.standing import Holders, Standing
from auditor.checks.binding.ties import Tie
from auditor.checks.binding.untied import marks, meant

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
            out.sure[role] = set() if role in doubtful else {*keys & firm}
        out._unlinked(doubtful)
        out._spread(doubtful)
        while more := alone(out, doubtful):
            for role, key in more:
                out.sure[role].add(key)
            out._spread(doubtful)
        return out

    def _unlinked(self, doubtful: AbstractSet[str]) -> None:
        roles = [role for role in self.holders if role not in doubtful and self.known.unlinked(role)]
        if not roles:
            return
        common = marks(self.known, self.holders)
        for role in roles:
            self.sure[role] |= {key for key in self.holders[role] if meant(self.known, role, key, common)}

    def _spread(self, doubtful: AbstractSet[str]) -> None:
        while True:
            more = [
                (role, key)
                for role, keys in self.holders.items()
                for key in keys
                if role not in doubtful
                and key not in self.sure[role]
                and not self.contradicted(role, key)
                and self._held(role, key)
            ]
            for role, key in more:
                self.sure[role].add(key)
            if not more:
                return

    def _held(self, role: str, key: str) -> bool:
        if not self.only(role) and self._edge_to_sure(role, key):
            return True  # of several, each is one that has its arrow
        return any(
            self._by(tie, role, key, other, tail=mine == "tail")
            for tie, mine, far in ends(self.known, role)
            if tie.kind == "wire" or tie.link not in self.wired
            for other in self.sure[far]
        )

    def _edge_to_sure(self, role: str, key: str) -> bool:
        """Whether an edge joins it to a certain part that no other system uses."""
        resource = self.known.found[role][key]
        near = {other.key for _, other in (*self.known.graph.heads(resource), *self.known.graph.tails(resource))}
        return any(
            not self.used_outside(other, part) for other, parts in self.sure.items() for part in sorted(parts & near)
        )

    def _by(self, tie: Tie, role: str, key: str, other: str, tail: bool) -> bool:
        """Whether a tie to an anchored part can mean nobody else than this resource."""
        if not tail:
            if tie.kind == "action" and len(self.known.found[role]) > MOST_HEADS:
                return self.known.joined(tie, other, key)  # of so many it was not asked which others it may act on
            if tie.implied and not self.only(tie.tail):
                return False  # an alarm that notifies a shared topic may watch anybody's function
            return self.meant(tie, role, key, other) and (tie.kind != "flow" or not self.used_outside(role, key))
        if not tie.back or (tie.kind != "wire" and not self.known.heads(tie, key) <= self.bound):
            return False
        users = self.known.tails(tie, other)
        if tie.kind != "wire" and not (self.likely(role, key) and self.fits_best(role, key)):
            return False
        if tie.relations == INSIDE and users <= self.bound:
            # What is inside of a part of ours is ours wherever else it leads, but to another system; and even then
            # where a path and a method say that it is meant, of which an API has one.
            named = self._spelt_out(role) and not self.used_outside(tie.head, other)
            return key in users and (named or not self._leads_to_shared(role, key))
        if key not in users or self.elsewhere(role, key, self.holders) or self._leads_to_shared(role, key):
            return False
        apart = self.known.own(role, key).apart
        return all(
            self.elsewhere(role, each, self.sure) or self.known.own(role, each).apart < apart
            for each in users - self.bound
        )

    def _spelt_out(self, role: str) -> bool:
        """Whether the document finds the role by values to the letter, and not by patterns or by its type alone."""
        wanted = [each for entry in self.known.baseline.roles[role].find for each in entry.values()]
        return bool(wanted) and all(isinstance(each, str) for each in wanted)

    def _leads_to_shared(self, role: str, key: str) -> bool:
        """Whether an arrow leads from it to what is not certain and serves another system too, or lies outside of the
        scope: that it alone uses a part of ours does not make it ours then, for ours may be gone."""
        drawn = [
            (tie, far)
            for tie, mine, far in ends(self.known, role)
            if mine == "tail" and tie.kind == "wire" and tie.back and not tie.implied
        ]
        return any(
            self.known.outsiders(tie, key, "tail")
            or any(
                other not in self.sure[far] and self.used_outside(far, other) for other in self.known.heads(tie, key)
            )
            for tie, far in drawn
        )
