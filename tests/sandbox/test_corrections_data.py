"""RDS, S3, KMS and the settings of an account keep what AWS keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from auditor.sandbox import Sandbox
from auditor.sandbox.built import Built

HERE = {"LocationConstraint": "ap-northeast-2"}
ALL = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def bucket(box: Sandbox, name: str = "some-bucket") -> Any:
    s3 = box.session_client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=HERE)
    return s3


def policy(condition: dict[str, Any] | None = None) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::some-bucket/*",
    }
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}
    )


def database(box: Sandbox, **settings: Any) -> dict[str, Any]:
    usual = {
        "DBInstanceIdentifier": "db",
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "EngineVersion": "16.8",
        "AllocatedStorage": 20,
        "MasterUsername": "u",
        "MasterUserPassword": "not-a-real-one",
    }
    made: dict[str, Any] = box.session_client("rds").create_db_instance(**(usual | settings))["DBInstance"]
    return made


def network(box: Sandbox, gateway: bool) -> tuple[str, list[str]]:
    """A VPC with subnets in 2a and 2c."""
    ec2 = box.session_client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    if gateway:
        igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    subnets = [
        ec2.create_subnet(VpcId=vpc, AvailabilityZone=f"ap-northeast-2{zone}", CidrBlock=f"10.0.{n}.0/24")["Subnet"]
        for n, zone in enumerate("ac")
    ]
    return vpc, [subnet["SubnetId"] for subnet in subnets]


def subnet_group(box: Sandbox, subnets: list[str]) -> str:
    box.session_client("rds").create_db_subnet_group(
        DBSubnetGroupName="group", DBSubnetGroupDescription="d", SubnetIds=subnets
    )
    return "group"


def test_a_database_comes_back_as_it_was_sent(box: Sandbox, kept: Any) -> None:
    _, subnets = network(box, gateway=False)
    key = box.session_client("kms").create_key()["KeyMetadata"]
    sent = {
        "MultiAZ": True,
        "PubliclyAccessible": False,
        "StorageEncrypted": True,
        "StorageType": "gp3",
        "DeletionProtection": True,
        "BackupRetentionPeriod": 7,
        "CopyTagsToSnapshot": True,
        "PerformanceInsightsRetentionPeriod": 31,
        "MaxAllocatedStorage": 100,
        "CACertificateIdentifier": "rds-ca-ecc384-g1",
    }
    database(
        box, DBSubnetGroupName=subnet_group(box, subnets), KmsKeyId=key["KeyId"], EnablePerformanceInsights=True, **sent
    )
    read = box.session_client("rds").describe_db_instances()["DBInstances"][0]
    expected = {
        "KmsKeyId": key["Arn"],
        "PerformanceInsightsEnabled": True,
        "AvailabilityZone": "ap-northeast-2a",
        "SecondaryAvailabilityZone": "ap-northeast-2c",
        "CertificateDetails": {"CAIdentifier": "rds-ca-ecc384-g1"},
        "LicenseModel": "postgresql-license",
    }
    kept(sent | expected, read)


def test_databases_have_identifiers_of_their_own_and_the_key_of_aws(box: Sandbox) -> None:
    one = database(box, StorageEncrypted=True)
    other = database(box, DBInstanceIdentifier="other")
    assert one["DbiResourceId"] != other["DbiResourceId"]
    described = box.session_client("kms").describe_key(KeyId=one["KmsKeyId"])["KeyMetadata"]
    assert described["KeyUsage"] == "ENCRYPT_DECRYPT"
    assert described["MultiRegion"] is False
    assert (described["Arn"], described["KeyManager"]) == (one["KmsKeyId"], "AWS")
    assert "KmsKeyId" not in other
    assert one["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"


def test_a_replica_is_found_by_an_identifier_of_its_own(box: Sandbox) -> None:
    database(box, BackupRetentionPeriod=7)
    rds = box.session_client("rds")
    rds.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="db")
    ids = {each["DBInstanceIdentifier"]: each["DbiResourceId"] for each in rds.describe_db_instances()["DBInstances"]}
    for name, resource in ids.items():
        wanted = [{"Name": "dbi-resource-id", "Values": [resource]}]
        (found,) = rds.describe_db_instances(Filters=wanted)["DBInstances"]
        assert found["DBInstanceIdentifier"] == name


@pytest.mark.parametrize("gateway", [True, False])
def test_unless_said_a_database_is_public_where_there_is_a_gateway(box: Sandbox, gateway: bool) -> None:
    vpc, subnets = network(box, gateway)
    made = database(box, DBSubnetGroupName=subnet_group(box, subnets))
    assert made["PubliclyAccessible"] is gateway
    groups = box.session_client("ec2").describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert made["VpcSecurityGroups"][0]["VpcSecurityGroupId"] == groups["SecurityGroups"][0]["GroupId"]


def test_a_change_of_a_database_shows(box: Sandbox, kept: Any) -> None:
    database(box, PubliclyAccessible=False)
    changes = {"PubliclyAccessible": True, "BackupRetentionPeriod": 3, "DeletionProtection": True, "MultiAZ": True}
    rds = box.session_client("rds")
    rds.modify_db_instance(
        DBInstanceIdentifier="db", EnablePerformanceInsights=True, DBPortNumber=5433, ApplyImmediately=True, **changes
    )
    read = rds.describe_db_instances()["DBInstances"][0]
    kept(changes | {"PerformanceInsightsEnabled": True, "Endpoint": {"Port": 5433}}, read)


def test_parameters_are_those_set_and_those_of_the_engine(box: Sandbox) -> None:
    rds = box.session_client("rds")
    rds.create_db_parameter_group(DBParameterGroupName="p", DBParameterGroupFamily="postgres16", Description="d")
    force = {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="p", Parameters=[force])
    read = {p["ParameterName"]: p for p in rds.describe_db_parameters(DBParameterGroupName="p")["Parameters"]}
    assert (read["rds.force_ssl"]["ParameterValue"], read["rds.force_ssl"]["Source"]) == ("0", "user")
    assert read["log_statement"]["Source"] == "system"
    mine = rds.describe_db_parameters(DBParameterGroupName="p", Source="user")["Parameters"]
    assert [p["ParameterName"] for p in mine] == ["rds.force_ssl"]
    for group, value in (("default.postgres16", "1"), ("default.postgres14", "0")):
        default = {p["ParameterName"]: p for p in rds.describe_db_parameters(DBParameterGroupName=group)["Parameters"]}
        assert default["rds.force_ssl"]["ParameterValue"] == value


def test_a_proxy_can_be_changed_and_has_an_endpoint(cuggu: Built) -> None:
    rds = cuggu.client("rds")
    rds.modify_db_proxy(DBProxyName=cuggu["proxy"], RequireTLS=False, IdleClientTimeout=60, DebugLogging=True)
    read = rds.describe_db_proxies()["DBProxies"][0]
    assert (read["RequireTLS"], read["IdleClientTimeout"], read["DebugLogging"]) == (False, 60, True)
    endpoints = rds.describe_db_proxy_endpoints(DBProxyName=cuggu["proxy"])["DBProxyEndpoints"]
    assert [(e["IsDefault"], e["Endpoint"]) for e in endpoints] == [(True, read["Endpoint"])]
    with pytest.raises(ClientError) as caught:
        rds.modify_db_proxy(DBProxyName="nobody", RequireTLS=True)
    assert caught.value.response["Error"]["Code"] == "DBProxyNotFoundFault"


def test_a_target_is_available_and_names_its_host(cuggu: Built) -> None:
    rds = cuggu.client("rds")
    target = rds.describe_db_proxy_targets(DBProxyName=cuggu["proxy"])["Targets"][0]
    host = rds.describe_db_instances()["DBInstances"][0]["Endpoint"]["Address"]
    assert (target["RdsResourceId"], target["Endpoint"]) == (cuggu["database"], host)
    assert target["TargetHealth"]["State"] == "AVAILABLE"


def test_a_new_bucket_is_closed_and_encrypted(box: Sandbox) -> None:
    s3 = bucket(box)
    assert s3.get_public_access_block(Bucket="some-bucket")["PublicAccessBlockConfiguration"] == dict.fromkeys(
        ALL, True
    )
    rules = s3.get_bucket_encryption(Bucket="some-bucket")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    ownership = s3.get_bucket_ownership_controls(Bucket="some-bucket")["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_encryption_of_a_bucket_never_ends(box: Sandbox) -> None:
    s3 = bucket(box)
    by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/x"}
    rule = {"ApplyServerSideEncryptionByDefault": by_key, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket="some-bucket", ServerSideEncryptionConfiguration={"Rules": [rule]})
    read = s3.get_bucket_encryption(Bucket="some-bucket")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert (read["ApplyServerSideEncryptionByDefault"], read["BucketKeyEnabled"]) == (by_key, True)
    s3.delete_bucket_encryption(Bucket="some-bucket")
    read = s3.get_bucket_encryption(Bucket="some-bucket")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert read["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_public_policy_is_refused_while_it_is_blocked(box: Sandbox) -> None:
    s3 = bucket(box)
    with pytest.raises(ClientError) as caught:
        s3.put_bucket_policy(Bucket="some-bucket", Policy=policy())
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    s3.delete_public_access_block(Bucket="some-bucket")
    s3.put_bucket_policy(Bucket="some-bucket", Policy=policy())
    assert s3.get_bucket_policy_status(Bucket="some-bucket")["PolicyStatus"]["IsPublic"] is True
    with pytest.raises(ClientError):
        s3.get_public_access_block(Bucket="some-bucket")


def test_the_account_can_block_for_all_buckets(box: Sandbox) -> None:
    s3 = bucket(box)
    s3.delete_public_access_block(Bucket="some-bucket")
    box.session_client("s3control").put_public_access_block(
        AccountId=box.account, PublicAccessBlockConfiguration=dict.fromkeys(ALL, True)
    )
    with pytest.raises(ClientError):
        s3.put_bucket_policy(Bucket="some-bucket", Policy=policy())


@pytest.mark.parametrize(
    ("condition", "public"),
    [
        ({"StringEquals": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"}}, False),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}, True),
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, True),
    ],
)
def test_a_condition_on_a_fixed_value_keeps_a_policy_private(
    box: Sandbox, condition: dict[str, Any], public: bool
) -> None:
    s3 = bucket(box)
    s3.delete_public_access_block(Bucket="some-bucket")
    s3.put_bucket_policy(Bucket="some-bucket", Policy=policy(condition))
    assert s3.get_bucket_policy_status(Bucket="some-bucket")["PolicyStatus"]["IsPublic"] is public


def test_buckets_tell_their_region_when_asked_with_a_parameter(box: Sandbox) -> None:
    bucket(box, "bucket-1")
    bucket(box, "bucket-2")
    box.session_client("s3", "us-east-1").create_bucket(Bucket="far-away")
    s3 = box.session_client("s3")
    assert all("BucketRegion" not in found for found in s3.list_buckets()["Buckets"])
    if "MaxBuckets" not in s3.meta.service_model.operation_model("ListBuckets").input_shape.members:
        pytest.skip("this boto3 cannot ask with a parameter")
    first = s3.list_buckets(MaxBuckets=2)
    assert [(b["Name"], b["BucketRegion"]) for b in first["Buckets"]] == [
        ("bucket-1", "ap-northeast-2"),
        ("bucket-2", "ap-northeast-2"),
    ]
    second = s3.list_buckets(MaxBuckets=2, ContinuationToken=first["ContinuationToken"])
    assert [b["Name"] for b in second["Buckets"]] == ["far-away"]
    assert "ContinuationToken" not in second


def test_rotation_has_a_period(box: Sandbox) -> None:
    kms = box.session_client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    read = kms.get_key_rotation_status(KeyId=key)
    assert read["RotationPeriodInDays"] == 180
    assert read["NextRotationDate"] > kms.describe_key(KeyId=key)["KeyMetadata"]["CreationDate"]
    kms.disable_key_rotation(KeyId=key)
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key)


def test_keys_of_aws_say_so_and_exist_once_used(box: Sandbox) -> None:
    kms = box.session_client("kms")
    before = {alias["AliasName"]: alias.get("TargetKeyId") for alias in kms.list_aliases()["Aliases"]}
    assert before["alias/aws/s3"] is None
    assert kms.list_keys()["Keys"] == []
    key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]
    assert key["KeyManager"] == "AWS"
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is True
    after = {alias["AliasName"]: alias.get("TargetKeyId") for alias in kms.list_aliases()["Aliases"]}
    assert after["alias/aws/s3"] == key["KeyId"]
