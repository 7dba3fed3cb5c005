"""checkov as a program: found or named as missing, started apart from everything, and never believed blindly."""

from __future__ import annotations

import fcntl
import json
import os

import pytest

from auditor.checks.checkov import judge_with_checkov, program
from auditor.graph.build import build
from auditor.model import Inventory
from auditor.resources import load
from tests.checkov.programs import nowhere, stand_in

NOTHING = build(Inventory(), load())
CLEAN = '{"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0, "checkov_version": "3"}'


def told(source, tmp_path, monkeypatch, patience=20.0):
    stand_in(tmp_path, monkeypatch, source)
    return judge_with_checkov(NOTHING, patience=patience)


def test_a_missing_program_is_a_gap_that_tells_the_cure(monkeypatch, tmp_path):
    nowhere(monkeypatch, tmp_path)
    findings, (gap,), counts = judge_with_checkov(NOTHING)
    assert (findings, gap.reason) == ([], "unsupported")
    assert "pip install 'auditor[checkov]'" in gap.message
    assert not counts["passed"]


@pytest.mark.parametrize("named", ["checkov", "./checkov", "/nowhere/checkov"])
def test_a_program_that_is_named_wrongly_is_not_replaced_by_another(monkeypatch, named):
    monkeypatch.setenv(program.VARIABLE, named)
    _, (gap,), _ = judge_with_checkov(NOTHING)
    assert program.VARIABLE in gap.message


def test_a_relative_entry_of_the_path_is_not_searched(monkeypatch, tmp_path):
    nowhere(monkeypatch, tmp_path / "elsewhere")
    (tmp_path / "checkov").write_text("#!/bin/sh\n")
    (tmp_path / "checkov").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    with pytest.raises(program.NotJudged):
        program.find()


def test_an_answer_about_nothing_is_an_answer(tmp_path, monkeypatch):
    judged = told(f"print('''{CLEAN}''')", tmp_path, monkeypatch)
    assert (judged.findings, judged.gaps, judged.version) == ([], [], "3")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("print('oops <html>')", "did not answer with JSON"),
        ("", "it printed nothing"),
        ("print('[' * 100000)", "did not answer with JSON"),
        ("print('[]')", "an unknown form"),
        ("print('{}')", "an unknown form"),
        ('print(\'{"passed": 0, "failed": 3}\')', "an unknown form"),
        ('print(\'{"results": [], "summary": {}}\')', "an unknown form"),
        ('print(\'{"results": {}, "summary": {"failed": 2}}\')', "fewer failures"),
        ('print(\'{"results": {}, "summary": {"failed": 0, "parsing_errors": 1}}\')', "could not read the plan"),
        ("import sys; print('a\\x1b[31mb', file=sys.stderr); sys.exit(2)", "ended with 2: a [31mb"),
        ("import os; os.kill(os.getpid(), 9)", "ended with -9"),
    ],
)
def test_an_answer_that_is_none_is_a_gap(source, words, tmp_path, monkeypatch):
    judged = told(source, tmp_path, monkeypatch)
    (gap,) = judged.gaps
    assert gap.reason == "failed"
    assert words in gap.message
    assert gap.message.isprintable()
    assert judged.told() == {}


def test_a_program_that_does_not_end_is_ended_with_its_children(tmp_path, monkeypatch):
    """The child holds a lock as long as it lives; whoever gets the lock afterwards knows that it is gone."""
    lock = tmp_path / "lock"
    child = f"import fcntl, time; file = open({str(lock)!r}, 'w'); fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
    source = (
        f"import subprocess, sys, time\nheld = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE)\n"
        f"held.stdout.readline()\nopen({str(tmp_path / 'begun')!r}, 'w').close()\ntime.sleep(600)"
    )
    patience = 1
    while not (tmp_path / "begun").exists():  # a busy machine may not even have started it
        (gap,) = told(source, tmp_path, monkeypatch, patience=float(patience)).gaps
        assert f"within {patience} seconds" in gap.message
        patience *= 2
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)


def test_endless_output_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(program, "MOST_OUTPUT", 1024 * 1024)
    (gap,) = told("while True: print('x' * 65536)", tmp_path, monkeypatch).gaps
    assert "more than 1 MiB" in gap.message


def test_endless_errors_do_not_stand_in_the_way(tmp_path, monkeypatch):
    source = f"import sys\nfor _ in range(100): print('x' * 65536, file=sys.stderr)\nprint('''{CLEAN}''')"
    assert told(source, tmp_path, monkeypatch).gaps == []


def test_it_sees_nothing_of_where_we_are(tmp_path, monkeypatch):
    """No credentials, no settings of its own kind, no folder but an empty one, and no input."""
    hostile = {
        "AWS_SECRET_ACCESS_KEY": "s", "BC_API_KEY": "b", "CKV_EXTERNAL_CHECKS_DIR": "/evil", "PYTHONPATH": "/evil",
        "CHECKOV_EXPERIMENTAL": "1", "GITHUB_TOKEN": "t", "HTTPS_PROXY": "http://p",
    }  # fmt: skip
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".checkov.yaml").write_text("external-checks-dir: [evil]\n")
    monkeypatch.chdir(tmp_path)
    kept = tmp_path / "seen.json"
    source = (
        "import json, os, sys\n"
        "seen = {'env': dict(os.environ), 'files': os.listdir(), 'cwd': os.getcwd(), 'in': sys.stdin.read(), 'args': sys.argv[1:]}\n"
        f"open({str(kept)!r}, 'w').write(json.dumps(seen))\nprint('''{CLEAN}''')"
    )
    assert told(source, tmp_path, monkeypatch).gaps == []
    seen = json.loads(kept.read_text())
    assert not hostile.keys() & seen["env"].keys()
    assert seen["env"]["HOME"] == seen["cwd"] != str(tmp_path)
    assert seen["files"] == ["plan.json"]
    assert seen["in"] == ""
    assert {"--skip-download", "--quiet", "--compact"} < set(seen["args"])
    assert not os.path.exists(seen["cwd"])  # noqa: PTH110
