"""A directory of Terraform without a plan, as resources: what the evaluator tells, and the source for what it lost.

The evaluator gives the id of a block for an attribute that is not known, the name of the attribute where it is used
bare, a template with the name in it, or nothing at all. Each becomes a reference where the source names one resource,
else an unknown with the expression as its reason; a null that nobody wrote is never taken for "not set".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.model import Json
from auditor.sources.code_options import MOST_RESOURCES, BadCode, CodeOptions
from auditor.sources.references import unknown
from auditor.sources.terraform import given
from auditor.sources.terraform.choices import Choices
from auditor.sources.terraform.copying import refuse_strangers
from auditor.sources.terraform.ends import as_written, message_as_written
from auditor.sources.terraform.evaluate import evaluate, fingerprint
from auditor.sources.terraform.missing import Blocks, check_modules, not_expanded, not_read
from auditor.sources.terraform.moves import Moves
from auditor.sources.terraform.names import Names, Sources
from auditor.sources.terraform.overrides import laid_over, not_laid_over
from auditor.sources.terraform.raw import POLICY_DOCUMENT, Raw, document, has_null
from auditor.sources.terraform.text import Said, attributes, inside, mentioned
from auditor.sources.terraform.tree import Tree
from auditor.sources.terraform.written import FREE, Written, dynamic

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TEMPLATE = re.compile(r"\$\{([^{}]+)\}")
_META = ("count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection")


def read(root: Path, options: CodeOptions, asked: Choices | None = None) -> tuple[list[Raw], list[tuple[str, str]]]:
    """The resources of a directory, and (place, reason) of what could not be read."""
    choices = asked or Choices(options)
    tree, blocks = choices.settled(root, lambda tree, target: _evaluated(tree, target, options))
    refuse_strangers(blocks, tree)
    written = Written(tree.texts, given.names(tree, options))
    found = _Directory(blocks, tree.texts, written)
    raws = list(found.resources())
    if len(raws) > MOST_RESOURCES:
        raise BadCode(f"{root.name}: more than {MOST_RESOURCES:,} resources; check its parts separately")
    return raws, [
        *tree.left,
        *dict.fromkeys(found.left),
        *not_expanded(written, blocks, choices.closed),
        *not_read(tree, blocks),
    ]


def _evaluated(tree: Tree, target: Path, options: CodeOptions) -> Blocks:
    """The evaluator's answer for a copy; for one that was asked for before the same."""
    files = given.files(tree, target, options)
    name = fingerprint(target, files)
    if name not in options.evaluated:
        try:
            blocks = as_written(evaluate(target, files, tree.folder.name), tree.ends)
        except BadCode as error:
            raise BadCode(message_as_written(str(error), tree.ends)) from error
        check_modules(tree, blocks)
        options.evaluated[name] = blocks
    answer: Blocks = options.evaluated[name]
    return answer


