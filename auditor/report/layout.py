"""Where things stand in the picture: nested boxes packed into a width, nodes ordered so that arrows stay short.

Everything is decided by the data and its order, never by chance: the same map is the same picture. Boxes are packed in
rows; in a box, nodes fill a grid and inner boxes stand beside or below it, whichever is lower. Nodes of a box then
trade places as long as that makes the documented arrows shorter and keeps them off other nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WIDTH = 1120.0
NODE_W, NODE_H = 180.0, 48.0
GAPS, GAP_Y = (62.0, 52.0, 44.0, 36.0), 36.0  # between columns: the widest that costs no height
PAD, HEAD = 14.0, 30.0
MOST = 24  # nodes drawn in one box; the others are counted
_ROUNDS = 6
_THROUGH = 260.0  # what an arrow across somebody else's node costs, in pixels of length


@dataclass(slots=True, eq=False)
class Node:
    id: str
    data: Mapping[str, Any]
    x: float = 0.0
    y: float = 0.0

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + NODE_W / 2, self.y + NODE_H / 2


@dataclass(slots=True, eq=False)
class Box:
    id: str
    kind: str
    label: str
    depth: int = 0
    boxes: list[Box] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    hidden: int = 0
    x: float = 0.0
    y: float = 0.0
    w: float = 0.0
    h: float = 0.0


@dataclass(slots=True)
class Plan:
    """A laid-out picture, coordinates absolute."""

    boxes: list[Box]
    nodes: list[Node]
    links: list[Mapping[str, Any]]
    width: float
    height: float


def lay(picture: Mapping[str, Any]) -> Plan:
    roots = _tree(picture)
    top = Box("", "root", "", depth=-1, boxes=roots)
    gap = min(GAPS, key=lambda each: (_size(top, WIDTH, each), -each))
    _size(top, WIDTH, gap)
    top.w = max(top.w, WIDTH)
    boxes: list[Box] = []
    _place(top, 0.0, 0.0, boxes)
    boxes = boxes[1:]
    nodes = [node for box in boxes for node in box.nodes]
    drawn = {node.id for node in nodes}
    links = [
        each
        for each in picture.get("links", ())
        if each["from"] in drawn and each["to"] in drawn and each["from"] != each["to"]
    ]
    _settle(boxes, nodes, links)
    return Plan(boxes, nodes, links, top.w, top.h)


def _tree(picture: Mapping[str, Any]) -> list[Box]:
    """Boxes with what is in them; a node or box whose parent is unknown stands on its own."""
    boxes = {each["id"]: Box(each["id"], each["kind"], each["label"]) for each in picture.get("boxes", ())}
    parents = {each["id"]: each.get("parent") or "" for each in picture.get("boxes", ())}
    for node in picture.get("nodes", ()):
        home = boxes.setdefault(node.get("box") or "", Box("", "group", "elsewhere"))
        home.nodes.append(Node(node["id"], node))
    roots = []
    for name, box in boxes.items():
        parent = boxes.get(parents.get(name, ""))
        if parent is None or parent is box or _above(name, parents, set()):
            roots.append(box)
        else:
            parent.boxes.append(box)
    return [box for box in roots if _prune(box, 0)]


def _above(name: str, parents: Mapping[str, str], seen: set[str]) -> bool:
    """Whether a box stands, wrongly, inside itself."""
    while name and name not in seen:
        seen.add(name)
        name = parents.get(name, "")
    return bool(name)


def _prune(box: Box, depth: int) -> bool:
    """Drop empty boxes, keep the worst nodes of a crowded one; says whether anything is left to draw."""
    box.depth = depth
    box.boxes = [each for each in box.boxes if _prune(each, depth + 1)]
    calm = [node for node in box.nodes if node.data["verdict"] == "kept"]
    loud = [node for node in box.nodes if node.data["verdict"] != "kept"]
    kept = (loud + calm)[:MOST]
    box.hidden = len(box.nodes) - len(kept)
    box.nodes = sorted(kept, key=lambda node: box.nodes.index(node))
    return bool(box.nodes or box.boxes or box.kind == "subnet")


# ---------------------------------------------------------------- sizes and places


def _size(box: Box, budget: float, gap: float) -> float:
    """Give the box and all inside it a size no wider than the budget, and relative places, as low as possible."""
    inner = budget - (0 if box.kind == "root" else 2 * PAD)
    best: tuple[float, float, float, int, bool] | None = None
    for columns in range(1, max(1, len(box.nodes)) + 1):
        if box.kind in ("subnet", "zone") and columns > 1 + len(box.nodes) // 4:
            break
        grid_w, grid_h = _grid(len(box.nodes), columns, gap)
        if grid_w > inner and columns > 1:
            break
        for beside in (False, True) if box.nodes and box.boxes else (False,):
            room = inner - grid_w - gap if beside else inner
            kids_w, kids_h = _shelves(box.boxes, room, gap)
            if beside:
                width, height = grid_w + gap + kids_w, max(grid_h, kids_h)
            else:
                width, height = max(grid_w, kids_w), grid_h + kids_h + (GAP_Y if grid_h and kids_h else 0)
            found = (max(0.0, width - inner), height, width, columns, beside)
            best = min(best, found) if best else found
    _, height, width, columns, beside = best or (0.0, NODE_H, NODE_W, 1, False)
    _arrange(box, inner, columns, beside, gap)
    box.w = max(width, NODE_W) + (0 if box.kind == "root" else 2 * PAD)
    box.h = max(height, NODE_H / 2) + (0 if box.kind == "root" else HEAD + PAD)
    return box.h


def _grid(count: int, columns: int, gap: float) -> tuple[float, float]:
    if not count:
        return 0.0, 0.0
    columns, rows = min(columns, count), -(-count // columns)
    return columns * (NODE_W + gap) - gap, rows * (NODE_H + GAP_Y) - GAP_Y


def _shelves(boxes: list[Box], room: float, gap: float) -> tuple[float, float]:
    """Pack boxes into rows; gives the size of the whole and leaves their relative places in them."""
    x = y = row = widest = 0.0
    for box in boxes:
        _size(box, room, gap)
        alone = box.kind in ("account", "region")
        if x and (x + box.w > room or alone):
            x, y, row = 0.0, y + row + PAD, 0.0
        box.x, box.y = x, y
        x, row = x + box.w + PAD, max(row, box.h)
        widest = max(widest, x - PAD)
    return widest, y + row


def _arrange(box: Box, inner: float, columns: int, beside: bool, gap: float) -> None:
    left, top = (0.0, 0.0) if box.kind == "root" else (PAD, HEAD)
    grid_w, grid_h = _grid(len(box.nodes), columns, gap)
    for index, node in enumerate(box.nodes):
        node.x = left + index % columns * (NODE_W + gap)
        node.y = top + index // columns * (NODE_H + GAP_Y)
    _shelves(box.boxes, inner - grid_w - gap if beside else inner, gap)
    dx, dy = (grid_w + gap, 0.0) if beside else (0.0, grid_h + (GAP_Y if grid_h else 0))
    for each in box.boxes:
        each.x, each.y = left + each.x + dx, top + each.y + dy


def _place(box: Box, x: float, y: float, out: list[Box]) -> None:
    """Relative places made absolute; rows of boxes are made equally high and reach the edge."""
    box.x, box.y = x, y
    out.append(box)
    for node in box.nodes:
        node.x, node.y = node.x + x, node.y + y
    edge = box.w - (0 if box.kind == "root" else PAD)
    rows = sorted({each.y for each in box.boxes})
    for top in rows:
        row = [each for each in box.boxes if each.y == top]
        tallest = max(each.h for each in row)
        share = (edge - row[-1].x - row[-1].w) / len(row)
        for number, each in enumerate(row):
            each.x, each.w, each.h = each.x + number * share, each.w + share, tallest
    for each in box.boxes:
        _place(each, x + each.x, y + each.y, out)


# ---------------------------------------------------------------- who stands where


def _settle(boxes: list[Box], nodes: list[Node], links: list[Mapping[str, Any]]) -> None:
    """Nodes of one box trade places while that lowers the cost of the arrows."""
    by_id = {node.id: node for node in nodes}
    pairs = sorted({(each["from"], each["to"]) for each in links})
    wires = [(by_id[tail], by_id[head]) for tail, head in pairs]
    if len(nodes) > 120:
        return
    for careful in (False, True):
        for _ in range(_ROUNDS):
            moved = [_trade(box.nodes, wires, nodes if careful else []) for box in boxes]
            if not any(moved):
                break


def _trade(mine: list[Node], wires: list[tuple[Node, Node]], others: list[Node]) -> bool:
    moved = False
    for i, one in enumerate(mine):
        for two in mine[i + 1 :]:
            touched = wires if others else [w for w in wires if one in w or two in w]
            before = _cost(touched, others)
            _swap(one, two)
            if _cost(touched, others) < before - 1:
                moved = True
            else:
                _swap(one, two)
    return moved


def _swap(one: Node, two: Node) -> None:
    one.x, one.y, two.x, two.y = two.x, two.y, one.x, one.y


def _cost(wires: list[tuple[Node, Node]], others: list[Node]) -> float:
    total = 0.0
    for tail, head in wires:
        (ax, ay), (bx, by) = tail.middle, head.middle
        total += ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5
        total += _THROUGH * sum(
            1 for node in others if node is not tail and node is not head and _crosses(ax, ay, bx, by, node)
        )
    return total


def _crosses(ax: float, ay: float, bx: float, by: float, node: Node) -> bool:
    """Whether the straight line runs through the node (Liang and Barsky's clipping)."""
    low, high = 0.0, 1.0
    for start, delta, near, far in (
        (ax, bx - ax, node.x, node.x + NODE_W),
        (ay, by - ay, node.y, node.y + NODE_H),
    ):
        if delta == 0:
            if start < near or start > far:
                return False
            continue
        enter, leave = sorted(((near - start) / delta, (far - start) / delta))
        low, high = max(low, enter), min(high, leave)
        if low > high:
            return False
    return True
