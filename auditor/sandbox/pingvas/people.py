"""Security and monitoring: who may work on the system and from where, the secrets, the dashboard and the alarms."""

from __future__ import annotations

import json
from typing import Any

from auditor.sandbox.cuggu.names import policy
from auditor.sandbox.pingvas.names import REGION, Team

SECRETS = {
    "db-secret": "db-credentials",
    "redis-secret": "redis-auth",
    "payment-secret": "lemon-squeezy",
    "token-secret": "jwt-secret",
    "login-secret": "oauth-credentials",
}


def build(team: Team, people: tuple[str, ...], role: str) -> None:
    build_people(team, people, role)
    for part, noun in SECRETS.items():
        made = team.client("secretsmanager").create_secret(
            Name=team.secret(noun), SecretString=json.dumps({"value": "not-a-real-secret"}), Tags=team.tag_list()
        )
        team.put(part, made["ARN"], made["ARN"])
    build_alarms(team)


def build_people(team: Team, people: tuple[str, ...], role: str) -> None:
    iam, arns = team.client("iam"), []
    for name in people:
        made = iam.create_user(UserName=name)["User"]
        arns.append(made["Arn"])
        team.put(name.lower(), name, made["Arn"])
    behind_vpn = {"IpAddress": {"aws:SourceIp": [f"{team['vpn-ip']}/32"]}}
    made = iam.create_role(
        RoleName=role,
        AssumeRolePolicyDocument=policy(
            {"Principal": {"AWS": arns}, "Action": "sts:AssumeRole", "Condition": behind_vpn}
        ),
        Tags=team.tag_list(),
    )["Role"]
    team.put("devops-role", role, made["Arn"])
    iam.put_role_policy(
        RoleName=role,
        PolicyName="operate",
        PolicyDocument=policy(
            {"Action": ["eks:DescribeCluster", "eks:AccessKubernetesApi"], "Resource": team.arn("cluster")}
        ),
    )


def build_alarms(team: Team) -> None:
    topic = team.client("sns").create_topic(Name=team.called("alarms"), Tags=team.tag_list())["TopicArn"]
    team.put("topic", topic, topic)
    team.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint=f"ops@{team.domain}")
    nodes = [{"Name": "ClusterName", "Value": team.name}]
    insights = {"Namespace": "ContainerInsights", "Statistic": "Average", "Dimensions": nodes}
    for part, noun, metric, threshold in (
        ("cpu-alarm", "node-cpu", "node_cpu_utilization", 80),
        ("memory-alarm", "node-memory", "node_memory_utilization", 85),
    ):
        alarm(team, part, noun, MetricName=metric, Threshold=threshold, Period=60, EvaluationPeriods=5, **insights)
    alarm(team, "error-alarm", "api-errors", Metrics=rate_of_errors(team), Threshold=1, EvaluationPeriods=1)
    own = {"Namespace": "Pingvas/Queue", "Statistic": "Maximum", "Dimensions": [{"Name": "System", "Value": team.name}]}
    alarm(
        team, "queue-alarm", "queue", MetricName="QueueWaitSeconds", Threshold=60, Period=60, EvaluationPeriods=1, **own
    )
    widget = {
        "type": "metric",
        "properties": {
            "region": REGION,
            "metrics": [["ContainerInsights", "node_cpu_utilization", "ClusterName", team.name]],
        },
    }
    name = team.called("overview")
    team.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=json.dumps({"widgets": [widget]}))
    team.put("dashboard", name)


def alarm(team: Team, part: str, noun: str, **settings: Any) -> None:
    name = team.called(noun)
    team.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        ComparisonOperator="GreaterThanThreshold",
        ActionsEnabled=True,
        AlarmActions=[team["topic"]],
        Tags=team.tag_list(),
        **settings,
    )
    team.put(part, name, f"arn:aws:cloudwatch:{REGION}:{team.built.account}:alarm:{name}")


def rate_of_errors(team: Team) -> list[dict[str, Any]]:
    """Answers of the API that are errors, in percent of all."""
    dimensions = [{"Name": "LoadBalancer", "Value": team["alb"].partition("loadbalancer/")[2]}]

    def counted(name: str, metric: str) -> dict[str, Any]:
        told = {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": dimensions}
        return {"Id": name, "MetricStat": {"Metric": told, "Period": 60, "Stat": "Sum"}, "ReturnData": False}

    return [
        {"Id": "rate", "Expression": "100 * errors / requests", "Label": "API error rate", "ReturnData": True},
        counted("errors", "HTTPCode_Target_5XX_Count"),
        counted("requests", "RequestCount"),
    ]
