"""What hangs on the workspace, a clock, the folder or chance is never told as the evaluator happens to have it.

A hole behind such a thing is there in some workspace, so each way to it is tried with each of them at each place that
takes a value. One folder holds the whole table, for a run of the evaluator is slow; each case has files of its own.
"""

from __future__ import annotations

from itertools import product
from json import dumps, loads

import pytest

from auditor.sources.code_options import CodeOptions
from auditor.sources.terraform import hcl
from auditor.sources.terraform.choices import Choices

VOLATILE = {
    "workspace": "terraform.workspace",
    "clock": "timestamp()",
    "clock of the plan": 'formatdate("YYYY", plantimestamp())',
    "folder": "basename(path.cwd)",
    "chance": "uuid()",
    "template": "templatestring(local.template, {})",
    "provider": 'provider::aws::arn_parse("x").region',
}
# The value, and what `{local}` is, with which it is told; `{some}` where the volatile text is "dev", else `{none}`.
CARRIERS = {
    "direct": ("lookup({{ dev = {some} }}, {volatile}, {none})", ""),
    "by local": ("local.{name}", "{name} = lookup({{ dev = {some} }}, {volatile}, {none})"),
    "by local of local": (
        "local.{name}", "{name} = local.{name}_b\n  {name}_b = lookup({{ dev = {some} }}, {volatile}, {none})"
    ),
    "a key by local": ("lookup({{ dev = {some} }}, local.{name}, {none})", "{name} = {volatile}"),
    "a key by a text": ('lookup({{ x-dev = {some} }}, "x-${{local.{name}}}", {none})', "{name} = {volatile}"),
    "part of a local": ("local.{name}.part", "{name} = {{\n    part = lookup({{ dev = {some} }}, {volatile}, {none})\n  }}"),
    "try": ("try({{ dev = {some} }}[{volatile}], {none})", ""),
    "try by local": ("local.{name}", "{name} = try({{ dev = {some} }}[{volatile}], {none})"),
    "try of a local": ("try({{ dev = {some} }}[local.{name}], {none})", "{name} = {volatile}"),
    "coalesce": ("coalesce(lookup({{ dev = {some} }}, {volatile}, null), {none})", ""),
    "coalesce of a local": ("coalesce(local.{name}, {none})", "{name} = lookup({{ dev = {some} }}, {volatile}, null)"),
    "index": ("{{ dev = {some}, default = {none} }}[{volatile}]", ""),
    "index by local": ("local.{name}[{volatile}]", "{name} = {{ dev = {some}, default = {none} }}"),
    "a name in two pieces": ("lookup({{ dev = {some} }}, local . {name}, {none})", "{name} = {volatile}"),
    "an attribute": (
        "terraform_data.{name}.input",
        "}}\nresource \"terraform_data\" \"{name}\" {{\n  input = lookup({{ dev = {some} }}, {volatile}, {none})",
    ),
    "how many different": (
        "[{none}, {some}][length(distinct([{volatile}, \"x\"])) - 1]", ""
    ),
    "for": ('[for key, value in {{ dev = {some}, x = {none} }} : value if key == "x" || key == {volatile}][0]', ""),
    "for by local": (
        "[for key in local.{name} : key.value if key.name == key.wanted || !key.hidden][0]",
        "{name} = [{{ name = \"dev\", wanted = {volatile}, value = {some}, hidden = true }},\n"
        '    {{ name = "x", wanted = "", value = {none}, hidden = false }}]',
    ),
}  # fmt: skip
MODULES = {
    "argument": ("var.given", "lookup({{ dev = {some} }}, {volatile}, {none})"),
    "argument with another in a local": ("local.own", "lookup({{ dev = {some} }}, {volatile}, {none})"),
    "try of an argument": ("try({{ dev = {some} }}[var.given], {none})", "{volatile}"),
}
OUTPUTS = {  # what is said of a module that tells it
    "output": "module.{name}.told",
    "output of all": "values({{ a = module.{name} }})[0].told",
    "output by for": "[for each in [module.{name}] : each.told][0]",
}
USES = {
    "count": ("1", "0", 'resource "aws_vpc" "{name}" {{\n  count = {value}\n}}\n'),
    "for_each": ('["a"]', "[]", 'resource "aws_vpc" "{name}" {{\n  for_each = toset({value})\n}}\n'),
    "dynamic": (
        '["0.0.0.0/0"]', "[]",
        'resource "aws_security_group" "{name}" {{\n  dynamic "ingress" {{\n    for_each = {value}\n    content {{\n'
        "      cidr_blocks = [ingress.value]\n    }}\n  }}\n}}\n",
    ),
    "value": ("true", "false", 'resource "aws_db_instance" "{name}" {{\n  publicly_accessible = {value}\n}}\n'),
    "value in a block": (
        '["0.0.0.0/0"]', '["10.0.0.0/8"]',
        'resource "aws_security_group" "{name}" {{\n  ingress {{\n    cidr_blocks = {value}\n  }}\n}}\n',
    ),
}  # fmt: skip


