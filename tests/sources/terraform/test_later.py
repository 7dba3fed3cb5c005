"""What only an apply tells hides only itself: in a text, a list, a document; and it is equal to itself only."""

from __future__ import annotations

import json

import pytest

from auditor.model import ABSENT, Hidden
from auditor.sources.code_options import CodeOptions
from auditor.sources.terraform import hcl, read

BASE = """
variable "on" {
  default = true
}
variable "names" {
  default = ["a", "b"]
}
data "aws_caller_identity" "me" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}
data "aws_availability_zones" "z" {}
data "aws_kms_key" "k" {
  key_id = "alias/x"
}
data "aws_ssm_parameter" "p" {
  name = "/p"
}
data "terraform_remote_state" "net" {
  backend = "s3"
}
resource "aws_eip" "one" {}
resource "aws_eip" "two" {
  count = 2
}
resource "aws_nat_gateway" "none" {
  count = 0
}
resource "aws_eip" "keyed" {
  for_each = toset(var.names)
}
resource "random_id" "r" {
  byte_length = 4
}
resource "aws_s3_bucket" "this" {
  bucket = "b-${random_id.r.hex}"
}
locals {
  own = data.aws_caller_identity.me.account_id
}
"""
LATER = "(later)"


def raws(folder, **files):
    for name, text in {"main_tf": "", **files}.items():
        path = folder / name.replace("__", "/").replace("_tf", ".tf").replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BASE + text if name == "main_tf" else text)
    found, left = hcl.read(folder, CodeOptions(region="us-east-1"))
    return {each.address: each.values for each in found}, left


def value(folder, expression, **files):
    """What a tag becomes; what is not known is `LATER`, whatever the reason."""
    found, left = raws(
        folder, main_tf=f'resource "aws_vpc" "v" {{\n  tags = {{\n    x = {expression}\n  }}\n}}\n', **files
    )
    assert left == []
    told = found["aws_vpc.v"]["tags"]
    if isinstance(told, str):
        return LATER
    return LATER if isinstance(told["x"], str) and told["x"].startswith("${?") else told["x"]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ('"${aws_eip.one.public_ip}/32"', "${aws_eip.one.public_ip}/32"),
        ('"${aws_eip.two[1].public_ip}/32"', "${aws_eip.two[1].public_ip}/32"),
        ('aws_eip.keyed["a"].arn', '${aws_eip.keyed["a"].arn}'),
        ('join(",", [aws_eip.one.public_ip, "x"])', "${aws_eip.one.public_ip},x"),
        ("one(aws_eip.one[*].id)", "${aws_eip.one.id}"),
        ('try(aws_nat_gateway.none[0].public_ip, "no")', "no"),
        ('try(aws_eip.one.public_ip, "no")', "${aws_eip.one.public_ip}"),
        ('lookup({ a = "1" }, "b", "2")', "2"),
        ('"b-${random_id.r.hex}"', "${aws_s3_bucket.this.id}"),
        ('"b-${random_id.r.hex}x"', "b-${random_id.r.hex}x"),
        ('"arn:aws:iam::${local.own}:root"', "arn:aws:iam::${@account}:root"),
        (
            '"arn:${data.aws_partition.here.partition}:iam::aws:policy/AdministratorAccess"',
            "arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        ('"ec2.${data.aws_partition.here.dns_suffix}"', "ec2.amazonaws.com"),
        ("data.aws_region.here.name", "us-east-1"),
        ("data.aws_availability_zones.z.names[0]", "${@zone:0}"),
        ("tostring(length(data.aws_availability_zones.z.names))", "3"),
        ("data.aws_kms_key.k.arn", LATER),
        ("data.terraform_remote_state.net.outputs.vpc_id", LATER),
        ('filebase64sha256("../outside.zip")', LATER),
        ('lookup({ "111122223333" = "a" }, local.own, "b")', LATER),
        ('"x-${terraform.workspace}"', "x-${@workspace}"),
        ('upper(timestamp())', LATER),
        ("base64encode(aws_eip.one.public_ip)", LATER),
        ('substr(aws_eip.one.public_ip, 0, 2)', LATER),
        ('var.on ? "a" : "b"', "a"),
        ('length(aws_nat_gateway.none) > 0 ? aws_nat_gateway.none[0].id : "x"', "x"),
        ('length(aws_eip.two) > 1 ? aws_eip.two[1].id : "x"', "${aws_eip.two[1].id}"),
        ('jsondecode(file("${path.module}/j.json")).a', "b"),
        ('"aws_eip.one.public_ip"', "aws_eip.one.public_ip"),
    ],
)  # fmt: skip
def test_a_value(tmp_path, expression, wanted):
    assert value(tmp_path, expression, j_json='{"a": "b"}') == wanted


def test_of_none_there_is_none(tmp_path):
    text = 'resource "aws_vpc" "v" {\n  ipv4_ipam_pool_id = one(aws_nat_gateway.none[*].id)\n}\n'
    assert raws(tmp_path, main_tf=text)[0]["aws_vpc.v"]["ipv4_ipam_pool_id"] is None


def test_the_block_is_meant_and_not_its_name(tmp_path):
    """Two modules and the root call theirs alike; what is handed down and up stays whose it is."""
    inner = """
variable "ip" {}
resource "aws_eip" "one" {
  tags = { given = "${var.ip}/32", own = "${aws_eip.one.public_ip}/32" }
}
output "ips" {
  value = [aws_eip.one.public_ip]
}
"""
    calls = """
module "a" {
  source = "./m"
  ip     = aws_eip.one.public_ip
}
module "b" {
  source = "./m"
  ip     = module.a.ips[0]
}
"""
    found, _ = raws(tmp_path, main_tf=calls, m__main_tf=inner)
    assert found["module.a.aws_eip.one"]["tags"] == {
        "given": "${aws_eip.one.public_ip}/32", "own": "${module.a.aws_eip.one.public_ip}/32"
    }  # fmt: skip
    assert found["module.b.aws_eip.one"]["tags"] == {
        "given": "${module.a.aws_eip.one.public_ip}/32", "own": "${module.b.aws_eip.one.public_ip}/32"
    }  # fmt: skip


