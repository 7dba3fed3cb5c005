"""The graph as a file: GraphML and JSON for programs, dot, Mermaid and SVG for people. Equal graphs give equal bytes.

Every text in it may have been chosen by a stranger, so each format writes it down in a way that it cannot leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import networkx as nx

from auditor.graph.export.picture import svg
from auditor.graph.export.programs import graphml, node_link
from auditor.graph.export.sketches import dot, mermaid

FORMATS: Mapping[str, Callable[[nx.MultiDiGraph], str]] = {
    "graphml": graphml,
    "json": node_link,
    "dot": dot,
    "mermaid": mermaid,
    "svg": svg,
}

__all__ = ["FORMATS", "dot", "graphml", "mermaid", "node_link", "svg"]
