"""What people do to a cuggu account, one thing at a time, and what must be said of it."""

from __future__ import annotations

import json

from auditor.sandbox.cuggu.names import policy, tls_only
from auditor.sandbox.cuggu.names import trust as assumed_by
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


def vpc_of(built, role, subnets, groups):
    function(built, role, VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": groups})


def group_subnets(built, *roles):
    built.client("rds").modify_db_subnet_group(
        DBSubnetGroupName=built["database-subnets"], SubnetIds=[built[each] for each in roles]
    )


def origin(built, cdn, bucket, domain):
    def change(config):
        for each in config["Origins"]["Items"]:
            if each["DomainName"].startswith(built[bucket]):
                each["DomainName"] = domain

    distribution(built, cdn, change)


def member(name, value):
    def change(config):
        config[name] = value

    return change


def aliases(*names):
    return member("Aliases", {"Quantity": len(names), "Items": list(names)})


def presents(certificate):
    def change(config):
        config["ViewerCertificate"] = certificate

    return change


def other_certificate(built):
    acm = built.client("acm", "us-east-1")
    arn = acm.request_certificate(DomainName="lunch.example.com", ValidationMethod="DNS")["CertificateArn"]
    distribution(
        built,
        "cdn",
        presents({"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}),
    )


def default_certificate(built):
    distribution(built, "cdn", presents({"CloudFrontDefaultCertificate": True}))


def another_middleware(built):
    client = built.client("cloudfront")
    made = client.create_function(
        Name="legacy-redirects",
        FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=b"function handler(event) { return event.request; }",
    )
    client.publish_function(Name="legacy-redirects", IfMatch=made["ETag"])
    arn = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    distribution(
        built,
        "cdn",
        setting(
            "FunctionAssociations", {"Quantity": 1, "Items": [{"EventType": "viewer-request", "FunctionARN": arn}]}
        ),
    )


def on_response(built):
    def change(config):
        for each in config["DefaultCacheBehavior"]["FunctionAssociations"]["Items"]:
            each["EventType"] = "viewer-response"

    distribution(built, "cdn", change)


def record_to(built, domain):
    client = built.client("route53")
    for record in client.list_resource_record_sets(HostedZoneId=built["zone"])["ResourceRecordSets"]:
        if record["Name"] == "cuggu.com." and record["Type"] in ("A", "AAAA"):
            record["AliasTarget"]["DNSName"] = domain
            client.change_resource_record_sets(
                HostedZoneId=built["zone"], ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
            )


def domain_of(built, role):
    return built.client("cloudfront").get_distribution(Id=built[role])["Distribution"]["DomainName"]


def to_vercel(built):
    record = {
        "Name": "www.cuggu.com.",
        "Type": "CNAME",
        "TTL": 300,
        "ResourceRecords": [{"Value": "cname.vercel-dns.com"}],
    }
    built.client("route53").change_resource_record_sets(
        HostedZoneId=built["zone"], ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )


def detach(built):
    ec2 = built.client("ec2")
    ec2.detach_internet_gateway(InternetGatewayId=built["internet-gateway"], VpcId=built["vpc"])


def unroute_public(built):
    built.client("ec2").delete_route(RouteTableId=built["public-routes"], DestinationCidrBlock="0.0.0.0/0")


def only_to_a_queue(built):
    unsubscribe(built)
    built.client("sns").subscribe(
        TopicArn=built["alarm-topic"], Protocol="sqs", Endpoint=f"arn:aws:sqs:ap-northeast-2:{built.account}:alarms"
    )


def deaf(built, role):
    watch = built.client("cloudwatch")
    for alarm in watch.describe_alarms()["MetricAlarms"]:
        if {"Name": "FunctionName", "Value": built[role]} in alarm["Dimensions"]:
            kept = {
                key: alarm[key]
                for key in (
                    "AlarmName",
                    "Namespace",
                    "MetricName",
                    "Dimensions",
                    "Period",
                    "Threshold",
                    "EvaluationPeriods",
                    "ComparisonOperator",
                    "Statistic",
                )
                if key in alarm
            }
            watch.put_metric_alarm(**kept, AlarmActions=[])


def asleep(built):
    watch = built.client("cloudwatch")
    watch.disable_alarm_actions(AlarmNames=[each["AlarmName"] for each in watch.describe_alarms()["MetricAlarms"]])


def targets(built, role):
    built.client("events").put_targets(
        Rule=built["cleanup-schedule"], Targets=[{"Id": "handler", "Arn": built.arn(role)}]
    )


def permission(built, role, **more):
    client = built.client("lambda")
    document = json.loads(client.get_policy(FunctionName=built[role])["Policy"])
    for each in document["Statement"]:
        client.remove_permission(FunctionName=built[role], StatementId=each["Sid"])
    if more:
        client.add_permission(FunctionName=built[role], StatementId="s", **{"Action": "lambda:InvokeFunction", **more})


def only_trusts(built, role, service):
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}],
    }
    built.client("iam").update_assume_role_policy(RoleName=built[role], PolicyDocument=json.dumps(document))


