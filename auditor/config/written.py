"""A configuration written for somebody who begins: every key with a line of plain English, what was found set, and the
rest commented out with what it is by itself.

`#key: value` is a key that is commented out and `# ` begins a comment, so that taking one sign away sets a key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from auditor.config.schema import Config

SCHEMA = "auditor.schema.json"
_FIRST = f"# yaml-language-server: $schema=./{SCHEMA}"
_PLAIN = re.compile(r"[A-Za-z][\w/.-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
# Where nothing is set by itself and nothing can be written for that.
_EXAMPLES: Mapping[str, Any] = {"profile": "default", "rules": ("bucket-encrypted",), "waivers": "waivers.yaml"}
_BY_ITSELF: Mapping[str, Any] = {"format": ("text",)}


@dataclass(frozen=True, slots=True)
class Said:
    """What was found for a key (None: nothing), and the lines that say why."""

    value: Any = None
    why: tuple[str, ...] = ()


def written(head: Iterable[str], found: Mapping[str, Said], store: str) -> str:
    """The text of the file; `store` is where runs are saved when nothing is said."""
    lines = [_FIRST, *map(_comment, head)]
    for name, row in Config.model_fields.items():
        key, said = row.alias or name, found.get(row.alias or name, Said())
        by_itself = {**_BY_ITSELF, "store": store}.get(key, row.default)
        lines += ["", _comment(_sentence(_described(row.description or "", row.default)))]
        if said.value is None and key in _EXAMPLES:
            lines.append(_comment("Not set by itself; an example:"))
        lines += map(_comment, said.why)
        value = _EXAMPLES.get(key, by_itself) if said.value is None else said.value
        lines.append(f"{'#' if said.value is None else ''}{key}: {scalar(value)}")
    return "\n".join(lines) + "\n"


def _described(text: str, default: Any) -> str:
    """A key's description; of a group those of what is in it."""
    if not isinstance(default, BaseModel):
        return text
    inner = (f"{name}: {row.description}" for name, row in type(default).model_fields.items())
    return f"{text}; {'; '.join(inner)}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _comment(text: str) -> str:
    return f"# {' '.join(text.split())}"


def scalar(value: Any) -> str:
    """A value as YAML on one line; a text is plain where that can mean nothing else."""
    if isinstance(value, BaseModel):
        return scalar(value.model_dump())
    if isinstance(value, Mapping):
        return f"{{{', '.join(_pairs(value))}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(scalar(each) for each in value)}]"
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _pairs(value: Mapping[str, Any]) -> Iterator[str]:
    return (f"{scalar(name)}: {scalar(each)}" for name, each in value.items())
