"""What the makers of serverless resources share: the template they work on, and the pieces that all of them make."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from auditor.bounded import Lined
from auditor.model import Json

Made = Iterator[tuple[str, Lined]]
Missing = tuple[str, str, tuple[str, ...]]


@cache
def facts() -> Mapping[str, Any]:
    """What AWS publishes with its translator; `tools/distil_sam.py` writes the file, which names its origin."""
    found: Mapping[str, Any] = json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))
    return found


@dataclass(slots=True)
class Making:
    """One template on its way: its resources, what they have in common, and what is not made.

    `missing` holds (resource, why, types that may be hidden so).
    """

    resources: Mapping[str, Json]
    shared: Mapping[str, Json] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)

    def miss(self, name: str, why: str, types: tuple[str, ...] = ()) -> None:
        self.missing.append((name, why, types))

    def kind(self, name: Json) -> str:
        entry = self.resources.get(name) if isinstance(name, str) else None
        return str(entry.get("Type")) if isinstance(entry, dict) else ""

    def properties(self, name: str) -> Lined:
        """A resource's properties over what the template's Globals say of its kind."""
        entry = self.resources.get(name)
        given = entry.get("Properties") if isinstance(entry, dict) else None
        own = Lined(given) if isinstance(given, dict) else Lined()
        kind = self.kind(name).removeprefix("AWS::Serverless::")
        shared = self.shared.get(kind) if self.kind(name).startswith("AWS::Serverless::") else None
        for key, common in (shared if isinstance(shared, dict) else {}).items():
            own[key] = merged(common, own[key]) if key in own else common
        return own


def merged(common: Json, own: Json, depth: int = 0) -> Json:
    """Globals below a resource's own: mappings are merged, lists appended, the rest replaced."""
    if isinstance(common, dict) and isinstance(own, dict) and depth < 10 and not call(common) and not call(own):
        out = Lined(own)
        for key, inner in common.items():
            out[key] = merged(inner, own[key], depth + 1) if key in own else inner
        return out
    if isinstance(common, list) and isinstance(own, list):
        return [*common, *own]
    return own


def call(value: Json) -> bool:
    """Whether a value is a function of CloudFormation, whose result nobody knows yet."""
    return isinstance(value, dict) and len(value) == 1 and str(next(iter(value))).startswith(("Fn::", "Ref"))


def resource(entry: Mapping[str, Json], kind: str, properties: Mapping[str, Json]) -> Lined:
    """The resource that a serverless one becomes: all beside its properties stays."""
    out = Lined(entry)
    out["Type"] = kind
    out["Properties"] = properties
    return out


def extra(entry: Mapping[str, Json], kind: str, properties: Mapping[str, Json]) -> Lined:
    """A resource that the transform adds: it is made under the same condition."""
    out = Lined()
    out.update({"Type": kind, "Properties": Lined({k: v for k, v in properties.items() if v is not None})})
    if "Condition" in entry:
        out["Condition"] = entry["Condition"]
    return out


def kept(given: Mapping[str, Json], *names: str) -> dict[str, Json]:
    return {name: given[name] for name in names if name in given}


def attribute(name: str, of: str = "Arn") -> Json:
    return {"Fn::GetAtt": [name, of]}


def arn(service: str, rest: str, **holes: Json) -> Json:
    """An ARN in the region and account of the stack."""
    return {"Fn::Sub": [f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}", holes]}


def document(*statements: Json, version: bool = True) -> dict[str, Json]:
    return {**({"Version": "2012-10-17"} if version else {}), "Statement": list(statements)}


def allow(action: Json, of: Json, **more: Json) -> dict[str, Json]:
    return {"Effect": "Allow", "Action": action, "Resource": of, **more}


def trust(service: str) -> dict[str, Json]:
    return document({"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": [service]}})


def policy(name: str, *statements: Json, version: bool = False) -> dict[str, Json]:
    return {"PolicyName": name, "PolicyDocument": document(*statements, version=version)}


def dead_letters(
    entry: Mapping[str, Json], name: str, config: Json, source: Json
) -> tuple[Json, list[tuple[str, Lined]]]:
    """What a rule's target says of lost events, and the queue that is made for them."""
    if not isinstance(config, dict):
        return None, []
    if "Arn" in config:
        return {"Arn": config["Arn"]}, []
    queue = config.get("QueueLogicalId") if isinstance(config.get("QueueLogicalId"), str) else f"{name}Queue"
    made = queue_for(entry, str(queue), f"{name}QueuePolicy", {"Service": "events.amazonaws.com"}, source)
    return {"Arn": attribute(str(queue))}, made


def queue_for(
    entry: Mapping[str, Json], queue: str, name: str, principal: Json, source: Json
) -> list[tuple[str, Lined]]:
    """A queue, and the policy that lets one source send to it."""
    said = {
        **allow("sqs:SendMessage", attribute(queue)),
        "Principal": principal,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    policies = {"Queues": [{"Ref": queue}], "PolicyDocument": document(said)}
    return [(queue, extra(entry, "AWS::SQS::Queue", {})), (name, extra(entry, "AWS::SQS::QueuePolicy", policies))]
