"""What the evaluator has an answer of its own for, and nobody else: its workspace, its clock, its folder, chance.

Whatever is looked for such words is looked for with this one pattern: one that is forgotten somewhere is a hole.
"""

from __future__ import annotations

import re

from auditor.sources.terraform.text import in_code

_NAMES = r"(?:terraform|tofu)\.workspace\b"
_FOLDER = r"path\.cwd\b"
_CLOCKS = r"(?:timestamp|plantimestamp|uuid|bcrypt)\s*\("
_REST = r"(?:terraform|tofu)\.applying\b|templatestring\s*\(|provider::"
VOLATILE = re.compile(rf"\b(?:{_NAMES}|{_FOLDER}|{_CLOCKS}|{_REST})")
FRESH = re.compile(rf"\b(?:{_CLOCKS}|{_REST})")  # what is no text that is the same wherever it is written
NO_TEXTS = re.compile(r"\b(?:(?:bcrypt|templatestring)\s*\(|provider::)")  # whose value may be anything
_STAND_IN = "auditorVolatile"
_TIME = "2001-02-03T04:05:06Z"
_STILL = {
    _NAMES: f'"{_STAND_IN}Workspace"',
    _FOLDER: f'"{_STAND_IN}Folder"',
    r"(?:terraform|tofu)\.applying\b|uuid\s*\(\s*\)": f'"{_STAND_IN}"',
    r"(?:plan)?timestamp\s*\(\s*\)": f'"{_TIME}"',
    r"(?:bcrypt|templatestring)\s*\(": "auditor_unknown(",
}
_SYMBOLS = {f"{_STAND_IN}Workspace": "${@workspace}", f"{_STAND_IN}Folder": "${@folder}"}


def standing_still(text: str, in_json: bool) -> str:
    """The text of a file with texts of ours in place of what the evaluator has a value of its own for.

    Where they are passed on, they are found again in its answer. And it goes over modules until what they are given
    stays the same: where one is given `uuid()`, or a time, it gives up, and tells of none of all modules.
    """
    if not VOLATILE.search(text):
        return text

    def replaced(code: str) -> str:
        for pattern, value in _STILL.items():
            said = value.replace('"', '\\\\"') if in_json else value
            code = re.sub(rf"\b(?:{pattern})", said, code)
        return code

    return replaced(text) if in_json else in_code(text, replaced)


def with_stand_ins(text: str) -> str:
    """The text of such a file with texts by which it is seen where clocks lead, too."""
    return text.replace(_TIME, _STAND_IN)


def stands_in(text: str) -> bool:
    """Whether a text of the evaluator's comes of something volatile, whatever function it went through."""
    return _STAND_IN.casefold() in text.casefold()


def symbols(text: str) -> str:
    """A text of the evaluator's with symbols for what is the same wherever it is written: the workspace, the folder."""
    for name, symbol in _SYMBOLS.items():
        text = text.replace(name, symbol)
    return text
