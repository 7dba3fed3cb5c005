"""`auditor paths`: what reaches what, over which path, or where and why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import _ways
from auditor.cli._account import IAM, read_code
from auditor.cli._options import Where, inventory_options
from auditor.cli._progress import progress
from auditor.cli._telling import count
from auditor.cli._way import tell

if TYPE_CHECKING:
    from auditor.graph.build import Graph
    from auditor.graph.network import End, Reach, Stop
    from auditor.graph.network.services.vpc_endpoint_policies import Permit


@click.command("paths")
@click.argument("tail", metavar="FROM")
@click.argument("head", metavar="TO")
@click.option("--port", type=click.IntRange(0, 65535), help="Destination port. Default: any.")
@click.option(
    "--protocol", metavar="NAME", help="tcp, udp, icmp, icmpv6 or a number. Default: tcp with --port, else any."
)
@click.option(
    "--action",
    metavar="SERVICE:ACTION",
    help="Also check whether IAM, resource and endpoint policies let FROM perform this action on TO.",
)
@click.option("--cut", is_flag=True, help="Also show what all paths pass, and the fewest changes that close them all.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@inventory_options
def command(
    tail: str,
    head: str,
    port: int | None,
    protocol: str | None,
    action: str | None,
    cut: bool,
    form: str,
    where: Where,
) -> int:
    """Check whether connections from FROM reach TO. Shows the path, or where and why it stops.

    FROM and TO are `internet`, an IP address, an id, a name, an ARN, a type with a name (rds/cuggu-prod), or
    an AWS service (s3). Without --action only network traffic is checked, not policies.
    Exit codes: 0 there is an answer, 2 no such resource, 3 unknown because something could not be read.

    \b
    auditor paths internet rds/cuggu-prod
    auditor paths lambda/server rds/cuggu-prod --port 5432
    auditor paths internet rds/cuggu-prod --cut
    auditor paths lambda/server s3/media --action s3:GetObject
    auditor paths internet rds/shop --code infra
    auditor paths 10.0.1.20 8.8.8.8 --from inventory.jsonl.gz --format json
    auditor paths i-0123456789abcdef0 10.9.0.5 --from network.jsonl.gz --from shop.jsonl.gz
    """
    from auditor.graph.network import NoSuchEnd, free_spot, reach, resolve

    services = _services(port, protocol)
    if action is not None and ":" not in action:
        raise click.BadParameter(f"{action!r} is not an IAM action; write it like s3:GetObject", param_hint="--action")
    graph = _graph(where, action is not None)
    try:
        one, other = free_spot(graph, resolve(graph, tail)), resolve(graph, head)
    except NoSuchEnd as error:
        unread = 0 if error.certain else len(graph.inventory.gaps)
        if not unread:
            raise click.UsageError(str(error)) from error
        click.echo(f"error: {error} ({count(unread, 'call')} failed)", err=True)
        return 3
    found = reach(graph, one, other, services)
    permit = _permit(graph, one, other, found, action) if action else None
    ways = _ways.asked(graph, one, other, services) if cut else None
    if form == "json":
        record = _record(tail, head, port, protocol, found, permit)
        record |= {"ways": _ways.told(ways)} if ways else {}
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        tell(graph, tail, head, found, permit, _ways.lines(ways) if ways else ())
    return 3 if found.state == "unknown" else 0


def _services(port: int | None, protocol: str | None) -> Any:
    from auditor.graph.boxes import NUMBERS, service

    known = protocol is None or protocol.lower() in NUMBERS or (protocol.isdigit() and int(protocol) < 256)
    if not known:
        raise click.BadParameter(
            f"{protocol!r} is not a protocol; use tcp, udp, icmp, icmpv6 or a number up to 255", param_hint="--protocol"
        )
    name = (protocol or ("tcp" if port is not None else "-1")).lower()
    if port is not None and name not in ("tcp", "udp", "6", "17"):
        raise click.BadParameter(f"{name} has no ports; use tcp or udp, or leave out --port", param_hint="--port")
    return service(name, port)


def _graph(where: Where, asks: bool) -> Graph:
    from auditor.graph.build import build
    from auditor.graph.network import path_needs
    from auditor.graph.network.services.service_names import policy_needs, service_needs
    from auditor.model import merge
    from auditor.pipeline import Definitions, open_sources
    from auditor.resources import load
    from auditor.sources.live import read
    from auditor.sources.several import together

    types = load()
    if where.code:
        return build(read_code(where), types)
    needs = merge(path_needs(types), service_needs(types), *((IAM, policy_needs(types)) if asks else ()))
    with progress("reading the network") as bar:
        sources = open_sources(where.wish(), Definitions(), bar)
        found = [read(source.caller, source.place, needs, types) for source in sources]
    return build(together(found), types)


def _permit(graph: Graph, one: End, other: End, found: Reach, action: str) -> Permit:
    """What policies say of the action, over the endpoint that the path takes."""
    from auditor.graph.network.services.vpc_endpoint_policies import permits, taken

    arn = other.resource.arn if other.resource else "*"
    inside = "/*" if other.resource and other.service == "s3" else ""
    return permits(graph, taken(graph, found.path), one.resource, action, arn + inside)


def _record(
    tail: str, head: str, port: int | None, protocol: str | None, found: Reach, permit: Permit | None
) -> dict[str, Any]:
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
        "hops": list(dict.fromkeys(found.hops)),
        "stop": _stop(found.stop) if found.stop else None,
        **({"permitted": _told(permit)} if permit else {}),
        "gaps": [
            {"operation": gap.operation, "permission": gap.permission, "reason": gap.reason, "message": gap.message}
            for gap in found.gaps
        ],
    }


def _stop(stop: Stop) -> dict[str, Any]:
    """Where a path stops; `aws_codes` are Reachability Analyzer's for the same reason."""
    from auditor.graph.network.codes import explanation_codes

    return {"place": stop.place, "code": stop.code, "aws_codes": explanation_codes(stop.code), "words": stop.words}


def _told(permit: Permit) -> dict[str, Any]:
    def decision(found: Any) -> dict[str, Any] | None:
        return {"effect": found.effect, "depends_on": list(found.keys), "because": found.because} if found else None

    return {
        "action": permit.action,
        "resource": permit.resource,
        "effect": permit.effect,
        "endpoint": decision(permit.endpoint),
        "policies": decision(permit.policies),
    }
