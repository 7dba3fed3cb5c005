"""What a shell is offered while somebody types a command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from auditor.cli import COMMANDS, group
from auditor.store import Store
from auditor.store.bundle import SUFFIX
from tests.command import run_here


def offered(*words, typed=""):
    found = ShellComplete(group, {}, "auditor", "_AUDITOR_COMPLETE").get_completions(list(words), typed)
    return [each.value for each in found]


def script(shell):
    said = run_here(["completion", shell], os.environ, Path.cwd())
    assert said.code == 0
    return said.out


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "typed", "expected"),
    [
        ((), "ch", ["check"]),
        (("check", "--fail-on"), "c", ["critical"]),
        (("check", "--baseline"), "p", ["pingvas"]),
        (("gate", "--baseline"), "gl", ["glimpse"]),
        (("check", "--rule"), "database-not", ["database-not-public", "database-not-reachable"]),
        (("gate", "--rule"), "keys", ["keys-rotate"]),
        (("explain",), "logs", ["logs-kept"]),
        (("explain",), "dual", ["dualtetrax"]),
        (("completion",), "", ["bash", "zsh", "fish"]),
    ],
)
def test_names_are_offered(words, typed, expected):
    assert offered(*words, typed=typed) == expected


def test_every_command_is_offered():
    assert offered() == list(COMMANDS)


def test_rules_and_baselines_of_ones_own_are_offered_too(tmp_path):
    (tmp_path / "rules/storage").mkdir(parents=True)
    (tmp_path / "rules/storage/keys-counted.yaml").write_text("")
    (tmp_path / "baselines").mkdir()
    (tmp_path / "baselines/shop.yaml").write_text("")
    assert offered("check", "--definitions", str(tmp_path), "--rule", typed="keys") == ["keys-counted", "keys-rotate"]
    assert offered("check", "--definitions", str(tmp_path), "--baseline", typed="s") == ["shop"]


def test_profiles_are_those_of_both_files_of_the_aws_cli(home):
    (home / "config").write_text(
        "[default]\n[profile prod]\nregion = eu-west-1\n[sso-session work]\n[services here]\n[profile a b]\n"
    )
    (home / "credentials").write_text("[dev]\naws_access_key_id = AKIA%NOT\n[prod]\n")
    assert offered("check", "--profile") == ["a b", "default", "dev", "prod"]


@pytest.mark.parametrize("content", [b"no section\n", b"[prod\n", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_offers_nothing(home, content):
    (home / "config").write_bytes(content)
    assert offered("check", "--profile") == []
    assert offered("check", "--definitions", str(home / "nowhere"), "--baseline", typed="cu") == ["cuggu"]


def test_saved_runs_are_offered(tmp_path):
    Store(tmp_path).shelf.add(f"runs/20261201T030000Z-ab12{SUFFIX}", b"")
    assert offered("report", "--store", str(tmp_path), typed="2026") == ["20261201T030000Z-ab12"]
    assert offered("report", "--store", str(tmp_path / "nowhere")) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell):
    said = script(shell)
    assert "_AUDITOR_COMPLETE" in said
    assert f"{shell}_complete" in said


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_completes_by_the_script_that_is_printed(tmp_path):
    program = tmp_path / "auditor"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m auditor "$@"\n')
    program.chmod(0o755)
    words = (
        'COMP_WORDS=(auditor check --baseline cu); COMP_CWORD=3; _auditor_completion auditor; echo "${COMPREPLY[@]}"'
    )
    told = subprocess.run(
        ["bash", "-c", f"{script('bash')}\n{words}"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout.strip() == "cuggu"


@pytest.mark.parametrize(
    ("word", "cure"), [("chek", "did you mean `check`?"), ("gates", "did you mean `gate`?"), ("zzz", "known: apply, ")]
)
def test_a_command_that_is_not_there_names_the_nearest(word, cure):
    said = run_here([word], os.environ, Path.cwd())
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: there is no command '{word}'; {cure}")
