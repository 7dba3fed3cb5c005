"""ElastiCache: moto has no groups of users and no caches without nodes."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf


def _arn(call: Call, kind: str, name: str) -> str:
    return f"arn:aws:elasticache:{call.region}:{call.account}:{kind}:{name}"


@corrects("elasticache", "CreateUserGroup")
def create_group(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params["UserGroupId"]
    group = {
        "UserGroupId": name,
        "ARN": _arn(call, "usergroup", name),
        "Status": "active",
        "Engine": call.params["Engine"].lower(),
        "UserIds": list(call.params.get("UserIds", [])),
    }
    shelf(call, "user-groups")[name] = group
    return group


@corrects("elasticache", "DescribeUserGroups")
def groups(call: Call, ask: Ask) -> dict[str, Any]:
    wanted = call.params.get("UserGroupId")
    return {"UserGroups": [each for name, each in shelf(call, "user-groups").items() if wanted in (None, name)]}


@corrects("elasticache", "ModifyUserGroup")
def change_group(call: Call, ask: Ask) -> dict[str, Any]:
    group: dict[str, Any] | None = shelf(call, "user-groups").get(call.params["UserGroupId"])
    if group is None:
        raise Refusal("UserGroupNotFound", "The user group was not found.", 404)
    gone = call.params.get("UserIdsToRemove", [])
    group["UserIds"] = [each for each in group["UserIds"] if each not in gone] + call.params.get("UserIdsToAdd", [])
    return group


@corrects("elasticache", "CreateServerlessCache")
def create_serverless(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params["ServerlessCacheName"]
    host = f"{name}-abcdef.serverless.{call.region}.cache.amazonaws.com"
    cache = {
        "MajorEngineVersion": "7",
        "SecurityGroupIds": [],
        "SubnetIds": [],
        "SnapshotRetentionLimit": 0,
        **{key: inner for key, inner in call.params.items() if key != "Tags"},
        "ARN": _arn(call, "serverlesscache", name),
        "Status": "available",
        "Endpoint": {"Address": host, "Port": 6379},
        "ReaderEndpoint": {"Address": host, "Port": 6380},
    }
    shelf(call, "serverless")[name] = cache
    return {"ServerlessCache": cache}


@corrects("elasticache", "DescribeServerlessCaches")
def serverless(call: Call, ask: Ask) -> dict[str, Any]:
    wanted = call.params.get("ServerlessCacheName")
    return {"ServerlessCaches": [each for name, each in shelf(call, "serverless").items() if wanted in (None, name)]}


@corrects("elasticache", "ListTagsForResource")
def tags(call: Call, ask: Ask) -> dict[str, Any]:
    """Of what is kept here there are none."""
    name = call.params["ResourceName"]
    here = any(f":{kind}:" in name for kind in ("usergroup", "serverlesscache", "user"))
    return {"TagList": []} if here else ask(call)
