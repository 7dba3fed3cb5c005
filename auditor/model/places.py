"""Places of code, `file:line`, as everything that is read from code names them."""

from __future__ import annotations


def code_line(place: str) -> tuple[str, int] | None:
    """The file and the line of a place; nothing where that is no place of code."""
    file, _, line = place.rpartition(":")
    return (file, int(line)) if file and line.isdecimal() and line.isascii() else None
