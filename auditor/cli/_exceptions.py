"""The options of a gate by which findings are excused, gathered into one value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from auditor.exceptions import Exceptions


@dataclass(frozen=True, slots=True)
class Excepted:
    """As they were given."""

    waivers: Path | None
    known: Path | None
    write_known: Path | None
    ignores: bool

    def allowed(self, trust: bool) -> Exceptions:
        from auditor.exceptions import Exceptions

        return Exceptions(self.waivers, self.known, self.ignores, trust)

    def write(self, run: dict[str, Any]) -> int:
        """Write down what is broken now. It is no verdict, so it ends with 0."""
        from auditor.findings.known import written

        if self.write_known:
            told = written([*run["findings"], *run["carried"]])
            self.write_known.parent.mkdir(parents=True, exist_ok=True)
            self.write_known.write_text(told, encoding="utf-8")
            click.echo(f"wrote {self.write_known}", err=True)
        return 0


def exception_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What may excuse a finding."""

    @click.option("--waivers", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
                  help="Exceptions with a reason, an owner and an end; one inside the checked code is read from the "
                  "base.")  # fmt: skip
    @click.option("--allow-ignores", is_flag=True,
                  help="Also let `#auditor:ignore=ID reason=... until=YYYY-MM-DD` count, where the base "
                  "has it.")  # fmt: skip
    @click.option("--known", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
                  help="Findings that were there before, from --write-known; only what is beyond them "
                  "counts.")  # fmt: skip
    @click.option("--write-known", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
                  help="Write all findings of the code as known ones, and exit with 0.")  # fmt: skip
    @functools.wraps(command)
    def gathered(
        *args: Any, waivers: Path | None, allow_ignores: bool, known: Path | None, write_known: Path | None, **rest: Any
    ) -> Any:
        excepted = Excepted(waivers, known, write_known, allow_ignores)
        return command(*args, excepted=excepted, **rest)

    return gathered
