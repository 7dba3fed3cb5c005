"""`auditor paths`: who reaches whom, over which path, or where and why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli._options import aws_options
from auditor.cli._progress import progress

if TYPE_CHECKING:
    from auditor.aws.requests import Progress
    from auditor.graph.build import Graph
    from auditor.graph.network import Reach
    from auditor.pipeline import Wish


@click.command("paths")
@click.argument("tail", metavar="FROM")
@click.argument("head", metavar="TO")
@click.option("--port", type=click.IntRange(0, 65535), help="Ask for this port. Default: any.")
@click.option(
    "--protocol", metavar="NAME", help="tcp, udp, icmp, icmpv6 or a number. Default: tcp with --port, else any."
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A saved inventory (`auditor scan -o FILE`) instead of an account.",
)
@aws_options
def command(
    tail: str,
    head: str,
    port: int | None,
    protocol: str | None,
    form: str,
    source: Path | None,
    profile: str | None,
    regions: tuple[str, ...],
) -> int:
    """Say whether connections from FROM arrive at TO, with the path, or the place and the reason where they stop.

    FROM and TO are `internet`, an IP address, an id, a name, an ARN, or a type with a name (rds/cuggu-prod).
    Exit codes: 0 answered, whatever the answer is; 3 it could not be seen; 2 no such end.

    \b
    auditor paths internet rds/cuggu-prod
    auditor paths lambda/server rds/cuggu-prod --port 5432
    auditor paths 10.0.1.20 8.8.8.8 --from inventory.jsonl.gz --format json
    """
    from auditor.graph.network import NoSuchEnd, free_spot, reach, resolve
    from auditor.pipeline import Wish

    services = _services(port, protocol)
    with progress("reading the network") as bar:
        graph = _graph(Wish(regions=regions, profile=profile, source=source), bar)
    try:
        found = reach(graph, free_spot(graph, resolve(graph, tail)), resolve(graph, head), services)
    except NoSuchEnd as error:
        unread = len(graph.inventory.gaps)
        if not unread:
            raise click.UsageError(str(error)) from error
        click.echo(f"error: {error} ({unread} calls gave no answer)", err=True)
        return 3
    if form == "json":
        click.echo(json.dumps(_record(tail, head, port, protocol, found), indent=2, ensure_ascii=False))
    else:
        _tell(graph, tail, head, found)
    return 3 if found.state == "unknown" else 0


def _services(port: int | None, protocol: str | None) -> Any:
    from auditor.graph.boxes import NUMBERS, service

    known = protocol is None or protocol.lower() in NUMBERS or (protocol.isdigit() and int(protocol) < 256)
    if not known:
        raise click.BadParameter("give tcp, udp, icmp, icmpv6 or a number up to 255", param_hint="--protocol")
    name = (protocol or ("tcp" if port is not None else "-1")).lower()
    if port is not None and name not in ("tcp", "udp", "6", "17"):
        raise click.BadParameter(f"{name} has no ports", param_hint="--port")
    return service(name, port)


def _graph(wish: Wish, bar: Progress | None) -> Graph:
    from auditor.graph.build import build
    from auditor.graph.network import path_needs
    from auditor.pipeline import Definitions, open_source
    from auditor.resources import load
    from auditor.sources.live import read

    types = load()
    source = open_source(wish, Definitions([], []), bar)
    return build(read(source.caller, source.place, path_needs(types), types), types)


def _tell(graph: Graph, tail: str, head: str, found: Reach) -> None:
    verb = {"reached": "reaches", "blocked": "does not reach", "unknown": "may reach"}[found.state]
    click.echo(f"{tail} {verb} {head}")
    click.echo(f"  {found.because}")
    for hop in found.hops:
        click.echo(f"  passes {hop}")
    for edge in found.path:
        click.echo(f"  {_name(graph, edge.tail)} {edge.relation} {_name(graph, edge.head)}  ({edge.because})")
    if found.stop and found.state == "blocked":
        place = f" at {_name(graph, found.stop.place)}" if found.stop.place else ""
        click.echo(f"  stops{place}: {found.stop.code}")
    for permission in sorted({gap.permission for gap in found.gaps if gap.permission}):
        click.echo(f"  not seen: allow {permission}")


def _name(graph: Graph, key: str) -> str:
    found = graph.resource(key)
    return found.label if found else key


def _record(tail: str, head: str, port: int | None, protocol: str | None, found: Reach) -> dict[str, Any]:
    from auditor.graph.box_words import address_words, service_words
    from auditor.graph.boxes import by_family
    from auditor.graph.space import Ranges, cidrs

    return {
        "from": tail,
        "to": head,
        "port": port,
        "protocol": protocol,
        "verdict": found.state,
        "because": found.because,
        "admitted": [
            {
                "services": service_words(Ranges(((low, high),))),
                "words": address_words(addresses),
                "addresses": [text for family, own in by_family(addresses).items() for text in cidrs(family, own)],
            }
            for low, high, addresses in found.traffic.slices
        ],
        "path": [
            {"tail": edge.tail, "relation": edge.relation, "head": edge.head, "because": edge.because}
            for edge in found.path
        ],
        "hops": list(found.hops),
        "stop": {"place": found.stop.place, "code": found.stop.code, "words": found.stop.words} if found.stop else None,
        "gaps": [
            {"operation": gap.operation, "permission": gap.permission, "reason": gap.reason, "message": gap.message}
            for gap in found.gaps
        ],
    }
