"""Resources of a live account (or of its recording), fetched as the type descriptions say and only as demanded.

Everything is asked in rounds. A round holds the lists of types whose parents are known and the detail calls of the
items found the round before; equal requests, across types too, are one call. After the last round the replies
are read into resources: a pure step, the same for an account and for a saved inventory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from auditor.aws.fill import Unfilled, fill
from auditor.aws.requests import Caller, Failure, Reply, Request
from auditor.model import ABSENT, GLOBAL, Call, Demand, Gap, Inventory, Json, Prop, Resource, ResourceType
from auditor.resources.normalise import canonical, live_path, placeholder, search
from auditor.resources.permissions import permission
from auditor.resources.shapes import named_tags
from auditor.sources.unsaid import hidden, lacking, unsaid


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: one account, its partition and home region, and the regions asked for."""

    account: str
    partition: str
    home: str
    regions: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """An item of a list answer on its way to a resource; `asked_in` is the region its calls go to."""

    type: ResourceType
    place: Place
    asked_in: str
    raw: Mapping[str, Json]
    parent: _Found | None = None
    id: str = ""
    arn: str = ""
    name: str = ""
    region: str = ""

    def value(self, name: str) -> Json:
        """What a placeholder stands for (see auditor.aws.fill)."""
        head, _, rest = name.partition(".")
        if head == "parent":
            return self.parent.value(rest) if self.parent else ABSENT
        if head == "raw":
            return search(rest, self.raw)
        plain = {
            "id": self.id,
            "arn": self.arn,
            "name": self.name,
            "account": self.place.account,
            "region": self.asked_in,
            "partition": self.place.partition,
        }
        if name in plain:
            return plain[name] or ABSENT
        row = self.type.prop(name)
        return search(row.live or row.name, self.raw) if row and not row.call else search(name, self.raw)


@dataclass(frozen=True, slots=True)
class _Listing:
    """One list call that is due: of a type, in a region, for a parent."""

    type: ResourceType
    region: str
    parent: _Found | None = None


@dataclass(slots=True)
class _Reading:
    """The replies so far, what they told, and the gaps where they told nothing."""

    place: Place
    demand: Demand
    types: Mapping[str, ResourceType]
    replies: dict[Request, Reply] = field(default_factory=dict)
    gaps: dict[str, Gap] = field(default_factory=dict)


def reader(
    caller: Caller, place: Place, types: Mapping[str, ResourceType]
) -> Callable[[str, Demand, tuple[str, str]], Inventory]:
    """Reads one resource (type, key) in a region of the place's account, as it is now."""
    return lambda region, demand, only: read(caller, replace(place, regions=(region,)), demand, types, only)


def read(
    caller: Caller, place: Place, demand: Demand, types: Mapping[str, ResourceType], only: tuple[str, str] | None = None
) -> Inventory:
    """Fetch what is demanded and nothing else; `only` (a type, a key) spares the details of that type's other
    resources."""
    wanted = with_parents(demand, types)
    state = _Reading(place, wanted, types)
    found: list[_Found] = []
    fresh: list[_Found] = []
    due = [
        _Listing(types[cfn], region) for cfn in wanted if not types[cfn].over for region in _regions(types[cfn], place)
    ]
    while due or fresh:
        requests = {_list_request(state, listing) for listing in due}
        requests |= {request for item in fresh for _, request in _details(state, item)}
        new = requests - state.replies.keys()
        state.replies.update(caller.ask(new) if new else {})
        fresh = [item for listing in due for item in _items(state, listing)]
        if only:
            fresh = [item for item in fresh if item.type.cfn != only[0] or _key(item) == only[1]]
        found.extend(fresh)
        due = [
            _Listing(types[cfn], item.asked_in, item)
            for item in fresh
            for cfn in wanted
            if types[cfn].over == item.type.cfn
        ]
    resources = sorted((_resource(state, item) for item in found), key=lambda each: each.key)
    gaps = [state.gaps[key] for key in sorted(state.gaps)]
    return Inventory(resources, gaps, frozenset(wanted), (place.account,), place.regions)


def with_parents(demand: Demand, types: Mapping[str, ResourceType]) -> dict[str, frozenset[str] | None]:
    """The demand and, for types that are listed over a parent, their parents."""
    wanted = dict(demand)
    for cfn in demand:
        over = types[cfn].over
        while over:
            wanted.setdefault(over, frozenset())
            over = types[over].over
    return dict(sorted(wanted.items()))


def permissions_for(demand: Demand, types: Mapping[str, ResourceType]) -> list[str]:
    """The IAM actions that reading a demand takes."""
    actions: set[str] = set()
    for cfn, props in with_parents(demand, types).items():
        described = types[cfn]
        calls = [row.call for row in described.props if row.call and (props is None or row.name in props)]
        calls += [described.list, *([described.tags_call] if described.tags_call and props is None else [])]
        actions |= {permission(call.service or described.service, call.operation) for call in calls}
    return sorted(actions)


def _regions(described: ResourceType, place: Place) -> list[str]:
    if described.scope == "regional":
        return sorted({*place.regions, *described.also_in})
    return [place.home]


