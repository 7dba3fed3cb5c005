"""What a gate cannot judge is told in the words of what was read, as wide as it is, and never left out."""

from __future__ import annotations

import json

import pytest

KEY = 'resource "aws_kms_key" "k" {\n  enable_key_rotation = true\n}\n'
RUNS = 'resource "null_resource" "n" {{\n  provisioner "{}" {{\n    command = {}\n  }}\n}}\n'
OPEN = '"aws ec2 authorize-security-group-ingress --group-id sg-1 --cidr 0.0.0.0/0"'
COMMANDS = {
    "a command": ("local-exec", OPEN, True),
    "behind options": ("local-exec", '"aws --region us-east-1 s3api put-bucket-policy --bucket b"', True),
    "in a script": ("local-exec", "<<EOF\nset -e\naws iam attach-role-policy --role-name r\nEOF", True),
    "behind another one": ("local-exec", '"cd x && aws s3 sync . s3://b"', True),
    "what only reads": ("local-exec", '"aws ec2 wait instance-running --instance-ids i-1"', False),
    "another program": ("local-exec", '"echo done with aws"', False),
    "on another machine": ("remote-exec", OPEN, False),
}


@pytest.mark.parametrize(("kind", "command", "told"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_code_runs_is_told(kind, command, told, gate, tmp_path):
    (tmp_path / "main.tf").write_text(KEY + RUNS.format(kind, command))
    ran = gate(tmp_path)
    lines = [each["message"] for each in ran.run["gate"]["unread"] if "when it is applied" in each["message"]]
    assert (ran.code, bool(lines)) == (0, told), ran
    assert not told or lines[0].startswith("main.tf:4: null_resource.n runs `aws "), lines


def test_a_command_hides_no_finding(gate, tmp_path):
    (tmp_path / "main.tf").write_text(KEY.replace("true", "false") + RUNS.format("local-exec", OPEN))
    assert gate(tmp_path).code == 1


def test_a_change_that_brings_a_command_shows_it(gate, repo):
    repo.write("infra/main.tf", KEY)
    repo.branch()
    repo.write("infra/main.tf", KEY + RUNS.format("local-exec", OPEN))
    repo.commit()
    ran = gate("infra", "--base", "main", cwd=repo.path)
    assert [each["count"] for each in ran.run["gate"]["unread"] if "authorize" in each["message"]] == [0], ran
    assert ran.code == 0


TYPES = {
    "a type that is judged": ('"AWS::EC2::SecurityGroup"', 3),
    "what adds to one": ('"AWS::EC2::SecurityGroupIngress"', 3),
    "another type": ('"AWS::IoT::Thing"', 0),
    "templates": ('"AWS::CloudFormation::StackSet"', 3),
    "a module": ('"Acme::Net::Group::MODULE"', 3),
    "a type that is not known": ("var.kind", 3),
}


@pytest.mark.parametrize(("kind", "code"), TYPES.values(), ids=TYPES)
def test_a_resource_by_its_document_is_a_gap_over_its_type(kind, code, gate, tmp_path):
    made = f'resource "aws_cloudcontrolapi_resource" "m" {{\n  type_name = {kind}\n  desired_state = "{{}}"\n}}\n'
    (tmp_path / "main.tf").write_text(KEY + 'variable "kind" {\n}\n' + made)
    assert gate(tmp_path).code == code


RENDERED = """
data "template_file" "p" {{
  template = "${{file("${{path.module}}/p.json")}}"
  {}
}}
resource "aws_sqs_queue" "q" {{
  name   = "q"
  policy = data.template_file.p.rendered
}}
"""
POLICY = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "${who}"}, "Action": "sqs:*", "Resource": "*"}]}
VALUES = {
    "a block": ('vars {\n    who = "arn:aws:iam::111122223333:root"\n  }', 0),
    "a block that opens it": ('vars {\n    who   = "*"\n    other = 1\n  }', 1),
    "an attribute": ('vars = {\n    who = "*"\n  }', 1),
    "two blocks": ('vars {\n    who = "a"\n  }\n  vars {\n    who = "*"\n  }', 3),
    "a block in it": ('vars {\n    who = "a"\n    more {\n    }\n  }', 3),
    "another block": ('more {\n    who = "*"\n  }', 3),
}


@pytest.mark.parametrize(("values", "code"), VALUES.values(), ids=VALUES)
def test_values_of_a_template_as_a_block(values, code, gate, tmp_path):
    (tmp_path / "p.json").write_text(json.dumps(POLICY))
    (tmp_path / "main.tf").write_text(RENDERED.format(values))
    ran = gate(tmp_path, "--rule", "resource-policies-not-public")
    assert ran.code == code, ran


def test_a_template_is_deployed_and_not_applied(gate, tmp_path):
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": {"Fn::GetAtt": ["Custom", "Range"]}}
    group = {"GroupDescription": "g", "VpcId": "vpc-1", "SecurityGroupIngress": [rule]}
    resources = {
        "Custom": {"Type": "Custom::Ranges", "Properties": {"ServiceToken": "x"}},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group},
    }
    (tmp_path / "app.json").write_text(json.dumps({"Resources": resources}))
    ran = gate(tmp_path, "--rule", "ports-closed-to-world")
    (told,) = [each["message"] for each in ran.run["gate"]["unread"] if each["count"]]
    assert told == "CloudFormation knows it only once the stack is deployed (refers to app/Custom)"


def test_a_folder_of_a_tool_with_code_in_it_is_told(gate, tmp_path):
    (tmp_path / "main.tf").write_text(KEY)
    for name in ("node_modules/x/main.tf", "app/venv/template.yaml", ".venv/lib/x.py", ".terraform/x/main.tf"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(KEY.replace("true", "false"))
    ran = gate(tmp_path)
    told = {each["message"].partition(":")[0] for each in ran.run["gate"]["unread"]}
    assert (ran.code, told) == (0, {"node_modules", "app/venv"}), ran
