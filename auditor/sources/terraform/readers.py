"""Calls that read files: kept where the file they name lies inside the root, else unknown functions without a value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.sources.code_options import MOST_BYTES

if TYPE_CHECKING:
    from auditor.sources.terraform.tree import Tree

NOT_READ = "auditor_does_not_read"
_LARGEST = MOST_BYTES // 20
_PLAIN = r"[\w@%+=:,./ -]*"
_READERS = re.compile(
    r"\b(templatefile|file(?:exists|set|base64(?:sha\d+)?|md5|sha\d+)?)((?:\s|/\*.*?\*/|\#[^\n]*\n|//[^\n]*\n)*)\("
    rf'(?P<said>\s*(?P<quote>\\?")(?:\$\{{path\.(?P<base>module|root)\}}/)?(?P<rest>{_PLAIN})\\?")?',
    re.DOTALL,
)


def without_readers(text: str, name: str, tree: Tree) -> str:
    """The text of a file in which every call reads a file of the copy, or nothing."""

    def decide(found: re.Match[str]) -> str:
        path = _named(found, name, tree) if found[1] != "fileset" else None
        if path is None or not _taken(path, tree, templates=found[1] == "templatefile"):
            line = text.count("\n", 0, found.start()) + 1
            why = f"{found[1]}() of a path that is not plainly inside the tree is not read"
            tree.left.append((f"{name}:{line}", why))
            return NOT_READ + found[2] + "(" + (found["said"] or "")
        place = tree.copied(path).relative_to(tree.target).as_posix()
        return f"{found[1]}{found[2]}({found['quote']}${{path.root}}/{place}{found['quote']}"

    return _READERS.sub(decide, text)


def _named(found: re.Match[str], name: str, tree: Tree) -> Path | None:
    """The file that a call names, when it does so in plain words and the file lies inside the root."""
    if not found["said"] or found["rest"].startswith("/"):
        return None
    base = tree.path(name).parent if found["base"] == "module" else tree.folder
    path = tree.path(str(base / found["rest"]))
    return path if tree.holds(path) and path.is_file() else None


def _taken(path: Path, tree: Tree, templates: bool) -> bool:
    goal = tree.copied(path)
    plain = re.fullmatch(_PLAIN, goal.relative_to(tree.target).as_posix())
    if path.stat().st_size > _LARGEST or not plain:
        return False
    data = path.read_bytes()
    if templates and _READERS.search(data.decode(errors="replace")):
        return False
    if tree.name(path) not in tree.texts:
        tree.weigh(path, tree.name(path))
        goal.parent.mkdir(parents=True, exist_ok=True)
        goal.write_bytes(data)
    return True
