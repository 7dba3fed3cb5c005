"""X-Ray: moto takes segments alone. Groups and sampling rules are kept here, beside those that every region has."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects, shelf

_EVERY = dict.fromkeys(("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath"), "*")
_OFF = {"InsightsEnabled": False, "NotificationsEnabled": False}


def _arn(call: Call, kind: str, name: str) -> str:
    return f"arn:aws:xray:{call.region}:{call.account}:{kind}/{name}"


@corrects("xray", "CreateGroup")
def create_group(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params["GroupName"]
    given = {key: inner for key, inner in call.params.items() if key != "Tags"}
    insights = {"InsightsConfiguration": {**_OFF, **call.params.get("InsightsConfiguration", {})}}
    group = {**given, **insights, "GroupARN": _arn(call, "group", f"{name}/AGUGSGA7JCRRXPF5AQMD4WVN7Q")}
    shelf(call, "groups")[name] = group
    shelf(call, "tags")[group["GroupARN"]] = call.params.get("Tags", [])
    return {"Group": group}


@corrects("xray", "GetGroups")
def groups(call: Call, ask: Ask) -> dict[str, Any]:
    usual = {"GroupName": "Default", "GroupARN": _arn(call, "group", "Default"), "InsightsConfiguration": _OFF}
    return {"Groups": [usual, *shelf(call, "groups").values()]}


@corrects("xray", "CreateSamplingRule")
def create_rule(call: Call, ask: Ask) -> dict[str, Any]:
    said = call.params["SamplingRule"]
    rule = {"Attributes": {}, **_EVERY, **said, "RuleARN": _arn(call, "sampling-rule", said["RuleName"])}
    shelf(call, "rules")[said["RuleName"]] = rule
    shelf(call, "tags")[rule["RuleARN"]] = call.params.get("Tags", [])
    return {"SamplingRuleRecord": {"SamplingRule": rule}}


@corrects("xray", "GetSamplingRules")
def rules(call: Call, ask: Ask) -> dict[str, Any]:
    last = {"RuleName": "Default", "RuleARN": _arn(call, "sampling-rule", "Default"), "Attributes": {}, "Version": 1}
    usual = {**_EVERY, **last, "Priority": 10000, "FixedRate": 0.05, "ReservoirSize": 1}
    return {"SamplingRuleRecords": [{"SamplingRule": each} for each in (*shelf(call, "rules").values(), usual)]}


@corrects("xray", "ListTagsForResource")
def tags(call: Call, ask: Ask) -> dict[str, Any]:
    return {"Tags": shelf(call, "tags").get(call.params["ResourceARN"], [])}
