"""docs/baselines.md is true: its files, put where it says, give what it shows, step by step."""

import io
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from auditor.cli import main

PAGE = (Path(__file__).parents[1] / "docs" / "baselines.md").read_text(encoding="utf-8")
STEPS = re.findall(r"```(\w+)(?: (\S+))?\n(.*?)```", PAGE, re.DOTALL)


def run(monkeypatch, words):
    monkeypatch.setattr(sys, "argv", ["auditor", *words])
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, out.getvalue()


def test_each_step_shows_what_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    codes = []
    for kind, name, text in STEPS:
        if kind == "yaml":
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        elif kind == "sed":
            before, after = text.strip().split(" -> ")
            assert before in Path(name).read_text()
            Path(name).write_text(Path(name).read_text().replace(before, after))
        elif kind == "console":
            command, *shown = text.strip().splitlines()
            code, told = run(monkeypatch, command.removeprefix("$ auditor ").split())
            codes.append(code or 0)
            assert [line for line in shown if line not in told] == [], told
    assert codes == [2, 1, 0]
