"""Section 2, compute and scheduler: the OpenNext server, the image optimizer, the nightly cleanup.

Server: 1024 MB, 60 s, its URL streams (SSE). Cleanup: 5 minutes, every night at 03:00 in Seoul = 18:00 UTC.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import TAGS, named, policy, tag_list, trust

IN_VPC = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
NIGHTLY = "cron(0 18 * * ? *)"
RETENTION = 30


def build(built: Built) -> None:
    secret = [
        {"Action": "secretsmanager:GetSecretValue", "Resource": built.arn("database-secret")},
        {"Action": "kms:Decrypt", "Resource": built.arn("key")},
    ]
    images = built.arn("images-bucket")
    build_function(
        built,
        "server",
        named("WebServerApnortheast2", "kbxmtshn"),
        managed=IN_VPC,
        may=[
            {"Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Resource": f"{images}/*"},
            {"Action": "s3:GetObject", "Resource": f"{built.arn('static-bucket')}/_cache/*"},
            *secret,
        ],
        MemorySize=1024,
        Timeout=60,
        VpcConfig=inside(built),
        Environment={"Variables": environment(built)},
        Description="Next.js server",
    )
    build_function(
        built,
        "image-optimizer",
        named("WebImageOptimizer", "mwzdsehx"),
        role="image-role",
        logs="image-logs",
        managed=BASIC,
        may=[{"Action": "s3:GetObject", "Resource": f"{built.arn('static-bucket')}/*"}],
        MemorySize=1536,
        Timeout=25,
        Environment={"Variables": {"BUCKET_NAME": built["static-bucket"], "BUCKET_KEY_PREFIX": "_assets"}},
        Description="Next.js image optimization function",
    )
    build_function(
        built,
        "cleanup",
        named("ExpireInvitationsHandler", "bdvxwnat"),
        managed=IN_VPC,
        may=[
            {"Action": "s3:DeleteObject", "Resource": f"{images}/*"},
            {"Action": "s3:ListBucket", "Resource": images},
            *secret,
        ],
        MemorySize=512,
        Timeout=300,
        VpcConfig=inside(built),
        Environment={"Variables": environment(built)},
        Description="Removes invitations past their date, and their photos",
    )
    functions = built.client("lambda")
    for role, function, mode in (
        ("server-url", "server", "RESPONSE_STREAM"),
        ("image-url", "image-optimizer", "BUFFERED"),
    ):
        made = functions.create_function_url_config(FunctionName=built[function], AuthType="AWS_IAM", InvokeMode=mode)
        built.put(role, made["FunctionUrl"])
    build_schedule(built)


def inside(built: Built) -> dict[str, Any]:
    return {
        "SubnetIds": [built["private-subnet-a"], built["private-subnet-b"]],
        "SecurityGroupIds": [built["function-group"]],
    }


def environment(built: Built) -> dict[str, str]:
    """Where the parts are, no secrets: those are read from Secrets Manager."""
    proxies = built.client("rds").describe_db_proxies(DBProxyName=built["proxy"])["DBProxies"]
    return {
        "DATABASE_HOST": proxies[0]["Endpoint"],
        "DATABASE_SECRET_ARN": built.arn("database-secret"),
        "S3_BUCKET": built["images-bucket"],
        "NEXT_PUBLIC_IMAGE_HOST": "https://img.cuggu.com",
        "UPSTASH_REDIS_REST_URL": "https://apn2-fond-crane-33121.upstash.io",
    }


def build_function(
    built: Built,
    part: str,
    name: str,
    *,
    managed: str,
    may: list[dict[str, Any]],
    role: str = "",
    logs: str = "",
    **settings: Any,
) -> None:
    """A function with a role and a log group of its own."""
    iam = built.client("iam")
    made = iam.create_role(
        RoleName=f"{name.rpartition('-')[0]}Role-{name.rpartition('-')[2]}",
        AssumeRolePolicyDocument=trust("lambda.amazonaws.com"),
        Tags=tag_list(),
    )["Role"]
    built.put(role or f"{part}-role", made["RoleName"], made["Arn"])
    iam.attach_role_policy(RoleName=made["RoleName"], PolicyArn=managed)
    iam.put_role_policy(RoleName=made["RoleName"], PolicyName="inline", PolicyDocument=policy(*may))
    group = f"/aws/lambda/{name}"
    watcher = built.client("logs")
    watcher.create_log_group(logGroupName=group, tags=dict(TAGS))
    watcher.put_retention_policy(logGroupName=group, retentionInDays=RETENTION)
    built.put(logs or f"{part}-logs", group, f"arn:aws:logs:ap-northeast-2:{built.account}:log-group:{group}")
    function = built.client("lambda").create_function(
        FunctionName=name,
        Runtime="nodejs22.x",
        Architectures=["arm64"],
        Handler="index.handler",
        Role=made["Arn"],
        Code={"ZipFile": package()},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": group},
        Tags=dict(TAGS),
        **settings,
    )
    built.put(part, name, function["FunctionArn"])


def package() -> bytes:
    """A zip file that is the same every time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.mjs"), "export const handler = async () => ({ statusCode: 200 });\n")
    return held.getvalue()


def build_schedule(built: Built) -> None:
    events = built.client("events")
    name = named("ExpireInvitationsRule", "szxmwdav")
    rule = events.put_rule(
        Name=name,
        ScheduleExpression=NIGHTLY,
        State="ENABLED",
        Description="03:00 in Seoul",
        Tags=tag_list(),
    )
    built.put("cleanup-schedule", name, rule["RuleArn"])
    events.put_targets(
        Rule=name,
        Targets=[{"Id": "handler", "Arn": built.arn("cleanup"), "RetryPolicy": {"MaximumRetryAttempts": 2}}],
    )
    built.client("lambda").add_permission(
        FunctionName=built["cleanup"],
        StatementId=named("ExpireInvitationsPermission", "hbkrxzwt"),
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule["RuleArn"],
    )
