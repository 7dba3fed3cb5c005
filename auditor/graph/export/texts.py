"""What is written of a node and an edge, in every format: in one order, and without what no format can carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx

_STEP = "then"


def legal(text: str) -> str:
    """A text without control characters and halves of characters, which neither XML nor a terminal takes."""
    return "".join(each if _written(each) else "\N{REPLACEMENT CHARACTER}" for each in text)


def _written(letter: str) -> bool:
    number = ord(letter)
    if number < 0xA0:
        return 0x20 <= number < 0x7F
    # Halves of pairs, what turns text round, and the two that are no characters.
    turning = 0x202A <= number <= 0x202E or 0x2066 <= number <= 0x2069 or number in (0x2028, 0x2029)
    return not (0xD800 <= number <= 0xDFFF or turning or number & 0xFFFE == 0xFFFE)


def plain(value: Any) -> str:
    """An attribute as one text; several reasons of an edge one behind the other."""
    return legal("; ".join(map(str, value)) if isinstance(value, tuple | list) else str(value))


def nodes(net: nx.MultiDiGraph) -> Iterator[tuple[str, dict[str, str]]]:
    for key in sorted(net):
        yield key, {name: plain(value) for name, value in sorted(net.nodes[key].items())}


def edges(net: nx.MultiDiGraph) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Tail, relation, head and what is told of the edge."""
    if not net.is_multigraph():  # the steps of ways
        net = nx.MultiDiGraph((tail, head, _STEP, said) for tail, head, said in net.edges(data=True))
    found = sorted((tail, relation, head) for tail, head, relation in net.edges(keys=True))
    for tail, relation, head in found:
        said = net.edges[tail, head, relation]
        yield tail, relation, head, {name: plain(value) for name, value in sorted(said.items())}


def caption(key: str, said: dict[str, str]) -> tuple[str, str]:
    """What people call a node: its name, and its type without the provider."""
    kind = (said.get("type") or said.get("kind", "")).removeprefix("AWS::").replace("::", " ")
    return shortened(said.get("name") or said.get("words") or legal(key)), kind


def shortened(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
