"""Templates that calls of `templatefile` name, written out in the copy: the evaluator does not know that function.

A template becomes the string that it is, with what the call hands over in the place of each name. What cannot be
written so (values that come as a whole, names that a loop of the template takes) stays a call, and is not known; so
does a template that asks something of what is not written down in the call, which an apply may decide otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.sources.terraform.readers import template_named
from auditor.sources.terraform.text import Token, code_of, interpolated, tokens
from auditor.sources.terraform.tree import Tree

_CALL = re.compile(r'\btemplatefile\(\s*+"[^"\n]*+"\s*+,')
_LOOPS = re.compile(r"\bfor\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b")
_ASKS = re.compile(r"^\s*if\b|\bif\b|[?<>!&|]|==|\b(?:contains|can|try|lookup|coalesce|regex|startswith|endswith)\(")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_LONGEST = 65_536


TEMPLATE = "templatefile"


class NotWritten(Exception):
    pass


def with_templates(text: str, name: str, tree: Tree) -> str:
    """The text of a file, with as many lines. Everything else that looks at code sees what templates ask and name."""
    out, at = [], 0
    spans = code_of(text) if TEMPLATE in text else ()
    calls = (each for each in _CALL.finditer(text) if any(start <= each.start() < stop for start, stop in spans))
    for found in calls if spans else ():  # those in comments are none
        end = _end(text, found.end())
        path = template_named(found[0], name, tree)
        if found.start() < at or end < 0 or path is None:
            continue
        lines = text.count("\n", found.start(), end)
        try:
            given = _given(with_templates(text[found.end() : end], name, tree))
            instead = _string(_read(path), given)
        except NotWritten:
            continue
        out += [text[at : found.start()], f"(/* {TEMPLATE}({path.name}) */ ", instead, "\n" * lines, ")"]
        at = end + 1
    return "".join([*out, text[at:]])


def _read(path: Path) -> str:
    data = path.read_bytes()
    if len(data) > _LONGEST:
        raise NotWritten
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise NotWritten from None


def _end(text: str, at: int) -> int:
    """Where the bracket that is open at a place is closed; -1 where it is not."""
    depth = 1
    for token in tokens(text[at:]):
        depth += (token.kind == "open") - (token.kind == "close")
        if not depth:
            return at + token.start
    return -1


def _given(text: str) -> dict[str, str]:
    """What an object that is written down hands over, by name, each in one line."""
    inner = text.strip().removesuffix(",").strip()
    if inner[:1] != "{" or _end(inner, 1) != len(inner) - 1:
        raise NotWritten
    out: dict[str, str] = {}
    for item in _items(inner[1:-1]):
        found = re.match(r'\s*(?:"([\w-]+)"|([A-Za-z_][\w-]*))\s*[=:](?![=>])', item)
        if not found:
            raise NotWritten
        out[found[1] or found[2]] = in_one_line(item[found.end() :]).strip()
    return out


def _items(text: str) -> Iterator[str]:
    """The members of an object: a comma or the end of a line is behind each."""
    depth, begun = 0, 0
    for token in tokens(text):
        depth += (token.kind == "open") - (token.kind == "close")
        if not depth and (token.kind == "line" or token.text.startswith(",")):
            if text[begun : token.start].strip() and not _is_comment(text[begun : token.start]):
                yield text[begun : token.start]
            begun = token.start + 1
    if text[begun:].strip() and not _is_comment(text[begun:]):
        yield text[begun:]


def _is_comment(text: str) -> bool:
    return all(token.kind == "comment" or token.text.isspace() for token in tokens(text))


def in_one_line(text: str) -> str:
    """An expression without comments and ends of lines; between members of an object a comma stands for one."""
    out: list[str] = []
    objects: list[bool] = []
    every = [each for each in tokens(text) if each.kind != "comment"]
    for at, token in enumerate(every):
        if token.kind == "heredoc":
            raise NotWritten
        if token.kind == "open":
            rest = [each.text for each in every[at + 1 :] if not each.text.isspace()][:1]
            objects.append(token.text == "{" and rest != ["for"])
        if token.kind == "close" and objects:
            objects.pop()
        if token.kind == "line":
            before = "".join(out).rstrip()[-1:]
            after = next((each.text for each in every[at + 1 :] if not each.text.isspace()), "}")
            between = bool(objects) and objects[-1] and before not in ("{", ",") and after[0] not in "},"
            out.append("," if between else " ")
        else:
            out.append(token.text)
    return "".join(out)


def _string(template: str, given: Mapping[str, str]) -> str:
    if any(name in given for found in _LOOPS.finditer(template) for name in found.groups()):
        raise NotWritten
    codes = [template[start:end] for start, end in interpolated(template)]
    asked = any(_ASKS.search(re.sub(r"=>", "", each)) for each in codes)
    if asked and not all(_is_literal(each) for each in given.values()):
        raise NotWritten
    out, at = ['"'], 0
    for start, end in interpolated(template):
        out += [template[at:start].translate(_ESCAPES), _filled(in_one_line(template[start:end]), given)]
        at = end
    return "".join([*out, template[at:].translate(_ESCAPES), '"'])


def _is_literal(text: str) -> bool:
    """Whether an expression is written down: texts, numbers and yes or no, also in lists."""
    words = [each for each in tokens(text) if each.kind in ("name", "string", "heredoc")]
    return all(
        each.text in ("true", "false", "null") or ("{" not in each.text and each.kind == "string") for each in words
    )


def _filled(code: str, given: Mapping[str, str]) -> str:
    """Code of a template with what was handed over in the place of its names."""
    every = list(tokens(code))
    out: list[str] = []
    for at, token in enumerate(every):
        if token.kind == "string":
            out.append(_in_string(token.text, given))
        elif token.kind == "name" and token.text in given and not _is_other(every, at):
            out.append(f"({given[token.text]})")
        else:
            out.append(token.text)
    return "".join(out)


def _in_string(text: str, given: Mapping[str, str]) -> str:
    out, at = [], 0
    for start, end in interpolated(text):
        out += [text[at:start], _filled(text[start:end], given)]
        at = end
    return "".join([*out, text[at:]])


def _is_other(every: list[Token], at: int) -> bool:
    """Whether a word is no name of a value there: an attribute, a function, the key of a member."""
    before = every[at - 1].text if at else ""
    after = next((each for each in every[at + 1 :] if not each.text.isspace()), None)
    return before.endswith(".") or (after is not None and (after.kind == "equals" or after.text == "("))
