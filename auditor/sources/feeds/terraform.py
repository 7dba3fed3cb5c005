"""Terraform's blocks as texts, with what they refer to: variables with what calls and files give them, locals, data,
modules with their arguments, of resources the attribute that is meant.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from auditor.model import Json
from auditor.sources.feeds.files import Files
from auditor.sources.folders import folders
from auditor.sources.terraform.given import assigned, loaded
from auditor.sources.terraform.in_json import json_blocks
from auditor.sources.terraform.text import CODE, IN_JSON, Head, Token, attributes, blocks, inside, tokens
from auditor.sources.texts import text_of

_INDEX = r"(?:\[[^\[\]]*\]|\.\*)?"
_REFERENCE = re.compile(
    rf"(?<![\w.])(?:(?:var|local|data)\.[\w-]+|(?:module|[a-z]\w*_\w+)\.[\w-]+{_INDEX})(?:\.[\w-]+)?(?:\.[\w-]+)?"
)
_AN_INDEX = re.compile(r"\[[^\[\]]*\]|\.\*")
_HOW_MANY = ("count", "for_each")
_WRITTEN = "output_path = "  # where an archive is put, which is there only once somebody made it
_MOST = 2_000
Parts = dict[str, str]


@dataclass(slots=True)
class _Folder:
    """The blocks of a folder by name, and the values that files give its variables."""

    blocks: dict[str, Parts] = field(default_factory=dict)
    lines: dict[str, list[tuple[int, int, str, str]]] = field(default_factory=dict)  # file: from, to, name, part
    values: Parts = field(default_factory=dict)

    def add(self, name: str, parts: Parts) -> None:
        """A block; of one that stands in several files (an override, one for each program) the texts of all."""
        held = self.blocks.setdefault(name, {})
        for part, text in parts.items():
            held[part] = f"{held[part]} {text}" if part in held else text


class Configurations:
    """The folders of Terraform below a root, read as they are asked for."""

    def __init__(self, root: Path, var_files: list[Path], files: Files) -> None:
        self.root, self.var_files = root, var_files
        self._folders: dict[str, _Folder] = {}
        self._files = files
        self._callers: dict[str, list[tuple[str, str]]] | None = None

    def name(self, file: str, line: int) -> tuple[str, str] | None:
        """The block, and the part of it, that stand at a line; the part is empty for all of the block.

        Nothing where that cannot be said, as of JSON that is all in one line.
        """
        found = self._folder(str(Path(file).parent)).lines.get(Path(file).name, ())
        hits = [each for each in found if each[0] <= line <= each[1]]
        if not hits or (file.endswith(IN_JSON) and len(hits) > 1):
            return None
        _, _, name, part = max(hits, key=lambda each: (each[0], -each[1], bool(each[3])))
        whole = min(hits, key=lambda each: each[0])
        return (name, "") if line == whole[0] and whole[3] == "" else (name, part)

    def feed(self, folder: str, name: str, part: str) -> tuple[Parts, Parts] | None:
        """What a block, or one part of it, says, and what that refers to."""
        block = self._folder(folder).blocks.get(name)
        if block is None or (part and part not in block):
            return None
        own = {each: text for each, text in block.items() if not part or each in (part, *_HOW_MANY)}
        return own, self.about(folder, _together(own), name)

    def about(self, folder: str, said: str, name: str = "") -> Parts:
        """What a text refers to, through everything that this refers to, by name. `name` is its own."""
        about: dict[str, set[str]] = {}
        waiting = [(folder, each) for each in _references(said) if each != name]
        for label, held in self._read_by(folder, said, name):
            about.setdefault(label, set()).add(held)
        seen: set[tuple[str, str]] = set()
        while waiting and len(seen) < _MOST:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            for where, label, text in self._meant(*here):
                about.setdefault(label, set()).add(text)
                waiting += [(where, each) for each in _references(text)]
                for file, held in self._read_by(where, text, label):
                    about.setdefault(file, set()).add(held)
        return {label: "\n".join(sorted(texts)) for label, texts in about.items()}

    def _read_by(self, folder: str, text: str, name: str) -> Iterator[tuple[str, str]]:
        """What the files hold that a text reads; of a data source those that it names, for its program is one."""
        here, callers = self.root / folder, [self.root / each for each in self._above(folder)]
        yield from self._files.read_by(text, here, callers)
        if name.startswith("data."):
            said = (line for line in text.split("\n") if not line.startswith(_WRITTEN))
            yield from self._files.named_in("\n".join(said), here, callers)

    def _above(self, folder: str) -> list[str]:
        """The folders that call this one, and those that call them."""
        out, waiting = {folder: None}, [folder]
        while waiting:
            for caller, _ in self._calls().get(waiting.pop(), ()):
                if caller not in out:
                    out[caller] = None
                    waiting.append(caller)
        return list(out)[1:]

    def _meant(self, folder: str, reference: str) -> Iterator[tuple[str, str, str]]:
        """(folder, name, text) of everything that a reference means."""
        here, words = self._folder(folder), reference.split(".")
        name = ".".join(words[: 3 if words[0] == "data" else 2])
        block = here.blocks.get(name)
        if words[0] == "var":
            said = {each: text for each, text in (block or {}).items() if each in ("default", "type", "nullable")}
            yield folder, name, f"{_together(said)} {here.values.get(words[1], '')}"
            for caller, call in self._calls().get(folder, ()):
                given = self._folder(caller).blocks[call].get(words[1])
                if given is not None:
                    yield caller, f"{call} {words[1]}", given
        elif block is None:
            return
        elif words[0] == "module":
            yield folder, name, _together(block)
            inner = self._source(folder, block)
            for output, said in self._folder(inner).blocks.items() if inner else ():
                if output.startswith("output.") and words[2:3] in ([], [output.partition(".")[2]]):
                    yield inner, f"{name}.{output.partition('.')[2]}", _together(said)
        elif words[0] in ("local", "data"):
            yield folder, name, _together(block)
        else:
            meant = {each: text for each, text in block.items() if each in (*words[2:3], *_HOW_MANY) or not words[2:]}
            yield folder, name, _together(meant)

    # ---- reading

    def _folder(self, folder: str) -> _Folder:
        if folder not in self._folders:
            made = self._folders[folder] = _Folder()
            names = _listed(self.root / folder)
            for name in names:
                if name.endswith(CODE):
                    take = _take_json if name.endswith(IN_JSON) else _take_hcl
                    take(made, name, text_of(self.root / folder / name) or "")
            for path in (*(self.root / folder / each for each in loaded(names)), *self.var_files):
                for name, said in assigned(text_of(path) or "").items():
                    made.values[name] = made.values.get(name, "") + " " + bare(said)
        return self._folders[folder]

    def _source(self, folder: str, block: Parts) -> str:
        source = block.get("source", "").strip('"')
        return os.path.normpath(Path(folder) / source) if source.startswith(".") else ""

    def _calls(self) -> dict[str, list[tuple[str, str]]]:
        """By folder: the calls that lead to it, each with the folder that it stands in."""
        if self._callers is None:
            self._callers = {}
            for here, _, names in folders(self.root):
                folder = os.path.relpath(here, self.root)
                for name, block in self._folder(folder).blocks.items() if any(map(_is_code, names)) else ():
                    if name.startswith("module.") and (source := self._source(folder, block)):
                        self._callers.setdefault(source, []).append((folder, name))
        return self._callers


def _take_hcl(folder: _Folder, file: str, text: str) -> None:
    for head in blocks(text):
        _take(folder, file, head)


def _take(folder: _Folder, file: str, head: Head) -> None:
    """A block of a file, part by part; locals are as many blocks as they have names."""
    said = attributes(head.source, head.line)
    rows = folder.lines.setdefault(file, [])
    end = head.line + head.source.count("\n")
    if head.kind == "locals":
        for name, each in said.items():
            folder.add(f"local.{name}", {"": bare(each.text)})
            rows.append((each.line, each.line + each.text.count("\n"), f"local.{name}", ""))
        return
    name = _name(head.kind, head.labels)
    parts = {each: bare(one.text) for each, one in said.items()}
    rows.append((head.line, end, name, ""))
    rows += [(one.line, one.line + one.text.count("\n"), name, each) for each, one in said.items()]
    for inner in inside(head.source, head.line):
        kind = inner.labels[0] if inner.kind == "dynamic" and inner.labels else inner.kind
        parts[kind] = f"{parts.get(kind, '')} {bare(inner.source)}".strip()
        rows.append((inner.line, inner.line + inner.source.count("\n"), name, kind))
    folder.add(name, parts)


def _take_json(folder: _Folder, file: str, text: str) -> None:
    """The blocks of a file in JSON. What stands in a line is the block that begins there or before, all of it: places
    in JSON name no part."""
    begun: list[tuple[int, str]] = []
    for each in json_blocks(text):
        parts = {name: _as_in_hcl(value) for name, value in each.body.items()}
        if each.kind == "locals":
            begun += [(each.body.lines.get(name, each.line), f"local.{name}") for name in parts]
            for name, said in parts.items():
                folder.add(f"local.{name}", {"": said})
        else:
            begun.append((each.line, _name(each.kind, each.labels)))
            folder.add(begun[-1][1], parts)
    begun.sort()
    lines = sorted({line for line, _ in begun})
    ends = dict(zip(lines, [*(line - 1 for line in lines[1:]), text.count("\n") + 1], strict=True))
    folder.lines[file] = [(line, ends[line], name, "") for line, name in begun]


def _as_in_hcl(value: Json) -> str:
    """A value with the expressions in its strings as they would be written without JSON around them."""
    return json.dumps(value, sort_keys=True).replace('\\"', '"')


def _name(kind: str, labels: tuple[str, ...]) -> str:
    return ".".join(({"resource": (), "variable": ("var",)}.get(kind, (kind,))) + labels)


def _references(text: str) -> Iterator[str]:
    """What a text refers to; an index stands for every instance, and may refer to more."""
    for found in _REFERENCE.findall(text):
        yield _AN_INDEX.sub("", found)
        for index in _AN_INDEX.findall(found):
            yield from _references(index)


def bare(text: str) -> str:
    """A text without comments, and with one blank where it has several."""
    return " ".join("".join(" " if each.kind == "comment" else each.text for each in _tokens(text)).split())


def _tokens(text: str) -> Iterator[Token]:
    """The tokens, with the blanks between them."""
    end = 0
    for each in tokens(text):
        if each.start > end:
            yield Token("line", text[end : each.start], end, each.line)
        yield each
        end = each.start + len(each.text)


def _together(block: Parts) -> str:
    """What a block says of values: `depends_on` is only an order."""
    return "\n".join(f"{name} = {text}" for name, text in sorted(block.items()) if name != "depends_on")


def _is_code(name: str) -> bool:
    return name.endswith(CODE)


def _listed(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if each.is_file())
    except OSError:
        return []