IN_JSON = {  # the same as expressions in texts
    "count": ("1", "0", {"resource": {"aws_vpc": {"{name}": {"count": "${{{value}}}"}}}}),
    "for_each": ('["a"]', "[]", {"resource": {"aws_vpc": {"{name}": {"for_each": "${{toset({value})}}"}}}}),
    "dynamic": (
        '["0.0.0.0/0"]', "[]",
        {"resource": {"aws_security_group": {"{name}": {"dynamic": {"ingress": {
            "for_each": "${{{value}}}", "content": {"cidr_blocks": ["${{ingress.value}}"]},
        }}}}}},
    ),
    "value": ("true", "false", {"resource": {"aws_db_instance": {"{name}": {"publicly_accessible": "${{{value}}}"}}}}),
}  # fmt: skip


def cases():
    """(name, what is volatile, carrier, place), and how the case is called."""
    every = [
        *product(VOLATILE, (*CARRIERS, *MODULES, *OUTPUTS), USES),
        *product(VOLATILE, ("direct", "by local", "index", "for"), (f"{use} in JSON" for use in IN_JSON)),
    ]
    return [pytest.param(f"c{at}", *each, id=": ".join(each)) for at, each in enumerate(every)]


def in_folder(name, volatile):
    """Each of them has a folder of its own, for of more than 32 modules in one the evaluator loses the last."""
    return f"v{[*VOLATILE].index(volatile)}/{name}"


def files_of(name, volatile, carrier, use):
    """The files of a case, by name."""
    json = use.endswith(" in JSON")
    some, none, resource = IN_JSON[use.removesuffix(" in JSON")] if json else USES[use]
    words = {"some": some, "none": none, "name": name, "volatile": VOLATILE[volatile]}
    base = CARRIERS["direct"][0].format(**words)
    if json:
        value, more = (each.format(**words) for each in CARRIERS[carrier])
        yield f"{name}.tf.json", dumps(filled(resource, {"name": name, "value": " ".join(value.split())}))
        yield f"{name}_locals.tf", f"locals {{\n  {more}\n}}\n"
    elif carrier in CARRIERS:
        value, more = (each.format(**words) for each in CARRIERS[carrier])
        yield f"{name}.tf", resource.format(name=name, value=value) + (f"locals {{\n  {more}\n}}\n" if more else "")
    elif carrier in OUTPUTS:
        call = f'module "{name}" {{\n  source = "./{name}"\n}}\n'
        yield f"{name}.tf", call + resource.format(name=name, value=OUTPUTS[carrier].format(name=name))
        yield f"{name}/main.tf", f'{TEMPLATE}output "told" {{\n  value = {base}\n}}\n'
    else:
        value, given = (each.format(**words) for each in MODULES[carrier])
        yield f"{name}.tf", f'module "{name}" {{\n  source = "./{name}"\n  given  = {given}\n}}\n'
        default = f'variable "given" {{\n  default = {none}\n}}\nlocals {{\n  own = var.given\n}}\n'
        yield f"{name}/main.tf", default + resource.format(name=name, value=value)


def filled(value, words):
    if isinstance(value, dict):
        return {name.format(**words): filled(each, words) for name, each in value.items()}
    return [filled(each, words) for each in value] if isinstance(value, list) else value.format(**words)


