"""What the rows of operators and predicates tell: the reference and `explain` are written from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.operators import FLAG, MATCHER, OPERATORS, VALUE, describe, holds
from auditor.checks.predicates import registry
from auditor.model import Change, Gap, Hidden, Partly

GAP = Gap("1", "r", "s", "op", "s:Op", "denied", ("T",), "denied")


@pytest.mark.parametrize("row", OPERATORS.values(), ids=OPERATORS)
def test_an_operator_says_all_that_a_reference_needs(row):
    assert row.doc
    assert row.operand.takes
    assert row.operand.schema or row.operand is VALUE
    assert ("{}" in row.words) is (row.operand is not FLAG)
    assert bool(row.otherwise) is (row.operand is FLAG)


@pytest.mark.parametrize("asked", registry().values(), ids=registry())
def test_a_predicate_says_what_it_takes_in_the_words_of_a_definition_file(asked):
    assert asked.doc
    for row in asked.rows:
        assert row.kind
        assert not {"str", "int", "bool", "Json"} & set(row.kind.replace("[", " ").split()), row.words


def test_a_writer_of_values_is_used_wherever_one_stands():
    matcher = {"A": {"gte": 1}, "B": {"not": {"equals": "z"}}, "C": "w"}
    assert describe(matcher, lambda value: f"<{value}>") == "A at least <1>, B not <z>, C <w>"


CHANGED = {"equals": (5, 4), "gte": (5, 4), "lte": (5, 6), "in": ([5], 6), "not": (True, True),
           "ignorecase": ("a", "b"), "contains": ("a", ["b"]), "superset": (["a"], ["b"]), "same-set": (["a"], ["b"])}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, row in OPERATORS.items() if row.change])
def test_a_change_satisfies_the_operator(name):
    wanted, value = CHANGED[name]
    row = OPERATORS[name]
    assert row.holds(wanted, value) is False
    made = row.change(Change("r", "p"), wanted, value)
    after = [*value, *made.add] if made.add else made.value
    assert row.holds(wanted, after) is True


# ---- a list of which something was not read: every list that it may be is tried

SMALL = st.sampled_from(["a", "b", 1, 2, {"K": 1}, {"K": 2}])
MATCHERS = [
    *({name: inner} for name in ("any", "all", "none") for inner in ("a", {"K": 1}, {"gte": 2}, {"not": "b"})),
    *({"count": inner} for inner in (0, 1, 2, {"gte": 2}, {"lte": 1}, {"not": 2}, {"in": [1, 3]})),
    *({name: wanted} for name in ("subset", "superset", "same-set") for wanted in ([], ["a"], ["a", "b"], [{"K": 1}])),
    *({"contains": wanted} for wanted in ("a", 1)),
    ["a"], ["a", "b"], [], {"exists": True}, {"exists": False}, {"cidr-within": "10.0.0.0/8"}, {"not": {"any": "a"}},
]  # fmt: skip


@given(st.lists(SMALL, max_size=3), st.lists(SMALL, max_size=2), st.data())
def test_an_answer_about_a_list_read_in_part_holds_for_every_list_that_it_may_be(known, more, data):
    matcher = data.draw(st.sampled_from(MATCHERS))
    whole = list(known)
    for each in more:
        whole.insert(data.draw(st.integers(0, len(whole))), each)
    partly = Hidden(GAP, known, Partly(known, GAP))
    assert holds(matcher, partly) in (None, holds(matcher, whole))


@given(st.lists(SMALL, min_size=1, max_size=3), SMALL, st.data())
def test_an_answer_about_a_list_with_an_unread_member_holds_for_every_value_of_it(known, value, data):
    matcher = data.draw(st.sampled_from(MATCHERS))
    index = data.draw(st.integers(0, len(known) - 1))
    rest = [each for number, each in enumerate(known) if number != index]
    marked = [*rest, {"K": Hidden(GAP)}]
    assert holds(matcher, Hidden(GAP, [*rest, {}], marked)) in (None, holds(matcher, [*rest, {"K": value}]))


DECIDED = [
    # matcher, what was read, the answer whatever else there is
    ({"any": "a"}, ["a"], True),
    ({"all": {"gte": 2}}, [1], False),
    ({"none": "a"}, ["a"], False),
    ({"count": {"gte": 2}}, ["a", "b"], True),
    ({"count": {"lte": 1}}, ["a", "b"], False),
    ({"count": 1}, ["a", "b"], False),
    ({"subset": ["a"]}, ["b"], False),
    ({"superset": ["a"]}, ["a", "b"], True),
    ({"same-set": ["a"]}, ["b"], False),
    ({"contains": "a"}, ["a"], True),
    ({"exists": True}, ["a"], True),
    ({"cidr-within": "10.0.0.0/8"}, ["0.0.0.0/0"], False),
    (["a"], ["b"], False),
]


@pytest.mark.parametrize(("matcher", "known", "answer"), DECIDED, ids=[str(row[0]) for row in DECIDED])
def test_what_was_read_decides(matcher, known, answer):
    assert holds(matcher, Hidden(GAP, known, Partly(known, GAP))) is answer
    assert holds(matcher, Hidden(GAP, [], Partly([], GAP))) is None


SYMBOLIC = [
    ({"equals": "${@account}"}, "${@account}", True),
    ("111122223333", "${@account}", None),
    ("eleven", "${@account}", False),
    ({"startswith": "logs-"}, "logs-${@account}", True),
    ({"startswith": "data-"}, "logs-${@account}", False),
    ({"endswith": "a"}, "${@zone:0}", None),
    ({"endswith": "1"}, "${@zone:0}", False),
    ({"in": ["x", "logs-${@account}"]}, "logs-${@account}", True),
    ({"contains": "logs"}, "my-logs-${@account}", True),
    ({"gte": 7}, "${@account}", None),
    ({"exists": True}, "${@account}", True),
    ({"any": "logs"}, ["${?open}"], None),
    ({"cidr-within": "10.0.0.0/8"}, "${?open}", None),
    ({"version": "16"}, "${?open}", None),
]


@pytest.mark.parametrize(("matcher", "value", "answer"), SYMBOLIC, ids=[f"{row[0]} {row[1]}" for row in SYMBOLIC])
def test_a_text_that_only_the_account_completes_is_compared_with_a_third_answer(matcher, value, answer):
    assert holds(matcher, value) is answer


def test_matchers_take_matchers():
    assert {name for name, row in OPERATORS.items() if row.operand is MATCHER} == {"not", "any", "all", "none", "count"}
