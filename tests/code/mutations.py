"""The mutations of the live account that can be said in Terraform: a replacement in one file, and what must be found where.

`at` is a text on the line that the finding must point to, in the file that was changed (or `where`, another file).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """`old` stands in `file` and becomes `new`; a finding whose check begins with `check` must point to `at`."""

    name: str
    file: str
    old: str
    new: str
    check: str
    at: str
    where: str = ""
    verdict: str = "broken"


SITE_AT, IMAGES_AT = 'resource "aws_cloudfront_distribution" "site"', 'resource "aws_cloudfront_distribution" "images"'
INSIDE, NETWORK = 'resource "aws_lambda_function" "inside"', "network/main.tf"
STATIC = '    origin_access_control_id = aws_cloudfront_origin_access_control.bucket["static"].id\n'
IMAGES = '    origin_access_control_id = aws_cloudfront_origin_access_control.bucket["images"].id\n'
RULE = 'resource "aws_cloudwatch_event_rule" "nightly"'
OUT = """resource "aws_route" "out" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this.id
}
"""
ANYBODY = '"sts:AssumeRole"\n    }, { Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }]'

MUTATIONS = (
    Mutation("database made public", "data.tf", "publicly_accessible             = false", "publicly_accessible = true",
             "cuggu/database/not-public", "publicly_accessible"),
    Mutation("database on another class", "data.tf", "db.t4g.micro", "db.t4g.large", "cuggu/database/class", "instance_class"),
    Mutation("database of another version", "data.tf", '"16.8"', '"15.8"', "cuggu/database/version", "engine_version"),
    Mutation("server with less memory", "compute.tf", "memory  = 1024", "memory  = 512", "cuggu/server/memory", "memory_size"),
    Mutation("server with a shorter timeout", "compute.tf", "timeout = 60", "timeout = 30", "cuggu/server/timeout", "timeout       ="),
    Mutation("cleanup with a shorter timeout", "compute.tf", "timeout = 300", "timeout = 60", "cuggu/cleanup/timeout", "timeout       ="),
    Mutation("streaming switched off", "compute.tf", "RESPONSE_STREAM", "BUFFERED", "cuggu/server/streaming", INSIDE),
    Mutation("function URL open", "compute.tf", 'authorization_type = "AWS_IAM"\n  invoke_mode', 'authorization_type = "NONE"\n  invoke_mode',
             "function-url-authenticated", "authorization_type"),
    Mutation("cron moved", "compute.tf", "cron(0 18 * * ? *)", "cron(0 3 * * ? *)", "cuggu/schedule/cron", "schedule_expression"),
    Mutation("cron switched off", "compute.tf", "  schedule_expression =", '  state = "DISABLED"\n  schedule_expression =',
             "cuggu/schedule/enabled", RULE),
    Mutation("cron drives another function", "compute.tf", 'arn       = aws_lambda_function.inside["cleanup"].arn',
             "arn       = aws_lambda_function.image_optimizer.arn", "cuggu/link/schedule-cleanup", RULE),
    Mutation("static origin unsigned", "edge.tf", STATIC, "", "s3-origins-signed", SITE_AT),
    Mutation("image origin unsigned", "edge.tf", IMAGES, "", "s3-origins-signed", IMAGES_AT),
    Mutation("viewers may use http", "edge.tf", '"redirect-to-https"', '"allow-all"', "viewers-use-https", SITE_AT),
    Mutation("old TLS", "edge.tf", "TLSv1.2_2021", "TLSv1_2016", "viewers-use-modern-tls", SITE_AT),
    Mutation("server no longer an origin", "edge.tf",
             'replace(replace(aws_lambda_function_url.server.function_url, "https://", ""), "/", "")', '"legacy.example.com"',
             "cuggu/link/", SITE_AT),
    Mutation("records no longer lead to CloudFront", "edge.tf", "aws_cloudfront_distribution.site.domain_name",
             "aws_cloudfront_distribution.images.domain_name", "cuggu/link/record", 'resource "aws_route53_record" "site"'),
    Mutation("private subnets routed to the Internet", NETWORK, "nat_gateway_id         = aws_nat_gateway.this.id",
             "gateway_id             = aws_internet_gateway.this.id", "cuggu/private-subnet-a/kind", 'resource "aws_subnet" "private"'),
    Mutation("private subnets without a way out", NETWORK, OUT, "", "cuggu/server/egress", INSIDE, "compute.tf"),
    Mutation("database port open to the world", NETWORK, "source_security_group_id = aws_security_group.proxy.id",
             'cidr_blocks = ["0.0.0.0/0"]', "ports-closed-to-world", 'resource "aws_security_group_rule" "database_from_proxy"'),
    Mutation("ssh open in two halves", NETWORK, "  egress {\n    protocol    = \"-1\"",
             '  ingress {\n    protocol = "tcp"\n    from_port = 20\n    to_port = 30\n    cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"]\n  }\n'
             '  egress {\n    protocol    = "-1"', "ports-closed-to-world", "  ingress {"),
    Mutation("proxy admits nobody", NETWORK, "security_groups = [aws_security_group.functions.id]", "security_groups = []",
             "cuggu/link/server-proxy", INSIDE, "compute.tf"),
    Mutation("database admits another port", NETWORK, "  from_port                = 5432\n  to_port                  = 5432",
             "  from_port = 5433\n  to_port = 5433", "cuggu/link/proxy-database", 'resource "aws_db_proxy" "main"', "data.tf"),
    Mutation("proxy without its database", "data.tf", "db_instance_identifier = aws_db_instance.main.identifier",
             'db_instance_identifier = "legacy"', "cuggu/link/", 'resource "aws_db_proxy" "main"'),
    Mutation("server may not write images", "compute.tf", '"s3:GetObject", "s3:PutObject", "s3:DeleteObject"', '"s3:GetObject"',
             "cuggu/link/server-images", INSIDE, ""),
    Mutation("cleanup may not delete images", "compute.tf", 'actions   = ["s3:DeleteObject"]', 'actions   = ["s3:GetObject"]',
             "cuggu/link/cleanup-images", INSIDE, ""),
    Mutation("log retention lost", "compute.tf", "  retention_in_days = local.retention\n", "", "logs-kept",
             'resource "aws_cloudwatch_log_group" "function"'),
    Mutation("alarms watch nothing", "watch.tf", "dimensions          = { (each.value[3]) = each.value[4] }", "dimensions = {}",
             "cuggu/cleanup/watched", INSIDE, "compute.tf"),
    Mutation("role trusts anybody", "compute.tf", '"sts:AssumeRole"\n    }]', ANYBODY, "role-trust-closed", "assume_role_policy = jsonencode"),
    Mutation("role made administrator", "compute.tf", 'Action   = "s3:GetObject"\n      Resource = "arn:aws:s3:::${local.prefix}-web-assets/*"',
             'Action   = "*"\n      Resource = "*"', "no-administrator-policies", 'resource "aws_iam_role_policy" "image_optimizer"'),
    Mutation("key no longer rotates", "data.tf", "enable_key_rotation = true", "enable_key_rotation = false", "keys-rotate",
             "enable_key_rotation"),
    Mutation("public access block removed", "data.tf", "block_public_policy     = true", "block_public_policy     = false",
             "bucket-public-access-blocked", 'resource "aws_s3_bucket_public_access_block" "this"'),
    Mutation("images shared with everybody", "edge.tf", 'type        = "Service"\n      identifiers = ["cloudfront.amazonaws.com"]\n    }\n    condition {\n      test     = "StringEquals"\n'
             '      variable = "AWS:SourceArn"\n      values   = [each.value]\n    }',
             'type = "*"\n      identifiers = ["*"]\n    }', "bucket-policy-not-public", "policy   ="),
)  # fmt: skip
