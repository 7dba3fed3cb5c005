"""Other people's things in the same account: a second shop with a function, a database and a distribution, and what
every account has. The copy for staging is built by the same modules as the system itself."""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.compute import BASIC, package
from auditor.sandbox.cuggu.distributions import CACHING_OPTIMIZED, listed
from auditor.sandbox.cuggu.names import trust
from auditor.sandbox.cuggu.neighbours import build_settings
from auditor.sandbox.glimpse.names import REGION

LINKED = ("ecs.amazonaws.com", "rds.amazonaws.com", "elasticache.amazonaws.com", "support.amazonaws.com")


def build(built: Built) -> None:
    build_settings(built)
    for service in LINKED:
        built.client("iam").create_service_linked_role(AWSServiceName=service)
    build_shop(built)


def build_shop(built: Built) -> None:
    """A shop of another team: a function, PostgreSQL of the same class, a topic, a bucket behind CloudFront."""
    ec2, iam = built.client("ec2"), built.client("iam")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, AvailabilityZone=f"{REGION}{zone}", CidrBlock=f"10.9.{third}.0/24")["Subnet"][
            "SubnetId"
        ]
        for zone, third in (("a", 1), ("c", 2))
    ]
    group = ec2.create_security_group(GroupName="shop", Description="shop", VpcId=vpc)["GroupId"]
    rds = built.client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="shop", DBSubnetGroupDescription="shop", SubnetIds=subnets)
    rds.create_db_instance(
        DBInstanceIdentifier="shop",
        DBName="shop",
        Engine="postgres",
        EngineVersion="16.8",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        StorageEncrypted=True,
        MasterUsername="shop",
        MasterUserPassword="not-a-real-password",
        DBSubnetGroupName="shop",
        VpcSecurityGroupIds=[group],
        BackupRetentionPeriod=7,
        PubliclyAccessible=False,
        CopyTagsToSnapshot=True,
        AutoMinorVersionUpgrade=True,
        DeletionProtection=True,
    )
    role = iam.create_role(RoleName="shop", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="shop", PolicyArn=BASIC)
    built.client("lambda").create_function(
        FunctionName="shop", Runtime="nodejs22.x", Handler="index.handler", Role=role, Code={"ZipFile": package()}
    )
    logs = built.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/shop")
    logs.put_retention_policy(logGroupName="/aws/lambda/shop", retentionInDays=30)
    topic = built.client("sns").create_topic(Name="shop-errors")["TopicArn"]
    built.client("cloudwatch").put_metric_alarm(
        AlarmName="shop-connections",
        Namespace="AWS/RDS",
        MetricName="DatabaseConnections",
        Statistic="Average",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": "shop"}],
        Period=300,
        EvaluationPeriods=1,
        Threshold=60,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
    )
    built.client("ecr").create_repository(repositoryName="shop", imageScanningConfiguration={"scanOnPush": True})
    build_shop_site(built)


def build_shop_site(built: Built) -> None:
    s3, cloudfront = built.client("s3"), built.client("cloudfront")
    s3.create_bucket(Bucket="shop-site-7c1e", CreateBucketConfiguration={"LocationConstraint": REGION})
    control = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": "shop",
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]
    origin = {
        "Id": "site",
        "DomainName": f"shop-site-7c1e.s3.{REGION}.amazonaws.com",
        "OriginAccessControlId": control,
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "shop",
            "Comment": "shop",
            "Enabled": True,
            "DefaultRootObject": "index.html",
            "Origins": listed([origin]),
            "DefaultCacheBehavior": {
                "TargetOriginId": "site",
                "ViewerProtocolPolicy": "redirect-to-https",
                "CachePolicyId": CACHING_OPTIMIZED,
            },
        }
    )
