"""The eight ways in which the demo lets glimpse drift: what a small team does on the night of a launch and forgets."""

from __future__ import annotations

import json

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import policy
from auditor.sandbox.drifts import Drift
from auditor.sandbox.glimpse.names import REPOSITORY

HOUR = 3600


def leave_spot(built: Built) -> None:
    shares = [("FARGATE_SPOT", 50), ("FARGATE", 50)]
    built.client("ecs").update_service(
        cluster=built["cluster"],
        service=REPOSITORY,
        capacityProviderStrategy=[{"capacityProvider": name, "weight": weight, "base": 0} for name, weight in shares],
    )


def compare_addresses(built: Built) -> None:
    built.client("ec2").modify_instance_attribute(InstanceId=built["nat"], SourceDestCheck={"Value": True})


def open_database(built: Built) -> None:
    anyone = [{"CidrIp": "0.0.0.0/0", "Description": "analyst at home"}]
    built.client("ec2").authorize_security_group_ingress(
        GroupId=built["rds-group"],
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": anyone}],
    )


def serve_everywhere(built: Built) -> None:
    cloudfront = built.client("cloudfront")
    read = cloudfront.get_distribution_config(Id=built["cdn"])
    config = read["DistributionConfig"]
    config["Restrictions"] = {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}}
    cloudfront.update_distribution(Id=built["cdn"], IfMatch=read["ETag"], DistributionConfig=config)


def forget_sooner(built: Built) -> None:
    cloudfront = built.client("cloudfront")
    read = cloudfront.get_cache_policy(Id=built["groups-cache"])
    config = {**read["CachePolicy"]["CachePolicyConfig"], "DefaultTTL": HOUR}
    cloudfront.update_cache_policy(Id=built["groups-cache"], IfMatch=read["ETag"], CachePolicyConfig=config)


def widen_policy(built: Built) -> None:
    everything = json.loads(policy({"Action": "s3:*", "Resource": "*"}))
    built.client("iam").create_policy_version(
        PolicyArn=built["s3-policy"], PolicyDocument=json.dumps(everything), SetAsDefault=True
    )


def raise_alarm(built: Built) -> None:
    watch, name = built.client("cloudwatch"), built["connections-alarm"]
    (found,) = watch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    kept = ("AlarmName", "Namespace", "MetricName", "Dimensions", "Statistic", "Period", "EvaluationPeriods",
            "ComparisonOperator", "AlarmActions", "TreatMissingData")  # fmt: skip
    watch.put_metric_alarm(**{each: found[each] for each in kept}, Threshold=90)


def delete_alarm(built: Built) -> None:
    built.client("cloudwatch").delete_alarms(AlarmNames=[built["nat-alarm"]])


DRIFTS = (
    Drift("spot-left", "service", "Half of the tasks were moved from Spot to ordinary Fargate.", leave_spot),
    Drift(
        "nat-stopped",
        "nat",
        "The source/destination check of the NAT instance is on again: it forwards nothing.",
        compare_addresses,
    ),
    Drift("database-opened", "rds-group", "The database's port was opened to the whole Internet.", open_database),
    Drift("served-everywhere", "cdn", "CloudFront serves the files all over the world.", serve_everywhere),
    Drift("cache-shortened", "groups-cache", "Group images are cached for an hour, not for 14 days.", forget_sooner),
    Drift("policy-widened", "s3-policy", "The API may now do anything with every bucket.", widen_policy),
    Drift("alarm-raised", "connections-alarm", "Nobody hears before the database has 90 connections.", raise_alarm),
    Drift("alarm-deleted", "nat-alarm", "The alarm of the NAT instance was deleted.", delete_alarm),
)
