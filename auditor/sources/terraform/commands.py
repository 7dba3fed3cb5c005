"""Commands of AWS that code runs when it is applied: what they make or change stands in no resource.

They hide no verdict about what code declares, and so are told as a line of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.model import Gap
from auditor.sources.terraform.text import IN_HCL, attributes, blocks, inside

# `aws SERVICE COMMAND`, at the beginning of a command or behind what leads to it.
_OF_AWS = re.compile(r"(?:^|[\s;&|\"'`(=/])aws\s+(?:--?\w[\w-]*(?:[ =]\S+)?\s+)*([a-z][a-z0-9-]*)\s+([a-z][a-z0-9-]*)")
_READS = re.compile(r"(?:get|describe|list|wait|ls|help)(?:-|$)")
_SHOWN = 3


def commands(texts: Mapping[str, str]) -> Iterator[Gap]:
    """A line for each resource with provisioners that run such commands on the machine that applies the code."""
    for file, text in texts.items():
        if not file.endswith(IN_HCL) or "local-exec" not in text:
            continue
        for head in blocks(text):
            if head.kind != "resource" or len(head.labels) != 2:
                continue
            own = [each for each in inside(head.source, head.line) if each.labels == ("local-exec",)]
            local = [attributes(each.source, each.line).get("command") for each in own]
            found = [pair for said in local if said for pair in _OF_AWS.findall(said.text)]
            named = list(dict.fromkeys(" ".join(("aws", *pair)) for pair in found if not _READS.match(pair[1])))
            if named:
                more = f" and {len(named) - _SHOWN} more" if named[_SHOWN:] else ""
                what = f"{', '.join(f'`{each}`' for each in named[:_SHOWN])}{more}"
                place = f"{file}:{head.line}"
                why = (
                    f"{place}: {'.'.join(head.labels)} runs {what} when it is applied, and what that does is not judged"
                )
                yield Gap("", "", "", place, "", "unresolved", (), why)
