"""What README.md and ARCHITECTURE.md say of the program is what the program is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.cli import COMMANDS
from auditor.resources import load
from auditor.sandbox.drifts import DRIFTS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


@pytest.mark.e2e
def test_the_sample_is_what_a_check_of_the_drifted_account_says(auditor, copy_of_cuggu):
    sample = re.search(r"\$ auditor check --baseline cuggu\n(.*?)\n  \.\.\.\n", README, re.DOTALL)
    for drift in DRIFTS:
        drift.happen(copy_of_cuggu)
    ran = auditor("check", "--baseline", "cuggu", box=copy_of_cuggu.box)
    assert ran.out.startswith(sample[1])


def test_every_command_is_told_and_none_besides():
    rows = re.findall(r"^\| ((?:`[\w-]+` ?)+) ?\|", README, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([\w-]+)`", row)}
    assert told == set(COMMANDS) - {"demo"}  # make demo


def test_the_number_of_types_is_right():
    assert int(re.search(r"(\d+) resource types", README)[1]) == len(load())


def test_every_place_in_the_architecture_is_there():
    places = [each for each in re.findall(r"`([^`\s]+)`", ARCHITECTURE.split("\n## ")[0]) if "/" in each]
    assert len(places) > 40
    for place in places:
        for each in _spelt(place):
            if "<" not in each:  # a pattern for names
                assert (ROOT / each).exists(), f"{place}: {each} is not there"


def _spelt(place: str) -> list[str]:
    """`a/{b,c}.py` as `a/b.py` and `a/c.py`."""
    found = re.search(r"\{([^{}]+)\}", place)
    if not found:
        return [place]
    return [each for one in found[1].split(",") for each in _spelt(place.replace(found[0], one, 1))]
