"""The folders of a tree of code: no link is followed, and nothing hidden, installed or made by a cache looked into."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_SKIPPED = {"node_modules", "__pycache__", "venv"}


def folders(path: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Each folder with the names of those below it, which may be taken out before the next one, and of its files."""
    for here, below, names in os.walk(path, followlinks=False):
        below[:] = sorted(each for each in below if not each.startswith(".") and each not in _SKIPPED)
        yield Path(here), below, sorted(names)
