"""What is looked up again and again, made once a graph: resources by id, addresses to interfaces, prefix lists as
sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from auditor.graph.boxes import NOTHING, Traffic, line, lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.space import Ranges
from auditor.model import Gap, Resource, paths

_BY_ID = (
    w.SUBNET, w.GROUP, w.VPC, w.GATEWAY, w.NAT, w.EGRESS_ONLY, w.INTERFACE, w.INSTANCE, w.PREFIXES, w.ENDPOINT,
    w.PEERING,
    w.TRANSIT, w.ATTACHMENT, w.TRANSIT_TABLE, w.VPN, w.TRANSIT_PEERING, w.VPN_CONNECTION,
)  # fmt: skip


@dataclass(slots=True)
class Net:
    """The index of one graph. `groups` and the others are memories of answers, filled by the modules that own them."""

    graph: Graph
    by_id: dict[str, Resource] = field(default_factory=dict)
    private: dict[int, list[Resource]] = field(default_factory=dict)  # address -> interfaces that hold it
    public: dict[int, list[Resource]] = field(default_factory=dict)
    attachments: dict[str, list[Resource]] = field(default_factory=dict)  # network -> its transit attachments
    of_instance: dict[str, list[Resource]] = field(default_factory=dict)
    nat_of: dict[str, Resource] = field(default_factory=dict)  # interface -> the NAT gateway that it belongs to
    gateways_of: dict[str, list[Resource]] = field(default_factory=dict)  # network -> internet gateways
    subnets_of: dict[str, list[Resource]] = field(default_factory=dict)  # network -> subnets
    admissions: dict[Any, Any] = field(default_factory=dict)
    acls: dict[tuple[str, bool], Traffic] = field(default_factory=dict)
    answers: dict[tuple[str, bool], tuple[Traffic, Traffic]] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    routers: dict[str, Any] = field(default_factory=dict)
    spots: dict[str, Any] = field(default_factory=dict)
    kinds: dict[str, Any] = field(default_factory=dict)


def net(graph: Graph) -> Net:
    """The graph's index; built at the first question."""
    if "network" not in graph.memo:
        graph.memo["network"] = _build(graph)
    found: Net = graph.memo["network"]
    return found


def _build(graph: Graph) -> Net:
    index = Net(graph)
    for resource in graph.of_type(*_BY_ID):
        index.by_id[resource.id] = resource
    for interface in graph.of_type(w.INTERFACE):
        for number in numbers(private_addresses(interface)):
            index.private.setdefault(number, []).append(interface)
        for number in numbers(lines(interface.properties.get("PublicIps", ()))):
            index.public.setdefault(number, []).append(interface)
        machine = (interface.properties.get("Attachment") or {}).get("InstanceId")
        if machine:
            index.of_instance.setdefault(machine, []).append(interface)
    for address in graph.of_type(w.ADDRESS):
        holder = index.by_id.get(str(address.properties.get("NetworkInterfaceId")))
        for number in numbers(lines([address.properties.get("PublicIp")])):
            if holder and holder not in index.public.get(number, ()):
                index.public.setdefault(number, []).append(holder)
    for nat in graph.of_type(w.NAT):
        index.nat_of[str(nat.properties.get("EniId"))] = nat
    for attachment in graph.of_type(w.ATTACHMENT):
        index.attachments.setdefault(str(attachment.properties.get("VpcId", "")), []).append(attachment)
    for gateway in graph.of_type(w.GATEWAY):
        index.gateways_of.setdefault(str(gateway.properties.get("VpcId", "")), []).append(gateway)
    for subnet in graph.of_type(w.SUBNET):
        index.subnets_of.setdefault(str(subnet.properties.get("VpcId", "")), []).append(subnet)
    return index


def numbers(addresses: Ranges) -> list[int]:
    return [number for low, high in addresses.spans for number in range(low, high + 1)]


def private_addresses(interface: Resource) -> Ranges:
    """All addresses under which the interface is known inside the network; IPv6 ones are public as well."""
    told = [each.get("PrivateIpAddress") for each in interface.properties.get("PrivateIpAddresses") or ()]
    six = [each.get("Ipv6Address") for each in interface.properties.get("Ipv6Addresses") or ()]
    return lines([interface.properties.get("PrivateIpAddress"), *told, *six])


def prefixes(index: Net, name: str) -> tuple[Ranges, tuple[Gap, ...]]:
    """The addresses behind a prefix list, or the gap that hides them."""
    found = index.by_id.get(name)
    if found is None:
        return NOTHING, missing(index, w.PREFIXES, name)
    gap = paths.hidden(found.unknown, "Entries")
    if gap:
        return NOTHING, (gap,)
    if "Entries" not in found.properties:
        return NOTHING, missing(index, w.PREFIXES, name)
    return lines(entry["Cidr"] for entry in found.properties["Entries"]), ()


def missing(index: Net, cfn: str, name: str) -> tuple[Gap, ...]:
    """The gap for a reference to something that was not read: the failed list, or that it belongs to somebody else."""
    known = index.graph.gaps_for(cfn)
    if known:
        return known
    account = (*index.graph.inventory.accounts, "")[0]
    message = f"{name} was not found: it may belong to another account or region"
    return (Gap(account, "", "", "", "", "unresolved", (cfn,), message, name),)


def hidden(resource: Resource, *places: str) -> tuple[Gap, ...]:
    return tuple(gap for place in places if (gap := paths.hidden(resource.unknown, place)))


def blocks(resource: Resource) -> Ranges:
    """The address ranges of a subnet or a network, both families."""
    said = resource.properties
    texts = [
        said.get("CidrBlock"),
        said.get("Ipv6CidrBlock"),
        *said.get("CidrBlocks", ()),
        *said.get("Ipv6CidrBlocks", ()),
    ]
    return Ranges.of(span for text in texts if isinstance(text, str) and text for span in line(text).spans)


def network_of(index: Net, subnet: Resource) -> Resource | None:
    return index.by_id.get(str(subnet.properties.get("VpcId")))


def network_blocks(index: Net, vpc: str) -> Ranges:
    """What a network calls its own; where its ranges were not asked for, those of its subnets."""
    found = index.by_id.get(vpc)
    own = blocks(found) if found else NOTHING
    return own or Ranges.of(span for subnet in index.subnets_of.get(vpc, ()) for span in blocks(subnet).spans)
