"""Canned access control lists as the grants that they are; the owner's id is AWS's to tell."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json

# How `sources/references.py` spells a value that nobody can know.
_OWNER = "${? the owner's canonical id is known to AWS only}"
_GROUPS = "http://acs.amazonaws.com/groups/"
_EVERYBODY, _ANY_ACCOUNT = "global/AllUsers", "global/AuthenticatedUsers"
_CANNED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "private": (),
    "publicread": ((_EVERYBODY, "READ"),),
    "publicreadwrite": ((_EVERYBODY, "READ"), (_EVERYBODY, "WRITE")),
    "authenticatedread": ((_ANY_ACCOUNT, "READ"),),
    "logdeliverywrite": (("s3/LogDelivery", "READ_ACP"), ("s3/LogDelivery", "WRITE")),
    "bucketownerread": (),
    "bucketownerfullcontrol": (),
}


def canned(values: Mapping[str, Json]) -> Json:
    """The grants of `AccessControl`, in a template's spelling or in the API's."""
    name = values.get("AccessControl")
    if not isinstance(name, str):
        return ABSENT
    if "${" in name:
        return name
    groups = _CANNED.get(name.replace("-", "").lower())
    if groups is None:
        return ABSENT
    owner = {"Grantee": {"ID": _OWNER, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
    given = [
        {"Grantee": {"Type": "Group", "URI": _GROUPS + group}, "Permission": permission} for group, permission in groups
    ]
    return {"Owner": {"ID": _OWNER}, "Grants": [owner, *given]}
