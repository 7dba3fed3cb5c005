"""Two ends that no private way joins: the far one sees the public address under which the near one leaves.

Behind a NAT gateway that is the address of the gateway. A function outside a VPC calls from addresses of the service, of
which nobody knows which.
"""

import pytest

from auditor.graph.boxes import service
from tests.graph.network.drawn import ALL_OUT, LOCAL, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.test_services import balanced

HTTPS = service("tcp", 443)
OTHER = {"DestinationCidrBlock": "10.1.0.0/16", "GatewayId": "local"}


def two_networks(admitted, nat=("54.0.0.5",)):
    """A machine and a function behind a NAT gateway, one with an address of its own, and a target in another network."""
    translated = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
    return drawn(
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, translated, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        nat_1=thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.5", PublicIps=list(nat)),
        sg_1=group(),
        eni_inner=interface("10.0.1.9", "inner", "sg-1"),
        eni_outer=interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"]),
        fn=thing("Lambda::Function", FunctionName="fn"),
        vpc_2=thing("EC2::VPC", CidrBlock="10.1.0.0/16", CidrBlocks=["10.1.0.0/16"]),
        igw_2=thing("EC2::InternetGateway", VpcId="vpc-2"),
        there=subnet("10.1.0.0/24", vpc="vpc-2"),
        rtb_there=table(OTHER, {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-2"}, subnets=["there"], vpc="vpc-2"),
        acl_there=acl(subnets=["there"]),
        sg_2=group(tcp(443, CidrIp=admitted), egress=ALL_OUT, vpc="vpc-2"),
        eni_target=interface("10.1.0.8", "there", "sg-2", public=["54.0.1.8"]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tail", "admitted", "state"),
    [
        ("eni-outer", "0.0.0.0/0", "reached"),
        ("eni-outer", "54.0.0.9/32", "reached"),
        ("eni-outer", "203.0.113.0/24", "blocked"),
        ("eni-inner", "0.0.0.0/0", "reached"),
        ("eni-inner", "54.0.0.5/32", "reached"),
        ("eni-inner", "54.0.0.9/32", "blocked"),  # the address of somebody else
        ("eni-inner", "203.0.113.0/24", "blocked"),
        ("lambda/fn", "0.0.0.0/0", "reached"),
        ("lambda/fn", "203.0.113.0/24", "unknown"),
    ],
)
def test_the_address_that_is_seen_decides(tail, admitted, state):
    found = asked(two_networks(admitted), tail, "eni-target", HTTPS)
    assert found.state == state, found.because
    if state == "blocked":
        assert found.stop.code == "group-rules"


def test_a_gateway_whose_address_was_not_read_may_be_admitted():
    assert asked(two_networks("203.0.113.0/24", nat=()), "eni-inner", "eni-target", HTTPS).state == "unknown"
    assert asked(two_networks("0.0.0.0/0", nat=()), "eni-inner", "eni-target", HTTPS).state == "reached"


OPEN = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]
OFFICE = [{"IpProtocol": "-1", "CidrIp": "203.0.113.0/24"}]


def behind_a_balancer(admitted=OPEN, way=True, **more):
    """An instance behind a balancer on 443, which admits nobody else; a machine of the same network and a function."""
    translated = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
    return balanced(
        **{
            "sg_lb": group(*admitted),
            "sg_client": group(),
            "client": subnet("10.0.7.0/24"),
            "rtb_client": table(LOCAL, *([translated] if way else []), subnets=["client"]),
            "acl_client": acl(subnets=["client"]),
            "nat_1": thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.5", PublicIps=["54.0.0.5"]),
            "eni_client": interface("10.0.7.9", "client", "sg-client"),
            "fn": thing("Lambda::Function", FunctionName="fn"),
            **more,
        }
    )


@pytest.mark.parametrize(
    ("graph", "tail", "head", "port", "state"),
    [
        (behind_a_balancer(), "lambda/fn", "lb", 443, "reached"),
        (behind_a_balancer(), "lambda/fn", "lb", 22, "blocked"),  # nothing listens there
        (behind_a_balancer(), "lambda/fn", "i-1", 443, "reached"),
        (behind_a_balancer(OFFICE), "lambda/fn", "i-1", 443, "unknown"),
        (behind_a_balancer(scheme="internal"), "lambda/fn", "i-1", 443, "blocked"),
        (behind_a_balancer(), "eni-client", "i-1", 443, "reached"),
        (behind_a_balancer(), "eni-client", "i-1", 22, "blocked"),
        (behind_a_balancer(OFFICE), "eni-client", "i-1", 443, "blocked"),
        (behind_a_balancer([tcp(443, CidrIp="54.0.0.5/32")]), "eni-client", "i-1", 443, "reached"),
        (behind_a_balancer(way=False), "eni-client", "i-1", 443, "reached"),  # at the balancer's private address
        (behind_a_balancer(OFFICE, way=False), "eni-client", "i-1", 443, "blocked"),
        (behind_a_balancer(scheme="internal", way=False), "eni-client", "i-1", 443, "reached"),
        (
            behind_a_balancer([tcp(443, SourceSecurityGroupId="sg-client")], way=False),
            "eni-client",
            "i-1",
            443,
            "reached",
        ),
        (behind_a_balancer([tcp(443, SourceSecurityGroupId="sg-1")], way=False), "eni-client", "i-1", 443, "blocked"),
        (behind_a_balancer(way=False), "eni-client", "i-1", 22, "blocked"),
        # It gets out to one office only, and nobody knows the public addresses of the balancer.
        (
            behind_a_balancer(sg_client=group(egress=[tcp(443, CidrIp="203.0.113.0/24")])),
            "eni-client",
            "i-1",
            443,
            "unknown",
        ),
    ],
)
def test_what_every_stranger_may_use_a_machine_inside_may_use_too(graph, tail, head, port, state):
    found = asked(graph, tail, head, service("tcp", port))
    assert found.state == state, found.because


def with_url(who, way=True):
    url = thing("Lambda::Url", FunctionArn="fn", TargetFunctionArn="fn", AuthType=who, FunctionUrl="https://x")
    return behind_a_balancer(way=way, url=url)


@pytest.mark.parametrize(
    ("graph", "port", "state"),
    [
        (with_url("NONE"), 443, "reached"),
        (with_url("NONE"), 80, "blocked"),
        (with_url("AWS_IAM"), 443, "blocked"),
        (with_url("NONE", way=False), 443, "blocked"),  # nothing leads out to it
    ],
)
def test_a_function_answers_a_machine_at_its_open_url(graph, port, state):
    found = asked(graph, "eni-client", "lambda/fn", service("tcp", port))
    assert found.state == state, found.because
