"""From a network to AWS's services: gateway and interface endpoints, their policies, and the way out without them."""

import pytest

from auditor.graph.boxes import service
from auditor.graph.network import NoSuchEnd, resolve
from auditor.graph.network.services.vpc_endpoint_policies import permits
from tests.graph.network.drawn import ACCOUNT, LOCAL, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.test_by_hand import hide

HTTPS = service("tcp", 443)
S3 = "com.amazonaws.ap-northeast-2.s3"
TO_S3 = {"DestinationPrefixListId": "pl-s3", "GatewayId": "vpce-1"}
BUCKET = "arn:aws:s3:::store/key"


def endpoint(kind="Gateway", name="s3", **more):
    return thing("EC2::VPCEndpoint", VpcEndpointType=kind, VpcId="vpc-1", ServiceName=f"com.amazonaws.ap-northeast-2.{name}",
                 State="available", **more)  # fmt: skip


def inside(*routes, egress=None, **more):
    """A machine in a subnet with these routes; the list of S3's addresses is known."""
    return drawn(
        **{
            "inner": subnet("10.0.1.0/24"),
            "rtb_inner": table(LOCAL, *routes, subnets=["inner"]),
            "acl_inner": acl(subnets=["inner"]),
            "sg_1": group(egress=egress),
            "eni_1": interface("10.0.1.9", "inner", "sg-1"),
            "pl_s3": thing("EC2::PrefixList", PrefixListName=S3, Entries=[{"Cidr": "52.219.0.0/16"}]),
            **more,
        }
    )


def out(port, **to):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **to}


