"""Buckets as ends. Everybody reaches S3 itself; what comes out of a bucket is a question of policies."""

from __future__ import annotations

from typing import Any

from auditor.graph.access.held.resource_policies import policies_of_resource
from auditor.graph.access.policy.callers import ANYBODY, Caller
from auditor.graph.access.policy.context import ANY, clock
from auditor.graph.access.policy.documents import compiled, principals, statements
from auditor.graph.access.policy.evaluate import Held, Named, Request, evaluate
from auditor.graph.access.policy.known import of_service
from auditor.graph.access.who import restricted
from auditor.graph.boxes import EVERYWHERE, service
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import unread_links
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.walk import Walk
from auditor.model import Resource

# What CloudFront lets its own identities do.
_EVERYTHING: tuple[Named, ...] = (
    ("CloudFront", compiled({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})),
)


def opened(graph: Graph, walk: Walk, bucket: Resource) -> Walk:
    """Somebody of the Internet without credentials, before a bucket."""
    web = service("tcp", 80) | service("tcp", 443)
    words = f"{bucket.label}: S3 accepts only tcp 80 and 443"
    return permitted(graph, walk.only(web, EVERYWHERE, Stop.at(bucket, "no-listener", words)), bucket, ANYBODY)


def permitted(graph: Graph, walk: Walk, bucket: Resource, caller: Caller, by: Resource | None = None) -> Walk:
    """The walk goes on where the policy of the bucket lets the caller get some object."""
    if walk.over:
        return walk
    objects = f"{bucket.arn or 'arn:aws:s3:::' + bucket.id}/*"
    owned = policies_of_resource(graph, bucket)
    context = ANY.knowing(clock())
    if caller.kind == "service" and by is not None:
        context = of_service(caller.arn, by.account).knowing({"aws:SourceArn": by.arn})
    identity = _EVERYTHING if caller.kind == "user" else ()
    request = Request(caller, "s3:GetObject", objects, context, bucket.account)
    found = evaluate(request, Held(identity, resource=owned.documents))
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


def _by_another_name(documents: tuple[Any, ...]) -> bool:
    """Whether a policy names an account by its canonical user id, which no other property can be compared with."""
    return any(kind == "CanonicalUser" for each in documents for one in statements(each) for kind, _ in principals(one))


def _without_acls(bucket: Resource) -> bool:
    """Whether access control lists cannot open single objects to the world."""
    rules = bucket.known("OwnershipControls.Rules", ())
    if any(each.get("ObjectOwnership") == "BucketOwnerEnforced" for each in rules):
        return True
    return bool(bucket.known("PublicAccessBlockConfiguration.IgnorePublicAcls"))
