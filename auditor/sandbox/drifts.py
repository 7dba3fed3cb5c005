"""The eight ways in which the demo lets cuggu drift, each what somebody does in a hurry and forgets.

    for drift in DRIFTS:
        drift.happen(built)

Each acts through boto3 like a person would, on one part; none hides another.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import policy


@dataclass(frozen=True)
class Drift:
    """One drift. `role` is the part it touches (`cuggu.ROLES`), `sentence` what happened, for people."""

    name: str
    role: str
    sentence: str
    happen: Callable[[Built], None]


def make_database_public(built: Built) -> None:
    built.client("rds").modify_db_instance(
        DBInstanceIdentifier=built["database"], PubliclyAccessible=True, ApplyImmediately=True
    )


def remove_access_control(built: Built) -> None:
    cloudfront = built.client("cloudfront")
    read = cloudfront.get_distribution_config(Id=built["cdn"])
    config = read["DistributionConfig"]
    for origin in config["Origins"]["Items"]:
        if origin["OriginAccessControlId"] == built["static-access"]:
            origin["OriginAccessControlId"] = ""
    cloudfront.update_distribution(Id=built["cdn"], IfMatch=read["ETag"], DistributionConfig=config)


def open_group(built: Built) -> None:
    anyone = [{"CidrIp": "0.0.0.0/0", "Description": "DBeaver from home, temporary"}]
    built.client("ec2").authorize_security_group_ingress(
        GroupId=built["database-group"],
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": anyone}],
    )


def change_schedule(built: Built) -> None:
    built.client("events").put_rule(
        Name=built["cleanup-schedule"], ScheduleExpression="cron(0 3 * * ? *)", State="ENABLED"
    )


def lose_retention(built: Built) -> None:
    built.client("logs").delete_retention_policy(logGroupName=built["server-logs"])


def open_trust(built: Built) -> None:
    iam = built.client("iam")
    trust = iam.get_role(RoleName=built["server-role"])["Role"]["AssumeRolePolicyDocument"]
    anyone = json.loads(policy({"Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}))
    trust["Statement"] += anyone["Statement"]
    iam.update_assume_role_policy(RoleName=built["server-role"], PolicyDocument=json.dumps(trust))


def start_instance(built: Built) -> None:
    ec2 = built.client("ec2")
    group = ec2.create_security_group(
        GroupName="launch-wizard-1", Description="launch-wizard-1 created 2026-03-02", VpcId=built["vpc"]
    )["GroupId"]
    anyone = [{"CidrIp": "0.0.0.0/0"}]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": anyone}]
    )
    started = ec2.run_instances(
        ImageId="ami-0c9c942bd7bf113a2",
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[
            {
                "DeviceIndex": 0,
                "SubnetId": built["public-subnet-a"],
                "Groups": [group],
                "AssociatePublicIpAddress": True,
            }
        ],
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "tmp-bastion"}]}],
    )["Instances"][0]["InstanceId"]
    built.put("undeclared-instance", started)
    built.put("undeclared-instance-group", group)


def delete_alarm(built: Built) -> None:
    built.client("cloudwatch").delete_alarms(AlarmNames=[built["alarm-on-cleanup-errors"]])


DRIFTS = (
    Drift("database-public", "database", "The database was made publicly accessible.", make_database_public),
    Drift(
        "access-control-removed",
        "cdn",
        "CloudFront no longer signs its requests to the static bucket (origin access control removed).",
        remove_access_control,
    ),
    Drift("group-opened", "database-group", "The database's port was opened to the whole Internet.", open_group),
    Drift("schedule-changed", "cleanup-schedule", "The nightly cleanup was moved to noon in Seoul.", change_schedule),
    Drift("retention-lost", "server-logs", "The server's logs are now kept, and paid for, forever.", lose_retention),
    Drift("trust-opened", "server-role", "Any AWS account may now assume the server's role.", open_trust),
    Drift(
        "instance-started",
        "undeclared-instance",
        "An undocumented instance is in the public subnet, with SSH open to the Internet.",
        start_instance,
    ),
    Drift(
        "alarm-deleted",
        "alarm-on-cleanup-errors",
        "The alarm of the cleanup was deleted: no one is notified when it fails.",
        delete_alarm,
    ),
)
