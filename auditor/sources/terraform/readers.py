"""Calls that read files: kept where the file they name lies inside the root, else unknown functions without a value."""

from __future__ import annotations

import re
from pathlib import Path

from auditor.sources.code_options import MOST_BYTES
from auditor.sources.terraform.tree import Tree

NOT_READ = "auditor_does_not_read_"
_LARGEST = MOST_BYTES // 20
PLAIN = r"[\w@%+=:,./ -]*+"
NAMES = r"templatefile|file(?:exists|set|base64(?:sha\d+)?|md5|sha\d+)?"
# Before the bracket of a call there may be comments. Where one begins there, nobody looks for its end: it is not read.
_READERS = re.compile(
    rf"\b(?P<name>{NAMES})(?P<space>\s*+)(?P<next>\(|/\*|//|\#)"
    rf'(?P<said>\s*+(?P<quote>\\?")(?:\$\{{path\.(?P<base>module|root)\}}/)?(?P<rest>{PLAIN})\\?")?'
)


def without_readers(text: str, name: str, tree: Tree) -> str:
    """The text of a file in which every call reads a file of the copy, or nothing: then its value is not known."""

    def decide(found: re.Match[str]) -> str:
        path = _file_named(found, name, tree)
        before = found["space"] + found["next"]
        if path is None or not _taken(path, tree, templates=found["name"] == "templatefile"):
            return NOT_READ + found["name"] + before + (found["said"] or "")
        place = tree.copied(path).relative_to(tree.target).as_posix()
        return f"{found['name']}{before}{found['quote']}${{path.root}}/{place}{found['quote']}"

    return _READERS.sub(decide, text)


def _file_named(found: re.Match[str], name: str, tree: Tree) -> Path | None:
    """The file that a call names, when it does so in plain words and the file lies inside the root."""
    if found["next"] != "(" or found["name"] == "fileset" or not found["said"] or found["rest"].startswith("/"):
        return None
    base = tree.path(name).parent if found["base"] == "module" else tree.folder
    path = tree.path(str(base / found["rest"]))
    return path if tree.holds(path) and path.is_file() else None


def template_named(call: str, name: str, tree: Tree) -> Path | None:
    """The template that the beginning of a call names, where it may be read and reads no file itself."""
    found = _READERS.match(call)
    path = _file_named(found, name, tree) if found else None
    return path if path is not None and _taken(path, tree, templates=True) else None


def _taken(path: Path, tree: Tree, templates: bool) -> bool:
    """Whether a file is in the copy; each is read once, however many calls name it."""
    if (path, templates) not in tree.files:
        tree.files[path, templates] = _take(path, tree, templates)
    return tree.files[path, templates]


def _take(path: Path, tree: Tree, templates: bool) -> bool:
    goal = tree.copied(path)
    plain = re.fullmatch(PLAIN, goal.relative_to(tree.target).as_posix())
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
