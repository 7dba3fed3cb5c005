"""Rule lists of networks: AWS's nested answers on the left, flat CloudFormation elements on the right.

One canonical element is one decision (a protocol, a port range, a single source), because that is what a
report cites, a matcher judges and a remedy takes away without touching the rule beside it. Each reader lets
pass what is canonical already, so that templates and live answers meet in the same form.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from auditor.model import Json
from auditor.resources.shapes import decided

_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_PORTED = ("tcp", "udp", "icmp", "icmpv6")
_INGRESS = {"group": "SourceSecurityGroupId", "prefix": "SourcePrefixListId"}
_EGRESS = {"group": "DestinationSecurityGroupId", "prefix": "DestinationPrefixListId"}

ROUTE_ENDS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
ROUTE_TARGETS = (
    "CarrierGatewayId",
    "CoreNetworkArn",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "LocalGatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)


def ingress(value: Json) -> list[dict[str, Json]]:
    """The inbound rules of a security group, one element for each source."""
    return _elements(value, _INGRESS)


def egress(value: Json) -> list[dict[str, Json]]:
    """The outbound rules of a security group, one element for each destination."""
    return _elements(value, _EGRESS)


def _elements(value: Json, names: Mapping[str, str]) -> list[dict[str, Json]]:
    if isinstance(value, Mapping):
        owner = value.get("OwnerId")
        return [element for each in value.get("Permissions") or () for element in _spread(each, names, owner)]
    return [_tidy(each) for each in value]


def _spread(permission: Mapping[str, Json], names: Mapping[str, str], owner: Json) -> Iterator[dict[str, Json]]:
    """One IpPermission taken apart. The owner of a group is named only where it is somebody else."""
    base = {key: permission[key] for key in ("IpProtocol", "FromPort", "ToPort") if permission.get(key) is not None}
    for source in permission.get("IpRanges") or ():
        yield _tidy({**base, "CidrIp": source["CidrIp"], **_described(source)})
    for source in permission.get("Ipv6Ranges") or ():
        yield _tidy({**base, "CidrIpv6": source["CidrIpv6"], **_described(source)})
    for source in permission.get("PrefixListIds") or ():
        yield _tidy({**base, names["prefix"]: source["PrefixListId"], **_described(source)})
    for source in permission.get("UserIdGroupPairs") or ():
        foreign = names is _INGRESS and owner is not None and source.get("UserId") not in (None, owner)
        other = {"SourceSecurityGroupOwnerId": source["UserId"]} if foreign else {}
        yield _tidy({**base, names["group"]: source.get("GroupId"), **other, **_described(source)})


def _described(source: Mapping[str, Json]) -> dict[str, Json]:
    return {"Description": source["Description"]} if source.get("Description") else {}


def _tidy(element: Mapping[str, Json]) -> dict[str, Json]:
    """Equal rules become equal: `6` is tcp, protocols without ports lose them, networks lose their host bits."""
    out = {key: value for key, value in element.items() if value is not None and value != ""}
    protocol = str(out.get("IpProtocol", "-1")).lower()
    out["IpProtocol"] = _PROTOCOLS.get(protocol, protocol)
    if out["IpProtocol"] not in _PORTED:
        out.pop("FromPort", None)
        out.pop("ToPort", None)
    for port in ("FromPort", "ToPort"):
        if isinstance(out.get(port), str) and out[port].lstrip("-").isdigit():
            out[port] = int(out[port])
    for key in ("CidrIp", "CidrIpv6"):
        if key in out:
            out[key] = cidr(out[key])
    return dict(sorted(out.items()))


def cidr(text: Json) -> Json:
    """A network as AWS writes it, without host bits; what is no network (a reference) stays as it is."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return text


