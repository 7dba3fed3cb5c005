"""Which resources hang together with the system.

Grown from seeds (what is pinned, what the scope takes in, what names the system) over ties. A tie to something that
many share (a VPC, a certificate, a topic) takes in the shared thing, and says nothing of the others that use it. What a
policy permits or the network lets through joins only where it is specific: a function that may do everything to every
bucket belongs to none of them. How much of the document a group of resources fulfils is never asked, so that a complete
copy of the system cannot stand in for the documented one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from auditor.checks.binding.evidence import Evidence
from auditor.checks.binding.ties import SHARED, Tie
from auditor.model import Resource

MOST_OF = 0.6  # of the members with a tag, those that must agree on its value before it is the system's


@dataclass(slots=True)
class Members:
    """The keys of what belongs to the system; `soft` are those that a policy or a network alone joined."""

    keys: set[str] = field(default_factory=set)
    soft: set[str] = field(default_factory=set)
    labels: Mapping[str, str] = field(default_factory=dict)


def grow(evidence: Evidence, seeds: Iterable[str], alone: bool = False) -> Members:
    """All that hangs together with the seeds: first over configuration, then also over policies and networks.

    `alone` takes the tags of a single resource for the system's.
    """
    hard = _closure(evidence, seeds, set(), frozenset({"wire"}))
    labels = common_tags(evidence, hard, 1 if alone else 2)
    whole = _closure(evidence, hard, set(hard), frozenset({"wire", "action", "flow"}), labels)
    asked: set[str] = set()
    for _ in range(REACH):  # to what members may reach, to what else may reach that, and so on
        fresh, asked = whole - asked, set(whole)  # of the others nothing else would come
        for key in sorted(fresh):
            for other in _possible(evidence, key):
                if not contradicts(evidence, other, labels):
                    whole |= component(evidence, other) | _equipment(evidence, other)
    return Members(whole, whole - hard, labels)


def carrying(evidence: Evidence, members: Members) -> set[str]:
    """What carries all tags on which the members agree, where these are theirs alone: nothing, where the same tags are
    on what arrows join to others in the place of a member, which makes it a copy."""
    labels = members.labels
    found = {
        key
        for candidates in evidence.found.values()
        for key in candidates
        if labels and all(tags_of(evidence, key).get(name) == value for name, value in labels.items())
    }
    copied = any(_stands_for_another(evidence, key, members.keys) for key in found - members.keys)
    return set() if copied else found


def _stands_for_another(evidence: Evidence, key: str, members: set[str]) -> bool:
    """Whether an arrow joins it to what is no member, where the same arrow joins members to each other."""
    for role in sorted(_roles(evidence).get(key, ())):
        for tie in evidence.ties:
            if tie.kind != "wire" or tie.implied or not tie.back or role not in (tie.tail, tie.head):
                continue
            far = evidence.heads if tie.tail == role else evidence.tails
            others = far(tie, key)
            if others and not others & members:
                ours = sorted(evidence.found[role].keys() & members)
                if any(far(tie, each) & members for each in ours):
                    return True
    return False


def _equipment(evidence: Evidence, key: str) -> set[str]:
    """What a resource brings with it: its role, its log group, where it stands."""
    roles = _roles(evidence).get(key, frozenset())
    ties = [tie for tie in evidence.ties if tie.kind == "wire" and not tie.back and not tie.implied]
    return {head for tie in ties if tie.tail in roles for head in evidence.heads(tie, key)}


REACH = 4
FEW = 20  # things that one may act on or reach, so that which of them is meant is worth asking


def _possible(evidence: Evidence, key: str) -> set[str]:
    """What a policy or a network joins to a member beside other things: it comes in with what configuration joins to
    it, to be chosen between."""
    roles = _roles(evidence).get(key, frozenset())
    out: set[str] = set()
    blind = evidence.blind
    for tie in evidence.ties_of(roles):
        if blind:
            out |= _unread(evidence, tie, key, roles)
        if tie.kind == "wire":
            continue
        heads = evidence.heads(tie, key) if tie.tail in roles else frozenset()
        tails = evidence.tails(tie, key) if tie.head in roles else frozenset()
        for far in (heads, tails):
            out |= far if len(far) <= FEW else frozenset()
    return out


def _unread(evidence: Evidence, tie: Tie, key: str, roles: frozenset[str]) -> set[str]:
    """What an unread part of a resource may join to a member."""
    out: set[str] = set()
    if tie.implied:
        return out
    for mine, far in ((tie.tail, tie.head), (tie.head, tie.tail)):
        others = evidence.found[far]
        if mine not in roles or len(others) > FEW:
            continue
        me = evidence.found[mine][key]
        for other in others.values():
            tail, head = (me, other) if mine == tie.tail else (other, me)
            if tail.key != head.key and evidence.possible(tie, tail, head):
                out.add(other.key)
    return out


def component(evidence: Evidence, start: str) -> frozenset[str]:
    """What configuration joins a resource to, apart from what many share."""
    if start not in evidence.components:
        near = _closure(evidence, [start], set(), frozenset({"wire"}), shared=False)
        evidence.components[start] = frozenset(near)
    return evidence.components[start]


def _closure(
    evidence: Evidence,
    start: Iterable[str],
    known: set[str],
    kinds: frozenset[str],
    labels: Mapping[str, str] | None = None,
    shared: bool = True,
) -> set[str]:
    members = set(known)
    todo = list(dict.fromkeys(start))
    members.update(todo)
    roles = _roles(evidence)
    while todo:
        key = todo.pop()
        mine = roles.get(key, frozenset())
        for tie in evidence.ties_of(mine):
            if tie.kind not in kinds:
                continue
            for other in _beyond(evidence, tie, key, mine, shared):
                if other in members or (tie.kind != "wire" and contradicts(evidence, other, labels or {})):
                    continue
                members.add(other)
                todo.append(other)
    return members


def _roles(evidence: Evidence) -> Mapping[str, frozenset[str]]:
    if not evidence.roles_of:
        out: dict[str, set[str]] = {}
        for role, found in evidence.found.items():
            for key in found:
                out.setdefault(key, set()).add(role)
        evidence.roles_of.update({key: frozenset(roles) for key, roles in out.items()})
    return evidence.roles_of


def _beyond(evidence: Evidence, tie: Tie, key: str, roles: frozenset[str], shared: bool) -> Iterable[str]:
    """What a tie joins to a member, from either of its ends."""
    out: list[str] = []
    if tie.tail in roles and (shared or tie.back):
        heads = evidence.heads(tie, key)
        out += sorted(heads) if tie.kind == "wire" or len(heads) == 1 else ()
    if tie.head in roles and tie.back:
        tails = evidence.tails(tie, key)
        out += [tail for tail in sorted(tails) if tie.kind == "wire" or len(evidence.heads(tie, tail)) == 1]
    return out


MANY = 20  # neighbours of a resource that is no sign of belonging together any more


def beside(evidence: Evidence, key: str, parts: set[str]) -> bool:
    """Whether at most two edges, none of them to something shared, join a resource to a part: a lost arrow leaves
    other traces, such as the permission that names the schedule."""
    start = evidence.graph.resource(key)
    for there in _next_to(evidence, start) if start else ():
        if there.key in parts:
            return True
        if there.key not in _roles(evidence) and any(each.key in parts for each in _next_to(evidence, there)):
            return True
    return False


def _next_to(evidence: Evidence, here: Resource) -> list[Resource]:
    edges = (*evidence.graph.heads(here), *evidence.graph.tails(here))
    near = [there for edge, there in edges if edge.relation not in SHARED]
    return near if len(near) <= MANY else []


# ---- tags that a tool gives to all parts of a system


def common_tags(evidence: Evidence, members: set[str], least: int = 2) -> Mapping[str, str]:
    """Tags on whose value most members agree; `Name` is each resource's own."""
    counted: dict[str, Counter[str]] = {}
    for key in members:
        for name, value in tags_of(evidence, key).items():
            counted.setdefault(name, Counter())[value] += 1
    return {
        name: values.most_common(1)[0][0]
        for name, values in sorted(counted.items())
        if sum(values.values()) >= least and values.most_common(1)[0][1] >= MOST_OF * sum(values.values())
    }


