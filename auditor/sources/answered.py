"""Answers into resources: a pure step, the same for an account and for a saved inventory.

A failed call is a gap; so is an answer in a shape that no answer of AWS has, as far as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from auditor.aws.fill import Unfilled, fill
from auditor.aws.partitions import offered
from auditor.aws.requests import Failure, Reply, Request
from auditor.model import ABSENT, Call, Demand, Gap, Json, Prop, Resource, ResourceType
from auditor.resources.normalise import canonical, check_policies, check_policy, live_path, placeholder, reader, search
from auditor.resources.permissions import permission
from auditor.resources.shapes import named_tags
from auditor.sources.found import Found, Listing, Place, identify, key_of, templated
from auditor.sources.unsaid import hidden, lacking, unsaid

_ODD = (TypeError, AttributeError, ValueError, KeyError, IndexError)  # what a shape that nobody expects raises


@dataclass(slots=True)
class Reading:
    """The replies so far, what they told, and the gaps where they told nothing."""

    place: Place
    demand: Demand
    types: Mapping[str, ResourceType]
    replies: dict[Request, Reply] = field(default_factory=dict)
    gaps: dict[str, Gap] = field(default_factory=dict)


def list_request(state: Reading, listing: Listing) -> Request:
    def value(name: str) -> Json:
        if listing.parent and name.startswith("parent."):
            return listing.parent.value(name.removeprefix("parent."))
        known = {"account": state.place.account, "region": listing.region, "partition": state.place.partition}
        return known.get(name, ABSENT)

    return _request(state, listing.type, listing.region, listing.asks, value)


def _request(state: Reading, described: ResourceType, region: str, call: Call, value: Callable[[str], Json]) -> Request:
    params = fill(dict(call.params), value)
    return Request.of(state.place.account, region, call.service or described.service, call.operation, params)


def located(state: Reading, item: Found) -> Request:
    """The call that tells in which region an item is."""
    assert item.type.region_call is not None  # noqa: S101  only asked of types that have one
    return _request(state, item.type, state.place.home, item.type.region_call, item.value)


def items(state: Reading, listing: Listing) -> list[Found]:
    """The items of one list answer; a failed list is a gap for the type and for the types listed over it."""
    described, call = listing.type, listing.asks
    request = list_request(state, listing)
    reply = state.replies[request]
    if not isinstance(reply, Failure):
        try:
            raws = _raws(described, reply)
        except _ODD as error:
            raws, reply = [], _odd(request, error)
    else:
        raws = []
    found = []
    for raw in raws:
        try:
            found.append(named(Found(described, state.place, listing.region, raw, listing.parent, request)))
        except _ODD as error:
            reply = _odd(request, error)
    if isinstance(reply, Failure) and reply.code not in call.absent:
        subject = key_of(listing.parent) if listing.parent else ""
        gap_of_failure(state, request, reply, _with_children(described, state), subject)
    return found


def named(item: Found) -> Found:
    """An item with its id; without one it cannot be told from others, asked about, or found again."""
    if not identify(item).id:
        raise ValueError("an item has no identifier")
    return item


def _raws(described: ResourceType, reply: Json) -> list[Mapping[str, Json]]:
    """The items of an answer. A member that is left out is an empty list; null in its place is no answer of AWS."""
    out = described.list.out
    part = search(out, reply)
    first = out.split(".")[0].split("[")[0]
    if isinstance(reply, Mapping) and first in reply and reply[first] is None:
        raise TypeError(f"{first} is null")
    found: Iterable[Json] = described.items(part) if described.items and part is not None else part or []
    raws = [found] if isinstance(found, Mapping) else list(found)
    for raw in raws:
        if not isinstance(raw, Mapping):
            raise TypeError(f"an item of {first} is {type(raw).__name__}, not an object")
    return raws


def _odd(request: Request, error: Exception) -> Failure:
    why = f"the answer to {request.operation} does not have the documented shape: {error}"
    return Failure("OddAnswer", "failed", why[:500])


def _with_children(described: ResourceType, state: Reading) -> tuple[str, ...]:
    names = {described.cfn}
    for _ in state.demand:
        names |= {cfn for cfn in state.demand if state.types[cfn].over in names}
    return tuple(sorted(names))


def details(state: Reading, item: Found) -> Iterator[tuple[Prop | None, Request]]:
    """The calls that this item's demanded properties need beyond the list answer (None: its tags)."""
    props = state.demand[item.type.cfn]
    for row in item.type.props:
        if row.call and (props is None or row.name in props) and _offered(state, item, row.call):
            # What has no ARN yet (a subscription that nobody confirmed) has no details to ask for either.
            with suppress(Unfilled):
                yield row, _request(state, item.type, item.asked_in, row.call, item.value)
    if item.type.tags_call and (props is None or "Tags" in props) and _offered(state, item, item.type.tags_call):
        with suppress(Unfilled):
            yield None, _request(state, item.type, item.asked_in, item.type.tags_call, item.value)


