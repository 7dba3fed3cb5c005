"""What to do about a call that gave no answer, by its reason: an IAM action cures only what IAM refused."""

from __future__ import annotations

import re

from auditor.model.vocabulary import Reason

_EXPLICIT = re.compile(r"explicit deny in an? ([a-zA-Z- ]{3,40}?)(?: policy)?\b(?:[.:]|$)")
# AWS refuses a signature that is more than some minutes away from its own clock.
_CLOCK = re.compile(r"RequestTimeTooSkewed|Signature (?:expired|not yet current)")
SET_THE_CLOCK = "set the clock of this machine: AWS refuses signatures that are minutes off"
_CURES: dict[Reason, str] = {
    "denied": "allow {permission}",
    "denied-by-organization": "a policy of the organization denies {permission}: ask its administrator to allow it",
    "region-disabled": "enable {region} in the account, or leave it out",
    "region-not-read": "read it as well, with --region {region}",
    "throttled": "run again later: AWS limited the rate of calls",
    "unavailable": "run again; if it fails again, check the network and the health of AWS in {region}",
}
NOT_OFFERED = "not offered there"


def login(message: str) -> str:
    """What to do about credentials that AWS does not take."""
    return SET_THE_CLOCK if _CLOCK.search(message) else "log in again (`aws sso login`) or refresh the session's keys"


def cure(reason: Reason, permission: str, region: str, message: str) -> str:
    """One sentence without a capital; empty where nobody can say."""
    if reason == "unsupported" and NOT_OFFERED in message:
        return f"leave {region} out, or check the DNS servers of this network"
    if reason == "credentials":
        return f"{login(message)}, and run again"
    text = _CURES.get(reason, "")
    if not text or ("{permission}" in text and not permission):
        return ""
    explicit = _EXPLICIT.search(message)
    if reason == "denied" and explicit:
        return f"remove the explicit deny of {permission} ({explicit[1].strip()})"
    return text.format(permission=permission, region=region or "the region")
