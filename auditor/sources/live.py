"""Resources of a live account (or of its recording), fetched as the type descriptions say and only as demanded.

Everything is asked in rounds. A round holds the lists of types whose parents are known and the detail calls of the
items found the round before; equal requests, across types too, are one call. After the last round the replies
are read into resources (see `answered`).

An account lives while it is read: what vanishes between its list and its details is listed once more. What is listed no
longer is gone; what still is there is a gap, for its detail alone would report it deleted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from auditor.aws.fill import Unfilled
from auditor.aws.partitions import offered
from auditor.aws.requests import Caller, Failure, Request
from auditor.model import Call, Demand, Inventory, ResourceType
from auditor.resources.normalise import search
from auditor.resources.permissions import permission
from auditor.sources.answered import Reading, details, gap_of_failure, items, list_request, located, resource
from auditor.sources.found import SOMEWHERE, Found, Listing, Place, key_of

__all__ = ["Place", "permissions_for", "read", "reader", "with_parents"]

# By what words AWS says that a thing is not there. They may be too many: the list decides.
GONE = re.compile(r"NotFound|NoSuch|NonExistent|DoesNotExist|NotExist|^404$|^Gone|Deleted|^410$")


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
    state = Reading(place, with_parents(demand, types), types)
    found = _rounds(caller, state, only)
    if _listed_again(caller, state, found):
        state.gaps.clear()
        found = _rounds(caller, state, only)
    resources = sorted((resource(state, item) for item in found), key=lambda each: each.key)
    gaps = [state.gaps[key] for key in sorted(state.gaps)]
    return Inventory(resources, gaps, frozenset(state.demand), (place.account,), place.regions)


def _rounds(caller: Caller, state: Reading, only: tuple[str, str] | None) -> list[Found]:
    """Everything there is, with all answers about it among the replies."""
    found: list[Found] = []
    fresh: list[Found] = []
    wanted, types = state.demand, state.types
    due = [
        Listing(types[cfn], region)
        for cfn in wanted
        if not types[cfn].over
        for region in _regions(types[cfn], state.place)
    ]
    due += [
        Listing(types[cfn], state.place.home, also=types[cfn].list_global)
        for cfn in wanted
        if types[cfn].list_global and _offered(types[cfn], state.place)
    ]
    while due or fresh:
        requests = {list_request(state, listing) for listing in due}
        requests |= {request for item in fresh for _, request in details(state, item)}
        _ask(caller, state, requests)
        fresh = [item for listing in due for item in items(state, listing)]
        _locate(caller, state, fresh)
        if only:
            fresh = [item for item in fresh if item.type.cfn != only[0] or key_of(item) == only[1]]
        found.extend(fresh)
        due = [listing for item in fresh for listing in _below(state, item)]
    return found


def _below(state: Reading, item: Found) -> Iterator[Listing]:
    """The lists of what hangs on an item, as far as it says what they are asked by."""
    for cfn in state.demand:
        listing = Listing(state.types[cfn], item.asked_in, item)
        if listing.type.over == item.type.cfn and _offered(listing.type, state.place):
            with suppress(Unfilled):
                list_request(state, listing)
                yield listing


def _ask(caller: Caller, state: Reading, requests: set[Request]) -> None:
    new = requests - state.replies.keys()
    state.replies.update(caller.ask(new) if new else {})


def _locate(caller: Caller, state: Reading, fresh: list[Found]) -> None:
    """Ask where those are that their list left without a region; where that fails too, it is unknown."""
    lost = [item for item in fresh if item.type.region_call and not search(item.type.region, item.raw)]
    requests = {key_of(item): located(state, item) for item in lost}
    _ask(caller, state, set(requests.values()))
    for item in lost:
        request = requests[key_of(item)]
        reply = state.replies[request]
        if isinstance(reply, Failure):
            item.region = SOMEWHERE
            gap_of_failure(state, request, reply, (item.type.cfn,), "")
            continue
        # S3 says nothing of its first region, and EU of its second.
        told = search(item.type.region_call.out, reply) if item.type.region_call else None
        item.asked_in = item.region = "eu-west-1" if told == "EU" else str(told or state.place.home)
        item.raw = {**item.raw, item.type.region: item.region}


def _listed_again(caller: Caller, state: Reading, found: list[Found]) -> bool:
    """List once more what vanished meanwhile, and forget what was said of it; false where nothing did."""
    again: dict[Request, Found] = {}
    forgotten: set[Request] = set()
    for item in found:
        lost = {request for call, request in _about(state, item) if _gone(state, call, request)}
        if lost and item.listed_by:
            again[item.listed_by] = item
            forgotten |= lost
    done = False
    while again:
        replies = caller.ask(again.keys())
        above: dict[Request, Found] = {}
        for request, reply in replies.items():
            item = again[request]
            if not isinstance(reply, Failure):
                state.replies[request] = reply
                done = True
            elif item.parent and item.parent.listed_by and GONE.search(reply.code):
                above[item.parent.listed_by] = item.parent  # it vanished with what it was listed over
                forgotten.add(request)
        again = above
    if done:
        for request in forgotten:
            state.replies.pop(request, None)
    return done


def _about(state: Reading, item: Found) -> Iterator[tuple[Call, Request]]:
    """The calls about one item: its details, and the lists below it."""
    for row, request in details(state, item):
        call = row.call if row else item.type.tags_call
        if call:
            yield call, request
    for listing in _below(state, item):
        yield listing.type.list, list_request(state, listing)


def _gone(state: Reading, call: Call, request: Request) -> bool:
    reply = state.replies.get(request)
    return isinstance(reply, Failure) and bool(GONE.search(reply.code)) and reply.code not in call.absent


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
        calls += [described.region_call] if described.region_call else []
        tagged = props is None or "Tags" in props
        calls += [described.list, *([described.tags_call] if described.tags_call and tagged else [])]
        actions |= {permission(call.service or described.service, call.operation) for call in calls}
    return sorted(actions)


def _offered(described: ResourceType, place: Place) -> bool:
    return offered(described.list.service or described.service, place.partition)


def _regions(described: ResourceType, place: Place) -> list[str]:
    if not _offered(described, place):
        return []
    if described.scope == "regional":
        return sorted({*place.regions, *described.also_in})
    return list(described.also_in) or [place.home]
