"""User pools in Terraform, which has two blocks for CloudFormation's `Policies`."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.terraform import shaped, wanted


def policies(values: Mapping[str, Json]) -> Json:
    said = {name: values[name] for name in ("password_policy", "sign_in_policy") if values.get(name)}
    return shaped(said, wanted("AWS::Cognito::UserPool", "Policies")) if said else ABSENT
