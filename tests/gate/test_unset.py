"""A variable without a value hides what it says in a document, and nothing that stands beside it."""

from __future__ import annotations

import json

import pytest

QUEUE = """
variable "x" {{
  type = string
}}
variable "said" {{
  default = "sns.amazonaws.com"
}}
locals {{
  document = jsonencode({{ Version = "2012-10-17", Statement = [] }})
}}
resource "aws_sqs_queue" "q" {{
  name   = "q"
  policy = {}
}}
"""
ENCODED = """jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*", Principal = %s }]
  })"""
HEREDOC = """<<EOF
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Principal": %s}]}
EOF"""
ROOT = '"arn:aws:iam::${var.x}:root"'
# Who is named, as HCL writes it, and how the gate ends.
NAMED = {
    "an account": (f"{{ AWS = [{ROOT}] }}", 0),
    "an account without a list": (f"{{ AWS = {ROOT} }}", 0),
    "everybody beside an account": (f'{{ AWS = [{ROOT}, "*"] }}', 1),
    "everybody before an account": (f'{{ AWS = ["*", {ROOT}] }}', 1),
    "everybody beside a variable": ('{ AWS = ["*", var.x] }', 1),
    "a variable": ("{ AWS = var.x }", 3),
    "a variable beside an account": ('{ AWS = [var.x, "arn:aws:iam::111122223333:root"] }', 3),
    "a variable in a text of its own": ('{ AWS = ["${var.x}"] }', 3),
    "a service of a region": ('{ Service = "logs.${var.x}.amazonaws.com" }', 0),
    "a service by its name": ('{ Service = ["${var.x}.amazonaws.com"] }', 0),
    "a service, and everybody": ('{ Service = "logs.${var.x}.amazonaws.com", AWS = "*" }', 1),
    "a service, and a variable": ('{ Service = "logs.${var.x}.amazonaws.com", AWS = var.x }', 3),
    "a service that may be anything": ('{ Service = ["${var.x}"] }', 3),
    "a choice": ('{ AWS = var.said == "a" ? "*" : "arn:aws:iam::${var.x}:root" }', 0),
    "the other choice": ('{ AWS = var.said != "a" ? "*" : "arn:aws:iam::${var.x}:root" }', 1),
    "what a comparison decides": ('{ AWS = var.x == "a" ? "*" : "arn:aws:iam::111122223333:root" }', 1),
    "what a comparison of texts decides": ('{ AWS = "${var.x}" == "" ? "*" : "arn:aws:iam::111122223333:root" }', 1),
    "what a function decides": ('{ AWS = length("a-${var.x}") > 2 ? "*" : "arn:aws:iam::111122223333:root" }', 1),
    "what a function makes": ('{ AWS = replace("*${var.x}", var.x, "") }', 3),
    "what a list function makes": (f'{{ AWS = concat(["*"], [{ROOT}]) }}', 3),
    "what a loop makes": ('{ AWS = [for each in ["arn:aws:iam::${var.x}:root"] : each] }', 3),
    "what a loop asks": ('{ AWS = [for each in ["a-${var.x}"] : "*" if each != "a-"] }', 3),
}  # fmt: skip


@pytest.mark.parametrize(("principal", "code"), NAMED.values(), ids=NAMED)
def test_a_principal_of_a_document(principal, code, gate, tmp_path):
    (tmp_path / "main.tf").write_text(QUEUE.format(ENCODED % principal))
    ran = gate(tmp_path, "--rule", "resource-policies-not-public")
    assert ran.code == code, ran


IN_JSON = {
    "an account": (f'{{"AWS": {ROOT}}}', 0),
    "everybody beside": (f'{{"AWS": ["*", {ROOT}]}}', 1),
    "a variable": ('{"AWS": "${var.x}"}', 3),
    "a service": ('{"Service": "logs.${var.x}.amazonaws.com"}', 0),
    "no text": ('{"AWS": ${var.x}}', 3),
    "a question": (f'{{"AWS": [%{{ if var.said == "a" }}"*",%{{ endif }}{ROOT}]}}', 3),
}


