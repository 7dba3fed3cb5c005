"""YAML that people write, read within bounds and with the place of every value: each mistake is shown where it stands.

Built from the parser's events and not through a loader: no value is ever constructed from a tag, duplicate keys are
refused, and depth, size and the expansion of aliases are bounded. Words mean what they look like (YAML 1.2): `on`,
`yes` and `no` are text, as are dates and numbers with a leading zero; a language that has it otherwise, or gives tags a
meaning, says so in its `Dialect`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from auditor.model import Json

Place = tuple[str | int, ...]

_TEXT_TAG = "tag:yaml.org,2002:str"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]+")
_WORDS: dict[str, Json] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one language of files allows: its bounds (values count with every alias written out), words and tags.

    `tagged` turns a value with a tag of the language into the value meant, or gives None for an unknown tag.
    """

    bytes: int = 512 * 1024
    values: int = 100_000
    depth: int = 40
    words: Mapping[str, Json] = field(default_factory=dict)
    tagged: Callable[[str, Json], Json] | None = None
    decimals: bool = True  # False: they stay text, for 16.10 is a version as often as a number
    lined: bool = False  # True: mappings are `Lined`


class Lined(dict[str, Json]):
    """A mapping that knows the lines of its keys, also after it was moved or copied into another value."""

    __slots__ = ("lines",)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.lines: dict[str, int] = dict(given[0].lines) if given and isinstance(given[0], Lined) else {}


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

    def note(self, place: tuple[int, int], message: str) -> None:
        """Note a mistake of the file at a line and column."""
        self.problems.add(Problem(*place, "", message))

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


def read(path: Path, name: str, dialect: Dialect) -> Document:
    """Read one file, called `name`. What is wrong is in `problems`, never raised: others are to be read as well."""
    document = Document(name)
    text = contents(path, document, dialect)
    if text is not None:
        parse(text, document, dialect)
    return document


def parse(text: str, document: Document, dialect: Dialect) -> None:
    """Put the value of a YAML text into the document, or what is wrong with it."""
    try:
        document.value = _Builder(document, yaml.parse(text, Loader=yaml.CSafeLoader), dialect).whole()
    except Unreadable:
        document.value = None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = (before.count("\n") + 1, error.position - before.rfind("\n"))
        document.note(place, f"the character {error.character:#x} is not allowed in YAML; remove it")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        context = f" {error.context}" if error.context else ""
        document.note(place, f"this is not YAML: {error.problem}{context}; fix the indentation or the quotes here")


def contents(path: Path, document: Document, dialect: Dialect) -> str | None:
    """The text of a file that is not too large and is UTF-8; else None, with the reason noted."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for, a device has no end
            document.note((1, 1), "is not a readable file")
            return None
        with path.open("rb") as file:
            content = file.read(dialect.bytes + 1)
    except OSError as error:
        document.note((1, 1), f"cannot be read: {error.strerror}")
        return None
    if len(content) > dialect.bytes:
        document.note((1, 1), f"is larger than {dialect.bytes // 1024} KiB; split it into several files")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = (before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        document.note(place, "is not UTF-8; save it in that encoding")
        return None


class Unreadable(Exception):
    """What follows cannot be read; the reason is already noted."""


class _Builder:
    """Values from events. Recursion and work are bounded by the dialect."""

    def __init__(self, document: Document, events: Iterator[Any], dialect: Dialect) -> None:
        self.document = document
        self.dialect = dialect
        self.events = events
        self.anchors: dict[str, tuple[Json, int]] = {}
        self.count = 0

    def whole(self) -> Json:
        value: Json = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if () in self.document.values:
                    self._stop(event, "a second document begins here; keep one document in a file")
                value = self._node(next(self.events), ())
        if value is None:
            self.document.note((1, 1), "is empty")
        return value

    def _node(self, event: Any, place: Place) -> Json:
        self.document.values[place] = _position(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self.count
        self._grow(event, 1)
        if len(place) > self.dialect.depth:
            self._stop(event, f"is nested deeper than {self.dialect.depth} levels; make it flatter")
        value: Json
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, place)
        else:
            value = self._list(place) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(place)
            value = self._tagged(event, place, value)
        if event.anchor:
            self.anchors[event.anchor] = (value, self.count - before)
        return value

    def _alias(self, event: Any) -> Json:
        if event.anchor not in self.anchors:
            self._stop(event, f"*{event.anchor} refers to no anchor above it, or to itself; write the value out")
        value, size = self.anchors[event.anchor]
        self._grow(event, size)
        return value

    def _grow(self, event: Any, size: int) -> None:
        self.count += size
        if self.count > self.dialect.values:
            self._stop(event, f"more than {self.dialect.values} values after aliases are expanded; use fewer of them")

    def _scalar(self, event: Any, place: Place) -> Json:
        text = str(event.value)
        plain = event.implicit[0] and event.tag is None
        return self._resolve(text) if plain else self._tagged(event, place, text)

    def _resolve(self, text: str) -> Json:
        if text in _WORDS:
            return _WORDS[text]
        if text in self.dialect.words:
            return self.dialect.words[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if self.dialect.decimals and _DECIMAL.fullmatch(text) else text

    def _tagged(self, event: Any, place: Place, value: Json) -> Json:
        """The value that a tag makes of the plain one; a tag that means nothing here is a mistake."""
        if event.tag in (None, "!", _TEXT_TAG):
            return value
        meant = self.dialect.tagged(event.tag, value) if self.dialect.tagged else None
        if meant is None:
            self.document.wrong(place, f"the tag {event.tag} is not allowed; write the plain value")
        return meant

    def _list(self, place: Place) -> list[Json]:
        out: list[Json] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            out.append(self._node(event, (*place, len(out))))
        return out

    def _mapping(self, place: Place) -> dict[str, Json]:
        out: dict[str, Json] = Lined() if self.dialect.lined else {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(event, "a key must be a single word; quote it if it contains brackets or an asterisk")
            key = str(event.value)
            here = (*place, key)
            if key in out:
                first = self.document.keys[here][0]
                self.document.note(_position(event), f"`{key}` is written twice (first in line {first}); keep one")
                here = (*place, f"{key} (again)")
            elif key == "<<":
                self.document.note(_position(event), "merge keys are not supported; write the fields out")
            self.document.keys[here] = _position(event)
            value = self._node(next(self.events), here)
            if here[-1] == key and key != "<<":
                out[key] = value
                if isinstance(out, Lined):
                    out.lines[key] = self.document.keys[here][0]
        return out

    def _stop(self, event: Any, message: str) -> None:
        self.document.note(_position(event), message)
        raise Unreadable


def _position(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
