"""What is new, what is still there and what is fixed since the runs before.

A run closes only what it looked at. A finding that is absent now is fixed (`mended` in the record) when this run judged
its check, searched its account and region for its type, and no gap hides what the finding's verdict rested on: the
resource, what its evidence leads through, and, for what no document names, everything that could have joined it to the
system (unless it is certainly gone itself). Otherwise it is *carried*: kept in the
record as it was last seen, so that the newest record of an account always holds everything that is open there, however
narrow or broken the runs in between were. What a document no longer promises is neither: it is withdrawn and leaves
without being counted. What is compared are judgements, not how a run put them together (see `together`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from auditor.findings.looked import Looked
from auditor.findings.newly import Earlier, first_looks
from auditor.findings.together import parts, told_together
from auditor.model import ResourceType, digest
from auditor.resources import load

Record = dict[str, Any]


def since(
    previous: Mapping[str, Any] | None,
    run: Mapping[str, Any],
    types: Mapping[str, ResourceType] | None = None,
    there: Collection[str] | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Record:
    """The run with each finding's `status`, and with the lists `mended` and `carried`.

    `previous` holds what was open before as `findings` and `carried`: a record, or what `Store.previous` puts
    together from several. `there` are the keys of the resources that the run saw, where that is known, and `renamed`
    the rules of now by the IDs that they had before. A finding that was unknown before and is broken now is new: it is
    reported for the first time. `was` remembers that a finding which is unknown now was broken. What is new only
    because nobody looked before is `newly_checked` (see `newly`), and what stays has `first_seen` and its `days`.
    """
    types, renamed = load() if types is None else types, renamed or {}
    before = {each["id"]: each for whole in open_findings(previous or {}) for each in _named_now(whole, renamed)}
    now, seen = [], set()
    for found in run.get("findings", ()):
        ids = [each["id"] for each in parts(found)]
        now.append(_marked(found, [before[each] for each in ids if each in before]))
        seen.update(ids)
    gone = [before[key] for key in sorted(before.keys() - seen)]
    looked = Looked(run, types, there)
    mended, carried = [], []
    for each in gone:
        if looked.withdrew(each):
            continue
        if not looked.at(each):
            carried.append({**each, "status": "still"})
        elif _was_broken(each):
            mended.append(each)
    known = (previous or {}).get("runs", ())
    scan = {**run["scan"], "previous": {"id": known[0]}} if known else run["scan"]
    told = {"mended": told_together(mended), "carried": told_together(carried)}
    out = {**run, "scan": scan, "findings": now, **told}
    return _dated(_first_looks(out, previous, types, renamed))


def _named_now(whole: Record, renamed: Mapping[str, str]) -> list[Record]:
    """The judgements of a finding by the names that their rules have now: one that is renamed keeps its findings."""
    out = []
    for each in parts(whole):
        if check := renamed.get(each["check"]):
            each = {**each, "check": check, "id": digest(check, each["resource"]["key"], each.get("property", ""))}
        out.append(each)
    return out


def _first_looks(
    run: Record, previous: Mapping[str, Any] | None, types: Mapping[str, ResourceType], renamed: Mapping[str, str]
) -> Record:
    """The run with its new findings told apart, and how many came and went; nothing where nothing was before."""
    if previous is None or "earlier" not in previous:
        return run
    new = [each for each in run["findings"] if each["status"] == "new" and each["verdict"] == "broken"]
    reasons = first_looks(new, run, previous["earlier"], types, renamed)
    for each in new:
        if why := reasons.get(each["id"]):
            each["newly_checked"] = why
    counted = [each for each in new if not each.get("waiver")]
    newly = sum("newly_checked" in each for each in counted)
    counts = {"new": len(counted) - newly, "newly_checked": newly, "fixed": len(run["mended"])}
    return {**run, "summary": {**run.get("summary", {}), **counts}}


def _dated(run: Record) -> Record:
    """Since when each open finding is known, and for how many days."""
    finished = str(run["scan"].get("finished", ""))
    for each in [*run["findings"], *run["carried"]] if finished else ():
        each.setdefault("first_seen", finished)
        days = (dt.datetime.fromisoformat(finished) - dt.datetime.fromisoformat(each["first_seen"])).days
        each["days"] = max(0, days)
    return run


def compared_with(before: Mapping[str, Any], run: Mapping[str, Any], earlier: Iterable[Earlier]) -> Record:
    """A kept run compared with any earlier one, and not with the one before it; `earlier` are that one and those before
    it, newest first."""
    bare = [{name: value for name, value in each.items() if name != "newly_checked"} for each in run["findings"]]
    known = {"runs": [before["scan"]["id"]], "findings": open_findings(before), "earlier": earlier}
    return since(known, {**run, "findings": bare})


def open_findings(record: Mapping[str, Any]) -> list[Record]:
    """Everything that a record knows to be open: what it found, and what it did not look at."""
    return [*record.get("findings", ()), *record.get("carried", ())]


def _was_broken(finding: Mapping[str, Any]) -> bool:
    return finding["verdict"] == "broken" or finding.get("was") == "broken"


def _marked(finding: Mapping[str, Any], before: list[Record]) -> Record:
    """The finding with its status: known where any judgement of the same fact was."""
    out = dict(finding)
    known = any(_was_broken(each) or finding["verdict"] != "broken" for each in before)
    out["status"] = "still" if known else "new"
    if finding["verdict"] == "unknown" and any(_was_broken(each) for each in before):
        out["was"] = "broken"
    if seen := [each["first_seen"] for each in before if known and "first_seen" in each]:
        out["first_seen"] = min(seen)
    return out
