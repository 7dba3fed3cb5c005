"""What a template says of one resource in another, brought into the form that `joins` of the types lay together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import Json, ResourceType
from auditor.resources.normalise import read
from auditor.sources.block import ODD
from auditor.sources.declared import Block

POLICY = "AWS::IAM::ManagedPolicy"
ATTACHMENT = (
    "AWS::IAM::ManagedPolicyAttachment"  # no type of CloudFormation: a managed policy names its principals itself
)
GROUP = "AWS::EC2::SecurityGroup"
_RULES = ("SecurityGroupIngress", "SecurityGroupEgress")
_HOLDERS = ("Roles", "Users", "Groups")


def parts(block: Block, types: Mapping[str, ResourceType]) -> Iterator[Block]:
    """The block, and the folds that its own properties are."""
    if block.type == GROUP:
        _rules(block, types[GROUP])
    yield block
    named: dict[str, Json] = {key: block.values[key] for key in _HOLDERS if key in block.values}
    hidden = {key: block.unknown[key] for key in _HOLDERS if key in block.unknown}
    if block.type == POLICY and (named or hidden):
        values: dict[str, Json] = {**named, "PolicyArn": "${" + block.address + "}"}
        yield Block(ATTACHMENT, block.address, values, block.origin, unknown=hidden)


def _rules(block: Block, described: ResourceType) -> None:
    """Rules in their one form; without egress of its own a group keeps AWS's open rule beside those declared apart."""
    for row in described.props:
        name, given = row.name, block.values.get(row.name)
        if name not in _RULES or not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            continue
        try:
            block.values[name] = read(row, given)
        except ODD as error:
            del block.values[name]
            block.unknown[name] = f"not understood: {error}"
    egress = described.prop("SecurityGroupEgress")
    if egress and not block.values.get(egress.name) and egress.name not in block.unknown:
        block.values[egress.name] = list(egress.default)
