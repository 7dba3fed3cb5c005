"""What people do to a cuggu account, one thing at a time, and what must be said of it."""

from __future__ import annotations

import json

from tests.accounts.mutation import Harmless, Mutation

WORLD = [{"CidrIp": "0.0.0.0/0"}]


def distribution(built, role, change):
    client = built.client("cloudfront")
    read = client.get_distribution_config(Id=built[role])
    config = read["DistributionConfig"]
    change(config)
    client.update_distribution(Id=built[role], IfMatch=read["ETag"], DistributionConfig=config)


def function(built, role, **settings):
    built.client("lambda").update_function_configuration(FunctionName=built[role], **settings)


def database(built, **settings):
    built.client("rds").modify_db_instance(DBInstanceIdentifier=built["database"], ApplyImmediately=True, **settings)


def ingress(built, role, permission):
    built.client("ec2").authorize_security_group_ingress(GroupId=built[role], IpPermissions=[permission])


def close(built, role):
    """Take every inbound rule of a group away, as it stands there."""
    ec2 = built.client("ec2")
    (group,) = ec2.describe_security_groups(GroupIds=[built[role]])["SecurityGroups"]
    ec2.revoke_security_group_ingress(GroupId=built[role], IpPermissions=group["IpPermissions"])


def trust(built, role, statement):
    iam = built.client("iam")
    document = iam.get_role(RoleName=built[role])["Role"]["AssumeRolePolicyDocument"]
    document["Statement"].append({"Effect": "Allow", "Action": "sts:AssumeRole", **statement})
    iam.update_assume_role_policy(RoleName=built[role], PolicyDocument=json.dumps(document))


def inline(built, role, *statements):
    body = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
    built.client("iam").put_role_policy(RoleName=built[role], PolicyName="inline", PolicyDocument=json.dumps(body))


def origin_without_control(built, role, control):
    def change(config):
        for origin in config["Origins"]["Items"]:
            if origin.get("OriginAccessControlId") == built[control]:
                origin["OriginAccessControlId"] = ""

    distribution(built, role, change)


def drop_origin_behaviours(config):
    config["CacheBehaviors"] = {"Quantity": 0, "Items": []}


def origin_to(built, name, domain):
    def change(config):
        for origin in config["Origins"]["Items"]:
            if origin["Id"] == name:
                origin["DomainName"] = domain

    distribution(built, "cdn", change)


def setting(key, value):
    def change(config):
        config["DefaultCacheBehavior"][key] = value

    return change


def tls(version):
    def change(config):
        config["ViewerCertificate"]["MinimumProtocolVersion"] = version

    return change


def replace_private_route(built):
    ec2 = built.client("ec2")
    ec2.replace_route(
        RouteTableId=built["private-routes"], DestinationCidrBlock="0.0.0.0/0", GatewayId=built["internet-gateway"]
    )


def delete_private_route(built):
    built.client("ec2").delete_route(RouteTableId=built["private-routes"], DestinationCidrBlock="0.0.0.0/0")


def unsubscribe(built):
    for role in ("alarm-mail", "alarm-chat"):
        built.client("sns").unsubscribe(SubscriptionArn=built[role])


def silence_alarms(built):
    watch = built.client("cloudwatch")
    for alarm in watch.describe_alarms()["MetricAlarms"]:
        kept = {key: alarm[key] for key in ("AlarmName", "Namespace", "MetricName", "Dimensions", "Period", "Threshold",
                                           "EvaluationPeriods", "ComparisonOperator", "Statistic") if key in alarm}  # fmt: skip
        watch.put_metric_alarm(**kept, AlarmActions=[], OKActions=[])


def drop_target(built):
    built.client("events").remove_targets(Rule=built["cleanup-schedule"], Ids=["handler"])


def deregister(built):
    built.client("rds").deregister_db_proxy_targets(
        DBProxyName=built["proxy"], TargetGroupName="default", DBInstanceIdentifiers=[built["database"]]
    )


