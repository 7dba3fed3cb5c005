"""`moved` blocks: what a resource was called before. The evaluator loses half of it, so the source is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from auditor.sources.terraform.names import Sources
from auditor.sources.terraform.text import attributes

_ADDRESS = re.compile(r'[\w-]+(?:\.[\w-]+|\[(?:"(?:[^"\\]|\\.)*"|\d+)\])*')


class Moves:
    """The moves of every module, each where it was called."""

    def __init__(self, blocks: Iterable[Mapping[str, Any]], sources: Sources) -> None:
        self._moves: list[tuple[str, str]] = []
        for block in blocks:
            meta = block["__tfmeta"]
            text = sources.part(meta.get("filename", ""), meta.get("line_start", 0), meta.get("line_end", 0))
            said = attributes(text, meta.get("line_start", 0)) if text else {}
            ends = ["".join(said[name].text.split()) if name in said else "" for name in ("to", "from")]
            if all(_ADDRESS.fullmatch(end) for end in ends):
                module = str(meta.get("path", "")).removesuffix("moved")
                self._moves.append((module + ends[0], module + ends[1]))

    def before(self, address: str) -> str:
        """The address before its last move, by a move of its own, of all its instances, or of a module around it."""
        for to, was in self._moves:
            rest = address.removeprefix(to)
            if address.startswith(to) and rest[:1] in ("", ".", "["):
                return was + rest
        return ""
