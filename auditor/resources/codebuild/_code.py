"""Build projects in Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.codebuild._live import logs
from auditor.resources.terraform import first, many, within

_CFN = "AWS::CodeBuild::Project"


def environment(value: Json) -> Json:
    """Terraform calls the variables after a single one."""
    said = first(value)
    if not isinstance(said, Mapping):
        return said
    variables = many(said.get("environment_variable"))
    return within(_CFN, "Environment")({**said, "environment_variables": variables})


def logs_config(value: Json) -> Json:
    return logs(within(_CFN, "LogsConfig")(value))
