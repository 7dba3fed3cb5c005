"""Sets of numbers obey the laws of sets, whatever the ranges."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from auditor.graph.space import Ranges, cidrs, network, public

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair))), max_size=6)


def members(ranges):
    return {number for low, high in ranges.spans for number in range(low, high + 1)}


@given(spans, spans)
def test_operations_agree_with_plain_sets(left, right):
    a, b = Ranges.of(left), Ranges.of(right)
    assert members(a | b) == members(a) | members(b)
    assert members(a & b) == members(a) & members(b)
    assert members(a - b) == members(a) - members(b)


@given(spans)
def test_equal_sets_are_equal_values(given_spans):
    whole = Ranges.of(given_spans)
    assert Ranges.of([(n, n) for n in members(whole)]) == whole
    assert whole.size == len(members(whole))


@given(spans, spans)
def test_subtracting_what_was_added_never_leaves_more(left, right):
    a, b = Ranges.of(left), Ranges.of(right)
    assert ((a | b) - b).size <= a.size
    assert not (a - a)


def test_two_halves_are_the_world():
    family, low = network("0.0.0.0/1")
    _, high = network("128.0.0.0/1")
    assert cidrs(family, low | high) == ["0.0.0.0/0"]


def test_public_space_agrees_with_the_registry_of_special_networks():
    for text, expected in {
        "8.8.8.8": True, "10.1.2.3": False, "172.31.0.1": False, "172.32.0.1": True, "192.168.1.1": False,
        "100.64.0.1": False, "169.254.1.1": False, "127.0.0.1": False, "224.0.0.1": False,
    }.items():  # fmt: skip
        assert (int(ipaddress.ip_address(text)) in public(4)) is expected, text
    assert int(ipaddress.ip_address("2600::1")) in public(6)
    assert int(ipaddress.ip_address("fd00::1")) not in public(6)
