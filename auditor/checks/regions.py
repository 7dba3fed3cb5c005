"""Which of a baseline's regions are read: what lies in another one is unknown, and never missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from auditor.checks.demand import of_baseline
from auditor.checks.schema import Baseline
from auditor.model import Gap, ResourceType


class NoRegionRead(Exception):
    """A baseline none of whose regions is read: every part of it would be missing, and none of it is."""


def unread_regions(
    baselines: Iterable[Baseline], regions: Sequence[str], account: str, types: Mapping[str, ResourceType]
) -> list[Gap]:
    """A gap for each region that a baseline describes and this run does not read."""
    out: list[Gap] = []
    for baseline in baselines:
        left = [region for region in baseline.regions if region not in regions]
        if len(left) == len(baseline.regions):
            verb = "is" if len(regions) == 1 else "are"
            raise NoRegionRead(
                f"baseline {baseline.id} describes {' and '.join(left)}, and only {' and '.join(regions)} {verb} read; "
                f"choose one of its regions with --region, or leave --region out"
            )
        out += [_gap(baseline, region, account, types) for region in left]
    return list(dict.fromkeys(out))


def _gap(baseline: Baseline, region: str, account: str, types: Mapping[str, ResourceType]) -> Gap:
    wanted = [
        cfn
        for cfn in sorted(of_baseline(baseline, types))
        if types[cfn].scope == "regional" and not types[cfn].region and region not in types[cfn].also_in
    ]
    words = f"{region} was not read in this run, and {baseline.id} describes resources there"
    return Gap(account, region, "", "", "", "region-not-read", tuple(wanted), words)
