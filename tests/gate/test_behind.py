"""A change behind a gap: old gaps pass while all that feeds them is as it was, and what reaches them is named."""

import pytest

MODULE = """\
module "db" {
  source  = "terraform-aws-modules/rds/aws"
  version = "6.0.0"
  name    = local.name
}
"""
OTHER = 'locals {\n  name = "x-${var.stage}"\n}\nvariable "stage" {\n  default = "dev"\n}\n'
DATABASE = """\
data "external" "x" {
  program = ["x"]
}
resource "aws_db_instance" "main" {
  engine              = "postgres"
  publicly_accessible = tobool(data.external.x.result.public)
  tags                = { a = "b" }
}
"""
TEMPLATE = """\
Parameters:
  Public:
    Type: String
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      PubliclyAccessible: !Ref Public
      AllocatedStorage: 20
"""
TF = {"main.tf": MODULE, "other.tf": OTHER}
VALUE = {"main.tf": DATABASE}
CFN = {"main.yaml": TEMPLATE}


@pytest.mark.parametrize(
    ("files", "change", "code", "named"),
    [
        (TF, {"README.md": "words"}, 0, None),
        (TF, {"main.tf": "# words\n" + MODULE}, 0, None),
        (TF, {"more.tf": 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n'}, 0, None),
        (TF, {"main.tf": "", "moved.tf": MODULE}, 0, None),
        (TF, {"main.tf": MODULE.replace("6.0.0", "6.1.0")}, 3, "version"),
        (TF, {"main.tf": MODULE.replace("name ", "publicly_accessible = true\n  name ")}, 3, "publicly_accessible"),
        (TF, {"main.tf": MODULE.replace("aws-modules", "aws-module")}, 3, "source"),
        (TF, {"other.tf": OTHER.replace("x-", "y-")}, 3, "local.name"),
        (TF, {"other.tf": OTHER.replace("dev", "prod")}, 3, "var.stage"),
        (TF, {"terraform.tfvars": 'stage = "prod"\n'}, 3, "var.stage"),
        (TF, {"main.tf": MODULE + MODULE.replace('"db"', '"more"')}, 3, ""),
        ({"main.tf": OTHER}, {"new.tf": MODULE}, 3, ""),
        (VALUE, {"main.tf": DATABASE.replace('a = "b"', 'a = "c"')}, 0, None),
        (VALUE, {"main.tf": DATABASE.replace("result.public", "result.open")}, 3, "publicly_accessible"),
        (VALUE, {"main.tf": DATABASE.replace('["x"]', '["y"]')}, 3, "data.external.x"),
        (CFN, {"main.yaml": TEMPLATE.replace("20", "30")}, 0, None),
        (CFN, {"main.yaml": TEMPLATE.replace("!Ref Public", "!Sub '${Public}'")}, 3, "PubliclyAccessible"),
        (CFN, {"main.yaml": TEMPLATE.replace("String\n", "String\n    AllowedValues: [a]\n", 1)}, 3, "Public"),
    ],
)  # fmt: skip
def test_a_gap_is_old_while_all_that_feeds_it_is_as_it_was(files, change, code, named, repo, gate):
    for name, text in files.items():
        repo.write(f"infra/{name}", text)
    repo.branch()
    for name, text in change.items():
        repo.write(f"infra/{name}", text)
    repo.commit()
    rule = ("--rule", "database-not-public")
    assert gate(repo.path / "infra", *rule).code == 3
    ran = gate(repo.path / "infra", "--base", "main", *rule)
    unread = ran.run["gate"]["unread"]
    assert (ran.code, ran.run["findings"]) == (code, []), unread
    assert any(each["new"] and each["count"] for each in unread) == (code == 3)
    if named:
        assert any(named in each["because"] for each in unread), unread
        text = gate(repo.path / "infra", "--base", "main", *rule, "--format", "text").out
        assert f"the change reaches what cannot be read: {named}" in " ".join(text.split())
    assert gate(repo.path / "infra", "--base", "main", *rule, "--strict").code == 3


def test_a_new_resource_that_hangs_on_an_old_gap_is_told(repo, gate):
    repo.write("main.tf", DATABASE)
    repo.branch()
    repo.write("more.tf", DATABASE.partition("}\n")[2].replace('"main"', '"more"'))
    repo.commit()
    ran = gate(repo.path, "--base", "main", "--rule", "database-not-public")
    assert ran.code == 3
    assert [each["status"] for each in ran.run["unanswered"]] == ["still", "new"]


def test_a_broken_fact_that_nobody_can_see_any_more_is_a_gap_of_the_change(repo, gate):
    repo.write("main.tf", DATABASE.replace("tobool(data.external.x.result.public)", "true"))
    repo.branch()
    repo.write("main.tf", DATABASE)
    repo.commit()
    assert gate(repo.path, "--base", "main", "--rule", "database-not-public").code == 3


def test_what_a_parent_hands_to_a_nested_template_feeds_its_gaps(repo, gate):
    parent = """\
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: inner.yaml
      Parameters: {Public: !ImportValue one}
"""
    repo.write("outer.yaml", parent)
    repo.write("inner.yaml", TEMPLATE)
    repo.branch()
    repo.write("README.md", "words")
    repo.commit()
    words = (repo.path, "--base", "main", "--rule", "database-not-public")
    assert gate(*words).code == 0
    repo.write("outer.yaml", parent.replace("one", "other"))
    assert gate(*words).code == 3


def test_both_sides_may_lie_anywhere(gate, tmp_path):
    for folder, text in (("old", MODULE), ("new", MODULE), ("other", MODULE.replace("6.0.0", "6.1.0"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "main.tf").write_text(text + OTHER)
    assert gate(tmp_path / "new", "--base", tmp_path / "old").code == 0
    assert gate(tmp_path / "other", "--base", tmp_path / "old").code == 3
