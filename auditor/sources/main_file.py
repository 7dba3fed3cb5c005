"""Where code says something for which nobody noted a place: the block of an address, else the file that stands for all.

A plan knows addresses and no lines, and what is missing stands nowhere; code scanning refuses a whole file for one
result without a place. The search is one of text: it reads a few files beside the judged path and follows no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path

from auditor.sources.cloudformation.load import looks_like_template
from auditor.sources.folders import folders
from auditor.sources.terraform.text import CODE, IN_HCL, blocks
from auditor.sources.texts import text_of

_MOST_FILES = 200
_MAIN = ("main.tf", "main.tofu", "template.yaml", "template.yml", "template.json", "cdk.json", "main.tf.json")
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
        best = min(self._code(), key=lambda each: (each.parent != self._folder, *_rank(each)), default=None)
        return self._name(best or self._folder / _MAIN[0])

    def of(self, address: str) -> str:
        """`file:line` of the block of a Terraform address, or of the module call that leads to it; empty for none."""
        steps = _STEPS.sub("", address).split(".")
        if steps[:1] == ["module"]:
            return self._blocks.get(".".join(steps[:2]), "")
        return self._blocks.get(".".join(steps), "")

    def _code(self) -> Iterator[Path]:
        """The files of code in the first folder that has any: Terraform, templates, and assemblies of CDK."""
        for here, _, names in folders(self._folder):
            files = [here / each for each in names]
            found = [
                each
                for each in _plain(files)
                if each.name.endswith(CODE) or each.name == "cdk.json" or looks_like_template(each)
            ]
            if found:
                yield from found
                return

    @cached_property
    def _blocks(self) -> Mapping[str, str]:
        """The blocks of the folder's own Terraform files, by their addresses."""
        out: dict[str, str] = {}
        every = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        for file in _plain(each for each in every if each.name.endswith(IN_HCL)):
            for head in blocks(text_of(file) or ""):
                prefix = {"resource": (), "module": ("module",), "data": ("data",)}.get(head.kind)
                if prefix is not None:
                    out.setdefault(".".join((*prefix, *head.labels)), f"{self._name(file)}:{head.line}")
        return out

    def _name(self, file: Path) -> str:
        """The name that findings give a file: from the root, with forward slashes."""
        there, root = file.resolve(), self._root.resolve()
        return there.relative_to(root).as_posix() if there.is_relative_to(root) else file.name


def _rank(file: Path) -> tuple[int, str]:
    return _MAIN.index(file.name) if file.name in _MAIN else len(_MAIN) + (not file.name.endswith(CODE)), file.name


def _plain(files: Iterable[Path]) -> Iterator[Path]:
    """The ordinary files, and no more than a few."""
    return islice((each for each in files if not each.is_symlink() and each.is_file()), _MOST_FILES)
