"""Text made harmless and values made readable: what every human format does before it shows anything from AWS.

Names, tags and policies are written by anybody. Here control characters, invisible marks and marks that turn the
direction of reading become visible escapes (`\\x1b`, `\\u202e`), so that no name can move a terminal's cursor, hide
itself, or read backwards. Escaping for a format (HTML, CSV) is that format's own job and comes after.
"""

from __future__ import annotations

import json
import re
from typing import Any

# C0 and C1 controls, soft hyphen, zero width space, direction marks, separators, byte order mark, surrogates, tags.
_ODD = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_INLINE = re.compile(f"[\t\n{_ODD}]")
_BLOCK = re.compile(f"[{_ODD}]")
_PLAIN_WORD = re.compile(r"[^\s\"'#{}\[\],&*!|>%@`:-][^\n\"#]*")
_TAKEN = re.compile(r"(?i:true|false|null|yes|no|not set|[-+]?[0-9.][0-9._]*(?:e[-+]?[0-9]+)?)")
_FEW = 72


def clean(text: Any, lines: bool = False) -> str:
    """One line of harmless text; with `lines`, line ends and tabs may stay."""
    told = (_BLOCK if lines else _INLINE).sub(_escape, "" if text is None else str(text))
    return told.replace("##[", "##\\x5b")  # a command to some runners, wherever in a line it stands


def no_command(line: str) -> str:
    """What comes before a line so that a runner of CI takes it for no command: they begin with two colons."""
    return "\\" if line.lstrip().startswith("::") else ""


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x100:
        return {9: "\\t", 10: "\\n", 13: "\\r"}.get(code, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON with sorted keys whose text stays readable but can steer neither a terminal nor a browser."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators, allow_nan=False)
    return _BLOCK.sub(_json_escape, text)


def _json_escape(found: re.Match[str]) -> str:
    if found[0] in "\t\n":
        return found[0]
    return json.dumps(found[0])[1:-1] if ord(found[0]) != 0x7F else "\\u007f"


def scalar(value: Any) -> str:
    """A single value in words; text that could be taken for something else keeps its quotes."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = _PLAIN_WORD.fullmatch(value) and value == value.strip() and not _TAKEN.fullmatch(value)
        return clean(value) if plain else '"' + clean(value) + '"'
    return clean(json.dumps(value, ensure_ascii=False, sort_keys=True))


def shown(value: Any) -> str:
    """A value for reading: on one line when it is short, else an outline with a line for each member."""
    if not isinstance(value, (dict, list, tuple)):
        return scalar(value)
    if not value:
        return "none" if isinstance(value, (list, tuple)) else "nothing in it"
    if isinstance(value, (list, tuple)) and not any(isinstance(each, (dict, list, tuple)) for each in value):
        line = ", ".join(scalar(each) for each in value)
        if len(line) <= _FEW:
            return line
    return "\n".join(_outline(value, ""))


def _outline(value: Any, indent: str) -> list[str]:
    out: list[str] = []
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            out += _member(f"{indent}{clean(key)}:", value[key], indent + "  ")
    else:
        for each in value:
            if isinstance(each, dict) and each:
                inner = _outline(each, indent + "  ")
                out += [f"{indent}- {inner[0].lstrip()}", *inner[1:]]
            else:
                out += _member(f"{indent}-", each, indent + "  ")
    return out


def _member(head: str, value: Any, indent: str) -> list[str]:
    nested = isinstance(value, dict) or (
        isinstance(value, (list, tuple)) and any(isinstance(each, (dict, list, tuple)) for each in value)
    )
    if value and nested:
        return [head, *_outline(value, indent)]
    text = shown(value)
    return [f"{head} {text}"] if "\n" not in text else [head, *_outline(value, indent)]


def inline(value: Any) -> str:
    """A value on one line, however long."""
    if isinstance(value, dict) and value:
        return "{" + ", ".join(f"{clean(key)}: {inline(value[key])}" for key in sorted(value, key=str)) + "}"
    if isinstance(value, (list, tuple)) and value:
        return "[" + ", ".join(inline(each) for each in value) + "]"
    return shown(value)
