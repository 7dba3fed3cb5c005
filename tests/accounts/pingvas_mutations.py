"""What people do to a pingvas account, one thing at a time, and what must be said of it."""

from __future__ import annotations

import json

from auditor.sandbox import drifts_of_pingvas as drifts
from auditor.sandbox.cuggu.names import policy
from tests.accounts.mutation import Harmless, Mutation

REGION, EVERYWHERE = "ap-northeast-2", "0.0.0.0/0"


def cluster(built, **settings):
    built.client("rds").modify_db_cluster(DBClusterIdentifier=built["aurora"], ApplyImmediately=True, **settings)


def instance(built, part, **settings):
    built.client("rds").modify_db_instance(DBInstanceIdentifier=built[part], ApplyImmediately=True, **settings)


def nodes(built, part, **scaling):
    name, group = built[part].split("/")
    now = built.client("eks").describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]["scalingConfig"]
    built.client("eks").update_nodegroup_config(clusterName=name, nodegroupName=group, scalingConfig=now | scaling)


def regroup(built, part, **changed):
    """What AWS lets nobody change of a node group: another one under its name."""
    eks, (name, group) = built.client("eks"), built[part].split("/")
    found = eks.describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]
    eks.delete_nodegroup(clusterName=name, nodegroupName=group)
    kept = ("clusterName", "nodegroupName", "nodeRole", "subnets", "instanceTypes", "capacityType", "amiType",
            "scalingConfig", "labels")  # fmt: skip
    eks.create_nodegroup(**{each: found[each] for each in kept} | changed)


def remove_group(built, part):
    """EKS takes the Auto Scaling group of the nodes away with theirs."""
    name, group = built[part].split("/")
    built.client("eks").delete_nodegroup(clusterName=name, nodegroupName=group)
    built.client("autoscaling").delete_auto_scaling_group(
        AutoScalingGroupName=built[f"{group}-scaling"], ForceDelete=True
    )


def forget_karpenter(built):
    iam = built.client("iam")
    iam.delete_role_policy(RoleName=built["karpenter-role"], PolicyName="inline")
    remove_group(built, "gpu-nodes")


def redis(built, part, **settings):
    cache = built.client("elasticache")
    if part == "prod-redis":
        cache.modify_replication_group(ReplicationGroupId=built[part], ApplyImmediately=True, **settings)
    else:
        cache.modify_cache_cluster(CacheClusterId=built[part], ApplyImmediately=True, **settings)


def remove_replica(built):
    built.client("elasticache").decrease_replica_count(
        ReplicationGroupId=built["prod-redis"], NewReplicaCount=1, ApplyImmediately=True
    )


def forget_glacier(built):
    built.client("s3").delete_bucket_lifecycle(Bucket=built["images-prod"])


def lifecycle(built, part, **rule):
    whole = {"ID": "age", "Status": "Enabled", "Filter": {"Prefix": ""}} | rule
    built.client("s3").put_bucket_lifecycle_configuration(Bucket=built[part], LifecycleConfiguration={"Rules": [whole]})


def bucket_policy(built, part, *more):
    s3 = built.client("s3")
    s3.delete_public_access_block(Bucket=built[part])
    built.client("s3control").delete_public_access_block(AccountId=built.account)
    document = json.loads(s3.get_bucket_policy(Bucket=built[part])["Policy"])
    document["Statement"] += json.loads(policy(*more))["Statement"]
    s3.put_bucket_policy(Bucket=built[part], Policy=json.dumps(document))


def keys(built, part, **rule):
    rule = {"ApplyServerSideEncryptionByDefault": rule}
    built.client("s3").put_bucket_encryption(Bucket=built[part], ServerSideEncryptionConfiguration={"Rules": [rule]})


def distribution(built, change):
    client = built.client("cloudfront")
    read = client.get_distribution_config(Id=built["cdn"])
    change(read["DistributionConfig"])
    client.update_distribution(Id=built["cdn"], IfMatch=read["ETag"], DistributionConfig=read["DistributionConfig"])


def behave(path, origin):
    def change(config):
        for each in config["CacheBehaviors"]["Items"]:
            if each["PathPattern"] == path:
                each["TargetOriginId"] = origin

    return change


def default_to(origin):
    return lambda config: config["DefaultCacheBehavior"].update(TargetOriginId=origin)


