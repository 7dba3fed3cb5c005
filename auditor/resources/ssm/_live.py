"""Parameters, of whose ARN the name is a part: a leading slash stands there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import Json


def parameters(value: Json) -> Iterator[Mapping[str, Json]]:
    for each in value or ():
        yield {**each, "Path": str(each.get("Name")).lstrip("/")}
