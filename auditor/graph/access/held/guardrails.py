"""The policies of an organization as layers of an evaluation: every level has to allow, and none gives anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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
    """`scps` bind who is asked about, `rcps` what; `unread` says that there may be more of either.

    Where several accounts are asked about together each has its own (`others`); nothing is known of any further one.
    """

    scps: Layers = ()
    rcps: Layers = ()
    unread: bool = False
    organization: str | None = ""  # its id; empty: not known, None: the account is in none
    others: Mapping[str, Guardrails] = field(default_factory=dict)

    @classmethod
    def of(cls, organization: Organization) -> Guardrails:
        scps = _layers("service control policy", organization.scps)
        return cls(
            scps, _layers("resource control policy", organization.rcps), bool(organization.gaps), organization.id
        )

    @classmethod
    def together(cls, organizations: Mapping[str, Organization]) -> Guardrails:
        """What binds each of several accounts, or the one that there is."""
        each = {account: cls.of(organization) for account, organization in organizations.items()}
        if len(each) == 1:
            return next(iter(each.values()))
        return cls(unread=any(one.unread for one in each.values()), others=each)

    def about(self, account: str) -> Guardrails:
        return self.others.get(account, NONE) if self.others else self

    def between(self, caller: str, owner: str) -> Guardrails:
        """What binds a request of one account's principal to another account's resource."""
        mine, theirs = self.about(caller), self.about(owner or caller)
        return replace(mine, rcps=theirs.rcps, unread=mine.unread or theirs.unread)

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
