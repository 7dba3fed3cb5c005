"""What people do to a couple account, one thing at a time, and what must be said of it."""

from __future__ import annotations

import json

from auditor.sandbox.couple.edge import CACHING_DISABLED, to_https
from auditor.sandbox.couple.names import part
from auditor.sandbox.cuggu.compute import package
from tests.accounts.dualtetrax_mutations import distribution
from tests.accounts.mutation import Harmless, Mutation


def prod(role):
    return part("prod", role)


def dev(role):
    return part("dev", role)


def database(built, **settings):
    built.client("rds").modify_db_instance(
        DBInstanceIdentifier=built[prod("database")], ApplyImmediately=True, **settings
    )


def parameter(built, value):
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}
    built.client("rds").modify_db_parameter_group(DBParameterGroupName=built[prod("parameters")], Parameters=[forced])


def cache(built, **settings):
    built.client("elasticache").modify_replication_group(
        ReplicationGroupId=built[prod("cache")], ApplyImmediately=True, **settings
    )


def service(built, environment="prod", **settings):
    built.client("ecs").update_service(cluster=built[part(environment, "cluster")], service="web", **settings)


def strategy(*shares):
    return [{"capacityProvider": name, "weight": weight} for name, weight in shares]


def placed(built, kind, public="DISABLED", group="app-group"):
    found = {
        "subnets": [built[prod(f"{kind}-subnet-{zone}")] for zone in "ac"],
        "securityGroups": [built[prod(group)]],
        "assignPublicIp": public,
    }
    service(built, networkConfiguration={"awsvpcConfiguration": found})


def revised(built, change):
    """A new revision of the task definition, which the service then runs."""
    ecs = built.client("ecs")
    old = ecs.describe_task_definition(taskDefinition=built[prod("task")])["taskDefinition"]
    kept = ("family", "networkMode", "requiresCompatibilities", "cpu", "memory", "taskRoleArn", "executionRoleArn")
    new = {name: old[name] for name in (*kept, "containerDefinitions")}
    change(new)
    service(built, taskDefinition=ecs.register_task_definition(**new)["taskDefinition"]["taskDefinitionArn"])


def scaling(built, **settings):
    resource, dimension, space = built[prod("scaling")].split("|")
    built.client("application-autoscaling").register_scalable_target(
        ServiceNamespace=space, ResourceId=resource, ScalableDimension=dimension, **settings
    )


def unscaled(built):
    resource, dimension, space = built[prod("scaling")].split("|")
    built.client("application-autoscaling").deregister_scalable_target(
        ServiceNamespace=space, ResourceId=resource, ScalableDimension=dimension
    )


def unpolicied(built):
    resource, dimension, space = built[prod("scaling")].split("|")
    built.client("application-autoscaling").delete_scaling_policy(
        PolicyName="couple-prod-web-cpu", ServiceNamespace=space, ResourceId=resource, ScalableDimension=dimension
    )


def admit(built, role, port, source, last=None, protocol="tcp"):
    allowed = {"IpProtocol": protocol, **source}
    if protocol != "-1":
        allowed |= {"FromPort": port, "ToPort": last or port}
    built.client("ec2").authorize_security_group_ingress(GroupId=built[prod(role)], IpPermissions=[allowed])


def refuse(built, role, port, source):
    allowed = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "UserIdGroupPairs": [{"GroupId": built[prod(source)]}],
    }
    built.client("ec2").revoke_security_group_ingress(GroupId=built[prod(role)], IpPermissions=[allowed])


def anyone(address="0.0.0.0/0"):
    return {"IpRanges": [{"CidrIp": address}]}


def route_out(built, kind):
    built.client("ec2").replace_route(
        RouteTableId=built[prod(f"{kind}-routes")],
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId=built[prod("internet-gateway")],
    )


def route_in(built, kind):
    built.client("ec2").create_route(
        RouteTableId=built[prod(f"{kind}-routes")],
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId=built[prod("internet-gateway")],
    )


