"""Worlds: what code becomes when each thing that it leaves open is decided one way or the other.

Whatever code does not decide (a parameter without a value, the workspace, the clock) is a `Choice`. A world decides
all of them, and what hangs on one choice is there or not there together. All worlds are judged: kept is what is kept
in every one, broken what is broken in any, and what is not so everywhere is told with the choices that it hangs on.
With few choices every combination is a world. With more the worlds are so chosen that any three choices meet in every
way, or, of many, any two; beyond `MOST` only all and none are judged, and whatever else there may be is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from auditor.checks.covering import covering
from auditor.model import SEVERITIES, Choice, Finding, Gap, Inventory, Promise, Resource

World = Mapping[str, bool]
MOST = 16  # choices of which more than all and none is judged
_WORLDS = 2 * MOST + 2
_TOGETHER = 8  # combinations that are judged all
_SIDE_BY_SIDE = 2
_ROUNDS = 24  # turning one choice may show others
_ORDER = ("kept", "unverifiable", "unknown", "broken")


@dataclass(slots=True)
class Possible:
    """The worlds of some choices, the one with everything first; `whole` where nothing was left out."""

    worlds: list[World]
    whole: bool = True


def possible(choices: Iterable[Choice]) -> Possible:
    """The worlds that are judged. Of choices about one subject, which has one value, one holds at most."""
    groups: dict[str, list[Choice]] = {}
    for each in choices:
        groups.setdefault(each.subject or f"\0{each.key}", []).append(each)
    ways = [_ways([each.key for each in group]) for group in groups.values()]
    if prod(map(len, ways)) <= _TOGETHER:
        return Possible([_world(each) for each in product(*ways)])
    first, none = _world(way[0] for way in ways), _world(way[-1] for way in ways)
    sizes = tuple(map(len, ways))
    if len(ways) <= MOST:
        for together in (3, 2):
            rows = covering(sizes, together, _WORLDS)
            if rows:
                return Possible([_world(way[at] for way, at in zip(ways, row, strict=True)) for row in rows])
    turned = [{**first, **other} for way in ways for other in way[1:]]
    if len(turned) > 2 * MOST or len(ways) > MOST:
        return Possible([first, none], whole=False)
    # Turned one by one, what hangs on two of them together is not seen.
    return Possible([first, *(each for each in turned if each != none), none], whole=len(ways) == 1)


def _ways(keys: Sequence[str]) -> list[World]:
    """Each of the keys holding and the others not, and none of them holding."""
    return [{key: key == held for key in keys} for held in (*keys, "")]


def _world(ways: Iterable[World]) -> World:
    return {key: holds for way in ways for key, holds in way.items()}


def read_all(read: Callable[[World], Inventory]) -> list[tuple[World, Inventory]]:
    """The code in all its worlds. `read` gives it as one world has it, with the choices that it came upon."""
    known: dict[str, Choice] = {}
    found: dict[frozenset[tuple[str, bool]], Inventory] = {}
    worlds = Possible([{}])
    for turn in range(_ROUNDS):
        new = [world for world in worlds.worlds if frozenset(world.items()) not in found]
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:  # readers wait for processes of their own
            for world, inventory in zip(new, pool.map(read, new), strict=True):
                found[frozenset(world.items())] = inventory
                known |= {each.key: each for each in inventory.choices}
        if worlds.worlds[0].keys() == known.keys():
            break
        if turn + 1 < _ROUNDS:  # what is told are worlds that were read
            worlds = possible(known.values())
    else:
        worlds.whole = False
    told = [(each, found[frozenset(each.items())]) for each in worlds.worlds]
    for _, inventory in told:
        inventory.choices = tuple(known.values())
    if not worlds.whole:
        many = (
            f"{len(known)} conditions are open, more than are judged each by itself; give variables or parameters a "
            "value, or pass a plan"
        )
        # What a world that was not read makes may be in none of those that were.
        told[0][1].gaps.append(_gap(many, told[0][1].asked))
    return told


def in_one(worlds: Sequence[tuple[World, Inventory]]) -> Inventory:
    """The first world, for whoever looks at one only. What differs in others is a gap."""
    inventories = [inventory for _, inventory in worlds]
    first = inventories[0]
    if len(worlds) > 1:
        told = ", ".join(each.told(True) for each in first.choices)
        first.gaps.append(_differing(f"it is open whether {told}; give it a value", inventories))
    return first


def _differing(message: str, inventories: Sequence[Inventory]) -> Gap:
    """The gap over all types of which something differs between worlds."""
    first, *others = ({each.key: each for each in one.resources} for one in inventories)
    keys = dict.fromkeys(key for each in (first, *others) for key in each)
    differ = [key for key in keys if any(first.get(key) != other.get(key) for other in others)]
    types = {each[key].type for key in differ for each in (first, *others) if key in each}
    return _gap(message, types)


def _gap(message: str, types: Iterable[str]) -> Gap:
    return Gap("", "", "", "", "", "unresolved", tuple(sorted(types)), message)


# ---- what all worlds together come to


def merged(worlds: Sequence[World], found: Sequence[Sequence[Finding]], choices: Iterable[Choice]) -> list[Finding]:
    """The findings of all worlds as one list: broken where any world breaks it, and then what that hangs on."""
    known = {each.key: each for each in choices}
    told: dict[str, list[tuple[int, Finding]]] = {}
    for at, findings in enumerate(found):
        for each in findings:
            told.setdefault(each.id, []).append((at, each))
    return [_one(each, worlds, known) for each in told.values()]


def _one(told: list[tuple[int, Finding]], worlds: Sequence[World], known: Mapping[str, Choice]) -> Finding:
    broken = [(at, each) for at, each in told if each.verdict == "broken"]
    here = broken or told
    first = here[0][1]
    reasons: dict[str, list[int]] = {}
    for at, each in here:
        reasons.setdefault(each.because, []).append(at)
    said = [_conditional(because, when(set(places), worlds, known)) for because, places in reasons.items()]
    changes = list(first.changes)
    changes += [change for _, each in here[1:] for change in each.changes if change not in changes]
    return replace(
        first,
        severity=min((each.severity for _, each in here), key=SEVERITIES.index),
        condition=when({at for at, _ in here}, worlds, known),
        because="; ".join(dict.fromkeys(said)),
        changes=tuple({id(each): each for each in changes}.values()),
    )


def _conditional(because: str, condition: str) -> str:
    return f"{condition}: {because}" if condition and because else condition or because


def when(here: set[int], worlds: Sequence[World], known: Mapping[str, Choice]) -> str:
    """In which of the worlds something is so, in words; nothing where it is so in all of them."""
    if len(here) == len(worlds):
        return ""
    away = set(range(len(worlds))) - here
    for sides, word, turned in (((here, away), "and", False), ((away, here), "or", True)):
        if parts := _shared(*sides, worlds, known):
            return "only where " + f" {word} ".join(known[key].told(holds is not turned) for key, holds in parts)
    return f"only in some cases of {', '.join(known[key].told(True) for key in known)}"


def _shared(
    mine: set[int], others: set[int], worlds: Sequence[World], known: Mapping[str, Choice]
) -> list[tuple[str, bool]]:
    """The fewest decisions that all of some worlds share and that none of the others has together."""
    common = [(key, worlds[min(mine)].get(key, True)) for key in known]
    common = [(key, holds) for key, holds in common if all(worlds[at].get(key, True) is holds for at in mine)]
    for key, holds in common:
        if not any(worlds[at].get(key, True) is holds for at in others):
            return [(key, holds)]
    if any(all(worlds[at].get(key, True) is holds for key, holds in common) for at in others):
        return []
    needed = list(common)
    for each in common:
        rest = [one for one in needed if one != each]
        if rest and not any(all(worlds[at].get(key, True) is holds for key, holds in rest) for at in others):
            needed = rest
    return needed


def promised(found: Sequence[Sequence[Promise]]) -> list[Promise]:
    """The promises of all worlds, each with the worst that it comes to."""
    told: dict[tuple[str, str], list[Promise]] = {}
    for promises in found:
        for each in promises:
            told.setdefault((each.baseline, each.id), []).append(each)
    return [
        replace(
            max(same, key=lambda each: _ORDER.index(each.verdict)),
            findings=tuple(dict.fromkeys(one for each in same for one in each.findings)),
        )
        for same in told.values()
    ]


def counted(found: Sequence[Counter[str]]) -> Counter[str]:
    """How many questions were answered how: broken and unknown as often as in the worst world, the rest kept."""
    most = max(sum(each.values()) for each in found)
    broken, unknown = (max(each[name] for each in found) for name in ("broken", "unknown"))
    return Counter(broken=broken, unknown=unknown, kept=max(most - broken - unknown, 0))


def seen(inventories: Sequence[Inventory]) -> list[Resource]:
    """Every resource of any world, those that are not in all of them as such."""
    out: dict[str, Resource] = {}
    counts: dict[str, int] = {}
    for inventory in inventories:
        for each in inventory.resources:
            out.setdefault(each.key, each)
            counts[each.key] = counts.get(each.key, 0) + 1
    for key, count in counts.items():
        if count < len(inventories):
            out[key].exists = "maybe"
    return list(out.values())
