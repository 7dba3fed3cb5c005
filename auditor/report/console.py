"""The run on a terminal: verdict first, then what changed, what is wrong by severity, what could not be seen, counts.

Calm by default: what is kept is a number, the worst findings come in full, the others as a number. Off a terminal, or
with NO_COLOR, the same words come without colour; where the stream cannot write a sign, a letter stands for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.text import Text

from auditor.model import SEVERITIES
from auditor.report import Options, change, view, words
from auditor.report.plain import clean

Run = Mapping[str, Any]
_WIDTH, _MOST_WIDE, _NARROW = 100, 120, 40
_VERDICTS = {
    "kept": ("✓", "+", "green"),
    "broken": ("✗", "x", "red"),
    "unknown": ("?", "?", "yellow"),
    "unverifiable": ("·", ".", "dim"),
}
_SEVERITIES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}
_FEW, _LONG = 5, 160
_ASCII = str.maketrans({"·": ",", "–": "-", "…": "...", "→": "->", "’": "'", "“": '"', "”": '"'})  # noqa: RUF001


def write(run: Run, out: TextIO, options: Options) -> None:
    console = _console(out, options)
    if run.get("gate"):
        for by, line in change.blocks(run, options, not _plain(out)):
            console.print(_in(by, line, hang=2))
        return
    teller = _Teller(run, options, not _plain(out))
    for block in teller.blocks():
        console.print(block)


def _plain(out: TextIO) -> bool:
    """Whether the stream has only the letters of English."""
    encoding = (getattr(out, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
    return not encoding.startswith("utf") and encoding != "cp65001"


def _console(out: TextIO, options: Options) -> Console:
    terminal = bool(getattr(out, "isatty", lambda: False)())
    color = options.color if options.color is not None else None
    console = Console(
        file=_Escaping(out) if _plain(out) else out,  # type: ignore[arg-type]
        force_terminal=color if color is not None else (None if terminal else _forced()),
        no_color=None if color is None else not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    width = options.width or (console.width if terminal else int(os.environ.get("COLUMNS") or _WIDTH))
    console.width = max(_NARROW, min(width, _MOST_WIDE))
    return console


def _forced() -> bool | None:
    """Off a terminal there is no colour, unless the environment insists."""
    return None if os.environ.get("FORCE_COLOR") else False


class _Escaping:
    """A stream that cannot write every letter gets visible escapes for the others."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.encoding = out, out.encoding

    def write(self, text: str) -> int:
        return self.out.write(text.translate(_ASCII).encode(self.encoding, "backslashreplace").decode(self.encoding))

    def flush(self) -> None:
        self.out.flush()

    def isatty(self) -> bool:
        return self.out.isatty()