def inline(built, role, *statements):
    body = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
    built.client("iam").put_role_policy(RoleName=built[prod(role)], PolicyName="added", PolicyDocument=json.dumps(body))


def rewritten(built, role, *statements):
    body = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
    built.client("iam").put_role_policy(
        RoleName=built[prod(role)], PolicyName="inline", PolicyDocument=json.dumps(body)
    )


def attach(built, role, policy):
    built.client("iam").attach_role_policy(RoleName=built[prod(role)], PolicyArn=f"arn:aws:iam::aws:policy/{policy}")


def acl(built, role, region, change):
    waf = built.client("wafv2", region)
    name, number, scope = built[prod(role)].split("|")
    read = waf.get_web_acl(Name=name, Id=number, Scope=scope)
    found = read["WebACL"]
    change(found)
    waf.update_web_acl(
        Name=name, Id=number, Scope=scope, DefaultAction=found["DefaultAction"], Rules=found.get("Rules", []),
        VisibilityConfig=found["VisibilityConfig"], LockToken=read["LockToken"],
    )  # fmt: skip


def only_counting(found):
    for rule in found["Rules"]:
        rule["OverrideAction"] = {"Count": {}}


def one_rule_that_counts(found):
    statement = {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}}
    seen = found["VisibilityConfig"]
    found["Rules"] = [
        {"Name": "rate", "Priority": 1, "Statement": statement, "Action": {"Count": {}}, "VisibilityConfig": seen}
    ]


def listener(built, role, **settings):
    built.client("elbv2").modify_listener(ListenerArn=built[prod(role)], **settings)


def without_firewall(config):
    config["WebACLId"] = ""


def disabled(config):
    config["Enabled"] = False


def koreans_only(config):
    country = {"RestrictionType": "whitelist", "Quantity": 1, "Items": ["KR"]}
    config["Restrictions"] = {"GeoRestriction": country}


def static_from_elsewhere(config):
    for origin in config["Origins"]["Items"]:
        if origin["Id"] == "static":
            origin |= {
                "DomainName": "assets.example.com",
                "OriginAccessControlId": "",
                "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
            }
            origin.pop("S3OriginConfig")


def without_memories(config):
    kept = [each for each in config["Origins"]["Items"] if each["Id"] != "memories"]
    config["Origins"] = {"Quantity": len(kept), "Items": kept}
    left = [each for each in config["CacheBehaviors"]["Items"] if each["TargetOriginId"] != "memories"]
    config["CacheBehaviors"] = {"Quantity": len(left), "Items": left}


def integration(built, uri):
    api, number = built[prod("integration")].split("/")
    built.client("apigatewayv2").update_integration(ApiId=api, IntegrationId=number, IntegrationUri=uri)


def delete_route(built, role):
    api, number = built[prod(role)].split("/")
    built.client("apigatewayv2").delete_route(ApiId=api, RouteId=number)


def function(built, role, **settings):
    built.client("lambda").update_function_configuration(FunctionName=built[prod(role)], **settings)


def outside_vpc(built):
    function(built, "socket-function", VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})


def unpermit(built, role, statement):
    built.client("lambda").remove_permission(FunctionName=built[prod(role)], StatementId=statement)


def schedule(built, **settings):
    name = built[prod("question-schedule")]
    usual = {"ScheduleExpression": "cron(0 15 * * ? *)", "State": "ENABLED"}
    built.client("events").put_rule(Name=name, **{**usual, **settings})


def alarm(built, role, **changed):
    watch = built.client("cloudwatch")
    (found,) = watch.describe_alarms(AlarmNames=[built[prod(role)]])["MetricAlarms"]
    names = ("AlarmName", "Namespace", "MetricName", "Statistic", "Dimensions", "Period", "Threshold",
             "EvaluationPeriods", "ComparisonOperator", "ActionsEnabled", "AlarmActions")  # fmt: skip
    watch.put_metric_alarm(**{name: found[name] for name in names} | changed)


