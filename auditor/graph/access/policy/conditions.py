"""Condition blocks of policies, with the third answer where the request decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from auditor.graph.access.policy.context import Context
from auditor.graph.access.policy.operators import OPERATORS, WILDCARDS, matches, matches_all
from auditor.graph.access.policy.truth import FALSE, TRUE, Truth, depends, every, some, told

_NAME = re.compile(r"(?:(foranyvalue|forallvalues):)?(\w+?)(ifexists)?")


def many(value: Any) -> tuple[str, ...]:
    """A value or a list of values as texts; true and false as policies write them."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in items)


@lru_cache(maxsize=1024)
def parsed(operator: str) -> tuple[str, str, bool]:
    """(`foranyvalue`, `forallvalues` or nothing; the operator; whether it ends in IfExists), all in lower case."""
    found = _NAME.fullmatch(operator.lower())
    return (found[1] or "", found[2], bool(found[3])) if found else ("", operator.lower(), False)


def holds(block: Mapping[str, Any], context: Context) -> Truth:
    """AWS: all operators and all their keys must hold; of the values of a key one is enough."""
    return every(
        test(operator, key, many(wanted), context)
        for operator, keys in block.items()
        if isinstance(keys, Mapping)
        for key, wanted in keys.items()
    )


def test(operator: str, key: str, wanted: tuple[str, ...], context: Context) -> Truth:
    """One operator on one key."""
    group, name, if_exists = parsed(operator)
    state, values = context.look(key)
    if group and state == "known" and not any(values):
        state = "absent"  # AWS: to the set operators an empty text is a key that is not there
    if name == "null":
        # With a set operator too, Null only asks whether the key is there.
        if state == "open":
            return depends(key)
        return told(any((state == "absent") == (each.lower() == "true") for each in wanted))
    if name not in OPERATORS:
        return depends(key)
    compare, negated = OPERATORS[name]
    # A key that is not there: ForAllValues holds, ForAnyValue does not, a negated operator holds, another does not.
    absent = if_exists or group == "forallvalues" or (negated and group != "foranyvalue")
    if state == "absent":
        return told(absent)
    if state != "known":
        return _unseen(name, key, wanted, negated, absent, state == "present")

    def one(value: str) -> Truth:
        found = some(matches(compare, each, value, context, name in WILDCARDS) for each in wanted)
        return ~found if negated else found

    if group == "foranyvalue" or (not group and not negated):
        return some(one(value) for value in values)
    return every(one(value) for value in values)


def _unseen(name: str, key: str, wanted: tuple[str, ...], negated: bool, absent: bool, present: bool) -> Truth:
    """A key whose value is open: decided only where every value, and where it may be missing that too, says
    the same."""
    if not matches_all(name, wanted):
        return depends(key)
    there = not negated
    if present or there == absent:
        return TRUE if there else FALSE
    return depends(key)