def tags_of(evidence: Evidence, key: str) -> Mapping[str, str]:
    found = evidence.graph.resource(key)
    return {name: value for name, value in found.tags.items() if name != "Name"} if found else {}


def words(evidence: Evidence, key: str) -> frozenset[str]:
    """Whose words of an environment its name and tags carry: "ours", "others", both or none."""
    apart, found = evidence.baseline.apart, evidence.graph.resource(key)
    if apart is None or found is None:
        return frozenset()
    texts = [found.name, found.id, *tags_of(evidence, key).values()]
    sides = (("ours", apart.ours), ("others", apart.others))
    return frozenset(side for side, pattern in sides if any(re.search(pattern, text, re.IGNORECASE) for text in texts))


def contradicts(evidence: Evidence, key: str, labels: Mapping[str, str]) -> bool:
    """Whether a resource carries another value in a tag on which the system agrees."""
    found = tags_of(evidence, key).items()
    return any(labels.get(name, value) != value and not _hinted(evidence, key, name, value) for name, value in found)


def _hinted(evidence: Evidence, key: str, name: str, value: str) -> bool:
    """Whether the document leads one to expect this value of a part that the resource may be: where it has a cache for
    dev and one for prod, a tag tells them apart and no system."""
    hints = (evidence.baseline.roles[role].hints.tags for role in _roles(evidence).get(key, ()))
    return any(name in tags and re.search(tags[name], value, re.IGNORECASE) for tags in hints)


def agreement(evidence: Evidence, key: str, labels: Mapping[str, str]) -> float:
    """What its tags say for (1) or against (-1.5) a resource among members."""
    shared = [
        labels[name] == value or _hinted(evidence, key, name, value)
        for name, value in tags_of(evidence, key).items()
        if name in labels
    ]
    return 0.0 if not shared else 1.0 if all(shared) else -1.5


def labelled(evidence: Evidence, role: str, key: str, labels: Mapping[str, str], holders: Mapping[str, str]) -> bool:
    """Whether a resource carries the tags of the system or a name that the document leads one to expect, keeps at
    least half of what the role promises, and does not serve another resource. Where the document promises nothing of
    the role, tags alone make nothing a part of it."""
    own, agreed = evidence.own(role, key), agreement(evidence, key, labels)
    if 2 * own.kept < own.asked or (not (own.expected and agreed >= 0) and not (own.kept and agreed > 0)):
        return False
    for tie in evidence.ties:
        if tie.kind != "wire" or tie.implied:
            continue
        tails = evidence.tails(tie, key) if tie.head == role else frozenset()
        heads = evidence.heads(tie, key) if tie.tail == role and holders.get(tie.head) else frozenset()
        if (tails and holders.get(tie.tail) not in tails) or (heads and holders[tie.head] not in heads):
            return False
    return True
