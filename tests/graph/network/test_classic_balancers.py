"""Classic load balancers as AWS documents them: listeners, zones, groups, and what stands before and inside."""

import pytest

from auditor.graph.boxes import service
from auditor.graph.network import from_internet, resolve
from auditor.model import Gap
from tests.graph.network.drawn import (
    ACCOUNT,
    LOCAL,
    REGION,
    acl,
    asked,
    drawn,
    group,
    interface,
    subnet,
    table,
    tcp,
    thing,
)
from tests.graph.network.hiding import hidden
from tests.graph.network.test_distributions import BY_LIST, HOST, distribution, listed

WORLD = {"CidrIp": "0.0.0.0/0"}
HTTPS = service("tcp", 443)
NODES = tcp(8080, SourceSecurityGroupId="sg-lb")


def classic(*ports, scheme="internet-facing", subnets=("outer",), groups=("sg-lb",), members=("i-1",), crosses=False):
    said = [
        {"Protocol": "TCP", "LoadBalancerPort": str(one), "InstanceProtocol": "TCP", "InstancePort": str(two)}
        for one, two in ports or [(443, 8080)]
    ]
    return thing("ElasticLoadBalancing::LoadBalancer", Scheme=scheme, Subnets=list(subnets), SecurityGroups=list(groups),
                 Listeners=said, Instances=list(members), CrossZone=crosses, DNSName=HOST)  # fmt: skip


def balanced(**more):
    """A Classic load balancer in `outer`, and a machine on 8080 in `inner` that admits it."""
    base = {
        "inner": subnet("10.0.1.0/24"),
        "rtb_inner": table(LOCAL, subnets=["inner"]),
        "acl_inner": acl(subnets=["inner"]),
        "sg_lb": group(tcp(443, **WORLD)),
        "sg_1": group(NODES),
        "eni_1": interface("10.0.1.9", "inner", "sg-1", Attachment={"InstanceId": "i-1", "DeviceIndex": 0}),
        "i_1": thing("EC2::Instance", SubnetId="inner", SecurityGroupIds=["sg-1"], PrivateIp="10.0.1.9"),
        "lb": classic(),
    }
    return drawn(**{**base, **more})


@pytest.mark.parametrize(
    ("things", "state", "code"),
    [
        ({}, "reached", None),
        ({"lb": classic((80, 8080))}, "blocked", "no-listener"),  # its group admits 443 only
        ({"lb": classic((80, 8080)), "sg_lb": group(tcp(80, **WORLD))}, "reached", None),
        ({"lb": classic((443, 9090))}, "blocked", "group-rules"),
        ({"lb": classic((80, 9090), (443, 8080))}, "reached", None),
        ({"lb": classic(scheme="internal")}, "blocked", "internal"),
        ({"lb": classic(members=("i-2",))}, "blocked", "no-public-address"),
        ({"sg_1": group(tcp(8080, CidrIp="10.0.0.0/24"))}, "reached", None),
        # It speaks for itself: a machine that admits the client alone is given nothing.
        ({"sg_1": group(tcp(8080, CidrIp="198.51.100.0/24"))}, "blocked", "group-rules"),
        ({"sg_lb": group(tcp(443, CidrIp="198.51.100.0/24"))}, "reached", None),
        ({"sg_lb": group(tcp(443, **WORLD), egress=[])}, "blocked", "group-rules"),
        ({"rtb_outer": table(LOCAL, subnets=["outer"])}, "blocked", "no-route-back"),
        # A zone without a node is given nothing; one with a node of its own is, and another where balancing crosses.
        ({"inner": subnet("10.0.1.0/24", zone="b")}, "blocked", "target-zone"),
        ({"inner": subnet("10.0.1.0/24", zone="b"), "lb": classic(crosses=True)}, "blocked", "target-zone"),
    ],
)
def test_the_way_from_the_internet_to_a_machine(things, state, code):
    for target in ("i-1", "eni-1"):
        found = asked(balanced(**things), "internet", target)
        assert (found.state, found.stop and found.stop.code) == (state, code), found
        if state == "reached":
            assert "Classic load balancer lb" in found.hops[-1]
            assert ("lb", "targets", "i-1") in {(edge.tail[-2:], edge.relation, edge.head[-3:]) for edge in found.path}


