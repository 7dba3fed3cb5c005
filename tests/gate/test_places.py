"""Where a gate is started, what it is given, and in which form it tells: every way of a user works or says what to do."""

from __future__ import annotations

import html
import io
import json
import re

import jsonschema
import pytest

from auditor.report import Options, write
from auditor.settings import data_dir
from tests.gate.conftest import CLOSED, OPENED, TF_OPENED
from tests.gate.test_sarif import VALID

SCHEMA = json.loads((data_dir("reports") / "run.schema.json").read_text())


def told(name, run):
    out = io.StringIO()
    write(name, run, out, Options(width=100))
    return out.getvalue()


def holds_in_every_form(run):
    jsonschema.validate(run, SCHEMA)
    VALID.validate(json.loads(told("sarif", run)))
    assert 0 < len(told("markdown", run)) <= 65_536
    assert told("text", run).strip()


def plan(port):
    rule = {"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
    made = {"address": "aws_security_group.web", "mode": "managed", "type": "aws_security_group", "name": "web",
            "change": {"actions": ["create"], "after": {"ingress": [rule]}, "after_unknown": {}}}  # fmt: skip
    return json.dumps({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [made]})


STATE = json.dumps({"version": 4, "terraform_version": "1.11.4", "lineage": "x", "resources": [
    {"mode": "managed", "type": "aws_s3_bucket", "name": "b", "instances": [{"attributes": {"bucket": "b"}}]}]})  # fmt: skip

WAYS = {
    "a folder": ({"web.yaml": OPENED, "main.tf": TF_OPENED}, ["."], 1, 2),
    "a template": ({"web.yaml": OPENED}, ["web.yaml"], 1, 1),
    "a plan": ({"plan.json": plan(22)}, ["plan.json"], 1, 1),
    "a state": ({"x.tfstate": STATE}, ["x.tfstate"], 1, 1),
    "code with its plan": ({"main.tf": TF_OPENED, "plan.json": plan(22)}, [".", "--plan", "plan.json"], 1, 1),
    "a plan and the one before": ({"new.json": plan(22), "old.json": plan(443)}, ["new.json", "--base", "old.json"], 1, 1),
    "a folder and the one before": ({"new/web.yaml": OPENED, "old/web.yaml": CLOSED}, ["new", "--base", "./old"], 1, 1),
    "a base that was empty": ({"new/web.yaml": OPENED, "old/words.txt": "words"}, ["new", "--base", "./old"], 1, 1),
    "a base that is broken": ({"new/web.yaml": OPENED, "old/web.yaml": "Resources: [AWS::S3::Bucket\n"}, ["new", "--base", "./old"], 3, 1),
    "a base that is nowhere": ({"new/web.yaml": OPENED}, ["new", "--base", "main"], 3, 1),
    "itself as its base": ({"new/web.yaml": OPENED}, ["new", "--base", "./new"], 3, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_every_way_in_is_told_in_every_form(name, gate, tmp_path):
    files, words, code, findings = WAYS[name]
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    ran = gate(*words)
    assert ran.code == code, ran.err
    assert len(ran.run["findings"]) >= findings
    holds_in_every_form(ran.run)


def test_thousands_of_findings_fit_into_a_comment(gate, tmp_path):
    group = "    Type: AWS::EC2::SecurityGroup\n" + OPENED.partition("SecurityGroup\n")[2]
    (tmp_path / "web.yaml").write_text("Resources:\n" + "".join(f"  Group{at}:\n{group}" for at in range(1_500)))
    ran = gate("web.yaml")
    assert len(ran.run["findings"]) == 1_500
    holds_in_every_form(ran.run)
    assert re.search(r"Not shown in this comment: [\d,]+ high findings\.", told("markdown", ran.run))


def test_outside_of_git_a_ref_is_no_base(gate, tmp_path):
    (tmp_path / "web.yaml").write_text(OPENED)
    ran = gate("web.yaml", "--base", "main")
    assert ran.code == 3
    assert "web.yaml is not in a git working tree; pass a path as --base" in ran.err
    assert "fatal" not in ran.err


def test_an_empty_base_is_a_slip_and_not_no_base(gate, tmp_path):
    (tmp_path / "web.yaml").write_text(CLOSED)
    for given in ("", " "):
        ran = gate("web.yaml", "--base", given)
        assert (ran.code, "is empty" in ran.err) == (2, True)


def test_a_worktree_a_detached_head_and_what_is_not_committed(repo, gate, tmp_path):
    repo.write("infra/web.yaml", CLOSED)
    repo.branch()
    repo.write("infra/web.yaml", OPENED)
    repo.commit()
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "beside"))
    for path in (repo.path, tmp_path / "beside"):
        ran = gate(path / "infra", "--base", "main")
        assert (ran.code, ran.places) == (1, ["infra/web.yaml:7"])
    repo.git("checkout", "-q", "--detach")
    assert gate("infra", "--base", "main", cwd=repo.path).code == 1
    repo.write("infra/web.yaml", CLOSED)
    assert gate(repo.path / "infra", "--base", "main").code == 0
    repo.write("infra/new.yaml", OPENED)
    assert gate(repo.path / "infra", "--base", "main").places == ["infra/new.yaml:7"]


def test_a_clone_without_history_says_what_to_fetch(repo, gate, tmp_path):
    repo.write("web.yaml", CLOSED)
    repo.branch()
    repo.commit("one")
    repo.write("web.yaml", OPENED)
    repo.commit("two")
    shallow = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth", "1", "--no-single-branch", "-b", "change", f"file://{repo.path}", str(shallow))
    for base, words in (("origin/main", "no common commit here"), ("HEAD~1", "is neither a path nor a ref")):
        ran = gate(shallow, "--base", base)
        assert ran.code == 3
        assert words in ran.err
        assert "fetch-depth: 0" in ran.err


def test_a_bare_repository_holds_no_code(repo, gate, tmp_path):
    repo.write("web.yaml", OPENED)
    repo.branch()
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    ran = gate(tmp_path / "bare.git", "--base", "main")
    assert (ran.code, ran.out) == (2, "")


def test_a_submodule_is_compared_with_what_it_was_pinned_to(repo, gate, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    theirs = type(repo)(inner)
    theirs.git("init", "-q", "-b", "main")
    theirs.write("web.yaml", OPENED)
    theirs.commit()
    repo.write("own.yaml", CLOSED)
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    repo.branch()
    repo.write("words.txt", "words")
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert (ran.code, ran.run["findings"], ran.run["gate"]["still"]) == (0, [], 1), ran.out
    more = type(repo)(repo.path / "sub")
    more.write("more.yaml", OPENED.replace("Group:", "Other:"))
    more.commit()
    repo.commit("the submodule moves on")
    ran = gate(repo.path, "--base", "main")
    assert (ran.code, ran.places) == (1, ["sub/more.yaml:7"])
    # What it was pinned to may not be here: then nobody can tell what is new in it.
    repo.git("checkout", "-q", "main")
    repo.git("update-index", "--cacheinfo", "160000", "1" * 40, "sub")
    repo.git("commit", "-qm", "pinned elsewhere")
    repo.git("checkout", "-q", "-b", "other")
    ran = gate(repo.path, "--base", "main")
    assert ran.code == 3
    assert "the submodule sub was at 1111111111, which is not here" in ran.err


TEMPLATE = (
    OPENED
    + "  Pipe:\n    Type: AWS::Pipes::Pipe\n  Other:\n    Type: Custom::Thing\n  Made:\n    Type: AWS::CDK::Metadata\n"
)
CONFIGURATION = (
    TF_OPENED
    + 'resource "aws_glacier_vault" "a" { name = "a" }\nresource "aws_glacier_vault" "b" { name = "b" }\n'
    + 'resource "random_id" "c" { byte_length = 4 }\ndata "aws_glacier_vaults" "d" {}\n'
    # A fold is a part of what is described.
    + 'resource "aws_security_group_rule" "e" {\n  security_group_id = aws_security_group.web.id\n  type = "ingress"\n'
    + '  from_port = 443\n  to_port = 443\n  protocol = "tcp"\n  cidr_blocks = ["10.0.0.0/8"]\n}\n'
)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"web.yaml": OPENED}, ""),
        ({"web.yaml": TEMPLATE}, "2 blocks of 2 types that are not supported: Pipes Pipe (1), Custom Thing (1)"),
        ({"main.tf": CONFIGURATION}, "2 blocks of 1 type that is not supported: aws_glacier_vault (2)"),
        (
            {"main.tf": 'module "data" {\n  source = "./m"\n}\n', "m/main.tf": CONFIGURATION},
            "2 blocks of 1 type that is not supported: aws_glacier_vault (2)",
        ),
        (
            {"a/main.tf": CONFIGURATION, "b/main.tf": CONFIGURATION, "web.yaml": TEMPLATE},
            "6 blocks of 3 types that are not supported: aws_glacier_vault (4), Pipes Pipe (1), Custom Thing (1)",
        ),
    ],
)
def test_what_is_not_supported_is_counted_and_named_in_every_form(gate, repo, files, said):
    for name, text in files.items():
        repo.write(name, text)
    run = gate(".", cwd=repo.path).run
    for form in ("text", "markdown", "sarif", "html"):
        text = " ".join(html.unescape(told(form, run)).replace("\\", "").split())
        assert (f"Not looked at: {said}" in text) == bool(said), form
        assert ("Not looked at" in text) == bool(said), form