def unsigned(config):
    for each in config["Origins"]["Items"]:
        if each["Id"] == "assets":
            each["S3OriginConfig"]["OriginAccessIdentity"] = ""


def access_control(built):
    """What CloudFront recommends in place of an identity."""
    made = built.client("cloudfront").create_origin_access_control(
        OriginAccessControlConfig={"Name": "assets", "SigningProtocol": "sigv4", "SigningBehavior": "always",
                                   "OriginAccessControlOriginType": "s3"}
    )  # fmt: skip
    control = made["OriginAccessControl"]["Id"]

    def change(config):
        for each in config["Origins"]["Items"]:
            if each["Id"] == "assets":
                each["OriginAccessControlId"] = control
                each["S3OriginConfig"]["OriginAccessIdentity"] = ""

    distribution(built, change)
    only_ours = {"StringEquals": {"AWS:SourceArn": built.arn("cdn")}}
    built.client("s3").put_bucket_policy(
        Bucket=built["assets"],
        Policy=policy({"Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject",
                       "Resource": f"{built.arn('assets')}/*", "Condition": only_ours}),
    )  # fmt: skip


def web_acl(built, change):
    waf = built.client("wafv2", "us-east-1")
    (found,) = [each for each in waf.list_web_acls(Scope="CLOUDFRONT")["WebACLs"] if each["Id"] == built["web-acl"]]
    named = {"Name": found["Name"], "Scope": "CLOUDFRONT", "Id": found["Id"]}
    read = waf.get_web_acl(**named)
    now = read["WebACL"]
    waf.update_web_acl(**named, DefaultAction=now["DefaultAction"], Rules=change(now["Rules"]),
                       VisibilityConfig=now["VisibilityConfig"], LockToken=read["LockToken"])  # fmt: skip


def only_counting(rules):
    return [each | ({"OverrideAction": {"Count": {}}} if each["Name"] == "sqli" else {}) for each in rules]


def without(name):
    return lambda rules: [each for each in rules if each["Name"] != name]


def alarm(built, part, **changed):
    watch = built.client("cloudwatch")
    (found,) = watch.describe_alarms(AlarmNames=[built[part]])["MetricAlarms"]
    names = ("AlarmName", "AlarmDescription", "Namespace", "MetricName", "Statistic", "Dimensions", "Period", "Threshold",
             "EvaluationPeriods", "ComparisonOperator", "ActionsEnabled", "AlarmActions", "Metrics")  # fmt: skip
    watch.put_metric_alarm(**{name: found[name] for name in names if found.get(name)} | changed)


def close(built, group, port, *, to=0, source="cluster-group", protocol="tcp"):
    rule = {"IpProtocol": protocol, "FromPort": port, "ToPort": to or port,
            "UserIdGroupPairs": [{"GroupId": built[source]}]}  # fmt: skip
    built.client("ec2").revoke_security_group_ingress(GroupId=built[group], IpPermissions=[rule])


def route(built, table, gateway):
    built.client("ec2").create_route(
        RouteTableId=built[table], DestinationCidrBlock=EVERYWHERE, GatewayId=built[gateway]
    )


def no_nat(built):
    built.client("ec2").delete_route(RouteTableId=built["nodes-routes"], DestinationCidrBlock=EVERYWHERE)


def trust(built, **changed):
    statement = {"Principal": {"AWS": [built.arn("developer-a"), built.arn("developer-b")]}, "Action": "sts:AssumeRole",
                 "Condition": {"IpAddress": {"aws:SourceIp": [f"{built['vpn-ip']}/32"]}}}  # fmt: skip
    built.client("iam").update_assume_role_policy(
        RoleName=built["devops-role"], PolicyDocument=policy(statement | changed)
    )


def services_of_prod(built, *statements):
    built.client("iam").put_role_policy(
        RoleName=built["api-prod-role"], PolicyName="inline", PolicyDocument=policy(*statements)
    )


def third_redis(built):
    built.client("elasticache").create_cache_cluster(
        CacheClusterId="quick-cache", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1,
        CacheSubnetGroupName="pingvas-redis", SecurityGroupIds=[built["redis-group"]],
    )  # fmt: skip
    built.ids["quick-cache"] = "quick-cache"


