"""Where Terraform's spelling of a property does not follow from names: the blocks that checkov's policies look at.

These go one way, from ours to Terraform's, and only as far as policies look. Reading Terraform is `auditor.sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.model import Json
from auditor.resources.shapes import to_json

# Members whose name in Terraform is another word.
RENAMED = {
    "CacheBehaviors": "ordered_cache_behavior",
    "CloudWatchLogsLogGroupArn": "cloudwatch_log_group_arn",
    "DestinationBucketName": "target_bucket",
    "Id": "origin_id",
    "LogFilePrefix": "target_prefix",
    "Logging": "logging_config",
    "OriginCustomHeaders": "custom_header",
    "ServerSideEncryptionByDefault": "apply_server_side_encryption_by_default",
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """`tf` replaces the row's where policies look at another spelling of the same. `write` gives the value, or for a
    fold without a path the list of its blocks; what it leaves out is not there in AWS either. `members` says of which
    of ours each member is written, where that is not all of the property."""

    tf: str = ""
    write: Callable[[Any], Json] | None = None
    members: Mapping[str, str] = field(default_factory=dict, hash=False)


_NO_RULE: dict[str, Json] = {
    "cidr_blocks": [],
    "ipv6_cidr_blocks": [],
    "prefix_list_ids": [],
    "security_groups": [],
    "self": False,
}


def _open(element: Mapping[str, Json]) -> dict[str, Json]:
    """One rule of a security group; all ports of all protocols are said with zeros."""
    every = element.get("IpProtocol") == "-1"
    out = {
        "protocol": str(element.get("IpProtocol", "-1")),
        "from_port": 0 if every else element.get("FromPort", 0),
        "to_port": 0 if every else element.get("ToPort", 65535),
        "description": element.get("Description", ""),
        **_NO_RULE,
    }
    for ours, theirs in (("CidrIp", "cidr_blocks"), ("CidrIpv6", "ipv6_cidr_blocks")):
        if ours in element:
            out[theirs] = [element[ours]]
    for end in ("Source", "Destination"):
        if f"{end}PrefixListId" in element:
            out["prefix_list_ids"] = [element[f"{end}PrefixListId"]]
        if f"{end}SecurityGroupId" in element:
            out["security_groups"] = [element[f"{end}SecurityGroupId"]]
    return out


def _rules(value: Iterable[Mapping[str, Json]]) -> Json:
    return [_open(each) for each in value]


def _acl(egress: bool) -> Callable[[Any], Json]:
    def entries(value: Iterable[Mapping[str, Json]]) -> Json:
        """The closing deny, which nobody wrote, is no entry of code."""
        return [
            {
                "action": each.get("RuleAction", ""),
                "protocol": str(each.get("Protocol", -1)),
                "rule_no": each.get("RuleNumber"),
                "cidr_block": each.get("CidrBlock", ""),
                "ipv6_cidr_block": each.get("Ipv6CidrBlock", ""),
                "from_port": (each.get("PortRange") or {}).get("From", 0),
                "to_port": (each.get("PortRange") or {}).get("To", 0),
            }
            for each in value
            if bool(each.get("Egress")) is egress and each.get("RuleNumber", 0) < 32767
        ]

    return entries


_ROUTE = {
    "DestinationCidrBlock": "cidr_block",
    "DestinationIpv6CidrBlock": "ipv6_cidr_block",
    "DestinationPrefixListId": "destination_prefix_list_id",
    "GatewayId": "gateway_id",
    "InstanceId": "instance_id",
    "NatGatewayId": "nat_gateway_id",
    "NetworkInterfaceId": "network_interface_id",
    "TransitGatewayId": "transit_gateway_id",
    "VpcEndpointId": "vpc_endpoint_id",
    "VpcPeeringConnectionId": "vpc_peering_connection_id",
}


def _routes(value: Iterable[Mapping[str, Json]]) -> Json:
    """The route to the network itself stands in no code."""
    told = [each for each in value if each.get("GatewayId") != "local"]
    return [{theirs: each.get(ours, "") for ours, theirs in _ROUTE.items()} for each in told]


# A policy that asks for the snapshot does so because an encrypted one makes an encrypted disk.
_ENCRYPTED = {"encrypted": "[].Ebs.Encrypted", "snapshot_id": "[].Ebs.Encrypted"}


def _disks(value: Iterable[Mapping[str, Json]]) -> list[dict[str, Json]]:
    """Whether a disk is encrypted is read from the volume, so the snapshot that it came from decides nothing."""
    told = [each for each in value if isinstance(each.get("Ebs"), Mapping)]
    return [{"device_name": each.get("DeviceName"), "encrypted": bool(each["Ebs"].get("Encrypted"))} for each in told]


def _root(value: Iterable[Mapping[str, Json]]) -> Json:
    """AWS does not tell which disk is the root, so the worst one stands for it; no disk leaves nothing to encrypt."""
    return [{"encrypted": all(each["encrypted"] for each in _disks(value))}]


def _parameters(value: Mapping[str, Json]) -> Json:
    return [{"name": name, "value": str(inner)} for name, inner in sorted(value.items())]


def _inline(value: Iterable[Mapping[str, Json]]) -> Json:
    return [{"name": each.get("PolicyName", ""), "policy": to_json(each.get("PolicyDocument"))} for each in value]


def _attached(value: Iterable[str]) -> Json:
    return [{"policy_arn": each} for each in value]


def _encryption(value: Mapping[str, Json]) -> Json:
    out = []
    for rule in value.get("ServerSideEncryptionConfiguration") or ():
        said: dict[str, Json] = {}
        if by := rule.get("ServerSideEncryptionByDefault"):
            inner = {"sse_algorithm": by.get("SSEAlgorithm", ""), "kms_master_key_id": by.get("KMSMasterKeyID", "")}
            said["apply_server_side_encryption_by_default"] = [inner]
        if "BucketKeyEnabled" in rule:
            said["bucket_key_enabled"] = rule["BucketKeyEnabled"]
        out.append(said)
    return out


def _lifecycle(value: Mapping[str, Json]) -> Json:
    return [{"rule": [_lifecycle_rule(each) for each in value.get("Rules") or ()]}]


def _lifecycle_rule(rule: Mapping[str, Json]) -> dict[str, Json]:
    """Conditions stand side by side in ours; Terraform wraps several in `and`, which is the same to a policy."""
    sizes = {"ObjectSizeGreaterThan": "object_size_greater_than", "ObjectSizeLessThan": "object_size_less_than"}
    conditions = {theirs: rule[ours] for ours, theirs in sizes.items() if ours in rule}
    if rule.get("Prefix"):
        conditions["prefix"] = rule["Prefix"]
    if tags := rule.get("TagFilters"):
        conditions["tag"] = [{"key": each.get("Key", ""), "value": each.get("Value", "")} for each in tags]
    out: dict[str, Json] = {"id": rule.get("Id", ""), "status": rule.get("Status", ""), "filter": [conditions]}
    if days := (rule.get("AbortIncompleteMultipartUpload") or {}).get("DaysAfterInitiation"):
        out["abort_incomplete_multipart_upload"] = [{"days_after_initiation": days}]
    return out


def _grants(value: Mapping[str, Json]) -> Json:
    who = {"URI": "uri", "ID": "id", "Type": "type"}
    grants = []
    for each in value.get("Grants") or ():
        grantee = {theirs: each["Grantee"][ours] for ours, theirs in who.items() if ours in (each.get("Grantee") or {})}
        grants.append({"grantee": [grantee], "permission": each.get("Permission", "")})
    return [{"grant": grants}]


def _rotation(value: Mapping[str, Json]) -> Json:
    days, schedule = value.get("AutomaticallyAfterDays"), value.get("ScheduleExpression")
    return [{"automatically_after_days": days, "schedule_expression": schedule}]


def _notified(value: Mapping[str, Json]) -> Json:
    kinds = {"LambdaConfigurations": "lambda_function", "QueueConfigurations": "queue", "TopicConfigurations": "topic"}
    out: dict[str, Json] = {}
    for ours, theirs in kinds.items():
        if value.get(ours):
            out[theirs] = [{"events": [each.get("Event", "")]} for each in value[ours]]
    if (value.get("EventBridgeConfiguration") or {}).get("EventBridgeEnabled"):
        out["eventbridge"] = True
    return [out] if out else []


SPELLINGS: Mapping[str, tuple[Spelling, ...]] = {
    "AWS::EC2::SecurityGroup.SecurityGroupIngress": (Spelling("ingress", _rules),),
    "AWS::EC2::SecurityGroup.SecurityGroupEgress": (Spelling("egress", _rules),),
    "AWS::EC2::NetworkAcl.Entries": (Spelling("ingress", _acl(egress=False)), Spelling("egress", _acl(egress=True))),
    "AWS::EC2::RouteTable.Routes": (Spelling("route", _routes),),
    "AWS::EC2::Instance.BlockDeviceMappings": (
        Spelling("ebs_block_device", _disks, _ENCRYPTED | {"device_name": "[].DeviceName"}),
        Spelling("root_block_device", _root, _ENCRYPTED),
    ),
    "AWS::RDS::DBParameterGroup.Parameters": (Spelling("parameter", _parameters),),
    "AWS::IAM::Role.Policies": (Spelling("aws_iam_role_policy", _inline),),
    "AWS::IAM::Role.ManagedPolicyArns": (Spelling("aws_iam_role_policy_attachment", _attached),),
    "AWS::IAM::User.Policies": (Spelling("aws_iam_user_policy", _inline),),
    "AWS::IAM::User.ManagedPolicyArns": (Spelling("aws_iam_user_policy_attachment", _attached),),
    "AWS::IAM::Group.Policies": (Spelling("aws_iam_group_policy", _inline),),
    "AWS::IAM::Group.ManagedPolicyArns": (Spelling("aws_iam_group_policy_attachment", _attached),),
    "AWS::CloudFront::Distribution.DistributionConfig": (Spelling("@"),),
    "AWS::S3::Bucket.AccessControlPolicy": (Spelling("aws_s3_bucket_acl.access_control_policy", _grants),),
    "AWS::S3::Bucket.BucketEncryption": (
        Spelling("aws_s3_bucket_server_side_encryption_configuration.rule", _encryption),
    ),
    "AWS::S3::Bucket.LifecycleConfiguration": (Spelling("aws_s3_bucket_lifecycle_configuration", _lifecycle),),
    "AWS::S3::Bucket.NotificationConfiguration": (Spelling("aws_s3_bucket_notification", _notified),),
    "AWS::SecretsManager::Secret.RotationEnabled": (Spelling("aws_secretsmanager_secret_rotation.rotation_enabled"),),
    "AWS::SecretsManager::Secret.RotationRules": (
        Spelling("aws_secretsmanager_secret_rotation.rotation_rules", _rotation),
    ),
    "AWS::ECR::Repository.RepositoryPolicyText": (Spelling("aws_ecr_repository_policy.policy"),),
    "AWS::SQS::Queue.QueuePolicy": (Spelling("aws_sqs_queue_policy.policy"),),
    "AWS::SNS::Topic.TopicPolicy": (Spelling("aws_sns_topic_policy.policy"),),
}
