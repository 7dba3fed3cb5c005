"""What stands behind a host name: a thing that AWS gave the name to, or what a record of ours leads to."""

from __future__ import annotations

import re

from auditor.graph.boxes import line
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import net, numbers
from auditor.model import Resource

_NAMED = (w.BALANCER, w.FUNCTION_URL, w.BUCKET, w.REST_API, w.HTTP_API)
_MACHINE = re.compile(r"ec2-(\d+)-(\d+)-(\d+)-(\d+)\..*amazonaws\.com")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_DEEPEST = 4  # records that lead to records


def behind(graph: Graph, host: str, depth: int = 0) -> list[Resource]:
    """The things that a name leads to, as far as they and the records were read."""
    name = host.lower().rstrip(".").removeprefix("dualstack.")
    found = _hosts(graph).get(name, [])
    if found or depth > _DEEPEST:
        return found
    machine = _MACHINE.fullmatch(name)
    text = ".".join(machine.groups()) if machine else name if _ADDRESS.fullmatch(name) else ""
    if text:
        return _holders(graph, text)
    led = [each for record in _records(graph).get(name, ()) for each in _targets(record)]
    return [each for target in led for each in behind(graph, target, depth + 1)]


def _hosts(graph: Graph) -> dict[str, list[Resource]]:
    if "hosts" not in graph.memo:
        known: dict[str, list[Resource]] = {}
        for each in graph.of_type(*_NAMED):
            for text in {
                text.lower() for text in (*each.names, str(each.properties.get("DNSName", ""))) if "." in text
            }:
                known.setdefault(text, []).append(each)
        graph.memo["hosts"] = known
    found: dict[str, list[Resource]] = graph.memo["hosts"]
    return found


def _records(graph: Graph) -> dict[str, list[Resource]]:
    if "records" not in graph.memo:
        known: dict[str, list[Resource]] = {}
        for each in graph.of_type(w.RECORD):
            if each.properties.get("Type") in ("A", "AAAA", "CNAME"):
                known.setdefault(str(each.properties.get("Name", "")).lower().rstrip("."), []).append(each)
        graph.memo["records"] = known
    found: dict[str, list[Resource]] = graph.memo["records"]
    return found


def _targets(record: Resource) -> list[str]:
    alias = (record.properties.get("AliasTarget") or {}).get("DNSName")
    return [str(each) for each in (alias, *record.properties.get("ResourceRecords", ())) if each]


def _holders(graph: Graph, address: str) -> list[Resource]:
    """Who holds a public address: the interface, and the machine that it belongs to."""
    index = net(graph)
    out: list[Resource] = []
    for number in numbers(line(address)):
        for interface in index.public.get(number, ()):
            machine = index.by_id.get(str((interface.properties.get("Attachment") or {}).get("InstanceId")))
            out += [interface, *([machine] if machine else [])]
    return out
