"""What the evaluator has an answer of its own for, and nobody else: its workspace, its clock, its folder, chance.

Whatever is looked for such words is looked for with this one pattern: one that is forgotten somewhere is a hole.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from auditor.sources.terraform.text import code_of

_PLACES = r"(?:terraform|tofu)\.(?:workspace|applying)|path\.cwd"
_CLOCKS = r"(?:timestamp|plantimestamp|uuid)\s*\(\s*\)"
_CALLS = r"(?:timestamp|plantimestamp|uuid|bcrypt|templatestring)\s*\("
VOLATILE = re.compile(rf"\b(?:{_PLACES}|{_CALLS}|provider::)")
NO_TEXTS = re.compile(r"\b(?:bcrypt|templatestring)\s*\(|\bprovider::")  # whose value may be anything
_STAND_IN = "auditorvolatile"
_TEXTS = re.compile(rf"\b(?:{_PLACES}|{_CLOCKS})")  # those that are a text, and never an empty one
_OTHERS = re.compile(rf"\b{_CALLS}")
_MOVING = re.compile(r"\b(?P<name>timestamp|plantimestamp|uuid)\s*\(\s*\)")
_RANDOM = re.compile(r"\bbcrypt\s*\(")
_STILL = {
    "timestamp": "2001-01-01T00:00:00Z",
    "plantimestamp": "2001-01-01T00:00:00Z",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def with_stand_ins(text: str, in_json: bool) -> str:
    """The text of a file with a text in place of all that is volatile, by which it is seen where that leads."""
    quote = r"\"" if in_json else '"'

    def replaced(code: str) -> str:
        return _OTHERS.sub("auditor_unknown(", _TEXTS.sub(lambda _: f"{quote}{_STAND_IN}{quote}", code))

    return _in_code(text, in_json, replaced)


def standing_still(text: str, in_json: bool) -> str:
    """The text of a file without clocks and chance.

    The evaluator goes over modules until what they are given stays the same. Where one is given `uuid()`, or a time,
    it gives up, and tells of none of all modules.
    """
    if not (_MOVING.search(text) or _RANDOM.search(text)):
        return text
    quote = r"\"" if in_json else '"'

    def replaced(code: str) -> str:
        return _RANDOM.sub(
            "auditor_unknown(", _MOVING.sub(lambda found: f"{quote}{_STILL[found['name']]}{quote}", code)
        )

    return _in_code(text, in_json, replaced)


def _in_code(text: str, in_json: bool, replaced: Callable[[str], str]) -> str:
    parts, end = [], 0
    for start, stop in [(0, len(text))] if in_json else code_of(text):
        parts += [text[end:start], replaced(text[start:stop])]
        end = stop
    return "".join([*parts, text[end:]])


def stands_in(text: str) -> bool:
    """Whether a text of the evaluator's comes of something volatile, whatever function it went through."""
    return _STAND_IN in text.casefold()
