"""What is the same value: AWS answers with 45.0 where 45 was written, and true is no 1."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.remedy.values import same, settled

plain = st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.text(max_size=3))
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner))


def with_floats(value):
    if isinstance(value, dict):
        return {key: with_floats(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_floats(each) for each in value]
    return float(value) if type(value) is int else value


@given(values)
def test_a_number_is_the_same_as_a_float(value):
    assert same(value, with_floats(value))
    assert settled(value, "before", with_floats(value))


def test_other_values_stay_apart():
    assert not same(1, True)
    assert not same(1, "1")
    assert not same(1.5, 1)
    assert not same({"Threshold": 45}, {"Threshold": 45.5})
