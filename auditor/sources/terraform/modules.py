"""Sources of modules: those inside the root lead to their place in the copy, those outside of it lead nowhere.

A remote source stays as it is: the evaluator may fetch nothing, and what it does not have is told.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from auditor.sources.code_options import BadCode
from auditor.sources.terraform.text import attributes, blocks, bodies

if TYPE_CHECKING:
    from auditor.sources.terraform.tree import Tree

NOWHERE = "./.outside"


def with_sources(text: str, name: str, tree: Tree) -> str:
    """The text of a file with its modules' sources as they are in the copy; their code is taken into the tree."""
    return _in_json(text, name, tree) if name.endswith(".json") else _in_hcl(text, name, tree)


def _in_hcl(text: str, name: str, tree: Tree) -> str:
    if not name.endswith(".tf") or "module" not in text:
        return text
    for block in blocks(text):
        said = attributes(block.source, block.line).get("source") if block.kind == "module" else None
        if said is None:
            continue
        plain = re.fullmatch(r'"([^"\\$%]*)"', said.text)
        source = _source(plain[1] if plain else None, f"{name}:{said.line}", tree)
        if source == NOWHERE:
            why = f"module {'.'.join(block.labels)} has a source outside the tree and is not read"
            tree.left.append((f"{name}:{said.line}", why))
        if not plain or source != plain[1]:
            text = text.replace(block.source, block.source.replace(said.text, f'"{source}"', 1), 1)
    return text


def _in_json(text: str, name: str, tree: Tree) -> str:
    """JSON may hide letters behind escapes and say a key twice; written anew it says what was checked, and no more."""
    if not ("\\u" in text or '"module"' in text):
        return text
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadCode(f"{name}:{getattr(error, 'lineno', 1)}: not JSON: {error}") from error
    for body in [body for _, top in bodies(said, 0) for _, body in bodies(top.get("module"), 1)]:
        given = body.get("source")
        if "source" in body:
            plain = isinstance(given, str) and not any(mark in given for mark in "$%")
            body["source"] = _source(given if plain else None, f"{name}:1", tree)
        if body.get("source") == NOWHERE:
            tree.left.append((f"{name}:1", f"a module with a source outside the tree ({str(given)[:80]}) is not read"))
    return json.dumps(said, indent=1, ensure_ascii=False)


def _source(source: str | None, place: str, tree: Tree) -> str:
    """The source of a call at a place as the copy has it. A folder that a link leads to is not read, as everywhere."""
    if source is None or source.startswith(("/", "~")):
        return NOWHERE
    if not source.startswith("."):
        return source
    here = tree.path(place.rpartition(":")[0]).parent
    folder = tree.path(str(here / source))
    if not tree.holds(folder) or folder.resolve() != folder:
        return NOWHERE
    tree.call(here, folder, place)
    way = os.path.relpath(tree.copied(folder), tree.copied(here)).replace(os.sep, "/")
    same = os.path.normpath(source).replace(os.sep, "/") == way
    return source if same else way if way.startswith("..") else f"./{way}"