class _Directory:
    """The evaluated blocks, by id and by address."""

    def __init__(self, blocks: Blocks, texts: Mapping[str, str], written: Written) -> None:
        self.blocks, self.written = blocks, written
        self.sources = Sources(texts)
        every = [block for many in blocks.values() for block in many]
        self.ids = {block["id"]: block["__tfmeta"]["path"] for block in every if isinstance(block.get("id"), str)}
        self.names = Names(blocks)
        self.moves = Moves(blocks.get("moved", ()), self.sources)
        self._documents: dict[str, str | None] = {}
        self.left: list[tuple[str, str]] = []  # what could not be told, with its place

    def resources(self) -> Iterator[Raw]:
        """The resources, each with what override files say of it instead."""
        every = [(kind, block, block["__tfmeta"]) for kind, many in self.blocks.items() for block in many]
        raws = [self._resource(*each) for each in every if each[2].get("type") == "resource"]
        self.left += not_laid_over(meta for *_, meta in every if meta.get("type") != "resource")
        yield from laid_over(raws, self.left)

    def _resource(self, kind: str, block: Mapping[str, Any], meta: Mapping[str, Any]) -> Raw:
        address = meta["path"]
        module = self.names.module_of(address)
        written = self.written.of(str(meta["filename"]), re.sub(r"\[[^\]]*\]$", "", address.removeprefix(module + ".")))
        said = written.said if written else self._said(meta)
        raw = Raw(address, kind, str(meta.get("label", "")), module)
        raw.origin = f"{meta['filename']}:{meta['line_start']}"
        raw.lines = {**self._blocks_inside(block), **{name: each.line for name, each in said.items()}}
        raw.values = {
            name: self._value(value, said.get(name), module)
            for name, value in block.items()
            if name not in (*_META, "__tfmeta") and not (name == "id" and name not in said)
        }
        raw.values = self._with_uncounted(raw.values, block, meta, written.dynamic if written else {})
        provider = self.names.provider(module, said["provider"].text if "provider" in said else "aws")
        region = self._value(provider.get("region"), None, "") if provider else ""
        raw.region = region if isinstance(region, str) and "${" not in region else ""
        tags = (provider or {}).get("default_tags") or {}
        raw.default_tags = self._value((tags[0] if isinstance(tags, list) else tags).get("tags"), None, "") or {}
        raw.was = self.moves.before(address)
        return raw

    def _source(self, meta: Mapping[str, Any]) -> str:
        return self.sources.part(meta.get("filename", ""), meta.get("line_start", 0), meta.get("line_end", 0))

    def _said(self, meta: Mapping[str, Any]) -> Mapping[str, Said]:
        text = self._source(meta)
        return attributes(text, meta.get("line_start", 0)) if text else {}

    def _with_uncounted(
        self, known: dict[str, Json], block: Mapping[str, Any], meta: Mapping[str, Any],
        lists: Mapping[str, list[Said]], inner: bool = False,
    ) -> dict[str, Json]:  # fmt: skip
        """The values with a text for blocks that come of a list which is not known: the evaluator gives none of them.

        It stands beside the blocks that are known. JSON tells of dynamic blocks at any depth together, so there it
        stands for all of them. Of what is dynamic inside a plain block the evaluator gives none either (`inner`).
        """
        folder, text = str(Path(str(meta["filename"])).parent), self._source(meta)
        out = dict(known)
        for name, said in (lists or (dynamic(text, 0) if "dynamic" in text else {})).items():
            value = block.get(name)
            made = len(value) if isinstance(value, list) else int(value is not None)
            plain = sum(head.kind == name for head in inside(text, 0))
            lost = inner and made <= plain and any(each.text not in ("[]", "{}") for each in said)
            open_ones = any(self.written.open(each.text, folder) for each in said)
            if lost or ((made <= plain or len(said) > 1) and open_ones):
                when = "is known only after apply" if open_ones else "inside of another block only a plan tells"
                more = unknown(f"how many {name} blocks there are {when}")
                there = known.get(name)
                beside = there if isinstance(there, list) else [there] if isinstance(there, dict) else []
                out[name] = more if not beside or str(meta["filename"]).endswith(".json") else [*beside, more]
        return out

    def _blocks_inside(self, block: Mapping[str, Any]) -> dict[str, int]:
        out: dict[str, int] = {}
        for name, value in block.items():
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, dict) and "__tfmeta" in first and name != "__tfmeta":
                out[name] = first["__tfmeta"].get("line_start", 0)
        return out

    # ---- values

    def _value(self, value: Json, said: Said | None, module: str) -> Json:
        if isinstance(value, dict):
            if "__attribute__" in value:
                return self._reference(str(value["__attribute__"]), module)
            if "__tfmeta" in value:
                inner = self._said(value["__tfmeta"])
                known = {
                    name: self._id_said(inner[name], module)
                    if name == "id" and name in inner
                    else self._value(each, inner.get(name), module)
                    for name, each in value.items()
                    if name != "__tfmeta" and not (name == "id" and name not in inner and _UUID.fullmatch(str(each)))
                }
                return self._with_uncounted(known, value, value["__tfmeta"], {}, inner=True)
            return {name: self._value(each, said, module) for name, each in value.items()}
        if isinstance(value, list):
            return [self._value(each, said, module) for each in value]
        if isinstance(value, str):
            return self._text(value, said, module)
        if value is None and said is not None:
            return self._nothing(said, module)
        return value

    def _id_said(self, said: Said, module: str) -> Json:
        """The `id` that a block inside a resource says; the evaluator tells its own instead."""
        text = said.text.strip()
        plain = re.fullmatch(r'"([^"\\$%]*)"', text)
        found = plain[1] if plain else self.names.text(text, module) if re.fullmatch(r"aws_\w+\.[\w.-]+", text) else ""
        return found or unknown(f"not known before apply: {' '.join(text.split())[:120]}")

    def _nothing(self, said: Said, module: str) -> Json:
        """A null: written as such, or what the evaluator makes of an expression that it does not know."""
        plain = said.text.strip()
        if plain == "null" or not (
            FREE.search(plain) or "local." in plain or "var." in plain or "each." in plain or "(" in plain
        ):
            return None
        named = [text for each in mentioned(plain) if (text := self.names.text(each, module))]
        if len(set(named)) == 1 and "?" not in re.sub(r'"[^"]*"', "", plain):
            return named[0]
        if not FREE.search(plain) and "null" in plain and "(" not in plain:
            return None  # a choice between values that are all known, of which one is null
        return unknown(f"not known before apply: {' '.join(plain.split())[:120]}")

    def _text(self, value: str, said: Said | None, module: str) -> Json:
        if value in self.ids:
            return self._whole(self.ids[value], said, module)
        value = _UUID.sub(lambda found: self._inside(found[0]), value)
        if "${" in value:
            value = _TEMPLATE.sub(lambda found: self._template(found, module), value)
        if value[:1] in "{[" and "null" in value and said and not re.fullmatch(r'"(?:[^"\\]|\\.)*"', said.text):
            try:
                lost = has_null(json.loads(value))
            except ValueError:
                lost = False
            if lost and "null" not in said.text:
                return unknown(f"not known before apply: {' '.join(said.text.split())[:120]}")
        return value

    def _whole(self, address: str, said: Said | None = None, module: str = "") -> Json:
        """What the id of a block stands for; which of its attributes was meant only the source tells."""
        if f"data.{POLICY_DOCUMENT}." in address:
            return self.document(address)
        if not self.names.is_resource(address):
            if re.search(r"(^|\.)data\.", address):
                return unknown(f"only Terraform reads the data source {address}")
            return unknown(f"{address} is not known")
        plain = re.sub(r"(?<=\w)\[[^\]]*\]", "", said.text) if said else ""
        tail = re.escape(re.sub(r"\[[^\]]*\]", "", address.removeprefix(module + ".")))
        named = set(re.findall(rf"(?<![\w.]){tail}\.([a-z_]+)", plain))
        return "${" + f"{address}.{named.pop() if len(named) == 1 else 'id'}" + "}"

    def _inside(self, found: str) -> str:
        return str(self._whole(self.ids[found])) if found in self.ids else found

    def _template(self, found: re.Match[str], module: str) -> str:
        inner = found[1]
        if inner.startswith(("?", "aws:")) or self.names.addresses.of(inner):
            return found[0]
        if not re.match(r"(?:var|local|data|module|each|aws_\w+)\.", inner):
            return found[0]
        return str(self._reference(inner, module))

    def _reference(self, name: str, module: str) -> Json:
        """What the bare name of an attribute stands for."""
        if name.startswith("var."):
            return self._variable(name, module)
        if name.startswith("module."):
            return self._output(name, module)
        address = self.names.data(name, module)
        if address:
            return self._whole(address)
        text = self.names.text(name, module)
        return text or unknown(f"not known before apply: {name}")

    def _variable(self, name: str, module: str) -> Json:
        parts = name.split(".")
        if not module:
            declared = self.names.variables.get(("", parts[1]), {})
            if "default" in declared and declared["default"] is None and parts[1] not in self.written.given:
                return None
            return unknown(f"variable {parts[1]} has no value; set one with --parameter {parts[1]}=... or --var-file")
        call = self.names.calls.get(module, {})
        if parts[1] not in call:
            declared = self.names.variables.get((re.sub(r"\[[^\]]*\]", "", module), parts[1]), {})
            return None if "default" in declared and declared["default"] is None else unknown(f"{name} has no value")
        value: Json = self._value(
            call[parts[1]], self._said(call["__tfmeta"]).get(parts[1]), self.names.module_of(module)
        )
        for part in parts[2:]:
            value = value.get(part) if isinstance(value, dict) else unknown(f"not known before apply: {name}")
        return value

    def _output(self, name: str, module: str) -> Json:
        found = re.match(r"module\.([\w-]+)((?:\.?\[[^\]]*\])?)\.([\w-]+)(.*)", name)
        if found:
            inner = f"{module}.module.{found[1]}".lstrip(".") + re.sub(
                r"^\.?\[([^\"\]\d][^\]]*)\]", r'["\1"]', found[2]
            )
            output = self.names.outputs.get((inner, found[3]))
            if output is not None and not found[4]:
                return self._value(output.get("value"), self._said(output["__tfmeta"]).get("value"), inner)
        return unknown(f"not known before apply: {name}")

    def document(self, address: str) -> str:
        """A policy document that is a data source, computed here."""
        if address not in self._documents:
            self._documents[address] = None
            block = self.names.block(address)
            module = self.names.module_of(address)
            said = self._said(block["__tfmeta"]) if block else {}
            values = {
                name: self._value(each, said.get(name), module)
                for name, each in (block or {}).items()
                if name != "__tfmeta"
            }
            self._documents[address] = document(values)
        return self._documents[address] or unknown(f"{address} refers to itself")
