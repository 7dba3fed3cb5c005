"""A configuration of Terraform on its way to the evaluator: copied within bounds, and unable to read what is not in it.

The copy holds regular files only: those below the folder, and of what lies above it the modules that are called and the
files that are named, as long as they lie inside the root. The evaluator sees nothing above the folder that it is given,
so in the copy a folder (`ABOVE`) stands for every step up, and sources and calls that lead there are written anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from auditor.sources.code_options import BadCode
from auditor.sources.terraform.calls import check_calls
from auditor.sources.terraform.ends import with_ends
from auditor.sources.terraform.installed import Installed
from auditor.sources.terraform.later import with_marks
from auditor.sources.terraform.modules import with_sources
from auditor.sources.terraform.readers import without_readers
from auditor.sources.terraform.rendered import with_rendered
from auditor.sources.terraform.templates import with_templates
from auditor.sources.terraform.text import CODE, IN_HCL
from auditor.sources.terraform.tree import SUFFIXES, Tree
from auditor.sources.terraform.unset import with_unset
from auditor.sources.terraform.volatile import standing_still


def copy(
    folder: Path, target: Path, root: Path | None = None, decide: Callable[[Tree, list[str]], None] | None = None
) -> Tree:
    """A copy of the Terraform in a folder that is safe to evaluate, or BadCode. Nothing leads out of the root.

    `decide` may change the texts of files before anything else looks at them.
    """
    here = folder.resolve()
    around = (root or here).resolve()
    tree = Tree(here, around if here.is_relative_to(around) else here, target)
    for path in _files_of_terraform(tree):
        tree.read(path)
    if not any(name.endswith(CODE) for name in tree.texts):
        raise BadCode(f"{tree.folder.name}: contains no .tf file, so there is nothing to check")
    done: set[str] = set()
    declared = cache(tree.declared)
    brought = Installed(tree)
    while waiting := [name for name in tree.texts if name not in done]:  # a module that is called calls others
        for name in waiting:
            tree.texts[name] = brought.with_paths(tree.texts[name], name)
            if name.endswith(IN_HCL):
                tree.texts[name] = with_templates(with_rendered(tree.texts[name], name, tree), name, tree)
        if decide:
            decide(tree, waiting)
        for name in waiting:
            text = with_sources(tree.texts[name], name, tree)
            text = without_readers(text, name, tree)
            tree.said[name] = without_readers(tree.texts[name], name, tree)
            if name.endswith(IN_HCL) and "/" not in name:
                text = with_unset(text, tree.unset)
            text = standing_still(text, name.endswith(".json"))
            if not name.endswith(".json"):
                text, tree.ends[name] = with_ends(text)
            if name.endswith(IN_HCL):
                tree.plain[name] = text
                text = with_marks(text, declared(tree.path(name).parent))
            _write(tree.copied(tree.path(name)), text)
        done.update(waiting)
    check_calls(tree.calls)
    return tree


def without_marks(tree: Tree) -> bool:
    """The copy as it is without the marks of `later`; whether that is another one."""
    changed = False
    for name, text in tree.plain.items():
        path = tree.copied(tree.path(name))
        if path.read_text(encoding="utf-8") != text:
            _write(path, text)
            changed = True
    return changed


def refuse_strangers(blocks: Mapping[str, Iterable[Mapping[str, Any]]], tree: Tree) -> None:
    """Whatever tricks the text played on us, nothing is told that the evaluator read elsewhere."""
    for many in blocks.values():
        for block in many:
            file = block["__tfmeta"].get("filename", "")
            if file and file not in tree.texts:
                raise BadCode(f"{tree.folder.name}: a module is outside the tree; keep modules inside it")


def _files_of_terraform(tree: Tree) -> Iterator[Path]:
    """The Terraform files below the folder in a stable order; hidden folders hold other people's copies."""
    for folder, folders, names in os.walk(tree.folder):
        here = Path(folder)
        links = [here / each for each in folders if (here / each).is_symlink()]
        for each in links:
            tree.leave(tree.name(each), "a symbolic link, which is not followed")
        folders[:] = sorted(each for each in folders if not each.startswith(".") and here / each not in links)
        yield from (here / name for name in sorted(names) if name.endswith(SUFFIXES))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
