"""A few of the variants that `python -m bench.binding` makes by the hundred, and those that once broke a law."""

import dataclasses

import pytest

from bench.binding_growth import strangers
from tests.binding.kinds import without
from tests.binding.laws import hold

NAMES, WRONG, MISLEADING = "random names", "wrong tags", "names that mislead"
ONCE_BROKEN = [
    (NAMES, "tags everywhere", "a shop, the same middleware", "one gone, a call denied"),
    (MISLEADING, "tags as they are", "staging, the same security groups", "one part gone"),
    (NAMES, "tags as they are", "staging, the same database", "two parts gone"),
    (MISLEADING, WRONG, "staging, the same zone", "three parts gone"),
    ("own names", WRONG, "staging, the same security groups", "one part gone"),
    (NAMES, "tags as they are", "staging, the same schedule", "one gone, a call denied"),
]
OTHERS = [
    ("own names", "no tags", "staging, the same buckets", "nothing"),
    (MISLEADING, "no tags", "staging, the same buckets", "one part gone"),
    ("random names, documented ones too", "tags here and there", "a second image CDN", "an arrow is lost"),
    (NAMES, "no tags", "a second database and proxy", "one gone, a call denied"),
    ("own names", WRONG, "a second nightly function", "two parts gone"),
    (NAMES, "no tags", "one bucket for all access logs", "a property differs"),
]


@pytest.mark.parametrize("kinds", [*ONCE_BROKEN, *OTHERS], ids=", ".join)
def test_nothing_wrong_is_said_without_a_doubt(account, shape, kinds):
    held = hold(account.baseline, account.types, shape.made(kinds, "k"))
    assert held.faults == []


@pytest.mark.parametrize("near", ["nobody", "a shop", "staging", "one bucket for all access logs"])
def test_a_conforming_account_is_not_in_doubt(account, shape, near):
    held = hold(account.baseline, account.types, shape.made((NAMES, "no tags", near, "nothing"), "k"))
    assert (held.faults, held.doubtful, held.open) == ([], [], [])


def test_of_two_systems_that_share_a_bucket_ours_is_the_first_choice(account, shape):
    """Both image distributions draw from it, so that one is in doubt; ours presents our certificate."""
    from auditor.checks.binding import bind
    from auditor.graph.build import build

    case = shape.made(("own names", "no tags", "staging, the same buckets", "nothing"), "k")
    bound = bind(account.baseline, build(case.read, account.types))
    assert {each.key for each in bound.of("image-cdn")} == case.truth["image-cdn"]
    assert "image-cdn" in bound.doubts


@pytest.mark.parametrize("gone", [(), ("cleanup",)], ids=["whole", "the cleanup gone"])
def test_beside_thousands_of_strangers_nothing_else_is_said(account, shape, gone):
    """More buckets than one asks of what may act on each; and what is missing is still missing for certain."""
    case = without(shape.case, gone)
    more = strangers(case.inventory.accounts[0], 2400)
    inventory = dataclasses.replace(case.inventory, resources=[*case.inventory.resources, *more])
    held = hold(account.baseline, account.types, dataclasses.replace(case, inventory=inventory))
    assert held.faults == []
    assert "cleanup" not in held.doubtful
    assert bool(gone) or (held.doubtful, held.open) == ([], [])
