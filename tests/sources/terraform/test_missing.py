"""What the evaluator leaves out without a word is unknown and named: an unknown number never reads as none."""

from __future__ import annotations

import json

import pytest

from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.terraform import read

VARIABLES = """
variable "unset" {}
variable "off" {
  default = false
}
variable "names" {
  default = ["a"]
}
data "aws_ip_ranges" "r" {}
locals {
  ranges = data.aws_ip_ranges.r.cidr_blocks
  none   = []
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
"""
NETS = 'variable "many" {\n  default = []\n}\nresource "aws_subnet" "s" {\n  for_each   = toset(var.many)\n  vpc_id     = "vpc-1"\n  cidr_block = each.key\n}\n'
UNKNOWN = [
    "var.unset",
    "data.aws_ip_ranges.r.cidr_blocks",
    "local.ranges",
    "toset(local.ranges)",
    "[for r in var.unset : r]",
]
KNOWN = ["[]", "local.none", "var.off ? [1] : []"]


def made(folder, **files):
    for name, text in {"main_tf": "", **files}.items():
        path = folder / name.replace("__", "/").replace("_json", ".json").replace("_tf", ".tf")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(VARIABLES + text if name == "main_tf" else text)
    found = read(folder, CodeOptions())
    return {each.address: each for each in found.resources}, [gap.message for gap in found.gaps]


def group(many):
    return (
        f'resource "aws_security_group" "g" {{\n  name = "x"\n  dynamic "ingress" {{\n    for_each = {many}\n    content {{\n'
        '      from_port   = 22\n      to_port     = 22\n      protocol    = "tcp"\n      cidr_blocks = [ingress.value]\n    }\n  }\n}\n'
    )


def choices(folder, **world):
    return read(folder, CodeOptions(world=world)).choices


@pytest.mark.parametrize("many", [*UNKNOWN, *KNOWN])
@pytest.mark.parametrize("what", ["resource", "module"])
def test_a_number_that_is_not_known_is_one_or_none(tmp_path, what, many):
    files = {
        "resource": {"main_tf": f'resource "aws_subnet" "s" {{\n  for_each = {many}\n  vpc_id = aws_vpc.v.id\n}}\n'},
        "module": {
            "main_tf": f'module "s" {{\n  source = "./m"\n  for_each = {many}\n}}\n',
            "m__main_tf": NETS.replace("= []", '= ["10.0.0.0/24"]'),
        },
    }
    found, gaps = made(tmp_path, **files[what])
    assert (len(found), gaps) == (2 if many in UNKNOWN else 1, [])
    assert [each.place for each in choices(tmp_path)] == (
        [f"main.tf:{18 if what == 'resource' else 19}"] if many in UNKNOWN else []
    )
    none = {each.key: False for each in choices(tmp_path)}
    assert [each.address for each in read(tmp_path, CodeOptions(world=none)).resources] == ["aws_vpc.v"]


@pytest.mark.parametrize(
    ("many", "verdict"), [(each, "unknown") for each in UNKNOWN] + [(each, "none") for each in KNOWN]
)
def test_a_dynamic_block_over_an_unknown_list_has_one_entry_or_none(tmp_path, many, verdict):
    found, _ = made(tmp_path, main_tf=group(many))
    kept = found["aws_security_group.g"]
    assert any(each.startswith("SecurityGroupIngress") for each in kept.unknown) == (verdict == "unknown")
    assert len(choices(tmp_path)) == (verdict == "unknown")
    none = read(tmp_path, CodeOptions(world={each.key: False for each in choices(tmp_path)}))
    (kept,) = [each for each in none.resources if each.address == "aws_security_group.g"]
    assert (kept.properties.get("SecurityGroupIngress"), "SecurityGroupIngress" in kept.unknown) == ([], False)


def test_dynamic_blocks_over_a_known_list_are_made(tmp_path):
    found, _ = made(tmp_path, main_tf=group('["0.0.0.0/0"]'))
    (rule,) = found["aws_security_group.g"].properties["SecurityGroupIngress"]
    assert rule["CidrIp"] == "0.0.0.0/0"


def test_arguments_of_a_call_are_followed_into_the_module(tmp_path):
    call = 'module "n" {{\n  source = "./m"\n  many   = {}\n}}\n'
    for many, is_open in (("local.ranges", True), ('["10.0.0.0/24"]', False), ("[]", False)):
        made(tmp_path, main_tf=call.format(many), m__main_tf=NETS)
        assert [each.place for each in choices(tmp_path)] == (["m/main.tf:5"] if is_open else []), many


