"""How a command speaks beside its answer: JSON for a log, less, in colour, and each call of AWS."""

from __future__ import annotations

import io
import json
import os
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.cli._speech import Lines

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def logged(err):
    return [json.loads(line) for line in err.splitlines()]


@pytest.fixture
def noisy(auditor, copy_of_cuggu):
    """A check that writes a file, with a note, and a report on stdout."""

    def run(*words, env=None):
        return auditor("check", "--rule", "keys-rotate", "--no-store", "--format", "text", "--format", "json=run.json",
                       *words, box=copy_of_cuggu.box, env={"AUDITOR_FAIL_ON": "low", **(env or {})})  # fmt: skip

    return run


def test_each_message_is_a_line_of_json(noisy):
    plain, ran = noisy(), noisy("--log-format", "json")
    assert (ran.code, ran.out) == (plain.code, plain.out)
    rows = logged(ran.err)
    assert [set(each) for each in rows] == [{"time", "level", "message"}] * len(rows)
    assert all(TIME.fullmatch(each["time"]) for each in rows)
    assert [f"note: {each['message']}" if "set by" in each["message"] else each["message"] for each in rows] == (
        plain.err.splitlines()
    )
    assert {each["level"] for each in rows} == {"info"}


@pytest.mark.parametrize(
    "words", [("explain", "nothing"), ("report", "nothing"), ("check", "--baseline", "nothing", "--no-store")]
)
def test_an_error_is_a_line_of_json_too(auditor, words):
    plain, ran = auditor(*words), auditor(*words, "--log-format", "json")
    assert (ran.code, ran.out) == (2, "")
    (row, *_) = logged(ran.err)
    assert (row["level"], f"error: {row['message']}") == ("error", plain.err.splitlines()[0])


def test_a_variable_says_it_for_every_command(auditor):
    ran = auditor("explain", "nothing", env={"AUDITOR_LOG_FORMAT": "json", "AUDITOR_QUIET": "1"})
    assert [each["level"] for each in logged(ran.err)] == ["error"]
    assert "AUDITOR_QUIET sets nothing" not in auditor("config", "show", env={"AUDITOR_QUIET": "1"}).err


def test_quiet_leaves_errors_and_warnings(noisy, auditor):
    assert noisy().err
    assert noisy("--quiet").err == ""
    assert auditor("explain", "nothing", "--quiet").err.startswith("error: ")


def test_nothing_of_it_outlives_the_command(auditor):
    before, environ = sys.stderr, dict(os.environ)
    auditor("explain", "nothing", "--log-format", "json", "--debug", "--color", "always")
    assert sys.stderr is before
    assert dict(os.environ) == environ
    assert auditor("explain", "nothing").err.startswith("error: ")


@pytest.mark.parametrize(
    ("words", "env", "coloured"),
    [
        ((), {"NO_COLOR": ""}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"NO_COLOR": "", "FORCE_COLOR": "1"}, False),
        ((), {"NO_COLOR": "", "AUDITOR_COLOR": "always"}, True),
    ],
)
def test_colours(noisy, words, env, coloured):
    assert ("\x1b[" in noisy(*words, env=env).out) is coloured


def test_debug_tells_each_call_and_no_content(noisy):
    lines = [line for line in noisy("--debug").err.splitlines() if line.startswith("debug: ")]
    form = re.compile(
        r"debug: [a-z0-9-]+ [A-Za-z0-9]+ in [a-z0-9-]+: \d{3}( \w+)?, request \S.*, \d+ retries, \d+\.\d\d s"
    )
    assert len(lines) > 2
    assert all(form.fullmatch(line) for line in lines), lines
    assert any("kms ListKeys" in line for line in lines)
    assert not [line for line in noisy().err.splitlines() if line.startswith("debug: ")]


@given(st.lists(st.text(st.sampled_from("ab\n:é "), max_size=8), max_size=12))
def test_however_it_is_cut_every_line_is_told_once(pieces):
    out = io.StringIO()
    lines = Lines(out, as_json=True)
    for piece in pieces:
        lines.write(piece)
    lines.end()
    told = [json.loads(line)["message"] for line in out.getvalue().splitlines()]
    assert told == [line for line in "".join(pieces).split("\n") if line.strip()]
