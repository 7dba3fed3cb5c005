"""Making somebody an administrator whom one can then become: looked up where the two rights meet.

Both rights speak of ARNs by how they begin, and targets stand in the order of their ARNs. So each right is a few ranges
of them, and only what lies in ranges of both is asked about one by one: nobody is held against every role.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.graph.access.becoming.changes import Move, given, replaced
from auditor.graph.access.becoming.giving import ANYTHING, Gift, Giving, bounded, policy_document
from auditor.graph.access.becoming.reverse_lookup import beginnings, last_part
from auditor.graph.access.becoming.rights import ROLE, USER, Rights, allows_on_something, is_protected
from auditor.graph.access.becoming.steps import Steps
from auditor.graph.access.becoming.ways import FEDERATIONS, OTHERS, PASSES, Way
from auditor.graph.access.held.identities import GROUP, POLICY, Identity
from auditor.graph.access.policy.callers import meant
from auditor.graph.access.policy.documents import UNREAD
from auditor.model import Resource

_LAST = "\U0010ffff"
# What raises whoever is put into the group, and nobody who is in it already, raises nobody whom one could become.
_PROMOTIONS = tuple(way for way in OTHERS if way.id != "iam:AddUserToGroup")
_TYPES = {"user": USER, "role": ROLE, "group": GROUP}


@dataclass(slots=True)
class Order:
    """Targets by the last part of their ARNs."""

    targets: list[tuple[str, Resource]]

    @classmethod
    def of(cls, found: Iterable[Resource]) -> Order:
        return cls(sorted(((last_part(each.arn), each) for each in found), key=lambda pair: pair[0]))

    def where(self, starts: Iterable[str]) -> list[tuple[int, int]]:
        """The ranges of those that begin so (see `beginnings`), joined."""
        spans = sorted(self._span(start) for start in starts)
        out: list[tuple[int, int]] = []
        for low, high in spans:
            if out and low <= out[-1][1]:
                out[-1] = (out[-1][0], max(high, out[-1][1]))
            elif low < high:
                out.append((low, high))
        return out

    def _span(self, start: str) -> tuple[int, int]:
        begin = start.rstrip("\x00")
        end = begin + ("\x00" if start.endswith("\x00") else _LAST)
        return self._place(begin), self._place(end)

    def _place(self, text: str) -> int:
        return bisect_left(self.targets, text, key=lambda pair: pair[0])


def both(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> Iterator[int]:
    """The places that lie in ranges of both lists."""
    places = [iter(one), iter(other)]
    spans = [next(each, None) for each in places]
    while spans[0] and spans[1]:
        low, high = max(spans[0][0], spans[1][0]), min(spans[0][1], spans[1][1])
        yield from range(low, high)
        first = 0 if spans[0][1] <= spans[1][1] else 1
        spans[first] = next(places[first], None)


class Promotions:
    """Whom a principal may raise and also become, with the way by which it raises them."""

    def __init__(self, rights: Rights, steps: Steps, giving: Giving) -> None:
        self.rights, self.steps, self.giving = rights, steps, giving
        graph = rights.graph
        roles = [each for each in graph.of_type(ROLE) if not is_protected(each)]
        self.roles = Order.of(roles)
        self.of_account = Order.of(each for each in roles if self._lets_account_in(each))
        self.federated = Order.of(each for each in roles if any(rights.providers(each, kind) for kind in FEDERATIONS))
        self.running = Order.of(each for each in roles if graph.tails(each, "acts-as"))
        self.others = {cfn: Order.of(graph.of_type(cfn)) for cfn in (USER, GROUP)}
        self.held, self.policies = self._held()
        self.services = tuple(dict.fromkeys(way.service for way in PASSES))
        self.named: dict[str, list[Resource]] = {}
        self.served: dict[str, list[Resource]] = {}
        for role in roles:
            for kind, who in dict.fromkeys(self._trusted(role)):
                (self.named if kind == "AWS" else self.served).setdefault(who, []).append(role)
        self.passed = {service: Order.of(found) for service, found in self.served.items()}

    def _trusted(self, role: Resource) -> Iterator[tuple[str, str]]:
        for clause in self.rights.trust(role).clauses:
            for kind, who in () if clause.denies else clause.principals:
                yield from ((kind, each) for each in (self.services if kind == UNREAD else (who,)))

    def _lets_account_in(self, role: Resource) -> bool:
        clauses = list(self.rights.trust(role).allows("sts:assumerole"))
        answers = [meant(clause, anybody) for anybody in self.rights.strangers_to(role) for clause in clauses]
        return any(each.any.value is not False for each in answers)

    def _held(self) -> tuple[Order, list[str]]:
        """Who holds a policy, in the order of the policies, and of which policy that is said."""
        graph = self.rights.graph
        ours = [each for each in graph.of_type(POLICY) if "::aws:" not in each.arn]
        pairs = [(each.arn, holder) for each in ours for _, holder in graph.tails(each, "holds")]
        pairs.sort(key=lambda pair: last_part(pair[0]))
        return Order([(last_part(arn), holder) for arn, holder in pairs]), [arn for arn, _ in pairs]

    def moves(self, who: Identity, sure: bool) -> Iterator[Move]:
        """Whom it may raise and then become, up to the first that is surely an administrator then."""
        for raised in self._raised(who):
            if raised.found.value is False or (sure and raised.found.value is None):
                continue
            after = self.steps.single(who, raised.to.principal, sure)
            if not after:
                continue
            words = f"{raised.words}, and {after.sentence.removeprefix('can ')}"
            yield replace(raised, words=words, way=f"{raised.way}+{after.way}", asks=after.asks)
            if raised.found.value and not after.asks and self.rights.is_admin(raised.to).value:
                return

    def _raised(self, who: Identity) -> Iterator[Move]:
        for way in _PROMOTIONS:
            (action,) = way.actions
            if not allows_on_something(who, action):
                continue
            starts = beginnings(who, action)
            for arn, target in self._held_by(starts) if way.on == "policy" else self._both(who, way, starts):
                if target.key == who.principal.key or is_protected(target) or target.key not in self.rights.identities:
                    continue
                yield from self._raising(who, way, arn, target)

    def _raising(self, who: Identity, way: Way, arn: str, target: Resource) -> Iterator[Move]:
        (action,), other = way.actions, self.rights.identities[target.key]
        noun = {ROLE: "role", USER: "user"}.get(target.type, "group")
        known = bounded(target) if target.type != GROUP else {}
        if ":Attach" in action:
            gifts = self.giving.attached(who, action, arn, known, f"the {noun} {target.label}")
            if gifts:
                yield given(other, *gifts)
            return
        words = way.sentence.format(target=target.label).removeprefix("can ")
        if way.on == "policy":
            old = self.rights.graph.resource(arn)
            gift = Gift(words, action, ANYTHING, self.rights.allowed(who, action, arn))
            yield replaced(other, policy_document(old) if old else None, gift)
            return
        yield given(other, Gift(words, action, ANYTHING, self.rights.allowed(who, action, arn, known)))

    def _held_by(self, starts: Iterable[str]) -> Iterator[tuple[str, Resource]]:
        for low, high in self.held.where(starts):
            yield from ((self.policies[place], self.held.targets[place][1]) for place in range(low, high))

    def _both(self, who: Identity, way: Way, starts: set[str]) -> Iterator[tuple[str, Resource]]:
        for order, others in self._becoming(who, _TYPES[way.on]):
            for place in both(order.where(starts), order.where(others)):
                target = order.targets[place][1]
                yield target.arn, target
        if way.on == "role":
            yield from ((role.arn, role) for role in self.named.get(who.principal.arn, ()))

    def _becoming(self, who: Identity, cfn: str) -> Iterator[tuple[Order, set[str]]]:
        """What of a type the principal may become, as far as the rights for that go."""
        takes, passes, running = self.rights.possible_ways(who)
        if cfn != ROLE:
            found = (way for way in takes if _TYPES.get(way.on) == cfn)
            yield from ((self.others[cfn], beginnings(who, way.actions[0])) for way in found)
            return
        yield from ((self.roles, beginnings(who, way.actions[0])) for way in takes if way.on == "role")
        yield self.of_account, beginnings(who, "sts:AssumeRole")
        for service in dict.fromkeys(way.service for way in passes if way.service in self.passed):
            yield self.passed[service], beginnings(who, "iam:PassRole")
        if any(way.on in FEDERATIONS for way in takes):
            yield self.federated, {""}
        if running:
            yield self.running, {""}