def delete_instance(built, part):
    built.client("rds").delete_db_instance(DBInstanceIdentifier=built[part], SkipFinalSnapshot=True)


def delete_secret(built, part):
    built.client("secretsmanager").delete_secret(SecretId=built[part], ForceDeleteWithoutRecovery=True)


def another_way_in(built):
    ec2 = built.client("ec2")
    made = ec2.run_instances(
        ImageId="ami-0c9c942bd7bf113a2", InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=built["public-b"],
        SecurityGroupIds=[built["alb-group"]],
    )  # fmt: skip
    built.ids["bastion"] = made["Instances"][0]["InstanceId"]


def endpoint_unused(built):
    """Another one that only the subnets of the database are routed to."""
    ec2 = built.client("ec2")
    ec2.delete_vpc_endpoints(VpcEndpointIds=[built["dynamodb-endpoint"]])
    for table in ("nodes-routes", "data-routes"):
        (found,) = ec2.describe_route_tables(RouteTableIds=[built[table]])["RouteTables"]
        for each in found["Routes"]:
            if each.get("GatewayId") == built["dynamodb-endpoint"]:
                ec2.delete_route(RouteTableId=built[table], DestinationPrefixListId=each["DestinationPrefixListId"])
    ec2.create_vpc_endpoint(VpcId=built["vpc"], ServiceName=f"com.amazonaws.{REGION}.dynamodb",
                            VpcEndpointType="Gateway", RouteTableIds=[built["data-routes"]])  # fmt: skip


PUBLIC = {"Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pingvas-images-prod/*"}


def shorter_for_some(built):
    rows = [{"ID": "all", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}},
            {"ID": "daily", "Filter": {"Prefix": "daily/"}, "Expiration": {"Days": 3}}]  # fmt: skip
    built.client("s3").put_bucket_lifecycle_configuration(
        Bucket=built["backups"], LifecycleConfiguration={"Rules": [{"Status": "Enabled", **row} for row in rows]}
    )


