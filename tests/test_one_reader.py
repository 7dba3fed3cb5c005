"""Resources are looked into by `Resource.at`, `each`, `known` and `gap` alone, wherever something is concluded from them.

A value without its state has been taken for "not set" too often. Held on the syntax trees, so that no other name for the
properties of a resource (`said = resource.properties`) goes round it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.test_structure import ROOT, modules, tree

# What makes another resource out of one, and concludes nothing.
COPIES = {"auditor/graph/ways/elements.py"}


def looks(code: ast.AST) -> Iterator[int]:
    """The lines on which the properties of something are taken, under whatever name they go on."""
    for node in ast.walk(code):
        by_name = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("getattr", "vars")
        if by_name and any(isinstance(each, ast.Constant) and each.value == "properties" for each in node.args):
            yield node.lineno
        if isinstance(node, ast.Attribute) and node.attr == "properties":
            yield node.lineno


def found() -> dict[str, list[int]]:
    files = {**modules("auditor/checks"), **modules("auditor/graph")}.values()
    lines = {str(path.relative_to(ROOT)): sorted(looks(tree(path))) for path in files}
    return {name: at for name, at in lines.items() if at}


@pytest.mark.contract
def test_nothing_else_looks_into_a_resource():
    told = [f"{name}:{line}" for name, at in found().items() if name not in COPIES for line in at]
    assert not told, "use Resource.at, each, known or gap: " + ", ".join(told)


@pytest.mark.contract
@pytest.mark.parametrize(
    "code",
    [
        "x.properties.get('A')",
        "x.properties['A']",
        "'A' in x.properties",
        "p = x.properties\np.get('A')",
        "read(x.properties, 'A')",
        "getattr(x, 'properties')['A']",
    ],
)
def test_another_way_in_is_found(code):
    assert list(looks(ast.parse(code)))
    assert not list(looks(ast.parse("x.at('A'), x.each('A'), x.known('A'), x.gap('A')")))
