"""What an answer of AWS does not say although AWS always says it: not absent, unknown.

Which members AWS always answers with is decided row by row from its documentation (`Prop.absent`, `Prop.required`). An
answer without one tells nothing of the resource: an SDK older than the member drops it in silence, and a recording may
have been cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.aws.sdk import lacks
from auditor.model import Gap, Json, Prop, Resource, ResourceType, paths
from auditor.resources.normalise import live_path, names_in


def hidden(row: Prop, described: ResourceType) -> str:
    """Why an answer without the property tells nothing of it; empty where its absence has a meaning."""
    if row.absence == "unknown":
        return "which AWS always returns"
    call = row.call or described.list
    made_here = described.items and not row.call  # an item whose members a function of ours made
    if not made_here and lacks(call.service or described.service, call.operation, names_in(live_path(row))):
        return "which the installed version of botocore does not support"
    return ""


def lacking(row: Prop, value: Json) -> Iterator[str]:
    """The required members that a value lacks; of what is not set itself nothing is lacking."""
    for required in row.required:
        above, _, member = f"{row.name}.{required}".rpartition(".")
        for place, inside in paths.find({row.name: value}, above):
            if isinstance(inside, Mapping) and inside.get(member) is None:
                yield f"{place}.{member}"


def unsaid(
    resource: Resource, described: ResourceType, row: Prop, place: str, because: str = "which AWS always returns"
) -> Gap:
    """The gap over a place that the answer should have held. No permission cures it."""
    call = row.call or described.list
    service = call.service or described.service
    why = f"the answer to {service} {call.operation} lacks {place}{f', {because}' if because else ''}"
    return Gap(
        resource.account, resource.region, service, call.operation, "", "unsaid", (described.cfn,), why, resource.key
    )
