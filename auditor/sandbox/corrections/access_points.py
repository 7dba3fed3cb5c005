"""Access points of S3: moto puts all of them into us-east-1, and tells them in every region."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects, shelf


def _at_home(call: Call, told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "AccessPointArn": str(told["AccessPointArn"]).replace(":us-east-1:", f":{call.region}:")}


@corrects("s3control", "CreateAccessPoint")
def create(call: Call, ask: Ask) -> dict[str, Any]:
    shelf(call, "access-points")[call.params["Name"]] = True
    return _at_home(call, ask(call))


@corrects("s3control", "GetAccessPoint")
def one(call: Call, ask: Ask) -> dict[str, Any]:
    return _at_home(call, ask(call))


@corrects("s3control", "ListAccessPoints")
def listed(call: Call, ask: Ask) -> dict[str, Any]:
    here = shelf(call, "access-points")
    return {"AccessPointList": [_at_home(call, each) for each in ask(call)["AccessPointList"] if each["Name"] in here]}
