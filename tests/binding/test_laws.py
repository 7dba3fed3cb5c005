"""A few of the variants that `python -m bench.binding` makes by the hundred, and those that once broke a law."""

import dataclasses
import random

import pytest

from bench.binding_growth import strangers
from tests.binding.kinds import copies, without
from tests.binding.laws import hold

NAMES, EVERY_NAME = "random names", "random names, documented ones too"
OWN, WRONG, MISLEADING = "own names", "wrong tags", "names that mislead"
AS_THEY_ARE, SOME, NONE, ALL = "tags as they are", "tags here and there", "no tags", "tags everywhere"
PIN, SCOPE = "a pin", "a scope"
# (names, tags, neighbour, what happened, what was said), and the seed.
ONCE_BROKEN = [
    ((NAMES, ALL, "a shop, the same middleware", "one gone, a call denied"), "k"),
    ((MISLEADING, AS_THEY_ARE, "staging, the same security groups", "one part gone"), "k"),
    ((NAMES, AS_THEY_ARE, "staging, the same database", "two parts gone"), "k"),
    ((MISLEADING, WRONG, "staging, the same zone", "three parts gone"), "k"),
    ((OWN, WRONG, "staging, the same security groups", "one part gone"), "k"),
    ((NAMES, AS_THEY_ARE, "staging, the same schedule", "one gone, a call denied"), "k"),
    ((EVERY_NAME, SOME, "a shop, the same proxy", "two parts gone"), "q"),
    ((NAMES, SOME, "staging, the same database", "three parts gone"), "q"),
    ((NAMES, NONE, "a shop, the same log groups", "one gone, a call denied"), "q"),
    ((OWN, WRONG, "staging, the same buckets", "two parts gone"), "q"),
    ((EVERY_NAME, WRONG, "a second server", "an arrow is lost"), "q"),
    ((MISLEADING, WRONG, "a shop, the same buckets", "an arrow is lost"), "q"),
    ((NAMES, WRONG, "a second CDN", "three parts gone"), "q"),
    ((MISLEADING, NONE, "a shop, the same proxy", "three parts gone"), "q"),
    ((NAMES, ALL, "a shop, the same buckets", "one part gone"), "q"),
    ((EVERY_NAME, NONE, "a shop", "a call is denied"), "q"),
    ((NAMES, AS_THEY_ARE, "a second nightly function", "three parts gone"), "r"),
    ((NAMES, SOME, "a shop, the same security groups", "one gone, a call denied", SCOPE), "b"),
    ((OWN, ALL, "a shop, the same database", "two parts gone", SCOPE), "b"),
    ((MISLEADING, WRONG, "a shop in the VPC", "two parts gone", SCOPE), "b"),
    ((OWN, AS_THEY_ARE, "a second nightly function", "two parts gone", SCOPE), "b"),
    ((MISLEADING, WRONG, "staging, the same database", "one gone, a call denied", PIN), "b"),
    ((EVERY_NAME, SOME, "a shop, the same security groups", "one gone, a call denied", PIN), "c"),
    ((EVERY_NAME, SOME, "staging in the VPC", "three parts gone", SCOPE), "f"),
]
OTHERS = [
    ((OWN, NONE, "staging, the same buckets", "nothing"), "k"),
    ((MISLEADING, NONE, "staging, the same buckets", "one part gone"), "k"),
    ((EVERY_NAME, SOME, "a second image CDN", "an arrow is lost"), "k"),
    ((NAMES, NONE, "a second database and proxy", "one gone, a call denied"), "k"),
    ((OWN, WRONG, "a second nightly function", "two parts gone"), "k"),
    ((NAMES, NONE, "one bucket for all access logs", "a property differs"), "k"),
    ((NAMES, NONE, "a shop, the same key", "two parts gone"), "k"),
    ((OWN, NONE, "a shop, the same balancer", "one part gone"), "k"),
    ((MISLEADING, ALL, "staging, the same key and balancer", "three parts gone", SCOPE), "k"),
]
# One environment of dualtetrax beside the other.
ONE_OF_TWO = [
    ((NAMES, SOME, "a second secret", "two parts gone", PIN), "a"),
    ((EVERY_NAME, AS_THEY_ARE, "a second database", "a call is denied", SCOPE), "a"),
    ((MISLEADING, AS_THEY_ARE, "a second secret", "three parts gone", PIN), "a"),
    ((MISLEADING, WRONG, "a second site", "two parts gone", SCOPE), "a"),
    ((MISLEADING, ALL, "one balancer", "two parts gone", SCOPE), "a"),
    ((EVERY_NAME, AS_THEY_ARE, "one key", "one gone, a call denied", SCOPE), "a"),
    ((MISLEADING, WRONG, "one balancer", "a call is denied"), "a"),
    ((NAMES, WRONG, "a second function", "an arrow is lost"), "a"),
    ((EVERY_NAME, SOME, "a second user pool", "a property differs", SCOPE), "e"),
    ((MISLEADING, NONE, "one balancer", "one gone, a call denied", PIN), "e"),
    ((OWN, WRONG, "a second site", "one gone, a call denied", SCOPE), "i"),
    ((NAMES, WRONG, "the other environment", "three parts gone"), "i"),
    ((EVERY_NAME, NONE, "the other environment", "a property differs", PIN), "i"),
    ((EVERY_NAME, WRONG, "a second site", "a call is denied", SCOPE), "k"),
    ((EVERY_NAME, SOME, "a second user pool", "a call is denied", PIN), "k"),
    # A bucket from which a second site is drawn has the tags of ours, and our bucket for files lost its own.
    ((EVERY_NAME, SOME, "a second site", "one gone, a call denied"), "who3"),
]


def named(value):
    return ", ".join(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(("kinds", "seed"), [*ONCE_BROKEN, *OTHERS], ids=named)
def test_nothing_wrong_is_said_without_a_doubt(account, shape, kinds, seed):
    case = shape.made(kinds, seed)
    assert hold(account.baseline, account.types, case, *shape.said(case, kinds, seed)).faults == []


@pytest.mark.parametrize(("kinds", "seed"), ONE_OF_TWO, ids=named)
@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_nor_of_one_environment_beside_the_other(account, environments, environment, kinds, seed):
    shape = environments[environment]
    case = shape.made(kinds, seed)
    assert hold(shape.baseline, account.types, case, *shape.said(case, kinds, seed)).faults == []


@pytest.mark.parametrize("near", ["nobody", "a shop", "staging", "one bucket for all access logs"])
def test_a_conforming_account_is_not_in_doubt(account, shape, near):
    held = hold(account.baseline, account.types, shape.made((NAMES, NONE, near, "nothing"), "k"))
    assert (held.faults, held.doubtful, held.open) == ([], [], [])


def test_what_another_reading_is_wrong_about_is_not_told_of_ours(account, shape):
    """A second rule starts the cleanup as well, without a permission: only if it is the documented one that is wrong."""
    held = hold(account.baseline, account.types, copies(["schedule"])(shape.case, random.Random("schedule")))
    assert (held.faults, held.doubtful) == ([], ["schedule"])
    assert "cleanup/startable" in held.open


def test_of_two_systems_that_share_a_bucket_ours_is_the_first_choice(account, shape):
    """Both image distributions draw from it, so that one is in doubt; ours presents our certificate."""
    from auditor.checks.binding import bind
    from auditor.graph.build import build

    case = shape.made((OWN, NONE, "staging, the same buckets", "nothing"), "k")
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
