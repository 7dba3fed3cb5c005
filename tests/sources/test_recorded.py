"""Real answers of AWS that others recorded, through our rows: nothing raises, nothing is lost, errors become gaps."""

import dataclasses
import datetime as dt
import re
from collections import defaultdict

import pytest

from auditor.aws.requests import Failure
from auditor.model import Call
from auditor.resources import load
from auditor.resources.normalise import search
from auditor.sources import live
from auditor.sources.live import Place
from tests.graph.access.truths import truth

RECORDED = truth("recorded/c7n_sample.json")
PLACE = Place("111122223333", "aws", "us-east-1", ("us-east-1",))
# boto3's name of a service -> the prefix of its endpoint, under which the recordings keep it.
PREFIX = {
    "cloudwatch": "monitoring",
    "s3control": "s3-control",
    "elbv2": "elasticloadbalancing",
    "efs": "elasticfilesystem",
}


def _snake(operation):
    text = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", operation)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text).lower()


def _plain(value):
    """Dates as our caller hands them on: ISO text."""
    if isinstance(value, dict):
        if value.get("__class__") == "datetime":
            parts = {name: number for name, number in value.items() if name != "__class__"}
            return dt.datetime(**parts, tzinfo=dt.UTC).isoformat()
        return {key: _plain(each) for key, each in value.items() if key != "ResponseMetadata"}
    return [_plain(each) for each in value] if isinstance(value, list) else value


ANSWERS = defaultdict(list)
for entry in RECORDED:
    ANSWERS[entry["service"], _snake(entry["op"])].append(entry)


def _reply(entry):
    error = entry["data"].get("Error") if entry["status"] >= 400 else None
    if error:
        return Failure(
            error.get("Code", str(entry["status"])),
            "denied" if entry["status"] == 403 else "failed",
            error.get("Message", ""),
        )
    return _plain(entry["data"])


def _recorded(described, call):
    service = call.service or described.service
    return ANSWERS.get((PREFIX.get(service, service), call.operation), [])


def _lists():
    for cfn, described in load().items():
        for entry in _recorded(described, described.list):
            yield pytest.param(described, entry, id=f"{cfn}-{entry['origin']}")


def _details():
    for cfn, described in load().items():
        calls = {row.call.operation: row.call for row in described.props if row.call}
        calls |= {described.tags_call.operation: described.tags_call} if described.tags_call else {}
        # What is asked of a parent cannot be asked here: a recording of one call has none.
        for call in (each for each in calls.values() if "{parent." not in str(each.params)):
            for entry in _recorded(described, call):
                yield pytest.param(described, call, entry, id=f"{cfn}-{entry['origin']}")


class Told:
    """Answers one operation with the recording, and every other with nothing."""

    def __init__(self, answers):
        self.answers = answers

    def ask(self, requests):
        return {each: self.answers.get(each.operation, {}) for each in requests}


def _read(described, answers):
    """The resources of one type, and the gaps; a parent that its list is asked of is one thing called x."""
    types = {described.cfn: described}
    if described.over:
        types[described.over] = dataclasses.replace(_single(load()[described.over], "recorded_parent"), props=())
    parent = {"Items": [dict.fromkeys(re.findall(r"parent\.(\w+)", str(described)), "x")]}
    inventory = live.read(Told({"recorded_parent": parent, **answers}), PLACE, {described.cfn: None}, types)
    return [each for each in inventory.resources if each.type == described.cfn], inventory.gaps


def _single(described, operation):
    """The type, listed as one item x."""
    call = Call(operation, out="Items")
    return dataclasses.replace(
        described,
        list=call,
        over="",
        id="'x'",
        arn="'arn:x'",
        name="'x'",
        items=None,
        region="",
        tags_call=None,
        names=(),
        aws_made="",
    )


def _items(described, reply):
    found = search(described.list.out, reply)
    raws = described.items(found) if described.items and found is not None else found or []
    return [raws] if isinstance(raws, dict) else list(raws)


@pytest.mark.parametrize(("described", "entry"), list(_lists()))
def test_a_list_loses_no_resource(described, entry):
    reply = _reply(entry)
    resources, gaps = _read(described, {described.list.operation: reply})
    mine = [gap for gap in gaps if gap.operation == described.list.operation]
    if isinstance(reply, Failure):
        assert resources == []
        assert [gap.reason for gap in mine] == ([] if reply.code in described.list.absent else [reply.reason])
        return
    # One recording has dots in the place of a policy; that is no document, and said to be none.
    assert [gap for gap in mine if not ("{...}" in str(reply) and "is no JSON object" in gap.message)] == []
    assert len(resources) == len(_items(described, reply))
    _sane(resources, described)


@pytest.mark.parametrize(("described", "call", "entry"), list(_details()))
def test_a_detail_is_told_or_is_a_gap(described, call, entry):
    reply = _reply(entry)
    kind = dataclasses.replace(_single(described, "recorded_item"), tags_call=described.tags_call)
    names = [*re.findall(r"raw\.(\w+)", str(described)), described.id, "Name", "FunctionName"]
    resources, gaps = _read(kind, {"recorded_item": {"Items": [dict.fromkeys(names, "x")]}, call.operation: reply})
    (resource,) = resources
    rows = [row.name for row in described.props if row.call and row.call.operation == call.operation]
    hidden = {name for name in (*rows, "Tags") if name in resource.unknown}
    mine = [gap for gap in gaps if gap.operation == call.operation]
    if isinstance(reply, Failure) and reply.code not in call.absent:
        assert {gap.reason for gap in mine} == {reply.reason}
        assert hidden
    else:
        assert mine == []
        assert all(resource.unknown[name].reason == "unsaid" for name in hidden)
        assert "Tags" not in hidden
    _sane(resources, described)


def _sane(resources, described):
    """No property but those described, and none of them both known and hidden."""
    names = {row.name for row in described.props}
    for resource in resources:
        assert set(resource.properties) <= names
        assert not set(resource.properties) & set(resource.unknown)
        assert resource.id


def test_there_is_something_to_replay():
    assert sum(1 for _ in _lists()) > 300
    assert sum(1 for _ in _details()) > 200
