"""Roots of a repository: what is applied by itself is found, told, and judged by itself."""

import json

import jsonschema
import pytest

from auditor.settings import data_dir
from tests.gate.conftest import CLOSED, OPENED, TF_CLOSED, TF_OPENED

CALL = 'module "web" {\n  source = "../../modules/web"\n  name = "x"\n}\n'
MODULE = 'variable "name" {\n  type = string\n}\n' + TF_OPENED.replace('"vpc-1"', "var.name")
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "logs"\n}\n'
BLOCK = """\
resource "aws_s3_bucket_public_access_block" "b" {
  bucket = "logs"
  block_public_acls = true
  block_public_policy = true
  ignore_public_acls = true
  restrict_public_buckets = true
}
"""
NESTING = """\
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: inner.yaml}
"""


def roots(ran):
    return {each["path"]: each["kind"] for each in ran.run["scan"]["roots"]}


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_a_monorepo_is_judged_root_by_root(gate, tmp_path):
    write(tmp_path / "repo", {
        "envs/dev/main.tf": CALL, "envs/prod/main.tf": CALL, "modules/web/main.tf": MODULE, "alone/main.tf": TF_CLOSED,
        "stacks/outer.yaml": NESTING, "stacks/inner.yaml": OPENED, "stacks/single.yaml": CLOSED,
        "live/terragrunt.hcl": 'terraform {\n  source = "../modules/web"\n}\n', "README.md": "words",
    })  # fmt: skip
    ran = gate(tmp_path / "repo", "--exclude", "live", "--rule", "ports-closed-to-world")
    jsonschema.validate(ran.run, json.loads((data_dir("reports") / "run.schema.json").read_text()))
    assert roots(ran) == {
        "alone": "Terraform", "envs/dev": "Terraform", "envs/prod": "Terraform", "stacks/outer.yaml": "a template",
        "stacks/single.yaml": "a template", "live/terragrunt.hcl": "excluded",
    }  # fmt: skip
    assert ran.code == 1
    assert sorted(each["resource"]["id"] for each in ran.run["findings"]) == [
        "envs/dev:module.web.aws_security_group.web",
        "envs/prod:module.web.aws_security_group.web",
        "stacks/outer/Inner/Group",
    ]
    titles = [each["title"] for each in ran.run["findings"] if each["resource"]["id"].startswith("envs/")]
    assert {each.split()[0] for each in titles} == {"module.web.aws_security_group.web"}  # the place is told beside
    text = gate(tmp_path / "repo", "--exclude", "live", "--format", "text").out
    assert "6 roots" in text
    assert "envs/dev (Terraform)" in " ".join(text.split())
    assert gate(tmp_path / "repo", "--exclude", "*").code == 2


def test_no_root_mends_another(gate, tmp_path):
    write(tmp_path / "one", {"a/main.tf": BUCKET, "b/main.tf": BLOCK})
    write(tmp_path / "two", {"main.tf": BUCKET + BLOCK})
    rule = ("--rule", "bucket-public-access-blocked")
    assert gate(tmp_path / "two", *rule).code == 0
    ran = gate(tmp_path / "one", *rule)
    assert [each["resource"]["id"] for each in ran.run["findings"]] == ["logs"]


def test_templates_that_import_are_one_root(gate, tmp_path):
    export = CLOSED + "Outputs:\n  G:\n    Value: !Ref Group\n    Export: {Name: group}\n"
    use = """\
Resources:
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      {GroupId: !ImportValue group, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
"""
    write(tmp_path / "code", {"a.yaml": export, "b.yaml": use, "c.yaml": CLOSED})
    ran = gate(tmp_path / "code", "--rule", "ports-closed-to-world")
    assert roots(ran) == {"a.yaml": "2 templates that import", "c.yaml": "a template"}
    assert [each["resource"]["id"] for each in ran.run["findings"]] == ["a/Group"]


def test_a_comment_makes_no_root_a_module(gate, tmp_path):
    write(tmp_path / "code", {"main.tf": f'# source = "./prod"\n{BUCKET}', "prod/main.tf": TF_OPENED})
    assert set(roots(gate(tmp_path / "code"))) == {".", "prod"}
    circle = {"x/main.tf": 'module "y" {\n  source = "../y"\n}\n', "y/main.tf": 'module "x" {\n  source = "../x"\n}\n'}
    write(tmp_path / "code", circle)
    ran = gate(tmp_path / "code")
    assert set(roots(ran)) == {".", "prod", "x", "y"}
    assert any("the module calls itself" in each["message"] for each in ran.run["gate"]["unread"])


def test_one_that_is_refused_is_a_gap_beside_others(gate, tmp_path):
    write(tmp_path / "code", {"a/main.tf": 'resource "aws_s3_bucket" {', "b/main.tf": TF_CLOSED, "c.yaml": CLOSED})
    ran = gate(tmp_path / "code", "--rule", "ports-closed-to-world")
    assert ran.code == 3
    assert [each["location"]["file"] for each in ran.run["gate"]["unread"]] == ["a/main.tf"]


