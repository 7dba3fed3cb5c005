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
    package, rules = tmp_path / "types" / "dynamodb", tmp_path / "mine" / "rules" / "data"
    package.mkdir(parents=True)
    rules.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "table.py").write_text(blocks["python"], encoding="utf-8")
    (rules / "tables-guarded.yaml").write_text(blocks["yaml"], encoding="utf-8")
    monkeypatch.setattr(resources, "__path__", [*resources.__path__, str(tmp_path / "types")])
    forget()
    yield tmp_path / "mine"
    forget()


def test_the_rule_keeps_its_own_examples(example):
    from auditor.checks.judge import judge
    from auditor.checks.rules import choose, load_rules
    from tests.fragments import graph_of

    (rule,) = choose(load_rules([example / "rules"]), ["tables-guarded"])
    for kind, fragments in (("kept", rule.examples.passing), ("broken", rule.examples.failing)):
        for fragment in fragments:
            plain = {name: {"Type": each.type, "Properties": each.properties} for name, each in fragment.items()}
            assert set(judge([rule], graph_of(plain, resources.load())).counts) == {kind}


@pytest.mark.e2e
def test_the_example_finds_mends_and_undoes(example, copy_of_cuggu, pointed, tmp_path):
    dynamodb = copy_of_cuggu.client("dynamodb")
    dynamodb.create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    pointed(copy_of_cuggu.box)
    wish = pipeline.Wish(rules=("tables-guarded",), folders=(example,), regions=("ap-northeast-2",))

    def guarded():
        return dynamodb.describe_table(TableName="orders")["Table"]["DeletionProtectionEnabled"]

    outcome = pipeline.check(wish)
    (found,) = outcome.findings
    assert (found.resource.id, found.actual) == ("orders", False)
    plan = mending.plan(outcome, "example")
    source = pipeline.open_source(wish, pipeline.definitions(wish))
    applied = engine.apply(plan, mending.hands(wish, source), tmp_path / "journal", "interrupts")
    assert [each.fate for each in applied.results] == ["mended"]
    assert guarded() is True
    engine.rollback(tmp_path / "journal", mending.hands(wish, source))
    assert guarded() is False
