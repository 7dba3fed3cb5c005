"""The architecture as a picture's data: boxes, nodes and arrows with their verdicts, before anybody lays it out."""

from __future__ import annotations

from auditor.checks.binding import Bound
from auditor.checks.drift import Drift
from auditor.checks.schema import Baseline
from auditor.graph.build import Graph
from auditor.graph.network import SUBNET, VPC, stand
from auditor.model import Finding, Json, Resource

# Drawn as boxes, or so fine that they would only clutter the picture.
_BOXES = (VPC, SUBNET)


def sketch(baseline: Baseline, bound: Bound, drift: Drift, graph: Graph, findings: list[Finding]) -> dict[str, Json]:
    """Boxes for account, region, VPC and subnets; a node for every role and undeclared resource; the documented
    arrows."""
    boxes = _boxes(baseline, bound, graph)
    known = {box["id"] for box in boxes}
    by_resource: dict[str, list[Finding]] = {}
    for finding in findings:
        by_resource.setdefault(finding.resource.key, []).append(finding)
    nodes: list[dict[str, Json]] = []
    ids: dict[str, list[str]] = {}
    for name, role in baseline.roles.items():
        if role.types[0] in _BOXES:
            continue
        for resource in bound.of(name):
            found = by_resource.get(resource.key, [])
            nodes.append(_node(resource, name, _box_of(graph, resource, known), _verdict(found), found))
            ids.setdefault(name, []).append(resource.key)
        if not bound.of(name) and role.least:
            missing = [each for each in drift.findings if each.check == f"{baseline.id}/{name}"]
            verdict = "unknown" if any(each.verdict == "unknown" for each in missing) else "missing"
            nodes.append(_missing_node(name, role.types[0], _home(role.types[0], known), verdict, missing))
            ids[name] = [name]
    for finding in drift.findings:
        if finding.kind == "extra" and finding.resource.key not in {node["id"] for node in nodes}:
            nodes.append(_node(finding.resource, "", _box_of(graph, finding.resource, known), "extra", [finding]))
    links = [
        {
            "from": tail,
            "relation": wire.link.relation or "reaches",
            "to": head,
            "verdict": wire.verdict,
            "label": wire.link.title,
            "id": wire.link.id,
        }
        for wire in drift.wires
        for tail in ids.get(wire.link.tail, [])[:4]
        for head in ids.get(wire.link.head, [])[:4]
    ]
    return {"boxes": boxes, "nodes": nodes, "links": links}


def _verdict(findings: list[Finding]) -> str:
    verdicts = {finding.verdict for finding in findings}
    return "broken" if "broken" in verdicts else "unknown" if "unknown" in verdicts else "kept"


def _node(resource: Resource, role: str, box: str, verdict: str, findings: list[Finding]) -> dict[str, Json]:
    return {
        "id": resource.key,
        "role": role,
        "type": resource.type,
        "label": resource.label,
        "box": box,
        "verdict": verdict,
        "findings": [finding.id for finding in findings],
    }


def _missing_node(name: str, cfn: str, box: str, verdict: str, findings: list[Finding]) -> dict[str, Json]:
    ids = [each.id for each in findings]
    return {"id": name, "role": name, "type": cfn, "label": name, "box": box, "verdict": verdict, "findings": ids}


def _boxes(baseline: Baseline, bound: Bound, graph: Graph) -> list[dict[str, Json]]:
    account = (*graph.inventory.accounts, "account")[0]
    boxes: list[dict[str, Json]] = [{"id": account, "kind": "account", "label": f"account {account}", "parent": ""}]
    boxes.append({"id": "global", "kind": "region", "label": "edge and global", "parent": account})
    home = baseline.regions[0]
    boxes.append({"id": home, "kind": "region", "label": home, "parent": account})
    played = {resource.key: name for name, found in bound.roles.items() for resource in found}
    networks = [each for each in graph.of_type(VPC) if each.key in played]
    boxes += [{"id": vpc.key, "kind": "vpc", "label": vpc.label, "parent": vpc.region} for vpc in networks]
    for subnet in graph.of_type(SUBNET):
        parents = [head for _, head in graph.heads(subnet, "placed-in", VPC) if head in networks]
        if parents and (subnet.key in played or graph.tails(subnet, "placed-in")):
            zone = subnet.known("AvailabilityZone", "")
            label = f"{played.get(subnet.key) or subnet.label} · {zone}"
            boxes.append({"id": subnet.key, "kind": "subnet", "label": label, "parent": parents[0].key})
    return boxes


def _box_of(graph: Graph, resource: Resource, known: set[str]) -> str:
    """The innermost box: a subnet, the VPC when the resource spans several subnets, the region, or the edge."""
    subnets = {each.key for each in stand(graph, resource).subnets if each.key in known}
    if len(subnets) == 1:
        return subnets.pop()
    if subnets:
        return next(
            (
                head.key
                for each in graph.of_type(SUBNET)
                if each.key in subnets
                for _, head in graph.heads(each, "placed-in", VPC)
            ),
            resource.region,
        )
    attached = [
        head.key
        for _, head in (*graph.heads(resource, "placed-in"), *graph.heads(resource, "attached-to"))
        if head.key in known
    ]
    if attached:
        return attached[0]
    return resource.region if resource.region in known else "global"


def _home(cfn: str, known: set[str]) -> str:
    if cfn.split("::")[1] in ("CloudFront", "Route53", "IAM"):
        return "global"
    return next((box for box in sorted(known) if "-" in box and ":" not in box and "/" not in box), "global")
