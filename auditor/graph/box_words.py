"""Sets of addresses and of services as people write them."""

from __future__ import annotations

from functools import lru_cache

from auditor.graph.boxes import ALL_SERVICES, ICMP, ICMPV6, NAMES, PORTS, by_family, protocol_services
from auditor.graph.space import WORLD, Ranges, cidrs, public


@lru_cache(maxsize=4096)
def address_words(addresses: Ranges, most: int = 6) -> str:
    """A set of addresses as people write it: CIDRs, or a whole minus the few CIDRs that are not in it."""
    words = []
    for family, found in by_family(addresses).items():
        if not found:
            continue
        everything, world = Ranges(((0, WORLD[family] - 1),)), public(family)
        plain, minus = cidrs(family, found), cidrs(family, everything - found)
        whole = "0.0.0.0/0" if family == 4 else "::/0"
        if found == world:
            words.append("the Internet")
        elif minus and len(minus) < len(plain):
            words.append(f"{whole} minus {_some(minus, most)}")
        else:
            words.append(_some(plain, most))
    return " and ".join(dict.fromkeys(words)) or "nowhere"


def _some(texts: list[str], most: int) -> str:
    return ", ".join(texts[:most]) + (f" and {len(texts) - most} more" if len(texts) > most else "")


@lru_cache(maxsize=4096)
def service_words(services: Ranges, most: int = 6) -> str:
    """A set of services as people write it: `tcp 443`, `udp`, `all traffic`."""
    if services == ALL_SERVICES:
        return "all traffic"
    rest = ALL_SERVICES - services
    if len(rest.spans) == 1 and len(services.spans) > 1:
        return f"all traffic but {service_words(rest)}"
    words: list[str] = []
    for low, high in services.spans:
        first, last = low // PORTS, high // PORTS
        whole = low % PORTS == 0 and high % PORTS == PORTS - 1
        if first == last:
            name = NAMES.get(first, f"protocol {first}")
            words.append(name if whole else f"{name} {_ports(first, low % PORTS, high % PORTS)}")
        elif whole:
            words.append(f"protocols {first}-{last}")
        else:
            words += [service_words(part) for part in _split(low, high)]
    return _some(words, most) or "nothing"


def _split(low: int, high: int) -> list[Ranges]:
    """A range over several protocols: the end of the first, the whole ones between, the beginning of the last."""
    parts = Ranges(((low, high),))
    first, last = protocol_services(low // PORTS), protocol_services(high // PORTS)
    return [part for part in (parts & first, parts - first - last, parts & last) if part]


def _ports(protocol: int, low: int, high: int) -> str:
    if protocol in (ICMP, ICMPV6):
        return f"type {low >> 8}" if low >> 8 == high >> 8 else f"types {low >> 8}-{high >> 8}"
    return str(low) if low == high else f"{low}-{high}"
