"""Modules above the folder that is judged: read inside the repository, on both sides, and nothing beyond it."""

import json

import pytest

from tests.gate.conftest import TF_CLOSED, TF_OPENED

CALL = 'module "web" {\n  source = "../../modules/web"\n}\n'
OURS = "infra/modules/web/main.tf"


@pytest.fixture
def stages(repo):
    """A repository as many are: stages that call modules beside them."""
    repo.write("infra/envs/prod/main.tf", CALL)
    repo.write("infra/envs/dev/main.tf", CALL)
    repo.write(OURS, TF_CLOSED)
    repo.branch()
    return repo


@pytest.fixture
def gate(gate):
    """The command, for the one rule that these trees are about."""
    return lambda *words: gate(*words, "--rule", "ports-closed-to-world")


def broken(ran):
    found = [each for each in ran.run["findings"] if each["verdict"] == "broken"]
    return [f"{each['location']['file']}:{each['location']['line']}" for each in found]


def gaps(ran):
    return [each["message"] for each in ran.run["coverage"]["gaps"] if each["reason"] == "unresolved"]


def test_a_module_that_changes_is_told_at_its_own_line(stages, gate):
    prod = stages.path / "infra/envs/prod"
    assert gate(prod, "--base", "main").code == 0
    stages.write(OURS, TF_OPENED)
    stages.commit()
    ran = gate(prod, "--base", "main")
    assert (ran.code, broken(ran), gaps(ran)) == (1, [f"{OURS}:4"], [])
    assert ran.run["findings"][0]["resource"]["key"].endswith("module.web.aws_security_group.web")
    whole = gate(stages.path / "infra", "--base", "main")
    assert (whole.code, broken(whole)) == (1, [f"{OURS}:4", f"{OURS}:4"]), "once for each stage that calls it"
    assert len({each["resource"]["key"] for each in whole.run["findings"]}) == 2


def test_what_the_base_had_in_its_modules_is_not_new(stages, gate):
    stages.git("checkout", "-q", "main")
    stages.write(OURS, TF_OPENED)
    stages.commit()
    stages.git("checkout", "-q", "change")
    stages.git("rebase", "-q", "main")
    ran = gate(stages.path / "infra/envs/prod", "--base", "main")
    assert (ran.code, ran.run["findings"], ran.run["gate"]["still"]) == (0, [], 1)


def test_modules_call_modules_and_read_files_of_the_repository(repo, gate):
    """Down, sideways, back into the folder, and files by path.module and path.root."""
    repo.write("envs/prod/main.tf", 'module "a" {\n  source = "../../modules/a"\n}\n')
    repo.write("envs/prod/own/main.tf", TF_OPENED.replace('"web"', '"own"'))
    repo.write("modules/a/main.tf", 'module "b" {\n  source = "./b"\n}\nmodule "c" {\n  source = "../c"\n}\n')
    repo.write("modules/a/b/main.tf", 'module "own" {\n  source = "../../../envs/prod/own"\n}\n')
    repo.write(
        "modules/c/main.tf", TF_OPENED.replace('["0.0.0.0/0"]', 'jsondecode(file("${path.module}/../open.json"))')
    )
    repo.write("modules/open.json", '["0.0.0.0/0"]')
    ran = gate(repo.path / "envs/prod")
    assert (ran.code, set(broken(ran)), gaps(ran)) == (1, {"envs/prod/own/main.tf:4", "modules/c/main.tf:4"}, [])


def test_a_file_above_that_the_folder_names_is_read(repo, gate):
    said = 'jsondecode(file("${path.module}/../../open.json"))'
    repo.write("envs/prod/main.tf", TF_OPENED.replace('["0.0.0.0/0"]', said))
    repo.write("open.json", '["0.0.0.0/0"]')
    ran = gate(repo.path / "envs/prod")
    assert (ran.code, broken(ran), gaps(ran)) == (1, ["envs/prod/main.tf:4"], [])


def test_json_calls_modules_too(repo, gate):
    repo.write("envs/prod/main.tf.json", json.dumps({"module": [{"web": [{"source": "../../modules/web"}]}]}))
    repo.write("modules/web/main.tf", TF_OPENED)
    ran = gate(repo.path / "envs/prod")
    assert (ran.code, broken(ran), gaps(ran)) == (1, ["modules/web/main.tf:4"], [])


def test_without_a_repository_the_root_is_said(tmp_path, gate):
    for side, text in (("before", TF_CLOSED), ("after", TF_OPENED)):
        for name, said in (("envs/prod/main.tf", CALL), ("modules/web/main.tf", text)):
            path = tmp_path / side / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(said)
    alone = gate("after/envs/prod")
    assert (alone.code, broken(alone)) == (3, [])
    assert ["module web" in each and "outside the tree" in each for each in gaps(alone)] == [True]
    ran = gate("after/envs/prod", "--root", "after", "--base", "before/envs/prod")
    assert (ran.code, broken(ran), gaps(ran)) == (1, ["modules/web/main.tf:4"], [])
    mended = gate("before/envs/prod", "--root", "before", "--base", "after/envs/prod")
    assert (mended.code, mended.run["gate"]["mended"]) == (0, 1)
    aside = gate("after/envs/prod", "--root", "before")
    assert aside.code == 2
    assert "is not below" in aside.err


def test_a_narrower_root_holds_on_both_sides(stages, gate):
    stages.write(OURS, TF_OPENED)
    stages.commit()
    ran = gate(stages.path / "infra/envs/prod", "--root", stages.path / "infra/envs", "--base", "main")
    assert (ran.code, broken(ran)) == (3, [])
    wide = gate(stages.path / "infra/envs/prod", "--root", stages.path / "infra", "--base", "main")
    assert (wide.code, broken(wide)) == (1, ["modules/web/main.tf:4"])


