"""The policies of an organization that bind one account: from it up to the root, then what hangs on each level.

Whether it is in an organization, and whether it is the one that manages it, every account may ask. The policies
themselves are told to the managing account only, and to whom it delegates that: in any other account they are a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from auditor.aws.requests import Caller, Failure, Reply, Request
from auditor.model import Gap, Json, Reason
from auditor.model.organization import Level, Managers, Organization
from auditor.resources.permissions import permission
from auditor.resources.shapes import parse_json
from auditor.sources.live import Place

CALLS = ("describe_organization", "list_parents", "list_policies_for_target", "describe_policy")
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
_DEEPEST = 8  # AWS nests units five deep below the root


class _Unread(Exception):
    def __init__(self, gap: Gap) -> None:
        super().__init__(gap.message)
        self.gap = gap


class _NotInUse(Exception):
    pass


def read_organization(caller: Caller, place: Place) -> Organization:
    """What binds the account; a call that fails leaves all of it open, for every level has a say."""
    asking, own = _Asking(caller, place), ""
    try:
        organization = asking.part("Organization", "describe_organization") or {}
        own = organization.get("Id") or ""
        if not _binds(organization, place.account):
            return Organization(id=own)
        targets = _up(asking)
        return Organization(_levels(asking, targets, SCP), _levels(asking, targets, RCP), id=own)
    except _NotInUse:
        return Organization(id=None)
    except _Unread as unread:
        return Organization(gaps=(unread.gap,), id=own)


def read_managers(caller: Caller, place: Place) -> Managers:
    """Who administers the organization. The managing account every member may ask for; whom it delegates to, it alone
    and those may."""
    asking = _Asking(caller, place)
    try:
        found = asking.part("Organization", "describe_organization") or {}
    except _NotInUse:
        return Managers()
    except _Unread as unread:
        return Managers(gap=unread.gap)
    try:
        listed = asking.part("DelegatedAdministrators", "list_delegated_administrators") or []
        delegated = tuple(sorted(str(each.get("Id")) for each in listed))
    except (_Unread, _NotInUse):
        return Managers(str(found.get("MasterAccountId") or ""))
    return Managers(str(found.get("MasterAccountId") or ""), delegated)


def unsaid(accounts: Sequence[str]) -> Organization:
    """Of an account that only code describes: what binds it no code says, so an allow stands under that."""
    message = "code does not show which policies of an organization apply to the account"
    account = accounts[0] if accounts else ""
    return Organization(
        gaps=(Gap(account, "", "organizations", "", "", "unresolved", ("AWS::Organizations::Policy",), message),)
    )


def manager_permissions() -> list[str]:
    """What asking for who administers the organization takes."""
    return [permission("organizations", each) for each in ("describe_organization", "list_delegated_administrators")]


def organization_permissions() -> list[str]:
    return sorted({*manager_permissions(), *(permission("organizations", operation) for operation in CALLS)})


def _binds(found: Json, account: str) -> bool:
    """AWS: an organization for billing alone has no such policies, and none affects the account that manages it."""
    return bool(found.get("FeatureSet") == "ALL" and found.get("MasterAccountId") != account)


def _up(asking: _Asking) -> list[str]:
    """The root, the units below it that hold the account, and the account."""
    targets = [asking.place.account]
    for _ in range(_DEEPEST):
        parents = asking.part("Parents", "list_parents", ChildId=targets[0]) or []
        if not parents:
            break
        targets.insert(0, parents[0]["Id"])
        if parents[0]["Type"] == "ROOT":
            break
    return targets


def _levels(asking: _Asking, targets: list[str], kind: str) -> tuple[Level, ...]:
    """The policies of each level. A kind that is switched off hangs nowhere; one that is on hangs everywhere."""
    levels = [asking.part("Policies", "list_policies_for_target", TargetId=each, Filter=kind) or [] for each in targets]
    if not any(levels):
        return ()
    return tuple(tuple((each["Name"], _content(asking, each["Id"])) for each in level) for level in levels)


def _content(asking: _Asking, policy: str) -> Json:
    found = parse_json((asking.part("Policy", "describe_policy", PolicyId=policy) or {}).get("Content"))
    if not isinstance(found, dict):  # taken as it is, it would allow nothing
        raise _Unread(asking.gap("describe_policy", "failed", f"{policy} is not a policy document"))
    return found


@dataclass(slots=True)
class _Asking:
    """One call after the other, since each says what to ask next; the same one only once."""

    caller: Caller
    place: Place
    known: dict[Request, Reply] = field(default_factory=dict)

    def part(self, name: str, operation: str, **params: str) -> Json:
        place = self.place
        request = Request.of(place.account, place.home, "organizations", operation, params)
        if request not in self.known:
            self.known |= self.caller.ask([request])
        reply = self.known[request]
        if not isinstance(reply, Failure):
            return reply.get(name)
        if reply.code == "AWSOrganizationsNotInUseException":
            raise _NotInUse
        raise _Unread(self.gap(operation, reply.reason, f"{reply.code}: {reply.message}"))

    def gap(self, operation: str, reason: Reason, words: str) -> Gap:
        place, action = self.place, permission("organizations", operation)
        return Gap(place.account, place.home, "organizations", operation, action, reason, (), words, "organization")
