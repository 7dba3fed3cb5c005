"""What people do to a dualtetrax account, one thing at a time, and what must be said of it."""

from __future__ import annotations

import json

from auditor.sandbox.cuggu.compute import package
from auditor.sandbox.dualtetrax.names import part
from tests.accounts.mutation import Harmless, Mutation


def dev(role):
    return part("dev", role)


def prod(role):
    return part("prod", role)


def database(built, role, **settings):
    built.client("rds").modify_db_instance(DBInstanceIdentifier=built[role], ApplyImmediately=True, **settings)


def function(built, role, **settings):
    built.client("lambda").update_function_configuration(FunctionName=built[role], **settings)


def variables(built, role, **values):
    function(built, role, Environment={"Variables": values})


def stage(built, role, path, value):
    api, name = built[role].split("/")
    change = [{"op": "replace", "path": f"/*/*/{path}", "value": value}]
    built.client("apigateway").update_stage(restApiId=api, stageName=name, patchOperations=change)


def method(built, role):
    api, resource, verb = built[role].split("/")
    return {"restApiId": api, "resourceId": resource, "httpMethod": verb}


def integrate(built, role, function_name):
    target = f"arn:aws:lambda:us-east-1:{built.account}:function:{function_name}"
    built.client("apigateway").put_integration(
        **method(built, role),
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{target}/invocations",
    )


def cors(built, role, header, value):
    rest = built.client("apigateway")
    where = {**method(built, role), "statusCode": "204"}
    headers = rest.get_integration_response(**where)["responseParameters"]
    headers[f"method.response.header.Access-Control-Allow-{header}"] = value
    rest.put_integration_response(**where, responseParameters=headers)


def alarm(built, **changed):
    watch = built.client("cloudwatch")
    (found,) = watch.describe_alarms(AlarmNames=[built["cost-alarm"]])["MetricAlarms"]
    names = ("AlarmName", "AlarmDescription", "Namespace", "MetricName", "Statistic", "Dimensions", "Period", "Threshold",
             "EvaluationPeriods", "ComparisonOperator", "ActionsEnabled", "AlarmActions")  # fmt: skip
    watch.put_metric_alarm(**{name: found[name] for name in names} | changed)


def distribution(built, role, change):
    client = built.client("cloudfront")
    read = client.get_distribution_config(Id=built[role])
    change(read["DistributionConfig"])
    client.update_distribution(Id=built[role], IfMatch=read["ETag"], DistributionConfig=read["DistributionConfig"])


def disabled(config):
    config["Enabled"] = False


def elsewhere(config):
    config["Origins"]["Items"][0] |= {
        "DomainName": "frontend.example.com",
        "OriginAccessControlId": "",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }
    config["Origins"]["Items"][0].pop("S3OriginConfig")


def route_out(built, role):
    built.client("ec2").create_route(
        RouteTableId=built[role], DestinationCidrBlock="0.0.0.0/0", GatewayId=built[dev("internet-gateway")]
    )


def nat_gateway(built):
    ec2 = built.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=built[dev("public-subnet-a")], AllocationId=address)
    built.ids["nat"] = made["NatGateway"]["NatGatewayId"]


def inline(built, role, *statements):
    iam = built.client("iam")
    (name,) = iam.list_role_policies(RoleName=built[role])["PolicyNames"]
    body = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
    iam.put_role_policy(RoleName=built[role], PolicyName=name, PolicyDocument=json.dumps(body))


def forbid(built, role):
    policy = built.client("lambda").get_policy(FunctionName=built[role])["Policy"]
    for statement in json.loads(policy)["Statement"]:
        built.client("lambda").remove_permission(FunctionName=built[role], StatementId=statement["Sid"])


def stranger_in_the_vpc(built):
    role = built.client("iam").get_role(RoleName=built[dev("function-role")])["Role"]["Arn"]
    built.client("lambda").create_function(
        FunctionName="quick-export", Runtime="nodejs22.x", Handler="index.handler", Role=role, Code={"ZipFile": package()},
        VpcConfig={"SubnetIds": [built[dev("isolated-subnet-a")]], "SecurityGroupIds": [built[dev("function-group")]]},
    )  # fmt: skip


