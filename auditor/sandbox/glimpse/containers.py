"""The module `ecs`: the repository, the roles, the task, the service on 90 % Spot, and how it is scaled."""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import policy, trust
from auditor.sandbox.glimpse.data import SECRETS, private
from auditor.sandbox.glimpse.names import REGION, REPOSITORY, named, part, tag_list, tags

EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
TASKS = "ecs-tasks.amazonaws.com"
SPOT = (
    {"capacityProvider": "FARGATE_SPOT", "weight": 90, "base": 0},
    {"capacityProvider": "FARGATE", "weight": 10, "base": 0},
)
PORT = 3001


def build_repository(built: Built) -> None:
    """One repository of images, from which every stage takes its own."""
    made = built.client("ecr").create_repository(
        repositoryName=REPOSITORY, imageScanningConfiguration={"scanOnPush": True}, imageTagMutability="MUTABLE"
    )["repository"]
    built.put("repository", made["repositoryName"], made["repositoryArn"])


def build(built: Built, stage: str) -> None:
    build_roles(built, stage)
    build_task(built, stage)
    build_service(built, stage)
    build_scaling(built, stage)


def build_roles(built: Built, stage: str) -> None:
    """One role starts the task and reads its secrets, the other one is the program's."""
    iam = built.client("iam")
    for role, component in (("execution-role", "ecs-execution"), ("task-role", "ecs-task")):
        made = iam.create_role(
            RoleName=named(stage, component), AssumeRolePolicyDocument=trust(TASKS), Tags=tag_list(stage)
        )["Role"]
        built.put(part(stage, role), made["RoleName"], made["Arn"])
    iam.attach_role_policy(RoleName=named(stage, "ecs-execution"), PolicyArn=EXECUTION)
    secrets = [built.arn(part(stage, component)) for component in SECRETS]
    iam.put_role_policy(
        RoleName=named(stage, "ecs-execution"),
        PolicyName="read-secrets",
        PolicyDocument=policy({"Action": "secretsmanager:GetSecretValue", "Resource": secrets}),
    )
    files = {
        "Action": ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
        "Resource": f"{built.arn(part(stage, 'files'))}/*",
    }
    made = iam.create_policy(PolicyName=named(stage, "s3-access"), PolicyDocument=policy(files), Tags=tag_list(stage))[
        "Policy"
    ]
    built.put(part(stage, "s3-policy"), made["Arn"], made["Arn"])
    iam.attach_role_policy(RoleName=named(stage, "ecs-task"), PolicyArn=made["Arn"])


def build_task(built: Built, stage: str) -> None:
    logs, group = built.client("logs"), f"/ecs/glimpse-{stage}"
    logs.create_log_group(logGroupName=group, tags=tags(stage))
    logs.put_retention_policy(logGroupName=group, retentionInDays=30)
    built.put(part(stage, "logs"), group)
    image = f"{built.account}.dkr.ecr.{REGION}.amazonaws.com/{REPOSITORY}:latest"
    container = {
        "name": "api",
        "image": image,
        "essential": True,
        "portMappings": [{"containerPort": PORT, "protocol": "tcp"}],
        "environment": [{"name": "NODE_ENV", "value": "production"}, {"name": "PORT", "value": str(PORT)}],
        "secrets": [
            {"name": component.replace("-", "_").upper(), "valueFrom": built.arn(part(stage, component))}
            for component in SECRETS
        ],
        "readonlyRootFilesystem": True,
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {"awslogs-group": group, "awslogs-region": REGION, "awslogs-stream-prefix": "api"},
        },
    }
    made = built.client("ecs").register_task_definition(
        family=named(stage, "api"),
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        executionRoleArn=built.arn(part(stage, "execution-role")),
        taskRoleArn=built.arn(part(stage, "task-role")),
        containerDefinitions=[container],
        tags=tag_list(stage, upper=False),
    )["taskDefinition"]["taskDefinitionArn"]
    built.put(part(stage, "task"), made, made)


def build_service(built: Built, stage: str) -> None:
    ecs = built.client("ecs")
    made = ecs.create_cluster(
        clusterName=f"glimpse-{stage}",
        settings=[{"name": "containerInsights", "value": "enabled"}],
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        tags=tag_list(stage, upper=False),
    )["cluster"]
    built.put(part(stage, "cluster"), made["clusterName"], made["clusterArn"])
    place = {
        "subnets": private(built, stage),
        "securityGroups": [built[part(stage, "ecs-group")]],
        "assignPublicIp": "DISABLED",
    }
    made = ecs.create_service(
        cluster=f"glimpse-{stage}",
        serviceName=REPOSITORY,
        taskDefinition=built[part(stage, "task")],
        desiredCount=2,
        capacityProviderStrategy=list(SPOT),
        networkConfiguration={"awsvpcConfiguration": place},
        loadBalancers=[
            {"targetGroupArn": built[part(stage, "targets")], "containerName": "api", "containerPort": PORT}
        ],
        healthCheckGracePeriodSeconds=60,
        deploymentConfiguration={
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        },
        tags=tag_list(stage, upper=False),
    )["service"]
    built.put(part(stage, "service"), made["serviceArn"], made["serviceArn"])


def build_scaling(built: Built, stage: str) -> None:
    scaling = built.client("application-autoscaling")
    what = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/glimpse-{stage}/{REPOSITORY}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    target = scaling.register_scalable_target(**what, MinCapacity=2, MaxCapacity=20)["ScalableTargetARN"]
    name = "|".join([what["ResourceId"], what["ScalableDimension"], what["ServiceNamespace"]])
    built.put(part(stage, "scaling-target"), name, target)
    made = scaling.put_scaling_policy(
        **what,
        PolicyName=named(stage, "cpu"),
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 80.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
            "ScaleInCooldown": 300,
            "ScaleOutCooldown": 60,
        },
    )
    built.put(part(stage, "scaling-policy"), made["PolicyARN"], made["PolicyARN"])