def bare_record(built):
    client = built.client("route53")
    for record in client.list_resource_record_sets(HostedZoneId=built["zone"])["ResourceRecordSets"]:
        if record["Name"] in ("cuggu.com.", "www.cuggu.com.") and record["Type"] in ("A", "AAAA"):
            client.change_resource_record_sets(
                HostedZoneId=built["zone"],
                ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]},
            )


def public_bucket_policy(built):
    bucket = built["images-bucket"]
    s3 = built.client("s3")
    s3.delete_public_access_block(Bucket=bucket)
    built.client("s3control").delete_public_access_block(AccountId=built.account)
    document = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    document["Statement"].append(
        {
            "Sid": "Share",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/*",
        }
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))


def public_instance(built):
    from auditor.sandbox.drifts import start_instance

    start_instance(built)


def stranger_in_the_vpc(built):
    from auditor.sandbox.cuggu.compute import package

    role = built.client("iam").get_role(RoleName=built["cleanup-role"])["Role"]["Arn"]
    built.client("lambda").create_function(
        FunctionName="quick-export", Runtime="nodejs22.x", Handler="index.handler", Role=role, Code={"ZipFile": package()},
        VpcConfig={"SubnetIds": [built["private-subnet-a"]], "SecurityGroupIds": [built["function-group"]]},
    )  # fmt: skip


MUTATIONS = (
    Mutation("database made public", lambda b: database(b, PubliclyAccessible=True), "database", "database/not-public"),
    Mutation("database on another class", lambda b: database(b, DBInstanceClass="db.t4g.large"), "database", "database/class"),
    Mutation("server with less memory", lambda b: function(b, "server", MemorySize=512), "server", "server/memory"),
    Mutation("server with a shorter timeout", lambda b: function(b, "server", Timeout=30), "server", "server/timeout"),
    Mutation("cleanup with a shorter timeout", lambda b: function(b, "cleanup", Timeout=60), "cleanup", "cleanup/timeout"),
    Mutation("streaming switched off", lambda b: b.client("lambda").update_function_url_config(FunctionName=b["server"], InvokeMode="BUFFERED"), "server", "server/streaming"),
    Mutation("function URL open", lambda b: b.client("lambda").update_function_url_config(FunctionName=b["server"], AuthType="NONE"), "server-url", "function-url-authenticated", "rule"),
    Mutation("cron moved", lambda b: b.client("events").put_rule(Name=b["cleanup-schedule"], ScheduleExpression="cron(0 3 * * ? *)", State="ENABLED"), "cleanup-schedule", "schedule/cron"),
    Mutation("cron switched off", lambda b: b.client("events").disable_rule(Name=b["cleanup-schedule"]), "cleanup-schedule", "schedule/enabled"),
    Mutation("cron drives nothing", drop_target, "cleanup-schedule", "link/schedule-cleanup", "unlinked"),
    Mutation("static origin unsigned", lambda b: origin_without_control(b, "cdn", "static-access"), "cdn", "s3-origins-signed", "rule"),
    Mutation("image origin unsigned", lambda b: origin_without_control(b, "image-cdn", "images-access"), "image-cdn", "s3-origins-signed", "rule"),
    Mutation("viewers may use http", lambda b: distribution(b, "cdn", setting("ViewerProtocolPolicy", "allow-all")), "cdn", "viewers-use-https", "rule"),
    Mutation("old TLS", lambda b: distribution(b, "cdn", tls("TLSv1_2016")), "cdn", "viewers-use-modern-tls", "rule"),
    Mutation("middleware removed", lambda b: distribution(b, "cdn", setting("FunctionAssociations", {"Quantity": 0})), "cdn", "cdn/middleware-first"),
    Mutation("server no longer an origin", lambda b: origin_to(b, "server", "legacy.example.com"), "cdn", "link/cdn-server", "unlinked"),
    Mutation("images no longer optimised", lambda b: origin_to(b, "imageOptimizer", "resize.example.com"), "cdn", "link/cdn-image-optimizer", "unlinked"),
    Mutation("records no longer lead to CloudFront", bare_record, "", "record", "missing"),
    Mutation("private subnets routed to the Internet", replace_private_route, "private-subnet-a", "private-subnet-a/kind"),
    Mutation("private subnets without a way out", delete_private_route, "server", "link/server-nat", "unlinked"),
    Mutation("database port open to the world", lambda b: ingress(b, "database-group", {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": WORLD}), "database-group", "ports-closed-to-world", "rule"),
    Mutation("ssh open in two halves", lambda b: ingress(b, "function-group", {"IpProtocol": "tcp", "FromPort": 20, "ToPort": 30, "IpRanges": [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]}), "function-group", "ports-closed-to-world", "rule"),
    Mutation("proxy admits nobody", lambda b: close(b, "proxy-group"), "server", "link/server-proxy", "unlinked"),
    Mutation("database admits nobody", lambda b: close(b, "database-group"), "proxy", "link/proxy-database", "unlinked"),
    Mutation("proxy without its database", deregister, "proxy", "link/proxy-database", "unlinked"),
    Mutation("server may not write images", lambda b: inline(b, "server-role", {"Action": "s3:GetObject", "Resource": "*"}), "server", "link/server-images", "unlinked"),
    Mutation("cleanup may not delete images", lambda b: inline(b, "cleanup-role", {"Action": "s3:ListBucket", "Resource": "*"}), "cleanup", "link/cleanup-images", "unlinked"),
    Mutation("log retention lost", lambda b: b.client("logs").delete_retention_policy(logGroupName=b["server-logs"]), "server-logs", "logs-kept", "rule"),
    Mutation("log group deleted", lambda b: b.client("logs").delete_log_group(logGroupName=b["cleanup-logs"]), "", "cleanup-logs", "missing"),
    Mutation("the only alarm on the cleanup deleted", lambda b: b.client("cloudwatch").delete_alarms(AlarmNames=[b["alarm-on-cleanup-errors"]]), "cleanup", "cleanup/watched"),
    Mutation("nobody hears the alarms", unsubscribe, "alarm-topic", "topic/reaches-people"),
    Mutation("alarms tell nobody", silence_alarms, "", "topic/armed"),
    Mutation("role trusts anybody", lambda b: trust(b, "server-role", {"Principal": {"AWS": "*"}}), "server-role", "role-trust-closed", "rule"),
    Mutation("role trusts another account", lambda b: trust(b, "cleanup-role", {"Principal": {"AWS": "arn:aws:iam::999988887777:root"}}), "cleanup-role", "role-trust-closed", "rule"),
    Mutation("role made administrator", lambda b: inline(b, "server-role", {"Action": "*", "Resource": "*"}), "server-role", "no-administrator-policies", "rule"),
    Mutation("key no longer rotates", lambda b: b.client("kms").disable_key_rotation(KeyId=b["key"]), "key", "keys-rotate", "rule"),
    Mutation("public access block removed", lambda b: b.client("s3").delete_public_access_block(Bucket=b["images-bucket"]), "images-bucket", "bucket-public-access-blocked", "rule"),
    Mutation("images shared with everybody", public_bucket_policy, "images-bucket", "bucket-policy-not-public", "rule"),
    Mutation("cleanup deleted", lambda b: b.client("lambda").delete_function(FunctionName=b["cleanup"]), "", "cleanup", "missing"),
    Mutation("image optimizer deleted", lambda b: b.client("lambda").delete_function(FunctionName=b["image-optimizer"]), "", "image-optimizer", "missing"),
    Mutation("schedule deleted", lambda b: (drop_target(b), b.client("events").delete_rule(Name=b["cleanup-schedule"])), "", "schedule", "missing"),
    Mutation("topic deleted", lambda b: b.client("sns").delete_topic(TopicArn=b["alarm-topic"]), "", "topic", "missing"),
    Mutation("undeclared public instance", public_instance, "undeclared-instance", "undeclared", "extra"),
    Mutation("undeclared function in the VPC", stranger_in_the_vpc, "quick-export", "undeclared", "extra"),
)  # fmt: skip


def tag(built):
    built.client("ec2").create_tags(Resources=[built["vpc"]], Tags=[{"Key": "owner", "Value": "platform"}])
    built.client("rds").add_tags_to_resource(ResourceName=built.arn("database"), Tags=[{"Key": "cost", "Value": "x"}])


def turn_lists_round(built):
    function(built, "server", VpcConfig={
        "SubnetIds": [built["private-subnet-b"], built["private-subnet-a"]], "SecurityGroupIds": [built["function-group"]]})  # fmt: skip


def turn_origins_round(built):
    distribution(built, "cdn", lambda config: config["Origins"]["Items"].reverse())


def split_policy(built):
    images = built.arn("images-bucket")
    secret = built.arn("database-secret")
    inline(
        built,
        "server-role",
        *({"Sid": f"S{i}", "Action": action, "Resource": [f"{images}/*"]}
          for i, action in enumerate(("s3:DeleteObject", "s3:PutObject", "s3:GetObject"))),
        {"Action": ["secretsmanager:GetSecretValue"], "Resource": [secret]},
        {"Action": "kms:Decrypt", "Resource": built.arn("key")},
        {"Action": "s3:GetObject", "Resource": f"{built.arn('static-bucket')}/_cache/*"},
    )  # fmt: skip


def admit_by_network(built):
    """The proxy admits the functions' subnets, written as two networks, instead of their group."""
    close(built, "proxy-group")
    both = [{"CidrIp": "10.20.4.0/22"}, {"CidrIp": "10.20.8.0/22"}]
    ingress(built, "proxy-group", {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": both})


HARMLESS = (
    Harmless("tags", tag),
    Harmless("subnets in another order", turn_lists_round),
    Harmless("origins in another order", turn_origins_round),
    Harmless("one more log group", lambda b: (b.client("logs").create_log_group(logGroupName="/adhoc/export"), b.client("logs").put_retention_policy(logGroupName="/adhoc/export", retentionInDays=30))),
    Harmless("an unused subnet", lambda b: b.client("ec2").create_subnet(VpcId=b["vpc"], CidrBlock="10.20.96.0/22", AvailabilityZone="ap-northeast-2b")),
    Harmless("a policy written in more statements", split_policy),
    Harmless("a rule split in two networks", admit_by_network),
    Harmless("multi-AZ switched on", lambda b: database(b, MultiAZ=True)),
    Harmless("a minor engine version", lambda b: database(b, EngineVersion="16.9")),
    Harmless("more backups", lambda b: database(b, BackupRetentionPeriod=30)),
    Harmless("one more alarm", lambda b: b.client("cloudwatch").put_metric_alarm(AlarmName="extra", Namespace="AWS/Lambda", MetricName="Duration", Dimensions=[{"Name": "FunctionName", "Value": b["server"]}], Statistic="Average", Period=60, EvaluationPeriods=1, Threshold=9000, ComparisonOperator="GreaterThanThreshold", AlarmActions=[b["alarm-topic"]])),
    Harmless("a gateway endpoint for S3", lambda b: b.client("ec2").create_vpc_endpoint(VpcId=b["vpc"], ServiceName="com.amazonaws.ap-northeast-2.s3", VpcEndpointType="Gateway", RouteTableIds=[b["private-routes"]])),
    Harmless("longer log retention", lambda b: b.client("logs").put_retention_policy(logGroupName=b["server-logs"], retentionInDays=365)),
    Harmless("a customer's own unattached group", lambda b: b.client("ec2").create_security_group(GroupName="spare", Description="spare", VpcId=b["vpc"])),
)  # fmt: skip
