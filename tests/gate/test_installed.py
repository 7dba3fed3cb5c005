"""Modules that `terraform init` has brought: read by the manifest, told at their call, and never beyond their folder."""

import json

import pytest

from auditor.sources.terraform.installed import allows
from tests.gate.conftest import TF_CLOSED, TF_OPENED

SOURCE = "terraform-aws-modules/security-group/aws"
CALL = f'\nmodule "web" {{\n  source  = "{SOURCE}"\n  version = "~> 5.1"\n  open    = true\n}}\n'
MODULE = 'variable "open" { default = false }\nmodule "inner" {\n  source = "./modules/inner"\n  open   = var.open\n}\n'
INNER = 'variable "open" {}\n' + TF_OPENED.replace("{\n  vpc_id", "{\n  count  = var.open ? 1 : 0\n  vpc_id")
OWN = ".terraform/modules/web"
AT = {"file": "main.tf", "line": 2, "inside": f"{OWN}/modules/inner/main.tf:2"}


def entry(key="web", source=f"registry.terraform.io/{SOURCE}", version="5.1.2", folder=OWN):
    return {"Key": key, "Source": source, "Version": version, "Dir": folder}


def manifest(*entries):
    return json.dumps({"Modules": [{"Key": "", "Source": "", "Dir": "."}, *entries]})


@pytest.fixture
def brought(repo):
    """A configuration after `terraform init`, which git does not track."""

    def write(call=CALL, *entries, at="", files=None):
        repo.write(".gitignore", ".terraform/\n")
        repo.write(f"{at}main.tf", call)
        for name, text in (files or {f"{OWN}/main.tf": MODULE, f"{OWN}/modules/inner/main.tf": INNER}).items():
            repo.write(at + name, text)
        repo.write(f"{at}.terraform/modules/modules.json", manifest(*(entries or [entry()])))
        return repo

    return write


@pytest.fixture
def gate(gate):
    return lambda *words: gate(*words, "--rule", "ports-closed-to-world")


def broken(ran):
    return [each["location"] for each in ran.run["findings"] if each["verdict"] == "broken"]


def gaps(ran):
    return [each["message"] for each in ran.run["coverage"]["gaps"] if each["reason"] == "unresolved"]


def test_what_was_brought_is_read_and_told_at_its_call(brought, gate):
    ran = gate(brought().path)
    assert (ran.code, broken(ran), gaps(ran)) == (1, [AT], [])
    assert ran.run["findings"][0]["resource"]["key"].endswith("module.web.module.inner.aws_security_group.web[0]")
    text = gate(brought().path, "--format", "text").out
    assert "main.tf:2" in text
    sarif = json.loads(gate(brought().path, "--format", "sarif").out)["runs"][0]["results"][0]
    places = [sarif[each][0]["physicalLocation"] for each in ("locations", "relatedLocations")]
    assert [each["artifactLocation"]["uri"] for each in places] == ["main.tf", f"{OWN}/modules/inner/main.tf"]


def test_arguments_of_a_call_count(brought, gate):
    closed = gate(brought(CALL.replace("true", "false")).path)
    assert (closed.code, broken(closed), gaps(closed)) == (0, [], [])


@pytest.mark.parametrize("at", ["", "envs/prod/"])
def test_a_change_is_held_against_the_same_module(brought, gate, at):
    """No commit holds what was brought: the base reads the same, and what it had already is not new."""
    repo = brought(CALL.replace("true", "false"), at=at)
    repo.branch()
    assert gate(repo.path, "--base", "main").code == 0
    repo.write(f"{at}main.tf", CALL)
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert (ran.code, [each["file"] for each in broken(ran)], gaps(ran)) == (1, [f"{at}main.tf"], [])
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "change")
    repo.git("checkout", "-q", "-b", "next")
    repo.write(f"{at}README.md", "x")
    repo.commit()
    still = gate(repo.path, "--base", "main")
    assert (still.code, still.run["gate"]["still"]) == (0, 1)


def test_what_the_change_itself_commits_is_its_own(brought, gate):
    repo = brought()
    repo.git("add", "main.tf")
    repo.git("commit", "-qm", "base")
    repo.git("checkout", "-qb", "change")
    repo.write(".gitignore", "")
    repo.commit()
    ran = gate(repo.path, "--base", "main")
    assert (ran.code, len(broken(ran))) == (1, 1), "the base has no such module"


