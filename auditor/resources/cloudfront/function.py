"""A function that runs at the edge for viewers' requests and responses.

CloudFront keeps two stages of each function under one ARN. The list is asked without a stage and the
published one is kept where there are two: only that runs. Code and settings are changed together, with the
code's bytes, and then published; that is a deployment, not a remedy, so nothing here has a setter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import Call, Json, Prop, ResourceType
from auditor.resources.cloudfront import _code
from auditor.resources.cloudfront._live import unwrap
from auditor.resources.shapes import pick


def published(listed: Json) -> Iterable[Mapping[str, Json]]:
    """One item for each function: its live stage if it has one, else the one in development."""
    kept: dict[str, Mapping[str, Json]] = {}
    for item in listed:
        if item["Name"] not in kept or item["FunctionMetadata"].get("Stage") == "LIVE":
            kept[item["Name"]] = item
    return kept.values()


TYPE = ResourceType(
    cfn="AWS::CloudFront::Function",
    service="cloudfront",
    list=Call("list_functions", out="FunctionList.Items"),
    items=published,
    scope="global",
    id="Name",
    arn="FunctionMetadata.FunctionARN",
    name="Name",
    tags="",
    terraform=("aws_cloudfront_function",),
    props=(
        Prop("Name"),
        Prop("FunctionARN", live="FunctionMetadata.FunctionARN", tf="arn"),
        Prop("Stage", live="FunctionMetadata.Stage", absent="unknown", tf="-"),
        Prop("FunctionConfig", read=unwrap, absent="unknown", tf="@", tf_read=_code.function, tidy=_code.plain),
        Prop("FunctionMetadata", read=lambda value: pick(value, "FunctionARN"), absent="unknown", tf="-"),
    ),
)
