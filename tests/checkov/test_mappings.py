"""Every way in which a property is written for checkov, held against the real program: it fails what is wrong on the
right resource and property, and passes what is right."""

from __future__ import annotations

import pytest

from auditor.checks.checkov import judge_with_checkov
from tests.checkov.programs import needs_checkov
from tests.fragments import graph_of

OPEN = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0", "Description": "d"}
ALL_OUT = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "Description": "d"}
INSIDE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8", "Description": "d"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ANYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
LITTLE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}],
}

THEIRS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/x"}, "Action": "sqs:SendMessage"}
    ],
}


def public(action, resource):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}],
    }


def distribution(protocol, tls, ssl, **more):
    origin = {
        "Id": "o",
        "DomainName": "x.example.com",
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": [ssl]},
    }
    behavior = {"TargetOriginId": "o", "ViewerProtocolPolicy": protocol}
    config = {
        "Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior,
        "CacheBehaviors": [{**behavior, "PathPattern": "/x"}],
        "ViewerCertificate": {"AcmCertificateArn": "arn:aws:acm:us-east-1:1:certificate/x", "MinimumProtocolVersion": tls, "SslSupportMethod": "sni-only"},
        **more,
    }  # fmt: skip
    return {"DistributionConfig": config}


def lifecycle(**more):
    return {"Rules": [{"Id": "r", "Status": "Enabled", "ExpirationInDays": 30, **more}]}


