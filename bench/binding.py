# ruff: noqa: T201  it prints its table
"""Who plays what in variants of conforming accounts, held against what is known of them.

    python -m bench.binding [VARIANTS [SEED [write]]]

Every variant is one of accounts x renamings x tags x neighbours x what happened x pins or a scope, drawn by chance (400
by default, as many of each account). For each account, renaming, neighbour and event it prints how many variants there
were, how many roles were played right or told as doubtful, and what must be nothing: roles that are wrong without a
word, promises called broken that hold, promises called kept that are broken, and changes planned for a part that is not
certain. Faults are printed below. `write` puts the figures into ARCHITECTURE.md, between the lines that name this file.
"""

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field

from auditor.resources import load
from bench.page import put
from tests.binding.kinds import Case
from tests.binding.laws import Held, hold
from tests.binding.matrix import Kinds, Shape, shapes

COLUMNS = ("variants", "right", "doubtful", "wrong", "false", "masked", "guessed")
TOLD = (0, 1, 5, 6)  # of the kinds that are counted, those on the page: all, accounts, what happened, what was said
FAULTS = ("wrong", "false", "masked", "guessed")


@dataclass
class Row:
    """What all variants of one kind came to."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))

    def add(self, held: Held) -> None:
        self.counts["variants"] += 1
        self.counts["right"] += held.right
        self.counts["doubtful"] += len(held.doubtful)
        for name in FAULTS:
            self.counts[name] += len(getattr(held, name))


def drawn(known: list[Shape], count: int, seed: str) -> list[tuple[Shape, Kinds]]:
    chance = random.Random(seed)  # noqa: S311  a draw, no secret
    every = {shape.name: list(shape.kinds()) for shape in known}
    turns = [known[number % len(known)] for number in range(count)]
    return [(shape, chance.choice(every[shape.name])) for shape in turns]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    types, known, began = load(), shapes(), time.process_time()
    rows: dict[tuple[int, str], Row] = defaultdict(Row)
    faults: list[str] = []
    for shape, kinds in drawn(known, count, seed):
        case: Case = shape.made(kinds, seed)
        held = hold(shape.baseline, types, case, *shape.said(case, kinds, seed))
        for place, name in enumerate(("all", shape.name, *kinds)):
            rows[place, name].add(held)
        if held:
            faults.append("\n  ".join([f"{shape.name}: {' / '.join(kinds)}: {case.told}", *held.faults]))
    table(rows)
    if sys.argv[3:] == ["write"]:
        write(rows, f"python -m bench.binding {count} {seed} write")
    print(f"\n{time.process_time() - began:.0f} s of processor")
    print("\n".join(faults))


def table(rows: dict[tuple[int, str], Row]) -> None:
    print(f"{'':42}" + "".join(f"{name:>10}" for name in COLUMNS))
    for (_, name), row in sorted(rows.items()):
        print(f"{name:42}" + "".join(f"{row.counts[column]:>10}" for column in COLUMNS))


def write(rows: dict[tuple[int, str], Row], command: str) -> None:
    """The figures of all, of each account and of each thing that happened, as a table of the page."""
    whole = [row for row in sorted(rows.items()) if row[0][0] in TOLD]
    lines = [
        f"Made by `{command}`.",
        "",
        "| variants of | " + " | ".join(COLUMNS) + " |",
        "|---" * (len(COLUMNS) + 1) + "|",
    ]
    lines += [
        f"| {name} | " + " | ".join(f"{row.counts[each]:,}" for each in COLUMNS) + " |" for (_, name), row in whole
    ]
    put("bench.binding", lines)


if __name__ == "__main__":
    main()
