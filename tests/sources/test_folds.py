"""What is certain decides: a part in a block of its own that cannot be read hides what it may add, and no more."""

import json

import pytest

from auditor.checks.judge import judge
from auditor.checks.rules import load_rules
from auditor.graph.build import build
from auditor.model import Hidden
from auditor.resources import load
from auditor.sources import cloudformation, terraform
from auditor.sources.code_options import CodeOptions

OPEN, CLOSED = "0.0.0.0/0", "10.0.0.0/8"
GROUP, ROLE = "AWS::EC2::SecurityGroup", "AWS::IAM::Role"


def template(**resources):
    parameters = {"Unset": {"Type": "String"}}
    body = {"Parameters": parameters, "Resources": {name: {"Type": kind, "Properties": properties}
                                                    for name, (kind, properties) in resources.items()}}  # fmt: skip
    return "app.json", json.dumps(body)


def code(text):
    return "main.tf", 'variable "unset" {}\nvariable "unset_map" { type = map(string) }\n' + text


def inventory(folder, made):
    name, text = made
    (folder / name).write_text(text)
    options = CodeOptions(region="ap-northeast-2")
    return terraform.read(folder, options) if name == "main.tf" else cloudformation.read(folder / name, options)


def verdict(inventory, rule="ports-closed-to-world"):
    (said,) = (each for each in load_rules() if each.id == rule)
    run = judge([said], build(inventory, load()))
    found = {each.verdict for each in run.findings}
    return "broken" if "broken" in found else "unknown" if found else "kept"


def ingress(**members):
    return {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **members}


def in_template(cidr, **unread):
    """A group with one rule in a resource of its own, and beside it another one of which something is not known."""
    beside = {"GroupId": {"Ref": "G"}, **ingress(CidrIp=CLOSED), **unread}
    return template(
        G=(GROUP, {"GroupDescription": "g", "VpcId": "vpc-1"}),
        Sure=("AWS::EC2::SecurityGroupIngress", {"GroupId": {"Ref": "G"}, **ingress(CidrIp=cidr)}),
        Beside=("AWS::EC2::SecurityGroupIngress", {name: value for name, value in beside.items() if value is not None}),
    )


def in_template_inline(cidr, **unread):
    rules = [ingress(CidrIp=cidr), {**ingress(CidrIp=CLOSED), **unread}]
    return template(G=(GROUP, {"GroupDescription": "g", "VpcId": "vpc-1", "SecurityGroupIngress": rules}))


REF = {"Ref": "Unset"}
IN_TEMPLATES = {
    "its addresses": {"CidrIp": REF},
    "its port": {"FromPort": REF},
    "its protocol": {"IpProtocol": REF},
    "its group": {"CidrIp": None, "SourceSecurityGroupId": REF},
    "whose it is": {"GroupId": REF},
    "that it is no network": {"CidrIp": "nonsense"},
}


@pytest.mark.parametrize("cidr", [OPEN, CLOSED])
@pytest.mark.parametrize("unread", IN_TEMPLATES)
def test_a_rule_beside_one_of_a_template_that_is_not_known(tmp_path, unread, cidr):
    found = inventory(tmp_path, in_template(cidr, **IN_TEMPLATES[unread]))
    may_open = unread not in ("its port", "its protocol", "its group")  # from 10.0.0.0/8 or a group: never the world
    assert verdict(found) == ("broken" if cidr == OPEN else "unknown" if may_open else "kept")


@pytest.mark.parametrize("cidr", [OPEN, CLOSED])
def test_an_inline_rule_beside_one_that_is_not_known(tmp_path, cidr):
    found = inventory(tmp_path, in_template_inline(cidr, CidrIp=REF))
    assert verdict(found) == ("broken" if cidr == OPEN else "unknown")


OLD = 'resource "aws_security_group_rule" "{name}" {{\n  type = {type}\n  security_group_id = {owner}\n  protocol = {protocol}\n  from_port = {port}\n  to_port = {port}\n  cidr_blocks = {cidrs}\n}}\n'
NEW = 'resource "aws_vpc_security_group_ingress_rule" "{name}" {{\n  security_group_id = {owner}\n  ip_protocol = {protocol}\n  from_port = {port}\n  to_port = {port}\n  cidr_ipv4 = {cidr}\n}}\n'
PLAIN = {"type": '"ingress"', "owner": "aws_security_group.g.id", "protocol": '"tcp"', "port": "22"}
IN_TERRAFORM = {
    "its addresses": {"cidrs": "var.unset", "cidr": "var.unset"},
    "one address": {"cidrs": f'["{CLOSED}", var.unset]', "cidr": "var.unset"},
    "its port": {"port": "var.unset"},
    "its protocol": {"protocol": "var.unset"},
    "its direction": {"type": "var.unset", "cidrs": f'["{OPEN}"]'},
    "whose it is": {"owner": "var.unset"},
}


# The new resources say the direction in their type.
FORMS = [(form, unread) for form in (OLD, NEW) for unread in IN_TERRAFORM if form is OLD or unread != "its direction"]


def in_terraform(form, cidr, unread):
    said = {**PLAIN, "cidrs": f'["{CLOSED}"]', "cidr": f'"{CLOSED}"', **unread}
    sure = form.format(name="sure", **{**PLAIN, "cidrs": f'["{cidr}"]', "cidr": f'"{cidr}"'})
    return code(
        'resource "aws_security_group" "g" {\n  vpc_id = "vpc-1"\n}\n' + sure + form.format(name="beside", **said)
    )


