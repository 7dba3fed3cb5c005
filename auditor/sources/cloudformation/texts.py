"""Texts that functions make: lengths are bounded, and a reference inside a text is never cut in two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.model import Choice, Json

MOST_TEXT = 200_000
_FEW = 8  # the parts of which an end is made
_LONG = 60  # the letters of a beginning and of an end: longer ones nobody asks for
_REFERENCE = re.compile(r"\$\{[^{}]+\}")


class Bad(Exception):
    """A function that is used in a way that CloudFormation refuses."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A value that code does not say, and why. `end` is what follows it in a text: the length of a prefix; `begin` is
    what stands before it: the ARN of a principal."""

    reason: str
    end: str = ""
    begin: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """A reference taken apart at a delimiter: its parts are known to AWS only, yet they still lead to what it names."""

    reference: str
    delimiter: str

    def part(self, index: int) -> str:
        return f"{self.reference[:-1]}|{self.delimiter}|{index}}}"


def text_of(value: Json) -> str | Unresolved:
    """A scalar as CloudFormation puts it into a text."""
    if isinstance(value, Unresolved):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    return Unresolved(f"{value.reference} is known only to AWS" if isinstance(value, Parts) else "it is not a string")


def joined(delimiter: str, parts: list[Json]) -> str | Unresolved:
    """One text of many, as long as it stays within bounds."""
    texts: list[str] = []
    length = 0
    for part in parts:
        text = text_of(part)
        if isinstance(text, Unresolved):
            begin = delimiter.join([*texts, text.begin])
            return Unresolved(text.reason, _end(delimiter, parts), begin if len(begin) <= _LONG else "")
        length += len(text) + len(delimiter)
        if length > MOST_TEXT:
            return Unresolved(f"it is longer than {MOST_TEXT} characters")
        texts.append(text)
    return delimiter.join(texts)


def _end(delimiter: str, parts: list[Json]) -> str:
    """What follows the last part that is not known; nothing where that is long, for nobody asks for more."""
    texts: list[str] = []
    for part in reversed(parts[-_FEW:]):
        text = text_of(part)
        if isinstance(text, Unresolved):
            end = delimiter.join([text.end, *reversed(texts)])
            return end if len(end) <= _LONG else ""
        texts.append(text)
    return ""


def compared(left: Json, right: Json, words: str, place: str) -> Choice:
    """A comparison that code leaves open. Why a side is not known tells what it is: one parameter in every stack."""
    said, other = (left, right) if isinstance(left, Unresolved) or "${" in str(left) else (right, left)
    subject, value = (each.reason if isinstance(each, Unresolved) else str(each) for each in (said, other))
    closed = not isinstance(other, Unresolved) and "${" not in value
    return Choice(f"{subject} == {value}", words, place, subject if closed else "")


def split(delimiter: str, text: str) -> list[str] | Parts | Unresolved:
    """The pieces of a text; a text that is one reference gives pieces that are references too."""
    if _REFERENCE.fullmatch(text) and not set(delimiter) & set("{}"):
        return Parts(text, delimiter)
    if _REFERENCE.search(text):
        return Unresolved(f"where {text[:80]} is split is known only to AWS")
    return text.split(delimiter)


def passed_on(found: Json) -> Json:
    """What an output or a given name hands on: scalars, so that shared values cannot grow without end."""
    if isinstance(found, (str, int, float, bool, Unresolved)):
        return found
    if isinstance(found, list) and all(isinstance(each, str) for each in found) and len(found) <= 1000:
        return ",".join(found)
    return Unresolved("it is not a string")
