"""What Application Auto Scaling scales, by namespace: it has no list over all of them."""

from __future__ import annotations

from auditor.model import Json


def scaled(value: Json) -> list[str]:
    """The resource in a resource id: `service/CLUSTER/SERVICE`, `table/NAME`, `cluster:NAME`."""
    if not isinstance(value, str):
        return []
    kind, slash, rest = value.partition("/")
    last = rest.rpartition("/")[2]
    found = [value, *([last] if last.startswith("${") else [])]
    if kind == "table":
        found.append(rest.partition("/")[0])
    return [*found, value.removeprefix("cluster:")] if not slash and value.startswith("cluster:") else found
