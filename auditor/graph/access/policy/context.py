"""What is known of a request: condition keys that have a value, that are surely absent, or that the caller decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Values = dict[str, tuple[str, ...] | None]
# Stands in a value for the name of a session, which whoever assumes the role chooses.
ANY_SESSION = "\ue003"
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


@dataclass(frozen=True, slots=True)
class Context:
    """Keys in lower case; a key that maps to None is known to be absent, one that is missing is open."""

    values: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    present: frozenset[str] = PRESENT
    tags_known: bool = False  # of the principal's tags those in `values` are all
    keys_of_long_term: bool = False  # a user, who may sign with its access key and so without a session token
    own_tags: bool = False  # whoever asks sets its own tags as it pleases

    def look(self, key: str) -> tuple[State, tuple[str, ...]]:
        key = key.lower()
        if key in self.values:
            found = self.values[key]
            return ("known", found) if found else ("absent", ())
        if self.tags_known and key.startswith(TAG):
            return "absent", ()
        return ("present" if key in self.present else "open"), ()

    def chooses(self, keys: Iterable[str]) -> bool:
        """Whether whoever asks sets all these keys as it pleases."""
        return all(key.lower() in CHOSEN or (self.own_tags and key.lower().startswith(TAG)) for key in keys)

    def tagging(self) -> Context:
        """The same for somebody who may tag itself before."""
        rest = {key: value for key, value in self.values.items() if not key.startswith(TAG)}
        return replace(self, values=rest, tags_known=False, own_tags=True)

    def knowing(self, more: Mapping[str, str | tuple[str, ...] | None]) -> Context:
        """The same request, with more known of it."""
        added = {key.lower(): (value,) if isinstance(value, str) else value for key, value in more.items()}
        return replace(self, values={**self.values, **added})


ANY = Context()
TAG = "aws:principaltag/"


def clock(now: dt.datetime | None = None) -> Values:
    moment = now or dt.datetime.now(dt.UTC)
    return {
        "aws:currenttime": (moment.isoformat(timespec="seconds"),),
        "aws:epochtime": (str(int(moment.timestamp())),),
        "aws:tokenissuetime": (moment.isoformat(timespec="seconds"),),
    }
