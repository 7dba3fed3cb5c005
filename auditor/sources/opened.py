"""Where the answers of a run come from: an account, a saved inventory, or several of those looked at as one."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditor.aws.requests import Caller, Progress
from auditor.sources import snapshot
from auditor.sources.live import Place


@dataclass(slots=True)
class Source:
    """Where answers come from, with its requests counted; `name` is what code, or several accounts, are called."""

    caller: Caller
    place: Place
    counted: Counter[str]
    kind: str
    connection: Any = None
    name: str = ""


def open_saved(files: Sequence[Path], regions: Sequence[str] = ()) -> list[Source]:
    """Saved inventories, as far as some regions go; each in all of its own where none is asked for."""
    loaded = [snapshot.load(file) for file in files]
    known = dict.fromkeys(region for place, _ in loaded for region in place.regions)
    for region in regions:
        if loaded and region not in known:
            raise snapshot.BadSnapshot(f"{files[0]}: {region} was not scanned; read there: {', '.join(known)}")
    wanted = regions or tuple(known)
    narrowed = [
        (replace(place, regions=tuple(each for each in place.regions if each in wanted)), replay)
        for place, replay in loaded
    ]
    return [
        Source(replay, place, replay.counted, "snapshot") for place, replay in narrowed if place.regions or not regions
    ]


def open_account(
    profile: str | None, regions: Sequence[str], documented: Sequence[str], progress: Progress | None
) -> Source:
    """The account of the credentials, in the regions that were asked for, else those that a document names."""
    from auditor.aws.session import connect

    connection = connect(profile, regions[0] if regions else None)
    if progress:
        connection.progress = progress
    wanted = regions or documented or (connection.region,)
    place = Place(connection.account, connection.partition, connection.home, tuple(dict.fromkeys(wanted)))
    return Source(connection, place, connection.counted, "live", connection)


def recorded(source: Source) -> Source:
    """A source that keeps the answers it gives."""
    return replace(source, caller=snapshot.Recording(source.caller, {}))


def kept(sources: Sequence[Source]) -> dict[str, bytes]:
    """What recorded sources answered, as files, by their account."""
    out: dict[str, bytes] = {}
    for each in sources:
        if isinstance(each.caller, snapshot.Recording):
            name = each.place.account if each.place.account not in out else f"{each.place.account}-{len(out)}"
            out[name] = gzip.compress(snapshot.to_bytes(each.place, each.caller.kept), mtime=0)
    return out


def as_one(sources: Sequence[Source]) -> Source:
    """Several sources: what the first is, in the regions of all and with the requests of all."""
    first, *others = sources
    if not others:
        return first
    regions = tuple(dict.fromkeys(region for each in sources for region in each.place.regions))
    accounts = dict.fromkeys(each.place.account for each in sources)
    return replace(
        first,
        place=replace(first.place, regions=regions),
        counted=sum((each.counted for each in sources), Counter[str]()),
        name=f"accounts {', '.join(accounts)} in {', '.join(regions)}",
    )
