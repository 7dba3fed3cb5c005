"""What an account cost: one question to Cost Explorer, which takes 0.01 USD for each, so only where it is asked for.

The last month that is over is asked for, for the current one is not whole and a forecast is no fact. Amounts are
unblended: what is charged for use, before credits are spread over an organization.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from auditor.aws.requests import Caller, Failure, Request
from auditor.model import Costs, Gap, Inventory, Json
from auditor.resources.permissions import permission
from auditor.sources.live import Place

_SERVICE, _OPERATION, _METRIC = "ce", "get_cost_and_usage", "UnblendedCost"


def costs_permissions() -> list[str]:
    return [permission(_SERVICE, _OPERATION)]


def add_costs(inventory: Inventory, caller: Caller, place: Place, today: dt.date, tags: Mapping[str, str]) -> None:
    """Lay what the account cost beside what stands in it, or why that is not known."""
    found = read_costs(caller, place, today, tuple(tags.items()))
    inventory.costs = {place.account: found}
    inventory.gaps += [found.gap] if found.gap else []


def read_costs(caller: Caller, place: Place, today: dt.date, tags: Sequence[tuple[str, str]] = ()) -> Costs:
    """The costs of the last whole month by service; of what has all these cost-allocation tags, if there are any."""
    end = today.replace(day=1)
    start = (end - dt.timedelta(days=1)).replace(day=1)
    month = f"{start:%Y-%m}"
    params: dict[str, Json] = {
        "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
        "Granularity": "MONTHLY",
        "Metrics": [_METRIC],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
    }
    filters = [{"Tags": {"Key": name, "Values": [value]}} for name, value in tags]
    if filters:
        params["Filter"] = filters[0] if len(filters) == 1 else {"And": filters}
    request = Request.of(place.account, place.home, _SERVICE, _OPERATION, params)
    reply = caller.ask([request])[request]
    if isinstance(reply, Failure):
        words = f"{reply.code}: {reply.message}"
        (action,) = costs_permissions()
        gap = Gap(place.account, place.home, _SERVICE, _OPERATION, action, reply.reason, (), words, "costs")
        return Costs(month, tags=tuple(tags), gap=gap)
    groups = [group for result in reply.get("ResultsByTime") or () for group in result.get("Groups") or ()]
    amounts = {str(group["Keys"][0]): group["Metrics"][_METRIC] for group in groups}
    units = sorted({str(each.get("Unit")) for each in amounts.values()})
    services = {name: round(float(each["Amount"]), 2) for name, each in sorted(amounts.items())}
    return Costs(month, ", ".join(units), services, tuple(tags))
