"""What an exception excuses, and what it leaves to count: each judgement is accepted for its own resource."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from auditor.checks.replaced import as_one
from auditor.findings.excused import Policy, waive
from auditor.model import Answer, Check, Finding, Resource
from auditor.model.waivers import Waiver

TODAY = dt.date(2026, 12, 1)
YESTERDAY, LATER = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=90)
PART = Resource("AWS::RDS::DBInstance", "database", "111111111111", "eu-west-1", name="database")
MISSING = Check("cuggu/database", "missing", "high", "The database is there", broken="The database is missing")
UNDECLARED = Check("cuggu/undeclared", "extra", "critical", "Nothing else is there", broken="{name} is undeclared")


def called(name: str) -> Resource:
    arn = f"arn:aws:rds:eu-west-1:111111111111:db:{name}"
    return Resource("AWS::RDS::DBInstance", name, "111111111111", "eu-west-1", name=name, arn=arn)


def missing(part: Resource = PART) -> Finding:
    return Finding.of(Answer("broken", "", 1, 0, "there is none"), MISSING, part)


def replaced_by(name: str) -> Finding:
    return as_one(missing(), Finding.of(Answer("broken", "", None, None, "in use"), UNDECLARED, called(name)))


def waiver(check: str, resource: str, until: dt.date = LATER, source: str = "waivers.yaml:2") -> Waiver:
    return Waiver(check, resource, "accepted for the move", until, "team-data", source)


ABSENCE = waiver("cuggu/database", PART.key)
STAND_INS = [
    ("the one that was accepted", [ABSENCE, waiver("cuggu/undeclared", called("x").arn)], "x", True),
    ("another one than was accepted", [ABSENCE, waiver("cuggu/undeclared", called("x").arn)], "evil", False),
    ("accepted under the name of the part", [ABSENCE, waiver("cuggu/undeclared", "database")], "x", False),
    ("the absence alone", [ABSENCE], "x", False),
]


@pytest.mark.parametrize(("waivers", "name", "excused"), [row[1:] for row in STAND_INS], ids=[r[0] for r in STAND_INS])
def test_what_stands_in_the_place_of_a_part_is_accepted_by_its_own_name(waivers, name, excused):
    found = replaced_by(name)
    told = waive([found], Policy(TODAY, waivers), lambda each: True)
    assert bool(found.waiver) == excused
    assert bool(told["applied"]) == excused


def test_a_part_that_is_missing_elsewhere_is_not_accepted_here():
    found = missing(replace(PART, account="999999999999"))
    waive([found], Policy(TODAY, [ABSENCE]), lambda each: True)
    assert found.waiver is None


BACK = [
    ("renewed by another name", [waiver("cuggu/database", "database", YESTERDAY, "old:1"), ABSENCE], False),
    ("ended for good", [waiver("cuggu/database", "database", YESTERDAY, "old:1")], True),
]


@pytest.mark.parametrize(("waivers", "back"), [row[1:] for row in BACK], ids=[row[0] for row in BACK])
def test_a_finding_is_back_only_where_nothing_else_accepts_it(waivers, back):
    found = missing()
    told = waive([found], Policy(TODAY, waivers), lambda each: True)
    assert (found.waiver is None) == back
    (line,) = told["ended"]
    assert ("the finding is back" in line) == back
