"""The laws of binding on the accounts of glimpse, couple and pingvas, by variants that once broke one."""

import dataclasses
import random

import pytest

from auditor.checks.agreed import drift_of_all
from auditor.checks.binding import bind
from auditor.graph.build import build
from auditor.resources import load
from auditor.sandbox.examples import example
from tests.binding import kinds, matrix
from tests.binding.built import read_built
from tests.binding.laws import hold
from tests.binding.matrix import TAGS

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
    # What a node group starts that was not read stands in the system's network, and is not undeclared for certain.
    ((MISLEADING, SOME, "a second topic", "a call is denied", SCOPE), "who3"),
    # The dashboard has its documented name, no tags, and nothing left that it could watch.
    ((EVERY_NAME, "tags everywhere", "a second file system", "three parts gone", PIN), "who3"),
]
GLIMPSE = [
    # A record in our zone leads to a load balancer that a scope leaves out.
    ((OWN, NONE, "a second listener", "two parts gone", SCOPE), "w1"),
    ((EVERY_NAME, SOME, "a second database", "two parts gone", SCOPE), "w1"),
]
COUPLE = [
    # Nothing names the system, and of two databases that hang on the same neither is certain by its shape.
    ((NAMES, WRONG, "a second database", "a property differs"), "w1"),
    # The schedule lost its targets: that the document leaves it open makes neither it nor its function absent.
    ((NAMES, SOME, "a second firewall", "an arrow is lost", PIN), "who3"),
    # Without the service nothing leads to the database but an alarm, which is no reason to take it for another's.
    ((MISLEADING, WRONG, "a second listener", "three parts gone", PIN), "who3"),
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
    ("name", "drawn", "seed"),
    [
        (name, *case)
        for name, cases in (("pingvas", PINGVAS), ("glimpse", GLIMPSE), ("couple", COUPLE))
        for case in cases
    ],
    ids=named,
)
def test_nothing_wrong_is_said_without_a_doubt(shapes, name, drawn, seed):
    shape = shapes[name]
    case = shape.made(drawn, seed)
    assert hold(shape.baseline, load(), case, *shape.said(case, drawn, seed)).faults == []


@pytest.mark.parametrize("tags", [AS_THEY_ARE, NONE])
def test_an_optional_part_that_lost_its_only_arrow_is_told(shapes, tags):
    """A permission is left between the schedule and the function, so that both are there and the arrow is broken."""
    shape = shapes["couple"]
    case = kinds.loses({"a schedule without targets": matrix.COUPLE_LOST["a schedule without targets"]})(
        TAGS[tags](shape.case, random.Random(1)), random.Random(1)
    )
    graph = build(case.read, load())
    bound = bind(shape.baseline, graph)
    assert {role: {each.key for each in bound.of(role)} for role in ("question-schedule", "question-function")} == {
        role: case.truth[role] for role in ("question-schedule", "question-function")
    }
    verdicts = {each.id: each.verdict for each in drift_of_all(shape.baseline, bound, graph).promises}
    assert verdicts["link/schedule-question"] == "broken"


def test_what_hung_on_a_part_that_is_gone_is_not_missing(shapes):
    """Without the service of couple nothing joins the load balancer and the database to the rest but their alarms: their
    tags and what hangs on them keep them in their place."""
    held = hold(shapes["couple"].baseline, load(), kinds.without(shapes["couple"].case, ["service"]))
    assert held.faults == []
    assert not {"balancer", "https", "database", "alarm"} & set(held.doubtful)


@pytest.mark.parametrize("role", ["dashboard", "ingress"])
def test_a_second_one_of_several_is_one_of_them(shapes, role):
    case = kinds.copies([role])(shapes["pingvas"].case, random.Random(role))
    bound = bind(shapes["pingvas"].baseline, build(case.read, load()))
    assert {each.key for each in bound.of(role)} == case.truth[role] | case.copies[role]
    assert hold(shapes["pingvas"].baseline, load(), case).faults == []


def test_the_tags_of_the_system_alone_make_nothing_the_part_that_is_gone(shapes):
    """The bucket of the static files is gone, and the pipeline's artifacts have one with the same tags: it may be that
    one, which lost its arrow, or one more that no document names."""
    held = hold(shapes["couple"].baseline, load(), kinds.without(shapes["couple"].case, ["static-bucket"]))
    assert (held.faults, held.doubtful) == ([], ["static-bucket"])


@pytest.mark.parametrize("left", ["schedule", "function", "neither"])
def test_without_the_permission_nothing_is_left_of_an_optional_part(shapes, left):
    """A function that nothing ever started, and a rule that never started one, are nobody's daily question."""
    shape = shapes["couple"]
    case = kinds.loses({"none": matrix.COUPLE_LOST["a schedule without targets"]})(shape.case, random.Random(1))
    gone = {"schedule": "question-function", "function": "question-schedule"}.get(left)
    case = kinds.without(case, [gone]) if gone else case
    keys = case.truth["question-function"] | case.truth["question-schedule"]
    resources = [each for each in case.inventory.resources if not each.type.endswith("Permission")]
    case = dataclasses.replace(case, inventory=dataclasses.replace(case.inventory, resources=resources))
    bound = bind(shape.baseline, build(case.read, load()))
    assert not keys & bound.every_key()


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
    drawn, seed = (EVERY_NAME, NONE, "a second bucket", "two parts gone", PIN), "w1"
    case = shapes["couple"].made(drawn, seed)
    pins, scope = shapes["couple"].said(case, drawn, seed)
    bound = bind(shapes["couple"].baseline, build(case.read, load()), pins, scope)
    assert bound.doubts
    assert not [doubt for doubt in bound.doubts.values() if "could not be read" in doubt]
