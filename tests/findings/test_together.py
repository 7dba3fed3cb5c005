"""A promise and a rule about one fact: one finding, found by either id; an earlier run that told two compares right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor import pipeline
from auditor.findings import record
from auditor.findings.since import since
from auditor.findings.together import parts, together
from auditor.model import Answer, Change, Check, Finding, Resource
from tests.findings.test_since import TYPES, run
from tests.store.test_store import from_file

DATA = Path(__file__).parent / "data"
DATABASE = Resource("AWS::RDS::DBInstance", "a", "1", "r1", name="orders-db")
RULE = Check("database-not-public", "rule", "critical", "A database has no public address", broken="{name} is public")
PROMISE = Check("cuggu/database/not-public", "different", "high", "The database has no public address")
PUBLIC = Answer("broken", "PubliclyAccessible", False, True)


def finding(check: Check, answer: Answer = PUBLIC, resource: Resource = DATABASE) -> Finding:
    return Finding.of(answer, check, resource)


def test_one_finding_with_both_reasons() -> None:
    promise, rule = finding(PROMISE), finding(RULE)
    (found,) = together([rule, promise])
    assert (found.id, found.severity) == (promise.id, "critical")
    assert found.ids == (promise.id, rule.id)
    (other,) = record.finding(found)["also"]
    assert other["id"] == rule.id
    assert other["demand"] == "A database has no public address"


APART = [
    ("another property", replace(PUBLIC, property="Engine")),
    ("no property", replace(PUBLIC, property="")),
    ("another verdict", replace(PUBLIC, verdict="unknown")),
]


@pytest.mark.parametrize(("why", "answer"), APART, ids=[why for why, _ in APART])
def test_two_facts_stay_two(why: str, answer: Answer) -> None:
    assert len(together([finding(PROMISE, answer), finding(RULE)])) == 2


def test_wishes_that_contradict_each_other_stay_two() -> None:
    ten, twenty = (replace(PUBLIC, changes=(Change(DATABASE.key, "PubliclyAccessible", value),)) for value in (10, 20))
    assert len(together([finding(PROMISE, ten), finding(RULE, twenty)])) == 2
    assert len(together([finding(PROMISE, ten), finding(RULE, ten)])) == 1


def test_another_program_and_two_rules_stay_as_they_are() -> None:
    checkov = replace(RULE, id="checkov/CKV_AWS_17")
    assert len(together([finding(PROMISE), finding(checkov)])) == 2
    assert len(together([finding(RULE), finding(replace(RULE, id="other"))])) == 2


def told(check: str, **more: Any) -> dict[str, Any]:
    resource = {"key": "key-a", "type": "AWS::RDS::DBInstance", "id": "a", "account": "1", "region": "r1"}
    kind = "different" if "/" in check else "rule"
    return {"id": f"id-{check}", "check": check, "kind": kind, "verdict": "broken", "severity": "high",
            "property": "PubliclyAccessible", "resource": resource, "title": check, "also": [], **more}  # fmt: skip


JOINED = told("cuggu/db", also=[{"id": "id-rule", "check": "rule", "severity": "high", "title": "rule"}])
BOTH: dict[str, Any] = {"baselines": ["cuggu"], "promises": [("db", "broken")]}


@pytest.mark.parametrize("before", [[told("rule")], [told("cuggu/db")], [told("rule"), told("cuggu/db")], [JOINED]])
def test_what_was_known_by_either_id_is_not_new(before: list[dict[str, Any]]) -> None:
    out = since(run(*before, **BOTH), run(JOINED, **BOTH), TYPES)
    assert [each["status"] for each in out["findings"]] == ["still"]
    assert out["mended"] == out["carried"] == []


def test_what_was_told_as_one_is_fixed_as_one() -> None:
    fixed = {"baselines": ["cuggu"], "promises": [("db", "kept")]}
    for before in ([JOINED], [told("rule"), told("cuggu/db")]):
        (gone,) = since(run(*before, **BOTH), run(**fixed), TYPES)["mended"]
        assert [each["id"] for each in parts(gone)] == ["id-cuggu/db", "id-rule"]


def test_a_run_of_the_rules_alone_finds_its_part_and_closes_nothing_else() -> None:
    out = since(run(JOINED, **BOTH), run(told("rule")), TYPES)
    assert [each["status"] for each in out["findings"]] == ["still"]
    assert [each["id"] for each in out["carried"]] == ["id-cuggu/db"]


def test_the_first_night_after_the_change_shows_nothing_as_new_or_fixed() -> None:
    """A drifted account as the version before told it (two findings for the public database), judged again."""
    old = from_file(DATA / "drifted-version-1.jsonl.gz")
    assert old["schema_version"] == "1"
    wish = pipeline.Wish(baselines=("cuggu",), sources=(DATA / "drifted-account.jsonl.gz",))
    now = pipeline.check(wish, previous=lambda scan: old).record
    assert {each["status"] for each in now["findings"]} == {"still"}
    assert now["mended"] == now["carried"] == []
    assert len(now["findings"]) == len(old["findings"]) - 1
    assert {part["id"] for each in now["findings"] for part in parts(each)} == {each["id"] for each in old["findings"]}


def test_counts_are_counts_of_findings() -> None:
    wish = pipeline.Wish(baselines=("cuggu",), sources=(DATA / "drifted-account.jsonl.gz",))
    now = pipeline.check(wish).record
    assert now["summary"]["broken"] == len(now["findings"]) == sum(now["summary"]["by_severity"].values())
