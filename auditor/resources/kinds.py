"""Values that one side writes as a text and the other does not (`Prop.kind`): read, and written back.

Attributes of queues and topics are texts whatever they hold, policies are JSON in a text, and a template says the port
of a database as a text where the API counts it. What is no such text (a reference in code) passes as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from auditor.model import Json, TextKind
from auditor.resources.shapes import parse_json, to_json


@dataclass(frozen=True, slots=True)
class Conversion:
    """`read` turns what AWS's API says into the canonical value, `write` turns that back."""

    read: Callable[[Json], Json]
    write: Callable[[Json], Json]


def number(value: Json) -> Json:
    """A whole number that may stand in a text."""
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.lstrip("-").isdecimal() and text.isascii() else value


def boolean(value: Json) -> Json:
    """A truth that may stand in a text."""
    return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


def text(value: Json) -> Json:
    """A number or a truth as the text that AWS makes of it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def numbers(value: Json) -> Json:
    """Elements of a list whose members are numbers."""
    return [
        {key: number(inner) for key, inner in each.items()} if isinstance(each, Mapping) else each for each in value
    ]


KINDS: dict[TextKind, Conversion] = {
    "json": Conversion(parse_json, to_json),
    "number": Conversion(number, text),
    "boolean": Conversion(boolean, text),
    "text": Conversion(text, number),
}
