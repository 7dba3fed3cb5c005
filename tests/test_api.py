"""The Python API: what a notebook does, and the examples of its page, run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx
import pytest

from auditor import api
from auditor.sources.code_options import NoCode

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "api.md"
CODE = ROOT / "tests" / "code" / "cuggu_tf"


def examples():
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_the_page_s_examples_run_one_after_the_other(tmp_path, monkeypatch, capsys):
    infra = tmp_path / "infra"
    infra.mkdir()
    (infra / "main.tf").write_text((ROOT / "docs" / "api_example.tf").read_text())
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {}
    for text in examples():
        exec(compile(text, str(PAGE), "exec"), known)
        wanted = re.findall(r"# prints: (.*)", text)
        assert capsys.readouterr().out.splitlines() == wanted
    assert known["graph"].net is not None


def test_the_page_names_everything_that_is_public():
    page = PAGE.read_text()
    for name in api.__all__:
        assert f"`{name}" in page or f"api.{name}(" in page, name
        assert getattr(api, name).__doc__


def test_code_is_read_and_exported():
    graph = api.graph(api.read(code=CODE))
    assert isinstance(graph.net, nx.MultiDiGraph)
    assert len(graph.net) > 50
    assert api.export(graph, "mermaid").startswith("flowchart LR")
    assert not api.compare(graph, api.graph(api.read(code=CODE)))
    with pytest.raises(ValueError, match="graphml"):
        api.export(graph, "png")


def test_what_is_not_there_is_refused_as_on_the_command_line(tmp_path):
    with pytest.raises(NoCode):
        api.read(code=tmp_path / "nothing")


def test_code_is_checked_as_the_gate_checks_it():
    record = api.check(code=CODE)
    assert record["gate"]["path"] == str(CODE)
    assert record["summary"]["kept"] > 0


def test_a_rule_and_a_baseline_are_explained():
    rule = api.explain("bucket-encrypted")
    assert rule.severity
    assert rule.why
    assert any(each.startswith("s3:") for each in rule.permissions)
    baseline = api.explain("cuggu")
    assert any(each.startswith("database") for each in baseline.promises)
