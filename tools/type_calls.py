"""The calls that list a type and tell more of one resource, by CloudFormation's permissions and botocore's model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name


@dataclass(slots=True)
class Answer:
    """A call, by botocore's model: what it is asked with, where in its answer a resource stands, and its members."""

    service: str
    operation: str
    params: dict[str, Any] = field(default_factory=dict)
    out: str = "@"
    members: Mapping[str, Any] = field(default_factory=dict)


@cache
def _session() -> Any:
    return botocore.session.get_session()


def _models(cfn: str, actions: Iterable[str]) -> Iterator[tuple[str, Any, str]]:
    """boto3's service, its model and the operation, for the actions that a permission names."""
    services = _session().get_available_services()
    for action in actions:
        prefix, _, name = action.partition(":")
        for service in (prefix, cfn.split("::")[1].lower()):
            if service in services:
                model = _session().get_service_model(service)
                if name in model.operation_names:
                    yield service, model, name
                    break


def _actions(cfn: str, schema: dict[str, Any], handler: str, verbs: tuple[str, ...]) -> list[str]:
    """The reading operations that CloudFormation is let for a handler, then those that the noun suggests."""
    said = (schema.get("handlers", {}).get(handler) or {}).get("permissions", [])
    _, service, noun = cfn.split("::")
    guessed = [f"{service.lower()}:{verb}{noun}{end}" for verb in verbs for end in ("s", "")]
    of_verb = [each for verb in verbs for each in said if each.partition(":")[2].startswith(verb)]
    return sorted(dict.fromkeys([*of_verb, *guessed]), key=lambda each: noun.lower() not in each.lower())


def listing(cfn: str, schema: dict[str, Any]) -> Answer | None:
    for service, model, name in _models(cfn, _actions(cfn, schema, "list", ("List", "Describe", "Get"))):
        operation = model.operation_model(name)
        if (operation.input_shape and operation.input_shape.required_members) or not operation.output_shape:
            continue
        lists = [(key, each) for key, each in operation.output_shape.members.items() if each.type_name == "list"]
        noun = cfn.rpartition("::")[2].lower()
        lists.sort(key=lambda pair: noun not in pair[0].lower())
        if lists:
            key, found = lists[0]
            return Answer(service, xform_name(name), {}, key, dict(getattr(found.member, "members", {})))
    return None


def detailed(cfn: str, schema: dict[str, Any], listed: Answer) -> Answer | None:
    """The call that tells more of one resource, where the list does not tell all."""
    noun = cfn.rpartition("::")[2].lower()
    for service, model, name in _models(cfn, _actions(cfn, schema, "read", ("Describe", "Get"))):
        operation = model.operation_model(name)
        if xform_name(name) == listed.operation or not operation.output_shape or not operation.input_shape:
            continue
        params = _asked(operation.input_shape, noun)
        if params is None or noun not in name.lower():
            continue
        for key, found in operation.output_shape.members.items():
            if found.type_name == "structure" and key.lower() == noun:
                return Answer(service, xform_name(name), params, key, dict(found.members))
            if found.type_name == "list" and key.lower() == noun + "s":
                return Answer(
                    service, xform_name(name), params, f"{key}[0]", dict(getattr(found.member, "members", {}))
                )
        return Answer(service, xform_name(name), params, "@", dict(operation.output_shape.members))
    return None


def _asked(input_shape: Any, noun: str) -> dict[str, Any] | None:
    required = input_shape.required_members
    if len(required) == 1:
        member = input_shape.members[required[0]]
        hole = "{arn}" if required[0].lower().endswith("arn") else "{id}"
        return {required[0]: [hole] if member.type_name == "list" else hole}
    named = [key for key, each in input_shape.members.items() if each.type_name == "list" and key.lower() == noun + "s"]
    return {named[0]: ["{id}"]} if named and not required else None


def tags(schema: dict[str, Any], listed: Answer, detail: Answer | None) -> Answer | str:
    for name in ("Tags", "TagList", "TagSet", "tags"):
        if name in listed.members:
            return name
    actions = [each for each in (schema.get("tagging") or {}).get("permissions", []) if ":List" in each]
    for action in actions:
        name = action.partition(":")[2]
        model = _session().get_service_model(listed.service)
        if name not in model.operation_names:
            continue
        operation = model.operation_model(name)
        required = operation.input_shape.required_members
        out = next((key for key in operation.output_shape.members if key.lower() in ("tags", "taglist")), "")
        if len(required) == 1 and out:
            hole = "{arn}" if "arn" in required[0].lower() else "{id}"
            return Answer(listed.service, xform_name(name), {required[0]: hole}, out)
    return ""


def arn_template(cfn: str, schema: dict[str, Any], listed: Answer) -> str:
    prefix = next(iter((schema.get("tagging") or {}).get("permissions", [])), f"{listed.service}:").partition(":")[0]
    return f"arn:{{partition}}:{prefix}:{{region}}:{{account}}:{cfn.rpartition('::')[2].lower()}/{{id}}"
