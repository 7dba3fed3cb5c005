"""The program as a user calls it, in an environment of its own.

Tests marked `process` start it in another process; for the others that would cost as much as all that they do.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import Ran, run_here

ROOT = Path(__file__).parents[2]


@pytest.fixture
def auditor(tmp_path, request):
    """`auditor("check", ..., box=sandbox)`: run the command; its state goes to a folder of the test's own."""
    started = request.node.get_closest_marker("process") is not None

    def run(*words, box=None, env=None, timeout=120):
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environ |= box.environ() if box else {}
        environ |= {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "100"}
        environ |= {"AWS_EC2_METADATA_DISABLED": "true", "PYTHONPATH": str(ROOT), **(env or {})}
        ran = start(words, environ, tmp_path, timeout) if started else run_here([*words], environ, tmp_path)
        assert "Traceback" not in ran.err, ran.err
        return ran

    return run


def start(words, environ, folder, timeout):
    done = subprocess.run(
        [sys.executable, "-m", "auditor", *words],
        capture_output=True,
        text=True,
        env=environ,
        timeout=timeout,
        cwd=folder,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
