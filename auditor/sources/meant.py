"""References of code as the ids that a live answer would hold, so that every question about edges asks one form.

`${ADDRESS.ATTRIBUTE}` in a property that the type declares as an edge becomes the id of the resource it leads to, for
the graph compares groups, networks and gateways by their ids. An ARN stays the text by which code speaks of it:
policies hold the same text (`Resource.spoken`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from auditor import paths
from auditor.model import EdgeTo, Json, Resource, ResourceType
from auditor.resources.ec2._rules import acl_entries
from auditor.resources.schema import schema

SUBNET, VPC = "AWS::EC2::Subnet", "AWS::EC2::VPC"
_LAST = 32767
_ARN = re.compile(r"\.\w*arn\}$", re.IGNORECASE)


def settle_references(resources: Iterable[Resource], types: Mapping[str, ResourceType]) -> None:
    """Put ids where edges start."""
    every = list(resources)
    spoken: dict[str, list[Resource]] = {}
    for each in every:
        for text in each.names:
            if text.startswith("${"):
                spoken.setdefault(text, []).append(each)
    for each in every:
        for row in types[each.type].edges:
            head, *rest = (part for part in row.via.replace("[]", ".[]").split(".") if part)
            if head in each.properties:
                each.properties[head] = _put(each.properties[head], rest, row, spoken)
    _networks(every, types)
    blocks = {each.id: each.properties.get("CidrBlock") for each in every if each.type == VPC}
    for each in every:
        _implied(each, blocks)


def _implied(each: Resource, blocks: Mapping[str, Json]) -> None:
    """What AWS adds to what code says, and always in the same way."""
    if each.type == "AWS::Route53::HostedZone" and not paths.hidden(each.unknown, "VPCs"):
        each.unknown.pop("PrivateZone", None)
        each.properties.setdefault("PrivateZone", bool(each.properties.get("VPCs")))
    if each.type == "AWS::KMS::Key":  # the keys of AWS come by themselves
        state = "Disabled" if each.properties.get("Enabled") is False else "Enabled"
        for name, value in (("KeyManager", "CUSTOMER"), ("KeyState", state)):
            if name in each.unknown and not (name == "KeyState" and "Enabled" in each.unknown):
                del each.unknown[name]
                each.properties[name] = value
        if each.properties.get("EnableKeyRotation") is True and "RotationPeriodInDays" not in each.unknown:
            each.properties.setdefault("RotationPeriodInDays", 365)  # a year, where nobody says another period
    if each.type == "AWS::EC2::NetworkAcl" and "Entries" not in each.unknown:
        _closed(each)
    if each.type == "AWS::EC2::RouteTable" and "Routes" not in each.unknown:
        _local(each, blocks.get(str(each.properties.get("VpcId"))))


def _local(table: Resource, cidr: Json) -> None:
    """The route inside the network that every table is made with."""
    routes = table.properties.get("Routes", [])
    if isinstance(cidr, str) and "${" not in cidr and not any(each.get("GatewayId") == "local" for each in routes):
        inside = {"DestinationCidrBlock": cidr, "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}
        table.properties["Routes"] = [*routes, inside]


def _closed(acl: Resource) -> None:
    """The denial that ends the list of either direction, which nobody can take away."""
    entries = [each for each in acl.properties.get("Entries", []) if each.get("RuleNumber") != _LAST]
    if not all(isinstance(each.get("RuleNumber"), int) for each in entries):
        return
    rest = {"CidrBlock": "0.0.0.0/0", "Protocol": -1, "RuleAction": "deny", "RuleNumber": _LAST}
    acl.properties["Entries"] = acl_entries([*entries, *({**rest, "Egress": out} for out in (False, True))])


def _networks(resources: list[Resource], types: Mapping[str, ResourceType]) -> None:
    """What stands in subnets stands in their network, which code says of the subnets only."""
    networks = {each.id: each.properties.get("VpcId") for each in resources if each.type == SUBNET}
    for each in resources:
        vias = [row.via for row in types[each.type].edges if row.relation == "placed-in" and SUBNET in row.to]
        if "VpcId" not in each.unknown or any(paths.hidden(each.unknown, via) for via in vias):
            continue
        stands = {networks.get(text) for via in vias for _, text in paths.find(each.properties, via) if _text(text)}
        if len(stands) == 1 and None not in stands:
            del each.unknown["VpcId"]
            each.properties["VpcId"] = stands.pop()


def _text(value: Json) -> bool:
    return isinstance(value, str)


def _put(value: Json, path: list[str], row: EdgeTo, spoken: Mapping[str, list[Resource]]) -> Json:
    """The value with the references at `path` replaced; everything else is the same object."""
    if isinstance(value, str):
        return value if path else _id(value, row, spoken)
    if isinstance(value, list):
        rest = path[1:] if path and path[0] == "[]" else path
        return [_put(each, rest, row, spoken) for each in value]
    if isinstance(value, dict) and path and path[0] in value:
        return {**value, path[0]: _put(value[path[0]], path[1:], row, spoken)}
    return value


def _id(text: str, row: EdgeTo, spoken: Mapping[str, list[Resource]]) -> str:
    found = [each for each in spoken.get(text, ()) if each.type in row.to]
    if len(found) != 1 or row.take or _ARN.search(text) or _known_by_arn(found[0]):
        return text
    return found[0].id


def _known_by_arn(resource: Resource) -> bool:
    """Whether AWS itself refers to it by its ARN, so that even a plain reference is one."""
    identifier = schema(resource.type).identifier
    return resource.type == "AWS::SecretsManager::Secret" or (len(identifier) == 1 and identifier[0].endswith("Arn"))
