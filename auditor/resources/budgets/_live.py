"""Budgets in the one spelling that is compared: amounts are texts in AWS's answers and numbers in templates."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.shapes import parse_json, pick

_SAID = ("BudgetName", "BudgetType", "TimeUnit", "CostFilters", "CostTypes", "BudgetLimit", "AutoAdjustData")
_INCLUDED = (
    "Credit",
    "Discount",
    "OtherSubscription",
    "Recurring",
    "Refund",
    "Subscription",
    "Support",
    "Tax",
    "Upfront",
)
# What counts as cost where nothing is said.
_COSTS: Mapping[str, Json] = {
    **{f"Include{each}": True for each in _INCLUDED},
    "UseAmortized": False,
    "UseBlended": False,
}


def tidy(value: Json) -> Json:
    """What the budget is of, its amount and its time. When it begins and what was spent by now is left out."""
    if not isinstance(value, Mapping):
        return value
    out = pick(value, *_SAID)
    limit, filters, adjusted = out.get("BudgetLimit"), parse_json(out.get("CostFilters")), out.get("AutoAdjustData")
    if isinstance(limit, Mapping):
        out["BudgetLimit"] = {**limit, "Amount": _amount(limit.get("Amount"))}
    if out.get("BudgetType") == "COST":
        out["CostTypes"] = {**_COSTS, **(out.get("CostTypes") or {})}
    out["CostFilters"] = {key: sorted(each) for key, each in filters.items()} if isinstance(filters, Mapping) else {}
    if isinstance(adjusted, Mapping):
        past = pick(adjusted.get("HistoricalOptions"), "BudgetAdjustmentPeriod")
        out["AutoAdjustData"] = {**pick(adjusted, "AutoAdjustType"), **({"HistoricalOptions": past} if past else {})}
    return out


def _amount(value: Json) -> Json:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def notifications(value: Json) -> Json:
    return [{"Notification": each} for each in value or ()]


def tidy_notifications(value: Json) -> Json:
    """At which amounts somebody is told, in percent where nothing else is said. Who is told takes a call for each
    amount and is left out: they are addresses of people."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    found = [_notification(each.get("Notification")) for each in value]
    return sorted(found, key=_order)


def _order(value: Mapping[str, Json]) -> tuple[str, ...]:
    said = value["Notification"]
    return tuple(str(said.get(name)) for name in sorted(said)) if isinstance(said, Mapping) else (str(said),)


def _notification(value: Json) -> Json:
    if not isinstance(value, Mapping):
        return {"Notification": value}
    said = pick(value, "NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
    return {"Notification": {"ThresholdType": "PERCENTAGE", **said}}
