"""What feeds a gap, kind by kind: a change of it is a change behind the gap, and a change of anything else is none."""

import json

import pytest

RULE = ("--rule", "database-not-public")
DATABASE = 'resource "aws_db_instance" "main" {\n  engine              = "postgres"\n  publicly_accessible = %s\n}\n'
ASKED = 'data "external" "x" {\n  program = ["x", %s]\n}\n'
BY_DATA = DATABASE % "tobool(data.external.x.result.public)"
VARIABLE = 'variable "stage" {\n  type = string\n  default = "a"\n}\n'
OF_VARIABLE = VARIABLE + ASKED % "var.stage" + BY_DATA
MODULE = 'module "db" {\n  source = "terraform-aws-modules/rds/aws"\n  name   = %s\n}\n'
CALLED = 'module "m" {\n  source = "./m"\n  stage  = %s\n}\n' + DATABASE % "module.m.public"
INNER = 'variable "stage" {\n  type = string\n}\n%soutput "public" {\n  value = tobool(data.external.x.result.%s)\n}\n'
IN_JSON = {
    "variable": {"stage": {"default": "a"}},
    "data": {"external": {"x": {"program": ["x", "${var.stage}"]}}},
    "resource": {
        "aws_db_instance": {"main": {"engine": "postgres", "publicly_accessible": "${data.external.x.result.public}"}}
    },
}
TEMPLATE = """\
Parameters:
  Stage: {Type: String, Default: a}
  Other: {Type: String, Default: a}
Resources:
  Asked:
    Type: Custom::Asked
    Properties:
      ServiceToken: arn:aws:lambda:eu-west-1:123456789012:function:asked
      Stage: !Ref Stage
  Beside:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Ref Other
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      PubliclyAccessible: !GetAtt Asked.Public
"""
NESTING = """\
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: %s
      Parameters: {Stage: a}
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      PubliclyAccessible: !GetAtt Inner.Outputs.Public
"""
WITH_OUTPUT = TEMPLATE.partition("  Database:")[0] + "Outputs:\n  Public:\n    Value: !GetAtt Asked.Public\n"
AS_JSON = {
    "Parameters": {"Stage": {"Type": "String", "Default": "a"}},
    "Resources": {
        "Asked": {"Type": "Custom::Asked", "Properties": {"ServiceToken": "arn", "Stage": {"Ref": "Stage"}}},
        "Database": {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {"Engine": "postgres", "PubliclyAccessible": {"Fn::GetAtt": ["Asked", "Public"]}},
        },
    },
}  # fmt: skip


def changed(value, *way, to):
    """A copy of some JSON with another value at the end of a way."""
    out = json.loads(json.dumps(value))
    at = out
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = to
    return json.dumps(out, indent=2)


