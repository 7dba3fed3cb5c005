"""A change is judged by what it brings, at the right place, and by nobody's rules but ours."""

import json

import jsonschema
import pytest

from auditor.settings import data_dir
from tests.gate.conftest import CLOSED, OPENED, TF_CLOSED, TF_OPENED

SECOND = "        - {IpProtocol: tcp, FromPort: 3389, ToPort: 3389, CidrIp: 0.0.0.0/0}\n"


@pytest.mark.parametrize(
    ("name", "clean", "broken", "line"),
    [("infra/web.yaml", CLOSED, OPENED, 7), ("infra/web.tf", TF_CLOSED, TF_OPENED, 4)],
)
def test_a_change_that_opens_a_group_brings_one_finding(repo, gate, name, clean, broken, line):
    repo.write(name, clean)
    repo.branch()
    assert gate(repo.path / "infra", "--base", "main").code == 0
    repo.write(name, broken)
    repo.commit()
    ran = gate(repo.path / "infra", "--base", "main")
    assert ran.code == 1, ran.err
    (found,) = ran.run["findings"]
    assert found["check"] == "ports-closed-to-world"
    assert found["status"] == "new"
    assert found["location"] == {"file": name, "line": line}
    assert ran.run["gate"]["new"] == 1
    assert len(ran.run["gate"]["base"]["commit"]) == 40
    jsonschema.validate(ran.run, json.loads((data_dir("reports") / "run.schema.json").read_text()))


def test_what_was_there_before_is_counted_only(repo, gate):
    repo.write("old.yaml", OPENED)
    repo.branch()
    repo.write("new.yaml", OPENED.replace("Group:", "Other:"))
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert (ran.code, ran.places) == (1, ["new.yaml:7"])
    assert ran.run["gate"]["still"] == 1
    told = gate(repo.path, "--base", "main", "--format", "text")
    assert "adds 1 finding." in told.out
    assert "1 new (high), 0 fixed, 1 already there" in " ".join(told.out.split())
    assert "old.yaml:" not in told.out, "no line of it is shown"
    assert gate(repo.path).run["gate"]["new"] == 2


def test_files_and_folders_that_are_renamed_bring_nothing(repo, gate):
    repo.write("infra/stacks/web.yaml", OPENED)
    repo.branch()
    repo.write("infra/readme.txt", "words\n")
    repo.git("mv", "infra/stacks/web.yaml", "infra/stacks/edge.yaml")
    repo.commit()
    for words in (("infra",), ("infra/stacks/edge.yaml",)):
        ran = gate(repo.path.joinpath(*words), "--base", "main")
        assert (ran.code, ran.run["findings"], ran.run["gate"]["still"]) == (0, [], 1), ran.out
    repo.git("mv", "infra", "aws")
    repo.commit()
    ran = gate(repo.path / "aws", "--base", "main")
    assert (ran.code, ran.run["findings"], ran.run["gate"]["still"]) == (0, [], 1)


def test_moved_blocks_and_renamed_files_of_terraform_bring_nothing(repo, gate):
    repo.write("main.tf", TF_OPENED)
    repo.branch()
    (repo.path / "main.tf").unlink()
    repo.write("groups.tf", TF_OPENED)
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert (ran.code, ran.run["findings"], ran.run["gate"]["still"]) == (0, [], 1)
    moved = "moved {\n  from = aws_security_group.web\n  to   = module.net.aws_security_group.front\n}\n"
    (repo.path / "groups.tf").unlink()
    repo.write("main.tf", f'module "net" {{\n  source = "./net"\n}}\n{moved}')
    repo.write("net/main.tf", TF_OPENED.replace('"web"', '"front"'))
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert (ran.code, ran.run["findings"], ran.run["gate"]["still"]) == (0, [], 1), ran.out


def test_a_change_that_only_mends_says_so(repo, gate):
    repo.write("web.yaml", OPENED)
    repo.branch()
    repo.write("web.yaml", CLOSED)
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert (ran.code, ran.run["findings"], ran.run["gate"]["mended"]) == (0, [], 1)
    told = gate(repo.path, "--base", "main", "--format", "text").out
    assert "adds no findings and fixes 1 finding" in told
    assert "Fixed" in told


def test_one_open_port_does_not_excuse_the_next(repo, gate):
    repo.write("web.yaml", OPENED)
    repo.branch()
    repo.write("web.yaml", OPENED + SECOND)
    ran = gate(repo.path, "--base", "main")
    assert ran.code == 1
    assert "the change makes it worse" in ran.run["findings"][0]["because"]
    repo.write("web.yaml", OPENED.replace("CidrIp", 'Description: "shells", CidrIp'))
    assert gate(repo.path, "--base", "main").code == 0


def test_the_base_may_be_a_path(tmp_path, gate):
    for name, text in (("before", CLOSED), ("after", OPENED)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "web.yaml").write_text(text)
    ran = gate("after", "--base", "before")
    assert (ran.code, ran.places) == (1, ["web.yaml:7"])
    assert gate("before", "--base", "after").code == 0


