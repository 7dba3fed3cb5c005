"""Modules that Terraform has brought, for the base of a change: no commit holds them.

`terraform init` puts them beside the code as it is now; a call of the base that asks for the same source and version
reads the same module (see `terraform/installed.py`, which compares both). Where git tracks them they are code of the
change, and the base has its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from auditor.sources.code_options import MOST_BYTES

_FOLDER = Path(".terraform", "modules")
_MANIFEST = "modules.json"
_LARGEST = 1_000_000
_MOST = 20_000


def lend(head: Path, base: Path, tracked: Callable[[Path], bool]) -> bool:
    """Copy what was brought for the configurations below a folder to the same places below its base; whether all of it
    could be: a base that lacks a part would make what the head has look new.
    """
    left, weight = _MOST, 5 * MOST_BYTES
    for folder in _configurations(head) if head.is_dir() else ():
        source, target = folder / _FOLDER, base / folder.relative_to(head) / _FOLDER
        if target.exists() or not target.parent.parent.is_dir() or tracked(source):
            continue
        for file in _files(source):
            size = file.stat().st_size
            left, weight = left - 1, weight - size
            if left < 0 or weight < 0:
                return False
            there = target / file.relative_to(source)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(file.read_bytes())
    return True


def _configurations(head: Path) -> Iterator[Path]:
    """The folders with a manifest; links are not followed."""
    for here, below, _ in os.walk(head):
        manifest = Path(here) / _FOLDER / _MANIFEST
        if (
            ".terraform" in below
            and manifest.is_file()
            and manifest.resolve() == Path(here).resolve() / _FOLDER / _MANIFEST
        ):
            yield Path(here)
        below[:] = sorted(each for each in below if not each.startswith("."))


def _files(folder: Path) -> Iterator[Path]:
    for here, below, names in os.walk(folder):
        below[:] = sorted(each for each in below if not each.startswith("."))
        for name in sorted(names):
            file = Path(here) / name
            if (
                file.is_file()
                and not file.is_symlink()
                and os.access(file, os.R_OK)
                and file.stat().st_size <= _LARGEST
            ):
                yield file
