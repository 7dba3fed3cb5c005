"""Idioms of public code, each with the verdict that AWS's documentation gives: decided, and told where it is open."""

import pytest

TRUST = """data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    dynamic "principals" {
      for_each = [for each in var.trusted : { type = each.type, ids = each.ids } if !can(tostring(each))]
      content {
        type        = principals.value.type
        identifiers = principals.value.ids
      }
    }
  }
  override_policy_documents = [var.more]
}
resource "aws_iam_role" "r" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
variable "more" {
  default = ""
}
"""
TRUSTED = 'variable "trusted" {{\n  type    = any\n  default = {}\n}}\n'
ROLE = """resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
data "aws_partition" "current" {}
"""
ATTACHED = """resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = data.aws_iam_policy.p.arn
}
"""
COPIED = """resource "aws_iam_role_policy" "a" {
  role   = aws_iam_role.r.id
  policy = data.aws_iam_policy.p.policy
}
"""
NAMED = 'data "aws_iam_policy" "p" {{\n  name = "{}"\n}}\n'
BY_ARN = (
    'data "aws_iam_policy" "p" {{\n  arn = "arn:${{data.aws_partition.current.partition}}:iam::aws:policy/{}"\n}}\n'
)
PERMISSION = """resource "aws_lambda_permission" "p" {{
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "{}"
  source_arn    = {}
  {}
}}
data "aws_cloudwatch_log_group" "l" {{
  name = "l"
}}
data "aws_ssm_parameter" "p" {{
  name = "p"
}}
"""
TEMPLATED = """resource "aws_iam_role_policy" "a" {
  role   = aws_iam_role.r.id
  policy = templatestring("{}", { queue = aws_sqs_queue.q.arn })
}
resource "aws_sqs_queue" "q" {
  name = "q"
}
"""
WRITTEN = """resource "aws_iam_role_policy" "a" {{
  role   = aws_iam_role.r.id
  policy = templatefile("${{path.module}}/policy.json", {{
    actions = [{}] # of one service
    other = 1, "what" = "{}"
  }})
}}
resource "aws_sqs_queue" "q" {{
  name = "q"
}}
variable "unset" {{}}
data "aws_ssm_parameter" "p" {{
  name = "p"
}}
"""
TEMPLATE = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ${jsonencode([
      for each in actions : "${each}"
    ])}, "Resource": "${what}"}
  ]
}
"""
ASKED = """resource "aws_iam_role_policy" "a" {{
  role   = aws_iam_role.r.id
  policy = templatefile("${{path.module}}/asked.json", {{ what = {} }})
}}
variable "unset" {{}}
data "aws_ssm_parameter" "p" {{
  name = "p"
}}
"""
ASKING = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "${what == "all" ? "*" : "arn:aws:sqs:*:*:q"}"}]
}
"""
OWN = 'source_account = "111122223333"'
CASES = {
    "nobody more is trusted": ("role-trust-closed", TRUST + TRUSTED.format("[]"), 0),
    "an empty document more": (
        "role-trust-closed", TRUST.replace('default = ""', 'default = "{}"') + TRUSTED.format("[]"), 0,
    ),
    "a service more": ("role-trust-closed", TRUST + TRUSTED.format('["edgelambda.amazonaws.com"]'), 0),
    "everybody more": ("role-trust-closed", TRUST + TRUSTED.format('[{ type = "AWS", ids = ["*"] }]'), 1),
    "AWS's administrator by name": (
        "no-administrator-policies", ROLE + ATTACHED + NAMED.format("AdministratorAccess"), 1,
    ),
    "AWS's administrator by ARN": (
        "no-administrator-policies", ROLE + COPIED + BY_ARN.format("AdministratorAccess"), 1,
    ),
    "AWS's other policy by ARN": (
        "no-administrator-policies",
        ROLE + COPIED + BY_ARN.format("service-role/AWSLambdaENIManagementAccess"),
        0,
    ),
    "a copy of a policy of one's own": ("no-administrator-policies", ROLE + COPIED + NAMED.format("ours"), 3),
    "what a function makes of an ARN is not that ARN": ("no-administrator-policies", ROLE + TEMPLATED, 3),
    "a template for one service": ("no-administrator-policies", ROLE + WRITTEN.format('"sqs:*"', "*"), 0),
    "a template for everything": ("no-administrator-policies", ROLE + WRITTEN.format('"*"', "*"), 1),
    "a template for what is beside it": (
        "no-administrator-policies", ROLE + WRITTEN.format('"*"', "${aws_sqs_queue.q.arn}"), 0,
    ),
    "a template for what nobody gives": (
        "no-administrator-policies", ROLE + WRITTEN.format('"*"', "${var.unset}"), 3,
    ),
    "a template for what only an apply tells": (
        "no-administrator-policies", ROLE + WRITTEN.format('"*"', "${data.aws_ssm_parameter.p.value}"), 3,
    ),
    "a template that asks what only an apply tells": (
        "no-administrator-policies", ROLE + ASKED.format("data.aws_ssm_parameter.p.value"), 3,
    ),
    "a template that asks what nobody gives": ("no-administrator-policies", ROLE + ASKED.format("var.unset"), 3),
    "a template that asks what is written": ("no-administrator-policies", ROLE + ASKED.format('"all"'), 1),
    "a template that asks what is written otherwise": (
        "no-administrator-policies", ROLE + ASKED.format('"queue"'), 0,
    ),
    "what is there, by its data source": (
        "function-callers-known",
        PERMISSION.format("logs.amazonaws.com", '"${data.aws_cloudwatch_log_group.l.arn}:*"', ""),
        0,
    ),
    "what somebody wrote down": (
        "function-callers-known", PERMISSION.format("s3.amazonaws.com", "data.aws_ssm_parameter.p.value", ""), 3,
    ),
    "that, of the own account": (
        "function-callers-known", PERMISSION.format("s3.amazonaws.com", "data.aws_ssm_parameter.p.value", OWN), 0,
    ),
    "anybody, under a condition that is open": (
        "function-callers-known", PERMISSION.format("*", "data.aws_ssm_parameter.p.value", ""), 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "code"), CASES.values(), ids=CASES)
def test_idioms_are_decided(repo, gate, rule, text, code):
    repo.write("infra/main.tf", text)
    repo.write("infra/policy.json", TEMPLATE)
    repo.write("infra/asked.json", ASKING)
    repo.commit()
    ran = gate("infra", "--rule", rule, "--region", "us-east-1", cwd=repo.path)
    assert ran.code == code, ran.out[-2000:] + ran.err
