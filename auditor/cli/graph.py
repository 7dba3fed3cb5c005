"""`auditor graph`: the resources and the edges between them, as a file for other programs or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli._account import read_code
from auditor.cli._errors import say
from auditor.cli._options import Where, inventory_options
from auditor.cli._telling import count

if TYPE_CHECKING:
    from auditor.graph.build import Graph
    from auditor.model import Inventory

_FORMATS = ("graphml", "json", "dot", "mermaid", "svg")


@click.command("graph")
@inventory_options
@click.option("--around", metavar="RESOURCE", help="Export only what is around this resource (ID, name or ARN).")
@click.option("--depth", type=click.IntRange(0), default=1, show_default=True, help="With --around: how many edges.")
@click.option(
    "--facts", is_flag=True, help="Add proven facts as edges: what reaches what, who can assume or become whom."
)
@click.option("--ways", is_flag=True, help="Export the network paths from the Internet to data instead.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="json", show_default=True)
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="File to write. Default: standard output.")  # fmt: skip
def command(
    where: Where, around: str | None, depth: int, facts: bool, ways: bool, form: str, output: Path | None
) -> int:  # fmt: skip
    """Export the resource graph of an account, a saved inventory or code; the same input gives the same bytes.

    JSON is networkx's node-link form. svg is drawn without another program and suits a neighbourhood (--around).
    Exit codes: 0 everything was read, 2 no such resource, 3 something could not be read.

    \b
    auditor graph --from inventory.jsonl.gz --format graphml -o account.graphml
    auditor graph --around rds/cuggu-prod --depth 2 --format svg -o database.svg
    auditor graph --code infra --ways --format mermaid
    """
    from auditor import api

    if ways and (facts or around):
        raise click.UsageError("--ways cannot be combined with --facts or --around; leave them out")
    inventory = _inventory(where)
    graph = api.graph(inventory)
    net = _ways(graph) if ways else api.facts(graph) if facts else graph.net
    if around is not None:
        net = _around(graph, net, around, depth)
    text = api.export(net, form)
    if output:
        output.write_text(text, encoding="utf-8")
        nodes = count(len(net), "step" if ways else "resource")
        say(f"wrote {nodes} and {count(net.number_of_edges(), 'edge')} to {output}")
    else:
        click.echo(text, nl=False)
    if inventory.gaps:
        many = len(inventory.gaps)
        say(f"incomplete: {count(many, 'item')} could not be read; edges may be missing")
    return 3 if inventory.gaps else 0


def _inventory(where: Where) -> Inventory:
    from auditor import api
    from auditor.cli._progress import progress

    if where.code:
        return read_code(where)
    with progress("reading the account") as bar:
        return api.read(where.sources, profile=where.profile, regions=where.regions, progress=bar)


def _ways(graph: Graph) -> Any:
    """The ways as a graph; what every way to all data passes is said beside it."""
    from auditor import api
    from auditor.graph.ways import passed_by_all, ways_graph

    found = api.ways_to_data(graph)
    net = ways_graph(found)
    for key in passed_by_all(found):
        say(f"every path to data passes {net.nodes[key]['words']}")
    return net


def _around(graph: Graph, net: Any, around: str, depth: int) -> Any:
    from auditor import api
    from auditor.graph.net import neighbourhood
    from auditor.graph.network import NoSuchEnd

    try:
        key = "internet" if around in net and around == "internet" else api.find(graph, around).key
    except NoSuchEnd as error:
        raise click.UsageError(str(error)) from error
    return neighbourhood(net, key, depth)
