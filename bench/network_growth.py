"""How the network engine grows: n interfaces with n/10 groups, at n, 2n and 4n, up to 50,000 interfaces with 5,000
groups.

Asked of every network: the kind of every subnet, what the Internet reaches of every interface, where every interface
gets out, and n pairs of interfaces. No step may be quadratic: twice the network takes about twice the time.
"""

from __future__ import annotations

import ipaddress
import itertools
import random
import sys
import time
from collections.abc import Iterator

from auditor.graph.boxes import ALL_SERVICES
from auditor.graph.build import Graph, build
from auditor.graph.network import reach, subnet_kind
from auditor.graph.network.services.path_ends import INTERNET, end_of
from auditor.model import Inventory, Resource
from auditor.resources import load

ACCOUNT, REGION = "111122223333", "ap-northeast-2"
SIZES = (12_500, 25_000, 50_000)
PER_SUBNET = 200


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    for size in sizes:
        figures, counted = measure(size)
        told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in figures.items())
        print(f"{size:,} interfaces, {size // 10:,} groups: {told}; {counted}")  # noqa: T201


def measure(size: int) -> tuple[dict[str, float], str]:
    """Processor seconds by step (other work on the machine does not count), and what came out (so that nobody
    measures an empty network).
    """
    figures: dict[str, float] = {}
    began = time.process_time()
    graph = generate(size)
    figures["build"] = time.process_time() - began
    interfaces = graph.of_type("AWS::EC2::NetworkInterface")
    began = time.process_time()
    public = sum(subnet_kind(graph, each).kind == "public" for each in graph.of_type("AWS::EC2::Subnet"))
    ends = [end_of(graph, each) for each in interfaces]
    figures["index"] = time.process_time() - began
    began = time.process_time()
    entered = sum(reach(graph, INTERNET, each, ALL_SERVICES).state == "reached" for each in ends)
    figures["inward"] = time.process_time() - began
    began = time.process_time()
    left = sum(reach(graph, each, INTERNET, ALL_SERVICES).state == "reached" for each in ends)
    figures["outward"] = time.process_time() - began
    began = time.process_time()
    dice = random.Random(7)  # noqa: S311
    pairs = [(dice.choice(ends), dice.choice(ends)) for _ in ends]
    met = sum(reach(graph, one, other, ALL_SERVICES).state == "reached" for one, other in pairs)
    figures["pairs"] = time.process_time() - began
    figures["total"] = sum(figures.values())
    return (
        figures,
        f"{public:,} public subnets, {entered:,} entered, {left:,} get out, {met:,} of {len(pairs):,} pairs meet",
    )


def generate(size: int) -> Graph:
    """One VPC; a fifth of the subnets is public; groups admit addresses and, each, two other groups; one group
    holds everybody.
    """
    types = load()
    resources = list(_resources(size))
    inventory = Inventory(resources, [], frozenset(types), (ACCOUNT,), (REGION,))
    return build(inventory, types)


def _resources(size: int) -> Iterator[Resource]:
    dice = random.Random(size)  # noqa: S311
    blocks = ipaddress.ip_network("10.0.0.0/8").subnets(new_prefix=24)
    subnets = list(itertools.islice(blocks, size // PER_SUBNET + 1))
    groups = [f"sg-{number}" for number in range(size // 10)]
    outer, inner = (
        [f"subnet-{n}" for n in range(len(subnets)) if n % 5 == 0],
        [f"subnet-{n}" for n in range(len(subnets)) if n % 5],
    )
    yield made("AWS::EC2::VPC", "vpc-1", CidrBlock="10.0.0.0/8", CidrBlocks=["10.0.0.0/8"])
    yield made("AWS::EC2::InternetGateway", "igw-1", VpcId="vpc-1")
    yield made(
        "AWS::EC2::NatGateway", "nat-1", SubnetId="subnet-0", PrivateIpAddress="10.0.0.250", PublicIps=["54.255.0.1"]
    )
    local = {"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "local"}
    for name, members, way in (
        ("rtb-outer", outer, {"GatewayId": "igw-1"}),
        ("rtb-inner", inner, {"NatGatewayId": "nat-1"}),
    ):
        routes = [local, {"DestinationCidrBlock": "0.0.0.0/0", **way}]
        yield made("AWS::EC2::RouteTable", name, VpcId="vpc-1", SubnetIds=members, Routes=routes)
    entries = [
        {"RuleNumber": 100, "Egress": way, "Protocol": -1, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}
        for way in (False, True)
    ]
    yield made("AWS::EC2::NetworkAcl", "acl-1", VpcId="vpc-1", Entries=entries, SubnetIds=[*outer, *inner])
    for number, block in enumerate(subnets):
        yield made(
            "AWS::EC2::Subnet",
            f"subnet-{number}",
            VpcId="vpc-1",
            CidrBlock=str(block),
            AvailabilityZone="ap-northeast-2a",
        )
    yield made(
        "AWS::EC2::SecurityGroup", "sg-all", VpcId="vpc-1", SecurityGroupIngress=[], SecurityGroupEgress=[everything()]
    )
    for name in groups:
        rules = [
            {
                "IpProtocol": "tcp",
                "FromPort": port,
                "ToPort": port,
                "CidrIp": dice.choice(("0.0.0.0/0", "10.0.0.0/8", str(dice.choice(subnets)))),
            }
            for port in dice.sample((22, 80, 443, 3306, 5432, 8080), 3)
        ]
        rules += [
            {
                "IpProtocol": "tcp",
                "FromPort": 9000,
                "ToPort": 9100,
                "SourceSecurityGroupId": dice.choice(("sg-all", *dice.sample(groups, 2))),
            }
        ]
        yield made(
            "AWS::EC2::SecurityGroup",
            name,
            VpcId="vpc-1",
            SecurityGroupIngress=rules,
            SecurityGroupEgress=[everything()],
        )
    for number in range(size):
        place = number % (len(subnets) - 1) if len(subnets) > 1 else 0
        address = str(subnets[place][4 + number // max(len(subnets) - 1, 1)])
        public = [str(ipaddress.ip_address("54.0.0.0") + number)] if place % 5 == 0 else []
        yield made(
            "AWS::EC2::NetworkInterface", f"eni-{number}", SubnetId=f"subnet-{place}", PrivateIpAddress=address,
            GroupSet=["sg-all", *dice.sample(groups, 2)], PublicIps=public, SourceDestCheck=True,
        )  # fmt: skip


def everything() -> dict[str, str]:
    return {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def made(cfn: str, name: str, **properties: object) -> Resource:
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:{cfn.split('::')[-1].lower()}/{name}"
    return Resource(cfn, name, ACCOUNT, REGION, arn, name, properties=dict(properties))


if __name__ == "__main__":
    main()