MUTATIONS = (
    Mutation("VPN opened to the world", drifts.open_vpn, "vpn-group", "vpn-group/listed"),
    Mutation("VPN opened in two halves", lambda b: b.client("ec2").authorize_security_group_ingress(GroupId=b["vpn-group"], IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]}]), "vpn-group", "vpn-group/listed"),
    Mutation("role assumed without the VPN", drifts.trust_from_anywhere, "devops-role", "devops-role/trust"),
    Mutation("role assumed from a whole network", lambda b: trust(b, Condition={"IpAddress": {"aws:SourceIp": ["198.51.0.0/16"]}}), "devops-role", "devops-role/trust"),
    Mutation("role assumed from another address", lambda b: trust(b, Condition={"IpAddress": {"aws:SourceIp": ["198.51.100.9/32"]}}), "devops-role", "link/from-the-vpn", "unlinked"),
    Mutation("role assumed from another address as well", lambda b: trust(b, Condition={"IpAddress": {"aws:SourceIp": [f"{b['vpn-ip']}/32", "203.0.113.5/32"]}}), "devops-role", "devops-role/trust"),
    Mutation("VPN server terminated", lambda b: b.client("ec2").terminate_instances(InstanceIds=[b["vpn"]]), "", "vpn", "missing"),
    Mutation("the whole account assumes the role", lambda b: trust(b, Principal={"AWS": f"arn:aws:iam::{b.account}:root"}), "devops-role", "devops-role/trust"),
    Mutation("developer deleted", lambda b: b.client("iam").delete_user(UserName="Developer-B"), "", "developer-b", "missing"),
    Mutation("role deleted", lambda b: (b.client("iam").delete_role_policy(RoleName=b["devops-role"], PolicyName="operate"), b.client("iam").delete_role(RoleName=b["devops-role"])), "", "devops-role", "missing"),
    Mutation("more system nodes", lambda b: nodes(b, "system-nodes", maxSize=12), "system-nodes", "system-nodes/most"),
    Mutation("fewer system nodes", lambda b: nodes(b, "system-nodes", minSize=1), "system-nodes", "system-nodes/least"),
    Mutation("larger system nodes", lambda b: regroup(b, "system-nodes", instanceTypes=["m7g.large"]), "system-nodes", "system-nodes/type"),
    Mutation("system nodes deleted", lambda b: remove_group(b, "system-nodes"), "", "system-nodes", "missing"),
    Mutation("more GPU nodes", lambda b: nodes(b, "gpu-nodes", maxSize=40), "gpu-nodes", "gpu-nodes/most"),
    Mutation("GPU nodes always on", lambda b: nodes(b, "gpu-nodes", minSize=1, desiredSize=1), "gpu-nodes", "gpu-nodes/least"),
    Mutation("GPU nodes on demand", lambda b: regroup(b, "gpu-nodes", capacityType="ON_DEMAND"), "gpu-nodes", "gpu-nodes/spot"),
    Mutation("other GPU nodes", lambda b: regroup(b, "gpu-nodes", instanceTypes=["p4d.24xlarge"]), "gpu-nodes", "gpu-nodes/type"),
    Mutation("nothing starts GPU nodes", forget_karpenter, "cluster", "cluster/gpu"),
    Mutation("nodes in a public subnet", lambda b: regroup(b, "system-nodes", subnets=[b["public-a"], b["public-b"], b["public-c"]]), "system-nodes", "system-nodes/private"),
    Mutation("backups for a day", drifts.shorten_backups, "aurora", "aurora/backups"),
    Mutation("backups for a month", lambda b: cluster(b, BackupRetentionPeriod=30), "aurora", "aurora/backups"),
    Mutation("another major version", lambda b: cluster(b, EngineVersion="16.8", AllowMajorVersionUpgrade=True), "aurora", "aurora/version"),
    Mutation("larger instance", lambda b: instance(b, "aurora-b", DBInstanceClass="db.r6g.large"), "aurora-b", "aurora-b/class"),
    Mutation("instance made public", lambda b: instance(b, "aurora-a", PubliclyAccessible=True), "aurora-a", "aurora-a/not-public"),
    Mutation("replica in 2c deleted", lambda b: delete_instance(b, "aurora-c"), "", "aurora-c", "missing"),
    Mutation("database routed to the Internet", lambda b: route(b, "data-routes", "internet-gateway"), "aurora", "aurora/private"),
    Mutation("larger Redis for dev", lambda b: redis(b, "dev-redis", CacheNodeType="cache.r6g.large"), "dev-redis", "dev-redis/type"),
    Mutation("smaller Redis for prod", lambda b: redis(b, "prod-redis", CacheNodeType="cache.t3.micro"), "prod-redis", "prod-redis/type"),
    Mutation("fewer nodes for prod's Redis", remove_replica, "prod-redis", "prod-redis/three"),
    Mutation("no failover for prod's Redis", lambda b: redis(b, "prod-redis", AutomaticFailoverEnabled=False, MultiAZEnabled=False), "prod-redis", "prod-redis/failover"),
    Mutation("prod's Redis deleted", lambda b: b.client("elasticache").delete_replication_group(ReplicationGroupId=b["prod-redis"]), "", "prod-redis", "missing"),
    Mutation("dev's Redis deleted", lambda b: b.client("elasticache").delete_cache_cluster(CacheClusterId=b["dev-redis"]), "", "dev-redis", "missing"),
    Mutation("a third Redis", third_redis, "quick-cache", "undeclared", "extra"),
    Mutation("throughput of the file system", lambda b: b.client("efs").update_file_system(FileSystemId=b["files"], ThroughputMode="bursting"), "files", "files/throughput"),
    Mutation("no backups of the file system", drifts.stop_backups, "files", "files/backups"),
    Mutation("seldom used files stay", lambda b: b.client("efs").put_lifecycle_configuration(FileSystemId=b["files"], LifecyclePolicies=[]), "files", "files/infrequent"),
    Mutation("access point deleted", lambda b: b.client("efs").delete_access_point(AccessPointId=b["lora"]), "", "lora", "missing"),
    Mutation("images stay where they are", forget_glacier, "images-prod", "images-prod/glacier"),
    Mutation("images move earlier", lambda b: lifecycle(b, "images-dev", Transitions=[{"Days": 30, "StorageClass": "GLACIER"}]), "images-dev", "images-dev/glacier"),
    Mutation("only some images move", lambda b: lifecycle(b, "images-prod", Filter={"Prefix": "tmp/"}, Transitions=[{"Days": 90, "StorageClass": "GLACIER"}]), "images-prod", "images-prod/glacier"),
    Mutation("static files expire", lambda b: lifecycle(b, "assets", Expiration={"Days": 365}), "assets", "assets/kept"),
    Mutation("backups kept for a year", lambda b: lifecycle(b, "backups", Expiration={"Days": 365}), "backups", "backups/kept"),
    Mutation("no versions", lambda b: b.client("s3").put_bucket_versioning(Bucket=b["assets"], VersioningConfiguration={"Status": "Suspended"}), "assets", "assets/versions"),
    Mutation("keys of KMS", lambda b: keys(b, "images-prod", SSEAlgorithm="aws:kms"), "images-prod", "images-prod/encrypted"),
    Mutation("images for everybody", lambda b: bucket_policy(b, "images-prod", PUBLIC), "images-prod", "images-prod/only-cloudfront"),
    Mutation("services of prod store nothing", lambda b: services_of_prod(b, {"Action": "s3:GetObject", "Resource": f"{b.arn('images-prod')}/*"}), "images-prod", "images-prod/stored-into"),
    Mutation("bucket read without a signature", lambda b: distribution(b, unsigned), "cdn", "cdn/signed"),
    Mutation("API served from a bucket", lambda b: distribution(b, behave("/api/*", "assets")), "cdn", "cdn/api-path"),
    Mutation("everything served by the API", lambda b: distribution(b, default_to("alb")), "cdn", "cdn/other-paths"),
    Mutation("distribution disabled", lambda b: distribution(b, lambda config: config.update(Enabled=False)), "cdn", "cdn/enabled"),
    Mutation("web ACL detached", drifts.detach_web_acl, "cdn", "cdn/guarded"),
    Mutation("no limit on rates", lambda b: web_acl(b, without("rate")), "web-acl", "web-acl/rate"),
    Mutation("injected SQL is only counted", lambda b: web_acl(b, only_counting), "web-acl", "web-acl/sql"),
    Mutation("load balancer deleted", lambda b: b.client("elbv2").delete_load_balancer(LoadBalancerArn=b["alb"]), "", "alb", "missing"),
    Mutation("listener deleted", lambda b: b.client("elbv2").delete_listener(ListenerArn=b["listener"]), "alb", "alb/listens"),
    Mutation("no way out for the nodes", no_nat, "system-nodes", "system-nodes/egress"),
    Mutation("endpoint for S3 deleted", lambda b: b.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[b["s3-endpoint"]]), "", "s3-endpoint", "missing"),
    Mutation("endpoint for DynamoDB unused", endpoint_unused, "system-nodes", "link/nodes-dynamodb", "unlinked"),
    Mutation("database closed to the nodes", lambda b: close(b, "aurora-group", 5432), "system-nodes", "link/nodes-aurora", "unlinked"),
    Mutation("database closed to the VPN", lambda b: close(b, "aurora-group", 5432, source="vpn-group"), "vpn", "link/vpn-aurora", "unlinked"),
    Mutation("cluster closed to the VPN", lambda b: close(b, "cluster-group", 443, source="vpn-group"), "vpn", "link/vpn-cluster", "unlinked"),
    Mutation("Redis closed to the nodes", lambda b: close(b, "redis-group", 6379), "system-nodes", "link/nodes-prod-redis", "unlinked"),
    Mutation("files closed to the GPU nodes", lambda b: close(b, "efs-group", 2049), "gpu-nodes", "link/workers-files", "unlinked"),
    Mutation("secret deleted", lambda b: delete_secret(b, "token-secret"), "", "token-secret", "missing"),
    Mutation("CPU alarm at 95 %", lambda b: alarm(b, "cpu-alarm", Threshold=95), "cpu-alarm", "cpu-alarm/threshold"),
    Mutation("CPU alarm after 15 minutes", lambda b: alarm(b, "cpu-alarm", EvaluationPeriods=15), "cpu-alarm", "cpu-alarm/lasting"),
    Mutation("memory alarm silenced", lambda b: alarm(b, "memory-alarm", ActionsEnabled=False), "memory-alarm", "memory-alarm/armed"),
    Mutation("memory alarm the other way round", lambda b: alarm(b, "memory-alarm", ComparisonOperator="LessThanThreshold"), "memory-alarm", "memory-alarm/direction"),
    Mutation("alarm at 5 % of errors", lambda b: alarm(b, "error-alarm", Threshold=5), "error-alarm", "error-alarm/threshold"),
    Mutation("queue alarm at ten minutes", lambda b: alarm(b, "queue-alarm", Threshold=600), "queue-alarm", "queue-alarm/threshold"),
    Mutation("queue alarm deleted", lambda b: b.client("cloudwatch").delete_alarms(AlarmNames=[b["queue-alarm"]]), "", "queue-alarm", "missing"),
    Mutation("undeclared instance", another_way_in, "bastion", "undeclared", "extra"),
    Mutation("some backups kept for three days", shorter_for_some, "backups", "backups/kept"),
    Mutation("VPN server stopped", lambda b: b.client("ec2").stop_instances(InstanceIds=[b["vpn"]]), "vpn", "vpn/runs"),
    Mutation("requests answered by the listener", lambda b: b.client("elbv2").modify_listener(ListenerArn=b["listener"], DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}]), "", "ingress/forwarded"),
)  # fmt: skip