def no_alarms(built):
    names = [found for role, found in built.ids.items() if role.startswith(prod("alarm-"))]
    built.client("cloudwatch").delete_alarms(AlarmNames=names)


def unscheduled(built):
    events, name = built.client("events"), built[prod("question-schedule")]
    events.remove_targets(Rule=name, Ids=["question"])
    events.delete_rule(Name=name)


def pipeline(built, change):
    client = built.client("codepipeline")
    found = client.get_pipeline(name=built[prod("pipeline")])["pipeline"]
    change(found)
    client.update_pipeline(pipeline=found)


def builds_nothing(found):
    approval = {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}
    found["stages"][1]["actions"] = [{"name": "Approve", "actionTypeId": approval, "runOrder": 1, "configuration": {}}]


def without_lifecycle(built):
    built.client("s3").delete_bucket_lifecycle(Bucket=built[prod("uploads-bucket")])


def stranger(built):
    built.client("lambda").create_function(
        FunctionName="quick-export", Runtime="python3.12", Handler="app.handler",
        Role=built.arn(prod("socket-role")), Code={"ZipFile": package()},
        VpcConfig={"SubnetIds": [built[prod("data-subnet-a")]], "SecurityGroupIds": [built[prod("app-group")]]},
    )  # fmt: skip


def second_database(built):
    built.client("rds").create_db_instance(
        DBInstanceIdentifier="couple-prod-pg-restored", Engine="postgres", EngineVersion="16.4",
        DBInstanceClass="db.t3.micro", AllocatedStorage=20, MasterUsername="couple",
        MasterUserPassword="not-a-real-password", DBSubnetGroupName=built[prod("subnet-group")],
        VpcSecurityGroupIds=[built[prod("database-group")]], PubliclyAccessible=False,
    )  # fmt: skip
    built.ids[prod("restored")] = "couple-prod-pg-restored"


