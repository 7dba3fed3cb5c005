"""References of code as the ids that a live answer would hold, so that every question about edges asks one form.

`${ADDRESS.ATTRIBUTE}` in a property that the type declares as an edge becomes the id of the resource it leads to, for
the graph compares groups, networks and gateways by their ids. An ARN stays the text by which code speaks of it:
policies hold the same text (`Resource.spoken`). Then each type adds what AWS adds by itself (`ResourceType.implied`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from auditor.model import EdgeTo, Gap, Json, Resource, ResourceType, Unsaid, paths
from auditor.resources.normalise import settled
from auditor.resources.schema import schema

SUBNET = "AWS::EC2::Subnet"
_ARN = re.compile(r"\.\w*arn\}$", re.IGNORECASE)


def settle_references(resources: Iterable[Resource], types: Mapping[str, ResourceType]) -> None:
    """Put ids where edges start."""
    every = list(resources)
    spoken: dict[str, list[Resource]] = {}
    for each in every:
        for text in each.names:
            if text.startswith("${"):
                spoken.setdefault(text, []).append(each)
    for each in every:
        for row in types[each.type].edges:
            head, *rest = (part for part in row.via.replace("[]", ".[]").split(".") if part)
            if head in each.properties:
                each.properties[head] = _with_ids(each.properties[head], rest, row, spoken)
    _networks(every, types)
    beside: dict[str, list[Resource]] = {}
    for each in every:
        beside.setdefault(each.type, []).append(each)
    for each in every:
        if add := types[each.type].implied:
            _lay_in_implied(each, types[each.type], add(each, beside))


def _lay_in_implied(each: Resource, described: ResourceType, implied: Iterable[tuple[str, Json | Unsaid]]) -> None:
    """What AWS adds to what code says. A row's value is brought into the one spelling of its row."""
    for place, value in list(implied):
        if isinstance(value, Unsaid):
            each.unknown[place] = Gap("", "", "", "", "", "unresolved", (each.type,), value.reason)
            each.properties.pop(place, None)
            continue
        row = described.prop(place)
        before, after = each.properties.get(place), settled(row, value) if row else value
        if isinstance(before, list) and isinstance(after, list):
            each.unknown = _with_moved_elements(each.unknown, place, before, after)
        each.properties[place] = after
        each.unknown.pop(place, None)


def _with_moved_elements(unknown: dict[str, Gap], name: str, before: list[Json], after: list[Json]) -> dict[str, Gap]:
    """The unread places, those inside a list's elements where each of them stands now: it may have more members."""
    free = list(range(len(after)))
    moved = {}
    for number, element in enumerate(before):
        mine = [place for place in free if _within(element, after[place])]
        to = next((place for place in mine if element == after[place]), mine[0] if mine else None)
        if to is not None:
            free.remove(to)
        moved[f"{name}[{number}]"] = f"{name}[{'' if to is None else to}]"
    out = {}
    for place, gap in unknown.items():
        head, bracket, rest = place.partition("]")
        out[moved.get(head + bracket, head + bracket) + rest] = gap
    return out


def _within(element: Json, other: Json) -> bool:
    if isinstance(element, dict) and isinstance(other, dict):
        return all(other.get(name) == value for name, value in element.items())
    return bool(element == other)


def _networks(resources: list[Resource], types: Mapping[str, ResourceType]) -> None:
    """What stands in subnets stands in their network, which code says of the subnets only."""
    networks = {each.id: each.properties.get("VpcId") for each in resources if each.type == SUBNET}
    for each in resources:
        vias = [row.via for row in types[each.type].edges if row.relation == "placed-in" and SUBNET in row.to]
        if "VpcId" not in each.unknown or any(paths.hidden(each.unknown, via) for via in vias):
            continue
        stands = {networks.get(text) for via in vias for _, text in paths.find(each.properties, via) if _is_text(text)}
        if len(stands) == 1 and None not in stands:
            del each.unknown["VpcId"]
            each.properties["VpcId"] = stands.pop()


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _with_ids(value: Json, path: list[str], row: EdgeTo, spoken: Mapping[str, list[Resource]]) -> Json:
    """The value with the references at `path` replaced; everything else is the same object."""
    if isinstance(value, str):
        return value if path else _id(value, row, spoken)
    if isinstance(value, list):
        rest = path[1:] if path and path[0] == "[]" else path
        return [_with_ids(each, rest, row, spoken) for each in value]
    if isinstance(value, dict) and path and path[0] in value:
        return {**value, path[0]: _with_ids(value[path[0]], path[1:], row, spoken)}
    return value


def _id(text: str, row: EdgeTo, spoken: Mapping[str, list[Resource]]) -> str:
    found = [each for each in spoken.get(text, ()) if each.type in row.to]
    if len(found) != 1 or row.take or _ARN.search(text) or _known_by_arn(found[0]):
        return text
    return found[0].id


def _known_by_arn(resource: Resource) -> bool:
    """Whether AWS itself refers to it by its ARN, so that even a plain reference is one."""
    identifier = schema(resource.type).identifier
    return resource.type == "AWS::SecretsManager::Secret" or (len(identifier) == 1 and identifier[0].endswith("Arn"))
