"""What code adds to a group that is declared elsewhere is judged; the rest of that group only the account knows."""

import json

import pytest

RULE = """resource "aws_vpc_security_group_ingress_rule" "r" {{
  security_group_id = "sg-0123456789abcdef0"
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
  cidr_ipv4         = "{}"
}}
"""
OLD = """resource "aws_security_group_rule" "r" {{
  type              = "ingress"
  security_group_id = "sg-0123456789abcdef0"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["{}"]
}}
"""
INGRESS = {"GroupId": "sg-0123456789abcdef0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "{}"}
TEMPLATE = json.dumps({"Resources": {"R": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": INGRESS}}})
WAYS = {
    "a rule": ("main.tf", RULE.format),
    "an older rule": ("main.tf", OLD.format),
    "a template": ("app.json", lambda cidr: TEMPLATE.replace('{}"', cidr + '"')),
}


@pytest.mark.parametrize(("file", "text"), WAYS.values(), ids=WAYS)
def test_a_rule_for_a_group_by_its_id(repo, gate, file, text):
    repo.write(f"infra/{file}", text("10.0.0.0/8"))
    assert gate("infra", "--rule", "ports-closed-to-world", cwd=repo.path).code == 0
    repo.branch()
    repo.write(f"infra/{file}", text("0.0.0.0/0"))
    repo.commit()
    ran = gate("infra", "--base", "main", "--rule", "ports-closed-to-world", cwd=repo.path)
    (found,) = ran.run["findings"]
    assert (ran.code, found["verdict"], found["resource"]["id"]) == (1, "broken", "sg-0123456789abcdef0"), ran.err
