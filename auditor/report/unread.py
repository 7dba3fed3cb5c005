"""What a run could not read, in words: how much of it, and what would let it be read."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.report.plain import clean
from auditor.report.words import REASONS, Run, count, listed, short_type

_NAMED = 8  # of how many types it is said


def incomplete(run: Run) -> str:
    """`2 calls failed and 1 region was not read`. A region that nobody asked to read is no call that failed, and
    neither is a check that a defect of ours left out."""
    gaps = run["coverage"]["gaps"]
    regions = {gap["region"] for gap in gaps if gap["reason"] == "region-not-read"}
    defects = [gap for gap in gaps if gap["service"] == "auditor"]
    asked = [gap for gap in gaps if gap["reason"] != "region-not-read" and gap["service"] != "auditor"]
    calls = [gap for gap in asked if gap["operation"]]
    told = [
        f"{count(len(calls), 'call')} failed" if calls else "",
        f"{count(len(regions), 'region was', 'regions were')} not read" if regions else "",
        f"{count(len(asked) - len(calls), 'value is', 'values are')} not known" if len(asked) > len(calls) else "",
        f"{count(len(defects), 'check was', 'checks were')} left out by a defect of auditor" if defects else "",
    ]
    return listed(each for each in told if each)


def permissions(run: Run) -> list[str]:
    """Every IAM action that would close a gap of this run."""
    gaps = run["coverage"]["gaps"]
    return sorted({clean(gap["permission"]) for gap in gaps if gap.get("permission") and gap["reason"] == "denied"})


def not_looked_at(run: Run) -> str:
    """How much stands there that was not looked at, the most frequent first: of code the blocks of types that are not
    described, of an account what the tagging API knows besides. Empty where it was not asked, or code has none."""
    scan = run["scan"]
    if "not_looked_at" in scan:
        kinds, silent = scan["not_looked_at"]["kinds"], _not_told(scan)
        told = "; ".join([*([_of_account(kinds)] if kinds or not silent else []), *silent])
        return told[0].upper() + told[1:]
    blocks = scan.get("not_described") or {}
    if not blocks:
        return ""
    total, kinds = count(sum(blocks.values()), "block"), count(len(blocks), "type that is", "types that are")
    return f"Not looked at: {total} of {kinds} not supported: {_named(blocks)}"


def elsewhere(run: Run) -> str:
    """The baselines that are about accounts that were not read. Nothing is said of them, so the run must say that."""
    away = run["scan"].get("elsewhere") or {}
    told = [f"{clean(name)} (about account {clean(account)}, which was not read)" for name, account in away.items()]
    return f"Not checked: {listed(told)}" if told else ""


def _of_account(kinds: Mapping[str, int]) -> str:
    if not kinds:
        return "Not looked at: nothing else that has or had a tag"
    total = count(sum(kinds.values()), "resource")
    return (
        f"Not looked at: at least {total} of {count(len(kinds), 'type')}: {_named(kinds)}"
        " (counted is what has or had a tag)"
    )


def _not_told(scan: Run) -> list[str]:
    """In which regions nothing says what else there is, and what would."""
    out = []
    for gap in scan["not_looked_at"]["gaps"]:
        where = clean(gap["region"]) or clean(gap["account"])
        why = clean(gap["cure"]) or REASONS.get(gap["reason"], clean(gap["reason"]))
        if gap["message"].startswith("NotRecorded"):
            why = "the saved inventory does not say"
        out.append(f"what else stands in {where} is not known ({why})")
    return out


def _named(found: Mapping[str, int]) -> str:
    kinds = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    named = [f"{short_type(clean(name))} ({number:,})" for name, number in kinds[:_NAMED]]
    more = f" and {count(len(kinds) - _NAMED, 'more type')}" if len(kinds) > _NAMED else ""
    return f"{', '.join(named)}{more}"
