"""The Flask application: its images, its cluster, one service on Fargate that scales by itself, and what it may do."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.couple.names import REGION, named, part, tag_list, tags
from auditor.sandbox.couple.network import APP, subnets
from auditor.sandbox.cuggu.names import policy, trust

AGENT = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
TRACES = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"]
CAPACITY = {"prod": "FARGATE", "dev": "FARGATE_SPOT"}
LEAST, MOST = 1, 4


def build(built: Built, environment: str) -> None:
    made = built.client("ecr").create_repository(
        repositoryName=f"couple/{environment}/web",
        imageScanningConfiguration={"scanOnPush": True},
        imageTagMutability="IMMUTABLE",
        tags=tag_list(environment),
    )["repository"]
    built.put(part(environment, "repository"), made["repositoryName"], made["repositoryArn"])
    built.put(part(environment, "image"), f"{made['repositoryUri']}:2026-02-24")
    build_roles(built, environment)
    group = f"/ecs/{named(environment, 'web')}"
    keep(built, environment, "app-logs", group)
    build_service(built, environment, group)
    build_scaling(built, environment)


def keep(built: Built, environment: str, role: str, group: str) -> None:
    logs = built.client("logs")
    logs.create_log_group(logGroupName=group, tags=tags(environment))
    logs.put_retention_policy(logGroupName=group, retentionInDays=30)
    built.put(part(environment, role), group, f"arn:aws:logs:{REGION}:{built.account}:log-group:{group}")


def build_role(built: Built, environment: str, role: str, service: str, *may: dict[str, Any]) -> str:
    iam, name = built.client("iam"), named(environment, role)
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(service), Tags=tag_list(environment))["Role"]
    built.put(part(environment, role), name, made["Arn"])
    if may:
        iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=policy(*may))
    return str(made["Arn"])


def build_roles(built: Built, environment: str) -> None:
    uploads = built.arn(part(environment, "uploads-bucket"))
    secrets = [built.arn(part(environment, role)) for role in ("database-secret", "api-secret")]
    build_role(
        built,
        environment,
        "task-role",
        "ecs-tasks.amazonaws.com",
        {"Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Resource": f"{uploads}/*"},
        {"Action": TRACES, "Resource": "*"},
    )
    build_role(
        built,
        environment,
        "execution-role",
        "ecs-tasks.amazonaws.com",
        {"Action": "secretsmanager:GetSecretValue", "Resource": secrets},
    )
    built.client("iam").attach_role_policy(RoleName=built[part(environment, "execution-role")], PolicyArn=AGENT)


def build_service(built: Built, environment: str, logs: str) -> None:
    ecs = built.client("ecs")
    cluster = ecs.create_cluster(
        clusterName=named(environment, "cluster"),
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        settings=[{"name": "containerInsights", "value": "enabled"}],
        tags=tag_list(environment, upper=False),
    )["cluster"]
    built.put(part(environment, "cluster"), cluster["clusterName"], cluster["clusterArn"])
    task = ecs.register_task_definition(
        family=named(environment, "web"),
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="2048",
        memory="4096",
        taskRoleArn=built.arn(part(environment, "task-role")),
        executionRoleArn=built.arn(part(environment, "execution-role")),
        containerDefinitions=containers(built, environment, logs),
        tags=tag_list(environment, upper=False),
    )["taskDefinition"]["taskDefinitionArn"]
    built.put(part(environment, "task"), task, task)
    made = ecs.create_service(
        cluster=cluster["clusterName"],
        serviceName="web",
        taskDefinition=task,
        desiredCount=2,
        capacityProviderStrategy=[{"capacityProvider": CAPACITY[environment], "weight": 1}],
        loadBalancers=[
            {
                "targetGroupArn": built[part(environment, "target-group")],
                "containerName": "web",
                "containerPort": APP,
            }
        ],
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": subnets(built, environment, "app"),
                "securityGroups": [built[part(environment, "app-group")]],
                "assignPublicIp": "DISABLED",
            }
        },
        tags=tag_list(environment, upper=False),
    )["service"]
    built.put(part(environment, "service"), "web", made["serviceArn"])


def containers(built: Built, environment: str, logs: str) -> list[dict[str, Any]]:
    """The application, and the daemon that passes its traces on."""
    written = {
        "logDriver": "awslogs",
        "options": {"awslogs-group": logs, "awslogs-region": REGION, "awslogs-stream-prefix": "web"},
    }
    secrets = [
        {"name": "DATABASE_LOGIN", "valueFrom": built.arn(part(environment, "database-secret"))},
        {"name": "PUSH_API_KEY", "valueFrom": built.arn(part(environment, "api-secret"))},
    ]
    return [
        {
            "name": "web",
            "image": built[part(environment, "image")],
            "essential": True,
            "portMappings": [{"containerPort": APP, "protocol": "tcp"}],
            "environment": [{"name": "UPLOADS", "value": built[part(environment, "uploads-bucket")]}],
            "secrets": secrets,
            "logConfiguration": written,
        },
        {
            "name": "xray-daemon",
            "image": "public.ecr.aws/xray/aws-xray-daemon:3.x",
            "essential": False,
            "portMappings": [{"containerPort": 2000, "protocol": "udp"}],
            "logConfiguration": written,
        },
    ]


def build_scaling(built: Built, environment: str) -> None:
    scaling = built.client("application-autoscaling")
    what = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{built[part(environment, 'cluster')]}/web",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    scaling.register_scalable_target(**what, MinCapacity=LEAST, MaxCapacity=MOST)
    (found,) = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[what["ResourceId"]])[
        "ScalableTargets"
    ]
    bounds = f"{what['ResourceId']}|{what['ScalableDimension']}|ecs"
    built.put(part(environment, "scaling"), bounds, found["ScalableTargetARN"])
    made = scaling.put_scaling_policy(
        **what,
        PolicyName=named(environment, "web-cpu"),
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 60.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
        },
    )
    built.put(part(environment, "scaling-policy"), made["PolicyARN"], made["PolicyARN"])