@pytest.mark.parametrize(
    ("asked", "source", "version"),
    [
        (SOURCE, SOURCE, "5.1.2"),
        (SOURCE, f"registry.opentofu.org/{SOURCE}", "5.1.2"),
        (f"app.terraform.io/{SOURCE}", f"app.terraform.io/{SOURCE}", "5.1.2"),
        (f"{SOURCE}//modules/ssh", f"registry.terraform.io/{SOURCE}//modules/ssh", "5.1.2"),
        ("github.com/a/b?ref=v1", "git::https://github.com/a/b.git?ref=v1", ""),
        ("git@github.com:a/b.git", "git::ssh://git@github.com/a/b.git", ""),
        ("git::https://example.com/a.git//x?ref=v1", "git::https://example.com/a.git//x?ref=v1", ""),
    ],
)
def test_the_manifest_spells_sources_out(brought, gate, asked, source, version):
    call = CALL.replace(SOURCE, asked) if version else CALL.replace(SOURCE, asked).replace('  version = "~> 5.1"\n', "")
    ran = gate(brought(call, entry(source=source, version=version)).path)
    assert (ran.code, len(broken(ran)), gaps(ran)) == (1, 1, [])


@pytest.mark.parametrize(
    "other",
    [
        entry(version="4.9.0"),
        entry(version="6.0.0"),
        entry(source="registry.terraform.io/somebody/security-group/aws"),
        entry(key="other"),
        entry(folder="../outside"),
        entry(folder=".terraform/modules"),
        entry(folder=".terraform/modules/../../closed"),
        entry(folder=".terraform/modules/none"),
        entry(folder=".terraform/modules/linked"),
        entry(folder="/etc"),
        {"Key": "web", "Dir": 5},
    ],
)
def test_what_is_another_module_or_elsewhere_stays_the_gap_with_its_cure(brought, gate, other):
    repo = brought(CALL, other, files={f"{OWN}/main.tf": INNER, "closed/a/main.tf": TF_CLOSED})
    repo.write("../outside/main.tf", INNER)
    (repo.path / ".terraform/modules/linked").symlink_to(repo.path / OWN)
    ran = gate(repo.path, "--exclude", "closed/a")
    assert (ran.code, broken(ran)) == (3, [])
    assert ["terraform init -backend=false" in each for each in gaps(ran)] == [True]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"Modules": 5}', '{"Modules": [5, {}]}', "[" * 100_000])
def test_a_manifest_that_is_none_brings_nothing(brought, gate, text):
    repo = brought()
    repo.write(".terraform/modules/modules.json", text)
    assert gate(repo.path).code == 3


def test_a_brought_module_calls_others(brought, gate):
    """Each call that is brought has its own key, also below modules of the tree that are called by path."""
    files = {
        "modules/a/main.tf": f'module "b" {{\n  source = "{SOURCE}"\n}}\n',
        ".terraform/modules/a.b/main.tf": 'module "c" {\n  source = "x/y/aws"\n}\n',
        ".terraform/modules/a.b.c/main.tf": TF_OPENED,
    }
    entries = [
        entry("a", "./modules/a", "", "modules/a"),
        entry("a.b", folder=".terraform/modules/a.b"),
        entry("a.b.c", "registry.terraform.io/x/y/aws", "1.0.0", ".terraform/modules/a.b.c"),
    ]
    ran = gate(brought('module "a" {\n  source = "./modules/a"\n}\n', *entries, files=files).path)
    place = {"file": "modules/a/main.tf", "line": 1, "inside": ".terraform/modules/a.b.c/main.tf:1"}
    assert (ran.code, [each | {"inside": place["inside"]} for each in broken(ran)], gaps(ran)) == (1, [place], [])


def test_what_is_not_there_of_a_brought_module_is_told_at_its_call(brought, gate):
    inner = 'module "more" {\n  source = "x/y/aws"\n}\n'
    ran = gate(brought(files={f"{OWN}/main.tf": 'variable "open" {}\n' + inner}).path)
    assert ran.code == 3
    assert [each.startswith("main.tf:2: ") and f"{OWN}/main.tf:2" in each for each in gaps(ran)] == [True]


@pytest.mark.parametrize(
    ("asked", "version", "held"),
    [
        ("", "1.0.0", True), ("1.2.3", "1.2.3", True), ("= 1.2.3", "1.2.4", False), ("!= 1.2.3", "1.2.4", True),
        ("~> 1.2", "1.9.0", True), ("~> 1.2", "2.0.0", False), ("~> 1.2", "1.1.0", False), ("~> 1.2.3", "1.2.9", True),
        ("~> 1.2.3", "1.3.0", False), (">= 1.0, < 2.0", "1.5.0", True), (">= 1.0, < 2.0", "2.0.0", False),
        ("> 1.0", "1.0.1", True), ("<= 1", "1.0.0", True), ("1.0.0-beta", "1.0.0-beta", True),
        ("~> 1.0", "1.1.0-beta", False), ("latest", "1.0.0", False), ("1", "", False),
    ],
)  # fmt: skip
def test_versions_are_allowed_as_terraform_says(asked, version, held):
    assert allows(asked, version) is held
