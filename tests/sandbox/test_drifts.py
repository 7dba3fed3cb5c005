"""The eight drifts of the demo: each can be read back, and none touches what another changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from auditor.sandbox.built import Built
from auditor.sandbox.drifts import DRIFTS
from auditor.sandbox.examples import example


def read_database(built: Built) -> Any:
    return built.client("rds").describe_db_instances()["DBInstances"][0]["PubliclyAccessible"]


def read_access(built: Built) -> Any:
    origins = built.client("cloudfront").get_distribution_config(Id=built["cdn"])["DistributionConfig"]["Origins"]
    return [origin["OriginAccessControlId"] for origin in origins["Items"]].count("")


def read_group(built: Built) -> Any:
    groups = built.client("ec2").describe_security_groups(GroupIds=[built["database-group"]])["SecurityGroups"]
    return [r["CidrIp"] for permission in groups[0]["IpPermissions"] for r in permission["IpRanges"]]


def read_schedule(built: Built) -> Any:
    return built.client("events").describe_rule(Name=built["cleanup-schedule"])["ScheduleExpression"]


def read_retention(built: Built) -> Any:
    groups = built.client("logs").describe_log_groups(logGroupNamePrefix=built["server-logs"])["logGroups"]
    return groups[0].get("retentionInDays")


def read_trust(built: Built) -> Any:
    role = built.client("iam").get_role(RoleName=built["server-role"])["Role"]
    return [statement["Principal"] for statement in role["AssumeRolePolicyDocument"]["Statement"]]


def read_instances(built: Built) -> Any:
    found = built.client("ec2").describe_instances()["Reservations"]
    return [(i["SubnetId"], "PublicIpAddress" in i) for reservation in found for i in reservation["Instances"]]


def read_alarms(built: Built) -> Any:
    names = {alarm["AlarmName"] for alarm in built.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    return built["alarm-on-cleanup-errors"] in names


LAMBDA = {"Service": "lambda.amazonaws.com"}
READ_BACK: dict[str, tuple[Callable[[Built], Any], Any, Callable[[Built], Any]]] = {
    "database-public": (read_database, False, lambda b: True),
    "access-control-removed": (read_access, 0, lambda b: 1),
    "group-opened": (read_group, [], lambda b: ["0.0.0.0/0"]),
    "schedule-changed": (read_schedule, "cron(0 18 * * ? *)", lambda b: "cron(0 3 * * ? *)"),
    "retention-lost": (read_retention, 30, lambda b: None),
    "trust-opened": (read_trust, [LAMBDA], lambda b: [LAMBDA, {"AWS": "*"}]),
    "instance-started": (read_instances, [], lambda b: [(b["public-subnet-a"], True)]),
    "alarm-deleted": (read_alarms, True, lambda b: False),
}


def test_every_drift_can_be_read_back_and_touches_nothing_else(cuggu: Built) -> None:
    assert [drift.name for drift in DRIFTS] == list(READ_BACK)
    for drift in DRIFTS:
        with cuggu.box.scratch():
            here = cuggu.on(cuggu.box)
            drift.happen(here)
            assert drift.role in here
            for name, (read, before, after) in READ_BACK.items():
                assert read(here) == (after(here) if name == drift.name else before), (drift.name, name)


def test_all_drifts_together_leave_a_valid_rule_beside_the_opened_one(cuggu: Built) -> None:
    for drift in DRIFTS:
        drift.happen(cuggu)
    for name, (read, _, after) in READ_BACK.items():
        assert read(cuggu) == after(cuggu), name
    group = cuggu.client("ec2").describe_security_groups(GroupIds=[cuggu["database-group"]])["SecurityGroups"][0]
    pairs = [pair["GroupId"] for permission in group["IpPermissions"] for pair in permission["UserIdGroupPairs"]]
    assert pairs == [cuggu["proxy-group"]]


@pytest.mark.parametrize("name", ["couple", "dualtetrax", "glimpse", "pingvas"])
def test_the_drifts_of_the_others_are_eight(name: str) -> None:
    drifts = example(name).drifts
    assert len({drift.role for drift in drifts}) == len({drift.name for drift in drifts}) == 8
