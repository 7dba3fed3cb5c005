"""Exports are read back by whoever is meant to read them, whatever names strangers gave; with both networkxes."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.graph.export import FORMATS
from auditor.graph.export.picture import places

pytestmark = pytest.mark.contract

HOSTILE = (
    'a"; } digraph { x -> y',
    "back\\slash \\N \\G \\l",
    "<script>alert(1)</script>",
    "a --> b\nclick n0 call alert()",
    "`**bold**` #quot; &amp; &#34; ]]> --",
    "%%{init: {}}%% end subgraph",
    "\x00\x1b[31m \ud800 \u202e \ufffe",
    "이름 — naïve",
    "",
)


def drawn(names, edges=()):
    net = nx.MultiDiGraph()
    for number, name in enumerate(names):
        net.add_node(f"k{number}:{name}", type="AWS::EC2::Instance", name=name, account="1", region=name, origin="", id=name, exists="yes")  # fmt: skip
    keys = list(net)
    for tail, relation, head in edges:
        net.add_edge(keys[tail], keys[head], relation, because=("SubnetId = x", HOSTILE[0]), origin="main.tf:1")
    return net


NET = drawn(
    HOSTILE, [(0, "placed-in", 1), (0, "guarded-by", 1), (1, "mentions", 2), (2, "admits", 0), (3, "admits", 3)]
)
texts = st.text(max_size=12)
nets = st.builds(
    lambda names, ends: drawn(names, [(a % len(names), r, b % len(names)) for a, r, b in ends]),
    st.lists(texts, min_size=1, max_size=6),
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(["placed-in", "admits", "mentions"]), st.integers(0, 5)),
        max_size=9,
    ),
)
often = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


def link_graph(text):
    """The call differs: networkx names the list of edges by one argument since 3.4, and by several before."""
    value = json.loads(text)
    if "edges" in inspect.signature(nx.node_link_graph).parameters:
        return nx.node_link_graph(value, edges="edges")
    names = {"link": "edges", "source": "source", "target": "target", "name": "id", "key": "key"}
    return nx.node_link_graph(value, attrs=names)


def graphml_graph(text):
    """With the relation as the key of an edge again; None where this networkx cannot read GraphML at all."""
    try:
        read = nx.parse_graphml(text, force_multigraph=True)
    except AttributeError:  # networkx 2.6 asks numpy for what numpy 2 no longer has
        return None
    net = nx.MultiDiGraph()
    net.add_nodes_from(read.nodes(data=True))
    for tail, head, said in read.edges(data=True):
        net.add_edge(
            tail,
            head,
            said["relation"],
            **{name: value for name, value in said.items() if name not in ("relation", "id")},
        )
    return net


def read_back(net):
    found = [link_graph(FORMATS["json"](net)), graphml_graph(FORMATS["graphml"](net))]
    return [each for each in found if each is not None]


def same_shape(net, read):
    """Numbers of nodes in order, and edges by relation between those numbers."""

    def shape(one):
        at = {key: number for number, key in enumerate(sorted(one, key=lambda key: str(key).partition(":")[0]))}
        return len(at), sorted((at[a], r, at[b]) for a, b, r in one.edges(keys=True))

    return shape(net) == shape(read)


@often
@given(nets)
def test_networkx_reads_json_and_graphml_back(net):
    for read in read_back(net):
        assert same_shape(net, read)


def test_attributes_come_back_as_they_were():
    for read in read_back(NET):
        said = {data["name"] for _, data in read.nodes(data=True)}
        assert {'a"; } digraph { x -> y', "<script>alert(1)</script>", "이름 — naïve", HOSTILE[4]} <= said
        assert not any(letter in "".join(said) for letter in "\x00\x1b\ud800\u202e\ufffe")
        because = {data["because"] for *_, data in read.edges(data=True)}
        assert because == {f"SubnetId = x; {HOSTILE[0]}"}


@often
@given(nets)
def test_equal_graphs_are_equal_bytes(net):
    other = nx.MultiDiGraph()
    other.add_nodes_from(sorted(net.nodes(data=True), reverse=True))
    other.add_edges_from(sorted(net.edges(keys=True, data=True), key=str, reverse=True))
    for write in FORMATS.values():
        assert write(net) == write(other)
        assert write(net).encode()


@often
@given(nets)
def test_svg_is_xml_and_draws_everything(net):
    tree = ET.fromstring(FORMATS["svg"](net))
    space = "{http://www.w3.org/2000/svg}"
    pairs = {(tail, head) for tail, head, _ in net.edges(keys=True)}
    assert len(tree.findall(f".//{space}g")) == len(net) + len(pairs)
    assert {each.tag.removeprefix(space) for each in tree.iter()} <= {"svg", "defs", "marker", "path", "rect", "g", "title", "text"}  # fmt: skip
    at = places(net)
    assert len(set(at.values())) == len(net)


@often
@given(nets)
def test_graphml_is_xml_with_every_node_and_edge(net):
    tree = ET.fromstring(FORMATS["graphml"](net))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(tree.findall(f".//{space}node")) == len(net)
    assert len({each.get("id") for each in tree.findall(f".//{space}edge")}) == net.number_of_edges()


@often
@given(nets)
def test_mermaid_keeps_every_name_inside_its_label(net):
    lines = FORMATS["mermaid"](net).splitlines()
    label = r'"[^"<>`\[\]{}()|\\\n&%;]*(?:#\d+;[^"<>`\[\]{}()|\\\n&%;]*)*(?:<br>[^"<>]*)?"'
    assert lines[0] == "flowchart LR"
    for line in lines[1:]:
        assert re.fullmatch(rf"  n\d+\[{label}\]|  n\d+ (-->|-\.->)\|{label}\| n\d+", line), line
    assert len(lines) == 1 + len(net) + net.number_of_edges()


needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


@needs_dot
def test_graphviz_draws_hostile_names_as_names():
    done = subprocess.run(["dot", "-Tsvg"], input=FORMATS["dot"](NET).encode(), capture_output=True, check=True)
    tree = ET.fromstring(done.stdout)
    space = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f".//{space}g[@class='node']")) == len(HOSTILE)
    assert len(tree.findall(f".//{space}g[@class='edge']")) == NET.number_of_edges()
    said = ["".join(each.itertext()).replace("\xa0", " ") for each in tree.findall(f".//{space}text")]
    assert {HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[4], HOSTILE[7]} <= set(said)


@needs_dot
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(nets)
def test_graphviz_reads_whatever_is_written(net):
    done = subprocess.run(["dot", "-Tplain"], input=FORMATS["dot"](net).encode(), capture_output=True, check=True)
    kinds = [line.split()[0] for line in done.stdout.decode().splitlines() if line.startswith(("node ", "edge "))]
    assert (kinds.count("node"), kinds.count("edge")) == (len(net), net.number_of_edges())


def test_no_format_wants_numpy():
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "import networkx as nx\nfrom auditor.graph.export import FORMATS\n"
        "net = nx.MultiDiGraph(); net.add_edge('a', 'b', 'admits', because=('x',), origin='')\n"
        "assert all(write(net) for write in FORMATS.values())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
