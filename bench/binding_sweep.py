# ruff: noqa: T201  it prints its table
"""Every part of every conforming account in turn is gone, or has a second one beside it: what that does to the others.

    python -m bench.binding_sweep [write]

For each account it prints how many parts were tried, for how many of them others came into doubt, how many of these
there were, and the faults that must be nothing (`bench.binding` says which). What is in doubt is listed below. `write`
puts the figures into ARCHITECTURE.md, between the lines that name this file.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.resources import load
from bench.page import put
from tests.binding.kinds import Case, copies, without
from tests.binding.laws import hold
from tests.binding.matrix import Shape, shapes

COLUMNS = ("parts", "that put others in doubt", "others in doubt", "faults")


@dataclass
class Row:
    """What all of one account came to."""

    parts: int = 0
    felt: int = 0
    doubtful: int = 0
    faults: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def figures(self) -> tuple[int, ...]:
        return (self.parts, self.felt, self.doubtful, self.faults)


def cases(shape: Shape, what: str) -> Iterator[tuple[str, Case]]:
    for role in sorted(role for role, keys in shape.case.truth.items() if len(keys) == 1):
        if what == "gone":
            yield role, without(shape.case, [role])
        else:
            yield role, copies([role])(shape.case, random.Random(role))  # noqa: S311  a draw, no secret


def swept(shape: Shape, what: str) -> Row:
    row, types = Row(), load()
    for role, case in cases(shape, what):
        held = hold(shape.baseline, types, case)
        others = [each for each in held.doubtful if each != role]
        row.parts += 1
        row.felt += bool(others)
        row.doubtful += len(others)
        row.faults += len(held.faults)
        if others or held:
            row.told.append(f"{shape.name}: {role} {what}: {', '.join(others)} {'; '.join(held.faults)}")
    return row


def main() -> None:
    lines, told = [], []
    for shape in shapes():
        for what in ("gone", "twice"):
            row = swept(shape, what)
            told += row.told
            figures = " | ".join(f"{figure:,}" for figure in row.figures)
            lines.append(f"| {shape.name}, one {what} | {figures} |")
            print(lines[-1], flush=True)
    print("\n".join(told))
    if sys.argv[1:] == ["write"]:
        head = ["Made by `python -m bench.binding_sweep write`.", "", "| account | " + " | ".join(COLUMNS) + " |"]
        put("bench.binding_sweep", [*head, "|---" * (len(COLUMNS) + 1) + "|", *lines])


if __name__ == "__main__":
    main()
