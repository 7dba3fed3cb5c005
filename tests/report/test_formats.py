"""The formats that programs read."""

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from auditor import report
from auditor.report.schema import schema
from tests.report import sample

RUNS = [sample.run, sample.clean_run, lambda: sample.many(30)]


def told(name: str, run: Any, **options: Any) -> str:
    out = io.StringIO()
    report.write(name, run, out, report.Options(**options))
    return out.getvalue()


def shuffled(value: Any) -> Any:
    """The same value with its keys in another order."""
    if isinstance(value, dict):
        keys = sorted(value)
        random.Random(7).shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}
    return [shuffled(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", report.formats())
def test_the_same_run_gives_the_same_bytes(name: str) -> None:
    assert told(name, sample.run()) == told(name, shuffled(sample.run()))


@pytest.mark.parametrize("name", report.formats())
def test_every_format_writes_files_and_ends_its_last_line(name: str, tmp_path: Path) -> None:
    report.write(name, sample.run(), tmp_path / "out")
    data = (tmp_path / "out").read_bytes()
    assert data.endswith(b"\n")
    assert b"\r" not in data


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(report.UnknownFormat, match="choose one of text, json"):
        report.writer("pdf")


def test_the_sample_is_what_the_json_format_writes() -> None:
    assert told("json", sample.run()) == (sample.SAMPLES / "run.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("run", RUNS)
def test_runs_follow_the_schema(run: Any) -> None:
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate(json.loads(told("json", run())))


@pytest.mark.parametrize("member", ["findings", "coverage", "summary", "map"])
def test_the_schema_misses_what_is_missing(member: str) -> None:
    run = sample.run()
    del run[member]
    assert not Draft202012Validator(schema()).is_valid(run)


def test_a_line_for_each_thing() -> None:
    run = sample.run()
    lines = [json.loads(line) for line in told("jsonl", run).splitlines()]
    assert lines[0]["record"] == "run"
    assert lines[0]["coverage"] == {"complete": False, "gaps": 1}
    for record, many in (("finding", "findings"), ("promise", "promises"), ("binding", "bindings")):
        assert [line for line in lines if line["record"] == record] == [
            {"record": record, **each} for each in run[many]
        ]


@pytest.mark.parametrize("evil", ["=cmd()", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(evil: str) -> None:
    run = sample.run()
    run["findings"][0]["title"] = evil
    rows = list(csv.DictReader(io.StringIO(told("csv", run))))
    assert len(rows) == len(run["findings"])
    assert rows[0]["title"][0] in "'\\"


def test_markdown_fits_a_comment_and_says_what_it_left_out() -> None:
    text = told("markdown", sample.many(3000), verbose=True)
    assert len(text) < 65_536
    assert "less severe findings" in text


def test_markdown_has_no_markup_from_outside() -> None:
    run = sample.run()
    run["findings"][0]["title"] = "[x](https://evil.example) @octocat <img src=x> | `code`"
    text = told("markdown", run)
    assert "<img" not in text
    assert "](" not in text
    assert "@octocat" not in text
    assert "https://" not in text
