"""Questions about networks: kinds of subnets, where traffic leaves, reach from the Internet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.graph.network import (
    FRONT_NEEDS,
    NETWORK_NEEDS,
    SUBNET,
    SUBNETS,
    from_internet,
    route_table,
    stand,
    subnet_kind,
)
from auditor.model import ABSENT, Answer, Change, Edge, Gap, Hidden, Resource, Value, Verdict

DATABASE, INTERFACE = "AWS::RDS::DBInstance", "AWS::EC2::NetworkInterface"
VIRTUAL, _STOPPED = "AWS::EC2::Instance", ("stopped", "stopping")
_DATABASE = ("Engine", "Port", "PubliclyAccessible", "AvailabilityZone", "VPCSecurityGroups", "DBSubnetGroupName")
_DEFAULT_GROUP = (ABSENT, "default")  # of database subnets: AWS makes it of the default VPC
PLACED = {**NETWORK_NEEDS, **dict.fromkeys(SUBNETS, ("SubnetIds",))}


@predicate("subnet-kind", needs=NETWORK_NEEDS, on=(SUBNET,))
def kind_of_subnet(graph: Graph, subnet: Resource, kind: str | list[str]) -> Answer:
    """The subnet is public, private or isolated by its routes, whatever its name is. `private` includes isolated:
    neither has a route to an internet gateway."""
    wanted = [kind] if isinstance(kind, str) else list(kind)
    if "private" in wanted:
        wanted.append("isolated")
    found = subnet_kind(graph, subnet)
    if not found.kind:
        return Answer.unseen("Routes", kind, *found.gaps, because=found.because, evidence=found.evidence)
    verdict: Verdict = "kept" if found.kind in wanted else "broken"
    return Answer(verdict, "Routes", kind, found.kind, found.because, found.evidence)


@predicate("egress-through", needs={**PLACED, VIRTUAL: ("State",)})
def egress(graph: Graph, resource: Resource, type: str) -> Iterator[Answer]:
    """Every subnet of the resource sends its Internet traffic through a resource of this type, or its interface. An
    instance that is stopped forwards nothing."""
    subnets = (resource,) if resource.type == SUBNET else stand(graph, resource).subnets
    where = f"egress through {type.split('::')[-1]}"
    gaps = () if resource.type == SUBNET else _hidden_places(graph, resource)
    if not subnets or gaps:
        yield _unplaced(resource, "placed-in", where, gaps or stand(graph, resource).gaps)
    for subnet in subnets:
        yield _egress(graph, subnet, type, where)


def _egress(graph: Graph, subnet: Resource, type: str, where: str) -> Answer:
    place = f"egress[{subnet.id}]"
    table, proof, gaps = route_table(graph, subnet)
    if table is None or gaps:
        return Answer.unseen(place, where, *gaps, because="its route table could not be read", evidence=proof)
    through: list[tuple[tuple[Edge, ...], Resource]]
    through = [((edge,), head) for edge, head in graph.heads(table, "routes-to", type)]
    for edge, interface in graph.heads(table, "routes-to", INTERFACE):
        through += [((edge, inner), head) for inner, head in graph.heads(interface, "attached-to", type)]
    for edges, head in through:
        if head.known("State.Name") not in _STOPPED:
            return Answer("kept", place, where, head.label, evidence=(*proof, *edges))
    for edges, head in through:
        return Answer("broken", place, where, "stopped", f"{head.label} is stopped", (*proof, *edges))
    if blind := graph.blind(table, "routes-to", (type,)):
        return Answer.unseen(place, where, *blind, evidence=proof)
    return Answer(
        "broken", place, where, "no such route", f"{table.label} has no route to a resource of this type", proof
    )


def _unplaced(resource: Resource, place: str, expected: str, gaps: tuple[Gap, ...]) -> Answer:
    if resource.type == DATABASE and resource.at("DBSubnetGroupName") in _DEFAULT_GROUP:
        because = "it names no subnet group, and AWS makes the subnets of the default VPC public"
        return Answer("broken", place, expected, "in the default VPC", because)
    if gaps:
        return Answer.unseen(place, expected, *gaps)
    return Answer("broken", place, expected, "outside any VPC", f"{resource.label} is in no subnet of a VPC")


def _hidden_places(graph: Graph, resource: Resource) -> tuple[Gap, ...]:
    """What may hide a subnet; which groups guard the resource is not asked."""
    groups = (group for _, group in graph.heads(resource, "placed-in", *SUBNETS))
    return tuple(
        dict.fromkeys(
            gap
            for each in (resource, *groups)
            for gap in (*graph.blind(each, "placed-in"), *graph.outside(each, "placed-in", SUBNET, *SUBNETS))
        )
    )


@predicate("in-private-subnets", needs=PLACED)
def in_private_subnets(graph: Graph, resource: Resource) -> Iterator[Answer]:
    """No subnet that the resource can be placed in has a route to an internet gateway."""
    where = stand(graph, resource)
    gaps = _hidden_places(graph, resource)
    if not where.subnets or gaps:
        yield _unplaced(resource, "placed-in", "only private subnets", gaps)
    for subnet in where.subnets:
        found = subnet_kind(graph, subnet)
        proof = (*where.evidence, *found.evidence)
        place = f"placed-in[{subnet.id}]"
        if not found.kind:
            yield Answer.unseen(place, "a private subnet", *found.gaps, because=found.because, evidence=proof)
        elif found.kind == "public":
            yield Answer("broken", place, "a private subnet", f"{subnet.label} is public", found.because, proof)
        else:
            yield Answer("kept", place, "a private subnet", found.kind, found.because, proof)


@predicate("not-reachable-from-internet", needs={**PLACED, **FRONT_NEEDS, DATABASE: _DATABASE})
def closed_to_internet(graph: Graph, resource: Resource, port: int | str, flag: str = "PubliclyAccessible") -> Answer:
    """No client on the Internet can open a connection: neither at a public address (that would take a public subnet, a
    network ACL and a security group that all allow it), nor through a load balancer, CloudFront or API Gateway.
    `port` is a number or the name of a property; if it is not set, the default port of the engine is used."""
    number = _port(resource, port) if isinstance(port, str) else port
    known = None if isinstance(number, Hidden) or number is ABSENT else int(number)
    answer = from_internet(graph, resource, known)
    if answer.verdict != "kept" and known is None:
        gaps = (number.gap,) if isinstance(number, Hidden) else ()
        return Answer.unseen(flag, "not reachable", *gaps, because="" if gaps else "its port is not known")
    public = resource.at(flag)
    if answer.verdict != "kept" and isinstance(public, Hidden):
        return Answer.unseen(flag, "not reachable", public.gap)
    # A thing without a public address is met over something else, and the flag would change nothing.
    changes = (Change(resource.key, flag, False),) if answer.verdict == "broken" and public is True else ()
    actual = "no public address" if answer.verdict == "kept" and public in (False, ABSENT) else answer.actual
    return replace(answer, property=flag, actual=actual, changes=changes)


# AWS's default ports of the engines of RDS, by how the engine's name begins.
_PORTS = {
    "db2": 50000,
    "mariadb": 3306,
    "mysql": 3306,
    "aurora-mysql": 3306,
    "oracle": 1521,
    "postgres": 5432,
    "sqlserver": 1433,
}


def _port(resource: Resource, place: str) -> Value:
    said = resource.at(place)
    engine = resource.at("Engine") if said is ABSENT else ABSENT
    if not isinstance(engine, str):
        return engine if isinstance(engine, Hidden) else said
    return next((number for name, number in _PORTS.items() if engine.lower().startswith(name)), ABSENT)
