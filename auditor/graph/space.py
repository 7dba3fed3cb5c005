"""Exact sets of whole numbers as sorted ranges: addresses and ports, with union, intersection and difference."""

from __future__ import annotations

import ipaddress
import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

WORLD = {4: 2**32, 6: 2**128}


@dataclass(frozen=True, slots=True)
class Ranges:
    """Disjoint, ordered, not touching: two equal sets are equal values."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> Ranges:
        ordered = sorted([span for span in spans if span[0] <= span[1]])
        if len(ordered) < 2:
            return cls(tuple(ordered))
        merged: list[tuple[int, int]] = []
        for low, high in ordered:
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], high))
            else:
                merged.append((low, high))
        return cls(tuple(merged))

    def __or__(self, other: Ranges) -> Ranges:
        if self is other or not other.spans:
            return self
        if not self.spans:
            return other
        return Ranges.of((*self.spans, *other.spans))

    def __and__(self, other: Ranges) -> Ranges:
        if self is other or not self.spans:
            return self
        if not other.spans:
            return other
        if len(other.spans) == 1 and other.spans[0][0] <= self.spans[0][0] and self.spans[-1][1] <= other.spans[0][1]:
            return self
        out: list[tuple[int, int]] = []
        mine, theirs = 0, 0
        while mine < len(self.spans) and theirs < len(other.spans):
            a, b = self.spans[mine], other.spans[theirs]
            low, high = max(a[0], b[0]), min(a[1], b[1])
            if low <= high:
                out.append((low, high))
            if a[1] < b[1]:
                mine += 1
            else:
                theirs += 1
        return Ranges(tuple(out))

    def __sub__(self, other: Ranges) -> Ranges:
        if self is other:
            return Ranges()
        out: list[tuple[int, int]] = []
        cut = 0
        for first, high in self.spans:
            low = first
            while cut < len(other.spans) and other.spans[cut][1] < low:
                cut += 1
            at = cut
            while at < len(other.spans) and other.spans[at][0] <= high and low <= high:
                if other.spans[at][0] > low:
                    out.append((low, other.spans[at][0] - 1))
                low = other.spans[at][1] + 1
                at += 1
            if low <= high:
                out.append((low, high))
        return Ranges(tuple(out))

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __len__(self) -> int:
        return min(self.size, 2**63 - 1)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        at = bisect_right(self.spans, (number, math.inf)) - 1
        return at >= 0 and number <= self.spans[at][1]

    def __le__(self, other: Ranges) -> bool:
        """Whether every number is in the other: no two ranges touch, so each of ours lies within one of theirs."""
        for low, high in self.spans:
            at = bisect_right(other.spans, (low, math.inf)) - 1
            if at < 0 or other.spans[at][1] < high:
                return False
        return True

    def meets(self, other: Ranges) -> bool:
        """Whether there is a number in both."""
        few, many = (self, other) if len(self.spans) <= len(other.spans) else (other, self)
        for low, high in few.spans:
            at = bisect_right(many.spans, (high, math.inf)) - 1  # the last that begins before ours ends
            if at >= 0 and many.spans[at][1] >= low:
                return True
        return False

    @property
    def size(self) -> int:
        return sum(high - low + 1 for low, high in self.spans)


@cache
def network(cidr: str) -> tuple[int, Ranges]:
    """The address family and the addresses of a CIDR."""
    parsed = ipaddress.ip_network(cidr, strict=False)
    return parsed.version, Ranges(((int(parsed.network_address), int(parsed.broadcast_address)),))


def cidrs(family: int, addresses: Ranges) -> list[str]:
    """The fewest CIDRs that say the same set."""
    kind = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    return [
        str(block)
        for low, high in addresses.spans
        for block in ipaddress.summarize_address_range(kind(low), kind(high))
    ]


_NOT_PUBLIC = {
    4: (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    ),
    6: ("::/3", "4000::/2", "8000::/1"),
}


@cache
def public(family: int) -> Ranges:
    """The addresses that packets from the Internet can come from."""
    everything = Ranges(((0, WORLD[family] - 1),))
    for cidr in _NOT_PUBLIC[family]:
        everything -= network(cidr)[1]
    return everything
