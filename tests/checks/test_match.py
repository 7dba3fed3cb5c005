"""The matcher language: each operator kept, broken and unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.kleene import every, negate, some
from auditor.checks.match import judge_property
from auditor.checks.operators import describe, holds
from auditor.model import ABSENT, Gap, Hidden, Resource

GAP = Gap("1", "r", "s", "op", "s:Op", "denied", ("T",), "denied")
HIDDEN = Hidden(GAP)

TABLE = [
    # matcher, kept, broken
    (True, True, False),
    (True, "true", "false"),
    (False, False, ABSENT),
    ("postgres", "postgres", "mysql"),
    (443, 443, 80),
    (443, "443", "444"),
    (1, 1, True),
    ([1, 2], [1, 2], [2, 1]),
    ({"equals": 5}, 5, 6),
    ({"not": "a"}, "b", "a"),
    ({"gte": 7}, 7, 6),
    ({"gte": 7}, "30", None),
    ({"lte": 7}, 7, 8),
    (45, 45.0, 46.0),
    ([1, 2], [1.0, 2.0], [1.0, True]),
    ({"same-set": [90]}, [90.0], [90.5]),
    ({"gt": 7}, 8, 7),
    ({"lt": 7}, 6, 7),
    ({"gte": 2, "lte": 4}, 3, 5),
    ({"in": ["a", "b"]}, "a", "c"),
    ({"any": "a"}, ["b", "a"], ["b"]),
    ({"any": {"FromPort": 22}}, [{"FromPort": 22}], [{"FromPort": 80}]),
    ({"all": {"gte": 2}}, [2, 3], [1, 3]),
    ({"all": {"gte": 2}}, [], [1]),
    ({"none": "a"}, ["b"], ["a"]),
    ({"none": "a"}, ABSENT, ["a"]),
    ({"count": 2}, ["a", "b"], ["a"]),
    ({"count": {"gte": 1}}, ["a"], []),
    ({"contains": "b"}, "abc", "acd"),
    ({"contains": "b"}, ["b"], ["bc"]),
    ({"subset": ["a", "b"]}, ["a"], ["a", "c"]),
    ({"superset": ["a"]}, ["a", "c"], ["c"]),
    ({"same-set": ["a", "b"]}, ["b", "a"], ["a"]),
    ({"startswith": "db."}, "db.t4g.micro", "cache.t4g"),
    ({"endswith": "2a"}, "ap-northeast-2a", "ap-northeast-2c"),
    ({"regex": "cuggu-.*"}, "cuggu-images", "my-cuggu-images"),
    ({"ignorecase": "require"}, "REQUIRE", "disable"),
    ({"exists": True}, "x", ABSENT),
    ({"exists": False}, ABSENT, "x"),
    ({"exists": True}, ["x"], []),
    ({"cidr-within": "10.0.0.0/8"}, "10.1.0.0/16", "11.0.0.0/16"),
    ({"cidr-within": "10.0.0.0/8"}, ["10.1.0.0/16"], ["10.1.0.0/16", "0.0.0.0/0"]),
    ({"version": "16"}, "16.4", "160.1"),
    ({"version": "16"}, "16", "15.16"),
    ({"Status": "Enabled"}, {"Status": "Enabled", "More": 1}, {"Status": "Suspended"}),
    ({"A.B": {"gte": 1}}, {"A": {"B": 1}}, {"A": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("matcher", "kept", "broken"), TABLE, ids=[str(row[0]) for row in TABLE])
def test_operator(matcher, kept, broken):
    assert holds(matcher, kept) is True
    assert holds(matcher, broken) is False
    assert holds(matcher, HIDDEN) is None


def test_every_operator_is_in_the_table():
    from auditor.checks.operators import OPERATORS

    used = {name for matcher, _, _ in TABLE if isinstance(matcher, dict) for name in matcher}
    assert set(OPERATORS) <= used


three = st.lists(st.sampled_from([True, False, None]), max_size=6)


@given(three)
def test_some_and_every_are_each_others_mirror(answers):
    assert some(answers) is negate(every([negate(each) for each in answers]))


@given(three, st.booleans())
def test_learning_more_never_turns_an_answer_round(answers, learned):
    """Replacing unknowns by answers may decide what was open, never change what was decided."""
    known = [learned if each is None else each for each in answers]
    for combine in (some, every):
        if combine(answers) is not None:
            assert combine(answers) is combine(known)


def thing(properties, unknown=()):
    return Resource("T", "x", "1", "r", properties=properties, unknown=dict.fromkeys(unknown, GAP))


def verdicts(resource, path, matcher):
    return {answer.property: answer.verdict for answer in judge_property(resource, path, matcher)}


def test_each_element_is_a_place_with_a_stable_name():
    origins = [{"Id": "a", "Tls": 1}, {"Id": "b", "Tls": 0}]
    assert verdicts(thing({"Origins": origins}), "Origins[].Tls", 1) == {
        "Origins[Id=a].Tls": "kept",
        "Origins[Id=b].Tls": "broken",
    }
    turned = verdicts(thing({"Origins": origins[::-1]}), "Origins[].Tls", 1)
    assert turned["Origins[Id=b].Tls"] == "broken"


def test_an_absent_list_has_nothing_to_hold_against_it():
    assert verdicts(thing({}), "Origins[].Tls", 1) == {"Origins[].Tls": "kept"}


@pytest.mark.parametrize("unread", ["A", "A.B", "A.B.C"])
def test_what_could_not_be_read_is_unknown_wherever_it_lies_on_the_path(unread):
    assert verdicts(thing({"A": {"B": {}}}, [unread]), "A.B.C", True) == {"A.B.C": "unknown"}


def test_a_sibling_that_could_not_be_read_hides_nothing():
    assert verdicts(thing({"A": True}, ["AB"]), "A", True) == {"A": "kept"}


CHANGES = [
    (False, True, False),
    ({"gte": 7}, 1, 7),
    ({"equals": "x"}, "y", "x"),
    ({"not": True}, True, False),
    ({"in": ["only"]}, "z", "only"),
    ({"in": ["preferred", "other"]}, "z", "preferred"),
]


@pytest.mark.parametrize(("matcher", "actual", "wanted"), CHANGES)
def test_a_broken_literal_says_what_would_mend_it(matcher, actual, wanted):
    (answer,) = judge_property(thing({"P": actual}), "P", matcher)
    assert [change.value for change in answer.changes] == [wanted]


@pytest.mark.parametrize("matcher", [{"startswith": "a"}, {"subset": ["a", "b"]}, {"regex": "a+"}, {"lt": 3}])
def test_a_matcher_with_many_answers_proposes_none(matcher):
    (answer,) = judge_property(thing({"P": "zzz"}), "P", matcher)
    assert answer.verdict == "broken"
    assert answer.changes == ()


def test_nested_matchers_change_only_what_is_wrong():
    matcher = {"BlockPublicAcls": True, "BlockPublicPolicy": True}
    (answer,) = judge_property(thing({"P": {"BlockPublicAcls": True, "BlockPublicPolicy": False}}), "P", matcher)
    assert [(change.property, change.value) for change in answer.changes] == [("P.BlockPublicPolicy", True)]


def test_words_for_people():
    assert describe({"gte": 7}) == "at least 7"
    assert describe({"not": {"in": ["a"]}}) == 'not one of "a"'
