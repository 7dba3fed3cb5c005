"""How a command speaks beside its answer: for people or for a log, how much, and in colour or not.

What is no answer goes to stderr, a line a message, and begins with what it is (`error:`, `warning:`, `note:`). So one
stream in the place of stderr makes lines of JSON of it, or leaves out what is neither error nor warning, whoever wrote
it. The options stand with every command and take effect while the others are still read; `lasting` undoes it all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, TextIO

import click

LOG_FORMAT, QUIET, DEBUG, COLOR = "AUDITOR_LOG_FORMAT", "AUDITOR_QUIET", "AUDITOR_DEBUG", "AUDITOR_COLOR"
VARIABLES = (LOG_FORMAT, QUIET, DEBUG, COLOR)
_LEVEL = re.compile(r"(error|warning|note|debug): ")
_LEVELS = {"note": "info"}
_UNDO: ContextVar[contextlib.ExitStack] = ContextVar("_UNDO")


@contextlib.contextmanager
def lasting() -> Iterator[None]:
    """What the options of one command change lasts as long as this, so that its last error is told in the same way."""
    with contextlib.ExitStack() as undo:
        token = _UNDO.set(undo)
        try:
            yield
        finally:
            _UNDO.reset(token)


def speaking(command: click.Command) -> click.Command:
    """The command with the options."""
    if "log_format" in {each.name for each in command.params}:
        return command
    given: dict[str, Any] = {"is_eager": True, "expose_value": False}
    command.params += [
        click.Option(["--quiet"], is_flag=True, envvar=QUIET, callback=_quiet, **given,
                     help="Only errors and warnings on stderr, and no progress."),
        click.Option(["--log-format"], type=click.Choice(("text", "json")), default="text", envvar=LOG_FORMAT,
                     callback=_as_json, **given, help="json: a line of JSON for each message on stderr."),
        click.Option(["--color"], type=click.Choice(("auto", "always", "never")), default="auto", envvar=COLOR,
                     callback=_color, **given, help="Colours; auto is on a terminal, and by NO_COLOR."),
        click.Option(["--debug"], is_flag=True, envvar=DEBUG, callback=_debug, **given,
                     help="Also write each call of AWS to stderr: status, request ID, retries, time."),
    ]  # fmt: skip
    return command


class Lines(io.StringIO):
    """In the place of stderr: whole lines, each as JSON or left out. It is no terminal, so nothing moves on it."""

    def __init__(self, out: TextIO, *, as_json: bool = False, quiet: bool = False) -> None:
        super().__init__()
        self.out, self.as_json, self.quiet, self.begun = out, as_json, quiet, ""

    def write(self, text: str) -> int:
        *lines, self.begun = (self.begun + text).split("\n")
        for line in lines:
            self._line(line)
        return len(text)

    def flush(self) -> None:
        self.out.flush()

    def end(self) -> None:
        """What was begun is a line too."""
        if self.begun:
            self.write("\n")

    def _line(self, line: str) -> None:
        found = _LEVEL.match(line)
        level = _LEVELS.get(found[1], found[1]) if found else "info"
        if not line.strip() or (self.quiet and level not in ("error", "warning")):
            return
        if self.as_json:
            now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            line = json.dumps({"time": now, "level": level, "message": line[found.end() if found else 0 :]})
        self.out.write(line + "\n")


def _lines() -> Lines:
    """The stream in the place of stderr, put there at the first question."""
    if isinstance(sys.stderr, Lines):
        return sys.stderr
    made, undo = Lines(sys.stderr), _UNDO.get()
    undo.enter_context(contextlib.redirect_stderr(made))
    undo.callback(made.end)
    return made


def _as_json(_: click.Context, __: click.Parameter, value: str) -> None:
    if value == "json":
        _lines().as_json = True


def _quiet(_: click.Context, __: click.Parameter, value: bool) -> None:
    if value:
        _lines().quiet = True


def _color(_: click.Context, __: click.Parameter, value: str) -> None:
    """As everything that writes is told it: by the environment."""
    if value == "auto":
        return
    names, undo = ("NO_COLOR", "FORCE_COLOR"), _UNDO.get()
    for name in names:
        before = os.environ.pop(name, None)
        undo.callback(_put_back, name, before)
    os.environ["FORCE_COLOR" if value == "always" else "NO_COLOR"] = "1"


def _put_back(name: str, before: str | None) -> None:
    if before is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = before


def _debug(_: click.Context, __: click.Parameter, value: bool) -> None:
    if not value:
        return
    log, handler, undo = logging.getLogger("auditor"), _Written(), _UNDO.get()
    undo.callback(log.setLevel, log.level)
    undo.callback(log.removeHandler, handler)
    log.setLevel(logging.DEBUG)
    log.addHandler(handler)


class _Written(logging.Handler):
    """What the program logs, as lines on whatever stderr is then."""

    def emit(self, record: logging.LogRecord) -> None:
        from auditor.report.plain import clean

        click.echo(f"debug: {clean(record.getMessage())}", err=True)
