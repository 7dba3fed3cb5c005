"""Ways that traffic takes: what they are made of, what all of them pass, and the fewest changes that close them.

The law is held against the engine itself: without the elements of a cut nothing gets through any more, and no smaller
set of elements does that; every set is tried. All of it with both networkxes.
"""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.graph.boxes import ALL_SERVICES, service
from auditor.graph.build import build
from auditor.graph.network import INTERNET, end_of, reach
from auditor.graph.ways import (
    Element,
    dominators,
    elements_of,
    fewest,
    passed_by_all,
    ways_between,
    ways_graph,
    ways_to_data,
    without,
)
from auditor.graph.ways.cuts import flow_cut
from tests.graph.network.drawn import LOCAL, OUT, acl, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.test_balancers import REFUSE, balanced, forward, listener, path, rule, source
from tests.graph.network.test_by_hand import entry, hide
from tests.graph.network.test_distributions import ANYBODY, OURS, reading, stored

pytestmark = pytest.mark.contract

WORLD = {"CidrIp": "0.0.0.0/0"}
HALVES = ({"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"})


def resource(graph, name):
    return next(each for each in graph.resources() if each.id == name)


def ways(graph, name, services=ALL_SERVICES, tail=None):
    return ways_between(graph, resource(graph, tail) if tail else None, resource(graph, name), services)


def words(elements):
    return [each.words.partition(" of ")[0] for each in elements]


def state_without(graph, name, elements, services=ALL_SERVICES):
    changed = build(without(graph.inventory, elements), graph.types)
    return reach(changed, INTERNET, end_of(changed, resource(changed, name)), services).state


def machine(*groups):
    return interface("10.0.0.5", "outer", *groups, public=["54.1.1.1"])


# ---- by hand


def test_each_rule_that_lets_traffic_in_is_a_way_and_the_route_is_on_all_of_them():
    graph = drawn(sg_1=group(tcp(22, **WORLD), tcp(443, **WORLD)), eni_1=machine("sg-1"))
    found = ways(graph, "eni-1")
    assert [words(way.elements)[-1] for way in found.proven] == [
        "rule tcp 22 from 0.0.0.0/0",
        "rule tcp 443 from 0.0.0.0/0",
    ]
    assert words(found.passed) == [
        "route 0.0.0.0/0 -> igw-1",
        "entry 100 (all traffic in from 0.0.0.0/0)",
        "entry 100 (all traffic out to 0.0.0.0/0)",
    ]
    assert (found.complete, found.least, len(found.cut), found.left.state) == (True, True, 1, "blocked")


def test_only_the_way_on_the_port_that_was_asked_for_counts():
    graph = drawn(sg_1=group(tcp(22, **WORLD), tcp(443, **WORLD)), eni_1=machine("sg-1"))
    found = ways(graph, "eni-1", service("tcp", 443))
    assert words(found.passed)[-1] == "rule tcp 443 from 0.0.0.0/0"
    # Of equally few changes the one that touches least beside the way.
    assert words(found.cut) == ["rule tcp 443 from 0.0.0.0/0"]


def test_an_entry_lets_through_what_an_earlier_one_is_no_longer_asked_for():
    entries = [entry(100, "allow", False, 443, 443), entry(200, "allow", False), entry(100, "allow", True, protocol=-1)]
    graph = drawn(acl_outer=acl(*entries, subnets=["outer"]), sg_1=group(tcp(443, **WORLD)), eni_1=machine("sg-1"))
    found = ways(graph, "eni-1")
    assert len(found.proven) == 2
    assert words(found.cut) == ["rule tcp 443 from 0.0.0.0/0"]
    assert not any("in from" in each for each in words(found.passed))


def test_what_no_way_leads_to_has_nothing_to_cut():
    found = ways(drawn(sg_1=group(), eni_1=machine("sg-1")), "eni-1")
    assert (found.state, found.proven, found.passed, found.cut) == ("blocked", (), (), ())


def test_over_a_balancer_the_ways_pass_its_listener_and_both_groups():
    found = ways(balanced(), "i-1", service("tcp", 443))
    said = words(found.passed)
    assert found.state == "reached"
    assert {"rule tcp 443 from 0.0.0.0/0", "rule tcp 8080 from sg-lb"} <= set(said)
    assert any(each.startswith("listener listener") for each in said)
    assert said.index("rule tcp 443 from 0.0.0.0/0") < said.index("rule tcp 8080 from sg-lb")