def logs_to(built, role, group):
    built.client("logs").create_log_group(logGroupName=group)
    function(built, role, LoggingConfig={"LogFormat": "Text", "LogGroup": group})


def bucket_denies(built, who, action):
    s3, bucket = built.client("s3"), built["images-bucket"]
    document = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    document["Statement"].append(
        {
            "Effect": "Deny",
            "Principal": {"AWS": built.arn(who)},
            "Action": action,
            "Resource": f"arn:aws:s3:::{bucket}/*",
        }
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))


def shared(built, who):
    s3, bucket = built.client("s3"), built["images-bucket"]
    document = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    document["Statement"].append(
        {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "s3:Get*", "Resource": f"arn:aws:s3:::{bucket}/*"}
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))


def lonely_group(built):
    return built.client("ec2").create_security_group(GroupName="lonely", Description="x", VpcId=built["vpc"])["GroupId"]


def acl_entry(built, **entry):
    """One more entry in the network ACL of the first private subnet."""
    ec2 = built.client("ec2")
    subnet = {"Name": "association.subnet-id", "Values": [built["private-subnet-a"]]}
    (acl,) = ec2.describe_network_acls(Filters=[subnet])["NetworkAcls"]
    ec2.create_network_acl_entry(NetworkAclId=acl["NetworkAclId"], **entry)


def acl_denies(built, port):
    ports = {"Protocol": "6", "PortRange": {"From": port, "To": port}}
    acl_entry(built, RuleNumber=50, RuleAction="deny", Egress=False, CidrBlock="0.0.0.0/0", **ports)


def bounded(built, role, *actions):
    iam = built.client("iam")
    document = policy({"Action": ["logs:*", "ec2:*", *actions], "Resource": "*"})
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=built[role], PermissionsBoundary=arn)


def second_database(built, **more):
    built.client("rds").create_db_instance(
        DBInstanceIdentifier="quick-copy",
        Engine="postgres",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="u",
        MasterUserPassword="password1",
        DBSubnetGroupName=built["database-subnets"],
        VpcSecurityGroupIds=[built["database-group"]],
        **more,
    )


def proxy_to_another(built):
    second_database(built)
    deregister(built)
    built.client("rds").register_db_proxy_targets(
        DBProxyName=built["proxy"], TargetGroupName="default", DBInstanceIdentifiers=["quick-copy"]
    )


