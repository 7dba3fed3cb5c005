"""A resource as Terraform says it, before anybody knows what it means to us."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.model import Json
from auditor.sources.references import index_of, reasons, texts_of, unknown

POLICY_DOCUMENT = "aws_iam_policy_document"
_LISTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)


@dataclass(slots=True)
class Raw:
    """`values` hold references and unknowns as texts (see sources/references.py)."""

    address: str
    type: str
    name: str = ""
    module: str = ""
    values: dict[str, Json] = field(default_factory=dict)
    origin: str = ""
    inside: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    region: str = ""
    was: str = ""
    default_tags: Mapping[str, Json] = field(default_factory=dict)


def name_of(address: str) -> str:
    """The name at the end of an address, without its index."""
    return address.removesuffix(index_of(address)).rpartition(".")[2]


def document(values: Mapping[str, Json], other: Callable[[Json], Json] = lambda text: text) -> str:
    """What `data.aws_iam_policy_document` gives: a policy as JSON text. `other` reads the documents it builds upon."""
    statements: dict[str, Json] = {}

    def add(found: list[Json]) -> None:
        for each in found:
            sid = str(each.get("Sid") or f"#{len(statements)}")
            statements[sid] = each

    for name in ("source_policy_documents", "override_policy_documents"):
        if name == "override_policy_documents":
            add([_statement(each) for each in _many(values.get("statement"))])
        for text in _many(values.get(name)):
            if text == "":  # the provider passes over it: a variable for a document that nobody gives
                continue
            told = other(text)
            if isinstance(told, str) and reasons(told) and told[:1] != "{":
                return told
            found = _statements(told)
            if found is None:
                return unknown("the policy document is built from one that is known only after apply")
            add(found)
    version = values.get("version") or "2012-10-17"
    return json.dumps({"Version": version, "Statement": list(statements.values())})


def _statements(text: Json) -> list[Json] | None:
    """The statements of a policy as JSON, also of one that is empty; none where it is no policy."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(found, dict) or ("Statement" not in found and found):
        return None
    every = _many(found.get("Statement"))
    return every if all(isinstance(each, dict) for each in every) else None


def _statement(raw: Json) -> dict[str, Json]:
    """One statement; of what has another shape than the provider takes it is not known what it says."""
    if not isinstance(raw, Mapping):
        return {"Effect": raw if isinstance(raw, str) and reasons(raw) else unknown("a statement is not known")}
    out: dict[str, Json] = {"Effect": raw.get("effect") or "Allow"}
    if raw.get("sid"):
        out["Sid"] = raw["sid"]
    for name, new in _LISTS:
        if raw.get(name):
            out[new] = _many(raw[name])
    for name, new in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if raw.get(name):
            out[new] = _principals(_many(raw[name]))
    conditions = _many(raw.get("condition"))
    if conditions:
        out["Condition"] = _conditions(conditions)
    return out


def _principals(blocks: list[Json]) -> Json:
    found: dict[str, list[Json]] = {}
    for each in blocks:
        kind = each.get("type") if isinstance(each, Mapping) else None
        if not isinstance(each, Mapping) or not isinstance(kind, str) or reasons(kind):
            return _open(each, "a principal is not known")
        who = _many(each.get("identifiers"))
        if kind == "*" and who == ["*"]:
            return "*"
        found.setdefault(kind, []).extend(who)
    return found


def _conditions(blocks: list[Json]) -> Json:
    found: dict[str, dict[str, list[Json]]] = {}
    for each in blocks:
        names = [each.get(name) for name in ("test", "variable")] if isinstance(each, Mapping) else []
        if not isinstance(each, Mapping) or not all(isinstance(name, str) and not reasons(name) for name in names):
            return _open(each, "a condition is not known")
        found.setdefault(str(names[0]), {}).setdefault(str(names[1]), []).extend(_many(each.get("values")))
    return found


def _open(value: Json, otherwise: str) -> str:
    """The text that says why a value is not known."""
    return next((text for text in texts_of(value) if reasons(text)), unknown(otherwise))


def _many(value: Json) -> list[Json]:
    return [] if value is None else value if isinstance(value, list) else [value]


def json_of(text: str) -> Json:
    """The object or list that a text of JSON holds, or nothing."""
    try:
        found = json.loads(text) if text[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, (dict, list)) else None


def references_of(expression: Json) -> list[str]:
    """What an expression refers to."""
    return [each for each in listed(mapping(expression).get("references")) if isinstance(each, str)]


def listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def mapping(value: Json) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
