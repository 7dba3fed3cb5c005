"""A variant of an account, judged: who plays what, and whether anything false is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from auditor.checks.agreed import drift_of_all
from auditor.checks.binding import bind
from auditor.checks.binding.ties import ties_of
from auditor.checks.schema import Baseline
from auditor.graph.build import build
from auditor.model import Inventory

# Roles of the builder where they are called otherwise than in the baseline.
BUILT = {
    "private-subnet-c": "private-subnet-b", "alarm": "alarm-on-", "topic": "alarm-topic", "subnet-group": "database-subnets",
    "schedule": "cleanup-schedule", "middleware": "middleware",
}  # fmt: skip


@dataclass
class Account:
    baseline: Baseline
    inventory: Inventory
    types: Any
    built: Any
    truth: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self):
        for role in self.baseline.roles:
            ids = {self.built.ids.get(BUILT.get(role, role), "")} | {self.built.arns.get(BUILT.get(role, role), "")}
            found = {
                each.key
                for each in self.inventory.resources
                if each.type in self.baseline.roles[role].types and {each.id, each.arn, each.name} & (ids - {""})
            }
            if found:
                self.truth[role] = found

    @property
    def roles(self):
        """Roles for one resource, of which the builder says who plays them."""
        return [role for role in self.truth if self.baseline.roles[role].most == 1]


@dataclass
class Judged:
    wrong: list[str]
    doubtful: list[str]
    false: list[str]
    masked: list[str]
    unknown: list[str]
    bound: Any
    drift: Any

    def __bool__(self):
        return bool(self.wrong or self.false or self.masked)


def judge(account: Account, inventory: Inventory, truth=None, gone=()) -> Judged:
    """`gone` are roles whose resource was deleted. Wrong is a role that somebody else plays and no doubt is told;
    masked a deleted part whose promise is kept; false a part that is said to be missing though it is there and a link
    of the document joins it to another part."""
    truth = {role: keys for role, keys in (truth or account.truth).items() if role in account.roles}
    graph = build(inventory, account.types)
    bound = bind(account.baseline, graph)
    drift = drift_of_all(account.baseline, bound, graph)
    verdicts = {promise.id: promise.verdict for promise in drift.promises}
    wrong, doubtful = [], []
    for role, keys in truth.items():
        got = {each.key for each in bound.of(role)}
        if got == (set() if role in gone else keys):
            continue
        unsure = verdicts[role] == "unknown" or role in bound.doubts or bound.hidden.get(role)
        if unsure:
            doubtful.append(role)
        elif got or _linked(account, role, gone):
            wrong.append(f"{role}: {sorted(each.label for each in bound.of(role))}")
    false = [
        f"{found.kind} {found.check}"
        for found in drift.findings
        if found.verdict == "broken"
        and found.kind == "missing"
        and (role := found.check.split("/")[1]) in truth
        and role not in gone
        and _linked(account, role, gone)
    ]
    masked = [role for role in gone if verdicts[role] == "kept"]
    unknown = [name for name, verdict in verdicts.items() if verdict == "unknown"]
    return Judged(wrong, doubtful, false, masked, unknown, bound, drift)


NAMES = {"zone", "cdn", "certificate"}  # what names the system


def _linked(account: Account, role: str, gone) -> bool:
    """Whether arrows of the document still lead from what names the system to the role, so that it has a place."""
    ties = [
        tie
        for link in account.baseline.links
        for tie in ties_of(link)
        if tie.tail not in gone and tie.head not in gone and account.baseline.roles[tie.tail].most == 1
    ]
    reached = NAMES - set(gone)
    while True:
        more = {tie.head for tie in ties if tie.tail in reached} | {
            tie.tail for tie in ties if tie.head in reached and tie.back
        }
        if more <= reached:
            return role in reached
        reached |= more
