"""From a push to the running service: CodePipeline fetches, CodeBuild builds the image, ECS takes it."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.couple.app import build_role, keep
from auditor.sandbox.couple.data import build_bucket
from auditor.sandbox.couple.names import REGION, named, part, tag_list
from auditor.sandbox.cuggu.names import policy

CODE = "arn:aws:codeconnections:ap-northeast-2:{}:connection/8d1c2b3a-0000-4000-8000-1234567890ab"


def build(built: Built, environment: str) -> None:
    build_bucket(built, environment, "artifacts", "artifacts")
    build_project(built, environment)
    build_pipeline(built, environment)


def build_project(built: Built, environment: str) -> None:
    group = f"/codebuild/{named(environment, 'image')}"
    keep(built, environment, "build-logs", group)
    repository = built.arn(part(environment, "repository"))
    push = [
        *("ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload"),
        *("ecr:PutImage", "ecr:UploadLayerPart"),
    ]
    role = build_role(
        built,
        environment,
        "build-role",
        "codebuild.amazonaws.com",
        {"Action": push, "Resource": repository},
        {"Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"{built.arn(part(environment, 'build-logs'))}:*",
        },
        {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"{built.arn(part(environment, 'artifacts'))}/*"},
    )
    name = named(environment, "image")
    made = built.client("codebuild").create_project(
        name=name,
        source={"type": "CODEPIPELINE"},
        artifacts={"type": "CODEPIPELINE"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "privilegedMode": True,
            "environmentVariables": [{"name": "REPOSITORY", "value": built[part(environment, "image")]}],
        },
        serviceRole=role,
        logsConfig={"cloudWatchLogs": {"status": "ENABLED", "groupName": group}},
        tags=tag_list(environment, upper=False),
    )["project"]
    built.put(part(environment, "project"), name, made["arn"])


def build_pipeline(built: Built, environment: str) -> None:
    role = build_role(built, environment, "pipeline-role", "codepipeline.amazonaws.com")
    connection = CODE.format(built.account)
    built.client("iam").put_role_policy(
        RoleName=built[part(environment, "pipeline-role")],
        PolicyName="inline",
        PolicyDocument=policy(
            {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"{built.arn(part(environment, 'artifacts'))}/*"},
            {
                "Action": ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
                "Resource": built.arn(part(environment, "project")),
            },
            {"Action": "codeconnections:UseConnection", "Resource": connection},
            {
                "Action": ["ecs:DescribeServices", "ecs:UpdateService"],
                "Resource": built.arn(part(environment, "service")),
            },
        ),
    )
    name = named(environment, "deploy")
    where = {"ClusterName": built[part(environment, "cluster")], "ServiceName": "web"}
    code = {"ConnectionArn": connection, "FullRepositoryId": "ourdays/web", "BranchName": "main"}
    built.client("codepipeline").create_pipeline(
        pipeline={
            "name": name,
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": built[part(environment, "artifacts")]},
            "stages": [
                stage("Source", ("Source", "CodeStarSourceConnection"), code, [], ["code"]),
                stage(
                    "Build",
                    ("Build", "CodeBuild"),
                    {"ProjectName": built[part(environment, "project")]},
                    ["code"],
                    ["image"],
                ),
                stage("Deploy", ("Deploy", "ECS"), where, ["image"], []),
            ],
            "version": 1,
        },
        tags=tag_list(environment, upper=False),
    )
    built.put(part(environment, "pipeline"), name, f"arn:aws:codepipeline:{REGION}:{built.account}:{name}")


def stage(name: str, kind: tuple[str, str], told: dict[str, str], takes: list[str], gives: list[str]) -> dict[str, Any]:
    category, provider = kind
    action = {
        "name": name,
        "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
        "runOrder": 1,
        "configuration": told,
        "inputArtifacts": [{"name": each} for each in takes],
        "outputArtifacts": [{"name": each} for each in gives],
    }
    return {"name": name, "actions": [action]}
