"""Where code says something for which nobody noted a place: the block of an address, else the file that stands for all.

A plan knows addresses and no lines, and what is missing stands nowhere; code scanning refuses a whole file for one
result without a place. The search is one of text: it reads a few files beside the judged path and follows no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from auditor.sources.code_options import MOST_BYTES

_MOST_FILES = 200
_MAIN = ("main.tf", "main.tofu", "template.yaml", "template.yml", "template.json", "cdk.json", "main.tf.json")
_ENDS = (".tf", ".tofu", ".yaml", ".yml", ".json", ".template")
_BLOCK = re.compile(r'^[ \t]*(resource|data|module)\s+"([^"\n]{1,200})"(?:\s+"([^"\n]{1,200})")?', re.MULTILINE)
_STEPS = re.compile(r"\[[^\]]*\]")


class Places:
    """The code at a path, by the names of its root folder (`root`), to find places in when a finding has none."""

    def __init__(self, path: Path, root: Path) -> None:
        self._folder = path if path.is_dir() else path.parent
        self._path, self._root = path, root

    @cached_property
    def main(self) -> str:
        """The file that stands for the whole: the path itself, else the main file of the folder, else its first."""
        if self._path.is_file():
            return self._name(self._path)
        files = list(self._files)
        by_name = {each.name: each for each in files}
        found = next((by_name[name] for name in _MAIN if name in by_name), None)
        best = found or min(files, key=lambda each: (_ENDS.index(each.suffix), each.name), default=None)
        return self._name(best or self._nested() or self._folder / _MAIN[0])

    def of(self, address: str) -> str:
        """`file:line` of the block of a Terraform address, or of the module call that leads to it; empty for none."""
        steps = _STEPS.sub("", address).split(".")
        if steps[:1] == ["module"]:
            return self._blocks.get(".".join(steps[:2]), "")
        return self._blocks.get(".".join(steps), "")

    @cached_property
    def _files(self) -> tuple[Path, ...]:
        return tuple(_plain(self._folder.iterdir(), _ENDS)) if self._folder.is_dir() else ()

    def _nested(self) -> Path | None:
        """The first file of code in the folders below, where the folder itself has none."""
        return next(_plain(self._folder.rglob("*.t*f*"), _ENDS), None) if self._folder.is_dir() else None

    @cached_property
    def _blocks(self) -> Mapping[str, str]:
        """The blocks of the folder's own Terraform files, by their addresses."""
        out: dict[str, str] = {}
        for file in _plain(self._files, (".tf", ".tofu")):
            text = file.read_text(encoding="utf-8", errors="replace") if file.stat().st_size <= MOST_BYTES else ""
            for found in _BLOCK.finditer(text):
                kind, one, other = found.groups()
                name = f"module.{one}" if kind == "module" else f"{one}.{other}" if kind == "resource" else ""
                if name:
                    line = text.count("\n", 0, found.start(1)) + 1
                    out.setdefault(name, f"{self._name(file)}:{line}")
        return out

    def _name(self, file: Path) -> str:
        """The name that findings give a file: from the root, with forward slashes."""
        there, root = file.resolve(), self._root.resolve()
        return there.relative_to(root).as_posix() if there.is_relative_to(root) else file.name


def _plain(files: Iterable[Path], ends: tuple[str, ...]) -> Iterator[Path]:
    """The ordinary files of these endings, in order, and no more than a few."""
    found = (each for each in sorted(files) if each.suffix in ends and not each.is_symlink() and each.is_file())
    return iter([each for each, _ in zip(found, range(_MOST_FILES), strict=False)])