def test_a_machine_inside_is_reached_on_ways_between_places():
    graph = drawn(
        inner=subnet("10.0.1.0/24"), rtb_inner=table(LOCAL, subnets=["inner"]), acl_inner=acl(subnets=["inner"]),
        sg_1=group(), sg_2=group(tcp(5432, SourceSecurityGroupId="sg-1"), tcp(5432, CidrIp="10.0.0.0/24")),
        eni_1=machine("sg-1"), eni_2=interface("10.0.1.9", "inner", "sg-2"),
    )  # fmt: skip
    found = ways(graph, "eni-2", service("tcp", 5432), tail="eni-1")
    assert {words(way.elements)[-1] for way in found.proven} == {
        "rule tcp 5432 from sg-1",
        "rule tcp 5432 from 10.0.0.0/24",
    }


@pytest.mark.parametrize("policy", [ANYBODY, reading(**OURS)])
def test_a_bucket_is_opened_by_a_statement(policy):
    graph = stored(policy)
    found = ways(graph, "store")
    assert found.state == "reached"
    assert any(each.kind == "policy statement" for each in found.cut)


def test_a_function_url_and_the_like_are_closed_by_taking_them_away():
    graph = drawn(
        fn=thing("Lambda::Function", FunctionName="fn"),
        url=thing("Lambda::Url", TargetFunctionArn="fn", AuthType="NONE"),
    )
    found = ways(graph, "fn")
    assert [each.kind for each in found.cut] == ["function URL"]


# ---- what could not be read


def test_a_group_that_could_not_be_read_is_a_possible_way_beside_the_proven_ones():
    graph = drawn(sg_1=group(tcp(22, **WORLD)), sg_2=group(), eni_1=machine("sg-1", "sg-2"))
    hide(graph, "sg-2", "SecurityGroupIngress")
    found = ways(graph, "eni-1")
    assert (found.state, len(found.proven)) == ("reached", 1)
    assert all(way.proven for way in found.proven)
    assert words(found.cut) == ["rule tcp 22 from 0.0.0.0/0"]
    assert found.left.state == "unknown"
    assert len(found.possible) == 1
    narrow = ways(graph, "eni-1", service("tcp", 443))
    assert (narrow.state, narrow.proven, narrow.cut) == ("unknown", (), ())
    assert narrow.possible
    assert not any(way.proven for way in narrow.possible)
    assert narrow.possible[0].gaps


def test_after_the_cut_it_is_said_whether_a_way_remains_possible():
    graph = drawn(
        sg_1=group(tcp(22, **WORLD)), sg_2=group(), eni_1=machine("sg-1", "sg-2"),
        rtb_outer=table(LOCAL, OUT, subnets=["outer"]),
    )  # fmt: skip
    hide(graph, "sg-2", "SecurityGroupIngress")
    hide(graph, "acl-outer", "Entries")
    found = ways(graph, "eni-1")
    assert (found.state, found.proven) == ("unknown", ())
    assert found.left.state == "unknown"


# ---- the law


CIDRS = ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "54.0.0.0/8")
PORTS = (22, 443)


@st.composite
def networks(draw):
    """One place behind a table, an ACL and one or two groups, all of which allow and refuse something."""
    rules = st.lists(
        st.builds(lambda port, cidr: tcp(port, CidrIp=cidr), st.sampled_from(PORTS), st.sampled_from(CIDRS)),
        max_size=2,
        unique_by=str,
    )
    numbers = draw(st.permutations(range(100, 106)))
    into = [
        entry(next_number, draw(st.sampled_from(["allow", "allow", "deny"])), False, *draw(st.sampled_from([(None, None), (22, 22), (443, 443)])), cidr=draw(st.sampled_from(CIDRS)))
        for next_number in numbers[: draw(st.integers(1, 3))]
    ]  # fmt: skip
    out = [
        entry(next_number, draw(st.sampled_from(["allow", "deny"])), True, *draw(st.sampled_from([(1024, 65535), (1024, 2000), (None, None)])), cidr=draw(st.sampled_from(CIDRS)))
        for next_number in numbers[: draw(st.integers(1, 2))]
    ]  # fmt: skip
    targets = draw(st.dictionaries(st.sampled_from(CIDRS), st.sampled_from(["igw-1", "igw-1", "nat-1"]), min_size=1))
    routes = [
        {"DestinationCidrBlock": cidr, ("GatewayId" if target == "igw-1" else "NatGatewayId"): target}
        for cidr, target in targets.items()
    ]
    return drawn(
        rtb_outer=table(LOCAL, *routes, subnets=["outer"]),
        acl_outer=acl(*into, *out, subnets=["outer"]),
        sg_1=group(*draw(rules)),
        sg_2=group(*draw(rules)),
        eni_1=machine("sg-1", "sg-2"),
    )


law = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@law
@given(networks())
def test_the_cut_closes_every_proven_way_and_nothing_smaller_does(graph):
    found = ways(graph, "eni-1")
    assert (found.state == "reached") == bool(found.proven)
    if not found.proven:
        return
    assert found.least
    assert state_without(graph, "eni-1", found.cut) != "reached"
    every = [each for each in elements_of(graph.resources(), inward=True) if any(each in w.elements for w in found.proven)]  # fmt: skip
    for size in range(len(found.cut)):
        for some in combinations(every, size):
            assert state_without(graph, "eni-1", some) == "reached", some


@law
@given(networks())
def test_what_all_ways_pass_is_what_closes_them_alone(graph):
    found = ways(graph, "eni-1")
    alone = {
        each for each in elements_of(graph.resources(), inward=True) if state_without(graph, "eni-1", [each]) != "reached"
    }  # fmt: skip
    assert set(found.passed) == (alone if found.proven else set())
    net = ways_graph([found])
    assert {*dominators(net, found.tail, found.head)} <= {each.key for each in found.passed}


@law
@given(networks())
def test_each_way_passes_alone_and_not_without_one_of_its_elements(graph):
    found = ways(graph, "eni-1")
    every = set(elements_of(graph.resources(), inward=True))
    for way in found.proven:
        assert state_without(graph, "eni-1", every - set(way.elements)) == "reached"
        for each in way.elements:
            assert state_without(graph, "eni-1", (every - set(way.elements)) | {each}) != "reached"


@law
@given(networks())
def test_every_smallest_set_is_among_the_ways(graph):
    found = ways(graph, "eni-1")
    assert found.complete
    every = {each for way in found.proven for each in way.elements}
    known = {frozenset(way.elements) for way in found.proven}
    for size in range(1, 4 if len(every) > 7 else len(every) + 1):
        for some in map(frozenset, combinations(sorted(every, key=lambda each: each.rank), size)):
            if not any(way <= some for way in known):
                others = set(elements_of(graph.resources(), inward=True)) - some
                assert state_without(graph, "eni-1", others) != "reached", some


# ---- the graph of ways


def element(name):
    return Element(name, "", "security group rule", name)


NAMES = [element(name) for name in "abcdefg"]
sets = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True), min_size=1, max_size=7)


@settings(deadline=None)
@given(sets)
def test_the_fewest_elements_meet_every_way_and_fewer_do_not(many):
    found, least = fewest(many)
    assert least
    assert all(set(found) & set(way) for way in many)
    for some in combinations(NAMES, len(found) - 1):
        assert not all(set(some) & set(way) for way in many)
    assert all(flow_cut(many) & set(way) for way in many)


