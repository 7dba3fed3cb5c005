"""Documented budgets: judged with `--costs` alone, for every question to Cost Explorer is paid for."""

from __future__ import annotations

import datetime as dt
import json
import urllib.request

import pytest

from auditor import pipeline
from auditor.sources.costs import read_costs
from tests.accounts.looking import look
from tests.command import run_here

OPERATION = "ce:GetCostAndUsage"


def wish(**more):
    return pipeline.Wish(baselines=("glimpse",), with_rules=False, costs=True, **more)


def charged(box, amounts, unit="USD"):
    """What Cost Explorer answers next, as AWS's documentation has it: amounts are texts, by service."""
    groups = [
        {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": str(amount), "Unit": unit}}}
        for name, amount in amounts.items()
    ]
    period = {"Start": "2026-10-01", "End": "2026-11-01"}
    result = {"ResultsByTime": [{"TimePeriod": period, "Total": {}, "Groups": groups, "Estimated": False}]}
    said = json.dumps({"account_id": box.account, "results": [result]}).encode()
    request = urllib.request.Request(f"{box.url}/moto-api/static/ce/cost-and-usage-results", said)
    urllib.request.urlopen(request).close()


@pytest.fixture
def copy(glimpse):
    with glimpse.box.clone() as box:
        yield glimpse.on(box)


def budget(outcome):
    (found,) = (each for each in outcome.promises if each.id == "budget")
    return found


AMOUNTS = {"Amazon Elastic Container Service": 23.4, "Amazon Relational Database Service": 13.1}


@pytest.mark.parametrize(
    ("more", "verdict"), [(0, "kept"), (36.5, "kept"), (36.51, "broken"), (200, "broken")], ids=str
)
def test_a_budget_is_held_against_the_last_month(copy, pointed, more, verdict):
    charged(copy.box, {**AMOUNTS, "EC2 - Other": more})
    outcome = look(pointed, copy.box, wish())
    found = budget(outcome)
    assert found.verdict == verdict
    assert "of the whole account" in found.reason
    assert "the document: ECS Fargate 23, RDS PostgreSQL 13" in found.reason
    assert [each.check for each in outcome.findings] == (["glimpse/budget"] if verdict == "broken" else [])


def test_nobody_is_asked_unless_it_is_wanted(copy, pointed):
    copy.box.forget_requests()
    outcome = look(pointed, copy.box, pipeline.Wish(baselines=("glimpse",), with_rules=False))
    assert (budget(outcome).verdict, outcome.findings) == ("unverifiable", [])
    assert budget(outcome).reason.startswith("not asked")
    assert not [each for each in copy.box.requests() if each.service == "ce"]
    assert outcome.record["coverage"]["complete"]


def test_one_question_is_paid_for(copy, pointed):
    charged(copy.box, AMOUNTS)
    copy.box.forget_requests()
    look(pointed, copy.box, wish())
    assert len([each for each in copy.box.requests() if each.service == "ce"]) == 1


@pytest.mark.parametrize(
    ("amounts", "unit", "words"),
    [({}, "USD", "has no figures of"), (AMOUNTS, "CNY", "counts in CNY")],
)
def test_what_cannot_be_compared_is_unknown(copy, pointed, amounts, unit, words):
    charged(copy.box, amounts, unit)
    found = budget(look(pointed, copy.box, wish()))
    assert found.verdict == "unknown"
    assert words in found.reason


def test_a_denied_question_is_unknown_with_the_permission(copy, pointed):
    copy.box.deny(("ce", "GetCostAndUsage"))
    outcome = look(pointed, copy.box, wish())
    assert budget(outcome).verdict == "unknown"
    (gap,) = outcome.record["coverage"]["gaps"]
    assert (gap["permission"], gap["reason"]) == (OPERATION, "denied")


def test_a_tag_of_the_scope_singles_the_system_out(copy, pointed):
    charged(copy.box, AMOUNTS)
    outcome = look(pointed, copy.box, wish(scope=("tag:Project=glimpse",)))
    assert "of what is tagged Project=glimpse" in budget(outcome).reason
    (asked,) = (each for each in copy.box.requests() if each.service == "ce")
    assert asked.params["Filter"] == {"Tags": {"Key": "Project", "Values": ["glimpse"]}}


@pytest.mark.parametrize(
    ("today", "start", "end"),
    [("2026-11-30", "2026-10-01", "2026-11-01"), ("2027-01-01", "2026-12-01", "2027-01-01")],
)
def test_the_last_whole_month_is_asked_for(today, start, end):
    class Caller:
        def ask(self, requests):
            (self.asked,) = requests
            return {self.asked: {"ResultsByTime": []}}

    class Place:
        account, home = "111122223333", "us-east-1"

    caller = Caller()
    assert read_costs(caller, Place, dt.date.fromisoformat(today)).month == start[:7]
    assert json.loads(caller.asked.params)["TimePeriod"] == {"Start": start, "End": end}


def test_permissions_name_the_question_where_it_is_asked():
    assert OPERATION not in pipeline.permissions(pipeline.Wish(baselines=("glimpse",)))
    assert OPERATION in pipeline.permissions(wish())


def test_the_option_is_told(tmp_path):
    assert "0.01 USD" in " ".join(run_here(["check", "--help"], {}, tmp_path).out.split())
