"""What is looked up again and again, made once a graph: resources by id, addresses to interfaces, prefix lists as
sets; and what could not be read, by the question that it leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.graph.boxes import NOTHING, lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.owners import elsewhere
from auditor.graph.space import Ranges
from auditor.model import Gap, Hidden, Json, Resource, bare

_BY_ID = (
    w.SUBNET, w.TABLE, w.GROUP, w.VPC, w.GATEWAY, w.NAT, w.EGRESS_ONLY, w.INTERFACE, w.INSTANCE, w.PREFIXES, w.ENDPOINT,
    w.PEERING,
    w.TRANSIT, w.ATTACHMENT, w.TRANSIT_TABLE, w.VPN, w.TRANSIT_PEERING, w.VPN_CONNECTION,
)  # fmt: skip
_BLOCKS = ("CidrBlock", "Ipv6CidrBlock", "CidrBlocks", "Ipv6CidrBlocks")
_PRIVATE = ("PrivateIpAddress", "PrivateIpAddresses", "Ipv6Addresses")


@dataclass(slots=True)
class Net:
    """The index of one graph."""

    graph: Graph
    by_id: dict[str, Resource] = field(default_factory=dict)
    private: dict[int, list[Resource]] = field(default_factory=dict)  # address -> interfaces that hold it
    public: dict[int, list[Resource]] = field(default_factory=dict)
    addressless: tuple[Gap, ...] = ()  # interfaces whose addresses were not read: they may hold any
    attachments: dict[str, list[Resource]] = field(default_factory=dict)  # network -> its transit attachments
    of_instance: dict[str, list[Resource]] = field(default_factory=dict)
    nat_of: dict[str, Resource] = field(default_factory=dict)  # interface -> the NAT gateway that it belongs to
    gateways_of: dict[str, list[Resource]] = field(default_factory=dict)  # network -> internet gateways
    subnets_of: dict[str, list[Resource]] = field(default_factory=dict)  # network -> subnets


def net(graph: Graph) -> Net:
    """The graph's index; built at the first question."""
    return graph.once(_build)


def _build(graph: Graph) -> Net:
    index = Net(graph)
    for resource in graph.of_type(*_BY_ID):
        index.by_id[resource.id] = resource
    for interface in graph.of_type(w.INTERFACE):
        _hold(index.private, interface, private_addresses(interface))
        _hold(index.public, interface, lines(interface.known("PublicIps", ())))
        index.addressless += hidden(interface, *_PRIVATE, "PublicIps")
        machine = interface.known("Attachment", {}).get("InstanceId")
        if machine:
            index.of_instance.setdefault(machine, []).append(interface)
    for address in graph.of_type(w.ADDRESS):
        holder = index.by_id.get(str(address.known("NetworkInterfaceId")))
        if holder:
            _hold(index.public, holder, lines([address.known("PublicIp")]))
    for nat in graph.of_type(w.NAT):
        index.nat_of[str(nat.known("EniId"))] = nat
        for number in numbers(lines(nat.known("PublicIps", ()))):  # a regional one has no interface that is told
            index.public.setdefault(number, [nat])
    for cfn, found in (
        (w.ATTACHMENT, index.attachments), (w.GATEWAY, index.gateways_of), (w.SUBNET, index.subnets_of),
    ):  # fmt: skip
        for resource in graph.of_type(cfn):
            found.setdefault(str(resource.known("VpcId", "")), []).append(resource)
    return index


def _hold(known: dict[int, list[Resource]], interface: Resource, addresses: Ranges) -> None:
    for number in numbers(addresses):
        if interface not in known.setdefault(number, []):
            known[number].append(interface)


def numbers(addresses: Ranges) -> list[int]:
    return [number for low, high in addresses.spans for number in range(low, high + 1)]


def private_addresses(interface: Resource) -> Ranges:
    """All addresses under which the interface is known inside the network, as far as they were read; IPv6 ones are
    public as well.
    """
    four = [each.get("PrivateIpAddress") for each in interface.known("PrivateIpAddresses", ())]
    six = [each.get("Ipv6Address") for each in interface.known("Ipv6Addresses", ())]
    return lines([interface.known("PrivateIpAddress"), *four, *six])


