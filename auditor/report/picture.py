"""The architecture drawn as SVG from the run's `map`: what the document names, where it stands, how each part fares.

A verdict is told by word (in the title), by the shape of the mark, by the line of the frame and by colour. What is
missing is drawn dashed where it should be. A node leads to its finding, or to the line that says what was bound to it.
Colours come from the page's style sheet by class, so the picture follows light, dark and print.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import pairwise
from typing import Any
from unicodedata import east_asian_width

from auditor.report import words
from auditor.report.glyphs import GLYPHS, glyph
from auditor.report.layout import NODE_H, NODE_W, Box, Node, Plan, lay
from auditor.report.plain import clean
from auditor.report.routing import Point, Router
from auditor.report.view import slug

VERDICTS = {
    "kept": "as documented",
    "broken": "broken",
    "unknown": "unknown",
    "missing": "missing",
    "extra": "not in the document",
}
# Each mark has a shape of its own: disc, diamond, square, dashed ring, hexagon.
MARKS = {
    "kept": '<circle r="7"/><path class="in" d="m-3 .3 2.2 2.2L3.2-2.4"/>',
    "broken": '<path d="M0-9 9 0 0 9-9 0z"/><path class="in" d="m-2.6-2.6 5.2 5.2m0-5.2-5.2 5.2"/>',
    "unknown": '<rect x="-7" y="-7" width="14" height="14" rx="2.5"/>'
    '<path class="in" d="M-2.3-1.8a2.3 2.3 0 1 1 3.2 2.1Q0 .8 0 1.7M0 4v.2"/>',
    "missing": '<circle r="7.5" class="ring"/><path class="bar" d="M-3 0h6"/>',
    "extra": '<path d="M-4.5-8h9L9 0 4.5 8h-9L-9 0z"/><path class="in" d="M-3.5 0h7M0-3.5v7"/>',
}
_LINKS = ("kept", "unknown", "broken")
_ROOM = NODE_W - 54
_BEND = 8.0
_ROUTED = 80  # arrows that get a way of their own; beyond that lines are straight


def picture(data: Mapping[str, Any], anchors: Mapping[str, str] | None = None) -> str:
    """The SVG of a map, or nothing when there is nothing to draw. `anchors` say where nodes without findings lead."""
    plan = lay(data)
    if not plan.nodes:
        return ""
    width, height = plan.width, plan.height
    index = {node.id: number for number, node in enumerate(plan.nodes)}
    used = sorted({glyph(node.data["type"]) for node in plan.nodes})
    parts = [
        f'<svg class="map" xmlns="http://www.w3.org/2000/svg" viewBox="-8 -10 {_n(width + 16)} {_n(height + 18)}" '
        f'width="{_n(width + 16)}" height="{_n(height + 18)}" role="group" aria-label="{escape(_summary(plan))}">',
        "<defs>",
        *(f'<symbol id="g-{name}" viewBox="0 0 24 24"><path d="{GLYPHS[name]}"/></symbol>' for name in used),
        *(
            f'<marker id="arrow-{name}" class="arrow {name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
            f'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .5 7.5 4 0 7.5z"/></marker>'
            for name in _LINKS
        ),
        "</defs>",
        *(_box(box) for box in plan.boxes),
        *_links(plan, index),
        *(_node(node, index[node.id], anchors or {}) for node in plan.nodes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _summary(plan: Plan) -> str:
    found = [node.data["verdict"] for node in plan.nodes]
    counts = [f"{found.count(name)} {told}" for name, told in VERDICTS.items() if name in found]
    return f"Architecture: {words.listed(counts)}; {words.count(len(plan.links), 'documented link')}"


def _n(value: float) -> str:
    """A coordinate without idle digits."""
    return f"{value:.1f}".removesuffix(".0")


def _box(box: Box) -> str:
    more = f" · {box.hidden} more as documented" if box.hidden else ""
    label = escape(fit(clean(box.label), box.w - 24) + more)
    kind = slug(box.kind)
    return (
        f'<g class="box {kind} d{min(box.depth, 4)}"><rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" '
        f'height="{_n(box.h)}" rx="8"/><text x="{_n(box.x + 12)}" y="{_n(box.y + 18)}">'
        f'<tspan class="kind">{escape(_KINDS.get(box.kind, ""))}</tspan>{label}</text></g>'
    )


_KINDS = {"vpc": "VPC ", "subnet": "subnet ", "zone": "zone "}


def _node(node: Node, number: int, anchors: Mapping[str, str]) -> str:
    data = node.data
    verdict = data["verdict"] if data["verdict"] in VERDICTS else "unknown"
    label, role = clean(data["label"]), clean(data.get("role"))
    noun = words.short_type(data["type"])
    second = role if role and role != label else noun
    findings = data.get("findings") or ()
    target = f"f-{slug(findings[0])}" if findings else anchors.get(node.id, "")
    told = [f"{label}: {VERDICTS[verdict]}", noun, f"plays {role}" if role else ""]
    if findings:
        told.append(words.count(len(findings), "finding"))
    body = (
        f"<title>{escape(chr(10).join(line for line in told if line))}</title>"
        f'<rect class="frame" width="{_n(NODE_W)}" height="{_n(NODE_H)}" rx="7"/>'
        f'<use href="#g-{glyph(data["type"])}" class="glyph" x="11" y="13" width="22" height="22"/>'
        f'<text class="name" x="42" y="21">{escape(fit(label, _ROOM, 6.9))}</text>'
        f'<text class="role" x="42" y="37">{escape(fit(second, _ROOM, 6.0))}</text>'
        f'<g class="mark {verdict}" transform="translate({_n(NODE_W - 2)} 2)">{MARKS[verdict]}</g>'
    )
    inner = f'<a href="#{escape(target)}">{body}</a>' if target else body
    return f'<g class="node {verdict}" id="n{number}" transform="translate({_n(node.x)} {_n(node.y)})">{inner}</g>'


def fit(text: str, room: float, each: float = 6.7) -> str:
    """Text cut to a width, a wide letter (Hangul) counting for almost two."""
    used = 0.0
    for place, letter in enumerate(text):
        used += each * (1.75 if east_asian_width(letter) in "WF" else 1)
        if used > room:
            return text[: max(1, place - 1)].rstrip(" -_.·") + "…"
    return text


# ---------------------------------------------------------------- arrows


def _links(plan: Plan, index: Mapping[str, int]) -> list[str]:
    """Arrows, the shortest laid first, the broken drawn last and so on top."""
    by_id = {node.id: node for node in plan.nodes}
    ends = [(by_id[link["from"]], by_id[link["to"]], link) for link in plan.links]
    ends.sort(key=lambda each: (_distance(each[0], each[1]), each[0].id, each[1].id, str(each[2].get("id"))))
    router = Router(plan.nodes, plan.boxes, plan.width, plan.height)
    drawn = []
    for place, (tail, head, link) in enumerate(ends):
        corners = router.route(tail, head) if place < _ROUTED else []
        verdict = link["verdict"] if link["verdict"] in _LINKS else "unknown"
        text = _arrow(link, verdict, corners or [tail.middle, head.middle], index[tail.id], index[head.id])
        drawn.append((_LINKS.index(verdict), place, text))
    return [text for _, _, text in sorted(drawn)]


def _distance(tail: Node, head: Node) -> float:
    return abs(tail.x - head.x) + abs(tail.y - head.y)


def _arrow(link: Mapping[str, Any], verdict: str, corners: list[Point], tail: int, head: int) -> str:
    told = f"{clean(link.get('label')) or words.relation(link['relation'])}: {VERDICTS[verdict]}"
    path = _path(corners)
    mark = ""
    if verdict != "kept":
        x, y = _midway(corners)
        mark = f'<g class="mark {verdict}" transform="translate({_n(x)} {_n(y)}) scale(.8)">{MARKS[verdict]}</g>'
    return (
        f'<g class="link {verdict}" data-ends="n{tail} n{head}"><title>{escape(told)}</title>'
        f'<path class="hit" d="{path}"/><path class="line" d="{path}" marker-end="url(#arrow-{verdict})"/>{mark}</g>'
    )


def _path(corners: list[Point]) -> str:
    """Straight runs joined by small quarter turns."""
    out = [f"M{_n(corners[0][0])} {_n(corners[0][1])}"]
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        bend = min(_BEND, _length(before, here) / 2, _length(here, after) / 2)
        start, end = _toward(here, before, bend), _toward(here, after, bend)
        out.append(f"L{_n(start[0])} {_n(start[1])}Q{_n(here[0])} {_n(here[1])} {_n(end[0])} {_n(end[1])}")
    out.append(f"L{_n(corners[-1][0])} {_n(corners[-1][1])}")
    return "".join(out)


def _length(one: Point, two: Point) -> float:
    return abs(one[0] - two[0]) + abs(one[1] - two[1])


def _toward(here: Point, there: Point, by: float) -> Point:
    far = _length(here, there) or 1.0
    return here[0] + (there[0] - here[0]) * by / far, here[1] + (there[1] - here[1]) * by / far


def _midway(corners: list[Point]) -> Point:
    """The middle of the longest straight run: where a mark has room."""
    runs = list(pairwise(corners))
    (ax, ay), (bx, by) = max(runs, key=lambda run: _length(*run))
    return (ax + bx) / 2, (ay + by) / 2
