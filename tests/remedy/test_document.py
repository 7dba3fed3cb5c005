"""Documents: one place changed, everything else byte for byte."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from auditor.model import ABSENT, Call, Edit, Json, Prop
from auditor.remedy.document import place_in, with_place
from auditor.resources import load

EDIT = Edit(Call("get"), Call("put"), "@", renames={"AcmArn": "ACMArn"})


def _read(value: Json) -> Json:
    return [{"Id": each["id"], "On": each["on"]} for each in value] if value is not None else ABSENT


def _write(value: Json) -> Json:
    return [{"id": each["Id"], "on": each["On"]} for each in value]


PLAIN = Prop("Config", edit=EDIT)
TEXT = Prop("Time", default=60, edit=EDIT)
MAPPED = Prop("Things", edit=EDIT, read=_read, write=_write)
DOCUMENT = {
    "Config": {
        "Names": {"Quantity": 2, "Items": ["a", "b"]},
        "Behaviours": {"Quantity": 1, "Items": [{"Id": "x", "ACMArn": "1", "Secret": "s", "None": {"Quantity": 0}}]},
        "Odd": None,
    },
    "Things": [{"id": "a", "on": True, "extra": 1}, {"id": "b", "on": True, "extra": 2}],
    "Other": {"Quantity": 3},
}


def changed(*places: tuple[Any, ...]) -> Any:
    out = copy.deepcopy(DOCUMENT)
    for *path, value in places:
        inner: Any = out
        for key in path[:-1]:
            inner = inner[key]
        if value is ABSENT:
            del inner[path[-1]]
        else:
            inner[path[-1]] = value
    return out


CASES = [
    (PLAIN, "Config.Behaviours[Id=x].AcmArn", "2", [("Config", "Behaviours", "Items", 0, "ACMArn", "2")]),
    (PLAIN, "Config.Behaviours[Id=x].AcmArn", ABSENT, [("Config", "Behaviours", "Items", 0, "ACMArn", ABSENT)]),
    (PLAIN, "Config.Names", ["b"], [("Config", "Names", {"Quantity": 1, "Items": ["b"]})]),
    (PLAIN, "Config.Names", [], [("Config", "Names", {"Quantity": 0})]),
    (
        PLAIN,
        "Config.Behaviours[Id=x].None",
        ["n"],
        [("Config", "Behaviours", "Items", 0, "None", {"Quantity": 1, "Items": ["n"]})],
    ),
    (PLAIN, "Config.New.Deep", [1], [("Config", "New", {"Deep": {"Quantity": 1, "Items": [1]}})]),
    (TEXT, "Time", 300, [("Time", 300)]),
    (MAPPED, "Things[Id=b].On", False, [("Things", 1, "on", False)]),
    (MAPPED, "Things", [{"Id": "b", "On": True}], [("Things", DOCUMENT["Things"][1:])]),  # type: ignore[index]
]


@pytest.mark.parametrize(("row", "place", "value", "places"), CASES)
def test_only_the_place_changes_and_changes_back(row: Prop, place: str, value: Any, places: Any) -> None:
    before = place_in(DOCUMENT, row, place)
    after = with_place(DOCUMENT, row, place, value)
    assert after == changed(*places)
    assert place_in(after, row, place) == value
    if place != "Things" and before is not ABSENT and "New" not in place and row is not TEXT:
        assert with_place(after, row, place, before) == DOCUMENT


def test_a_default_is_what_an_absent_member_means() -> None:
    assert place_in({}, TEXT, "Time") == 60
    assert with_place({}, TEXT, "Time", 61) == {"Time": 61}


def test_a_real_distribution_keeps_what_nobody_models() -> None:
    row = load()["AWS::CloudFront::Distribution"].prop("DistributionConfig")
    assert row
    origin = {
        "Id": "assets",
        "DomainName": "b.s3.amazonaws.com",
        "OriginPath": "",
        "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": "X-Key", "HeaderValue": "secret"}]},
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "OriginAccessControlId": "",
        "ConnectionAttempts": 3,
        "FromNextYear": {"A": 1},
    }
    document = {
        "ETag": "E",
        "DistributionConfig": {
            "CallerReference": "ref",
            "Aliases": {"Quantity": 0},
            "Origins": {"Quantity": 2, "Items": [origin, {**origin, "Id": "other"}]},
            "DefaultCacheBehavior": {"TargetOriginId": "assets", "ViewerProtocolPolicy": "allow-all"},
            "Comment": "",
            "Enabled": True,
        },
    }
    place = "DistributionConfig.Origins[Id=assets].OriginAccessControlId"
    after = with_place(document, row, place, "E123")
    wanted = copy.deepcopy(document)
    wanted["DistributionConfig"]["Origins"]["Items"][0]["OriginAccessControlId"] = "E123"  # type: ignore[index]
    assert after == wanted
    assert with_place(after, row, place, ABSENT) == document


SORTED = Prop("Actions", same="set", edit=EDIT)


def test_a_list_that_reads_sorted_loses_the_element_that_was_meant() -> None:
    """The live order is AWS's: the canonical place of an element is not its live one."""
    document = {"Actions": ["c", "a", "b"]}
    assert with_place(document, SORTED, "Actions", ["b", "c"])["Actions"] == ["b", "c"]
    assert with_place(document, SORTED, "Actions", ["a", "b", "c", "d"])["Actions"] == ["a", "b", "c", "d"]
    named = {"Actions": [{"Name": "z", "more": 1}, {"Name": "a", "more": 2}]}
    assert with_place(named, SORTED, "Actions", [{"Name": "a", "more": 2}])["Actions"] == [{"Name": "a", "more": 2}]


def test_methods_of_a_distribution_are_those_that_were_meant() -> None:
    row = load()["AWS::CloudFront::Distribution"].prop("DistributionConfig")
    assert row is not None
    live = ["HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"]
    methods = {"Quantity": 7, "Items": live, "CachedMethods": {"Quantity": 2, "Items": ["HEAD", "GET"]}}
    behavior = {"TargetOriginId": "a", "ViewerProtocolPolicy": "allow-all", "AllowedMethods": methods}
    config = {"Origins": {"Quantity": 1, "Items": [{"Id": "a", "DomainName": "x"}]}, "DefaultCacheBehavior": behavior}
    place = "DistributionConfig.DefaultCacheBehavior.AllowedMethods"
    after = with_place({"DistributionConfig": config}, row, place, ["GET", "HEAD", "OPTIONS"])["DistributionConfig"]
    assert sorted(after["DefaultCacheBehavior"]["AllowedMethods"]["Items"]) == ["GET", "HEAD", "OPTIONS"]
    assert after["DefaultCacheBehavior"]["AllowedMethods"]["CachedMethods"] == methods["CachedMethods"]
