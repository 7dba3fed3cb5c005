"""Arrows that run between the nodes, never behind them: a shortest path on a fine grid for each.

Turning costs, crossing another arrow costs, lying on top of one costs most; so arrows keep lanes of their own. Short
ones are laid first. All ties are decided by order, so the same picture gets the same lines.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import pairwise

from auditor.report.layout import NODE_H, NODE_W, Box, Node

Point = tuple[float, float]
_Cell = tuple[int, int]
STEP = 9.0
_CLEAR = 8.0  # kept free round a node
_TURN, _CROSS, _ALONG, _TITLE, _PORT = 5.0, 3.0, 9.0, 4.0, 14.0
_MOVES: tuple[_Cell, ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))


class Router:
    """The grid of one picture, remembering which cells carry a line already."""

    def __init__(self, nodes: list[Node], boxes: list[Box], width: float, height: float) -> None:
        self.columns, self.rows = int(width / STEP), int(height / STEP)
        self.blocked: set[_Cell] = set()
        self.dear: dict[_Cell, float] = {}
        self.used: dict[_Cell, set[int]] = {}  # cell -> orientations (0 level, 1 upright) that pass it
        for node in nodes:
            self.blocked |= set(_cells(node.x - _CLEAR, node.y - _CLEAR, NODE_W + 2 * _CLEAR, NODE_H + 2 * _CLEAR))
            self.blocked |= set(_cells(node.x + NODE_W - 15, node.y - 11, 26, 26))  # the verdict's mark
        for box in boxes:
            for cell in _cells(box.x, box.y, min(box.w, 24 + 7.0 * len(box.label)), 24):
                self.dear[cell] = _TITLE

    def route(self, tail: Node, head: Node) -> list[Point]:
        """The corners of a line from border to border, or nothing where no way is free."""
        starts, goals = dict(self._ports(tail)), dict(self._ports(head))
        cells = self._search(starts, goals)
        if not cells:
            return []
        for here, there in pairwise(cells):
            way = 1 if here[0] == there[0] else 0
            self.used.setdefault(here, set()).add(way)
            self.used.setdefault(there, set()).add(way)
        corners = [_at(cell) for cell in cells]
        return _straight([_border(tail, corners[0]), *corners, _border(head, corners[-1])])

    def _ports(self, node: Node) -> Iterator[tuple[_Cell, tuple[int, float]]]:
        """Free cells next to a node: (cell, (way out, extra cost)); the middle of a side is cheapest."""
        left, right = node.x - _CLEAR, node.x + NODE_W + _CLEAR
        top, bottom = node.y - _CLEAR, node.y + NODE_H + _CLEAR
        x0, x1, y0, y1 = int(left // STEP), int(right // STEP) + 1, int(top // STEP), int(bottom // STEP) + 1
        middle_x, middle_y = node.middle
        for column in range(x0, x1 + 1):
            if not node.x + 14 <= column * STEP <= node.x + NODE_W - 22:
                continue
            off = abs(column * STEP - middle_x) / STEP * 0.35
            for row, way in ((y0, 3), (y1, 1)):
                yield from self._port((column, row), way, off)
        for row in range(y0, y1 + 1):
            if not node.y + 8 <= row * STEP <= node.y + NODE_H - 8:
                continue
            off = abs(row * STEP - middle_y) / STEP * 0.35
            for column, way in ((x0, 2), (x1, 0)):
                if way == 2 or row * STEP >= node.y + 20:  # on the right, the mark takes the upper corner
                    yield from self._port((column, row), way, off)

    def _port(self, cell: _Cell, way: int, off: float) -> Iterator[tuple[_Cell, tuple[int, float]]]:
        if self._free(cell):
            yield cell, (way, off + (_PORT if cell in self.used else 0.0))

    def _free(self, cell: _Cell) -> bool:
        return 0 <= cell[0] <= self.columns and 0 <= cell[1] <= self.rows and cell not in self.blocked

    def _search(self, starts: dict[_Cell, tuple[int, float]], goals: dict[_Cell, tuple[int, float]]) -> list[_Cell]:
        """A* over (cell, direction)."""
        low = (min((c[0] for c in goals), default=0), min((c[1] for c in goals), default=0))
        high = (max((c[0] for c in goals), default=0), max((c[1] for c in goals), default=0))
        best: dict[tuple[_Cell, int], float] = {}
        came: dict[tuple[_Cell, int], tuple[_Cell, int]] = {}
        queue: list[tuple[float, float, _Cell, int, bool]] = []
        for cell, (way, cost) in starts.items():
            best[cell, way] = cost
            heapq.heappush(queue, (cost + _far(cell, low, high), cost, cell, way, False))
        while queue:
            _, cost, cell, way, arrived = heapq.heappop(queue)
            if arrived:
                return _trace(came, (cell, way))
            if cost > best[cell, way]:
                continue
            if cell in goals:
                inward, extra = goals[cell]
                total = cost + extra + (0 if (inward + 2) % 4 == way else _TURN)
                heapq.heappush(queue, (total, total, cell, way, True))
            for turned, (dx, dy) in enumerate(_MOVES):
                there = (cell[0] + dx, cell[1] + dy)
                if turned == (way + 2) % 4 or not self._free(there):
                    continue
                total = cost + 1 + self._price(there, turned) + (_TURN if turned != way else 0)
                if total < best.get((there, turned), 1e9):
                    best[there, turned] = total
                    came[there, turned] = (cell, way)
                    heapq.heappush(queue, (total + _far(there, low, high), total, there, turned, False))
        return []

    def _price(self, cell: _Cell, way: int) -> float:
        ways = self.used.get(cell)
        price = self.dear.get(cell, 0.0)
        if ways:
            price += _ALONG if way % 2 in ways else _CROSS
        return price


def _cells(x: float, y: float, w: float, h: float) -> Iterator[_Cell]:
    for column in range(-int(-x // STEP), int((x + w) // STEP) + 1):
        for row in range(-int(-y // STEP), int((y + h) // STEP) + 1):
            yield column, row


def _at(cell: _Cell) -> Point:
    return cell[0] * STEP, cell[1] * STEP


def _far(cell: _Cell, low: _Cell, high: _Cell) -> float:
    return float(max(low[0] - cell[0], 0, cell[0] - high[0]) + max(low[1] - cell[1], 0, cell[1] - high[1]))


def _trace(came: dict[tuple[_Cell, int], tuple[_Cell, int]], state: tuple[_Cell, int]) -> list[_Cell]:
    out = [state[0]]
    while state in came:
        state = came[state]
        out.append(state[0])
    return out[::-1]


def _border(node: Node, point: Point) -> Point:
    """Where the line meets the node, straight from the given point."""
    x, y = point
    if x < node.x or x > node.x + NODE_W:
        return (node.x if x < node.x else node.x + NODE_W), y
    return x, (node.y if y < node.y else node.y + NODE_H)


def _straight(points: list[Point]) -> list[Point]:
    """Only the corners: points in the middle of a straight run say nothing."""
    out = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        level = before[1] == here[1] == after[1]
        upright = before[0] == here[0] == after[0]
        if not (level or upright) and here != out[-1]:
            out.append(here)
    return [*out, points[-1]]