# The name of a kind, its files, the file that feeds the gap with its other text, what the user gives.
KINDS = [
    ("a default", {"main.tf": OF_VARIABLE}, ("main.tf", OF_VARIABLE.replace('"a"', '"b"')), ()),
    ("values", {"main.tf": OF_VARIABLE, "terraform.tfvars": 'stage = "b"'}, ("terraform.tfvars", 'stage = "c"'), ()),
    *(
        (name, {"main.tf": OF_VARIABLE, name: '{"stage": "b"}'}, (name, '{"stage": "c"}'), words)
        for name, words in (
            ("terraform.tfvars.json", ()),
            ("more.auto.tfvars.json", ()),
            ("named.tfvars.json", ("--var-file", "named.tfvars.json")),
            ("env.tfvars.json", ("--env", "prod=env.tfvars.json")),
        )
    ),
    (
        "an environment",
        {"main.tf": OF_VARIABLE, "prod.tfvars": 'stage = "b"'},
        ("prod.tfvars", 'stage = "c"'),
        ("--env", "prod=prod.tfvars"),
    ),
    ("tofu", {"main.tofu": OF_VARIABLE}, ("main.tofu", OF_VARIABLE.replace('"a"', '"b"')), ()),
    (
        "code in JSON",
        {"main.tf.json": json.dumps(IN_JSON, indent=2)},
        ("main.tf.json", changed(IN_JSON, "data", "external", "x", "program", to=["y"])),
        (),
    ),
    (
        "a default in JSON",
        {"main.tf.json": json.dumps(IN_JSON, indent=2)},
        ("main.tf.json", changed(IN_JSON, "variable", "stage", "default", to="b")),
        (),
    ),
    (
        "code in JSON in one line",
        {"main.tf.json": json.dumps(IN_JSON)},
        ("main.tf.json", json.dumps(json.loads(changed(IN_JSON, "variable", "stage", "default", to="b")))),
        (),
    ),
    (
        "a variable in JSON beside code",
        {"main.tf": ASKED % "var.stage" + BY_DATA, "vars.tf.json": json.dumps({"variable": IN_JSON["variable"]})},
        ("vars.tf.json", json.dumps({"variable": {"stage": {"default": "b"}}})),
        (),
    ),
    ("file", {"main.tf": MODULE % 'file("names/x.txt")', "names/x.txt": "a"}, ("names/x.txt", "b"), ()),
    (
        "file by a path that is not plain",
        {"main.tf": VARIABLE + MODULE % 'file("${path.module}/names/${var.stage}.txt")', "names/a.txt": "a"},
        ("names/a.txt", "b"),
        (),
    ),
    (
        "file in a local",
        {
            "main.tf": 'locals {\n  n = jsondecode(file("${path.root}/n.json"))\n}\n' + MODULE % "local.n.x",
            "n.json": '{"x": 1}',
        },
        ("n.json", '{"x": 2}'),
        (),
    ),
    ("a new file of a set", {"main.tf": MODULE % 'fileset("names", "*.txt")', "names/x.txt": ""}, ("names/y.txt", ""), ()),
    (
        "templatefile",
        {"main.tf": MODULE % 'templatefile("${path.module}/n.tpl", {stage = 1})', "n.tpl": "a"},
        ("n.tpl", "b"),
        (),
    ),
    (
        "filesha256 in a program",
        {"main.tf": ASKED % '"${path.module}/run.py"' + BY_DATA, "run.py": "print(1)"},
        ("run.py", "print(2)"),
        (),
    ),
    (
        "an output of a module",
        {"main.tf": CALLED % '"a"', "m/main.tf": INNER % (ASKED % "var.stage", "public")},
        ("m/main.tf", INNER % (ASKED % "var.stage", "open")),
        (),
    ),
    (
        "what a module hands out",
        {"main.tf": CALLED % '"a"', "m/main.tf": INNER % (ASKED % "var.stage", "public")},
        ("m/main.tf", INNER % (ASKED % '"b"', "public")),
        (),
    ),
    (
        "what a module is handed",
        {"main.tf": CALLED % '"a"', "m/main.tf": INNER % (ASKED % "var.stage", "public")},
        ("main.tf", CALLED % '"b"'),
        (),
    ),
    (
        "an output of a module that is not there",
        {"main.tf": MODULE % '"a"' + DATABASE % "module.db.public"},
        ("main.tf", MODULE % '"b"' + DATABASE % "module.db.public"),
        (),
    ),
    (
        "an override",
        {"main.tf": MODULE % '"a"', "main_override.tf": 'module "db" {\n  open = false\n}\n'},
        ("main_override.tf", 'module "db" {\n  open = true\n}\n'),
        (),
    ),
    (
        "an attribute of another resource",
        {"main.tf": 'resource "random_pet" "p" {\n  length = 1\n}\n' + MODULE % "random_pet.p[0].length"},
        ("main.tf", 'resource "random_pet" "p" {\n  length = 2\n}\n' + MODULE % "random_pet.p[0].length"),
        (),
    ),
    ("an attribute", {"main.yaml": TEMPLATE}, ("main.yaml", TEMPLATE.replace("!Ref Stage", "b")), ()),
    ("a parameter of it", {"main.yaml": TEMPLATE}, ("main.yaml", TEMPLATE.replace("Default: a", "Default: b", 1)), ()),
    (
        "an attribute in a text",
        {"main.yaml": TEMPLATE.replace("!GetAtt Asked.Public", "!Sub '${Asked.Public}'")},
        ("main.yaml", TEMPLATE.replace("!GetAtt Asked.Public", "!Sub '${Asked.Public}'").replace("!Ref Stage", "b")),
        (),
    ),
    (
        "a custom resource by its name",
        {"main.yaml": TEMPLATE.replace("!GetAtt Asked.Public", "!Ref Asked")},
        ("main.yaml", TEMPLATE.replace("!GetAtt Asked.Public", "!Ref Asked").replace("!Ref Stage", "b")),
        (),
    ),
    (
        "a template in JSON",
        {"main.json": json.dumps(AS_JSON, indent=2)},
        ("main.json", changed(AS_JSON, "Resources", "Asked", "Properties", "Stage", to="b")),
        (),
    ),
    (
        "a nested template that is elsewhere",
        {"main.yaml": NESTING % "https://example.com/inner.yaml"},
        ("main.yaml", (NESTING % "https://example.com/inner.yaml").replace("Stage: a", "Stage: b")),
        (),
    ),
    (
        "a nested template",
        {"main.yaml": NESTING % "inner.yaml", "inner.yaml": WITH_OUTPUT},
        ("inner.yaml", WITH_OUTPUT.replace("!Ref Stage", "b")),
        (),
    ),
]  # fmt: skip
UNRELATED = {
    ".tf": 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n',
    ".yaml": "Resources:\n  Beside: {Type: AWS::SNS::Topic}\n",
}
IDS = [each[0] for each in KINDS]


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(("_", "files", "change", "words"), KINDS, ids=IDS)
def test_a_change_of_what_feeds_a_gap_is_one_behind_it_and_any_other_is_none(_, files, change, words, gate, tmp_path):
    base = write(tmp_path / "base", files)
    head = write(tmp_path / "head", files)
    given = [f"{head}/{word}" if word.endswith(".json") and "=" not in word else word for word in words]
    given = [word.replace("=", f"={head}/") if "=" in word else word for word in given]
    ending = ".yaml" if {"main.yaml", "main.json"} & files.keys() else ".tf"
    write(head, {"README.md": "words", f"unrelated{ending}": UNRELATED[ending]})
    ran = gate(head, "--base", base, *given, *RULE)
    assert ran.run["gate"]["unread"], "there is a gap"
    assert (ran.code, ran.run["findings"]) == (0, []), ran.run["gate"]["unread"]
    write(head, dict([change]))
    ran = gate(head, "--base", base, *given, *RULE)
    assert (ran.code, ran.run["findings"]) == (3, []), ran.run["gate"]["unread"]
    assert any(each["new"] and each["because"] for each in ran.run["gate"]["unread"])


def test_of_a_template_other_entries_feed_nothing(gate, tmp_path):
    base = write(tmp_path / "base", {"main.yaml": TEMPLATE})
    for text in (
        TEMPLATE.replace("DisplayName: !Ref Other", "DisplayName: b"),
        TEMPLATE.replace("Other: {Type: String, Default: a}", "Other: {Type: String, Default: b}"),
        TEMPLATE.replace("Engine: postgres", "Engine: mysql"),
    ):
        ran = gate(write(tmp_path / "head", {"main.yaml": text}), "--base", base, *RULE)
        assert ran.code == 0, (text, ran.run["gate"]["unread"])
