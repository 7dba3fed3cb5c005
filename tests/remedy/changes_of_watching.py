"""What is wanted of what lets people in and of what watches an account: type -> role -> place -> wish."""

from __future__ import annotations

import json
from typing import Any

from auditor.model import ABSENT
from auditor.sandbox.built import Built
from tests.remedy.wishes import Put, arn, first, flip


def _access(kind: str, **scope: Any) -> dict[str, Any]:
    return {"PolicyArn": f"arn:aws:eks::aws:cluster-access-policy/AmazonEKS{kind}Policy", "AccessScope": scope}


def _letting(action: str, built: Built) -> dict[str, Any]:
    door = f"arn:aws:s3:{built.region}:123456789012:accesspoint/spare"
    who = {"AWS": ["arn:aws:iam::123456789012:role/spare-role"]}
    said = {"Effect": "Allow", "Principal": who, "Action": [action], "Resource": [f"{door}/object/*"]}
    return {"Version": "2012-10-17", "Statement": [said]}


def _table(_: Any, built: Built) -> dict[str, Any]:
    return _using("dynamodb:Scan", built)


def _using(action: str, built: Built) -> dict[str, Any]:
    who = {"AWS": ["arn:aws:iam::123456789012:role/spare-role"]}
    said = {"Effect": "Allow", "Principal": who, "Action": [action], "Resource": [built.arn("spare-table")]}
    return {"Version": "2012-10-17", "Statement": [said]}


def _door(_: Any, built: Built) -> dict[str, Any]:
    return _letting("s3:GetObject", built)


TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "Cognito::IdentityPool": {
        "spare-identities": {"AllowUnauthenticatedIdentities": flip, "AllowClassicFlow": flip},
    },
    "Config::ConfigurationRecorder": {"spare-recorder": {"Recording": True}},
    "EKS::AccessEntry": {
        "spare-access": {
            "KubernetesGroups": ["operators", "viewers"],
            "AccessPolicies": [Put(_access("View", Type="cluster")), Put(take=first)],
        }
    },
    "EKS::PodIdentityAssociation": {"spare-pod-role": {"RoleArn": arn("spare-role")}},
    "DynamoDB::Table": {
        "spare-table": {
            "DeletionProtectionEnabled": flip,
            "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": flip,
            "ResourcePolicy": [_table, ABSENT],
        }
    },
    "EC2::Snapshot": {"spare-copy": {"Public": flip, "RestoreAccounts": [Put("444455556666"), Put(take=first)]}},
    "ElastiCache::UserGroup": {"spare-users": {"UserIds": [Put("orders"), Put(take=first)]}},
    "IAM::OIDCProvider": {"spare-provider": {"ClientIdList": [Put("sts.amazonaws.com"), Put(take=first)]}},
    "S3::AccessPoint": {"spare-door": {"Policy": [_door, ABSENT]}},
    "SecurityHub::Hub": {"spare-hub": {"AutoEnableControls": False}},
}


def build_watching(built: Built) -> None:
    """Identities, and a recorder that is not started."""
    identities = built.client("cognito-identity").create_identity_pool(
        IdentityPoolName="spare",
        AllowUnauthenticatedIdentities=True,
        AllowClassicFlow=True,
        DeveloperProviderName="login.spare.example",
    )
    built.put("spare-identities", identities["IdentityPoolId"])
    config = built.client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "spare", "roleARN": "arn:aws:iam::123456789012:role/spare"}
    )
    config.put_delivery_channel(DeliveryChannel={"name": "spare", "s3BucketName": built["static-bucket"]})
    built.put("spare-recorder", "spare")
    hub = built.client("securityhub")
    hub.enable_security_hub()
    built.put("spare-hub", hub.describe_hub()["HubArn"])
    _cluster(built)


def _cluster(built: Built) -> None:
    """Who gets into the spare cluster, and what its pods may do."""
    eks, cluster = built.client("eks"), built["spare-cluster-of-pods"]
    who = built.arn("spare-role")
    eks.create_access_entry(clusterName=cluster, principalArn=who, kubernetesGroups=["viewers"])
    eks.associate_access_policy(
        clusterName=cluster,
        principalArn=who,
        policyArn=_access("Admin")["PolicyArn"],
        accessScope={"type": "namespace", "namespaces": ["dev"]},
    )
    built.put("spare-access", f"{cluster}|{who}")
    pods = eks.create_pod_identity_association(
        clusterName=cluster, namespace="dev", serviceAccount="orders", roleArn=built.arn("spare-machine-role")
    )["association"]
    built.put("spare-pod-role", pods["associationId"])
    provider = built.client("iam").create_open_id_connect_provider(
        Url="https://spare.example",
        ClientIDList=["orders"],
        ThumbprintList=["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
    )
    built.put("spare-provider", provider["OpenIDConnectProviderArn"])
    cache = built.client("elasticache")
    cache.create_user_group(UserGroupId="spare", Engine="redis", UserIds=["default", "people"])
    built.put("spare-users", "spare")
    _copies(built)


def _copies(built: Built) -> None:
    """A copy of a disk that another account has too, and a door to a bucket."""
    ec2 = built.client("ec2")
    disk = ec2.create_volume(AvailabilityZone="ap-northeast-2a", Size=8)["VolumeId"]
    copy = built.put("spare-copy", ec2.create_snapshot(VolumeId=disk)["SnapshotId"])
    ec2.modify_snapshot_attribute(
        SnapshotId=copy, Attribute="createVolumePermission", OperationType="add", UserIds=["777788889999"]
    )
    doors = built.client("s3control")
    doors.create_access_point(AccountId="123456789012", Name="spare", Bucket=built["static-bucket"])
    policy = json.dumps(_letting("s3:PutObject", built))
    doors.put_access_point_policy(AccountId="123456789012", Name="spare", Policy=policy)
    built.put("spare-door", "spare")
    tables = built.client("dynamodb")
    table = tables.create_table(
        TableName="spare",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]
    built.put("spare-table", "spare", table["TableArn"])
    tables.put_resource_policy(ResourceArn=table["TableArn"], Policy=json.dumps(_using("dynamodb:Query", built)))
