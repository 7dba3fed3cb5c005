"""`auditor paths --from a --from b`: what one account cannot see, two inventories together do."""

from __future__ import annotations

import json

import pytest

from auditor.graph.network import path_needs
from auditor.graph.network.services.service_names import service_needs
from auditor.model import merge
from auditor.resources import load
from auditor.sources.live import Place, read
from auditor.sources.snapshot import Recording, save

NETWORK, SHOP, REGION = "111111111111", "222222222222", "eu-west-1"


class Told:
    """Answers of an account: those given, and empty ones to everything else."""

    def __init__(self, answers):
        self.answers = answers

    def ask(self, requests):
        return {
            each: self.answers.get((each.operation, each.params), self.answers.get(each.operation, {}))
            for each in requests
        }


def vpc(name, cidr, owner):
    state = {"CidrBlockState": {"State": "associated"}, "CidrBlock": cidr}
    return {"VpcId": name, "CidrBlock": cidr, "OwnerId": owner, "CidrBlockAssociationSet": [state], "IsDefault": False,
            "InstanceTenancy": "default"}  # fmt: skip


def subnet(name, network, cidr, owner):
    return {"SubnetId": name, "VpcId": network, "CidrBlock": cidr, "OwnerId": owner, "AvailabilityZone": f"{REGION}a",
            "SubnetArn": f"arn:aws:ec2:{REGION}:{owner}:subnet/{name}", "MapPublicIpOnLaunch": False,
            "AssignIpv6AddressOnCreation": False, "EnableDns64": False, "Ipv6Native": False}  # fmt: skip


def machine(name, network, place, address, owner):
    return {"NetworkInterfaceId": name, "VpcId": network, "SubnetId": place, "PrivateIpAddress": address, "OwnerId": owner,
            "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}], "Groups": [{"GroupId": f"sg-{network}"}],
            "InterfaceType": "interface", "SourceDestCheck": True, "Status": "in-use", "AvailabilityZone": f"{REGION}a",
            "RequesterManaged": False}  # fmt: skip


