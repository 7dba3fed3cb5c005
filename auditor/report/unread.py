"""What a run could not read, in words: how much of it, and what would let it be read."""

from __future__ import annotations

from auditor.report.plain import clean
from auditor.report.words import Run, count, listed


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
