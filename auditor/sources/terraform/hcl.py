"""A directory of Terraform without a plan, as resources: what the evaluator tells, and the source for what it lost.

The evaluator gives the id of a block for an attribute that is not known, the name of the attribute where it is used
bare, a template with the name in it, or nothing at all. Each becomes a reference where the source names one resource,
else an unknown with the expression as its reason; a null that nobody wrote is never taken for "not set".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.sources.code_options import MOST_RESOURCES, BadCode, CodeOptions
from auditor.sources.terraform import given
from auditor.sources.terraform.choices import Choices
from auditor.sources.terraform.copying import refuse_strangers, without_marks
from auditor.sources.terraform.ends import as_written, message_as_written
from auditor.sources.terraform.evaluate import Failed, evaluate, fingerprint
from auditor.sources.terraform.installed import at_call
from auditor.sources.terraform.missing import Blocks, check_modules, not_expanded, not_read, nulls
from auditor.sources.terraform.moves import Moves
from auditor.sources.terraform.names import Sources
from auditor.sources.terraform.overrides import laid_over, not_laid_over
from auditor.sources.terraform.raw import Raw
from auditor.sources.terraform.tree import INSTALLED, Tree
from auditor.sources.terraform.uncounted import with_uncounted
from auditor.sources.terraform.values import Values
from auditor.sources.terraform.words import check_words
from auditor.sources.terraform.written import Written

_META = ("count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection")


def read(root: Path, options: CodeOptions, asked: Choices | None = None) -> tuple[list[Raw], list[tuple[str, str]]]:
    """The resources of a directory, and (place, reason) of what could not be read."""
    choices = asked or Choices(options)
    tree, blocks = choices.settled(root, lambda tree, target: _evaluated(tree, target, options))
    refuse_strangers(blocks, tree)
    written = Written(tree.as_read, given.names(tree.texts, options))
    found = _Directory(blocks, tree, written, options.region)
    raws = list(found.resources())
    if len(raws) > MOST_RESOURCES:
        raise BadCode(f"{root.name}: more than {MOST_RESOURCES:,} resources; check its parts separately")
    left = [
        *tree.left,
        *dict.fromkeys(found.left),
        *not_expanded(written, blocks, choices.numbers.closed),
        *not_read(tree, blocks),
        *nulls(blocks),
    ]
    return raws, [at_call(tree, blocks, *each) for each in left]


def _evaluated(tree: Tree, target: Path, options: CodeOptions) -> Blocks:
    """The evaluator's answer for a copy; for one that was asked for before the same."""
    files = given.files(tree.texts, target, options)
    name = fingerprint(target, files)
    if name not in options.evaluated:
        try:
            blocks = as_written(_asked(tree, target, files), tree.ends)
        except BadCode as error:
            raise BadCode(message_as_written(str(error), tree.ends)) from error
        check_modules(tree, blocks)
        check_words(tree, blocks)
        options.evaluated[name] = blocks
    answer: Blocks = options.evaluated[name]
    return answer


def _asked(tree: Tree, target: Path, files: Sequence[str]) -> Blocks:
    """The evaluator's answer; what a mark brings down (a list that goes over one) is asked again without any."""
    try:
        return evaluate(target, files, tree.folder.name)
    except Failed:
        if not without_marks(tree):
            raise
        return evaluate(target, files, tree.folder.name)


class _Directory:
    """The evaluated blocks, by id and by address."""

    def __init__(self, blocks: Blocks, tree: Tree, written: Written, region: str) -> None:
        self.blocks, self.written = blocks, written
        self.sources = Sources(tree.as_read)
        self.values = Values(blocks, self.sources, written, region)
        self.moves = Moves(blocks.get("moved", ()), self.sources)
        self.left: list[tuple[str, str]] = []  # what could not be told, with its place

    def resources(self) -> Iterator[Raw]:
        """The resources, each with what override files say of it instead."""
        every = [(kind, block, block["__tfmeta"]) for kind, many in self.blocks.items() for block in many]
        raws = [self._resource(*each) for each in every if each[2].get("type") == "resource"]
        self.left += not_laid_over(meta for *_, meta in every if meta.get("type") != "resource")
        yield from laid_over(raws, self.left)

    def _resource(self, kind: str, block: Mapping[str, Any], meta: Mapping[str, Any]) -> Raw:
        address = meta["path"]
        values = self.values
        module = values.names.module_of(address)
        written = self.written.of(str(meta["filename"]), re.sub(r"\[[^\]]*\]$", "", address.removeprefix(module + ".")))
        said = written.said if written else values.said(meta)
        raw = Raw(address, kind, str(meta.get("label", "")), module)
        raw.origin = f"{meta['filename']}:{meta['line_start']}"
        if call := self._call_of_installed(module, raw.origin):
            raw.origin, raw.inside = call, raw.origin
        else:
            raw.lines = {**self._blocks_inside(block), **{name: each.line for name, each in said.items()}}
        known = values.attributes(
            {name: value for name, value in block.items() if name not in _META}, said, module, said.get("for_each")
        )
        lists = written.dynamic if written else {}
        raw.values = with_uncounted(known, block, values.source(meta), lists, self.written)
        raw.region = values.region(module, said)
        provider = values.names.provider(module, said["provider"].text if "provider" in said else "aws")
        tags = (provider or {}).get("default_tags") or {}
        raw.default_tags = values.of((tags[0] if isinstance(tags, list) else tags).get("tags"), None, "") or {}
        raw.was = self.moves.before(address)
        return raw

    def _call_of_installed(self, module: str, origin: str) -> str:
        """The call, in code of one's own, of a module that Terraform brought; nothing for what is one's own."""
        while module and origin.startswith(f"{INSTALLED}/"):
            call = self.values.names.calls.get(module)
            origin = f"{call['__tfmeta']['filename']}:{call['__tfmeta']['line_start']}" if call else ""
            module = self.values.names.module_of(module)
            if origin and not origin.startswith(f"{INSTALLED}/"):
                return origin
        return ""

    def _blocks_inside(self, block: Mapping[str, Any]) -> dict[str, int]:
        out: dict[str, int] = {}
        for name, value in block.items():
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, dict) and "__tfmeta" in first and name != "__tfmeta":
                out[name] = first["__tfmeta"].get("line_start", 0)
        return out
