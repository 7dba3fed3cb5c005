"""Binding: which live resource plays which role of a document.

The guess is a best assignment: each (role, resource) pair of fitting type earns points for where it stands among the
other roles (links), for names and tags that the document leads one to expect, and for the promises it keeps. Links
weigh most, because a document describes a shape, and a drifted property must never unbind. Binding repeats until the
neighbours agree. Confidence and runner-up are shown; a pin decides instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from auditor.checks.ask import ask, selected, verdict_of
from auditor.checks.demand import between
from auditor.checks.schema import Baseline, Link, Role
from auditor.graph.build import Graph
from auditor.graph.query import assign, path
from auditor.model import GLOBAL, Binding, Gap, Resource

LINK, NAME, TAG, FOUND, KEEPS = 4.0, 2.0, 1.5, 2.0, 3.0
ROUNDS = 6
ENOUGH = 2.0  # a resource that fits by type alone plays no role
TRIFLE = 0.001  # of two equal shares the greater score wins
LEAST_SHARE = 0.25  # below that a resource is somebody else's


@dataclass(frozen=True, slots=True)
class Points:
    """What speaks for a pair: `evidence` of position, names and conditions, and the share of promises it `keeps`."""

    evidence: float
    keeps: float
    attainable: float

    @property
    def total(self) -> float:
        return self.evidence + self.keeps

    @property
    def share(self) -> float:
        """How much of what could speak for the role does: it decides between roles that ask for different amounts."""
        return self.total / self.attainable if self.attainable else 0.0

    @property
    def plays(self) -> bool:
        return self.total >= ENOUGH and self.share >= LEAST_SHARE


Scores = Mapping[tuple[str, str], Points]


@dataclass(slots=True)
class Bound:
    """Roles with the resources that play them, best first, how that was decided, and what is doubtful about it."""

    baseline: str
    roles: dict[str, list[Resource]] = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, tuple[Gap, ...]] = field(default_factory=dict)  # what may hide who plays a role that nobody plays

    def of(self, role: str) -> list[Resource]:
        return self.roles.get(role, [])

    def keys(self) -> set[str]:
        return {resource.key for found in self.roles.values() for resource in found}


def bind(baseline: Baseline, graph: Graph, pins: Mapping[str, str] | None = None) -> Bound:
    """Decide who plays what."""
    pinned = {role: _pinned(graph, wanted) for role, wanted in (pins or {}).items() if role in baseline.roles}
    candidates = {name: _candidates(baseline, role, graph) for name, role in baseline.roles.items()}
    links = _links_by_role(baseline)
    own = {
        (name, resource.key): _own(graph, baseline.roles[name], resource, len(links[name]))
        for name, found in candidates.items()
        for resource in found
    }
    roles: dict[str, list[Resource]] = {}
    scores: Scores = {}
    for turn in range(ROUNDS):
        around = candidates if turn == 0 else roles
        scores = {
            (name, resource.key): replace(
                mine, evidence=mine.evidence + _linked(graph, links[name], name, resource, around)
            )
            for name, found in candidates.items()
            for resource in found
            for mine in (own[name, resource.key],)
        }
        chosen = _choose(baseline, candidates, scores, pinned)
        if turn and chosen == roles:
            break
        roles = chosen
    bound = _explain(baseline, candidates, scores, roles, pins or {})
    played = bound.keys()
    for name, role in baseline.roles.items():
        idle = [each for each in candidates[name] if each.key not in played]
        if len(bound.of(name)) < role.least:
            bound.hidden[name] = _hidden(graph, baseline, name, links[name], bool(idle))
    return bound


def _hidden(graph: Graph, baseline: Baseline, name: str, links: Iterable[Link], idle: bool) -> tuple[Gap, ...]:
    """Gaps in the lists of the role's types; and where somebody idle could play it, gaps in what would have shown
    it."""
    own = baseline.roles[name].types
    gaps = [gap for cfn in own for gap in graph.gaps_for(cfn)]
    if idle:
        near = set(own)
        for link in links:
            near |= {*baseline.roles[link.tail].types, *baseline.roles[link.head].types}
            near |= set(between(baseline, link, graph.types))
        gaps += [gap for gap in graph.inventory.gaps if near & set(gap.types)]
    return tuple(dict.fromkeys(gaps))


def _pinned(graph: Graph, wanted: str) -> list[Resource]:
    return [each for each in graph.resources() if wanted in (each.key, each.id, each.name)][:1]


def _candidates(baseline: Baseline, role: Role, graph: Graph) -> list[Resource]:
    found = [
        resource
        for resource in graph.of_type(*role.types)
        if not resource.aws_made
        and (resource.region in (*baseline.regions, GLOBAL) or resource.region in graph.types[resource.type].also_in)
        and selected(graph, resource, list(role.find)) is not False
    ]
    return sorted(found, key=lambda resource: resource.key)


def _own(graph: Graph, role: Role, resource: Resource, links: int) -> Points:
    """What the resource itself says: names, tags, the conditions that are part of the role, kept promises."""
    texts = [resource.name, resource.id, *resource.tags.values()]
    named = any(re.search(hint, text, re.IGNORECASE) for hint in role.hints.names for text in texts)
    tagged = any(
        re.search(wanted, resource.tags[key], re.IGNORECASE)
        for key, wanted in role.hints.tags.items()
        if key in resource.tags
    )
    asked = [verdict_of(list(ask(graph, resource, entry.requirement))) for entry in role.require]
    return Points(
        evidence=NAME * named + TAG * tagged + FOUND * bool(role.find),
        keeps=KEEPS * sum(verdict == "kept" for verdict in asked) / len(asked) if asked else 0.0,
        attainable=LINK * links
        + NAME * bool(role.hints.names)
        + TAG * bool(role.hints.tags)
        + FOUND * bool(role.find)
        + KEEPS * bool(asked),
    )


def _links_by_role(baseline: Baseline) -> dict[str, list[Link]]:
    out: dict[str, list[Link]] = {name: [] for name in baseline.roles}
    for link in baseline.links:
        if link.relation:
            out[link.tail].append(link)
            out[link.head].append(link)
    return out


def _linked(
    graph: Graph, links: Iterable[Link], role: str, resource: Resource, around: Mapping[str, list[Resource]]
) -> float:
    score = 0.0
    for link in links:
        outward = link.tail == role
        others = around.get(link.head if outward else link.tail, [])
        tails, heads = ([resource], others) if outward else (others, [resource])
        if any(wired(graph, link, tail, heads) for tail in tails):
            score += LINK
    return score


def wired(graph: Graph, link: Link, tail: Resource, heads: list[Resource]) -> bool:
    """Whether configuration names one of the heads, directly or through the relations that the link allows."""
    allowed = {link.relation, *link.via}
    return path(graph, tail, heads, lambda edge: edge.relation in allowed, most=1 + len(link.via)) is not None


def _choose(
    baseline: Baseline, candidates: Mapping[str, list[Resource]], scores: Scores, pinned: Mapping[str, list[Resource]]
) -> dict[str, list[Resource]]:
    """Roles for one resource by best assignment; roles for several take what is left and belongs there."""
    by_key = {resource.key: resource for found in candidates.values() for resource in found}
    out: dict[str, list[Resource]] = {name: list(pinned.get(name, ())) for name in baseline.roles}
    taken = {resource.key for found in pinned.values() for resource in found}
    free = {
        # Squared, so that one good pair beats two poor ones: a stranger must not push a part out of its own role.
        pair: points.share**2 + TRIFLE * points.total
        for pair, points in scores.items()
        if baseline.roles[pair[0]].most == 1 and pair[0] not in pinned and pair[1] not in taken and points.plays
    }
    for name, key in assign(free).items():
        out[name] = [by_key[key]]
        taken.add(key)
    for name, role in baseline.roles.items():
        if role.most == 1 or name in pinned:
            continue
        # Where there may be many, keeping promises is no sign of belonging: strangers keep them as well.
        fits = [
            each for each in candidates[name] if scores[name, each.key].evidence >= ENOUGH and each.key not in taken
        ]
        ranked = sorted(fits, key=lambda each: (-scores[name, each.key].total, each.key))
        out[name] = ranked[: role.most] if role.most else ranked
        taken |= {each.key for each in out[name]}
    return out


def _explain(
    baseline: Baseline,
    candidates: Mapping[str, list[Resource]],
    scores: Scores,
    roles: dict[str, list[Resource]],
    pins: Mapping[str, str],
) -> Bound:
    """The bindings with their confidence: how much of what could speak for it does, less the closer the runner-up
    comes."""
    bound = Bound(baseline.id, roles)
    used = bound.keys()
    for name, wanted in pins.items():
        if not bound.of(name):
            bound.doubts[name] = f"it is bound to {wanted} with --bind, which was not found"
    for name, found in roles.items():
        idle = [each for each in candidates[name] if each.key not in used]
        others = sorted(idle, key=lambda each: (-scores[name, each.key].total, each.key))
        second = scores[name, others[0].key].total if others else 0.0
        for resource in found:
            if name in pins:
                bound.bindings.append(Binding(baseline.id, name, resource.key, 1.0, "", True))
                continue
            mine = scores[name, resource.key]
            close = min(1.0, second / mine.total)
            confidence = round(min(1.0, mine.share) * (1 - close / 2), 2)
            runner_up = others[0].key if others and second >= ENOUGH else ""
            bound.bindings.append(Binding(baseline.id, name, resource.key, confidence, runner_up))
            if close >= 1.0 and baseline.roles[name].most == 1:
                bound.doubts[name] = f"{resource.label} and {others[0].label} fit equally well; pin one with --bind"
    return bound