def test_variables_that_a_file_or_the_user_gives_are_known(tmp_path):
    text = 'resource "aws_subnet" "s" {\n  for_each   = toset(var.unset)\n  vpc_id     = aws_vpc.v.id\n  cidr_block = each.key\n}\n'
    for files in ({"terraform_tfvars": "unset = []\n"}, {"x_auto_tfvars_json": '{"unset": []}'}):
        folder = tmp_path / next(iter(files))
        folder.mkdir()
        for name, said in files.items():
            (folder / name.replace("_", ".")).write_text(said)
        made(folder, main_tf=text)
        assert choices(folder) == ()
    (tmp_path / "other.tfvars").write_text("unset = []\n")
    made(tmp_path, main_tf=text)
    assert len(choices(tmp_path)) == 1, "Terraform does not load it by itself"
    assert read(tmp_path, CodeOptions(var_files=(tmp_path / "other.tfvars",))).choices == ()


def test_json_is_held_to_the_same(tmp_path):
    body = {
        "resource": {
            "aws_subnet": {"s": {"for_each": "${var.unset}", "vpc_id": "vpc-1"}},
            "aws_db_instance": {"d": {"publicly_accessible": "${var.unset}"}},
            "aws_security_group": {"g": {"dynamic": {"ingress": {"for_each": "${local.ranges}", "content": {"from_port": 22}}}}},
        },
        "module": {"m": {"source": "./m", "count": "${length(local.ranges)}"}},
    }  # fmt: skip
    found, gaps = made(tmp_path, more_tf_json=json.dumps(body), m__main_tf=NETS)
    assert sorted(each.partition(": ")[2].partition(":")[0] for each in gaps) == ["aws_subnet.s", "module.m"]
    assert "PubliclyAccessible" in found["aws_db_instance.d"].unknown
    assert "SecurityGroupIngress" in found["aws_security_group.g"].unknown


def test_a_module_that_cannot_be_parsed_is_refused_at_its_line(tmp_path):
    broken = 'resource "aws_vpc" "b" {\n  cidr_block = \n}\n'
    for use in ("", "  count  = 0\n"):
        with pytest.raises(BadCode, match=r"m/main\.tf:2"):
            made(tmp_path, main_tf=f'module "m" {{\n  source = "./m"\n{use}}}\n', m__main_tf=broken)


def test_what_nobody_judges_is_no_gap(tmp_path):
    many = "  for_each = var.unset\n}\n"
    text = f'resource "azurerm_subnet" "s" {{\n{many}resource "aws_subnet" "t" {{\n{many}'
    found, gaps = made(tmp_path, main_tf=text)
    assert (set(found), gaps) == ({"aws_vpc.v", "aws_subnet.t"}, [])


def test_a_module_that_is_not_used_is_no_gap(tmp_path):
    found, gaps = made(tmp_path, main_tf='module "m" {\n  source = "./m"\n  count  = 0\n}\n', m__main_tf=NETS)
    assert (set(found), gaps) == ({"aws_vpc.v"}, [])


@pytest.mark.parametrize("text", ['module "m" {\n  source = "./m"\n}\n', 'module "m" {\n  source = "./"\n}\n'])
def test_modules_in_a_circle_are_refused(tmp_path, text):
    with pytest.raises(BadCode, match=r"main\.tf:\d+: the module calls itself"):
        made(tmp_path, main_tf=text, m__main_tf='module "up" {\n  source = "../"\n}\n')


API = """
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  %s
}
resource "aws_apigatewayv2_api" "chat" {
  name          = "chat"
  protocol_type = "HTTP"
  %s
}
"""


@pytest.mark.parametrize(
    ("rest", "http", "hidden"),
    [
        ("", "", set()),
        ('body = jsonencode({ openapi = "3.0.1" })', "", {"AWS::ApiGateway::Method"}),
        ("", "body = file(var.outside)", {"AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration"}),
    ],
)
def test_what_is_written_down_inside_of_an_api_is_a_gap(tmp_path, rest, http, hidden):
    (tmp_path / "main.tf").write_text('variable "outside" {}\n' + API % (rest, http))
    gaps = [gap for gap in read(tmp_path, CodeOptions()).gaps if "definition" in gap.message]
    assert {cfn for gap in gaps for cfn in gap.types} == hidden
    assert all(gap.message.startswith("main.tf:") for gap in gaps)


@pytest.mark.parametrize(
    "many", ["toset(aws_vpc.v.a_list)", "{ for each in aws_vpc.v.a_list : each.name => each }", "toset(module.m.all)"]
)
def test_a_number_that_an_attribute_of_a_resource_tells_is_not_none(tmp_path, many):
    """No workspace and no data source is in it, and still only an apply tells."""
    module = 'module "m" {\n  source = "./m"\n}\n'
    inner = 'resource "aws_vpc" "v" {}\noutput "all" {\n  value = aws_vpc.v.a_list\n}\n'
    text = module + f'resource "aws_subnet" "s" {{\n  for_each = {many}\n  vpc_id = "vpc-1"\n}}\n'
    found, gaps = made(tmp_path, main_tf=text, m__main_tf=inner)
    assert "aws_subnet.s" not in found
    assert any("aws_subnet.s: how many there are is known only after apply" in each for each in gaps)
