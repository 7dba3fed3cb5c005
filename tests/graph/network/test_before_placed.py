"""What stands in front of things that AWS placed: a network balancer with their addresses as targets, and interfaces of
kinds that are not described. `paths`, the rule's question and the target's own address have one answer."""

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
from tests.graph.network.test_balancers import balancer, listener, targets

WORLD = {"CidrIp": "0.0.0.0/0"}
OPEN_NODE = (tcp(5432, CidrIp="0.0.0.0/0"),)
POSTGRES = service("tcp", 5432)
VERDICTS = {"reached": "broken", "blocked": "kept", "unknown": "unknown"}


def rds(address, *groups, place="inner", **more):
    """An interface as RDS makes it."""
    told = {"Description": "RDSNetworkInterface", "RequesterId": "amazon-rds", "RequesterManaged": True}
    return interface(address, place, *groups, **{**told, "Attachment": {"InstanceOwnerId": "amazon-rds"}, **more})


def private(*admits, preserve=None, guarded=True, node=OPEN_NODE, member="10.0.1.50", **more):
    """A private database at 10.0.1.50, and a public network balancer that has an address as its target."""
    attributes = {} if preserve is None else {"preserve_client_ip.enabled": preserve}
    base = {
        "inner": subnet("10.0.1.0/24"),
        "rtb_inner": table(LOCAL, subnets=["inner"]),
        "acl_inner": acl(subnets=["inner"]),
        "sg_db": group(*admits),
        "sg_lb": group(*node),
        "data": thing("RDS::DBSubnetGroup", SubnetIds=["inner"]),
        "db": database("sg-db"),
        "eni_db": rds("10.0.1.50", "sg-db"),
        "lb": balancer("network", groups=("sg-lb",) if guarded else ()),
        "listener": listener(port=5432, protocol="TCP"),
        "tg": targets("ip", "TCP", ({"Id": member, "Port": 5432},), port=5432, attributes=attributes),
    }
    return drawn(**{**base, **more})


def database(*groups, public=False):
    return thing("RDS::DBInstance", DBSubnetGroupName="data", VPCSecurityGroups=list(groups), PubliclyAccessible=public,
                 Engine="postgres", Port="5432")  # fmt: skip


def answers(graph):
    """How `paths` to the database, `paths` to its interface and the rule's question stand."""
    rule = from_internet(graph, resolve(graph, "rds/db").resource, 5432)
    return asked(graph, "internet", "rds/db", POSTGRES), asked(graph, "internet", "eni-db", POSTGRES), rule


FROM_BALANCER = tcp(5432, SourceSecurityGroupId="sg-lb")
FROM_NODES = tcp(5432, CidrIp="10.0.0.0/24")
OFFICE = tcp(5432, CidrIp="198.51.100.0/24")


@pytest.mark.parametrize(
    ("admits", "preserve", "guarded", "state"),
    [
        # AWS: with targets by address the client's address is not kept on TCP, unless the group says so.
        (FROM_BALANCER, None, True, "reached"),
        (FROM_NODES, None, True, "reached"),
        (FROM_NODES, None, False, "reached"),
        (FROM_NODES, "false", True, "reached"),
        (tcp(5432, **WORLD), None, True, "reached"),
        (OFFICE, None, True, "blocked"),
        # A balancer without groups has none that could be named.
        (FROM_BALANCER, None, False, "blocked"),
        # Where it is kept, the database sees the client: its address, or the balancer's group.
        (FROM_NODES, "true", True, "blocked"),
        (tcp(5432, **WORLD), "true", True, "reached"),
        (FROM_BALANCER, "true", True, "reached"),
        (FROM_BALANCER, "true", False, "blocked"),
        (tcp(22, **WORLD), None, True, "blocked"),
    ],
)
def test_a_network_balancer_before_a_private_database(admits, preserve, guarded, state):
    found, own, rule = answers(private(admits, preserve=preserve, guarded=guarded))
    assert (found.state, own.state, rule.verdict) == (state, state, VERDICTS[state]), (found, rule)
    if state == "reached":
        assert "load balancer lb" in rule.because
        assert any(edge.relation == "targets" for edge in rule.evidence)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"lb": balancer("network", scheme="internal")}, "blocked"),
        ({"listener": listener(port=5433, protocol="TCP")}, "blocked"),
        ({"listener": listener(port=5433, protocol="TCP"), "node": (tcp(5433, **WORLD),)}, "reached"),  # another port
        ({"listener": None}, "blocked"),
        ({"sg_lb": group()}, "blocked"),
        ({"member": "10.0.1.51"}, "blocked"),  # nobody's address
        ({"rtb_outer": table(LOCAL, subnets=["outer"])}, "blocked"),  # a balancer without a way out is not met
    ],
)
def test_each_part_of_the_way_counts(more, state):
    found, own, rule = answers(private(FROM_BALANCER, **more))
    assert (found.state, own.state, rule.verdict) == (state, state, VERDICTS[state]), (found, rule)


