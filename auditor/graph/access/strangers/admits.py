"""Whether a statement lets a stranger in: whether some choice of what he can bring satisfies its conditions, and
escapes every denial beside it.

Keys are chosen one by one. Two keys of one request have to do with each other (an account and its organization), which
is left out of account here: that can only let in more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from auditor.graph.access.policy.conditions import many, parsed, test
from auditor.graph.access.policy.context import Context
from auditor.graph.access.policy.documents import Clause, Document, conditions_of, is_everybody
from auditor.graph.access.policy.patterns import covers, meets
from auditor.graph.access.strangers.choices import Stranger, Test, Value, values_of
from auditor.graph.access.strangers.forms import NOT_HIS, spelled
from auditor.graph.access.strangers.keys import of_services

# What an operator says of a value: yes, no, unknown, or either, as the caller pleases.
Said = bool | None | Literal["either"]
Asked = tuple[str, str, tuple[str, ...]]  # operator as it is written, key in lower case, values
_MOST = 4096


def lets_in(clause: Clause, document: Document, who: Stranger, actions: Iterable[str] | None = None) -> bool | None:
    """Whether a statement that allows, and names him or everybody, lets a stranger in; None where what was not read, or
    is malformed, decides. `actions`: those that count; left out all that the statement is about."""
    asked = asked_by(clause.condition)
    strangers = [who]
    if who.kind == "anybody" and any(of_services(key) for _, key, _ in asked):
        # A statement that looks at what only services bring is written for services: on whose behalf do they call?
        strangers.append(replace(who, kind="service"))
    denials = [each for each in document.clauses if each.denies]
    raw = clause.raw
    acts = tuple(actions) if actions is not None else ("*",) if clause.but_actions else many(raw.get("Action", ()))
    places = ("*",) if clause.but_resources else clause.resources
    answers: dict[tuple[object, ...], bool | None] = {}
    for one in strangers:
        means = [each for each in denials if _means(each, one)]
        for action in acts:
            acting = [each for each in means if _covers(each, "Action", action.lower(), str.lower)]
            for place in places:
                over = [each for each in acting if _covers(each, "Resource", place)]
                key = (one.kind, *(id(each) for each in over))
                if key not in answers:
                    answers[key] = admitted(one, asked, [asked_by(each.condition) for each in over])
    return True if True in answers.values() else None if None in answers.values() else False


def asked_by(block: Mapping[str, Any]) -> list[Asked]:
    """A condition, operator by operator and key by key."""
    return [(operator, key.lower(), many(wanted)) for operator, keys in block.items() for key, wanted in keys.items()]


def shutting(raw: dict[str, Any], who: Stranger) -> list[str]:
    """The keys of a statement of which each alone keeps the stranger out."""
    asked = asked_by(conditions_of(raw))
    keys = [key for keys in conditions_of(raw).values() for key in keys]
    return [
        key
        for key in dict.fromkeys(keys)
        if admitted(who, [each for each in asked if each[1] == key.lower()], []) is False
    ]


def _means(denial: Clause, who: Stranger) -> bool:
    """Whether a denial is about the stranger: it names everybody, or him, or spares others only."""
    if denial.raw.get("Principal") is None and not denial.but_principals:
        return True  # a statement of a policy that names nobody by itself
    named = any(_names(kind, each, who) for kind, each in denial.principals)
    return named != denial.but_principals


def _names(kind: str, each: str, who: Stranger) -> bool:
    if kind == "AWS" and who.kind == "account":
        return is_everybody(each) or each == who.account or each.endswith(f"::{who.account}:root")
    if kind == "Federated":
        return who.kind == "federated" and who.issuer != "" and each.lower().endswith(who.issuer)
    return kind in ("AWS", "Unread") and is_everybody(each)


def _covers(denial: Clause, element: str, wanted: str, fold: Any = str) -> bool:
    """Whether a denial takes in all of a pattern of actions or resources."""
    if f"Not{element}" in denial.raw:
        return not any(meets(fold(each), wanted) for each in many(denial.raw[f"Not{element}"]))
    return any(covers(fold(each), wanted) for each in many(denial.raw.get(element, ("*",))))


def admitted(who: Stranger, asked: Sequence[Asked], denials: Sequence[Sequence[Asked]]) -> bool | None:
    """Whether values that he can bring satisfy all conditions and fail one of each denial."""
    if not _solvable(who, asked, denials, True):
        return False
    return True if _solvable(who, asked, denials, False) else None


def _solvable(who: Stranger, asked: Sequence[Asked], denials: Sequence[Sequence[Asked]], hoping: bool) -> bool:
    """`hoping`: what is unknown counts as it suits him."""
    yes: tuple[Said, ...] = (True, "either", None) if hoping else (True, "either")
    no: tuple[Said, ...] = (False, "either", None) if hoping else (False, "either")
    reached = {0}
    for key in dict.fromkeys(each[1] for each in (*asked, *(each for denial in denials for each in denial))):
        mine = [each for each in asked if each[1] == key]
        against = [[each for each in denial if each[1] == key] for denial in denials]
        escapes = set()
        for value in values_of(who, key, _plain((*mine, *(each for denial in against for each in denial)))):
            if all(_says(each, value, who) in yes for each in mine):
                bits = (
                    1 << number
                    for number, denial in enumerate(against)
                    if any(_says(each, value, who) in no for each in denial)
                )
                escapes.add(sum(bits))
        if not escapes:
            return False
        reached = _largest({one | other for one in reached for other in _largest(escapes)})
    return (1 << len(denials)) - 1 in reached


def _largest(masks: set[int]) -> set[int]:
    """Those that no other takes in; beyond a bound the union of all, which can only let in more."""
    if len(masks) > _MOST:
        whole = 0
        for each in masks:
            whole |= each
        return {whole}
    return {one for one in masks if not any(one != other and one | other == other for other in masks)}


def _plain(asked: Iterable[Asked]) -> Iterator[Test]:
    for operator, key, wanted in asked:
        yield parsed(operator)[1], key, wanted


def _says(asked: Asked, value: Value, who: Stranger) -> Said:
    operator, key, wanted = asked
    _, name, _ = parsed(operator)
    context = Context({key: value}, frozenset())
    if name == "null" or value is None:
        return test(operator, key, wanted, context).value
    texts = [spelled(text) for text in wanted]
    plain = tuple(each for each in texts if isinstance(each, str))
    found = test(operator, key, plain, context).value if plain else test(operator, key, (NOT_HIS,), context).value
    if len(plain) == len(texts):
        return found
    known = "not" in name  # a negated operator holds as long as no value of the policy matches
    decided = found is (not known) and bool(plain)
    return found if decided else None if None in texts else "either"