def test_what_nothing_calls_does_not_poison(gate, tmp_path):
    write(
        tmp_path / "code", {"main.tf": TF_CLOSED, "modules/web/main.tf": MODULE + BUCKET.replace('"logs"', "var.name")}
    )
    ran = gate(tmp_path / "code", "--rule", "ports-closed-to-world")
    assert (ran.code, len(ran.run["findings"])) == (1, 1), "what holds whatever a caller gives is told"
    write(tmp_path / "code", {"modules/web/main.tf": MODULE.replace('["0.0.0.0/0"]', "[var.name]")})
    ran = gate(tmp_path / "code", "--rule", "ports-closed-to-world")
    assert ran.code == 0
    assert any("nothing here calls the module modules/web" in each["message"] for each in ran.run["gate"]["unread"])
    for path in ("code/modules/web", "code/modules"):
        assert gate(tmp_path / path, "--rule", "ports-closed-to-world").code == 3, "asked for by its name"


def test_a_terragrunt_folder_is_told_with_its_cure(gate, tmp_path):
    write(tmp_path / "code", {"terragrunt.hcl": 'terraform {\n  source = "git::x"\n}\n'})
    ran = gate(tmp_path / "code")
    assert ran.code == 3
    (told,) = ran.run["gate"]["unread"]
    assert "a Terragrunt folder, which is not evaluated; pass its plan" in told["message"]


def test_environments_of_one_folder(gate, repo):
    code = TF_CLOSED.replace("443", "var.port").replace('["10.0.0.0/8"]', '["0.0.0.0/0"]')
    repo.write("main.tf", 'variable "port" {\n  default = 443\n}\n' + code)
    repo.write("dev.tfvars", "port = 443\n")
    repo.write("prod.tfvars", "port = 443\n")
    repo.branch()
    repo.write("prod.tfvars", "port = 22\n")
    repo.commit()
    given = ("--rule", "ports-closed-to-world", "--env", f"dev={repo.path / 'dev.tfvars'}", "--env", f"prod={repo.path / 'prod.tfvars'}")  # fmt: skip
    for base in ((), ("--base", "main")):
        ran = gate(repo.path, *given, *base)
        assert ran.code == 1, ran.err
        assert [each["resource"]["id"] for each in ran.run["findings"]] == ["prod:aws_security_group.web"]
    assert gate(repo.path, "--env", "x=nowhere.tfvars").code == 2


CRYPTED = b"\x00GITCRYPT\x00\x8f\xff\xfe\x12"


@pytest.mark.parametrize(("name", "code"), [("terraform.tfvars", 3), ("prod.tfvars", 0), ("sub/terraform.tfvars", 0), ("odd.tf", 3)])  # fmt: skip
def test_files_in_an_odd_encoding_are_gaps_where_they_are_read(name, code, gate, tmp_path):
    write(tmp_path / "code", {"main.tf": TF_CLOSED, name: ""})
    (tmp_path / "code" / name).write_bytes(CRYPTED)
    ran = gate(tmp_path / "code", "--rule", "ports-closed-to-world")
    assert ran.code == code, ran.err
    unread = ran.run["gate"]["unread"]
    assert [each["location"]["file"] for each in unread] == ([name] if code else [])


def test_of_a_module_that_nothing_calls_what_hangs_on_the_caller_is_not_told(gate, tmp_path):
    asked = 'variable "debug" {\n  type = bool\n}\n'
    hole = TF_OPENED.replace("{\n", "{\n  count = var.debug ? 1 : 0\n", 1)
    write(tmp_path, {"main.tf": TF_CLOSED, "modules/m/main.tf": asked + hole})
    ran = gate(tmp_path, "--rule", "ports-closed-to-world")
    assert (ran.code, ran.run["findings"]) == (0, [])
    write(tmp_path, {"modules/m/main.tf": asked + TF_OPENED})
    assert gate(tmp_path, "--rule", "ports-closed-to-world").code == 1


def test_a_hidden_folder_is_read_and_what_tools_keep_is_not(gate, tmp_path):
    write(tmp_path, {f"{folder}main.tf": TF_CLOSED for folder in ("", ".deploy/", ".terraform/x/", "node_modules/x/")})
    assert roots(gate(tmp_path)) == {".": "Terraform", ".deploy": "Terraform"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_template_in_another_encoding_is_read_or_told(encoding, gate, tmp_path):
    write(tmp_path, {"a.yaml": CLOSED})
    (tmp_path / "b.yaml").write_bytes(OPENED.encode(encoding))
    ran = gate(tmp_path, "--rule", "ports-closed-to-world")
    assert ran.code == (1 if encoding == "utf-8-sig" else 3), ran
