"""The WebSocket API with its function, and the function that asks the daily question."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.couple.app import TRACES, build_role, keep
from auditor.sandbox.couple.names import REGION, named, part, tags
from auditor.sandbox.couple.network import subnets
from auditor.sandbox.cuggu.compute import IN_VPC, package

ROUTES = {"$connect": "connect-route", "$disconnect": "disconnect-route", "$default": "message-route"}


def build(built: Built, environment: str) -> None:
    api = built.client("apigatewayv2").create_api(
        Name=named(environment, "live"),
        ProtocolType="WEBSOCKET",
        RouteSelectionExpression="$request.body.action",
        Tags=tags(environment),
    )["ApiId"]
    built.put(part(environment, "socket-api"), api, f"arn:aws:apigateway:{REGION}::/apis/{api}")
    connections = f"arn:aws:execute-api:{REGION}:{built.account}:{api}/*"
    send = {"Action": "execute-api:ManageConnections", "Resource": connections}
    build_function(built, environment, "socket-function", "live-messages", send)
    build_routes(built, environment, api)
    read = {
        "Action": "secretsmanager:GetSecretValue",
        "Resource": built.arn(part(environment, "database-secret")),
    }
    build_function(built, environment, "question-function", "daily-question", read)
    build_schedule(built, environment)


def build_function(built: Built, environment: str, role: str, what: str, *may: dict[str, Any]) -> None:
    name, acting = named(environment, what), role.replace("-function", "-role")
    traced = {"Action": TRACES, "Resource": "*"}
    arn = build_role(built, environment, acting, "lambda.amazonaws.com", *may, traced)
    built.client("iam").attach_role_policy(RoleName=built[part(environment, acting)], PolicyArn=IN_VPC)
    keep(built, environment, role.replace("-function", "-logs"), f"/aws/lambda/{name}")
    made = built.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="app.handler",
        Role=arn,
        Code={"ZipFile": package()},
        Timeout=10,
        MemorySize=256,
        TracingConfig={"Mode": "Active"},
        VpcConfig={
            "SubnetIds": subnets(built, environment, "app"),
            "SecurityGroupIds": [built[part(environment, "socket-group")]],
        },
        Environment={"Variables": {"REDIS_GROUP": built[part(environment, "cache")]}},
        Tags=tags(environment),
    )
    built.put(part(environment, role), name, made["FunctionArn"])


def build_routes(built: Built, environment: str, api: str) -> None:
    client, function = built.client("apigatewayv2"), built.arn(part(environment, "socket-function"))
    called = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    integration = client.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=called)[
        "IntegrationId"
    ]
    built.put(part(environment, "integration"), f"{api}/{integration}")
    for key, role in ROUTES.items():
        made = client.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{integration}")
        built.put(part(environment, role), f"{api}/{made['RouteId']}")
    client.create_stage(ApiId=api, StageName=environment, AutoDeploy=True, Tags=tags(environment))
    built.put(part(environment, "socket-stage"), f"{api}/{environment}")
    built.client("lambda").add_permission(
        FunctionName=built[part(environment, "socket-function")],
        StatementId="live",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{built.account}:{api}/*",
    )


def build_schedule(built: Built, environment: str) -> None:
    events, name = built.client("events"), named(environment, "daily-question")
    rule = events.put_rule(Name=name, ScheduleExpression="cron(0 15 * * ? *)", State="ENABLED")["RuleArn"]
    built.put(part(environment, "question-schedule"), name, rule)
    function = built.arn(part(environment, "question-function"))
    events.put_targets(Rule=name, Targets=[{"Id": "question", "Arn": function}])
    built.client("lambda").add_permission(
        FunctionName=built[part(environment, "question-function")],
        StatementId="daily",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
