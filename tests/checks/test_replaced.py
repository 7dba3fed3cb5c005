"""A missing part and the one undeclared resource that could stand in its place are told as one finding, over time too."""

from __future__ import annotations

import json

import pytest

from auditor import api
from auditor.findings.since import since

BASELINE = """\
title: The shop
document: {title: The shop, file: shop.md, updated: "2026-03-01"}
regions: [ap-northeast-2]
roles:
  network:
    type: AWS::EC2::VPC
    means: The network
    at: {section: 1, lines: 1, text: a VPC}
  orders:
    type: AWS::RDS::DBInstance
    means: The database of the orders
    at: {section: 1, lines: 2, text: PostgreSQL}
    severity: medium
    find: [{Engine: postgres}]
"""
SUBNETS = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Group": {
        "Type": "AWS::RDS::DBSubnetGroup",
        "Properties": {"DBSubnetGroupDescription": "g", "SubnetIds": [{"Ref": "A"}]},
    },
    "A": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
}


def database(name: str, engine: str) -> dict:
    told = {"DBInstanceIdentifier": name, "Engine": engine, "DBSubnetGroupName": {"Ref": "Group"}}
    return {"Type": "AWS::RDS::DBInstance", "Properties": told}


ORDERS, MOVED, OTHER = database("orders", "postgres"), database("moved", "mysql"), database("other", "mysql")


@pytest.fixture
def run(tmp_path):
    """The record of a template with these databases."""
    (tmp_path / "mine/baselines").mkdir(parents=True)
    (tmp_path / "mine/baselines/shop.yaml").write_text(BASELINE)
    (tmp_path / "code").mkdir()

    def judged(**databases):
        (tmp_path / "code/t.json").write_text(json.dumps({"Resources": {**SUBNETS, **databases}}))
        return api.check(
            code=tmp_path / "code", baselines=["shop"], rules=[], definitions=[tmp_path / "mine"], regions=()
        )

    return judged


def told(record):
    return {(each["kind"], each["resource"]["name"]) for each in record["findings"]}


def test_the_document_is_kept_by_its_database(run):
    assert told(run(Orders=ORDERS)) == set()
    assert told(run(Orders=ORDERS, Moved=MOVED)) == {("extra", "moved")}


def test_one_of_another_kind_in_its_place_is_named_in_the_one_finding(run):
    (found,) = run(Moved=MOVED)["findings"]
    assert (found["kind"], found["verdict"], found["check"]) == ("missing", "broken", "shop/orders")
    assert "probably renamed or replaced by" in found["because"]
    assert "moved" in found["because"]
    (other,) = found["also"]
    assert (other["check"], other["resource"]["name"], other["kind"]) == ("shop/undeclared", "moved", "extra")
    assert found["remedy"]["kind"] == "manual"  # nothing is changed on a guess


@pytest.mark.parametrize("databases", [{"Moved": MOVED, "Other": OTHER}], ids=["two could be meant"])
def test_what_could_be_several_is_told_by_itself(run, databases):
    assert told(run(**databases)) == {("missing", "orders"), ("extra", "moved"), ("extra", "other")}


def test_nothing_is_fixed_or_new_twice_when_two_become_one_and_one_becomes_two(run):
    both, one = run(Orders=ORDERS, Moved=MOVED), run(Moved=MOVED)
    after = since(both, one)
    assert not after["mended"]  # the undeclared one is still there, inside of the other finding
    back = since(after, both)
    assert [each["check"] for each in back["mended"]] == ["shop/orders"]
    assert [(each["check"], each["status"]) for each in back["findings"]] == [("shop/undeclared", "still")]
    gone = since(after, run(Orders=ORDERS))
    assert {part["check"] for each in gone["mended"] for part in (each, *each["also"])} == {
        "shop/orders",
        "shop/undeclared",
    }
