"""EC2 and the interfaces of services keep what AWS keeps."""

from __future__ import annotations

import ipaddress
from typing import Any

from auditor.sandbox import Sandbox
from auditor.sandbox.built import Built

EVERYWHERE = "0.0.0.0/0"


def routes(box: Sandbox, table: str) -> dict[str, dict[str, Any]]:
    read = box.session_client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return {route["DestinationCidrBlock"]: route for route in read if "DestinationCidrBlock" in route}


def interfaces(box: Sandbox, **filters: str) -> list[dict[str, Any]]:
    wanted = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
    found: list[dict[str, Any]] = box.session_client("ec2").describe_network_interfaces(Filters=wanted)[
        "NetworkInterfaces"
    ]
    return found


def test_the_default_network_reaches_the_internet(box: Sandbox) -> None:
    ec2 = box.session_client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    gateway = ec2.describe_internet_gateways()["InternetGateways"][0]
    assert gateway["Attachments"] == [{"State": "available", "VpcId": vpc}]
    table = ec2.describe_route_tables()["RouteTables"][0]
    assert routes(box, table["RouteTableId"])[EVERYWHERE]["GatewayId"] == gateway["InternetGatewayId"]


def test_a_default_group_admits_itself(box: Sandbox) -> None:
    ec2 = box.session_client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"][0]
    assert [pair["GroupId"] for pair in group["IpPermissions"][0]["UserIdGroupPairs"]] == [group["GroupId"]]
    assert group["IpPermissions"][0]["IpProtocol"] == "-1"


def test_a_nat_gateway_stands_in_its_subnet(cuggu: Built) -> None:
    ec2 = cuggu.client("ec2")
    gateway = ec2.describe_nat_gateways()["NatGateways"][0]
    address = gateway["NatGatewayAddresses"][0]
    subnet = ec2.describe_subnets(SubnetIds=[cuggu["public-subnet-a"]])["Subnets"][0]
    assert ipaddress.ip_address(address["PrivateIp"]) in ipaddress.ip_network(subnet["CidrBlock"])
    assert ipaddress.ip_address(address["PublicIp"]).is_global
    assert gateway["ConnectivityType"] == "public"
    interface = interfaces(cuggu.box, network_interface_id=address["NetworkInterfaceId"])[0]
    assert (interface["InterfaceType"], interface["RequesterManaged"], interface["Groups"]) == ("nat_gateway", True, [])


def test_a_route_to_what_is_gone_is_a_black_hole(cuggu: Built) -> None:
    ec2 = cuggu.client("ec2")
    assert routes(cuggu.box, cuggu["private-routes"])[EVERYWHERE]["State"] == "active"
    ec2.delete_nat_gateway(NatGatewayId=cuggu["nat"])
    assert routes(cuggu.box, cuggu["private-routes"])[EVERYWHERE]["State"] == "blackhole"
    address = ec2.describe_addresses(AllocationIds=[cuggu["nat-address"]])["Addresses"][0]
    assert address["NetworkBorderGroup"] == "ap-northeast-2"
    assert "AssociationId" not in address
    ec2.detach_internet_gateway(InternetGatewayId=cuggu["internet-gateway"], VpcId=cuggu["vpc"])
    assert routes(cuggu.box, cuggu["public-routes"])[EVERYWHERE]["State"] == "blackhole"


def test_an_instance_has_the_groups_of_its_interface(cuggu: Built) -> None:
    ec2 = cuggu.client("ec2")
    interface = {"DeviceIndex": 0, "SubnetId": cuggu["public-subnet-a"], "Groups": [cuggu["function-group"]]}
    started = ec2.run_instances(
        ImageId="ami-12345678", InstanceType="t3.micro", MinCount=1, MaxCount=1, NetworkInterfaces=[interface]
    )["Instances"][0]
    read = ec2.describe_instances(InstanceIds=[started["InstanceId"]])["Reservations"][0]["Instances"][0]
    assert [group["GroupId"] for group in read["SecurityGroups"]] == [cuggu["function-group"]]
    assert read["VirtualizationType"] == "hvm"
    volume = ec2.describe_volumes()["Volumes"][0]
    assert volume["Encrypted"] is True, "encryption by default is on in this account"
    ec2.create_route(
        RouteTableId=cuggu["public-routes"], DestinationCidrBlock="192.0.2.0/24", InstanceId=started["InstanceId"]
    )
    route = routes(cuggu.box, cuggu["public-routes"])["192.0.2.0/24"]
    assert route["NetworkInterfaceId"] == read["NetworkInterfaces"][0]["NetworkInterfaceId"]
    ec2.terminate_instances(InstanceIds=[started["InstanceId"]])
    assert routes(cuggu.box, cuggu["public-routes"])["192.0.2.0/24"]["State"] == "blackhole"


def test_volumes_are_plain_while_encryption_by_default_is_off(box: Sandbox) -> None:
    ec2 = box.session_client("ec2")
    assert ec2.create_volume(AvailabilityZone="ap-northeast-2a", Size=1)["Encrypted"] is False
    ec2.enable_ebs_encryption_by_default()
    made = ec2.create_volume(AvailabilityZone="ap-northeast-2a", Size=1)
    assert made["Encrypted"] is True
    assert made["KmsKeyId"]


