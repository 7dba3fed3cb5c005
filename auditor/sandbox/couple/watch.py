"""Alarms with whoever hears of them, the dashboard, and the group of the application's traces."""

from __future__ import annotations

import json
from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.couple.names import REGION, named, part, tag_list


def build(built: Built, environment: str) -> None:
    sns = built.client("sns")
    topic = sns.create_topic(Name=named(environment, "alarms"), Tags=tag_list(environment))["TopicArn"]
    built.put(part(environment, "topic"), topic, topic)
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@ourdays.app")
    service = [("ClusterName", built[part(environment, "cluster")]), ("ServiceName", "web")]
    balancer = [("LoadBalancer", built[part(environment, "balancer")].partition(":loadbalancer/")[2])]
    database = [("DBInstanceIdentifier", built[part(environment, "database")])]
    cache = [("CacheClusterId", f"{built[part(environment, 'cache')]}-001")]
    for what, space, metric, on, above in (
        ("web-cpu", "AWS/ECS", "CPUUtilization", service, 85.0),
        ("alb-5xx", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", balancer, 10.0),
        ("db-cpu", "AWS/RDS", "CPUUtilization", database, 80.0),
        ("redis-memory", "AWS/ElastiCache", "DatabaseMemoryUsagePercentage", cache, 85.0),
    ):
        build_alarm(built, environment, what, (space, metric, on, above))
    body = {"widgets": [drawn("AWS/ECS", service), drawn("AWS/RDS", database)]}
    name = named(environment, "overview")
    built.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=json.dumps(body))
    built.put(part(environment, "dashboard"), name)
    built.client("xray").create_group(
        GroupName=named(environment, "web"), FilterExpression='service("couple-web")', Tags=tag_list(environment)
    )


def build_alarm(
    built: Built, environment: str, what: str, measured: tuple[str, str, list[tuple[str, str]], float]
) -> None:
    space, metric, on, above = measured
    name = named(environment, what)
    built.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace=space,
        MetricName=metric,
        Statistic="Average",
        Dimensions=[{"Name": key, "Value": value} for key, value in on],
        Period=300,
        EvaluationPeriods=3,
        Threshold=above,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[built[part(environment, "topic")]],
        Tags=tag_list(environment),
    )
    built.put(part(environment, f"alarm-{what}"), name, f"arn:aws:cloudwatch:{REGION}:{built.account}:alarm:{name}")


def drawn(space: str, on: list[tuple[str, str]]) -> dict[str, Any]:
    flat = [text for pair in on for text in pair]
    metrics = [[space, "CPUUtilization", *flat]]
    return {"type": "metric", "properties": {"metrics": metrics, "region": REGION, "title": space}}
