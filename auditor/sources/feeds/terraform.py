"""Terraform's blocks as texts, with what they refer to: variables with what calls and files give them, locals, data,
modules with their arguments, of resources the attribute that is meant.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from auditor.sources.code_options import MOST_BYTES
from auditor.sources.terraform.text import IN_HCL, Head, Token, attributes, blocks, inside, tokens

_REFERENCE = re.compile(
    r"(?<![\w.])(?:(?:var|local|module|data)\.[\w-]+|[a-z]\w*_\w+\.[\w-]+)(?:\.[\w-]+)?(?:\.[\w-]+)?"
)
_SKIPPED = {"node_modules", "__pycache__", "venv"}
_HOW_MANY = ("count", "for_each")
_MOST = 2_000
Parts = dict[str, str]


@dataclass(slots=True)
class _Folder:
    """The blocks of a folder by name, and the values that files give its variables."""

    blocks: dict[str, Parts] = field(default_factory=dict)
    lines: dict[str, list[tuple[int, int, str, str]]] = field(default_factory=dict)  # file: from, to, name, part
    values: Parts = field(default_factory=dict)


class Configurations:
    """The folders of Terraform below a root, read as they are asked for."""

    def __init__(self, root: Path, var_files: list[Path]) -> None:
        self.root, self.var_files = root, var_files
        self._folders: dict[str, _Folder] = {}
        self._callers: dict[str, list[tuple[str, str]]] | None = None

    def name(self, file: str, line: int) -> tuple[str, str] | None:
        """The block, and the part of it, that stand at a line; the part is empty for all of the block."""
        found = self._folder(str(Path(file).parent)).lines.get(Path(file).name, ())
        hits = [each for each in found if each[0] <= line <= each[1]]
        if not hits:
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
        about: dict[str, set[str]] = {}
        waiting = [(folder, each) for text in own.values() for each in _REFERENCE.findall(text)]
        if name.startswith("module."):  # a module that is read is fed by its own code as well
            waiting = [each for each in waiting if each[1] != name]
        seen: set[tuple[str, str]] = set()
        while waiting and len(seen) < _MOST:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            for where, label, text in self._meant(*here):
                about.setdefault(label, set()).add(text)
                waiting += [(where, each) for each in _REFERENCE.findall(text)]
        return own, {label: "\n".join(sorted(texts)) for label, texts in about.items()}

    def _meant(self, folder: str, reference: str) -> Iterator[tuple[str, str, str]]:
        """(folder, name, text) of everything that a reference means."""
        here, words = self._folder(folder), reference.split(".")
        name = ".".join(words[: 3 if words[0] == "data" else 2])
        block = here.blocks.get(name)
        if words[0] == "var":
            yield folder, name, f"{(block or {}).get('default', '')} {here.values.get(words[1], '')}"
            for caller, call in self._calls().get(folder, ()):
                given = self._folder(caller).blocks[call].get(words[1])
                if given is not None:
                    yield caller, f"{call} {words[1]}", given
        elif block is None:
            return
        elif words[0] == "module":
            yield folder, name, _together(block)
            inner = self._source(folder, block)
            output = self._folder(inner).blocks.get(f"output.{words[2]}") if inner and len(words) > 2 else None
            if output:
                yield inner, f"{name}.{words[2]}", _together(output)
        elif words[0] in ("local", "data"):
            yield folder, name, _together(block)
        else:
            meant = [each for each in (*words[2:3], *_HOW_MANY) if each in block]
            yield folder, name, " ".join(block[each] for each in meant)

    # ---- reading

    def _folder(self, folder: str) -> _Folder:
        if folder not in self._folders:
            made = self._folders[folder] = _Folder()
            names = _listed(self.root / folder)
            for name in names:
                if name.endswith(IN_HCL):
                    for head in blocks(_text(self.root / folder / name)):
                        _take(made, name, head)
            given = [self.root / folder / each for each in names if _loaded(each)]
            for path in (*given, *self.var_files):
                for name, said in attributes("{\n" + _text(path) + "\n}", 0).items():
                    made.values[name] = made.values.get(name, "") + " " + bare(said.text)
        return self._folders[folder]

    def _source(self, folder: str, block: Parts) -> str:
        source = block.get("source", "").strip('"')
        return os.path.normpath(Path(folder) / source) if source.startswith(".") else ""

    def _calls(self) -> dict[str, list[tuple[str, str]]]:
        """By folder: the calls that lead to it, each with the folder that it stands in."""
        if self._callers is None:
            self._callers = {}
            for here, below, names in os.walk(self.root):
                below[:] = sorted(each for each in below if not each.startswith(".") and each not in _SKIPPED)
                folder = os.path.relpath(here, self.root)
                for name, block in self._folder(folder).blocks.items() if any(map(_is_code, names)) else ():
                    if name.startswith("module.") and (source := self._source(folder, block)):
                        self._callers.setdefault(source, []).append((folder, name))
        return self._callers


def _take(folder: _Folder, file: str, head: Head) -> None:
    """A block of a file, part by part; locals are as many blocks as they have names."""
    said = attributes(head.source, head.line)
    rows = folder.lines.setdefault(file, [])
    end = head.line + head.source.count("\n")
    if head.kind == "locals":
        for name, each in said.items():
            folder.blocks[f"local.{name}"] = {"": bare(each.text)}
            rows.append((each.line, each.line + each.text.count("\n"), f"local.{name}", ""))
        return
    name = ".".join(({"resource": (), "variable": ("var",)}.get(head.kind, (head.kind,))) + head.labels)
    parts = {each: bare(one.text) for each, one in said.items()}
    rows.append((head.line, end, name, ""))
    rows += [(one.line, one.line + one.text.count("\n"), name, each) for each, one in said.items()]
    for inner in inside(head.source, head.line):
        kind = inner.labels[0] if inner.kind == "dynamic" and inner.labels else inner.kind
        parts[kind] = f"{parts.get(kind, '')} {bare(inner.source)}".strip()
        rows.append((inner.line, inner.line + inner.source.count("\n"), name, kind))
    folder.blocks[name] = parts


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
    return "\n".join(f"{name} = {text}" for name, text in sorted(block.items()))


def _is_code(name: str) -> bool:
    return name.endswith(IN_HCL)


def _loaded(name: str) -> bool:
    return name in ("terraform.tfvars", "terraform.tfvars.json") or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


def _listed(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if each.is_file())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