def _list_request(state: _Reading, listing: _Listing) -> Request:
    def value(name: str) -> Json:
        if listing.parent and name.startswith("parent."):
            return listing.parent.value(name.removeprefix("parent."))
        known = {"account": state.place.account, "region": listing.region, "partition": state.place.partition}
        return known.get(name, ABSENT)

    return _request(state, listing.type, listing.region, listing.type.list, value)


def _request(
    state: _Reading, described: ResourceType, region: str, call: Call, value: Callable[[str], Json]
) -> Request:
    params = fill(dict(call.params), value)
    return Request.of(state.place.account, region, call.service or described.service, call.operation, params)


def _items(state: _Reading, listing: _Listing) -> list[_Found]:
    """The items of one list answer; a failed list is a gap for the type and for the types listed over it."""
    described, call = listing.type, listing.type.list
    request = _list_request(state, listing)
    reply = state.replies[request]
    if isinstance(reply, Failure):
        if reply.code not in call.absent:
            subject = _key(listing.parent) if listing.parent else ""
            _gap_of_failure(state, request, reply, _with_children(described, state), subject)
        return []
    part = search(call.out, reply)
    raws: Iterable[Json] = described.items(part) if described.items and part is not None else part or []
    if isinstance(raws, Mapping):
        raws = [raws]
    return [_identify(_Found(described, state.place, listing.region, raw, listing.parent)) for raw in raws]


def _with_children(described: ResourceType, state: _Reading) -> tuple[str, ...]:
    names = {described.cfn}
    for _ in state.demand:
        names |= {cfn for cfn in state.demand if state.types[cfn].over in names}
    return tuple(sorted(names))


def _identify(item: _Found) -> _Found:
    """Give an item its id, ARN, name and regions, by the paths or templates of its type."""
    described = item.type
    if described.region:
        item.asked_in = str(search(described.region, item.raw) or item.asked_in)
    item.id = _templated(described.id, item)
    item.name = _templated(described.name, item) if described.name else ""
    item.arn = _templated(described.arn, item) if described.arn else ""
    if described.scope != "regional" and not described.region:
        item.region = GLOBAL
    else:
        item.region = item.asked_in
    return item


def _templated(rule: str, item: _Found) -> str:
    if "{" not in rule:
        return str(search(rule, item.raw) or "")
    try:
        return str(fill(rule, item.value))
    except Unfilled:
        return ""


def _key(item: _Found) -> str:
    return item.arn or f"{item.place.account}/{item.region}/{item.type.cfn}/{item.id}"


def _details(state: _Reading, item: _Found) -> Iterator[tuple[Prop | None, Request]]:
    """The calls that this item's demanded properties need beyond the list answer (None: its tags)."""
    props = state.demand[item.type.cfn]
    for row in item.type.props:
        if row.call and (props is None or row.name in props):
            # What has no ARN yet (a subscription that nobody confirmed) has no details to ask for either.
            with suppress(Unfilled):
                yield row, _request(state, item.type, item.asked_in, row.call, item.value)
    if item.type.tags_call and (props is None or "Tags" in props):
        yield None, _request(state, item.type, item.asked_in, item.type.tags_call, item.value)


def _resource(state: _Reading, item: _Found) -> Resource:
    described = item.type
    out = Resource(described.cfn, item.id, item.place.account, item.region, item.arn, item.name, _key(item))
    replies = {row.name if row else "": request for row, request in _details(state, item)}
    for row in described.props:
        if row.call and row.name not in replies:
            continue
        raw = _part(state, out, row.name, row.call, replies[row.name]) if row.call else item.raw
        if row.name in out.unknown:
            continue
        raw = raw if raw is ABSENT else _value(item, row, raw)
        if raw is None and (because := hidden(row, described)):
            out.unknown[row.name] = unsaid(out, described, row, row.name, because)
            continue
        value = canonical(row, raw)
        if value is not ABSENT:
            out.properties[row.name] = value
            out.unknown.update((place, unsaid(out, described, row, place)) for place in lacking(row, value))
    tags = search(described.tags, item.raw) if described.tags else None
    if "" in replies and described.tags_call:
        tags = _part(state, out, "Tags", described.tags_call, replies[""])
    out.tags = named_tags(tags)
    out.name = out.name or out.tags.get("Name", "")
    out.names = tuple(sorted({text for text in (_templated(rule, item) for rule in described.names) if text}))
    out.aws_made = bool(described.aws_made and search(described.aws_made, {**item.raw, **out.properties}))
    return out


def _value(item: _Found, row: Prop, raw: Json) -> Json:
    """The raw value of a row, or what its placeholder stands for."""
    name = placeholder(row)
    if name:
        return item.value(name)
    return search(live_path(row), raw)


def _part(state: _Reading, out: Resource, name: str, call: Call, request: Request) -> Json:
    """The useful part of a detail answer: ABSENT when AWS says "not set", a gap when it says nothing."""
    reply = state.replies[request]
    if not isinstance(reply, Failure):
        return search(call.out, reply)
    if reply.code not in call.absent:
        out.unknown[name] = _gap_of_failure(state, request, reply, (out.type,), out.key)
    return ABSENT


def _gap_of_failure(state: _Reading, request: Request, reply: Failure, types: tuple[str, ...], subject: str) -> Gap:
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
