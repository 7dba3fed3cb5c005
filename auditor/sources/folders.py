"""The folders of a tree of code: no link is followed, and nothing that a tool installed or keeps looked into.

Other hidden folders are: a configuration in `.deploy` is applied like any other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_INSTALLED = {"node_modules", "venv", ".venv", ".env", ".eggs", ".tox", ".nox", ".npm", ".yarn", ".m2", ".cargo"}
_KEPT = {"__pycache__", ".cache", ".git", ".hg", ".svn", ".jj", ".idea", ".vscode", ".direnv", ".gradle", ".next"}
_MADE = {".terraform", ".terragrunt-cache", ".terragrunt-stack", ".external_modules", ".aws-sam", ".serverless", ".sst"}
_TESTED = {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints"}
_SKIPPED = _INSTALLED | _KEPT | _MADE | _TESTED


_LOOKED_AT = 5_000  # the files of such a folder, of which there are many thousands
_CODE = (".tf", ".tofu", ".tf.json", ".tofu.json")
_TEMPLATES = ("template.yaml", "template.yml", "template.json")


def with_code(path: Path) -> Iterator[str]:
    """The folders of a tool that are not looked into although code lies in them, by their paths from `path`."""
    for here, below, _ in os.walk(path, followlinks=False):
        yield from (
            (Path(here) / each).relative_to(path).as_posix()
            for each in sorted(below)
            if each in _INSTALLED and not (Path(here) / each).is_symlink() and _holds_code(Path(here) / each)
        )
        below[:] = [each for each in below if each not in _SKIPPED]


def _holds_code(folder: Path) -> bool:
    every = (name for _, _, names in os.walk(folder, followlinks=False) for name in names)
    return any(name.endswith(_CODE) or name in _TEMPLATES for name in islice(every, _LOOKED_AT))


def folders(path: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Each folder with the names of those below it, which may be taken out before the next one, and of its files."""
    for here, below, names in os.walk(path, followlinks=False):
        below[:] = sorted(each for each in below if each not in _SKIPPED)
        yield Path(here), below, sorted(names)
