"""Global Accelerator in front: which accelerators lead to a thing, on which ports, and whether it lets them in.

Packets enter the network by interfaces that Global Accelerator keeps there: the network has an internet gateway, though
no route has to lead to it, and the endpoint needs no public address. Where the client's address is preserved the
endpoint's groups see it, and may name the group that Global Accelerator makes; where it is not, they see addresses of
AWS that are not read. An endpoint or a group that is given no traffic now gets some when others fail: that is a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.graph.box_words import service_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, NOTHING, Traffic, internet, service
from auditor.graph.build import Graph
from auditor.graph.network.fronts.load_balancers import carried
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, net, unread_links
from auditor.graph.network.ground.interface_kinds import machine_of
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.walk import Walk, acl, either, group_in
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

_OWN_GROUP = "GlobalAccelerator"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A thing behind a listener of an accelerator: where clients come in, and on what it is spoken to."""

    accelerator: Resource
    listener: Resource
    group: Resource
    said: dict[str, Any]
    edges: tuple[Edge, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return (
            hidden(self.accelerator, "Enabled")
            + hidden(self.listener, "PortRanges", "Protocol")
            + hidden(self.group, "EndpointConfigurations", "PortOverrides", "TrafficDialPercentage")
        )

    @property
    def ports(self) -> list[tuple[Ranges, Ranges]]:
        """On what clients come, and on what the endpoint is spoken to: the same port, unless it is overridden."""
        protocol = str(self.listener.known("Protocol", "TCP")).lower()
        rest, out = NOTHING, []
        for each in self.listener.known("PortRanges", ()):
            rest |= service(protocol, int(each["FromPort"]), int(each["ToPort"]))
        for each in self.group.known("PortOverrides", ()):
            own = service(protocol, int(each["ListenerPort"])) & rest
            if own:
                out.append((own, service(protocol, int(each["EndpointPort"]))))
                rest -= own
        return [*out, (rest, rest)] if rest else out


def accelerated(
    graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None
) -> Iterator[Walk]:
    """The ways from the Internet to a thing over every accelerator that has it among its endpoints."""
    for end in _endpoints(graph, target):
        for own, spoken in end.ports:
            same = own == spoken
            taken = spoken if behind is None else spoken & behind
            if not taken:
                continue
            came = taken if same else own
            wanted = ALL_SERVICES if services & taken else services
            yield _onward(graph, _coming(end, wanted, sources, came), end, target, taken)
        if end.gaps and not end.ports:
            words = f"on which ports {end.listener.label} takes connections"
            yield Walk.asking(services, sources).blur(Stop.at(end.listener, "no-listener", words), end.gaps)
    gaps = _unread(graph) if target.type in (*w.BALANCERS, w.INSTANCE, w.INTERFACE, w.ADDRESS) else ()
    if gaps and _lets_in(graph, target, services):
        words = f"which accelerators lead to {target.label} was not read"
        yield Walk.asking(services, sources).blur(Stop.at(target, "outside", words), gaps)


def _unread(graph: Graph) -> tuple[Gap, ...]:
    gaps = graph.gaps_for(w.ACCELERATOR) + unread_links(graph, w.ACCELERATOR_LISTENER, "part-of")
    gaps += unread_links(graph, w.ENDPOINT_GROUP, "part-of") + unread_links(graph, w.ENDPOINT_GROUP, "targets")
    return tuple(dict.fromkeys(gaps))


def _lets_in(graph: Graph, target: Resource, services: Ranges) -> bool:
    """Whether its groups admit anybody on the Internet, or a group: only then an accelerator could lead to it."""
    asked = Walk.asking(services, internet())
    return any(group_in(graph, asked, spot, internet(), _own(graph, spot)).high
               for spot in spots(graph, target)[0])  # fmt: skip


def _endpoints(graph: Graph, target: Resource) -> Iterator[Endpoint]:
    """An interface is met as its machine, or by the elastic address that leads to it."""
    machine = net(graph).by_id.get(machine_of(target)) if target.type == w.INTERFACE else None
    held = (w.INSTANCE, w.INTERFACE)
    addresses = [
        each
        for each in (graph.of_type(w.ADDRESS) if target.type in held else ())
        if target.id in (each.known("InstanceId"), each.known("NetworkInterfaceId"))
    ]
    for one in [each for each in (target, machine, *addresses) if each is not None]:
        for edge, group in graph.tails(one, "targets", w.ENDPOINT_GROUP):
            said = _configuration(group, one)
            for part, listener in graph.heads(group, "part-of", w.ACCELERATOR_LISTENER):
                for above, accelerator in graph.heads(listener, "part-of", w.ACCELERATOR):
                    yield Endpoint(accelerator, listener, group, said, (above, part, edge))


def _configuration(group: Resource, one: Resource) -> dict[str, Any]:
    names = (one.id, one.arn, *one.names)
    found = [each for each in group.known("EndpointConfigurations", ()) if each.get("EndpointId") in names]
    return dict(found[0]) if found else {}


def _coming(end: Endpoint, services: Ranges, sources: Ranges, own: Ranges) -> Walk:
    """Clients before an accelerator: under its addresses, on the ports of its listener."""
    accelerator = end.accelerator
    dual = accelerator.known("IpAddressType", "IPV4") == "DUAL_STACK"
    families = EVERYWHERE if dual or hidden(accelerator, "IpAddressType") else FOUR
    words = f"{accelerator.label} takes connections on {service_words(own)}"
    walk = Walk.asking(services, sources).only(own, families, Stop.at(end.listener, "no-listener", words))
    walk = walk.by(f"Global Accelerator {accelerator.label} on {service_words(own)}").along(*end.edges)
    if accelerator.at("Enabled") is False:
        return walk.end(Stop.at(accelerator, "bad-state", f"{accelerator.label} is disabled"))
    if end.gaps:
        walk = walk.blur(Stop.at(accelerator, "bad-state", end.gaps[0].message), end.gaps)
    if end.said.get("Weight") == 0 or end.group.known("TrafficDialPercentage") == 0:
        words = f"{accelerator.label} gives it traffic only where other endpoints fail"
        walk = walk.blur(Stop.at(end.group, "no-target", words))
    return walk


def _onward(graph: Graph, walk: Walk, end: Endpoint, target: Resource, spoken: Ranges) -> Walk:
    if walk.over:
        return walk
    places, gaps = spots(graph, target)
    if not places:
        return walk.blur(Stop.at(target, "outside", f"where {target.label} is placed could not be read"), gaps)
    return either([_into(graph, walk, end, place, spoken) for place in places])


def _into(graph: Graph, walk: Walk, end: Endpoint, place: Spot, spoken: Ranges) -> Walk:
    """By Global Accelerator's interfaces in the network, with the client's address or with one of AWS's."""
    unread = unread_links(graph, w.GATEWAY, "attached-to", place.subnet.region)
    if not net(graph).gateways_of.get(place.network) and not unread:
        words = f"Global Accelerator takes an internet gateway, and {place.network} has none"
        return walk.end(Stop(place.network, "not-attached", words))
    kept = _preserved(end)
    asked = walk.high.addresses if kept else internet() & FOUR
    hop = group_in(graph, Walk.asking(spoken, asked), place, asked, _own(graph, place) if kept else None)
    if not hop.over and not place.unread and acl(graph, hop, place.subnet, egress=False, patient=False).over:
        hop = hop.blur(Stop.at(place.subnet, "acl", f"whether the network ACL of {place.subnet.label} applies"))
    if kept is not True or place.unread:
        certain = kept is False and asked <= hop.low.addresses and not place.unread
        words = f"whether {place.label} lets in what {end.accelerator.label} sends is not known"
        return carried(walk, hop if certain else hop.blur(Stop.at(place, "group-rules", words), place.unread), place)
    let_low, let_high = (Traffic.box(ALL_SERVICES, each.addresses) for each in (hop.low, hop.high))
    stop = hop.stop or Stop.at(place, "group-rules")
    return walk.along(*hop.edges).through(let_low, let_high, stop, hop.gaps)


def _preserved(end: Endpoint) -> bool | None:
    """Whether the endpoint sees the client: as its group says, a machine always, an address never."""
    said = end.said.get("ClientIPPreservationEnabled")
    if isinstance(said, bool):
        return said
    name = str(end.said.get("EndpointId", ""))
    return True if name.startswith("i-") or "/app/" in name else False if name.startswith("eipalloc-") else None


def _own(graph: Graph, place: Spot) -> Spot:
    """Global Accelerator's interfaces in a network, with the group that it makes for them."""
    return Spot("Global Accelerator", "", place.subnet, graph.once(_groups).get(place.network, ()))


def _groups(graph: Graph) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for each in graph.of_type(w.GROUP):
        if each.known("GroupName") == _OWN_GROUP:
            network = str(each.known("VpcId"))
            known[network] = (*known.get(network, ()), each.id)
    return known
