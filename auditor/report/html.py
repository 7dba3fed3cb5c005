"""The page: one file that asks nobody for anything, complete without scripts for the verdict and the worst findings.

Templates escape everything by themselves; only our own style, script and drawings are put in as they are, and the
page's security policy admits nothing but exactly those, by hash. Beyond the worst findings the rest is packed (gzip,
base64) into the page: ten thousand findings stay under a megabyte and open at once.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Mapping
from typing import Any, TextIO

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from auditor.model import SEVERITIES
from auditor.report import Options, picture, view
from auditor.report.page import page
from auditor.report.plain import json_text
from auditor.settings import data_dir


def write(run: Mapping[str, Any], out: TextIO, options: Options) -> None:
    out.write(html(run, options.worst))


def html(run: Mapping[str, Any], worst: int = 50) -> str:
    """The whole page as text."""
    folder = data_dir("reports")
    style = _trusted((folder / "style.css").read_text(encoding="utf-8"))
    script = _trusted((folder / "script.js").read_text(encoding="utf-8"))
    data = page(run, worst)
    drawing = picture.picture(_known(run.get("map", {}), data), _anchors(run))
    return environment().get_template("drift.html.j2").render(
        **data,
        policy=policy(style, script),
        style=style,
        script=script,
        island=island(data["packed"]),
        picture=Markup(drawing),  # noqa: S704  drawn and escaped by picture.py
        marks={name: Markup(drawn) for name, drawn in picture.MARKS.items()},  # noqa: S704  constants
        verdict_words=picture.VERDICTS,
        severity_names=SEVERITIES,
        number="{:,}".format,
    )  # fmt: skip


def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(data_dir("reports")),
        autoescape=select_autoescape(enabled_extensions=("j2",), default=True),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _trusted(text: str) -> Markup:
    """Our own file, as it is; it must not be able to end the element that it stands in."""
    if "</" in text:
        raise ValueError("style.css and script.js must not contain '</'")
    return Markup(text)  # noqa: S704


def policy(style: str, script: str) -> str:
    """Nothing may be loaded, nothing may run or style the page but these two texts."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def island(rest: list[dict[str, Any]]) -> str:
    """Findings packed for the script: the same bytes every time (no time stamp in the gzip header)."""
    if not rest:
        return ""
    packed = bytearray(gzip.compress(json_text(columns(rest)).encode(), compresslevel=9, mtime=0))
    packed[9] = 255  # the header's "operating system", which differs between versions of Python
    return base64.b64encode(packed).decode()


def columns(rest: list[dict[str, Any]]) -> dict[str, Any]:
    """Findings turned round: for each member its values, every different value once and its places beside it.

    Most members say the same for all findings of a check, so this packs three times smaller than row by row, and the
    browser reads each shared remedy once. A place of -1 is a member that is not there.
    """
    out: dict[str, Any] = {}
    for name in sorted({name for each in rest for name in each}):
        seen: dict[str, int] = {}
        values: list[Any] = []
        places = []
        for each in rest:
            if name not in each:
                places.append(-1)
                continue
            text = json_text(each[name])
            if text not in seen:
                seen[text] = len(values)
                values.append(each[name])
            places.append(seen[text])
        out[name] = {"values": values} if places == list(range(len(rest))) else {"values": values, "places": places}
    return {"count": len(rest), "members": out}


def _anchors(run: Mapping[str, Any]) -> dict[str, str]:
    bindings = run.get("bindings", ())
    return {bound["resource"]: name for bound, name in zip(bindings, view.anchors(bindings), strict=True)}


def _known(picture: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The map without references to findings that this page does not hold."""
    known = {each["id"] for name in ("findings", "waived", "packed") for each in data[name]}
    nodes = [
        {**node, "findings": [each for each in node.get("findings", ()) if view.slug(each) in known]}
        for node in picture.get("nodes", ())
    ]
    return {**picture, "nodes": nodes}
