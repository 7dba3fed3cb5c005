"""What the corrections of CloudFront share: counted lists, behaviors, and the ETag that each reading has."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call, Refusal


def counted(items: list[Any]) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": items} if items else {"Quantity": 0}


def behaviors(config: dict[str, Any]) -> list[dict[str, Any]]:
    return [config["DefaultCacheBehavior"], *config["CacheBehaviors"].get("Items", [])]


def new_etag() -> str:
    from moto.moto_api._internal import mock_random

    return "E" + str(mock_random.get_random_string(13)).upper()


def match(call: Call, etag: str) -> None:
    """AWS changes nothing without the ETag of the latest reading."""
    given = call.params.get("IfMatch")
    if not given:
        raise Refusal("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if given != etag:
        raise Refusal("PreconditionFailed", "The request failed because it didn't meet the preconditions.", 412)
