"""The tags of what a run tells of, where somebody chooses by them who hears of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.graph.build import Graph


def tags_told(told: Mapping[str, Any], graph: Graph, names: Iterable[str]) -> list[dict[str, Any]]:
    """The tags of these names by resource; nothing of what is gone, or whose tags were not read."""
    wanted = list(names)
    keys = dict.fromkeys(each["resource"]["key"] for each in (*told["findings"], *told["mended"]))
    known = [each for each in map(graph.resource, keys) if each and each.gap("Tags") is None]
    return [
        {"resource": each.key, "tags": {name: each.tags[name] for name in wanted if name in each.tags}}
        for each in known
    ]
