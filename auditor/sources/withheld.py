"""What of a value of code nobody knows yet, taken out of it, with the places and the reasons.

Of an address range that is not known its width often is: `"${aws_eip.a.public_ip}/32"` is one address, and a network of
AWS is no wider than a /16.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from auditor.model import ABSENT, SERVICE, Json, paths
from auditor.resources.terraform import BESIDE
from auditor.sources.references import Addresses, reasons

_ELEMENT = re.compile(r"\[\d*\]$")
_WIDTH = re.compile(r"\$\{.*\}/(\d{1,3})", re.DOTALL)
NETWORKS = ("AWS::EC2::VPC", "AWS::EC2::Subnet")
_OF_NETWORK = re.compile(r"\$\{([^{}]+)\.(?:cidr_block|CidrBlock)\}")
WIDEST = 16  # the shortest prefix of a network, and of a subnet, in IPv4
# `logs.${...}.amazonaws.com`: whatever stands there, it is one service of AWS.
_OF_SERVICE = re.compile(r"[\w.-]*\$\{[^{}]*\}[\w.-]*\.amazonaws\.com(?:\.cn)?")


class Unknown(NamedTuple):
    """Why a value is not known, and what is: how long the prefix of an address range is at the least, how the name of a
    principal begins."""

    reason: str
    prefix: int = 0
    begins: str = ""


def of_service(text: str) -> bool:
    """Whether a text of which a part is not known names a service of AWS."""
    return _OF_SERVICE.fullmatch(text) is not None


def _prefix(text: str, addresses: Addresses) -> int:
    """How long the prefix of an address range is at the least; 0 where the text does not say."""
    width = _WIDTH.fullmatch(text)
    if width:
        return int(width[1])
    found = _OF_NETWORK.fullmatch(text)
    return WIDEST if found and found[1] in addresses.networks else 0


def left_to_aws(value: Json, name: str, read_only: Iterable[str]) -> Iterator[str]:
    """Places inside a value that only AWS fills: the ARN of the secret whose key code names."""
    for place in read_only:
        if place.startswith(name + ".") and "[]" not in place and paths.get({name: value}, place) is ABSENT:
            above = paths.get({name: value}, place.rpartition(".")[0])
            if isinstance(above, dict):
                yield place


def without_selectors(path: str) -> str:
    return "".join(part.split("]")[-1] for part in path.split("["))


def without_unknown(value: Json, path: str, vias: set[str], addresses: Addresses, hidden: dict[str, Unknown]) -> Json:
    """The value without what nobody knows yet; `hidden` takes the places, with what is known all the same."""
    if isinstance(value, dict):
        out = {}
        for key, inner in ((str(key), inner) for key, inner in value.items()):  # a key may be what code says: a number
            place = f'{path}."{key}"' if "." in key else f"{path}.{key}"
            kept = without_unknown(inner, place, vias, addresses, hidden)
            if kept is not ABSENT:
                out[key] = kept
        return out
    if isinstance(value, list):
        if BESIDE in value:  # what the reference does in the list is not known either
            hidden[path] = Unknown(reasons(BESIDE)[0])
            return ABSENT
        elements: list[Json] = []
        for inner in value:  # each at the place where it will stand
            kept = without_unknown(inner, f"{path}[{len(elements)}]", vias, addresses, hidden)
            elements += [] if kept is ABSENT else [kept]
        return elements
    if isinstance(value, str) and "${" in value:
        why = reasons(value)
        targets = addresses.targets(value)
        if not why and targets and not _leads(without_selectors(path), vias):
            why = [f"{addresses.later} (refers to {targets[0]})"]
        if why:
            begins = SERVICE if of_service(value) else ""
            hidden[_ELEMENT.sub("", path)] = Unknown(why[0], _prefix(value, addresses), begins)
            return ABSENT
    return value


def _leads(path: str, vias: set[str]) -> bool:
    """Whether an edge starts at the place, or reads all that a place above it holds."""
    return path in vias or any(path.startswith(via + ".") for via in vias)
