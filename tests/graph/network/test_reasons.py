"""Every reason is true of the network: each sentence is held against a plain reading of the lists that it cites.

The reading here knows nothing of the engine: rules, entries and routes one after the other, for single packets. A
sentence of a form that is not in the table fails, so that a new one is given its meaning here.
"""

import ipaddress
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.graph.boxes import ALL_SERVICES, service
from auditor.graph.network import NoSuchEnd, free_spot, reach, resolve
from tests.graph.network import test_unread
from tests.graph.network.drawn import LOCAL, OUT, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.hiding import hidden
from tests.graph.network.test_by_hand import entry
from tests.graph.network.test_wan import HERE, THERE, peered, to

# --- a plain reading --------------------------------------------------------------------------------------------------

POOL = ["8.8.8.8", "198.51.2.3", "198.51.100.7", "203.0.113.9", "54.0.0.8", "54.0.0.9", "54.0.0.4", "10.0.0.8", "10.0.0.9",
        "10.0.0.4", "10.0.1.8", "10.0.1.77", "10.9.0.5"]  # fmt: skip
PORTS = {"tcp": (22, 80, 443), "udp": (53, 123)}
NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1}
EPHEMERAL = (1024, 32768, 40000, 60000, 60999, 65535)


def within(address, cidr):
    return ipaddress.ip_address(address) in ipaddress.ip_network(cidr)


def of(graph, name):
    return next(each for each in graph.resources() if each.id == name)


def table_of(graph, place):
    return next((each for each in graph.of_type("AWS::EC2::RouteTable") if place in each.known("SubnetIds", ())), None)


def route(graph, place, address):
    """The route that carries packets to an address out of a subnet."""
    found = table_of(graph, place)
    fits = [each for each in (found.known("Routes", ()) if found else ()) if within(address, each.get("DestinationCidrBlock", "::/128"))] if found else []  # fmt: skip
    return max(fits, key=lambda each: int(each["DestinationCidrBlock"].split("/")[1]), default=None)


def acl_lets(graph, place, egress, protocol, port, address):
    found = next(each for each in graph.of_type("AWS::EC2::NetworkAcl") if place in each.known("SubnetIds", ()))
    for rule in sorted(found.known("Entries", ()), key=lambda each: each["RuleNumber"]):
        ports = rule.get("PortRange")
        if rule["Egress"] != egress or "CidrBlock" not in rule or not within(address, rule["CidrBlock"]):
            continue
        if rule["Protocol"] not in (-1, NUMBERS[protocol]) or (ports and not ports["From"] <= port <= ports["To"]):
            continue
        return rule["RuleAction"] == "allow"
    return False


def group_lets(graph, name, side, protocol, port, address, groups=()):
    for rule in of(graph, name).known(side, ()):
        if rule["IpProtocol"] not in ("-1", protocol) or (
            "FromPort" in rule and not rule["FromPort"] <= port <= rule["ToPort"]
        ):
            continue
        if within(address, rule.get("CidrIp", "0.0.0.0/32")) or rule.get("SourceSecurityGroupId") in groups:
            return True
    return False


# --- what sentences say -----------------------------------------------------------------------------------------------


def addresses(text):
    """Those of the pool that a text names for certain; what it only counts ("and 3 more") is left out, and where it only
    counts what is not meant, none is."""
    whole, _, minus = text.partition(" minus ")
    if re.search(r" and \d+ more", minus):
        return []
    whole = re.sub(r" and \d+ more", "", whole)
    inside = [each for each in POOL if _named(whole, each)]
    return [each for each in inside if not minus or not _named(minus, each)]


def _named(text, address):
    public = (
        ipaddress.ip_address(address).is_global or within(address, "198.51.0.0/16") or within(address, "203.0.113.0/24")
    )
    for word in re.split(r", | and ", text):
        if word == "the Internet" and public:
            return True
        if re.fullmatch(r"[\d./]+", word) and within(address, word):
            return True
    return False


