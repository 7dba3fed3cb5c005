"""Buckets as ends. Everybody reaches S3 itself; what comes out of a bucket is a question of policies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from auditor.graph.access.held.resource_policies import ResourcePolicies, policies_of_resource
from auditor.graph.access.policy.callers import ANYBODY, Caller
from auditor.graph.access.policy.context import ANY, Context, clock
from auditor.graph.access.policy.documents import compiled, principals, statements
from auditor.graph.access.policy.evaluate import Decision, Held, Named, Request, evaluate
from auditor.graph.access.policy.known import of_service
from auditor.graph.access.who import restricted
from auditor.graph.boxes import EVERYWHERE, service
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import unread_links
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.walk import Walk
from auditor.model import Answer, Gap, Resource, symbolic

# What CloudFront lets its own identities do.
_EVERYTHING: tuple[Named, ...] = (
    ("CloudFront", compiled({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})),
)

_ARN = re.compile(r"arn:[\w-]+:cloudfront::\d{12}:distribution/\w+")
# CloudFront asks S3 as it was asked itself: whoever wants to may come over TLS.
_OVER_TLS = {"aws:SecureTransport": "true"}


def _read_by(bucket: Resource, caller: Caller, context: Context, owned: ResourcePolicies) -> Decision:
    """Whether somebody may get the objects of a bucket."""
    objects = f"{bucket.arn or 'arn:aws:s3:::' + bucket.id}/*"
    identity = _EVERYTHING if caller.kind == "user" else ()
    request = Request(caller, "s3:GetObject", objects, context, bucket.account)
    return evaluate(request, Held(identity, resource=owned.documents))


def opened(graph: Graph, walk: Walk, bucket: Resource) -> Walk:
    """Somebody of the Internet without credentials, before a bucket."""
    web = service("tcp", 80) | service("tcp", 443)
    words = f"{bucket.label}: S3 accepts only tcp 80 and 443"
    return permitted(graph, walk.only(web, EVERYWHERE, Stop.at(bucket, "no-listener", words)), bucket, ANYBODY)


def permitted(graph: Graph, walk: Walk, bucket: Resource, caller: Caller, by: Resource | None = None) -> Walk:
    """The walk goes on where the policy of the bucket lets the caller get some object."""
    if walk.over:
        return walk
    owned = policies_of_resource(graph, bucket)
    context = ANY.knowing(clock())
    if caller.kind == "service" and by is not None:
        context = of_service(caller.arn, by.account).knowing({"aws:SourceArn": by.arn})
    found = _read_by(bucket, caller, context, owned)
    who = by.label if by else "everyone"
    shut = restricted(graph, owned) if caller.kind == "anybody" else ""
    gaps = owned.gaps + unread_links(graph, w.BUCKET_POLICY, "attached-to")
    if found.effect == "allow" and not shut:
        edges = (edge for edge, _ in graph.tails(bucket, "attached-to", w.BUCKET_POLICY))
        return walk.along(*edges).by(f"bucket {bucket.label}, {found.because}")
    stop = Stop.at(bucket, "not-permitted", f"{bucket.label} does not allow {who} to read: {shut or found.because}")
    if not shut and found.effect == "depends":
        return walk.blur(stop, gaps)
    if found.effect == "deny" or shut:
        return walk.end(stop)
    if gaps or _by_another_name(owned.raw) or (caller.kind == "anybody" and not _without_acls(bucket)):
        return walk.blur(stop, gaps)
    return walk.end(stop)


def refused(graph: Graph, distribution: Resource, bucket: Resource, signer: Caller) -> Answer | None:
    """That the policy of a bucket does not let a distribution read which signs its requests; None where it does.

    In code a policy that refers to the distribution, or to what it signs with, means it; any other one leaves it open.
    Where no policy and no list is attached at all there is nothing whose names could turn out to mean it.
    """
    owned = policies_of_resource(graph, bucket)
    if signer.kind == "service":
        context = of_service(signer.arn, distribution.account)
        names = dict.fromkeys((distribution.arn, *distribution.spoken, *_by_id(distribution, owned)))
        asked = [(signer, context.knowing({"aws:SourceArn": name, **_OVER_TLS})) for name in names]
    else:
        names = dict.fromkeys((signer.arn, *_called(graph, signer)))
        asked = [(replace(signer, arn=name), ANY.knowing({**clock(), **_OVER_TLS})) for name in names]
    decisions = [_read_by(bucket, caller, context, owned) for caller, context in asked]
    if any(each.effect == "allow" for each in decisions):
        return None
    policies = graph.tails(bucket, "attached-to", w.BUCKET_POLICY)
    proof = tuple(edge for edge, _ in policies)
    gaps = (*owned.gaps, *unread_links(graph, w.BUCKET_POLICY, "attached-to"))
    because = f"{bucket.label} does not let {distribution.label} read: {decisions[0].because}"
    if gaps:
        return Answer.unseen("", None, *gaps, evidence=proof)
    if elsewhere := () if owned.raw else _of_a_bucket_elsewhere(graph, bucket):
        return Answer.unseen("", None, *elsewhere, evidence=proof)
    texts = (distribution.arn, *distribution.spoken, *map(str, owned.raw))
    if owned.raw and any(symbolic.symbolic(text) for text in texts):
        written = json.dumps(owned.raw, default=str)
        signing = [each for _, each in graph.heads(distribution, "signs-with")]
        if symbolic.refers(written, [name for each in (distribution, *signing) for name in _written(each)]):
            return None
        return Answer("unknown", because=because, evidence=proof)
    if any(each.effect == "depends" for each in decisions) or _by_another_name(owned.raw):
        return Answer("unknown", because=because, evidence=proof)
    return Answer("broken", because=because, evidence=proof)


def _of_a_bucket_elsewhere(graph: Graph, bucket: Resource) -> tuple[Gap, ...]:
    """Policies in code for a bucket that this code does not make, which may be called like this one once it exists."""
    name = bucket.at("BucketName")
    named = name if isinstance(name, str) and not symbolic.symbolic(name) else ""
    return tuple(
        gap
        for policy in graph.of_type(w.BUCKET_POLICY)
        for loose in graph.dangling(policy, "attached-to")
        if not named or symbolic.same(named, loose.value) is not False
        for gap in graph.outside(policy, "attached-to")
    )


def _by_id(distribution: Resource, owned: ResourcePolicies) -> Iterator[str]:
    """ARNs in a policy with the id of a distribution: a plan of what exists knows its id, and not its account."""
    for text in _ARN.findall(json.dumps(owned.raw, default=str)):
        if text.rpartition("/")[2] in (distribution.id, *distribution.names):
            yield text


def _written(resource: Resource) -> Iterator[str]:
    """How code may write it in a policy: also where a plan of what exists knows its ARN, the policy may be code's."""
    yield from resource.spoken
    yield from (name for name in resource.names if name.startswith("${"))


def _called(graph: Graph, signer: Caller) -> list[str]:
    """What else an origin access identity is called in policies: by its canonical user id."""
    own = signer.arn.rpartition(" ")[2]
    return [name for each in graph.of_type(w.IDENTITY) if each.id == own for name in each.spoken]


def _by_another_name(documents: tuple[Any, ...]) -> bool:
    """Whether a policy names an account by its canonical user id, which no other property can be compared with."""
    return any(kind == "CanonicalUser" for each in documents for one in statements(each) for kind, _ in principals(one))


def _without_acls(bucket: Resource) -> bool:
    """Whether access control lists cannot open single objects to the world."""
    rules = bucket.known("OwnershipControls.Rules", ())
    if any(each.get("ObjectOwnership") == "BucketOwnerEnforced" for each in rules):
        return True
    return bool(bucket.known("PublicAccessBlockConfiguration.IgnorePublicAcls"))
