"""What speaks for a resource in a role: by itself, and by the ties of documented links to other resources.

By itself: names and tags that the document leads one to expect, promises that are marked `identifies` (they name the
system), and the share of promises it keeps, which only chooses between equals. A tie is a documented link that joins
two resources: configuration wires them, a policy permits the action, or the network lets the flow through. Ties are
looked up from a resource when it matters, so that a resource which has nothing to do with the system costs nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from auditor.checks.ask import ask, verdict_of
from auditor.checks.binding.candidates import candidates
from auditor.checks.binding.ties import Tie, implied, ties_of
from auditor.checks.binding.walks import networks, walk
from auditor.checks.schema import Baseline, Role
from auditor.graph.access import may
from auditor.graph.access.held.acting import acted_on, roles_of, unread_roles
from auditor.graph.build import Graph
from auditor.graph.network import flows
from auditor.model import Resource, Verdict

NAME, TAG, KEEPS = 2.0, 1.5, 0.5
PLAYED = 6.0  # that a role is played at all: a part that drifted keeps its role
NAMED = 1000.0  # what names the system outranks every number of links
MOST_HEADS = 500  # of an action's possible targets, asked of one role


@dataclass(frozen=True, slots=True)
class Own:
    """What a resource says by itself: `named` counts what names the system, `points` the rest."""

    named: int
    points: float
    attainable: float
    kept: int = 0  # promises, of those `asked`
    asked: int = 0
    expected: bool = False  # whether its name or a tag is one that the document leads one to expect
    called: bool = False  # whether its name is
    apart: int = 0  # kept promises that tell several of a kind apart

    @property
    def score(self) -> float:
        return NAMED * self.named + self.points


@dataclass(slots=True)
class Evidence:
    """The candidates of every role, and their ties as far as somebody asked."""

    baseline: Baseline
    graph: Graph
    found: dict[str, dict[str, Resource]]
    ties: list[Tie]
    outside: dict[str, set[str]] = field(default_factory=dict)  # by role, what a scope took out of the candidates
    _heads: dict[tuple[Tie, str], frozenset[str]] = field(default_factory=dict)
    _tails: dict[tuple[Tie, str], frozenset[str]] = field(default_factory=dict)
    _may: dict[tuple[str, str, str], Verdict] = field(default_factory=dict)
    _flow: dict[tuple[int, str, str], Verdict] = field(default_factory=dict)
    _near: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _own: dict[tuple[str, str], Own] = field(default_factory=dict)
    roles_of: dict[str, frozenset[str]] = field(default_factory=dict)
    components: dict[str, frozenset[str]] = field(default_factory=dict)
    _ties_of: dict[frozenset[str], list[Tie]] = field(default_factory=dict)
    _blind: bool | None = None
    _adrift: frozenset[str] | None = None

    @property
    def blind(self) -> bool:
        """Whether anything of the candidates could not be read."""
        if self._blind is None:
            every = (resource for found in self.found.values() for resource in found.values())
            self._blind = bool(self.graph.inventory.gaps) or any(resource.unknown for resource in every)
        return self._blind

    @property
    def adrift(self) -> frozenset[str]:
        """The roles that no arrow of the document joins to a role which names the system, be it over others."""
        if self._adrift is None:
            roles = self.baseline.roles
            naming = {name for name, role in roles.items() if any(entry.identifies for entry in role.require)}
            self._adrift = frozenset(roles) - self.reached(naming) if naming else frozenset()
        return self._adrift

    def unlinked(self, role: str) -> bool:
        """Whether no arrow could place the role: the document has none, or only such as join it to parts that hang as
        little on what names the system. Then its type and conditions decide, and how those parts fit."""
        return role in self.adrift or not any(role in (tie.tail, tie.head) for tie in self.ties)

    def reached(self, roles: Iterable[str]) -> set[str]:
        """The roles that the document joins to some of them, from either end and over others."""
        out = set(roles)
        while True:
            more = {end for tie in self.ties for end in (tie.tail, tie.head) if out & {tie.tail, tie.head}} - out
            if not more:
                return out
            out |= more

    def ties_of(self, roles: frozenset[str]) -> list[Tie]:
        """The ties that have one of the roles at an end."""
        if roles not in self._ties_of:
            self._ties_of[roles] = [tie for tie in self.ties if tie.tail in roles or tie.head in roles]
        return self._ties_of[roles]

    def own(self, role: str, key: str) -> Own:
        if (role, key) not in self._own:
            self._own[role, key] = _own(self.graph, self.baseline.roles[role], self.found[role][key])
        return self._own[role, key]

    def named(self, role: str, key: str) -> bool:
        """Whether the resource keeps a promise that names the system; asked of every candidate."""
        marked = [entry for entry in self.baseline.roles[role].require if entry.identifies]
        resource = self.found[role][key]
        return any(verdict_of(list(ask(self.graph, resource, each.requirement))) == "kept" for each in marked)

    def heads(self, tie: Tie, tail: str) -> frozenset[str]:
        """The candidates to which the tie leads from a tail."""
        found = self._heads.get((tie, tail))
        if found is None:
            found = self._heads[tie, tail] = frozenset(self._lead(tie, self.found[tie.tail][tail]))
        return found

    def tails(self, tie: Tie, head: str) -> frozenset[str]:
        """The candidates from which the tie leads to a head."""
        found = self._tails.get((tie, head))
        if found is None:
            found = self._tails[tie, head] = frozenset(self._come(tie, self.found[tie.head][head]))
        return found

    def outsiders(self, tie: Tie, key: str, mine: str = "head") -> set[str]:
        """What lies outside of the scope and a tie joins to a resource at its `mine` all the same, as far as
        configuration draws it."""
        far = self.outside.get(tie.tail if mine == "head" else tie.head)
        if not far or tie.kind != "wire":
            return set()
        start = self.found[tie.head if mine == "head" else tie.tail][key]
        return walk(self.graph, start, far, tie.relations, tie.most, backwards=mine == "head")

    def joined(self, tie: Tie, tail: str, head: str) -> bool:
        if tail not in self.found[tie.tail] or head not in self.found[tie.head]:
            return False
        if tie.kind == "wire":
            return head in self.heads(tie, tail)
        one, other = self.found[tie.tail][tail], self.found[tie.head][head]
        return self._permits(tie, one, other) if tie.kind == "action" else self._flows(tie, one, other)

    # ---- the three kinds

    def _lead(self, tie: Tie, tail: Resource) -> Iterable[str]:
        heads = self.found[tie.head]
        if tie.kind == "wire":
            return walk(self.graph, tail, set(heads), tie.relations, tie.most)
        if tie.kind == "action":
            far = heads.values() if len(heads) <= MOST_HEADS else self._spelt_out(tie, tail, heads.values())
            return [head.key for head in far if self._permits(tie, tail, head)]
        near = [key for vpc in networks(self.graph, tail) for key in self._standing(tie.head).get(vpc, ())]
        return [key for key in dict.fromkeys(near) if self._flows(tie, tail, heads[key])]

    def _spelt_out(self, tie: Tie, tail: Resource, heads: Iterable[Resource]) -> list[Resource]:
        """Of very many heads those that the policies of the tail's role name; what holds for all tells nothing."""
        roles = [role for _, role in roles_of(self.graph, tail, tie.action)]
        held = [policy for role in roles for _, policy in self.graph.heads(role, "holds")]
        said = [each.known(name) for each in (*roles, *held) for name in ("Policies", "PolicyDocument")]
        text = json.dumps(said)
        return [head for head in heads if any(spoken and spoken in text for spoken in head.spoken)]

    def _come(self, tie: Tie, head: Resource) -> Iterable[str]:
        tails = self.found[tie.tail]
        if tie.kind == "wire":
            back = walk(self.graph, head, set(tails), tie.relations, tie.most, backwards=True)
            return [key for key in back if head.key in self.heads(tie, key)]
        if tie.kind == "action":
            return [tail.key for tail in tails.values() if self._permits(tie, tail, head)]
        near = [key for vpc in networks(self.graph, head) for key in self._standing(tie.tail).get(vpc, ())]
        return [key for key in dict.fromkeys(near) if self._flows(tie, tails[key], head)]

    def possible(self, tie: Tie, tail: Resource, head: Resource) -> bool:
        """Whether something that was not read may be the tie: it then gives a place, and counts for nothing."""
        if tie.kind == "action":
            return self._permitted(tie, tail, head) == "unknown"
        if tie.kind == "flow":
            return self._flowing(tie, tail, head) == "unknown"
        if not tail.unknown or self.heads(tie, tail.key):
            return False
        return any(
            row.relation in tie.relations and tail.gap(row.via) is not None for row in self.graph.types[tail.type].edges
        )

    def _permits(self, tie: Tie, tail: Resource, head: Resource) -> bool:
        return self._permitted(tie, tail, head) == "kept"

    def _permitted(self, tie: Tie, tail: Resource, head: Resource) -> Verdict:
        found: set[Verdict] = set()
        for _, role in roles_of(self.graph, tail, tie.action):
            asked = (role.key, tie.action, head.key)
            if asked not in self._may:
                verdicts = {may(self.graph, role, tie.action, text).verdict for text in acted_on(head, tie.action)}
                self._may[asked] = _best(verdicts)
            found.add(self._may[asked])
        best = _best(found) if found else "broken"
        return "unknown" if best == "broken" and unread_roles(self.graph, tail, tie.action) else best

    def _flows(self, tie: Tie, tail: Resource, head: Resource) -> bool:
        return self._flowing(tie, tail, head) == "kept"

    def _flowing(self, tie: Tie, tail: Resource, head: Resource) -> Verdict:
        asked, same = (tie.port, tail.key, head.key), tail.key == head.key
        if asked not in self._flow:
            self._flow[asked] = "broken" if same else flows(self.graph, tail, head, tie.port).verdict
        return self._flow[asked]

    def _standing(self, role: str) -> dict[str, list[str]]:
        """The candidates of a role by the networks in which they stand."""
        if role not in self._near:
            near: dict[str, list[str]] = {}
            for key, resource in self.found[role].items():
                for vpc in sorted(networks(self.graph, resource)):
                    near.setdefault(vpc, []).append(key)
            self._near[role] = near
        return self._near[role]


