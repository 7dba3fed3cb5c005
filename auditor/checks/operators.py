"""The operators of matchers, one row each: what holds, its words, what its operand must be, the change that satisfies.

A definition file is checked against these rows, `explain` and every report take their words from them, and the
reference of matchers is written from them.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from auditor.checks.equality import contains_all, exactly, listed, more, number, same, unfinished
from auditor.checks.kleene import every, negate, some
from auditor.model import ABSENT, Change, Gap, Hidden, Json, Partly, Value, paths, symbolic

Test = Callable[[Json, Value], "bool | None"]
UNFINISHED = "its value is known only once the code is deployed"


@dataclass(frozen=True, slots=True)
class Operand:
    """What may stand behind an operator: `takes` in words, `schema` as JSON Schema, `cure` how to write a wrong one.

    `of` makes something of a text, and its error says what is wrong with it.
    """

    takes: str
    schema: Mapping[str, Json]
    cure: str = ", not {!r}"
    of: Callable[[str], object] | None = None


def _accepts(*kinds: str) -> Mapping[str, Json]:
    return MappingProxyType({"type": kinds[0] if len(kinds) == 1 else list(kinds)})


VALUE = Operand("a value", MappingProxyType({}))
MATCHER = Operand("a matcher", MappingProxyType({"$ref": "#/$defs/matcher"}))
NUMBER = Operand("a number", _accepts("number"))
LIST = Operand("a list", _accepts("array"), "; write [{}]")
TEXT = Operand("text", _accepts("string"), "; put {!r} in quotes")
FLAG = Operand("true or false", _accepts("boolean"))
VERSION = Operand("text", _accepts("string", "integer"), '; write "{}" in quotes, for 16.10 is not 16.1')
PATTERN = Operand("a regular expression", _accepts("string"), of=re.compile)
BLOCK = Operand("an address range like 10.0.0.0/8", _accepts("string"), of=ipaddress.ip_network)


@dataclass(frozen=True, slots=True)
class Operator:
    """`words` holds {} for the operand, `otherwise` are the words of a false flag; `doc` is its line in the reference.

    `change` fills in a change that would satisfy it, or gives None where there are several.
    """

    name: str
    operand: Operand
    words: str
    doc: str
    holds: Test
    change: Callable[[Change, Json, Value], Change | None] | None = None
    otherwise: str = ""


def holds(matcher: Json, value: Value) -> bool | None:
    """Whether `value` satisfies the matcher; None when that cannot be known. What was read decides where it can."""
    if isinstance(value, Hidden):
        if matcher in ({"exists": True}, {"exists": False}):
            return bool(matcher["exists"]) if value.there else None
        return None if value.marked is ABSENT else holds(matcher, value.marked)
    if isinstance(matcher, dict) and is_operators(matcher):
        return every(OPERATORS[name].holds(wanted, value) for name, wanted in matcher.items())
    if isinstance(matcher, dict):
        if not isinstance(value, dict):
            return None if unfinished(value) else False
        return every(holds(wanted, found) for path, wanted in matcher.items() for _, found in paths.find(value, path))
    return same(matcher, value)


def gaps_of(*values: Value) -> tuple[Gap, ...]:
    """The gaps that hide some of the values."""
    return tuple(value.gap for value in values if isinstance(value, Hidden))


def is_operators(matcher: Mapping[str, Json]) -> bool:
    """Operators are lower case; CloudFormation's names begin with a capital."""
    return bool(matcher) and all(name in OPERATORS for name in matcher)


def describe(matcher: Json, say: Callable[[Json], str] | None = None) -> str:
    """A matcher in words; `say` writes down a value, as JSON where it is left out."""
    say = say or _as_json
    if isinstance(matcher, dict) and is_operators(matcher):
        return ", ".join(_clause(OPERATORS[name], wanted, say) for name, wanted in sorted(matcher.items()))
    if isinstance(matcher, dict):
        return ", ".join(f"{path} {describe(wanted, say)}" for path, wanted in matcher.items())
    return say(matcher)