def _offered(state: Reading, item: Found, call: Call) -> bool:
    return offered(call.service or item.type.service, state.place.partition)


def resource(state: Reading, item: Found) -> Resource:
    described = item.type
    out = Resource(described.cfn, item.id, item.place.account, item.region, item.arn, item.name, key_of(item))
    replies = {row.name if row else "": request for row, request in details(state, item)}
    for row in described.props:
        if row.call and row.name not in replies:
            continue
        try:
            _lay_in(state, out, item, row, replies.get(row.name))
        except _ODD as error:
            request = replies.get(row.name) or item.listed_by
            assert request is not None  # noqa: S101  every item was listed
            out.properties.pop(row.name, None)
            out.unknown[row.name] = gap_of_failure(state, request, _odd(request, error), (out.type,), out.key)
    try:
        _label(state, out, item, replies.get(""))
    except _ODD as error:
        request = replies.get("") or item.listed_by
        assert request is not None  # noqa: S101  every item was listed
        out.unknown["Tags"] = gap_of_failure(state, request, _odd(request, error), (out.type,), out.key)
    return out


def _label(state: Reading, out: Resource, item: Found, request: Request | None) -> None:
    """Tags, the name that a tag gives, the names by which others refer to it, and whether AWS made it."""
    described = item.type
    tags = search(described.tags, item.raw) if described.tags else None
    if request and described.tags_call:
        tags = _part(state, out, "Tags", described.tags_call, request)
    out.tags = named_tags(tags)
    out.name = out.name or out.tags.get("Name", "")
    out.names = tuple(sorted({text for text in (templated(rule, item) for rule in described.names) if text}))
    out.aws_made = bool(described.aws_made and search(described.aws_made, {**item.raw, **out.properties}))


def _lay_in(state: Reading, out: Resource, item: Found, row: Prop, request: Request | None) -> None:
    """One property of a resource out of its answer: the value, nothing where it is not set, or a gap."""
    raw = _part(state, out, row.name, row.call, request) if row.call and request else item.raw
    if row.name in out.unknown:
        return
    raw = raw if raw is ABSENT else _value(item, row, raw)
    if raw is None and (because := hidden(row, item.type)):
        out.unknown[row.name] = unsaid(out, item.type, row, row.name, because)
        return
    if row.same == "policy" and raw is not None and raw is not ABSENT:
        _check(row, raw)
    value = canonical(row, raw)
    if value is not ABSENT:
        out.properties[row.name] = value
        out.unknown.update((place, unsaid(out, item.type, row, place)) for place in lacking(row, value))
        if row.more and request and search(row.more, state.replies[request]):
            out.unknown[row.name] = unsaid(
                out, item.type, row, f"what follows the first {len(value)} of {row.name}", ""
            )


def _check(row: Prop, raw: Json) -> None:
    """That a policy that AWS answered is one."""
    reads = reader(row)
    said = reads(raw) if reads else raw
    if said is not ABSENT:
        (check_policies if isinstance(row.default, list) else check_policy)(said)


def _value(item: Found, row: Prop, raw: Json) -> Json:
    """The raw value of a row, or what its placeholder stands for."""
    name = placeholder(row)
    if name:
        return item.value(name)
    return search(live_path(row), raw)


def _part(state: Reading, out: Resource, name: str, call: Call, request: Request) -> Json:
    """The useful part of a detail answer: ABSENT when AWS says "not set", a gap when it says nothing."""
    reply = state.replies[request]
    if not isinstance(reply, Failure):
        return search(call.out, reply)
    if reply.code not in call.absent:
        out.unknown[name] = gap_of_failure(state, request, reply, (out.type,), out.key)
    return ABSENT


def gap_of_failure(state: Reading, request: Request, reply: Failure, types: tuple[str, ...], subject: str) -> Gap:
    gap = Gap(
        request.account,
        request.region,
        request.service,
        request.operation,
        permission(request.service, request.operation),
        reply.reason,
        types,
        f"{reply.code}: {reply.message}",
        subject,
    )
    state.gaps[f"{gap.account} {gap.region} {gap.service} {gap.operation} {subject} {types}"] = gap
    return gap
