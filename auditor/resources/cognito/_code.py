"""User pools in Terraform, which has two blocks for CloudFormation's `Policies`."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.terraform import camel, many, shaped, wanted


def policies(values: Mapping[str, Json]) -> Json:
    said = {name: values[name] for name in ("password_policy", "sign_in_policy") if values.get(name)}
    return shaped(said, wanted("AWS::Cognito::UserPool", "Policies")) if said else ABSENT


def certificate(arn: Json) -> Json:
    """Terraform says a domain of one's own by its certificate alone."""
    return {"CertificateArn": arn} if arn else ABSENT


def mappings(fold: Mapping[str, Json]) -> Json:
    """By which of a token's claims a pool chooses among its roles, by the provider that the token is of."""
    return {
        str(each.get("identity_provider")): {
            **camel({name: each.get(name) for name in ("type", "ambiguous_role_resolution")}),
            **_rules(each),
        }
        for each in many(fold.get("role_mapping"))
    } or ABSENT


def _rules(mapping: Mapping[str, Json]) -> Mapping[str, Json]:
    rules = [camel(each, role_arn="RoleARN") for each in many(mapping.get("mapping_rule"))]
    return {"RulesConfiguration": {"Rules": rules}} if rules else {}
