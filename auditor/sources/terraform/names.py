"""Names in a directory of Terraform: which block a reference in the evaluator's spelling means, seen from a module."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.sources.references import Addresses
from auditor.sources.terraform.text import IN_HCL

_STEP = r"module\.[\w-]+(?:\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\])?"

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
# A call that may make something else of what it is given; the others hand on one element, or the same in another type.
_CALLS = re.compile(
    r"\b(?!(?:try|one|element|coalesce|coalescelist|join|concat|flatten|compact|distinct|sort|toset|tolist|tostring|"
    r"sensitive|nonsensitive|lookup)\()[a-z][a-z0-9_]*\("
)


def hands_on(text: str) -> bool:
    """Whether an expression that refers to one thing is nothing else than that."""
    strings = [each for each in _QUOTED.findall(text) if "{" in each]
    made = bool(strings) and not re.fullmatch(r'"\$\{[^"{}]*\}"', text)
    return not made and "?" not in _QUOTED.sub("", text) and _CALLS.search(text) is None


class Sources:
    """The texts of a tree by line."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._every = list(texts.values())
        self._held: dict[str, bool] = {}
        self._texts = {name: text for name, text in texts.items() if name.endswith(IN_HCL)}
        self._lines: dict[str, list[str]] = {}

    def holds(self, text: str) -> bool:
        """Whether any file says a text."""
        if text not in self._held:
            self._held[text] = any(text in each for each in self._every)
        return self._held[text]

    def part(self, name: str, first: int, last: int) -> str:
        if name not in self._texts:
            return ""
        if name not in self._lines:
            self._lines[name] = self._texts[name].splitlines(keepends=True)
        return "".join(self._lines[name][max(first - 1, 0) : last])


class Names:
    """Blocks by address, and what leads to them."""

    def __init__(self, found: Mapping[str, list[dict[str, Any]]]) -> None:
        every = [(kind, block) for kind, many in found.items() for block in many]
        self._blocks = {block["__tfmeta"]["path"]: block for _, block in every}
        self._kinds = {block["__tfmeta"]["path"]: block["__tfmeta"].get("type", "") for _, block in every}
        self.addresses = Addresses(path for path, kind in self._kinds.items() if kind == "resource")
        self._by_base: dict[str, list[str]] = {}
        for path in self._blocks:
            self._by_base.setdefault(re.sub(r"\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\]$", "", path), []).append(path)
        self.calls = {block["__tfmeta"]["path"]: block for block in found.get("module", [])}
        self.variables = {self._split(block, "variable"): block for block in found.get("variable", [])}
        self.outputs = {self._split(block, "output"): block for block in found.get("output", [])}
        self._providers = found.get("provider", [])

    @staticmethod
    def _split(block: Mapping[str, Any], kind: str) -> tuple[str, str]:
        module, _, name = block["__tfmeta"]["path"].rpartition(f"{kind}.")
        return module.rstrip("."), name

    @staticmethod
    def module_of(address: str) -> str:
        found = re.match(rf"((?:{_STEP}\.)*{_STEP})\.(?!{_STEP}$)", address)
        if re.fullmatch(rf"(?:{_STEP}\.)*{_STEP}", address):
            return address.rpartition(".module.")[0]
        return found[1] if found else ""

    def block(self, address: str) -> dict[str, Any] | None:
        return self._blocks.get(address)

    def instances(self, name: str, module: str) -> list[str]:
        """The blocks that are there of a name in a module."""
        return self._by_base.get(f"{module}.{name}".lstrip("."), [])

    def is_resource(self, address: str) -> bool:
        return self._kinds.get(address) == "resource"

    # ---- references

    def text(self, name: str, module: str) -> str:
        """`${ADDRESS.ATTRIBUTE}` for a resource's attribute in the evaluator's spelling, or nothing."""
        address, rest = self._find(name, module)
        if not address or not self.is_resource(address):
            return ""
        return "${" + (f"{address}.{rest}" if rest else address) + "}"

    def data(self, name: str, module: str) -> str:
        """The address of a data source that a name means."""
        address, _ = self._find(name, module) if name.startswith("data.") else ("", "")
        return address

    def _find(self, name: str, module: str) -> tuple[str, str]:
        spelled = re.sub(r"\.?\[([^\"\]\d][^\]]*)\]", r'["\1"]', name).replace(".[", "[")
        found = re.match(r"((?:data\.)?[\w-]+\.[\w-]+)((?:\[(?:\"[^\"]*\"|\d+)\])?)\.?(.*)", spelled)
        if not found:
            return "", ""
        for here in (module, *self._around(module)):
            base = f"{here}.{found[1]}".lstrip(".")
            exact = base + found[2]
            if exact in self._blocks:
                return exact, found[3]
            many = self._by_base.get(base, [])
            if len(many) == 1 and not found[2]:
                return many[0], found[3]
        return "", ""

    def _around(self, module: str) -> Iterator[str]:
        """The modules above, nearest first: what is handed down keeps the name that it has there."""
        while module:
            module = self.module_of(module)
            yield module

    # ---- providers

    def provider(self, module: str, said: str) -> dict[str, Any] | None:
        """The provider block that a resource of a module uses."""
        wanted = said.strip().strip('"').partition(".")[2]
        for each in self._providers:
            if each["__tfmeta"].get("label") != "aws" or self.module_of(each["__tfmeta"]["path"]):
                continue
            alias = each.get("alias") or ""
            if alias == wanted:
                return each
        return None
