"""Questions about databases."""

from __future__ import annotations

from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Hidden, Resource

INSTANCE = "AWS::RDS::DBInstance"


@predicate("primary-in-zone", needs={INSTANCE: ("AvailabilityZone", "MultiAZ")}, on=(INSTANCE,))
def primary_in_zone(graph: Graph, instance: Resource, suffix: str) -> Answer:
    """The instance runs in the zone with this letter; a Multi-AZ one in any, for a failover swaps the copies."""
    zone, copies = instance.at("AvailabilityZone"), instance.at("MultiAZ")
    expected = f"{instance.region}{suffix}"
    if isinstance(zone, Hidden) or isinstance(copies, Hidden):
        gap = zone.gap if isinstance(zone, Hidden) else copies.gap
        return Answer("unknown", "AvailabilityZone", expected, None, gap.message, gaps=(gap,))
    if zone == expected:
        return Answer("kept", "AvailabilityZone", expected, zone)
    if copies is True:
        return Answer("kept", "AvailabilityZone", expected, zone, "Multi-AZ: a failover may have swapped the copies")
    if zone is ABSENT:
        # A template need not say it; then AWS chooses among the zones of the subnet group.
        return Answer("kept", "AvailabilityZone", expected, "left to AWS", "the subnet group decides")
    return Answer("broken", "AvailabilityZone", expected, zone, f"the database runs in {zone}")
