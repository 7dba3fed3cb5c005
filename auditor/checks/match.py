"""The matcher language of rules and baselines, evaluated with a third answer: unknown.

A matcher is a literal, an object whose keys are property paths (all must hold), or an object of operators (all must
hold). Combining is Kleene's logic: one false decides `all`, one true decides `any`, whatever is unknown beside it.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator

from auditor.model import ABSENT, Answer, Change, Hidden, Json, Resource, Value, Verdict, paths


def holds(matcher: Json, value: Value) -> bool | None:
    """Whether `value` satisfies the matcher; None when that cannot be known."""
    if isinstance(value, Hidden):
        return bool(matcher["exists"]) if value.there and matcher in ({"exists": True}, {"exists": False}) else None
    if isinstance(matcher, dict) and is_operators(matcher):
        return every(OPERATORS[name](wanted, value) for name, wanted in matcher.items())
    if isinstance(matcher, dict):
        if not isinstance(value, dict):
            return False
        return every(holds(wanted, found) for path, wanted in matcher.items() for _, found in _places(value, path))
    return same(matcher, value)


def is_operators(matcher: dict[str, Json]) -> bool:
    """Operators are lower case; CloudFormation's names begin with a capital."""
    return bool(matcher) and all(name in OPERATORS for name in matcher)


def _places(value: dict[str, Json], path: str) -> Iterable[tuple[str, Value]]:
    return list(paths.find(value, path))


def every(answers: Iterable[bool | None]) -> bool | None:
    out: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            out = None
    return out


def some(answers: Iterable[bool | None]) -> bool | None:
    out: bool | None = False
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            out = None
    return out