def _clause(row: Operator, wanted: Json, say: Callable[[Json], str]) -> str:
    if row.operand is FLAG:
        return row.words if wanted else row.otherwise
    nested = row.operand is MATCHER and isinstance(wanted, dict) and is_operators(wanted)
    return row.words.format(describe(wanted, say) if nested else say(wanted))


def _as_json(value: Json) -> str:
    return ", ".join(map(_as_json, value)) if isinstance(value, list) else json.dumps(value, ensure_ascii=False)


# ---- what holds


def _compare(test: Callable[[float, float], bool]) -> Test:
    def compare(wanted: Json, value: Value) -> bool | None:
        left, right = number(value), number(wanted)
        if left is None and unfinished(value):
            return None
        return left is not None and right is not None and test(left, right)

    return compare


def _compare_texts(test: Callable[[str, str], bool]) -> Test:
    def compare(wanted: Json, value: Value) -> bool | None:
        return None if unfinished(value) else isinstance(value, str) and test(value, str(wanted))

    return compare


def _affix(test: Callable[[str, str], bool], pattern: str) -> Test:
    """A test of how a text begins or ends; an unfinished one is held against a pattern with `*`."""

    def compare(wanted: Json, value: Value) -> bool | None:
        if unfinished(value):
            return None if set("*?") & set(str(wanted)) else symbolic.fits(pattern.format(wanted), value)
        return isinstance(value, str) and test(value, str(wanted))

    return compare


def _elements(wanted: Json, value: Value) -> Iterator[bool | None]:
    yield from (holds(wanted, each) for each in listed(value))
    yield from more(value)


def _contains(wanted: Json, value: Value) -> bool | None:
    if unfinished(value):
        return None if set("*?") & set(str(wanted)) else symbolic.fits(f"*{wanted}*", value)
    if isinstance(value, str):
        return str(wanted) in value
    return some([*(same(wanted, each) for each in listed(value)), *more(value)])


def _count(wanted: Json, value: Value) -> bool | None:
    """Of a list with unread elements every greater count is possible; beyond the numbers asked for all are alike."""
    least = len(listed(value))
    if not isinstance(value, Partly):
        return holds(wanted, least)
    most = max([least, *_numbers(wanted)])
    answers = {holds(wanted, count) for count in range(least, int(most) + 2)}
    return answers.pop() if len(answers) == 1 else None


def _numbers(wanted: Json) -> Iterator[float]:
    inner = wanted.values() if isinstance(wanted, dict) else wanted if isinstance(wanted, list) else ()
    yield from (each for part in inner for each in _numbers(part))
    if (said := number(wanted)) is not None and said < _MOST_COUNTED:
        yield said


_MOST_COUNTED = 10_000


def _subset(wanted: Json, value: Value) -> bool | None:
    return every([contains_all(listed(value), wanted), *more(value)])


def _superset(wanted: Json, value: Value) -> bool | None:
    found = listed(value)
    return every(some([*(exactly(each, item) for item in found), *more(value)]) for each in wanted)


def _within(wanted: Json, value: Value) -> bool | None:
    found = listed(value)
    return every([bool(found) or isinstance(value, Partly), *(_inside(wanted, text) for text in found), *more(value)])


def _inside(wanted: Json, text: Value) -> bool | None:
    if isinstance(text, Hidden) or unfinished(text):
        return None
    try:
        outer, inner = (ipaddress.ip_network(str(each), strict=False) for each in (wanted, text))
    except ValueError:
        return False
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def _version(wanted: Json, value: Value) -> bool | None:
    if unfinished(value):
        return None
    asked, found = str(wanted).split("."), str(value).split(".")
    return value is not ABSENT and found[: len(asked)] == asked


def _exists(wanted: Json, value: Value) -> bool | None:
    if isinstance(value, Partly):
        return bool(wanted) if value else None
    return (value is not ABSENT and value is not None and value != []) is bool(wanted)


