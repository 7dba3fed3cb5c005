"""Exact sets of traffic: addresses x protocol x ports, with union, intersection and difference.

Two number lines carry the three dimensions. Addresses of both families lie on one line (IPv6 behind IPv4), and a
protocol with a port is one number, a *service*: protocol * 65536 + port; for ICMP the port is type * 256 + code. A set
is then a list of service ranges with the addresses that belong to each, in order, disjoint and as few as possible:
equal sets are equal values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, TypeVar

from auditor.graph.space import WORLD, Ranges, network, public

PORTS = 65536
SERVICES = 256 * PORTS
ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
NUMBERS = {"icmp": ICMP, "tcp": TCP, "udp": UDP, "icmpv6": ICMPV6, "gre": 47, "esp": 50, "ah": 51, "sctp": 132}
NAMES = {number: name for name, number in NUMBERS.items()}
_SIX = WORLD[6]  # where the IPv6 addresses begin on the line: behind anything that IPv4 could be

NOTHING = Ranges()
FOUR = Ranges(((0, WORLD[4] - 1),))
SIX = Ranges(((_SIX, 2 * _SIX - 1),))
EVERYWHERE = Ranges((*FOUR.spans, *SIX.spans))
ALL_SERVICES = Ranges(((0, SERVICES - 1),))


@cache
def line(cidr: str) -> Ranges:
    """The addresses of a CIDR (or of one address) of either family, on the common line."""
    family, found = network(cidr)
    return found if family == 4 else shifted(found, _SIX)


def shifted(ranges: Ranges, by: int) -> Ranges:
    return Ranges(tuple((low + by, high + by) for low, high in ranges.spans))


def lines(texts: Iterable[object]) -> Ranges:
    """The union of several CIDRs; what is no text (a reference not resolved) counts for nothing."""
    return Ranges.of(span for text in texts if isinstance(text, str) and text for span in line(text).spans)


def by_family(addresses: Ranges) -> dict[int, Ranges]:
    """The same addresses as two sets of plain numbers."""
    return {4: addresses & FOUR, 6: shifted(addresses & SIX, -_SIX)}


@cache
def internet() -> Ranges:
    """The addresses that packets from the Internet can come from."""
    return public(4) | shifted(public(6), _SIX)


def protocol_services(protocol: int) -> Ranges:
    return Ranges(((protocol * PORTS, protocol * PORTS + PORTS - 1),))


def service(protocol: str | int, low: int | None = None, high: int | None = None) -> Ranges:
    """The services of one protocol (by name or number; -1 and `all` are every one) on a range of ports."""
    text = str(protocol).lower()
    number = NUMBERS.get(text, int(text) if text.lstrip("-").isdigit() else -1)
    if number < 0:
        return ALL_SERVICES
    if low is None or low < 0:
        return protocol_services(number)
    last = low if high is None or high < 0 else high
    return Ranges.of([(number * PORTS + low, number * PORTS + min(last, PORTS - 1))])


Left = TypeVar("Left")
Right = TypeVar("Right")
Result = TypeVar("Result")
_MEMORY: dict[tuple[str, int, int], tuple[object, object, Any]] = {}
_MOST = 200_000


_SAME: dict[Any, Any] = {}


def same(value: Result) -> Result:
    """One object for equal values, so that what is remembered of one is remembered of all."""
    if isinstance(value, list):
        return value
    if len(_SAME) >= _MOST:
        _SAME.clear()
    found: Result = _SAME.setdefault(value, value)
    return found


def remembered(name: str, left: Left, right: Right, make: Callable[[Left, Right], Result]) -> Result:
    """What was worked out for these very two values: networks repeat themselves, and thousands of interfaces meet
    the same sets.

    By identity, which costs no hashing; the values are kept along, so that no other can come to bear their identity.
    """
    key = (name, id(left), id(right))
    known = _MEMORY.get(key)
    if known is None:
        if len(_MEMORY) >= _MOST:
            _MEMORY.clear()
        known = _MEMORY[key] = (left, right, same(make(left, right)))
    found: Result = known[2]
    return found


@dataclass(frozen=True, slots=True)
class Traffic:
    """Slices (first service, last service, addresses), ordered and disjoint; no slice is empty, equal neighbours
    are one.
    """

    slices: tuple[tuple[int, int, Ranges], ...] = ()

    @classmethod
    def of(cls, boxes: Iterable[tuple[Ranges, Ranges]]) -> Traffic:
        """The union of boxes (services, addresses), in one sweep over the services."""
        events: list[tuple[int, int, Ranges]] = []
        for services, addresses in boxes:
            if addresses:
                for low, high in services.spans:
                    events += [(low, 1, addresses), (high + 1, -1, addresses)]
        events.sort(key=lambda event: event[0])
        active: dict[Ranges, int] = {}
        out: list[tuple[int, int, Ranges]] = []
        for index, (at, step, addresses) in enumerate(events):
            active[addresses] = active.get(addresses, 0) + step
            if not active[addresses]:
                del active[addresses]
            after = events[index + 1][0] if index + 1 < len(events) else at
            if active and after > at:
                out.append((at, after - 1, _union(active)))
        return cls(_joined(out))

    @classmethod
    def box(cls, services: Ranges, addresses: Ranges) -> Traffic:
        return _box(services, addresses)

    def __or__(self, other: Traffic) -> Traffic:
        if self is other or not other.slices:
            return self
        if not self.slices:
            return other
        return self._with(other, lambda a, b: a | b)

    def __and__(self, other: Traffic) -> Traffic:
        if self is other or other is EVERYTHING or not self.slices:
            return self
        if self is EVERYTHING or not other.slices:
            return other
        return remembered("and", self, other, Traffic._common)

    def __sub__(self, other: Traffic) -> Traffic:
        return self._with(other, lambda a, b: a - b)

    def __le__(self, other: Traffic) -> bool:
        return not (self - other)

    def __bool__(self) -> bool:
        return bool(self.slices)

    def _common(self, other: Traffic) -> Traffic:
        """The intersection, slice by slice of the two that overlap."""
        out: list[tuple[int, int, Ranges]] = []
        mine, theirs, left, right = 0, 0, self.slices, other.slices
        while mine < len(left) and theirs < len(right):
            (a_low, a_high, a), (b_low, b_high, b) = left[mine], right[theirs]
            low, high = max(a_low, b_low), min(a_high, b_high)
            if low <= high:
                out.append((low, high, a & b))
            mine, theirs = (mine + 1, theirs) if a_high < b_high else (mine, theirs + 1)
        return Traffic(_joined(out))

    def _with(self, other: Traffic, operation: Callable[[Ranges, Ranges], Ranges]) -> Traffic:
        edges = sorted({edge for low, high, _ in (*self.slices, *other.slices) for edge in (low, high + 1)})
        out, mine, theirs = [], 0, 0
        for low, after in pairwise(edges):
            mine, a = _at(self.slices, mine, low)
            theirs, b = _at(other.slices, theirs, low)
            out.append((low, after - 1, operation(a, b)))
        return Traffic(_joined(out))

    @property
    def services(self) -> Ranges:
        return Ranges.of((low, high) for low, high, _ in self.slices)

    @property
    def addresses(self) -> Ranges:
        return remembered("addresses", self, None, lambda one, _: Ranges.of(one._spans()))

    def _spans(self) -> Iterator[tuple[int, int]]:
        for addresses in {id(found): found for _, _, found in self.slices}.values():
            yield from addresses.spans

    def on(self, services: Ranges) -> Traffic:
        """What of it concerns these services."""
        if services is ALL_SERVICES:
            return self
        return self & Traffic(tuple((low, high, EVERYWHERE) for low, high in services.spans))

    def among(self, addresses: Ranges) -> Traffic:
        return remembered("among", self, addresses, Traffic._among)

    def _among(self, addresses: Ranges) -> Traffic:
        return Traffic(_joined((low, high, found & addresses) for low, high, found in self.slices))

    def for_all(self, addresses: Ranges) -> Ranges:
        """The services that every one of the addresses has."""
        return Ranges.of((low, high) for low, high, found in self.slices if addresses <= found)

    def for_any(self, addresses: Ranges) -> Ranges:
        """The services that at least one of the addresses has."""
        return Ranges.of((low, high) for low, high, found in self.slices if addresses.meets(found))


@lru_cache(maxsize=4096)
def _box(services: Ranges, addresses: Ranges) -> Traffic:
    return Traffic(tuple((low, high, addresses) for low, high in services.spans) if addresses else ())


def _union(active: dict[Ranges, int]) -> Ranges:
    return (
        next(iter(active)) if len(active) == 1 else Ranges.of(span for addresses in active for span in addresses.spans)
    )


def _at(slices: tuple[tuple[int, int, Ranges], ...], index: int, low: int) -> tuple[int, Ranges]:
    while index < len(slices) and slices[index][1] < low:
        index += 1
    return index, slices[index][2] if index < len(slices) and slices[index][0] <= low else NOTHING


def _joined(slices: Iterable[tuple[int, int, Ranges]]) -> tuple[tuple[int, int, Ranges], ...]:
    out: list[tuple[int, int, Ranges]] = []
    for low, high, addresses in slices:
        if not addresses:
            continue
        if out and out[-1][1] + 1 == low and out[-1][2] == addresses:
            out[-1] = (out[-1][0], high, addresses)
        else:
            out.append((low, high, addresses))
    return tuple(out)


EVERYTHING = Traffic.box(ALL_SERVICES, EVERYWHERE)
