"""Things that answer at a door of AWS's own and not at an interface of theirs, and how each is entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.graph.build import Graph
from auditor.graph.network.doors import apis, clusters
from auditor.graph.network.doors.buckets import opened
from auditor.graph.network.ground import words as w
from auditor.graph.network.packets.walk import Walk
from auditor.graph.network.services.path_ends import End
from auditor.graph.space import Ranges
from auditor.model import Resource

# Type -> what of a walk from the Internet gets in.
DOORS: Mapping[str, Callable[[Graph, Walk, Resource], Walk]] = {
    w.BUCKET: opened,
    w.CLUSTER: clusters.to_cluster,
    w.REST_API: apis.to_api,
    w.HTTP_API: apis.to_api,
}

# Type -> what of some services gets in from a place in a network, or from a function outside of all.
INNER_DOORS: Mapping[str, Callable[[Graph, End, Resource, Ranges], Walk]] = {
    w.CLUSTER: clusters.from_inside,
    w.REST_API: apis.from_inside,
    w.HTTP_API: apis.from_inside,
}
