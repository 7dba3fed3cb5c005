"""The five example accounts, live: a conforming one is silent, every mutation is named on its resource and in its
environment alone, harmless changes are silent, and the order in which AWS answers changes nothing."""

from __future__ import annotations

import json
import random

import pytest

from auditor import pipeline
from auditor.checks.baselines import load_baseline
from bench.mutations import Row, fixed
from tests.accounts.looking import Watched, of, seen_by_this_process, told
from tests.accounts.tables import TABLES


@pytest.fixture(scope="module")
def table(request):
    return TABLES[request.param]


@pytest.fixture(scope="module")
def built(request, table):
    return request.getfixturevalue(table.name)


@pytest.fixture(scope="module")
def watched(built, table):
    with built.box.clone() as box, seen_by_this_process(box):
        yield Watched(built.on(box), table.wish)


@pytest.fixture(scope="module")
def conforming(built, table):
    """A check against its documents and all rules, with what it asked of AWS."""
    with built.box.clone() as box, seen_by_this_process(box):
        box.forget_requests()
        outcome = pipeline.check(pipeline.Wish(baselines=table.baselines))
        yield outcome, [request.key for request in box.requests()]


of_each_account = pytest.mark.parametrize("table", TABLES, indirect=True)


def of_each(kind):
    """Every row of the tables, under the name of its account."""
    rows = [(name, row) for name, table in TABLES.items() for row in getattr(table.rows, kind)]
    names = [f"{name}-{row.name.replace(' ', '-')}" for name, row in rows]
    return pytest.mark.parametrize(("table", "row"), rows, indirect=["table"], ids=names)


@pytest.mark.e2e
@of_each_account
def test_a_conforming_account_keeps_every_promise(table, conforming):
    outcome, _ = conforming
    assert {each.check for each in outcome.findings} == table.wanted, told(outcome.findings)
    assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}
    assert {each.baseline for each in outcome.promises} == set(table.baselines)
    assert outcome.record["coverage"] == {"complete": True, "gaps": []}
    assert outcome.record["summary"]["unknown"] == 0


@of_each_account
def test_every_role_is_bound_to_the_part_that_plays_it(table, built, conforming):
    """The names in an account are a team's own, and others have the same things beside it."""
    outcome, _ = conforming
    bindings = outcome.record["bindings"]
    assert table.misplaced(built, bindings) == {}
    bound = {(each["baseline"], each["role"]) for each in bindings}
    needed = {
        (name, role) for name in table.baselines for role, row in load_baseline(name).roles.items() if not row.optional
    }
    assert needed <= bound


@of_each_account
def test_each_call_is_made_once(conforming):
    outcome, asked = conforming
    assert sorted(asked) == sorted(set(asked))
    assert outcome.record["scan"]["requests"]["total"] == len(asked)


@of_each_account
@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_answers_changes_nothing(watched, seed):
    as_it_came = watched.again(lambda answers: None)
    assert said(watched.again(random.Random(seed).shuffle)) == said(as_it_came)


def said(outcome):
    """All of a run but its id and the time."""
    record = json.loads(json.dumps(outcome.record))
    for name in ("id", "started", "finished"):
        record["scan"].pop(name)
    return json.dumps(record)


@of_each("MUTATIONS")
def test_a_mutation_is_found_on_its_resource(table, row, watched):
    with watched.changed(row.do) as outcome:
        broken = of(outcome).values()
        caught = table.caught(row, watched.built, broken)
    assert set(caught) == table.checks(row), told(outcome.findings)
    assert told(table.elsewhere(row, broken)) == []


# One of each account; `make mutation-report` does it with every row.
MENDED = {
    "cuggu": ("cron moved", "events put_rule (safe)"),
    "dualtetrax": ("backups at another time", "rds modify_db_instance (safe)"),
    "glimpse": ("errors averaged", "cloudwatch put_metric_alarm (safe)"),
    "couple": ("alarm silenced", "cloudwatch put_metric_alarm (safe)"),
    "pingvas": ("instance made public", "rds modify_db_instance (interrupts)"),
}


@of_each_account
def test_the_report_of_mutations_fills_what_apply_mends(table, watched):
    name, calls = MENDED[table.name]
    (row,) = (each for each in table.rows.MUTATIONS if each.name == name)
    with watched.changed(row.do) as outcome:
        caught = table.caught(row, watched.built, of(outcome).values())
        told_of = fixed(watched, name, outcome, caught[min(caught)])
    assert told_of == Row(name, min(caught), "broken", calls, "yes")


@of_each("HARMLESS")
def test_a_harmless_change_is_no_drift(row, watched):
    with watched.changed(row.do) as outcome:
        assert told(outcome.findings) == []
        assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}


@of_each_account
def test_after_a_change_the_services_that_it_did_not_call_say_what_they_said_before(watched, table):
    """By which each row is judged; `make mutation-report` asks every service again after every harmless change."""
    first, *_, last = table.rows.HARMLESS
    for row in (first, last):
        runs = []
        for whole in (True, False):
            with watched.changed(row.do, whole=whole) as outcome:
                runs.append({**outcome.record, "scan": {}})
        assert runs[0] == runs[1], row.name


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_tables_are_as_large_as_they_have_to_be(table):
    mutations, harmless = table.rows.MUTATIONS, table.rows.HARMLESS
    assert len(mutations) >= 30
    assert len(harmless) >= 12
    assert len({each.name for each in (*mutations, *harmless)}) == len(mutations) + len(harmless)
