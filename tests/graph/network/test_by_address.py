"""Ends that are named by an address: packets go to that one, by the way on which it is known, and to what takes them."""

import pytest

from auditor.graph.boxes import ALL_SERVICES, line, service
from auditor.graph.network import NoSuchEnd, free_spot, reach, resolve
from tests.graph.network.drawn import LOCAL, OUT, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.test_by_hand import hide

WORLD = {"CidrIp": "0.0.0.0/0"}
HTTPS, SSH = service("tcp", 443), service("tcp", 22)
ANY = {"IpProtocol": "-1", **WORLD}


def stood(found):
    return found.state, found.stop and found.stop.code


# --- a private address is met by private ways, a public one over the Internet -----------------------------------------


def two_networks(**more):
    """A machine in each of two public networks that nothing joins."""
    return drawn(
        **{
            "vpc_2": thing("EC2::VPC", CidrBlock="10.1.0.0/16", CidrBlocks=["10.1.0.0/16"]),
            "igw_2": thing("EC2::InternetGateway", VpcId="vpc-2"),
            "far": subnet("10.1.0.0/24", vpc="vpc-2"),
            "rtb_far": table({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-2"}, subnets=["far"], vpc="vpc-2"),
            "acl_far": acl(subnets=["far"]),
            "sg_a": group(ANY),
            "sg_b": group(ANY, vpc="vpc-2"),
            "eni_a": interface("10.0.0.8", "outer", "sg-a", public=["54.0.0.8"]),
            "eni_b": interface("10.1.0.9", "far", "sg-b", public=["54.0.0.9"]),
            **more,
        }
    )


def test_a_private_address_of_another_network_is_not_met_over_the_internet():
    graph = two_networks()
    assert asked(graph, "eni-a", "eni-b", HTTPS).state == "reached"
    assert asked(graph, "eni-a", "54.0.0.9", HTTPS).state == "reached"
    assert stood(asked(graph, "eni-a", "10.1.0.9", HTTPS)) == ("blocked", "private-destination")


def neighbours(rule, routes=(OUT,), public=("54.0.0.8",), **more):
    return drawn(
        **{
            "rtb_outer": table(LOCAL, *routes, subnets=["outer"]),
            "sg_a": group(),
            "sg_b": group(rule),
            "eni_a": interface("10.0.0.8", "outer", "sg-a", public=public),
            "eni_b": interface("10.0.0.9", "outer", "sg-b", public=["54.0.0.9"]),
            **more,
        }
    )


NAT_ROUTE = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
BEHIND_NAT = {
    "inner": subnet("10.0.1.0/24"),
    "rtb_inner": table(LOCAL, NAT_ROUTE, subnets=["inner"]),
    "acl_inner": acl(subnets=["inner"]),
    "eni_a": interface("10.0.1.8", "inner", "sg-a"),
    "nat_1": thing("EC2::NatGateway", SubnetId="outer", State="available", PrivateIpAddress="10.0.0.4", PublicIps=["54.0.0.4"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "private", "public"),
    [
        # By a private name both ways of saying who may come in count, by a public one addresses alone.
        (neighbours(tcp(443, SourceSecurityGroupId="sg-a")), "reached", "blocked"),
        (neighbours(tcp(443, CidrIp="10.0.0.8/32")), "reached", "blocked"),
        (neighbours(tcp(443, CidrIp="54.0.0.8/32")), "blocked", "reached"),
        (neighbours(tcp(443, **WORLD)), "reached", "reached"),
        # Without a way out, or without a public address, there is no way to a public address.
        (neighbours(tcp(443, **WORLD), routes=()), "reached", "blocked"),
        (neighbours(tcp(443, **WORLD), public=()), "reached", "blocked"),
        # Behind a NAT gateway the machine comes as that.
        (neighbours(tcp(443, CidrIp="54.0.0.4/32"), **BEHIND_NAT), "blocked", "reached"),
        (neighbours(tcp(443, SourceSecurityGroupId="sg-a"), **BEHIND_NAT), "reached", "blocked"),
    ],
)
def test_a_neighbour_under_its_private_and_under_its_public_address(graph, private, public):
    assert asked(graph, "eni-a", "10.0.0.9", HTTPS).state == private
    assert asked(graph, "eni-a", "eni-b", HTTPS).state == private
    found = asked(graph, "eni-a", "54.0.0.9", HTTPS)
    assert found.state == public, found


def test_an_elastic_address_is_met_like_any_public_one():
    graph = neighbours(
        tcp(443, SourceSecurityGroupId="sg-a"),
        eni_b=interface("10.0.0.9", "outer", "sg-b"),
        eip_1=thing("EC2::EIP", PublicIp="54.0.0.9", NetworkInterfaceId="eni-b"),
    )
    assert asked(graph, "eni-a", "54.0.0.9", HTTPS).state == "blocked"


def test_from_the_internet_an_address_is_not_what_stands_in_front_of_it():
    """A balancer before a machine: the machine's own address stays closed."""
    balancer = {
        "lb_1": thing("ElasticLoadBalancingV2::LoadBalancer", Type="application", Scheme="internet-facing",
                      Subnets=["outer"], SecurityGroups=["sg-l"]),
        "lst_1": thing("ElasticLoadBalancingV2::Listener", LoadBalancerArn="lb-1", Port=443, Protocol="HTTPS",
                       DefaultActions=[{"Type": "forward", "TargetGroupArn": "tg-1"}]),
        "tg_1": thing("ElasticLoadBalancingV2::TargetGroup", Port=443, Protocol="HTTPS", TargetType="ip", VpcId="vpc-1",
                      Targets=[{"Id": "10.0.0.9", "Port": 443}]),
        "sg_l": group(ANY),
    }  # fmt: skip
    graph = neighbours(tcp(443, SourceSecurityGroupId="sg-l"), **balancer)
    assert asked(graph, "internet", "eni-b", HTTPS).state == "reached"
    assert asked(graph, "internet", "54.0.0.9", HTTPS).state == "blocked"


# --- interfaces that services made ------------------------------------------------------------------------------------

ALB = "app/shop/50dc6c495c0c9188"


def managed(description, kind="interface", managed=True, **more):
    """An interface in the outer subnet that admits everything, and a machine beside it."""
    return drawn(
        **{
            "sg_a": group(ANY),
            "eni_a": interface("10.0.0.8", "outer", "sg-a", public=["54.0.0.8"]),
            "eni_m": interface("10.0.0.30", "outer", "sg-a", public=["54.0.0.30"], Description=description,
                               InterfaceType=kind, RequesterManaged=managed),
            **more,
        }
    )  # fmt: skip


def balanced(name=ALB, port=443):
    arn = f"loadbalancer/{ALB}"
    more = {
        arn: thing("ElasticLoadBalancingV2::LoadBalancer", Type="application", Scheme="internet-facing", Subnets=["outer"], SecurityGroups=["sg-a"]),
        "lst-1": thing("ElasticLoadBalancingV2::Listener", LoadBalancerArn=arn, Port=port, Protocol="HTTPS"),
    }  # fmt: skip
    return managed(f"ELB {name}", **more)


def endpoint(service_name, *interfaces):
    return thing("EC2::VPCEndpoint", VpcEndpointType="Interface", VpcId="vpc-1", ServiceName=service_name, State="available",
                 NetworkInterfaceIds=list(interfaces), SubnetIds=["outer"], SecurityGroupIds=["sg-a"])  # fmt: skip


SECRETS, MAIL = "com.amazonaws.ap-northeast-2.secretsmanager", "com.amazonaws.ap-northeast-2.email-smtp"
THEIRS = "com.amazonaws.vpce.ap-northeast-2.vpce-svc-0a1"
DATABASE = {"DBSubnetGroupName": "sng-1", "VPCSecurityGroups": ["sg-a"], "Port": 5432}


@pytest.mark.parametrize(
    ("graph", "port", "state"),
    [
        (balanced(), 443, "reached"),
        (balanced(), 22, "blocked"),
        (balanced("app/other/1"), 443, "unknown"),  # of a balancer that was not read
        (managed("ELB net/fast/1", "network_load_balancer"), 443, "unknown"),
        (managed("ELB classic"), 22, "unknown"),
        (managed("VPC Endpoint Interface vpce-1", "vpc_endpoint", vpce_1=endpoint(SECRETS, "eni-m")), 443, "reached"),
        (managed("VPC Endpoint Interface vpce-1", "vpc_endpoint", vpce_1=endpoint(SECRETS, "eni-m")), 22, "blocked"),
        (managed("VPC Endpoint Interface vpce-1", "vpc_endpoint", vpce_1=endpoint(MAIL, "eni-m")), 587, "reached"),
        (managed("VPC Endpoint Interface vpce-1", "vpc_endpoint", vpce_1=endpoint(THEIRS, "eni-m")), 8080, "unknown"),
        (managed("EFS mount target for fs-1 (fsmt-1)"), 2049, "reached"),
        (managed("EFS mount target for fs-1 (fsmt-1)"), 22, "blocked"),
        (managed("Amazon EKS shop"), 443, "reached"),
        (managed("Amazon EKS shop"), 22, "blocked"),
        (managed("RDSNetworkInterface", db_1=thing("RDS::DBInstance", **DATABASE), sng_1=thing("RDS::DBSubnetGroup", SubnetIds=["outer"])), 5432, "reached"),
        (managed("RDSNetworkInterface", db_1=thing("RDS::DBInstance", **DATABASE), sng_1=thing("RDS::DBSubnetGroup", SubnetIds=["outer"])), 22, "blocked"),
        (managed("RDSNetworkInterface"), 5432, "unknown"),
        (managed("Network interface for DBProxy shop", shop=thing("RDS::DBProxy", DBProxyName="shop", EngineFamily="POSTGRESQL")), 5432, "reached"),
        (managed("Network interface for DBProxy shop", shop=thing("RDS::DBProxy", DBProxyName="shop", EngineFamily="MYSQL")), 5432, "blocked"),
        (managed("Network interface for DBProxy gone"), 5432, "unknown"),
        (managed("Network Interface for Transit Gateway Attachment tgw-attach-1", "transit_gateway"), 443, "blocked"),
        (managed("AWS Lambda VPC ENI-server-1", "lambda"), 443, "blocked"),
        (managed("", "natGateway"), 443, "blocked"),
        (managed("", "quicksight"), 443, "unknown"),
        (managed("ElastiCache shop-001"), 6379, "unknown"),
        (managed("arn:aws:ecs:ap-northeast-2:111122223333:attachment/1"), 8080, "reached"),  # the user's own program
        (managed("aws-K8S-i-1", managed=False), 8080, "reached"),
    ],
)  # fmt: skip
def test_what_answers_at_an_interface_is_what_its_service_takes(graph, port, state):
    for other in ("eni-m", "10.0.0.30"):
        assert asked(graph, "eni-a", other, service("tcp", port)).state == state, other
    assert asked(graph, "internet", "54.0.0.30", service("tcp", port)).state == state


def test_filters_decide_before_what_a_service_takes():
    graph = managed("ElastiCache shop-001", sg_a=group(tcp(22, **WORLD)))
    assert stood(asked(graph, "eni-a", "eni-m", service("tcp", 6379))) == ("blocked", "group-rules")


def test_listeners_that_were_not_read_leave_the_ports_open():
    graph = balanced()
    hide(graph, "lst-1", "Port")
    assert asked(graph, "eni-a", "10.0.0.30", SSH).state == "unknown"


# --- addresses of a service behind an endpoint ------------------------------------------------------------------------

S3 = "52.219.0.5"


def store(state="available", entries=("52.219.0.0/16",), **more):
    to_store = {"DestinationPrefixListId": "pl-s3", "VpcEndpointId": "vpce-s3"}
    return drawn(
        **{
            "rtb_outer": table(LOCAL, to_store, subnets=["outer"]),
            "vpce_s3": thing("EC2::VPCEndpoint", VpcEndpointType="Gateway", VpcId="vpc-1", RouteTableIds=["rtb-outer"],
                             ServiceName="com.amazonaws.ap-northeast-2.s3", State=state),
            "pl_s3": thing("EC2::PrefixList", PrefixListName="com.amazonaws.ap-northeast-2.s3", Entries=[{"Cidr": each} for each in entries]),
            "sg_a": group(),
            "eni_a": interface("10.0.0.8", "outer", "sg-a"),
            **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "address", "services", "state", "code"),
    [
        (store(), S3, HTTPS, "reached", None),
        (store(), S3, service("tcp", 80), "reached", None),
        (store(), S3, SSH, "blocked", "no-listener"),
        (store(), "52.220.0.5", HTTPS, "blocked", "no-route"),
        (store(state="pendingAcceptance"), S3, HTTPS, "blocked", "bad-state"),
        (store(sg_a=group(egress=[{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}])), S3, HTTPS, "blocked", "group-rules"),
        (store(vpce_s3=None), S3, HTTPS, "unknown", "endpoint"),
        (store(rtb_outer=table(LOCAL, subnets=["outer"])), S3, HTTPS, "blocked", "no-route"),
    ],
)
def test_an_address_of_a_service_is_reached_over_its_endpoint(graph, address, services, state, code):
    assert stood(asked(graph, "eni-a", address, services)) == (state, code)


@pytest.mark.parametrize("state", ["available", "pendingAcceptance"])
def test_the_service_and_its_address_are_answered_alike(state):
    graph = store(state)
    assert asked(graph, "eni-a", "s3", HTTPS).state == asked(graph, "eni-a", S3, HTTPS).state


def test_an_endpoint_leads_to_its_service_and_not_to_the_internet():
    assert asked(store(), "eni-a", "internet").state == "blocked"


def test_where_the_list_was_not_read_an_address_may_be_in_it():
    graph = store()
    hide(graph, "pl-s3", "Entries")
    assert asked(graph, "eni-a", S3, HTTPS).state == "unknown"
    assert asked(graph, "eni-a", S3, SSH).state == "blocked"


# --- NAT64 ------------------------------------------------------------------------------------------------------------

FAR_SIX = "64:ff9b::808:808"  # 8.8.8.8


def six_only(route=None, **more):
    """A machine with an IPv6 address only, whose subnet sends 64:ff9b::/96 to a NAT gateway in the outer one."""
    way = route or {"DestinationIpv6CidrBlock": "64:ff9b::/96", "NatGatewayId": "nat-1"}
    return drawn(
        **{
            "inner": subnet(None, Ipv6CidrBlock="2600:1f00:0:2::/64"),
            "rtb_inner": table(way, subnets=["inner"]),
            "acl_inner": acl(subnets=["inner"]),
            "nat_1": thing("EC2::NatGateway", SubnetId="outer", State="available", PrivateIpAddress="10.0.0.4", PublicIps=["54.0.0.4"]),
            "sg_a": group(),
            "eni_a": interface(None, "inner", "sg-a", six=["2600:1f00:0:2::9"]),
            "sg_b": group(tcp(443, CidrIp="10.0.0.4/32")),
            "eni_b": interface("10.0.0.9", "outer", "sg-b"),
            **more,
        }
    )  # fmt: skip


FOUR_OUT = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]
CLOSED = {"RuleNumber": 1, "Protocol": -1, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (six_only(), "reached", None),
        (six_only({"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"}), "blocked", "nat-family"),
        (six_only({"DestinationIpv6CidrBlock": "2600::/16", "NatGatewayId": "nat-1"}), "blocked", "no-route"),
        (six_only({"DestinationIpv6CidrBlock": "64:ff9b::/96", "NatGatewayId": "nat-1", "State": "blackhole"}), "blocked", "blackhole"),
        (six_only({"DestinationIpv6CidrBlock": "64:ff9b::/96", "TransitGatewayId": "tgw-1"}), "unknown", "on-premises"),
        (six_only(nat_1=None), "unknown", "bad-state"),
        # Groups and the ACL before the gateway see IPv6, those behind it IPv4.
        (six_only(sg_a=group(egress=FOUR_OUT)), "blocked", "group-rules"),
        (six_only(acl_inner=acl(*({**CLOSED, "Egress": way} for way in (True, False)), subnets=["inner"])), "blocked", "acl"),
        (six_only(rtb_outer=table(LOCAL, subnets=["outer"])), "blocked", "no-route"),
        (six_only(eni_a=interface("10.0.1.8", "inner", "sg-a")), "blocked", "nobody-there"),
    ],
)  # fmt: skip
def test_an_ipv4_address_under_its_nat64_name(graph, state, code):
    found = asked(graph, "eni-a", FAR_SIX, HTTPS)
    assert stood(found) == (state, code), found
    if state == "reached":
        assert found.traffic.addresses == line(FAR_SIX)


def test_nat64_leads_to_private_addresses_too_and_speaks_for_itself():
    graph = six_only()
    assert asked(graph, "eni-a", "64:ff9b::a00:9", HTTPS).state == "reached"  # 10.0.0.9
    assert asked(graph, "eni-a", "64:ff9b::a00:9", SSH).state == "blocked"
    assert asked(graph, "eni-a", "64:ff9b::a00:4d", HTTPS).stop.code == "nobody-there"


def test_a_machine_without_ipv4_has_the_ipv4_internet_by_nat64_only():
    found = asked(six_only(), "eni-a", "internet", HTTPS)
    assert found.state == "reached"
    assert line("8.8.8.8") <= found.traffic.addresses
    assert not found.traffic.addresses & line("2000::/3")
    plain = six_only({"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"})
    assert asked(plain, "eni-a", "8.8.8.8", HTTPS).state == "blocked"  # it has no IPv4 address to send from


# --- what is no end ---------------------------------------------------------------------------------------------------

PARTS = {
    "pcx_1": thing("EC2::VPCPeeringConnection", VpcId="vpc-1", PeerVpcId="vpc-2", Status="active"),
    "tgw_1": thing("EC2::TransitGateway"),
    "vgw_1": thing("EC2::VPNGateway", VpcId="vpc-1"),
    "pl_1": thing("EC2::PrefixList", Entries=[]),
    "sg_a": group(),
    "dbs": thing("RDS::DBSubnetGroup", SubnetIds=["outer"]),
    "eni_a": interface("10.0.0.8", "outer", "sg-a"),
}


@pytest.mark.parametrize(
    "name",
    ["sg-a", "vpc-1", "igw-1", "rtb-outer", "acl-outer", "pcx-1", "tgw-1", "vgw-1", "pl-1", "s3", "bucket-1", "dbs"],
)
@pytest.mark.parametrize("hiding", [False, True])
def test_what_starts_no_connection_is_refused(name, hiding):
    graph = drawn(**PARTS, bucket_1=thing("S3::Bucket", BucketName="media"))
    if hiding:
        graph.inventory.asked -= {"AWS::EC2::Subnet"}
    with pytest.raises(NoSuchEnd) as refused:
        reach(graph, free_spot(graph, resolve(graph, name)), resolve(graph, "eni-a"), ALL_SERVICES)
    assert refused.value.certain


@pytest.mark.parametrize("name", ["eni-a", "outer", "10.0.0.8", "10.0.0.77", "internet", "fn-1", "fn-2"])
def test_what_starts_one_is_answered(name):
    where = {"SubnetIds": ["outer"], "SecurityGroupIds": ["sg-a"]}
    graph = drawn(**PARTS, fn_1=thing("Lambda::Function"), fn_2=thing("Lambda::Function", VpcConfig=where))
    assert reach(graph, free_spot(graph, resolve(graph, name)), resolve(graph, "eni-a"), ALL_SERVICES).state


def test_a_range_of_nat64_names_is_asked_as_one():
    assert asked(six_only(), "eni-a", "64:ff9b::/96", HTTPS).state == "reached"


# --- addresses of the account that no interface has -------------------------------------------------------------------


@pytest.mark.parametrize("attached", [True, False])
def test_an_elastic_address_that_is_attached_to_nothing_is_nobodys(attached):
    more = {"NetworkInterfaceId": "eni-b"} if attached else {}
    graph = neighbours(tcp(443, **WORLD), eip_1=thing("EC2::EIP", PublicIp="54.7.7.7", **more))
    expected = ("reached", None) if attached else ("blocked", "nobody-there")
    assert stood(asked(graph, "eni-a", "54.7.7.7", HTTPS)) == expected
    assert stood(asked(graph, "internet", "54.7.7.7", HTTPS)) == expected


def test_the_address_of_a_nat_gateway_takes_nothing_in():
    graph = neighbours(tcp(443, **WORLD), **BEHIND_NAT)
    for one in ("eni-a", "internet", "eni-b"):
        assert stood(asked(graph, one, "54.0.0.4", HTTPS)) == ("blocked", "nat-inward"), one


def overlapping(*rules, **more):
    """A private NAT gateway before a peering: what is behind it sees the gateway's addresses alone."""
    peering = {"DestinationCidrBlock": "10.1.0.0/16", "VpcPeeringConnectionId": "pcx-1"}
    return drawn(**{
        "vpc_2": thing("EC2::VPC", CidrBlock="10.1.0.0/16", CidrBlocks=["10.1.0.0/16"]),
        "pcx_1": thing("EC2::VPCPeeringConnection", VpcId="vpc-1", PeerVpcId="vpc-2", Status="active",
                       CidrBlocks=["10.0.0.0/16"], PeerCidrBlocks=["10.1.0.0/16"]),
        "inner": subnet("10.0.1.0/24"), "acl_inner": acl(subnets=["inner"]),
        "rtb_inner": table(LOCAL, {**peering, "VpcPeeringConnectionId": None, "NatGatewayId": "nat-1"}, subnets=["inner"]),
        "mid": subnet("10.0.2.0/24"), "acl_mid": acl(subnets=["mid"]), "rtb_mid": table(LOCAL, peering, subnets=["mid"]),
        "nat_1": thing("EC2::NatGateway", SubnetId="mid", VpcId="vpc-1", ConnectivityType="private"),
        "far": subnet("10.1.0.0/24", vpc="vpc-2"), "acl_far": acl(subnets=["far"]),
        "rtb_far": table({"DestinationCidrBlock": "10.0.2.0/24", "VpcPeeringConnectionId": "pcx-1"}, subnets=["far"], vpc="vpc-2"),
        "sg_a": group(), "sg_b": group(*rules, vpc="vpc-2"),
        "eni_a": interface("10.0.1.8", "inner", "sg-a"), "eni_b": interface("10.1.0.9", "far", "sg-b"),
        **more,
    })  # fmt: skip


def closed_inwards(*blocks):
    entries = [{"RuleNumber": 1, "Egress": True, "Protocol": -1, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}]
    entries += [{"RuleNumber": 1 + number, "Egress": False, "Protocol": -1, "RuleAction": "allow", "CidrBlock": each}
                for number, each in enumerate(blocks)]  # fmt: skip
    return acl(*entries, subnets=["mid"])


@pytest.mark.parametrize(
    ("admitted", "more", "expected"),
    [
        ("10.0.2.0/24", {}, "reached"),  # the gateway's subnet
        ("10.0.1.0/24", {}, "blocked"),  # the machine's, which nobody behind the gateway sees
        ("10.0.2.0/24", {"acl_mid": closed_inwards("10.1.0.0/16", "10.0.1.0/24")}, "reached"),
        ("10.0.2.0/24", {"acl_mid": closed_inwards("10.1.0.0/16")}, "blocked"),  # the gateway does not get the packets
    ],
)
def test_behind_a_private_nat_gateway_the_gateway_is_seen(admitted, more, expected):
    found = asked(overlapping(tcp(5432, CidrIp=admitted), **more), "eni-a", "eni-b", service("tcp", 5432))
    assert found.state == expected, found.because
