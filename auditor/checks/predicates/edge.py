"""Questions about the edge of a system: which path leads where, who else reads a bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.checks.equality import unfinished
from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.checks.predicates.identity import without
from auditor.graph.access import Statement, covers, principals
from auditor.graph.access.held.entries import certain, entries
from auditor.graph.access.held.public import pinned
from auditor.graph.access.held.resource_policies import policy_places
from auditor.graph.build import Graph
from auditor.graph.network import drawn_by, unread_by
from auditor.model import Answer, Hidden, Resource

DISTRIBUTION, BUCKET, POLICY = "AWS::CloudFront::Distribution", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"
RECORD, PRIVATE = "AWS::Route53::RecordSet", "AWS::CloudFront::VpcOrigin"
IDENTITY = "AWS::CloudFront::CloudFrontOriginAccessIdentity"
_CONFIG = "DistributionConfig"
_EVERYTHING = ("*", "/*")


@predicate(
    "path-leads-to",
    needs={DISTRIBUTION: (_CONFIG,), RECORD: ("Name", "Type", "AliasTarget", "ResourceRecords"),
           PRIVATE: ("VpcOriginEndpointConfig",), BUCKET: ("BucketName",),
           "AWS::ElasticLoadBalancingV2::LoadBalancer": ("DNSName",)},
    on=(DISTRIBUTION,),
)  # fmt: skip
def path_leads_to(graph: Graph, distribution: Resource, path: str, type: str) -> Answer:
    """Requests for this path pattern go to an origin of this type, be it by a name of one's own or a private origin.
    `/*` is what no other behavior takes."""
    place, expected = f"{_CONFIG}.CacheBehaviors", f"{path} leads to {type.split('::')[-1]}"
    config = distribution.at(_CONFIG)
    said = config.marked if isinstance(config, Hidden) else config
    if not isinstance(said, Mapping):
        return Answer.unseen(place, expected, *gaps_of(config))
    origin, certain_so = _origin_of(said, path)
    if not certain_so and not gaps_of(config):
        return Answer.unseen(place, expected, because=UNFINISHED)
    if not certain_so or isinstance(origin, Hidden) or (origin is None and gaps_of(config)):
        return Answer.unseen(place, expected, *gaps_of(config))
    if origin is None:
        return Answer("broken", place, expected, None, f"{distribution.label} has no behavior for {path}")
    found = [(edge, end) for name in _members(said, origin) for edge, end in drawn_by(graph, distribution, name)]
    for edge, end in found:
        if type in {end.type, *(each.type for each in _beyond(graph, end))}:
            return Answer("kept", place, expected, end.label, evidence=(edge,))
    gaps = (*gaps_of(config), *graph.gaps_for(type))
    if gaps:
        return Answer.unseen(place, expected, *gaps)
    actual = ", ".join(end.label for _, end in found) or origin
    proof = tuple(edge for edge, _ in found)
    return Answer("broken", place, expected, actual, f"{path} of {distribution.label} leads to {actual}", proof)


def _origin_of(config: Mapping[str, Any], path: str) -> tuple[Any, bool]:
    """The id of the origin or group that takes requests for a path pattern: of the first behavior that takes in all of
    it, as for CloudFront. None where no behavior has it. It is not certain where the pattern of one before it is not
    known."""
    behaviors = config.get("CacheBehaviors") or []
    wanted = "*" if path in _EVERYTHING else path.removeprefix("/")
    for each in behaviors if isinstance(behaviors, list) else []:
        pattern = each.get("PathPattern") if isinstance(each, Mapping) else None
        if isinstance(pattern, Hidden) or unfinished(pattern):
            return None, False
        if isinstance(pattern, str) and covers(pattern.removeprefix("/"), wanted):
            return each.get("TargetOriginId"), True
    return (config.get("DefaultCacheBehavior") or {}).get("TargetOriginId") if path in _EVERYTHING else None, True


def _members(config: Mapping[str, Any], name: str) -> list[str]:
    """An origin by its id, or the origins of the group that has this id."""
    for group in (config.get("OriginGroups") or {}).get("Items") or ():
        if group.get("Id") == name:
            return [str(each.get("OriginId")) for each in (group.get("Members") or {}).get("Items") or ()]
    return [name]


def _beyond(graph: Graph, end: Resource) -> Iterator[Resource]:
    """What a record or a private origin leads to."""
    for relation in ("routes-to", "draws-from") if end.type in (RECORD, PRIVATE) else ():
        yield from (head for _, head in graph.heads(end, relation))


@predicate(
    "delivered",
    needs={DISTRIBUTION: (_CONFIG,), IDENTITY: ("S3CanonicalUserId",), **policy_places((BUCKET,))},
    on=(BUCKET,),
)
def delivered(graph: Graph, bucket: Resource) -> Answer:
    """An enabled distribution draws from the bucket, and the bucket lets it read."""
    place, expected, gaps = "draws-from", "an enabled distribution that may read", []
    found = graph.tails(bucket, "draws-from", DISTRIBUTION)
    because, open_ended = "no distribution draws from it", False
    for edge, distribution in found:
        enabled, refusal = distribution.at(f"{_CONFIG}.Enabled"), unread_by(graph, distribution, bucket)
        on = holds(True, enabled)
        if on and refusal is None:
            return Answer("kept", place, expected, distribution.label, evidence=(edge,))
        gaps += [*gaps_of(enabled), *(refusal.gaps if refusal else ())]
        open_ended |= on is not False and (on is None or (refusal is not None and refusal.verdict == "unknown"))
        because = refusal.because if refusal else f"{distribution.label} is disabled"
    gaps += graph.blind_tails("draws-from", (DISTRIBUTION,))
    proof = tuple(edge for edge, _ in found)
    if gaps or open_ended:
        return Answer.unseen(place, expected, *gaps, because="" if gaps else UNFINISHED, evidence=proof)
    return Answer("broken", place, expected, [each.label for _, each in found] or None, because, proof)


@predicate(
    "only-cloudfront-reads",
    needs={BUCKET: ("BucketName",), POLICY: ("Bucket", "PolicyDocument"), IDENTITY: ("S3CanonicalUserId",)},
    on=(BUCKET,),
)
def only_cloudfront(graph: Graph, bucket: Resource) -> Iterator[Answer]:
    """The policy of the bucket lets in CloudFront alone: an origin access identity, or the service for a distribution
    that a condition names. Whoever the account's own policies let in is another question."""
    expected = "CloudFront alone"
    policies = graph.tails(bucket, "attached-to", POLICY)
    gaps = graph.blind_tails("attached-to", (POLICY,)) if not policies else ()
    if not policies:
        words = "no bucket policy"
        yield Answer.unseen("PolicyDocument", expected, *gaps) if gaps else Answer("kept", "PolicyDocument", words)
    for edge, policy in policies:
        found, unread = certain(entries(policy, "PolicyDocument.Statement"))
        others = [each for each in found if each.get("Effect") == "Allow" and not _cloudfront(graph, each)]
        if others:
            names = sorted({text for each in others for _, text in principals(each)})
            because = f"the policy of {bucket.label} also lets in {', '.join(names) or 'others'}"
            changes = () if unread else without(policy, "PolicyDocument", others)
            yield Answer("broken", "PolicyDocument", expected, names, because, (edge,), changes=changes)
        elif unread:
            yield Answer.unseen("PolicyDocument", expected, *unread, evidence=(edge,))
        else:
            yield Answer("kept", "PolicyDocument", expected, evidence=(edge,))


def _cloudfront(graph: Graph, statement: Statement) -> bool:
    named = list(principals(statement))
    return bool(named) and "NotPrincipal" not in statement and all(
        _identity(graph, text)
        # The service itself serves everybody: a condition has to name the distribution, or the account of its owner.
        or ((kind, text) == ("Service", "cloudfront.amazonaws.com") and pinned(statement, kind, text))
        for kind, text in named
    )  # fmt: skip


def _identity(graph: Graph, text: str) -> bool:
    known = any(text in each.spoken for each in graph.of_type(IDENTITY))
    return known or ":iam::cloudfront:user/CloudFront Origin Access Identity " in text
