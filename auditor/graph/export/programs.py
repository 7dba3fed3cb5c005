"""For programs: GraphML, and networkx's node-link JSON. Both are read back by networkx."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from auditor.graph.export.texts import edges, legal, nodes

_GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def graphml(net: nx.MultiDiGraph) -> str:
    """GraphML, every attribute a text; an edge has its relation as an attribute.

    Written here, for networkx's own writer in the version that checkov pins breaks beside today's numpy.
    """
    told = list(nodes(net))
    drawn = [(tail, head, {"relation": legal(relation), **said}) for tail, relation, head, said in edges(net)]
    out = [_GRAPHML]
    out += _keys("node", (said for _, said in told)) + _keys("edge", (said for *_, said in drawn))
    out.append('<graph edgedefault="directed">\n')
    for key, said in told:
        out.append(f"<node id={_quoted(key)}>{_data('node', said)}</node>\n")
    for number, (tail, head, said) in enumerate(drawn):
        ends = f"source={_quoted(tail)} target={_quoted(head)}"
        out.append(f'<edge id="e{number}" {ends}>{_data("edge", said)}</edge>\n')
    return "".join([*out, "</graph>\n</graphml>\n"])


def _keys(of: str, many: Iterable[Mapping[str, str]]) -> list[str]:
    names = sorted({name for said in many for name in said})
    return [f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="string"/>\n' for name in names]


def _data(of: str, said: Mapping[str, str]) -> str:
    return "".join(f'<data key="{of}-{name}">{escape(value)}</data>' for name, value in sorted(said.items()))


def _quoted(text: str) -> str:
    return quoteattr(legal(text))


def node_link(net: nx.MultiDiGraph) -> str:
    """Node-link JSON: `networkx.node_link_graph(value, edges="edges")` reads it."""
    value = {
        "directed": True,
        "multigraph": True,
        "graph": {},
        "nodes": [{"id": legal(key), **_apart(said)} for key, said in nodes(net)],
        "edges": [
            {"source": legal(tail), "target": legal(head), "key": legal(relation), **said}
            for tail, relation, head, said in edges(net)
        ],
    }
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _apart(said: dict[str, str]) -> dict[str, str]:
    """`id` is the node's name in this format, so what AWS calls the resource is `aws_id`."""
    return {("aws_id" if name == "id" else name): value for name, value in said.items()}
