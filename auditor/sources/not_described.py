"""What code declares and nobody here describes: not looked at, and so counted, that a clean gate claims no more than it
saw."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from auditor.model import ResourceType
from auditor.sources.block import Block

_DATA = re.compile(r"(module\.[^.\[]+(\[[^\]]*\])?\.)*data\.")
_OF_AWS = re.compile(r"(AWS|Custom)::|aws(cc)?_")
# Metadata of a tool, and the parts of templates that are read as templates.
_NOTHING = re.compile(r"AWS::(CDK::Metadata|CloudFormation::(Stack|WaitCondition(Handle)?|Macro)|Serverless::.*)$")


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