# ---- written against us


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("../../../../outside", "module web has a source outside the tree"),
        ("../../linked", "module web has a source outside the tree"),
        ("../../.hidden/web", "module web has a source outside the tree"),
        ("../../modules/none", "module.web comes from ../../modules/none, which contains no Terraform"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_repository_is_named_and_not_read(repo, gate, tmp_path, source, told):
    for folder in (tmp_path / "outside", repo.path / ".hidden/web"):
        folder.mkdir(parents=True)
        (folder / "main.tf").write_text(TF_OPENED)
    (repo.path / "linked").symlink_to(tmp_path / "outside")
    repo.write("infra/prod/main.tf", CALL.replace("../../modules/web", source) + TF_CLOSED)
    ran = gate(repo.path / "infra/prod")
    assert (ran.code, broken(ran)) == (3, [])
    assert any(each.startswith("infra/prod/main.tf:") and told in each for each in gaps(ran)), gaps(ran)


@pytest.mark.parametrize(
    "call", ['file("${path.module}/../../../secret.json")', 'file("${path.module}/../../.git/config")',
             'file("${path.root}/../../linked.json")', 'templatefile("../../inside.tpl", {})'],
)  # fmt: skip
def test_files_beyond_the_repository_are_never_read(repo, gate, tmp_path, call):
    (tmp_path / "secret.json").write_text('["0.0.0.0/0"]')
    (repo.path / "linked.json").symlink_to(tmp_path / "secret.json")
    repo.write("inside.tpl", '${file("/etc/hostname")}')
    repo.write("infra/prod/main.tf", TF_OPENED.replace('["0.0.0.0/0"]', f"jsondecode({call})"))
    ran = gate(repo.path / "infra/prod")
    assert ran.code == 3, ran.err
    assert {each["verdict"] for each in ran.run["unanswered"]} == {"unknown"}
    assert ran.run["findings"] == []
    (unread,) = ran.run["gate"]["unread"]
    assert (unread["location"]["file"], unread["count"]) == ("infra/prod/main.tf", 1)
    assert "jsondecode" in unread["message"] or "is not read" in unread["message"], unread


def test_a_link_in_a_module_that_leads_out_is_refused(stages, gate, tmp_path):
    (tmp_path / "secret.tf").write_text(TF_OPENED)
    (stages.path / "infra/modules/web/more.tf").symlink_to(tmp_path / "secret.tf")
    ran = gate(stages.path / "infra/envs/prod")
    assert (ran.code, ran.out) == (2, "")
    assert "infra/modules/web/more.tf:1: a symbolic link that points outside the tree" in ran.err


def test_bounds_count_what_is_read_above(stages, gate, monkeypatch):
    stages.write("infra/modules/unused/huge.tf", "#" * 5000)
    monkeypatch.setattr("auditor.sources.terraform.tree.MOST_BYTES", 1000)
    assert gate(stages.path / "infra/envs/prod").code == 0, "what nobody calls is not read"
    huge = stages.write("infra/modules/web/huge.tf", "#" * 5000)
    ran = gate(stages.path / "infra/envs/prod")
    assert ran.code == 2
    assert "infra/modules/web/huge.tf:1: larger than" in ran.err
    huge.unlink()
    monkeypatch.setattr("auditor.sources.terraform.tree.MOST_FILES", 1)
    assert "more than 1 files" in gate(stages.path / "infra/envs/prod").err


def test_modules_in_a_circle_are_refused_before_they_are_evaluated(repo, gate):
    repo.write("infra/prod/main.tf", TF_CLOSED + 'module "a" {\n  source = "../../a"\n}\n')
    repo.write("a/main.tf", '\nmodule "b" {\n  source = "../b"\n}\n')
    repo.write("b/main.tf", 'module "a" {\n  source = "../a"\n}\n')
    ran = gate(repo.path / "infra/prod")
    assert (ran.code, ran.out) == (2, "")
    assert "b/main.tf:2: the module calls itself" in ran.err


def test_broken_code_above_is_refused_at_its_place(stages, gate):
    stages.write(OURS, 'resource "aws_vpc" "v" {\n  cidr_block = \n}\n')
    ran = gate(stages.path / "infra/envs/prod")
    assert ran.code == 2
    assert f"{OURS}:2" in ran.err
    assert ".auditor-above" not in ran.err


@pytest.mark.parametrize(
    ("given", "default", "code"),
    [
        ("null", '["0.0.0.0/0"]', 3),
        ("var.nothing", '["0.0.0.0/0"]', 3),
        ('var.nothing == null ? null : "10.0.0.0/8"', '["0.0.0.0/0"]', 3),
        ('["10.0.0.0/8"]', '["0.0.0.0/0"]', 0),
        ("null", "[]", 0),
    ],
)
def test_null_for_a_variable_that_takes_none_is_its_default(given, default, code, gate, tmp_path):
    inner = f'variable "from" {{\n  default  = {default}\n  nullable = false\n}}\n'
    group = 'resource "aws_security_group" "g" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = var.from\n  }\n}\n'
    (tmp_path / "m").mkdir()
    (tmp_path / "m/main.tf").write_text(inner + group)
    call = f'variable "nothing" {{\n  default = null\n}}\nmodule "m" {{\n  source = "./m"\n  from = {given}\n}}\n'
    (tmp_path / "main.tf").write_text(call)
    assert gate(tmp_path).code == code
