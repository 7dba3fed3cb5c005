"""The IAM action that a boto3 call needs, for reading and for mending: data and one rule.

Nearly always it is the service's prefix and the operation's API name. boto3's names lose the capitals of acronyms, and
for buckets S3 checks actions that are named otherwise than its operations; both are listed here and held against
botocore and CloudFormation's own handlers by the contract tests.
"""

from __future__ import annotations

# Where the prefix of the actions is not the name of the boto3 client.
_PREFIX = {
    "accessanalyzer": "access-analyzer",
    "apigatewayv2": "apigateway",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sso-admin": "sso",
    "stepfunctions": "states",
}

# Words that the API writes in capitals, by service.
_CAPITALS: dict[str, frozenset[str]] = {
    "cloudfront": frozenset({"acl"}),
    "ec2": frozenset({"io"}),
    "elbv2": frozenset({"ssl"}),
    "iam": frozenset({"id", "saml", "mfa", "ssh"}),
    "organizations": frozenset({"aws"}),
    "rds": frozenset({"db"}),
    "route53": frozenset({"vpc", "dnssec", "dns"}),
    "sns": frozenset({"sms"}),
    "sts": frozenset({"saml"}),
    "wafv2": frozenset({"acl", "api", "ip"}),
}

# Words that it writes in a way of their own, by service.
_SPELT: dict[str, dict[str, str]] = {
    "cloudwatch": {"otel": "OTel"},
    "wafv2": {"acls": "ACLs"},
}

# Operations whose action is another than their own name.
_ODD: dict[str, dict[str, str]] = {
    "budgets": {"describe_budgets": "ViewBudget", "describe_notifications_for_budget": "ViewBudget"},
    "s3": {
        "list_buckets": "ListAllMyBuckets",
        "head_bucket": "ListBucket",
        "list_objects": "ListBucket",
        "list_objects_v2": "ListBucket",
        "get_bucket_encryption": "GetEncryptionConfiguration",
        "put_bucket_encryption": "PutEncryptionConfiguration",
        "delete_bucket_encryption": "PutEncryptionConfiguration",
        "get_public_access_block": "GetBucketPublicAccessBlock",
        "put_public_access_block": "PutBucketPublicAccessBlock",
        "delete_public_access_block": "PutBucketPublicAccessBlock",
        "get_bucket_lifecycle_configuration": "GetLifecycleConfiguration",
        "put_bucket_lifecycle_configuration": "PutLifecycleConfiguration",
        "delete_bucket_lifecycle": "PutLifecycleConfiguration",
        "get_bucket_cors": "GetBucketCORS",
        "put_bucket_cors": "PutBucketCORS",
        "delete_bucket_cors": "PutBucketCORS",
        "get_bucket_replication": "GetReplicationConfiguration",
        "put_bucket_replication": "PutReplicationConfiguration",
        "delete_bucket_replication": "PutReplicationConfiguration",
        "get_bucket_notification_configuration": "GetBucketNotification",
        "put_bucket_notification_configuration": "PutBucketNotification",
        "delete_bucket_ownership_controls": "PutBucketOwnershipControls",
        "delete_bucket_tagging": "PutBucketTagging",
        "get_object_lock_configuration": "GetBucketObjectLockConfiguration",
        "put_object_lock_configuration": "PutBucketObjectLockConfiguration",
        "get_bucket_accelerate_configuration": "GetAccelerateConfiguration",
        "put_bucket_accelerate_configuration": "PutAccelerateConfiguration",
        "list_bucket_analytics_configurations": "GetAnalyticsConfiguration",
        "list_bucket_inventory_configurations": "GetInventoryConfiguration",
        "list_bucket_metrics_configurations": "GetMetricsConfiguration",
        "list_bucket_intelligent_tiering_configurations": "GetIntelligentTieringConfiguration",
    },
    "s3control": {
        "get_public_access_block": "GetAccountPublicAccessBlock",
        "put_public_access_block": "PutAccountPublicAccessBlock",
        "delete_public_access_block": "PutAccountPublicAccessBlock",
    },
    "lambda": {"invoke": "InvokeFunction", "get_layer_version_by_arn": "GetLayerVersion"},
}

# API Gateway knows the actions of HTTP only: the verb by which an operation is called is the action.
_VERBS = {"create": "POST", "delete": "DELETE", "get": "GET", "import": "POST", "put": "PUT", "update": "PATCH"}

# What a call needs besides its own action, mostly to hand a role or a key to the service.
_ALSO: dict[tuple[str, str], tuple[str, ...]] = {
    ("cloudfront", "update_distribution"): ("s3:GetBucketAcl", "s3:PutBucketAcl"),
    ("ec2", "associate_iam_instance_profile"): ("iam:PassRole",),
    ("events", "put_rule"): ("iam:PassRole",),
    ("events", "put_targets"): ("iam:PassRole",),
    ("iam", "add_role_to_instance_profile"): ("iam:PassRole",),
    ("lambda", "update_function_configuration"): ("iam:PassRole",),
    ("rds", "modify_db_instance"): ("iam:PassRole",),
    ("rds", "modify_db_proxy"): ("iam:PassRole",),
    ("scheduler", "update_schedule"): ("iam:PassRole",),
    ("secretsmanager", "update_secret"): ("kms:Decrypt", "kms:GenerateDataKey"),
}


def prefix(service: str) -> str:
    """What the actions of a boto3 service begin with."""
    return _PREFIX.get(service, service)


def permission(service: str, operation: str) -> str:
    """The IAM action of a call: `("rds", "describe_db_instances")` -> `rds:DescribeDBInstances`."""
    if prefix(service) == "apigateway":
        return f"apigateway:{_VERBS[operation.partition('_')[0]]}"
    odd = _ODD.get(service, {}).get(operation)
    return f"{prefix(service)}:{odd or api_name(service, operation)}"


def permissions(service: str, operation: str) -> tuple[str, ...]:
    """All that a call may need: its own action first, then what its parameters can bring along."""
    return (permission(service, operation), *_ALSO.get((service, operation), ()))


def api_name(service: str, operation: str) -> str:
    """The API's name of a boto3 method: `describe_db_instances` -> `DescribeDBInstances`."""
    capitals, spelt = _CAPITALS.get(service, frozenset()), _SPELT.get(service, {})
    return "".join(
        spelt.get(word) or (word.upper() if word in capitals else word.capitalize()) for word in operation.split("_")
    )
