"""Several inventories as one: what two of them tell is the owner's, names mean the own account, the order is nothing."""

from collections import Counter
from itertools import permutations

import pytest

from auditor.graph.build import build
from auditor.model import Gap, Inventory, Resource
from auditor.resources import load
from auditor.sources.several import together

A, B, C = "111111111111", "222222222222", "333333333333"
R = "eu-west-1"


def made(cfn, name, account, arn="", **properties):
    return Resource(f"AWS::{cfn}", name, account, R, arn or f"arn:aws:x:{R}:{account}:{name}", name, "", properties)


def inventory(account, *resources, asked=None, gaps=()):
    return Inventory(list(resources), list(gaps), frozenset(asked or load()), (account,), (R,))


def shared(account):
    """A subnet of account A as somebody tells it."""
    words = {"OwnerId": A, "VpcId": "vpc-1"} if account == A else {"OwnerId": A}
    return made("EC2::Subnet", "subnet-1", account, f"arn:aws:ec2:{R}:{A}:subnet/subnet-1", **words)


def attached(account):
    return made("EC2::TransitGatewayAttachment", "tgw-attach-1", account, VpcOwnerId=B, VpcId="vpc-9")


def test_what_two_accounts_tell_is_taken_from_the_one_that_owns_it():
    found = together([inventory(B, shared(B), attached(B)), inventory(A, shared(A), attached(A))])
    assert {(each.id, each.account) for each in found.resources} == {("subnet-1", A), ("tgw-attach-1", B)}
    assert found.accounts == (A, B)


def test_the_order_of_the_files_is_nothing():
    parts = [inventory(each, shared(each), attached(each), made("SNS::Topic", "news", each)) for each in (A, B, C)]
    ways = {tuple((each.key, each.account) for each in together(list(many)).resources) for many in permutations(parts)}
    assert len(ways) == 1
    assert sum(key.endswith("news") for key, _ in ways.pop()) == 3


def test_what_one_of_them_did_not_ask_for_was_not_read():
    found = together([inventory(A, asked={"AWS::EC2::VPC", "AWS::EC2::Subnet"}), inventory(B, asked={"AWS::EC2::VPC"})])
    assert found.asked == {"AWS::EC2::VPC"}
    gap = Gap(A, R, "ec2", "describe_vpcs", "ec2:DescribeVpcs", "denied", ("AWS::EC2::VPC",), "no")
    assert together([inventory(A, gaps=[gap]), inventory(B)]).gaps == [gap]


def test_of_no_inventory_nothing_was_read():
    assert together([]).asked == frozenset()


def test_what_code_declares_and_nobody_describes_is_counted_together():
    one, other = inventory(A), inventory(B)
    one.not_described, other.not_described = Counter({"aws_x": 2}), Counter({"aws_x": 1, "aws_y": 1})
    assert together([one, other]).not_described == {"aws_x": 3, "aws_y": 1}


@pytest.mark.parametrize(
    ("head", "value", "joined"),
    [
        (made("RDS::DBSubnetGroup", "default", B), "default", False),
        (made("RDS::DBSubnetGroup", "default", A), "default", True),
        (made("RDS::DBSubnetGroup", "default", B), f"arn:aws:x:{R}:{B}:default", True),
    ],
)
def test_a_name_means_the_own_account_and_an_arn_any(head, value, joined):
    database = made("RDS::DBInstance", "db", A, DBSubnetGroupName=value)
    other = A if head.account == B else B
    graph = build(together([inventory(A, database), inventory(B, head), inventory(other)]), load())
    assert bool(graph.heads(database, "placed-in")) == joined


def test_of_two_resources_of_one_name_the_own_one_is_meant():
    groups = [made("RDS::DBSubnetGroup", "default", each) for each in (A, B)]
    databases = [made("RDS::DBInstance", "db", each, DBSubnetGroupName="default") for each in (A, B)]
    graph = build(
        together([inventory(each.account, each, one) for each, one in zip(databases, groups, strict=True)]), load()
    )
    for each in databases:
        assert [head.account for _, head in graph.heads(each, "placed-in")] == [each.account]


def test_an_id_of_ec2_is_one_for_all_accounts():
    peering = made("EC2::VPCPeeringConnection", "pcx-1", A, VpcId="vpc-a", PeerVpcId="vpc-b")
    graph = build(together([inventory(A, peering), inventory(B, made("EC2::VPC", "vpc-b", B))]), load())
    assert [head.id for _, head in graph.heads(peering, "attached-to")] == ["vpc-b"]
