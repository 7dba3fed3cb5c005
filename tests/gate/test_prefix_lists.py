"""A prefix list in a rule is the networks that it holds: those that code writes down, and AWS's own by their name."""

from __future__ import annotations

import json

import pytest

GROUP = """
resource "aws_security_group" "g" {{
  vpc_id = "vpc-1"
  ingress {{
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    prefix_list_ids = [{}]
    cidr_blocks     = [{}]
  }}
}}
variable "unset" {{}}
"""
MADE = """
resource "aws_ec2_managed_prefix_list" "p" {{
  name           = "p"
  address_family = "IPv4"
  max_entries    = 4
{}
}}
"""
OF_P = "aws_ec2_managed_prefix_list.p.id"
ENTRY = f'resource "aws_ec2_managed_prefix_list_entry" "e" {{{{\n  prefix_list_id = {OF_P}\n  cidr = {{}}\n}}}}\n'
# The cases: what the list holds, what stands beside it in the rule, and how the gate ends.
HELD = {
    "the world": (['"0.0.0.0/0"'], "", 1),
    "the world in halves": (['"0.0.0.0/1"', '"128.0.0.0/1"'], "", 1),
    "a half, the other one in the rule": (['"0.0.0.0/1"'], '"128.0.0.0/1"', 1),
    "the world, and what is not known": (['"0.0.0.0/0"', "var.unset"], "", 1),
    "a network of one's own": (['"10.0.0.0/8"'], "", 0),
    "a few addresses": (['"198.51.100.0/24"', '"203.0.113.7/32"'], '"10.0.0.0/8"', 0),
    "what is not known": (["var.unset"], "", 3),
    "what is not known beside a network": (['"10.0.0.0/8"', "var.unset"], "", 3),
    "nothing, and the world in the rule": (['"10.0.0.0/8"'], '"0.0.0.0/0"', 1),
}


def inside(cidrs):
    return MADE.format("\n".join(f"  entry {{\n    cidr = {each}\n  }}" for each in cidrs))


@pytest.mark.parametrize(("cidrs", "beside", "code"), HELD.values(), ids=HELD)
def test_a_list_that_code_makes(cidrs, beside, code, gate, tmp_path):
    (tmp_path / "main.tf").write_text(GROUP.format(OF_P, beside) + inside(cidrs))
    ran = gate(tmp_path, "--rule", "ports-closed-to-world")
    assert ran.code == code, ran


SAID = '  entry {\n    cidr = "10.0.0.0/8"\n  }\n'
MORE = """  dynamic "entry" {{
    for_each = {}
    content {{
      cidr = entry.value
    }}
  }}
"""
ADDED = {
    "a block of its own": ("", ENTRY.format('"0.0.0.0/0"'), 1),
    "beside one within": (SAID, ENTRY.format('"0.0.0.0/0"'), 1),
    "a half each": (SAID.replace("10.0.0.0/8", "0.0.0.0/1"), ENTRY.format('"128.0.0.0/1"'), 1),
    "a network of one's own": (SAID, ENTRY.format('"172.16.0.0/12"'), 0),
    "one not known": (SAID, ENTRY.format("var.unset"), 3),
    "to a list not known": (SAID, ENTRY.format('"0.0.0.0/0"').replace(OF_P, "var.unset"), 3),
    "several": (MORE.format('["10.0.0.0/8", "0.0.0.0/0"]'), "", 1),
    "how many is not known": (SAID + MORE.format("var.unset"), "", 3),
    "a choice": (SAID + MORE.format('terraform.workspace == "x" ? ["0.0.0.0/0"] : []'), "", 1),
}


@pytest.mark.parametrize(("within", "beside", "code"), ADDED.values(), ids=ADDED)
def test_what_is_added_to_a_list(within, beside, code, gate, tmp_path):
    (tmp_path / "main.tf").write_text(GROUP.format(OF_P, "") + MADE.format(within) + beside)
    ran = gate(tmp_path, "--rule", "ports-closed-to-world")
    assert ran.code == code, ran
    assert code != 1 or "(prefix list" in ran.run["findings"][0]["because"]


def data(kind, said):
    return f'data "{kind}" "d" {{\n{said}\n}}\n', f"data.{kind}.d.id"


REGION = '\ndata "aws_region" "here" {\n}\n'
FILTER = '  filter {{\n    name = "prefix-list-name"\n    values = ["{}"]\n  }}'
EDGE = "com.amazonaws.global.cloudfront.origin-facing"
NAMED = {
    "AWS's": (data("aws_ec2_managed_prefix_list", f'  name = "{EDGE}"'), 0),
    "AWS's, by a filter": (data("aws_ec2_managed_prefix_list", FILTER.format(EDGE)), 0),
    "AWS's, of the older kind": (data("aws_prefix_list", '  name = "com.amazonaws.us-east-1.s3"'), 0),
    "of a region": (data("aws_prefix_list", '  name = "com.amazonaws.${data.aws_region.here.name}.s3"'), 0),
    "of a region not known": (data("aws_prefix_list", '  name = "com.amazonaws.${var.unset}.s3"'), 0),
    "of what is not known before it": (data("aws_prefix_list", '  name = "${var.unset}com.amazonaws.s3"'), 3),
    "somebody's": (data("aws_ec2_managed_prefix_list", '  name = "offices"'), 3),
    "a name not known": (data("aws_ec2_managed_prefix_list", "  name = var.unset"), 3),
    "one of two names": (data("aws_ec2_managed_prefix_list", FILTER.format(f'{EDGE}", "offices')), 3),
    "another filter": (data("aws_ec2_managed_prefix_list", FILTER.replace("prefix-list-name", "owner-id").format(1)), 3),
}  # fmt: skip


@pytest.mark.parametrize(("named", "code"), NAMED.values(), ids=NAMED)
def test_a_list_by_its_name(named, code, gate, tmp_path):
    text, reference = named
    (tmp_path / "main.tf").write_text(GROUP.format(reference, "") + REGION + text)
    assert gate(tmp_path, "--rule", "ports-closed-to-world").code == code


def test_a_hole_beside_a_list_of_aws(gate, tmp_path):
    text, reference = NAMED["AWS's"][0]
    (tmp_path / "main.tf").write_text(GROUP.format(reference, '"0.0.0.0/0"') + text)
    assert gate(tmp_path, "--rule", "ports-closed-to-world").code == 1


@pytest.mark.parametrize(("cidr", "code"), [("0.0.0.0/0", 1), ("10.0.0.0/8", 0), ({"Ref": "Range"}, 3)])
def test_in_a_template(cidr, code, gate, tmp_path):
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "SourcePrefixListId": {"Ref": "List"}}
    held = {"PrefixListName": "p", "AddressFamily": "IPv4", "MaxEntries": 1, "Entries": [{"Cidr": cidr}]}
    group = {"GroupDescription": "g", "VpcId": "vpc-1", "SecurityGroupIngress": [rule]}
    resources = {
        "List": {"Type": "AWS::EC2::PrefixList", "Properties": held},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group},
    }
    said = {"Parameters": {"Range": {"Type": "String"}}, "Resources": resources}
    (tmp_path / "app.json").write_text(json.dumps(said))
    assert gate(tmp_path, "--rule", "ports-closed-to-world").code == code
