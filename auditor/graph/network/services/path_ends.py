"""The ends of a path as people name them: `internet`, an address, an id, a name, an ARN, or `rds/cuggu-prod`."""

from __future__ import annotations

import difflib
import ipaddress
import re
from dataclasses import dataclass, replace

from auditor.graph.boxes import NOTHING, internet, line, lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import blocks, hidden, net
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.packets.outside import routed
from auditor.graph.network.services.service_names import SERVICE_OF, SERVICES
from auditor.graph.space import Ranges
from auditor.model import Gap, Resource


class NoSuchEnd(Exception):
    """A text that names no end, or several; `certain` where nothing unread could change that."""

    def __init__(self, message: str, certain: bool = False) -> None:
        super().__init__(message)
        self.certain = certain


@dataclass(frozen=True, slots=True)
class End:
    """One end: places in networks, or the addresses of the world outside (`everywhere`)."""

    label: str
    key: str = ""
    resource: Resource | None = None
    spots: tuple[Spot, ...] = ()
    everywhere: Ranges | None = None
    address: Ranges = NOTHING
    service: str = ""  # one of AWS's services, or what is reached by calling it
    private_only: bool = False  # named by its private address, which the Internet does not know
    public_only: bool = False  # named by its public address, under which it is met over the Internet only
    gaps: tuple[Gap, ...] = ()


INTERNET = End("internet", everywhere=internet())


def end_of(graph: Graph, resource: Resource) -> End:
    """A resource as an end."""
    found, gaps = spots(graph, resource)
    service = SERVICE_OF.get(resource.type, "")
    return End(resource.label, resource.key, resource, tuple(found), service=service, gaps=gaps if not found else ())


def resolve(graph: Graph, text: str) -> End:
    """What a text names; raises `NoSuchEnd` when it names nothing or several things."""
    if text.lower() in ("internet", "world"):
        return INTERNET
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        if text.lower() in SERVICES and not _known(graph, text):
            return End(text.lower(), service=text.lower())
        return _end(graph, named(graph, text))
    return _address(graph, text)


# Parts of networks, which hold, filter or carry and are no end of any path.
_NO_ENDS = frozenset(
    {w.VPC, w.GROUP, w.TABLE, w.ACL, w.GATEWAY, w.EGRESS_ONLY, w.PEERING, w.TRANSIT, w.ATTACHMENT, w.TRANSIT_TABLE}
    | {w.VPN, w.PREFIXES, w.TRANSIT_PEERING, w.CUSTOMER, w.VPN_CONNECTION, *w.SUBNETS, w.LISTENER, w.RULE, w.TARGETS}
)


def _end(graph: Graph, resource: Resource) -> End:
    if resource.type in _NO_ENDS:
        what = _words_of(resource.type)
        raise NoSuchEnd(
            f"{resource.label} is a {what}, which cannot be the end of a path; name a resource in it or behind it",
            certain=True,
        )
    return end_of(graph, resource)


def named(graph: Graph, text: str) -> Resource:
    """The resource with this id, name or ARN; `rds/NAME` and `db-instance/NAME` narrow it to a service or a type."""
    known = _known(graph, text)
    if len(known) > 1:  # the name of an API means the API and not the link of the same name
        works = [each for each in known if graph.types[each.type].workload]
        known = works if len(works) == 1 else known
    if len(known) > 1:  # the name of a database means the database and not its subnet group
        placed = [each for each in known if spots(graph, each)[0]]
        known = placed if len(placed) == 1 else known
    if len(known) == 1:
        return known[0]
    if known:
        many = ", ".join(sorted(f"{each.type.split('::')[-1]} {each.key}" for each in known)[:6])
        raise NoSuchEnd(f"{text} names several resources: {many}; give the id or the ARN")
    near = _near(graph, text)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise NoSuchEnd(
        f"no resource that was read is called {text}{hint or '; '}"
        f"{' G' if hint else 'g'}ive an id, a name, an ARN, TYPE/NAME, an IP address, a service (s3) or `internet`"
    )


def _known(graph: Graph, text: str) -> list[Resource]:
    """Everything that a text may name."""
    known = [each for each in graph.resources() if text in (each.arn, each.id)]
    known = known or [each for each in graph.resources() if text == each.name or text in each.names]
    head, slash, rest = text.partition("/")
    if known or not slash:
        return known
    near = [each for each in graph.resources() if head.lower() in _kinds(each.type)]
    return [each for each in near if rest in (each.id, each.arn)] or [
        each for each in near if rest in (each.name, *each.names)
    ]


