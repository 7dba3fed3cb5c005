"""The folders of a tree of code: no link is followed, and nothing that a tool installed or keeps looked into.

Other hidden folders are: a configuration in `.deploy` is applied like any other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_INSTALLED = {"node_modules", "venv", ".venv", ".env", ".eggs", ".tox", ".nox", ".npm", ".yarn", ".m2", ".cargo"}
_KEPT = {"__pycache__", ".cache", ".git", ".hg", ".svn", ".jj", ".idea", ".vscode", ".direnv", ".gradle", ".next"}
_MADE = {".terraform", ".terragrunt-cache", ".terragrunt-stack", ".external_modules", ".aws-sam", ".serverless", ".sst"}
_TESTED = {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints"}
_SKIPPED = _INSTALLED | _KEPT | _MADE | _TESTED


def folders(path: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Each folder with the names of those below it, which may be taken out before the next one, and of its files."""
    for here, below, names in os.walk(path, followlinks=False):
        below[:] = sorted(each for each in below if each not in _SKIPPED)
        yield Path(here), below, sorted(names)
