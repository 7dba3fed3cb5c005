"""What a run is told in: one format's misfortune is not another's, and a cut list says what it leaves out."""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import click
import pytest

from auditor.cli import demo
from auditor.cli._output import tell
from auditor.report import words
from tests.report import sample


def test_a_format_that_cannot_be_written_hinders_no_other(tmp_path, capsys):
    (tmp_path / "taken").write_text("a file")
    targets = (f"html={tmp_path}/taken/r.html", "json", f"csv={tmp_path}/r.csv", f"markdown={tmp_path}")
    with pytest.raises(click.UsageError) as told:
        tell(sample.run(), targets)
    assert json.loads(capsys.readouterr().out)["summary"]
    assert (tmp_path / "r.csv").read_text()
    for name in ("html", "markdown"):
        assert f"{name} could not be written to {tmp_path}" in told.value.message
    assert told.value.exit_code == 2


def found(severity: str, number: int, verdict: str = "broken") -> list[dict[str, Any]]:
    return [{"severity": severity, "verdict": verdict}] * number


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        (found("medium", 1), "1 less severe finding"),
        (found("low", 1200), "1,200 less severe findings"),
        (found("critical", 350) + found("low", 1400), "350 critical and 1,400 less severe findings"),
        (
            found("critical", 1) + found("high", 2) + found("info", 1),
            "1 critical, 2 high and 1 less severe finding",
        ),
        (found("high", 1), "1 high finding"),
        (found("high", 2) + found("critical", 1), "1 critical and 2 high findings"),
        (found("critical", 2, "unknown"), "2 less severe findings"),
    ],
)
def test_a_cut_list_says_how_severe_the_rest_is(findings, said):
    assert words.left_out(findings) == said


def test_where_everything_is_denied_nothing_was_checked():
    run = sample.run()
    nothing = {**run["summary"], "broken": 0, "kept": 0, "unknown": 7, "by_severity": {}}
    assert words.headline({**run, "summary": nothing}).startswith("Nothing could be checked in account")
    some = {**nothing, "kept": 3}
    assert words.headline({**run, "summary": some}).startswith("Nothing broken was found in account")


@pytest.mark.parametrize("lacking", ["moto", "flask"])
def test_the_demo_without_its_extra_says_what_to_install(monkeypatch, lacking):
    whole = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == lacking else whole(name))
    with pytest.raises(click.UsageError, match=rf"needs {lacking}; install it with `pip install 'auditor\[demo\]'`"):
        demo.command.main([], standalone_mode=False)
