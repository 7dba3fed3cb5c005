"""Whatever an auditor reads of the cuggu account is answered: nothing it asks for is unknown to the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from auditor.sandbox.built import Built


def words(text: str) -> list[str]:
    return text.split()


# What an auditor reads of each part: service, methods without parameters, methods with them.
READS: dict[str, tuple[str, list[tuple[str, Callable[[Built], dict[str, Any]]]]]] = {
    "ec2": (
        "describe_vpcs describe_subnets describe_route_tables describe_internet_gateways describe_nat_gateways "
        "describe_egress_only_internet_gateways describe_addresses describe_vpc_endpoints describe_network_acls "
        "describe_security_groups describe_security_group_rules describe_network_interfaces describe_instances "
        "describe_volumes describe_flow_logs describe_vpc_peering_connections describe_managed_prefix_lists "
        "describe_transit_gateway_attachments describe_prefix_lists describe_regions describe_availability_zones "
        "get_ebs_encryption_by_default get_ebs_default_kms_key_id describe_snapshots "
        "get_snapshot_block_public_access_state get_image_block_public_access_state get_instance_metadata_defaults "
        "describe_vpc_block_public_access_options describe_iam_instance_profile_associations describe_dhcp_options",
        [("describe_vpc_attribute", lambda b: {"VpcId": b["vpc"], "Attribute": "enableDnsSupport"})],
    ),
    "lambda": (
        "list_functions list_layers list_event_source_mappings get_account_settings",
        [
            (method, lambda b: {"FunctionName": b["server"]})
            for method in words(
                "get_function get_function_configuration get_policy get_function_url_config "
                "list_function_url_configs get_function_concurrency list_aliases "
                "list_versions_by_function get_function_code_signing_config "
                "list_function_event_invoke_configs list_provisioned_concurrency_configs "
                "get_runtime_management_config"
            )
        ],
    ),
    "rds": (
        "describe_db_instances describe_db_clusters describe_db_proxies describe_db_proxy_endpoints "
        "describe_db_subnet_groups describe_db_parameter_groups describe_db_snapshots describe_option_groups "
        "describe_event_subscriptions describe_certificates describe_pending_maintenance_actions",
        [
            ("describe_db_proxy_target_groups", lambda b: {"DBProxyName": b["proxy"]}),
            ("describe_db_proxy_targets", lambda b: {"DBProxyName": b["proxy"]}),
            ("describe_db_parameters", lambda b: {"DBParameterGroupName": b["database-parameters"]}),
            ("list_tags_for_resource", lambda b: {"ResourceName": b.arn("proxy")}),
        ],
    ),
    "s3": (
        "list_buckets",
        [
            (method, lambda b: {"Bucket": b["images-bucket"]})
            for method in words(
                "get_bucket_location get_bucket_policy get_bucket_policy_status "
                "get_bucket_encryption get_bucket_cors get_public_access_block "
                "get_bucket_ownership_controls get_bucket_acl get_bucket_versioning "
                "get_bucket_logging get_bucket_notification_configuration get_bucket_tagging "
                "get_bucket_request_payment get_bucket_accelerate_configuration "
                "list_bucket_analytics_configurations list_bucket_inventory_configurations "
                "list_bucket_metrics_configurations list_bucket_intelligent_tiering_configurations"
            )
        ],
    ),
    "s3control": ("", [("get_public_access_block", lambda b: {"AccountId": b.account})]),
    "cloudfront": (
        "list_distributions list_functions list_origin_access_controls list_cloud_front_origin_access_identities "
        "list_response_headers_policies list_cache_policies list_origin_request_policies list_key_groups "
        "list_public_keys list_realtime_log_configs list_field_level_encryption_configs",
        [
            ("get_distribution", lambda b: {"Id": b["cdn"]}),
            ("get_distribution_config", lambda b: {"Id": b["cdn"]}),
            ("describe_function", lambda b: {"Name": b["middleware"], "Stage": "LIVE"}),
            ("get_origin_access_control", lambda b: {"Id": b["static-access"]}),
            ("get_origin_access_control_config", lambda b: {"Id": b["static-access"]}),
            ("get_cache_policy", lambda b: {"Id": b["server-cache"]}),
            ("get_response_headers_policy", lambda b: {"Id": b["headers"]}),
            ("list_distributions_by_web_acl_id", lambda b: {"WebACLId": "null"}),
        ],
    ),
    "route53": (
        "list_hosted_zones list_health_checks list_query_logging_configs",
        [
            ("get_hosted_zone", lambda b: {"Id": b["zone"]}),
            ("list_resource_record_sets", lambda b: {"HostedZoneId": b["zone"]}),
            ("get_dnssec", lambda b: {"HostedZoneId": b["zone"]}),
            ("list_tags_for_resource", lambda b: {"ResourceType": "hostedzone", "ResourceId": b["zone"]}),
        ],
    ),
    "acm": (
        "list_certificates",
        [
            ("describe_certificate", lambda b: {"CertificateArn": b["certificate"]}),
            ("list_tags_for_certificate", lambda b: {"CertificateArn": b["certificate"]}),
        ],
    ),
    "events": (
        "list_rules list_event_buses list_archives list_connections describe_event_bus",
        [
            ("describe_rule", lambda b: {"Name": b["cleanup-schedule"]}),
            ("list_targets_by_rule", lambda b: {"Rule": b["cleanup-schedule"]}),
            ("list_tags_for_resource", lambda b: {"ResourceARN": b.arn("cleanup-schedule")}),
        ],
    ),
    "scheduler": ("list_schedules list_schedule_groups", []),
    "cloudwatch": (
        "describe_alarms list_dashboards describe_anomaly_detectors",
        [("get_dashboard", lambda b: {"DashboardName": b["dashboard"]})],
    ),
    "logs": (
        "describe_log_groups describe_metric_filters describe_resource_policies describe_destinations",
        [
            ("list_tags_for_resource", lambda b: {"resourceArn": b.arn("server-logs")}),
            ("describe_subscription_filters", lambda b: {"logGroupName": b["server-logs"]}),
        ],
    ),
    "sns": (
        "list_topics list_subscriptions",
        [
            ("get_topic_attributes", lambda b: {"TopicArn": b["alarm-topic"]}),
            ("list_subscriptions_by_topic", lambda b: {"TopicArn": b["alarm-topic"]}),
            ("get_subscription_attributes", lambda b: {"SubscriptionArn": b["alarm-mail"]}),
            ("list_tags_for_resource", lambda b: {"ResourceArn": b["alarm-topic"]}),
        ],
    ),
    "iam": (
        "get_account_authorization_details list_roles list_users list_groups get_account_password_policy "
        "get_account_summary generate_credential_report get_credential_report list_open_id_connect_providers "
        "list_saml_providers list_virtual_mfa_devices list_account_aliases list_server_certificates",
        [
            ("get_role", lambda b: {"RoleName": b["server-role"]}),
            ("get_open_id_connect_provider", lambda b: {"OpenIDConnectProviderArn": b["github"]}),
            ("get_policy", lambda b: {"PolicyArn": b["deploy-policy"]}),
        ],
    ),
    "kms": (
        "list_keys list_aliases",
        [
            (method, lambda b: {"KeyId": b["key"]})
            for method in ("describe_key", "get_key_rotation_status", "list_resource_tags", "list_grants")
        ]
        + [("get_key_policy", lambda b: {"KeyId": b["key"], "PolicyName": "default"})],
    ),
    "secretsmanager": (
        "list_secrets",
        [
            ("describe_secret", lambda b: {"SecretId": b["database-secret"]}),
            ("get_resource_policy", lambda b: {"SecretId": b["database-secret"]}),
        ],
    ),
    "sts": ("get_caller_identity", []),
    "resourcegroupstaggingapi": ("get_resources get_tag_keys", []),
}


@pytest.mark.parametrize("service", READS)
def test_whatever_is_asked_is_answered(seeded: Built, service: str) -> None:
    plain, detailed = READS[service]
    client = seeded.client(service)
    asked: list[tuple[str, dict[str, Any]]] = [(method, {}) for method in plain.split()]
    asked += [(method, params(seeded)) for method, params in detailed]
    refused = []
    for method, params in asked:
        try:
            getattr(client, method)(**params)
        except ClientError as error:
            refused.append((method, error.response["Error"]["Code"]))
        except AttributeError:  # an operation that this boto3 does not know
            continue
    assert refused == []
