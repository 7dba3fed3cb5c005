"""The comparisons of IAM's condition operators, one value with one value, as AWS documents each of them."""

from __future__ import annotations

import datetime as dt
import ipaddress
import operator
import re
from collections.abc import Callable

from auditor.graph.access.policy.context import ANY_SESSION, Context
from auditor.graph.access.policy.patterns import covers, fits, like, meets
from auditor.graph.access.policy.truth import FALSE, TRUE, Truth, depends, told

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
Compare = Callable[[str, str], bool]


def filled(text: str, context: Context) -> tuple[str | None, frozenset[str]]:
    """A text with its policy variables filled in, and the keys of those that the request decides (left as `*`).

    None where a variable has no value and no default: AWS takes such an element for no match. `${*}`, `${?}` and `${$}`
    are the characters themselves; they come back wrapped so that no wildcard is made of them.
    """
    if "${" not in text:
        return text, frozenset()
    open_: set[str] = set()
    missing = False

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        name, comma, rest = found[1].partition(",")
        if found[1] in ("*", "?", "$"):
            return _ESCAPED[found[1]]
        state, values = context.look(name.strip())
        if state == "known":
            return "".join(_ESCAPED.get(mark, mark) for mark in values[0])
        if state == "absent":
            missing = missing or not comma
            return rest.strip().strip("'")
        open_.add(name.strip())
        return "*"

    out = _VARIABLE.sub(value, text)
    return (None if missing else out), frozenset(open_)


# Private code points stand for characters that must not be read as wildcards.
_ESCAPED = {"*": "\ue000", "?": "\ue001", "$": "\ue002"}
_PLAIN = str.maketrans({mark: plain for plain, mark in _ESCAPED.items()})
_MARKED = str.maketrans(_ESCAPED)


def matches(compare: Compare, wanted: str, have: str, context: Context, wildcards: bool) -> Truth:
    """One value of the policy with one of the request; a variable of the policy may leave it open."""
    text, open_ = filled(wanted, context)
    if text is None:
        return FALSE
    if ANY_SESSION in have:
        return _of_a_session(text if wildcards or open_ else text.translate(_MARKED), have)
    if open_:
        return depends(*open_) if like(text, have.translate(_MARKED)) else FALSE
    if "${" in wanted and wildcards:
        return told(compare(text, have.translate(_MARKED)))
    return told(compare(text.translate(_PLAIN), have))


def _of_a_session(wanted: str, have: str) -> Truth:
    """With a value that ends in the name of a session: one of its names is enough, and the caller chooses it."""
    pattern = have.translate(_MARKED).replace(ANY_SESSION, "*")
    if covers(wanted, pattern):
        return TRUE
    return depends("sts:RoleSessionName") if meets(wanted, pattern) else FALSE


def arn_like(pattern: str, arn: str) -> bool:
    """AWS: each of the six parts between the colons is checked by itself, and each may hold wildcards."""
    wanted, have = pattern.split(":", 5), arn.split(":", 5)
    if len(wanted) != 6 or len(have) != 6:
        return fits(pattern, arn)
    return all(fits(one, other) for one, other in zip(wanted, have, strict=True))


def _number(test: Callable[[float, float], bool]) -> Compare:
    def compare(wanted: str, have: str) -> bool:
        try:
            return test(float(have), float(wanted))
        except ValueError:
            return False

    return compare


def moment(text: str) -> dt.datetime | None:
    """A date of IAM: ISO 8601, or seconds since 1970."""
    try:
        if re.fullmatch(r"-?\d{5,}(\.\d+)?", text):
            return dt.datetime.fromtimestamp(float(text), dt.UTC)
        found = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _date(test: Callable[[dt.datetime, dt.datetime], bool]) -> Compare:
    def compare(wanted: str, have: str) -> bool:
        limit, value = moment(wanted), moment(have)
        return limit is not None and value is not None and test(value, limit)

    return compare


def _address(wanted: str, have: str) -> bool:
    try:
        inner, outer = ipaddress.ip_network(have, strict=False), ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def _fold(wanted: str, have: str) -> bool:
    return wanted.casefold() == have.casefold()


_ORDER = {
    "equals": operator.eq,
    "lessthan": operator.lt,
    "lessthanequals": operator.le,
    "greaterthan": operator.gt,
    "greaterthanequals": operator.ge,
}

# Operator (lower case) -> (comparison, whether it is negated). Negated ones hold where none of the values matches.
OPERATORS: dict[str, tuple[Compare, bool]] = {
    "stringequals": (operator.eq, False),
    "stringnotequals": (operator.eq, True),
    "stringequalsignorecase": (_fold, False),
    "stringnotequalsignorecase": (_fold, True),
    "stringlike": (fits, False),
    "stringnotlike": (fits, True),
    **{f"numeric{name}": (_number(test), False) for name, test in _ORDER.items()},
    "numericnotequals": (_number(operator.eq), True),
    **{f"date{name}": (_date(test), False) for name, test in _ORDER.items()},
    "datenotequals": (_date(operator.eq), True),
    "bool": (_fold, False),
    "binaryequals": (operator.eq, False),
    "ipaddress": (_address, False),
    "notipaddress": (_address, True),
    "arnequals": (arn_like, False),
    "arnlike": (arn_like, False),
    "arnnotequals": (arn_like, True),
    "arnnotlike": (arn_like, True),
}
WILDCARDS = frozenset({"stringlike", "stringnotlike", "arnequals", "arnlike", "arnnotequals", "arnnotlike"})


def matches_all(name: str, wanted: tuple[str, ...]) -> bool:
    """Whether a positive operator with these values takes every value that there is."""
    if name in ("stringlike", "stringnotlike"):
        return any(set(each) == {"*"} for each in wanted)
    if name in ("ipaddress", "notipaddress"):
        return {"0.0.0.0/0", "::/0"} <= set(wanted)
    if name == "bool":
        return {"true", "false"} <= {each.lower() for each in wanted}
    return False


__all__ = ["OPERATORS", "TRUE", "WILDCARDS", "arn_like", "filled", "matches", "matches_all", "moment"]