POLICY = """
resource "aws_iam_policy" "p" {
  name   = "p-${local.own}"
  policy = %s
}
"""
DATA = """
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = [data.aws_kms_key.k.arn, "arn:aws:kms:*:${local.own}:key/*"]
  }
  statement {
    actions   = ["ssm:GetParameter"]
    resources = [data.aws_ssm_parameter.p.value]
  }
}
"""
ENCODED = """jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["kms:Decrypt"], Resource = [data.aws_kms_key.k.arn, "arn:aws:kms:*:${local.own}:key/*"] },
      { Effect = "Allow", Action = ["ssm:GetParameter"], Resource = [data.aws_ssm_parameter.p.value] },
    ]
  })"""


@pytest.mark.parametrize("text", [ENCODED, "data.aws_iam_policy_document.d.json"])
def test_one_unknown_in_a_policy_is_one_unknown(tmp_path, text):
    found, left = raws(tmp_path, main_tf=DATA + POLICY % text)
    assert left == []
    assert found["aws_iam_policy.p"]["name"] == "p-${@account}"
    first, second = json.loads(found["aws_iam_policy.p"]["policy"])["Statement"]
    assert first["Resource"] == ["${data.aws_kms_key.k.arn}", "arn:aws:kms:*:${@account}:key/*"]
    assert second["Action"] == ["ssm:GetParameter"]
    assert second["Resource"][0].startswith("${?")


def test_a_random_name_joins_what_names_it(tmp_path):
    """A bucket with a random name keeps its access block, its policy and its id, on every reading."""
    (tmp_path / "main.tf").write_text(
        BASE + 'resource "aws_s3_bucket_public_access_block" "b" {\n  bucket = aws_s3_bucket.this.id\n  block_public_acls = true\n'
        "  block_public_policy = true\n  ignore_public_acls = true\n  restrict_public_buckets = true\n}\n"
        'resource "random_pet" "p" {}\nresource "aws_iam_role" "r" {\n  name = "${random_pet.p.id}-r"\n  assume_role_policy = "{}"\n}\n'
        'resource "aws_iam_role_policy" "p" {\n  name = "p"\n  role = aws_iam_role.r.name\n  policy = jsonencode({ Statement = [] })\n}\n'
    )  # fmt: skip
    keys = set()
    for _ in range(2):
        found = {each.address: each for each in read(tmp_path, CodeOptions(region="us-east-1")).resources}
        bucket = found["aws_s3_bucket.this"]
        assert bucket.at("PublicAccessBlockConfiguration")["RestrictPublicBuckets"] is True
        assert [each["PolicyName"] for each in found["aws_iam_role.r"].at("Policies")] == ["p"]
        keys.add((bucket.key, bucket.name))
    assert len(keys) == 1


def test_what_an_unknown_value_hides(tmp_path):
    (tmp_path / "main.tf").write_text(
        BASE + 'data "archive_file" "z" {\n  type = "zip"\n}\nresource "aws_lambda_function" "f" {\n  function_name = "f"\n'
        '  source_code_hash = filebase64sha256(data.archive_file.z.output_path)\n  filename = "x.zip"\n'
        '  role = "arn:aws:iam::111122223333:role/x"\n  runtime = "python3.13"\n  handler = "a.b"\n}\n'
    )  # fmt: skip
    found = read(tmp_path, CodeOptions(region="us-east-1"))
    (function,) = (each for each in found.resources if each.address == "aws_lambda_function.f")
    assert found.gaps == []
    assert function.at("Runtime") == "python3.13"
    assert not isinstance(function.at("Timeout"), Hidden)
    assert function.at("KmsKeyArn") is ABSENT or function.at("KmsKeyArn")


def test_the_records_of_a_certificate_are_those_of_its_names(tmp_path):
    (tmp_path / "main.tf").write_text(
        'resource "aws_acm_certificate" "c" {\n  domain_name = "example.com"\n'
        '  subject_alternative_names = ["www.example.com", "example.com"]\n}\n'
        'resource "aws_route53_record" "r" {\n'
        "  for_each = { for each in aws_acm_certificate.c.domain_validation_options : each.domain_name => {\n"
        "    name = each.resource_record_name\n    type = each.resource_record_type\n  } }\n"
        '  zone_id = "Z1"\n  name    = each.value.name\n  type    = each.value.type\n}\n'
        'variable "name" {}\nresource "aws_acm_certificate" "unknown" {\n  domain_name = var.name\n}\n'
        'resource "aws_route53_record" "unknown" {\n'
        "  for_each = { for each in aws_acm_certificate.unknown.domain_validation_options : each.domain_name => each }\n"
        '  zone_id = "Z1"\n  name = each.value.resource_record_name\n}\n'
    )
    raws, left = hcl.read(tmp_path, CodeOptions(region="us-east-1"))
    found = {each.address: each.values for each in raws}
    for name in ("example.com", "www.example.com"):
        record = found[f'aws_route53_record.r["{name}"]']
        assert record["name"] == f"${{aws_acm_certificate.c.domain_validation_options.{name}}}"
        assert record["type"] == "CNAME"
    assert sum(each.startswith("aws_route53_record.r") for each in found) == 2
    assert [why for _, why in left if why.startswith("aws_route53_record.unknown: how many there are")]