def account(owner, network, cidr, address, shares=False, far=""):
    """A network on the transit gateway of NETWORK, with a machine that everybody may call."""
    anybody = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    place = f"subnet-{network}"
    route = {
        "DestinationCidrBlock": "10.0.0.0/8",
        "TransitGatewayId": "tgw-1",
        "State": "active",
        "Origin": "CreateRoute",
    }
    local = {"DestinationCidrBlock": cidr, "GatewayId": "local", "State": "active", "Origin": "CreateRouteTable"}
    entries = [
        {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": way, "CidrBlock": "0.0.0.0/0"}
        for way in (True, False)
    ]
    options = {"SecurityGroupReferencingSupport": "disable"}
    attachments = (
        [("tgw-attach-1", "vpc-1", NETWORK), ("tgw-attach-2", "vpc-2", SHOP)]
        if shares
        else [(f"tgw-attach-{network[-1]}", network, owner)]
    )
    answers = {
        "describe_vpcs": {"Vpcs": [vpc(network, cidr, owner)]},
        "describe_subnets": {"Subnets": [subnet(place, network, cidr, owner)]},
        "describe_route_tables": {"RouteTables": [{"RouteTableId": f"rtb-{network}", "VpcId": network, "OwnerId": owner,
            "Routes": [local, route], "Associations": [{"SubnetId": place, "Main": False}]}]},
        "describe_network_acls": {"NetworkAcls": [{"NetworkAclId": f"acl-{network}", "VpcId": network, "OwnerId": owner,
            "IsDefault": False, "Entries": entries, "Associations": [{"SubnetId": place}]}]},
        "describe_security_groups": {"SecurityGroups": [{"GroupId": f"sg-{network}", "GroupName": network, "VpcId": network,
            "OwnerId": owner, "Description": "open", "IpPermissions": anybody, "IpPermissionsEgress": anybody}]},
        "describe_network_interfaces": {"NetworkInterfaces": [machine(f"eni-{network}", network, place, address, owner)]},
        "describe_transit_gateways": {"TransitGateways": [{"TransitGatewayId": "tgw-1", "OwnerId": NETWORK, "State": "available",
            "TransitGatewayArn": f"arn:aws:ec2:{REGION}:{NETWORK}:transit-gateway/tgw-1", "Options": options}]},
        "describe_transit_gateway_vpc_attachments": {"TransitGatewayVpcAttachments": [
            {"TransitGatewayAttachmentId": name, "TransitGatewayId": "tgw-1", "VpcId": each, "VpcOwnerId": whose, "State": "available",
             "SubnetIds": [f"subnet-{each}"], "Options": options} for name, each, whose in attachments]},
    }  # fmt: skip
    if shares:
        named = [
            {"TransitGatewayAttachmentId": name, "ResourceType": "vpc", "ResourceId": each}
            for name, each, _ in attachments
        ]
        answers |= {
            "describe_transit_gateway_route_tables": {"TransitGatewayRouteTables": [
                {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1", "State": "available"}]},
            "search_transit_gateway_routes": {"AdditionalRoutesAvailable": False, "Routes": [
                {"DestinationCidrBlock": block, "Type": "propagated", "State": "active", "TransitGatewayAttachments": [each]}
                for block, each in zip(("10.1.0.0/16", "10.2.0.0/16"), named, strict=True)]},
            "get_transit_gateway_route_table_associations": {"Associations": named},
            "get_transit_gateway_route_table_propagations": {"TransitGatewayRouteTablePropagations": [{**each, "State": "enabled"} for each in named]},
        }  # fmt: skip
    return answers


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The account of the network with the gateway, and the one of a shop that takes part."""
    out, types = {}, load()
    for owner, answers in (
        (NETWORK, account(NETWORK, "vpc-1", "10.1.0.0/16", "10.1.0.5", shares=True)),
        (SHOP, account(SHOP, "vpc-2", "10.2.0.0/16", "10.2.0.7")),
    ):
        out[owner] = tmp_path_factory.mktemp("files") / f"{owner}.jsonl.gz"
        recording = Recording(Told(answers), {})
        place = Place(owner, "aws", "us-east-1", (REGION,))
        read(recording, place, merge(path_needs(types), service_needs(types)), types)
        save(out[owner], place, recording.kept)
    return out


def ask(auditor, one, other, *sources):
    words = [word for each in sources for word in ("--from", str(each))]
    done = auditor("paths", one, other, "--port", "443", "--format", "json", *words)
    return done.code, json.loads(done.out)


@pytest.mark.parametrize(
    ("one", "other", "alone", "whose"),
    [
        ("eni-vpc-1", "10.2.0.7", NETWORK, SHOP),  # the owner of the gateway sees a spoke's attachment only
        ("10.2.0.7", "eni-vpc-1", NETWORK, SHOP),
        ("eni-vpc-2", "10.1.0.5", SHOP, NETWORK),  # the participant sees no table
        ("10.1.0.5", "eni-vpc-2", SHOP, NETWORK),
    ],
)
def test_two_inventories_see_over_the_border(auditor, files, one, other, alone, whose):
    code, told = ask(auditor, one, other, files[alone])
    assert (code, told["verdict"]) == (3, "unknown"), told
    assert whose in told["because"]
    for order in ((NETWORK, SHOP), (SHOP, NETWORK)):
        code, told = ask(auditor, one, other, *(files[each] for each in order))
        assert (code, told["verdict"], told["gaps"]) == (0, "reached", []), told


def test_the_same_file_twice_is_that_file(auditor, files):
    once = ask(auditor, "eni-vpc-1", "eni-vpc-1", files[NETWORK])
    assert once == ask(auditor, "eni-vpc-1", "eni-vpc-1", files[NETWORK], files[NETWORK])


def test_a_start_that_is_no_end_is_refused(auditor, files):
    for name in ("sg-vpc-1", "vpc-1", "tgw-1"):
        done = auditor("paths", name, "eni-vpc-1", "--from", str(files[NETWORK]))
        assert (done.code, "cannot be the end of a path" in done.err) == (2, True), done.err
        assert "does not reach" not in done.out
