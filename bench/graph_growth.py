"""What the graph costs: 100,000 resources with 400,000 edges as indexes alone, and with `net` beside them."""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from collections.abc import Callable

from auditor.graph.build import Graph
from auditor.model import Edge, Inventory, Resource
from auditor.resources import load

NODES, EDGES = 100_000, 400_000
_CFN = "AWS::EC2::Instance"
_RELATIONS = ("placed-in", "guarded-by", "acts-as", "encrypted-with", "targets")


def main() -> None:
    nodes, edges = [int(text) for text in sys.argv[1:]] or (NODES, EDGES)
    resources, drawn = _resources(nodes), _edges(nodes, edges)
    print(f"{nodes:,} resources, {edges:,} edges")  # noqa: T201
    graphs: list[Graph] = []
    figures = {
        "indexes": measured(*[lambda: graphs.append(_indexed(resources, drawn))] * 2),
        "net": measured(lambda: graphs[0].net, lambda: graphs[1].net),
    }
    for name, (seconds, size) in figures.items():
        print(f"{name}: {seconds:.1f} CPU s, {size:.0f} MiB")  # noqa: T201
    seconds, size = (sum(each) for each in zip(*figures.values(), strict=True))
    print(f"together: {seconds:.1f} CPU s, {size:.0f} MiB")  # noqa: T201


def measured(once: Callable[[], object], again: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds of the first, and the MiB that stay of the second: counting memory makes everything slower."""
    began = time.process_time()
    once()
    seconds = time.process_time() - began
    tracemalloc.start()
    again()
    size = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    return seconds, size


def _inventory(resources: list[Resource]) -> Inventory:
    return Inventory(resources, [], frozenset({_CFN}), ("111122223333",), ("ap-northeast-2",))


def _resources(nodes: int) -> list[Resource]:
    arn = "arn:aws:ec2:ap-northeast-2:111122223333:instance/i-"
    return [Resource(_CFN, f"i-{n}", "111122223333", "ap-northeast-2", f"{arn}{n}", f"i-{n}") for n in range(nodes)]


def _edges(nodes: int, edges: int) -> list[Edge]:
    dice = random.Random(edges)  # noqa: S311
    keys = [each.key for each in _resources(nodes)]
    ends = [(dice.choice(keys), dice.choice(keys)) for _ in range(edges)]
    return [Edge(tail, _RELATIONS[n % 5], head, f"SubnetId = {head[-9:]}") for n, (tail, head) in enumerate(ends)]


def _indexed(resources: list[Resource], edges: list[Edge]) -> Graph:
    """The indexes, as `build` makes them: without working out which edges there are."""
    graph = Graph(_inventory(resources), load())
    for edge in edges:
        graph.add(edge)
    return graph


if __name__ == "__main__":
    main()
