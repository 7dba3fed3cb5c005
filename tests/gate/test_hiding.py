"""What Terraform leaves open hides no hole and is no protection: every way of asking, at every place that asks."""

from functools import cache

import pytest

from auditor import judging, pipeline
from auditor.checks.worlds import read_all
from auditor.findings.defects import Attempts
from auditor.resources import load
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions

PORTS, BLOCKED = "ports-closed-to-world", "bucket-public-access-blocked"

chosen = cache(lambda rule: pipeline.definitions(pipeline.Wish(rules=(rule,))))


def judged(tmp_path, rule, text, *more, file="main.tf", **parameters):
    """The findings of some code, whose other files are pairs of name and text, and its gaps."""
    for name, said in ((file, text), *more):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(said)
    shared = {}

    def read(world):
        return read_code(tmp_path, CodeOptions(parameters, world=world, evaluated=shared))

    worlds = read_all(read)
    found = judging.judged(pipeline.Wish(), chosen(rule), worlds, load(), Attempts(()))
    return found.findings, [gap for _, each in worlds for gap in each.gaps]


# Each asks something that no configuration says. `number` counts, `truth` compares.
TRUTHS = {
    "the workspace": 'terraform.workspace == "x"',
    "not the workspace": 'terraform.workspace != "x"',
    "the clock": 'timestamp() == "x"',
    "the year": 'formatdate("YYYY", timestamp()) == "2030"',
    "the time of the plan": 'plantimestamp() == "x"',
    "the folder": 'path.cwd == "/x"',
    "chance": 'substr(uuid(), 0, 1) == "a"',
    "a template": 'templatestring("x", {}) == "x"',
    "a function of a provider": 'provider::aws::arn_parse("x").account == "x"',
    "data": 'data.aws_ssm_parameter.p.value == "x"',
    "a variable": "var.asked",
    "a variable compared": 'var.named == "x"',
    "not a variable": "!var.asked",
    "a local": "local.asked",
    "a list": 'contains(["x"], terraform.workspace)',
    "one of two": 'var.on && terraform.workspace == "x"',
    "a lookup": 'lookup({ x = true }, terraform.workspace, false)',
    "an index": "local.by_workspace[terraform.workspace]",
}  # fmt: skip
NUMBERS = {
    "data": "data.aws_subnets.s.ids",
    "a variable": "var.many",
    "a list by the workspace": "local.lists[terraform.workspace]",
    "a lookup": 'lookup(local.lists, terraform.workspace, [])',
    "what is filtered": '[for each in ["x", "y"] : each if each == terraform.workspace]',
}  # fmt: skip
SAID = """
variable "asked" {}
variable "named" {}
variable "many" {}
variable "on" { default = true }
data "aws_ssm_parameter" "p" { name = "p" }
data "aws_subnets" "s" {}
locals {
  by_workspace = { x = true }
  lists        = { x = ["a"] }
}
"""
RULE = """
  {head} {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
"""
RULES_BY = {
    "count": """
resource "aws_security_group" "g" {{ vpc_id = "vpc-1" }}
resource "aws_security_group_rule" "r" {{
  count             = {truth} ? 1 : 0
  type              = "ingress"
  security_group_id = aws_security_group.g.id
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}}
""",
    "count of the group": 'resource "aws_security_group" "g" {{\n  count = {truth} ? 1 : 0\n  vpc_id = "vpc-1"\n'
    + RULE.format(head="ingress").replace("{", "{{").replace("}", "}}") + "}}\n",
    "for_each": """
resource "aws_security_group" "g" {{ vpc_id = "vpc-1" }}
resource "aws_vpc_security_group_ingress_rule" "r" {{
  for_each          = {truth} ? toset(["a"]) : toset([])
  security_group_id = aws_security_group.g.id
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
  cidr_ipv4         = "0.0.0.0/0"
}}
""",
    "dynamic": """
resource "aws_security_group" "g" {{
  vpc_id = "vpc-1"
  dynamic "ingress" {{
    for_each = {truth} ? [22] : []
    content {{
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }}
  }}
}}
""",
    "a value": """
resource "aws_security_group" "g" {{
  vpc_id = "vpc-1"
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = {truth} ? ["0.0.0.0/0"] : ["10.0.0.0/8"]
  }}
}}
""",
    "a text": """
resource "aws_security_group" "g" {{
  vpc_id = "vpc-1"
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["${{{truth} ? "0.0.0.0/0" : "10.0.0.0/8"}}"]
  }}
}}
""",
}  # fmt: skip
PROTECTED_BY = {
    "count": """
resource "aws_s3_bucket" "b" {{ bucket = "b" }}
resource "aws_s3_bucket_public_access_block" "b" {{
  count                   = {truth} ? 1 : 0
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}}
""",
    "for_each": """
resource "aws_s3_bucket" "b" {{ bucket = "b" }}
resource "aws_s3_bucket_public_access_block" "b" {{
  for_each                = {truth} ? toset(["a"]) : toset([])
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}}
""",
    "a value": """
resource "aws_s3_bucket" "b" {{ bucket = "b" }}
resource "aws_s3_bucket_public_access_block" "b" {{
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = {truth} ? true : false
  ignore_public_acls      = true
  restrict_public_buckets = true
}}
""",
}
# Each way of asking at one place, and each place with one way of asking.
HOLES = {f"{truth}: count": (TRUTHS[truth], RULES_BY["count"]) for truth in TRUTHS}
HOLES |= {f"{truth}: {place}": (TRUTHS[truth], RULES_BY[place]) for truth in ("data", "a local") for place in RULES_BY}
PROTECTIONS = {f"{truth}: count": (TRUTHS[truth], PROTECTED_BY["count"]) for truth in list(TRUTHS)[::2]}
PROTECTIONS |= {f"a variable: {place}": (TRUTHS["a variable"], PROTECTED_BY[place]) for place in PROTECTED_BY}


