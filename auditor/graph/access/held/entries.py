"""The elements of a list one by one, each with the gap that hides it: what was read counts beside what was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.model import Gap, Json, Resource, paths


@dataclass(frozen=True, slots=True)
class Entry:
    """An element that was read, or the gap of one that was not (of the list, where it is not known which)."""

    place: str
    value: Json
    gap: Gap | None = None


def entries(resource: Resource, path: str) -> Iterator[Entry]:
    """Every element of the list at `path` that was read, and a gap for each that was not."""
    found = resource.known(path, [])
    found = found if isinstance(found, list) else [found]
    if not resource.unknown:
        yield from (Entry(path, each) for each in found if isinstance(each, dict))
        return
    here = paths.segments(path)
    hiding = {place: gap for place, gap in resource.unknown.items() if _meet(paths.segments(place), here)}
    for place in [each for each in hiding if len(paths.segments(each)) <= len(here)]:
        yield Entry(path, None, hiding.pop(place))
    used: set[str] = set()
    for number, value in enumerate(found):
        at = f"{path}[{paths.name_of(found, number) if hiding else number}]"
        inside = [place for place in hiding if _picks(place, at, number, len(here))]
        used.update(inside)
        if inside:
            yield Entry(at, None, hiding[inside[0]])
        elif isinstance(value, dict):
            yield Entry(at, value)
    yield from (Entry(path, None, hiding[place]) for place in hiding if place not in used)


def certain(found: Iterable[Entry]) -> tuple[list[Json], tuple[Gap, ...]]:
    """The values that were read, and the gaps of those that were not."""
    listed = list(found)
    return [each.value for each in listed if not each.gap], tuple(each.gap for each in listed if each.gap)


def _meet(one: tuple[tuple[str, str], ...], other: tuple[tuple[str, str], ...]) -> bool:
    """Whether one of two places lies in the other."""
    return all(mine == theirs for mine, theirs in zip(one, other, strict=False))


def _picks(place: str, at: str, number: int, depth: int) -> bool:
    """Whether a place that is not known lies in the element that a path names."""
    pick = paths.segments(place)[depth][1]
    return pick in ("", str(number), paths.segments(at)[depth][1])
