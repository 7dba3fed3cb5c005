"""What lets traffic pass and can be taken away by itself: a route, an entry, a rule, a listener, a statement.

Only what *allows* is an element. What denies, answers by itself or leads elsewhere closes nothing when it goes.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.box_words import service_words
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.network_acls import entry_services
from auditor.graph.network.ground.route_tables import destination, target_of
from auditor.graph.network.ground.security_groups import EGRESS, INGRESS, rule_services
from auditor.model import Inventory, Resource

# What keeps data, as an end of ways; a type that is not described here yet takes part as soon as it is.
DATA = (
    "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBProxy", "AWS::S3::Bucket", "AWS::EFS::FileSystem",
    "AWS::FSx::FileSystem", "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ServerlessCache", "AWS::MemoryDB::Cluster", "AWS::Redshift::Cluster",
    "AWS::RedshiftServerless::Workgroup", "AWS::OpenSearchService::Domain", "AWS::DocDB::DBCluster",
    "AWS::Neptune::DBCluster", "AWS::DynamoDB::Table", "AWS::MSK::Cluster",
)  # fmt: skip

# From what touches least beside the way to what touches most: among equally few changes the first are taken.
KINDS = (
    "security group rule", "policy statement", "permission", "listener rule", "function URL", "method",
    "route of an API", "origin", "listener", "network ACL entry", "route",
)  # fmt: skip
_INWARD = ("GatewayId",)
_ONWARD = (
    *_INWARD, "NatGatewayId", "EgressOnlyInternetGatewayId", "TransitGatewayId", "VpcPeeringConnectionId",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that lets traffic pass. `place` is where it stands in its owner; empty: it is the owner itself."""

    owner: str
    place: str
    kind: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.owner}#{self.place}" if self.place else self.owner

    @property
    def rank(self) -> tuple[int, str, str, int]:
        """Its place in an order that prefers what touches least, and that no order of answers changes."""
        stem, _, number = self.place.rstrip("]").rpartition("[")
        return KINDS.index(self.kind), self.owner, stem, int(number or 0)


def elements_of(resources: Iterable[Resource], inward: bool = False) -> tuple[Element, ...]:
    """Every element of these resources, as far as they were read.

    `inward` asks for ways from the Internet. A route to anything but a gateway is none there: it takes addresses away
    from the gateway's, so that a way would open where it goes. Nor is a listener rule that leads to other targets.
    """
    every = list(resources)
    names = {name for each in every if each.type == w.TARGETS for name in (each.id, each.arn, *each.names)}
    found = [each for resource in every if (rows := _ROWS.get(resource.type)) for each in rows(resource)]
    for resource in every:
        if resource.type == w.TABLE:
            found += _table(resource, _INWARD if inward else _ONWARD)
        elif resource.type == w.RULE and _forwards(resource) & names:
            words = f"listener rule {resource.known('Priority', '')} ({resource.label})"
            found.append(Element(resource.key, "", "listener rule", words))
    return tuple(sorted(found, key=lambda each: each.rank))


def without(inventory: Inventory, elements: Iterable[Element]) -> Inventory:
    """A copy of the inventory in which these elements are gone."""
    gone: dict[str, list[str]] = {}
    for each in elements:
        gone.setdefault(each.owner, []).append(each.place)
    kept = (_lacking(resource, gone.get(resource.key, ())) for resource in inventory.resources)
    return replace(inventory, resources=[resource for resource in kept if resource is not None])


def _lacking(resource: Resource, places: Iterable[str]) -> Resource | None:
    wanted = list(places)
    if not wanted:
        return resource
    if "" in wanted:
        return None
    properties = copy.deepcopy(resource.properties)
    by_list: dict[str, set[int]] = {}
    for place in wanted:
        stem, _, number = place.rstrip("]").rpartition("[")
        by_list.setdefault(stem, set()).add(int(number))
    for stem, numbers in by_list.items():
        names = stem.split(".")
        holder: Any = properties
        for name in names[:-1]:
            holder = holder[name]
        holder[names[-1]] = [each for number, each in enumerate(holder[names[-1]]) if number not in numbers]
    return replace(resource, properties=properties)


