"""What the table of changes needs and cuggu has not: parts built beside it, one of each kind, named `spare-...`."""

from __future__ import annotations

import json

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import policy, trust
from tests.remedy.changes_of_containers import build_containers
from tests.remedy.changes_of_doors import build_doors
from tests.remedy.changes_of_stores import build_stores
from tests.remedy.changes_of_watching import build_watching

SEOUL = "ap-northeast-2"
IMAGE = "ami-0c9c942bd7bf113a2"
METRIC = {"Namespace": "AWS/Lambda", "MetricName": "Errors"}
USUAL = {"EvaluationPeriods": 2, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}


def build_spares(built: Built) -> None:
    _keys_and_people(built)
    _network(built)
    _machine(built)
    _names(built)
    _watching(built)
    _work(built)
    build_doors(built)
    build_containers(built)
    build_stores(built)
    build_watching(built)


def _keys_and_people(built: Built) -> None:
    key = built.client("kms").create_key(Description="another")["KeyMetadata"]
    built.put("spare-key", key["KeyId"], key["Arn"])
    iam = built.client("iam")
    allow = policy({"Action": "s3:ListAllMyBuckets", "Resource": "*"})
    for name in ("spare-policy", "spare-boundary"):
        arn = iam.create_policy(PolicyName=name, PolicyDocument=allow)["Policy"]["Arn"]
        built.put(name, arn, arn)
    for name, service in (
        ("spare-role", "lambda.amazonaws.com"),
        ("spare-proxy-role", "rds.amazonaws.com"),
        ("spare-machine-role", "ec2.amazonaws.com"),
        ("spare-schedule-role", "scheduler.amazonaws.com"),
    ):
        arn = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=trust(service), Description="a spare one", MaxSessionDuration=7200
        )["Role"]["Arn"]
        built.put(name, name, arn)
    iam.put_role_policy(RoleName="spare-role", PolicyName="first", PolicyDocument=allow)
    for group in ("spare-group", "spare-group-2"):
        iam.create_group(GroupName=group)
        iam.put_group_policy(GroupName=group, PolicyName="first", PolicyDocument=allow)
        built.put(group, group)
    iam.create_user(UserName="spare-user")
    iam.put_user_policy(UserName="spare-user", PolicyName="first", PolicyDocument=allow)
    iam.add_user_to_group(UserName="spare-user", GroupName="spare-group")
    built.put("spare-user", "spare-user")
    iam.create_instance_profile(InstanceProfileName="spare-profile")
    iam.add_role_to_instance_profile(InstanceProfileName="spare-profile", RoleName="spare-machine-role")
    built.put("spare-profile", "spare-profile")


def _network(built: Built) -> None:
    ec2 = built.client("ec2")
    vpc, private = built["vpc"], built["private-subnet-a"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=built.put("spare-acl", acl),
        RuleNumber=100,
        Egress=False,
        Protocol="6",
        RuleAction="allow",
        CidrBlock="10.20.0.0/16",
        PortRange={"From": 443, "To": 443},
    )
    group = ec2.create_security_group(GroupName="spare", Description="spare", VpcId=vpc)["GroupId"]
    built.put("spare-security-group", group)
    lists = ec2.create_managed_prefix_list(
        PrefixListName="spare", MaxEntries=2, AddressFamily="IPv4", Entries=[{"Cidr": "198.51.100.0/24"}]
    )
    built.put("spare-prefix-list", lists["PrefixList"]["PrefixListId"])
    interface = ec2.create_network_interface(SubnetId=private, Groups=[group])["NetworkInterface"]
    built.put("spare-interface", interface["NetworkInterfaceId"])
    for role, kind, more in (
        (
            "spare-gateway-endpoint",
            "s3",
            {
                "VpcEndpointType": "Gateway",
                "RouteTableIds": [built["private-routes"]],
                "PolicyDocument": policy({"Principal": "*", "Action": "s3:GetObject", "Resource": "*"}),
            },
        ),
        (
            "spare-endpoint",
            "secretsmanager",
            {
                "VpcEndpointType": "Interface",
                "SubnetIds": [private],
                "SecurityGroupIds": [group],
                "PrivateDnsEnabled": True,
            },
        ),
    ):
        service = f"com.amazonaws.{SEOUL}.{kind}"
        made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, **more)["VpcEndpoint"]
        built.put(role, made["VpcEndpointId"])

    balancer = built.client("elbv2").create_load_balancer(
        Name="spare", Scheme="internal", Subnets=[private, built["private-subnet-b"]], SecurityGroups=[group]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    built.put("spare-balancer", balancer, balancer)
    built.client("elb").create_load_balancer(
        LoadBalancerName="spare-classic",
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 80}],
        Scheme="internal",
        Subnets=[private],
        SecurityGroups=[group],
    )
    built.put("spare-classic", "spare-classic")


def _machine(built: Built) -> None:
    made = built.client("ec2").run_instances(
        ImageId=IMAGE,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=built["private-subnet-a"],
        SecurityGroupIds=[built["spare-security-group"]],
    )
    built.put("spare-machine", made["Instances"][0]["InstanceId"])


