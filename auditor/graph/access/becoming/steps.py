"""The single steps by which one principal becomes another, and who can take them, looked up from the target."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.graph.access.becoming.powers import PROFILE, ROLE, USER, Powers, protected, rights
from auditor.graph.access.becoming.reverse_lookup import Family, Shelf, beginnings
from auditor.graph.access.becoming.running import RUNNING
from auditor.graph.access.becoming.ways import PASSES, TAKES, Way
from auditor.graph.access.held.held import GROUP, Identity
from auditor.graph.access.policy.callers import Caller, meant
from auditor.graph.access.policy.truth import FALSE, TRUE, Truth, depends, every
from auditor.model import Resource

ASSUME = Way("sts:AssumeRole", "role", ("sts:AssumeRole",), "may assume {target}")
PASS = "iam:PassRole"  # noqa: S105  an action
Shelves = dict[str, Shelf]


@dataclass(frozen=True, slots=True)
class Step:
    """`tail` can become `head` (nothing: an administrator); `asks` is what that depends on."""

    tail: str
    head: str
    way: str
    sentence: str
    asks: tuple[str, ...] = ()


class Steps:
    """The table of ways, applied to the principals of a graph."""

    def __init__(self, powers: Powers) -> None:
        self.powers = powers
        families: dict[tuple[object, ...], Family] = {}
        for who in powers.people.values():
            families.setdefault(who.family, []).append(who)
        self.families = list(families.values())

    def shelves(self, sure: bool, done: set[str]) -> Shelves:
        """Families by what they may do, so that a target finds them; those are left out who surely may not."""
        out: Shelves = {"anybody": Shelf()}
        for family in self.families:
            if all(each.principal.key in done for each in family):
                continue
            who = family[0]
            takes, passes, running = self.powers.able(who)
            out["anybody"].put("", family)
            for way in (ASSUME, *takes):
                self._put(out, way.id, family, way, sure, way.actions[0])
            for way in passes:
                self._put(out, f"pass {way.service}", family, way, sure, PASS, way.actions)
            for way in running:
                self._put(out, way.id, family, way, sure, way.actions[0], way.actions[1:])
                if not sure:
                    out.setdefault(f"unread {way.service}", Shelf()).put("", family)
        return out

    def _put(
        self, out: Shelves, name: str, family: Family, way: Way, sure: bool, action: str, more: Iterable[str] = ()
    ) -> None:
        who = family[0]
        if not rights(who, action) or (sure and way.asks):
            return
        found = every((self.powers.allowed(who, action, "*"), self.powers.all_allowed(who, more)))
        # What is known of the real request (to whom a role is passed) can only make that answer surer.
        if found.value is False or (sure and found.value is None and action != PASS):
            return
        shelf = out.setdefault(name, Shelf(lambda each, arn: self.powers.possible(each, action, arn)))
        for start in beginnings(who, action):
            shelf.put(start, family)

    def towards(
        self, target: Resource, shelves: Shelves, sure: bool, done: set[str]
    ) -> Iterator[tuple[Identity, Step]]:
        """Everybody not done yet who can become the target in one step."""
        for name, arn in self._doors(target, sure):
            shelf = shelves.get(name)
            for family in shelf.reaching(arn, done) if shelf else ():
                yield from self._each(family, target, sure, done)
        for who in self._named(target):
            yield from self._each([who], target, sure, done)

    def _each(self, family: Family, target: Resource, sure: bool, done: set[str]) -> Iterator[tuple[Identity, Step]]:
        alike = target.type != ROLE or not self.powers.trust(target).personal
        verdict: Step | None = None
        for number, who in enumerate(family):
            if who.principal.key in done or who.principal.key == target.key:
                continue
            if number == 0 or verdict is None or not alike:
                verdict = self.single(who, target, sure)
                if verdict is None and alike and who.principal.key != target.key:
                    return
            if verdict:
                yield who, Step(who.principal.key, verdict.head, verdict.way, verdict.sentence, verdict.asks)

    def _doors(self, target: Resource, sure: bool) -> Iterator[tuple[str, str]]:
        """The shelves on which those stand who may reach the target, each with the ARN to look under."""
        if target.type in (USER, GROUP):
            on = "user" if target.type == USER else "group"
            yield from ((way.id, target.arn) for way in TAKES if way.on == on)
            return
        trust = self.powers.trust(target)
        anybody = Caller("user", "arn:aws:iam::0:user/-", target.account)
        answers = [meant(clause, anybody) for clause in trust.allows("sts:assumerole")]
        if any(each.session.value is not False for each in answers):
            yield "anybody", target.arn
        if any(each.account.value for each in answers):
            yield ASSUME.id, target.arn
        yield "iam:UpdateAssumeRolePolicy", target.arn
        for service in dict.fromkeys(way.service for way in (*PASSES, *RUNNING)):
            if self.powers.serves(target, service).value is not False:
                yield f"pass {service}", target.arn
                if not sure:
                    yield f"unread {service}", target.arn
        if self.powers.graph.tails(target, "acts-as"):
            for way in RUNNING:
                yield from ((way.id, thing.arn) for thing in self._things(target, way))

    def _named(self, target: Resource) -> list[Identity]:
        """Principals of the account that a trust policy names: their own policies need not speak for them."""
        if target.type != ROLE:
            return []
        trust = self.powers.trust(target)
        named = [who for clause in trust.allows("sts:assumerole") for kind, who in clause.principals if kind == "AWS"]
        names = [_role_of(who) for who in named]
        return [self.powers.people[who] for who in dict.fromkeys(names) if who in self.powers.people]

    def _things(self, role: Resource, way: Way) -> list[Resource]:
        """What of the way's type runs as the role, by itself or through an instance profile."""
        graph = self.powers.graph
        found = [thing for _, thing in graph.tails(role, "acts-as", way.type)]
        for _, profile in graph.tails(role, "acts-as", PROFILE):
            found += [thing for _, thing in graph.tails(profile, "acts-as", way.type)]
        return found

    def single(self, who: Identity, target: Resource, sure: bool) -> Step | None:
        """The first way by which a principal becomes the target, surely or possibly."""
        for way, sentence, found in self._ways(who, target):
            asks = (*sorted(found.keys), *([way.asks] if way.asks else []))
            if found.value is False or (sure and (found.value is None or way.asks)):
                continue
            return Step(who.principal.key, target.key, way.id, sentence, asks)
        return None

    def _ways(self, who: Identity, target: Resource) -> Iterator[tuple[Way, str, Truth]]:
        takes, passes, running = self.powers.able(who)
        for way in takes:
            if _fits(way, who, target) and not protected(target):
                yield (
                    way,
                    way.sentence.format(target=target.label),
                    self.powers.allowed(who, way.actions[0], target.arn),
                )
        if target.type != ROLE:
            return
        yield ASSUME, ASSUME.sentence.format(target=target.label), self.powers.assumes(who, target)
        for way in passes:
            if self.powers.serves(target, way.service).value is not False:
                yield way, way.sentence.format(target=target.label), self._passes(who, target, way)
        for way in running:
            yield from ((way, sentence, found) for sentence, found in self._runs(who, target, way))

    def _passes(self, who: Identity, role: Resource, way: Way) -> Truth:
        handed = self.powers.allowed(who, PASS, role.arn, {"iam:PassedToService": way.service})
        if handed.value is False:
            return FALSE
        ready = self.powers.profiled(who, role) if way.profile else TRUE
        return every((handed, self.powers.serves(role, way.service), self.powers.all_allowed(who, way.actions), ready))

    def _runs(self, who: Identity, role: Resource, way: Way) -> Iterator[tuple[str, Truth]]:
        more = self.powers.all_allowed(who, way.actions[1:])
        for thing in self._things(role, way):
            found = every((self.powers.allowed(who, way.actions[0], thing.arn), more))
            yield way.sentence.format(target=role.label, thing=thing.label), found
        gaps = self.powers.graph.gaps_for(way.type)
        if gaps and self.powers.serves(role, way.service).value is not False:
            # Nobody looked for what may be running as this role.
            noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", way.type.split("::")[-1]).lower()
            found = every(
                (self.powers.allowed(who, way.actions[0], "*"), more, depends(f"whether some {noun} runs as it"))
            )
            yield way.sentence.format(target=role.label, thing=f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"), found


def _fits(way: Way, who: Identity, target: Resource) -> bool:
    if way.on == "group":
        # A group has no credentials: being put into it helps a user only.
        return target.type == GROUP and who.principal.type == USER
    return target.type == (USER if way.on == "user" else ROLE)


def _role_of(who: str) -> str:
    """The role behind the ARN of one of its sessions."""
    found = re.fullmatch(r"(arn:[a-z-]+):sts::(\d{12}):assumed-role/([^/]+)/.+", who)
    return f"{found[1]}:iam::{found[2]}:role/{found[3]}" if found else who
