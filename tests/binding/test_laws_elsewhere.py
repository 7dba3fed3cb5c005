"""The laws of binding on the accounts of glimpse, couple and pingvas, by variants that once broke one."""

import pytest

from auditor.checks.binding import bind
from auditor.graph.build import build
from auditor.resources import load
from auditor.sandbox.examples import example
from tests.binding import matrix
from tests.binding.built import read_built
from tests.binding.laws import hold

OWN, NAMES, EVERY_NAME = "own names", "random names", "random names, documented ones too"
MISLEADING, AS_THEY_ARE, SOME, NONE, WRONG = (
    "names that mislead", "tags as they are", "tags here and there", "no tags", "wrong tags",
)  # fmt: skip
PIN, SCOPE = "a pin", "a scope"
# What once was said wrong, and beside it the neighbour and what happened.
PINGVAS = [
    # A copy of the cache is joined to all that ours is; that ours can play another role makes neither certain.
    ((MISLEADING, AS_THEY_ARE, "a second cache", "nothing"), "p1"),
    ((MISLEADING, AS_THEY_ARE, "a second cache", "one part gone"), "p2"),
    ((EVERY_NAME, AS_THEY_ARE, "a second cache", "a call is denied", PIN), "w1"),
    # A part with wrong tags, that only packets join to ours, is not missing for certain.
    ((NAMES, WRONG, "a shop", "two parts gone", PIN), "w1"),
    ((MISLEADING, WRONG, "a second load balancer", "a property differs", PIN), "w1"),
]
GLIMPSE = [
    # A record in our zone leads to a load balancer that a scope leaves out.
    ((OWN, NONE, "a second listener", "two parts gone", SCOPE), "w1"),
    ((EVERY_NAME, SOME, "a second database", "two parts gone", SCOPE), "w1"),
]
COUPLE = [
    # Nothing names the system, and of two databases that hang on the same neither is certain by its shape.
    ((NAMES, WRONG, "a second database", "a property differs"), "w1"),
]


def named(value):
    return ", ".join(value) if isinstance(value, tuple) else value


@pytest.fixture(scope="session")
def shapes(pingvas, glimpse, couple):
    def read(built, name):
        return read_built(built, *example(name).baselines)

    return {
        "pingvas": matrix.pingvas(read(pingvas, "pingvas")),
        "glimpse": matrix.glimpse(read(glimpse, "glimpse")),
        "couple": matrix.couple(read(couple, "couple"), "prod"),
    }


@pytest.mark.parametrize(
    ("name", "kinds", "seed"),
    [
        (name, *case)
        for name, cases in (("pingvas", PINGVAS), ("glimpse", GLIMPSE), ("couple", COUPLE))
        for case in cases
    ],
    ids=named,
)
def test_nothing_wrong_is_said_without_a_doubt(shapes, name, kinds, seed):
    shape = shapes[name]
    case = shape.made(kinds, seed)
    assert hold(shape.baseline, load(), case, *shape.said(case, kinds, seed)).faults == []


@pytest.mark.parametrize("name", ["pingvas", "couple"])
def test_a_second_cache_or_database_puts_itself_in_doubt_and_little_else(shapes, name):
    near = "a second cache" if name == "pingvas" else "a second database"
    held = hold(shapes[name].baseline, load(), shapes[name].made((OWN, AS_THEY_ARE, near, "nothing"), "p1"))
    assert held.faults == []
    assert len(held.doubtful) <= 4, held.doubtful


@pytest.mark.parametrize("tags", [AS_THEY_ARE, NONE])
def test_a_second_service_beside_the_one_with_the_documented_name_puts_nothing_in_doubt(shapes, tags):
    held = hold(
        shapes["glimpse"].baseline, load(), shapes["glimpse"].made((OWN, tags, "a second service", "nothing"), "g")
    )
    assert (held.faults, held.doubtful) == ([], [])


def test_what_no_gap_hides_is_not_called_unread(shapes):
    """Nothing was denied: a role of functions of which none is left for certain is open for another reason."""
    kinds, seed = (EVERY_NAME, NONE, "a second bucket", "two parts gone", PIN), "w1"
    case = shapes["couple"].made(kinds, seed)
    pins, scope = shapes["couple"].said(case, kinds, seed)
    bound = bind(shapes["couple"].baseline, build(case.read, load()), pins, scope)
    assert bound.doubts
    assert not [doubt for doubt in bound.doubts.values() if "could not be read" in doubt]