TEMPLATE = 'locals {\n  template = "dev"\n}\n'


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The files of all choices and gaps of the table, and what of it has a value that is not known."""
    folder = tmp_path_factory.mktemp("table")
    texts = {"main.tf": "".join(f'module "v{at}" {{\n  source = "./v{at}"\n}}\n' for at in range(len(VOLATILE)))}
    texts |= {f"v{at}/main.tf": TEMPLATE for at in range(len(VOLATILE))}
    for case in cases():
        texts |= {in_folder(name, case.values[1]): text for name, text in files_of(*case.values)}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    choices = Choices(CodeOptions(region="us-east-1"))
    raws, left = hcl.read(folder, choices.options, choices)
    assert not [why for _, why in left if "not evaluated" in why]
    places = {choice.place for choice in choices.found.values()} | {place for place, _ in left}
    unknown = {each.address.rpartition(".")[2] for each in raws if "${?" in str(each.values)}
    return {place.rpartition(":")[0] for place in places}, unknown


@pytest.mark.parametrize(("name", "volatile", "carrier", "use"), cases())
def test_what_it_hangs_on_is_told(told, name, volatile, carrier, use):
    places, unknown = told
    files = {in_folder(name, volatile) + end for end in (".tf", ".tf.json", "/main.tf")}
    assert files & places or name in unknown


PIECES = {
    "blanks": "terraform . workspace", "a line end": "(terraform\n.workspace)",
    "a comment": "terraform /* . */ . workspace", "comments": "(terraform # x\n # .y\n .workspace)",
}  # fmt: skip


@pytest.mark.parametrize("said", PIECES.values(), ids=PIECES)
def test_a_name_is_one_however_it_is_written(tmp_path, said):
    (tmp_path / "main.tf").write_text(
        f'resource "aws_vpc" "a" {{\n  count = lookup({{ dev = 1 }}, {said}, 0)\n}}\nresource "aws_vpc" "b" {{}}\n'
    )
    choices = Choices(CodeOptions(region="us-east-1"))
    raws, _ = hcl.read(tmp_path, choices.options, choices)
    assert [each.place for each in choices.found.values()] == ["main.tf:2"]
    assert {each.address: each.origin for each in raws}["aws_vpc.b"] == f"main.tf:{4 + said.count(chr(10))}"


def test_a_name_with_the_workspace_in_it_is_the_same_everywhere(tmp_path):
    (tmp_path / "main.tf").write_text(
        'resource "aws_iam_role" "r" {\n  name = "r-${terraform.workspace}"\n}\n'
        'resource "aws_s3_bucket" "b" {\n  bucket = "b-${terraform.workspace}"\n}\n'
        'resource "aws_s3_bucket_public_access_block" "b" {\n  bucket = aws_s3_bucket.b.bucket\n}\n'
        'resource "aws_iam_policy" "p" {\n'
        '  name   = "p-${lower(terraform.workspace)}"\n'
        '  policy = jsonencode({ Resource = "arn:aws:s3:::${aws_s3_bucket.b.bucket}/*", Role = aws_iam_role.r.name })\n}\n'
    )
    raws, _ = hcl.read(tmp_path, CodeOptions(region="us-east-1"))
    found = {each.address: each.values for each in raws}
    assert found["aws_iam_role.r"]["name"] == "r-${@workspace}"
    assert found["aws_s3_bucket_public_access_block.b"]["bucket"] == "${aws_s3_bucket.b.id}"
    assert loads(found["aws_iam_policy.p"]["policy"])["Role"] == "r-${@workspace}"
    assert found["aws_iam_policy.p"]["name"].startswith("${?")


def test_of_modules_that_the_evaluator_leaves_out_is_told(tmp_path):
    calls = "".join(f'module "m{at}" {{\n  source = "./m"\n  given  = {at}\n}}\n' for at in range(40))
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_text(calls)
    (tmp_path / "m/main.tf").write_text(
        'variable "given" {}\nresource "aws_vpc" "v" {\n  tags = { n = var.given }\n}\n'
    )
    raws, left = hcl.read(tmp_path, CodeOptions(region="us-east-1"))
    lost = {why.split()[0] for _, why in left}
    assert {each.module for each in raws} | lost == {f"module.m{at}" for at in range(40)}
    assert lost


@pytest.mark.parametrize(("said", "region"), [('"eu-west-1"', "eu-west-1"), ("local.region", "")])
def test_a_region_that_the_workspace_chooses_is_not_known(tmp_path, said, region):
    (tmp_path / "main.tf").write_text(
        'locals {\n  region = lookup({ dev = "us-east-1" }, terraform.workspace, "eu-west-1")\n}\n'
        f'provider "aws" {{\n  region = {said}\n}}\nresource "aws_vpc" "v" {{}}\n'
    )
    raws, _ = hcl.read(tmp_path, CodeOptions())
    assert [each.region for each in raws] == [region]
