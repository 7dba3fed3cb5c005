"""A certain breach that a change adds is told, whatever stands beside it and cannot be read."""

import json

import pytest

GROUP = 'variable "unset" {}\nresource "aws_security_group" "g" {\n  vpc_id = "vpc-1"\n}\n'
RULE = """resource "aws_security_group_rule" "{name}" {{
  type              = "ingress"
  security_group_id = {owner}
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = [{cidr}]
}}
"""
OF_G = "aws_security_group.g.id"
UNREAD = {
    "content": RULE.format(name="unread", owner=OF_G, cidr="var.unset"),
    "owner": RULE.format(name="unread", owner="var.unset", cidr='"10.0.0.0/8"'),
}
OPENED = {"opened": RULE.format(name="opened", owner=OF_G, cidr='"0.0.0.0/0"')}


def template(unread, *more):
    def rule(**said):
        ports = {"GroupId": {"Ref": "G"}, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}
        return {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {**ports, **said}}

    resources = {"G": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "g", "VpcId": "vpc-1"}}}
    resources["Unread"] = rule(**{unread: {"Ref": "Unset"}})
    resources |= {f"More{number}": rule(CidrIp=cidr) for number, cidr in enumerate(more)}
    return json.dumps({"Parameters": {"Unset": {"Type": "String"}}, "Resources": resources}, indent=1)


CASES = {
    **{f"terraform {name}": ("infra/main.tf", GROUP + text, GROUP + text + OPENED["opened"])
       for name, text in UNREAD.items()},
    "template content": ("infra/app.json", template("CidrIp"), template("CidrIp", "0.0.0.0/0")),
    "template owner": ("infra/app.json", template("GroupId"), template("GroupId", "0.0.0.0/0")),
}  # fmt: skip


@pytest.mark.parametrize(("file", "before", "after"), CASES.values(), ids=CASES)
def test_an_open_rule_beside_one_that_cannot_be_read(repo, gate, file, before, after):
    repo.write(file, before)
    repo.branch()
    repo.write(file, after)
    repo.commit()
    ran = gate("infra", "--base", "main", "--rule", "ports-closed-to-world", cwd=repo.path)
    assert ran.code == 1, ran.err
    (found,) = ran.run["findings"]
    assert (found["check"], found["verdict"], found["status"]) == ("ports-closed-to-world", "broken", "new")


def test_what_was_there_beside_it_is_not_new(repo, gate):
    file, _, after = CASES["terraform content"]
    repo.write(file, after)
    repo.branch()
    repo.write(file, after + "# a comment\n")
    repo.commit()
    assert gate("infra", "--base", "main", "--rule", "ports-closed-to-world", cwd=repo.path).code == 0
