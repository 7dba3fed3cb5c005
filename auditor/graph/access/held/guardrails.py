"""The policies of an organization as layers of an evaluation: every level has to allow, and none gives anything."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.graph.access.policy.context import Values
from auditor.graph.access.policy.documents import compiled
from auditor.graph.access.policy.evaluate import Named
from auditor.model.organization import Level, Organization

# The services whose resources AWS documents resource control policies for; elsewhere such a policy binds nothing.
RCP_SERVICES = frozenset({"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss"})
UNLESS = "an organization policy that could not be read denies it"

Layers = tuple[tuple[Named, ...], ...]


@dataclass(frozen=True, slots=True)
class Guardrails:
    """`scps` bind who is asked about, `rcps` what; `unread` says that there may be more of either."""

    scps: Layers = ()
    rcps: Layers = ()
    unread: bool = False
    organization: str | None = ""  # its id; empty: not known, None: the account is in none

    @classmethod
    def of(cls, organization: Organization) -> Guardrails:
        scps = _layers("service control policy", organization.scps)
        return cls(
            scps, _layers("resource control policy", organization.rcps), bool(organization.gaps), organization.id
        )

    def member(self) -> Values:
        """What the organization makes known of requests by the account's principals."""
        if self.organization == "":
            return {}
        found: Values = {"aws:principalorgid": (self.organization,) if self.organization else None}
        return found if self.organization else {**found, "aws:principalorgpaths": None}

    def on_resources(self, action: str) -> Layers:
        return self.rcps if action.split(":")[0].lower() in RCP_SERVICES else ()


NONE = Guardrails()


def _layers(kind: str, levels: tuple[Level, ...]) -> Layers:
    return tuple(tuple((f"{kind} {name}", compiled(document)) for name, document in level) for level in levels)
