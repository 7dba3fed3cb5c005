"""Budgets in Terraform, which has no block around them."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.terraform import camel, first, many, shaped, wanted

_CFN = "AWS::Budgets::Budget"
_RENAMED = {"name": "BudgetName"}


def budget(value: Json) -> Json:
    """The budget in CloudFormation's shape."""
    if not isinstance(value, Mapping):
        return value
    out = shaped(
        {name: each for name, each in value.items() if name != "cost_filter"}, wanted(_CFN, "Budget"), _RENAMED
    )
    filters = {str(each.get("name")): each.get("values") for each in many(value.get("cost_filter"))}
    limit = {"Amount": value.get("limit_amount"), "Unit": value.get("limit_unit")}
    return {
        **out,
        **({"CostFilters": filters} if filters else {}),
        **({"BudgetLimit": limit} if limit["Amount"] is not None else {}),
    }


def notifications(value: Json) -> Json:
    return [{"Notification": camel(first(each))} for each in many(value)]
