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


# Settings that every account has more than once: a contact of each kind.
ALWAYS = {"AWS::Account::AlternateContact": 3}


@pytest.mark.parametrize("cfn", load())
def test_an_empty_account_has_no_resource_and_no_gap(cfn):
    inventory = live.read(Told(), PLACE, {cfn: None}, load())
    assert inventory.gaps == []
    assert [each.type for each in inventory.resources if each.type == cfn] in ([], [cfn] * ALWAYS.get(cfn, 1))


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


GONE = Failure("NoSuchThing", "failed", "")


class Living(Told):
    """An account in which answers change: a list of answers to an operation is used up, its last one stays."""

    def _answer(self, request):
        answer = self.answers.get(request.operation, self.otherwise)
        if isinstance(answer, list):
            return answer.pop(0) if len(answer) > 1 else answer[0]
        return super()._answer(request)


def lock(*, gone=()):
    return lambda request: GONE if request.arguments["Name"] in gone else {"Lock": "shut"}


def test_what_vanishes_while_it_is_read_is_gone_and_no_gap():
    told = Living({"list_parents": [parents("a", "b"), parents("a")], "get_lock": lock(gone="b")})
    inventory = live.read(told, PLACE, {"T::S::Parent": None}, TYPES)
    assert ([each.id for each in inventory.resources], inventory.gaps) == (["a"], [])
    assert [each.operation for each in told.requests].count("list_parents") == 2


def test_what_vanishes_before_the_list_below_it_is_gone_with_it():
    child = lambda request: GONE if request.arguments["Parent"] == "b" else {"Text": "x"}  # noqa: E731
    told = Living({"list_parents": [parents("a", "b"), parents("a")], "get_child": child, "get_lock": lock()})
    inventory = live.read(told, PLACE, {"T::S::Child": None}, TYPES)
    assert ({each.id for each in inventory.resources}, inventory.gaps) == ({"a"}, [])


def test_what_is_still_listed_is_a_gap_and_asked_once_more():
    told = Living({"list_parents": parents("a", "b"), "get_lock": lock(gone="b")})
    inventory = live.read(told, PLACE, {"T::S::Parent": None}, TYPES)
    assert [each.id for each in inventory.resources] == ["a", "b"]
    assert [gap.subject for gap in inventory.gaps] == [inventory.resources[1].key]
    assert [each.operation for each in told.requests].count("list_parents") == 2


def test_what_comes_back_is_read():
    told = Living({"list_parents": parents("a"), "get_lock": [GONE, {"Lock": "shut"}]})
    (resource,) = live.read(told, PLACE, {"T::S::Parent": None}, TYPES).resources
    assert (resource.properties["Lock"], resource.unknown) == ("shut", {})


def test_a_second_list_that_fails_takes_nothing_away():
    told = Living({"list_parents": [parents("a", "b"), DENIED], "get_lock": lock(gone="b")})
    inventory = live.read(told, PLACE, {"T::S::Parent": None}, TYPES)
    assert [each.id for each in inventory.resources] == ["a", "b"]
    assert len(inventory.gaps) == 1


@pytest.mark.parametrize("denied", [DENIED, Failure("ResourceNotFoundException", "failed", "")])
@pytest.mark.parametrize("cfn", load())
def test_no_type_calls_what_is_still_listed_deleted(cfn, denied):
    """Whatever word a service has for "not there": as long as the list has it, it stays."""
    described = load()[cfn]
    if described.over or described.region:
        return
    first = described.list.out.split(".")[0].split("[")[0]
    item = {} if "{" in described.id else nested(described.id, "arn:aws:x:us-east-1:111122223333:thing/a")

    def answer(request):
        return {first: [item]} if request.operation == described.list.operation else denied

    before = live.read(Told(otherwise=answer), PLACE, {cfn: frozenset()}, load())
    after = live.read(Told(otherwise=answer), PLACE, {cfn: None}, load())
    assert {each.key for each in before.resources} == {each.key for each in after.resources}


def nested(path, value):
    for step in reversed(path.split(".")):
        value = {step: value}
    return value


ODD = [
    {"Parents": None},
    {"Parents": "text"},
    {"Parents": [None]},
    {"Parents": [["a"]]},
    {"Parents": 7},
    {"Parents": [1]},
]


@pytest.mark.parametrize("answer", ODD, ids=str)
def test_an_answer_of_another_shape_is_a_gap(answer):
    inventory = live.read(Told({"list_parents": answer}), PLACE, {"T::S::Parent": None}, TYPES)
    (gap,) = inventory.gaps
    assert (inventory.resources, gap.reason, gap.types) == ([], "failed", ("T::S::Parent",))
    assert "list_parents" in gap.message


@pytest.mark.parametrize("odd", [None, 7, "text", [None], {"a": None}], ids=str)
@pytest.mark.parametrize("cfn", load())
def test_no_member_of_another_shape_ends_a_run(cfn, odd):
    """Every answer holds the odd value wherever a type looks."""

    class Anything(dict):
        def get(self, name, default=None):
            return odd

        def __getitem__(self, name):
            return odd

        def __contains__(self, name):
            return True

    live.read(Told(otherwise=lambda request: Anything(x=odd)), PLACE, {cfn: None}, load())


def buckets(**more):
    return {"list_buckets": {"Buckets": [{"Name": "a", **more}]}}


@pytest.mark.parametrize(
    ("answer", "region"),
    [
        ({"LocationConstraint": "ap-northeast-2"}, "ap-northeast-2"),
        ({}, "us-east-1"),
        ({"LocationConstraint": None}, "us-east-1"),
        ({"LocationConstraint": "EU"}, "eu-west-1"),
    ],
)
def test_a_bucket_that_does_not_say_where_it_is_is_asked(answer, region):
    told = Told({**buckets(), "get_bucket_location": answer})
    inventory = live.read(told, PLACE, {"AWS::S3::Bucket": frozenset({"RegionalDomainName"})}, load())
    assert ([each.region for each in inventory.resources], inventory.gaps) == ([region], [])
    assert inventory.resources[0].at("RegionalDomainName") == f"a.s3.{region}.amazonaws.com"


def test_a_bucket_that_nobody_may_locate_is_in_no_region_that_was_asked_for():
    told = Told({**buckets(), "get_bucket_location": DENIED})
    inventory = live.read(told, PLACE, {"AWS::S3::Bucket": frozenset({"BucketName"})}, load())
    assert [each.region for each in inventory.resources] == ["unknown"]
    assert [(gap.permission, gap.subject) for gap in inventory.gaps] == [("s3:GetBucketLocation", "")]


def test_a_bucket_that_says_where_it_is_is_not_asked():
    told = Told(buckets(BucketRegion="eu-west-3"))
    live.read(told, PLACE, {"AWS::S3::Bucket": frozenset({"BucketName"})}, load())
    assert {each.operation for each in told.requests} == {"list_buckets"}


@pytest.mark.parametrize(
    ("partition", "home", "asked"),
    [("aws", "us-east-1", True), ("aws-us-gov", "us-gov-west-1", False), ("aws-cn", "cn-north-1", True)],
)
def test_a_service_that_a_partition_lacks_is_not_asked(partition, home, asked):
    told = Told()
    place = Place("111122223333", partition, home, (home,))
    inventory = live.read(told, place, {"AWS::CloudFront::Distribution": None, "AWS::S3::Bucket": None}, load())
    assert ("cloudfront" in {each.service for each in told.requests}) == asked
    assert "s3" in {each.service for each in told.requests}
    assert ("AWS::CloudFront::Distribution" in inventory.asked, inventory.gaps) == (True, [])
