"""More idioms of public code, with what AWS's documentation says of each; and what only looks like one of them."""

import pytest

BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "acme-logs"\n}\n' + (
    'resource "aws_s3_bucket_public_access_block" "b" {\n  bucket = aws_s3_bucket.b.id\n'
    "  block_public_acls = true\n  block_public_policy = true\n  ignore_public_acls = true\n"
    "  restrict_public_buckets = true\n}\n"
)
READER = """data "aws_iam_policy_document" "d" {{
  statement {{
    actions = ["ecr:BatchGetImage"]
    principals {{
      type        = "AWS"
      identifiers = {}
    }}
  }}
}}
resource "aws_ecr_repository" "r" {{
  name = "r"
}}
resource "aws_ecr_repository_policy" "p" {{
  repository = aws_ecr_repository.r.name
  policy     = data.aws_iam_policy_document.d.json
}}
data "external" "x" {{
  program = ["x"]
}}
data "aws_region" "current" {{
}}
locals {{
  accounts = {{ us-west-1 = "027434742980", us-west-2 = "797873946194" }}
  ids = [for each in ["a"] : data.external.x.result[each] if contains(keys(data.external.x.result), each)]
}}
"""
# An ARN names no one but whose it is ("Principal" in IAM's reference of policy elements): everybody has none.
PRINCIPALS = {
    "an account of a list": ('[for id in local.ids : "arn:aws:iam::${id}:root"]', 0),
    "an account of a map": ('["arn:aws:iam::${local.accounts[data.aws_region.current.name]}:root"]', 0),
    "anybody": ("[for id in local.ids : id]", 3),
    "anybody beside": ('["arn:aws:iam::${data.external.x.result["a"]}:root", data.external.x.result["b"]]', 3),
    "everybody beside": ('["arn:aws:iam::${data.external.x.result["a"]}:root", "*"]', 1),
}


@pytest.mark.parametrize("case", PRINCIPALS)
def test_a_principal_whose_account_is_not_known_is_not_everybody(gate, tmp_path, case):
    named, code = PRINCIPALS[case]
    (tmp_path / "main.tf").write_text(READER.format(named))
    ran = gate(tmp_path, "--region", "us-east-1")
    assert ran.code == code, ran


def test_a_role_that_such_a_principal_assumes_stays_a_question(gate, tmp_path):
    (tmp_path / "t.yaml").write_text(
        "Parameters:\n  A: {Type: String}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n"
        "      AssumeRolePolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRole\n"
        "            Principal: {AWS: !Sub 'arn:aws:iam::${A}:root'}\n"
    )
    ran = gate(tmp_path, "--region", "us-east-1")
    assert (ran.code, len(ran.run["unanswered"])) == (3, 1), ran


RENDERED = """data "template_file" "p" {{
  template = {}
  {}
}}
resource "aws_iam_policy" "p" {{
  name   = "p"
  policy = data.template_file.p.rendered
}}
"""
NARROW = '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "${bucket}/*"}]}'
WIDE = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
VARS = "vars = {\n    bucket = aws_s3_bucket.b.arn\n  }"


@pytest.mark.parametrize(
    ("template", "file", "rest", "code"),
    [
        ('file("${path.module}/p.json")', NARROW, VARS, 0),
        ('"${file("${path.module}/p.json")}"', NARROW, VARS, 0),
        ('file("p.json")', WIDE, "", 1),
        ("var.p", WIDE, "", 3),
        ('file("p.json")', NARROW, "vars = var.p", 3),
        ('file("p.json")', NARROW, "vars {\n    bucket = aws_s3_bucket.b.arn\n  }", 0),
    ],
)
def test_the_data_source_of_templates_is_read_as_the_function(gate, tmp_path, template, file, rest, code):
    (tmp_path / "p.json").write_text(file)
    (tmp_path / "main.tf").write_text(BUCKET + 'variable "p" {}\n' + RENDERED.format(template, rest))
    ran = gate(tmp_path, "--region", "us-east-1")
    assert ran.code == code, ran


def test_an_override_of_such_a_template_is_not_passed_over(gate, tmp_path):
    (tmp_path / "p.json").write_text(NARROW.replace("${bucket}", "arn:aws:s3:::b"))
    (tmp_path / "w.json").write_text(WIDE)
    (tmp_path / "main.tf").write_text(RENDERED.format('file("p.json")', ""))
    (tmp_path / "x_override.tf").write_text('data "template_file" "p" {\n  template = file("w.json")\n}\n')
    assert gate(tmp_path, "--region", "us-east-1").code != 0


OWN = 'resource "aws_security_group" "app" {\n  name = "app"\n}\nvariable "z" {}\n'
ADDED = """resource "aws_security_group_rule" "r" {{
  security_group_id = {}
  type              = "ingress"
  from_port         = {port}
  to_port           = {port}
  protocol          = "tcp"
  {}
}}
"""
MEMBERS = "source_security_group_id = aws_security_group.app.id"


@pytest.mark.parametrize(
    ("group", "source", "port", "code"),
    [
        ("var.z", MEMBERS, 443, 0),
        ("data.aws_security_groups.y.ids[0]", MEMBERS, 443, 0),
        ("var.z", 'cidr_blocks = ["0.0.0.0/0"]', 22, 1),
        ("var.z", "cidr_blocks = [var.z]", 22, 3),
        ("data.aws_security_groups.y.ids[0]", 'cidr_blocks = ["0.0.0.0/0"]', 22, 1),
    ],
)
def test_a_rule_for_members_of_a_group_leaves_our_groups_alone(gate, tmp_path, group, source, port, code):
    found = 'data "aws_security_groups" "y" {\n  filter {\n    name   = "group-name"\n    values = ["y*"]\n  }\n}\n'
    (tmp_path / "main.tf").write_text(OWN + found + ADDED.format(group, source, port=port))
    ran = gate(tmp_path, "--region", "us-east-1")
    assert ran.code == code, ran


def test_a_policy_whose_name_is_not_known_permits_what_it_says(gate, tmp_path):
    policy = (
        "Parameters:\n  N: {Type: String}\nResources:\n  P:\n    Type: AWS::IAM::Policy\n    Properties:\n"
        "      PolicyName: !Ref N\n      Roles: [some-role]\n      PolicyDocument:\n        Statement:\n"
        "          - {Effect: Allow, Action: 'ACTION', Resource: '*'}\n"
    )
    for action, code in (("autoscaling:SetDesiredCapacity", 0), ("*", 1)):
        (tmp_path / "t.yaml").write_text(policy.replace("ACTION", action))
        assert gate(tmp_path, "--region", "us-east-1").code == code


def test_whether_a_replica_of_a_key_rotates_is_asked_of_its_primary(gate, tmp_path):
    replica = 'variable "arn" {}\nresource "aws_kms_replica_key" "r" {\n  primary_key_arn = var.arn\n}\n'
    (tmp_path / "main.tf").write_text(replica)
    ran = gate(tmp_path, "--region", "us-east-1")
    assert (ran.code, ran.run["gate"]["later"]) == (0, ["A KMS key rotates every year"]), ran