SECRET = {"Action": "secretsmanager:GetSecretValue"}


def for_api_of_prod(built):
    forbid(built, dev("function"))
    built.client("lambda").add_permission(
        FunctionName=built[dev("function")], StatementId="api", Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:{built.account}:{built[prod('api')]}/*/*/*",
    )  # fmt: skip


MUTATIONS = (
    Mutation("prod on dev's class", lambda b: database(b, prod("database"), DBInstanceClass="db.t4g.micro"), "database", "database/class", environment="prod"),
    Mutation("dev on a larger class", lambda b: database(b, dev("database"), DBInstanceClass="db.t4g.small"), "database", "database/class"),
    Mutation("database made public", lambda b: database(b, dev("database"), PubliclyAccessible=True), "database", "database/not-public"),
    Mutation("a second zone", lambda b: database(b, prod("database"), MultiAZ=True), "database", "database/single-zone", environment="prod"),
    Mutation("prod keeps backups for dev's week", lambda b: database(b, prod("database"), BackupRetentionPeriod=7), "database", "database/backups", environment="prod"),
    Mutation("no backups", lambda b: database(b, dev("database"), BackupRetentionPeriod=0), "database", "database/backups"),
    Mutation("backups at another time", lambda b: database(b, dev("database"), PreferredBackupWindow="05:00-06:00"), "database", "database/backup-window"),
    Mutation("more storage", lambda b: database(b, dev("database"), AllocatedStorage=100), "database", "database/storage"),
    Mutation("older storage", lambda b: database(b, dev("database"), StorageType="gp2"), "database", "database/storage-type"),
    Mutation("another major version", lambda b: database(b, dev("database"), EngineVersion="16.3"), "database", "database/version"),
    Mutation("isolated subnet routed to the Internet", lambda b: route_out(b, dev("isolated-routes-a")), "isolated-subnet-a", "isolated-subnet/kind"),
    Mutation("database no longer isolated", lambda b: route_out(b, dev("isolated-routes-b")), "database", "database/isolated"),
    Mutation("a NAT gateway", nat_gateway, "nat", "absent/nat-gateway", "extra"),
    Mutation("secret deleted", lambda b: b.client("secretsmanager").delete_secret(SecretId=b[dev("secret")], ForceDeleteWithoutRecovery=True), "", "secret", "missing"),
    Mutation("function with less memory", lambda b: function(b, dev("function"), MemorySize=256), "function", "function/memory"),
    Mutation("function with a shorter timeout", lambda b: function(b, prod("function"), Timeout=10), "function", "function/timeout", environment="prod"),
    Mutation("another runtime", lambda b: function(b, dev("function"), Runtime="nodejs22.x"), "function", "function/runtime"),
    Mutation("another handler", lambda b: function(b, dev("function"), Handler="app.main"), "function", "function/handler"),
    Mutation("function forgets its secret", lambda b: variables(b, dev("function"), NODE_ENV="development"), "function", "function/knows-its-secret"),
    Mutation("function forgets its environment", lambda b: variables(b, dev("function"), DB_SECRET_ARN=b.arn(dev("secret"))), "function", "function/knows-its-environment"),
    Mutation("function may not read the secret", lambda b: inline(b, dev("function-role"), {"Action": "logs:PutLogEvents", "Resource": "*"}), "function", "link/function-secret", "unlinked"),
    Mutation("function may read every secret", lambda b: inline(b, dev("function-role"), {**SECRET, "Resource": "*"}), "function-role", "function-role/one-secret"),
    Mutation("API may not call the function", lambda b: forbid(b, dev("function")), "function", "function/callable"),
    Mutation("other rate", lambda b: stage(b, dev("stage"), "throttling/rateLimit", "1000"), "stage", "stage/rate"),
    Mutation("other burst", lambda b: stage(b, prod("stage"), "throttling/burstLimit", "5000"), "stage", "stage/burst", environment="prod"),
    Mutation("logs of errors only", lambda b: stage(b, dev("stage"), "logging/loglevel", "ERROR"), "stage", "stage/log-level"),
    Mutation("stage deleted", lambda b: b.client("apigateway").delete_stage(restApiId=b[dev("api")], stageName="dev"), "", "stage", "missing"),
    Mutation("route deleted", lambda b: b.client("apigateway").delete_method(**method(b, dev("log-out"))), "", "log-out", "missing"),
    Mutation("route to another function", lambda b: integrate(b, dev("post-devices"), "partner-hooks"), "post-devices", "link/post-devices-function", "unlinked"),
    Mutation("dev's route to prod's function", lambda b: integrate(b, dev("get-health"), b[prod("function")]), "get-health", "link/health-function", "unlinked"),
    Mutation("preflight deleted", lambda b: b.client("apigateway").delete_method(**method(b, dev("preflight/api/devices"))), "", "preflight", "missing"),
    Mutation("one origin only", lambda b: cors(b, dev("preflight/api/health"), "Origin", "'https://app.dualtetrax.com'"), "preflight/api/health", "preflight/origins"),
    Mutation("fewer methods for browsers", lambda b: cors(b, dev("preflight/api/health"), "Methods", "'GET,POST'"), "preflight/api/health", "preflight/methods"),
    Mutation("other headers for browsers", lambda b: cors(b, dev("preflight/api/sessions"), "Headers", "'Content-Type'"), "preflight/api/sessions", "preflight/headers"),
    Mutation("no user pool left", lambda b: delete_pools(b, b[dev("user-pool")], pool_of(b, "intranet")), "", "user-pool", "missing"),
    Mutation("distribution disabled", lambda b: distribution(b, dev("cdn"), disabled), "cdn", "cdn/enabled"),
    Mutation("distribution serves from elsewhere", lambda b: distribution(b, dev("cdn"), elsewhere), "", "site-bucket", "missing"),
    Mutation("dev keeps logs for a month", lambda b: b.client("logs").put_retention_policy(logGroupName=b[dev("function-logs")], retentionInDays=30), "function-logs", "function-logs/kept"),
    Mutation("log group deleted", lambda b: b.client("logs").delete_log_group(logGroupName=b[prod("function-logs")]), "", "function-logs", "missing", environment="prod"),
    Mutation("alarm at 500 USD", lambda b: alarm(b, Threshold=500), "cost-alarm", "cost-alarm/threshold", shared=True),
    Mutation("alarm on one service's charges", lambda b: alarm(b, Dimensions=[{"Name": "Currency", "Value": "USD"}, {"Name": "ServiceName", "Value": "AmazonRDS"}]), "cost-alarm", "cost-alarm/currency", shared=True),
    Mutation("alarm silenced", lambda b: alarm(b, ActionsEnabled=False), "cost-alarm", "cost-alarm/armed", shared=True),
    Mutation("alarm tells nobody", lambda b: alarm(b, AlarmActions=[]), "", "cost-topic", "missing", shared=True),
    Mutation("nobody hears of the bill", lambda b: b.client("sns").unsubscribe(SubscriptionArn=b["cost-mail"]), "", "cost-mail", "missing", shared=True),
    Mutation("alarm deleted", lambda b: b.client("cloudwatch").delete_alarms(AlarmNames=[b["cost-alarm"]]), "", "cost-alarm", "missing", shared=True),
    Mutation("deployer deleted", lambda b: (b.client("iam").delete_user_policy(UserName=b["deployer"], PolicyName="deploy"), b.client("iam").delete_user(UserName=b["deployer"])), "", "deployer", "missing", shared=True),
    Mutation("undeclared function in the VPC", stranger_in_the_vpc, "quick-export", "undeclared", "extra"),
    Mutation("permission for prod's API", for_api_of_prod, "function", "function/callable"),
    Mutation("function may read prod's secret as well", lambda b: inline(b, dev("function-role"), {**SECRET, "Resource": [b.arn(dev("secret")), b.arn(prod("secret"))]}), "function-role", "function-role/one-secret"),
    Mutation("function may do everything to its secret", lambda b: inline(b, dev("function-role"), {"Action": "secretsmanager:*", "Resource": b.arn(dev("secret"))}), "function-role", "function-role/one-secret"),
)  # fmt: skip


