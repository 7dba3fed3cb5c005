"""Connectors: what one resource may do to another, as policies and permissions from the table that AWS publishes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.model import Json
from auditor.sources.cloudformation.sam.made import Made, Making, attribute, document, extra, facts
from auditor.sources.cloudformation.texts import Unresolved

_STANDS_FOR = {
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
}
_BY_REF = ("AWS::SNS::Topic",)  # whose Ref is their ARN
_HOLE = re.compile(r"%\{(Source|Destination)\.(\w+)\}")
_QUEUES, _TOPICS = "AWS_SQS_QUEUE_POLICY", "AWS_SNS_TOPIC_POLICY"


def embedded(name: str, entry: Mapping[str, Json], making: Making) -> Made:
    """The connectors that a resource carries itself."""
    given = entry.get("Connectors")
    for word, each in (given if isinstance(given, dict) else {}).items():
        said = each.get("Properties") if isinstance(each, dict) else None
        said = said if isinstance(said, dict) else {}
        more = said.get("SourceReference")
        source = {"Id": name, **(more if isinstance(more, dict) else {})}
        yield from connector(f"{name}{word}", entry, {**said, "Source": source}, making)


def connector(name: str, entry: Mapping[str, Json], given: Mapping[str, Json], making: Making) -> Made:
    heads = given.get("Destination")
    for at, head in enumerate(heads if isinstance(heads, list) else [heads]):
        end = f"Destination{at}" if isinstance(heads, list) else ""
        for each, body in _one(name, entry, _Ends(given.get("Source"), head, making), given.get("Permissions"), making):
            yield f"{each}{end}", body


def _one(name: str, entry: Mapping[str, Json], ends: _Ends, permissions: Json, making: Making) -> Made:
    known = facts()["connectors"].get(ends.kind("Source"), {}).get(ends.kind("Destination"))
    wanted = [str(each) for each in permissions] if isinstance(permissions, list) else []
    if known is None or not wanted or any(each not in known["access"] for each in wanted):
        ways = " to ".join(ends.kind(side) or "elsewhere" for side in ("Source", "Destination"))
        why = f"what a connector from {ways} permits"
        making.miss(name, f"{why} is not a supported type", ("AWS::IAM::Role", "AWS::Lambda::Permission"))
        doubt = Unresolved(f"{why} is not a supported type")
        yield f"{name}Policy", extra(entry, "AWS::IAM::ManagedPolicy", {"PolicyDocument": doubt, "Roles": doubt})
        return
    if known["kind"] == "AWS_LAMBDA_PERMISSION":
        for access in wanted:
            said = {"FunctionName": ends.arn("Destination"), **_with_ends(known["access"][access], ends)}
            yield f"{name}{access}LambdaPermission", extra(entry, "AWS::Lambda::Permission", said)
        return
    statements = [each for access in wanted for each in _with_ends(known["access"][access]["Statement"], ends)]
    said = {"PolicyDocument": document(*statements)}
    if known["kind"] == _QUEUES:
        yield f"{name}QueuePolicy", extra(entry, "AWS::SQS::QueuePolicy", {**said, "Queues": [ends.ref("Destination")]})
    elif known["kind"] == _TOPICS:
        yield f"{name}TopicPolicy", extra(entry, "AWS::SNS::TopicPolicy", {**said, "Topics": [ends.arn("Destination")]})
    else:
        holder = ends.role("Source" if known["of_source"] else "Destination")
        yield f"{name}Policy", extra(entry, "AWS::IAM::ManagedPolicy", {**said, "Roles": [holder]})


class _Ends:
    """Both ends of a connector: by the id of a resource, or in words (`Type`, `Arn`, `RoleName`)."""

    def __init__(self, source: Json, destination: Json, making: Making) -> None:
        said = {"Source": source, "Destination": destination}
        self._said = {side: each if isinstance(each, dict) else {} for side, each in said.items()}
        self._making = making

    def _id(self, side: str) -> str:
        return str(self._said[side].get("Id") or "")

    def kind(self, side: str) -> str:
        kind = self._making.kind(self._id(side)) or str(self._said[side].get("Type") or "")
        return _STANDS_FOR.get(kind, kind)

    def ref(self, side: str) -> Json:
        if self._id(side):
            return {"Ref": self._id(side)}
        return self._said[side].get("QueueUrl", Unresolved("it is elsewhere"))

    def arn(self, side: str) -> Json:
        if not self._id(side):
            return self._said[side].get("Arn", Unresolved("the connector gives no ARN"))
        return self.ref(side) if self.kind(side) in _BY_REF else attribute(self._id(side))

    def role(self, side: str) -> Json:
        """The name of the role that one end acts as."""
        if "RoleName" in self._said[side]:
            return self._said[side]["RoleName"]
        properties = self._making.properties(self._id(side))
        given = properties.get("Role", properties.get("RoleArn"))
        if given is None and self._making.kind(self._id(side)).startswith("AWS::Serverless::"):
            return {"Ref": f"{self._id(side)}Role"}
        named = given.get("Fn::GetAtt") if isinstance(given, dict) else None
        name = named[0] if isinstance(named, list) and named else str(named or "").partition(".")[0]
        return {"Ref": name} if name else Unresolved(f"the role of {self._id(side)} is not of this template")

    def value(self, side: str, what: str) -> Json:
        if what == "Arn":
            return self.arn(side)
        if what == "ResourceId" and self._id(side):
            return self.ref(side)
        return self._said[side].get(what, Unresolved(f"the connector does not give {side}.{what}"))


def _with_ends(node: Json, ends: _Ends) -> Json:
    if isinstance(node, list):
        return [_with_ends(each, ends) for each in node]
    if isinstance(node, dict):
        return {key: _with_ends(each, ends) for key, each in node.items()}
    if not isinstance(node, str) or not _HOLE.search(node):
        return node
    whole = _HOLE.fullmatch(node)
    if whole:
        return ends.value(whole[1], whole[2])
    holes = {side + what: ends.value(side, what) for side, what in _HOLE.findall(node)}
    return {"Fn::Sub": [_HOLE.sub(lambda found: "${" + found[1] + found[2] + "}", node), holes]}
