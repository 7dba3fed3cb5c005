"""Interfaces that a service made for itself: what answers there is what the service takes, and not any port.

A load balancer's takes what its listeners do, an endpoint's what its service does. Of a service of which it is not
known, what filters let through may be refused all the same: that is unknown.
"""

from __future__ import annotations

from auditor.graph.box_words import service_words
from auditor.graph.boxes import ALL_SERVICES, EVERYTHING, EVERYWHERE, NOTHING, Traffic, service
from auditor.graph.build import Graph
from auditor.graph.network.fronts.load_balancers import heard, listening
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, net
from auditor.graph.network.ground.interface_kinds import interfaces_of, takes
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.to_internet import unseen
from auditor.graph.network.packets.walk import Walk
from auditor.graph.network.services.service_names import ports_of
from auditor.graph.network.services.vpc_endpoints import service_of
from auditor.graph.space import Ranges
from auditor.model import Gap, Resource

_BALANCERS = ("load_balancer", "network_load_balancer", "gateway_load_balancer")
_USERS = ("interface", "efa", "efa-only", "trunk", "branch")  # behind these stand machines and programs of the user
_PASSING = ("transit_gateway", "gateway_load_balancer_endpoint")  # passes on what is not meant for it
_PROXIED = {"MYSQL": 3306, "POSTGRESQL": 5432, "SQLSERVER": 1433}
_NFS, _HTTPS = service("tcp", 2049), service("tcp", 443)


def answered(graph: Graph, walk: Walk, resource: Resource | None) -> Walk:
    """What of a walk to an interface (or to an address or endpoint, by its interface) is answered there."""
    if resource is None or walk.over:
        return walk
    if resource.type == w.ENDPOINT:
        return _endpoint(graph, walk, resource)
    if resource.type == w.ADDRESS:
        resource = net(graph).by_id.get(str(resource.known("NetworkInterfaceId")))
    return _managed(graph, walk, resource) if resource is not None and resource.type == w.INTERFACE else walk


def _managed(graph: Graph, walk: Walk, interface: Resource) -> Walk:
    kind, said = str(interface.known("InterfaceType", "interface")), str(interface.known("Description", ""))
    if kind in _BALANCERS or said.startswith("ELB "):
        return _balancer(graph, walk, interface, said.removeprefix("ELB "))
    if ends := graph.heads(interface, "attached-to", w.ENDPOINT):
        return _endpoint(graph, walk, ends[0][1])
    if kind in _PASSING:
        words = f"{interface.label}: an interface of a {kind.replace('_', ' ')} accepts no connections"
        return walk.end(Stop.at(interface, "takes-no-connections", words))
    managed = interface.known("RequesterManaged", False)
    made = takes(interface)
    if kind in _USERS and (not managed or made == "programs"):
        return walk
    if made == "files":
        return _only(walk, interface, _NFS, "an EFS mount target accepts only NFS")
    if made == "cluster":
        return _only(walk, interface, _HTTPS, "a cluster's private endpoint accepts only HTTPS")
    if made == "proxy":
        return _proxy(graph, walk, interface)
    if made == "database":
        return _database(graph, walk, interface)
    return _doubted(graph, walk, interface, f"what the service behind {interface.label} ({said or kind}) takes")


def _only(walk: Walk, place: Resource, ports: Ranges, words: str) -> Walk:
    return walk.only(ports, EVERYWHERE, Stop.at(place, "no-listener", words))


def _doubted(graph: Graph, walk: Walk, place: Resource, words: str, gaps: tuple[Gap, ...] = ()) -> Walk:
    words = f"{words} is not known"
    return walk.blur(Stop.at(place, "no-listener", words), gaps or unseen(graph, place.key, words))


def _owners(graph: Graph, interface: Resource, *types: str) -> list[Resource]:
    """What of some types an interface may belong to, by what AWS says of it."""
    return [each for each in graph.once(_owned).get(interface.key, ()) if each.type in types]


def _owned(graph: Graph) -> dict[str, list[Resource]]:
    """Whatever interfaces may belong to, by the interface."""
    out: dict[str, list[Resource]] = {}
    for each in graph.of_type(w.PROXY, *w.BALANCERS, w.DATABASE):
        for interface, _ in interfaces_of(graph, each):
            out.setdefault(interface.key, []).append(each)
    return out


def _proxy(graph: Graph, walk: Walk, interface: Resource) -> Walk:
    """A proxy listens at the port that its engine has by default, whatever that of the database is."""
    port = next((_PROXIED.get(str(each.known("EngineFamily"))) for each in _owners(graph, interface, w.PROXY)), None)
    if port is None:
        return _doubted(graph, walk, interface, f"at which port the proxy behind {interface.label} answers")
    return _only(walk, interface, service("tcp", port), f"the proxy answers at tcp {port} only")


def _balancer(graph: Graph, walk: Walk, interface: Resource, name: str) -> Walk:
    found = _owners(graph, interface, *w.BALANCERS)
    if not found:
        gaps = graph.gaps_for(w.BALANCER if "/" in name else w.CLASSIC, interface.region)
        return _doubted(graph, walk, interface, f"on which ports load balancer {name or interface.label} listens", gaps)
    ports, edges, gaps = listening(graph, found[0])
    return heard(walk, found[0], ports, edges, gaps)


def _endpoint(graph: Graph, walk: Walk, endpoint: Resource) -> Walk:
    if unread := hidden(endpoint, "ServiceName", "VpcEndpointType"):
        return walk.blur(Stop.at(endpoint, "no-listener", unread[0].message), unread)
    if not (name := service_of(endpoint)):
        words = f"what the endpoint service of another account behind {endpoint.label} accepts"
        return _doubted(graph, walk, endpoint, words)
    ports = ports_of(name)
    return _only(walk, endpoint, ports, f"{name} accepts only {service_words(ports)}")


def _database(graph: Graph, walk: Walk, interface: Resource) -> Walk:
    """RDS does not tell whose an interface is: it may be any database's that has its subnet and its groups."""
    sure, most = ALL_SERVICES, NOTHING
    for database in _owners(graph, interface, w.DATABASE):
        port = database.known("Port")
        mine = service("tcp", int(port)) if str(port or "").isdigit() and int(port) else ALL_SERVICES
        sure, most = sure & mine, most | mine
    unread = graph.gaps_for(w.DATABASE, interface.region)
    if unread or not most:
        return _doubted(graph, walk, interface, f"which database {interface.label} belongs to, and its port,", unread)
    low = Traffic.box(sure, EVERYWHERE) if sure != ALL_SERVICES else Traffic()
    high = EVERYTHING if most == ALL_SERVICES else Traffic.box(most, EVERYWHERE)
    words = f"databases with the subnet and groups of {interface.label} answer at {service_words(most)} only"
    gaps = () if low else unseen(graph, interface.key, f"to which database {interface.label} belongs is not known")
    return walk.through(low, high, Stop.at(interface, "no-listener", words), gaps)