def _names(built: Built) -> None:
    route53 = built.client("route53")
    zone = route53.create_hosted_zone(
        Name="inside.cuggu.com",
        CallerReference="spare",
        HostedZoneConfig={"PrivateZone": True},
        VPC={"VPCRegion": SEOUL, "VPCId": built["vpc"]},
    )["HostedZone"]["Id"].rsplit("/", 1)[-1]
    built.put("spare-zone", zone)
    other = built.client("ec2").create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    built.put("spare-vpc", other)
    for name in ("spare-health", "spare-health-2"):
        check = route53.create_health_check(
            CallerReference=name,
            HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": f"{name}.cuggu.com", "Port": 443},
        )["HealthCheck"]["Id"]
        built.put(name, check)
    for weight, name in enumerate(("blue", "green"), start=1):
        record = {
            "Name": "old.cuggu.com.",
            "Type": "CNAME",
            "SetIdentifier": name,
            "Weight": weight,
            "TTL": 300,
            "ResourceRecords": [{"Value": f"{name}.example.com"}],
            "HealthCheckId": built["spare-health"],
        }
        route53.change_resource_record_sets(
            HostedZoneId=built["zone"],
            ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
        )
        built.put(f"spare-record-{name}", f"{built['zone']}_old.cuggu.com_CNAME_{name}")


def _watching(built: Built) -> None:
    cloudwatch = built.client("cloudwatch")
    stat = {"Metric": METRIC, "Period": 60, "Stat": "Sum"}
    cloudwatch.put_metric_alarm(
        AlarmName="spare-math",
        Metrics=[{"Id": "a", "MetricStat": stat, "ReturnData": True}],
        AlarmActions=[built["alarm-topic"]],
        **USUAL,
    )
    topic = built.client("sns").create_topic(Name="spare-topic")["TopicArn"]
    built.put("spare-topic", topic, topic)
    cloudwatch.put_metric_alarm(
        AlarmName="spare-p90",
        ExtendedStatistic="p90",
        Period=60,
        Dimensions=[{"Name": "Zone", "Value": "a"}, {"Name": "FunctionName", "Value": "b"}],  # not in their order
        AlarmActions=sorted([topic, built["alarm-topic"]], reverse=True),
        **METRIC,
        **USUAL,
    )
    built.put("spare-math-alarm", "spare-math")
    built.put("spare-percentile-alarm", "spare-p90")
    events = built.client("events")
    events.put_rule(
        Name="spare-rule", EventPattern=json.dumps({"source": ["aws.s3"]}), Description="what S3 says", State="ENABLED"
    )
    events.put_targets(Rule="spare-rule", Targets=[{"Id": "topic", "Arn": topic}])
    built.put("spare-rule", "spare-rule")


def _work(built: Built) -> None:
    layer = built.client("lambda").publish_layer_version(
        LayerName="spare-layer", Content={"ZipFile": b"not really a zip"}, CompatibleRuntimes=["nodejs22.x"]
    )["LayerVersionArn"]
    built.put("spare-layer", layer, layer)
    scheduler = built.client("scheduler")
    target = {
        "Arn": built.arn("cleanup"),
        "RoleArn": built.arn("spare-schedule-role"),
        "RetryPolicy": {"MaximumRetryAttempts": 3},
    }
    scheduler.create_schedule(
        Name="spare-schedule",
        ScheduleExpression="rate(1 day)",
        ScheduleExpressionTimezone="Asia/Seoul",
        Description="once a day",
        EndDate="2032-01-01T00:00:00Z",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
    )
    built.put("spare-schedule", "default/spare-schedule")
    rds = built.client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="spare-parameters", DBParameterGroupFamily="postgres16", Description="spare"
    )
    built.put("spare-parameters", "spare-parameters")
    for name in ("spare-database", "spare-database-2"):
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            Engine="postgres",
            DBInstanceClass="db.t4g.micro",
            AllocatedStorage=20,
            MasterUsername="spare",
            MasterUserPassword="not-a-secret",
            DBSubnetGroupName=built["database-subnets"],
        )
        built.put(name, name)
    rds.create_db_cluster(
        DBClusterIdentifier="spare-cluster",
        Engine="aurora-postgresql",
        MasterUsername="spare",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName=built["database-subnets"],
    )
    built.put("spare-cluster", "spare-cluster")
    secret = built.client("secretsmanager").create_secret(Name="spare-secret", SecretString="{}")["ARN"]
    built.put("spare-secret", secret, secret)
    _queues_and_files(built)
    bucket = "spare-bucket-of-cuggu"
    s3 = built.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": SEOUL})
    logging = {"Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject"}
    s3.put_bucket_policy(Bucket=bucket, Policy=policy({**logging, "Resource": f"arn:aws:s3:::{bucket}/*"}))
    built.put("spare-bucket", bucket)
    built.put("account", built.account)
    built.put("region", SEOUL)
    built.put("spare-www", f"{built['zone']}_www.cuggu.com_A")


def _queues_and_files(built: Built) -> None:
    sqs = built.client("sqs")
    for name, more in (("spare-queue", {}), ("spare-dead", {"KmsMasterKeyId": built["key"]})):
        url = sqs.create_queue(QueueName=name, Attributes=more)["QueueUrl"]
        built.put(name, url, f"arn:aws:sqs:{SEOUL}:{built.account}:{name}")
    built.client("ecr").create_repository(repositoryName="spare-images")
    built.put("spare-images", "spare-images")
    built.put("spare-files", built.client("efs").create_file_system(CreationToken="spare")["FileSystemId"])