# Property that is wrong: (type, what fails, what passes, policy, property of the finding).
CASES = [
    ("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": [OPEN]}, {"SecurityGroupIngress": [INSIDE]}, "CKV_AWS_24", "SecurityGroupIngress"),
    ("AWS::EC2::SecurityGroup", {"SecurityGroupEgress": [ALL_OUT]}, {"SecurityGroupEgress": [INSIDE]}, "CKV_AWS_382", "SecurityGroupEgress"),
    ("AWS::RDS::DBInstance", {"StorageEncrypted": False}, {"StorageEncrypted": True}, "CKV_AWS_16", "StorageEncrypted"),
    ("AWS::RDS::DBInstance", {"PubliclyAccessible": True}, {"PubliclyAccessible": False}, "CKV_AWS_17", "PubliclyAccessible"),
    ("AWS::RDS::DBInstance", {"Engine": "postgres"}, {"Engine": "postgres", "EnableCloudwatchLogsExports": ["postgresql"]}, "CKV_AWS_129", "EnableCloudwatchLogsExports"),
    ("AWS::KMS::Key", {"EnableKeyRotation": False, "KeyPolicy": LITTLE}, {"EnableKeyRotation": True, "KeyPolicy": LITTLE}, "CKV_AWS_7", ""),
    ("AWS::KMS::Key", {"KeyPolicy": public("kms:*", "*")}, {"KeyPolicy": LITTLE}, "CKV_AWS_33", "KeyPolicy"),
    ("AWS::SNS::Topic", {}, {"KmsMasterKeyId": "alias/x"}, "CKV_AWS_26", "KmsMasterKeyId"),
    ("AWS::SQS::Queue", {"SqsManagedSseEnabled": False}, {"SqsManagedSseEnabled": True}, "CKV_AWS_27", ""),
    ("AWS::SQS::Queue", {"QueuePolicy": public("sqs:SendMessage", "*")}, {"QueuePolicy": THEIRS}, "CKV_AWS_168", "QueuePolicy"),
    ("AWS::ECR::Repository", {"ImageTagMutability": "MUTABLE"}, {"ImageTagMutability": "IMMUTABLE"}, "CKV_AWS_51", "ImageTagMutability"),
    ("AWS::ECR::Repository", {"ImageScanningConfiguration": {"ScanOnPush": False}}, {"ImageScanningConfiguration": {"ScanOnPush": True}},
     "CKV_AWS_163", "ImageScanningConfiguration.ScanOnPush"),
    ("AWS::ECR::Repository", {"EncryptionConfiguration": {"EncryptionType": "AES256"}}, {"EncryptionConfiguration": {"EncryptionType": "KMS"}},
     "CKV_AWS_136", "EncryptionConfiguration.EncryptionType"),
    ("AWS::ECR::Repository", {"RepositoryPolicyText": public("ecr:BatchGetImage", "*")}, {"RepositoryPolicyText": THEIRS}, "CKV_AWS_32", "RepositoryPolicyText"),
    ("AWS::EFS::FileSystem", {"Encrypted": False}, {"Encrypted": True}, "CKV_AWS_42", "Encrypted"),
    ("AWS::EFS::FileSystem", {"Encrypted": True}, {"Encrypted": True, "KmsKeyId": "arn:aws:kms:ap-northeast-2:111122223333:key/x"}, "CKV_AWS_184", "KmsKeyId"),
    ("AWS::Logs::LogGroup", {"RetentionInDays": 30}, {"RetentionInDays": 400}, "CKV_AWS_338", "RetentionInDays"),
    ("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True}, {"MapPublicIpOnLaunch": False}, "CKV_AWS_130", "MapPublicIpOnLaunch"),
    ("AWS::EC2::Instance", {"Monitoring": False}, {"Monitoring": True}, "CKV_AWS_126", "Monitoring"),
    ("AWS::EC2::Instance", {"BlockDeviceMappings": [{"DeviceName": "/dev/a", "Ebs": {"Encrypted": False, "SnapshotId": "snap-0"}}]},
     {"BlockDeviceMappings": [{"DeviceName": "/dev/a", "Ebs": {"Encrypted": True, "SnapshotId": "snap-0"}}]}, "CKV_AWS_8", "BlockDeviceMappings"),
    ("AWS::IAM::Role", {"AssumeRolePolicyDocument": ANYBODY}, {"AssumeRolePolicyDocument": TRUST}, "CKV_AWS_60", "AssumeRolePolicyDocument"),
    ("AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST, "Policies": [{"PolicyName": "p", "PolicyDocument": EVERYTHING}]},
     {"AssumeRolePolicyDocument": TRUST, "Policies": [{"PolicyName": "p", "PolicyDocument": LITTLE}]}, "CKV_AWS_62", "Policies"),
    ("AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
     {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}, "CKV_AWS_274", "ManagedPolicyArns"),
    ("AWS::IAM::Group", {"Policies": [{"PolicyName": "p", "PolicyDocument": EVERYTHING}]}, {"Policies": []}, "CKV_AWS_63", "Policies"),
    ("AWS::IAM::User", {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/IAMFullAccess"]}, {}, "CKV2_AWS_56", "ManagedPolicyArns"),
    ("AWS::IAM::ManagedPolicy", {"PolicyDocument": EVERYTHING}, {"PolicyDocument": LITTLE}, "CKV_AWS_62", "PolicyDocument"),
    ("AWS::Lambda::Function", {}, {"ReservedConcurrentExecutions": 5}, "CKV_AWS_115", "ReservedConcurrentExecutions"),
    ("AWS::Lambda::Function", {"Runtime": "nodejs12.x"}, {"Runtime": "nodejs22.x"}, "CKV_AWS_363", "Runtime"),
    ("AWS::Lambda::Function", {}, {"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}, "CKV_AWS_117", "VpcConfig"),
    ("AWS::Lambda::Permission", {"Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": "s3.amazonaws.com"},
     {"Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": "s3.amazonaws.com", "SourceArn": "arn:aws:s3:::b"}, "CKV_AWS_364", ""),
    ("AWS::S3::BucketPolicy", {"Bucket": "b", "PolicyDocument": public("s3:GetObject", "arn:aws:s3:::b/*")},
     {"Bucket": "b", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/x"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}},
     "CKV_AWS_70", "PolicyDocument"),
    ("AWS::S3::Bucket", {}, {"VersioningConfiguration": {"Status": "Enabled"}}, "CKV_AWS_21", "VersioningConfiguration"),
    ("AWS::S3::Bucket", {}, {"LoggingConfiguration": {"DestinationBucketName": "logs"}}, "CKV_AWS_18", "LoggingConfiguration"),
    ("AWS::S3::Bucket", {}, {"LifecycleConfiguration": lifecycle()}, "CKV2_AWS_61", "LifecycleConfiguration"),
    ("AWS::S3::Bucket", {"LifecycleConfiguration": lifecycle()},
     {"LifecycleConfiguration": lifecycle(AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7})}, "CKV_AWS_300", "LifecycleConfiguration"),
    ("AWS::S3::Bucket", {}, {"NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}}, "CKV2_AWS_62", "NotificationConfiguration"),
    ("AWS::S3::Bucket", {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}},
     {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}}, "CKV_AWS_145", "BucketEncryption"),
    ("AWS::S3::Bucket", {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
     {"PublicAccessBlockConfiguration": dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)},
     "CKV2_AWS_6", "PublicAccessBlockConfiguration"),
    ("AWS::S3::Bucket", {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
     {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}, "CKV2_AWS_65", "OwnershipControls.Rules[].ObjectOwnership"),
    ("AWS::CloudFront::Distribution", distribution("allow-all", "TLSv1.2_2021", "TLSv1.2"), distribution("https-only", "TLSv1.2_2021", "TLSv1.2"),
     "CKV_AWS_34", "DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy"),
    ("AWS::CloudFront::Distribution", distribution("https-only", "TLSv1", "TLSv1.2"), distribution("https-only", "TLSv1.2_2021", "TLSv1.2"), "CKV_AWS_174", ""),
    ("AWS::CloudFront::Distribution", distribution("https-only", "TLSv1.2_2021", "SSLv3"), distribution("https-only", "TLSv1.2_2021", "TLSv1.2"), "CKV2_AWS_54", ""),
    ("AWS::CloudFront::Distribution", distribution("https-only", "TLSv1.2_2021", "TLSv1.2"),
     distribution("https-only", "TLSv1.2_2021", "TLSv1.2", Logging={"Bucket": "l.s3.amazonaws.com"}), "CKV_AWS_86", ""),
    ("AWS::SecretsManager::Secret", {}, {"KmsKeyId": "arn:aws:kms:ap-northeast-2:111122223333:key/x"}, "CKV_AWS_149", "KmsKeyId"),
    ("AWS::EC2::NetworkAcl", {"VpcId": "vpc-1", "Entries": [{"RuleNumber": 1, "Protocol": 6, "RuleAction": "allow", "Egress": False, "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 22, "To": 22}}]},
     {"VpcId": "vpc-1", "Entries": []}, "CKV_AWS_232", "Entries"),
    ("AWS::EC2::RouteTable", {"VpcId": "vpc-1", "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "VpcPeeringConnectionId": "pcx-1"}]},
     {"VpcId": "vpc-1", "Routes": [{"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-1"}]}, "CKV2_AWS_44", "Routes"),
]  # fmt: skip


@pytest.fixture(scope="module")
def verdicts():
    """One run over all cases: (policy, name of the resource) -> finding."""
    needs_checkov()
    fragment = {}
    for number, (cfn, wrong, right, _, _) in enumerate(CASES):
        fragment[f"Wrong{number}"] = {"Type": cfn, "Properties": wrong}
        fragment[f"Right{number}"] = {"Type": cfn, "Properties": right}
    findings, gaps, counts = judge_with_checkov(graph_of(fragment))
    assert gaps == []
    assert counts["passed"] > 100
    return {(each.check, each.resource.name): each for each in findings}


@pytest.mark.contract
@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[f"{cfn}-{check}-{n}" for n, (cfn, *_, check, _) in enumerate(CASES)]
)
def test_wrong_fails_and_right_passes(number, verdicts):
    *_, check, where = CASES[number]
    found = verdicts.get((f"checkov/{check}", f"Wrong{number}"))
    assert found, sorted(policy for policy, name in verdicts if name == f"Wrong{number}")
    assert found.property == where or not where
    assert (found.kind, found.verdict, found.changes) == ("rule", "broken", ())
    assert found.title != found.check
    assert (f"checkov/{check}", f"Right{number}") not in verdicts


CONNECTED = {
    "Key": {"Type": "AWS::RDS::DBParameterGroup", "Properties": {"Family": "postgres16", "Description": "d", "Parameters": {"log_statement": "all", "log_min_duration_statement": "1"}}},
    "Told": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "DBParameterGroupName": {"Ref": "Key"}}},
    "Alone": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "DBParameterGroupName": "default.postgres16"}},
    "Headers": {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {"ResponseHeadersPolicyConfig": {"Name": "h"}}},
    "Dressed": {"Type": "AWS::CloudFront::Distribution", "Properties": distribution("https-only", "TLSv1.2_2021", "TLSv1.2")},
    "Bare": {"Type": "AWS::CloudFront::Distribution", "Properties": distribution("https-only", "TLSv1.2_2021", "TLSv1.2")},
}  # fmt: skip
CONNECTED["Dressed"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] = {
    "Ref": "Headers"
}


@pytest.mark.contract
def test_policies_about_connections_follow_the_edges_of_the_graph():
    needs_checkov()
    found = {(each.check, each.resource.name) for each in judge_with_checkov(graph_of(CONNECTED)).findings}
    for check, right, wrong in (("CKV2_AWS_30", "Told", "Alone"), ("CKV2_AWS_32", "Dressed", "Bare")):
        assert (f"checkov/{check}", wrong) in found
        assert (f"checkov/{check}", right) not in found