def services(text):
    """(protocol, port) of a text, as samples."""
    if text == "traffic" or text.startswith("all traffic"):
        out = [(name, port) for name, ports in PORTS.items() for port in ports]
        return out if text in ("traffic", "all traffic") else []
    out = []
    for word in text.split(", "):
        name, _, ports = word.partition(" ")
        if name in PORTS:
            out += [(name, port) for port in PORTS[name] if not ports or port == int(ports.split("-")[0])]
    return out


PART = re.compile(r"(?P<what>.+?) (?P<way>in from|out to|from|to) (?P<far>.+)")


def packets(match):
    """The packets that a sentence names, part by part."""
    parts = [PART.fullmatch(each) for each in match["asked"].split(" or ")]
    assert all(parts), match["asked"]
    return [
        (name, port, each) for part in parts for name, port in services(part["what"]) for each in addresses(part["far"])
    ]


def outwards(match):
    return match["turn"] == "outbound"


def holders(graph, label):
    return [each for each in graph.of_type("AWS::EC2::NetworkInterface") if each.id == label]


def group_refuses(side):
    def holds(graph, match):
        groups = match["groups"].split(", ")
        return not any(group_lets(graph, name, side, *each) for name in groups for each in packets(match))

    return holds


def acl_refuses(graph, match):
    return not any(acl_lets(graph, match["place"], outwards(match), *each) for each in packets(match))


def acl_answers_nothing(graph, match):
    """Answers to a packet that went in come out, and the other way round."""
    named = [(name, port, far) for name, _, far in packets(match) for port in EPHEMERAL]
    return not any(acl_lets(graph, match["place"], outwards(match), *each) for each in named)


def acl_answers_some(graph, match):
    def open_ports(egress):
        return {
            acl_lets(graph, match["place"], egress, name, port, far)
            for name in PORTS
            for port in EPHEMERAL
            for far in POOL
        }

    return any(open_ports(egress) == {True, False} for egress in (True, False))


def no_gateway(graph, match):
    return not any(str(each.get("GatewayId", "")).startswith("igw") and each.get("State") != "blackhole"
                   for each in table_of(graph, match["place"]).known("Routes", ()))  # fmt: skip


def no_gateway_for(graph, match):
    found = [route(graph, match["place"], each) for each in addresses(match["far"])]
    if match["cited"]:
        cited = [each for each in found if each and each["DestinationCidrBlock"] == match["cited"]]
        assert not match["dead"] or all(each.get("State") == "blackhole" for each in cited)
    return not any(
        each and str(each.get("GatewayId", "")).startswith("igw") and each.get("State") != "blackhole" for each in found
    )


def no_route(graph, match):
    return not any(route(graph, match["place"], each) for each in addresses(match["far"]))


def is_dead(graph, match):
    return any(each.get("DestinationCidrBlock") == match["cidr"] and each.get("State") == "blackhole"
               for found in graph.of_type("AWS::EC2::RouteTable") for each in found.known("Routes", ()))  # fmt: skip


def has_no_public(graph, match):
    return all(not each.known("PublicIps", ()) for each in holders(graph, match["who"]))


def nobody_has(graph, match):
    return not any(
        within(str(each.known("PrivateIpAddress")), match["far"])
        for each in graph.of_type("AWS::EC2::NetworkInterface")
    )


def state_is(graph, match):
    return (
        of(graph, match["who"]).known("State", "") == match["state"]
        or of(graph, match["who"]).known("Status", "") == match["state"]
    )


def source_leads_private(graph, match):
    return any(each.get("DestinationCidrBlock") == match["cidr"] and each.get("GatewayId") == "igw-1"
               for found in graph.of_type("AWS::EC2::RouteTable") for each in found.known("Routes", ()))  # fmt: skip


