"""What was not read never decides, and what is certain decides whatever was not read beside it."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.graph.boxes import service
from auditor.graph.network import from_internet, open_rules, resolve, subnet_kind
from auditor.graph.network.services.path_ends import named
from tests.graph.network import (
    test_apis,
    test_balancers,
    test_borders,
    test_by_address,
    test_by_hand,
    test_called,
    test_clusters,
    test_distributions,
    test_endpoints,
    test_one_engine,
    test_public_access,
    test_wan,
)
from tests.graph.network.drawn import LOCAL, OUT, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.hiding import DENIED, LEFT_TO_AWS, OPEN, hidden, state, ways_to_hide

WORLD = {"CidrIp": "0.0.0.0/0"}
HTTPS, SSH, POSTGRES = service("tcp", 443), service("tcp", 22), service("tcp", 5432)


def public(**more):
    """A machine that the world reaches on 443."""
    base = {
        "sg_1": group(tcp(443, **WORLD), tcp(22, CidrIp="10.0.0.0/8")),
        "eni_1": interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"]),
    }
    return drawn(**{**base, **more})


def translated(state="available"):
    """A machine behind a NAT gateway."""
    way = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
    return drawn(
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, way, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        nat_1=thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.5", PublicIps=["54.0.0.5"], State=state),
        sg_1=group(),
        eni_1=interface("10.0.1.9", "inner", "sg-1"),
    )  # fmt: skip


def placed(flag=False):
    """A function and a database in subnets."""
    return drawn(
        inner=subnet("10.0.1.0/24"),
        sg_f=group(),
        sg_db=group(tcp(5432, SourceSecurityGroupId="sg-f")),
        fn=thing("Lambda::Function", VpcConfig={"SubnetIds": ["inner"], "SecurityGroupIds": ["sg-f"]}),
        dbs=thing("RDS::DBSubnetGroup", SubnetIds=["inner", "outer"]),
        db=thing("RDS::DBInstance", DBInstanceIdentifier="db", DBSubnetGroupName="dbs", VPCSecurityGroups=["sg-db"],
                 PubliclyAccessible=flag, Port=5432, AvailabilityZone="ap-northeast-2a"),
    )  # fmt: skip


# name -> a network, and questions about it
NETWORKS = {
    "public": (public, [("internet", "eni-1", HTTPS), ("internet", "eni-1", SSH), ("eni-1", "internet", HTTPS)]),
    "NAT": (translated, [("eni-1", "internet", HTTPS), ("internet", "eni-1", HTTPS), ("eni-1", "10.0.0.77", HTTPS)]),
    "NAT that failed": (lambda: translated("failed"), [("eni-1", "internet", HTTPS)]),
    "groups": (
        lambda: test_by_hand.two_machines(tcp(5432, SourceSecurityGroupId="sg-a")),
        [("eni-a", "eni-b", POSTGRES), ("eni-b", "eni-a", POSTGRES)],
    ),
    "peering": (
        lambda: test_by_hand.peered(tcp(5432, SourceSecurityGroupId="sg-a")),
        [("eni-a", "eni-b", POSTGRES), ("eni-b", "eni-a", POSTGRES)],
    ),
    "transit gateways": (test_wan.peered, [("eni-a", "eni-b", POSTGRES), ("eni-a", "eni-b", SSH)]),
    "VPN": (test_wan.office, [("eni-1", test_wan.OFFICE, SSH), (test_wan.OFFICE, "eni-1", SSH)]),
    "gateway endpoint": (
        lambda: test_endpoints.inside(test_endpoints.TO_S3, **test_endpoints.GATEWAY),
        [("eni-1", "s3", HTTPS)],
    ),
    "interface endpoint": (test_endpoints.faced, [("eni-1", "secretsmanager", HTTPS)]),
    "load balancer": (
        test_balancers.balanced,
        [("internet", "i-1", HTTPS), ("internet", "lb", HTTPS), ("internet", "i-1", SSH), ("eni-1", "lb", HTTPS)],
    ),
    "listener that answers": (
        lambda: test_balancers.balanced(listener=test_balancers.listener(test_balancers.REFUSE)),
        [("internet", "i-1", HTTPS)],
    ),
    "CloudFront": (test_distributions.behind_cloudfront, [("203.0.113.9", "i-1", HTTPS), ("203.0.113.9", "lb", HTTPS)]),
    "API": (lambda: drawn(**test_apis.rest()), [("internet", "apigateway/orders", HTTPS)]),
    "private API": (lambda: drawn(**test_apis.rest("PRIVATE")), [("internet", "apigateway/orders", HTTPS)]),
    "function behind an API": (test_called.function, [("internet", "fn", HTTPS)]),
    "cluster": (test_clusters.cluster, [("internet", "eks/prod", HTTPS), ("eni-1", "eks/prod", HTTPS)]),
    "private cluster": (
        lambda: test_clusters.cluster(None, private=True, rule=test_clusters.FROM_INNER),
        [("internet", "eks/prod", HTTPS), ("eni-1", "eks/prod", HTTPS), ("eni-out", "eks/prod", HTTPS)],
    ),
    "shared subnet": (
        test_borders.participant,
        [("eni-l", "eni-m", POSTGRES), ("eni-l", "eni-m", SSH), ("eni-l", "internet", HTTPS)],
    ),
    "two spokes": (
        test_borders.spokes,
        [("eni-a", "eni-b", POSTGRES), ("eni-a", "10.9.0.5", POSTGRES), ("10.9.0.5", "eni-a", SSH)],
    ),
    "peer of another account": (
        test_borders.peered,
        [("eni-a", "10.9.0.5", POSTGRES), ("10.9.0.5", "eni-a", SSH), ("eni-a", "10.10.0.5", POSTGRES)],
    ),
    "two networks": (
        test_by_address.two_networks,
        [("eni-a", "eni-b", HTTPS), ("eni-a", "10.1.0.9", HTTPS), ("eni-a", "54.0.0.9", HTTPS)],
    ),
    "neighbours": (
        lambda: test_by_address.neighbours(tcp(443, CidrIp="54.0.0.8/32")),
        [("eni-a", "54.0.0.9", HTTPS), ("eni-a", "10.0.0.9", HTTPS), ("internet", "54.0.0.9", HTTPS)],
    ),
    "an address of S3": (
        test_by_address.store,
        [("eni-a", "52.219.0.5", HTTPS), ("eni-a", "52.219.0.5", SSH), ("eni-a", "s3", HTTPS)],
    ),
    "NAT64": (
        test_by_address.six_only,
        [("eni-a", "64:ff9b::808:808", HTTPS), ("eni-a", "internet", HTTPS), ("eni-a", "64:ff9b::a00:9", SSH)],
    ),
    "a balancer's interface": (
        test_by_address.balanced,
        [("eni-a", "10.0.0.30", HTTPS), ("eni-a", "10.0.0.30", SSH), ("internet", "54.0.0.30", SSH)],
    ),
    "an endpoint's interface": (
        lambda: test_by_address.managed(
            "", "vpc_endpoint", vpce_1=test_by_address.endpoint(test_by_address.SECRETS, "eni-m")
        ),
        [("eni-a", "eni-m", HTTPS), ("eni-a", "vpce-1", SSH), ("eni-a", "10.0.0.30", SSH)],
    ),
    "blocked public access": (
        lambda: test_public_access.blocked("block-ingress", "block-ingress", "off"),
        [("internet", "eni-o", HTTPS), ("eni-i", "8.8.8.8", HTTPS), ("eni-s", "2001:4860::8", HTTPS)],
    ),
    "regional NAT": (
        lambda: test_public_access.regional(**test_public_access.A_ONLY),
        [("eni-a", "internet", HTTPS), ("eni-b", "internet", HTTPS)],
    ),
    "database in one of two zones": (
        lambda: test_one_engine.database([("a", True), ("b", False)], "b"),
        [("internet", "rds/db", POSTGRES), ("place-0", "rds/db", POSTGRES)],
    ),
    "database": (placed, [("fn", "db", POSTGRES), ("internet", "db", POSTGRES), ("fn", "internet", HTTPS)]),
}


@cache
def network(name):
    """The graph, everything in it that may be unread, and how its questions stand."""
    make, questions = NETWORKS[name]
    graph = make()
    return graph, list(ways_to_hide(graph)), [(each, state(graph, *each)) for each in questions]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_what_was_not_read_never_turns_an_answer(data):
    graph, places, questions = network(data.draw(st.sampled_from(sorted(NETWORKS))))
    key, place, taken = data.draw(st.sampled_from(places))
    question, before = data.draw(st.sampled_from(questions))
    why = DENIED if place in LEFT_TO_AWS else data.draw(st.sampled_from((DENIED, OPEN)))
    after = state(hidden(graph, key, place, taken, why), *question)
    assert after in (before, "unknown", "nobody"), (question, key, place, taken)


def test_the_questions_have_answers_of_both_kinds():
    found = {before for name in NETWORKS for _, before in network(name)[2]}
    assert found >= {"reached", "blocked"}


# --- what is certain decides -----------------------------------------------------------------------------------------


def without(graph, name, place, *taken):
    """The graph with one thing unread; an element of a list is named by members of it."""
    found = next(each for each in graph.resources() if each.id == name)
    if taken:
        listed, (members, *rest) = found.properties[place.partition("[")[0]], taken
        taken = (next(index for index, each in enumerate(listed) if members.items() <= each.items()), *rest)
    return hidden(graph, found.key, place, taken, OPEN)


OPENED = [tcp(22, CidrIp="10.0.0.0/8"), tcp(443, **WORLD)]
INSIDE = {"FromPort": 22}
RULES, ENTRIES = "SecurityGroupIngress", "Entries"


def entry(number, action, port, cidr="0.0.0.0/0", out=False):
    ports = {"PortRange": {"From": port, "To": port}} if port else {}
    return {"RuleNumber": number, "RuleAction": action, "Egress": out, "Protocol": 6 if port else -1, "CidrBlock": cidr, **ports}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "taken", "services", "expected"),
    [
        # A rule that was not read adds to what others let in for certain.
        (RULES, (INSIDE,), HTTPS, "reached"),
        (RULES, (INSIDE,), SSH, "unknown"),
        (f"{RULES}[].CidrIp", (INSIDE, "CidrIp"), HTTPS, "reached"),
        (f"{RULES}[].CidrIp", (INSIDE, "CidrIp"), SSH, "unknown"),
        # Whatever the source of a rule about port 22 is, nobody comes in on another.
        (f"{RULES}[].CidrIp", (INSIDE, "CidrIp"), service("tcp", 80), "blocked"),
        (f"{RULES}[].ToPort", (INSIDE, "ToPort"), HTTPS, "reached"),
        # Whatever the ports of a rule about private addresses are, the Internet does not come in by it.
        (f"{RULES}[].FromPort", (INSIDE, "FromPort"), SSH, "blocked"),
    ],
)
def test_a_rule_that_was_not_read_hides_what_it_may_say(place, taken, services, expected):
    graph = without(public(sg_1=group(*OPENED)), "sg-1", place, *taken)
    assert asked(graph, "internet", "eni-1", services).state == expected


def test_the_rules_that_were_read_open_a_port_for_certain():
    graph = without(public(sg_1=group(tcp(22, **WORLD), tcp(443, **WORLD))), "sg-1", RULES, {"FromPort": 443})
    assert open_rules(named(graph, "sg-1"), 22)
    graph = without(public(sg_1=group(tcp(22, **WORLD))), "sg-1", f"{RULES}[].FromPort", {"FromPort": 22}, "FromPort")
    assert not open_rules(named(graph, "sg-1"), 22)


FIRST, SECOND = {"RuleNumber": 10, "Egress": False}, {"RuleNumber": 20}
OUTWARD = {"Egress": True}
LET = [entry(10, "allow", 443), entry(20, "deny", 0), entry(10, "allow", 0, out=True)]
SHUT = [entry(10, "deny", 443), entry(20, "allow", 0), entry(10, "allow", 0, out=True)]


@pytest.mark.parametrize(
    ("entries", "place", "taken", "expected"),
    [
        # An entry behind the one that decides has no say, whatever of it was not read.
        (LET, f"{ENTRIES}[].CidrBlock", (SECOND, "CidrBlock"), "reached"),
        (LET, f"{ENTRIES}[].RuleAction", (SECOND, "RuleAction"), "reached"),
        (SHUT, f"{ENTRIES}[].RuleAction", (SECOND, "RuleAction"), "blocked"),
        # One that may stand before it has.
        (LET, f"{ENTRIES}[].RuleNumber", (SECOND, "RuleNumber"), "unknown"),
        (LET, f"{ENTRIES}[].CidrBlock", (FIRST, "CidrBlock"), "unknown"),
        (SHUT, f"{ENTRIES}[].CidrBlock", (FIRST, "CidrBlock"), "unknown"),
        (LET, ENTRIES, (SECOND,), "unknown"),
        # Each direction has entries of its own.
        (SHUT, f"{ENTRIES}[].CidrBlock", (OUTWARD, "CidrBlock"), "blocked"),
    ],
)
def test_an_acl_entry_that_was_not_read_hides_what_comes_after_it(entries, place, taken, expected):
    graph = without(public(acl_outer=acl(*entries, subnets=["outer"])), "acl-outer", place, *taken)
    assert asked(graph, "internet", "eni-1", HTTPS).state == expected


@pytest.mark.parametrize(
    ("routes", "taken", "kind"),
    [
        (
            [LOCAL, OUT, {"DestinationCidrBlock": "10.9.0.0/16", "NatGatewayId": "nat-1"}],
            {"NatGatewayId": "nat-1"},
            "public",
        ),
        ([LOCAL, OUT, {"DestinationCidrBlock": "10.9.0.0/16", "NatGatewayId": "nat-1"}], {"GatewayId": "igw-1"}, ""),
    ],
)
def test_a_route_to_an_internet_gateway_makes_a_subnet_public_whatever_other_routes_say(routes, taken, kind):
    graph = without(public(rtb_outer=table(*routes, subnets=["outer"])), "rtb-outer", "Routes", taken)
    assert subnet_kind(graph, resolve(graph, "outer").resource).kind == kind


@pytest.mark.parametrize(
    ("name", "place", "expected"),
    [
        ("rtb-outer", "SubnetIds", "unknown"),
        ("acl-outer", "SubnetIds", "unknown"),
        ("outer", "VpcId", "unknown"),
        ("igw-1", "VpcId", "unknown"),
        ("eni-1", "PublicIps", "unknown"),
        ("eni-1", "GroupSet", "unknown"),
        ("eni-1", "SubnetId", "unknown"),
        # Nothing hangs on these.
        ("outer", "AvailabilityZone", "reached"),
        ("outer", "CidrBlock", "reached"),
        ("outer", "Ipv6CidrBlock", "reached"),
        ("vpc-1", "CidrBlock", "reached"),
        ("eni-1", "SourceDestCheck", "reached"),
        ("sg-1", "SecurityGroupEgress", "reached"),
    ],
)
def test_a_gap_is_as_wide_as_what_it_hides(name, place, expected):
    graph = public()
    assert asked(without(graph, name, place), "internet", "eni-1", HTTPS).state == expected
    # The groups stand before all of it: what they refuse is refused, wherever the machine stands.
    shut = public(sg_1=group(tcp(443, CidrIp="10.0.0.0/8")))
    if place != "GroupSet":
        assert asked(without(shut, name, place), "internet", "eni-1", HTTPS).state == "blocked"


@pytest.mark.parametrize(("place", "verdict"), [((), "kept"), (("SubnetIds", 0), "unknown")])
def test_a_subnet_that_was_not_read_may_be_a_public_one(place, verdict):
    """A database open to the world in two private subnets; of a third nothing is known but that there may be one."""
    closed = {
        "rtb_outer": table(LOCAL, subnets=["outer"]),
        "sg_db": group(tcp(5432, **WORLD)),
        "dbs": thing("RDS::DBSubnetGroup", SubnetIds=["inner", "outer"]),
        "inner": subnet("10.0.1.0/24"),
        "rtb_inner": table(LOCAL, subnets=["inner"]),
        "acl_inner": acl(subnets=["inner"]),
        "db": thing("RDS::DBInstance", DBInstanceIdentifier="db", DBSubnetGroupName="dbs", VPCSecurityGroups=["sg-db"],
                    PubliclyAccessible=True),
    }  # fmt: skip
    graph = drawn(**closed)
    if place:
        key = named(graph, "dbs").key
        graph = hidden(graph, key, place[0], place[1:], OPEN)
    assert from_internet(graph, resolve(graph, "db").resource, 5432).verdict == verdict
