"""Network layer: the VPC with nine subnets in three zones, NAT, endpoints, the load balancer, the VPN server."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.pingvas.names import EVERYWHERE, REGION, ZONES, Team

# kind, the third number of its addresses in 2a
SUBNETS = (("public", 1), ("nodes", 11), ("data", 21))
# The office and the home of one developer.
LISTED = ("203.0.113.0/28", "198.51.100.7/32")


def build(team: Team) -> None:
    build_subnets(team)
    build_ways_out(team)
    build_groups(team)
    build_balancer(team)
    build_vpn(team)


def build_subnets(team: Team) -> None:
    ec2 = team.client("ec2")
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=team.tag_specification("vpc", "vpc"))
    vpc = team.put("vpc", made["Vpc"]["VpcId"])
    for switch in ("EnableDnsHostnames", "EnableDnsSupport"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{switch: {"Value": True}})
    for kind, first in SUBNETS:
        for index, zone in enumerate(ZONES):
            subnet = ec2.create_subnet(
                VpcId=vpc,
                AvailabilityZone=f"{REGION}{zone}",
                CidrBlock=f"10.0.{first + index}.0/24",
                TagSpecifications=team.tag_specification("subnet", f"{kind}-2{zone}"),
            )["Subnet"]["SubnetId"]
            team.put(f"{kind}-{zone}", subnet)


def subnets(team: Team, kind: str) -> list[str]:
    return [team[f"{kind}-{zone}"] for zone in ZONES]


def build_ways_out(team: Team) -> None:
    """Public subnets lead to the internet gateway, those of the nodes to the NAT gateway, those of the data nowhere."""
    ec2, vpc = team.client("ec2"), team["vpc"]
    made = ec2.create_internet_gateway(TagSpecifications=team.tag_specification("internet-gateway", "igw"))
    gateway = team.put("internet-gateway", made["InternetGateway"]["InternetGatewayId"])
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=team.tag_specification("elastic-ip", "nat"))
    made = ec2.create_nat_gateway(
        SubnetId=team["public-a"],
        AllocationId=address["AllocationId"],
        TagSpecifications=team.tag_specification("natgateway", "nat"),
    )
    nat = team.put("nat", made["NatGateway"]["NatGatewayId"])
    for kind, _ in SUBNETS:
        made = ec2.create_route_table(VpcId=vpc, TagSpecifications=team.tag_specification("route-table", kind))
        table = team.put(f"{kind}-routes", made["RouteTable"]["RouteTableId"])
        for subnet in subnets(team, kind):
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_route(RouteTableId=team["public-routes"], DestinationCidrBlock=EVERYWHERE, GatewayId=gateway)
    ec2.create_route(RouteTableId=team["nodes-routes"], DestinationCidrBlock=EVERYWHERE, NatGatewayId=nat)
    for service in ("s3", "dynamodb"):
        made = ec2.create_vpc_endpoint(
            VpcId=vpc,
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            VpcEndpointType="Gateway",
            RouteTableIds=[team["nodes-routes"], team["data-routes"]],
            TagSpecifications=team.tag_specification("vpc-endpoint", service),
        )
        team.put(f"{service}-endpoint", made["VpcEndpoint"]["VpcEndpointId"])


def build_groups(team: Team) -> None:
    for noun in ("alb", "vpn", "aurora", "redis", "efs"):
        made = team.client("ec2").create_security_group(
            GroupName=team.called(noun),
            Description=f"Security group of {noun}",
            VpcId=team["vpc"],
            TagSpecifications=team.tag_specification("security-group", noun),
        )
        team.put(f"{noun}-group", made["GroupId"])
    admit(team, "alb-group", 443, cidrs=[EVERYWHERE])
    admit(team, "vpn-group", 1194, cidrs=LISTED, protocol="udp")
    admit(team, "vpn-group", 943, cidrs=LISTED)


def admit(
    team: Team, group: str, port: int, *, to: int = 0, groups: Any = (), cidrs: Any = (), protocol: str = "tcp"
) -> None:
    rule: dict[str, Any] = {"IpProtocol": protocol, "FromPort": port, "ToPort": to or port}
    if groups:
        rule["UserIdGroupPairs"] = [{"GroupId": each} for each in groups]
    if cidrs:
        rule["IpRanges"] = [{"CidrIp": each} for each in cidrs]
    team.client("ec2").authorize_security_group_ingress(GroupId=team[group], IpPermissions=[rule])


def build_balancer(team: Team) -> None:
    elb, acm = team.client("elbv2"), team.client("acm", REGION)
    certificate = acm.request_certificate(DomainName=f"*.{team.domain}", ValidationMethod="DNS")["CertificateArn"]
    made = elb.create_load_balancer(
        Name=team.called("alb"),
        Type="application",
        Scheme="internet-facing",
        Subnets=subnets(team, "public"),
        SecurityGroups=[team["alb-group"]],
        Tags=team.tag_list(),
    )["LoadBalancers"][0]
    team.put("alb", made["LoadBalancerArn"], made["LoadBalancerArn"])
    targets = elb.create_target_group(
        Name=team.called("ingress"),
        Protocol="HTTP",
        Port=30080,
        VpcId=team["vpc"],
        TargetType="instance",
        Tags=team.tag_list(),
    )["TargetGroups"][0]["TargetGroupArn"]
    team.put("ingress", targets, targets)
    listener = elb.create_listener(
        LoadBalancerArn=team["alb"],
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": targets}],
    )["Listeners"][0]["ListenerArn"]
    team.put("listener", listener, listener)


def build_vpn(team: Team) -> None:
    ec2 = team.client("ec2")
    server = ec2.run_instances(
        ImageId="ami-0c9c942bd7bf113a2",
        InstanceType="t3.small",
        MinCount=1,
        MaxCount=1,
        SubnetId=team["public-a"],
        SecurityGroupIds=[team["vpn-group"]],
        MetadataOptions={"HttpTokens": "required", "HttpEndpoint": "enabled"},
        TagSpecifications=team.tag_specification("instance", "openvpn"),
    )["Instances"][0]["InstanceId"]
    team.put("vpn", server)
    made = ec2.allocate_address(Domain="vpc", TagSpecifications=team.tag_specification("elastic-ip", "openvpn"))
    team.put("vpn-address", made["AllocationId"])
    ec2.associate_address(AllocationId=made["AllocationId"], InstanceId=server)
    team.put("vpn-ip", made["PublicIp"])
