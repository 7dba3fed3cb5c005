"""Section 4.3: one function behind a REST API with six routes, as CDK makes it of `LambdaIntegration` and CORS."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.compute import IN_VPC, package
from auditor.sandbox.cuggu.names import policy, trust
from auditor.sandbox.dualtetrax.data import isolated
from auditor.sandbox.dualtetrax.names import DAYS_OF_LOGS, REGION, made_by_cdk, part, tag_list, tags

# path, methods, and the role of each
ROUTES = (
    ("/api/health", {"GET": "get-health"}),
    ("/api/auth/signup", {"POST": "sign-up"}),
    ("/api/auth/login", {"POST": "log-in"}),
    ("/api/auth/logout", {"POST": "log-out"}),
    ("/api/devices", {"GET": "get-devices", "POST": "post-devices"}),
    ("/api/sessions", {"GET": "get-sessions", "POST": "post-sessions"}),
)
ALLOWED = {
    "Access-Control-Allow-Headers": "'Content-Type,Authorization'",
    "Access-Control-Allow-Origin": "'*'",
    "Access-Control-Allow-Methods": "'OPTIONS,GET,PUT,POST,DELETE,PATCH,HEAD'",
}
SETTINGS = {"throttling/rateLimit": "100", "throttling/burstLimit": "200", "logging/loglevel": "INFO"}


def build(built: Built, environment: str) -> None:
    build_function(built, environment)
    build_api(built, environment)
    build_stage(built, environment)


def build_function(built: Built, environment: str) -> None:
    iam, secret = built.client("iam"), built.arn(part(environment, "secret"))
    role = iam.create_role(
        RoleName=made_by_cdk(environment, "API", "ApiFunctionServiceRole"),
        AssumeRolePolicyDocument=trust("lambda.amazonaws.com"),
        Tags=tag_list(environment),
    )["Role"]
    built.put(part(environment, "function-role"), role["RoleName"], role["Arn"])
    iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=IN_VPC)
    iam.put_role_policy(
        RoleName=role["RoleName"],
        PolicyName=made_by_cdk(environment, "API", "ApiFunctionServiceRoleDefaultPolicy"),
        PolicyDocument=policy({"Action": "secretsmanager:GetSecretValue", "Resource": secret}),
    )
    name = f"qp-dualtetrax-{environment}-api"
    keep(built, environment, "function-logs", f"/aws/lambda/{name}")
    made = built.client("lambda").create_function(
        FunctionName=name,
        Runtime="nodejs18.x",
        Handler="index.handler",
        Role=role["Arn"],
        Code={"ZipFile": package()},
        Timeout=30,
        MemorySize=512,
        Environment={
            "Variables": {
                "NODE_ENV": "production" if environment == "prod" else "development",
                "DB_SECRET_ARN": secret,
            }
        },
        VpcConfig={
            "SubnetIds": isolated(built, environment),
            "SecurityGroupIds": [built[part(environment, "function-group")]],
        },
        Tags=tags(environment),
    )
    built.put(part(environment, "function"), name, made["FunctionArn"])


def keep(built: Built, environment: str, role: str, group: str) -> None:
    logs = built.client("logs")
    logs.create_log_group(logGroupName=group, tags=tags(environment))
    logs.put_retention_policy(logGroupName=group, retentionInDays=DAYS_OF_LOGS[environment])
    built.put(part(environment, role), group, f"arn:aws:logs:{REGION}:{built.account}:log-group:{group}")


def build_api(built: Built, environment: str) -> None:
    rest, name = built.client("apigateway"), f"qp-dualtetrax-{environment}-api"
    made = rest.create_rest_api(name=name, description=f"DualTetraX API - {environment}", tags=tags(environment))
    api = built.put(part(environment, "api"), made["id"], f"arn:aws:apigateway:{REGION}::/restapis/{made['id']}")
    paths = {"": made["rootResourceId"]}
    for path, methods in ROUTES:
        words = path.strip("/").split("/")
        for length in range(1, len(words) + 1):
            here, above = "/".join(words[:length]), "/".join(words[: length - 1])
            if here not in paths:
                paths[here] = add_resource(rest, api, paths[above], words[length - 1])
        for verb, role in methods.items():
            add_method(built, environment, role, paths["/".join(words)], verb)
    for path, resource in paths.items():
        if path:
            built.put(part(environment, f"preflight/{path}"), add_preflight(rest, api, resource))
    built.client("lambda").add_permission(
        FunctionName=built[part(environment, "function")],
        StatementId=made_by_cdk(environment, "API", "ApiPermission"),
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{built.account}:{api}/*/*/*",
    )


def add_resource(rest: Any, api: str, above: str, name: str) -> str:
    return str(rest.create_resource(restApiId=api, parentId=above, pathPart=name)["id"])


def add_method(built: Built, environment: str, role: str, resource: str, verb: str) -> None:
    rest, api = built.client("apigateway"), built[part(environment, "api")]
    where = {"restApiId": api, "resourceId": resource, "httpMethod": verb}
    rest.put_method(**where, authorizationType="NONE")
    function = built.arn(part(environment, "function"))
    rest.put_integration(
        **where,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
    )
    built.put(part(environment, role), f"{api}/{resource}/{verb}")


def add_preflight(rest: Any, api: str, resource: str) -> str:
    where = {"restApiId": api, "resourceId": resource, "httpMethod": "OPTIONS"}
    rest.put_method(**where, authorizationType="NONE")
    rest.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 204}'})
    headers = {f"method.response.header.{name}": value for name, value in ALLOWED.items()}
    rest.put_method_response(**where, statusCode="204", responseParameters=dict.fromkeys(headers, True))
    rest.put_integration_response(**where, statusCode="204", responseParameters=headers)
    return f"{api}/{resource}/OPTIONS"


def build_stage(built: Built, environment: str) -> None:
    rest, api = built.client("apigateway"), built[part(environment, "api")]
    deployed = rest.create_deployment(restApiId=api)["id"]
    rest.create_stage(restApiId=api, stageName=environment, deploymentId=deployed, tags=tags(environment))
    change = [{"op": "replace", "path": f"/*/*/{name}", "value": value} for name, value in SETTINGS.items()]
    rest.update_stage(restApiId=api, stageName=environment, patchOperations=change)
    built.put(part(environment, "stage"), f"{api}/{environment}")
    keep(built, environment, "api-logs", f"API-Gateway-Execution-Logs_{api}/{environment}")