def said(text):
    """The text with the declarations that it refers to."""
    more = 'locals {\n  asked = terraform.workspace == "x"\n}\n' if "local.asked" in text else ""
    return f"{SAID}{more}{text}"


@pytest.mark.parametrize(("truth", "text"), HOLES.values(), ids=HOLES)
def test_a_hole_under_what_nobody_knows_is_told(tmp_path, truth, text):
    (found,), _ = judged(tmp_path, PORTS, said(text.format(truth=truth)))
    assert found.verdict == "broken"
    assert found.condition.startswith("only where ")
    assert "main.tf:" in found.condition
    assert found.condition in found.because


@pytest.mark.parametrize(("truth", "text"), PROTECTIONS.values(), ids=PROTECTIONS)
def test_a_protection_under_what_nobody_knows_protects_nothing(tmp_path, truth, text):
    (found,), _ = judged(tmp_path, BLOCKED, said(text.format(truth=truth)))
    assert found.verdict == "broken"
    assert "only where" in found.because


MANY = {"count": "\n  count = length({number})\n", "for_each": "\n  for_each = toset({number})\n"}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("place", [*MANY, "dynamic"])
def test_a_number_that_nobody_knows_is_one_or_none(tmp_path, place, number):
    rule = RULE.format(head="ingress" if place in MANY else "content")
    if place in MANY:
        inside = MANY[place].format(number=number) + rule
    else:
        inside = f'\n  dynamic "ingress" {{\n    for_each = toset({number})\n{rule}\n  }}\n'
    text = f'{SAID}resource "aws_security_group" "g" {{\n  vpc_id = "vpc-1"{inside}}}\n'
    findings, _ = judged(tmp_path, PORTS, text)
    assert {each.verdict for each in findings} == {"broken"}
    assert all(each.condition.startswith("only where ") for each in findings)


FIXED = {
    "a variable": ("var.asked", {"asked": "true"}, {"asked": "false"}),
    "a variable compared": ('var.named == "x"', {"named": "x"}, {"named": "y"}),
    "not a variable": ("!var.asked", {"asked": "false"}, {"asked": "true"}),
}


