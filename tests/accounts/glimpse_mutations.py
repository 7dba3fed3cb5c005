"""What people do to a glimpse account, one thing at a time, and what must be said of it."""

from __future__ import annotations

import json

from auditor.sandbox.cuggu.names import policy, trust
from auditor.sandbox.glimpse.names import REPOSITORY
from tests.accounts.mutation import Harmless, Mutation

EVERYWHERE = "0.0.0.0/0"
ALARM = ("AlarmName", "AlarmDescription", "Namespace", "MetricName", "Statistic", "Dimensions", "Period", "Threshold",
         "EvaluationPeriods", "ComparisonOperator", "ActionsEnabled", "AlarmActions", "TreatMissingData")  # fmt: skip


def database(built, **settings):
    built.client("rds").modify_db_instance(DBInstanceIdentifier=built["database"], ApplyImmediately=True, **settings)


def redis(built, **settings):
    built.client("elasticache").modify_replication_group(
        ReplicationGroupId=built["redis"], ApplyImmediately=True, **settings
    )


def service(built, **settings):
    built.client("ecs").update_service(cluster=built["cluster"], service=REPOSITORY, **settings)


def shares(built, spot, usual, *, spot_base=0, usual_base=0):
    rows = [("FARGATE_SPOT", spot, spot_base), ("FARGATE", usual, usual_base)]
    strategy = [{"capacityProvider": name, "weight": weight, "base": base} for name, weight, base in rows if weight]
    service(built, capacityProviderStrategy=strategy)


def task(built, **changed):
    """Another revision, which the service runs from then on."""
    ecs = built.client("ecs")
    found = ecs.describe_task_definition(taskDefinition=built["task"])["taskDefinition"]
    names = ("family", "cpu", "memory", "networkMode", "requiresCompatibilities", "executionRoleArn", "taskRoleArn",
             "containerDefinitions")  # fmt: skip
    made = ecs.register_task_definition(**{name: found[name] for name in names} | changed)
    built.ids["task"] = built.arns["task"] = made["taskDefinition"]["taskDefinitionArn"]
    service(built, taskDefinition=built["task"])


def container(built, **changed):
    ecs = built.client("ecs")
    (found,) = ecs.describe_task_definition(taskDefinition=built["task"])["taskDefinition"]["containerDefinitions"]
    task(built, containerDefinitions=[{**found, **changed}])


WHAT = {
    "ServiceNamespace": "ecs",
    "ResourceId": f"service/glimpse-prod/{REPOSITORY}",
    "ScalableDimension": "ecs:service:DesiredCount",
}


def bounds(built, **changed):
    built.client("application-autoscaling").register_scalable_target(**WHAT, **changed)


def tracked(built, value, metric="ECSServiceAverageCPUUtilization"):
    made = built.client("application-autoscaling").put_scaling_policy(
        **WHAT,
        PolicyName="glimpse-prod-cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": value,
            "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
        },
    )
    built.ids["scaling-policy"] = made["PolicyARN"]


def unscaled(built):
    built.client("application-autoscaling").delete_scaling_policy(**WHAT, PolicyName="glimpse-prod-cpu")


def alarm(built, role, **changed):
    watch = built.client("cloudwatch")
    (found,) = watch.describe_alarms(AlarmNames=[built[role]])["MetricAlarms"]
    watch.put_metric_alarm(**{name: found[name] for name in ALARM if name in found} | changed)


def no_alarm(built, role):
    built.client("cloudwatch").delete_alarms(AlarmNames=[built[role]])


def admit(built, role, port, source=EVERYWHERE, protocol="tcp"):
    ec2 = built.client("ec2")
    whom = {"IpRanges": [{"CidrIp": source}]} if "/" in source else {"UserIdGroupPairs": [{"GroupId": source}]}
    ec2.authorize_security_group_ingress(
        GroupId=built[role], IpPermissions=[{"IpProtocol": protocol, "FromPort": port, "ToPort": port, **whom}]
    )


def refuse(built, role):
    ec2 = built.client("ec2")
    rules = ec2.describe_security_groups(GroupIds=[built[role]])["SecurityGroups"][0]["IpPermissions"]
    ec2.revoke_security_group_ingress(GroupId=built[role], IpPermissions=rules)


def admit_instead(built, role, port, source):
    refuse(built, role)
    admit(built, role, port, source)


