"""A live account as the engine's world: fresh reads, calls, and judging anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from auditor.aws.requests import CallFailed, Failure
from auditor.aws.session import Connection
from auditor.model import GLOBAL, Demand, Inventory, Json, Resource, ResourceType, Step, paths
from auditor.remedy.world import RunView


@dataclass(slots=True)
class Account:
    """Reads and writes one account. `reader` reads one resource (type, key) of a region and what is demanded of it;
    `judge` is the check whose findings the plan mends, run again; `still_ours` raises when it is no longer one's
    turn to change the account.
    """

    connection: Connection
    types: Mapping[str, ResourceType]
    reader: Callable[[str, Demand, tuple[str, str]], Inventory]
    judge: Callable[[], RunView]
    still_ours: Callable[[], None] = lambda: None

    def read(self, step: Step) -> Resource | None:
        self._own(step.account)
        described = self.types[step.type]
        prop = paths.top(step.property)
        region = step.region if step.region != GLOBAL else self.connection.region
        demand = {step.type: frozenset({prop, *_carried(described, prop)})}
        inventory = self.reader(region, demand, (step.type, step.resource))
        for resource in inventory.resources:
            if resource.key == step.resource:
                return resource
        for gap in inventory.gaps:
            if step.type in gap.types:
                raise CallFailed(gap.operation, Failure(gap.message.partition(":")[0], gap.reason, gap.message))
        return None

    def call(self, account: str, region: str, service: str, operation: str, params: Mapping[str, Json]) -> Json:
        self._own(account)
        self.still_ours()
        return self.connection.call(self.connection.home if region == GLOBAL else region, service, operation, params)

    def rejudge(self) -> RunView:
        return self.judge()

    def _own(self, account: str) -> None:
        if account != self.connection.account:
            words = f"the credentials are those of account {self.connection.account}, the plan is for {account}"
            raise CallFailed("account", Failure("WrongAccount", "failed", words))


def _carried(described: ResourceType, prop: str) -> set[str]:
    """Properties that a setter of this row sends along, so that they are read with it."""
    row = described.prop(prop)
    calls = [call for call in (row.set, row.unset, row.add, row.remove) if call] if row else []
    text = " ".join(str(call.params) for call in calls)
    return {other.name for other in described.props if f"{{{other.name}" in text}
