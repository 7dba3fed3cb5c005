"""Words that name nothing: `cidr_blocks = [_block]` is no Terraform, and the evaluator reads it as an empty list.

Told are words that are all of a value, an element of a list or an argument of a function, in blocks in which no word
alone has a meaning. What `for` or a `dynamic` block names, and what is a keyword where it stands, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from auditor.sources.code_options import BadCode
from auditor.sources.terraform.missing import folders_of
from auditor.sources.terraform.text import IN_HCL, Head, Token, attributes, blocks, inside, tokens
from auditor.sources.terraform.tree import Tree

_READ = ("resource", "data", "module", "locals", "output")
_KEYWORDS_INSIDE = ("lifecycle", "provisioner", "connection")  # `ignore_changes = all`, `when = destroy`
_KEYWORDS = ("provider", "providers", "depends_on", "iterator")
_MEANT = {"true", "false", "null", "var", "local", "each", "count", "self", "path", "terraform", "module", "data"}
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_BLOCK = re.compile(r'[\w-]++\s*+(?:(?:"[^"]*+"|[\w-]++)\s*+)*+\{')  # possessive: no way back, so no endless search


def check_words(tree: Tree, evaluated: Mapping[str, list[dict[str, Any]]]) -> None:
    """BadCode with the places of all words that name nothing, in the folders from which something came."""
    used = folders_of(evaluated) | {"."}
    wrong = [
        f'{name}:{line}: `{word}` names nothing, which Terraform refuses; write "{word}" for a text, or what it means '
        f"(`var.{word}`, `local.{word}`)"
        for name, text in sorted(tree.texts.items())
        if name.endswith(IN_HCL) and (name.rpartition("/")[0] or ".") in used
        for line, word in words_of(text)
    ]
    if wrong:
        raise BadCode(wrong)


@lru_cache(maxsize=5_000)
def words_of(text: str) -> tuple[tuple[int, str], ...]:
    """The line of each such word in a file, and the word."""
    return tuple(found for head in blocks(text) if head.kind in _READ for found in _in_block(head, frozenset()))


def _in_block(head: Head, named: frozenset[str]) -> Iterator[tuple[int, str]]:
    said = attributes(head.source, head.line)
    if head.kind == "dynamic":
        named |= {*head.labels, *(said["iterator"].text.split() if "iterator" in said else ())}
    for name, each in said.items():
        if name not in _KEYWORDS:
            yield from ((each.line + line - 1, word) for line, word in _alone(each.text, named))
    for inner in inside(head.source, head.line):
        if _BLOCK.match(inner.source) and inner.kind not in _KEYWORDS_INSIDE:
            yield from _in_block(inner, named)


def _alone(text: str, named: frozenset[str]) -> Iterator[tuple[int, str]]:
    every = [each for each in tokens(text) if each.kind != "comment" and not each.text.isspace()]
    if any(each.text == "for" for each in every):
        return
    for at, each in enumerate(every):
        if _WORD.fullmatch(each.text) and each.text not in _MEANT | named and _is_whole(every, at):
            yield each.line, each.text


def _is_whole(every: Sequence[Token], at: int) -> bool:
    """Whether a token is all of a value, an element or an argument."""
    if len(every) == 1:
        return True
    return 0 < at < len(every) - 1 and every[at - 1].text in ("[", "(", ",") and every[at + 1].text in ("]", ")", ",")