def delete_pools(built, *pools):
    for pool in pools:
        built.client("cognito-idp").delete_user_pool(UserPoolId=pool)


def pool_of(built, name):
    pools = built.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    return next(each["Id"] for each in pools if each["Name"] == name)


def tag(built):
    built.client("ec2").create_tags(Resources=[built[dev("vpc")]], Tags=[{"Key": "owner", "Value": "platform"}])
    built.client("rds").add_tags_to_resource(
        ResourceName=built.arn(dev("database")), Tags=[{"Key": "cost", "Value": "x"}]
    )


def split_policy(built):
    secret = built.arn(dev("secret"))
    inline(
        built,
        dev("function-role"),
        {"Sid": "Describe", "Action": ["secretsmanager:DescribeSecret"], "Resource": [secret]},
        {"Sid": "Read", **SECRET, "Resource": [secret]},
    )


def one_more_method(built):
    where = {**method(built, dev("get-health")), "httpMethod": "HEAD"}
    built.client("apigateway").put_method(**where, authorizationType="NONE")
    built.client("apigateway").put_integration(**where, type="MOCK")


HARMLESS = (
    Harmless("tags", tag),
    Harmless("a minor version by RDS itself", lambda b: database(b, dev("database"), EngineVersion="15.7")),
    Harmless("a policy written in more statements", split_policy),
    Harmless("one more method", one_more_method),
    Harmless("the allowed methods in another order", lambda b: cors(b, dev("preflight/api/health"), "Methods", "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'")),
    Harmless("a spare group", lambda b: b.client("ec2").create_security_group(GroupName="spare", Description="spare", VpcId=b[dev("vpc")])),
    Harmless("one more log group", lambda b: b.client("logs").create_log_group(logGroupName="/adhoc/export")),
    Harmless("prod keeps its logs longer", lambda b: b.client("logs").put_retention_policy(logGroupName=b[prod("function-logs")], retentionInDays=365)),
    Harmless("one more alarm", lambda b: b.client("cloudwatch").put_metric_alarm(AlarmName="api-errors", Namespace="AWS/Lambda", MetricName="Errors", Dimensions=[{"Name": "FunctionName", "Value": b[dev("function")]}], Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold", AlarmActions=[b["cost-topic"]])),
    Harmless("a second reader of the bill", lambda b: b.client("sns").subscribe(TopicArn=b["cost-topic"], Protocol="email", Endpoint="cfo@dualtetrax.com")),
    Harmless("the alarm described otherwise", lambda b: alarm(b, AlarmDescription="over budget")),
    Harmless("deletion protection", lambda b: database(b, dev("database"), DeletionProtection=True)),
    Harmless("one more variable", lambda b: variables(b, dev("function"), NODE_ENV="development", DB_SECRET_ARN=b.arn(dev("secret")), LOG_LEVEL="debug")),
    Harmless("tracing", lambda b: function(b, dev("function"), TracingConfig={"Mode": "Active"})),
    Harmless("a gateway endpoint for S3", lambda b: b.client("ec2").create_vpc_endpoint(VpcId=b[dev("vpc")], ServiceName="com.amazonaws.us-east-1.s3", VpcEndpointType="Gateway", RouteTableIds=[b[dev("isolated-routes-a")]])),
    Harmless("versions of files", lambda b: b.client("s3").put_bucket_versioning(Bucket=b[dev("files")], VersioningConfiguration={"Status": "Enabled"})),
)  # fmt: skip
