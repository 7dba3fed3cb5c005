"""Questions about edges: whether something stands at the far end, and whether it is as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.checks.match import every, holds
from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import Answer, Change, Edge, Gap, Hidden, Json, Resource

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
    """An edge of this relation leads from the resource to one of this type that meets the conditions."""
    types = (type,) if isinstance(type, str) else tuple(type)
    found = graph.heads(resource, relation, *types)
    return _edge_answer(relation, types, where, found, graph.blind(resource, relation, types))


@predicate("has-tail", needs={})
def has_tail(
    graph: Graph,
    resource: Resource,
    relation: str,
    type: str | list[str],
    where: Mapping[str, Json] | None = None,
) -> Answer:
    """An edge of this relation leads to the resource from one of this type that meets the conditions."""
    types = (type,) if isinstance(type, str) else tuple(type)
    found = graph.tails(resource, relation, *types)
    return _edge_answer(relation, types, where, found, graph.blind_tails(relation, types))


def _edge_answer(
    relation: str, types: tuple[str, ...], where: Mapping[str, Json] | None,
    found: list[tuple[Edge, Resource]], gaps: tuple[Gap, ...],
) -> Answer:  # fmt: skip
    nouns = " or ".join(cfn.split("::")[-1] for cfn in types)
    expected: Json = {f"{relation} {nouns}": dict(where)} if where else f"{relation} {nouns}"
    answers = [(edge, head, every(_meets(head, where or {}))) for edge, head in found]
    for edge, head, answer in answers:
        if answer is True:
            return Answer("kept", relation, expected, head.label, evidence=(edge,))
    hidden = gaps + tuple(gap for _, head, answer in answers if answer is None for gap in head.unknown.values())
    proof = tuple(edge for edge, _, _ in answers)
    if hidden:
        return Answer("unknown", relation, expected, None, hidden[0].message, proof, gaps=tuple(dict.fromkeys(hidden)))
    actual = [head.label for _, head, _ in answers] or None
    because = "none of them meets the conditions" if answers else "there is no such edge"
    return Answer("broken", relation, expected, actual, because, proof)


def _meets(resource: Resource, where: Mapping[str, Json]) -> Iterator[bool | None]:
    for path, wanted in where.items():
        yield holds(wanted, resource.at(path))


@predicate("origins-signed", needs=_SIGNING, on=(DISTRIBUTION,))
def origins_signed(graph: Graph, distribution: Resource, oai: bool = False) -> Iterator[Answer]:
    """Every S3 origin (not a website endpoint) is read with an origin access control; `oai: true` also admits the
    older identity."""
    origins = distribution.at("DistributionConfig.Origins")
    expected = "an origin access control"
    if isinstance(origins, Hidden):
        yield Answer("unknown", "DistributionConfig.Origins", expected, None, origins.gap.message, gaps=(origins.gap,))
        return
    for origin in origins if isinstance(origins, list) else []:
        place = f"DistributionConfig.Origins[Id={origin.get('Id')}].OriginAccessControlId"
        if not _is_bucket(origin) and not _refers_to_bucket(graph, distribution, origin):
            continue
        control = origin.get("OriginAccessControlId")
        identity = (origin.get("S3OriginConfig") or {}).get("OriginAccessIdentity")
        if control or (oai and identity):
            yield Answer("kept", place, expected, control or identity)
        else:
            actual = f"origin access identity {identity}" if identity else "unsigned requests"
            because = f"CloudFront asks {origin.get('DomainName')} for objects without signing"
            yield Answer(
                "broken",
                place,
                expected,
                actual,
                because,
                _origin_edges(graph, distribution, origin),
                _sign_again(graph, distribution, place),
            )


def _is_bucket(origin: Mapping[str, Any]) -> bool:
    """S3's REST endpoints can be signed for; website endpoints are ordinary web servers."""
    domain = str(origin.get("DomainName", ""))
    return ".s3." in domain or (".s3-" in domain and ".s3-website" not in domain)


def _refers_to_bucket(graph: Graph, distribution: Resource, origin: Mapping[str, Any]) -> bool:
    """In code a bucket's host may be a reference; one to its website is no REST endpoint either."""
    domain = str(origin.get("DomainName", ""))
    rest = domain.startswith("${") and "website" not in domain.lower()
    return rest and bool(_origin_edges(graph, distribution, origin))


def _origin_edges(graph: Graph, distribution: Resource, origin: Mapping[str, Any]) -> tuple[Edge, ...]:
    domain = str(origin.get("DomainName", ""))
    return tuple(edge for edge, _ in graph.heads(distribution, "draws-from", BUCKET) if domain in edge.because)


def _sign_again(graph: Graph, distribution: Resource, place: str) -> tuple[Change, ...]:
    """The one S3 access control that nobody uses any more, if there is exactly one: otherwise a person has to
    choose."""
    controls = [
        each
        for each in graph.of_type(CONTROL)
        if (each.properties.get("OriginAccessControlConfig") or {}).get("OriginAccessControlOriginType") == "s3"
    ]
    idle = [each for each in controls if not graph.tails(each, "signs-with")]
    chosen = idle if len(idle) == 1 else controls if len(controls) == 1 else []
    return tuple(Change(distribution.key, place, each.id) for each in chosen)
