"""What code adds to a resource that it does not make is judged; the rest of that resource only the account knows.

However the resource is named: by its id, by a value that is handed in, by a data source, by another configuration's
output. A change that attaches AdministratorAccess to a role of somewhere else is as bad as one that makes the role.
"""

from __future__ import annotations

import json

import pytest

from auditor.model import ELSEWHERE
from auditor.resources import load

ACCOUNT = "111122223333"
ADMIN = 'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })'


def public(action):
    statement = f'{{ Effect = "Allow", Principal = "*", Action = "{action}", Resource = "*" }}'
    return f'jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})'


# Type, attribute that names the owner, the rest; the data source of the owner and its attribute; what names it.
PORT = "from_port = 22\n  to_port = 22\n  "
BLOCKS = "".join(
    f"{name} = false\n  "
    for name in ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
)
ADDED = {
    "an older rule": (
        "aws_security_group_rule", "security_group_id",
        PORT + 'type = "ingress"\n  protocol = "tcp"\n  cidr_blocks = ["0.0.0.0/0"]',
        "aws_security_group", "id", "sg-0123456789abcdef0",
    ),
    "a rule": (
        "aws_vpc_security_group_ingress_rule", "security_group_id",
        PORT + 'ip_protocol = "tcp"\n  cidr_ipv4 = "0.0.0.0/0"', "aws_security_group", "id", "sg-0123456789abcdef1",
    ),
    "a bucket's block": ("aws_s3_bucket_public_access_block", "bucket", BLOCKS, "aws_s3_bucket", "id", "reports"),
    "a role's managed policy": (
        "aws_iam_role_policy_attachment", "role", 'policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"',
        "aws_iam_role", "name", "deployer",
    ),
    "a role's policy": ("aws_iam_role_policy", "role", f"policy = {ADMIN}", "aws_iam_role", "id", "runner"),
    "a user's managed policy": (
        "aws_iam_user_policy_attachment", "user", 'policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"',
        "aws_iam_user", "user_name", "somebody",
    ),
    "a group's managed policy": (
        "aws_iam_group_policy_attachment", "group", 'policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"',
        "aws_iam_group", "group_name", "people",
    ),
    "a topic's policy": (
        "aws_sns_topic_policy", "arn", f"policy = {public('sns:Publish')}", "aws_sns_topic", "arn",
        f"arn:aws:sns:us-east-1:{ACCOUNT}:told",
    ),
    "a queue's policy": (
        "aws_sqs_queue_policy", "queue_url", f"policy = {public('sqs:*')}", "aws_sqs_queue", "url",
        f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/work",
    ),
    "a key's policy": (
        "aws_kms_key_policy", "key_id", f"policy = {public('kms:*')}", "aws_kms_key", "key_id",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
    "a repository's policy": (
        "aws_ecr_repository_policy", "repository", f"policy = {public('ecr:*')}", "aws_ecr_repository", "name", "images",
    ),
    "a secret's policy": (
        "aws_secretsmanager_secret_policy", "secret_arn", f"policy = {public('secretsmanager:*')}",
        "aws_secretsmanager_secret", "arn", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:x-AbCdEf",
    ),
    "a file system's policy": (
        "aws_efs_file_system_policy", "file_system_id", f"policy = {public('elasticfilesystem:*')}",
        "aws_efs_file_system", "file_system_id", "fs-0123456789abcdef0",
    ),
}  # fmt: skip
STATE = 'data "terraform_remote_state" "other" {\n  backend = "s3"\n}\n'
WAYS = {
    "its id": lambda at, each: ("", f'"{each[5]}"'),
    "a value handed in": lambda at, each: (f'variable "owner{at}" {{\n  type = string\n}}\n', f"var.owner{at}"),
    "a data source": lambda at, each: (f'data "{each[3]}" "d{at}" {{\n}}\n', f"data.{each[3]}.d{at}.{each[4]}"),
    "another state": lambda at, each: (STATE if not at else "", f"data.terraform_remote_state.other.outputs.o{at}"),
}


def written(way):
    """A file for each kind."""
    for at, (kind, by, rest, *_) in enumerate(ADDED.values()):
        before, owner = WAYS[way](at, list(ADDED.values())[at])
        yield f"{at}.tf", f'{before}resource "{kind}" "r" {{\n  {by} = {owner}\n  {rest}\n}}\n'


@pytest.mark.parametrize("way", WAYS)
def test_a_hole_that_is_added_elsewhere(gate, tmp_path, way):
    for name, text in written(way):
        (tmp_path / name).write_text(text)
    ran = gate(tmp_path, "--region", "us-east-1")
    broken = {each["location"]["file"] for each in ran.run["findings"]}
    named = dict(zip((f"{at}.tf" for at in range(len(ADDED))), ADDED, strict=True))
    assert ran.code == 1, ran
    assert {named[each] for each in broken} == set(ADDED)
    # The rest of them is no question to this code.
    assert not [each for each in ran.run["unanswered"] if ELSEWHERE in str(each)]
    assert ELSEWHERE not in str(ran.run["gate"]["unread"])


HARMLESS = {
    "0.0.0.0/0": "10.0.0.0/8",
    "policy/AdministratorAccess": "policy/ReadOnlyAccess",
    'Action = "*"': 'Action = "s3:GetObject"',
    'Principal = "*"': f'Principal = {{ AWS = "arn:aws:iam::{ACCOUNT}:root" }}',
    "= false": "= true",
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_harmless_is_no_question(gate, tmp_path, way):
    for name, text in written(way):
        for bad, good in HARMLESS.items():
            text = text.replace(bad, good)
        (tmp_path / name).write_text(text)
    ran = gate(tmp_path, "--region", "us-east-1", "--account", ACCOUNT)
    assert (ran.code, ran.run["findings"], ran.run["unanswered"], ran.run["gate"]["later"]) == (0, [], [], []), ran


def test_what_is_not_known_of_an_addition_is_a_question(gate, tmp_path):
    rule = ADDED["a rule"]
    text = f'variable "x" {{}}\nresource "{rule[0]}" "r" {{\n  {rule[1]} = "{rule[5]}"\n  {rule[2]}\n}}\n'
    (tmp_path / "main.tf").write_text(text.replace('"0.0.0.0/0"', "var.x"))
    ran = gate(tmp_path, "--region", "us-east-1")
    assert (ran.code, ran.run["findings"], len(ran.run["unanswered"])) == (3, [], 1), ran


OPEN = {
    "a managed policy": (
        'resource "aws_iam_role_policy_attachment" "r" {\n  role = OWNER\n  policy_arn = var.x\n}\n',
        "aws_iam_role",
    ),
    "managed policies": (
        'resource "aws_iam_group_policy_attachment" "r" {\n  for_each = toset(var.y)\n  group = OWNER\n  policy_arn = each.value\n}\n',
        "aws_iam_group",
    ),
    "a policy's ARN of a data source": (
        'data "aws_iam_policy" "p" {\n  name = var.x\n}\nresource "aws_iam_user_policy_attachment" "r" {\n  user = OWNER\n'
        "  policy_arn = data.aws_iam_policy.p.arn\n}\n",
        "aws_iam_user",
    ),
    "a policy": ('resource "aws_iam_role_policy" "r" {\n  role = OWNER\n  policy = var.x\n}\n', "aws_iam_role"),
    "a range": (
        'resource "aws_vpc_security_group_ingress_rule" "r" {\n  security_group_id = OWNER\n  from_port = 22\n'
        '  to_port = 22\n  ip_protocol = "tcp"\n  cidr_ipv4 = var.x\n}\n',
        "aws_security_group",
    ),
    "a port that is none": (
        'resource "aws_vpc_security_group_ingress_rule" "r" {\n  security_group_id = OWNER\n  from_port = "abc"\n'
        '  to_port = 22\n  ip_protocol = "tcp"\n  cidr_ipv4 = "0.0.0.0/0"\n}\n',
        "aws_security_group",
    ),
    "a queue's policy": (
        'resource "aws_sqs_queue_policy" "r" {\n  queue_url = OWNER\n  policy = var.x\n}\n',
        "aws_sqs_queue",
    ),
    "a block": (
        'resource "aws_s3_bucket_public_access_block" "r" {\n  bucket = OWNER\n  block_public_acls = var.x\n}\n',
        "aws_s3_bucket",
    ),
}
VARIABLES = 'variable "x" {}\nvariable "y" {}\n'


@pytest.mark.parametrize("kind", OPEN)
@pytest.mark.parametrize("owner", ['"sg-0123456789abcdef0"', "var.o"], ids=["its id", "a value handed in"])
def test_what_is_open_in_an_addition_is_as_open_as_of_ones_own(gate, tmp_path, kind, owner):
    text = OPEN[kind][0]
    (tmp_path / "main.tf").write_text(VARIABLES + 'variable "o" {}\n' + text.replace("OWNER", owner))
    ran = gate(tmp_path, "--region", "us-east-1")
    assert ran.code in (1, 3), ran
    assert ran.run["unanswered"] or ran.run["findings"]


def test_an_addition_that_was_moved_is_the_one_it_was(gate, repo):
    text = ADDED["a role's managed policy"]
    block = f'variable "o" {{}}\nresource "{text[0]}" "NAME" {{\n  {text[1]} = var.o\n  {text[2]}\n}}\n'
    repo.write("infra/main.tf", block.replace("NAME", "a"))
    repo.branch()
    moved = f"moved {{\n  from = {text[0]}.a\n  to = {text[0]}.b\n}}\n"
    repo.write("infra/main.tf", block.replace("NAME", "b") + moved)
    repo.commit()
    ran = gate("infra", "--base", "main", cwd=repo.path)
    assert (ran.code, ran.run["findings"], len(ran.run["carried"])) == (0, [], 1), ran


def test_every_policy_that_stands_apart_is_judged_alone():
    """A type whose policy code may say in a block of its own names it; an endpoint's policy opens nothing."""
    apart = {
        cfn
        for cfn, each in load().items()
        for row in each.props
        if row.same == "policy" and any(join.into == row.name for join in each.joins) and row.name not in each.alone
    }
    assert apart == {"AWS::EC2::VPCEndpoint"}


IN_TEMPLATES = {
    "AWS::EC2::SecurityGroupIngress": (
        "GroupId", {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
    ),
    "AWS::IAM::Policy": (
        "Roles", {"PolicyName": "p", "PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}
    ),
    "AWS::IAM::RolePolicy": (
        "RoleName",
        {"PolicyName": "p", "PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}},
    ),
    "AWS::SNS::TopicPolicy": (
        "Topics",
        {"PolicyDocument": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sns:*", "Resource": "*"}}},
    ),
    "AWS::SNS::TopicInlinePolicy": (
        "TopicArn",
        {"PolicyDocument": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sns:*", "Resource": "*"}}},
    ),
    "AWS::SQS::QueuePolicy": (
        "Queues",
        {"PolicyDocument": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}}},
    ),
    "AWS::SecretsManager::ResourcePolicy": (
        "SecretId",
        {"ResourcePolicy": {
            "Statement": {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
        }},
    ),
}  # fmt: skip
NAMED = {"its name": "some-name", "a parameter": {"Ref": "Owner"}, "an export": {"Fn::ImportValue": "owner"}}


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("kind", IN_TEMPLATES)
def test_a_hole_that_a_template_adds_elsewhere(gate, tmp_path, kind, name):
    by, rest = IN_TEMPLATES[kind]
    owner = [NAMED[name]] if by.endswith("s") else NAMED[name]
    (tmp_path / "app.json").write_text(
        json.dumps(
            {
                "Parameters": {"Owner": {"Type": "String"}},
                "Resources": {"R": {"Type": kind, "Properties": {by: owner, **rest}}},
            }
        )
    )
    ran = gate(tmp_path, "--region", "us-east-1")
    assert (ran.code, len(ran.run["findings"])) == (1, 1), ran


def test_a_group_of_the_default_network_by_its_name(gate, tmp_path):
    """Its own group where the template makes one of that name, and else one of elsewhere."""
    kind, (_, rest) = "AWS::EC2::SecurityGroupIngress", IN_TEMPLATES["AWS::EC2::SecurityGroupIngress"]
    made = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupName": "web", "GroupDescription": "x"}}
    for more, label in (({}, "web"), ({"G": made}, "web")):
        resources = {"R": {"Type": kind, "Properties": {"GroupName": "web", **rest}}, **more}
        (tmp_path / "app.json").write_text(json.dumps({"Resources": resources}))
        ran = gate(tmp_path, "--region", "us-east-1")
        assert (ran.code, [each["resource"]["id"] for each in ran.run["findings"]]) == (
            1,
            [label if not more else "app/G"],
        )


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
BY_ID = {
    "a rule": ("main.tf", RULE.format),
    "an older rule": ("main.tf", OLD.format),
    "a template": ("app.json", lambda cidr: TEMPLATE.replace('{}"', cidr + '"')),
}


@pytest.mark.parametrize(("file", "text"), BY_ID.values(), ids=BY_ID)
def test_a_rule_for_a_group_by_its_id(repo, gate, file, text):
    repo.write(f"infra/{file}", text("10.0.0.0/8"))
    assert gate("infra", "--rule", "ports-closed-to-world", cwd=repo.path).code == 0
    repo.branch()
    repo.write(f"infra/{file}", text("0.0.0.0/0"))
    repo.commit()
    ran = gate("infra", "--base", "main", "--rule", "ports-closed-to-world", cwd=repo.path)
    (found,) = ran.run["findings"]
    assert (ran.code, found["verdict"], found["resource"]["id"]) == (1, "broken", "sg-0123456789abcdef0"), ran.err
