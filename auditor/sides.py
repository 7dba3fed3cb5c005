"""The code that a gate judges: where each side of a change lies, and with which values it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.exceptions import Exceptions
from auditor.sources import base as before


@dataclass(frozen=True, slots=True)
class Account:
    """The account of some credentials; nothing for the profile: those of the environment."""

    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The code to be judged. `base` is a path or a ref of git; `trust` allows definitions out of the judged tree.

    `root` is the folder out of which nothing is read (modules above `path` are); left out it is the repository.
    `without` are globs of what is not judged, `environments` values with which the same code is judged one by one.
    `strict` counts every gap, also those that were there before or that no chosen rule or baseline reads.
    `live` is the account that the code is deployed to, or a saved run or inventory of it. With `both` what the other
    value of a switch would bring is a finding as well.
    """

    path: Path
    base: str = ""
    plan: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    region: str = ""
    trust: bool = False
    root: Path | None = None
    strict: bool = False
    without: tuple[str, ...] = ()
    environments: Mapping[str, Path] = field(default_factory=dict)
    exceptions: Exceptions = field(default_factory=Exceptions)
    live: Path | Account | None = None
    both: bool = False
    evaluated: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # what both sides share


@dataclass(frozen=True, slots=True)
class Side:
    """Where one side lies, and with which values."""

    path: Path
    root: Path
    var_files: tuple[Path, ...]
    environments: Mapping[str, Path]
    plan: Path | None = None


def side_then(code: Code, base: before.Base, root: Path) -> Side:
    """Where the base lies, and the files of values as they were then."""
    there = _root_then(code, base, root)
    var_files = [_then(each, root, there) for each in code.var_files]
    then = {name: _then(each, root, there) for name, each in code.environments.items()}
    environments = {name: each for name, each in then.items() if each.exists()}
    return Side(base.path, there, tuple(each for each in var_files if each.exists()), environments)


def _root_then(code: Code, base: before.Base, root: Path) -> Path:
    """The root of the base: as far above its path as the head's root lies above the path of the head."""
    if base.commit:
        return _then(root, before.top(code.path) or root, base.root)
    way, other = code.path.resolve().relative_to(root.resolve()).parts, base.path.resolve()
    alike = code.root and other.parts[len(other.parts) - len(way) :] == way
    return Path(*other.parts[: len(other.parts) - len(way)]) if alike else base.root


def _then(file: Path, root: Path, base: Path) -> Path:
    """A file as it was in the base, where it belongs to the judged tree."""
    there = file.resolve()
    return base / there.relative_to(root.resolve()) if there.is_relative_to(root.resolve()) else file
