"""Other people's things in the same account: a shop, with parts of the types that the document names."""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.neighbours import build_settings
from auditor.sandbox.pingvas.names import REGION

LINKED = ("eks.amazonaws.com", "autoscaling.amazonaws.com", "rds.amazonaws.com", "elasticache.amazonaws.com")


def build(built: Built) -> None:
    build_settings(built)
    for service in LINKED:
        built.client("iam").create_service_linked_role(AWSServiceName=service)
    network = build_network(built)
    build_shop(built, network)
    build_rest(built)


def build_network(built: Built) -> list[str]:
    ec2 = built.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.90.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc, AvailabilityZone=f"{REGION}{zone}", CidrBlock=f"10.90.{number}.0/24")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("ac")
    ]


def build_shop(built: Built, subnets: list[str]) -> None:
    """A database, a cache and an alarm, of the same kinds as pingvas has."""
    rds, cache = built.client("rds"), built.client("elasticache")
    rds.create_db_subnet_group(DBSubnetGroupName="shop", DBSubnetGroupDescription="Shop", SubnetIds=subnets)
    rds.create_db_instance(
        DBInstanceIdentifier="shop-orders",
        Engine="postgres",
        EngineVersion="16.8",
        DBInstanceClass="db.t4g.small",
        AllocatedStorage=20,
        StorageEncrypted=True,
        MasterUsername="shop",
        MasterUserPassword="not-a-real-password",
        DBSubnetGroupName="shop",
        PubliclyAccessible=False,
        BackupRetentionPeriod=14,
        MultiAZ=True,
        DeletionProtection=True,
    )
    cache.create_cache_subnet_group(CacheSubnetGroupName="shop", CacheSubnetGroupDescription="Shop", SubnetIds=subnets)
    cache.create_cache_cluster(
        CacheClusterId="shop-sessions",
        Engine="redis",
        CacheNodeType="cache.t3.micro",
        NumCacheNodes=1,
        CacheSubnetGroupName="shop",
    )
    built.client("cloudwatch").put_metric_alarm(
        AlarmName="shop-orders-cpu",
        Namespace="AWS/RDS",
        MetricName="CPUUtilization",
        Statistic="Average",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": "shop-orders"}],
        Period=300,
        EvaluationPeriods=3,
        Threshold=80,
        ComparisonOperator="GreaterThanThreshold",
    )


def build_rest(built: Built) -> None:
    """A bucket, a secret, a zone, a dashboard and a person of theirs."""
    s3 = built.client("s3")
    s3.create_bucket(Bucket="shop-invoices-7c1d", CreateBucketConfiguration={"LocationConstraint": REGION})
    built.client("secretsmanager").create_secret(Name="shop/db-credentials", SecretString="not-a-real-secret")
    built.client("route53").create_hosted_zone(Name="shop.example", CallerReference="shop")
    built.client("iam").create_user(UserName="shop-reports")
    body = '{"widgets": [{"type": "text", "properties": {"markdown": "shop"}}]}'
    built.client("cloudwatch").put_dashboard(DashboardName="shop", DashboardBody=body)
