"""What a saved run changed: the only thing that is told.

A change is recognised by what it is about and by the run that it is compared with, so that two runs which found the
same thing new since the same run are one change, and what comes back after it was fixed is another one. What could not
be read is compared with the newest run that looked at as much: a narrow run in between changes nothing.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from auditor.config.channels import Wanted
from auditor.model import SEVERITIES, digest
from auditor.report import words
from auditor.report.plain import clean

Record = Mapping[str, Any]
KINDS = ("new", "ended", "ending", "unread", "unknown", "newly", "fixed")  # the most urgent first
_EXCEPTION = re.compile(r"the exception for (\S+)(?: of (.+))? (?:ends|ended) on ")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different now. `to_do` is what a person would do about it, where there is something."""

    kind: str
    about: str  # what it is recognised by, beside `base`
    base: str  # the run that this one is compared with
    text: str
    system: str
    severity: str = ""
    check: str = ""
    account: str = ""
    region: str = ""
    baselines: tuple[str, ...] = ()
    to_do: str = ""
    tags: tuple[str, ...] | None = None  # as `team=web`; None where they are not known

    @property
    def key(self) -> str:
        return digest(self.kind, self.about, self.base)

    @property
    def told(self) -> dict[str, Any]:
        tags = None if self.tags is None else list(self.tags)
        return asdict(self) | {"baselines": list(self.baselines), "tags": tags}

    @classmethod
    def of(cls, told: Record) -> Change:
        tags = told.get("tags")
        tuples = {"baselines": tuple(told["baselines"]), "tags": None if tags is None else tuple(tags)}
        return cls(**{**told, **tuples})

    @property
    def rank(self) -> tuple[int, int]:
        """How soon it is told where there is no room for all: critical findings before anything else."""
        severity = SEVERITIES.index(self.severity) if self.severity in SEVERITIES else 2
        late = len(SEVERITIES) if self.kind == "fixed" else 0
        return severity + late, KINDS.index(self.kind)


def changes(run: Record, before: Record | None) -> list[Change]:
    """Everything that changed, the most urgent first; `before` is the run that looked at as much."""
    base = str((run["scan"].get("previous") or {}).get("id", ""))
    looked = str(before["scan"]["id"]) if before else ""
    found = [*_findings(run, base), *_unread(run, before, looked), *_exceptions(run, before)]
    return sorted(dict.fromkeys(found), key=lambda each: (each.rank, each.system, each.text, each.about))


def _findings(run: Record, base: str) -> Iterator[Change]:
    tags = {each["resource"]: tuple(f"{k}={v}" for k, v in each["tags"].items()) for each in run.get("tags") or ()}
    for found in run["findings"]:
        if found.get("status") == "new" and not found.get("waiver"):
            newly = "newly" if found.get("newly_checked") else "new"  # nobody looked before: no drift
            kind = newly if found["verdict"] == "broken" else "unknown"
            yield _finding(run, found, kind, base, tags)
    for found in run.get("mended") or ():
        yield _finding(run, found, "fixed", base, tags)


def _finding(run: Record, found: Record, kind: str, base: str, tags: Mapping[str, tuple[str, ...]]) -> Change:
    owner = found["resource"]
    name = clean(owner.get("name") or owner["id"])
    said = clean(found.get("title") or found["check"])
    if why := {"unknown": found.get("because"), "newly": found.get("newly_checked")}.get(kind):
        said += f": {clean(why)}"
    baseline = _baseline(run, found["check"])
    where = _where(owner.get("account"), owner.get("region"))
    return Change(
        kind,
        str(found["id"]),
        base,
        f"{said} ({name}, {words.short_type(owner['type'])})" if name not in said else f"{said} ({where})",
        baseline or where,
        str(found.get("severity") or ""),
        str(found["check"]),
        str(owner.get("account") or ""),
        str(owner.get("region") or ""),
        (baseline,) if baseline else (),
        _to_do(found) if kind in ("new", "newly") else "",
        tags.get(owner["key"]),
    )


def _to_do(found: Record) -> str:
    remedy = found.get("remedy") or {}
    how = clean(remedy.get("text")) or clean(found.get("demand"))
    plan = f" (auditor plan --finding {clean(found['id'])})" if remedy.get("kind") == "automatic" else ""
    return f"{clean(found['title'])}: {how or 'see the report'}{plan}"


def _baseline(run: Record, check: str) -> str:
    name, slash, _ = str(check).partition("/")
    return name if slash and name in run["scan"].get("baselines", ()) else ""


def _where(account: Any, region: Any) -> str:
    return "/".join(clean(each) for each in (account, region) if each) or "everywhere"


# ---- what could not be looked at


