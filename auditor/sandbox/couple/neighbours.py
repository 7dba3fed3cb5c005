"""Other people's things in the same account: each of a type that the document names, and none of them its part."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.compute import BASIC, package
from auditor.sandbox.cuggu.names import policy, trust
from auditor.sandbox.cuggu.neighbours import build_settings

LINKED = ("ecs.amazonaws.com", "rds.amazonaws.com", "elasticache.amazonaws.com", "support.amazonaws.com")


def build(built: Built) -> None:
    build_settings(built)
    for service in LINKED:
        built.client("iam").create_service_linked_role(AWSServiceName=service)
    build_intranet(built)
    build_chat(built)
    build_rest(built)


def build_intranet(built: Built) -> None:
    """A wiki of another team: a service of ECS in a network of its own, without a front and without Redis."""
    ec2: Any = built.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.90.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.90.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="wiki", Description="wiki", VpcId=vpc)["GroupId"]
    role = built.client("iam").create_role(
        RoleName="wiki-tasks", AssumeRolePolicyDocument=trust("ecs-tasks.amazonaws.com")
    )["Role"]["Arn"]
    repository = built.client("ecr").create_repository(repositoryName="wiki")["repository"]["repositoryUri"]
    ecs = built.client("ecs")
    ecs.create_cluster(clusterName="wiki")
    ecs.register_task_definition(
        family="wiki",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        taskRoleArn=role,
        containerDefinitions=[{"name": "wiki", "image": f"{repository}:9", "essential": True}],
    )
    ecs.create_service(
        cluster="wiki",
        serviceName="wiki",
        taskDefinition="wiki",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group]}},
    )


def build_chat(built: Built) -> None:
    """Another WebSocket API, of a support chat, with a function outside any network."""
    iam = built.client("iam")
    role = iam.create_role(RoleName="support-chat", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))["Role"]
    iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=BASIC)
    logs = built.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/support-chat")
    logs.put_retention_policy(logGroupName="/aws/lambda/support-chat", retentionInDays=30)
    function = built.client("lambda").create_function(
        FunctionName="support-chat",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=role["Arn"],
        Code={"ZipFile": package()},
    )["FunctionArn"]
    client = built.client("apigatewayv2")
    api = client.create_api(
        Name="support-chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    called = f"arn:aws:apigateway:{built.region}:lambda:path/2015-03-31/functions/{function}/invocations"
    integration = client.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=called)
    for key in ("$connect", "$default"):
        client.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{integration['IntegrationId']}")
    client.create_stage(ApiId=api, StageName="live", AutoDeploy=True)


def build_rest(built: Built) -> None:
    """A second of whatever nothing but its type tells."""
    s3 = built.client("s3")
    for name in ("company-backups-5c1d", "static-landing-5c1d"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": built.region})
    built.client("secretsmanager").create_secret(Name="wiki/login", SecretString="not-a-real-login")
    topic = built.client("sns").create_topic(Name="wiki-errors")["TopicArn"]
    built.client("cloudwatch").put_metric_alarm(
        AlarmName="support-chat-errors",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Dimensions=[{"Name": "FunctionName", "Value": "support-chat"}],
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
    )
    role = built.client("iam").create_role(
        RoleName="wiki-build", AssumeRolePolicyDocument=trust("codebuild.amazonaws.com")
    )["Role"]
    built.client("iam").put_role_policy(
        RoleName=role["RoleName"],
        PolicyName="inline",
        PolicyDocument=policy({"Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:*:*:log-group:/wiki/*"}),
    )
    built.client("codebuild").create_project(
        name="wiki",
        source={"type": "GITHUB", "location": "https://github.com/company/wiki.git"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=role["Arn"],
    )
