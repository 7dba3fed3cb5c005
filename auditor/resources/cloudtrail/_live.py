"""Event selectors in the one spelling that is compared."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.terraform import many, shaped, wanted

_CFN = "AWS::CloudTrail::Trail"
_USUAL: Mapping[str, Json] = {"ReadWriteType": "All", "IncludeManagementEvents": True}


def selectors(value: Json) -> Json:
    """What is recorded, with AWS's choices said; the selector that AWS gives every trail says nothing."""
    said = [
        {key: each for key, each in inner.items() if each not in (None, [])}
        for inner in _shaped(value, "EventSelectors")
    ]
    found = [{**_USUAL, **each} for each in said]
    return [] if found == [_USUAL] else found


def advanced(value: Json) -> Json:
    return [
        {
            **({"Name": each["Name"]} if each.get("Name") else {}),
            "FieldSelectors": sorted(
                (
                    {key: inner for key, inner in one.items() if inner not in (None, [])}
                    for one in each.get("FieldSelectors") or ()
                ),
                key=lambda one: str(one.get("Field")),
            ),
        }
        for each in _shaped(value, "AdvancedEventSelectors")
    ]


def _shaped(value: Json, name: str) -> list[Mapping[str, Json]]:
    singular = {"event_selector": name, "data_resource": "DataResources", "field_selector": "FieldSelectors"}
    return shaped(many(value), wanted(_CFN, name), singular) or []
