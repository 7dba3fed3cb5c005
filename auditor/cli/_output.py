"""Where a run is told: one format on stdout and nothing else there, any number of others into files."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from auditor.report import Options, UnknownFormat, formats, write

FAIL_ON = ("critical", "high", "medium", "low", "info", "never")


def format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    names = "|".join(formats())
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Show every kept promise and every finding."),
        click.option(
            "--format",
            "targets",
            metavar=f"{names}[=FILE]",
            multiple=True,
            help="Output format; repeatable with =FILE. Default: text.",
        ),
    ):
        command = option(command)
    return command


def tell(run: Mapping[str, Any], targets: tuple[str, ...], verbose: bool = False) -> None:
    """Write every chosen format; a file's folder is made, and the file named on stderr.

    A file that cannot be written hinders none of the others; it is an error when they are written.
    """
    chosen = [_target(text) for text in targets] or [("text", None)]
    if sum(path is None for _, path in chosen) > 1:
        raise click.UsageError(
            "only one format can go to stdout; write the others to files, like --format html=report.html"
        )
    failed = []
    for name, path in chosen:
        try:
            if path is None:
                write(name, run, sys.stdout, Options(verbose=verbose))
                continue
            _write_file(name, run, path, Options(verbose=verbose))
        except UnknownFormat as error:
            raise click.BadParameter(str(error), param_hint="--format") from error
        except OSError as error:
            if path is None:
                raise
            failed.append(f"{name} could not be written to {path}: {error.strerror or error}")
        else:
            click.echo(f"wrote {path}", err=True)
    if failed:
        raise click.UsageError("; ".join(failed))


def _write_file(name: str, run: Mapping[str, Any], path: Path, options: Options) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write(name, run, path, options)


def _target(text: str) -> tuple[str, Path | None]:
    name, equals, path = text.partition("=")
    if name not in formats():
        raise click.BadParameter(
            f"there is no format {name!r}; choose one of {', '.join(formats())}", param_hint="--format"
        )
    return name, Path(path) if equals else None


def exit_code(run: Mapping[str, Any], fail_on: str, allow_incomplete: bool = False, new_only: bool = False) -> int:
    """1 for broken findings at or over the threshold, else 3 where something could not be seen, else 0.

    In a gate only what a verdict hangs on counts; its summary knows which. With `new_only` only findings count that
    came to be since the runs before: neither what was there, nor what was looked at for the first time.
    """
    severities = FAIL_ON[: FAIL_ON.index(fail_on) + 1] if fail_on != "never" else ()
    counts = _drifted(run) if new_only else run["summary"]["by_severity"]
    if any(counts.get(name, 0) for name in severities):
        return 1
    unseen = run["summary"]["unknown"] or not (run["coverage"]["complete"] or run.get("gate"))
    return 3 if unseen and not allow_incomplete else 0


def _drifted(run: Mapping[str, Any]) -> Mapping[str, int]:
    """How many findings of each severity are drift; of a run with nothing before it nothing is."""
    if not run["scan"].get("previous"):
        return {}
    live = (each for each in run["findings"] if each["verdict"] == "broken" and not each["waiver"])
    return Counter(each["severity"] for each in live if each["status"] == "new" and "newly_checked" not in each)


def warn(message: str) -> None:
    click.echo(f"warning: {message}", err=True)
