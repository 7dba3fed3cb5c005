"""Which gaps a change brings: one is old only while all that feeds it is as it was, and for what hung on it then.

A module that cannot be read and gets another argument is a change that nobody can judge: it is told as such, with the
names of what changed, although the same gap was there before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.findings.change import paired
from auditor.findings.reach import Reach
from auditor.model import Finding, Gap, Resource, digest
from auditor.sources.feeds import Feeds

Holders = Mapping[Gap, list[tuple[Resource, str]]]
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """One side of a change: its resources, what is unknown of it, and its code as text."""

    resources: tuple[Resource, ...]
    findings: tuple[Finding, ...]
    promises: frozenset[str]
    feeds: Feeds
    gaps: tuple[Gap, ...] = ()
    planned: bool = False  # a plan tells its gaps in other words than code


def mark(unread: Iterable[Reach], base: Seen, head: Seen) -> None:
    """Say of each gap of the head whether the change brings it, or what stands behind it."""
    keys = paired(base.resources, head.resources)
    before = {key: each for each in base.resources if (key := keys.get(each.key))}
    known = base.promises | {
        digest(part.check, keys.get(whole.resource.key, whole.resource.key), part.property)
        for whole in base.findings
        if whole.verdict == "unknown"
        for part in (whole, *whole.also)
    }
    holders = _holders(head.resources)
    said = {_words(gap.message) for gap in (*base.gaps, *(gap for each in base.findings for gap in each.gaps))}
    for reach in unread:
        changed = _changed(reach, holders, before, base.feeds, head.feeds)
        if changed is None and reach.gaps and not head.planned and _words(reach.message) not in said:
            changed = []  # something else hides it now
        reach.known = frozenset() if changed is not None else known
        reach.new = any(reach.hangs().values())
        if changed:
            names = ", ".join(changed[:_NAMED]) + (f" and {len(changed) - _NAMED} more" if changed[_NAMED:] else "")
            reach.because = f"the change reaches what cannot be read: {names}"


def _words(message: str) -> str:
    """The reason of a gap without its place and without numbers."""
    return re.sub(r"\d+", "N", re.sub(r"^\S+:\d+: ", "", message))


def _holders(resources: Iterable[Resource]) -> Holders:
    """Where in resources each gap hides something."""
    out: dict[Gap, list[tuple[Resource, str]]] = {}
    for each in resources:
        for path, gap in each.unknown.items():
            out.setdefault(gap, []).append((each, path))
    return out


def _changed(
    reach: Reach, holders: Holders, before: Mapping[str, Resource], old: Feeds, new: Feeds
) -> list[str] | None:  # fmt: skip
    """The names of what feeds the gap and changed; none of it: empty, and nothing where it was the same before."""
    out: list[str] = []
    came = False
    held = [each for gap in reach.gaps for each in holders.get(gap, ())]
    for resource, path in held:
        then = before.get(resource.key)
        if then is None:  # its own verdicts are new; so are those of others, which it now hides
            came |= bool({each.resource.key for each in reach.findings} - {each.key for each, _ in held})
        elif (now := new.of(resource.place(path))) is not None:
            was = old.of(then.place(path))
            came |= was is None
            out += now.changed(was) if was else []
    if not held and reach.place and (now := new.of(reach.place)) is not None:
        was = old.named(now.name)
        # What a folder holds that may not be read can change with nothing said at its call.
        came |= was is None or now.own.get("source", "").startswith('".')
        out += now.changed(was) if was else []
    return list(dict.fromkeys(out)) if came or out else None
