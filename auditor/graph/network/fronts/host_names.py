"""What stands behind a host name: a thing that AWS gave the name to, or what a record of ours leads to."""

from __future__ import annotations

import re

from auditor.graph.boxes import line
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, net, numbers
from auditor.model import Gap, Resource

_NAMED = (*w.BALANCERS, w.FUNCTION_URL, w.BUCKET, w.REST_API, w.HTTP_API)
_MACHINE = re.compile(r"ec2-(\d+)-(\d+)-(\d+)-(\d+)\..*amazonaws\.com")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_DEEPEST = 4  # records that lead to records


def behind(graph: Graph, host: str, depth: int = 0) -> list[Resource]:
    """The things that a name leads to, as far as they and the records were read."""
    name = host.lower().rstrip(".").removeprefix("dualstack.")
    found = graph.once(_hosts).get(name, [])
    if found or depth > _DEEPEST:
        return found
    machine = _MACHINE.fullmatch(name)
    text = ".".join(machine.groups()) if machine else name if _ADDRESS.fullmatch(name) else ""
    if text:
        return _holders(graph, text)
    targets = [each for record in graph.once(_records).get(name, ()) for each in _targets(record)]
    return [each for target in targets for each in behind(graph, target, depth + 1)]


def unread_names(graph: Graph) -> tuple[Gap, ...]:
    """The names that were not read: a host that leads to nothing may be one of them."""
    return graph.once(_unread)


def _unread(graph: Graph) -> tuple[Gap, ...]:
    names = ("DNSName", "Name", "Type", "AliasTarget", "ResourceRecords", "PublicIps", "PublicIp")
    types = (*w.BALANCERS, w.RECORD, w.INTERFACE, w.ADDRESS)
    return tuple(gap for each in graph.of_type(*types) for gap in hidden(each, *names))


def _hosts(graph: Graph) -> dict[str, list[Resource]]:
    known: dict[str, list[Resource]] = {}
    for each in graph.of_type(*_NAMED):
        names = (*each.names, str(each.known("DNSName", "")))
        for text in {text.lower() for text in names if "." in text}:
            known.setdefault(text, []).append(each)
    return known


def _records(graph: Graph) -> dict[str, list[Resource]]:
    known: dict[str, list[Resource]] = {}
    for each in graph.of_type(w.RECORD):
        if each.known("Type") in ("A", "AAAA", "CNAME"):
            known.setdefault(str(each.known("Name", "")).lower().rstrip("."), []).append(each)
    return known


def _targets(record: Resource) -> list[str]:
    alias = record.known("AliasTarget.DNSName")
    return [str(each) for each in (alias, *record.known("ResourceRecords", ())) if each]


def _holders(graph: Graph, address: str) -> list[Resource]:
    """Who holds a public address: the interface, and the machine that it belongs to."""
    index = net(graph)
    out: list[Resource] = []
    for number in numbers(line(address)):
        for interface in index.public.get(number, ()):
            machine = index.by_id.get(str(interface.known("Attachment.InstanceId")))
            out += [interface, *([machine] if machine else [])]
    return out
