"""The program as a user starts it: another process, an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def auditor(tmp_path):
    """`auditor("check", ..., box=sandbox)`: run the command; its state goes to a folder of the test's own."""

    def run(*words, box=None, env=None, timeout=120):
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environ |= box.environ() if box else {}
        environ |= {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "100"}
        environ |= {"AWS_EC2_METADATA_DISABLED": "true", "PYTHONPATH": str(ROOT), **(env or {})}
        done = subprocess.run(
            [sys.executable, "-m", "auditor", *words],
            capture_output=True,
            text=True,
            env=environ,
            timeout=timeout,
            cwd=tmp_path,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
