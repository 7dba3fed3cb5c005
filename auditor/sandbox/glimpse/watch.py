"""The module `monitoring`: a topic, the five alarms, and the dashboard."""

from __future__ import annotations

import json
from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.glimpse.names import REGION, REPOSITORY, named, part, tag_list

MEGABYTE = 1024**2


def build(built: Built, stage: str) -> None:
    sns = built.client("sns")
    topic = sns.create_topic(
        Name=named(stage, "alerts"), Attributes={"KmsMasterKeyId": "alias/aws/sns"}, Tags=tag_list(stage)
    )["TopicArn"]
    built.put(part(stage, "topic"), topic, topic)
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@glimpse.contact")
    build_alarms(built, stage)
    build_dashboard(built, stage)


def measured(built: Built, stage: str) -> dict[str, dict[str, str]]:
    """By which dimensions CloudWatch names the parts."""
    return {
        "database": {"DBInstanceIdentifier": built[part(stage, "database")]},
        "service": {"ClusterName": f"glimpse-{stage}", "ServiceName": REPOSITORY},
        "alb": {"LoadBalancer": built[part(stage, "alb")].partition("loadbalancer/")[2]},
        "nat": {"InstanceId": built[part(stage, "nat")]},
        "redis": {"CacheClusterId": f"{built[part(stage, 'redis')]}-001"},
    }


def build_alarms(built: Built, stage: str) -> None:
    topic = built[part(stage, "topic")]
    recover = f"arn:aws:automate:{REGION}:ec2:recover"
    above, below = "GreaterThanThreshold", "LessThanThreshold"
    # role, namespace, metric, the part it measures, comparison, threshold, statistic, period, periods, actions
    rows: tuple[tuple[str, str, str, str, str, float, str, int, int, list[str]], ...] = (
        ("memory-alarm", "AWS/RDS", "FreeableMemory", "database", below, 200 * MEGABYTE, "Average", 300, 1, [topic]),
        ("connections-alarm", "AWS/RDS", "DatabaseConnections", "database", above, 45, "Average", 300, 1, [topic]),
        ("cpu-alarm", "AWS/ECS", "CPUUtilization", "service", above, 80, "Average", 60, 3, [topic]),
        ("errors-alarm", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "alb", above, 10, "Sum", 300, 1, [topic]),
        ("nat-alarm", "AWS/EC2", "StatusCheckFailed_System", "nat", above, 0, "Maximum", 60, 2, [recover, topic]),
    )
    dimensions = measured(built, stage)
    for role, namespace, metric, whom, comparison, threshold, statistic, period, periods, actions in rows:
        name = named(stage, role.removesuffix("-alarm"))
        built.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions[whom].items()],
            ComparisonOperator=comparison,
            Threshold=threshold,
            Statistic=statistic,
            Period=period,
            EvaluationPeriods=periods,
            AlarmActions=actions,
            TreatMissingData="notBreaching",
            Tags=tag_list(stage),
        )
        built.put(part(stage, role), name, f"arn:aws:cloudwatch:{REGION}:{built.account}:alarm:{name}")


# namespace, metrics, the part they measure: the list of the document
SHOWN = (
    ("AWS/ECS", ("CPUUtilization", "MemoryUtilization"), "service"),
    ("AWS/RDS", ("DatabaseConnections", "FreeableMemory"), "database"),
    ("AWS/ElastiCache", ("CacheHitRate", "DatabaseMemoryUsagePercentage"), "redis"),
    ("AWS/ApplicationELB", ("RequestCount", "TargetResponseTime"), "alb"),
    ("AWS/EC2", ("NetworkIn", "NetworkOut"), "nat"),
)


def build_dashboard(built: Built, stage: str) -> None:
    dimensions = measured(built, stage)
    widgets: list[dict[str, Any]] = []
    for namespace, metrics, whom in SHOWN:
        where = [text for pair in dimensions[whom].items() for text in pair]
        rows = [[namespace, metric, *where] for metric in metrics]
        widgets.append({"type": "metric", "properties": {"region": REGION, "metrics": rows}})
    name = built.put(part(stage, "dashboard"), f"glimpse-{stage}")
    built.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=json.dumps({"widgets": widgets}))
