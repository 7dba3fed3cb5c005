"""The files that code names beside itself, as digests of what they hold: what a call such as `file` reads, what the
program of a data source is.

Where a path is not plain, it may be any file below as much of it as is plain.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from auditor.sources.code_options import MOST_BYTES, MOST_FILES
from auditor.sources.folders import folders
from auditor.sources.terraform.readers import NAMES, PLAIN
from auditor.sources.terraform.text import tokens
from auditor.sources.terraform.tree import SUFFIXES, leads_to

_CALL = re.compile(rf"\b(?P<name>{NAMES})\s*\(")
_BASE = r"path\.(?P<base>module|root|cwd)\b"
_MENTIONED = re.compile(rf'{_BASE}(?:\}}/?(?P<rest>{PLAIN}))?(?P<end>"?)')
_STRING = re.compile(rf'"(?:\$\{{{_BASE}\}}/?)?(?P<rest>{PLAIN})(?P<end>"?)')
_WORDS = re.compile(r"[\w./-]*\w\.\w+")
_LONGEST = 255


class Spelled(NamedTuple):
    """A path as code spells it: the plain beginning of it, from which folder, and whether that is all of it."""

    base: str
    beginning: str
    whole: bool


class Files:
    """What files below a root hold; each is read once. Labels are paths as they are spelled, the same on both sides."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._held: dict[Path, str] = {}
        self._under: dict[tuple[Path, str], str] = {}

    def read_by(self, text: str, folder: Path, callers: Sequence[Path]) -> Iterator[tuple[str, str]]:
        """(label, digest) of what the calls in a text read.

        A path that does not begin with `path.module` begins where Terraform runs: in a folder that calls this one.
        """
        for found in _CALL.finditer(text):
            first, second = [*_arguments(text[found.end() :]), "", ""][:2]
            said = _spelled(first)
            if found["name"] == "fileset":
                inside = f"{said.beginning}/{_spelled(second).beginning}" if said.whole else said.beginning
                said = Spelled(said.base, inside.lstrip("/"), False)
            yield from self._digests(said, folder, callers)

    def named_in(self, text: str, folder: Path, callers: Sequence[Path]) -> Iterator[tuple[str, str]]:
        """The same of all that a text names, whatever it is for: by `path.module`, or by a plain name."""
        for found in _MENTIONED.finditer(text):
            yield from self._digests(Spelled(found["base"], found["rest"] or "", bool(found["end"])), folder, callers)
        for found in _STRING.finditer(text):
            if found["end"] and not found["base"]:
                yield from self.beside(found["rest"], (folder, *callers))

    def beside(self, text: str, bases: Iterable[Path]) -> Iterator[tuple[str, str]]:
        """The same of the files that words of a text name."""
        for name in dict.fromkeys(_WORDS.findall(text)):
            held = [self._digest(path) for path in _joined(bases, name) if len(name) < _LONGEST and self._is_file(path)]
            if held:
                yield name, " ".join(held)

    def _digests(self, said: Spelled, folder: Path, callers: Sequence[Path]) -> Iterator[tuple[str, str]]:
        bases = (folder,) if said.base == "module" else (folder, *callers)
        held: list[str] = []
        for path in _joined(bases, said.beginning):
            if said.whole and self._is_file(path):
                held.append(self._digest(path))
            elif said.whole or said.beginning.endswith("/") or not said.beginning:
                held.append(self._below(path, ""))
            else:
                held.append(self._below(path.parent, path.name))
        yield said.beginning or ".", " ".join(held)

    def _below(self, folder: Path, beginning: str) -> str:
        """What the files of a folder whose names begin so hold; code and values are compared as such."""
        if (folder, beginning) not in self._under:
            every = islice(self._files(folder, beginning), MOST_FILES)
            self._under[folder, beginning] = " ".join(f"{name} {self._digest(path)}" for name, path in every)
        return self._under[folder, beginning]

    def _files(self, folder: Path, beginning: str) -> Iterator[tuple[str, Path]]:
        real = leads_to(folder)
        if real is None or not real.is_relative_to(self.root):
            return
        for here, _, names in folders(real):
            for path in (here / name for name in names if not name.endswith(SUFFIXES)):
                name = path.relative_to(real).as_posix()
                if name.startswith(beginning) and self._is_file(path):
                    yield name, path

    def _is_file(self, path: Path) -> bool:
        real = leads_to(path)
        try:
            return real is not None and real.is_relative_to(self.root) and real.is_file()
        except OSError:
            return False

    def _digest(self, path: Path) -> str:
        """What a file holds; of a very large one how large it is."""
        if path not in self._held:
            try:
                size = path.stat().st_size
                data = path.read_bytes() if size <= MOST_BYTES else str(size).encode()
            except OSError:
                data = b""
            self._held[path] = hashlib.sha256(data).hexdigest()
        return self._held[path]


def _joined(bases: Iterable[Path], name: str) -> list[Path]:
    return [Path(os.path.normpath(each / name.lstrip("/"))) for each in dict.fromkeys(bases)]


def _spelled(argument: str) -> Spelled:
    alone = re.fullmatch(_BASE, argument)
    if alone:
        return Spelled(alone["base"], "", True)
    said = _STRING.match(argument)
    if not said:
        return Spelled("", "", False)
    return Spelled(said["base"] or "", said["rest"], bool(said["end"]) and said.end() == len(argument))


def _arguments(text: str) -> Iterator[str]:
    """The arguments of a call whose bracket was opened before the text."""
    depth = begun = 0
    for token in tokens(text):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth < 0 or (depth == 0 and token.text == ","):
            yield text[begun : token.start].strip()
            begun = token.start + 1
        if depth < 0:
            return
