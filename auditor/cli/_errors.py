"""Failures that have a meaning for the user, as messages with exit codes. What is not listed here is a defect of ours:
one paragraph, the traceback in a file, and an exit code that nobody takes for findings."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Iterable

import click

from auditor.cli._speech import lasting

USAGE, INCOMPLETE, PERSON, UNTOLD, DEFECT, INTERRUPTED = 2, 3, 5, 6, 70, 130


def told(command: click.Command) -> int:
    """Run a command and give its exit code."""
    with lasting():
        return _told(command)


def _told(command: click.Command) -> int:
    try:
        answer = command.main(prog_name="auditor", standalone_mode=False)
        return answer if isinstance(answer, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        _refused(error)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"error: {place}{error.strerror or error}")
        return USAGE
    except Exception as error:  # noqa: BLE001  a defect, told as one
        code = _meaning(error)
        if code is None:
            return defect([error])
        say(f"error: {error}")
        return code


def defect(errors: Iterable[Exception]) -> int:
    """Tell of defects in one paragraph; what they were goes into a file, which may hold names of the account."""
    found = list(errors)
    first = found[0]
    say(f"error: a defect of auditor, not of the account: {type(first).__name__}: {str(first)[:300]}")
    for note in getattr(first, "__notes__", ()):
        say(note)
    text = "".join("".join(traceback.format_exception(each)) + "\n" for each in found)
    try:
        handle, name = tempfile.mkstemp(prefix="auditor-defect-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
        say(f"The traceback is in {name}; please report it. The results above were found without the part that failed.")
    except OSError as full:
        say(f"The traceback could not be written ({full.strerror}), so here it is:\n{text}")
    return DEFECT


def say(message: str) -> None:
    """A message on stderr in which the names of strangers steer no terminal."""
    from auditor.report.plain import clean, no_command

    lines = clean(message, lines=True).split("\n")
    click.echo("\n".join(no_command(each) + each for each in lines), err=True)


def _refused(error: click.ClickException) -> None:
    """What click does not accept, in the style of all other errors. Our own messages name the cure already; after
    click's stands where the options are listed."""
    words = error.format_message()
    say(f"error: {words[:1].lower()}{words[1:]}{_whence(error)}")
    context = error.ctx if isinstance(error, click.UsageError) and type(error) is not click.UsageError else None
    if context is not None:
        say(f"See `{context.command_path} --help` for the options.")


def _whence(error: click.ClickException) -> str:
    """Who said a value that is not typed, since nobody sees it on the command line."""
    from auditor.cli._config import origin

    if not isinstance(error, click.BadParameter) or error.ctx is None or error.param is None:
        return ""
    place = origin(error.ctx, error.param)
    return f" (set by {place})" if place and place not in error.param.opts else ""


def _meaning(error: Exception) -> int | None:
    """The exit code of a known failure; imports happen only now, when something failed."""
    from auditor.aws.requests import CallFailed, CannotConnect
    from auditor.checks.binding import BadPin
    from auditor.checks.regions import NoRegionRead
    from auditor.checks.yaml import DefinitionError
    from auditor.findings.known import BadKnown
    from auditor.findings.threeway import BadRun
    from auditor.pipeline import NothingToJudge
    from auditor.remedy.journal import BadJournal, Busy
    from auditor.remedy.lease import LeaseLost
    from auditor.remedy.planfile import BadPlan
    from auditor.sources.code_options import BadCode
    from auditor.sources.snapshot import BadSnapshot
    from auditor.store import BadBundle, NoSuchRun

    if isinstance(error, CannotConnect):
        return USAGE if error.configuration else INCOMPLETE
    if isinstance(error, CallFailed):
        return INCOMPLETE
    if isinstance(error, LeaseLost):
        return PERSON
    known = (
        NoRegionRead,
        BadPin,
        DefinitionError,
        BadKnown,
        BadRun,
        NothingToJudge,
        BadCode,
        BadSnapshot,
        BadPlan,
        BadJournal,
        Busy,
        BadBundle,
        NoSuchRun,
    )
    return USAGE if isinstance(error, known) else None