def test_code_that_was_not_there_before_is_all_new(repo, gate):
    repo.write("readme.md", "words\n")
    repo.branch()
    repo.write("infra/web.yaml", OPENED)
    ran = gate(repo.path / "infra", "--base", "main")
    assert (ran.code, ran.places) == (1, ["infra/web.yaml:7"])
    assert ran.run["gate"]["base"]["empty"]


def test_a_base_that_cannot_be_read_is_incomplete_and_told(repo, gate):
    repo.write("web.yaml", "Resources:\n  Group:\n   Type: AWS::EC2::SecurityGroup\n  : [\n")
    repo.branch()
    repo.write("web.yaml", CLOSED)
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert ran.code == 3
    assert "the base cannot be read: web.yaml:" in ran.err
    assert ran.run["gate"]["base"]["problem"]
    for ref in ("nowhere", "--upload-pack=touch x", "HEAD:web.yaml"):
        ran = gate(repo.path, f"--base={ref}")
        assert ran.code == 3, ref
        assert "fetch-depth: 0" in ran.err
    repo.git("checkout", "-q", "--orphan", "alone")
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert ran.code == 3
    assert "no common commit" in ran.err


def test_nothing_unparsable_empty_or_missing_passes(tmp_path, gate):
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "broken.yaml").write_text("Resources:\n  A: {Type: AWS::S3::Bucket\n")
    (tmp_path / "none.yaml").write_text("Resources: {}\nAWSTemplateFormatVersion: '2010-09-09'\n")
    (tmp_path / "words.txt").write_text("words")
    (tmp_path / "nothing.json").write_text("")
    (tmp_path / "tf").mkdir()
    (tmp_path / "tf" / "main.tf").write_text('resource "aws_s3_bucket" "x" {\n')
    for name in ("empty", "broken.yaml", "none.yaml", "words.txt", "nothing.json", "nowhere", "tf"):
        ran = gate(name)
        assert ran.code in (2, 3), (name, ran)
        assert ran.err.startswith(("error:", "Usage:", "Error:")), (name, ran.err)
        assert ran.out == ""


# ---- whose policy


def test_definitions_of_the_judged_tree_are_refused(repo, gate, tmp_path):
    rule = (
        "title: Names\nbroken: '{name} is wrong'\nseverity: low\non: [AWS::EC2::SecurityGroup]\nrequire:\n  - GroupDescription: nobody\n"
        "why: w\nfix: f\nreferences: ['https://docs.aws.amazon.com/']\n"
        "examples:\n  pass:\n    - A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: nobody}}\n"
        "  fail:\n    - A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web}}\n"
    )
    repo.write("infra/web.yaml", CLOSED)
    repo.write("policy/rules/own/group-names.yaml", rule)
    repo.write("infra/own.yaml", "title: x\n")
    repo.branch()
    path = repo.path / "infra"
    (tmp_path / "link").symlink_to(repo.path / "policy")
    for words in (("--definitions", repo.path / "policy"), ("--definitions", tmp_path / "link"),
                  ("--baseline", path / "own.yaml")):  # fmt: skip
        ran = gate(path, *words)
        assert ran.code == 2, words
        assert "the change could have written it" in ran.err
    ran = gate(path, "--definitions", repo.path / "policy", "--trust-definitions", "--fail-on", "low")
    assert ran.code == 1
    assert [each["check"] for each in ran.run["findings"]] == ["group-names"]


def test_a_change_cannot_bring_its_own_pardon(repo, gate):
    repo.write("web.yaml", CLOSED)
    repo.branch()
    repo.write("web.yaml", "# checkov:skip=CKV_AWS_24:fine\n" + OPENED)
    repo.write(".checkov.yaml", "skip-check: [ports-closed-to-world]\n")
    repo.write("auditor.yaml", "rules: []\nfail-on: never\nwaivers: [{check: ports-closed-to-world}]\n")
    repo.write("rules/network/ports-closed-to-world.yaml", "title: nothing\n")
    ran = gate(repo.path, "--base", "main", cwd=repo.path)
    assert (ran.code, ran.places) == (1, ["web.yaml:8"])


def test_what_a_plan_found_changed_outside_is_told(tmp_path, gate):
    address = "aws_cloudwatch_log_group.g"
    one = {"address": address, "mode": "managed", "type": "aws_cloudwatch_log_group", "name": "g"}
    drift = {"actions": ["update"], "before": {"retention_in_days": 14}, "after": {"retention_in_days": 1}}
    change = {"actions": ["no-op"], "before": {}, "after": {"name": "/g"}, "after_unknown": {}}
    plan = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [{**one, "change": change}],
            "resource_drift": [{**one, "change": drift}]}  # fmt: skip
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (tmp_path / "main.tf").write_text('resource "aws_cloudwatch_log_group" "g" {\n  name = "/g"\n}\n')
    for words in (("plan.json",), (".", "--plan", "plan.json")):
        ran = gate(*words)
        assert ran.run["gate"]["drifted"] == [{"address": address, "gone": False, "properties": ["retention_in_days"]}]
        jsonschema.validate(ran.run, json.loads((data_dir("reports") / "run.schema.json").read_text()))
        for form in ("text", "markdown"):
            told = gate(*words, "--format", form).out.replace("\\", "")
            assert "Changed outside Terraform" in told
            assert f"{address}: retention_in_days" in told
    assert gate(".").run["gate"]["drifted"] == []