@pytest.mark.parametrize(("crosses", "state"), [(True, "reached"), (False, "blocked")])
def test_a_node_hands_on_to_another_zone_where_balancing_crosses_zones(crosses, state):
    """The node of zone b cannot be entered: its subnet has no way out."""
    graph = balanced(
        inner=subnet("10.0.1.0/24", zone="b"), other=subnet("10.0.2.0/24", zone="b"),
        rtb_other=table(LOCAL, subnets=["other"]), acl_other=acl(subnets=["other"]),
        lb=classic(subnets=("outer", "other"), crosses=crosses),
    )  # fmt: skip
    assert asked(graph, "internet", "i-1").state == state


def test_the_answer_names_the_port_of_the_listener():
    found = asked(balanced(lb=classic((443, 8080))), "internet", "i-1", service("tcp", 8080))
    assert (found.state, found.services) == ("reached", HTTPS)
    assert asked(balanced(), "internet", "i-1", service("tcp", 22)).state == "blocked"


def test_the_balancer_itself_is_an_end():
    assert asked(balanced(), "internet", "elb/lb", HTTPS).state == "reached"
    assert asked(balanced(), "internet", "clb/lb", service("tcp", 80)).state == "blocked"
    found = asked(
        balanced(lb=classic(scheme="internal"), sg_lb=group(tcp(443, CidrIp="10.0.0.0/16"))), "eni-1", "elb/lb"
    )
    assert (found.state, found.services) == ("reached", HTTPS)


def test_its_own_interface_takes_what_its_listeners_take():
    own = interface("10.0.0.7", "outer", "sg-lb", public=["203.0.113.7"], Description="ELB lb", RequesterManaged=True,
                    RequesterId="amazon-elb")  # fmt: skip
    graph = balanced(eni_lb=own, sg_lb=group(tcp(443, **WORLD), tcp(22, **WORLD)))
    assert asked(graph, "internet", "eni-lb", HTTPS).state == "reached"
    assert asked(graph, "internet", "eni-lb", service("tcp", 22)).state == "blocked"


def test_from_inside_over_an_internal_one():
    graph = balanced(
        lb=classic(scheme="internal"), sg_lb=group(tcp(443, CidrIp="10.0.0.0/16")), sg_2=group(),
        eni_2=interface("10.0.0.9", "outer", "sg-2"),
    )  # fmt: skip
    assert asked(graph, "eni-2", "i-1", HTTPS).state == "reached"
    assert asked(graph, "eni-2", "i-1", service("tcp", 80)).state == "blocked"


def test_cloudfront_draws_from_one():
    graph = balanced(sg_lb=group(tcp(443, **BY_LIST)), pl_edge=listed(), cf=distribution())
    for head in ("i-1", "elb/lb"):
        found = asked(graph, "203.0.113.9", head)
        assert (found.state, found.hops[0]) == ("reached", "CloudFront cf"), found


@pytest.mark.parametrize("place", ["Listeners", "Instances", "Scheme", "Subnets", "SecurityGroups"])
def test_what_was_not_read_of_it_leaves_it_open(place):
    graph = balanced(lb=classic(groups=("sg-lb",)))
    key = next(each.key for each in graph.of_type("AWS::ElasticLoadBalancing::LoadBalancer"))
    assert asked(hidden(graph, key, place, ()), "internet", "i-1").state == "unknown"


def test_a_list_that_was_not_read_may_hide_one():
    graph = balanced(lb=None)
    assert asked(graph, "internet", "i-1").state == "blocked"
    gap = Gap(ACCOUNT, REGION, "elb", "describe_load_balancers", "elasticloadbalancing:DescribeLoadBalancers", "denied",
              ("AWS::ElasticLoadBalancing::LoadBalancer",), "denied")  # fmt: skip
    graph = balanced(lb=None)
    graph.inventory.gaps.append(gap)
    assert (asked(graph, "internet", "i-1").state, asked(graph, "internet", "i-1").gaps) == ("unknown", (gap,))
    # A database is no machine that it could have.
    data = {"data": thing("RDS::DBSubnetGroup", SubnetIds=["inner"]), "db": thing("RDS::DBInstance", DBSubnetGroupName="data",
            VPCSecurityGroups=["sg-1"], PubliclyAccessible=False)}  # fmt: skip
    graph = balanced(lb=None, **data)
    graph.inventory.gaps.append(gap)
    assert from_internet(graph, resolve(graph, "rds/db").resource, 5432).verdict == "kept"