GATEWAY = {"vpce_1": endpoint(RouteTableIds=["rtb-inner"])}
BY_LIST, BY_PART = [out(443, DestinationPrefixListId="pl-s3")], [out(443, CidrIp="52.219.0.0/17")]


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (inside(TO_S3, **GATEWAY), "reached", None),
        (inside(TO_S3, egress=BY_LIST, **GATEWAY), "reached", None),
        (inside(TO_S3, egress=BY_PART, **GATEWAY), "unknown", "group-rules"),
        (inside(TO_S3, egress=[out(443, CidrIp="10.0.0.0/8")], **GATEWAY), "blocked", "group-rules"),
        (inside({**TO_S3, "State": "blackhole"}, **GATEWAY), "blocked", "blackhole"),
        # The endpoint is there, but this table does not lead to it.
        (inside(**GATEWAY), "blocked", "no-route"),
        (inside(), "blocked", "no-route"),
    ],
)
def test_a_gateway_endpoint_is_a_route(graph, state, code):
    found = asked(graph, "eni-1", "s3", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found


def test_the_list_of_a_service_may_be_named_without_being_read():
    for egress, state in ((BY_LIST, "reached"), (BY_PART, "unknown"), (None, "reached")):
        graph = inside(TO_S3, egress=egress, **GATEWAY)
        hide(graph, "pl-s3", "Entries")
        assert asked(graph, "eni-1", "s3", HTTPS).state == state


def test_an_acl_sees_the_addresses_of_the_service():
    shut = acl({"RuleNumber": 1, "Egress": True, "Protocol": -1, "RuleAction": "allow", "CidrBlock": "10.0.0.0/8"}, subnets=["inner"])  # fmt: skip
    assert asked(inside(TO_S3, acl_inner=shut, **GATEWAY), "eni-1", "s3", HTTPS).stop.code == "acl"


def resolving(names):
    return thing("EC2::VPC", CidrBlock="10.0.0.0/16", CidrBlocks=["10.0.0.0/16"], EnableDnsHostnames=names)


def faced(private=True, admits=None, name="secretsmanager", **more):
    """An interface endpoint in a subnet of its own."""
    made = endpoint("Interface", name, PrivateDnsEnabled=private, SubnetIds=["door"], SecurityGroupIds=["sg-door"],
                    NetworkInterfaceIds=["eni-door"])  # fmt: skip
    return inside(
        **{
            "vpc_1": resolving(True),
            "door": subnet("10.0.2.0/24"),
            "acl_door": acl(subnets=["door"]),
            "sg_door": group(admits or tcp(443, CidrIp="10.0.0.0/16")),
            "eni_door": interface("10.0.2.5", "door", "sg-door", InterfaceType="vpc_endpoint"),
            "vpce_2": made,
            **more,
        }
    )


NAT_WAY = {
    "rtb_inner": table(LOCAL, {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}, subnets=["inner"]),
    "nat_1": thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.7", PublicIps=["54.0.0.7"]),
}
NO_NAMES = {"vpc_1": resolving(False)}


@pytest.mark.parametrize(
    ("graph", "state", "code", "hop"),
    [
        (faced(), "reached", None, "interface endpoint vpce-2, under its private name"),
        (faced(admits=tcp(443, SourceSecurityGroupId="sg-1")), "reached", None, "interface endpoint vpce-2, under its private name"),
        (faced(admits=tcp(443, CidrIp="10.9.0.0/16")), "blocked", "group-rules", ""),
        # The private name leads to the endpoint alone: the way out past it is not taken.
        (faced(admits=tcp(443, CidrIp="10.9.0.0/16"), **NAT_WAY), "blocked", "group-rules", ""),
        (faced(private=False, admits=tcp(443, CidrIp="10.9.0.0/16"), **NAT_WAY), "reached", None, "no endpoint: its public addresses are used"),
        (faced(private=False), "reached", None, "interface endpoint vpce-2, under its own name only"),
        (faced(**NO_NAMES), "reached", None, "interface endpoint vpce-2, under its own name only"),
        (faced(name="kms"), "blocked", "no-route", ""),
        (inside(**NAT_WAY), "reached", None, "no endpoint: its public addresses are used"),
    ],
)  # fmt: skip
def test_an_interface_endpoint_answers_for_its_service(graph, state, code, hop):
    found = asked(graph, "eni-1", "secretsmanager", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if hop:
        assert hop in found.hops


def test_a_service_answers_at_its_ports_only():
    assert asked(inside(TO_S3, **GATEWAY), "eni-1", "s3").services == HTTPS | service("tcp", 80)
    assert asked(faced(), "eni-1", "secretsmanager").services == HTTPS
    assert asked(faced(), "eni-1", "secretsmanager", service("tcp", 5432)).stop.code == "no-listener"


def test_endpoints_that_were_not_read_leave_it_unknown():
    graph = inside(**NAT_WAY)
    graph.inventory.asked -= {"AWS::EC2::VPCEndpoint"}
    assert asked(graph, "eni-1", "kms", HTTPS).state == "unknown"


def test_what_a_service_keeps_is_reached_by_calling_it():
    secret = thing("SecretsManager::Secret", Name="db")
    assert asked(faced(db=secret), "eni-1", "db", HTTPS).state == "reached"
    assert asked(faced(db=secret, sg_1=group(egress=[])), "eni-1", "db", HTTPS).state == "blocked"


def test_a_function_outside_networks_calls_every_service():
    graph = drawn(fn=thing("Lambda::Function", FunctionName="fn"))
    assert asked(graph, "lambda/fn", "s3", HTTPS).state == "reached"


# --- permitted -------------------------------------------------------------------------------------------------------


def allows(*actions, resource="*", principal="*", **more):
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def acting(policy, own=None, bucket_policy=None):
    role = thing(
        "IAM::Role", RoleName="fn", AssumeRolePolicyDocument=allows("sts:AssumeRole", principal={"Service": "lambda.amazonaws.com"}),
        Policies=[{"PolicyName": "p", "PolicyDocument": own or {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}],
    )  # fmt: skip
    more = {"policy": thing("S3::BucketPolicy", Bucket="store", PolicyDocument=bucket_policy)} if bucket_policy else {}
    return inside(
        TO_S3,
        role=role,
        fn=thing("Lambda::Function", FunctionName="fn", Role="role", VpcConfig={"SubnetIds": ["inner"], "SecurityGroupIds": ["sg-1"]}),
        vpce_1=endpoint(RouteTableIds=["rtb-inner"], PolicyDocument=policy),
        store=thing("S3::Bucket", BucketName="store"),
        **more,
    )  # fmt: skip


OTHERS = allows("s3:*", resource="arn:aws:s3:::others/*")
ONLY_VPCE = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
             "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-9"}}}]}  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "own", "bucket_policy", "door", "whole"),
    [
        (allows("*"), None, None, "allow", "allow"),
        (allows("s3:GetObject"), None, None, "allow", "allow"),
        (allows("s3:PutObject"), None, None, "no", "no"),
        (OTHERS, None, None, "no", "no"),
        (allows("*", principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), None, None, "allow", "allow"),
        (allows("*", principal={"AWS": "arn:aws:iam::999999999999:root"}), None, None, "no", "no"),
        (allows("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), None, None, "depends", "depends"),
        (allows("*"), {"Version": "2012-10-17", "Statement": []}, None, "allow", "no"),
        (allows("*"), None, ONLY_VPCE, "allow", "deny"),
    ],
)
def test_routable_and_permitted_are_two_answers(policy, own, bucket_policy, door, whole):
    graph = acting(policy, own, bucket_policy)
    found = {each.id: each for each in graph.resources()}
    assert asked(graph, "lambda/fn", "s3", HTTPS).state == "reached"
    arn = found["store"].arn + "/key"
    told = permits(graph, found["vpce-1"], found["fn"], "s3:GetObject", arn)
    assert (told.endpoint.effect, told.effect) == (door, whole), told
    if door == "no":
        assert told.endpoint.because == "the policy of vpce-1 does not allow such a request"


def test_who_asks_may_not_be_known():
    graph = acting(allows("*"))
    found = {each.id: each for each in graph.resources()}
    told = permits(graph, found["vpce-1"], found["eni-1"], "s3:GetObject", BUCKET)
    assert (told.policies, told.effect) == (None, "unknown")


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lambda/fm", "did you mean lambda/fn?"),
        ("stor", "did you mean s3/store?"),
        ("lambda/nothing-like-it", "did you mean lambda/fn?"),
        ("zzzzz", "no resource that was read is called zzzzz; give an id"),
    ],
)
def test_a_name_that_nothing_has_is_answered_with_what_is_like_it(text, words):
    with pytest.raises(NoSuchEnd, match=words.replace("?", r"\?")):
        resolve(acting(allows("*")), text)


def test_a_thing_that_is_called_like_a_service_is_meant_before_it():
    assert (
        resolve(drawn(s3=thing("Lambda::Function", FunctionName="s3")), "s3").resource.type == "AWS::Lambda::Function"
    )
    assert resolve(drawn(), "S3").service == "s3"
