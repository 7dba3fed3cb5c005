"""The role that a function or state machine gets: policies by name, by document, and by the templates of SAM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.model import Json
from auditor.sources.cloudformation.sam.made import call, facts
from auditor.sources.cloudformation.texts import Unresolved


@dataclass(slots=True)
class Policies:
    """What is attached to a role and what is written into it, in the transform's order."""

    managed: list[Json] = field(default_factory=list)
    inline: list[Json] = field(default_factory=list)

    def attach(self, name: str) -> None:
        self.managed.append(aws_policy(name))


def aws_policy(name: str) -> Json:
    """The ARN of a policy of AWS by its name alone."""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{facts()['managed'].get(name, '')}{name}"}


def role(given: Mapping[str, Json], name: str, trusted: Json, policies: Policies, tags: list[Json]) -> dict[str, Json]:
    """The properties of a role. `given` is what the serverless resource says."""
    _sort_policies(given.get("Policies"), name, policies)
    arns: list[Json] = []
    for each in policies.managed:
        if each not in arns:
            arns.append(each)
    return {
        "AssumeRolePolicyDocument": given.get("AssumeRolePolicyDocument") or trusted,
        "ManagedPolicyArns": arns or None,
        "Policies": policies.inline or None,
        "Path": given.get("RolePath"),
        "PermissionsBoundary": given.get("PermissionsBoundary"),
        "Tags": tags or None,
    }


def _sort_policies(given: Json, name: str, policies: Policies) -> None:
    listed = given if isinstance(given, list) else [] if given is None else [given]
    for index, each in enumerate(listed):
        called = f"{name}Policy{index}"
        if isinstance(each, str):
            policies.managed.append(each if each.startswith("arn:") else aws_policy(each))
        elif isinstance(each, dict) and "Statement" in each:
            policies.inline.append({"PolicyName": called, "PolicyDocument": each})
        elif isinstance(each, dict) and call(each) and "Fn::If" not in each:
            policies.managed.append(each)
        elif isinstance(each, dict) and "Fn::If" in each:
            _chosen(each, called, policies)
        else:
            policies.inline.append(_template(each, called))


def _chosen(each: Mapping[str, Json], called: str, policies: Policies) -> None:
    """A policy under a condition: attached where both sides can be, else written where both sides can be."""
    parts = each["Fn::If"]
    sides = parts[1:] if isinstance(parts, list) and len(parts) == 3 else []
    if sides and all(isinstance(side, str) or call(side) for side in sides):
        policies.managed.append(each)
        return
    made = [
        side if call(side) and "Ref" in side
        else {"PolicyName": called, "PolicyDocument": side} if isinstance(side, dict) and "Statement" in side
        else _template(side, called)
        for side in sides
    ]  # fmt: skip
    policies.inline.append({"Fn::If": [parts[0], *made]} if made else Unresolved(f"{called} is not a policy"))


def _template(each: Json, called: str) -> Json:
    """A policy template of SAM with its parameters filled in."""
    name, given = next(iter(each.items())) if isinstance(each, dict) and len(each) == 1 else ("", None)
    known = facts()["policies"].get(name)
    if known is None:
        return Unresolved(f"there is no policy template {str(name)[:80]!r}")
    values = given if isinstance(given, dict) else {}
    absent = [parameter for parameter in known["parameters"] if parameter not in values]
    if absent:
        return Unresolved(f"the policy template {name} needs {absent[0]}")
    return {"PolicyName": called, "PolicyDocument": {"Statement": _with_parameters(known["statements"], values)}}


def _with_parameters(node: Json, values: Mapping[str, Json]) -> Json:
    if isinstance(node, list):
        return [_with_parameters(each, values) for each in node]
    if isinstance(node, dict):
        if len(node) == 1 and node.get("Ref") in values:
            return values[str(node["Ref"])]
        return {key: _with_parameters(each, values) for key, each in node.items()}
    return node
