"""Things that answer at a door of AWS's own and not at an interface of theirs, and how each is entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.graph.build import Graph
from auditor.graph.network import calls, kubernetes
from auditor.graph.network import words as w
from auditor.graph.network.buckets import opened
from auditor.graph.network.places import Spot
from auditor.graph.network.walk import Walk
from auditor.graph.space import Ranges
from auditor.model import Resource

# Type -> what of a walk from the Internet gets in.
DOORS: Mapping[str, Callable[[Graph, Walk, Resource], Walk]] = {
    w.BUCKET: opened,
    w.CLUSTER: kubernetes.public_endpoint,
    w.REST_API: calls.answering,
    w.HTTP_API: calls.answering,
}

# Type -> what of some services gets in from a place in a network.
INNER_DOORS: Mapping[str, Callable[[Graph, Spot, Resource, Ranges], Walk]] = {
    w.CLUSTER: kubernetes.from_place,
    w.REST_API: calls.from_place,
    w.HTTP_API: calls.from_place,
}
