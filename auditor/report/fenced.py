"""Blocks of Markdown that show something as it is: code, a change of it, a picture. What stands in one is no markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.report import way
from auditor.report.plain import clean

_TICKS = re.compile(r"`+")
_LANGUAGES = {"tf": "hcl", "tofu": "hcl", "yaml": "yaml", "yml": "yaml", "json": "json", "template": "yaml"}
_STATES = {"new": "new", "changed": "changed"}
_MOST = 24  # more than that is no picture of a change


def fenced(lines: Sequence[str], kind: str = "") -> str:
    """Lines behind a fence that is longer than any in them."""
    inside = [clean(each.replace("\t", "    ")) for each in lines]
    ticks = max((len(each) for line in inside for each in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, ticks + 1)
    return "\n".join([f"{fence}{kind}", *inside, fence])


def language(file: str) -> str:
    return _LANGUAGES.get(file.rpartition(".")[2], "")


def code(found: Mapping[str, Any]) -> str:
    """The lines of a finding with their numbers; empty where there are none."""
    lines = found.get("code") or []
    if not lines:
        return ""
    wide = len(str(lines[-1]["line"]))
    return fenced(
        [f"{each['line']:>{wide}} | {each['text']}" for each in lines], language(clean(found["location"]["file"]))
    )


def mending(found: Mapping[str, Any]) -> str:
    """The line that would mend a finding: as a suggestion where the change shows the line, else as a diff."""
    edit = found.get("edit")
    if not edit:
        return ""
    if edit["in_diff"]:
        return fenced(edit["new"], "suggestion")
    kept = edit["new"][0] == edit["old"]
    old = [f"  {edit['old']}"] if kept else [f"- {edit['old']}"]
    return fenced([*old, *(f"+ {each}" for each in edit["new"][kept:])], "diff")


def picture(findings: Iterable[Mapping[str, Any]], known: way.Parts) -> str:
    """The part of the architecture that the findings lead through, in Mermaid; what is new or changed is marked."""
    from auditor.graph.export.sketches import numbered

    edges: dict[tuple[str, str, str], None] = {}
    names: dict[str, str] = {}
    broken: set[str] = set()
    for found in findings:
        mine = {(each["tail"], each["relation"], each["head"]): None for each in found.get("evidence") or ()}
        ends = dict.fromkeys(key for tail, _, head in mine for key in (tail, head))
        if not mine or len(names | ends) > _MOST:
            continue
        names = names | {key: "" for key in ends if key not in names}
        edges |= mine
        broken.add(found["resource"]["key"])
    if not edges:
        return ""
    names = {key: f"n{place}" for place, key in enumerate(names)}
    out = ["flowchart LR"]
    for key, name in names.items():
        kind = way.kind(key, known).removeprefix("AWS::").replace("::", " ")
        state = _STATES.get((known.get(key) or {}).get("state", ""), "")
        label = "<br>".join(_label(numbered(each)) for each in (way.called(key, known), kind, state) if each)
        out.append(f'  {name}["{label}"]{":::broken" if key in broken else f":::{state}" if state else ""}')
    out += [f'  {names[one]} -->|"{_label(numbered(word))}"| {names[two]}' for one, word, two in edges]
    out += [
        "  classDef broken stroke:#b00020,stroke-width:3px",
        "  classDef new stroke-dasharray:6 3",
        "  classDef changed stroke-dasharray:2 2",
    ]
    return fenced(out, "mermaid")


def _label(text: str) -> str:
    return text.replace("@", "#64;")
