"""Section 2, monitoring: CloudWatch logs and alarms, and the SNS topic that tells by e-mail and Slack."""

from __future__ import annotations

import json
from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.compute import RETENTION
from auditor.sandbox.cuggu.names import TAGS, named, tag_list

SUM = {"Statistic": "Sum"}
BELOW = {"ComparisonOperator": "LessThanThreshold"}
INSTANCE = "DBInstanceIdentifier"


def build(built: Built) -> None:
    sns = built.client("sns")
    topic = sns.create_topic(
        Name=named("OncallTopic", "vrwhbtsk"), Attributes={"KmsMasterKeyId": "alias/aws/sns"}, Tags=tag_list()
    )["TopicArn"]
    built.put("alarm-topic", topic, topic)
    for role, protocol, endpoint in (
        ("alarm-mail", "email", "oncall@cuggu.com"),
        ("alarm-chat", "https", "https://global.sns-api.chatbot.amazonaws.com"),
    ):
        made = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, ReturnSubscriptionArn=True)
        built.put(role, made["SubscriptionArn"], made["SubscriptionArn"])
    build_alarms(built)
    build_logs(built)
    widget = {
        "type": "metric",
        "properties": {
            "region": "ap-northeast-2",
            "metrics": [["AWS/Lambda", "Errors", "FunctionName", built["server"]]],
        },
    }
    name = built.put("dashboard", "cuggu-prod")
    body = json.dumps({"widgets": [widget]})
    built.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=body)


# role, name, namespace, metric, dimension, the part it names, threshold, and what differs from the usual
ALARMS: tuple[tuple[str, str, str, str, str, str, float, dict[str, Any]], ...] = (
    ("server-errors", "WebServerErrors", "AWS/Lambda", "Errors", "FunctionName", "server", 5, SUM),
    ("server-throttles", "WebServerThrottles", "AWS/Lambda", "Throttles", "FunctionName", "server", 1, SUM),
    ("cleanup-errors", "ExpireInvitationsErrors", "AWS/Lambda", "Errors", "FunctionName", "cleanup", 1, SUM),
    ("database-cpu", "MainPgCpu", "AWS/RDS", "CPUUtilization", INSTANCE, "database", 80, {"EvaluationPeriods": 3}),
    ("database-connections", "MainPgConnections", "AWS/RDS", "DatabaseConnections", INSTANCE, "database", 70, {}),
    ("database-storage", "MainPgStorage", "AWS/RDS", "FreeStorageSpace", INSTANCE, "database", 2 * 1024**3, BELOW),
)


def build_alarms(built: Built) -> None:
    """Alarms that tell the topic, when they go off and when it is over."""
    usual: dict[str, Any] = {
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }
    for role, label, namespace, metric, dimension, part, threshold, unusual in ALARMS:
        name = f"cuggu-prod-{label}"
        built.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": dimension, "Value": built[part]}],
            Threshold=threshold,
            AlarmActions=[built["alarm-topic"]],
            OKActions=[built["alarm-topic"]],
            Tags=tag_list(),
            **(usual | unusual),
        )
        built.put(f"alarm-on-{role}", name, f"arn:aws:cloudwatch:ap-northeast-2:{built.account}:alarm:{name}")


def build_logs(built: Built) -> None:
    """The groups that RDS and its proxy write to; those of the functions came with them."""
    logs = built.client("logs")
    for role, name in (
        ("database-logs", f"/aws/rds/instance/{built['database']}/postgresql"),
        ("proxy-logs", f"/aws/rds/proxy/{built['proxy']}"),
    ):
        logs.create_log_group(logGroupName=name, tags=dict(TAGS))
        logs.put_retention_policy(logGroupName=name, retentionInDays=RETENTION)
        built.put(role, name, f"arn:aws:logs:ap-northeast-2:{built.account}:log-group:{name}")