FAR, ASKED_FOR = r"(?P<far>[^:;]+)", r"(?P<asked>[^:]+?)"
SENTENCES = {
    rf"security groups? (?P<groups>.+) of (?P<who>\S+) (does|do) not allow inbound {ASKED_FOR}": group_refuses("SecurityGroupIngress"),
    rf"security groups? (?P<groups>.+) of (?P<who>\S+) (does|do) not allow outbound {ASKED_FOR}": group_refuses("SecurityGroupEgress"),
    rf"network ACL (\S+) of (?P<place>\S+) does not allow (?P<turn>inbound|outbound) {ASKED_FOR}": acl_refuses,
    rf"network ACL (\S+) of (?P<place>\S+) allows no (?P<turn>inbound|outbound) answers of {ASKED_FOR}(: no ephemeral port \(1024-65535\) is open)?": acl_answers_nothing,
    r"network ACL (\S+) of (?P<place>\S+) allows return traffic to only some ephemeral ports \(1024-65535\)": acl_answers_some,
    r"(?P<place>\S+) is not a public subnet: it has no route to an internet gateway": no_gateway,
    rf"(?P<place>\S+) has no route to an internet gateway for answers to {FAR}(: route (?P<cited>\S+) -> \S+(?P<dead> is a blackhole)?)?": no_gateway_for,
    rf"(\S+) of (?P<place>\S+) has no route to {FAR}": no_route,
    r"(?P<place>\S+) has no route to (?P<far>[^:;]+?)(, which is in no VPC that was read)?": no_route,
    r"route (?P<cidr>\S+) -> \S+: the target of the route does not exist \(blackhole\)": is_dead,
    r"(?P<who>\S+) has no public (IPv4 )?address: the internet gateway drops its packets": has_no_public,
    r"(?P<who>\S+): it has no public IP address": has_no_public,
    r"no resource has (?P<far>\S+)": nobody_has,
    r"(?P<who>\S+) is (?P<state>\S+)": state_is,
    r"route (?P<cidr>\S+) -> igw-1: an internet gateway carries no traffic to private addresses": source_leads_private,
    r"a NAT gateway carries tcp, udp and icmp only": lambda graph, match: True,
}  # fmt: skip


def held(graph, found):
    """The one meaning of an answer's sentence holds; what is not certain is said to be so."""
    words = found.stop.words.removeprefix("it is not certain whether this stops it: ")
    meanings = [(re.fullmatch(form, words), holds) for form, holds in SENTENCES.items()]
    meant = [(match, holds) for match, holds in meanings if match]
    assert meant, f"a sentence of no known form: {words}"
    assert all(holds(graph, match) for match, holds in meant[:1]), words


# --- small networks ---------------------------------------------------------------------------------------------------

WORLD, OFFICE, INSIDE = {"CidrIp": "0.0.0.0/0"}, {"CidrIp": "198.51.100.0/24"}, {"CidrIp": "10.0.0.0/16"}
HOLE = {"DestinationCidrBlock": "198.51.0.0/16", "NatGatewayId": "nat-gone", "State": "blackhole"}
DEAD_DEFAULT = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-gone", "State": "blackhole"}
ONE_WAY = {"DestinationCidrBlock": "203.0.113.0/24", "GatewayId": "igw-1"}
NAT = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
RULES = [tcp(443, **WORLD), tcp(443, **OFFICE), tcp(80, **INSIDE), {"IpProtocol": "-1", **INSIDE}, {"IpProtocol": "-1", **WORLD},
         {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, **WORLD}, tcp(443, SourceSecurityGroupId="sg-i")]  # fmt: skip
LETS = [
    tcp(443, **WORLD),
    tcp(80, **WORLD),
    {"IpProtocol": "-1", **INSIDE},
    {"IpProtocol": "-1", **WORLD},
    tcp(443, **OFFICE),
]
ENTRIES = [
    *((n, "allow", way, None, None, -1, "0.0.0.0/0") for n, way in ((90, True), (91, False))),
    *((n, "allow", way, None, None, -1, "10.0.0.0/16") for n, way in ((80, True), (81, False))),
    (50, "deny", False, None, None, -1, "198.51.0.0/16"),
    (51, "deny", True, 443, 443, 6, "0.0.0.0/0"),
    (60, "allow", False, 443, 443, 6, "0.0.0.0/0"),
    *((n, "allow", way, low, high, 6, "0.0.0.0/0") for n, way, low, high in
      ((61, True, 1024, 65535), (62, True, 32768, 60999), (63, True, 60000, 60001), (64, False, 1024, 65535), (65, False, 40000, 40000))),
]  # fmt: skip
HIDDEN = [("sg-o", "SecurityGroupIngress"), ("acl-outer", "Entries"), ("rtb-outer", "Routes"), ("eni-o", "PublicIps"),
          ("sg-i", "SecurityGroupEgress"), ("nat-1", "State"), ("igw-1", "VpcId")]  # fmt: skip
