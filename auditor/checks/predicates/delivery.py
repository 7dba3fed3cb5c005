"""Questions about what CloudFront delivers: how long answers stay in its caches."""

from __future__ import annotations

from auditor.checks.equality import unfinished
from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.graph.access import covers
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Change, Gap, Hidden, Resource, Value

DISTRIBUTION, POLICY = "AWS::CloudFront::Distribution", "AWS::CloudFront::CachePolicy"
_DAY = 86_400
_BEHAVIORS = "DistributionConfig.CacheBehaviors[]"
_POLICY_TTL = "CachePolicyConfig.DefaultTTL"
# AWS's managed cache policies, which code names by their ids and no code describes: how long they keep an answer.
_MANAGED = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": _DAY,  # CachingOptimized
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": _DAY,  # CachingOptimizedForUncompressedObjects
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": 0,  # CachingDisabled
}


@predicate(
    "path-cached", needs={DISTRIBUTION: ("DistributionConfig",), POLICY: ("CachePolicyConfig",)}, on=(DISTRIBUTION,)
)
def path_cached(graph: Graph, distribution: Resource, path: str, days: int) -> Answer:
    """What the distribution serves under this path pattern stays in its caches for so many days by default. Of several
    behaviors the first one whose pattern takes all of it counts, as it does for CloudFront."""
    expected = f"{path} for {days} days"
    hidden: list[Gap] = []
    open_ended = False  # an earlier behavior may take the path, and then it is the one that counts
    for place, behavior in distribution.each(_BEHAVIORS):
        marked = behavior.marked if isinstance(behavior, Hidden) else behavior
        pattern = marked.get("PathPattern") if isinstance(marked, dict) else None
        if unfinished(pattern):
            open_ended = True
        elif not isinstance(pattern, str):
            hidden += gaps_of(behavior)
        elif covers(pattern.lstrip("/"), path.lstrip("/")):
            if hidden or open_ended:
                break
            return _kept_for(graph, distribution, place, marked, days, expected)
    if open_ended:
        return Answer.unseen(_BEHAVIORS, expected, *hidden, because="" if hidden else UNFINISHED)
    place = _BEHAVIORS.removesuffix("[]")
    hidden += gaps_of(distribution.at(place))
    if hidden:
        return Answer.unseen(place, expected, *hidden)
    return Answer("broken", place, expected, None, f"no cache behavior is for {path}")


def _kept_for(
    graph: Graph, distribution: Resource, place: str, behavior: dict[str, Value], days: int, expected: str
) -> Answer:
    seconds, owner, at = _default_ttl(graph, distribution, place, behavior)
    same = holds(days * _DAY, seconds)
    place = f"{place}.CachePolicyId" if "CachePolicyId" in behavior else f"{place}.DefaultTTL"
    if same is None or seconds is ABSENT:
        because = "" if gaps_of(seconds) else "its cache policy was not read" if seconds is ABSENT else UNFINISHED
        return Answer.unseen(place, expected, *gaps_of(seconds), because=because)
    if same:
        return Answer("kept", place, expected, f"{seconds} seconds")
    whose = f"{owner.label} sets {seconds} seconds" if owner else f"{seconds} seconds"
    changes = (Change(owner.key, at, days * _DAY),) if owner and not owner.aws_made else ()
    return Answer("broken", place, expected, f"{seconds} seconds", whose, changes=changes)


def _default_ttl(
    graph: Graph, distribution: Resource, place: str, behavior: dict[str, Value]
) -> tuple[Value, Resource | None, str]:
    """How long an answer stays where its origin says nothing, and which resource says so; a policy that others use too
    is left to people."""
    named = behavior.get("CachePolicyId")
    if isinstance(named, Hidden):
        return named, None, ""
    if not named:
        return behavior.get("DefaultTTL", _DAY), distribution, f"{place}.DefaultTTL"
    for edge, policy in graph.heads(distribution, "applies", POLICY):
        if str(named) in edge.because:
            uses = [each for each, _ in graph.tails(policy, "applies", DISTRIBUTION)]
            return policy.at(_POLICY_TTL), policy if len(uses) == 1 else None, _POLICY_TTL
    return _MANAGED.get(str(named), ABSENT), None, ""
