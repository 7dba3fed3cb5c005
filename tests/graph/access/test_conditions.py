"""Every condition operator of IAM, from the tables of AWS's documentation (reference_policies_elements_condition_operators)."""

import pytest

from auditor.graph.access.policy.conditions import holds
from auditor.graph.access.policy.context import Context

IP, ARN = "aws:SourceIp", "aws:SourceArn"
TABLE = [
    # operator, policy value, request value, answer
    ("StringEquals", "a", "a", True),
    ("StringEquals", "a", "A", False),
    ("StringEquals", "a*", "ab", False),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringNotEquals", ["a", "b"], "c", True),
    ("StringEqualsIgnoreCase", "a", "A", True),
    ("StringNotEqualsIgnoreCase", "a", "A", False),
    ("StringLike", "a*c?", "abbcd", True),
    ("StringLike", "A*", "abc", False),
    ("StringNotLike", "a*", "abc", False),
    ("StringNotLike", "a*", "bcd", True),
    ("NumericEquals", "10", "10.0", True),
    ("NumericNotEquals", "10", "11", True),
    ("NumericLessThan", "10", "9", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericGreaterThan", "10", "11", True),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericEquals", "ten", "10", False),
    ("DateEquals", "2020-01-01T00:00:00Z", "1577836800", True),
    ("DateNotEquals", "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", True),
    ("DateLessThan", "2020-01-02T00:00:00Z", "2020-01-01T00:00:00Z", True),
    ("DateLessThanEquals", "2020-01-02", "2020-01-02T00:00:00Z", True),
    ("DateGreaterThan", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", False),
    ("DateGreaterThanEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", True),
    ("Bool", "true", "true", True),
    ("Bool", True, "false", False),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
    ("BinaryEquals", "QmluYXJ5", "qmluYXJ5", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
    ("IpAddress", "203.0.113.0/24", "198.51.100.7", False),
    ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
    ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
    ("NotIpAddress", ["203.0.113.0/24", "2001:db8::/32"], "203.0.113.7", False),
    ("NotIpAddress", "203.0.113.0/24", "198.51.100.7", True),
    ("ArnEquals", "arn:aws:sns:*:111122223333:a*", "arn:aws:sns:us-east-1:111122223333:abc", True),
    ("ArnLike", "arn:aws:sns:us-east-1:*:a", "arn:aws:sns:us-east-1:1:x:a", False),  # a wildcard stays in its part
    ("ArnLike", "arn:aws:s3:::b/*", "arn:aws:s3:::b/c/d", True),
    ("ArnNotEquals", "arn:aws:sns:us-east-1:111122223333:a", "arn:aws:sns:us-east-1:111122223333:b", True),
    ("ArnNotLike", "arn:aws:sns:*:111122223333:*", "arn:aws:sns:us-east-1:111122223333:b", False),
]


def answer(operator, wanted, context, key="k"):
    return holds({operator: {key: wanted}}, Context(context, frozenset()))


@pytest.mark.parametrize(("operator", "wanted", "value", "expected"), TABLE)
def test_an_operator_on_a_known_value(operator, wanted, value, expected):
    assert answer(operator, wanted, {"k": (value,)}).value is expected
    assert answer(f"{operator}IfExists", wanted, {"k": (value,)}).value is expected


@pytest.mark.parametrize("operator", sorted({row[0] for row in TABLE}))
def test_a_missing_key_fails_a_positive_operator_and_passes_a_negated_one(operator):
    wanted = next(row[1] for row in TABLE if row[0] == operator)
    assert answer(operator, wanted, {"k": None}).value is ("Not" in operator)
    assert answer(f"{operator}IfExists", wanted, {"k": None}).value is True


@pytest.mark.parametrize("operator", sorted({row[0] for row in TABLE}))
def test_an_open_key_leaves_the_answer_open_and_is_named(operator):
    wanted = next(row[1] for row in TABLE if row[0] == operator)
    found = answer(operator, wanted, {})
    assert (found.value, found.keys) == (None, {"k"})


@pytest.mark.parametrize(
    ("wanted", "context", "expected"),
    [
        ("true", {"k": None}, True),
        ("true", {"k": ("x",)}, False),
        ("false", {"k": ("x",)}, True),
        ("false", {"k": None}, False),
        (["true", "false"], {"k": None}, True),
        ("true", {}, None),
    ],
)
def test_null_asks_whether_a_key_is_there(wanted, context, expected):
    assert answer("Null", wanted, context).value is expected


SETS = [
    # AWS: ForAllValues: every value of the request is one of the policy's; ForAnyValue: at least one is.
    ("ForAllValues:StringEquals", ("a", "b"), True),
    ("ForAllValues:StringEquals", ("a", "x"), False),
    ("ForAllValues:StringEquals", None, True),
    ("ForAnyValue:StringEquals", ("a", "x"), True),
    ("ForAnyValue:StringEquals", ("x", "y"), False),
    ("ForAnyValue:StringEquals", None, False),
    # An empty text is a null data set, which counts as no key.
    ("ForAllValues:StringEquals", ("",), True),
    ("ForAnyValue:StringEquals", ("",), False),
    ("ForAnyValue:StringEqualsIfExists", None, True),
    ("ForAllValues:StringNotEquals", ("x", "y"), True),
    ("ForAllValues:StringNotEquals", ("a", "y"), False),
    ("ForAnyValue:StringNotEquals", ("a", "y"), True),
    ("ForAnyValue:StringNotEquals", ("a", "b"), False),
    ("ForAnyValue:StringNotEquals", None, False),
    ("ForAllValues:StringLike", ("a", "b"), True),
]


@pytest.mark.parametrize(("operator", "values", "expected"), SETS)
def test_set_operators(operator, values, expected):
    assert answer(operator, ["a", "b"], {"k": values}).value is expected


def test_operators_and_keys_are_all_needed_and_one_of_the_values():
    block = {"StringEquals": {"a": ["1", "2"], "b": "3"}, "Bool": {"c": "true"}}
    known = {"a": ("2",), "b": ("3",)}
    assert holds(block, Context(known)).keys == {"c"}
    assert holds(block, Context({**known, "c": ("true",)})).value is True
    assert holds(block, Context({**known, "b": ("4",)})).value is False


def test_keys_and_operators_know_no_case():
    assert holds({"stringequals": {"AWS:UserName": "ann"}}, Context({"aws:username": ("ann",)})).value is True


def test_what_takes_every_value_is_decided_where_the_key_is_always_there():
    present = Context({}, frozenset({"k"}))
    assert holds({"StringLike": {"k": "*"}}, present).value is True
    assert holds({"StringNotLike": {"k": "*"}}, present).value is False
    assert holds({"StringLike": {"k": "*"}}, Context({}, frozenset())).value is None
    assert holds({"StringLikeIfExists": {"k": "*"}}, Context({}, frozenset())).value is True


VARIABLES = [
    ("StringEquals", "${aws:username}", {"aws:username": ("ann",), "k": ("ann",)}, True),
    ("StringEquals", "${aws:username}", {"aws:username": ("bob",), "k": ("ann",)}, False),
    ("StringLike", "${aws:username}/*", {"aws:username": ("a*",), "k": ("ab/x",)}, False),  # a value is no wildcard
    ("StringLike", "${aws:username}/*", {"aws:username": ("a*",), "k": ("a*/x",)}, True),
    ("StringEquals", "${aws:PrincipalTag/team, 'none'}", {"aws:principaltag/team": None, "k": ("none",)}, True),
    ("StringEquals", "${aws:PrincipalTag/team}", {"aws:principaltag/team": None, "k": ("none",)}, False),
    ("StringLike", "a${*}", {"k": ("a*",)}, True),
    ("StringLike", "a${*}", {"k": ("ab",)}, False),
    ("StringEquals", "${$}${?}", {"k": ("$?",)}, True),
    ("StringEquals", "x-${aws:PrincipalTag/team}", {"k": ("x-1",)}, None),
    ("StringEquals", "x-${aws:PrincipalTag/team}", {"k": ("y-1",)}, False),
]


@pytest.mark.parametrize(("operator", "wanted", "context", "expected"), VARIABLES)
def test_policy_variables(operator, wanted, context, expected):
    assert answer(operator, wanted, context).value is expected


def test_an_operator_that_nobody_knows_leaves_the_answer_open():
    assert answer("StringSimilar", "a", {"k": ("a",)}).value is None
