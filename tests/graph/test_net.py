"""The graph as networkx has it holds the same edges as the indexes, and answers about shape; with both networkxes."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.graph.build import build
from auditor.graph.net import (
    ancestors,
    compare,
    descendants,
    neighbourhood,
    shortest_path,
    simple_paths,
)
from auditor.model import Inventory, Resource
from auditor.resources import load

pytestmark = pytest.mark.contract

slowly = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
ACCOUNT, REGION = "111122223333", "ap-northeast-2"


def made(cfn, name, origin="", **properties):
    arn = f"arn:aws:x:{REGION}:{ACCOUNT}:{cfn.split('::')[-1].lower()}/{name}"
    return Resource(cfn, name, ACCOUNT, REGION, arn, name, origin, properties=properties)


def graph_of(*resources):
    types = load()
    return build(Inventory(list(resources), [], frozenset(types), (ACCOUNT,), (REGION,)), types)


GROUPS = [f"sg-{n}" for n in range(4)]
SUBNETS = [f"subnet-{n}" for n in range(3)]
some = st.lists(st.sampled_from(GROUPS), max_size=3)
groups = st.fixed_dictionaries(dict.fromkeys(GROUPS, some))
machines = st.dictionaries(
    st.sampled_from([f"i-{n}" for n in range(4)]), st.tuples(some, st.sampled_from([*SUBNETS, "subnet-gone"]))
)
tables = st.lists(st.sampled_from(SUBNETS), max_size=3)


@st.composite
def inventories(draw):
    out = [made("AWS::EC2::Subnet", name) for name in SUBNETS]
    for name, peers in draw(groups).items():
        rules = [{"SourceSecurityGroupId": peer, "FromPort": n} for n, peer in enumerate(peers)]
        out.append(made("AWS::EC2::SecurityGroup", name, SecurityGroupIngress=rules))
    for name, (held, subnet) in draw(machines).items():
        out.append(made("AWS::EC2::Instance", name, SecurityGroupIds=held, SubnetId=subnet))
    out.append(made("AWS::EC2::RouteTable", "rtb-1", SubnetIds=draw(tables)))
    return draw(st.permutations(out))


@slowly
@given(inventories())
def test_the_net_and_the_indexes_hold_the_same_edges(resources):
    graph = graph_of(*resources)
    said = {
        (tail, relation, head, because)
        for tail, head, relation, told in graph.net.edges(keys=True, data=True)
        for because in told["because"]
    }
    assert said == {(each.tail, each.relation, each.head, each.because) for each in graph.edges()}
    for found, ends in ((graph.heads, "head"), (graph.tails, "tail")):
        pairs = [(edge, other) for resource in graph.resources() for edge, other in found(resource)]
        assert {(e.tail, e.relation, e.head, e.because) for e, _ in pairs} == said
        assert all(getattr(edge, ends) == other.key for edge, other in pairs)
    assert set(graph.net) == {each.key for each in graph.resources()}


@slowly
@given(inventories())
def test_the_net_does_not_depend_on_the_order_of_answers(resources):
    one, other = graph_of(*resources).net, graph_of(*sorted(resources, key=lambda each: each.key)).net
    assert list(one.nodes(data=True)) == list(other.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(other.edges(keys=True, data=True))


def test_it_is_made_once_and_tells_what_a_resource_is_and_not_what_is_in_it():
    secret = made("AWS::Lambda::Function", "fn", "main.tf:3", Environment={"Variables": {"TOKEN": "s3cr3t"}})
    graph = graph_of(secret)
    assert graph.net is graph.net
    assert graph.net.nodes[secret.key] == {
        "type": "AWS::Lambda::Function",
        "name": "fn",
        "account": ACCOUNT,
        "region": REGION,
        "origin": "main.tf:3",
        "id": "fn",
        "exists": "yes",
    }


def test_several_properties_that_say_one_relation_are_one_edge():
    rules = [{"SourceSecurityGroupId": "sg-2", "FromPort": port} for port in (80, 443)]
    graph = graph_of(
        made("AWS::EC2::SecurityGroup", "sg-1", SecurityGroupIngress=rules), made("AWS::EC2::SecurityGroup", "sg-2")
    )
    ((_, _, relation, said),) = graph.net.edges(keys=True, data=True)
    assert relation == "admits"
    assert len(said["because"]) == 2


def test_an_edge_knows_its_place_on_whichever_end_says_it():
    table = made("AWS::EC2::RouteTable", "rtb-1", "net.tf:9", SubnetIds=["subnet-1"])
    table.places["SubnetIds"] = "net.tf:30"
    graph = graph_of(table, made("AWS::EC2::Subnet", "subnet-1", "net.tf:1"))
    ((tail, head, relation, said),) = graph.net.edges(keys=True, data=True)
    assert (tail.rpartition("/")[2], relation, head.rpartition("/")[2]) == ("subnet-1", "routed-by", "rtb-1")
    assert said["origin"] == "net.tf:30"


def shaped(*edges):
    net = nx.MultiDiGraph()
    for tail, relation, head in edges:
        net.add_edge(tail, head, relation, because=("x",), origin="")
    return net


SHAPE = shaped(
    ("a", "runs", "b"), ("a", "targets", "b"), ("b", "runs", "c"), ("a", "runs", "d"), ("d", "targets", "c"),
    ("c", "runs", "a"),
)  # fmt: skip


def test_paths_keep_to_their_relations_and_bounds():
    assert shortest_path(SHAPE, "a", "c") in (["a", "b", "c"], ["a", "d", "c"])
    assert shortest_path(SHAPE, "a", "c", ("runs",)) == ["a", "b", "c"]
    assert shortest_path(SHAPE, "a", "c", ("targets",)) is None
    assert shortest_path(SHAPE, "a", "nothing") is None
    assert sorted(simple_paths(SHAPE, "a", "c")) == [["a", "b", "c"], ["a", "d", "c"]]
    assert list(simple_paths(SHAPE, "a", "c", longest=1)) == []
    assert len(list(simple_paths(SHAPE, "a", "c", most=1))) == 1
    assert list(simple_paths(SHAPE, "a", "a")) == []


def test_what_hangs_on_a_thing_and_what_it_hangs_on():
    net = shaped(("a", "runs", "b"), ("b", "targets", "c"), ("z", "runs", "a"))
    assert (descendants(net, "a"), ancestors(net, "b")) == ({"b", "c"}, {"a", "z"})
    assert descendants(net, "a", ("runs",)) == {"b"}


def test_the_neighbourhood_is_taken_whichever_way_edges_point():
    net = shaped(("a", "runs", "b"), ("c", "runs", "b"), ("c", "targets", "d"), ("d", "runs", "e"))
    assert list(neighbourhood(net, "b")) == ["a", "b", "c"]
    assert list(neighbourhood(net, "b", 0)) == ["b"]
    assert list(neighbourhood(net, "b", 2)) == ["a", "b", "c", "d"]
    assert sorted(neighbourhood(net, "b", 9).edges(keys=True)) == sorted(net.edges(keys=True))
    assert list(neighbourhood(net, "b", 9, ("runs",))) == ["a", "b", "c"]


def test_two_runs_are_compared_by_key():
    before = graph_of(
        made("AWS::EC2::Subnet", "subnet-1"), made("AWS::EC2::Instance", "i-1", SubnetId="subnet-1"),
        made("AWS::EC2::Instance", "i-2"),
    ).net  # fmt: skip
    renamed = made("AWS::EC2::Subnet", "subnet-1")
    renamed.name = "inner"
    after = graph_of(renamed, made("AWS::EC2::Instance", "i-1"), made("AWS::EC2::Instance", "i-3")).net
    found = compare(before, after)
    keys = {each.rpartition("/")[2]: each for net in (before, after) for each in net}
    assert (found.added, found.removed) == ((keys["i-3"],), (keys["i-2"],))
    assert found.changed == {keys["subnet-1"]: ("name",)}
    assert found.edges_removed == ((keys["i-1"], "placed-in", keys["subnet-1"]),)
    assert (found.edges_added, found.edges_changed) == ((), {})
    assert not compare(before, before)


@slowly
@given(inventories(), inventories())
def test_a_comparison_turned_round_says_the_opposite(one, other):
    there, back = compare(graph_of(*one).net, graph_of(*other).net), compare(graph_of(*other).net, graph_of(*one).net)
    assert (there.added, there.edges_added, there.changed) == (back.removed, back.edges_removed, back.changed)
    assert bool(there) == bool(back)
