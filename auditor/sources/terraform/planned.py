"""What a plan says, resource by resource: values, and for unknowns the references that its configuration gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.model import ABSENT, Json
from auditor.sources.references import unknown
from auditor.sources.terraform.raw import POLICY_DOCUMENT, document, index_of

LATER = "known only after apply"
_HINTS = ("each.", "count.", "var.", "local.", "path.", "terraform.", "self.")
_DEEPEST = 40
_MOST_INSTANCES = 1_000  # what refers to more than these is not written out: thousands that do would have no end


class Configuration:
    """The `configuration` of a plan: expressions as references, by module."""

    def __init__(
        self, plan: Mapping[str, Any], addresses: frozenset[str], documents: dict[str, Callable[[], dict[str, Json]]]
    ) -> None:
        self._root = _mapping(_mapping(plan.get("configuration")).get("root_module"))
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
            found = _mapping(_mapping(_mapping(found.get("module_calls")).get(name)).get("module"))
        return found

    def resource(self, module: str, kind: str, name: str) -> Mapping[str, Any]:
        if module not in self._resources:
            known = self._resources[module] = {}
            for each in self.module(module).get("resources") or []:
                if isinstance(each, dict):
                    known.setdefault((str(each.get("type")), str(each.get("name"))), each)
        return self._resources[module].get((kind, name), {})

    def call(self, module: str) -> tuple[str, Mapping[str, Any]]:
        """The module that calls this one, and the call."""
        above, name = _above(module)
        return above, _mapping(_mapping(self.module(above).get("module_calls")).get(name))

    def region(self, key: str) -> str:
        """The region of a provider, where the configuration gives it as it stands or by a variable of the root."""
        said = _mapping(_mapping(_mapping(self._plan.get("configuration")).get("provider_config")).get(key))
        expression = _mapping(_mapping(said.get("expressions")).get("region"))
        if isinstance(expression.get("constant_value"), str):
            return str(expression["constant_value"])
        for reference in expression.get("references") or []:
            if reference.startswith("var."):
                value = _mapping(_mapping(self._plan.get("variables")).get(reference[4:])).get("value")
                return value if isinstance(value, str) else ""
        return ""

    # ---- values

    def value(self, change: Mapping[str, Any], where: Where) -> dict[str, Json]:
        """`after` with a text for everything that is unknown."""
        after, hidden = _mapping(change.get("after")), change.get("after_unknown")
        hidden = hidden if isinstance(hidden, Mapping) else {}
        secret = _mapping(change.get("after_sensitive"))
        out: dict[str, Json] = {}
        for name in dict.fromkeys([*after, *hidden]):
            found = self._fill(
                after.get(name),
                hidden.get(name),
                secret.get(name),
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
        if isinstance(after, dict) or (isinstance(hidden, dict) and hidden):
            return self._members(after or {}, hidden or {}, secret, expression, where, said)
        if isinstance(after, list):
            return self._elements(after, hidden, secret, expression, where, said)
        return after

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
        if (
            isinstance(expression, dict)
            and "references" in expression
            and hidden
            and all(each is True for each in hidden)
        ):
            texts = self.texts(expression["references"], where)
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
        references = expression.get("references") if isinstance(expression, dict) else None
        texts = self.texts(references, where) if references else []
        if not texts:
            return unknown(LATER + (f" ({references[0]})" if references else ""))
        if len(texts) > 1 and any(self._decides(each, where) for each in references or ()):
            return unknown("a condition may choose among what it refers to")
        return texts[0] if len(texts) == 1 else list(texts)

    # ---- references

    def _decides(self, reference: str, where: Where) -> bool:
        """Whether a reference that names no resource stands beside those that do: it may be a condition's."""
        return reference.startswith(("var.", "local.", "data.", "terraform.")) and not self.texts([reference], where)

    def texts(self, references: list[str], where: Where, depth: int = 0) -> list[str]:
        """References as texts; none where they cannot be told."""
        out: dict[str, None] = {}
        indexed = any(each in ("each.key", "count.index") for each in references)
        for reference in _longest(references):
            for text in self._text(reference, where, indexed, depth):
                out[text] = None
        return list(out)

    def _text(self, reference: str, where: Where, indexed: bool, depth: int) -> Iterator[str]:
        if depth > _DEEPEST:
            return
        if reference.startswith("module."):
            yield from self._output(reference, where, depth)
        elif reference.startswith("var.") and where.module:
            above, call = self.call(where.module)
            expression = _mapping(_mapping(call.get("expressions")).get(re.split(r"[.\[]", reference[4:])[0]))
            rest = reference[4:].partition(".")[2]
            found = self.texts(expression.get("references") or [], Where(above, index_of(where.module)), depth + 1)
            yield from found if not rest or len(found) == 1 else ()
        elif reference.startswith("each.value"):
            rest = reference.removeprefix("each.value")
            for base in _longest(where.for_each):
                yield from self._instance(base + where.index, rest.lstrip("."), where, False)
        elif not reference.startswith(_HINTS):
            base, _, rest = _split(reference)
            yield from self._instance(base, rest, where, indexed)

    def _output(self, reference: str, where: Where, depth: int) -> Iterator[str]:
        found = re.match(r"module\.([\w-]+)(\[[^\]]*\])?\.?([\w-]*)(.*)", reference)
        if not found or not found[3]:
            return
        inner = f"{where.module}.module.{found[1]}".lstrip(".") + (found[2] or "")
        output = _mapping(_mapping(self.module(inner).get("outputs")).get(found[3]))
        references = _mapping(output.get("expression")).get("references") or []
        texts = self.texts(references, Where(inner, ""), depth + 1)
        if len(texts) == 1 or not found[4]:
            yield from texts
        elif re.fullmatch(r"\[\d+\]", found[4]) and len(texts) > int(found[4][1:-1]):
            yield texts[int(found[4][1:-1])]

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
        self.expressions = _mapping(config.get("expressions"))
        self.for_each: list[str] = _mapping(config.get("for_each_expression")).get("references") or []


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
        if (
            isinstance(inner, dict)
            and "constant_value" in inner
            and value.get(name) not in (None, inner["constant_value"])
        ):
            said, got = inner["constant_value"], value.get(name)
            if isinstance(said, list) and isinstance(got, list) and sorted(map(str, said)) == sorted(map(str, got)):
                continue
            if str(said) != str(got):
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


def _mapping(value: Json) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _names(module: str) -> list[str]:
    return re.findall(r"module\.([\w-]+)", re.sub(r"\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\]", "", module))


def _above(module: str) -> tuple[str, str]:
    found = re.match(r"(?:(.*)\.)?module\.([\w-]+)(?:\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\])?$", module)
    return (found[1] or "", found[2]) if found else ("", "")
