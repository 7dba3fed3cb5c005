"""The one kit for terminals: signs, colours, wrapping and the letters of English for streams that have no others.

`check`, `gate`, and every command that answers on a terminal write through `Terminal`. What they write are `Line`s, so
that the words of a format are made in one place and shown in another. Off a terminal, or with NO_COLOR, the same words
come without colour.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from auditor.report import Options
from auditor.report.plain import no_command

WIDTH, MOST_WIDE, NARROW = 100, 120, 40
FEW, LONG = 5, 160
STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}
_SIGNS = {
    "kept": ("✓", "green"),
    "broken": ("✗", "red"),
    "unknown": ("?", "yellow"),
    "unverifiable": ("·", "dim"),
    "depends": ("◐", "yellow"),
    "holds": ("●", "cyan"),
}
_ASCII = str.maketrans({
    "✓": "+", "✗": "x", "●": "*", "◐": "~", "·": "-", "…": "...", "→": "->", "“": '"', "”": '"',
    "–": "-", "’": "'",  # noqa: RUF001  the signs themselves
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, set in from the left; what does not fit hangs `hang` deeper. `whole`: no name is broken."""

    text: Text
    by: int = 0
    hang: int = 0
    whole: bool = False


Lines = Iterator[Line]


def sign(state: str) -> Text:
    """The sign of a verdict; a stream of English letters shows it as one of those."""
    mark, style = _SIGNS[state]
    return Text(mark, style=style)


def tone(state: str) -> str:
    """The colour that goes with a sign."""
    return _SIGNS[state][1]


def line(*parts: str | Text | tuple[str, str], by: int = 0, hang: int = 0, whole: bool = False) -> Line:
    return Line(Text.assemble(*parts), by, hang, whole)


def heading(title: str, count: int | None = None, style: str = "bold", mark: str = "") -> Line:
    """A title after an empty line, with how many there are of it."""
    before: tuple[str | Text, ...] = (sign(mark), " ") if mark else ()
    number = (f"  {count:,}", "dim") if count is not None else ""
    return line("\n", *before, (title, style), number)


def rows(texts: Sequence[Text], verbose: bool, by: int = 2, hang: int = 0, few: int = FEW, more: str = "") -> Lines:
    """A list, cut to a few where not everything is asked for; `more` says what the others are."""
    shown = texts if verbose else texts[:few]
    for text in shown:
        yield Line(text, by, hang)
    if len(texts) > len(shown):
        yield line((f"and {more or f'{len(texts) - len(shown):,} more'} (--verbose)", "dim"), by=by)


def cut(text: str, most: int = LONG) -> str:
    """A value of bearable length; a wide letter counts for two."""
    return text if cell_len(text) <= most else set_cell_size(text, most - 1).rstrip() + "…"


class Terminal:
    """Where lines are shown: a stream with its width, colours and letters."""

    def __init__(self, out: TextIO | None = None, options: Options | None = None) -> None:
        out, options = out or sys.stdout, options or Options()
        self._console = _console(out, options)
        self.width = self._console.width

    def show(self, lines: Iterable[Line]) -> None:
        for each in lines:
            for row in self._wrapped(each):
                self._console.print(row, soft_wrap=True)

    def line(self, *parts: str | Text | tuple[str, str], by: int = 0, hang: int = 0, whole: bool = False) -> None:
        self.show([line(*parts, by=by, hang=hang, whole=whole)])

    def _wrapped(self, told: Line) -> Iterator[Text]:
        for paragraph in told.text.split("\n", allow_blank=True):
            room = max(8, self.width - told.by - told.hang)
            # The first line may reach further than those that hang below it.
            offsets = _breaks(paragraph.plain, max(8, self.width - told.by), room, told.whole)
            for place, piece in enumerate(paragraph.divide(offsets)):
                piece.rstrip()
                indent = " " * (told.by + (told.hang if place else 0)) + no_command(piece.plain)
                yield Text.assemble(indent, piece) if piece else Text()


def _breaks(text: str, first: int, room: int, whole: bool) -> list[int]:
    """Where lines begin, but for the first: words that do not fit go to the next line, too long ones are broken."""
    out: list[int] = []
    start = at = 0
    for word in text.split(" "):
        end, width = at + len(word), room if out else first
        if cell_len(text[start:end]) > width:
            if at > start:
                out.append(at)
                start, width = at, room
            while not whole and cell_len(text[start:end]) > width:
                start += _fitting(text[start:end], width)
                out.append(start)
                width = room
        at = end + 1
    return out


def _fitting(text: str, width: int) -> int:
    """How many letters fit, one at least; a wide letter counts for two."""
    cells = 0
    for place, letter in enumerate(text):
        cells += cell_len(letter)
        if cells > width:
            return max(1, place)
    return len(text)


def _console(out: TextIO, options: Options) -> Console:
    terminal, color = bool(getattr(out, "isatty", lambda: False)()), options.color
    console = Console(
        file=_Escaping(out) if _english(out) else out,  # type: ignore[arg-type]  # rich asks for IO, any writer does
        force_terminal=color if color is not None else (None if terminal else _forced()),
        no_color=None if color is None else not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    width = options.width or (console.width if terminal else int(os.environ.get("COLUMNS") or WIDTH))
    console.width = max(NARROW, min(width, MOST_WIDE))
    return console


def _english(out: TextIO) -> bool:
    """Whether the stream has only the letters of English."""
    encoding = (getattr(out, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
    return not encoding.startswith("utf") and encoding != "cp65001"


def _forced() -> bool | None:
    """Off a terminal there is no colour, unless the environment insists."""
    return None if os.environ.get("FORCE_COLOR") else False


class _Escaping:
    """A stream that cannot write every letter gets letters that stand for the signs, and visible escapes for others."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.encoding = out, out.encoding

    def write(self, text: str) -> int:
        return self.out.write(text.translate(_ASCII).encode(self.encoding, "backslashreplace").decode(self.encoding))

    def flush(self) -> None:
        self.out.flush()

    def isatty(self) -> bool:
        return self.out.isatty()