def spare_group(built):
    made = built.client("ec2").create_security_group(GroupName="spare", Description="spare", VpcId=built["vpc"])
    return made["GroupId"]


def distribution(built, change):
    client = built.client("cloudfront")
    read = client.get_distribution_config(Id=built["cdn"])
    change(read["DistributionConfig"])
    client.update_distribution(Id=built["cdn"], IfMatch=read["ETag"], DistributionConfig=read["DistributionConfig"])


def restricted(kind, *codes):
    def change(config):
        items = {"Items": list(codes)} if codes else {}
        config["Restrictions"] = {"GeoRestriction": {"RestrictionType": kind, "Quantity": len(codes), **items}}

    return change


def without_path(path):
    def change(config):
        kept = [each for each in config["CacheBehaviors"]["Items"] if each["PathPattern"] != path]
        config["CacheBehaviors"] = {"Quantity": len(kept), "Items": kept}

    return change


def cached_by(path, cache):
    def change(config):
        for each in config["CacheBehaviors"]["Items"]:
            if each["PathPattern"] == path:
                each["CachePolicyId"] = cache

    return change


def unsigned(config):
    config["Origins"]["Items"][0]["OriginAccessControlId"] = ""


def disabled(config):
    config["Enabled"] = False


def described(config):
    config["Comment"] = "files of glimpse"
    config["PriceClass"] = "PriceClass_All"


def behavior_ttl(config):
    """The same three times, said by the behaviors themselves as older distributions do."""
    for each in config["CacheBehaviors"]["Items"]:
        days = {"/profiles/*": 7, "/groups/*": 14, "/chat/*": 1}[each["PathPattern"]]
        each.pop("CachePolicyId")
        each["ForwardedValues"] = {"QueryString": False, "Cookies": {"Forward": "none"}}
        each |= {"MinTTL": 0, "DefaultTTL": days * 86_400, "MaxTTL": 31_536_000}


def ttl(built, path, seconds):
    client = built.client("cloudfront")
    read = client.get_cache_policy(Id=built[f"{path}-cache"])
    config = {**read["CachePolicy"]["CachePolicyConfig"], "DefaultTTL": seconds}
    client.update_cache_policy(Id=built[f"{path}-cache"], IfMatch=read["ETag"], CachePolicyConfig=config)


def files_policy(built, *statements):
    built.client("iam").create_policy_version(
        PolicyArn=built["s3-policy"], PolicyDocument=policy(*statements), SetAsDefault=True
    )


def files(action, resource="arn:aws:s3:::glimpse-files-prod/*"):
    return {"Action": action, "Resource": resource}


THREE = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]


def trusted(built, document):
    built.client("iam").update_assume_role_policy(RoleName=built["execution-role"], PolicyDocument=document)


def two_services():
    both = {"Principal": {"Service": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]}, "Action": "sts:AssumeRole"}
    return policy(both)


def instance(built, **changed):
    built.client("ec2").modify_instance_attribute(InstanceId=built["nat"], **changed)


def larger_nat(built):
    ec2 = built.client("ec2")
    ec2.stop_instances(InstanceIds=[built["nat"]])
    instance(built, InstanceType={"Value": "t4g.small"})
    ec2.start_instances(InstanceIds=[built["nat"]])


def larger_disk(built):
    ec2 = built.client("ec2")
    (volume,) = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [built["nat"]]}])["Volumes"]
    ec2.modify_volume(VolumeId=volume["VolumeId"], Size=30)


def route(built, role, **target):
    ec2 = built.client("ec2")
    ec2.delete_route(RouteTableId=built[role], DestinationCidrBlock=EVERYWHERE)
    if target:
        ec2.create_route(RouteTableId=built[role], DestinationCidrBlock=EVERYWHERE, **target)


def nat_gateway(built):
    ec2 = built.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=built["public-subnet-a"], AllocationId=address)
    built.ids["nat-gateway"] = made["NatGateway"]["NatGatewayId"]


def second_database(built):
    """A look-alike of the database, which nobody wrote down."""
    made = built.client("rds").create_db_instance(
        DBInstanceIdentifier="glimpse-prod-postgres-2", Engine="postgres", EngineVersion="16.8", DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20, MasterUsername="glimpse", MasterUserPassword="not-a-real-password", StorageEncrypted=True,
        DBSubnetGroupName=built["subnet-group"], VpcSecurityGroupIds=[built["rds-group"]], BackupRetentionPeriod=7,
    )["DBInstance"]  # fmt: skip
    built.ids["second-database"], built.arns["second-database"] = made["DBInstanceIdentifier"], made["DBInstanceArn"]


