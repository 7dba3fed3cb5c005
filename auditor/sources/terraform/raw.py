"""A resource as Terraform says it, before anybody knows what it means to us."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from auditor.model import Json
from auditor.sources.references import reasons, unknown

POLICY_DOCUMENT = "aws_iam_policy_document"


@dataclass(slots=True)
class Raw:
    """`values` hold references and unknowns as texts (see sources/references.py)."""

    address: str
    type: str
    name: str = ""
    module: str = ""
    values: dict[str, Json] = field(default_factory=dict)
    origin: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    region: str = ""
    was: str = ""
    default_tags: Mapping[str, Json] = field(default_factory=dict)


def index_of(address: str) -> str:
    """`["images"]` or `[0]` at the end of an address, or nothing."""
    found = re.search(r"\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\]$", address)
    return found[0] if found else ""


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
            told = other(text)
            if isinstance(told, str) and reasons(told):
                return told
            try:
                add(json.loads(told).get("Statement", []))
            except (ValueError, TypeError, AttributeError):
                return unknown("the policy document is built from one that is known only after apply")
    version = values.get("version") or "2012-10-17"
    return json.dumps({"Version": version, "Statement": list(statements.values())})


def _statement(raw: Mapping[str, Json]) -> dict[str, Json]:
    out: dict[str, Json] = {"Effect": raw.get("effect") or "Allow"}
    if raw.get("sid"):
        out["Sid"] = raw["sid"]
    for name, new in (
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ):
        if raw.get(name):
            out[new] = _many(raw[name])
    for name, new in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        for each in _many(raw.get(name)):
            kind, who = each.get("type"), _many(each.get("identifiers"))
            if kind == "*" and who == ["*"]:
                out[new] = "*"
            else:
                out.setdefault(new, {}).setdefault(kind, []).extend(who)
    for each in _many(raw.get("condition")):
        place = out.setdefault("Condition", {}).setdefault(each.get("test"), {})
        place.setdefault(each.get("variable"), []).extend(_many(each.get("values")))
    return out


def _many(value: Json) -> list[Json]:
    return [] if value is None else value if isinstance(value, list) else [value]


def has_null(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(has_null, value.values()))
    return any(map(has_null, value)) if isinstance(value, list) else value is None