@pytest.mark.parametrize("cidr", [OPEN, CLOSED])
@pytest.mark.parametrize(("form", "unread"), FORMS, ids=lambda each: each[:24].split()[-1].strip('"'))
def test_a_rule_beside_one_of_terraform_that_is_not_known(tmp_path, form, unread, cidr):
    found = inventory(tmp_path, in_terraform(form, cidr, IN_TERRAFORM[unread]))
    assert verdict(found) == (
        "broken" if cidr == OPEN else "kept" if unread in ("its port", "its protocol") else "unknown"
    )


@pytest.mark.parametrize("cidr", [OPEN, CLOSED])
def test_a_rule_beside_an_inline_list_that_is_not_known(tmp_path, cidr):
    """How many blocks there are is not known; the rule in a block of its own is."""
    sure = OLD.format(name="sure", **{**PLAIN, "cidrs": f'["{cidr}"]'})
    inline = '  dynamic "ingress" {\n    for_each = var.unset\n    content {\n      from_port = 22\n      to_port = 22\n      protocol = "tcp"\n      cidr_blocks = [ingress.value]\n    }\n  }\n'
    found = inventory(tmp_path, code('resource "aws_security_group" "g" {\n' + inline + "}\n" + sure))
    assert verdict(found) == ("broken" if cidr == OPEN else "unknown")


@pytest.mark.parametrize("cidr", [OPEN, CLOSED])
def test_a_block_beside_blocks_of_which_the_number_is_not_known(tmp_path, cidr):
    block = f'  ingress {{\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = ["{cidr}"]\n  }}\n'
    many = '  dynamic "ingress" {\n    for_each = var.unset\n    content {\n      from_port = 22\n      to_port = 22\n      protocol = "tcp"\n      cidr_blocks = [ingress.value]\n    }\n  }\n'
    found = inventory(tmp_path, code('resource "aws_security_group" "g" {\n' + block + many + "}\n"))
    assert verdict(found) == ("broken" if cidr == OPEN else "unknown")


@pytest.mark.parametrize(
    ("cidr", "under_a_condition", "expected"),
    [
        (OPEN, CLOSED, "broken"),
        (CLOSED, OPEN, "broken"),  # where the condition holds, and nothing says that it does not
        (CLOSED, CLOSED, "unknown"),
    ],
)
def test_a_rule_beside_elements_of_a_template_that_hang_on_a_parameter(tmp_path, cidr, under_a_condition, expected):
    rules = [ingress(CidrIp=cidr), {"Fn::If": ["C", ingress(CidrIp=under_a_condition), {"Ref": "AWS::NoValue"}]}, REF]
    name, text = template(G=(GROUP, {"GroupDescription": "g", "SecurityGroupIngress": rules}))
    body = json.dumps({**json.loads(text), "Conditions": {"C": {"Fn::Equals": [REF, "x"]}}})
    assert verdict(inventory(tmp_path, (name, body))) == expected


def test_other_elements_stay_certain(tmp_path):
    """The unread member is noted with its element: all other members of all others are known to be there or not."""
    found = inventory(tmp_path, in_template(OPEN, CidrIp=REF))
    (group,) = found.resources
    (place,) = (place for place in group.unknown if place.startswith("SecurityGroupIngress"))
    assert place in ("SecurityGroupIngress[0].CidrIp", "SecurityGroupIngress[1].CidrIp")
    whole = [value for _, value in group.each("SecurityGroupIngress[]") if not isinstance(value, Hidden)]
    assert whole == [ingress(CidrIp=OPEN)]
    assert isinstance(group.at("SecurityGroupIngress"), Hidden)


ADMIN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}  # fmt: skip
READS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


@pytest.mark.parametrize(("policy", "wanted"), [(ADMIN, "broken"), (READS, "unknown")])
@pytest.mark.parametrize("beside", [{"PolicyDocument": REF}, {"PolicyDocument": READS, "RoleName": REF}])
def test_a_policy_beside_one_that_is_not_known(tmp_path, beside, policy, wanted):
    made = template(
        R=(ROLE, {"AssumeRolePolicyDocument": TRUST, "Policies": [{"PolicyName": "a", "PolicyDocument": policy}]}),
        P=("AWS::IAM::RolePolicy", {"PolicyName": "b", "RoleName": {"Ref": "R"}, **beside}),
    )
    assert verdict(inventory(tmp_path, made), "no-administrator-policies") == wanted


def test_the_direction_of_an_entry_is_a_truth_and_not_any_text(tmp_path):
    entry = {"NetworkAclId": {"Ref": "A"}, "RuleNumber": 100, "Protocol": -1, "RuleAction": "allow", "CidrBlock": OPEN}
    made = template(
        A=("AWS::EC2::NetworkAcl", {"VpcId": "vpc-1"}),
        In=("AWS::EC2::NetworkAclEntry", {**entry, "Egress": "false"}),
        Either=("AWS::EC2::NetworkAclEntry", {**entry, "RuleNumber": 90, "Egress": REF}),
    )
    (acl,) = inventory(tmp_path, made).resources
    assert [each["Egress"] for each in acl.properties["Entries"] if each["RuleNumber"] == 100] == [False]
    assert "Entries" in acl.unknown