def _best(verdicts: set[Verdict]) -> Verdict:
    return "kept" if "kept" in verdicts else "unknown" if "unknown" in verdicts else "broken"


def evidence(baseline: Baseline, graph: Graph) -> Evidence:
    found = {
        name: {resource.key: resource for resource in candidates(baseline, role, graph)}
        for name, role in baseline.roles.items()
    }
    drawn = [tie for link in baseline.links for tie in ties_of(link)]
    arrows = {(tie.tail, tie.head, relation) for tie in drawn for relation in tie.relations}
    more = [tie for tie in implied(baseline) if not any((tie.tail, tie.head, each) in arrows for each in tie.relations)]
    return Evidence(baseline, graph, found, [*drawn, *more])


def _own(graph: Graph, role: Role, resource: Resource) -> Own:
    texts = [resource.name, resource.id, *resource.tags.values()]
    named = any(re.search(hint, text, re.IGNORECASE) for hint in role.hints.names for text in texts)
    tagged = any(
        re.search(wanted, resource.tags[key], re.IGNORECASE)
        for key, wanted in role.hints.tags.items()
        if key in resource.tags
    )
    asked = [(entry, verdict_of(list(ask(graph, resource, entry.requirement)))) for entry in role.require]
    kept = [entry for entry, verdict in asked if verdict == "kept"]
    apart, wanted = (sum(entry.distinguishes for entry in each) for each in (kept, role.require))
    return Own(
        sum(entry.identifies for entry in kept),
        NAME * named + TAG * tagged + NAME * apart + (KEEPS * len(kept) / len(asked) if asked else 0.0),
        NAME * bool(role.hints.names) + TAG * bool(role.hints.tags) + NAME * wanted + KEEPS * bool(asked),
        len(kept),
        len(asked),
        named or tagged,
        named,
        apart,
    )


def ends(known: Evidence, role: str) -> Iterator[tuple[Tie, str, str]]:
    """The ties of a role, each with the end at which it stands and the role at the other."""
    for tie in known.ties:
        if tie.tail == role and tie.head != role:
            yield tie, "tail", tie.head
        if tie.head == role and tie.tail != role:
            yield tie, "head", tie.tail