@pytest.mark.parametrize(("principal", "code"), IN_JSON.values(), ids=IN_JSON)
def test_a_principal_of_a_document_in_json(principal, code, gate, tmp_path):
    (tmp_path / "main.tf").write_text(QUEUE.format(HEREDOC % principal))
    ran = gate(tmp_path, "--rule", "resource-policies-not-public")
    assert ran.code == code, ran


@pytest.mark.parametrize(("given", "code"), [("*", 1), ("arn:aws:iam::111122223333:root", 0)])
def test_a_value_that_is_given_counts(given, code, gate, tmp_path):
    (tmp_path / "main.tf").write_text(QUEUE.format(ENCODED % '{ AWS = ["${var.x}"] }'))
    assert gate(tmp_path, "--rule", "resource-policies-not-public", "--parameter", f"x={given}").code == code
    (tmp_path / "terraform.tfvars").write_text(f'x = "{given}"\n')
    assert gate(tmp_path, "--rule", "resource-policies-not-public").code == code


TRUST = {
    "a service of a region": ({"Service": ["ecs.amazonaws.com", {"Fn::Sub": "logs.${R}.amazonaws.com"}]}, 0),
    "a service, and an account": (
        {"Service": {"Fn::Sub": "logs.${R}.amazonaws.com"}, "AWS": {"Fn::Sub": "arn:aws:iam::${R}:root"}}, 3,
    ),
    "a service, and everybody": ({"Service": {"Fn::Sub": "logs.${R}.amazonaws.com"}, "AWS": "*"}, 1),
    "what may be anything": ({"Service": {"Ref": "R"}}, 3),
}  # fmt: skip


@pytest.mark.parametrize(("principal", "code"), TRUST.values(), ids=TRUST)
def test_a_role_that_a_service_assumes(principal, code, gate, tmp_path):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [statement]}}}
    said = {"Parameters": {"R": {"Type": "String"}}, "Resources": {"Role": role}}
    (tmp_path / "app.json").write_text(json.dumps(said))
    ran = gate(tmp_path, "--rule", "role-trust-closed")
    assert ran.code == code, ran


