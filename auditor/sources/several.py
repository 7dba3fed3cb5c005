"""Several inventories as one, so that a question sees over the border of an account or region.

What two of them tell (a shared subnet, a transit gateway, either end of a peering) is taken as the account tells it
that owns it, for it alone sees all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from auditor.model import Inventory, NotLookedAt, Resource


def together(inventories: Sequence[Inventory]) -> Inventory:
    """One inventory of all; the same in whatever order they are given. What not every one asked for was not read; of
    none at all nothing was."""
    if len(inventories) < 2:
        return inventories[0] if inventories else Inventory()
    best: dict[tuple[str, str], Resource] = {}
    for resource in sorted((each for one in inventories for each in one.resources), key=_trust):
        best.setdefault(_identity(resource), resource)
    gaps = {gap.id: gap for one in inventories for gap in one.gaps}
    return Inventory(
        sorted(best.values(), key=lambda each: each.key),
        [gaps[name] for name in sorted(gaps)],
        frozenset.intersection(*(one.asked for one in inventories)),
        tuple(sorted({account for one in inventories for account in one.accounts})),
        tuple(sorted({region for one in inventories for region in one.regions})),
        sum((one.not_described for one in inventories), Counter[str]()),
        {account: found for one in inventories for account, found in one.managers.items()},
        {account: found for one in inventories for account, found in one.costs.items()},
        not_looked_at=_not_looked_at([one.not_looked_at for one in inventories]),
    )


def _not_looked_at(told: Sequence[NotLookedAt | None]) -> NotLookedAt | None:
    known = [each for each in told if each]
    kinds = sum((each.kinds for each in known), Counter[str]())
    return NotLookedAt(kinds, [gap for each in known for gap in each.gaps]) if known else None


def _identity(resource: Resource) -> tuple[str, str]:
    """Ids of EC2 are one for all accounts, while the ARN of an attachment has the account in it that asked."""
    alone = resource.type.startswith("AWS::EC2::") and "-" in resource.id
    return resource.type, resource.id if alone else resource.key


def _trust(resource: Resource) -> tuple[object, ...]:
    owner = resource.known("OwnerId") or resource.known("VpcOwnerId") or (resource.arn.split(":") + [""] * 5)[4]
    return owner != resource.account, len(resource.unknown), resource.account, resource.region, resource.key