def tag(built):
    built.client("ec2").create_tags(Resources=[built["vpc"]], Tags=[{"Key": "owner", "Value": "platform"}])
    built.client("rds").add_tags_to_resource(ResourceName=built.arn("aurora"), Tags=[{"Key": "cost", "Value": "x"}])


def more_nodes(built):
    """What the autoscaler does all day: more nodes within the bounds, and the instances of them."""
    nodes(built, "gpu-nodes", desiredSize=4)
    built.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=built["gpu-scaling"], DesiredCapacity=4)


def minor_version(built):
    cluster(built, EngineVersion="17.6")


HARMLESS = (
    Harmless("tags", tag),
    Harmless("more GPU nodes for a while", more_nodes),
    Harmless("more system nodes within the bounds", lambda b: nodes(b, "system-nodes", desiredSize=4)),
    Harmless("Karpenter starts GPU nodes without a group", lambda b: remove_group(b, "gpu-nodes")),
    Harmless("Karpenter ends its node", lambda b: b.client("ec2").terminate_instances(InstanceIds=[b["karpenter-node"]])),
    Harmless("a minor version by RDS itself", minor_version),
    Harmless("origin access control in place of the identity", access_control),
    Harmless("one more address on the list", lambda b: b.client("ec2").authorize_security_group_ingress(GroupId=b["vpn-group"], IpPermissions=[{"IpProtocol": "udp", "FromPort": 1194, "ToPort": 1194, "IpRanges": [{"CidrIp": "192.0.2.77/32"}]}])),
    Harmless("automatic backups in place of the plan", lambda b: (b.client("efs").put_backup_policy(FileSystemId=b["files"], BackupPolicy={"Status": "ENABLED"}), drifts.stop_backups(b))),
    Harmless("old versions expire", lambda b: lifecycle(b, "assets", NoncurrentVersionExpiration={"NoncurrentDays": 90})),
    Harmless("Developer-A alone", lambda b: trust(b, Principal={"AWS": b.arn("developer-a")})),
    Harmless("one more alarm", lambda b: b.client("cloudwatch").put_metric_alarm(AlarmName="aurora-cpu", Namespace="AWS/RDS", MetricName="CPUUtilization", Dimensions=[{"Name": "DBClusterIdentifier", "Value": b["aurora"]}], Statistic="Average", Period=60, EvaluationPeriods=10, Threshold=90, ComparisonOperator="GreaterThanThreshold")),
    Harmless("the CPU alarm in one period", lambda b: alarm(b, "cpu-alarm", Period=300, EvaluationPeriods=1)),
    Harmless("another secret", lambda b: b.client("secretsmanager").create_secret(Name="pingvas/sentry", SecretString="not-a-real-secret")),
    Harmless("one more behavior", lambda b: distribution(b, lambda config: config["CacheBehaviors"]["Items"].append(config["CacheBehaviors"]["Items"][-1] | {"PathPattern": "/thumbs/*"}) or config["CacheBehaviors"].update(Quantity=len(config["CacheBehaviors"]["Items"])))),
    Harmless("a spare group", lambda b: b.client("ec2").create_security_group(GroupName="spare", Description="spare", VpcId=b["vpc"])),
    Harmless("another name for the listener's rule", lambda b: b.client("elbv2").modify_listener(ListenerArn=b["listener"], SslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06")),
)  # fmt: skip
