"""What binding came to: roles with their resources, how certain each is, and what is doubtful about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from auditor.model import Binding, Gap, Resource

Roles = dict[str, list[Resource]]


@dataclass(slots=True)
class Bound:
    """Roles with the resources that play them, how sure that is, and what is doubtful about it.

    `alternatives` are other assignments that are as good: a promise has the verdict on which all agree. `doubts` say
    for a role why it is not certain, with the pin that would make it so. `near` names what fits a missing role and has
    no place in the system. `hidden` is what may hide who plays a role.
    """

    baseline: str
    roles: Roles = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, tuple[Gap, ...]] = field(default_factory=dict)
    alternatives: list[Roles] = field(default_factory=list)
    near: dict[str, Resource] = field(default_factory=dict)
    possible: dict[str, set[str]] = field(
        default_factory=dict
    )  # for a missing or doubtful role: who else could play it
    proven: bool = True  # whether the search for the best assignment came to its end

    def of(self, role: str) -> list[Resource]:
        return self.roles.get(role, [])

    def keys(self) -> set[str]:
        return {resource.key for found in self.roles.values() for resource in found}

    def every_key(self) -> set[str]:
        """Also those that play a role in an assignment that is as good."""
        return self.keys() | {each.key for roles in self.alternatives for found in roles.values() for each in found}

    def instead(self, roles: Roles) -> Bound:
        return replace(self, roles=roles, alternatives=[self.roles, *self.alternatives])
