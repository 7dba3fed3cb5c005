"""Which new findings are drift, and which are new only because somebody looks there for the first time.

A finding of a rule, a baseline, a region, an account or a permission that no earlier run had says nothing of when it
came to be, and neither does one of a rule that asks something else now, or of another version of this program. The
newest earlier run that looked at the very place decides: it did not find it then. Where it asked the same, the finding
came to be since; where it asked otherwise, that cannot be said, and a pipeline must not fail by an upgrade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from auditor.findings.looked import REASONS, Looked
from auditor.model import ResourceType

Record = dict[str, Any]
# The small part of an earlier run, and how the whole of it is read; None where it is damaged.
Earlier = tuple[Mapping[str, Any], Callable[[], Mapping[str, Any] | None]]


def first_looks(
    new: Iterable[Mapping[str, Any]],
    run: Mapping[str, Any],
    earlier: Iterable[Earlier],
    types: Mapping[str, ResourceType],
    renamed: Mapping[str, str],
) -> dict[str, str]:
    """By finding why nobody looked there before, one of REASONS; of what came to be since, nothing."""
    pending = {each["id"]: each for each in new}
    out = dict.fromkeys(pending, REASONS[0])
    for head, read in earlier:
        if not pending:
            break
        maybe = _asked(pending.values(), _now(head, renamed), types, out)
        whole = read() if maybe else None
        if whole is None:
            continue
        before = _now(whole, renamed)
        for each in _asked(maybe, before, types, out):
            out[each["id"]] = _otherwise(each, before, run)
            del pending[each["id"]]
    return {known: why for known, why in out.items() if why}


def _asked(
    findings: Iterable[Mapping[str, Any]],
    before: Mapping[str, Any],
    types: Mapping[str, ResourceType],
    out: dict[str, str],
) -> list[Mapping[str, Any]]:
    """The findings that a run looked at. Of the others is noted what it lacked, where no other run came further."""
    looked = Looked(before, types, None)
    asked = []
    for each in findings:
        if why := looked.why_not(each):
            out[each["id"]] = max(out[each["id"]], why, key=REASONS.index)
        else:
            asked.append(each)
    return asked


def _otherwise(finding: Mapping[str, Any], before: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    """What asks otherwise now than in a run that looked and found nothing; empty where all is the same."""
    baseline, slash, _ = finding["check"].partition("/")
    then, now = (each["scan"].get("definitions") or {} for each in (before, run))
    if then.get(baseline) != now.get(baseline):
        return "baseline" if slash else "rule"
    same = _versions(before) == _versions(run)
    return "" if same else "program"


def _versions(run: Mapping[str, Any]) -> tuple[Any, Any]:
    return (run.get("tool") or {}).get("version"), (run["scan"].get("checkov") or {}).get("version")


def _now(run: Mapping[str, Any], renamed: Mapping[str, str]) -> Mapping[str, Any]:
    """An earlier run with its rules under the names that they have now."""
    if not renamed:
        return run
    scan = run["scan"]
    named = {renamed.get(name, name): known for name, known in (scan.get("definitions") or {}).items()}
    return {**run, "scan": {**scan, "rules": [renamed.get(each, each) for each in scan.get("rules", ())],
                            "definitions": named}}  # fmt: skip
