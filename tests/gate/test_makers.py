"""What makes resources that are not read may hide anything: a clean verdict beside it would be a claim."""

from __future__ import annotations

import json

import pytest

NETWORK = 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n'
TEMPLATES = {
    "AWS::CloudFormation::StackSet": {"TemplateURL": "https://example.com/t.yaml"},
    "Acme::Network::Group::MODULE": {},
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct": {"ProductName": "p"},
}
BLOCKS = {
    "aws_cloudformation_stack": 'template_body = "{}"',
    "aws_cloudformation_stack_set": 'template_url = "https://example.com/t.yaml"',
    "aws_servicecatalog_provisioned_product": 'product_name = "p"',
    "aws_serverlessapplicationrepository_cloudformation_stack": 'application_id = "a"',
    "aws_cloudcontrolapi_resource": 'type_name = "AWS::EC2::SecurityGroup"',
}


def told(ran, place):
    return [each["message"] for each in ran.run["gate"]["unread"] if each["message"].startswith(place)]


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template(gate, tmp_path, kind):
    made = {"M": {"Type": kind, "Properties": TEMPLATES[kind]}, "V": {"Type": "AWS::EC2::VPC"}}
    (tmp_path / "app.json").write_text(json.dumps({"Resources": made}))
    ran = gate(tmp_path, "--region", "us-east-1")
    assert (ran.code, len(told(ran, "app.json:1: app/M makes resources"))) == (3, 1), ran


def test_terraform(gate, tmp_path):
    for at, (kind, rest) in enumerate(BLOCKS.items()):
        (tmp_path / f"{at}.tf").write_text(f'resource "{kind}" "m" {{\n  {rest}\n}}\n')
    (tmp_path / "main.tf").write_text(NETWORK)
    ran = gate(tmp_path, "--region", "us-east-1")
    missing = [kind for at, kind in enumerate(BLOCKS) if not told(ran, f"{at}.tf:1: {kind}.m makes resources")]
    assert (ran.code, missing) == (3, []), ran


@pytest.mark.parametrize("many", ["", "  count = 1\n", '  for_each = { "a.b" = 1 }\n'])
def test_in_a_module(gate, tmp_path, many):
    (tmp_path / "m").mkdir()
    (tmp_path / "m/main.tf").write_text('resource "aws_cloudformation_stack" "s" {\n  template_body = "{}"\n}\n')
    (tmp_path / "main.tf").write_text(f'module "m" {{\n  source = "./m"\n{many}}}\n' + NETWORK)
    assert gate(tmp_path, "--region", "us-east-1").code == 3


def test_a_change_of_it_is_one_behind_the_gap_and_another_is_not(gate, repo):
    stack = 'resource "aws_cloudformation_stack" "m" {\n  template_url = "https://example.com/t.yaml"\n}\n'
    repo.write("infra/main.tf", stack + NETWORK)
    repo.branch()
    repo.write("infra/README.md", "more")
    repo.commit()
    assert gate("infra", "--base", "main", cwd=repo.path).code == 0
    repo.write("infra/main.tf", stack.replace("/t.yaml", "/u.yaml") + NETWORK)
    repo.commit()
    assert gate("infra", "--base", "main", cwd=repo.path).code == 3


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("awscc_ec2_security_group", 3),
        ("awscc_ec2_security_group_ingress", 3),
        ("awscc_iam_role", 3),
        ("awscc_s3_bucket", 3),
        ("awscc_rds_db_instance", 3),
        ("awscc_iot_thing", 0),
    ],
)
def test_what_the_other_provider_makes_is_not_read(gate, tmp_path, kind, code):
    (tmp_path / "main.tf").write_text(NETWORK + f'resource "{kind}" "m" {{\n  description = "m"\n}}\n')
    ran = gate(tmp_path, "--region", "us-east-1")
    assert ran.code == code, ran
