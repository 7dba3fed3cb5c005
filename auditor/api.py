"""What the command line does, for Python: read an account or code, build its graph, check it, explain a rule.

    from auditor import api

    inventory = api.read("inventory.jsonl.gz")      # or api.read() for the account of the credentials, or code="infra"
    graph = api.graph(inventory)                    # graph.net is a networkx.MultiDiGraph
    record = api.check("inventory.jsonl.gz", baselines=["cuggu"])

Names and arguments here stay as they are from version to version; what lies behind them may move. docs/api.md has
examples that the tests run. Nothing here changes an account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.model import Inventory, Resource

if TYPE_CHECKING:
    from auditor.aws.requests import Progress
    from auditor.graph.build import Graph
    from auditor.graph.net import Changes, Net
    from auditor.graph.network import Reach
    from auditor.graph.ways import Ways

__all__ = ["Explanation", "check", "compare", "explain", "export", "facts", "find", "graph", "paths", "reach", "read",
           "together", "ways", "ways_to_data"]  # fmt: skip


def read(
    source: str | Path | Iterable[str | Path] | None = None,
    *,
    code: str | Path | None = None,
    parameters: Mapping[str, str] | None = None,
    region: str = "",
    profile: str | None = None,
    regions: Iterable[str] = (),
    progress: Progress | None = None,
) -> Inventory:
    """Everything that is described, of saved inventories, of code, or (with neither) of the account.

    `parameters` and `region` are about code: values of its parameters, and where a resource lives whose code does not
    say it. `profile` and `regions` are about the account; `progress` is called as answers come in. What could not be
    read is in `gaps`.
    """
    if code is not None:
        return _read_code(Path(code), parameters or {}, region)
    from auditor import pipeline
    from auditor.checks.demand import everything
    from auditor.resources import load
    from auditor.sources import live

    wish = pipeline.Wish(regions=tuple(regions), profile=profile, sources=_files(source))
    opened = pipeline.open_sources(wish, pipeline.Definitions(), progress)
    types = load()
    return together(*(live.read(each.caller, each.place, everything(types), types) for each in opened))


def together(*inventories: Inventory) -> Inventory:
    """Inventories of several accounts or regions as one, so that questions see over their borders."""
    from auditor.sources.several import together as joined

    return joined(inventories)


def _read_code(path: Path, parameters: Mapping[str, str], region: str) -> Inventory:
    """Code as the gate reads it: nothing is executed or fetched, and nothing read out of its repository."""
    from auditor.checks.worlds import in_one, read_all
    from auditor.sources.base import top
    from auditor.sources.code import read_code
    from auditor.sources.code_options import CodeOptions, NoCode

    if not path.exists():
        raise NoCode(f"{path}: there is no such file or folder")
    root = top(path) or (path if path.is_dir() else path.parent)
    options = CodeOptions(parameters, region=region, root=root)
    return in_one(read_all(lambda world: read_code(path, replace(options, world=world))))


def graph(inventory: Inventory) -> Graph:
    """The graph of an inventory. `graph.net` is the same as a `networkx.MultiDiGraph`: nodes by `Resource.key`."""
    from auditor.graph.build import build
    from auditor.resources import load

    return build(inventory, load())


def find(graph: Graph, name: str) -> Resource:
    """The resource with this id, name or ARN, or `rds/NAME`; an error names what is near where there is none."""
    from auditor.graph.network.services.path_ends import named

    return named(graph, name)


def check(
    source: str | Path | Iterable[str | Path] | None = None,
    *,
    code: str | Path | None = None,
    base: str = "",
    baselines: Iterable[str] = (),
    rules: Iterable[str] | None = None,
    definitions: Iterable[str | Path] = (),
    profile: str | None = None,
    regions: Iterable[str] = (),
) -> dict[str, Any]:
    """Judge an account, a saved inventory (or several as one) or code: the record that `--format json` prints.

    `rules` left out are all of them, and none where it is empty. With `base` only what a change to code brings is in
    the findings. Nothing is kept, so nothing is compared with an earlier run.
    """
    from auditor import pipeline

    chosen = None if rules is None else tuple(rules)
    wish = pipeline.Wish(
        baselines=tuple(baselines),
        rules=chosen or (),
        with_rules=chosen is None or bool(chosen),
        regions=tuple(regions),
        profile=profile,
        sources=_files(source),
        folders=tuple(Path(each) for each in definitions),
    )
    if code is None:
        return pipeline.check(wish).record
    from auditor.gate import gate
    from auditor.sides import Code

    return gate(wish, Code(Path(code), base))


def _files(source: str | Path | Iterable[str | Path] | None) -> tuple[Path, ...]:
    named = [source] if isinstance(source, str | Path) else source or ()
    return tuple(Path(each) for each in named)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule or a baseline exists. `permissions` are the IAM actions that reading for it takes."""

    id: str
    title: str
    why: str
    permissions: tuple[str, ...]
    severity: str = ""
    fix: str = ""
    references: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()  # of a baseline


