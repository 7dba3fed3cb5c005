"""A configuration of Terraform on its way to the evaluator: copied within bounds, and unable to read what is not in it.

The copy holds regular files only: those below the folder, and of what lies above it the modules that are called and the
files that are named, as long as they lie inside the root. The evaluator sees nothing above the folder that it is given,
so what lies above has a place of its own below it (`ABOVE`), and sources and calls that name it are written anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from auditor.sources.code_options import MOST_BYTES, MOST_FILES, BadCode
from auditor.sources.terraform.modules import with_sources
from auditor.sources.terraform.plan import decode
from auditor.sources.terraform.readers import without_readers
from auditor.sources.terraform.text import deepest

ABOVE = ".auditor-above"
_NESTED = 100
_TOGETHER = 5 * MOST_BYTES
CODE = (".tf", ".tf.json")
_SUFFIXES = (*CODE, ".tfvars", ".tfvars.json")


@dataclass(slots=True)
class Tree:
    """What is copied: texts by their path from the folder (`../` leads above it), and (place, reason) of what is not.

    Nothing outside of `root` is read. Both folders are resolved: no link is in their own paths.
    """

    folder: Path
    root: Path
    target: Path
    texts: dict[str, str] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    calls: dict[Path, dict[Path, str]] = field(default_factory=dict)
    _bytes: int = 0

    @property
    def up(self) -> str:
        """What stands for `ABOVE` in the world: the way from the folder to the root."""
        return os.path.relpath(self.root, self.folder).replace(os.sep, "/") + "/"

    def name(self, path: Path) -> str:
        return os.path.relpath(path, self.folder).replace(os.sep, "/")

    def path(self, name: str) -> Path:
        return Path(os.path.normpath(self.folder / name))

    def copied(self, path: Path) -> Path:
        """Where a file or folder of the root lies in the copy."""
        if path.is_relative_to(self.folder):
            return self.target / path.relative_to(self.folder)
        return self.target / ABOVE / path.relative_to(self.root)

    def holds(self, path: Path) -> bool:
        """Whether a path is inside the root as it is written and as links lead, and no part of it is hidden."""
        if not path.is_relative_to(self.root) or not path.resolve().is_relative_to(self.root):
            return False
        below = path.relative_to(self.folder if path.is_relative_to(self.folder) else self.root)
        return not any(part.startswith(".") for part in below.parts)

    def read(self, path: Path) -> None:
        """Take a file of code, or BadCode."""
        name = self.name(path)
        if path.is_symlink() and not path.resolve().is_relative_to(self.root):
            raise BadCode(f"{name}:1: a link that leads out of the tree; put the file here")
        if not path.is_file() or name in self.texts:
            return
        if len(self.texts) >= MOST_FILES:
            raise BadCode(f"{self.folder.name}: more than {MOST_FILES:,} files; judge it in parts")
        self.weigh(path, name)
        text = decode(path)
        depth, line = deepest(text)
        if depth > _NESTED:
            raise BadCode(f"{name}:{line}: nested deeper than {_NESTED}; no configuration is")
        self.texts[name] = text

    def weigh(self, path: Path, name: str) -> None:
        """Count the bytes of a file that is read."""
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise BadCode(f"{name}:1: larger than {MOST_BYTES:,} bytes")
        self._bytes += size
        if self._bytes > _TOGETHER:
            raise BadCode(f"{self.folder.name}: more than {_TOGETHER:,} bytes of Terraform; judge it in parts")

    def call(self, caller: Path, folder: Path, place: str) -> None:
        """Take the code of a module that is called; what lies below the folder is there already."""
        try:
            code = sorted(path for path in folder.iterdir() if path.name.endswith(CODE)) if folder.is_dir() else []
        except OSError as error:
            raise BadCode(f"{place}: {self.name(folder)} cannot be read: {error.strerror}") from error
        if not code:
            self.left.append((place, f"a module comes from {self.name(folder)}, where no code is"))
            return
        self.calls.setdefault(caller, {}).setdefault(folder, place)
        if not folder.is_relative_to(self.folder):
            for path in code:
                self.read(path)


def copy(folder: Path, target: Path, root: Path | None = None) -> Tree:
    """A copy of the Terraform in a folder that is safe to evaluate, or BadCode. Nothing leads out of the root."""
    here = folder.resolve()
    around = (root or here).resolve()
    tree = Tree(here, around if here.is_relative_to(around) else here, target)
    for path in _below(tree):
        tree.read(path)
    if not any(name.endswith(CODE) for name in tree.texts):
        raise BadCode(f"{tree.folder.name}: no .tf file is in it; nothing to judge")
    done: set[str] = set()
    while waiting := [name for name in tree.texts if name not in done]:  # a module that is called calls others
        for name in waiting:
            text = with_sources(tree.texts[name], name, tree)
            _write(tree.copied(tree.path(name)), without_readers(text, name, tree))
        done.update(waiting)
    _refuse_circles(tree)
    return tree


def _refuse_circles(tree: Tree) -> None:
    """A module that calls itself in the end has no end; the evaluator would look for it until its memory is full."""
    done: set[Path] = set()
    for start in tree.calls:
        path = [(start, iter(tree.calls[start].items()))]
        while path:
            folder, place = next(path[-1][1], (None, ""))
            if folder is None:
                done.add(path.pop()[0])
            elif any(folder == above for above, _ in path):
                raise BadCode(f"{place}: the module calls itself in a circle; take the call out")
            elif folder not in done:
                path.append((folder, iter(tree.calls.get(folder, {}).items())))


def _below(tree: Tree) -> Iterator[Path]:
    """The Terraform files below the folder in a stable order; hidden folders hold other people's copies."""
    for folder, folders, names in os.walk(tree.folder):
        here = Path(folder)
        links = [here / each for each in folders if (here / each).is_symlink()]
        tree.left += [(tree.name(each), "a link, not followed") for each in links]
        folders[:] = sorted(each for each in folders if not each.startswith(".") and here / each not in links)
        yield from (here / name for name in sorted(names) if name.endswith(_SUFFIXES))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
