"""The single steps by which one principal becomes another, and who can take them, looked up from the target."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.graph.access.becoming.reverse_lookup import Family, ReverseLookup, beginnings
from auditor.graph.access.becoming.rights import ROLE, USER, Rights, allows_on_something, is_protected
from auditor.graph.access.becoming.running import RUNNING
from auditor.graph.access.becoming.ways import FEDERATIONS, PASS, PASSES, TAKES, Way
from auditor.graph.access.held.acting import programs_as
from auditor.graph.access.held.identities import GROUP, Identity
from auditor.graph.access.policy.callers import meant
from auditor.graph.access.policy.truth import FALSE, TRUE, Truth, depends, every
from auditor.model import Resource

ASSUME = Way("sts:AssumeRole", "role", ("sts:AssumeRole",), "can assume {target}")
_MADE_BY_AWS = "whether AWS lets the provider of IAM Identity Center be changed"
Lookups = dict[str, ReverseLookup]


@dataclass(frozen=True, slots=True)
class Step:
    """`tail` can become `head` (nothing: an administrator); `asks` is what that depends on."""

    tail: str
    head: str
    way: str
    sentence: str
    asks: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()  # what it would have to make first

    def then(self, after: Step) -> Step:
        """Both as one step: the first leads to what nobody has made yet."""
        return Step(
            self.tail,
            after.head,
            f"{self.way}+{after.way}",
            f"{self.sentence}, and then {after.sentence}",
            tuple(dict.fromkeys((*self.asks, *after.asks))),
            (*self.makes, *after.makes),
        )


class Steps:
    """The table of ways, applied to the principals of a graph."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self.families: dict[tuple[object, ...], Family] = {}
        for who in rights.identities.values():
            self.add(who)

    def add(self, who: Identity) -> None:
        self.families.setdefault(who.family, []).append(who)

    def lookups(self, sure: bool, done: set[str]) -> Lookups:
        """Families by what they may do, so that a target finds them; those are left out who surely may not."""
        out: Lookups = {"anybody": ReverseLookup()}
        for family in self.families.values():
            if all(each.key in done for each in family):
                continue
            who = family[0]
            takes, passes, running = self.rights.possible_ways(who)
            out["anybody"].add("", family)
            for way in (ASSUME, *takes):
                self._put(out, way.id, family, way, sure, way.actions[0])
            for way in passes:
                self._put(out, f"pass {way.service}", family, way, sure, PASS, way.actions)
            for way in running:
                self._put(out, way.id, family, way, sure, way.actions[0], way.actions[1:])
                if not sure:
                    out.setdefault(f"unread {way.service}", ReverseLookup()).add("", family)
        return out

    def _put(
        self, out: Lookups, name: str, family: Family, way: Way, sure: bool, action: str, more: Iterable[str] = ()
    ) -> None:
        who = family[0]
        if not allows_on_something(who, action) or (sure and way.asks):
            return
        found = every((self.rights.allowed(who, action, "*"), self.rights.all_allowed(who, more)))
        # What is known of the real request (to whom a role is passed) can only make that answer surer.
        if found.value is False or (sure and found.value is None and action != PASS):
            return
        lookup = out.setdefault(name, ReverseLookup(lambda each, arn: self.rights.possible(each, action, arn)))
        for start in beginnings(who, action):
            lookup.add(start, family)

    def towards(
        self, target: Resource, lookups: Lookups, sure: bool, done: set[str]
    ) -> Iterator[tuple[Identity, Step]]:
        """Everybody not done yet who can become the target in one step."""
        for name, arn in self._lookups_for(target, sure):
            lookup = lookups.get(name)
            for family in lookup.reaching(arn, done) if lookup else ():
                yield from self._each(family, target, sure, done)
        for who in self._named(target):
            yield from self._each([who], target, sure, done)

    def assuming(self, role: Resource, lookups: Lookups) -> Iterator[tuple[Identity, Truth]]:
        """Everybody whom the trust policy and their own policies may let assume a role, with what that depends on."""
        nobody: set[str] = set()
        asked: dict[object, Truth] = {}
        alike = not self.rights.trust(role).personal
        found = [
            who
            for name, arn in self._lookups_for(role, False)
            if name in ("anybody", ASSUME.id) and name in lookups
            for family in lookups[name].reaching(arn, nobody)
            for who in family
        ]
        named = self._named(role)
        direct = {who.principal.key for who in named}
        for who in {each.principal.key: each for each in (*found, *named)}.values():
            if who.principal.key == role.key:
                continue
            once = who.family if alike and who.principal.key not in direct else who.principal.key
            if once not in asked:
                asked[once] = self.rights.assumes(who, role)
            if asked[once].value is not False:
                yield who, asked[once]

    def _each(self, family: Family, target: Resource, sure: bool, done: set[str]) -> Iterator[tuple[Identity, Step]]:
        alike = target.type != ROLE or not self.rights.trust(target).personal
        verdict: Step | None = None
        for number, who in enumerate(family):
            if who.key in done or who.principal.key == target.key:
                continue
            if number == 0 or verdict is None or not alike:
                verdict = self.single(who, target, sure)
                if verdict is None and alike and who.principal.key != target.key:
                    return
            if verdict:
                yield who, Step(who.principal.key, verdict.head, verdict.way, verdict.sentence, verdict.asks)

    def _lookups_for(self, target: Resource, sure: bool) -> Iterator[tuple[str, str]]:
        """The lookups that hold those who may reach the target, each with the ARN to look up."""
        if target.type in (USER, GROUP):
            on = "user" if target.type == USER else "group"
            yield from ((way.id, target.arn) for way in TAKES if way.on == on)
            return
        trust = self.rights.trust(target)
        clauses = list(trust.allows("sts:assumerole"))
        answers = [meant(clause, anybody) for anybody in self.rights.strangers_to(target) for clause in clauses]
        if any(each.session.value is not False for each in answers):
            yield "anybody", target.arn
        if any(each.account.value for each in answers):
            yield ASSUME.id, target.arn
        yield "iam:UpdateAssumeRolePolicy", target.arn
        for way in TAKES:
            if way.on in FEDERATIONS:
                yield from ((way.id, provider) for provider in self.rights.providers(target, way.on))
        for service in dict.fromkeys(way.service for way in (*PASSES, *RUNNING)):
            if self.rights.trusts_service(target, service).value is not False:
                yield f"pass {service}", target.arn
                if not sure:
                    yield f"unread {service}", target.arn
        if self.rights.graph.tails(target, "acts-as"):
            for way in RUNNING:
                yield from ((way.id, thing.arn) for thing in self._things(target, way))

    def _named(self, target: Resource) -> list[Identity]:
        """Principals of the account that a trust policy names: their own policies need not speak for them."""
        if target.type != ROLE:
            return []
        trust = self.rights.trust(target)
        named = [who for clause in trust.allows("sts:assumerole") for kind, who in clause.principals if kind == "AWS"]
        names = [_role_of(who) for who in named]
        found = [self.rights.identities[who] for who in dict.fromkeys(names) if who in self.rights.identities]
        return [*found, *(state for who in found for state in self.rights.states.get(who.principal.key, ()))]

    def _things(self, role: Resource, way: Way) -> list[Resource]:
        """What of the way's type runs as the role, by itself or through what stands between."""
        return programs_as(self.rights.graph, role, way.type)

    def single(self, who: Identity, target: Resource, sure: bool) -> Step | None:
        """The first way by which a principal becomes the target, surely or possibly."""
        for way, sentence, found in self._ways(who, target):
            asks = (*sorted(found.keys), *([way.asks] if way.asks else []))
            if found.value is False or (sure and (found.value is None or way.asks)):
                continue
            return Step(who.principal.key, target.key, way.id, sentence, asks)
        return None

    def _ways(self, who: Identity, target: Resource) -> Iterator[tuple[Way, str, Truth]]:
        takes, passes, running = self.rights.possible_ways(who)
        for way in takes:
            if way.on in FEDERATIONS and target.type == ROLE:
                yield from ((way, sentence, found) for sentence, found in self._signs_in(who, target, way))
            elif _fits(way, who, target) and not is_protected(target):
                yield (
                    way,
                    way.sentence.format(target=target.label),
                    self.rights.allowed(who, way.actions[0], target.arn),
                )
        if target.type != ROLE:
            return
        yield ASSUME, ASSUME.sentence.format(target=target.label), self.rights.assumes(who, target)
        for way in passes:
            if self.rights.trusts_service(target, way.service).value is not False:
                yield way, way.sentence.format(target=target.label), self._passes(who, target, way)
        for way in running:
            yield from ((way, sentence, found) for sentence, found in self._runs(who, target, way))

    def _signs_in(self, who: Identity, role: Resource, way: Way) -> Iterator[tuple[str, Truth]]:
        """Through an identity provider of the account that it can change."""
        for provider in self.rights.providers(role, way.on):
            found = [self.rights.allowed(who, way.actions[0], provider)]
            if found[0].value is not False:
                found.append(self.rights.trusts_provider(role, provider, way.on))
                found += [depends(_MADE_BY_AWS)] if "/AWSSSO_" in provider else []
                yield way.sentence.format(target=role.label, thing=provider.rpartition("/")[2]), every(found)

    def _passes(self, who: Identity, role: Resource, way: Way) -> Truth:
        handed = self.rights.allowed(who, PASS, role.arn, {"iam:PassedToService": way.service})
        if handed.value is False:
            return FALSE
        ready = self.rights.in_instance_profile(who, role) if way.profile else TRUE
        return every(
            (handed, self.rights.trusts_service(role, way.service), self.rights.all_allowed(who, way.actions), ready)
        )

    def _runs(self, who: Identity, role: Resource, way: Way) -> Iterator[tuple[str, Truth]]:
        more = self.rights.all_allowed(who, way.actions[1:])
        for thing in self._things(role, way):
            found = every((self.rights.allowed(who, way.actions[0], thing.arn), more))
            yield way.sentence.format(target=role.label, thing=thing.label), found
        if self.rights.unread_runners(way.type) and self.rights.trusts_service(role, way.service).value is not False:
            # Nobody looked for what may be running as this role.
            noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", way.type.split("::")[-1]).lower()
            found = every(
                (self.rights.allowed(who, way.actions[0], "*"), more, depends(f"whether any {noun} uses the role"))
            )
            yield way.sentence.format(target=role.label, thing=f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"), found


def _fits(way: Way, who: Identity, target: Resource) -> bool:
    if way.on == "group":
        # A group has no credentials: being put into it helps a user only.
        return target.type == GROUP and who.principal.type == USER
    return way.on not in FEDERATIONS and target.type == (USER if way.on == "user" else ROLE)


def _role_of(who: str) -> str:
    """The role behind the ARN of one of its sessions."""
    found = re.fullmatch(r"(arn:[a-z-]+):sts::(\d{12}):assumed-role/([^/]+)/.+", who)
    return f"{found[1]}:iam::{found[2]}:role/{found[3]}" if found else who
