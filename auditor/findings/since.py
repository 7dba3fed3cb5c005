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

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from auditor.findings.together import parts, told_together
from auditor.model import GLOBAL, ResourceType
from auditor.resources import load

Record = dict[str, Any]


def since(
    previous: Mapping[str, Any] | None,
    run: Mapping[str, Any],
    types: Mapping[str, ResourceType] | None = None,
    there: Collection[str] | None = None,
) -> Record:
    """The run with each finding's `status`, and with the lists `mended` and `carried`.

    `previous` holds what was open before as `findings` and `carried`: a record, or what `Store.previous` puts
    together from several. `there` are the keys of the resources that the run saw, where that is known. A finding that
    was unknown before and is broken now is new: it is reported for the first time. `was` remembers that a finding
    which is unknown now was broken.
    """
    before = {each["id"]: each for whole in open_findings(previous or {}) for each in parts(whole)}
    now, seen = [], set()
    for found in run.get("findings", ()):
        ids = [each["id"] for each in parts(found)]
        now.append(_marked(found, [before[each] for each in ids if each in before]))
        seen.update(ids)
    gone = [before[key] for key in sorted(before.keys() - seen)]
    looked = _Looked(run, load() if types is None else types, there)
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
    return {**run, "scan": scan, "findings": now, **told}


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
    return out


class _Looked:
    """What one run really looked at."""

    def __init__(
        self, run: Mapping[str, Any], types: Mapping[str, ResourceType], there: Collection[str] | None
    ) -> None:
        scan = run["scan"]
        self.there = there
        self.types = types
        self.accounts = set(scan.get("accounts", ()))
        self.regions = set(scan.get("regions", ()))
        self.asked = set(scan.get("types", ()))
        self.rules = set(scan.get("rules", ()))
        self.baselines = set(scan.get("baselines", ()))
        self.others = {"checkov"} & scan.keys()  # programs beside our own rules that answered
        self.gaps = list(run.get("coverage", {}).get("gaps", ()))
        self.promises = {f"{each['baseline']}/{each['id']}": each["verdict"] for each in run.get("promises", ())}
        unknown = [each for each in run.get("findings", ()) if each["verdict"] == "unknown"]
        self.blind = {(each["check"], each["resource"]["key"]) for each in unknown}
        self.blind_lists = {
            (each["check"], each["resource"]["account"])
            for each in unknown
            if each["resource"]["id"].startswith("*") or each["kind"] in ("missing", "extra")
        }

    def at(self, finding: Mapping[str, Any]) -> bool:
        resource = finding["resource"]
        if not self._judged(finding) or not self._searched(resource) or self._told_unknown(finding):
            return False
        return not self._hidden(resource) and not self._cut_off(finding)

    def withdrew(self, finding: Mapping[str, Any]) -> bool:
        """Whether the finding's promise is gone from a document that was held against the account."""
        baseline, slash, _ = finding["check"].partition("/")
        if not slash or baseline not in self.baselines or finding["kind"] == "extra":
            return False
        return finding["check"] not in self.promises

    def _judged(self, finding: Mapping[str, Any]) -> bool:
        check = finding["check"]
        baseline, slash, _ = check.partition("/")
        if not slash:
            return check in self.rules
        if baseline in self.others:
            return True
        return baseline in self.baselines and self.promises.get(check, "kept") != "unknown"

    def _searched(self, resource: Mapping[str, Any]) -> bool:
        if resource["account"] and resource["account"] not in self.accounts:
            return False
        if resource["type"] not in self.asked:
            return False
        return resource["region"] in ("", GLOBAL) or not self.regions or self._in_regions(resource)

    def _in_regions(self, resource: Mapping[str, Any]) -> bool:
        described = self.types.get(resource["type"])
        if described and self._everywhere(described):
            return True
        also = described.also_in if described else ()
        return resource["region"] in self.regions or resource["region"] in also

    def _everywhere(self, described: ResourceType) -> bool:
        """Whether one list answers for all regions, as S3's does."""
        return described.scope != "regional" or bool(described.region)

    def _hidden(self, resource: Mapping[str, Any]) -> bool:
        return any(self._hides(gap, resource) for gap in self.gaps)

    def _cut_off(self, finding: Mapping[str, Any]) -> bool:
        """Whether something was not read that the finding's verdict rested on beside its own resource."""
        resource = finding["resource"]
        if self.there is not None and resource["key"] not in self.there and finding["kind"] != "missing":
            return False  # its type was read, and it is not there any more
        ends = {edge[end] for edge in finding.get("evidence") or () for end in ("tail", "head")} - {resource["key"]}
        near = [gap for gap in self.gaps if not resource["account"] or gap["account"] in ("", resource["account"])]
        if finding["kind"] == "extra" and any(gap["types"] and not gap.get("subjects") for gap in near):
            return True
        return any(self._hides_end(gap, end) for gap in near for end in ends)

    def _hides_end(self, gap: Mapping[str, Any], key: str) -> bool:
        """Whether a gap hides the resource of a key. Of an ARN the type is not known, but the service is."""
        subjects = list(gap.get("subjects", ()))
        if subjects and int(gap.get("count", 1)) <= len(subjects):
            return key in subjects
        parts = key.split(":")
        if parts[0] == "arn" and len(parts) > 5:
            return parts[2] in (gap.get("service"), str(gap.get("permission", "")).partition(":")[0])
        return any(f"/{cfn}/" in key for cfn in gap["types"])

    def _hides(self, gap: Mapping[str, Any], resource: Mapping[str, Any]) -> bool:
        if resource["type"] not in gap["types"]:
            return False
        if resource["account"] and gap["account"] and gap["account"] != resource["account"]:
            return False
        described = self.types.get(resource["type"])
        regional = described is not None and not self._everywhere(described)
        if regional and resource["region"] and gap["region"] not in (resource["region"], GLOBAL, ""):
            return False
        subjects: Iterable[str] = gap.get("subjects", ())
        if not subjects or int(gap.get("count", 1)) > len(list(subjects)):
            return True
        # A resource that is listed over a parent is hidden by its parent's gap, which it does not name.
        return resource["key"] in subjects or described is None or bool(described.over)

    def _told_unknown(self, finding: Mapping[str, Any]) -> bool:
        """Whether this run itself says that it could not tell, under another property or for a whole list."""
        resource, check = finding["resource"], finding["check"]
        if (check, resource["key"]) in self.blind:
            return True
        return any(
            check == theirs and (not account or not resource["account"] or account == resource["account"])
            for theirs, account in self.blind_lists
        )
