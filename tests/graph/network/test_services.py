"""Databases, functions, load balancers and transit gateways, worked out by hand from AWS's documentation."""

import pytest

from auditor.graph.boxes import service
from auditor.graph.network import INTERNET, flows, from_internet, resolve
from tests.graph.network.drawn import (
    LOCAL,
    OPEN_ENTRIES,
    OUT,
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

WORLD = {"CidrIp": "0.0.0.0/0"}
HTTPS = service("tcp", 443)


# --- databases, functions, load balancers ----------------------------------------------------------------------------


@pytest.mark.parametrize("flag", [True, False])
@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("admitted", [True, False])
def test_a_database_is_public_by_flag_and_route_and_group(flag, public, admitted):
    graph = drawn(
        rtb_outer=table(LOCAL, *([OUT] if public else []), subnets=["outer"]),
        sg_1=group(tcp(5432, **WORLD) if admitted else tcp(5432, CidrIp="10.0.0.0/16")),
        data=thing("RDS::DBSubnetGroup", SubnetIds=["outer"]),
        db=thing("RDS::DBInstance", DBSubnetGroupName="data", VPCSecurityGroups=["sg-1"], PubliclyAccessible=flag),
    )
    found = asked(graph, "internet", "rds/db", service("tcp", 5432))
    assert (found.state == "reached") == (flag and public and admitted)
    assert found.state != "unknown"
    if not flag:
        assert found.stop.code == "not-public"
    verdict = from_internet(graph, resolve(graph, "rds/db").resource, 5432).verdict
    assert (verdict == "broken") == (flag and public and admitted)


def function(**config):
    return thing("Lambda::Function", FunctionName="fn", **({"VpcConfig": config} if config else {}))


def test_a_function_in_a_public_subnet_has_no_way_out():
    """Its interfaces have no public address, so the internet gateway drops what they send; a NAT gateway would not."""
    graph = drawn(sg_1=group(), fn=function(SubnetIds=["outer"], SecurityGroupIds=["sg-1"]))
    assert asked(graph, "fn", "internet").stop.code == "no-public-address"
    assert asked(graph, "internet", "fn").stop.code == "takes-no-connections"
    free = drawn(fn=function())
    assert asked(free, "fn", "internet").state == "reached"


def test_a_function_answers_at_its_open_url():
    url = thing("Lambda::Url", FunctionArn="fn", TargetFunctionArn="fn", AuthType="NONE", FunctionUrl="https://x")
    graph = drawn(fn=function(), url=url)
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == "reached"
    signed = drawn(fn=function(), url={**url, "Properties": {**url["Properties"], "AuthType": "AWS_IAM"}})
    assert asked(signed, "internet", "lambda/fn", HTTPS).state == "blocked"


def test_a_function_that_is_cut_off_in_one_subnet_breaks_its_arrow():
    things = {
        "inner": subnet("10.0.1.0/24", zone="b"),
        "acl_inner": acl(subnets=["inner"]),
        "sg_1": group(),
        "sg_2": group(tcp(5432, CidrIp="10.0.0.0/24")),
        "data": thing("RDS::DBSubnetGroup", SubnetIds=["inner"]),
        "db": thing("RDS::DBInstance", DBSubnetGroupName="data", VPCSecurityGroups=["sg-2"]),
    }
    for subnets, verdict in ((["outer"], "kept"), (["outer", "inner"], "broken")):
        graph = drawn(fn=function(SubnetIds=subnets, SecurityGroupIds=["sg-1"]), **things)
        answer = flows(graph, resolve(graph, "fn").resource, resolve(graph, "rds/db").resource, 5432)
        assert answer.verdict == verdict, answer


def listener(**more):
    forward = [{"Type": "forward", "TargetGroupArn": "tg"}]
    return thing("ElasticLoadBalancingV2::Listener", LoadBalancerArn="lb", DefaultActions=forward, **more)


def balanced(scheme="internet-facing", target_rule=None, **more):
    return drawn(
        **{
            "inner": subnet("10.0.1.0/24"),
            "rtb_inner": table(LOCAL, subnets=["inner"]),
            "acl_inner": acl(subnets=["inner"]),
            "sg_lb": group(tcp(443, **WORLD)),
            "sg_1": group(target_rule or tcp(8080, SourceSecurityGroupId="sg-lb")),
            "eni_1": interface("10.0.1.9", "inner", "sg-1", Attachment={"InstanceId": "i-1"}),
            "i_1": thing("EC2::Instance", SubnetId="inner", SecurityGroupIds=["sg-1"], PrivateIp="10.0.1.9"),
            "lb": thing(
                "ElasticLoadBalancingV2::LoadBalancer", Type="application", Scheme=scheme, Subnets=["outer"], SecurityGroups=["sg-lb"]
            ),
            "tg": thing(
                "ElasticLoadBalancingV2::TargetGroup", TargetType="instance", Protocol="HTTP", Port=8080,
                LoadBalancerArns=["lb"], Targets=[{"Id": "i-1", "Port": 8080}],
            ),
            "listener": listener(Port=443, Protocol="HTTPS"),
            **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("network", "state", "code"),
    [
        (balanced(), "reached", None),
        (balanced(scheme="internal"), "blocked", None),
        (balanced(target_rule=tcp(8080, CidrIp="10.0.0.0/24")), "reached", None),
        (balanced(target_rule=tcp(9090, SourceSecurityGroupId="sg-lb")), "blocked", None),
        (balanced(listener=None), "blocked", None),
    ],
)
def test_the_world_reaches_a_target_through_its_load_balancer(network, state, code):
    found = asked(network, "internet", "i-1")
    assert found.state == state, found
    if state == "reached":
        assert {"targets", "attached-to"} <= {edge.relation for edge in found.path}
        assert found.services == HTTPS


def test_a_network_balancer_hands_on_the_clients_address():
    lb = thing(
        "ElasticLoadBalancingV2::LoadBalancer",
        Type="network",
        Scheme="internet-facing",
        Subnets=["outer"],
        SecurityGroups=[],
    )
    tg = thing("ElasticLoadBalancingV2::TargetGroup", TargetType="instance", Protocol="TCP", Port=8080, LoadBalancerArns=["lb"],
               Targets=[{"Id": "i-1", "Port": 8080}])  # fmt: skip
    things = {"lb": lb, "tg": tg, "listener": listener(Port=443, Protocol="TCP")}
    nodes_only = balanced(target_rule=tcp(8080, CidrIp="10.0.0.0/24"), **things)
    assert asked(nodes_only, "internet", "i-1").state == "blocked"
    assert asked(balanced(target_rule=tcp(8080, **WORLD), **things), "internet", "i-1").state == "reached"


# --- transit gateways ------------------------------------------------------------------------------------------------


def transit(routes, *, associated=True, zone="a", keeps="disable", rule=None):
    over = {"DestinationCidrBlock": "10.1.0.0/16", "TransitGatewayId": "tgw-1"}
    home = {"DestinationCidrBlock": "10.0.0.0/16", "TransitGatewayId": "tgw-1"}
    members = [{"TransitGatewayAttachmentId": name, "ResourceType": "vpc"} for name in ("att-1", "att-2")]
    options = {"SecurityGroupReferencingSupport": keeps}
    return drawn(
        vpc_2=thing("EC2::VPC", CidrBlock="10.1.0.0/16", CidrBlocks=["10.1.0.0/16"]),
        far=subnet("10.1.0.0/24", vpc="vpc-2"),
        door=subnet("10.0.9.0/28", zone=zone),
        rtb_outer=table(LOCAL, over, subnets=["outer"]),
        rtb_far=table(home, subnets=["far"], vpc="vpc-2"),
        acl_far=acl(subnets=["far"]),
        tgw_1=thing("EC2::TransitGateway", SecurityGroupReferencingSupport=keeps),
        att_1=thing(
            "EC2::TransitGatewayAttachment",
            TransitGatewayId="tgw-1",
            VpcId="vpc-1",
            SubnetIds=["door"],
            Options=options,
        ),
        att_2=thing(
            "EC2::TransitGatewayAttachment", TransitGatewayId="tgw-1", VpcId="vpc-2", SubnetIds=["far"], Options=options
        ),
        rtb_t=thing(
            "EC2::TransitGatewayRouteTable",
            TransitGatewayId="tgw-1",
            Routes=routes,
            Associations=members if associated else [],
        ),
        sg_a=group(),
        sg_b=group(rule or tcp(5432, CidrIp="10.0.0.0/16"), vpc="vpc-2"),
        eni_a=interface("10.0.0.8", "outer", "sg-a"),
        eni_b=interface("10.1.0.9", "far", "sg-b"),
    )


def to(cidr, attachment, **more):
    return {
        "DestinationCidrBlock": cidr,
        "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": attachment, "ResourceType": "vpc"}],
        **more,
    }


BOTH = [to("10.0.0.0/16", "att-1"), to("10.1.0.0/16", "att-2")]
BY_GROUP = tcp(5432, SourceSecurityGroupId="sg-a")


@pytest.mark.parametrize(
    ("network", "state", "code"),
    [
        (transit(BOTH), "reached", None),
        (transit(BOTH[1:]), "blocked", "no-route-back"),
        (transit(BOTH[:1]), "blocked", "transit-route"),
        (transit([*BOTH, to("10.1.0.0/24", "att-2", State="blackhole")]), "blocked", "blackhole"),
        (transit(BOTH, associated=False), "blocked", "transit-association"),
        (transit(BOTH, zone="c"), "blocked", "transit-zone"),
        (transit(BOTH, rule=BY_GROUP), "blocked", "group-reference"),
        (transit(BOTH, rule=BY_GROUP, keeps="enable"), "reached", None),
    ],
)
def test_over_a_transit_gateway(network, state, code):
    found = asked(network, "eni-a", "eni-b", service("tcp", 5432))
    assert (found.state, found.stop and found.stop.code) == (state, code), found


def test_the_internet_is_the_internet_end():
    assert resolve(drawn(), "internet") is INTERNET
    assert OPEN_ENTRIES
