"""What a plan says, resource by resource: values, and for unknowns the references that its configuration gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.model import ABSENT, Json
from auditor.resources.terraform import BESIDE
from auditor.sources.references import index_of, unknown
from auditor.sources.terraform.raw import POLICY_DOCUMENT, document, listed, mapping, references_of

LATER = "known only after apply"
_HINTS = ("each.", "count.", "var.", "local.", "path.", "terraform.", "self.")
_INDEXES = ("each.key", "count.index")
_DEEPEST = 40
_MOST_INSTANCES = 1_000  # what refers to more than these is not written out: thousands that do would have no end


class Configuration:
    """The `configuration` of a plan: expressions as references, by module."""

    def __init__(
        self, plan: Mapping[str, Any], addresses: frozenset[str], documents: dict[str, Callable[[], dict[str, Json]]]
    ) -> None:
        self._root = mapping(mapping(plan.get("configuration")).get("root_module"))
        self._plan = plan
        self._addresses = addresses
        self._documents = documents
        self._instances_of: dict[str, list[str]] = {}
        for each in sorted(addresses):
            self._instances_of.setdefault(each.removesuffix(index_of(each)), []).append(each)
        self._resources: dict[str, dict[tuple[str, str], Mapping[str, Any]]] = {}

    # ---- looking up

    def module(self, module: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._root
        for name in _names(module):
            found = mapping(mapping(mapping(found.get("module_calls")).get(name)).get("module"))
        return found

    def resource(self, module: str, kind: str, name: str) -> Mapping[str, Any]:
        if module not in self._resources:
            every = [each for each in listed(self.module(module).get("resources")) if isinstance(each, dict)]
            self._resources[module] = {(str(each.get("type")), str(each.get("name"))): each for each in reversed(every)}
        return self._resources[module].get((kind, name), {})

    def call(self, module: str) -> tuple[str, Mapping[str, Any]]:
        """The module that calls this one, and the call."""
        above, name = _above(module)
        return above, mapping(mapping(self.module(above).get("module_calls")).get(name))

    def region(self, key: str) -> str:
        """The region of a provider, where the configuration gives it as it stands or by a variable of the root."""
        said = mapping(mapping(mapping(self._plan.get("configuration")).get("provider_config")).get(key))
        expression = mapping(mapping(said.get("expressions")).get("region"))
        if isinstance(expression.get("constant_value"), str):
            return str(expression["constant_value"])
        for reference in references_of(expression):
            if reference.startswith("var."):
                value = mapping(mapping(self._plan.get("variables")).get(reference[4:])).get("value")
                return value if isinstance(value, str) else ""
        return ""

    # ---- values

    def value(self, change: Mapping[str, Any], where: Where) -> dict[str, Json]:
        """`after` with a text for everything that is unknown."""
        after, hidden = mapping(change.get("after")), change.get("after_unknown")
        hidden = hidden if isinstance(hidden, Mapping) else {}
        secret = change.get("after_sensitive")
        out: dict[str, Json] = {}
        for name in dict.fromkeys([*after, *hidden]):
            found = self._fill(
                after.get(name),
                hidden.get(name),
                True if secret is True else _of(secret, name),
                where.expressions.get(name),
                where,
                name in where.expressions,
            )
            if found is not ABSENT:
                out[name] = found
        return out

    def _fill(self, after: Json, hidden: Json, secret: Json, expression: Json, where: Where, said: bool) -> Json:
        if secret is True:
            return unknown("marked as sensitive") if after is not None or hidden else ABSENT
        if hidden is True:
            return self._unknown(expression, where) if said else ABSENT
        if isinstance(after, list):
            return self._elements(after, hidden, secret, expression, where, said)
        if isinstance(after, dict) or (after is None and isinstance(hidden, dict) and hidden):
            return self._members(after or {}, hidden or {}, secret, expression, where, said)
        return unknown("the plan has two values for it") if hidden else after

    def _members(self, after: Json, hidden: Json, secret: Json, expression: Json, where: Where, said: bool) -> Json:
        out: dict[str, Json] = {}
        block = isinstance(expression, dict) and "references" not in expression and "constant_value" not in expression
        for name in dict.fromkeys([*after, *(hidden if isinstance(hidden, dict) else ())]):
            inner = expression.get(name) if block else expression
            told = not said or not block or name in expression
            found = self._fill(after.get(name), _of(hidden, name), _of(secret, name), inner, where, told)
            if found is not ABSENT:
                out[name] = found
        return out

    def _elements(
        self, after: list[Json], hidden: Json, secret: Json, expression: Json, where: Where, said: bool
    ) -> Json:
        if not isinstance(hidden, list):
            hidden = []
        references = references_of(expression)
        if references and hidden and all(each is True for each in hidden) and not self._silent(references, where):
            texts = self.texts(references, where)
            if len(texts) == len(after):
                return list(texts)
        out = []
        for position, each in enumerate(after):
            mine = hidden[position] if position < len(hidden) else None
            shut = secret[position] if isinstance(secret, list) and position < len(secret) else None
            spoken = _spoken(expression, each, position, len(after)) if isinstance(expression, list) else expression
            if mine is True and isinstance(expression, dict) and len(after) > 1:
                spoken = None  # which of the references this element is nobody can tell
            found = self._fill(each, mine, shut, spoken, where, True)
            if found is not ABSENT:
                out.append(found)
        return out

    def _unknown(self, expression: Json, where: Where) -> Json:
        """What a value that is not known at all must be, as far as its references prove it.

        A plan lists what an expression refers to, never how: `[a.id, b.id]`, `coalescelist([a.id], [b.id])`, a choice
        by an attribute of `c`, and `aws_subnet.s[*].id` or the same with a condition are told alike. So only a single
        reference is proven. Where variables or the like stand beside it, a list may hold more than that (`BESIDE`).
        """
        references = references_of(expression)
        texts = self.texts(references, where)
        if not texts:
            return unknown(LATER + (f" ({references[0]})" if references else ""))
        if len(texts) > 1:
            return unknown(f"{LATER}, and a plan does not show how its {len(texts)} references are used")
        return [texts[0], BESIDE] if self._silent(references, where) else texts[0]

    def _silent(self, references: list[str], where: Where, depth: int = 0) -> bool:
        """Whether something that names no resource stands beside those that do, here or where they are handed down:
        a variable, a local, a data source, a constant.
        """
        for each in _longest(references):
            handed = self._handed(each, where)
            if each in _INDEXES or (handed is None and self.texts([each], where)):
                continue
            if handed is None or depth > _DEEPEST or not handed[0] or self._silent(*handed, depth + 1):
                return True
        return False

    # ---- references

    def texts(self, references: list[str], where: Where, depth: int = 0) -> list[str]:
        """References as texts; none where they cannot be told."""
        out: dict[str, None] = {}
        indexed = any(each in _INDEXES for each in references)
        for reference in _longest(references):
            for text in self._texts_of(reference, where, indexed, depth):
                out[text] = None
        return list(out)

    def _texts_of(self, reference: str, where: Where, indexed: bool, depth: int) -> Iterator[str]:
        if depth > _DEEPEST:
            return
        handed = self._handed(reference, where)
        if handed is not None:
            found = self.texts(*handed, depth + 1)
            # Of several, a part of what is handed over may be any.
            yield from found if len(found) == 1 or re.fullmatch(r"(?:var|module\.[\w-]+)\.[\w-]+", reference) else ()
        elif reference.startswith("each.value"):
            rest = reference.removeprefix("each.value")
            for base in _longest(where.for_each):
                yield from self._instance(base + where.index, rest.lstrip("."), where, False)
        elif not reference.startswith(_HINTS):
            base, _, rest = _split(reference)
            yield from self._instance(base, rest, where, indexed)

    def _handed(self, reference: str, where: Where) -> tuple[list[str], Where] | None:
        """What a variable or an output of a module stands for: references, and from where they are seen."""
        output = re.match(r"module\.([\w-]+)(\[[^\]]*\])?\.([\w-]+)", reference)
        if output:
            inner = f"{where.module}.module.{output[1]}".lstrip(".") + (output[2] or "")
            said = mapping(mapping(self.module(inner).get("outputs")).get(output[3]))
            return references_of(said.get("expression")), Where(inner, "")
        if reference.startswith("var.") and where.module:
            above, call = self.call(where.module)
            said = mapping(mapping(call.get("expressions")).get(re.split(r"[.\[]", reference[4:])[0]))
            return references_of(said), Where(above, index_of(where.module))
        return None

    def _instance(self, base: str, rest: str, where: Where, indexed: bool) -> Iterator[str]:
        address = f"{where.module}.{base}".lstrip(".")
        for found in self._instances(address, where.index if indexed else ""):
            if found.partition(f"data.{POLICY_DOCUMENT}.")[1]:
                yield self.document(found)
            elif not re.search(r"(^|\.)data\.", found):
                yield "${" + (f"{found}.{rest}" if rest else found) + "}"

    def _instances(self, address: str, index: str) -> list[str]:
        if index and address + index in self._addresses:
            return [address + index]
        if address in self._addresses:
            return [address]
        found = [each for each in self._instances_of.get(address, ()) if each != address]
        return found if len(found) <= _MOST_INSTANCES else []

    def document(self, address: str) -> str:
        """The policy of a data source that is read only during apply."""
        read = self._documents.pop(address, None)  # taken out meanwhile: a document may not be built upon itself
        if read is None:
            return unknown(LATER + f" ({address})")
        try:
            return document(read())
        finally:
            self._documents[address] = read


class Where:
    """From where an expression is seen: its module, the index of its resource, and what it iterates over."""

    def __init__(self, module: str, index: str, config: Mapping[str, Any] | None = None) -> None:
        config = config or {}
        self.module, self.index = module, index
        self.expressions = mapping(config.get("expressions"))
        self.for_each = references_of(config.get("for_each_expression"))


def _split(reference: str) -> tuple[str, str, str]:
    """Address and attribute of `aws_s3_bucket.this["images"].arn` (data sources have one word more)."""
    found = re.match(r"((?:data\.)?[\w-]+\.[\w-]+(?:\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\])?)\.?(.*)", reference)
    return (found[1], ".", found[2]) if found else (reference, "", "")


def _longest(references: list[str]) -> list[str]:
    """Terraform lists every reference with all its beginnings; only the whole ones count."""
    kept: list[str] = []
    for each in references:
        if not any(other.startswith((each + ".", each + "[")) for other in kept):
            kept.append(each)
    return kept


def _spoken(expressions: list[Json], value: Json, position: int, count: int) -> Json:
    """The expressions of one block among several: Terraform sorts blocks of a set, so constants tell which is which."""
    if len(expressions) == 1:
        return expressions[0]
    fitting = [each for each in expressions if isinstance(each, dict) and _fits(each, value)]
    if len(fitting) == 1:
        return fitting[0]
    if len(expressions) == count and expressions[position] in fitting:
        return expressions[position]
    return None


def _fits(expression: Mapping[str, Any], value: Json) -> bool:
    if not isinstance(value, dict):
        return True
    for name, inner in expression.items():
        got = value.get(name)
        if isinstance(inner, dict) and "constant_value" in inner and got not in (None, inner["constant_value"]):
            said = inner["constant_value"]
            both = isinstance(said, list) and isinstance(got, list)
            if sorted(map(str, said)) != sorted(map(str, got)) if both else str(said) != str(got):
                return False
        if isinstance(inner, list) and name in value and isinstance(value[name], list) and not value[name]:
            return False
    return True


def _any(hidden: Json) -> bool:
    if isinstance(hidden, dict):
        return any(map(_any, hidden.values()))
    return any(map(_any, hidden)) if isinstance(hidden, list) else bool(hidden)


def _of(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _names(module: str) -> list[str]:
    return re.findall(r"module\.([\w-]+)", re.sub(r"\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\]", "", module))


def _above(module: str) -> tuple[str, str]:
    found = re.match(r"(?:(.*)\.)?module\.([\w-]+)(?:\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\])?$", module)
    return (found[1] or "", found[2]) if found else ("", "")
