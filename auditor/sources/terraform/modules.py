"""Sources of modules: those inside the root lead to their place in the copy, those outside of it lead nowhere.

A remote source stays as it is: the evaluator may fetch nothing, and what it does not have is told.
"""

from __future__ import annotations

import json
import os
import re

from auditor.sources.code_options import BadCode
from auditor.sources.terraform.calls import Call
from auditor.sources.terraform.text import IN_HCL, Head, Said, attributes, blocks, bodies
from auditor.sources.terraform.tree import Tree

NOWHERE = "./.outside"


def with_sources(text: str, name: str, tree: Tree) -> str:
    """The text of a file with its modules' sources as they are in the copy; their code is taken into the tree."""
    return _in_json(text, name, tree) if name.endswith(".json") else _in_hcl(text, name, tree)


def _in_hcl(text: str, name: str, tree: Tree) -> str:
    if not name.endswith(IN_HCL) or "module" not in text:
        return text
    parts, end = [], 0
    for block in blocks(text):
        said = attributes(block.source, block.line).get("source") if block.kind == "module" else None
        if said is None:
            continue
        plain = re.fullmatch(r'"([^"\\$%]*)"', said.text)
        here = Call(".".join(block.labels), name, said.line, tree.path(name).parent)
        source = _source(plain[1] if plain else None, here, tree)
        if not plain or source != plain[1]:
            # By their places and not by their words: those may stand in a comment before them.
            parts += [text[end : block.start], _with(block, said, source)]
            end = block.start + len(block.source)
    return "".join([*parts, text[end:]])


def _with(block: Head, said: Said, source: str) -> str:
    """The block of a call with another source, in as many lines; of one that leads nowhere nothing else is left."""
    if source != NOWHERE:
        return f'{block.source[: said.start]}"{source}"{block.source[said.start + len(said.text) :]}'
    head, lines = block.source[: block.source.index("{") + 1], block.source.count("\n")
    if lines < 2:
        return f'{head} source = "{source}" }}' + "\n" * lines
    return f'{head}\n  source = "{source}"' + "\n" * (lines - 1) + "}"


def _in_json(text: str, name: str, tree: Tree) -> str:
    """JSON may hide letters behind escapes and say a key twice; written anew it says what was checked, and no more."""
    if not ("\\u" in text or '"module"' in text):
        return text
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadCode(f"{name}:{getattr(error, 'lineno', 1)}: not JSON: {error}") from error
    for labels, body in [each for _, top in bodies(said, 0) for each in bodies(top.get("module"), 1)]:
        given = body.get("source")
        if "source" in body:
            plain = isinstance(given, str) and not any(mark in given for mark in "$%")
            body["source"] = _source(given if plain else None, Call(labels[0], name, 1, tree.path(name).parent), tree)
    return json.dumps(said, indent=1, ensure_ascii=False)


def _source(source: str | None, call: Call, tree: Tree) -> str:
    """The source of a call, given as from its own folder, as the copy has it; folders behind links are not read."""
    if source is not None and not source.startswith((".", "/", "~")):
        return source
    here = call.folder
    folder = tree.path(str(here / (source or "/")))
    if source is None or not source.startswith(".") or not tree.holds(folder, links=False):
        tree.leave(call.place, f"module {call.name} has a source outside the tree, which is not read")
        return NOWHERE
    tree.call(call._replace(folder=folder))
    way = os.path.relpath(tree.copied(folder), tree.copied(here)).replace(os.sep, "/")
    same = os.path.normpath(source).replace(os.sep, "/") == way
    return source if same else way if way.startswith("..") else f"./{way}"
