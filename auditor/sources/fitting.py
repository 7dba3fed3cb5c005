"""Whether a value of code has the shape that its type's schema gives it, so that nobody after this has to ask again.

AWS would refuse what does not fit (a number for a list, a word for a port, a text that is no network). Nobody can say
what it would do instead, so the property is not understood, which makes it unknown.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from auditor.model import Json

_NETWORKS = {
    "CidrBlock", "CidrIp", "CidrIpv6", "DestinationCidrBlock", "DestinationIpv6CidrBlock", "Ipv6CidrBlock",
}  # fmt: skip
_MOST = 2**53  # beyond it numbers of JSON are not exact, and AWS has none


def misfit(value: Json, kind: Any, name: str) -> str:
    """What does not fit at a place called `name`, or nothing. A text that refers to something may come to anything."""
    if kind == "" or (isinstance(value, str) and "${" in value):
        return ""
    if isinstance(kind, Mapping):
        if not isinstance(value, Mapping):
            return f"{name} is not a mapping"
        return _first(misfit(inner, kind.get(str(key), ""), str(key)) for key, inner in value.items())
    if isinstance(kind, (list, tuple)):
        if not isinstance(value, list):
            return f"{name} is not a list"
        return _first(misfit(each, kind[0] if kind else "", name) for each in value)
    return _misfit_of_scalar(value, str(kind), name)


def _first(found: Any) -> str:
    return next((each for each in found if each), "")


def _misfit_of_scalar(value: Json, kind: str, name: str) -> str:
    if kind == "b":
        return "" if isinstance(value, bool) else f"{name} is neither true nor false"
    if kind in ("i", "n"):
        right = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _MOST
        return "" if right else f"{name} is not a number"
    if value is None or isinstance(value, (Mapping, list)):
        return f"{name} is not a string"
    return f"{name} is not an address range" if name in _NETWORKS and not _network(value) else ""


def _network(value: Json) -> bool:
    try:
        return isinstance(value, str) and bool(ipaddress.ip_network(value, strict=False))
    except ValueError:
        return False
