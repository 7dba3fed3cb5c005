"""JSON with the line of every key, within bounds: what Python's reader gives, and the places that it does not tell."""

from __future__ import annotations

import re
from bisect import bisect_right
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

from auditor.bounded import Dialect, Document, Lined, Unreadable
from auditor.model import Json

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_INTEGER = re.compile(r"-?\d{1,18}")
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}


def parse(text: str, document: Document, dialect: Dialect) -> None:
    """Put the value of a JSON text into the document, or what is wrong with it. Decimals stay as they are written."""
    reader = _Reader(text, document, dialect)
    try:
        document.value, end = reader.value(reader.space(0), 0)
        if reader.space(end) != len(text):
            reader.stop(reader.space(end), "there is more text after the value; keep one value in a file")
    except Unreadable:
        document.value = None


class _Reader:
    """A walk over the text; recursion is bounded by the dialect's depth, work by its count of values."""

    def __init__(self, text: str, document: Document, dialect: Dialect) -> None:
        self.text = text
        self.document = document
        self.dialect = dialect
        self.count = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def line(self, at: int) -> int:
        return bisect_right(self.starts, at)

    def stop(self, at: int, message: str) -> None:
        line = self.line(at)
        self.document.note((line, at - self.starts[line - 1] + 1), message)
        raise Unreadable

    def value(self, at: int, depth: int) -> tuple[Json, int]:
        self.count += 1
        if self.count > self.dialect.values:
            self.stop(at, f"more than {self.dialect.values} values; split the file")
        if depth > self.dialect.depth:
            self.stop(at, f"is nested deeper than {self.dialect.depth} levels; make it flatter")
        first = self.text[at : at + 1]
        if first == "{":
            return self._mapping(at, depth)
        if first == "[":
            return self._list(at, depth)
        if first == '"':
            return self._string(at)
        for word, meant in _WORDS.items():
            if self.text.startswith(word, at):
                return meant, at + len(word)
        number = _NUMBER.match(self.text, at)
        if not number:
            self.stop(at, "this is not JSON: a value was expected; fix the commas and quotes before it")
            raise Unreadable
        return (int(number[0]) if _INTEGER.fullmatch(number[0]) else number[0]), number.end()

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            self.stop(min(error.pos, len(self.text)), f"this is not JSON: {error.msg}; fix the quotes here")
            raise
        if any(0xD800 <= ord(each) <= 0xDFFF for each in text):
            self.stop(at, "a lone surrogate (half a character) is not allowed; remove it")
        return text, end

    def _list(self, at: int, depth: int) -> tuple[list[Json], int]:
        out: list[Json] = []
        at = self.space(at + 1)
        while self.text[at : at + 1] != "]":
            found, at = self.value(at, depth + 1)
            out.append(found)
            at = self._next(at, "]")
        return out, at + 1

    def _mapping(self, at: int, depth: int) -> tuple[Lined, int]:
        out = Lined()
        at = self.space(at + 1)
        while self.text[at : at + 1] != "}":
            if self.text[at : at + 1] != '"':
                self.stop(at, "this is not JSON: a key in quotes was expected")
            key, end = self._string(at)
            if key in out:
                self.stop(at, f"`{key}` is written twice (first in line {out.lines[key]}); keep one")
            out.lines[key] = self.line(at)
            at = self.space(end)
            if self.text[at : at + 1] != ":":
                self.stop(at, "this is not JSON: a colon was expected")
            out[key], at = self.value(self.space(at + 1), depth + 1)
            at = self._next(at, "}")
        return out, at + 1

    def _next(self, at: int, closing: str) -> int:
        """Past a comma to the next element, or to the closing bracket."""
        at = self.space(at)
        here = self.text[at : at + 1]
        if here == closing:
            return at
        if here != ",":
            self.stop(at, f"this is not JSON: a comma or {closing} was expected")
        at = self.space(at + 1)
        if self.text[at : at + 1] == closing:
            self.stop(at, "this is not JSON: a comma before the closing bracket; remove it")
        return at
