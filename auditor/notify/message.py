"""A notification in words, before any channel's form: the verdict, what to do first, and the changes system by system.

Texts are clean here (no control characters) and not yet escaped: each form does that in its own way. Where a form has
too little room, changes are left out from the least urgent on, and it is said how many; what is critical goes last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.model import SEVERITIES, digest
from auditor.notify.changes import Change
from auditor.report import words
from auditor.report.plain import clean

Record = Mapping[str, Any]
T = TypeVar("T")
MARKS = {"kept": "✅", "broken": "❌", "unknown": "❔"}
TITLES = {
    "new": "New",
    "newly": "Newly checked",
    "fixed": "Fixed",
    "unread": "Could not be looked at",
    "unknown": "Could not be told",
    "ending": "Exceptions that end soon",
    "ended": "Exceptions that ended",
}
_SHORT = {
    "new": "new",
    "newly": "newly checked",
    "fixed": "fixed",
    "unread": "not looked at",
    "unknown": "not known",
    "ending": "accepted, ending soon",
    "ended": "not accepted any more",
}
_LONG = 400
_FIRST = 3


@dataclass(frozen=True, slots=True)
class Note:
    """What one channel is told of one run. The id stays the same however often it is sent."""

    id: str
    run: str
    state: str
    headline: str
    tally: str
    changes: tuple[Change, ...]
    first: bool = False  # nothing could be compared

    @property
    def told(self) -> dict[str, Any]:
        names = ("id", "run", "state", "headline", "tally", "first")
        return {name: getattr(self, name) for name in names} | {"changes": [each.told for each in self.changes]}

    @classmethod
    def of(cls, told: Record) -> Note:
        return cls(**{**told, "changes": tuple(Change.of(each) for each in told["changes"])})


def note(run: Record, to: str, changes: Sequence[Change]) -> Note:
    keys = sorted(each.key for each in changes)
    return Note(
        digest(to, *keys), str(run["scan"]["id"]), words.state(run), words.headline(run), words.tally(run),
        tuple(changes), not run["scan"].get("previous"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and the lines below it; a line of a list begins with what kind of line it is."""

    heading: str
    lines: tuple[str, ...]
    level: int = 2
    listed: bool = True


def parts(told: Note, kept: Sequence[Change]) -> list[Part]:
    """The message with the changes that there is room for, a beginning of all."""
    out = [Part(f"{MARKS[told.state]} {told.headline}", (summary(told), told.tally), 1, listed=False)]
    first = list(dict.fromkeys(each.to_do for each in told.changes if each.to_do))[:_FIRST]
    if first:
        out.append(
            Part("To do first", tuple(f"{place}. {short(each)}" for place, each in enumerate(first, 1)), 2, False)
        )
    systems: dict[str, dict[str, list[str]]] = {}
    for each in kept:
        systems.setdefault(each.system, {}).setdefault(each.kind, []).append(_line(each))
    for system, kinds in systems.items():
        out.append(Part(short(system, 100), ()))
        out += [Part(title, tuple(kinds[kind]), 3) for kind, title in TITLES.items() if kind in kinds]
    left = told.changes[len(kept) :]
    if left:
        out.append(Part("Left out here", (f"{_counts(left)}. All of it: auditor report {told.run}",)))
    out.append(Part("", (f"Run {told.run}, notification {told.id}",), 3, listed=False))
    return out


def summary(told: Note) -> str:
    """How much of what changed, in one line."""
    since = "The first run here" if told.first else "Since the run before"
    return f"{since}: {_counts(told.changes)}."


def subject(told: Note) -> str:
    """A line for what has only one."""
    return f"auditor: {_counts(told.changes)}: {told.headline}"


def _counts(changes: Sequence[Change]) -> str:
    counts = Counter(each.kind for each in changes)
    out = []
    for kind, word in _SHORT.items():
        if counts[kind]:
            of_it = Counter[str](each.severity for each in changes if each.kind == kind and each.severity in SEVERITIES)
            out.append(f"{counts[kind]:,} {word}{words.severities(of_it) if kind == 'new' else ''}")
    return words.listed(out) or "nothing"


def _line(change: Change) -> str:
    before = f"{change.severity}: " if change.severity and change.kind in ("new", "newly", "fixed", "unknown") else ""
    return before + short(change.text)


def short(text: str, most: int = _LONG) -> str:
    line = clean(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"


def fitted(told: Note, form: Callable[[list[Part]], T], fits: Callable[[T], bool]) -> T:
    """The message in a form, with as many changes as there is room for: a prefix of them, the most urgent first."""
    whole = form(parts(told, told.changes))
    if fits(whole):
        return whole
    least, most = 0, len(told.changes) - 1  # one that fits, and one more than the last that may
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits(form(parts(told, told.changes[:middle]))) else (least, middle - 1)
    return form(parts(told, told.changes[:least]))
