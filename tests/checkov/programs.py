"""Programs that stand for checkov in tests, and the real one where it is installed."""

from __future__ import annotations

import sys

import pytest

from auditor.checks.checkov import program


def stand_in(tmp_path, monkeypatch, source):
    """Let a Python script be checkov."""
    script = tmp_path / "stand-in"
    script.write_text(f"#!{sys.executable}\n{source}\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv(program.VARIABLE, str(script))
    return script


def nowhere(monkeypatch, tmp_path):
    """Let there be no checkov: not named, not beside our Python, not on the path."""
    monkeypatch.delenv(program.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))


def needs_checkov():
    """Skip where the real program is not installed."""
    try:
        return program.find()
    except program.NotJudged as missing:
        pytest.skip(str(missing))