def test_rules_of_groups_tell_owner_and_description(cuggu: Built) -> None:
    rules = cuggu.client("ec2").describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [cuggu["database-group"]]}]
    )["SecurityGroupRules"]
    assert len(rules) == 1
    assert (rules[0]["GroupOwnerId"], rules[0]["Description"]) == (cuggu.account, "from the pool")
    assert rules[0]["ReferencedGroupInfo"]["GroupId"] == cuggu["proxy-group"]


def test_endpoints_say_what_they_are(cuggu: Built) -> None:
    ec2 = cuggu.client("ec2")
    gateway = ec2.create_vpc_endpoint(
        VpcId=cuggu["vpc"], ServiceName="com.amazonaws.ap-northeast-2.s3", RouteTableIds=[cuggu["private-routes"]]
    )["VpcEndpoint"]
    assert gateway["PrivateDnsEnabled"] is False
    made = ec2.create_vpc_endpoint(
        VpcId=cuggu["vpc"],
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.ap-northeast-2.secretsmanager",
        SubnetIds=[cuggu["private-subnet-a"]],
        SecurityGroupIds=[cuggu["function-group"]],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]
    interface = interfaces(cuggu.box, network_interface_id=made["NetworkInterfaceIds"][0])[0]
    assert interface["InterfaceType"] == "vpc_endpoint"
    assert [group["GroupId"] for group in interface["Groups"]] == [cuggu["function-group"]]
    assert interface["SubnetId"] == cuggu["private-subnet-a"]


def test_services_have_interfaces_in_their_subnets(cuggu: Built) -> None:
    found = {
        (interface["Description"].partition("-")[0], interface["SubnetId"])
        for interface in interfaces(cuggu.box, vpc_id=cuggu["vpc"])
    }
    a, b = cuggu["private-subnet-a"], cuggu["private-subnet-b"]
    assert {("RDSNetworkInterface", a), ("AWS Lambda VPC ENI", a), ("AWS Lambda VPC ENI", b)} <= found
    database = interfaces(cuggu.box, description="RDSNetworkInterface")[0]
    assert "Association" not in database
    cuggu.client("rds").modify_db_instance(DBInstanceIdentifier=cuggu["database"], PubliclyAccessible=True)
    public = interfaces(cuggu.box, description="RDSNetworkInterface")[0]
    assert public["NetworkInterfaceId"] == database["NetworkInterfaceId"]
    assert ipaddress.ip_address(public["Association"]["PublicIp"]).is_global
    outside: dict[str, list[str]] = {"SubnetIds": [], "SecurityGroupIds": []}
    for function in ("server", "cleanup"):
        cuggu.client("lambda").update_function_configuration(FunctionName=cuggu[function], VpcConfig=outside)
    left = [i["Description"] for i in interfaces(cuggu.box, vpc_id=cuggu["vpc"]) if i["InterfaceType"] == "lambda"]
    assert left == []


def test_settings_of_a_region_are_kept(box: Sandbox) -> None:
    ec2 = box.session_client("ec2")
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    ec2.modify_ebs_default_kms_key_id(KmsKeyId="alias/mine")
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/mine"
    assert ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"
    ec2.enable_snapshot_block_public_access(State="block-all-sharing")
    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-all-sharing"
    assert box.session_client("ec2", "us-east-1").get_snapshot_block_public_access_state()["State"] == "unblocked"
    ec2.modify_instance_metadata_defaults(HttpTokens="required")
    assert ec2.get_instance_metadata_defaults()["AccountLevel"]["HttpTokens"] == "required"


def test_an_instance_and_its_first_interface_agree(cuggu: Built) -> None:
    ec2 = cuggu.client("ec2")
    started = ec2.run_instances(
        ImageId="ami-12345678",
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=cuggu["private-subnet-a"],
        SecurityGroupIds=[cuggu["function-group"]],
        DisableApiTermination=True,
    )["Instances"][0]
    interface = started["NetworkInterfaces"][0]["NetworkInterfaceId"]
    protected = ec2.describe_instance_attribute(InstanceId=started["InstanceId"], Attribute="disableApiTermination")
    assert protected["DisableApiTermination"] == {"Value": True}

    def seen() -> list[tuple[list[str], bool]]:
        instance = ec2.describe_instances(InstanceIds=[started["InstanceId"]])["Reservations"][0]["Instances"][0]
        views = [instance["NetworkInterfaces"][0], interfaces(cuggu.box, network_interface_id=interface)[0]]
        told = [([g["GroupId"] for g in instance["SecurityGroups"]], instance["SourceDestCheck"])]
        return told + [([g["GroupId"] for g in view["Groups"]], view["SourceDestCheck"]) for view in views]

    assert seen() == [([cuggu["function-group"]], True)] * 3
    ec2.modify_instance_attribute(InstanceId=started["InstanceId"], Groups=[cuggu["proxy-group"]])
    ec2.modify_instance_attribute(InstanceId=started["InstanceId"], SourceDestCheck={"Value": False})
    assert seen() == [([cuggu["proxy-group"]], False)] * 3
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[cuggu["database-group"]])
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, SourceDestCheck={"Value": True})
    assert seen() == [([cuggu["database-group"]], True)] * 3
