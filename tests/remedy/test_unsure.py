"""Nothing is changed on a guess: what is not certain is left with the pin that would make it so."""

from __future__ import annotations

import pytest

from auditor.checks.baselines import load_baseline
from auditor.checks.binding import Bound
from auditor.checks.unsure import unsure
from auditor.model import Binding, Change, Finding
from auditor.remedy.plan import Parts, make_plan, remedy_for
from tests.remedy.fake import TYPES, World, gap, thing

CUGGU = load_baseline("cuggu")
DOUBT = "orders and orders-copy fit equally well"
WORDS = (
    f"cuggu/database is not certain: {DOUBT}; it becomes certain with --bind database=orders or --bind database=copy"
)


def bound(doubt: str = DOUBT) -> Bound:
    return Bound("cuggu", {}, [Binding("cuggu", "database", "k/orders", 0.5, "k/copy")], {"database": doubt})


def label(key: str) -> str:
    return key.rpartition("/")[2]


def test_every_promise_about_the_role_and_its_arrows_names_the_pin() -> None:
    told = unsure([(CUGGU, bound())], label)
    links = {f"cuggu/link/{each.id}" for each in CUGGU.links if "database" in (each.tail, each.head)}
    asked = {f"cuggu/database/{each.id}" for each in CUGGU.roles["database"].require}
    assert links
    assert set(told) == {"cuggu/database", *links, *asked}
    assert set(told.values()) == {WORDS}


def test_a_pin_that_the_doubt_names_already_is_not_said_twice() -> None:
    doubt = "two systems fit; name one with --bind database=orders or --bind database=copy"
    (words,) = set(unsure([(CUGGU, bound(doubt))], label).values())
    assert words == f"cuggu/database is not certain: {doubt}"


@pytest.mark.parametrize("verdict", ["broken", "unknown"])
def test_what_is_not_certain_is_not_planned_and_says_why(verdict: str) -> None:
    one = thing("one")
    world = World({one.key: one})
    found = Finding("cuggu/database/private", "different", "broken", "high", "t", one, "Flag",
                    changes=(Change(one.key, "Flag", True),))  # fmt: skip
    sure = make_plan([found], world, TYPES, "run", "now")
    assert (len(sure.steps), sure.left) == (1, ())
    found.verdict = verdict  # type: ignore[assignment]
    parts = Parts(unsure=unsure([(CUGGU, bound())], label) | {found.check: WORDS})
    plan = make_plan([found], world, TYPES, "run", "now", parts=parts)
    assert plan.steps == ()
    assert [(each.kind, each.text) for each in plan.left] == [("manual", f"Not automatic: {WORDS}.")]
    assert remedy_for(found, world, TYPES, parts).kind == "manual"


def test_what_was_not_read_is_cured_by_reading() -> None:
    one = thing("one")
    found = Finding("cuggu/database/private", "different", "unknown", "high", "t", one, "Flag", gaps=(gap(),))
    parts = Parts(unsure={found.check: WORDS})
    assert "allow thing:GetIt" in remedy_for(found, World({one.key: one}), TYPES, parts).text
    assert make_plan([found], World({one.key: one}), TYPES, "run", "now", parts=parts).left == ()