HOME, SEOUL = "us-east-1", "ap-northeast-2"
TRACES = {"Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "Resource": "*"}


MUTATIONS = (
    Mutation("service deleted, and development's left", lambda b: b.client("ecs").delete_service(cluster=b[prod("cluster")], service="web", force=True), "", "service", "missing"),
    Mutation("dashboard deleted, and development's left", lambda b: b.client("cloudwatch").delete_dashboards(DashboardNames=[b[prod("dashboard")]]), "", "dashboard", "missing"),
    Mutation("web ACL of CloudFront without a rule", lambda b: acl(b, "edge-acl", HOME, lambda found: found.update(Rules=[])), "edge-acl", "edge-acl/blocks"),
    Mutation("web ACL taken from CloudFront", lambda b: distribution(b, prod("cdn"), without_firewall), "cdn", "link/cdn-acl", "unlinked"),
    Mutation("web ACL taken from the load balancer", lambda b: b.client("wafv2").disassociate_web_acl(ResourceArn=b.arn(prod("balancer"))), "balancer", "link/balancer-acl", "unlinked"),
    Mutation("web ACL of CloudFront only counts", lambda b: acl(b, "edge-acl", HOME, only_counting), "edge-acl", "edge-acl/blocks"),
    Mutation("web ACL with another rule that counts", lambda b: acl(b, "regional-acl", SEOUL, one_rule_that_counts), "regional-acl", "regional-acl/blocks"),
    Mutation("distribution disabled", lambda b: distribution(b, prod("cdn"), disabled), "cdn", "cdn/enabled"),
    Mutation("one country only", lambda b: distribution(b, prod("cdn"), koreans_only), "cdn", "cdn/worldwide"),
    Mutation("static files from another place", lambda b: distribution(b, prod("cdn"), static_from_elsewhere), "cdn", "link/cdn-static", "unlinked"),
    Mutation("pictures served no more", lambda b: distribution(b, prod("cdn"), without_memories), "uploads-bucket", "uploads-bucket/served"),
    Mutation("load balancer opened on all ports", lambda b: admit(b, "front-group", 0, anyone(), 65535), "balancer", "balancer/ports"),
    Mutation("listener redirects in a circle", lambda b: listener(b, "https", DefaultActions=[to_https()]), "https", "link/https-target", "unlinked"),
    Mutation("listener deleted", lambda b: b.client("elbv2").delete_listener(ListenerArn=b[prod("https")]), "", "https", "missing"),
    Mutation("production on Spot", lambda b: service(b, capacityProviderStrategy=strategy(("FARGATE_SPOT", 1)), forceNewDeployment=True), "service", "service/capacity"),
    Mutation("a share of production on Spot", lambda b: service(b, capacityProviderStrategy=strategy(("FARGATE", 1), ("FARGATE_SPOT", 3)), forceNewDeployment=True), "service", "service/capacity"),
    Mutation("development not on Spot", lambda b: service(b, "dev", capacityProviderStrategy=strategy(("FARGATE", 1)), forceNewDeployment=True), "service", "service/capacity", environment="dev"),
    Mutation("smaller tasks", lambda b: revised(b, lambda new: new.update(cpu="256", memory="512")), "service", "service/size"),
    Mutation("no tasks", lambda b: service(b, desiredCount=0), "service", "service/runs"),
    Mutation("tasks in public subnets", lambda b: placed(b, "public"), "service", "service/private"),
    Mutation("tasks with public addresses", lambda b: placed(b, "app", "ENABLED"), "service", "service/no-address"),
    Mutation("private subnets routed to the Internet", lambda b: route_out(b, "app"), "service", "service/private"),
    Mutation("tasks opened to every protocol", lambda b: admit(b, "app-group", 0, anyone("10.0.0.0/8"), protocol="-1"), "service", "service/ports"),
    Mutation("tasks opened to the Internet", lambda b: admit(b, "app-group", 5000, anyone()), "service", "service/ports"),
    Mutation("image from elsewhere", lambda b: revised(b, lambda new: new["containerDefinitions"][0].update(image="docker.io/somebody/web:latest")), "", "link/task-image", "unlinked"),
    Mutation("tasks may do everything to every bucket", lambda b: inline(b, "task-role", {"Action": "s3:*", "Resource": "*"}), "task-role", "task-role/least"),
    Mutation("tasks may read every secret", lambda b: inline(b, "execution-role", {"Action": "secretsmanager:GetSecretValue", "Resource": "*"}), "execution-role", "task-role/least"),
    Mutation("full access attached", lambda b: attach(b, "task-role", "AmazonS3FullAccess"), "task-role", "task-role/least"),
    Mutation("tasks may not store uploads", lambda b: rewritten(b, "task-role", TRACES), "service", "link/service-uploads", "unlinked"),
    Mutation("tasks may not send traces", lambda b: rewritten(b, "task-role", {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"{b.arn(prod('uploads-bucket'))}/*"}), "service", "service/traces"),
    Mutation("tasks may not read the database's login", lambda b: rewritten(b, "execution-role", {"Action": "secretsmanager:GetSecretValue", "Resource": b.arn(prod("api-secret"))}), "service", "link/service-secret", "unlinked"),
    Mutation("no room to scale", lambda b: scaling(b, MinCapacity=2, MaxCapacity=2), "scaling", "scaling/room"),
    Mutation("scaling suspended", lambda b: scaling(b, SuspendedState={"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": True, "ScheduledScalingSuspended": True}), "scaling", "scaling/room"),
    Mutation("no auto scaling", unscaled, "", "scaling", "missing"),
    Mutation("no scaling policy", unpolicied, "", "scaling-policy", "missing"),
    Mutation("no standby", lambda b: database(b, MultiAZ=False), "database", "database/standby"),
    Mutation("larger database", lambda b: database(b, DBInstanceClass="db.m5.large"), "database", "database/class"),
    Mutation("database made public", lambda b: database(b, PubliclyAccessible=True), "database", "database/not-public"),
    Mutation("data subnets routed to the Internet", lambda b: route_in(b, "data"), "database", "database/private"),
    Mutation("database opened to a range of ports", lambda b: admit(b, "database-group", 5400, anyone("10.70.0.0/16"), 5500), "database", "database/ports"),
    Mutation("database opened to the Internet", lambda b: admit(b, "database-group", 5432, anyone()), "database", "database/ports"),
    Mutation("plain connections to the database", lambda b: parameter(b, "0"), "database", "database/encrypted-connections"),
    Mutation("application cannot reach the database", lambda b: refuse(b, "database-group", 5432, "app-group"), "service", "link/service-database", "unlinked"),
    Mutation("larger cache", lambda b: cache(b, CacheNodeType="cache.r6g.large"), "cache", "cache/class"),
    Mutation("cache opened to another port", lambda b: admit(b, "cache-group", 22, anyone("10.70.0.0/16")), "cache", "cache/ports"),
    Mutation("application cannot reach the cache", lambda b: refuse(b, "cache-group", 6379, "app-group"), "service", "link/service-cache", "unlinked"),
    Mutation("functions cannot reach the cache", lambda b: refuse(b, "cache-group", 6379, "socket-group"), "socket-function", "link/function-cache", "unlinked"),
    Mutation("uploads stay in the standard class", without_lifecycle, "uploads-bucket", "uploads-bucket/tiering"),
    Mutation("new connections refused", lambda b: delete_route(b, "connect-route"), "", "connect-route", "missing"),
    Mutation("messages refused", lambda b: delete_route(b, "message-route"), "", "message-route", "missing"),
    Mutation("API may not call the function", lambda b: unpermit(b, "socket-function", "live"), "socket-function", "socket-function/callable"),
    Mutation("function not traced", lambda b: function(b, "socket-function", TracingConfig={"Mode": "PassThrough"}), "socket-function", "socket-function/traced"),
    Mutation("function may do everything to every table", lambda b: inline(b, "socket-role", {"Action": ["dynamodb:*"], "Resource": ["*"]}), "socket-role", "function-role/least"),
    Mutation("daily question every minute", lambda b: schedule(b, ScheduleExpression="rate(1 minute)"), "question-schedule", "question-schedule/daily"),
    Mutation("daily question disabled", lambda b: schedule(b, State="DISABLED"), "question-schedule", "question-schedule/enabled"),
    Mutation("daily question without a schedule", unscheduled, "question-function", "undeclared", "extra"),
    Mutation("schedule may not start the question", lambda b: unpermit(b, "question-function", "daily"), "question-function", "question-function/startable"),
    Mutation("alarm silenced", lambda b: alarm(b, "alarm-db-cpu", ActionsEnabled=False), "alarm-db-cpu", "alarm/armed"),
    Mutation("alarm tells nobody", lambda b: alarm(b, "alarm-web-cpu", AlarmActions=[]), "alarm-web-cpu", "alarm/heard"),
    Mutation("no alarms", no_alarms, "", "alarm", "missing"),
    Mutation("pipeline builds nothing", lambda b: pipeline(b, builds_nothing), "pipeline", "link/pipeline-project", "unlinked"),
    Mutation("pipeline deleted", lambda b: b.client("codepipeline").delete_pipeline(name=b[prod("pipeline")]), "", "pipeline", "missing"),
    Mutation("build is an administrator", lambda b: attach(b, "build-role", "AdministratorAccess"), "build-role", "delivery-role/no-admin"),
    Mutation("undeclared function in the VPC", stranger, "quick-export", "undeclared", "extra"),
    Mutation("undeclared database in the VPC", second_database, "restored", "undeclared", "extra"),
)  # fmt: skip


def tag(built):
    built.client("ec2").create_tags(Resources=[built[prod("vpc")]], Tags=[{"Key": "owner", "Value": "platform"}])
    built.client("rds").add_tags_to_resource(
        ResourceName=built.arn(prod("database")), Tags=[{"Key": "cost", "Value": "x"}]
    )


def split_policy(built):
    uploads = f"{built.arn(prod('uploads-bucket'))}/*"
    rewritten(
        built,
        "task-role",
        {"Sid": "Read", "Action": ["s3:GetObject"], "Resource": [uploads]},
        {"Sid": "Write", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": [uploads]},
        TRACES,
    )


def more_routes(built):
    api, number = built[prod("integration")].split("/")
    client = built.client("apigatewayv2")
    client.create_route(ApiId=api, RouteKey="shareMood", Target=f"integrations/{number}")


def cached_longer(config):
    for each in config["CacheBehaviors"]["Items"]:
        each["Compress"] = False
    config["DefaultCacheBehavior"]["CachePolicyId"] = CACHING_DISABLED


HARMLESS = (
    Harmless("tags", tag),
    Harmless("auto scaling moves the number of tasks", lambda b: service(b, desiredCount=4)),
    Harmless("auto scaling with wider bounds", lambda b: scaling(b, MinCapacity=1, MaxCapacity=10)),
    Harmless("a new revision of the same", lambda b: revised(b, lambda new: new["containerDefinitions"][0].update(memoryReservation=512))),
    Harmless("a policy written in more statements", split_policy),
    Harmless("another route for messages", more_routes),
    Harmless("a route without its end", lambda b: delete_route(b, "disconnect-route")),
    Harmless("behaviors set otherwise", lambda b: distribution(b, prod("cdn"), cached_longer)),
    Harmless("a spare group", lambda b: b.client("ec2").create_security_group(GroupName="spare", Description="spare", VpcId=b[prod("vpc")])),
    Harmless("one more log group", lambda b: b.client("logs").create_log_group(logGroupName="/adhoc/export")),
    Harmless("one more alarm", lambda b: b.client("cloudwatch").put_metric_alarm(AlarmName="couple-prod-db-storage", Namespace="AWS/RDS", MetricName="FreeStorageSpace", Dimensions=[{"Name": "DBInstanceIdentifier", "Value": b[prod("database")]}], Statistic="Average", Period=60, EvaluationPeriods=1, Threshold=1e9, ComparisonOperator="LessThanThreshold", AlarmActions=[b[prod("topic")]])),
    Harmless("an alarm at another threshold", lambda b: alarm(b, "alarm-db-cpu", Threshold=70)),
    Harmless("longer backups", lambda b: database(b, BackupRetentionPeriod=14)),
    Harmless("a minor version by RDS itself", lambda b: database(b, EngineVersion="16.6")),
    Harmless("versions of uploads", lambda b: b.client("s3").put_bucket_versioning(Bucket=b[prod("uploads-bucket")], VersioningConfiguration={"Status": "Enabled"})),
    Harmless("a function with more memory", lambda b: function(b, "socket-function", MemorySize=512)),
    Harmless("another firewall rule", lambda b: acl(b, "regional-acl", SEOUL, lambda found: found["Rules"].append({"Name": "rate", "Priority": 9, "Statement": {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}}, "Action": {"Block": {}}, "VisibilityConfig": found["VisibilityConfig"]}))),
    Harmless("the question at another hour", lambda b: schedule(b, ScheduleExpression="cron(30 22 * * ? *)")),
    Harmless("a gateway endpoint for S3", lambda b: b.client("ec2").create_vpc_endpoint(VpcId=b[prod("vpc")], ServiceName="com.amazonaws.ap-northeast-2.s3", VpcEndpointType="Gateway", RouteTableIds=[b[prod("app-routes")]])),
)  # fmt: skip