def test_a_way_without_an_element_cannot_be_cut():
    assert fewest([[], NAMES[:2]]) == (None, True)
    assert flow_cut([[]]) is None


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([("s", "a"), ("a", "t")], ["a"]),
        ([("s", "t")], []),
        ([("s", "a"), ("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "t")], ["a", "d"]),
        ([("s", "a"), ("s", "b"), ("a", "t"), ("b", "t")], []),
        ([("s", "a")], []),
    ],
)
def test_dominators_are_the_same_with_every_networkx(edges, expected):
    net = nx.DiGraph(edges)
    assert dominators(net, "s", "t") == expected


def test_the_graph_of_ways_keeps_possible_steps_apart():
    graph = drawn(sg_1=group(tcp(22, **WORLD)), sg_2=group(), eni_1=machine("sg-1", "sg-2"))
    hide(graph, "sg-2", "SecurityGroupIngress")
    net = ways_graph([ways(graph, "eni-1")])
    proven = [
        said["words"]
        for _, said in net.nodes(data=True)
        if said["kind"] == "security group rule" and not said["possible"]
    ]
    assert proven == ["rule tcp 22 from 0.0.0.0/0 of sg-1"]
    assert [said["possible"] for *_, said in net.edges(data=True)].count(True) == 1  # past the group that was not read


# ---- all data at once


def databases(*groups):
    things = {"subnets": thing("RDS::DBSubnetGroup", DBSubnetGroupName="subnets", SubnetIds=["outer"])}
    for number, rules in enumerate(groups):
        things[f"sg_{number}"] = group(*rules)
        things[f"db_{number}"] = thing(
            "RDS::DBInstance", DBInstanceIdentifier=f"db-{number}", DBSubnetGroupName="subnets",
            VPCSecurityGroups=[f"sg-{number}"], PubliclyAccessible=True,
        )  # fmt: skip
    return drawn(**things)


def test_what_every_way_to_all_data_passes():
    graph = databases([tcp(5432, **WORLD)], [tcp(3306, **WORLD)], [])
    found = ways_to_data(graph)
    assert [each.head_label for each in found] == ["db-0", "db-1"]
    net = ways_graph(found)
    assert words([element(net.nodes[key]["words"]) for key in passed_by_all(found)]) == [
        "route 0.0.0.0/0 -> igw-1",
        "entry 100 (all traffic in from 0.0.0.0/0)",
        "entry 100 (all traffic out to 0.0.0.0/0)",
    ]
    only = passed_by_all(found[:1])
    assert net.nodes[only[-1]]["words"] == "rule tcp 5432 from 0.0.0.0/0 of sg-0"
    assert passed_by_all([]) == []


# ---- hiding


PLACES = [("sg-1", "SecurityGroupIngress"), ("sg-2", "SecurityGroupIngress"), ("acl-outer", "Entries"), ("rtb-outer", "Routes")]  # fmt: skip


@law
@given(networks(), st.sampled_from(PLACES))
def test_what_is_proven_beside_something_unread_is_proven_when_it_is_read(graph, hidden):
    whole = ways(graph, "eni-1")
    every = set(elements_of(graph.resources(), inward=True))
    dark = build(graph.inventory, graph.types)  # asked nothing yet
    name, place = hidden
    owner = resource(dark, name)
    before = dict(owner.properties), dict(owner.unknown)
    try:
        hide(dark, name, place)
        found = ways(dark, "eni-1")
    finally:
        owner.properties, owner.unknown = before
    for way in found.proven:
        assert state_without(graph, "eni-1", every - set(way.elements)) == "reached"
    if whole.state == "reached":
        assert found.state != "blocked"
        assert found.proven or found.possible


# ---- the same law over what stands in front


@st.composite
def fronted(draw):
    """A machine behind an application balancer whose listeners, rules and groups are drawn, beside a public address."""
    ports = draw(st.lists(st.sampled_from([80, 443]), min_size=1, max_size=2, unique=True))
    things = {}
    for port in ports:
        default = draw(st.sampled_from([forward(), REFUSE]))
        things["listener" if port == ports[0] else "listener_2"] = listener(default, port=port)
    conditions = draw(st.sampled_from([[], [path("/api/*")], [source("54.0.0.0/8")]]))
    action = draw(st.sampled_from([forward(), REFUSE, forward(("other", 1))]))
    into = draw(st.lists(st.sampled_from(["rule", "none"]), max_size=1))
    things |= {"rule_1": rule(10, conditions, action)} if into == ["rule"] else {}
    world = [tcp(port, **WORLD) for port in draw(st.lists(st.sampled_from([80, 443]), max_size=2, unique=True))]
    own = [tcp(8080, SourceSecurityGroupId="sg-lb"), tcp(8080, CidrIp="10.0.0.0/16"), tcp(22, **WORLD)]
    things["sg_lb"] = group(*world, egress=draw(st.sampled_from([None, [tcp(8080, **WORLD)], []])))
    things["sg_1"] = group(*draw(st.lists(st.sampled_from(own), max_size=3, unique_by=str)))
    public = draw(st.booleans())
    where = "outer" if public else "inner"
    address = "10.0.0.9" if public else "10.0.1.9"
    things["eni_1"] = interface(address, where, "sg-1", public=["54.1.1.1"] if public else [], Attachment={"InstanceId": "i-1"})  # fmt: skip
    things["i_1"] = thing("EC2::Instance", SubnetId=where, SecurityGroupIds=["sg-1"], PrivateIp=address)
    return balanced(**things)


@settings(law, max_examples=60)
@given(fronted())
def test_the_law_holds_over_a_balancer(graph):
    found = ways(graph, "i-1")
    assert (found.state == "reached") == bool(found.proven)
    if not found.proven:
        return
    assert found.least
    assert found.complete
    assert state_without(graph, "i-1", found.cut) != "reached"
    every = sorted({each for way in found.proven for each in way.elements}, key=lambda each: each.rank)
    for size in range(len(found.cut)):
        for some in combinations(every, size):
            assert state_without(graph, "i-1", some) == "reached", some
    whole = set(elements_of(graph.resources(), inward=True))
    for way in found.proven:
        assert state_without(graph, "i-1", whole - set(way.elements)) == "reached"
