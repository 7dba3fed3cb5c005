"""The picture: all is drawn, nothing overlaps, nothing breaks out."""

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from auditor.report.layout import MOST, NODE_H, NODE_W, lay
from auditor.report.picture import VERDICTS, fit, picture
from auditor.report.routing import Router
from tests.report import golden, sample

SVG = "{http://www.w3.org/2000/svg}"


def crowd(number: int, verdict: str = "kept") -> dict[str, Any]:
    node = golden.TINY["nodes"][0]
    return {
        "boxes": golden.TINY["boxes"],
        "nodes": [{**node, "id": f"n{place}", "verdict": verdict} for place in range(number)],
        "links": [
            {**golden.TINY["links"][2], "from": f"n{place}", "to": f"n{place * 7 % number}"} for place in range(number)
        ],
    }


MAPS = {"tiny": golden.TINY, "cuggu": sample.run()["map"], "crowd": crowd(20), "hostile": sample.hostile()["map"]}


@pytest.mark.parametrize("name", MAPS)
def test_every_node_and_link_is_drawn(name: str) -> None:
    data = MAPS[name]
    root = Xml.fromstring(picture(data))
    drawn = [each for each in root.iter(f"{SVG}g") if "node" in (each.get("class") or "").split()]
    assert len(drawn) == len(data["nodes"])
    words = {each["verdict"] for each in data["nodes"]}
    titles = " ".join(each.text or "" for each in root.iter(f"{SVG}title"))
    assert all(VERDICTS[verdict] in titles for verdict in words)
    links = [each for each in root.iter(f"{SVG}g") if "link" in (each.get("class") or "").split()]
    assert len(links) == sum(each["from"] != each["to"] for each in data["links"])


@pytest.mark.parametrize("name", MAPS)
def test_nodes_stand_in_their_boxes_and_not_on_each_other(name: str) -> None:
    plan = lay(MAPS[name])
    for box in plan.boxes:
        for node in box.nodes:
            assert box.x <= node.x <= box.x + box.w - NODE_W
            assert box.y + 20 <= node.y <= box.y + box.h - NODE_H
    places = sorted((node.x, node.y) for node in plan.nodes)
    for place, (x, y) in enumerate(places):
        assert not [1 for a, b in places[place + 1 :] if abs(a - x) < NODE_W and abs(b - y) < NODE_H]


@pytest.mark.parametrize("name", ["tiny", "cuggu", "crowd"])
def test_arrows_run_between_the_nodes(name: str) -> None:
    plan = lay(MAPS[name])
    by_id = {node.id: node for node in plan.nodes}
    router = Router(plan.nodes, plan.boxes, plan.width, plan.height)
    for link in plan.links:
        corners = router.route(by_id[link["from"]], by_id[link["to"]])
        assert corners, link
        for (ax, ay), (bx, by) in pairwise(corners):
            assert ax == bx or ay == by
            for node in plan.nodes:
                across = min(ax, bx) < node.x + NODE_W and max(ax, bx) > node.x
                along = min(ay, by) < node.y + NODE_H and max(ay, by) > node.y
                assert not (across and along), (link, node.id)


def test_a_node_leads_to_its_finding_or_to_its_binding() -> None:
    text = picture(golden.TINY, {"fn": "role-shop-server"})
    assert '<a href="#role-shop-server">' in text
    assert '<a href="#f-00000000000000cc">' in text


def test_a_crowded_box_keeps_the_worst_and_counts_the_others() -> None:
    data = crowd(60)
    data["nodes"][55]["verdict"] = "broken"
    plan = lay(data)
    assert len(plan.nodes) == MOST
    assert "n55" in {node.id for node in plan.nodes}
    assert "36 more as documented" in picture(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"boxes": [], "nodes": [], "links": []},
        {
            "boxes": [{"id": a, "kind": "vpc", "label": a, "parent": b} for a, b in ("xy", "yx")],
            "nodes": [],
            "links": [],
        },
    ],
)
def test_nothing_to_draw(data: dict[str, Any]) -> None:
    assert picture(data) == ""


def test_a_node_of_an_unknown_box_is_drawn_all_the_same() -> None:
    data = {**golden.TINY, "boxes": []}
    assert picture(data).count('class="node') == len(data["nodes"])


def test_hostile_names_stay_text() -> None:
    text = picture(sample.hostile()["map"])
    assert not re.search(r"<(script|img|style)", text)
    assert "\u202e" not in text


def test_wide_letters_count_for_two() -> None:
    assert fit("abcdefghij", 70) == "abcdefghij"
    assert len(fit("가나다라마바사아자차", 70)) < 8
