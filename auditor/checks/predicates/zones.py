"""Questions about Availability Zones: in which a subnet lies, and how many the subnets of a resource cover."""

from __future__ import annotations

from auditor.checks.equality import unfinished
from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.checks.predicates.network import PLACED
from auditor.graph.build import Graph
from auditor.graph.network import SUBNET, stand
from auditor.model import ABSENT, Answer, Hidden, Resource


@predicate("zone-suffix", needs={SUBNET: ("AvailabilityZone",)}, on=(SUBNET,))
def zone_suffix(graph: Graph, subnet: Resource, **given: str) -> Answer:
    """The subnet is in the Availability Zone with this letter (`is: a` in ap-northeast-2 is ap-northeast-2a)."""
    wanted = str(given.get("is", ""))
    zone, place, expected = subnet.at("AvailabilityZone"), "AvailabilityZone", f"{subnet.region}{wanted}"
    lies = holds({"endswith": wanted}, zone)
    if lies is None:
        return Answer.unseen(place, expected, *gaps_of(zone), because=UNFINISHED if isinstance(zone, str) else "")
    return Answer("kept" if lies else "broken", place, expected, zone)


@predicate("covers-zones", needs=PLACED)
def covers_zones(graph: Graph, resource: Resource, suffixes: list[str]) -> Answer:
    """The subnets that the resource can be placed in cover all of these Availability Zones, so that a standby has a
    place. A subnet whose zone is not known can stand for one missing zone at most."""
    subnets = [head for _, head in graph.heads(resource, "placed-in", SUBNET)] or list(stand(graph, resource).subnets)
    proof = tuple(edge for edge, _ in graph.heads(resource, "placed-in", SUBNET))
    found = [subnet.at("AvailabilityZone") for subnet in subnets]
    # A subnet for which code says no zone gets one from AWS.
    open_ones = [zone for zone in found if isinstance(zone, Hidden) or zone is ABSENT or unfinished(zone)]
    zones = sorted({zone for zone in found if isinstance(zone, str) and not unfinished(zone)})
    expected = [f"{resource.region}{suffix}" for suffix in suffixes]
    lacking = [suffix for suffix in suffixes if not any(zone.endswith(suffix) for zone in zones)]
    if not lacking:
        return Answer("kept", "placed-in", expected, zones, evidence=proof)
    gaps = stand(graph, resource).gaps
    if gaps or len(open_ones) >= len(lacking):
        gaps = (*gaps, *gaps_of(*open_ones))
        because = "" if gaps else "the zone of a subnet is known only after apply"
        return Answer.unseen("placed-in", expected, *gaps, because=because, evidence=proof, actual=zones)
    return Answer(
        "broken",
        "placed-in",
        expected,
        zones,
        f"no subnet in {', '.join(resource.region + each for each in lacking)}",
        proof,
    )


@predicate("in-several-zones", needs=PLACED)
def in_several_zones(graph: Graph, resource: Resource, least: int = 2) -> Answer:
    """The subnets of the resource lie in at least so many Availability Zones."""
    edges = graph.heads(resource, "placed-in", SUBNET)
    subnets, proof = [subnet for _, subnet in edges], tuple(edge for edge, _ in edges)
    found = [subnet.at("AvailabilityZone") for subnet in subnets]
    open_ones = [zone for zone in found if isinstance(zone, Hidden) or zone is ABSENT or unfinished(zone)]
    # Two texts that only the account completes may be the same zone; two that are the same text are.
    zones = sorted({zone for zone in found if isinstance(zone, str) and not unfinished(zone)})
    apart = {zone for zone in found if isinstance(zone, str)}
    expected = f"at least {least} zones"
    if len(zones) >= least:
        return Answer("kept", "placed-in", expected, zones, evidence=proof)
    gaps = (*graph.blind(resource, "placed-in", (SUBNET,)), *gaps_of(*open_ones))
    if gaps or len(zones) + len(open_ones) >= least:
        because = "" if gaps else f"the zones of {len(apart) or 'its'} subnets are known only after apply"
        return Answer.unseen("placed-in", expected, *dict.fromkeys(gaps), because=because, evidence=proof, actual=zones)
    return Answer(
        "broken", "placed-in", expected, zones, f"{resource.label} is in {', '.join(zones) or 'no zone'} alone", proof
    )
