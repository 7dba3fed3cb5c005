"""For tools that draw: Graphviz's dot, and Mermaid. Nodes have numbers, so that no name can be taken for syntax."""

from __future__ import annotations

import networkx as nx

from auditor.graph.export.texts import caption, edges, legal, nodes, shortened

# What Mermaid shows as it is; every other character is written as its number.
_HARMLESS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.:/,+=@…")
# Drawn fainter: what holds things together without being a path.
_FAINT = ("mentions", "encrypted-with", "holds", "applies", "presents")


def dot(net: nx.MultiDiGraph) -> str:
    """Graphviz's language; a node has its key as tooltip."""
    names = {key: f"n{number}" for number, key in enumerate(sorted(net))}
    out = ["digraph auditor {", "  rankdir=LR;", '  node [shape=box, fontname="Helvetica"];']
    out.append('  edge [fontname="Helvetica", fontsize=10];')
    for key, said in nodes(net):
        name, kind = caption(key, said)
        label = f"{_escaped(name)}\\n{_escaped(kind)}" if kind else _escaped(name)
        out.append(f'  {names[key]} [label="{label}", tooltip="{_escaped(legal(key))}"];')
    for tail, relation, head, said in edges(net):
        style = ", style=dashed" if relation in _FAINT else ""
        told = f'label="{_escaped(relation)}", tooltip="{_escaped(said.get("because", ""))}"{style}'
        out.append(f"  {names[tail]} -> {names[head]} [{told}];")
    return "\n".join([*out, "}"]) + "\n"


def _escaped(text: str) -> str:
    """Inside of dot's quotes. Graphviz reads backslashes of labels and HTML's entities once more."""
    return legal(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def mermaid(net: nx.MultiDiGraph) -> str:
    """A flowchart, as GitHub and GitLab show it in Markdown."""
    names = {key: f"n{number}" for number, key in enumerate(sorted(net))}
    out = ["flowchart LR"]
    for key, said in nodes(net):
        name, kind = caption(key, said)
        label = f"{numbered(name)}<br>{numbered(kind)}" if kind else numbered(name)
        out.append(f'  {names[key]}["{label}"]')
    for tail, relation, head, _ in edges(net):
        arrow = "-.->" if relation in _FAINT else "-->"
        out.append(f'  {names[tail]} {arrow}|"{numbered(shortened(relation))}"| {names[head]}')
    return "\n".join(out) + "\n"


def numbered(text: str) -> str:
    """Mermaid's `#code;` for whatever is no plain letter; letters of other scripts stay."""
    return "".join(each if each in _HARMLESS or each.isalpha() else f"#{ord(each)};" for each in legal(text))