def permission(value: Json) -> Json:
    """The inverse: an element as the IpPermission that authorize and revoke take (a list gives a list).

    The description goes along: authorize needs it to restore a rule as it was, revoke does not compare it.
    """
    if isinstance(value, list):
        return [permission(each) for each in value]
    out = {key: value[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in value}
    note = _described(value)
    for name in ("SourceSecurityGroupId", "DestinationSecurityGroupId"):
        if name in value:
            owner = value.get("SourceSecurityGroupOwnerId")
            pair = {"GroupId": value[name], **({"UserId": owner} if owner else {}), **note}
            out["UserIdGroupPairs"] = [pair]
    for name in ("SourcePrefixListId", "DestinationPrefixListId"):
        if name in value:
            out["PrefixListIds"] = [{"PrefixListId": value[name], **note}]
    if "CidrIp" in value:
        out["IpRanges"] = [{"CidrIp": value["CidrIp"], **note}]
    if "CidrIpv6" in value:
        out["Ipv6Ranges"] = [{"CidrIpv6": value["CidrIpv6"], **note}]
    return out


def acl_entries(value: Json) -> list[dict[str, Json]]:
    """Network ACL entries in the order in which AWS tries them: inbound by number, then outbound by number.

    The closing deny (32767, and 32768 for IPv6) stays: a reader of the list sees how it ends.
    """
    entries = [_acl_entry(each) for each in value]
    return sorted(entries, key=lambda entry: (bool(entry.get("Egress")), entry.get("RuleNumber", 0)))


def _acl_entry(raw: Mapping[str, Json]) -> dict[str, Json]:
    names = (
        "CidrBlock",
        "Egress",
        "Icmp",
        "Ipv6CidrBlock",
        "PortRange",
        "Protocol",
        "RuleAction",
        "RuleNumber",
    )
    out = {name: raw[name] for name in names if raw.get(name) is not None}
    if raw.get("IcmpTypeCode"):
        out["Icmp"] = raw["IcmpTypeCode"]
    out["Egress"] = bool(raw.get("Egress"))
    for key in ("Protocol", "RuleNumber"):
        if isinstance(out.get(key), str) and out[key].lstrip("-").isdigit():
            out[key] = int(out[key])
    for key in ("CidrBlock", "Ipv6CidrBlock"):
        if key in out:
            out[key] = cidr(out[key])
    return dict(sorted(out.items()))


def acl_entry_text(value: Json) -> Json:
    """The inverse for setters: CloudFormation counts protocols as numbers, the calls take texts."""
    if isinstance(value, list):
        return [acl_entry_text(each) for each in value]
    return {**value, "Protocol": str(value.get("Protocol", -1))}


def routes(value: Json) -> list[dict[str, Json]]:
    """The routes of a table under CloudFormation's names, with AWS's State and Origin beside them.

    State because a blackhole carries nothing, Origin because propagated routes are nobody's drift. AWS reports
    endpoints as a gateway; here `VpcEndpointId` names them, as the template of a route does.
    """
    out = []
    for raw in value:
        route = {key: each for key, each in raw.items() if each is not None and key != "InstanceOwnerId"}
        if str(route.get("GatewayId", "")).startswith("vpce-"):
            route["VpcEndpointId"] = route.pop("GatewayId")
        if "InstanceId" in route and "NetworkInterfaceId" in route:
            del route["InstanceId"]  # AWS tells both and takes one; the instance follows from its interface
        out.append(dict(sorted(route.items())))
    return out


def one_rule(values: Mapping[str, Json]) -> list[dict[str, Json]]:
    """A rule that code declares by itself as the element of its group's rules."""
    return [_tidy({key: value for key, value in values.items() if key not in ("GroupId", "GroupName")})]


def one_route(values: Mapping[str, Json]) -> list[dict[str, Json]]:
    """A route that code declares by itself as the element of its table."""
    return routes([{key: value for key, value in values.items() if key != "RouteTableId"}])


def one_entry(values: Mapping[str, Json]) -> list[dict[str, Json]]:
    """An entry that code declares by itself as the element of its list."""
    return acl_entries([{**values, "Egress": decided(values.get("Egress"))}])


def elements(value: Json) -> list[dict[str, Json]]:
    """Routes, associations or propagations as AWS tells them, without members that say nothing."""
    return [{key: inner for key, inner in each.items() if inner not in (None, "", [])} for each in value]
