"""What a configuration of Terraform leaves open, decided in the copy before it is evaluated.

The evaluator has a workspace, a clock and a folder of its own, and takes what it does not know for none: a resource
under `count = terraform.workspace == "x" ? 1 : 0` would vanish. So each comparison with something that nobody knows
is a choice, and the copy says `true` or `false` in its place; locals, arguments and counts follow from that. A `count`
or `for_each` that is still open is a choice as well: there is one instance, of which key and value are not known, or
none; of a dynamic block one entry, or none. Lines stay where they are.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.model import Choice
from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.terraform import given
from auditor.sources.terraform.comparisons import Part, asked, comparison
from auditor.sources.terraform.copying import copy
from auditor.sources.terraform.later import MARK
from auditor.sources.terraform.text import IN_HCL, IN_JSON, Head, attributes, blocks, inside
from auditor.sources.terraform.tree import Tree
from auditor.sources.terraform.written import Written
from auditor.sources.texts import decode

_PLACES = re.compile(r"\b(?:terraform\.(?:workspace|applying)|path\.cwd)\b")
_CLOCKS = re.compile(r"\b(?:timestamp|plantimestamp|uuid|bcrypt)\s*\(")
_VOLATILE = rf"(?:{_PLACES.pattern}|{_CLOCKS.pattern}|\bprovider::|\btemplatestring\s*\()"
VOLATILE = re.compile(_VOLATILE)
_ZONES = r"(?!aws_availability_zones\.[\w-]+(?:\[0\])?\.names\b)"  # a region has three at least
_OPEN = re.compile(rf"{_VOLATILE}|\bdata\.{_ZONES}[a-z]\w*\.[\w-]+(?:\[[^\]]*\])?\.[a-z]")
_READ = ("resource", "data", "module", "locals", "output", "provider")
_NOT_READ = ("lifecycle", "provisioner", "connection", "precondition", "postcondition", "validation")
_MANY = ("resource", "data", "module")
_LOOPED = re.compile(r"\b(?:each|count|self)\.")
_NAMED = re.compile(r"\b(?:local|var|each|data|module)\.")
_PROBES = "auditor_asks.tf"
_MOST_ENTRIES = 200
_MOST_ROUNDS = 20  # what was decided may show what else is open

Blocks = Mapping[str, list[dict[str, Any]]]
Evaluate = Callable[[Tree, Path], Blocks]


@dataclass(slots=True)
class Choices:
    """The choices of one configuration, in the world that the options tell."""

    options: CodeOptions
    found: dict[str, Choice] = field(default_factory=dict)
    asked: set[tuple[str, str]] = field(default_factory=set)  # numbers that may be open: folder and expression
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)  # which of them are; shared by all worlds
    _written: Written | None = None
    _seen: int = -1

    def settled(self, root: Path, evaluate: Evaluate) -> tuple[Tree, Blocks]:
        """A copy of a directory with all that the world decides, evaluated; anew where one shows more to decide."""
        for _ in range(_MOST_ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                target = Path(folder).resolve() / "tree"
                target.mkdir()
                tree = copy(root, target, self.options.root, self._decide)
                if not self._ask(tree, evaluate):
                    return tree, evaluate(tree, target)
        raise BadCode(f"{root.name}: what decides how many there are has no end; pass a plan instead (--plan)")

    def _decide(self, tree: Tree, names: Sequence[str]) -> None:
        """The texts of some files as the world has them."""
        if self._seen < 0:
            self._known = self.options.evaluated.setdefault(self._name(tree), {})
        if len(tree.texts) != self._seen:
            self._written, self._seen = Written(tree.texts, given.names(tree.texts, self.options)), len(tree.texts)
        for name in names:
            if name.endswith(IN_HCL):
                tree.texts[name] = self._many(self._compared(tree.texts[name], name), name)
            elif name.endswith(IN_JSON):
                tree.texts[name] = self._in_json(tree.texts[name], name)

    def _name(self, tree: Tree) -> str:
        """What the answers are kept under: equal for all worlds of the same code with the same values."""
        values = [decode(each) for each in self.options.var_files]
        said = [sorted(tree.texts.items()), sorted(self.options.parameters.items()), values, str(tree.folder)]
        return "numbers " + hashlib.sha256(json.dumps(said).encode(errors="replace")).hexdigest()

    def _ask(self, tree: Tree, evaluate: Evaluate) -> bool:
        """Ask the evaluator whether numbers are open of which that is not known yet; whether one of them is."""
        waiting = sorted(self.asked - self._known.keys())
        if not waiting:
            return False
        folders: dict[str, list[str]] = {}
        for number, (folder, text) in enumerate(waiting):
            plain = _CLOCKS.sub("auditor_unknown(", _PLACES.sub("data.unknown.it.value", text))
            folders.setdefault(folder, []).append(f"  auditor_asks_{number} = ({plain}\n)\n")
        files = [tree.copied(tree.path(folder)) / _PROBES for folder in folders]
        for file, lines in zip(files, folders.values(), strict=True):
            file.write_text("locals {\n" + "".join(lines) + "}\n", encoding="utf-8")
        try:
            answers = evaluate(tree, tree.target).get("locals", [])
        except BadCode:
            answers = [{f"auditor_asks_{number}": None for number in range(len(waiting))}]
        finally:
            for file in files:
                file.unlink()
        for number, key in enumerate(waiting):
            values = [each[name] for each in answers if (name := f"auditor_asks_{number}") in each]
            self._known[key] = any(
                each is None
                or (isinstance(each, dict) and "__attribute__" in each)
                or (isinstance(each, str) and MARK.search(each))
                for each in values
            )
        return any(self._known[key] for key in waiting)

    @property
    def closed(self) -> set[tuple[str, str]]:
        """The numbers of which the evaluator was asked and knew them."""
        return {key for key in self.asked if not self._known.get(key, True)}

    # ---- comparisons

    def _compared(self, text: str, file: str) -> str:
        """The text with each open comparison decided."""
        if not (VOLATILE.search(text) or "data." in text or "var." in text or "local." in text):
            return text
        parts, end = [], 0
        for head in blocks(text):
            if head.kind not in _READ:
                continue
            for part in asked(head.source, _NOT_READ):
                if not self._decides(part, file):
                    continue
                at = head.start + part.start
                holds = self._holds(part, file, text.count("\n", 0, at) + 1)
                parts += [text[end:at], _in_as_many_lines("true" if holds else "false", part.text)]
                end = at + len(part.text)
        return "".join([*parts, text[end:]])

    def _is_open(self, text: str, file: str) -> bool:
        return self._written is not None and self._written.open(text, str(Path(file).parent), _OPEN)

    def _decides(self, part: Part, file: str) -> bool:
        """Whether a part is a choice: it is open, and no name for something that is decided where it is said."""
        text, folder = self._source_of(part.text, str(Path(file).parent))
        inner = [] if text == " ".join(part.text.split()) else asked(text, ())
        return self._is_open(part.text, file) and not any(self._is_open(each.text, f"{folder}/-") for each in inner)

    def _holds(self, part: Part, file: str, line: int) -> bool:
        """Whether a comparison holds; `!=` is the contrary of `==`."""
        folder = str(Path(file).parent)
        said = comparison(part.text)
        subject, value, contrary = said or (part.text, "", False)
        subject, where = self._source_of(subject, folder)
        if VOLATILE.search(subject) and not _NAMED.search(subject):
            where = ""  # it is the same in every folder
        key = f"{where}|{subject}|{value}"
        words = f"{subject} == {value}" if value else " ".join(subject.split())[:120]
        only = f"{where}|{subject}" if re.match(r"[\"\d]|null$", value) else ""
        holds = self._choose(Choice(key, words, f"{file}:{line}", only))
        return holds is not contrary

    def _source_of(self, text: str, folder: str) -> tuple[str, str]:
        """What a name stands for, through locals and arguments; with the folder in which it means that."""
        text = " ".join(text.split())
        for _ in range(20):
            found = re.fullmatch(r"(local|var)\.([\w-]+)", text)
            said = self._written.leads(found[1], found[2], folder) if found and self._written else None
            if not said:
                break
            text, folder = " ".join(said[0].split()), said[1]
        return text, folder

    def _choose(self, choice: Choice) -> bool:
        self.found.setdefault(choice.key, choice)
        return self.options.world.get(choice.key, True)

    # ---- numbers

    def _many(self, text: str, file: str) -> str:
        """The text with one or none of everything whose number is open."""
        parts, end = [], 0
        for head in blocks(text):
            if head.kind in _MANY:
                source = self._entries(self._instances(head.source, file, head), file, head.line)
                parts += [text[end : head.start], source]
                end = head.start + len(head.source)
        return "".join([*parts, text[end:]]) if parts else text

    def _number_open(self, text: str, file: str) -> bool:
        """Whether a number is open: the evaluator is asked, where it can be."""
        if not self._is_open(text, file):
            return False
        key = (str(Path(file).parent), text)
        if _LOOPED.search(text) or "data.unknown." in text:
            return True
        self.asked.add(key)
        return self._known.get(key, False)

    def _instances(self, source: str, file: str, head: Head) -> str:
        said = attributes(source, 0)
        for name, nothing in (("count", "0"), ("for_each", "empty")):
            one = said.get(name)
            if one is None or not self._number_open(one.text, file):
                continue
            holds = self._choose(self._number(name, one.text, nothing, file, head.line + one.line))
            begun = source.rfind(name, 0, one.start)
            rest = source[one.start + len(one.text) :]
            if not holds:
                return (
                    source[:begun] + "count = 0" + "\n" * source.count("\n", begun, one.start) + _lines(one.text) + rest
                )
            kept = (
                source[:begun] + ("count = 1" if name == "count" else "") + _lines(source[begun : one.start] + one.text)
            )
            return re.sub(r"\b(each\.(?:key|value)|count\.index)\b", r"data.unknown.\1", kept + rest)
        return source

    def _entries(self, source: str, file: str, line: int) -> str:
        """A block in which each dynamic block over something open has one entry or none."""
        for _ in range(_MOST_ENTRIES):
            found = next((each for each in _dynamic(source, 0) if self._entry_open(each, file)), None)
            if found is None:
                break
            at, head = found
            said = attributes(head.source, 0)
            over = said["for_each"]
            place = line + source.count("\n", 0, at) + over.line
            holds = self._choose(self._number("for_each", over.text, "empty", file, place))
            rest = head.source[over.start + len(over.text) :]
            if holds:
                name = said["iterator"].text if "iterator" in said else head.labels[0]
                rest = re.sub(rf"(?<![\w.]){re.escape(name)}\.(key|value)\b", rf"data.unknown.{name}.\1", rest)
            made = head.source[: over.start] + _in_as_many_lines('["one"]' if holds else "[]", over.text) + rest
            source = source[:at] + made + source[at + len(head.source) :]
        return source

    def _entry_open(self, found: tuple[int, Head], file: str) -> bool:
        said = attributes(found[1].source, 0).get("for_each")
        return bool(found[1].labels) and said is not None and self._number_open(said.text, file)

    def _number(self, name: str, text: str, nothing: str, file: str, line: int) -> Choice:
        words = f"{name} = {' '.join(text.split())[:120]}"
        key = f"{Path(file).parent}|{words}"
        return Choice(key, f"{words} is not {nothing}", f"{file}:{line}", contrary=f"{words} is {nothing}")

    # ---- JSON

    def _in_json(self, text: str, file: str) -> str:
        """The same in the expressions that JSON holds as texts; what is open of numbers there stays so."""

        def decided(found: re.Match[str]) -> str:
            said = found[0]
            if "${" not in said and "%{" not in said:
                return said
            try:
                plain = json.loads(said)
            except ValueError:
                return said
            made = self._template(plain, file, text.count("\n", 0, found.start()) + 1)
            return json.dumps(made, ensure_ascii=False) if made != plain else said

        return re.sub(r'"(?:[^"\\\n]|\\.)*"', decided, text)

    def _template(self, plain: str, file: str, line: int) -> str:
        parts, end = [], 0
        around = '"' + plain.replace("\n", " ") + '"'
        for part in asked(around, ()):
            if self._decides(part, file):
                holds = self._holds(part, file, line)
                parts += [plain[end : part.start - 1], "true" if holds else "false"]
                end = part.start - 1 + len(part.text)
        return "".join([*parts, plain[end:]])


def _dynamic(source: str, above: int) -> Iterator[tuple[int, Head]]:
    """The dynamic blocks inside a block at any depth, the outer ones first, with where they begin in it."""
    if "dynamic" not in source:
        return
    start = source.find("{") + 1
    for head in inside(source, 0):
        at = above + start + head.start
        if head.kind == "dynamic":
            yield at, head
        yield from _dynamic(head.source, at)


def _lines(text: str) -> str:
    return "\n" * text.count("\n")


def _in_as_many_lines(value: str, instead_of: str) -> str:
    """A value in brackets, in which lines may end anywhere."""
    return f"({_lines(instead_of)}{value})" if "\n" in instead_of else value
