"""The example in CONTRIBUTING.md is true: its two files are all that it takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import auditor.resources as resources
from auditor import mending, pipeline
from auditor.remedy import apply as engine
from tests.own_types import forget

PAGE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The page's type and rule, put where it says."""
    blocks = dict(re.findall(r"```(python|yaml)\n(.*?)```", PAGE, re.DOTALL))
    package, rules = tmp_path / "types" / "dsql", tmp_path / "mine" / "rules" / "data"
    package.mkdir(parents=True)
    rules.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "cluster.py").write_text(blocks["python"], encoding="utf-8")
    (rules / "clusters-guarded.yaml").write_text(blocks["yaml"], encoding="utf-8")
    monkeypatch.setattr(resources, "__path__", [*resources.__path__, str(tmp_path / "types")])
    forget()
    yield tmp_path / "mine"
    forget()


def test_the_rule_keeps_its_own_examples(example):
    from auditor.checks.judge import judge
    from auditor.checks.rules import choose, load_rules
    from tests.fragments import graph_of

    (rule,) = choose(load_rules([example / "rules"]), ["clusters-guarded"])
    for kind, fragments in (("kept", rule.examples.passing), ("broken", rule.examples.failing)):
        for fragment in fragments:
            plain = {name: {"Type": each.type, "Properties": each.properties} for name, each in fragment.items()}
            assert set(judge([rule], graph_of(plain, resources.load())).counts) == {kind}


@pytest.mark.e2e
def test_the_example_finds_mends_and_undoes(example, copy_of_cuggu, pointed, tmp_path):
    clusters = copy_of_cuggu.client("dsql", "us-east-1")
    orders = clusters.create_cluster(deletionProtectionEnabled=False)["identifier"]
    pointed(copy_of_cuggu.box)
    wish = pipeline.Wish(rules=("clusters-guarded",), folders=(example,), regions=("us-east-1",))

    def guarded():
        return clusters.get_cluster(identifier=orders)["deletionProtectionEnabled"]

    outcome = pipeline.check(wish)
    (found,) = outcome.findings
    assert (found.resource.id, found.actual) == (orders, False)
    plan = mending.plan(outcome, "example")
    source = pipeline.open_source(wish, pipeline.definitions(wish))
    applied = engine.apply(plan, mending.hands(wish, source), tmp_path / "journal", "interrupts")
    assert [each.fate for each in applied.results] == ["mended"]
    assert guarded() is True
    engine.rollback(tmp_path / "journal", mending.hands(wish, source))
    assert guarded() is False
