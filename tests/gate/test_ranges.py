"""An address range that code does not say is often no question: it is one address, or no wider than a network."""

from __future__ import annotations

import json

import pytest

GROUP = """
resource "aws_security_group" "g" {{
  vpc_id = "vpc-1"
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [{}]
  }}
}}
data "aws_vpc" "v" {{
  default = true
}}
data "aws_subnet" "s" {{
  id = "subnet-1"
}}
data "http" "here" {{
  url = "https://example.com"
}}
resource "aws_eip" "e" {{
}}
resource "aws_vpc" "own" {{
  cidr_block = var.range
}}
variable "range" {{
  type = string
}}
"""
NOT_READ = """
module "net" {
  source = "example/net/aws"
}
data "external" "x" {
  program = ["x"]
}
"""
NARROW = [
    "data.aws_vpc.v.cidr_block",
    "data.aws_vpc.v.cidr_block_associations[0].cidr_block",
    "data.aws_subnet.s.cidr_block",
    "aws_vpc.own.cidr_block",
    '"${aws_eip.e.public_ip}/32"',
    '"${chomp(data.http.here.response_body)}/32"',
    '"${data.http.here.response_body}/24"',
    '"${aws_eip.e.public_ip}/32", "10.0.0.0/8", data.aws_vpc.v.cidr_block',
]
# A prefix that is short enough, a text that may be anything, one that only looks like a single address.
WIDE = [
    "var.range",
    '"${var.range}"',
    '"${var.range}/0"',
    '"${var.range}/8"',
    'data.http.here.response_body == "x" ? "0.0.0.0/0" : "10.0.0.0/32"',
    'data.aws_vpc.v.cidr_block, "${var.range}/4"',
    "data.aws_vpc.v.tags.range",
    'var.range != "" ? var.range : data.aws_vpc.v.cidr_block',
    'var.range == "" ? data.aws_vpc.v.cidr_block : var.range',
    "coalesce(var.range, data.aws_vpc.v.cidr_block)",
    "module.net.CidrBlock",
    "data.external.x.result.CidrBlock",
    "data.external.x.result.cidr_block",
    "aws_vpc.own.tags_all.cidr_block",
    ", ".join(f'"${{var.range}}/9" /* {at} */' for at in range(4)),
]


@pytest.mark.parametrize("text", NARROW)
def test_what_is_narrow_whatever_it_is(text, gate, tmp_path):
    (tmp_path / "main.tf").write_text(GROUP.format(text))
    ran = gate(tmp_path, "--rule", "ports-closed-to-world")
    assert (ran.code, ran.run["findings"], ran.run["unanswered"]) == (0, [], []), ran


@pytest.mark.parametrize("text", WIDE)
def test_what_may_be_the_world(text, gate, tmp_path):
    (tmp_path / "main.tf").write_text(GROUP.format(text) + NOT_READ)
    ran = gate(tmp_path, "--rule", "ports-closed-to-world")
    told = [*ran.run["findings"], *ran.run["unanswered"]]
    assert "aws_security_group.g" in {each["resource"]["id"] for each in told}, ran


@pytest.mark.parametrize("text", NARROW)
def test_a_certain_hole_beside_it(text, gate, tmp_path):
    (tmp_path / "main.tf").write_text(GROUP.format(f'{text}, "0.0.0.0/0"'))
    assert gate(tmp_path, "--rule", "ports-closed-to-world").code == 1


@pytest.mark.parametrize(
    ("cidr", "code"),
    [
        ({"Fn::GetAtt": ["Net", "CidrBlock"]}, 0),
        ({"Fn::Sub": "${Range}/32"}, 0),
        ({"Fn::Sub": "${Range}/2"}, 3),
        ({"Ref": "Range"}, 3),
        ({"Fn::GetAtt": ["Custom", "CidrBlock"]}, 3),
        ({"Fn::ImportValue": "prod.net.CidrBlock"}, 3),
    ],
)
def test_in_a_template(cidr, code, gate, tmp_path):
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": cidr}
    resources = {
        "Custom": {"Type": "Custom::Ranges", "Properties": {"ServiceToken": "x"}},
        "Net": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "Range"}}},
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "x", "VpcId": {"Ref": "Net"}, "SecurityGroupIngress": [rule]},
        },
    }
    said = {"Parameters": {"Range": {"Type": "String"}}, "Resources": resources}
    (tmp_path / "app.json").write_text(json.dumps(said))
    assert gate(tmp_path, "--rule", "ports-closed-to-world").code == code
