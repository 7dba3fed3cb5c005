"""Questions about edges: whether there is a resource at the other end, and whether it is as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.checks.kleene import every
from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import RELATIONS, Answer, Change, Edge, Gap, Hidden, Json, Resource, Value, paths

DISTRIBUTION, BUCKET = "AWS::CloudFront::Distribution", "AWS::S3::Bucket"
CONTROL = "AWS::CloudFront::OriginAccessControl"
_SIGNING = {DISTRIBUTION: ("DistributionConfig",), BUCKET: ("BucketName",), CONTROL: ("OriginAccessControlConfig",)}
LOGS = "AWS::Logs::LogGroup"


@predicate("has-head", needs={})
def has_head(
    graph: Graph,
    resource: Resource,
    relation: str,
    type: str | list[str],
    where: Mapping[str, Json] | None = None,
) -> Answer:
    """The resource has this relation to a resource of this type that meets the conditions of `where`."""
    types = (type,) if isinstance(type, str) else tuple(type)
    words = f"{RELATIONS.get(relation, relation)} {_nouns(types)}"
    found = graph.heads(resource, relation, *types)
    return _edge_answer(relation, words, where, found, graph.blind(resource, relation, types))


@predicate("has-tail", needs={})
def has_tail(
    graph: Graph,
    resource: Resource,
    relation: str,
    type: str | list[str],
    where: Mapping[str, Json] | None = None,
) -> Answer:
    """A resource of this type that meets the conditions of `where` has this relation to the resource."""
    types = (type,) if isinstance(type, str) else tuple(type)
    words = f"{_nouns(types)} that {RELATIONS.get(relation, relation)} it"
    found = graph.tails(resource, relation, *types)
    return _edge_answer(relation, words, where, found, graph.blind_tails(relation, types))


def _nouns(types: tuple[str, ...]) -> str:
    return " or ".join(cfn.split("::")[-1] for cfn in types)


def _edge_answer(
    relation: str, words: str, where: Mapping[str, Json] | None,
    found: list[tuple[Edge, Resource]], gaps: tuple[Gap, ...],
) -> Answer:  # fmt: skip
    expected: Json = {words: dict(where)} if where else words
    answers = [(edge, head, every(_meets(head, where or {}))) for edge, head in found]
    for edge, head, answer in answers:
        if answer is True:
            return Answer("kept", relation, expected, head.label, evidence=(edge,))
    doubtful = [head for _, head, answer in answers if answer is None]
    hidden = (*gaps, *(gap for head in doubtful for path in where or {} if (gap := head.gap(path))))
    proof = tuple(edge for edge, _, _ in answers)
    if hidden or doubtful:
        return Answer.unseen(relation, expected, *hidden, because="" if hidden else UNFINISHED, evidence=proof)
    actual = [head.label for _, head, _ in answers] or None
    because = "none of them meets the conditions" if answers else "none was found"
    return Answer("broken", relation, expected, actual, because, proof)


def _meets(resource: Resource, where: Mapping[str, Json]) -> Iterator[bool | None]:
    for path, wanted in where.items():
        yield holds(wanted, resource.at(path))


@predicate("origins-signed", needs=_SIGNING, on=(DISTRIBUTION,))
def origins_signed(graph: Graph, distribution: Resource, oai: bool = False) -> Iterator[Answer]:
    """Every S3 origin (not a website endpoint) is read with an origin access control; `oai: true` also accepts the
    older origin access identity."""
    for place, origin in distribution.each(_ORIGINS):
        answer = _signed(graph, distribution, place, origin, oai)
        if answer:
            yield answer


_ORIGINS = "DistributionConfig.Origins[]"
_SIGNED = "an origin access control"


def _signed(graph: Graph, distribution: Resource, place: str, origin: Value, oai: bool) -> Answer | None:
    """The answer for one origin; None for one that cannot be signed for."""
    marked = origin.marked if isinstance(origin, Hidden) else origin
    if not isinstance(marked, dict):
        return Answer.unseen(place.removesuffix("[]"), _SIGNED, *gaps_of(origin)) if gaps_of(origin) else None
    named, place = marked.get("DomainName", ""), f"{place}.OriginAccessControlId"
    bucket = None if isinstance(named, Hidden) else _reads_bucket(graph, distribution, str(named))
    if bucket is False:
        return None
    control, identity = marked.get("OriginAccessControlId"), paths.get(marked, "S3OriginConfig.OriginAccessIdentity")
    signs = [control, identity] if oai else [control]
    read = [each for each in signs if each and not isinstance(each, Hidden)]
    silent = _unsigning(graph, distribution, control)
    if isinstance(silent, Gap):
        return Answer.unseen(place, _SIGNED, silent)
    if silent:
        because = f"{silent.label} is set never to sign requests"
        return Answer("broken", place, _SIGNED, f"{silent.label}, which never signs", because)
    if read and bucket:
        return Answer("kept", place, _SIGNED, read[0])
    if read:
        return None  # signed, whatever stands behind it
    if bucket is None or gaps_of(*signs):
        return Answer.unseen(place, _SIGNED, *gaps_of(named, *signs))
    legacy = identity and not isinstance(identity, Hidden)
    actual = f"origin access identity {identity}" if legacy else "unsigned requests"
    because = f"CloudFront does not sign its requests to {named}"
    proof = _origin_edges(graph, distribution, str(named))
    return Answer("broken", place, _SIGNED, actual, because, proof, _sign_again(graph, distribution, place))


def _unsigning(graph: Graph, distribution: Resource, control: Value) -> Resource | Gap | None:
    """The access control where it is one that signs nothing; a gap where that was not read."""
    for edge, head in graph.heads(distribution, "signs-with", CONTROL) if isinstance(control, str) else ():
        if control in edge.because:
            behavior = head.at("OriginAccessControlConfig.SigningBehavior")
            return behavior.gap if isinstance(behavior, Hidden) else head if behavior == "never" else None
    return None


def _reads_bucket(graph: Graph, distribution: Resource, domain: str) -> bool:
    """S3's REST endpoints can be signed for; website endpoints are ordinary web servers. In code a bucket's host may
    be a reference; one to its website is no REST endpoint either."""
    if ".s3." in domain or (".s3-" in domain and ".s3-website" not in domain):
        return True
    rest = domain.startswith("${") and "website" not in domain.lower()
    return rest and bool(_origin_edges(graph, distribution, domain))


def _origin_edges(graph: Graph, distribution: Resource, domain: str) -> tuple[Edge, ...]:
    return tuple(edge for edge, _ in graph.heads(distribution, "draws-from", BUCKET) if domain in edge.because)


def _sign_again(graph: Graph, distribution: Resource, place: str) -> tuple[Change, ...]:
    """The one S3 access control that no distribution uses any more, if there is exactly one: otherwise a person has to
    choose."""
    kind = "OriginAccessControlConfig.OriginAccessControlOriginType"
    controls = [each for each in graph.of_type(CONTROL) if each.at(kind) == "s3"]
    idle = [each for each in controls if not graph.tails(each, "signs-with")]
    chosen = idle if len(idle) == 1 else controls if len(controls) == 1 else []
    return tuple(Change(distribution.key, place, each.id) for each in chosen)
