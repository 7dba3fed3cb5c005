"""A real assembly of CDK, with its program beside it: findings are told at the program's lines, by their constructs."""

import json
import shutil
from pathlib import Path

import pytest

from auditor.graph.build import build
from auditor.resources import load
from auditor.sources.cloudformation import grow
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions

SHOP = Path(__file__).parent / "cdk_shop"


def line(file, text):
    lines = (SHOP / file).read_text().splitlines()
    return f"{file}:{next(at for at, each in enumerate(lines, 1) if text in each)}"


WHERE = {
    "AWS::S3::Bucket": [line("lib/store-stack.js", "new s3.Bucket")],
    "AWS::Lambda::Function": [line("lib/store-stack.js", "new lambda.Function")],
    "AWS::IAM::Role": [line("lib/store-stack.js", "new lambda.Function")],
    "AWS::SNS::Topic": [line("lib/store-stack.js", "new sns.Topic")],
    "AWS::EC2::VPC": [line("lib/network-stack.js", "new ec2.Vpc")],
    "AWS::EC2::SecurityGroup": [line("lib/network-stack.js", "new ec2.SecurityGroup")],
    # What the network makes inside has no trace of its own.
    "AWS::EC2::Subnet": [line("lib/network-stack.js", "new ec2.Vpc")] * 2,
    "AWS::EC2::RouteTable": [line("lib/network-stack.js", "new ec2.Vpc")] * 2,
}


@pytest.fixture
def inventory():
    return read_code(SHOP, CodeOptions())


def test_everything_is_read_at_its_line(inventory):
    found = {}
    for each in inventory.resources:
        if each.type in WHERE:
            found.setdefault(each.type, []).append(each.origin)
    assert found == WHERE
    assert inventory.gaps == []
    assert {each.region for each in inventory.resources} == {"ap-northeast-2", "global"}


def test_one_stack_uses_the_other_and_the_nested_one(inventory):
    edges = {(edge.tail, edge.relation, edge.head) for edge in build(inventory, load()).edges()}
    (worker,) = [each for each in inventory.resources if each.type == "AWS::Lambda::Function"]
    heads = {head.partition("AWS::")[2].partition("/")[0] for tail, _, head in edges if tail == worker.key}
    assert {"EC2::Subnet", "EC2::SecurityGroup", "IAM::Role"} <= heads
    (topic,) = [each for each in inventory.resources if each.type == "AWS::SNS::Topic"]
    declared = {each.address: each for stack in grow(SHOP, CodeOptions()).every() for each in stack.declared()}
    assert declared[worker.address].properties["Environment"]["Variables"]["TOPIC"] in topic.names


def test_findings_name_the_construct_and_the_line(tmp_path, monkeypatch, capsys):
    from auditor.cli import group
    from auditor.cli._errors import told

    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.argv", ["auditor", "gate", str(SHOP), "--root", str(SHOP), "--format", "json"])
    assert told(group) == 1
    run = json.loads(capsys.readouterr().out)
    broken = {
        each["check"]: (f"{each['location']['file']}:{each['location']['line']}", each["resource"]["name"])
        for each in run["findings"]
        if each["verdict"] == "broken"
    }
    assert broken["ports-closed-to-world"] == (WHERE["AWS::EC2::SecurityGroup"][0], "ShopNetwork/Workers/Resource")
    assert broken["bucket-public-access-blocked"][0] == WHERE["AWS::S3::Bucket"][0]


def test_without_the_program_the_template_is_the_place(tmp_path):
    shutil.copytree(SHOP / "cdk.out", tmp_path / "cdk.out")
    for path in (tmp_path / "cdk.out").glob("*.metadata.json"):
        path.write_text("{}")
    found = read_code(tmp_path, CodeOptions())
    (group,) = [each for each in found.resources if each.type == "AWS::EC2::SecurityGroup"]
    file, _, number = group.place("SecurityGroupIngress").rpartition(":")
    assert file == "cdk.out/ShopNetwork.template.json"
    assert '"SecurityGroupIngress"' in (tmp_path / file).read_text().splitlines()[int(number) - 1]
