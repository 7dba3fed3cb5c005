"""What the code itself says of resources and calls of modules, for what the evaluator leaves out without a word.

It gives no block at all for a list that it does not know, one for a count, and nothing for a module that it cannot
parse. Here the text of every attribute is kept, and whether it may hang on something that is known only after apply.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from auditor.model import Json
from auditor.sources.terraform.later import ZONE_NAMES
from auditor.sources.terraform.readers import NOT_READ
from auditor.sources.terraform.text import IN_HCL, IN_JSON, Said, attributes, blocks, bodies, inside
from auditor.sources.terraform.volatile import VOLATILE

FREE = re.compile(rf"{VOLATILE.pattern}|\b(?:data\.|module\.|aws_\w+\.|{NOT_READ})")
READ_LATER = re.compile(rf"\b(?:(?:data|module)\.|{NOT_READ})")
_LOCAL = re.compile(r"\blocal\.([\w-]+)")
_VARIABLE = re.compile(r"\bvar\.([\w-]+)")
_OUTPUT = re.compile(r"\bmodule\.([\w-]+)(?:(?:\[[^\]]*\])?\.([A-Za-z_][\w-]*))?")
_ATTRIBUTE = re.compile(r"(?<![\w.])([a-z]\w*_\w+\.[\w-]+)(?:\[[^\]]*\])?\.([a-z]\w*)")


@dataclass(slots=True)
class Declaration:
    """A resource (`aws_vpc.main`) or a call (`module.net`): its attributes, and the lists of its dynamic blocks."""

    file: str
    line: int
    name: str
    said: Mapping[str, Said]
    dynamic: dict[str, list[Said]] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        return self.file.rpartition("/")[0] or "."

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


class Written:
    """The declarations of a tree. `given` are the variables of the root that have a value from outside."""

    def __init__(self, texts: Mapping[str, str], given: frozenset[str]) -> None:
        self.declarations: list[Declaration] = []
        self.given = given
        self._locals: dict[tuple[str, str], str] = {}
        self._defaults: set[tuple[str, str]] = set()
        self._outputs: dict[tuple[str, str], str] = {}
        for file, text in texts.items():
            if file.endswith(IN_HCL):
                self._read(file, text)
            elif file.endswith(IN_JSON):
                self._read_json(file, text)
        self._told: dict[str, list[str]] = {}
        for folder, name in self._outputs:
            self._told.setdefault(folder, []).append(name)
        self._saying = {(each.folder, each.name): each.said for each in self.declarations}
        self._by_name = {(each.file, each.name): each for each in self.declarations}
        self._calls: dict[str, list[Declaration]] = {}
        self._folders: dict[tuple[str, str], str] = {}
        for each in self.declarations:
            if each.name.startswith("module.") and "source" in each.said:
                source = each.said["source"].text.strip('"')
                folder = os.path.normpath(f"{each.folder}/{source}")
                self._calls.setdefault(folder, []).append(each)
                self._folders[each.folder, each.name.removeprefix("module.")] = folder

    def local(self, folder: str, name: str) -> str:
        """The text of a local value, or nothing."""
        return self._locals.get((folder, name), "")

    def output(self, folder: str, name: str) -> str:
        """The text of an output of the module in a folder, or nothing."""
        return self._outputs.get((folder, name), "")

    def calls_of(self, folder: str) -> list[Declaration]:
        """The calls of the module that lies in a folder."""
        return self._calls.get(folder, [])

    def folder_of(self, folder: str, name: str) -> str:
        """Where the module lies that a folder calls by a name."""
        return self._folders.get((folder, name), "")

    def of(self, file: str, name: str) -> Declaration | None:
        return self._by_name.get((file, name))

    def counted(self, name: str) -> bool:
        """Whether it is known how many there are of each resource that is declared under a name (`aws_vpc.main`)."""
        every = [each for each in self.declarations if each.name == name]
        many = [(each, each.said[key]) for each in every for key in ("count", "for_each") if key in each.said]
        return bool(every) and not any(self.open(said.text, each.folder) for each, said in many)

    def open(self, text: str, folder: str, pattern: re.Pattern[str] = FREE, whole: bool = False) -> bool:
        """Whether an expression may hang on what `pattern` finds, here or in what it refers to. `whole`: also in what
        calls go over, and in what resources say."""
        return any(
            pattern.search(ZONE_NAMES.sub("", said)) or (pattern is not VOLATILE and self._unset(said, place))
            for said, place in self.reached(text, folder, whole, whole)
        )

    def reached(
        self, text: str, folder: str, looped: bool = True, attributes: bool = False
    ) -> Iterator[tuple[str, str]]:
        """An expression and all that it refers to, each with its folder."""
        seen: set[tuple[str, str]] = set()
        waiting = [(text, folder)]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                yield here
                waiting += self.led(*here, looped)
                waiting += self._attributes(*here) if attributes else ()

    def led(self, text: str, folder: str, looped: bool = True) -> Iterator[tuple[str, str]]:
        """What an expression refers to: locals, arguments of calls, outputs. `looped`: and what such calls go over."""
        for name in _LOCAL.findall(text):
            yield self.local(folder, name), folder
        for name in _VARIABLE.findall(text):
            for call in self.calls_of(folder):
                if name in call.said:
                    yield call.said[name].text, call.folder
                    if looped and "for_each" in call.said and "each." in call.said[name].text:
                        yield call.said["for_each"].text, call.folder
        for name, output in _OUTPUT.findall(text):
            inner = self.folder_of(folder, name)
            for one in (output,) if output else self._told.get(inner, ()):  # of a module as a whole: all that it tells
                yield self.output(inner, one), inner

    def _attributes(self, text: str, folder: str) -> Iterator[tuple[str, str]]:
        """What resources of the code say of attributes that an expression refers to."""
        for name, attribute in _ATTRIBUTE.findall(text):
            said = self._saying.get((folder, name), {}).get(attribute)
            if said is not None:
                yield said.text, folder

    def _unset(self, text: str, folder: str) -> bool:
        """Whether an expression of the root names a variable to which nobody gave a value."""
        return folder == "." and any(
            name not in self.given and (folder, name) not in self._defaults for name in _VARIABLE.findall(text)
        )

    def leads(self, kind: str, name: str, folder: str) -> tuple[str, str] | None:
        """What a local or the variable of a module stands for, and in which folder; nothing where it may be several."""
        if kind == "local":
            return (self._locals[folder, name], folder) if (folder, name) in self._locals else None
        calls = self._calls.get(folder, ())
        return (calls[0].said[name].text, calls[0].folder) if len(calls) == 1 and name in calls[0].said else None

    # ---- reading

    def _read(self, file: str, text: str) -> None:
        for head in blocks(text):
            said = attributes(head.source, head.line)
            self._take(Declaration(file, head.line, "", said, dynamic(head.source, head.line)), head.kind, head.labels)

    def _read_json(self, file: str, text: str) -> None:
        try:
            top = json.loads(text)
        except ValueError:
            return  # the evaluator has said so already
        for _, said in bodies(top, 0):
            for kind, count in (("locals", 0), ("variable", 1), ("resource", 2), ("module", 1), ("output", 1)):
                for labels, body in bodies(said.get(kind), count):
                    line = text.count("\n", 0, max(text.find(f'"{labels[-1]}"'), 0)) + 1 if labels else 1
                    values = {key: Said(line, _expression(each)) for key, each in body.items() if key != "dynamic"}
                    self._take(Declaration(file, line, "", values, _dynamic_json(body, line)), kind, labels)

    def _take(self, found: Declaration, kind: str, labels: tuple[str, ...]) -> None:
        if kind == "locals":
            self._locals.update({(found.folder, name): each.text for name, each in found.said.items()})
        elif kind == "variable" and labels and "default" in found.said:
            self._defaults.add((found.folder, labels[0]))
        elif kind == "output" and labels and "value" in found.said:
            self._outputs[found.folder, labels[0]] = found.said["value"].text
        elif kind in ("resource", "module"):
            found.name = ".".join(labels if kind == "resource" else ("module", *labels))
            self.declarations.append(found)


def dynamic(source: str, line: int) -> dict[str, list[Said]]:
    """The lists that the dynamic blocks directly inside a block iterate over, by what they make."""
    out: dict[str, list[Said]] = {}
    for head in inside(source, line) if "dynamic" in source else ():
        if head.kind == "dynamic" and head.labels:
            said = attributes(head.source, head.line).get("for_each")
            out.setdefault(head.labels[0], []).append(said or Said(head.line, ""))
    return out


def _expression(value: Json) -> str:
    """A value of JSON as Terraform would write it: inside of `${}` a quote needs no backslash."""
    text = json.dumps(value)
    return text.replace('\\"', '"') if "${" in text or "%{" in text else text


def _dynamic_json(body: Mapping[str, Json], line: int) -> dict[str, list[Said]]:
    """The same in JSON; what is dynamic deeper inside counts for the attribute around it."""
    out: dict[str, list[Said]] = {}
    for labels, each in bodies(body.get("dynamic"), 1):
        out.setdefault(labels[0], []).append(Said(line, _expression(each.get("for_each"))))
    for name, value in body.items():
        if name != "dynamic":
            out.setdefault(name, []).extend(Said(line, _expression(each)) for each in _lists(value))
    return {name: said for name, said in out.items() if said}


def _lists(value: Json) -> Iterator[Json]:
    if isinstance(value, list):
        for each in value:
            yield from _lists(each)
    elif isinstance(value, dict):
        for _, each in bodies(value.get("dynamic"), 1):
            yield each.get("for_each")
        for inner in value.values():
            yield from _lists(inner)
