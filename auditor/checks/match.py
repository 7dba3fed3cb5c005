"""The matcher language of rules and baselines, held against properties with a third answer: unknown.

A matcher is a literal, an object whose keys are property paths (all must hold), or an object of operators (all must
hold; `operators` has them). Combining is Kleene's logic: one false decides `all`, one true decides `any`, whatever is
unknown beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.operators import OPERATORS, UNFINISHED, holds, is_operators
from auditor.model import ABSENT, Answer, Change, Hidden, Json, Resource, Value, Verdict, paths


def judge_property(resource: Resource, path: str, matcher: Json) -> Iterator[Answer]:
    """One answer for each place that `path` names in the resource; a list that is absent has no places, so it holds."""
    places = resource.each(path)
    if not places:
        yield Answer("kept", path, matcher, None)
    for place, value in places:
        answer = holds(matcher, value)
        verdict: Verdict = "kept" if answer else "broken"
        if isinstance(value, Hidden):
            if answer is None:
                yield Answer.unseen(place, matcher, value.gap)
            else:
                # What was read decides. There is no change to offer for a value that is not known whole.
                yield Answer(verdict, place, matcher, shown(value.known))
        elif answer is None:
            yield Answer.unseen(place, matcher, because=UNFINISHED, actual=shown(value))
        else:
            changes = () if answer else _changes(resource, place, matcher, value)
            yield Answer(verdict, place, matcher, shown(value), changes=changes)


def shown(value: Value) -> Json:
    return None if value is ABSENT else value


def _changes(resource: Resource, place: str, matcher: Json, value: Value) -> tuple[Change, ...]:
    """The change that would satisfy the matcher, where the matcher says it exactly; many matchers do not."""
    change = Change(resource.key, place)
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
        return tuple(each for changes in nested for each in changes) if all(nested) else ()
    if len(matcher) != 1:
        return ()
    ((name, wanted),) = matcher.items()
    row = OPERATORS[name]
    made = row.change(change, wanted, value) if row.change else None
    return (made,) if made else ()
