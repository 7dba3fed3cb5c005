"""What code declares and nobody here describes: not looked at, and so counted, that a clean gate claims no more than it
saw. Of some of it more is known: it makes other resources, from what stands elsewhere, and so may hide any."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from auditor.model import Gap, ResourceType
from auditor.sources.block import Block
from auditor.sources.references import index_of

_DATA = re.compile(r"(module\.[^.\[]+(\[[^\]]*\])?\.)*data\.")
_OF_AWS = re.compile(r"(AWS|Custom)::|aws(cc)?_")
# Metadata of a tool, and the parts of templates that are read as templates.
_NOTHING = re.compile(r"AWS::(CDK::Metadata|CloudFormation::(Stack|WaitCondition(Handle)?|Macro)|Serverless::.*)$")
# Templates that are not nested in one that is read, modules of a registry, products of a catalogue.
_MAKERS = re.compile(
    r".*::MODULE|AWS::CloudFormation::StackSet|AWS::ServiceCatalog::CloudFormationProvisionedProduct"
    r"|aws_cloudformation_stack(_set)?|aws_servicecatalog_provisioned_product"
    r"|aws_serverlessapplicationrepository_cloudformation_stack"
)
_BY_TYPE = "aws_cloudcontrolapi_resource"


def makers(blocks: Iterable[Block], types: Mapping[str, ResourceType]) -> Iterator[Gap]:
    """A gap for each block that makes resources which are not read: over any type, or the one that it names."""
    for each in blocks:
        # As Terraform spells what is described.
        kind = each.address.removesuffix(index_of(each.address)).rpartition(".")[0].rpartition(".")[2]
        if (_MAKERS.fullmatch(each.type) or _MAKERS.fullmatch(kind)) and not _DATA.match(each.address):
            why = f"{each.origin}: {each.address} makes resources from what is not read here"
            yield Gap("", "", "", each.origin, "", "unresolved", tuple(types), why)
        elif each.type == _BY_TYPE and not _DATA.match(each.address):
            why = f"{each.origin}: {each.address} makes resources from what is not read here"
            if hidden := _named(each.values.get("type_name"), types):
                yield Gap("", "", "", each.origin, "", "unresolved", hidden, why)
        elif each.type.startswith("awscc_") and not _DATA.match(each.address):
            hidden = tuple(cfn for cfn, described in types.items() if each.type in _of_cloud_control(described))
            why = f"{each.origin}: {each.address} is of the provider awscc, which is not read here; pass it as aws_*"
            if hidden:
                yield Gap("", "", "", each.origin, "", "unresolved", hidden, why)


def _named(kind: object, types: Mapping[str, ResourceType]) -> tuple[str, ...]:
    """The types that a resource of CloudFormation's type is or adds to; all of them where the type is not known."""
    if not isinstance(kind, str) or "$" in kind or "::MODULE" in kind or kind.startswith("AWS::CloudFormation::"):
        return tuple(types)
    return tuple(cfn for cfn, each in types.items() if kind in (cfn, *each.folds, *(join.fold for join in each.joins)))


def _of_cloud_control(described: ResourceType) -> set[str]:
    """What the provider awscc calls a type and its parts: as CloudFormation does, in snake case."""
    names = (described.cfn, *described.folds, *(join.fold for join in described.joins))
    return {_snake(each) for each in names if each.startswith("AWS::")}


def _snake(cfn: str) -> str:
    _, service, noun = cfn.split("::", 2)
    return f"awscc_{service.lower()}_{re.sub(r'(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '_', noun).lower()}"


def not_described(blocks: Iterable[Block], types: Mapping[str, ResourceType]) -> Counter[str]:
    """What code declares of AWS and nobody here describes. Folds are described with their owners; data sources, and
    what is nothing in an account, declare nothing."""
    known = {fold for each in types.values() for fold in (*each.folds, *(join.fold for join in each.joins))} | {*types}
    return Counter(
        each.type
        for each in blocks
        if _OF_AWS.match(each.type)
        and each.type not in known
        and not _NOTHING.match(each.type)
        and not _DATA.match(each.address)
    )
