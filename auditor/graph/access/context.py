"""What is known of a request: condition keys that have a value, that are surely absent, or that the caller decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from auditor.model import Resource

State = Literal["known", "absent", "present", "open"]

# AWS: these are in every request; only their value is open.
PRESENT = frozenset(
    {
        "aws:currenttime", "aws:epochtime", "aws:securetransport", "aws:principalarn", "aws:principalaccount",
        "aws:principaltype", "aws:userid", "aws:principalisawsservice", "aws:viaawsservice", "aws:requestedregion",
    }
)  # fmt: skip

# What whoever makes the request sets as it pleases: it hinders nobody who means to get in. A session token of one's own
# takes no permission (sts:GetSessionToken), so its time of issue is a matter of asking for one.
CHOSEN = frozenset(
    {
        "aws:securetransport",
        "aws:requestedregion",
        "aws:useragent",
        "aws:referer",
        "aws:tokenissuetime",
        "sts:rolesessionname",
    }
)

# AWS puts these into requests that one of its services makes on somebody's behalf, and into no other.
_OF_SERVICES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner")


@dataclass(frozen=True, slots=True)
class Context:
    """Keys in lower case; a key that maps to None is known to be absent, one that is missing is open."""

    values: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    present: frozenset[str] = PRESENT

    def look(self, key: str) -> tuple[State, tuple[str, ...]]:
        key = key.lower()
        if key in self.values:
            found = self.values[key]
            return ("known", found) if found else ("absent", ())
        return ("present" if key in self.present else "open"), ()

    def knowing(self, more: Mapping[str, str | tuple[str, ...] | None]) -> Context:
        """The same request, with more known of it."""
        added = {key.lower(): (value,) if isinstance(value, str) else value for key, value in more.items()}
        return Context({**self.values, **added}, self.present)


ANY = Context()


def clock(now: dt.datetime | None = None) -> dict[str, tuple[str, ...] | None]:
    moment = now or dt.datetime.now(dt.UTC)
    return {
        "aws:currenttime": (moment.isoformat(timespec="seconds"),),
        "aws:epochtime": (str(int(moment.timestamp())),),
        "aws:tokenissuetime": (moment.isoformat(timespec="seconds"),),
    }


def of_principal(principal: Resource, now: dt.datetime | None = None) -> Context:
    """What AWS fills in for a role or a user of an account that calls for itself."""
    user = principal.type == "AWS::IAM::User"
    values: dict[str, tuple[str, ...] | None] = {
        **clock(now),
        "aws:principalarn": (principal.arn,),
        "aws:principalaccount": (principal.account,),
        "aws:principaltype": ("User" if user else "AssumedRole",),
        "aws:principalisawsservice": ("false",),
        "aws:username": (principal.name or principal.id,) if user else None,
        **dict.fromkeys(_OF_SERVICES),
    }
    values |= {f"aws:principaltag/{key.lower()}": (value,) for key, value in principal.tags.items()}
    return Context(values)


def of_service(name: str, account: str) -> Context:
    """What is known when an AWS service calls for a resource of this account."""
    return Context(
        {
            **clock(),
            "aws:principalisawsservice": ("true",),
            "aws:principalservicename": (name,),
            "aws:sourceaccount": (account,),
            "aws:username": None,
            "sts:externalid": None,
        }
    )