QUESTIONS = [("internet", "eni-o"), ("198.51.2.3", "eni-o"), ("198.51.100.7", "eni-o"), ("203.0.113.9", "eni-o"), ("eni-o", "internet"),
             ("eni-o", "198.51.2.3"), ("eni-i", "8.8.8.8"), ("eni-i", "internet"), ("eni-o", "eni-i"), ("eni-i", "eni-o"),
             ("eni-o", "10.0.1.77"), ("eni-o", "10.9.0.5"), ("eni-i", "54.0.0.8")]  # fmt: skip
ASKED = [service("tcp", 443), service("tcp", 80), service("udp", 53), ALL_SERVICES]


def some(options, most):
    return st.lists(st.sampled_from(range(len(options))), max_size=most, unique=True).map(lambda found: [options[each] for each in sorted(found)])  # fmt: skip


def lists():
    """A network ACL: often open, so that what stands behind it is met too."""
    open_one = st.just(ENTRIES[:2])
    return st.one_of(open_one, open_one, some(ENTRIES, 6))


NETWORKS = st.fixed_dictionaries(
    {
        "outer": some([OUT, HOLE, ONE_WAY], 3),
        "inner": st.sampled_from([[], [NAT], [OUT], [DEAD_DEFAULT], [NAT, HOLE]]),
        "acl_outer": lists(),
        "acl_inner": lists(),
        "in_o": some(RULES, 3),
        "out_o": some(LETS, 3),
        "in_i": some(RULES, 3),
        "out_i": some(LETS, 3),
        "public": st.booleans(),
        "state": st.sampled_from(["available", "available", "pending"]),
    }
)


def network(outer, inner, acl_outer, acl_inner, in_o, out_o, in_i, out_i, public, state):
    return drawn(
        rtb_outer=table(LOCAL, *outer, subnets=["outer"]),
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, *inner, subnets=["inner"]),
        acl_outer=acl(*(entry(*each) for each in acl_outer or [ENTRIES[4]]), subnets=["outer"]),
        acl_inner=acl(*(entry(*each) for each in acl_inner or [ENTRIES[4]]), subnets=["inner"]),
        nat_1=thing("EC2::NatGateway", SubnetId="outer", State=state, PrivateIpAddress="10.0.0.4", PublicIps=["54.0.0.4"]),
        sg_o=group(*in_o, egress=out_o),
        sg_i=group(*in_i, egress=out_i),
        eni_o=interface("10.0.0.8", "outer", "sg-o", public=["54.0.0.8"] if public else []),
        eni_i=interface("10.0.1.8", "inner", "sg-i"),
    )  # fmt: skip


FALLBACK = "not everything could be read"
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(NETWORKS, st.sampled_from(QUESTIONS), st.sampled_from(ASKED))
def test_every_reason_is_true_of_the_network(things, question, services_asked):
    graph = network(**things)
    if question[1] == "54.0.0.8" and not things["public"]:
        return
    found = asked(graph, *question, services_asked)
    if found.state != "reached":
        assert found.stop is not None
        held(graph, found)
    assert not found.gaps, "nothing is unread here"
    assert not re.search(r"could not be read|was not read|not everything", found.because)


@SLOW
@given(NETWORKS, st.sampled_from(QUESTIONS), st.sampled_from(ASKED), st.sampled_from(HIDDEN))
def test_what_is_unread_is_what_an_unknown_answer_says(things, question, services_asked, unread):
    graph = network(**things)
    if question[1] == "54.0.0.8" and not things["public"]:
        return
    before = asked(graph, *question, services_asked)
    resource = of(graph, unread[0])
    if unread[1] not in resource.properties:
        return
    found = asked(hidden(graph, resource.key, unread[1], ()), *question, services_asked)
    assert found.state in (before.state, "unknown")
    if found.state == "unknown" and before.state != "unknown":
        assert found.gaps, "it is unread, and said to be"
    if found.state == "unknown" and not found.gaps:
        held(graph, found)


