"""Reading an account, through callers that answer as told: nothing there, denied, and the rounds of calls."""

import pytest

from auditor.aws.requests import Failure, Request
from auditor.model import Call, Prop, ResourceType
from auditor.resources import load
from auditor.sources import live
from auditor.sources.live import Place

PLACE = Place("111122223333", "aws", "us-east-1", ("ap-northeast-2",))
DENIED = Failure("AccessDenied", "denied", "not allowed")


class Told:
    """A caller that answers by operation and remembers every request."""

    def __init__(self, answers=None, otherwise=None):
        self.answers, self.otherwise, self.rounds = answers or {}, otherwise, []

    def ask(self, requests):
        asked = sorted(requests)
        self.rounds.append(asked)
        return {each: self._answer(each) for each in asked}

    def _answer(self, request):
        answer = self.answers.get(request.operation, self.otherwise)
        return answer(request) if callable(answer) else answer if answer is not None else {}

    @property
    def requests(self):
        return [request for asked in self.rounds for request in asked]


@pytest.mark.parametrize("cfn", load())
def test_an_empty_account_has_no_resource_and_no_gap(cfn):
    inventory = live.read(Told(), PLACE, {cfn: None}, load())
    assert inventory.gaps == []
    assert [each.type for each in inventory.resources if each.type == cfn] in ([], [cfn])


@pytest.mark.parametrize("cfn", load())
def test_a_denied_account_has_no_resource_and_names_the_permission(cfn):
    inventory = live.read(Told(otherwise=DENIED), PLACE, {cfn: None}, load())
    assert [each for each in inventory.resources if not each.unknown] == []
    hiding = [gap for gap in inventory.gaps if cfn in gap.types]
    assert hiding
    for gap in hiding:
        assert gap.reason == "denied"
        assert gap.permission.partition(":")[2], gap


BUCKET = ResourceType(
    cfn="T::S::Parent", service="s3", list=Call("list_parents", out="Parents"), id="Name", scope="global",
    props=(Prop("Name"), Prop("Lock", call=Call("get_lock", {"Name": "{id}"}, out="Lock", absent=("NoLock",)), default="open")),
)  # fmt: skip
POLICY = ResourceType(
    cfn="T::S::Child", service="s3", list=Call("get_child", {"Parent": "{parent.id}"}, absent=("NoChild",)),
    id="{parent.id}", over="T::S::Parent", props=(Prop("Text"),), scope="global",
)  # fmt: skip
TYPES = {each.cfn: each for each in (BUCKET, POLICY)}


@pytest.fixture(autouse=True)
def _permissions(monkeypatch):
    monkeypatch.setattr(live, "permission", lambda service, operation: f"{service}:{operation}")


def parents(*names):
    return {"Parents": [{"Name": name} for name in names]}


def test_children_are_asked_of_every_parent_and_absence_is_no_gap():
    def child(request):
        name = request.arguments["Parent"]
        return Failure("NoChild", "failed", "") if name == "b" else {"Text": name}

    told = Told({"list_parents": parents("a", "b"), "get_child": child})
    inventory = live.read(told, PLACE, {"T::S::Child": None}, TYPES)
    assert [(each.type, each.id) for each in inventory.resources if each.type == "T::S::Child"] == [
        ("T::S::Child", "a")
    ]
    assert inventory.gaps == []
    assert len(told.rounds) == 2


def test_details_are_asked_only_when_demanded():
    told = Told({"list_parents": parents("a")})
    live.read(told, PLACE, {"T::S::Parent": frozenset({"Name"})}, TYPES)
    assert [each.operation for each in told.requests] == ["list_parents"]


@pytest.mark.parametrize(
    ("reply", "known", "unknown"),
    [({"Lock": "shut"}, "shut", ()), (Failure("NoLock", "failed", ""), "open", ()), (DENIED, None, ("Lock",))],
)
def test_a_detail_is_told_not_set_or_not_seen(reply, known, unknown):
    told = Told({"list_parents": parents("a"), "get_lock": reply})
    (resource,) = live.read(told, PLACE, {"T::S::Parent": None}, TYPES).resources
    assert resource.properties.get("Lock") == known
    assert tuple(resource.unknown) == unknown


def test_a_denied_list_hides_the_children_too():
    inventory = live.read(Told({"list_parents": DENIED}), PLACE, {"T::S::Child": None}, TYPES)
    (gap,) = inventory.gaps
    assert gap.types == ("T::S::Child", "T::S::Parent")


def test_equal_requests_of_two_types_are_one_call():
    twin = ResourceType(
        cfn="T::S::Twin", service="s3", list=BUCKET.list, id="Name", scope="global", props=(Prop("Name"),)
    )
    told = Told({"list_parents": parents("a")})
    live.read(told, PLACE, dict.fromkeys(["T::S::Twin", "T::S::Parent"], frozenset()), {**TYPES, twin.cfn: twin})
    assert [each.operation for each in told.requests] == ["list_parents"]


def test_requests_are_equal_whatever_the_order_of_their_parameters():
    one = Request.of("1", "r", "s", "op", {"a": 1, "b": [2]})
    assert one == Request.of("1", "r", "s", "op", {"b": [2], "a": 1})
    assert one.arguments == {"a": 1, "b": [2]}


@pytest.mark.parametrize("cfn", load())
def test_no_call_is_made_twice(cfn):
    told = Told()
    live.read(told, PLACE, {cfn: None}, load())
    assert len(told.requests) == len(set(told.requests))