def reader(built):
    from auditor.sandbox.cuggu.compute import package

    iam = built.client("iam")
    arn = iam.create_role(
        RoleName="quick-reader",
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
                ],
            }
        ),
    )["Role"]["Arn"]
    body = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{built.arn('images-bucket')}/*"}],
    }
    iam.put_role_policy(RoleName="quick-reader", PolicyName="p", PolicyDocument=json.dumps(body))
    built.client("lambda").create_function(
        FunctionName="quick-reader",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=arn,
        Code={"ZipFile": package()},
    )


def user_with_images(built, group=False):
    iam = built.client("iam")
    iam.create_user(UserName="freelancer")
    body = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{built.arn('images-bucket')}/*"}],
    }
    if group:
        iam.create_group(GroupName="freelancers")
        iam.put_group_policy(GroupName="freelancers", PolicyName="p", PolicyDocument=json.dumps(body))
        iam.add_user_to_group(GroupName="freelancers", UserName="freelancer")
    else:
        iam.put_user_policy(UserName="freelancer", PolicyName="p", PolicyDocument=json.dumps(body))


def narrow_egress(built, role):
    ec2 = built.client("ec2")
    (group,) = ec2.describe_security_groups(GroupIds=[built[role]])["SecurityGroups"]
    ec2.revoke_security_group_egress(GroupId=built[role], IpPermissions=group["IpPermissionsEgress"])
    ec2.authorize_security_group_egress(
        GroupId=built[role], IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": WORLD}]
    )


def env(built, role, **more):
    have = (
        built.client("lambda")
        .get_function_configuration(FunctionName=built[role])
        .get("Environment", {})
        .get("Variables", {})
    )
    function(built, role, Environment={"Variables": {**have, **more}})


def delete_proxy(built):
    built.client("rds").delete_db_proxy(DBProxyName=built["proxy"])


def delete_database(built):
    deregister(built)
    database(built, DeletionProtection=False)
    built.client("rds").delete_db_instance(DBInstanceIdentifier=built["database"], SkipFinalSnapshot=True)


def to_role(built, role, other):
    function(built, role, Role=built.arn(other))


def empty_vpc(built, role):
    function(built, role, VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})


def nat_gone(built):
    built.client("ec2").delete_nat_gateway(NatGatewayId=built["nat"])


def url_gone(built, role):
    built.client("lambda").delete_function_url_config(FunctionName=built[role])


def swap_default(built):
    def change(config):
        for each in config["Origins"]["Items"]:
            if each["Id"] == "server":
                each["DomainName"] = built["image-url"].split("/")[2]

    distribution(built, "cdn", change)


# Each of these is also a change of code, and caught there by the same promise (`tests/code/cuggu_rewrites`).
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
    Mutation("newer major version", lambda b: database(b, EngineVersion="17.2", AllowMajorVersionUpgrade=True), "database", "database/version"),
    Mutation("subnet group without 2c", lambda b: group_subnets(b, "private-subnet-a", "private-subnet-a"), "database", "database/standby-prepared"),
    Mutation("subnet group with the public subnet", lambda b: group_subnets(b, "private-subnet-a", "private-subnet-b", "public-subnet-a"), "database", "database/private"),
    Mutation("server out of the VPC", lambda b: empty_vpc(b, "server"), "server", "server/private"),
    Mutation("server in the public subnet", lambda b: vpc_of(b, "server", [b["public-subnet-a"]], [b["function-group"]]), "server", "server/private"),
    Mutation("server with access keys", lambda b: env(b, "server", S3_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", S3_SECRET_ACCESS_KEY="x" * 40), "server", "server/no-keys"),
    Mutation("server as the cleanup's role", lambda b: to_role(b, "server", "cleanup-role"), "server", "link/server-images", "unlinked"),
    Mutation("site switched off", lambda b: distribution(b, "cdn", member("Enabled", False)), "cdn", "cdn/enabled"),
    Mutation("site without its name", lambda b: distribution(b, "cdn", aliases("www.cuggu.com")), "cdn", "cdn/name"),
    Mutation("images switched off", lambda b: distribution(b, "image-cdn", member("Enabled", False)), "image-cdn", "image-cdn/enabled"),
    Mutation("certificate of another name", other_certificate, "cdn", "link/cdn-certificate", "unlinked"),
    Mutation("CloudFront's own certificate", default_certificate, "cdn", "link/cdn-certificate", "unlinked"),
    Mutation("middleware on responses", on_response, "cdn", "cdn/middleware-first"),
    Mutation("images from another bucket", lambda b: origin(b, "image-cdn", "images-bucket", "lunch.s3.ap-northeast-2.amazonaws.com"), "image-cdn", "link/image-cdn-images", "unlinked"),
    Mutation("static files from another bucket", lambda b: origin(b, "cdn", "static-bucket", "lunch.s3.ap-northeast-2.amazonaws.com"), "cdn", "link/cdn-static", "unlinked"),
    Mutation("images closed to CloudFront", lambda b: b.client("s3").delete_bucket_policy(Bucket=b["images-bucket"]), "image-cdn", "link/image-cdn-images", "unlinked"),
    Mutation("static files closed to CloudFront", lambda b: b.client("s3").delete_bucket_policy(Bucket=b["static-bucket"]), "cdn", "link/cdn-static", "unlinked"),
    Mutation("record leads to the images", lambda b: record_to(b, domain_of(b, "image-cdn")), "", "link/record-to-cdn", "unlinked"),
    Mutation("record leads to Vercel", to_vercel, "", "absent/record-to-vercel", "extra"),
    Mutation("NAT gateway deleted", nat_gone, "", "nat", "missing"),
    Mutation("internet gateway detached", detach, "internet-gateway", "link/gateway-of-vpc", "unlinked"),
    Mutation("public subnet without its route", unroute_public, "public-subnet-a", "public-subnet-a/kind"),
    Mutation("NAT without a way out", unroute_public, "nat", "link/nat-internet", "unlinked"),
    Mutation("alarms told to a queue only", only_to_a_queue, "alarm-topic", "topic/reaches-people"),
    Mutation("server's alarms tell nobody", lambda b: deaf(b, "server"), "server", "server/watched"),
    Mutation("alarms asleep", asleep, "alarm-topic", "topic/armed"),
    Mutation("schedule starts the server", lambda b: targets(b, "server"), "cleanup-schedule", "link/schedule-cleanup", "unlinked"),
    Mutation("EventBridge may not start the cleanup", lambda b: permission(b, "cleanup"), "cleanup", "cleanup/startable"),
    Mutation("another rule may start the cleanup", lambda b: permission(b, "cleanup", Principal="events.amazonaws.com", SourceArn=f"arn:aws:events:ap-northeast-2:{b.account}:rule/other"), "cleanup", "cleanup/startable"),
    Mutation("cleanup every day at some time", lambda b: b.client("events").put_rule(Name=b["cleanup-schedule"], ScheduleExpression="rate(1 day)", State="ENABLED"), "cleanup-schedule", "schedule/cron"),
    Mutation("containers get the server's role", lambda b: only_trusts(b, "server-role", "ecs-tasks.amazonaws.com"), "server-role", "server-role/trust"),
    Mutation("database deleted", delete_database, "", "database", "missing"),
    Mutation("proxy deleted", delete_proxy, "", "proxy", "missing"),
    Mutation("images denied to the server", lambda b: bucket_denies(b, "server-role", "s3:PutObject"), "server", "link/server-images", "unlinked"),
    Mutation("images denied to the cleanup", lambda b: bucket_denies(b, "cleanup-role", "s3:Delete*"), "cleanup", "link/cleanup-images", "unlinked"),
    Mutation("cleanup in a group of its own", lambda b: vpc_of(b, "cleanup", [b["private-subnet-a"], b["private-subnet-b"]], [lonely_group(b)]), "cleanup", "link/cleanup-proxy", "unlinked"),
    Mutation("network ACL without the database's port", lambda b: acl_denies(b, 5432), "proxy", "link/proxy-database", "unlinked"),
    Mutation("server bounded", lambda b: bounded(b, "server-role"), "server", "link/server-images", "unlinked"),
    Mutation("a copy of the database beside", lambda b: second_database(b), "quick-copy", "undeclared", "extra"),
    Mutation("proxy for a copy", proxy_to_another, "database", "undeclared", "extra"),
    Mutation("undeclared reader of the images", reader, "quick-reader", "undeclared", "extra"),
    Mutation("user who reads the images", user_with_images, "freelancer", "undeclared", "extra"),
    Mutation("user who reads them through a group", lambda b: user_with_images(b, True), "freelancer", "undeclared", "extra"),
    Mutation("functions may only call HTTPS", lambda b: narrow_egress(b, "function-group"), "server", "link/server-proxy", "unlinked"),
    Mutation("proxy may only call HTTPS", lambda b: narrow_egress(b, "proxy-group"), "proxy", "link/proxy-database", "unlinked"),
    Mutation("function URL deleted", lambda b: url_gone(b, "server"), "server", "server/streaming"),
    Mutation("optimizer's URL deleted", lambda b: url_gone(b, "image-optimizer"), "cdn", "link/cdn-image-optimizer", "unlinked"),
    Mutation("optimizer in the server's place", swap_default, "cdn", "link/cdn-server", "unlinked"),
    Mutation("more memory", lambda b: function(b, "server", MemorySize=2048), "server", "server/memory"),
    Mutation("cleanup for a quarter of an hour", lambda b: function(b, "cleanup", Timeout=900), "cleanup", "cleanup/timeout"),
    Mutation("server gets out by the public routes", lambda b: b.client("ec2").create_route(RouteTableId=b["private-routes"], DestinationCidrBlock="0.0.0.0/1", GatewayId=b["internet-gateway"]), "server", "server/private"),
    Mutation("cleanup out of the VPC", lambda b: empty_vpc(b, "cleanup"), "cleanup", "link/cleanup-proxy", "unlinked"),
    Mutation("server closed to CloudFront", lambda b: permission(b, "server"), "cdn", "link/cdn-server", "unlinked"),
    Mutation("server open to another distribution alone", lambda b: permission(b, "server", Action="lambda:InvokeFunctionUrl", Principal="cloudfront.amazonaws.com", SourceArn=b.arn("image-cdn")), "cdn", "link/cdn-server", "unlinked"),
    Mutation("images read by another account", lambda b: shared(b, "arn:aws:iam::999988887777:root"), "images-bucket", "shared", "extra"),
    Mutation("images read by a role of another account", lambda b: shared(b, "arn:aws:iam::999988887777:role/agency"), "images-bucket", "shared", "extra"),
    Mutation("server log group deleted", lambda b: b.client("logs").delete_log_group(logGroupName=b["server-logs"]), "", "server-logs", "missing"),
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


def admin_user(built):
    iam = built.client("iam")
    iam.create_user(UserName="auditor")
    iam.attach_user_policy(UserName="auditor", PolicyArn="arn:aws:iam::aws:policy/job-function/ViewOnlyAccess")


def reader_of_another(built):
    iam = built.client("iam")
    iam.create_user(UserName="cook")
    body = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lunch/*"}],
    }
    iam.put_user_policy(UserName="cook", PolicyName="p", PolicyDocument=json.dumps(body))


def another_topic_too(built):
    sns = built.client("sns")
    topic = sns.create_topic(Name="lunch", Attributes={"KmsMasterKeyId": "alias/aws/sns"})["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="x@example.com")


def logs_to_kept(built, role, group):
    logs_to(built, role, group)
    built.client("logs").put_retention_policy(logGroupName=group, retentionInDays=365)


def alias_www(built):
    record = {"Name": "www.cuggu.com.", "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": "cuggu.com"}]}
    built.client("route53").change_resource_record_sets(
        HostedZoneId=built["zone"], ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )


def managed_instead_of_inline(built):
    """The same rights in a policy of their own."""
    iam = built.client("iam")
    name = built["cleanup-role"]
    for inline_policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=name, PolicyName=inline_policy)["PolicyDocument"]
        arn = iam.create_policy(PolicyName=f"cleanup-{inline_policy}", PolicyDocument=json.dumps(document))["Policy"][
            "Arn"
        ]
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        iam.delete_role_policy(RoleName=name, PolicyName=inline_policy)


def trust_in_two(built):
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]},
            }
        ],
    }
    built.client("iam").update_assume_role_policy(RoleName=built["server-role"], PolicyDocument=json.dumps(document))


def price(config):
    config["PriceClass"], config["Comment"] = "PriceClass_200", "the shop"


def deny_plain_http(built):
    s3, bucket = built.client("s3"), built["images-bucket"]
    document = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    document["Statement"].append(tls_only(bucket, "TLS"))
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))


def acl_written_out(built):
    for egress in (True, False):
        acl_entry(built, RuleNumber=90, Protocol="-1", RuleAction="allow", Egress=egress, CidrBlock="10.20.0.0/16")


def scheduled_otherwise(built, expression="cron(0 18 * * ? *)", zone="UTC"):
    """The rule of EventBridge replaced by a schedule of EventBridge Scheduler."""
    drop_target(built)
    built.client("events").delete_rule(Name=built["cleanup-schedule"])
    iam = built.client("iam")
    role = iam.create_role(RoleName="nightly", AssumeRolePolicyDocument=assumed_by("scheduler.amazonaws.com"))["Role"]
    document = policy({"Action": "lambda:InvokeFunction", "Resource": built.arn("cleanup")})
    iam.put_role_policy(RoleName="nightly", PolicyName="p", PolicyDocument=document)
    built.client("scheduler").create_schedule(
        Name="nightly",
        ScheduleExpression=expression,
        ScheduleExpressionTimezone=zone,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": built.arn("cleanup"), "RoleArn": role["Arn"]},
    )


HARMLESS = (
    Harmless("a schedule in place of the rule", scheduled_otherwise),
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
    Harmless("another middleware", another_middleware),
    Harmless("logs in another group", lambda b: logs_to_kept(b, "server", "/cuggu/server")),
    Harmless("a user who may look at everything", admin_user),
    Harmless("a user who reads another bucket", reader_of_another),
    Harmless("a topic of somebody else", another_topic_too),
    Harmless("a boundary that leaves what is needed", lambda b: bounded(b, "server-role", "s3:*", "secretsmanager:*", "kms:*", "rds-db:*")),
    Harmless("one more name in the zone", alias_www),
    Harmless("the same rights in a managed policy", managed_instead_of_inline),
    Harmless("CloudFront at fewer places", lambda b: distribution(b, "cdn", price)),
    Harmless("images over TLS only", deny_plain_http),
    Harmless("a network ACL written out", acl_written_out),
    Harmless("more storage", lambda b: database(b, AllocatedStorage=100)),
    Harmless("one more variable", lambda b: env(b, "server", FEATURE_FLAGS="on")),
    Harmless("thresholds that the document leaves open", lambda b: b.client("cloudwatch").put_metric_alarm(AlarmName=b["alarm-on-database-cpu"], Namespace="AWS/RDS", MetricName="CPUUtilization", Dimensions=[{"Name": "DBInstanceIdentifier", "Value": b["database"]}], Statistic="Average", Period=60, EvaluationPeriods=5, Threshold=90, ComparisonOperator="GreaterThanThreshold", AlarmActions=[b["alarm-topic"]])),
)  # fmt: skip
