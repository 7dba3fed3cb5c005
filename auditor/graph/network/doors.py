"""Things that answer the Internet at a door of AWS's own and not at an interface of theirs, and how each is entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.graph.build import Graph
from auditor.graph.network import words as w
from auditor.graph.network.buckets import opened
from auditor.graph.network.walk import Walk
from auditor.model import Resource

# Type -> what of a walk from the Internet gets in.
DOORS: Mapping[str, Callable[[Graph, Walk, Resource], Walk]] = {
    w.BUCKET: opened,
}
