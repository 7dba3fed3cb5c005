"""The graph as SVG, drawn without another program: columns by distance from where edges begin, and few crossings.

A small layout of our own, for networkx's want numpy. It is meant for a neighbourhood; a whole account becomes a tall
picture, and is better off in a tool that reads GraphML.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import networkx as nx

from auditor.graph.export.texts import caption, edges, legal, nodes, shortened

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 230, 44, 120, 22, 20
_SWEEPS = 4

_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" \
role="img" aria-label="{label}" font-family="Helvetica, Arial, sans-serif" font-size="12">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">\
<path d="M0 0 8 4 0 8z" fill="#667"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
"""


def svg(net: nx.MultiDiGraph) -> str:
    """A picture in which every node and edge says in its title what it is."""
    at = places(net)
    width = max((x for x, _ in at.values()), default=0) + _WIDTH + _MARGIN
    height = max((y for _, y in at.values()), default=0) + _HEIGHT + _MARGIN
    label = f"{len(at)} resources, {net.number_of_edges()} edges"
    out = [_HEAD.format(width=width, height=height, label=label)]
    joined: dict[tuple[str, str], list[str]] = {}
    for tail, relation, head, _ in edges(net):
        joined.setdefault((tail, head), []).append(relation)
    out += [_edge(at[tail], at[head], relations) for (tail, head), relations in joined.items()]
    out += [_node(at[key], key, said) for key, said in nodes(net)]
    return "".join([*out, "</svg>\n"])


def _node(place: tuple[int, int], key: str, said: dict[str, str]) -> str:
    (x, y), (name, kind) = place, caption(key, said)
    return (
        f'<g><title>{escape(legal(key))}</title><rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" '
        f'fill="#f6f7fa" stroke="#667"/><text x="{x + 10}" y="{y + 18}" font-weight="bold">'
        f'{escape(shortened(name, 31))}</text><text x="{x + 10}" y="{y + 34}" fill="#556">'
        f"{escape(shortened(kind, 34))}</text></g>\n"
    )


def _edge(one: tuple[int, int], other: tuple[int, int], relations: list[str]) -> str:
    """A curve from the right of the tail to the left of the head, or round the outside within a column."""
    words = escape(legal(", ".join(relations)))
    (x, y), (to_x, to_y) = (one[0] + _WIDTH, one[1] + _HEIGHT // 2), (other[0], other[1] + _HEIGHT // 2)
    bend = _ACROSS // 2
    if to_x < x:
        to_x += _WIDTH
        curve = f"M{x} {y}C{x + bend} {y} {to_x + bend} {to_y} {to_x} {to_y}"
    else:
        curve = f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
    middle = f'x="{(x + to_x) // 2}" y="{(y + to_y) // 2 - 4}"'
    return (
        f'<g><title>{words}</title><path d="{curve}" fill="none" stroke="#99a" marker-end="url(#arrow)"/>'
        f'<text {middle} text-anchor="middle" font-size="10" fill="#778">{words}</text></g>\n'
    )


# ---- where things are drawn


def places(net: nx.MultiDiGraph) -> dict[str, tuple[int, int]]:
    """The upper left corner of every node. Nodes of a circle share a column."""
    columns = _columns(net)
    rows = _rows(net, columns)
    return {
        key: (_MARGIN + column * (_WIDTH + _ACROSS), _MARGIN + row * (_HEIGHT + _DOWN))
        for column, keys in enumerate(rows)
        for row, key in enumerate(keys)
    }


def _columns(net: nx.MultiDiGraph) -> Mapping[str, int]:
    """The longest way along the edges to each node, circles taken as one."""
    whole = nx.condensation(nx.DiGraph(net))
    deep: dict[int, int] = {}
    for part in nx.topological_sort(whole):
        deep[part] = max((deep[above] + 1 for above in whole.predecessors(part)), default=0)
    return {key: deep[part] for key, part in whole.graph["mapping"].items()}


def _rows(net: nx.MultiDiGraph, columns: Mapping[str, int]) -> list[list[str]]:
    """The order within each column: by key, then by the middle of the neighbours in the column before, a few times."""
    rows: list[list[str]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for key in sorted(columns):
        rows[columns[key]].append(key)
    at = {key: row for keys in rows for row, key in enumerate(keys)}
    for sweep in range(_SWEEPS):
        beside = net.predecessors if sweep % 2 == 0 else net.successors
        for keys in rows if sweep % 2 == 0 else reversed(rows):
            middles = {key: _middle([at[each] for each in set(beside(key))], at[key]) for key in keys}
            keys.sort(key=lambda key, known=middles: (known[key], key))  # type: ignore[misc]
            at.update((key, row) for row, key in enumerate(keys))
    return rows


def _middle(rows: list[int], own: int) -> float:
    return sum(rows) / len(rows) if rows else float(own)
