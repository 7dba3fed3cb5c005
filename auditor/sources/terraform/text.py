"""Terraform source as text: where attributes stand and what they say, for lines and for what the evaluator lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.model import Json

IN_HCL = (".tf", ".tofu")
IN_JSON = (".tf.json", ".tofu.json")
CODE = (*IN_HCL, *IN_JSON)
_TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<heredoc><<-?+(?P<mark>[\w-]++)\r?(?=\n))"
    r"|(?P<quote>\")"
    r"|(?P<open>[\[({])|(?P<close>[\])}])"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<equals>=(?![=>]))|(?P<line>\n)|(?P<other>[^\s\w\"\[\](){}=\#/<]+|.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One attribute of a block: its line, the text of its expression, and where that begins in the block's source."""

    line: int
    text: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    start: int
    line: int


def tokens(text: str) -> Iterator[Token]:
    """Tokens with their lines; a string with everything that is interpolated in it is one token."""
    at, line = 0, 1
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            break
        kind, end = found.lastgroup or "other", found.end()
        if found["heredoc"] is not None:
            kind, end = "heredoc", _heredoc(text, end, found["mark"])
        if kind == "quote":
            end = _string(text, at)
            kind = "string"
        yield Token(kind, text[at:end], at, line)
        line += text.count("\n", at, end)
        at = end


def _heredoc(text: str, at: int, mark: str) -> int:
    """The end of a heredoc whose first line ends at `at`: its mark alone in a line, else all that follows."""
    while at < len(text):
        end = text.find("\n", at + 1)
        end = len(text) if end < 0 else end
        if text[at + 1 : end].strip() == mark:
            return end
        at = end
    return at


def _string(text: str, at: int) -> int:
    """The end of a quoted string, with strings inside its interpolations."""
    depth, at, quoted = 0, at + 1, [0]
    while at < len(text):
        letter = text[at]
        if letter == "\\" and depth == quoted[-1]:
            at += 2
            continue
        if text.startswith(("${", "%{"), at) and depth == quoted[-1] and not text.startswith(("$${", "%%{"), at - 1):
            depth += 1
            at += 2
            continue
        if letter == '"':
            if depth == quoted[-1]:
                quoted.pop()
                if not quoted:
                    return at + 1
            else:
                quoted.append(depth)
        elif letter == "{" and depth > quoted[-1]:
            depth += 1
        elif letter == "}" and depth > quoted[-1]:
            depth -= 1
        at += 1
    return len(text)


@lru_cache(maxsize=50_000)  # both sides of a change are mostly the same texts
def attributes(text: str, first_line: int) -> Mapping[str, Said]:
    """The attributes of the block whose source is `text` and starts at `first_line`, not those of blocks inside it."""
    out: dict[str, Said] = {}
    depth, begun = 0, -1
    named = before = Token("", "", 0, 0)
    for token in tokens(text):
        if token.kind == "comment":
            continue
        depth += (token.kind == "open") - (token.kind == "close")
        if begun >= 0 and (token.kind, depth) in (("line", 1), ("close", 0)):
            said = text[begun : before.start + len(before.text)]  # without a comment behind it
            start = begun + len(said) - len(said.lstrip())
            out.setdefault(named.text.strip('"'), Said(first_line + named.line - 1, said.strip(), start))
            begun = -1
        elif token.kind == "equals" and depth == 1 and begun < 0 and before.kind in ("name", "string"):
            named, begun = before, token.start + 1
        if not token.text.isspace():
            before = token
    return out


@dataclass(frozen=True, slots=True)
class Head:
    """A block at the top of a file; `start` is where its source begins in the text."""

    kind: str
    labels: tuple[str, ...]
    line: int
    source: str
    start: int


