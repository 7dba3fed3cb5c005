"""Questions about databases."""

from __future__ import annotations

from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Hidden, Resource

INSTANCE = "AWS::RDS::DBInstance"


@predicate("primary-in-zone", needs={INSTANCE: ("AvailabilityZone", "MultiAZ")}, on=(INSTANCE,))
def primary_in_zone(graph: Graph, instance: Resource, suffix: str) -> Answer:
    """The instance runs in the zone with this letter; a Multi-AZ one in any, for a failover swaps the copies."""
    zone, copies = instance.at("AvailabilityZone"), instance.at("MultiAZ")
    place, expected = "AvailabilityZone", f"{instance.region}{suffix}"
    found = holds(expected, zone)
    shown = None if isinstance(zone, Hidden) else zone
    if found:
        return Answer("kept", place, expected, zone)
    if copies is True:
        return Answer("kept", place, expected, shown, "Multi-AZ: a failover may have swapped the copies")
    if zone is ABSENT:
        # A template need not say it; then AWS chooses among the zones of the subnet group.
        return Answer("kept", place, expected, "left to AWS", "the subnet group decides")
    if found is None:
        return Answer.unseen(place, expected, *gaps_of(zone, copies), because="" if shown is None else UNFINISHED)
    if isinstance(copies, Hidden):
        return Answer.unseen(place, expected, copies.gap)
    return Answer("broken", place, expected, zone, f"the database runs in {zone}")