# ---- the elements of each type


def _each(resource: Resource, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The items of a list with their places; none where the list was not read."""
    found = resource.known(path, ())
    for number, each in enumerate(found if isinstance(found, list | tuple) else ()):
        if isinstance(each, Mapping):
            yield f"{path}[{number}]", each


def _group(group: Resource) -> Iterator[Element]:
    for side, between in ((INGRESS, "from"), (EGRESS, "to")):
        for place, rule in _each(group, side):
            peers = ("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "DestinationSecurityGroupId", "SourcePrefixListId",
                     "DestinationPrefixListId")  # fmt: skip
            peer = next((str(rule[name]) for name in peers if rule.get(name)), "nothing")
            words = f"rule {service_words(rule_services(dict(rule)), 3)} {between} {peer} of {group.label}"
            yield Element(group.key, place, "security group rule", words)


def _acl(acl: Resource) -> Iterator[Element]:
    for place, entry in _each(acl, "Entries"):
        if entry.get("RuleAction") == "allow":
            cidr = entry.get("CidrBlock") or entry.get("Ipv6CidrBlock")
            way = f"out to {cidr}" if entry.get("Egress") else f"in from {cidr}"
            services = service_words(entry_services(dict(entry)), 3)
            words = f"entry {entry.get('RuleNumber')} ({services} {way}) of {acl.label}"
            yield Element(acl.key, place, "network ACL entry", words)


def _table(table: Resource, targets: Iterable[str]) -> Iterator[Element]:
    for place, route in _each(table, "Routes"):
        said, target = dict(route), target_of(dict(route))
        known = any(route.get(name) for name in targets)
        if known and target != "local" and not target.startswith(("vpce-", "vgw-")):
            to = destination(said) or said.get("DestinationPrefixListId")
            yield Element(table.key, place, "route", f"route {to} -> {target} of {table.label}")


def _whole(kind: str) -> Callable[[Resource], Iterator[Element]]:
    def rows(resource: Resource) -> Iterator[Element]:
        yield Element(resource.key, "", kind, f"{kind} {_called(resource)}")

    return rows


def _called(resource: Resource) -> str:
    port = resource.known("Port")
    return f"{resource.label} on port {port}" if port else resource.label


def _forwards(rule: Resource) -> set[str]:
    """The target groups that a rule forwards to."""
    out = set[str]()
    for _, action in _each(rule, "Actions"):
        several = (action.get("ForwardConfig") or {}).get("TargetGroups")
        out |= {str(each.get("TargetGroupArn")) for each in several or [action] if action.get("Type") == "forward"}
    return out


def _statements(path: str) -> Callable[[Resource], Iterator[Element]]:
    def rows(resource: Resource) -> Iterator[Element]:
        for place, statement in _each(resource, f"{path}.Statement"):
            if statement.get("Effect") == "Allow":
                name = statement.get("Sid") or place.rpartition("[")[2].rstrip("]")
                yield Element(resource.key, place, "policy statement", f"statement {name} of {resource.label}")

    return rows


def _distribution(distribution: Resource) -> Iterator[Element]:
    for place, origin in _each(distribution, "DistributionConfig.Origins"):
        words = f"origin {origin.get('Id') or origin.get('DomainName')} of {distribution.label}"
        yield Element(distribution.key, place, "origin", words)


_ROWS: Mapping[str, Callable[[Resource], Iterator[Element]]] = {
    w.GROUP: _group,
    w.ACL: _acl,
    w.LISTENER: _whole("listener"),
    w.FUNCTION_URL: _whole("function URL"),
    w.PERMISSION: _whole("permission"),
    w.METHOD: _whole("method"),
    w.ROUTE: _whole("route of an API"),
    w.DISTRIBUTION: _distribution,
    w.BUCKET_POLICY: _statements("PolicyDocument"),
    w.REST_API: _statements("Policy"),
    w.ENDPOINT: _statements("PolicyDocument"),
}
