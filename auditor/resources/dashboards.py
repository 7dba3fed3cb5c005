"""The body of a dashboard: which metrics its widgets draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import Json


def drawn(body: Json) -> Iterator[list[Json]]:
    """The metrics of all widgets, each as namespace, name, and its dimensions by turns."""
    widgets = body.get("widgets", []) if isinstance(body, Mapping) else []
    for widget in widgets:
        previous: list[Json] = []
        for metric in widget.get("properties", {}).get("metrics", []):
            previous = _spelt_out(metric, previous)
            yield previous


def _spelt_out(metric: Json, previous: list[Json]) -> list[Json]:
    """One metric of a widget written out: `.` repeats a place of the row above, `...` its beginning."""
    row = [each for each in metric if not isinstance(each, Mapping)] if isinstance(metric, list) else []
    if row[:1] == ["..."]:
        row = previous[: len(previous) - len(row) + 1] + row[1:]
    return [previous[at] if each == "." and at < len(previous) else each for at, each in enumerate(row)]
