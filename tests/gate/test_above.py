"""Modules above the folder that is judged, written against us: nothing beyond the repository, nothing hidden and nothing
that nobody calls is read, and what is read there is held to the same bounds and the same truth."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.gate.conftest import TF_CLOSED, TF_OPENED
from tests.gate.test_modules import OURS, broken, gaps

CALL = 'module "{0}" {{\n  source = "{1}"\n}}\n'
TOKEN = '["ghs-0123456789"]'


@pytest.fixture
def stage(repo):
    """A folder that calls one module above it."""
    repo.write("infra/envs/prod/main.tf", CALL.format("web", "../../modules/web"))
    repo.write(OURS, TF_CLOSED)
    repo.branch()
    return repo


@pytest.fixture
def gate(gate, repo):
    """The command on the folder, for the one rule that these trees are about."""
    return lambda *words: gate(repo.path / "infra/envs/prod", "--rule", "ports-closed-to-world", *words)


# ---- without end


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"infra/modules/web/main.tf": CALL.format("me", "./.")}, "infra/modules/web/main.tf:2"),
        ({"infra/modules/web/main.tf": CALL.format("back", "../../envs/prod")}, "infra/modules/web/main.tf:2"),
        ({"infra/modules/web/main.tf": CALL.format("b", "../b"), "infra/modules/b/main.tf.json": json.dumps(
            {"module": {"web": {"source": "../web"}}})}, "infra/modules/b/main.tf.json:1"),
    ],
    ids=["itself", "the folder that is judged", "in JSON"],
)  # fmt: skip
def test_circles_are_refused_at_the_call_that_closes_them(stage, gate, files, place):
    for name, text in files.items():
        stage.write(name, text)
    ran = gate()
    assert (ran.code, ran.out) == (2, "")
    assert f"{place}: the module calls itself" in ran.err


def test_calls_above_are_counted_before_they_are_evaluated(stage, gate):
    for at in range(14):
        calls = CALL.format("a", f"../m{at + 1}") + CALL.format("b", f"../m{at + 1}")
        stage.write(f"infra/modules/m{at}/main.tf", calls)
    stage.write("infra/modules/m14/main.tf", TF_CLOSED)
    stage.write(OURS, CALL.format("m", "../m0"))
    ran = gate()
    assert (ran.code, ran.out) == (2, "")
    assert "more than 5,000 module calls begin here" in ran.err


def test_a_folder_is_looked_into_once_however_often_it_is_called(stage, gate, monkeypatch):
    looks = []
    look = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: looks.append(path) or look(path))
    said = "".join(CALL.format(f"m{at}", "../../modules/web") for at in range(5_100))
    stage.write("infra/envs/prod/main.tf", said)
    assert "more than 5,000 module calls" in gate().err
    assert [path.name for path in looks if path.name == "web"] == ["web"]


# ---- what is not read


def test_what_nobody_calls_is_not_even_opened(stage, gate, monkeypatch):
    """Neither counted nor decoded nor waited for: broken, endless and enormous things lie beside the module."""
    for at in range(20):
        stage.write(f"infra/modules/other{at}/main.tf", "resource {")
    os.mkfifo(stage.path / "infra/modules/other0/pipe.tf")
    stage.write("infra/modules/other1/main.tf", CALL.format("me", "./."))
    stage.write("terraform.tfvars", "x = [")
    monkeypatch.setattr("auditor.sources.terraform.tree.MOST_FILES", 2)
    ran = gate()
    assert (ran.code, gaps(ran)) == (0, [])
    # In a module that is called what cannot be read is told.
    os.mkfifo(stage.path / "infra/modules/web/pipe.tf")
    (told,) = gaps(gate())
    assert "infra/modules/web/pipe.tf" in told
    assert "a pipe" in told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("../../alias", "module web has a source outside the tree"),
        ("../../circle", "module web has a source outside the tree"),
        ("../../circle/further", "module web has a source outside the tree"),
        ("../../.git", "module web has a source outside the tree"),
        ("../../modules/../../.git/hooks", "module web has a source outside the tree"),
        ("../../../../../../../../../../../etc", "module web has a source outside the tree"),
        ("../../modules/web/main.tf", "module.web comes from ../../modules/web/main.tf, which contains no Terraform"),
        ("../" * 2 + "a" * 300, "which contains no Terraform"),
    ],
)
def test_ways_that_lead_nowhere_are_gaps(stage, gate, source, told):
    (stage.path / "infra/alias").symlink_to(stage.path / "infra/modules/web")
    (stage.path / "infra/circle").symlink_to("circle")
    stage.write(OURS, TF_OPENED)
    stage.write("infra/envs/prod/main.tf", CALL.format("web", source))
    ran = gate()
    assert ran.code in (2, 3)
    if ran.code == 3:
        assert broken(ran) == []
        assert any(each.startswith("infra/envs/prod/main.tf:") and told in each for each in gaps(ran)), gaps(ran)
    else:
        assert "infra/envs/prod/main.tf:2" in ran.err


def test_no_letter_of_json_makes_a_path_that_cannot_be(stage, gate):
    stage.write("infra/envs/prod/main.tf", TF_CLOSED)
    stage.write("infra/envs/prod/more.tf.json", '{"module": {"web": {"source": "../../modules/we\\u0000b"}}}')
    ran = gate()
    assert (ran.code, broken(ran)) == (3, [])
    assert any("module web has a source outside the tree" in each for each in gaps(ran))


@pytest.mark.parametrize("there", ["infra/envs/prod", "infra/modules/web"])
@pytest.mark.parametrize(
    "call", ['file("${path.module}/linked.json")', 'file("${path.root}/../../../.git/token.json")',
             'file("${path.module}/circle.json")'],
)  # fmt: skip
def test_no_link_leads_to_what_is_hidden(stage, gate, there, call):
    """A checkout keeps its token in .git/config; what a name of a resource says is told in a comment."""
    (stage.path / ".git/token.json").write_text(TOKEN)
    (stage.path / there / "linked.json").symlink_to(stage.path / ".git/token.json")
    (stage.path / there / "circle.json").symlink_to("circle.json")
    own = (stage.path / there / "main.tf").read_text()
    said = TF_OPENED.replace('"web"', '"spy"').replace('["0.0.0.0/0"]', f"jsondecode({call})")
    stage.write(f"{there}/main.tf", own + said)
    ran = gate("--fail-on", "never")
    assert ran.code == 3, ran.err
    assert "ghs-" not in ran.out + ran.err
    assert any("file() is not read" in each["because"] for each in ran.run["unanswered"])


@pytest.mark.parametrize("there", ["infra/envs/prod", "infra/modules/web"])
def test_no_code_is_a_link_to_what_is_hidden(stage, gate, there):
    (stage.path / ".git/token").write_text(TOKEN)
    (stage.path / there / "linked.tf").symlink_to(stage.path / ".git/token")
    ran = gate()
    assert (ran.code, ran.out) == (2, "")
    assert f"{there}/linked.tf:1: a symbolic link that points outside the tree or into a hidden folder" in ran.err
    assert "ghs-" not in ran.err


@pytest.mark.parametrize("there", [True, False])
def test_a_call_that_our_own_reading_would_miss_is_never_taken_for_nothing(repo, gate, tmp_path, monkeypatch, there):
    """The evaluator reads the text with other eyes; what it finds and we do not is refused, or a gap."""
    away = tmp_path / "outside"
    if there:
        away.mkdir()
        (away / "main.tf").write_text(TF_OPENED.replace('"web"', '"hush"'))
    source = "./" + "../" * 12 + str(away).lstrip("/")
    repo.write("infra/envs/prod/main.tf", TF_CLOSED + CALL.format("web", source))
    monkeypatch.setattr("auditor.sources.terraform.modules.blocks", lambda text: ())
    ran = gate()
    assert "hush" not in ran.out + ran.err
    if there:
        assert (ran.code, "a module is outside the tree" in ran.err) == (2, True)
    else:
        assert (ran.code, broken(ran)) == (3, [])
        assert any("module.web comes from" in each and "which contains no Terraform" in each for each in gaps(ran))


@pytest.mark.parametrize(
    "text", ['<<EOT\nEOT "\n EOTs\n  EOT  ', "<<-A-B\nA\n  A-B", "<<EOT\nb\n\tEOT\r", '"<<EOT"', "1 # <<EOT"]
)
def test_a_heredoc_ends_where_terraform_ends_it(stage, gate, text):
    """Else the call behind it would be a part of the text, and nothing of the module were read."""
    stage.write("infra/envs/prod/main.tf", f"locals {{\n  x = {text}\n}}\n" + CALL.format("web", "../../modules/web"))
    stage.write(OURS, TF_OPENED)
    ran = gate()
    assert (ran.code, broken(ran), gaps(ran)) == (1, [f"{OURS}:4"], [])


# ---- what is read is read as everywhere


def test_an_override_file_beside_a_module_above_is_laid_over_it(stage, gate):
    said = TF_OPENED.replace('  vpc_id = "vpc-1"\n\n', "")
    stage.write("infra/modules/web/web_override.tf", said)
    stage.commit()
    ran = gate("--base", "main")
    assert (ran.code, broken(ran), gaps(ran)) == (1, [f"{OURS}:1"], [])


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("override.tf", 'variable "v" {\n  default = 1\n}\n', "only resources are read from override files"),
        (
            "override.tf",
            'resource "aws_security_group" "web" {\n  count = 0\n}\n',
            "an override file sets how many there are",
        ),
    ],
)
def test_what_is_laid_over_a_module_in_other_ways_is_a_gap(stage, gate, name, text, told):
    stage.write(f"infra/modules/web/{name}", text)
    ran = gate()
    assert (ran.code, broken(ran)) == (3, [])
    assert any(each.startswith(f"infra/modules/web/{name}") and told in each for each in gaps(ran)), gaps(ran)


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("../../..", "main.tf"),
        ("../../../.", "main.tf"),
        ("..", "infra/envs/main.tf"),
        (".././/../modules/./web", OURS),
    ],
)
def test_every_folder_on_the_way_up_may_be_a_module(stage, gate, source, file):
    stage.write("infra/envs/prod/main.tf", CALL.format("web", source))
    stage.write(file, TF_OPENED)
    ran = gate()
    assert (ran.code, broken(ran), gaps(ran)) == (1, [f"{file}:4"], [])


def test_files_that_a_module_above_reads_are_read_once_and_from_inside(stage, gate, monkeypatch):
    said = TF_OPENED.replace('["0.0.0.0/0"]', 'jsondecode(file("${path.module}/../open.json"))')
    stage.write(OURS, said + said.replace('"web"', '"other"'))
    stage.write("infra/modules/open.json", '["0.0.0.0/0"]' + " " * 1_000)
    monkeypatch.setattr("auditor.sources.terraform.tree._TOGETHER", len(said) * 2 + 1_500)
    ran = gate()
    assert (ran.code, set(broken(ran)), gaps(ran)) == (1, {f"{OURS}:4", f"{OURS}:14"}, [])


@pytest.mark.parametrize(
    "call",
    [
        'module "web" {\n  # source = "../../modules/web"\n  source = "../../modules/web" # here\n}\n',
        'module "web" { source = "../../modules/web" }\n',
        '/*\nmodule "web" {\n  source = "../../modules/web"\n}\n*/\nmodule "web" {\n  source = "../../modules/web"\n}\n',
    ],
    ids=["beside itself", "line", "in a comment"],
)
def test_a_source_is_written_anew_where_it_stands(stage, gate, call):
    stage.write("infra/envs/prod/main.tf", call)
    stage.write(OURS, TF_OPENED)
    ran = gate()
    assert (ran.code, broken(ran), gaps(ran)) == (1, [f"{OURS}:4"], [])


def test_what_is_not_read_leaves_the_lines_behind_it_as_they_are(stage, gate):
    for said in ('module "a" { source = "../../../../a" }\n', 'module "a" { source = "../../../../a"\n}\n',
                 'module "a" {\n  source = "../../../../a"\n\n  x = 1\n}\n'):  # fmt: skip
        stage.write("infra/envs/prod/main.tf", said + TF_OPENED)
        ran = gate()
        assert broken(ran) == [f"infra/envs/prod/main.tf:{said.count(chr(10)) + 4}"]


def test_a_module_in_a_submodule_above_is_compared_with_what_it_was_pinned_to(repo, gate, tmp_path):
    inner = type(repo)(tmp_path / "inner")
    inner.path.mkdir()
    inner.git("init", "-q", "-b", "main")
    inner.write("web/main.tf", TF_OPENED)
    inner.commit()
    repo.write("infra/envs/prod/main.tf", CALL.format("web", "../../shared/web"))
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "infra/shared")
    repo.branch()
    repo.write("words.txt", "words")
    repo.commit()
    ran = gate("--base", "main")
    assert (ran.code, ran.run["findings"], ran.run["gate"]["still"]) == (0, [], 1), ran.err
    more = type(repo)(repo.path / "infra/shared")
    more.write("web/more.tf", TF_OPENED.replace('"web"', '"more"'))
    more.commit()
    repo.commit("the submodule moves on")
    ran = gate("--base", "main")
    assert (ran.code, broken(ran)) == (1, ["infra/shared/web/more.tf:4"])
