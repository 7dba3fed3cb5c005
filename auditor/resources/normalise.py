"""Raw values into canonical ones, by the rows of the type. Every source and every remedy goes through here, so that
they cannot disagree."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import jmespath

from auditor.model import ABSENT, Json, Prop
from auditor.resources.kinds import KINDS
from auditor.resources.shapes import parse_json, whole_numbers


def search(path: str, value: Json) -> Json:
    """A JMESPath lookup; plain dotted names, nearly all of them, skip the interpreter."""
    if path in ("", "@"):
        return value
    steps = _dotted(path)
    if steps is None:
        return _compiled(path).search(value)
    for step in steps:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


@lru_cache(maxsize=4096)
def _dotted(path: str) -> tuple[str, ...] | None:
    steps = tuple(path.split("."))
    return steps if all(step.isidentifier() for step in steps) else None


@lru_cache(maxsize=4096)
def names_in(path: str) -> frozenset[str]:
    """The names of members that a JMESPath asks for."""

    def walk(node: Any) -> Iterator[str]:
        if node["type"] == "field":
            yield node["value"]
        for child in node.get("children", ()):
            if isinstance(child, dict):
                yield from walk(child)

    return frozenset() if path in ("", "@") else frozenset(walk(_compiled(path).parsed))


@lru_cache(maxsize=4096)
def _compiled(path: str) -> Any:
    return jmespath.compile(path)


def live_path(row: Prop) -> str:
    """Where an answer has the value of a row: what its `live` means.

    A JMESPath in the item that the type's list call gives, or in what `call.out` picked where the row has a call. Left
    out it is the property's name, or all of it where `call.out` already picked the value.
    """
    return row.live or ("@" if row.call and row.call.out != "@" else row.name)


def placeholder(row: Prop) -> str:
    """The name in a `live` that is one placeholder (`{parent.id}`): the bucket of a policy, which no answer repeats."""
    path = row.live
    return path[1:-1] if path.startswith("{") and path.endswith("}") and ":" not in path else ""


def canonical(row: Prop, raw: Json) -> Json:
    """The canonical value of a property from what the source says; null and absent give the row's default."""
    value = read(row, raw)
    return value if value is row.default else settled(row, value)


def read(row: Prop, raw: Json) -> Json:
    """What the source says in CloudFormation's shape, not yet in the one spelling that is compared."""
    reads = reader(row)
    value = reads(raw) if reads and raw is not None and raw is not ABSENT else raw
    return row.default if value is None or value is ABSENT else value


def reader(row: Prop) -> Callable[[Json], Json] | None:
    """What turns AWS's answer into CloudFormation's shape: the row's own function, or that of its kind."""
    return row.read or (KINDS[row.kind].read if row.kind else None)


def writer(row: Prop) -> Callable[[Json], Json] | None:
    """The inverse, for setters."""
    return row.write or (KINDS[row.kind].write if row.kind else None)


def settled(row: Prop, value: Json) -> Json:
    """The one spelling of a value that is in CloudFormation's shape already."""
    tidy = KINDS[row.kind].read(value) if row.kind and row.kind != "json" else value
    tidy = row.tidy(tidy) if row.tidy else tidy
    return row.default if tidy is ABSENT else settle(row.same, tidy)


def settle(same: str, value: Json) -> Json:
    """Equal meanings become equal values: whole numbers, order of sets, forms of policies, spellings of networks."""
    value = whole_numbers(value)
    if same == "policy":
        return policy(value)
    if same == "json":
        return parse_json(value)
    if same == "cidr-set" and isinstance(value, list):
        return sorted({_network(item) for item in value})
    if same == "set" and isinstance(value, list):
        return sorted(value, key=_order)
    return value


def _order(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return text


def policy(value: Json) -> Json:
    """A policy document with every form of the same statement made one.

    Single values become sorted lists, `"*"` as a principal becomes `{"AWS": ["*"]}` (AWS: the two mean the same in
    resource policies). Statements keep their order: reports cite it. A list of named inline policies is taken one by
    one.
    """
    document = parse_json(value)
    if isinstance(document, list):
        named = [_named(each) for each in document]
        return sorted(named, key=lambda each: str(each.get("PolicyName", "")) if isinstance(each, dict) else "~")
    if not isinstance(document, dict):
        return document
    statements = document.get("Statement", [])
    if not isinstance(statements, list):
        statements = [statements]
    out = {key: document[key] for key in ("Version", "Id") if document.get(key) is not None}
    out["Statement"] = [_statement(each) if isinstance(each, dict) else each for each in statements]
    return out | {key: each for key, each in document.items() if "${" in key}  # code leaves open what they are called


def _named(policy_in_role: Json) -> Json:
    """One inline policy; a text stands for one that code leaves open, and is for the reader of code to tell."""
    if isinstance(policy_in_role, str):
        return policy_in_role
    return {**policy_in_role, "PolicyDocument": policy(policy_in_role.get("PolicyDocument"))}


def check_policies(named: Json) -> None:
    """The same for a list of named policies."""
    for each in named:
        check_policy(each["PolicyDocument"])


def check_policy(value: Json) -> None:
    """Refuse what has not the form of a policy document: its statements would be lost in silence, and what they let in
    with them. What they say is for whoever evaluates them."""
    document = parse_json(value)
    if document == "":
        return
    if not isinstance(document, dict):
        raise ValueError("a policy is no JSON object")
    found = document.get("Statement")
    statements = [found] if isinstance(found, dict) else found
    if not isinstance(statements, list) or not all(isinstance(each, dict) for each in statements):
        raise ValueError("the statements of a policy are no list of objects")
    for each in statements:
        whom = [each[name] for name in ("Principal", "NotPrincipal") if name in each]
        if not isinstance(each.get("Effect"), str) or not all(isinstance(one, (str, dict)) for one in whom):
            raise ValueError("a statement of a policy has no effect or no principal that can be read")


def _statement(raw: dict[str, Json]) -> dict[str, Json]:
    out: dict[str, Json] = {}
    for key, value in raw.items():
        if key in ("Action", "NotAction", "Resource", "NotResource"):
            out[key] = _texts(value)
        elif key in ("Principal", "NotPrincipal"):
            out[key] = _principal(value)
        elif key == "Condition" and isinstance(value, dict):
            out[key] = {operator: _condition_keys(keys) for operator, keys in sorted(value.items())}
        else:
            out[key] = value
    return out


def _condition_keys(keys: Json) -> Json:
    """The keys of an operator with their values; what is malformed stays as it is: left out it would open."""
    if not isinstance(keys, dict):
        return keys
    return {name: _texts(wanted) if _are_texts(wanted) else wanted for name, wanted in sorted(keys.items())}


def _are_texts(value: Json) -> bool:
    return all(isinstance(each, (str, int, float)) for each in (value if isinstance(value, list) else [value]))


def _principal(value: Json) -> Json:
    if value == "*":
        return {"AWS": ["*"]}
    if isinstance(value, dict):
        return {kind: _texts(who) for kind, who in sorted(value.items())}
    return value


def _texts(value: Json) -> list[str]:
    many = value if isinstance(value, list) else [value]
    return sorted({str(each).lower() if isinstance(each, bool) else str(each) for each in many})
