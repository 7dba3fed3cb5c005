"""Finding checkov and running it: a process of its own, in an empty folder, with nothing of our surroundings.

checkov reads configuration from its working directory, from the home directory and from variables of the environment,
and configuration may name folders of Python code to run. So it is started in a new folder that holds the plan only,
which is its home as well, and it inherits no variable but the path.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess  # a list of arguments, no shell
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from auditor.model import Json, Reason

VARIABLE = "AUDITOR_CHECKOV"
PATIENCE = 600.0  # seconds
_PATIENCE_FOR_VERSION = 60.0
MOST_OUTPUT = 256 * 1024 * 1024
_MOST_ERRORS = 64 * 1024
_OPTIONS = ("-o", "json", "--framework", "terraform_plan", "--skip-download", "--quiet", "--compact")
_INSTALL = "install it with `pip install 'auditor[checkov]'`"


class NotJudged(Exception):
    """checkov gave no answer: why, in words that say what to do."""

    def __init__(self, reason: Reason, message: str) -> None:
        self.reason: Reason = reason
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Answers:
    """What failed, as checkov says it, and how many questions it answered with yes."""

    failed: Sequence[Mapping[str, Json]]
    passed: int
    version: str


def find() -> Path:
    """The program: the one named, the one installed beside our Python, or the first on the path."""
    named = os.environ.get(VARIABLE, "")
    if named:
        program = Path(named)
        if program.is_absolute() and _runs(program):
            return program
        raise NotJudged("unsupported", f"{VARIABLE} does not name a program by its full path; correct or unset it")
    beside = Path(sys.executable).parent / "checkov"
    # A relative entry of the path would lead into whatever folder we happen to be in, and to what it brings.
    entries = [each for each in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(each).is_absolute()]
    found = str(beside) if _runs(beside) else shutil.which("checkov", path=os.pathsep.join(entries))
    if not found:
        raise NotJudged("unsupported", f"checkov is not installed, so its policies were not checked; {_INSTALL}")
    return Path(found)


def _runs(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)


def version(program: Path) -> str:
    """The version of checkov in its own environment, as it says itself: that need not be the one of our Python."""
    with tempfile.TemporaryDirectory(prefix="auditor-checkov-", ignore_cleanup_errors=True) as folder:
        said = _started([str(program), "--version"], Path(folder), _PATIENCE_FOR_VERSION)
    return _last_line(said)


def run(plan: str, patience: float = PATIENCE) -> Answers:
    """checkov's answers on the text of a plan."""
    program = find()
    with tempfile.TemporaryDirectory(prefix="auditor-checkov-", ignore_cleanup_errors=True) as folder:
        Path(folder, "plan.json").write_text(plan, encoding="utf-8")
        output = _started([str(program), "-f", "plan.json", *_OPTIONS], Path(folder), patience)
    return read(output)


def surroundings(folder: Path) -> dict[str, str]:
    """All of checkov's environment. It asks `git` for a version, so it gets the path; credentials it gets none."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LOG_LEVEL": "ERROR",
        "BC_SKIP_MAPPING": "TRUE",
        "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
        "CHECKOV_PARALLELIZATION_TYPE": "none",
        "EVAL_TF_PLAN_AFTER_UNKNOWN": "true",
    }


class _Kept:
    """The beginning of a stream; a stream that is longer than allowed ends the program."""

    def __init__(self, stream: IO[bytes], most: int, stop: bool, process: subprocess.Popen[bytes]) -> None:
        self.bytes = bytearray()
        self.overflown = False
        self._thread = threading.Thread(target=self._read, args=(stream, most, stop, process), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[bytes], most: int, stop: bool, process: subprocess.Popen[bytes]) -> None:
        while piece := stream.read(65536):
            if len(self.bytes) + len(piece) <= most:
                self.bytes += piece
                continue
            self.overflown = True
            if stop:
                _kill(process)
                return

    def text(self) -> str:
        self._thread.join(5)
        return bytes(self.bytes).decode("utf-8", "replace")


def _started(command: list[str], folder: Path, patience: float) -> str:
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=surroundings(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
    except OSError as error:
        raise NotJudged("failed", f"checkov could not be started: {error.strerror}; {_INSTALL}") from error
    with process:
        if process.stdout is None or process.stderr is None:
            raise NotJudged("failed", "checkov could not be started: it has no output")
        out = _Kept(process.stdout, MOST_OUTPUT, True, process)
        errors = _Kept(process.stderr, _MOST_ERRORS, False, process)
        try:
            code = process.wait(timeout=patience)
        except subprocess.TimeoutExpired as error:
            message = f"checkov did not end within {patience:g} seconds; check fewer resources at once"
            raise NotJudged("failed", message) from error
        finally:
            _kill(process)
        text, said = out.text(), errors.text()
    if out.overflown:
        size = f"{MOST_OUTPUT // 2**20} MiB"
        raise NotJudged("failed", f"checkov answered with more than {size}; check fewer resources at once")
    if code not in (0, 1):
        raise NotJudged("failed", f"checkov ended with {code}: {_last_line(said or text)}")
    return text


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The program with all that it started: it leads a process group of its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = lines[-1] if lines else "it printed nothing"
    return "".join(each if each.isprintable() else " " for each in line)[:300]


def read(output: str) -> Answers:
    """The JSON of checkov, refused where it is not what we know."""
    try:
        told = json.loads(output)
    except (ValueError, RecursionError) as error:
        raise NotJudged("failed", f"checkov did not answer with JSON: {_last_line(output)}") from error
    if not isinstance(told, dict):
        raise NotJudged("failed", "checkov returned JSON of an unknown form; install version 3")
    if "results" not in told:
        if told.get("failed") == 0:  # its whole answer when there was nothing that any policy is about
            return Answers((), int(told.get("passed") or 0), str(told.get("checkov_version", "")))
        raise NotJudged("failed", "checkov returned JSON of an unknown form; install version 3")
    results, summary = told["results"], told.get("summary")
    if not isinstance(results, dict) or not isinstance(summary, dict):
        raise NotJudged("failed", "checkov returned JSON of an unknown form; install version 3")
    if summary.get("parsing_errors"):
        raise NotJudged("failed", "checkov could not read the plan")
    failed = results.get("failed_checks")
    failed = [each for each in failed if isinstance(each, dict)] if isinstance(failed, list) else []
    if summary.get("failed") != len(failed):
        raise NotJudged("failed", "checkov reported fewer failures than it counted; install version 3")
    return Answers(failed, int(summary.get("passed") or 0), str(summary.get("checkov_version", "")))
