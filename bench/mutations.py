# ruff: noqa: T201  it prints its table
"""What people do to the example accounts, one thing at a time: what catches it, and whether a fix mends it.

    make mutation-report [NAMES="glimpse pingvas"]

For every mutation of `tests/accounts/*_mutations.py`: the promise that catches it, the verdict, the calls of its fix
with their risk (`manual` where a person has to decide), and whether applying that fix mended it. After the mutations
come the harmless changes; of those nothing may be said.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import mending, pipeline
from auditor.model import Finding
from auditor.remedy.apply import Hands, apply
from auditor.sandbox import sandbox
from auditor.sandbox.examples import example
from auditor.store.bundle import run_id
from tests.accounts.looking import Watched, of, seen_by_this_process
from tests.accounts.tables import TABLES, Table


@dataclass(frozen=True)
class Row:
    mutation: str
    caught: str  # the promise, or nothing
    verdict: str
    remedy: str
    mended: str  # yes, no, or nothing where there is no fix to apply

    def told(self) -> str:
        columns = self.mutation, self.caught or "NOT CAUGHT", self.verdict, self.remedy, self.mended
        return f"| {' | '.join(columns)} |"


def main(names: list[str]) -> int:
    wrong = 0
    for name in names or TABLES:
        table = TABLES[name]
        with sandbox() as box, seen_by_this_process(box):
            watched = Watched(example(name).build(box), table.wish)
            print(
                f"\n## {name}\n\n| mutation | caught by | verdict | remedy | mended by apply |\n|---|---|---|---|---|"
            )
            rows = []
            for row in mutated(watched, table):
                print(row.told(), flush=True)
                rows.append(row)
            loud = [each.name for each in table.rows.HARMLESS if said(watched, each)]
        missed = sum(not row.caught for row in rows)
        mended = Counter(row.mended for row in rows)
        print(
            f"\n{len(rows)} mutations, {len(rows) - missed} caught; {mended['yes']} mended by apply, "
            f"{mended['no']} not, {mended['']} for a person to decide. "
            f"{len(table.rows.HARMLESS)} harmless changes, {len(loud)} told: {', '.join(loud) or 'none'}"
        )
        wrong += missed + len(loud)
    return int(wrong > 0)


def mutated(watched: Watched, table: Table) -> Iterator[Row]:
    for mutation in table.rows.MUTATIONS:
        with watched.changed(mutation.do) as outcome:
            caught = table.caught(mutation, watched.built, of(outcome).values())
            if set(caught) == table.checks(mutation):
                yield fixed(watched, mutation.name, outcome, caught[min(caught)])
            else:
                yield Row(mutation.name, "", "", "", "")


def fixed(watched: Watched, name: str, outcome: pipeline.Outcome, found: Finding) -> Row:
    plan = mending.plan(outcome, run_id(outcome.record), lambda each: each.id == found.id)
    if not plan.steps:
        return Row(name, found.check, found.verdict, "manual", "")
    calls = ", ".join(f"{step.service} {step.operation} ({step.risk})" for step in plan.steps)
    watched.source.caller = watched.live  # a fix may change what the mutation did not
    hands = mending.hands(watched.wish, watched.source)
    hurried = Hands(hands.world, hands.types, type(hands.pace)(lambda _: None, (0.0,)), hands.clock)
    with tempfile.TemporaryDirectory() as folder:
        made = apply(plan, hurried, Path(folder) / "journal", "destroys")
    mended = {each.fate for each in made.results} == {"mended"}
    return Row(name, found.check, found.verdict, calls, "yes" if mended else "no")


def said(watched: Watched, harmless: Any) -> bool:
    with watched.changed(harmless.do, whole=True) as outcome:
        return bool(outcome.findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
