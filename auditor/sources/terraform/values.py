"""The evaluator's answer as values: references, what a mark stands for, and unknowns with the expression as reason.

A gap is as wide as what it hides: of a text, a list or a document only the part that is not known is unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditor.model import Json
from auditor.sources.references import unknown
from auditor.sources.terraform.deciding import Decisions
from auditor.sources.terraform.later import DATA, MARK, ZONE, is_there, of_data, of_policy
from auditor.sources.terraform.missing import Blocks
from auditor.sources.terraform.names import Names, Sources, hands_on
from auditor.sources.terraform.ranges import (
    LIST_NAMES,
    PREFIX_LISTS,
    ends_of,
    of_list,
    of_range,
    one_by_one,
)
from auditor.sources.terraform.raw import POLICY_DOCUMENT, document, json_of
from auditor.sources.terraform.text import Said, attributes, mentioned
from auditor.sources.terraform.uncounted import with_uncounted
from auditor.sources.terraform.volatile import stands_in, symbols
from auditor.sources.terraform.why import short, why
from auditor.sources.terraform.written import FREE, Written

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TEMPLATE = re.compile(r"\$\{([^{}]+)\}")
_OWN = re.compile(r"[a-z]\w*_\w+\.[\w-]+\.[a-z]\w*")  # an attribute of a resource, as it is
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


class Values:
    """The evaluated blocks, by id and by address, and what each value in them means. `region` is the one given."""

    def __init__(self, blocks: Blocks, sources: Sources, written: Written, region: str) -> None:
        every = [block for many in blocks.values() for block in many]
        self.ids = {block["id"]: block["__tfmeta"]["path"] for block in every if isinstance(block.get("id"), str)}
        self.names = Names(blocks)
        self.sources, self.written, self._given = sources, written, region
        self.decisions = Decisions(written)
        self._documents: dict[str, str | None] = {}
        self._buckets = {
            name: str(block["__tfmeta"]["path"])
            for block in blocks.get("aws_s3_bucket", [])
            if block["__tfmeta"].get("type") == "resource"
            and isinstance(name := block.get("bucket"), str)
            and ("${" in name or UUID.search(name) or stands_in(name))
            and name not in self.ids
        }

    def region(self, module: str, said: Mapping[str, Said]) -> str:
        """Where a resource or a data source lies, by the provider that it uses; empty where nobody says so."""
        provider = self.names.provider(module, said["provider"].text if "provider" in said else "aws")
        told = self.said(provider["__tfmeta"]).get("region") if provider else None
        if provider is None or (told and self.decisions.open(told.text, ".")):
            return ""
        region = self.of(provider.get("region"), None, "")
        return region if isinstance(region, str) and "${" not in region else ""

    def attributes(
        self, block: Mapping[str, Any], said: Mapping[str, Said], module: str, each: Said | None = None,
        inner: bool = False,
    ) -> dict[str, Json]:  # fmt: skip
        """What a block says. `each`: over what its resource goes; `inner`: for a document and not for an attribute."""
        folder = str(Path(str(block["__tfmeta"].get("filename", ""))).parent)
        loose = each is not None and self.decisions.open(each.text, folder)
        out: dict[str, Json] = {}
        for name, value in block.items():
            told = said.get(name)
            if name == "__tfmeta" or (name == "id" and told is None):
                continue
            text = told.text if told else ""
            if value is not None and told and ((loose and "each." in text) or self.decisions.open(text, folder)):
                own = self.names.text(text, module) if _OWN.fullmatch(text) else ""
                out[name] = own or unknown(f"depends on what is known only after apply: {short(text)}")
            elif name == "bucket" and isinstance(value, str) and value in self._buckets and self._is_own(block, value):
                out[name] = self._resolved(value, told, module, inner)
            elif name == "source_arn":  # a condition, of which it is enough to know whose ARN it is
                out[name] = self.of(value, told, module, inner=True)
            elif name == "id" and told:
                out[name] = self._id_said(told, module)
            else:
                out[name] = self.of(value, told, module, inner)
        return out

    def source(self, meta: Mapping[str, Any]) -> str:
        return self.sources.part(meta.get("filename", ""), meta.get("line_start", 0), meta.get("line_end", 0))

    def said(self, meta: Mapping[str, Any]) -> Mapping[str, Said]:
        text = self.source(meta)
        return attributes(text, meta.get("line_start", 0)) if text else {}

    # ---- values

    def of(self, value: Json, said: Said | None, module: str, inner: bool = False) -> Json:
        if isinstance(value, dict):
            if "__attribute__" in value:
                return self._reference(str(value["__attribute__"]), module)
            if "__tfmeta" in value:
                known = self.attributes(value, self.said(value["__tfmeta"]), module, None, inner)
                return with_uncounted(known, value, self.source(value["__tfmeta"]), {}, self.written)
            return {name: self.of(each, said, module, inner) for name, each in value.items()}
        if isinstance(value, list):
            return [self.of(*pair, module, inner) for pair in zip(value, one_by_one(said, len(value)), strict=True)]
        if isinstance(value, str):
            return self._bucket_or_text(value, said, module, inner)
        if value is None and said is not None:
            return self._nothing(said, module)
        return value

    def _id_said(self, said: Said, module: str) -> Json:
        """The `id` that a block inside a resource says; the evaluator tells its own instead."""
        text = said.text.strip()
        plain = re.fullmatch(r'"([^"\\$%]*)"', text)
        found = plain[1] if plain else self.names.text(text, module) if re.fullmatch(r"aws_\w+\.[\w.-]+", text) else ""
        return found or unknown(why(text))

    def _nothing(self, said: Said, module: str) -> Json:
        """A null: written as such, or what the evaluator makes of an expression that it does not know."""
        plain = said.text.strip()
        if plain == "null" or not (
            FREE.search(plain) or "local." in plain or "var." in plain or "each." in plain or "(" in plain
        ):
            return None
        none = re.fullmatch(r"one\(([a-z]\w*\.[\w-]+)\[\*\]\.[\w.]+\)", plain)
        if none and self.written.counted(none[1]) and not self.names.instances(none[1], module):
            return None
        named = [text for each in mentioned(plain) if (text := self.names.text(each, module))]
        if len(set(named)) == 1 and hands_on(plain):
            return named[0]
        if not FREE.search(plain) and "null" in plain and "(" not in plain:
            return None  # a choice between values that are all known, of which one is null
        begins, ends = ends_of(plain)
        return begins + unknown(why(plain)) + ends

    def _is_own(self, block: Mapping[str, Any], name: str) -> bool:
        return bool(block["__tfmeta"].get("path") == self._buckets[name])

    def _bucket_or_text(self, value: str, said: Said | None, module: str, inner: bool = False) -> Json:
        """A text; where a bucket's name that is not known yet stands for the bucket, a reference to it."""
        if value in self._buckets:
            return "${" + self._buckets[value] + ".id}"
        if value.startswith("arn:aws:s3:::") and self._buckets:
            head, slash, rest = value.removeprefix("arn:aws:s3:::").partition("/")
            if head in self._buckets:
                return "${" + self._buckets[head] + ".arn}" + slash + str(self._resolved(rest, said, module, inner))
        return self._resolved(value, said, module, inner)

    def _resolved(self, value: str, said: Said | None, module: str, inner: bool = False) -> Json:
        if value in self.ids:
            return self._whole(self.ids[value], said, module)
        if value[:1] in ("{", "[") and said and not _QUOTED.fullmatch(said.text) and not inner:
            found = json_of(value)
            if found is not None and ("${" in value or "null" in value or UUID.search(value)):
                return json.dumps(self._leaves(found, said, module), ensure_ascii=False)
        if MARK.fullmatch(value):
            return self._marked(value, inner)
        value = symbols(ZONE.sub(r"${@zone:\1}", value))
        if stands_in(value):
            return unknown(f"depends on what is known only after apply: {short(said.text) if said else value}")
        value = MARK.sub(lambda found: self._marked(found[0], inner, whole=False), value)
        if "${@of:" in value:
            return unknown(why(said.text) if said else "not known before apply")
        value = UUID.sub(lambda found: self._inside(found[0], said), value)
        return _TEMPLATE.sub(lambda found: self._template(found, module, inner), value) if "${" in value else value

    def _leaves(self, value: Json, said: Said, module: str) -> Json:
        """What a document holds that an expression writes down; a null that nobody wrote is not known."""
        if isinstance(value, dict):
            keys = {name: str(self._bucket_or_text(name, said, module, inner=True)) for name in value}
            return {keys[name]: self._leaves(each, said, module) for name, each in value.items()}
        if isinstance(value, list):
            return [self._leaves(each, said, module) for each in value]
        if isinstance(value, str):
            return self._bucket_or_text(value, said, module, inner=True)
        if value is None and "null" not in said.text:
            return unknown(why(said.text))
        return value

    def _marked(self, mark: str, inner: bool, whole: bool = True) -> str:
        """What a mark stands for, alone or inside of a longer text."""
        found = MARK.fullmatch(mark)
        address = self.ids.get(found[1], "") if found else ""
        if not found or not address:
            return mark
        kind = DATA.search(address)
        if not kind:
            return "${" + f"{address}.{found[2]}" + "}"
        if kind[1] == POLICY_DOCUMENT:
            return self.document(address) if whole else unknown(f"{address} inside of a text is not read")
        block = self.names.block(address) or {}
        module = self.names.module_of(address)
        own = self.said(block["__tfmeta"]) if "__tfmeta" in block else {}
        region = self.region(module, own) or self._given
        known = of_data(kind[1], found[2], region)
        if kind[1] == "aws_iam_policy":
            known = of_policy({name: self.of(block.get(name), own.get(name), module) for name in own}, found[2], region)
        if known or (inner and is_there(address)):
            return known or "${" + f"{address}.{found[2]}" + "}"
        return self._of_data(address, found[2])

    def _of_data(self, address: str, attribute: str) -> str:
        """What only Terraform reads, with its width where it is a range, or the list of them that its name tells."""
        kind, block, module = DATA.search(address), self.names.block(address) or {}, self.names.module_of(address)
        name = kind[1] if kind else ""
        width = of_range(name, attribute)
        if name in PREFIX_LISTS and "__tfmeta" in block:
            own = self.said(block["__tfmeta"])
            width = of_list(attribute, {each: self.of(block.get(each), own.get(each), module) for each in LIST_NAMES})
        return unknown(f"only Terraform reads the data source {address}") + width

    def _whole(self, address: str, said: Said | None = None, module: str = "") -> Json:
        """What the id of a block stands for; which of its attributes was meant only the source tells."""
        if f"data.{POLICY_DOCUMENT}." in address:
            return self.document(address)
        if not self.names.is_resource(address):
            if DATA.search(address):
                return self._of_data(address, "id")
            return unknown(f"{address} is not known")
        plain = re.sub(r"(?<=\w)\[[^\]]*\]", "", said.text) if said else ""
        tail = re.escape(re.sub(r"\[[^\]]*\]", "", address.removeprefix(module + ".")))
        named = set(re.findall(rf"(?<![\w.]){tail}\.([a-z_]+)", plain))
        return "${" + f"{address}.{named.pop() if len(named) == 1 else 'id'}" + "}"

    def _inside(self, found: str, said: Said | None) -> str:
        """The id of a block, one that the code says, or one that the evaluator made up for what it cannot know."""
        if found in self.ids:
            return str(self._whole(self.ids[found]))
        if self.sources.holds(found):
            return found
        return unknown(why(said.text) if said else "not known before apply")

    def _template(self, found: re.Match[str], module: str, inner: bool) -> str:
        name = found[1]
        if name.startswith(("?", "aws:")) or self.names.addresses.of(name) or (inner and is_there(name)):
            return found[0]
        if not re.match(r"(?:var|local|data|module|each|aws_\w+)\.", name):
            return found[0]
        return str(self._reference(name, module))

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
        value: Json = self.of(call[parts[1]], self.said(call["__tfmeta"]).get(parts[1]), self.names.module_of(module))
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
                return self.of(output.get("value"), self.said(output["__tfmeta"]).get("value"), inner)
        return unknown(f"not known before apply: {name}")

    def document(self, address: str) -> str:
        """A policy document that is a data source, computed here."""
        if address not in self._documents:
            self._documents[address] = None
            block = self.names.block(address)
            module = self.names.module_of(address)
            said = self.said(block["__tfmeta"]) if block else {}
            values = self.attributes(block, said, module, None, inner=True) if block else {}
            self._documents[address] = document(values)
        return self._documents[address] or unknown(f"{address} refers to itself")
