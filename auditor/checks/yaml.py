"""YAML files that people write, read with the place of every value so that each mistake is shown where it stands.

Built from the parser's events and not through a loader: no value is ever constructed from a tag, duplicate keys are
refused, and depth, size and the expansion of aliases are bounded. Words mean what they look like (YAML 1.2): `on`,
`yes` and `no` are text, as are dates and numbers with a leading zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from auditor.model import Json

Place = tuple[str | int, ...]

MOST_BYTES = 512 * 1024
MOST_VALUES = 100_000  # with every alias written out
DEEPEST = 40

_TEXT_TAG = "tag:yaml.org,2002:str"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]+")
_WORDS: dict[str, Json] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class DefinitionError(Exception):
    """Rule and baseline files that cannot be used; `lines` holds everything that is wrong with them, in order."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake, where it stands."""

    line: int
    column: int
    field: str
    message: str


@dataclass(slots=True)
class Document:
    """A file's value, the (line, column) of its values and keys, and what is wrong with it so far."""

    file: str
    value: Json = None
    values: dict[Place, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Place, tuple[int, int]] = field(default_factory=dict)
    problems: set[Problem] = field(default_factory=set)

    def wrong(self, place: Place, message: str, key: bool = False) -> None:
        """Note a mistake in the value at `place`, or in its key."""
        known = self.keys if key else self.values
        near = place
        # Inside an alias and for what is missing, the nearest place above has a position.
        while near and near not in known:
            near, known = near[:-1], self.values
        line, column = known.get(near, (1, 1))
        self.problems.add(Problem(line, column, written(place), message))

    @property
    def lines(self) -> list[str]:
        """The problems as people and editors read them."""
        return [
            f"{self.file}:{each.line}:{each.column}: {each.field + ': ' if each.field else ''}{each.message}"
            for each in sorted(self.problems)
        ]


def written(place: Place) -> str:
    """A place as text: `roles.database.require[2].is`."""
    out = ""
    for step in place:
        out += f"[{step}]" if isinstance(step, int) else f".{step}" if out else step
    return out


def suggest(word: object, known: Iterable[str]) -> str:
    """The cure for an unknown name: the nearest known one, or the known ones where there are few."""
    names = sorted(known)
    lowered = {name.lower(): name for name in names}
    near = get_close_matches(str(word).lower(), lowered, n=1, cutoff=0.6)
    if near:
        return f"; did you mean `{lowered[near[0]]}`?"
    if 0 < len(names) <= 30:
        return f"; known: {', '.join(names)}"
    return ""


def read(path: Path) -> Document:
    """Read one file. What is wrong with it is in `problems`, never raised: other files are to be read as well."""
    document = Document(shown(path))
    text = _text(path, document)
    if text is None:
        return document
    try:
        document.value = _Builder(document, yaml.parse(text, Loader=yaml.CSafeLoader)).whole()
    except _Unreadable:
        document.value = None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = (before.count("\n") + 1, error.position - before.rfind("\n"))
        _note(document, place, f"the character {error.character:#x} is not allowed in YAML; remove it")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        context = f" {error.context}" if error.context else ""
        _note(document, place, f"this is not YAML: {error.problem}{context}; mend the indentation or the quotes here")
    return document


def shown(path: Path) -> str:
    """A path as the user would write it: from the working directory where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _text(path: Path, document: Document) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        _note(document, (1, 1), f"cannot be read: {error.strerror}")
        return None
    if len(content) > MOST_BYTES:
        _note(document, (1, 1), f"is larger than {MOST_BYTES // 1024} KiB; split it into several files")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = (before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        _note(document, place, "is not UTF-8; save it in that encoding")
        return None


def _note(document: Document, place: tuple[int, int], message: str) -> None:
    document.problems.add(Problem(*place, "", message))


class _Unreadable(Exception):
    """What follows cannot be read; the reason is already noted."""


class _Builder:
    """Values from events. Recursion is bounded by `DEEPEST`, work by `MOST_VALUES`."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self.document = document
        self.events = events
        self.anchors: dict[str, tuple[Json, int]] = {}
        self.count = 0

    def whole(self) -> Json:
        value: Json = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if () in self.document.values:
                    self._stop(event, "a second document begins here; one file holds one document")
                value = self._node(next(self.events), ())
        if value is None:
            _note(self.document, (1, 1), "is empty")
        return value

    def _node(self, event: Any, place: Place) -> Json:
        self.document.values[place] = _position(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self.count
        self._grow(event, 1)
        if len(place) > DEEPEST:
            self._stop(event, f"is nested deeper than {DEEPEST} levels; make it flatter")
        value: Json
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, place)
        else:
            self._tag(event, place)
            value = self._list(place) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(place)
        if event.anchor:
            self.anchors[event.anchor] = (value, self.count - before)
        return value

    def _alias(self, event: Any) -> Json:
        if event.anchor not in self.anchors:
            self._stop(event, f"*{event.anchor} refers to nothing above it, or to itself; write the value out")
        value, size = self.anchors[event.anchor]
        self._grow(event, size)
        return value

    def _grow(self, event: Any, size: int) -> None:
        self.count += size
        if self.count > MOST_VALUES:
            self._stop(event, f"more than {MOST_VALUES} values, aliases written out; use fewer of them")

    def _scalar(self, event: Any, place: Place) -> Json:
        self._tag(event, place)
        text = str(event.value)
        plain = event.implicit[0] and event.tag is None
        return _resolve(text) if plain else text

    def _tag(self, event: Any, place: Place) -> None:
        if event.tag not in (None, "!", _TEXT_TAG):
            self.document.wrong(place, f"the tag {event.tag} is not allowed; write the plain value")

    def _list(self, place: Place) -> list[Json]:
        out: list[Json] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            out.append(self._node(event, (*place, len(out))))
        return out

    def _mapping(self, place: Place) -> dict[str, Json]:
        out: dict[str, Json] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(event, "a key is a single word; quote it if it holds brackets or an asterisk")
            key = str(event.value)
            here = (*place, key)
            if key in out:
                first = self.document.keys[here][0]
                _note(self.document, _position(event), f"`{key}` is written twice (first in line {first}); keep one")
                here = (*place, f"{key} (again)")
            elif key == "<<":
                _note(self.document, _position(event), "merge keys are not supported; write the fields out")
            self.document.keys[here] = _position(event)
            value = self._node(next(self.events), here)
            if here[-1] == key and key != "<<":
                out[key] = value
        return out

    def _stop(self, event: Any, message: str) -> None:
        _note(self.document, _position(event), message)
        raise _Unreadable


def _position(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _resolve(text: str) -> Json:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