def test_whom_the_balancer_admits_decides_whether_the_world_gets_in():
    """One office reaches it, which is a path and no open door."""
    found, _, rule = answers(private(FROM_BALANCER, node=(OFFICE,)))
    assert (found.state, rule.verdict) == ("reached", "kept")


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"other": database("sg-db")}, "unknown"),  # AWS does not say which of two it belongs to
        ({"other": database("sg-other"), "sg_other": group()}, "reached"),
        ({"eni_db": rds("10.0.1.50", "sg-other"), "sg_other": group()}, "blocked"),  # another database's
        ({"eni_db": rds("10.0.1.50", "sg-db", Description="ElastiCache cache-1")}, "blocked"),
    ],
)
def test_whose_interface_it_is(more, state):
    graph = private(FROM_BALANCER, **more)
    found, rule = (
        asked(graph, "internet", "rds/db", POSTGRES),
        from_internet(graph, resolve(graph, "db").resource, 5432),
    )
    assert (found.state, rule.verdict) == (state, VERDICTS[state]), (found, rule)


@pytest.mark.parametrize("cfn", ["EC2::NetworkInterface", "ElasticLoadBalancingV2::LoadBalancer",
                                 "ElasticLoadBalancingV2::Listener", "ElasticLoadBalancingV2::TargetGroup"])  # fmt: skip
def test_a_list_that_was_not_read_may_hide_a_front(cfn):
    things = dict.fromkeys(("lb", "listener", "tg"))
    graph = private(FROM_NODES, **things)
    assert [each.verdict if each is answers(graph)[2] else each.state for each in answers(graph)[:1]] == ["blocked"]
    gap = Gap(ACCOUNT, REGION, "ec2", "describe", "ec2:Describe", "denied", (f"AWS::{cfn}",), "denied")
    graph = private(FROM_NODES, **things)
    graph.inventory.gaps.append(gap)
    found, _, rule = answers(graph)
    assert (found.state, rule.verdict, rule.gaps) == ("unknown", "unknown", (gap,))


def test_an_address_in_code_may_be_the_database_s():
    """Code does not say which address AWS gives it: one of its subnets may be, another may not."""
    for member, state in (("10.0.1.50", "unknown"), ("10.0.0.50", "blocked")):
        graph = private(FROM_BALANCER, eni_db=None, member=member)
        graph.inventory.accounts = ()
        rule = from_internet(graph, resolve(graph, "rds/db").resource, 5432)
        assert (asked(graph, "internet", "rds/db", POSTGRES).state, rule.verdict) == (state, VERDICTS[state])


# --- a proxy, and a balancer before a balancer by its addresses ------------------------------------------------------


def test_a_proxy_is_told_by_its_description():
    proxy = thing("RDS::DBProxy", DBProxyName="proxy", VpcSubnetIds=["inner"], VpcSecurityGroupIds=["sg-db"])
    for name, state in (("proxy", "reached"), ("other", "blocked")):
        told = rds("10.0.1.50", "sg-db", Description=f"Network interface for DBProxy {name}")
        graph = private(FROM_BALANCER, db=None, proxy=proxy, eni_db=told)
        assert asked(graph, "internet", "rds/proxy", POSTGRES).state == state


# --- interfaces that are not described -------------------------------------------------------------------------------

