"""Variables without a value in documents: the evaluator loses all of a document of which it does not know one text.

In the copy such a variable is a text that says why it is not known, wherever it is a value of a document by itself or
stands inside of one: in `jsonencode({...})`, and in a heredoc that is JSON. Nothing there asks what it is, and so it
decides nothing; where a function, a comparison or a loop takes it, it stays what the evaluator does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from auditor.sources.terraform import given
from auditor.sources.terraform.text import Token, blocks, interpolated, tokens

_NAME = re.compile(r"var\.([A-Za-z_][\w-]*)")
_BEFORE = ("=", ":", "[", ",", "?", "(", "{")
_AFTER = (",", "]", "}", ")", ":", "=", "")
_ENCODES = "jsonencode"
_DOCUMENT = re.compile(r"<<-?[\w-]+\r?\n\s*[\[{]")
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')


def unset_in(texts: Mapping[str, str], values: frozenset[str]) -> frozenset[str]:
    """The variables of a configuration that have neither a default nor one of the `values` from outside."""
    own = [name for name in texts if "/" not in name]
    declared = [(name, default) for file in own for name, _, default in given.variables(file, texts[file])]
    return frozenset(name for name, _ in declared) - {name for name, default in declared if default} - values


def with_unset(text: str, unset: frozenset[str]) -> str:
    """The text of a file with the variables that have no value as such texts."""
    if not unset or "var." not in text or (_ENCODES not in text and "<<" not in text):
        return text
    parts, end = [], 0
    for head in blocks(text):
        for start, stop, new in _found(head.source, unset) if head.kind in ("resource", "data", "locals") else ():
            parts += [text[end : head.start + start], new]
            end = head.start + stop
    return "".join([*parts, text[end:]])


def _found(source: str, unset: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Each such variable of a block: where it begins and ends, and what stands there instead."""
    every = [each for each in tokens(source) if each.kind != "comment" and (each.kind == "line" or each.text.strip())]
    within: list[str] = []  # brackets around: `(` of a document, `-` where something takes what stands inside
    for at, token in enumerate(every):
        before, after = _around(every, at)
        if token.kind == "open":
            encodes = token.text == "(" and before.text == _ENCODES
            within.append("(" if encodes else "-" if token.text == "(" else token.text)
        elif token.kind == "close" and within:
            within.pop()
        elif token.text == "for" and before.kind == "open" and within:
            within[-1] = "-"
        elif token.kind == "heredoc":
            if before.kind == "equals" and not set(within) & set("(-[") and _DOCUMENT.match(token.text):
                yield from _in_text(token, unset, _in_quotes)
        elif _is_value(within, source, before):
            yield from _in_value(every, at, after, unset)


def _around(every: list[Token], at: int) -> tuple[Token, Token]:
    """What stands before and after a token; line ends count only behind it."""
    none = Token("", "", 0, 0)
    behind = (every[place] for place in range(at - 1, -1, -1))
    before = next((each for each in behind if each.kind != "line"), none)
    return before, every[at + 1] if at + 1 < len(every) else none


def _is_value(within: list[str], source: str, before: Token) -> bool:
    """Whether what stands here is in a document, with nothing between that would take it."""
    if "(" not in within or "-" in within[len(within) - within[::-1].index("(") :]:
        return False
    compares = before.text == "=" and source[before.start - 1 : before.start] in ("=", "!", "<", ">")
    return before.text in _BEFORE and not compares


def _in_value(every: list[Token], at: int, after: Token, unset: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    token = every[at]
    if token.kind == "string" and _ends(after):
        yield from _in_text(token, unset, lambda text, place: True)
    elif token.text == "var" and at + 2 < len(every):
        named = every[at + 2]
        behind = every[at + 3] if at + 3 < len(every) else Token("", "", 0, 0)
        if every[at + 1].text == "." and named.text in unset and _ends(behind) and behind.kind != "equals":
            yield token.start, named.start + len(named.text), f'"{_text(named.text)}"'


def _ends(after: Token) -> bool:
    return after.kind == "line" or after.text in _AFTER


def _in_text(token: Token, unset: frozenset[str], fits: Callable[[str, int], bool]) -> Iterator[tuple[int, int, str]]:
    if "%{" in token.text:
        return
    for start, stop in interpolated(token.text):
        found = _NAME.fullmatch(token.text[start:stop].strip())
        plain = token.text[start - 2 : start] == "${" and token.text[stop : stop + 1] == "}"
        if found and plain and found[1] in unset and fits(token.text, start):
            yield token.start + start - 2, token.start + stop + 1, _text(found[1])


def _in_quotes(text: str, place: int) -> bool:
    """Whether a place of a JSON text is inside of one of its strings."""
    return any(found.start() < place < found.end() for found in _STRINGS.finditer(text))


def _text(name: str) -> str:
    return f"$${{? variable {name} has no value; set one with --parameter {name}=... or --var-file}}"