class _Teller:
    """The blocks of the text, each a renderable; `rich` is whether signs beyond ASCII may be used."""

    def __init__(self, run: Run, options: Options, rich: bool) -> None:
        self.run, self.options, self.rich = run, options, rich
        self.names = words.labels(run)
        self.compare = words.has_previous(run)
        views = [view.finding(each, self.names, self.compare) for each in run["findings"]]
        self.raw = {told["id"]: each for told, each in zip(views, run["findings"], strict=True)}
        accounts = run["scan"].get("accounts", ())
        self.home = f"{clean(accounts[0])} · " if len(accounts) == 1 else ""
        self.live = [each for each in views if "waiver" not in each]
        self.waived = [each for each in views if "waiver" in each]

    def blocks(self) -> Iterator[RenderableType]:
        yield self._verdict()
        if self.compare:
            yield from self._changes()
        yield from self._findings()
        yield from self._gaps()
        if self.options.verbose:
            yield from self._kept()
        else:
            yield from self._depending()
        yield from self._counts()

    # ------------------------------------------------------------ parts

    def _mark(self, verdict: str) -> Text:
        sign, letter, style = _VERDICTS[verdict]
        return Text(sign if self.rich else letter, style=style)

    def _verdict(self) -> RenderableType:
        state = words.state(self.run)
        head = Text.assemble(self._mark(state), " ", (words.headline(self.run), f"bold {_VERDICTS[state][2]}"))
        lines: list[RenderableType] = [_in(0, head, hang=2), _in(2, Text(words.tally(self.run)))]
        if not self.run["coverage"]["complete"]:
            gaps = words.count(len(self.run["coverage"]["gaps"]), "call")
            lines.append(_in(2, Text(f"Incomplete: {gaps} could not be made; see below.", "yellow")))
        return Group(*lines)

    def _changes(self) -> Iterator[RenderableType]:
        fresh = [each for each in self.live if each.get("new")]
        mended = self.run.get("mended", ())
        unchanged = len(self.live) - len(fresh)
        counts = words.changes(self.run, len(fresh), unchanged)
        yield Text.assemble("\n", ("Since the run before", "bold"), f"  {counts}")
        told = [("new", each["severity"], each["title"], each["name"]) for each in fresh]
        gone = [("mended", "info", clean(each["title"]), clean(each["resource"].get("name"))) for each in mended]
        for rows in (told, gone):
            few = rows if self.options.verbose else rows[:_FEW]
            for word, severity, title, name in few:
                style = "green" if word == "mended" else _SEVERITIES[severity]
                yield _in(2, Text.assemble((f"{word:<7}", style), f"{title}: ", (name, "bold")), hang=7)
            if len(rows) > len(few):
                yield _in(2, Text(f"       and {len(rows) - len(few):,} more", "dim"))

    def _findings(self) -> Iterator[RenderableType]:
        most = len(self.live) if self.options.verbose else self.options.worst
        for severity in SEVERITIES:
            mine = [each for each in self.live[:most] if each["severity"] == severity]
            if mine:
                total = sum(each["severity"] == severity for each in self.live)
                yield Text.assemble("\n", (severity.capitalize(), _SEVERITIES[severity]), (f"  {total:,}", "dim"))
                for found in mine:
                    yield self._finding(found)
        if len(self.live) > most:
            left = words.count(len(self.live) - most, "less severe finding")
            yield Text(f"\nAnd {left}: --verbose shows all, --format html or json too.", "dim")

    def _finding(self, found: Mapping[str, Any]) -> RenderableType:
        new = (" new", "bold cyan") if found.get("new") else ""
        place = found.get("place", "").removeprefix(self.home)
        facts = " · ".join(["", found["noun"], place, found["id"]] if place else ["", found["noun"], found["id"]])
        lines: list[RenderableType] = [
            _in(2, Text.assemble(self._mark(found["verdict"]), " ", (found["title"], "bold"), new), hang=2),
            _in(4, Text.assemble(found["name"], (facts, "dim"))),
        ]
        if found["kind"] != "extra":
            lines.append(_in(4, self._difference(found)))
        if found["verdict"] == "unknown" and found.get("allow"):
            lines.append(_in(4, Text(f"allow {', '.join(found['allow'])} to see it", "yellow")))
        elif found.get("because"):
            lines.append(_in(4, Text(found["because"])))
        if found.get("cite"):
            cite = found["cite"]
            lines.append(_in(4, Text(f"{cite['where']}: {cite['text']}" if cite["text"] else cite["where"], "dim")))
        remedy = self._remedy(found.get("mend") or {})
        return Group(*lines, *([_in(4, remedy)] if remedy else []))

    def _difference(self, found: Mapping[str, Any]) -> Text:
        raw = self.raw[found["id"]]
        place = f"{found['property']}: " if found.get("property") else ""
        want, have = _cut(words.expected(raw, flat=True)), _cut(words.actual(raw, flat=True))
        verb = "; it " if found["verdict"] == "unknown" and raw.get("actual") is None else ", found "
        return Text.assemble(place, "expected ", (want, "green"), verb, (have, "red"))

    def _remedy(self, mend: Mapping[str, Any]) -> Text | None:
        if mend.get("steps"):
            calls = ", ".join(each["call"].split("\n")[0] for each in mend["steps"])
            return Text.assemble((f"{mend['risk']} fix: ", "green" if mend["risk"] == "safe" else "yellow"), calls)
        return Text(f"by hand: {mend['text']}") if mend.get("text") else None

    def _gaps(self) -> Iterator[RenderableType]:
        gaps = self.run["coverage"]["gaps"]
        if not gaps:
            return
        yield Text.assemble("\n", ("Could not be read", "bold yellow"), (f"  {len(gaps):,}", "dim"))
        few = gaps if self.options.verbose else gaps[: 2 * _FEW]
        for gap in few:
            where = ", ".join(clean(each) for each in (gap["account"], gap["region"]) if each)
            hides = words.listed(words.short_type(each) for each in gap.get("types", ()))
            reason = words.REASONS.get(gap["reason"], clean(gap["reason"]))
            call = f"{clean(gap['service'])} {clean(gap['operation'])}"
            told = f"{reason}; hides {hides}" if hides else clean(gap["message"])
            head = Text.assemble(self._mark("unknown"), " ", (call, "bold"), f" ({where}): {told}")
            yield _in(2, head, hang=2)
        if len(gaps) > len(few):
            yield _in(4, Text(f"and {len(gaps) - len(few):,} more", "dim"))
        actions = words.permissions(self.run)
        if actions:
            yield _in(2, Text.assemble("Allow these IAM actions to see everything: ", (", ".join(actions), "bold")))

    def _depending(self) -> Iterator[RenderableType]:
        """Arrows that hold for some requests only: kept, and not to be taken for more."""
        found = [each for each in self.run.get("promises", ()) if words.depends(each)]
        if found:
            yield Text.assemble("\n", ("Kept under conditions", "bold"), (f"  {len(found):,}", "dim"))
        for promise in found:
            name = f"{clean(promise['baseline'])}/{clean(promise['id'])} "
            yield _in(2, Text.assemble(self._mark("kept"), f" {name}", (clean(promise["reason"]), "dim")), hang=2)

    def _kept(self) -> Iterator[RenderableType]:
        """With `verbose`: every promise with its verdict."""
        promises = self.run.get("promises", ())
        if promises:
            yield Text("\nPromises", "bold")
        for promise in promises:
            reason = f" ({clean(promise['reason'])})" if promise.get("reason") else ""
            name = f" {clean(promise['baseline'])}/{clean(promise['id'])} "
            cite = f"{words.where(promise)} {clean(promise.get('text'))}{reason}"
            yield _in(2, Text.assemble(self._mark(promise["verdict"]), name, (cite, "dim")), hang=2)
            for part in promise.get("parts", ()):
                yield _in(
                    4,
                    Text.assemble(self._mark(part["verdict"]), f" {part['part']}: ", (words.part(part), "dim")),
                    hang=2,
                )
        for found in self.waived:
            title = f"{found['title']}: {found['name']} "
            yield _in(2, Text.assemble(("waived ", "dim"), title, (found["waiver"], "dim")), hang=7)

    def _counts(self) -> Iterator[RenderableType]:
        scan, summary = self.run["scan"], self.run["summary"]
        promises = [each["verdict"] for each in self.run.get("promises", ())]
        judged = [each for each in promises if each != "unverifiable"]
        parts = [f"{promises.count('kept'):,} of {words.count(len(judged), 'promise')} kept"] if judged else []
        if summary.get("unverifiable"):
            parts.append(f"{summary['unverifiable']:,} not verifiable")
        rules = self.run.get("rules") or {}
        if rules.get("judged"):
            answers = sum(rules[name] for name in ("kept", "broken", "unknown"))
            parts.append(f"{words.count(rules['judged'], 'rule')} asked {answers:,} times, {rules['kept']:,} kept")
        if beside := scan.get("checkov"):
            parts.append(words.beside(beside))
        if self.waived:
            parts.append(f"{len(self.waived):,} waived")
        parts.append(f"{words.count(scan.get('requests', {}).get('total', 0), 'request')}")
        yield Text()
        yield _in(0, Text(" · ".join(parts), "dim"))


def _in(by: int, text: Text, hang: int = 0) -> RenderableType:
    """Text set in from the left; `hang` is how much deeper the lines after the first begin."""
    return _Inset(text, by, hang)


class _Inset:
    """Wrapped text, set in, without the blanks at the ends of lines that padding would write."""

    def __init__(self, text: Text, by: int, hang: int) -> None:
        self.text, self.by, self.hang = text, by, hang

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        lines = self.text.wrap(console, max(8, options.max_width - self.by - self.hang))
        for place, line in enumerate(lines):
            line.rstrip()
            yield Text.assemble(" " * (self.by + (self.hang if place else 0)), line)


def _cut(line: str) -> str:
    """A value of bearable length; a wide letter counts for two."""
    return line if cell_len(line) <= _LONG else set_cell_size(line, _LONG - 1).rstrip() + "…"