# ---- what would satisfy


def _set(change: Change, wanted: Json, value: Value) -> Change:
    return replace(change, value=wanted)


def _set_other(change: Change, wanted: Json, value: Value) -> Change | None:
    return replace(change, value=not wanted) if isinstance(wanted, bool) else None


def _set_first(change: Change, wanted: Json, value: Value) -> Change | None:
    return replace(change, value=wanted[0]) if wanted else None


def _add_one(change: Change, wanted: Json, value: Value) -> Change | None:
    return replace(change, add=(wanted,)) if isinstance(value, list) else None


def _add_missing(change: Change, wanted: Iterable[Json], value: Value) -> Change:
    return replace(change, add=tuple(item for item in wanted if not any(same(item, each) for each in listed(value))))


def _rows(*rows: Operator) -> Mapping[str, Operator]:
    return MappingProxyType({row.name: row for row in rows})


OPERATORS: Mapping[str, Operator] = _rows(
    Operator("equals", VALUE, "{}", "this value; `\"443\"` and 443 are the same", same, _set),
    Operator(
        "not", MATCHER, "not {}", "anything that the matcher does not accept",
        lambda m, v: negate(holds(m, v)), _set_other,
    ),
    Operator("gte", NUMBER, "at least {}", "a number that is this or more", _compare(lambda a, b: a >= b), _set),
    Operator("lte", NUMBER, "at most {}", "a number that is this or less", _compare(lambda a, b: a <= b), _set),
    Operator("gt", NUMBER, "more than {}", "a number that is more than this", _compare(lambda a, b: a > b)),
    Operator("lt", NUMBER, "less than {}", "a number that is less than this", _compare(lambda a, b: a < b)),
    Operator(
        "in", LIST, "one of {}", "one of these values; a remedy sets the first",
        lambda wanted, value: some(same(each, value) for each in wanted), _set_first,
    ),
    Operator(
        "any", MATCHER, "an element: {}", "a list with an element that the matcher accepts",
        lambda m, v: some(_elements(m, v)),
    ),
    Operator(
        "all", MATCHER, "every element: {}", "a list with only elements that the matcher accepts",
        lambda m, v: every(_elements(m, v)),
    ),
    Operator(
        "none", MATCHER, "no element: {}", "a list without an element that the matcher accepts",
        lambda m, v: negate(some(_elements(m, v))),
    ),
    Operator("count", MATCHER, "length {}", "a list whose length the matcher accepts", _count),
    Operator(
        "contains", VALUE, "contains {}", "text that contains this, or a list with this element", _contains, _add_one,
    ),
    Operator("subset", LIST, "only {}", "a list with only these elements", _subset),
    Operator("superset", LIST, "at least {}", "a list with all of these elements", _superset, _add_missing),
    Operator(
        "same-set", LIST, "exactly {}", "a list of exactly these elements, in any order",
        lambda wanted, value: every([_subset(wanted, value), _superset(wanted, value)]), _set,
    ),
    Operator("startswith", TEXT, "begins with {}", "text that begins with this", _affix(str.startswith, "{}*")),
    Operator("endswith", TEXT, "ends with {}", "text that ends with this", _affix(str.endswith, "*{}")),
    Operator(
        "regex", PATTERN, "matches {}", "text that the expression matches as a whole",
        _compare_texts(lambda value, wanted: re.fullmatch(wanted, value) is not None),
    ),
    Operator(
        "ignorecase", TEXT, "{} in upper or lower case", "this text, in upper or lower case",
        _compare_texts(lambda value, wanted: value.casefold() == wanted.casefold()), _set,
    ),
    Operator("exists", FLAG, "set", "any value (true), or none (false)", _exists, otherwise="not set"),
    Operator("cidr-within", BLOCK, "inside {}", "an address range, or a list of ranges, inside this one", _within),
    Operator("version", VERSION, "version {}", "a version that begins with these parts: 16 accepts 16.4", _version),
)  # fmt: skip
