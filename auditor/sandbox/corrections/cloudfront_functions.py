"""CloudFront Functions: moto knows one stage and cannot publish; AWS has DEVELOPMENT and, once published, LIVE.

Only a published function runs, so only the LIVE stage tells what viewers meet.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf
from auditor.sandbox.corrections._cloudfront import counted, match, new_etag


def stages(call: Call) -> dict[str, Any]:
    """Stage -> function, of the function the call names."""
    name = call.params["Name"]
    if name not in shelf(call, "functions"):
        raise Refusal("NoSuchFunctionExists", "The function does not exist.", 404)
    found: dict[str, Any] = shelf(call, "functions")[name]
    return found


def staged(call: Call) -> dict[str, Any]:
    stage = call.params.get("Stage") or "DEVELOPMENT"
    found = stages(call).get(stage)
    if found is None:
        raise Refusal("NoSuchFunctionExists", f"The function does not exist in stage {stage}.", 404)
    function: dict[str, Any] = found
    return function


def function(call: Call, stage: str, status: str, config: dict[str, Any], code: bytes) -> dict[str, Any]:
    now = datetime.now(UTC).replace(microsecond=0)
    name = call.params["Name"]
    return {
        "etag": new_etag(),
        "code": code,
        "summary": {
            "Name": name,
            "Status": status,
            "FunctionConfig": config,
            "FunctionMetadata": {
                "FunctionARN": f"arn:aws:cloudfront::{call.account}:function/{name}",
                "Stage": stage,
                "CreatedTime": now,
                "LastModifiedTime": now,
            },
        },
    }


@corrects("cloudfront", "CreateFunction")
def create(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params["Name"]
    if name in shelf(call, "functions"):
        raise Refusal("FunctionAlreadyExists", "A function with the same name already exists.", 409)
    ask(call)  # moto keeps the tags
    new = function(call, "DEVELOPMENT", "UNPUBLISHED", call.params["FunctionConfig"], call.params["FunctionCode"])
    shelf(call, "functions")[name] = {"DEVELOPMENT": new}
    return {"FunctionSummary": new["summary"], "ETag": new["etag"]}


@corrects("cloudfront", "UpdateFunction")
def update(call: Call, ask: Ask) -> dict[str, Any]:
    found = stages(call)
    match(call, found["DEVELOPMENT"]["etag"])
    status = "UNASSOCIATED" if "LIVE" in found else "UNPUBLISHED"
    new = function(call, "DEVELOPMENT", status, call.params["FunctionConfig"], call.params["FunctionCode"])
    found["DEVELOPMENT"] = new
    return {"FunctionSummary": new["summary"], "ETag": new["etag"]}


@corrects("cloudfront", "PublishFunction")
def publish(call: Call, ask: Ask) -> dict[str, Any]:
    found = stages(call)
    draft = found["DEVELOPMENT"]
    match(call, draft["etag"])
    draft["summary"]["Status"] = "UNASSOCIATED"
    config = draft["summary"]["FunctionConfig"]
    found["LIVE"] = function(call, "LIVE", "UNASSOCIATED", config, draft["code"])
    return {"FunctionSummary": found["LIVE"]["summary"]}


@corrects("cloudfront", "DescribeFunction")
def describe(call: Call, ask: Ask) -> dict[str, Any]:
    found = staged(call)
    return {"FunctionSummary": found["summary"], "ETag": found["etag"]}


@corrects("cloudfront", "GetFunction")
def get(call: Call, ask: Ask) -> dict[str, Any]:
    found = staged(call)
    return {"FunctionCode": found["code"], "ETag": found["etag"], "ContentType": "application/octet-stream"}


@corrects("cloudfront", "ListFunctions")
def list_all(call: Call, ask: Ask) -> dict[str, Any]:
    wanted = call.params.get("Stage")
    items = [
        found["summary"]
        for found_stages in shelf(call, "functions").values()
        for stage, found in found_stages.items()
        if wanted in (None, stage)
    ]
    return {"FunctionList": {"MaxItems": 100} | counted(items)}


@corrects("cloudfront", "DeleteFunction")
def delete(call: Call, ask: Ask) -> None:
    match(call, stages(call)["DEVELOPMENT"]["etag"])
    from auditor.sandbox.corrections._cloudfront import behaviors

    suffix = f":function/{call.params['Name']}"
    for kept in shelf(call, "distributions").values():
        for behavior in behaviors(kept["config"]):
            for associated in behavior["FunctionAssociations"].get("Items", []):
                if associated["FunctionARN"].endswith(suffix):
                    raise Refusal("FunctionInUse", "Cannot delete the function, it is in use.", 409)
    del shelf(call, "functions")[call.params["Name"]]
    from moto.cloudfront.models import cloudfront_backends

    cloudfront_backends[call.account]["aws"].functions.pop(call.params["Name"], None)
