"""The command in this process: what a start of Python and boto3 costs is paid once, and not by every test."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def run_here(words: list[str], environ: Mapping[str, str], folder: Path) -> Ran:
    """`auditor WORDS` with this environment in this folder; of this process's own environment nothing is seen."""
    from auditor.cli import group
    from auditor.cli._errors import told

    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr("sys.argv", ["auditor", *words])
        for name in set(os.environ) - set(environ):
            patch.delenv(name)
        for name, value in environ.items():
            patch.setenv(name, value)
        code = told(group)
    return Ran(code, out.getvalue(), err.getvalue())
