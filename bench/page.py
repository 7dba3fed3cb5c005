"""Measured figures in ARCHITECTURE.md: each set stands between two lines that name the program that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parents[1] / "ARCHITECTURE.md"


def put(name: str, lines: Sequence[str]) -> None:
    """The figures of a program, in place of those that stand there."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = PAGE.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    PAGE.write_text("\n".join([f"{before}{begin}", *lines, f"{end}{after}"]), encoding="utf-8")
