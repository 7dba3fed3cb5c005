"""Who plays what and which of them are certain, and what may be asked of a resource beside these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from auditor.checks.binding.evidence import Evidence, ends
from auditor.checks.binding.ties import Tie

Holders = Mapping[str, frozenset[str]]
MANY = 50  # candidates of a role, of each of which one does not ask what policies permit and networks let through
MOSTLY = 0.5  # of the promises of a part


@dataclass(slots=True)
class Standing:
    """Who plays what, and which of them are certain: `sure` are those, by role."""

    known: Evidence
    holders: Holders
    firm: set[str] = field(default_factory=set)  # keys that somebody named or that name the system
    sure: dict[str, set[str]] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    wired: frozenset[str] = frozenset()  # links that configuration draws: that packets get through proves less

    def many(self, role: str) -> bool:
        return len(self.known.found[role]) > MANY

    def only(self, role: str) -> bool:
        """Whether one resource alone plays the role."""
        return self.known.baseline.roles[role].most == 1

    def every_sure(self) -> set[str]:
        return {each for keys in self.sure.values() for each in keys}

    def far(self, tie: Tie, mine: str, key: str) -> frozenset[str]:
        """What the tie joins a resource to, which stands at its tail or at its head."""
        return self.known.heads(tie, key) if mine == "tail" else self.known.tails(tie, key)

    def at(self, tie: Tie, mine: str, key: str, other: str) -> bool:
        return self.known.joined(tie, *((key, other) if mine == "tail" else (other, key)))

    def users(self, role: str, key: str) -> Iterator[tuple[str, str]]:
        """What an arrow of the document leads from to the resource, in this role, each with its own role."""
        for tie, mine, far in ends(self.known, role):
            if mine == "head" and not tie.implied:
                for user in self.known.tails(tie, key):
                    yield far, user

    # ---- what speaks against it

    def elsewhere(self, role: str, key: str, holders: Mapping[str, AbstractSet[str]], drawn: bool = False) -> bool:
        """Whether a documented tie of the resource, in this role, leads to something else than to who plays there;
        `drawn`, one that configuration draws."""
        for tie, mine, far in ends(self.known, role):
            if tie.implied or not holders.get(far) or (drawn and tie.kind != "wire"):
                continue
            if mine != "tail" and (not tie.back or tie.looks_on):
                continue
            others = self.far(tie, mine, key) | self.known.outsiders(tie, key, mine)
            if others - self.bound and not others & holders[far]:
                return True
        return False

    def contradicted(self, role: str, key: str) -> bool:
        """Whether an arrow of a certain part leads to others that could play this role, and not to this one: apart from
        what is certain to play another role, or plays one to which the same arrow leads."""
        if not self.only(role):
            return False
        settled = self.every_sure() - self.sure[role]
        for tie, mine, far in ends(self.known, role):
            if mine != "head" or tie.kind != "wire" or tie.implied or not self.only(far):
                continue
            for other in self.sure[far]:
                heads = self.known.heads(tie, other)
                alike = {each for also in self._alike(tie, role, key) for each in self.holders[also]}
                if key not in heads and heads - settled - alike:
                    return True
        return False

    def leads_away(self, role: str, key: str) -> bool:
        """Whether an arrow joins it to something else than what is certain, or what is certain to something else."""
        return self.elsewhere(role, key, self.sure) or self.contradicted(role, key)

    def foreign(self, role: str, key: str, drawn: bool = False) -> bool:
        """Whether a documented tie joins the resource, in this role, to something that is not of the system alone;
        `drawn`, one that configuration draws."""
        for tie, mine, _ in ends(self.known, role):
            if tie.implied or not tie.back or (drawn and tie.kind != "wire") or (mine == "head" and tie.looks_on):
                continue
            others = self.far(tie, mine, key)
            if others and not others & self.bound:
                return True
        return False

    def used_outside(self, role: str, key: str) -> bool:
        """Whether something that is of another system uses it as well."""
        return bool(self._outsiders(role, key)) or any(
            self.foreign(far, user) for far, user in self.users(role, key) if user not in self.bound
        )

    def _outsiders(self, role: str, key: str) -> set[str]:
        ties = [tie for tie, mine, _ in ends(self.known, role) if mine == "head" and not tie.implied]
        return {user for tie in ties for user in self.known.outsiders(tie, key)}

    def alone_at(self, role: str, key: str) -> bool:
        """Whether only parts use it or stand in it, and only parts use these or stand in them in turn."""
        near = self._near(role, key)
        return not self._outsiders(role, key) and all(
            user in self.bound
            and not self.used_outside(far, user)
            and all(each in self.bound for _, each in self._near(far, user))
            for far, user in near
        )

    def _near(self, role: str, key: str) -> list[tuple[str, str]]:
        return [
            (far, user)
            for tie, mine, far in ends(self.known, role)
            if mine == "head" and tie.kind == "wire"
            for user in self.known.tails(tie, key)
        ]

    def serves_others(self, role: str, key: str) -> bool:
        """Whether something uses it, shared or not, and nothing that is certain does."""
        users = {user for _, user in self.users(role, key)} | self._outsiders(role, key)
        return bool(users) and not users & self.every_sure()

    def may_serve_others(self, role: str, key: str) -> bool:
        """Whether what was not read may be an arrow from something idle to the resource."""
        if not self.known.blind or self.many(role):
            return False
        head = self.known.found[role][key]
        return any(
            self.known.possible(tie, tail, head)
            for tie, mine, far in ends(self.known, role)
            if mine == "head" and not tie.implied and not self.many(far)
            for each, tail in self.known.found[far].items()
            if each not in self.bound
        )

    def serves_another_system(self, role: str, key: str) -> bool:
        """Whether one of those that use it is in turn what another system's part leads to: a stranger that merely
        reaches it makes it nobody else's."""
        return any(self._led_to(far, user) for far, user in self.users(role, key) if user not in self.bound)

    def _led_to(self, role: str, key: str) -> bool:
        """Whether an arrow that configuration draws leads here from something that is not of the system."""
        return any(
            tails and not tails & self.bound
            for tie, mine, far in ends(self.known, role)
            if mine == "head" and tie.kind == "wire" and not tie.implied and self.only(far)
            for tails in [self.known.tails(tie, key)]
        )

    def unsettled(self, role: str, key: str) -> set[str]:
        """Whoever plays another role for want of somebody better, and keeps no less of what this one promises. Where
        several play the role, those that play it beside this one stand in nobody's place."""
        kept = self.known.own(role, key).kept
        beside = {key} if self.only(role) else {key} | self.holders.get(role, frozenset())
        loose = (self.bound & self.known.found[role].keys()) - (self.every_sure() - self.sure[role]) - beside
        return {each for each in loose if self.known.own(role, each).kept >= kept}

    def idle(self, role: str, key: str) -> set[str]:
        """Who could play the role beside this resource: who plays nothing, or something else for want of somebody."""
        return (self.known.found[role].keys() - self.bound) | self.unsettled(role, key)

    # ---- what speaks for it

    def likely(self, role: str, key: str) -> bool:
        """Whether it lacks none of the arrows that configuration draws, or keeps most of what the role promises: that
        it may reach a part or act on it makes nobody a part."""
        if self.mostly_kept(role, key):
            return True
        drawn = [
            any(self.at(tie, mine, key, other) for other in self.holders[far])
            for tie, mine, far in ends(self.known, role)
            if tie.kind == "wire" and tie.back and not tie.implied and self.holders[far]
        ]
        return bool(drawn) and all(drawn)

    def fits_best(self, role: str, key: str) -> bool:
        """Whether it keeps no larger share of what another role promises."""
        others = [each for each, found in self.known.found.items() if each != role and key in found]
        shares = [self._share(each, key) for each in others if self.known.own(each, key).asked]
        return self._share(role, key) >= max(shares, default=0.0)

    def _share(self, role: str, key: str) -> float:
        own = self.known.own(role, key)
        return own.kept / own.asked if own.asked else MOSTLY

    def mostly_kept(self, role: str, key: str) -> bool:
        own = self.known.own(role, key)
        return own.kept >= MOSTLY * own.asked

    def rightful(self, role: str, key: str) -> bool:
        """Whether an arrow joins somebody idle to what is certain, and none leads elsewhere."""
        if self.leads_away(role, key):
            return False
        return any(
            self.at(tie, mine, key, other)
            for tie, mine, far in ends(self.known, role)
            if (mine == "head" or tie.back) and not tie.implied
            for other in self.sure[far]
        )

    def drawn_to(self, role: str, key: str, parts: Mapping[str, AbstractSet[str]], specific: bool = False) -> bool:
        """Whether an arrow that configuration draws joins the resource, in this role, to one of these parts;
        `specific`, other than to what many share, such as its VPC."""
        return any(
            self.far(tie, mine, key) & parts.get(far, frozenset())
            for tie, mine, far in ends(self.known, role)
            if tie.kind == "wire" and not tie.implied and (mine == "head" or tie.back or not specific)
        )

    def rather(self, role: str, key: str) -> bool:
        """Whether arrows join it to what is certain in another role that it could play, and none in this one."""
        if self.drawn_to(role, key, self.sure, specific=True):
            return False
        others = [each for each, found in self.known.found.items() if each != role and key in found]
        return any(self.drawn_to(each, key, self.sure, specific=True) for each in others)

    # ---- which of several roles an arrow means

    def meant(self, tie: Tie, role: str, key: str, tail: str) -> bool:
        """Whether an arrow of a certain part leads to the resource and means this role: over a policy or a network only
        where it leads to nothing else than what is bound; and of several it leads to, each has a role of its own."""
        heads = self.known.heads(tie, tail)
        if key not in heads or (tie.kind != "wire" and not heads <= self.bound):
            return False
        if not self.only(role):
            return True
        # Somebody idle to whom it leads as well was held against this one when the role was given away.
        if heads & self.unsettled(role, key):
            return False
        return not any(self._rather_as(each, role, key, heads) for each in self._alike(tie, role, key))

    def taken_for(self, role: str, key: str) -> bool:
        """Whether an arrow of a certain part leads to it and may mean another role."""
        return any(
            key in self.known.heads(tie, other) and not self.meant(tie, role, key, other)
            for tie, mine, far in ends(self.known, role)
            if mine == "head" and tie.kind == "wire" and not tie.implied
            for other in self.sure[far]
        )

    def _alike(self, tie: Tie, role: str, key: str) -> list[str]:
        """Other roles of the resource to which the same arrow leads, such as two origins of one distribution."""
        return [
            each.head
            for each in self.known.ties
            if each.head != role
            and (each.tail, each.relations, each.implied) == (tie.tail, tie.relations, tie.implied)
            and key in self.known.found[each.head]
        ]

    def _rather_as(self, other: str, role: str, key: str, heads: AbstractSet[str]) -> bool:
        """Whether the resource may be who plays another role of the same arrow, for which the arrow leads to nobody."""
        if self.holders[other] & heads or not self.mostly_kept(other, key):
            return False
        return not self.mostly_kept(role, key) or self.known.own(role, key).kept <= self.known.own(other, key).kept