def forward_elsewhere(built):
    balancing = built.client("elbv2")
    made = balancing.create_target_group(Name="old", Protocol="HTTP", Port=3001, VpcId=built["vpc"], TargetType="ip")
    action = {"Type": "forward", "TargetGroupArn": made["TargetGroups"][0]["TargetGroupArn"]}
    balancing.modify_listener(ListenerArn=built["listener"], DefaultActions=[action])


def unsigning(built):
    """The access control stays where it is, and signs nothing."""
    client = built.client("cloudfront")
    read = client.get_origin_access_control(Id=built["access"])
    config = {**read["OriginAccessControl"]["OriginAccessControlConfig"], "SigningBehavior": "never"}
    client.update_origin_access_control(Id=built["access"], IfMatch=read["ETag"], OriginAccessControlConfig=config)


def without_service(built):
    built.client("ecs").delete_service(cluster=built["cluster"], service=REPOSITORY, force=True)


def lead_elsewhere(built):
    record = {"Name": "api.glimpse.contact", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "203.0.113.9"}]}
    built.client("route53").change_resource_record_sets(
        HostedZoneId=built["zone"], ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )


def dashboard(built, *lacking):
    watch = built.client("cloudwatch")
    body = json.loads(watch.get_dashboard(DashboardName=built["dashboard"])["DashboardBody"])
    for widget in body["widgets"]:
        rows = widget["properties"]["metrics"]
        widget["properties"]["metrics"] = [row for row in rows if row[1] not in lacking]
    watch.put_dashboard(DashboardName=built["dashboard"], DashboardBody=json.dumps(body))


def elsewhere_logged(built):
    built.client("logs").create_log_group(logGroupName="/ecs/other")
    options = {"awslogs-group": "/ecs/other", "awslogs-region": "ap-northeast-2", "awslogs-stream-prefix": "api"}
    container(built, logConfiguration={"logDriver": "awslogs", "options": options})


def forget_secrets(built):
    built.client("iam").delete_role_policy(RoleName=built["execution-role"], PolicyName="read-secrets")


def weigh_elsewhere(built):
    balancing = built.client("elbv2")
    made = balancing.create_target_group(Name="new", Protocol="HTTP", Port=3001, VpcId=built["vpc"], TargetType="ip")
    shares = ((built["targets"], 0), (made["TargetGroups"][0]["TargetGroupArn"], 1))
    groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in shares]
    balancing.modify_listener(
        ListenerArn=built["listener"], DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]
    )


def everything_first(config):
    found = config["CacheBehaviors"]["Items"]
    found.insert(0, {**found[0], "PathPattern": "/*"})
    config["CacheBehaviors"]["Quantity"] = len(found)


def bucket_policy(built, change):
    s3 = built.client("s3")
    document = json.loads(s3.get_bucket_policy(Bucket=built["files"])["Policy"])
    change(next(each for each in document["Statement"] if each["Effect"] == "Allow"))
    s3.put_bucket_policy(Bucket=built["files"], Policy=json.dumps(document))


def for_another(statement):
    another = "arn:aws:cloudfront::123456789012:distribution/EANOTHER"
    statement["Condition"] = {"StringEquals": {"AWS:SourceArn": another}}


def for_any(statement):
    statement.pop("Condition")


def for_everything(statement):
    statement["Action"] = "s3:*"


def for_all_but_deleting(statement):
    """AWS lets whatever is not named be done: beside reading also writing."""
    del statement["Action"]
    statement["NotAction"] = "s3:DeleteObject"


def rerouted(built, subnet, routes):
    ec2 = built.client("ec2")
    asked = [{"Name": "association.subnet-id", "Values": [built[subnet]]}]
    (table,) = ec2.describe_route_tables(Filters=asked)["RouteTables"]
    (found,) = [each for each in table["Associations"] if each.get("SubnetId") == built[subnet]]
    ec2.replace_route_table_association(AssociationId=found["RouteTableAssociationId"], RouteTableId=built[routes])


