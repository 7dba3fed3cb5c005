"""Labelled data that others recorded; it lies beside the project and is never a part of it."""

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("AUDITOR_TRUTHS", Path(__file__).parents[4] / "shared" / "truths"))


def truth(name):
    """The data of one file; the test module is skipped where it is not there."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the recorded truths are not here ({name})", allow_module_level=True)
    return json.loads(path.read_text())
