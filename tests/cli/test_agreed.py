"""An option of `apply` may repeat what a plan was judged by; one that contradicts it is an error that names both."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import click
import pytest

from auditor import mending
from auditor.cli._mending import agreed
from auditor.pipeline import Wish
from auditor.remedy.judged import Judged, read_judged

JUDGED = Judged(("cuggu",), ("keys-rotate",), True, ("ap-northeast-2",), {"database": "orders"}, (), ("/mine",), "d1")
WISH = Wish(
    baselines=("cuggu",),
    rules=("keys-rotate",),
    regions=("ap-northeast-2",),
    folders=(Path("/mine"),),
    pins={"database": "orders"},
)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Wish(baselines=("pingvas",)), "--baseline pingvas, but the plan was made with --baseline cuggu"),
        (Wish(rules=("bucket-encrypted",)), "the plan was made with --rule keys-rotate"),
        (Wish(with_rules=False), "--no-rules, but the plan was made with rules"),
        (Wish(regions=("us-west-2",)), "the plan was made with --region ap-northeast-2"),
        (Wish(pins={"database": "x"}), "--bind database=x, but the plan was made with --bind database=orders"),
        (Wish(folders=(Path("/theirs"),)), "--definitions /theirs, but the plan was made with --definitions /mine"),
        (Wish(sources=(Path("plan.json"),)), "leave out --from"),
    ],
)
def test_a_contradiction_is_an_error(given: Wish, said: str) -> None:
    with pytest.raises(click.UsageError, match=said):
        agreed(JUDGED, given, "apply")


@pytest.mark.parametrize("given", [Wish(), WISH])
def test_what_is_repeated_or_not_said_follows_the_plan(given: Wish) -> None:
    assert agreed(JUDGED, replace(given, profile="me"), "apply") == replace(WISH, profile="me")


def test_a_journal_of_before_follows_the_options() -> None:
    assert agreed(None, WISH, "rollback") == WISH


def test_what_a_plan_was_judged_by_comes_back_as_it_was_written() -> None:
    assert read_judged(JUDGED.to_json()) == JUDGED


@pytest.mark.parametrize("name", ["baselines", "with_rules", "pins", "digest"])
def test_what_is_missing_or_odd_is_named(name: str) -> None:
    told = JUDGED.to_json()
    for odd in ({each: value for each, value in told.items() if each != name}, {**told, name: 7}):
        with pytest.raises(ValueError, match=name):
            read_judged(odd)


def test_everything_that_a_plan_was_judged_by_is_judged_by_again() -> None:
    """Whatever a wish and a plan both know, by the same name: a new option that decides verdicts is not forgotten."""
    judged = replace(JUDGED, scope=("name=cuggu-*",))
    again = mending.judging(judged, Wish())
    both = {each.name for each in fields(Judged)} & {each.name for each in fields(Wish)}
    assert {"baselines", "rules", "with_rules", "regions", "pins"} <= both
    assert {name: getattr(again, name) for name in both} == {name: getattr(judged, name) for name in both}
    assert again.folders == (Path("/mine"),)