def _near(graph: Graph, text: str) -> list[str]:
    """Names much like a text, each as it would be asked for; those of the type that the text begins with."""
    head, slash, rest = text.partition("/")
    typed = [each for each in graph.resources() if slash and head.lower() in _kinds(each.type)]
    names = {each.name or each.id: each for each in (typed or graph.resources()) if each.name or each.id}
    wanted = rest if typed else text
    close = difflib.get_close_matches(wanted, sorted(names), 4, 0.6)
    close = close or sorted(name for name in names if wanted and wanted.lower() in name.lower())[:4]
    close = close or (sorted(names)[:4] if typed else [])
    return [f"{names[name].type.split('::')[1].lower()}/{name}" for name in close]


# What people call a type besides what CloudFormation does.
_NICKNAMES = {w.BALANCER: ("alb", "nlb", "elb"), w.CLASSIC: ("clb", "elb"), w.HTTP_API: ("apigateway",)}


def _kinds(cfn: str) -> set[str]:
    _, service, noun = cfn.split("::")
    plain = "".join(f"-{each.lower()}" if each.isupper() else each for each in noun).lstrip("-")
    return {service.lower(), noun.lower(), plain, cfn.lower(), *_NICKNAMES.get(cfn, ())}


def _address(graph: Graph, text: str) -> End:
    """An address: of an interface, else free in a subnet, else of the Internet, else of no resource in the account."""
    index, found = net(graph), line(text)
    single = found.size == 1
    if single:
        number = found.spans[0][0]
        for known, private in ((index.private, True), (index.public, False)):
            holders = known.get(number, [])
            if len(holders) == 1:
                places, gaps = spots(graph, holders[0])
                if private:
                    places = [replace(each, addresses=found) for each in places]
                return End(
                    text,
                    holders[0].key,
                    holders[0],
                    tuple(places),
                    address=found,
                    private_only=private and not found & internet(),
                    public_only=not private,
                    gaps=gaps,
                )
            if holders:
                names = ", ".join(each.id for each in holders[:6])
                raise NoSuchEnd(f"{text} is assigned to several network interfaces: {names}; name one of them")
    for idle in graph.of_type(w.ADDRESS):
        if single and idle.known("PublicIp") and lines([idle.known("PublicIp")]) == found:
            gaps = hidden(idle, "NetworkInterfaceId")
            return End(text, idle.key, idle, address=found, public_only=True, gaps=gaps)
    if found <= internet():
        own = [each for each in graph.of_type(w.SUBNET) if found <= blocks(each)]
        if not own:
            return End(text, everywhere=found, address=found)
    return End(text, address=found)


def free_spot(graph: Graph, end: End) -> End:
    """An address that no resource has, as the start of a path: it speaks from the subnet that it lies in."""
    if end.spots or end.everywhere is not None or (end.gaps and not end.address):
        return end
    if not end.address:
        return _speaking(end)
    homes = [each for each in graph.of_type(w.SUBNET) if end.address <= blocks(each)]
    if not homes and (routed(graph, end.address) or _unread_subnets(graph)):
        return end  # on premises, or in a subnet whose addresses were not read
    if len(homes) != 1:
        raise NoSuchEnd(f"{end.label} is in {'no subnet' if not homes else 'several subnets'} that was read")
    place = Spot(end.label, homes[0].key, homes[0], (), False, end.address, True)
    return replace(end, key=homes[0].key, spots=(place,))


def _speaking(end: End) -> End:
    """A start without a place: a function outside of networks, and nothing else opens connections of its own."""
    if end.resource is not None and end.resource.type == w.FUNCTION:
        return end
    what = f"a {_words_of(end.resource.type)}" if end.resource is not None else "a service of AWS"
    raise NoSuchEnd(
        f"no connection starts at {end.label}, {what}; "
        "give an instance, an interface, a function, a subnet or an address",
        certain=True,
    )


def _words_of(cfn: str) -> str:
    """`security group` of AWS::EC2::SecurityGroup, `DB subnet group` of AWS::RDS::DBSubnetGroup."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", cfn.split("::")[-1]).split()
    return " ".join(word if word.isupper() else word.lower() for word in words)


def _unread_subnets(graph: Graph) -> tuple[Gap, ...]:
    return tuple(gap for each in graph.of_type(w.SUBNET) for gap in hidden(each, "CidrBlock", "Ipv6CidrBlock"))