def negate(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def same(wanted: Json, value: Value) -> bool:
    """Equality as people mean it: `"443"` is 443, but true is neither 1 nor "true" written by hand in a list."""
    if value is ABSENT:
        return False
    if isinstance(wanted, bool) or isinstance(value, bool):
        return str(wanted).lower() == str(value).lower() if _texty(wanted, value) else wanted is value
    if isinstance(wanted, (int, float)) or isinstance(value, (int, float)):
        return _number(wanted) == _number(value) and _number(wanted) is not None
    return bool(wanted == value)


def _texty(wanted: Json, value: Json) -> bool:
    return isinstance(wanted, (bool, str)) and isinstance(value, (bool, str))


def _number(value: Json) -> float | None:
    try:
        return float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        return None


def _compare(test: Callable[[float, float], bool]) -> Callable[[Json, Value], bool | None]:
    def compare(wanted: Json, value: Value) -> bool | None:
        left, right = _number(value), _number(wanted)
        return left is not None and right is not None and test(left, right)

    return compare


def _list(value: Value) -> list[Json]:
    if value is ABSENT or value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(test: Callable[[str, str], bool]) -> Callable[[Json, Value], bool | None]:
    return lambda wanted, value: isinstance(value, str) and test(value, str(wanted))


def _keys(items: Iterable[Json]) -> set[str]:
    return {json.dumps(item, sort_keys=True, ensure_ascii=False) for item in items}


def _within(wanted: Json, value: Value) -> bool | None:
    def inside(text: Json) -> bool:
        try:
            outer, inner = (
                ipaddress.ip_network(str(wanted), strict=False),
                ipaddress.ip_network(str(text), strict=False),
            )
        except ValueError:
            return False
        if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
            return inner.subnet_of(outer)
        return (
            isinstance(inner, ipaddress.IPv6Network)
            and isinstance(outer, ipaddress.IPv6Network)
            and inner.subnet_of(outer)
        )

    found = _list(value)
    return bool(found) and all(inside(text) for text in found)


def _version(wanted: Json, value: Value) -> bool | None:
    asked, found = str(wanted).split("."), str(value).split(".")
    return value is not ABSENT and found[: len(asked)] == asked


OPERATORS: dict[str, Callable[[Json, Value], bool | None]] = {
    "equals": lambda wanted, value: same(wanted, value),
    "not": lambda wanted, value: negate(holds(wanted, value)),
    "gte": _compare(lambda a, b: a >= b),
    "lte": _compare(lambda a, b: a <= b),
    "gt": _compare(lambda a, b: a > b),
    "lt": _compare(lambda a, b: a < b),
    "in": lambda wanted, value: any(same(each, value) for each in wanted),
    "any": lambda wanted, value: some(holds(wanted, each) for each in _list(value)),
    "all": lambda wanted, value: every(holds(wanted, each) for each in _list(value)),
    "none": lambda wanted, value: negate(some(holds(wanted, each) for each in _list(value))),
    "count": lambda wanted, value: holds(wanted, len(_list(value))),
    "contains": lambda wanted, value: (
        str(wanted) in value if isinstance(value, str) else any(same(wanted, each) for each in _list(value))
    ),
    "subset": lambda wanted, value: _keys(_list(value)) <= _keys(wanted),
    "superset": lambda wanted, value: _keys(_list(value)) >= _keys(wanted),
    "same-set": lambda wanted, value: _keys(_list(value)) == _keys(wanted),
    "startswith": _text(str.startswith),
    "endswith": _text(str.endswith),
    "regex": _text(lambda value, wanted: re.fullmatch(wanted, value) is not None),
    "ignorecase": _text(lambda value, wanted: value.casefold() == wanted.casefold()),
    "exists": lambda wanted, value: (value is not ABSENT and value is not None and value != []) is bool(wanted),
    "cidr-within": _within,
    "version": _version,
}


def judge_property(resource: Resource, path: str, matcher: Json) -> Iterator[Answer]:
    """One answer for each place that `path` names in the resource; a list that is absent has no places, so it holds."""
    places = resource.each(path)
    if not places:
        yield Answer("kept", path, matcher, None)
    for place, value in places:
        answer = holds(matcher, value)
        if isinstance(value, Hidden):
            # Only `exists` can be answered of it, which takes no value to show and has no change to offer.
            told: Verdict = "unknown" if answer is None else "kept" if answer else "broken"
            gaps = (value.gap,) if answer is None else ()
            yield Answer(told, place, matcher, None, value.gap.message, gaps=gaps)
        elif answer is None:
            yield Answer("unknown", place, matcher, shown(value), "the value is only partly known")
        else:
            verdict: Verdict = "kept" if answer else "broken"
            yield Answer(
                verdict,
                place,
                matcher,
                shown(value),
                changes=() if answer else _changes(resource, place, matcher, value),
            )


def shown(value: Value) -> Json:
    return None if value is ABSENT else value


def _changes(resource: Resource, place: str, matcher: Json, value: Value) -> tuple[Change, ...]:
    """The change that would satisfy the matcher, where the matcher says it exactly; many matchers do not."""
    if not isinstance(matcher, dict):
        return (Change(resource.key, place, matcher),)
    if not is_operators(matcher):
        if any("[" in path for path in matcher):
            return ()
        wrong = {path: wanted for path, wanted in matcher.items() if holds({path: wanted}, value or {}) is False}
        nested = [
            _changes(resource, f"{place}.{path}", wanted, paths.get(value or {}, path))
            for path, wanted in wrong.items()
        ]
        return tuple(change for changes in nested for change in changes) if all(nested) else ()
    if len(matcher) == 1:
        name, wanted = next(iter(matcher.items()))
        if name in ("equals", "gte", "lte", "ignorecase", "same-set"):
            return (Change(resource.key, place, wanted),)
        if name == "not" and isinstance(wanted, bool):
            return (Change(resource.key, place, not wanted),)
        if name == "in" and wanted:  # the first is the preferred one
            return (Change(resource.key, place, wanted[0]),)
        if name == "contains" and isinstance(value, list):
            return (Change(resource.key, place, add=(wanted,)),)
        if name == "superset":
            missing = [item for item in wanted if not any(same(item, each) for each in _list(value))]
            return (Change(resource.key, place, add=tuple(missing)),)
    return ()


def describe(matcher: Json) -> str:
    """A matcher in words, for reports."""
    if isinstance(matcher, dict) and is_operators(matcher):
        return " and ".join(_operator_words(name, wanted) for name, wanted in matcher.items())
    if isinstance(matcher, dict):
        return ", ".join(f"{path} {describe(wanted)}" for path, wanted in matcher.items())
    return json.dumps(matcher, ensure_ascii=False)


_WORDS = {
    "equals": "{}", "gte": "at least {}", "lte": "at most {}", "gt": "more than {}", "lt": "less than {}",
    "in": "one of {}", "contains": "contains {}", "subset": "nothing beyond {}", "superset": "at least {}",
    "same-set": "exactly {}", "startswith": "begins with {}", "endswith": "ends with {}", "regex": "matches {}",
    "ignorecase": "{}", "cidr-within": "within {}", "version": "version {}",
}  # fmt: skip


def _operator_words(name: str, wanted: Json) -> str:
    if name == "exists":
        return "set" if wanted else "not set"
    if name in ("not", "any", "all", "none", "count"):
        words = {
            "not": "not",
            "any": "some element is",
            "all": "every element is",
            "none": "no element is",
            "count": "count is",
        }
        return f"{words[name]} {describe(wanted)}"
    if name == "in" and isinstance(wanted, list):
        return "one of " + ", ".join(json.dumps(each, ensure_ascii=False) for each in wanted)
    return _WORDS[name].format(json.dumps(wanted, ensure_ascii=False))