@lru_cache(maxsize=5_000)
def blocks(text: str) -> tuple[Head, ...]:
    """The blocks at the top of a file, or of what is inside a block, with their whole source."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Head]:
    depth, words, begun = 0, [], None
    for token in tokens(text):
        if token.kind == "comment":
            continue
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth -= 1
            if depth == 0 and begun is not None and words:
                source = text[begun.start : token.start + 1]
                yield Head(words[0], tuple(words[1:]), begun.line, source, begun.start)
                words, begun = [], None
        elif depth == 0 and token.kind in ("name", "string"):
            begun = begun or token
            words.append(token.text.strip('"'))
        elif depth == 0 and (token.kind == "line" or not token.text.isspace()):
            words, begun = [], None  # a block's head stands in one line


def inside(source: str, line: int) -> Iterator[Head]:
    """The blocks directly inside a block that begins in a line."""
    for head in _inside(source):
        yield replace(head, line=head.line + line)


@lru_cache(maxsize=50_000)  # every world, every root that calls a module and both sides of a change ask the same
def _inside(source: str) -> tuple[Head, ...]:
    """The same of a block that begins in line 0."""
    start, end = source.find("{") + 1, source.rfind("}")
    first = source.count("\n", 0, start) - 1
    return tuple(replace(head, line=head.line + first) for head in _blocks(source[start:end]))


def bodies(value: Json, labels: int) -> Iterator[tuple[tuple[str, ...], dict[str, Json]]]:
    """The bodies of blocks in JSON below so many labels; one, or a list of them, may stand at every step."""
    if isinstance(value, list):
        for each in value:
            yield from bodies(each, labels)
    elif isinstance(value, dict) and not labels:
        yield (), value
    elif isinstance(value, dict):
        for name, each in value.items():
            for names, body in bodies(each, labels - 1):
                yield (name, *names), body


def deepest(text: str) -> tuple[int, int]:
    """How deep brackets are nested, also inside strings, and the line of the deepest."""
    depth = most = where = 0
    for found in re.finditer(r"[\[({]|[\])}]", text):
        depth += 1 if found[0] in "[({" else -1
        if depth > most:
            most, where = depth, found.start()
    return most, text.count("\n", 0, where) + 1


_RESOURCE = re.compile(
    r"\b(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*(?:\[(?:\"[^\"]*\"|\d+)\])?(?:\.[\w-]+)*"
)


def mentioned(expression: str) -> list[str]:
    """The resources and data sources that an expression refers to, with the attribute."""
    plain = re.sub(r"(?:module|var|local|each|path)\.[\w.-]+", " ", expression)
    return list(dict.fromkeys(_RESOURCE.findall(plain)))


@lru_cache(maxsize=5_000)
def code_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text is code: not its comments, and of its strings only what is interpolated there."""
    return tuple(_code(text, 0))


def _code(text: str, offset: int) -> Iterator[tuple[int, int]]:
    begun = 0
    for token in tokens(text):
        if token.kind not in ("comment", "string", "heredoc"):
            continue
        if token.start > begun:
            yield offset + begun, offset + token.start
        begun = token.start + len(token.text)
        if token.kind != "comment":
            for start, end in interpolated(token.text):
                yield from _code(token.text[start:end], offset + token.start + start)
    if len(text) > begun:
        yield offset + begun, offset + len(text)


def plain(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text of the same length without comments and what strings say, and where they hold expressions."""
    out: list[str] = []
    within: list[tuple[int, int]] = []
    for token in tokens(text):
        quiet = token.kind in ("string", "heredoc", "comment")
        if token.kind in ("string", "heredoc"):
            within += [(token.start + start, token.start + end) for start, end in interpolated(token.text)]
        blank = " " if token.kind == "comment" else "_"
        out.append(re.sub(r"[^\n]", blank, token.text) if quiet else token.text)
    return "".join(out), within


def joined(text: str, in_json: bool = False) -> str:
    """The text of a file with each name in one piece, for in HCL blanks, line ends and comments may stand in one.

    Whatever looks for `terraform.workspace` need not know that `terraform . workspace` is the same. Lines stay.
    """
    if in_json:
        return _ROOT_SPACED.sub(r"\1.\2", text)
    if _COMMENTED.search(text):
        text = "".join(
            re.sub(r"[^\n]", " ", each.text) if each.kind == "comment" else each.text for each in tokens(text)
        )
    for _ in range(_MOST_STEPS):
        if not _SPACED.search(text):
            break
        once = in_code(text, lambda code: _SPACED.sub(_together, code))
        if once == text:
            break
        text = once
    return text


def _together(found: re.Match[str]) -> str:
    return "".join(found[0].split()) + "\n" * found[0].count("\n")


def in_code(text: str, replaced: Callable[[str], str]) -> str:
    parts, end = [], 0
    for start, stop in code_of(text):
        parts += [text[end:start], replaced(text[start:stop])]
        end = stop
    return "".join([*parts, text[end:]])


_SPACED = re.compile(r"(?<=[\w\])])(?:\s+(?:\.|::)\s*|(?:\.|::)\s+)[A-Za-z_][\w-]*")
_COMMENTED = re.compile(
    r"\*/\s*(?:\.\s*[A-Za-z_]|::)|(?:[\w\])]\.|::)\s*/\*|(?:\#|//)[^\n]*\n\s*(?:\.[A-Za-z_]|::)"
    r"|(?:[\w\])]\.|::)\s*(?:\#|//)"
)
_ROOT_SPACED = re.compile(r"\b(terraform|tofu|path|local|var|module|data|each|count|self)(?:\s+\.\s*|\.\s+)(\w)")
_MOST_STEPS = 50


def interpolated(text: str) -> Iterator[tuple[int, int]]:
    """What stands between `${` or `%{` and its brace in a string or heredoc, without the marks that strip blanks."""
    at = 0
    while (found := _OPENS.search(text, at)) is not None:
        start, depth, at = found.end(), 0, len(text)
        if found[0].startswith(("$${", "%%{")):
            at = start
            continue
        for token in tokens(text[start:]):
            depth += (token.text == "{") - (token.text == "}")
            if depth < 0:
                at = start + token.start
                break
        begin = start + (text[start : start + 1] == "~")
        yield begin, max(at - (text[at - 1 : at] == "~"), begin)


_OPENS = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
