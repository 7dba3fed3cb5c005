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
    assert told == set(COMMANDS)


def test_the_number_of_types_is_right():
    assert int(re.search(r"(\d+) resource types", README)[1]) == len(load())


def places() -> list[str]:
    """What the rows of ARCHITECTURE's table lead to, each spelt out; `<type>` stands for any name."""
    rows = [line.split("|")[2] for line in ARCHITECTURE.splitlines() if line.startswith("| ")]
    found = [each for row in rows for each in re.findall(r"`([^`\s]+)`", row) if "/" in each]
    return [re.sub(r"<[^<>]+>", "*", each) for place in found for each in _spelt(place)]


def test_every_place_in_the_architecture_is_there():
    assert len(places()) > 60
    assert [each for each in places() if not any(ROOT.glob(each.rstrip("/")))] == []


LARGE = 120  # lines from which a module has something to look for in it


def test_the_architecture_leads_to_every_room_and_to_every_large_module():
    """A row that names a folder leads to all below it; of what is named file by file, no large one is left out."""
    named = {path for place in places() for path in ROOT.glob(place.rstrip("/"))}
    rooms = {path.parent for path in (ROOT / "auditor").rglob("__init__.py")} - {ROOT / "auditor"}
    large = {path for path in (ROOT / "auditor").rglob("*.py") if len(path.read_text("utf-8").splitlines()) > LARGE}
    reached = {path for path in rooms | large if named & {path, *path.parents}}
    reached |= {path for path in rooms if any(path in each.parents for each in named)}  # its modules have their rows
    types = ROOT / "auditor" / "resources"
    reached |= {path for path in large if path.parent.parent == types}  # what the types of a service share
    left = sorted(str(path.relative_to(ROOT)) for path in (rooms | large) - reached)
    assert not left, "no row of ARCHITECTURE.md leads to " + ", ".join(left)


def _spelt(place: str) -> list[str]:
    """`a/{b,c}.py` as `a/b.py` and `a/c.py`."""
    found = re.search(r"\{([^{}]+)\}", place)
    if not found:
        return [place]
    return [each for one in found[1].split(",") for each in _spelt(place.replace(found[0], one, 1))]
