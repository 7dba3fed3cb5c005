"""Drift that went without a word: each is told now, of the part that drifted, and nothing else is."""

import copy
import dataclasses

import pytest

from auditor.checks.agreed import drift_of_all
from auditor.checks.baselines import load_baselines
from auditor.checks.binding import bind
from auditor.checks.yaml import DefinitionError
from auditor.graph.build import build
from auditor.model import Resource
from auditor.settings import data_dir


def judged(account, inventory):
    graph = build(inventory, account.types)
    bound = bind(account.baseline, graph)
    return bound, drift_of_all(account.baseline, bound, graph)


def edited(account, name, change):
    """The account with the properties of one resource changed."""
    resources = [copy.deepcopy(each) for each in account.inventory.resources]
    change(next(each for each in resources if each.name == name).properties)
    return dataclasses.replace(account.inventory, resources=resources)


def told(drift):
    return {(found.check, found.resource.name) for found in drift.findings if found.verdict == "broken"}


def _mute(properties):
    properties.update(AlarmActions=[], OKActions=[])


def _disable(properties):
    properties.update(ActionsEnabled=False)


ALARMS = {
    "the only alarm of the cleanup notifies nobody": (
        "cuggu-prod-ExpireInvitationsErrors", _mute, {"cuggu/link/alarm-topic", "cuggu/cleanup/watched"}
    ),
    "one of two alarms of the server notifies nobody": ("cuggu-prod-WebServerErrors", _mute, {"cuggu/link/alarm-topic"}),
    "an alarm of the database notifies nobody": ("cuggu-prod-MainPgCpu", _mute, {"cuggu/link/alarm-topic"}),
    "the only alarm of the cleanup is disabled": (
        "cuggu-prod-ExpireInvitationsErrors", _disable, {"cuggu/alarm/armed", "cuggu/cleanup/watched"}
    ),
    "an alarm of the database is disabled": ("cuggu-prod-MainPgCpu", _disable, {"cuggu/alarm/armed"}),
}  # fmt: skip


@pytest.mark.parametrize("case", ALARMS)
def test_an_alarm_that_no_longer_notifies_is_told(account, case):
    name, change, wanted = ALARMS[case]
    bound, drift = judged(account, edited(account, name, change))
    assert name in {each.name for each in bound.of("alarm")}
    assert {check for check, _ in told(drift)} == wanted
    assert {who for check, who in told(drift) if "/alarm" in check} == {name}


def test_an_alarm_that_notifies_a_topic_of_its_own_is_a_lost_link(account):
    """Nothing else uses the other topic, so the alarm is still the system's; one that others use makes it theirs."""
    topic = next(each for each in account.inventory.resources if each.type == "AWS::SNS::Topic")
    other = dataclasses.replace(topic, id=topic.id + "2", arn=topic.arn + "2", name=topic.name + "2")
    there = edited(
        account, "cuggu-prod-ExpireInvitationsErrors", lambda properties: properties.update(AlarmActions=[other.arn])
    )
    for each in there.resources:
        if each.name == "cuggu-prod-ExpireInvitationsErrors":
            each.properties["OKActions"] = [other.arn]
    _, drift = judged(account, dataclasses.replace(there, resources=[*there.resources, other]))
    assert told(drift) == {("cuggu/link/alarm-topic", "cuggu-prod-ExpireInvitationsErrors")}


def _route_to(origin, keep_functions):
    def change(properties):
        config = properties["DistributionConfig"]
        for behavior in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
            behavior["TargetOriginId"] = origin
            if not keep_functions:
                behavior.pop("FunctionAssociations", None)

    return change


def _cdn(account):
    return next(each for each in account.inventory.resources if each.key in account.truth["cdn"]).name


def verdicts(drift):
    return {each.id: each for each in drift.promises}


def test_an_origin_that_no_behaviour_leads_to_is_not_drawn_from(account):
    _, drift = judged(account, edited(account, _cdn(account), _route_to("server", keep_functions=False)))
    found = verdicts(drift)
    assert found["link/cdn-static"].verdict == "broken"
    assert found["link/cdn-image-optimizer"].verdict == "broken"
    assert "no behaviour" in found["link/cdn-static"].reason
    assert found["link/cdn-server"].verdict == "kept"


def test_where_a_function_may_choose_the_origin_it_is_unknown(account):
    _, drift = judged(account, edited(account, _cdn(account), _route_to("server", keep_functions=True)))
    found = verdicts(drift)["link/cdn-static"]
    assert found.verdict == "unknown"
    assert "lies in its code" in found.reason


def test_an_origin_in_a_group_is_drawn_from(account):
    def grouped(properties):
        config = properties["DistributionConfig"]
        members = {"Items": [{"OriginId": "server"}, {"OriginId": "s3"}]}
        config["OriginGroups"] = {"Items": [{"Id": "both", "Members": members}]}
        for behavior in config["CacheBehaviors"]:
            if behavior["TargetOriginId"] == "s3":
                behavior["TargetOriginId"] = "both"

    _, drift = judged(account, edited(account, _cdn(account), grouped))
    assert verdicts(drift)["link/cdn-static"].verdict == "kept"


@pytest.mark.parametrize("more", [False, True], ids=["logs alone", "also read by a part"])
def test_a_bucket_that_only_receives_access_logs_is_no_undeclared_extra(account, more):
    region, number = "ap-northeast-2", account.inventory.accounts[0]
    logs = Resource(
        "AWS::S3::Bucket", "the-logs", number, region, "arn:aws:s3:::the-logs", "the-logs",
        properties={"BucketName": "the-logs"}, names=("the-logs.s3.amazonaws.com",),
    )  # fmt: skip

    def logging(properties):
        properties["DistributionConfig"]["Logging"] = {"Enabled": True, "Bucket": "the-logs.s3.amazonaws.com"}
        if more:
            origin = {"Id": "logs", "DomainName": "the-logs.s3.amazonaws.com"}
            properties["DistributionConfig"]["Origins"] = [*properties["DistributionConfig"]["Origins"], origin]

    there = edited(account, _cdn(account), logging)
    _, drift = judged(account, dataclasses.replace(there, resources=[*there.resources, logs]))
    extras = {found.resource.name for found in drift.findings if found.kind == "extra"}
    assert extras == ({"the-logs"} if more else set())


def test_a_baseline_that_is_named_twice_counts_once(tmp_path):
    built_in = data_dir("baselines") / "cuggu.yaml"
    assert [each.id for each in load_baselines(["cuggu", "cuggu", str(built_in)])] == ["cuggu"]
    other = tmp_path / "cuggu.yaml"
    other.write_text(built_in.read_text(encoding="utf-8").replace("Cuggu on AWS", "Another"), encoding="utf-8")
    with pytest.raises(DefinitionError, match="two baselines are called"):
        load_baselines(["cuggu", str(other)])
