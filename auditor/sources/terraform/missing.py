"""What the evaluator leaves out without a word: resources whose number is not known, modules that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.sources.terraform.evaluate import check
from auditor.sources.terraform.modules import NOWHERE
from auditor.sources.terraform.overrides import overrides
from auditor.sources.terraform.raw import name_of
from auditor.sources.terraform.text import IN_HCL, attributes
from auditor.sources.terraform.text import blocks as blocks_of
from auditor.sources.terraform.tree import Tree
from auditor.sources.terraform.volatile import VOLATILE
from auditor.sources.terraform.written import READ_LATER, Written

Blocks = Mapping[str, list[dict[str, Any]]]
_CURE = "run `terraform init -backend=false` before, or pass a plan (--plan)"


def not_expanded(
    written: Written, blocks: Blocks, closed: Container[tuple[str, str]] = ()
) -> Iterator[tuple[str, str]]:
    """Resources and modules of which the evaluator gave none, or one for all, because their number is not known.

    `closed` are the numbers, by folder and expression, of which it was asked and knew them.
    """
    used = folders_of(blocks) | {"."}
    made = set(_made(blocks))
    for each in written.declarations:
        many = each.said.get("for_each") or each.said.get("count")
        if many is None or each.folder not in used:
            continue
        if overrides(each.file):
            yield (
                each.place,
                f"{each.name}: an override file sets how many there are; override files are not read for that",
            )
        elif (each.folder, many.text) not in closed and written.open(many.text, each.folder):
            one = "count" in each.said and written.open(many.text, each.folder, READ_LATER)
            if one or written.open(many.text, each.folder, VOLATILE) or (each.file, each.name) not in made:
                yield each.place, f"{each.name}: how many there are is known only after apply"


def not_read(tree: Tree, blocks: Blocks) -> Iterator[tuple[str, str]]:
    """Modules that would have to be fetched, and those that are not where they are said to be.

    Those that lead out of the tree are told before. The evaluator gives every call, also one that our own reading of
    the text would have missed.
    """
    known = {(call.file, call.name): tree.name(call.folder) for calls in tree.calls.values() for call in calls}
    there = tree.folders
    above = {address for many in blocks.values() for block in many for address in _above(block["__tfmeta"]["path"])}
    for block in blocks.get("module", []):
        source, meta = block.get("source"), block["__tfmeta"]
        if not isinstance(source, str) or source == NOWHERE:
            continue
        file, path = str(meta.get("filename")), str(meta["path"])
        folder = known.get((file, name_of(path)))
        if not source.startswith("."):
            yield f"{file}:{meta.get('line_start')}", f"{path} comes from {source}, which is not fetched; {_CURE}"
        elif folder not in there:
            yield (
                f"{file}:{meta.get('line_start')}",
                f"{path} comes from {folder or source}, which contains no Terraform",
            )
        elif path not in above and _tells_something(tree, folder):
            yield (
                f"{file}:{meta.get('line_start')}",
                f"{path} is not evaluated: the evaluator gives up on the last of many modules; pass a plan (--plan)",
            )


def _above(path: str) -> Iterator[str]:
    """The calls in which something stands, by its address."""
    for found in re.finditer(r"\.(?=[a-z])", path):
        yield path[: found.start()]


def _tells_something(tree: Tree, folder: str) -> bool:
    """Whether something always comes of the code in a folder: what may be there not even once is left aside."""
    return any(
        head.kind in ("variable", "output", "locals", "resource", "data")
        and not attributes(head.source, 0).keys() & {"count", "for_each"}
        for name, text in tree.texts.items()
        if name.endswith(IN_HCL) and (name.rpartition("/")[0] or ".") == folder
        for head in blocks_of(text)
    )


def nulls(blocks: Blocks) -> Iterator[tuple[str, str]]:
    """Arguments that are null for variables that take none (`nullable = false`): Terraform then uses their defaults,
    and the evaluator does not. An empty default is what it makes of null anyway."""
    calls = {str(block["__tfmeta"]["path"]): block for block in blocks.get("module", [])}
    for variable in blocks.get("variable", []):
        module, _, name = str(variable["__tfmeta"]["path"]).rpartition(".variable.")
        if variable.get("nullable") is not False or not variable.get("default") or name not in calls.get(module, ()):
            continue
        given, meta = calls[module][name], calls[module]["__tfmeta"]
        lost = isinstance(given, dict) and str(given.get("__attribute__")).startswith(("var.", "local."))
        if given is None or lost:
            place = f"{meta.get('filename')}:{meta.get('line_start')}"
            yield (
                place,
                f"{module}: {name} may be null, and then the default of the module applies; pass a plan (--plan)",
            )


def check_modules(tree: Tree, blocks: Blocks) -> None:
    """BadCode for a module that is called and cannot be parsed; one that is merely not used is fine."""
    used = folders_of(blocks) | {"."}
    called = {call.folder for each in used for call in tree.calls.get(tree.path(each), ())}
    quiet = tree.folders - used
    silent = {tree.name(each): str(tree.copied(each)) for each in sorted(called) if tree.name(each) in quiet}
    if silent:
        check(tree.target, silent, tree.folder.name)


def folders_of(blocks: Blocks) -> set[str]:
    """The folders from which something came."""
    every = (block["__tfmeta"].get("filename") for many in blocks.values() for block in many)
    return {str(Path(name).parent) for name in every if name}


def _made(blocks: Blocks) -> Iterator[tuple[str, str]]:
    """(file, name) of all that is there at least once."""
    for kind, many in blocks.items():
        for block in many:
            meta = block["__tfmeta"]
            address = str(meta["path"])
            if kind == "module" or meta.get("type") == "resource":
                yield str(meta.get("filename")), f"{kind}.{name_of(address)}"