IN_QUEUE = {
    "an account": ({"AWS": {"Fn::Sub": "arn:aws:iam::${R}:root"}}, 0),
    "an account by joining": ({"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "R"}, ":root"]]}}, 0),
    "a service by joining": ({"Service": {"Fn::Join": [".", ["logs", {"Ref": "R"}, "amazonaws.com"]]}}, 0),
    "everybody beside": ({"AWS": [{"Fn::Sub": "arn:aws:iam::${R}:root"}, "*"]}, 1),
    "what may be anything": ({"AWS": {"Fn::Sub": "${R}"}}, 3),
    "what may be anything at its end": ({"AWS": {"Fn::Sub": "${R}:root"}}, 3),
}


@pytest.mark.parametrize(("principal", "code"), IN_QUEUE.values(), ids=IN_QUEUE)
def test_a_policy_of_a_template(principal, code, gate, tmp_path):
    statement = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Principal": principal}
    policy = {"Queues": [{"Ref": "Q"}], "PolicyDocument": {"Statement": [statement]}}
    resources = {"Q": {"Type": "AWS::SQS::Queue"}, "P": {"Type": "AWS::SQS::QueuePolicy", "Properties": policy}}
    (tmp_path / "app.json").write_text(json.dumps({"Parameters": {"R": {"Type": "String"}}, "Resources": resources}))
    ran = gate(tmp_path, "--rule", "resource-policies-not-public")
    assert ran.code == code, ran


CALLED = """
variable "x" {{
  type = string
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/r"
}}
resource "aws_lambda_permission" "p" {{
  function_name = aws_lambda_function.f.function_name
  action        = "lambda:InvokeFunction"
  principal     = {}
  {}
}}
"""
GROUP = 'source_arn = "arn:aws:logs:us-east-1:111122223333:log-group:g:*"'
CALLERS = {
    "a service of a region, for one group": ('"logs.${var.x}.amazonaws.com"', GROUP, 0),
    "a service of a region, for an account": ('"logs.${var.x}.amazonaws.com"', 'source_account = "111122223333"', 0),
    "a service of a region, for everybody": ('"logs.${var.x}.amazonaws.com"', "", 3),
    "a service of a region, for what is not known": ('"logs.${var.x}.amazonaws.com"', "source_arn = var.x", 3),
    "what may be anything": ("var.x", GROUP, 3),
    "what may be anything at its beginning": ('"${var.x}.example.com"', GROUP, 3),
    "everybody": ('"*"', "", 1),
}


@pytest.mark.parametrize(("principal", "rest", "code"), CALLERS.values(), ids=CALLERS)
def test_who_may_call_a_function(principal, rest, code, gate, tmp_path):
    (tmp_path / "main.tf").write_text(CALLED.format(principal, rest))
    ran = gate(tmp_path, "--rule", "function-callers-known")
    assert ran.code == code, ran


IN_PERMISSION = {
    "a service, for one group": ({"Fn::Sub": "logs.${R}.amazonaws.com"}, {"SourceAccount": "111122223333"}, 0),
    "a service, for everybody": ({"Fn::Sub": "logs.${R}.amazonaws.com"}, {}, 3),
    "what may be anything": ({"Ref": "R"}, {"SourceAccount": "111122223333"}, 3),
    "everybody": ("*", {}, 1),
}


@pytest.mark.parametrize(("principal", "rest", "code"), IN_PERMISSION.values(), ids=IN_PERMISSION)
def test_who_may_call_a_function_of_a_template(principal, rest, code, gate, tmp_path):
    said = {"FunctionName": "f", "Action": "lambda:InvokeFunction", "Principal": principal, **rest}
    resources = {"P": {"Type": "AWS::Lambda::Permission", "Properties": said}}
    (tmp_path / "app.json").write_text(json.dumps({"Parameters": {"R": {"Type": "String"}}, "Resources": resources}))
    ran = gate(tmp_path, "--rule", "function-callers-known")
    assert ran.code == code, ran


ADMIN = 'Effect = "Allow", Action = "*", Resource = "*"'
MEMBERS = {
    "a statement": (f'Statement = [{{ {ADMIN} }}]', 1),
    "what may be the statements": (f'"${{var.x}}" = [{{ {ADMIN} }}]', 3),
    "what another resource calls so": (f'"${{aws_eip.e.public_ip}}" = [{{ {ADMIN} }}]', 3),
    "what may be the action": ('Statement = [{ Effect = "Allow", "${var.x}" = "*", Resource = "*" }]', 3),
    "an action": ('Statement = [{ Effect = "Allow", Action = var.x, Resource = "*" }]', 3),
    "an effect": ('Statement = [{ Effect = var.x, Action = "*", Resource = "*" }]', 3),
    "statements": ("Statement = var.x", 3),
    "one of the statements": ("Statement = [var.x]", 3),
    "a bucket": (
        'Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b-${var.x}/*" }]', 0,
    ),
    "a condition": (
        'Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*", '
        'Condition = { StringEquals = { "${var.x}:sub" = "a" } } }]', 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "code"), MEMBERS.values(), ids=MEMBERS)
def test_what_a_variable_may_be_in_a_policy(said, code, gate, tmp_path):
    policy = f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = jsonencode({{ {said} }})\n}}\n'
    (tmp_path / "main.tf").write_text('variable "x" {}\nresource "aws_eip" "e" {\n}\n' + policy)
    ran = gate(tmp_path, "--rule", "no-administrator-policies")
    assert ran.code == code, ran
