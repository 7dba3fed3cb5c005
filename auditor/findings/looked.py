"""What one run really looked at: whether it would have found a finding that it does not have, and if not, why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from auditor.model import GLOBAL, ResourceType

# Why a run did not look somewhere, from what it lacked first: each needs all that stand before it.
REASONS = ("account", "region", "rule", "baseline", "permission", "program")


class Looked:
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

    def saw(self, resource: Mapping[str, Any]) -> bool:
        """Whether it would have found a resource that is there."""
        return self._searched(resource) and not self._hidden(resource)

    def why_not(self, finding: Mapping[str, Any]) -> str:
        """What kept the run from looking at a finding, one of REASONS; empty where it looked."""
        resource, check = finding["resource"], finding["check"]
        if resource["account"] and resource["account"] not in self.accounts:
            return "account"
        if resource["region"] not in ("", GLOBAL) and self.regions and not self._in_regions(resource):
            return "region"
        baseline, slash, _ = check.partition("/")
        kind = "baseline" if slash else "rule"
        asked = baseline in {*self.baselines, *self.others} if slash else check in self.rules
        if not asked or resource["type"] not in self.asked:
            return kind
        return "" if self.at(finding) else "permission"

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
        # What is listed over a parent is hidden where the parent's list is, and that may answer for all regions.
        lists = [each for each in (described, self.types.get(described.over) if described else None) if each]
        regional = bool(lists) and not any(map(self._everywhere, lists))
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