def explain(name: str, definitions: Iterable[str | Path] = ()) -> Explanation:
    """What a rule or a baseline says, by its id."""
    from auditor.checks.baselines import known, load_baseline
    from auditor.checks.demand import of_baseline, of_rules
    from auditor.checks.environments import asked
    from auditor.checks.rules import choose, load_rules
    from auditor.resources import load
    from auditor.sources.live import permissions_for

    folders, types = [Path(each) for each in definitions], load()
    if asked(name).name in known(folders):
        found = load_baseline(name, folders)
        promises = [*found.roles, *(f"link/{each.id}" for each in found.links)]
        promises += [f"{role}/{each.id}" for role, said in found.roles.items() for each in said.require]
        promises += [f"absent/{each.id}" for each in found.absent]
        actions = permissions_for(of_baseline(found, types), types)
        why = f"{found.document.title}, {found.document.updated}"
        return Explanation(found.id, found.title, why, tuple(actions), promises=tuple(sorted(promises)))
    (rule,) = choose(load_rules([folder / "rules" for folder in folders]), [name])
    actions = permissions_for(of_rules([rule], types), types)
    return Explanation(
        rule.id, rule.title, rule.why, tuple(actions), rule.severity, rule.fix, tuple(rule.references)
    )  # fmt: skip


# ---- questions about a graph


def paths(
    graph: Graph, tail: str, head: str, relations: Iterable[str] = (), longest: int = 6
) -> Iterator[list[tuple[str, str, str]]]:
    """How declared edges lead from one resource to another, as (tail, relation, head), the shortest first.

    Only edges of these `relations` are taken, all where none is named. Declared edges do not point the way traffic
    goes: for that ask `reach` and `ways`.
    """
    from auditor.graph.net import narrowed, simple_paths

    wanted = tuple(relations)
    net = narrowed(graph.net, wanted)
    found = simple_paths(net, find(graph, tail).key, find(graph, head).key, longest=longest)
    for keys in sorted(found, key=lambda each: (len(each), each)):
        yield [(one, min(net[one][other]), other) for one, other in pairwise(keys)]


def reach(graph: Graph, tail: str, head: str, port: int | None = None, protocol: str = "tcp") -> Reach:
    """Whether connections from one end arrive at another, as `auditor paths` says it; `internet` is an end too."""
    from auditor.graph import network

    one, other = network.free_spot(graph, network.resolve(graph, tail)), network.resolve(graph, head)
    return network.reach(graph, one, other, network.port_services(port, protocol if port is not None else ""))


def ways(graph: Graph, head: str, tail: str = "internet", port: int | None = None, protocol: str = "tcp") -> Ways:
    """All ways between two ends, what every one of them passes (`passed`), and the fewest elements that close all
    (`cut`).
    """
    from auditor.graph.network import port_services
    from auditor.graph.ways import ways_between

    one = None if tail == "internet" else find(graph, tail)
    services = port_services(port, protocol if port is not None else "")
    return ways_between(graph, one, find(graph, head), services)


def ways_to_data(graph: Graph) -> tuple[Ways, ...]:
    """The ways from the Internet to everything that keeps data; `auditor.graph.ways.ways_graph` joins them to a graph
    that `export` takes.
    """
    from auditor.graph import ways

    return ways.ways_to_data(graph)


def facts(graph: Graph) -> Net:
    """`graph.net` with what the engines prove beside it: `reaches`, `can-assume` and `can-become`.

    An organization's policies, which can only take away, are not read for it.
    """
    from auditor.graph.facts import with_facts

    return with_facts(graph)


def compare(before: Graph | Net, after: Graph | Net) -> Changes:
    """What two runs differ in, by key: nodes and edges that were added, removed or changed."""
    from auditor.graph import net
    from auditor.graph.build import Graph

    one, other = (each.net if isinstance(each, Graph) else each for each in (before, after))
    return net.compare(one, other)


def export(graph: Graph | Net, format: str = "json") -> str:
    """The graph as `graphml`, `json` (node-link), `dot`, `mermaid` or `svg`; equal graphs give equal texts."""
    from auditor.graph.build import Graph
    from auditor.graph.export import FORMATS

    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}: take one of {', '.join(FORMATS)}")
    return FORMATS[format](graph.net if isinstance(graph, Graph) else graph)
