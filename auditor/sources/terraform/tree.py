"""The files of a Terraform configuration that are copied for the evaluator: which may be read, within which bounds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from auditor.sources.code_options import MOST_BYTES, MOST_FILES, BadCode, spoken
from auditor.sources.terraform.calls import Call
from auditor.sources.terraform.given import loaded
from auditor.sources.terraform.later import declared_in
from auditor.sources.terraform.text import CODE, IN_JSON, deepest, joined
from auditor.sources.texts import decode, text_of

ABOVE = ".auditor-above"
INSTALLED = ".terraform/modules"  # where Terraform puts what it brings, below the folder of a configuration
_NESTED = 100
_TOGETHER = 5 * MOST_BYTES
_MOST_LEFT = 10_000
_TOFU = (".tofu", ".tofu.json")
_LOCK = ".terraform.lock.hcl"
SUFFIXES = (*CODE, ".tfvars", ".tfvars.json")


@dataclass
class Tree:
    """What is copied: texts by their path from the folder (`../` leads above it), and (place, reason) of what is not.

    Nothing outside of `root` is read. Both folders are resolved: no link is in their own paths.
    """

    folder: Path
    root: Path
    target: Path
    texts: dict[str, str] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    calls: dict[Path, list[Call]] = field(default_factory=dict)
    ends: dict[str, Sequence[tuple[int, int]]] = field(default_factory=dict)  # where `ends` put something into a copy
    said: dict[str, str] = field(default_factory=dict)  # the texts in which calls read files of the copy or nothing
    plain: dict[str, str] = field(default_factory=dict)  # what is copied, without the marks for what is known later
    unset: frozenset[str] = frozenset()  # the variables of the folder that have no value
    files: dict[tuple[Path, bool], bool] = field(default_factory=dict)  # what calls that read files name
    _called: set[Path] = field(default_factory=set)
    _bytes: int = 0

    @property
    def as_read(self) -> dict[str, str]:
        """The texts of all files, with calls that read files as `readers` leaves them."""
        return {**self.texts, **self.said}

    @property
    def folders(self) -> frozenset[str]:
        """Where code is, by path from the folder."""
        return frozenset(str(Path(name).parent) for name in self.texts if name.endswith(CODE))

    def declared(self, folder: Path) -> Mapping[str, frozenset[str]]:
        """What the files of a folder declare, with what they say of it."""
        where = self.name(folder)
        return declared_in(text for name, text in self.texts.items() if (name.rpartition("/")[0] or ".") == where)

    def name(self, path: Path) -> str:
        return spoken(os.path.relpath(path, self.folder).replace(os.sep, "/"))

    def path(self, name: str) -> Path:
        return Path(os.path.normpath(self.folder / name))

    def copied(self, path: Path) -> Path:
        """Where a file or folder of the root lies in the copy."""
        steps = Path(os.path.relpath(path, self.folder)).parts
        return self.target.joinpath(*(ABOVE if each == ".." else each for each in steps))

    def holds(self, path: Path, links: bool = True) -> bool:
        """Whether a path is inside the root and not hidden, as it is written and as links lead, where any may be."""
        real = leads_to(path)
        return real is not None and self._open(path) and (self._open(real) if links else real == path)

    def _open(self, path: Path) -> bool:
        if not path.is_relative_to(self.root):
            return False
        if self.installed(path):
            below = path.relative_to(self.folder / INSTALLED)
        else:
            below = path.relative_to(self.folder if path.is_relative_to(self.folder) else self.root)
        return not any(part.startswith(".") for part in below.parts)

    def installed(self, path: Path) -> bool:
        """Whether a path lies where Terraform puts the modules that it brings."""
        return path.is_relative_to(self.folder / INSTALLED)

    def leave(self, place: str, why: str) -> None:
        """Say what is not read."""
        if len(self.left) >= _MOST_LEFT:
            raise BadCode(
                f"{place}: more than {_MOST_LEFT:,} files and modules cannot be read; pass a plan instead (--plan)"
            )
        self.left.append((place, why))

    def read(self, path: Path) -> None:
        """Take a file of code, or BadCode."""
        name = self.name(path)
        if self._of_other_program(path, name):
            return
        real = leads_to(path)
        if path.is_symlink() and real and not self._open(real):
            raise BadCode(
                f"{name}:1: a symbolic link that points outside the tree or into a hidden folder; put the file here"
            )
        if name in self.texts:
            return
        if not real or not path.is_file():
            self.leave(name, "is no file that can be read (a link that leads nowhere, a pipe)")
            return
        if not os.access(path, os.R_OK):
            self.leave(name, "cannot be read: permission denied")
            return
        if len(self.texts) >= MOST_FILES:
            raise BadCode(f"{self.folder.name}: more than {MOST_FILES:,} files; check its parts separately")
        self.weigh(path, name)
        try:
            text = decode(path)
        except BadCode as error:
            self._odd(name, error)
            return
        depth, line = deepest(text)
        if depth > _NESTED:
            raise BadCode(f"{name}:{line}: nested deeper than {_NESTED}; a configuration is never so deep")
        self.texts[name] = joined(text, name.endswith(IN_JSON)) if name.endswith(CODE) else text

    def _of_other_program(self, path: Path, name: str) -> bool:
        """Whether a file is not read, because OpenTofu reads another one, or Terraform does.

        OpenTofu reads `main.tofu` instead of `main.tf` where both are there ("Files and Directories" of its language);
        Terraform reads no such file. Whose folder it is, the providers that are locked tell. Where nothing does, what
        OpenTofu leaves aside is told.
        """
        if name.endswith(_TOFU) and self.program == "Terraform":
            self.leave(name, f"is read only by OpenTofu, and {_LOCK} is Terraform's")
            return True
        instead = path.with_name(path.name.removesuffix(".json").removesuffix(".tf") + _TOFU[name.endswith(".json")])
        if not name.endswith((".tf", ".tf.json")) or self.program == "Terraform" or not instead.is_file():
            return False
        if self.program != "OpenTofu":
            self.leave(name, f"is read only by Terraform, for OpenTofu reads {instead.name} in its place")
        return True

    @cached_property
    def program(self) -> str:
        """`Terraform` or `OpenTofu`, where the folder's locked providers come from the registry of only one."""
        said = text_of(self.folder / _LOCK) or ""
        names = {"registry.terraform.io/": "Terraform", "registry.opentofu.org/": "OpenTofu"}
        found = [name for host, name in names.items() if f'provider "{host}' in said]
        return found[0] if len(found) == 1 else ""

    def _odd(self, name: str, error: BadCode) -> None:
        """A file in an odd encoding, such as one that git-crypt keeps: a gap, where anything reads it.

        Values that no folder loads by itself are read by nobody here.
        """
        why = error.lines[0].partition(": ")[2] or error.lines[0]
        if name.endswith((".tfvars", ".tfvars.json")):
            if not loaded([name]):
                return
            why = f"the values in it are not known: {why}"
        self.leave(f"{name}:1", why)

    def weigh(self, path: Path, name: str) -> None:
        """Count the bytes of a file that is read."""
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise BadCode(f"{name}:1: larger than {MOST_BYTES:,} bytes")
        self._bytes += size
        if self._bytes > _TOGETHER:
            raise BadCode(f"{self.folder.name}: more than {_TOGETHER:,} bytes of Terraform; check its parts separately")

    def call(self, call: Call) -> None:
        """Take the code of a module that is called; below the folder only what was brought is not there already."""
        self.calls.setdefault(self.path(call.file).parent, []).append(call)
        folder = call.folder
        if folder in self._called:
            return
        self._called.add(folder)
        try:
            files = list(folder.iterdir()) if folder.is_dir() else []
        except OSError as error:
            raise BadCode(f"{call.place}: {self.name(folder)} cannot be read: {error.strerror}") from error
        there = folder.is_relative_to(self.folder) and not self.installed(folder)
        for path in () if there else sorted(files):
            if path.name.endswith(CODE):
                self.read(path)


def leads_to(path: Path) -> Path | None:
    """Where links lead; nowhere when they lead in a circle, or when no file can be called so."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None
