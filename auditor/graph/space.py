"""Exact sets of whole numbers as sorted ranges: addresses and ports, with union, intersection and difference."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

WORLD = {4: 2**32, 6: 2**128}


@dataclass(frozen=True, slots=True)
class Ranges:
    """Disjoint, ordered, not touching: two equal sets are equal values."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> Ranges:
        merged: list[tuple[int, int]] = []
        for low, high in sorted(span for span in spans if span[0] <= span[1]):
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], high))
            else:
                merged.append((low, high))
        return cls(tuple(merged))

    def __or__(self, other: Ranges) -> Ranges:
        return Ranges.of((*self.spans, *other.spans))

    def __and__(self, other: Ranges) -> Ranges:
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
        out: list[tuple[int, int]] = []
        for low, high in self.spans:
            for cut_low, cut_high in other.spans:
                if cut_high < low or cut_low > high:
                    continue
                if cut_low > low:
                    out.append((low, cut_low - 1))
                low = cut_high + 1
                if low > high:
                    break
            if low <= high:
                out.append((low, high))
        return Ranges.of(out)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __len__(self) -> int:
        return min(self.size, 2**63 - 1)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and any(low <= number <= high for low, high in self.spans)

    @property
    def size(self) -> int:
        return sum(high - low + 1 for low, high in self.spans)


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


def public(family: int) -> Ranges:
    """The addresses that packets from the Internet can come from."""
    everything = Ranges(((0, WORLD[family] - 1),))
    for cidr in _NOT_PUBLIC[family]:
        everything -= network(cidr)[1]
    return everything