@pytest.mark.parametrize("place", RULES_BY)
@pytest.mark.parametrize(("truth", "one", "other"), FIXED.values(), ids=FIXED)
def test_a_verdict_is_the_merge_of_those_with_the_variable_fixed(tmp_path, truth, one, other, place):
    text = said(RULES_BY[place].format(truth=truth))
    with_it, _ = judged(tmp_path, PORTS, text, **one)
    without, _ = judged(tmp_path, PORTS, text, **other)
    both, _ = judged(tmp_path, PORTS, text)
    assert without == []
    assert [(each.id, each.verdict) for each in with_it] == [(each.id, each.verdict) for each in both]
    assert (with_it[0].condition, bool(both[0].condition)) == ("", True)


def test_what_is_kept_both_ways_is_kept(tmp_path):
    text = RULES_BY["count"].format(truth="var.asked").replace("0.0.0.0/0", "10.0.0.0/8")
    assert judged(tmp_path, PORTS, said(text)) == ([], [])


def test_a_switch_that_is_off_leaves_nothing_open(tmp_path):
    number = "var.off ? length(data.aws_subnets.s.ids) : 0"
    text = RULES_BY["count"].format(truth="true").replace("true ? 1 : 0", number)
    assert judged(tmp_path, PORTS, f'{SAID}variable "off" {{ default = false }}\n{text}') == ([], [])


def test_what_hangs_on_the_same_comes_and_goes_together(tmp_path):
    """A bucket that is there only where its protection is has no hole."""
    text = PROTECTED_BY["count"].format(truth="local.asked")
    text = text.replace('"b" { bucket =', '"b" {\n  count = terraform.workspace == "x" ? 1 : 0\n  bucket =')
    text = text.replace("aws_s3_bucket.b.id", "aws_s3_bucket.b[0].id")
    assert judged(tmp_path, BLOCKED, said(text.replace('"b" }', '"b"\n}'))) == ([], [])


def test_arguments_of_modules_are_followed(tmp_path):
    call = 'module "g" {\n  source = "./g"\n  env    = terraform.workspace\n}\n'
    inner = 'variable "env" {}\n' + RULES_BY["count"].format(truth='var.env == "x"')
    (found,), _ = judged(tmp_path, PORTS, call, ("g/main.tf", inner))
    assert found.condition == 'only where terraform.workspace == "x" (g/main.tf:5)'


def test_a_module_under_what_nobody_knows(tmp_path):
    call = 'module "g" {\n  source = "./g"\n  count  = terraform.workspace == "x" ? 1 : 0\n}\n'
    (found,), _ = judged(tmp_path, PORTS, call, ("g/main.tf", RULES_BY["count"].format(truth="true")))
    assert found.condition == 'only where terraform.workspace == "x" (main.tf:3)'


def test_the_same_in_json(tmp_path):
    text = (
        '{"resource": {"aws_security_group": {"g": {"vpc_id": "vpc-1",\n'
        '"count": "${terraform.workspace == \\"x\\" ? 1 : 0}",\n'
        '"ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]}}}}'
    )
    (found,), _ = judged(tmp_path, PORTS, text, file="main.tf.json")
    assert found.condition == 'only where terraform.workspace == "x" (main.tf.json:2)'


def test_what_is_asked_where_nothing_is_made_is_no_choice(tmp_path):
    checked = 'variable "named" {\n  validation {\n    condition = var.named == "x"\n    error_message = "x"\n  }\n}\n'
    life = '{\n  vpc_id = "vpc-1"\n  lifecycle {\n    precondition {\n      condition = var.named == "y"\n'
    life += '      error_message = "y"\n    }\n  }\n}'
    rule = RULES_BY["count"].format(truth="true").replace('{ vpc_id = "vpc-1" }', life)
    (found,), _ = judged(tmp_path, PORTS, checked + rule)
    assert found.condition == ""