AWS_OWN = {"InstanceOwnerId": "amazon-aws"}
DOUBTS = {  # kind, description -> what the doubt names
    ("interface", "ELB old-web"): "load balancer old-web, which was not read",
    (
        "network_load_balancer",
        "ELB net/tcp/50dc6c495c0c9188",
    ): "load balancer net/tcp/50dc6c495c0c9188, which was not read",
    ("ec2_instance_connect_endpoint", "EC2 Instance Connect Endpoint eice-1"): "an EC2 Instance Connect Endpoint",
    ("interface", "ClientVPN Endpoint resource"): "AWS Client VPN",
    ("interface", "Created By Amazon Workspaces for AWS Account ID 111122223333"): "Amazon WorkSpaces",
    ("interface", "Amazon AppStream 2.0 fleet"): "Amazon AppStream 2.0",
    ("interface", "Something that was announced tomorrow"): "Something that was announced tomorrow",
    ("evs", ""): "evs",
    ("a_type_of_next_year", "told"): "told",
}
QUIET = [
    ("nat_gateway", "Interface for NAT Gateway nat-1"), ("vpc_endpoint", "VPC Endpoint Interface vpce-1"),
    ("lambda", "AWS Lambda VPC ENI-fn"), ("efs", "EFS mount target for fs-1 (fsmt-1)"), ("transit_gateway", ""),
    ("interface", "RDSNetworkInterface"), ("trunk", "aws-k8s-trunk-eni"),
    ("interface", "Amazon EKS prod"),
    ("interface", "arn:aws:ecs:ap-northeast-2:111122223333:attachment/1"), ("interface", "ElastiCache cache-1"),
    ("interface", "DMSNetworkInterface"), ("quicksight", "QuickSight"),
    ("global_accelerator_managed", ""),
]  # fmt: skip


def beside(kind, description, admits, **more):
    """A private database, and an interface in its network that a service made."""
    told = {"InterfaceType": kind, "Description": description, "RequesterManaged": True, "Attachment": AWS_OWN, **more}
    return private(
        admits, lb=None, listener=None, tg=None, sg_x=group(), eni_x=interface("10.0.1.77", "inner", "sg-x", **told)
    )


@pytest.mark.parametrize(("kind", "description"), DOUBTS)
def test_an_interface_of_a_kind_that_is_not_described_is_a_doubt_with_its_name(kind, description):
    reaches, refused = tcp(5432, SourceSecurityGroupId="sg-x"), tcp(5432, SourceSecurityGroupId="sg-lb")
    found, _, rule = answers(beside(kind, description, reaches))
    assert (found.state, rule.verdict, found.stop.code) == ("unknown", "unknown", "unknown-front")
    assert DOUBTS[kind, description] in found.because
    assert "eni-x" in rule.because
    found, own, rule = answers(beside(kind, description, refused))
    assert (found.state, own.state, rule.verdict) == ("blocked", "blocked", "kept")


@pytest.mark.parametrize(("kind", "description"), QUIET)
def test_an_interface_that_ends_what_reaches_it_is_none(kind, description):
    found, _, rule = answers(beside(kind, description, tcp(5432, SourceSecurityGroupId="sg-x")))
    assert (found.state, rule.verdict) == ("blocked", "kept")


@pytest.mark.parametrize(
    "more",
    [
        {"RequesterManaged": False, "Attachment": {"InstanceId": "i-1", "InstanceOwnerId": ACCOUNT}},  # a program's
        {"RequesterManaged": False, "Attachment": {}},
        {"Status": "available"},
    ],
)
def test_what_the_account_runs_or_nobody_uses_is_none(more):
    found, _, rule = answers(beside("interface", "mine", tcp(5432, SourceSecurityGroupId="sg-x"), **more))
    assert (found.state, rule.verdict) == ("blocked", "kept")


def test_a_front_that_is_certain_needs_no_doubt():
    told = {"Description": "unheard of", "RequesterManaged": True, "Attachment": AWS_OWN}
    graph = private(FROM_BALANCER, tcp(5432, SourceSecurityGroupId="sg-x"), sg_x=group(),
                    eni_x=interface("10.0.1.77", "inner", "sg-x", **told))  # fmt: skip
    found, _, rule = answers(graph)
    assert (found.state, rule.verdict) == ("reached", "broken")


@pytest.mark.parametrize(("uri", "state"), [("arn:aws:servicediscovery:ap-northeast-2:1:service/srv-1", "unknown"),
                                            ("https://example.com", "blocked")])  # fmt: skip
def test_what_an_api_calls_by_cloud_map_may_be_anything_that_its_link_reaches(uri, state):
    graph = private(
        tcp(5432, SourceSecurityGroupId="sg-link"), lb=None, listener=None, tg=None, sg_link=group(),
        link=thing("ApiGatewayV2::VpcLink", Name="link", SubnetIds=["inner"], SecurityGroupIds=["sg-link"]),
        integration=thing("ApiGatewayV2::Integration", ApiId="api", IntegrationUri=uri, ConnectionType="VPC_LINK",
                          ConnectionId="link"),
    )  # fmt: skip
    found, _, rule = answers(graph)
    assert (found.state, rule.verdict) == (state, VERDICTS[state]), found