MUTATIONS = (
    Mutation("half of the tasks off Spot", lambda b: shares(b, 50, 50), "service", "service/spot"),
    Mutation("Spot at 70 % again", lambda b: shares(b, 70, 30), "service", "service/spot"),
    Mutation("all tasks on Spot", lambda b: shares(b, 90, 0), "service", "service/spot"),
    Mutation("two tasks off Spot first", lambda b: shares(b, 90, 10, usual_base=2), "service", "service/spot"),
    Mutation("a base on Spot", lambda b: shares(b, 90, 10, spot_base=1), "service", "service/spot"),
    Mutation("more tasks than documented", lambda b: service(b, desiredCount=25), "service", "service/tasks"),
    Mutation("one task", lambda b: service(b, desiredCount=1), "service", "service/tasks"),
    Mutation("a larger task", lambda b: task(b, cpu="512", memory="1024"), "task", "task/cpu"),
    Mutation("a task with more memory", lambda b: task(b, memory="1024"), "task", "task/memory"),
    Mutation("another port", lambda b: container(b, portMappings=[{"containerPort": 8080}]), "task", "task/port"),
    Mutation("logs elsewhere", elsewhere_logged, "/ecs/other", "logs/name"),
    Mutation("secrets unreadable", forget_secrets, "service", "link/reads-jwt", "unlinked"),
    Mutation("fewer tasks at least", lambda b: bounds(b, MinCapacity=1), "scaling-target", "scaling-target/least"),
    Mutation("more tasks at most", lambda b: bounds(b, MaxCapacity=50), "scaling-target", "scaling-target/most"),
    Mutation("scaling at 70 % again", lambda b: tracked(b, 70), "scaling-policy", "scaling-policy/cpu"),
    Mutation("scaling on memory", lambda b: tracked(b, 80, "ECSServiceAverageMemoryUtilization"), "scaling-policy", "scaling-policy/cpu"),
    Mutation("scaling deleted", unscaled, "", "scaling-policy", "missing"),
    Mutation("database on another class", lambda b: database(b, DBInstanceClass="db.t4g.small"), "database", "database/class"),
    Mutation("more storage", lambda b: database(b, AllocatedStorage=100), "database", "database/storage"),
    Mutation("backups for one day", lambda b: database(b, BackupRetentionPeriod=1), "database", "database/backups"),
    Mutation("larger Redis", lambda b: redis(b, CacheNodeType="cache.t4g.small"), "redis", "redis/class"),
    Mutation("larger NAT instance", larger_nat, "nat", "nat/class"),
    Mutation("larger disk", larger_disk, "nat", "nat/disk"),
    Mutation("addresses compared again", lambda b: instance(b, SourceDestCheck={"Value": True}), "nat", "nat/forwards"),
    Mutation("NAT instance terminated", lambda b: b.client("ec2").terminate_instances(InstanceIds=[b["nat"]]), "service", "service/egress"),
    Mutation("NAT instance gone, and staging's left", lambda b: b.client("ec2").terminate_instances(InstanceIds=[b["nat"]]), "", "nat", "missing"),
    Mutation("NAT instance stopped", lambda b: b.client("ec2").stop_instances(InstanceIds=[b["nat"]]), "service", "service/egress"),
    Mutation("service deleted, and staging's left", without_service, "", "service", "missing"),
    Mutation("listener deleted, and staging's left", lambda b: b.client("elbv2").delete_listener(ListenerArn=b["listener"]), "", "listener", "missing"),
    Mutation("access control that never signs", unsigning, "cdn", "cdn/signed"),
    Mutation("private subnets to the Internet", lambda b: route(b, "private-routes", GatewayId=b["internet-gateway"]), "private-subnet-a", "private-subnet-a/kind"),
    Mutation("no way out", lambda b: route(b, "private-routes"), "service", "service/egress"),
    Mutation("public subnets cut off", lambda b: route(b, "public-routes"), "public-subnet-c", "public-subnet-c/kind"),
    Mutation("a NAT gateway", nat_gateway, "nat-gateway", "absent/nat-gateway", "extra"),
    Mutation("a look-alike of the database", second_database, "second-database", "undeclared", "extra"),
    Mutation("port 80 open", lambda b: admit(b, "alb-group", 80), "alb-group", "alb-group/rules"),
    Mutation("load balancer for an office only", lambda b: admit_instead(b, "alb-group", 443, "203.0.113.0/24"), "alb-group", "alb-group/rules"),
    Mutation("tasks open to everybody", lambda b: admit(b, "ecs-group", 3001), "ecs-group", "ecs-group/rules"),
    Mutation("another group lets in", lambda b: admit(b, "ecs-group", 3001, spare_group(b)), "ecs-group", "ecs-group/rules"),
    Mutation("the tasks from another group", lambda b: admit_instead(b, "ecs-group", 3001, spare_group(b)), "ecs-group", "ecs-group/rules"),
    Mutation("database open to everybody", lambda b: admit(b, "rds-group", 5432), "rds-group", "rds-group/rules"),
    Mutation("SSH to the database's group", lambda b: admit(b, "rds-group", 22, "10.0.0.0/16"), "rds-group", "rds-group/rules"),
    Mutation("database closed to the tasks", lambda b: refuse(b, "rds-group"), "service", "link/service-database", "unlinked"),
    Mutation("Redis closed to the tasks", lambda b: refuse(b, "redis-group"), "service", "link/service-redis", "unlinked"),
    Mutation("served everywhere", lambda b: distribution(b, restricted("none")), "cdn", "cdn/korea-only"),
    Mutation("Japan too", lambda b: distribution(b, restricted("whitelist", "KR", "JP")), "cdn", "cdn/korea-only"),
    Mutation("everywhere but Korea", lambda b: distribution(b, restricted("blacklist", "KR")), "cdn", "cdn/korea-only"),
    Mutation("bucket read unsigned", lambda b: distribution(b, unsigned), "cdn", "cdn/signed"),
    Mutation("distribution disabled", lambda b: distribution(b, disabled), "cdn", "cdn/enabled"),
    Mutation("profiles cached for a day", lambda b: ttl(b, "profiles", 86_400), "cdn", "cdn/profiles"),
    Mutation("groups cached for a week", lambda b: ttl(b, "groups", 7 * 86_400), "cdn", "cdn/groups"),
    Mutation("chat cached for a month", lambda b: ttl(b, "chat", 30 * 86_400), "cdn", "cdn/chat"),
    Mutation("no behavior for chats", lambda b: distribution(b, without_path("/chat/*")), "cdn", "cdn/chat"),
    Mutation("groups cached like profiles", lambda b: distribution(b, cached_by("/groups/*", b["profiles-cache"])), "cdn", "cdn/groups"),
    Mutation("bucket closed to CloudFront", lambda b: b.client("s3").delete_bucket_policy(Bucket=b["files"]), "", "files-policy", "missing"),
    Mutation("everything with files", lambda b: files_policy(b, files("s3:*")), "s3-policy", "s3-policy/exact"),
    Mutation("all buckets", lambda b: files_policy(b, files(THREE, "*")), "s3-policy", "s3-policy/exact"),
    Mutation("no deleting", lambda b: files_policy(b, files(THREE[:2])), "service", "link/deletes-files", "unlinked"),
    Mutation("EC2 may start tasks", lambda b: trusted(b, two_services()), "execution-role", "execution-role/trust"),
    Mutation("functions may start tasks", lambda b: trusted(b, trust("lambda.amazonaws.com")), "execution-role", "execution-role/trust"),
    Mutation("plain HTTP", lambda b: b.client("elbv2").modify_listener(ListenerArn=b["listener"], Protocol="HTTP", Certificates=[]), "listener", "listener/tls"),
    Mutation("listener on another port", lambda b: b.client("elbv2").modify_listener(ListenerArn=b["listener"], Port=8443), "listener", "listener/port"),
    Mutation("forwarded elsewhere", forward_elsewhere, "listener", "link/listener-service", "unlinked"),
    Mutation("record elsewhere", lead_elsewhere, "", "link/record-to-alb", "unlinked"),
    Mutation("memory alarm at 100 MB", lambda b: alarm(b, "memory-alarm", Threshold=100 * 1024**2), "memory-alarm", "memory-alarm/threshold"),
    Mutation("memory alarm the other way", lambda b: alarm(b, "memory-alarm", ComparisonOperator="GreaterThanThreshold"), "memory-alarm", "memory-alarm/direction"),
    Mutation("connections alarm at 80", lambda b: alarm(b, "connections-alarm", Threshold=80), "connections-alarm", "connections-alarm/threshold"),
    Mutation("CPU alarm at 95 %", lambda b: alarm(b, "cpu-alarm", Threshold=95), "cpu-alarm", "cpu-alarm/threshold"),
    Mutation("errors counted for a minute", lambda b: alarm(b, "errors-alarm", Period=60), "errors-alarm", "errors-alarm/period"),
    Mutation("errors alarm at 100", lambda b: alarm(b, "errors-alarm", Threshold=100), "errors-alarm", "errors-alarm/threshold"),
    Mutation("errors averaged", lambda b: alarm(b, "errors-alarm", Statistic="Average"), "errors-alarm", "errors-alarm/sum"),
    Mutation("NAT alarm never goes off", lambda b: alarm(b, "nat-alarm", Threshold=1), "nat-alarm", "nat-alarm/threshold"),
    Mutation("NAT alarm silenced", lambda b: alarm(b, "nat-alarm", ActionsEnabled=False), "nat-alarm", "nat-alarm/armed"),
    Mutation("NAT alarm deleted", lambda b: no_alarm(b, "nat-alarm"), "", "nat-alarm", "missing"),
    Mutation("alarm tells nobody", lambda b: alarm(b, "errors-alarm", AlarmActions=[]), "errors-alarm", "link/errors-tell", "unlinked"),
    Mutation("secret deleted", lambda b: b.client("secretsmanager").delete_secret(SecretId=b["redis-auth-token"], ForceDeleteWithoutRecovery=True), "", "redis-secret", "missing"),
    Mutation("log group deleted", lambda b: b.client("logs").delete_log_group(logGroupName=b["logs"]), "", "logs", "missing"),
    Mutation("dashboard deleted", lambda b: b.client("cloudwatch").delete_dashboards(DashboardNames=[b["dashboard"]]), "", "dashboard", "missing"),
    Mutation("dashboard without hits", lambda b: dashboard(b, "CacheHitRate"), "dashboard", "dashboard/redis-hits"),
    Mutation("all weight on another target group", weigh_elsewhere, "listener", "link/listener-service", "unlinked"),
    Mutation("scaling out suspended", lambda b: bounds(b, SuspendedState={"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": True}), "scaling-target", "scaling-target/works"),
    Mutation("one behavior before all others", lambda b: distribution(b, everything_first), "cdn", "cdn/groups"),
    Mutation("errors for a quarter of an hour", lambda b: alarm(b, "errors-alarm", EvaluationPeriods=3), "errors-alarm", "errors-alarm/lasting"),
    Mutation("bucket read by another distribution", lambda b: bucket_policy(b, for_another), "cdn", "link/cdn-files", "unlinked"),
    Mutation("bucket read by any distribution", lambda b: bucket_policy(b, for_any), "files", "files/only-cloudfront"),
    Mutation("CloudFront may do everything", lambda b: bucket_policy(b, for_everything), "files", "files-policy/reads-only"),
    Mutation("CloudFront may do all but delete", lambda b: bucket_policy(b, for_all_but_deleting), "files", "files-policy/reads-only"),
    Mutation("image of another repository", lambda b: container(b, image=f"{b.account}.dkr.ecr.ap-northeast-2.amazonaws.com/shop:latest"), "task", "link/task-image", "unlinked"),
    Mutation("trust with a condition", lambda b: trusted(b, policy({"Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:SourceAccount": b.account}}})), "execution-role", "execution-role/trust"),
    Mutation("files from one office", lambda b: files_policy(b, {**files(THREE), "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}), "s3-policy", "s3-policy/exact"),
    Mutation("one private subnet on public routes", lambda b: rerouted(b, "private-subnet-a", "public-routes"), "private-subnet-a", "private-subnet-a/kind"),
)  # fmt: skip


def tag(built):
    built.client("ec2").create_tags(
        Resources=[built["vpc"], built["nat"]], Tags=[{"Key": "owner", "Value": "platform"}]
    )
    built.client("rds").add_tags_to_resource(ResourceName=built.arn("database"), Tags=[{"Key": "cost", "Value": "x"}])


def step_scaling(built):
    """The alarm scales out, as the document's words have it, instead of a target that is tracked."""
    unscaled(built)
    made = built.client("application-autoscaling").put_scaling_policy(
        **WHAT,
        PolicyName="scale-out",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
        },
    )
    alarm(built, "cpu-alarm", AlarmActions=[made["PolicyARN"]])


def in_a_group(built):
    """The NAT instance in an Auto Scaling group of one, as the troubleshooting has it."""
    scaling = built.client("autoscaling")
    scaling.create_launch_configuration(
        LaunchConfigurationName="nat", ImageId="ami-0c9c942bd7bf113a2", InstanceType="t4g.nano"
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="glimpse-prod-nat", LaunchConfigurationName="nat", MinSize=0, MaxSize=1, DesiredCapacity=0,
        VPCZoneIdentifier=built["public-subnet-a"],
    )  # fmt: skip
    scaling.attach_instances(AutoScalingGroupName="glimpse-prod-nat", InstanceIds=[built["nat"]])
    scaling.update_auto_scaling_group(AutoScalingGroupName="glimpse-prod-nat", MinSize=1)


def flow_log(built):
    built.client("logs").create_log_group(logGroupName="/vpc/glimpse")
    built.client("ec2").create_flow_logs(
        ResourceIds=[built["vpc"]], ResourceType="VPC", TrafficType="REJECT", LogGroupName="/vpc/glimpse",
        DeliverLogsPermissionArn=built.arn("execution-role"),
    )  # fmt: skip


HARMLESS = (
    Harmless("tags", tag),
    Harmless("auto scaling at work", lambda b: service(b, desiredCount=9)),
    Harmless("shares in the same proportion", lambda b: shares(b, 9, 1)),
    Harmless("one task off Spot first", lambda b: shares(b, 90, 10, usual_base=1)),
    Harmless("a new revision of the task", lambda b: container(b, environment=[{"name": "NODE_ENV", "value": "production"}, {"name": "LOG_LEVEL", "value": "debug"}])),
    Harmless("a minor version by RDS itself", lambda b: database(b, EngineVersion="16.9")),
    Harmless("backups at another hour", lambda b: database(b, PreferredBackupWindow="17:00-17:30")),
    Harmless("backups of Redis", lambda b: redis(b, SnapshotRetentionLimit=3)),
    Harmless("the policy in two statements", lambda b: files_policy(b, files(THREE[:2]), files(THREE[2:]))),
    Harmless("a distribution described otherwise", lambda b: distribution(b, described)),
    Harmless("times said by the behaviors", lambda b: distribution(b, behavior_ttl)),
    Harmless("the alarm scales out", step_scaling),
    Harmless("the NAT instance in a group", in_a_group),
    Harmless("200 MB by tens", lambda b: alarm(b, "memory-alarm", Threshold=200_000_000)),
    Harmless("more than 10 errors said as 11", lambda b: alarm(b, "errors-alarm", Threshold=11, ComparisonOperator="GreaterThanOrEqualToThreshold")),
    Harmless("scheduled scaling suspended", lambda b: bounds(b, SuspendedState={"ScheduledScalingSuspended": True})),
    Harmless("behaviors in another order", lambda b: distribution(b, lambda config: config["CacheBehaviors"]["Items"].reverse())),
    Harmless("an alarm described", lambda b: alarm(b, "cpu-alarm", AlarmDescription="busy")),
    Harmless("one more alarm", lambda b: b.client("cloudwatch").put_metric_alarm(AlarmName="redis-memory", Namespace="AWS/ElastiCache", MetricName="DatabaseMemoryUsagePercentage", Dimensions=[{"Name": "CacheClusterId", "Value": f"{b['redis']}-001"}], Statistic="Average", Period=300, EvaluationPeriods=1, Threshold=80, ComparisonOperator="GreaterThanThreshold", AlarmActions=[b["topic"]])),
    Harmless("a spare group", spare_group),
    Harmless("logs kept longer", lambda b: b.client("logs").put_retention_policy(logGroupName=b["logs"], retentionInDays=90)),
    Harmless("a gateway endpoint for S3", lambda b: b.client("ec2").create_vpc_endpoint(VpcId=b["vpc"], ServiceName="com.amazonaws.ap-northeast-2.s3", VpcEndpointType="Gateway", RouteTableIds=[b["private-routes"]])),
    Harmless("flow logs", flow_log),
    Harmless("routes that name the instance", lambda b: route(b, "private-routes", InstanceId=b["nat"])),
    Harmless("sessions that stick", lambda b: b.client("elbv2").modify_target_group_attributes(TargetGroupArn=b["targets"], Attributes=[{"Key": "stickiness.enabled", "Value": "true"}])),
)  # fmt: skip
