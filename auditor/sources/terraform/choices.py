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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from auditor.model import Choice
from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.terraform import given
from auditor.sources.terraform.comparisons import Part, asked, comparison
from auditor.sources.terraform.copying import copy
from auditor.sources.terraform.numbers import OPEN, Blocks, Numbers, State
from auditor.sources.terraform.text import IN_HCL, IN_JSON, Head, Said, attributes, blocks, inside
from auditor.sources.terraform.tree import Tree
from auditor.sources.terraform.unset import unset_in
from auditor.sources.terraform.volatile import VOLATILE
from auditor.sources.terraform.written import Written
from auditor.sources.texts import decode

_READ = ("resource", "data", "module", "locals", "output", "provider")
_NOT_READ = ("lifecycle", "provisioner", "connection", "precondition", "postcondition", "validation")
_MANY = ("resource", "data", "module")
_NAMED = re.compile(r"\b(?:local|var|each|data|module)\.")
_MOST_ENTRIES = 200
_MOST_ROUNDS = 20  # what was decided may show what else is open

Evaluate = Callable[[Tree, Path], Blocks]


@dataclass(slots=True)
class Choices:
    """The choices of one configuration, in the world that the options tell."""

    options: CodeOptions
    found: dict[str, Choice] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)
    _said: dict[str, str] = field(default_factory=dict)  # the texts as they are written
    _decided: dict[str, str] = field(default_factory=dict)  # and with their comparisons decided
    _written: Written = field(default_factory=lambda: Written({}, frozenset()))
    _more: bool = False

    @property
    def texts(self) -> dict[str, str]:
        """The files that were read, as they are written."""
        return self._said

    def settled(self, root: Path, evaluate: Evaluate) -> tuple[Tree, Blocks]:
        """A copy of a directory with all that the world decides, evaluated; anew where one shows more to decide."""
        for _ in range(_MOST_ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                target = Path(folder).resolve() / "tree"
                target.mkdir()
                self._more = False
                tree = copy(root, target, self.options.root, self._decide)
                if self._more:
                    continue
                is_open, found = self.numbers.ask(tree, partial(evaluate, tree, target))
                if not is_open:
                    return tree, found or evaluate(tree, target)
        raise BadCode(f"{root.name}: what decides how many there are has no end; pass a plan instead (--plan)")

    def _decide(self, tree: Tree, names: Sequence[str]) -> None:
        """The texts of some files as the world has them.

        All comparisons are decided before any number is: a number may hang on one by way of another file. What a file
        outside of the folder has to do with those that were decided before it, the next round knows.
        """
        if not self._said:
            known = self.options.evaluated.setdefault(self._name(tree), {})
            # What the first world came to know is shared; others are read side by side, in any order.
            self.numbers.known = dict(known) if self.options.world else known
        new = {name: tree.texts[name] for name in names if name not in self._said}
        if new:
            self._more = bool(self._said)
            self._said |= new
            self._written = Written(self._said, given.names(self._said, self.options))
        tree.unset = unset_in(self._said, self._written.given)
        for name in names:
            if name.endswith(IN_HCL):
                tree.texts[name] = self._compared(tree.texts[name], name)
            elif name.endswith(IN_JSON):
                tree.texts[name] = self._in_json(tree.texts[name], name)
        decided = {**self._decided, **{name: tree.texts[name] for name in names}}
        if decided != self._decided:
            self._decided = decided
            self.numbers.take(Written(decided, self._written.given))
        for name in names:
            if name.endswith(IN_HCL):
                tree.texts[name] = self._many(tree.texts[name], name)

    def _name(self, tree: Tree) -> str:
        """What the answers are kept under: equal for all worlds of the same code with the same values."""
        values = [decode(each) for each in self.options.var_files]
        said = [sorted(tree.texts.items()), sorted(self.options.parameters.items()), values, str(tree.folder)]
        return "numbers " + hashlib.sha256(json.dumps(said).encode(errors="replace")).hexdigest()

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
        return self._written.open(text, str(Path(file).parent), OPEN)

    def _decides(self, part: Part, file: str) -> bool:
        """Whether a part is a choice: it is open, and no name for something that is decided where it is said.

        What is asked of each element of a list is many choices, of which none is the value of all.
        """
        if part.of_each:
            return False
        text, folder = self._source_of(part.text, str(Path(file).parent))
        inner = [] if text == " ".join(part.text.split()) else asked(text, ())
        return self._is_open(part.text, file) and not any(self._is_open(each.text, f"{folder}/-") for each in inner)

    def _holds(self, part: Part, file: str, line: int) -> bool:
        """Whether a comparison holds; `!=` is the contrary of `==`."""
        folder = str(Path(file).parent)
        said = comparison(part.text)
        subject, value, contrary = said or (part.text, "", False)
        subject, where = self._source_of(subject, folder)
        while not said and subject.startswith("!"):  # a local that says the contrary of something
            subject, where = self._source_of(subject[1:].strip(), where)
            contrary = not contrary
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
            said = self._written.leads(found[1], found[2], folder) if found else None
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

    def _state(self, text: str, file: str) -> State:
        return self.numbers.state(text, str(Path(file).parent))

    def _instances(self, source: str, file: str, head: Head) -> str:
        said = attributes(source, 0)
        for name, nothing in (("count", "0"), ("for_each", "empty")):
            one = said.get(name)
            state = self._state(one.text, file) if one else "known"
            if one is None or state == "known":
                continue
            if state == "values":
                rest = re.sub(r"\beach\.value\b", "data.unknown.each.value", source[one.start + len(one.text) :])
                before = re.sub(r"\beach\.value\b", "data.unknown.each.value", source[: one.start])
                return before + one.text + rest
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
            found = next((each for each in _dynamic(source, 0) if self._entry_open(each[1], file)), None)
            if found is None:
                break
            at, head = found
            over, named = _entry_of(head)
            made, rest = over.text, head.source[over.start + len(over.text) :]
            holds, words = True, "value"
            if self._state(made, file) == "open":
                place = line + source.count("\n", 0, at) + over.line
                holds, words = self._choose(self._number("for_each", made, "empty", file, place)), "key|value"
                made = _in_as_many_lines('["one"]' if holds else "[]", made)
            if holds:
                rest = re.sub(rf"(?<![\w.]){named}\.({words})\b", rf"data.unknown.{named}.\1", rest)
            source = source[:at] + head.source[: over.start] + made + rest + source[at + len(head.source) :]
        return source

    def _entry_open(self, head: Head, file: str) -> bool:
        """Whether there is something open in a dynamic block that does not stand there as such yet."""
        over, named = _entry_of(head)
        state = self._state(over.text, file) if head.labels and over.text else "known"
        return state == "open" or (state == "values" and bool(re.search(rf"(?<![\w.]){named}\.value\b", head.source)))

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


def _entry_of(head: Head) -> tuple[Said, str]:
    """Over what a dynamic block goes, and what it calls each."""
    said = attributes(head.source, 0)
    return said.get("for_each", Said(0, "")), said["iterator"].text if "iterator" in said else "".join(head.labels[:1])


def _lines(text: str) -> str:
    return "\n" * text.count("\n")


def _in_as_many_lines(value: str, instead_of: str) -> str:
    """A value in brackets, in which lines may end anywhere."""
    return f"({_lines(instead_of)}{value})" if "\n" in instead_of else value