def _unread(run: Record, before: Record | None, base: str) -> Iterator[Change]:
    """Gaps that were not there before, and what is not looked at any more."""
    baselines = tuple(run["scan"].get("baselines", ()))
    known = {_gap_key(gap) for gap in (before or {"coverage": {"gaps": ()}})["coverage"]["gaps"]}
    for gap in run["coverage"]["gaps"]:
        if (key := _gap_key(gap)) in known:
            continue
        account, region = str(gap.get("account") or ""), str(gap.get("region") or "")
        cure = f"allow {gap['permission']}" if gap.get("permission") and gap["reason"] == "denied" else gap.get("cure")
        text = f"{words.call(gap)}: {words.REASONS.get(gap['reason'], clean(gap['reason']))}"
        text += f" ({words.count(gap['count'], 'time')})" if gap.get("count", 1) > 1 else ""
        yield Change(
            "unread", key, base, text, _where(account, region), account=account, region=region, baselines=baselines,
            to_do=f"Let auditor read {words.call(gap)} ({_where(account, region)}): {clean(cure)}" if cure else "",
        )  # fmt: skip
    yield from _narrower(run, before or run, base)


def _narrower(run: Record, before: Record, base: str) -> Iterator[Change]:
    """What was looked at before, and is not any more."""
    away = {name: _away(run, before, name) for name in ("accounts", "regions", "baselines", "rules")}
    for name, word in (("accounts", "account"), ("regions", "region")):
        for gone in away[name]:
            text = f"{word} {clean(gone)} was read before, and is not any more"
            account, region = (gone, "") if word == "account" else ("", gone)
            yield Change("unread", f"{word} {gone}", base, text, clean(gone), account=account, region=region)
    for name, word in (("baselines", "document"), ("rules", "rule")):
        if names := away[name]:
            more = [f"{len(names) - 5:,} more"] if len(names) > 5 else []
            text = f"{words.count(len(names), word)} checked before and not any more: "
            text += words.listed([*map(clean, names[:5]), *more])
            mine = tuple(names) if word == "document" else tuple(run["scan"].get("baselines", ()))
            yield Change("unread", f"{word} {' '.join(names)}", base, text, "everywhere", baselines=mine)


def _away(run: Record, before: Record, name: str) -> list[str]:
    return sorted(set(map(str, before["scan"].get(name, ()))) - set(map(str, run["scan"].get(name, ()))))


def _gap_key(gap: Record) -> str:
    names = ("account", "region", "service", "operation", "permission", "reason")
    return digest(*(str(gap.get(name) or "") for name in names), *map(str, gap.get("types") or ()))


# ---- exceptions that end


def _exceptions(run: Record, before: Record | None) -> Iterator[Change]:
    """Waivers about to end, and those that ended: each told once, wherever in its file it stands."""
    known = (before or {}).get("exceptions") or {}
    for kind in ("ended", "ending"):
        told = {_bare(line) for line in known.get(kind) or ()}
        for line in (run.get("exceptions") or {}).get(kind) or ():
            if _bare(line) in told:
                continue
            meant = _EXCEPTION.search(line)
            found = _meant(run, meant[1], meant[2] or "") if meant else None
            owner: Record = (found or {}).get("resource") or {}
            check = meant[1] if meant else ""
            baseline = _baseline(run, check)
            yield Change(
                kind, _bare(line), "", clean(line), baseline or _where(owner.get("account"), owner.get("region")),
                str((found or {}).get("severity") or ""), check,
                str(owner.get("account") or ""), str(owner.get("region") or ""), (baseline,) if baseline else (),
                f"Mend or renew: {clean(line)}",
            )  # fmt: skip


def _bare(line: str) -> str:
    """The line without its place in the file, and without what follows the day."""
    at = line.find("the exception for ")
    return re.split(r"; ", line[max(at, 0) :])[0]


def _meant(run: Record, check: str, name: str) -> Record | None:
    """The finding that an exception is for, where it is one of the run."""
    every = [*run["findings"], *(run.get("mended") or ())]
    mine = [each for each in every if each["check"] == check]
    exact = (each for each in mine if name in {str(value) for value in each["resource"].values()})
    return next(exact, mine[0] if len(mine) == 1 else None)


# ---- who gets what


def wanted(change: Change, by: Wanted) -> bool:
    """Whether a channel is for a change. What is of no known account, region, severity or tag may be of any, so
    it fits."""
    known = change.severity in SEVERITIES
    if known and SEVERITIES.index(change.severity) > SEVERITIES.index(by.severity):
        return False
    if by.tags and change.tags is not None and not set(by.tags) & set(change.tags):
        return False
    if by.accounts and change.account and change.account not in by.accounts:
        return False
    if by.regions and change.region not in ("", "global", *by.regions):
        return False
    if by.baselines and not any(_any(each, by.baselines) for each in change.baselines):
        return False
    return not by.checks or change.kind == "unread" or _any(change.check, by.checks)


def _any(text: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(text, each) for each in patterns)
