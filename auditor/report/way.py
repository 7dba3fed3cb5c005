"""The path that the evidence of a finding leads along, from its far end (the Internet, a caller) to the resource."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.report import words
from auditor.report.plain import clean

Edge = Mapping[str, Any]
Parts = Mapping[str, Mapping[str, Any]]
_OUTSIDE = "AWS::EC2::InternetGateway"
_PLUMBING = ("AWS::EC2::RouteTable", "AWS::RDS::DBSubnetGroup", "AWS::ElastiCache::SubnetGroup")
_PORT = re.compile(r"\bon port (\d{1,5})\b")


@dataclass(frozen=True, slots=True)
class Station:
    """A resource of a path, with the place and the reason of the edge by which one comes to it."""

    key: str
    place: Mapping[str, Any] | None = None
    because: str = ""


def stations(found: Mapping[str, Any]) -> list[Station]:
    """The resources from the far end of the evidence to the resource itself; a single one where nothing leads anywhere.

    The far end is an internet gateway where the evidence has one, else what lies furthest from the resource.
    """
    start = found["resource"]["key"]
    came: dict[str, tuple[str, Edge]] = {}
    order, todo = [start], deque([start])
    edges = list(found.get("evidence") or ())
    while todo:
        here = todo.popleft()
        for edge in edges:
            for one, other in ((edge["tail"], edge["head"]), (edge["head"], edge["tail"])):
                if one == here and other not in came and other != start:
                    came[other] = (here, edge)
                    order.append(other)
                    todo.append(other)
    end = next((key for key in order if _OUTSIDE in key or key.startswith("igw-")), order[-1])
    out: list[Station] = []
    while end in came:
        end, edge = _step(out, end, came)
    return [*out, Station(start)]


def _step(out: list[Station], at: str, came: Mapping[str, tuple[str, Edge]]) -> tuple[str, Edge]:
    before, edge = came[at]
    out.append(Station(at, edge.get("location"), edge.get("because", "")))
    return before, edge


def called(key: str, known: Parts) -> str:
    """What a resource of a path is called."""
    return clean((known.get(key) or {}).get("name")) or words.tail_of(key)


def kind(key: str, known: Parts) -> str:
    """The type of a resource by its key, where that is known."""
    said = (known.get(key) or {}).get("type")
    return str(said) if said else next((part for part in key.split("/") if part.startswith("AWS::")), "")


def told(found: Mapping[str, Any], known: Parts) -> str:
    """The path on one line: `igw -> public subnet a -> sg-db (port 5432) -> orders`; empty where there is none."""
    keys = [each.key for each in stations(found)]
    if len(keys) < 2:
        return ""
    out = [_station(key, keys, known) for key in keys[:-1] if kind(key, known) not in _PLUMBING]
    return " → ".join([*out, *_groups(found, keys[-1], known), called(keys[-1], known)])


def _station(key: str, keys: Iterable[str], known: Parts) -> str:
    name = called(key, known)
    outside = any(kind(each, known) == _OUTSIDE for each in keys)
    return f"public subnet {name}" if outside and kind(key, known) == "AWS::EC2::Subnet" else name


def _groups(found: Mapping[str, Any], owner: str, known: Parts) -> list[str]:
    """The security groups that let traffic in at the end of a path, with the port, where the finding says one."""
    port = _PORT.search(found.get("because") or "")
    guards = [edge["head"] for edge in found["evidence"] if edge["tail"] == owner and edge["relation"] == "guarded-by"]
    names = words.listed(called(key, known) for key in dict.fromkeys(guards))
    return [f"{names} (port {port[1]})"] if names and port else []
