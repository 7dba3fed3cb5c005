"""What Terraform's AWS provider does where a configuration is silent, as far as that is not what AWS does.

A plan says all of it; a directory read without a plan does not.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import LATER, Json
from auditor.sources.references import unknown
from auditor.sources.terraform.raw import Raw

_SILENT: Mapping[str, Mapping[str, Json]] = {
    "aws_db_instance": {"publicly_accessible": False, "backup_retention_period": 0},
    "aws_security_group": {"egress": [], "description": "Managed by Terraform"},
    "aws_default_security_group": {"egress": [], "ingress": []},
    "aws_cloudfront_distribution": {"http_version": "http2"},
    "aws_route53_zone": {"comment": "Managed by Terraform"},
    "aws_db_parameter_group": {"description": "Managed by Terraform"},
    "aws_db_subnet_group": {"description": "Managed by Terraform"},
    "aws_cloudfront_origin_access_control": {"description": "Managed by Terraform"},
    "aws_iam_account_password_policy": {"allow_users_to_change_password": True},
    "aws_kms_external_key": {"origin": "EXTERNAL"},
    "aws_kms_replica_key": {
        "multi_region": True,
        **dict.fromkeys(
            ("customer_master_key_spec", "enable_key_rotation", "key_usage", "origin", "rotation_period_in_days"),
            unknown(LATER),  # they are those of the primary key, which may be in any other region or state
        ),
    },
}
# The same under another name than in the type's first resource.
_RENAMED: Mapping[str, Mapping[str, str]] = {
    "aws_kms_external_key": {"enabled": "is_enabled"},
    "aws_kms_replica_key": {"enabled": "is_enabled"},
}
_GROUPS = ("aws_security_group", "aws_default_security_group")


def with_defaults(raw: Raw) -> Raw:
    """The resource with the provider's defaults; in rules of a security group `self` becomes the group."""
    for name, value in _SILENT.get(raw.type, {}).items():
        if raw.values.get(name) is None:
            raw.values[name] = value
    for name, other in _RENAMED.get(raw.type, {}).items():
        raw.values.setdefault(other, raw.values.get(name))
    if raw.type in _GROUPS:
        own = "${" + raw.address + ".id}"
        for name in ("ingress", "egress"):
            rules = raw.values.get(name)
            if not isinstance(rules, str):  # else they are not known
                every = rules if isinstance(rules, list) else [rules] if rules else []
                raw.values[name] = [_self_named(each, own) for each in every]
    if raw.type == "aws_security_group_rule" and raw.values.get("self") is True:
        raw.values["source_security_group_id"] = raw.values.get("security_group_id")
    return raw


def _self_named(rule: Json, own: str) -> Json:
    if not isinstance(rule, dict) or rule.get("self") is not True:
        return rule
    groups = rule.get("security_groups") or []
    return {**rule, "self": None, "security_groups": [*(groups if isinstance(groups, list) else [groups]), own]}
