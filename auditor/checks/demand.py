"""What a run has to read: derived from its rules and baselines, so that nothing else is asked of AWS.

An edge is read when both its ends are wanted. Asking for too little cannot give a wrong verdict (a type that was not
asked for is a gap, hence unknown), so the tests hold the demand against verdicts and not against itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.checks.ask import is_predicate
from auditor.checks.predicates import registry
from auditor.checks.reading import reading_needs
from auditor.checks.schema import Baseline, Link, Rule
from auditor.graph.access.held.acting import acting_needs
from auditor.graph.access.held.resource_policies import policy_places
from auditor.graph.network import NETWORK_NEEDS, SUBNETS
from auditor.graph.stacks import STACK, STACK_NAME
from auditor.model import Demand, Json, ResourceType, merge
from auditor.model.paths import segments

Wanted = dict[str, set[str]]
ACCESS: Mapping[str, tuple[str, ...]] = {
    "AWS::IAM::Role": ("Policies", "ManagedPolicyArns", "PermissionsBoundary"),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
}
FLOW: Mapping[str, tuple[str, ...]] = {**NETWORK_NEEDS, **dict.fromkeys(SUBNETS, ("SubnetIds",))}
# Whom a bucket's policy may name so that a distribution reads.
_IDENTITIES = {"AWS::CloudFront::CloudFrontOriginAccessIdentity": ("S3CanonicalUserId",)}

# What says where a thing stands, and is none of the types that every flow reads.
_CLUSTER = {"AWS::EKS::Cluster": ("ResourcesVpcConfig", "ClusterSecurityGroupId", "Status")}
PLACED_BY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AWS::EKS::Nodegroup": {**_CLUSTER, "AWS::EC2::LaunchTemplate": ("LaunchTemplateData",)},
    "AWS::EKS::Cluster": {
        **_CLUSTER,
        "AWS::EC2::EIP": ("PublicIp", "NetworkInterfaceId"),
        "AWS::EC2::NatGateway": ("SubnetId", "PublicIps", "ConnectivityType"),
        "AWS::EC2::Instance": ("PublicIp", "Ipv6Addresses", "SourceDestCheck"),
    },
}


def of_rules(rules: Iterable[Rule], types: Mapping[str, ResourceType]) -> Demand:
    """The types that rules are about, with the properties and edges they look at."""
    wanted: Wanted = {}
    for rule in rules:
        for entry in (*rule.where, *rule.require):
            _requirement(wanted, rule.on, entry)
    return _closed(wanted, types)


def of_baseline(baseline: Baseline, types: Mapping[str, ResourceType]) -> Demand:
    """The roles, what their promises look at, what lies between them, and the workloads that could be undeclared."""
    wanted: Wanted = {}
    for role in baseline.roles.values():
        for entry in (*role.find, *(each.requirement for each in role.require)):
            _requirement(wanted, role.types, entry)
        _add(wanted, dict.fromkeys(role.types, ("Tags",) if role.hints.tags or baseline.apart else ()))
    for link in baseline.links:
        _link(wanted, baseline, link, types)
    for absent in baseline.absent:
        _add(wanted, {absent.type: ()})
        for entry in absent.where:
            _requirement(wanted, (absent.type,), entry)
    _add(wanted, {cfn: () for cfn, described in types.items() if described.workload})
    _add(wanted, FLOW)
    _add(wanted, reading_needs(cfn for role in baseline.roles.values() for cfn in role.types))
    _add(wanted, acting_needs(cfn for role in baseline.roles.values() for cfn in role.types))
    if any(STACK_NAME in role.hints.tags for role in baseline.roles.values()):  # the document names its stacks
        _add(wanted, {STACK: ("StackStatus", "StackDriftStatus")})
    return _closed(wanted, types)


def everything(types: Mapping[str, ResourceType]) -> Demand:
    """All types and properties: what `auditor scan` saves."""
    return dict.fromkeys(types)


def _add(wanted: Wanted, more: Mapping[str, Iterable[str]]) -> None:
    for cfn, props in more.items():
        wanted.setdefault(cfn, set()).update(props)


def of_tags(baselines: Iterable[Baseline], types: Mapping[str, ResourceType]) -> Demand:
    """The tags of everything that could play a role, which a scope by tags asks for."""
    return {
        cfn: frozenset({"Tags"})
        for baseline in baselines
        for role in baseline.roles.values()
        for cfn in role.types
        if cfn in types
    }


def _requirement(wanted: Wanted, on: Iterable[str], entry: Mapping[str, Json]) -> None:
    for name, value in entry.items():
        if not is_predicate(name):
            _add(wanted, {cfn: (_top(name),) for cfn in on})
            continue
        _add(wanted, {**dict.fromkeys(on, ()), **registry()[name].needs})
        if isinstance(value, Mapping):
            _arguments(wanted, on, value)


def _arguments(wanted: Wanted, on: Iterable[str], value: Mapping[str, Json]) -> None:
    """Arguments that name a type, or a property of the resource itself, are read too."""
    named = value.get("type", ())
    heads = (named,) if isinstance(named, str) else tuple(named)
    conditions = value.get("where") or {}
    _add(wanted, {cfn: tuple(_top(path) for path in conditions) for cfn in heads})
    for argument in value.values():
        if isinstance(argument, str) and argument[:1].isupper() and "::" not in argument:
            _add(wanted, {cfn: (_top(argument),) for cfn in on})


def _top(path: str) -> str:
    return segments(path)[0][1]


def _link(wanted: Wanted, baseline: Baseline, link: Link, types: Mapping[str, ResourceType]) -> None:
    tails, heads = baseline.roles[link.tail].types, baseline.roles[link.head].types
    if link.relation == "draws-from":
        _add(wanted, {**policy_places(heads), **_IDENTITIES})
    if link.action:
        _add(wanted, ACCESS)
        _add(wanted, policy_places(heads))
        _add(wanted, acting_needs(tails))
    if link.flow:
        for cfn in (*tails, *heads):
            _add(wanted, PLACED_BY.get(cfn, {}))
    if link.via:
        _add(wanted, dict.fromkeys((*between(baseline, link, types), *tails, *heads), ()))


def between(baseline: Baseline, link: Link, types: Mapping[str, ResourceType]) -> list[str]:
    """The types that can stand on the way of an arrow which is not wired directly."""
    tails, heads = set(baseline.roles[link.tail].types), set(baseline.roles[link.head].types)
    allowed = {link.relation, *link.via}
    return [cfn for cfn in types if _joins(types, cfn, allowed, tails) and _joins(types, cfn, allowed, heads)]


def _joins(types: Mapping[str, ResourceType], cfn: str, allowed: set[str], ends: set[str]) -> bool:
    """Whether an edge of an allowed relation can join the type to one of the ends, in either direction."""
    outward = any(row.relation in allowed and ends & set(row.to) for row in types[cfn].edges)
    inward = any(row.relation in allowed and cfn in row.to for end in ends if end in types for row in types[end].edges)
    return outward or inward


def _closed(wanted: Wanted, types: Mapping[str, ResourceType]) -> Demand:
    """Add the properties that carry the edges between wanted types; types that nobody described are left to the
    graph's gaps."""
    known = {cfn: props for cfn, props in wanted.items() if cfn in types}
    for cfn, props in known.items():
        props.update(_top(row.via) for row in types[cfn].edges if any(head in known for head in row.to))
    return merge({cfn: frozenset(props) for cfn, props in known.items()})