def prefixes(index: Net, name: str) -> tuple[Ranges, tuple[Gap, ...]]:
    """The addresses behind a prefix list, and the gap that hides some or all of them."""
    found = index.by_id.get(name)
    if found is None:
        return NOTHING, missing(index, w.PREFIXES, name)
    unread = hidden(found, "Entries")
    if not unread and found.known("Entries") is None:
        return NOTHING, missing(index, w.PREFIXES, name)
    return entries_of(found), unread


def entries_of(listed: Resource) -> Ranges:
    """The addresses of a prefix list, as far as they were read."""
    return lines(entry.get("Cidr") for entry in listed.known("Entries", ()))


def missing(index: Net, cfn: str, name: str) -> tuple[Gap, ...]:
    """The gap for a reference to something that was not read: the failed list, or that it is another account's."""
    return index.graph.gaps_for(cfn) or elsewhere(index.graph, cfn, name)


def hidden(resource: Resource, *places: str) -> tuple[Gap, ...]:
    """The gaps that hide any of these properties, or something in them."""
    if not resource.unknown:
        return ()
    return tuple(dict.fromkeys(gap for place in places if (gap := resource.gap(place))))


def unread_links(graph: Graph, cfn: str, relation: str, region: str = "") -> tuple[Gap, ...]:
    """Why an edge that resources of a type draw may be lacking: their list, or what one of them says, was not read."""
    known = graph.once(_links)
    if (cfn, relation) not in known:
        rows = [row for row in graph.types[cfn].edges if row.relation == relation] if cfn in graph.types else []
        known[cfn, relation] = [
            (each.region, gap)
            for each in graph.of_type(cfn)
            for gap in hidden(each, *(row.via for row in rows))
        ]  # fmt: skip
    own = tuple(gap for place, gap in known[cfn, relation] if not region or place == region)
    return graph.gaps_for(cfn, region) + own


def _links(graph: Graph) -> dict[tuple[str, str], list[tuple[str, Gap]]]:
    return {}


Element = tuple[dict[str, Json], frozenset[str]]


def elements(resource: Resource, name: str) -> tuple[list[Element], tuple[Gap, ...]]:
    """What was read of a list, element by element, with the members that are unread in each; and the gaps behind which
    there may be more elements.
    """
    if not resource.unknown or not resource.gap(name):
        return [(each, frozenset()) for each in resource.known(name, ())], ()
    out: list[Element] = []
    more: list[Gap] = []
    for _, each in resource.each(f"{name}[]"):
        marked = each.marked if isinstance(each, Hidden) else each
        if isinstance(marked, dict):
            out.append((bare(marked), frozenset(name for name, value in marked.items() if bare(value) != value)))
        elif isinstance(each, Hidden):
            more.append(each.gap)
    return out, tuple(more)


def widths(resource: Resource, name: str) -> list[dict[str, int]]:
    """Of each element of a list, how long the prefixes of the address ranges are at the least that are unread in it."""
    found = (each.marked if isinstance(each, Hidden) else each for _, each in resource.each(f"{name}[]"))
    return [
        {member: value.gap.prefix for member, value in each.items() if isinstance(value, Hidden)}
        for each in found
        if isinstance(each, dict)
    ]


def blocks(resource: Resource) -> Ranges:
    """The address ranges of a subnet or a network, both families, as far as they were read."""
    four, six, fours, sixes = (resource.known(name) for name in _BLOCKS)
    return lines((four, six, *(fours or ()), *(sixes or ())))


def network_of(index: Net, subnet: Resource) -> Resource | None:
    return index.by_id.get(str(subnet.known("VpcId")))


def network_blocks(index: Net, vpc: str) -> Ranges:
    """What a network calls its own; where its ranges were not asked for, those of its subnets."""
    found = index.by_id.get(vpc)
    own = blocks(found) if found else NOTHING
    return own or Ranges.of(span for subnet in index.subnets_of.get(vpc, ()) for span in blocks(subnet).spans)