@SLOW
@given(st.data())
def test_an_unknown_answer_of_any_network_says_why(data):
    """In all the networks that are drawn elsewhere: with a gap where something is unread, and with a reason always."""
    name = data.draw(st.sampled_from(sorted(test_unread.NETWORKS)))
    graph, places, questions = test_unread.network(name)
    (one, other, services_asked), _ = data.draw(st.sampled_from(questions))
    unread = data.draw(st.one_of(st.none(), st.sampled_from(places)))
    graph = hidden(graph, *unread) if unread else graph
    try:
        found = reach(graph, free_spot(graph, resolve(graph, one)), resolve(graph, other), services_asked)
    except NoSuchEnd:
        return
    if found.state != "reached":
        assert found.stop is not None or found.gaps, name
        assert found.because != FALLBACK, name
    if not found.gaps:
        assert not re.search(r"could not be read|was not read", found.because), (name, found.because)


@pytest.mark.parametrize(
    ("things", "question", "words"),
    [
        ({"outer": [OUT, HOLE]}, ("198.51.2.3", "eni-o"),
         "outer has no route to an internet gateway for answers to 198.51.2.3/32: route 198.51.0.0/16 -> nat-gone is a blackhole"),
        ({"outer": []}, ("internet", "eni-o"), "outer is not a public subnet: it has no route to an internet gateway"),
        ({"outer": [ONE_WAY]}, ("198.51.2.3", "eni-o"), "outer has no route to an internet gateway for answers to 198.51.2.3/32"),
        ({"acl_inner": [*ENTRIES[:1], (61, "allow", False, 443, 443, 6, "0.0.0.0/0"), (40, "deny", True, 1024, 50000, 6, "0.0.0.0/0")]},
         ("eni-o", "eni-i"), "network ACL acl-inner of inner allows return traffic to only some ephemeral ports (1024-65535)"),
        ({"acl_inner": [ENTRIES[6]]}, ("eni-o", "eni-i"),
         "network ACL acl-inner of inner allows no outbound answers of tcp 443 to 10.0.0.8/32: no ephemeral port (1024-65535) is open"),
        ({"in_o": [RULES[2]]}, ("internet", "eni-o"), "security group sg-o of eni-o does not allow inbound tcp 443 from the Internet"),
        ({"out_o": [LETS[1]]}, ("eni-o", "eni-i"), "security group sg-o of eni-o does not allow outbound tcp 443 to 10.0.1.8/32"),
    ],
)  # fmt: skip
def test_sentences_say_no_more_than_was_asked(things, question, words):
    whole = {"outer": [OUT], "inner": [], "acl_outer": ENTRIES[:2], "acl_inner": ENTRIES[:2], "in_o": [RULES[4]], "out_o": [LETS[3]],
             "in_i": [RULES[4]], "out_i": [LETS[3]], "public": True, "state": "available"}  # fmt: skip
    found = asked(network(**{**whole, **things}), *question, service("tcp", 443))
    assert found.because == words


LOOP = [to("10.1.0.0/16", "att-1"), HERE[1]]


@pytest.mark.parametrize(
    ("graph", "way", "words"),
    [
        (peered(there=THERE[1:]), ("eni-a", "eni-b"), "the answer to vpc-1 ends: rtb-2: the transit gateway has no route there"),
        (peered(here=HERE[1:]), ("eni-b", "eni-a"), "the answer to vpc-2 ends: rtb-1: the transit gateway has no route there"),
        (peered(associated=False), ("eni-b", "eni-a"),
         "the answer to vpc-2 ends: att-p: the attachment is associated with no route table of the transit gateway"),
        (peered(there=[to("10.0.0.0/16", "att-2"), THERE[1]]), ("eni-a", "eni-b"), "tgw-2 sends the answers to another attachment than vpc-1"),
        (peered(here=LOOP), ("eni-a", "eni-b"), "the transit gateway sends it to att-1"),
    ],
)  # fmt: skip
def test_an_answer_over_transit_gateways_ends_where_it_is_said_to(graph, way, words):
    found = asked(graph, *way, service("tcp", 5432))
    assert (found.state, found.stop.words) == ("blocked", words)
