"""What a builder hands back: an account and the names of what stands in it, by role.

built["database"]               identifier of the part that plays a role (see `cuggu.ROLES`)
built.arn("database")           its ARN, where it has one
built.client("rds")             a boto3 client of the account, in the region where that service's parts live
built.on(copy)                  the same parts in a clone
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.sandbox.environment import REGION
from auditor.sandbox.server import Sandbox

GLOBAL_REGION = "us-east-1"
# Services whose parts live in us-east-1: the global ones, and certificates that CloudFront presents.
AT_HOME_IN_VIRGINIA = frozenset({"acm", "cloudfront", "iam", "route53"})


@dataclass
class Built:
    """The parts of an account, by role; filled while it is built."""

    box: Sandbox
    ids: dict[str, str] = field(default_factory=dict)
    arns: dict[str, str] = field(default_factory=dict)
    region: str = REGION  # where the parts of regional services live

    def __getitem__(self, role: str) -> str:
        return self.ids[role]

    def __contains__(self, role: str) -> bool:
        return role in self.ids

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def put(self, role: str, identifier: str, arn: str = "") -> str:
        """Note a part; a role is played once."""
        if role in self.ids:
            raise ValueError(f"{role} was built twice")
        self.ids[role] = identifier
        if arn:
            self.arns[role] = arn
        return identifier

    def arn(self, role: str) -> str:
        return self.arns[role]

    def all(self, prefix: str) -> dict[str, str]:
        """Roles that begin so, with their identifiers: `built.all("alarm-on-")`."""
        return {role: identifier for role, identifier in self.ids.items() if role.startswith(prefix)}

    @property
    def account(self) -> str:
        return self.box.account

    def client(self, service: str, region: str = "") -> Any:
        home = GLOBAL_REGION if service in AT_HOME_IN_VIRGINIA else self.region
        return self.box.session_client(service, region or home)

    def on(self, copy: Sandbox) -> Built:
        return Built(copy, dict(self.ids), dict(self.arns), self.region)
