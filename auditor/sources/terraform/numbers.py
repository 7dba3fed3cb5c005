"""How many there are of something: whether the evaluator knows it, when it hangs on what nobody knows.

What chooses a number by something open (the key of a lookup, an index, the argument of a function that does more than
pass it on) leaves the number open, whatever the evaluator says: it has a workspace of its own, and what it does not
know it takes for none. Where something open is only passed on, the evaluator is asked, with texts of our own in place
of the workspace and the clock: where they come back in a key, the number is open; in a value, only the values are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from auditor.sources.code_options import BadCode
from auditor.sources.terraform.deciding import HANDING_ON, PASSING, chooses, flat, pieces
from auditor.sources.terraform.later import MARK
from auditor.sources.terraform.text import CODE, plain
from auditor.sources.terraform.tree import Tree
from auditor.sources.terraform.volatile import NO_TEXTS, VOLATILE, standing_still, stands_in, with_stand_ins
from auditor.sources.terraform.written import Written

State = Literal["known", "values", "open"]  # `values`: the keys are known, and what stands under them is not
_ZONES = r"(?!aws_availability_zones\.[\w-]+(?:\[0\])?\.names\b)"  # a region has three at least
OPEN = re.compile(rf"{VOLATILE.pattern}|\bdata\.{_ZONES}[a-z]\w*\.[\w-]+(?:\[[^\]]*\])?\.[a-z]")
_LOOPED = re.compile(r"\b(?:each|count|self)\.")
_NAME = re.compile(r"(local|var)\.([\w-]+)")
_SIZES = {"length", "min", "max", "ceil", "floor", "abs", "sum"}
# What a value that is passed on has no part in: how many there are is the same whatever it is.
_PASSING = (PASSING - {"file", "templatefile", "jsondecode", "yamldecode"}) | _SIZES | {
    "lookup", "lower", "upper", "title", "cidrsubnet", "cidrsubnets", "cidrhost",
}  # fmt: skip
_GATHERING = HANDING_ON | {"lookup", "lower", "upper", "title", "element", "slice"}
_OF_KEYS = ("merge", "tomap", "keys", "length")  # of the keys of their arguments they make those of the whole
_PROBES = "auditor_asks.tf"
_DEEPEST = 20

Key = tuple[str, str]
Blocks = Mapping[str, list[dict[str, Any]]]


@dataclass(slots=True)
class Numbers:
    """The numbers of one configuration in one world, each by its folder and expression."""

    written: Written = field(default_factory=lambda: Written({}, frozenset()))  # as it is with comparisons decided
    known: dict[Key, State] = field(default_factory=dict)  # what the evaluator said; shared by all worlds
    _read: dict[Key, State | None] = field(default_factory=dict)  # what the text alone tells

    def take(self, written: Written) -> None:
        self.written = written
        self._read.clear()

    def state(self, text: str, folder: str) -> State:
        """How much of a number is known. It counts as known until the evaluator is asked."""
        key = (folder, text)
        if key not in self._read:
            self._read[key] = self._as_read(text, folder)
        return self._read[key] or self.known.get(key, "known")

    @property
    def closed(self) -> set[Key]:
        """The numbers that hang on something open, and that the evaluator knows all the same."""
        return {
            key
            for key, found in self._read.items()
            if found == "values" or (found is None and self.known.get(key, "open") != "open")
        }

    # ---- by what is written

    def _as_read(self, text: str, folder: str) -> State | None:
        """What the text alone tells; nothing where the evaluator is to be asked."""
        if not self._open(text, folder):
            return "known"
        if _LOOPED.search(text) or "data.unknown." in text:
            return "open"
        if self._open(text, folder, VOLATILE) and self._keys_known(text, folder, _DEEPEST):
            return "values"
        return (
            "open" if any(self._chosen(*each) for each in self.written.reached(text, folder, attributes=True)) else None
        )

    def _open(self, text: str, folder: str, pattern: re.Pattern[str] = OPEN) -> bool:
        return self.written.open(text, folder, pattern, whole=True)

    def _chosen(self, text: str, folder: str) -> bool:
        """Whether an expression chooses by something open."""
        passing = _GATHERING if self._open(text, folder, VOLATILE) else _PASSING
        return bool(NO_TEXTS.search(text)) or chooses(text, passing, lambda part: self._open(part, folder))

    def _keys_known(self, text: str, folder: str, depth: int) -> bool:
        """Whether nothing open has a part in the keys of a map, or in how long a list is, as it is written down."""
        text = text.strip()
        if not self._open(text, folder):
            return True
        found = _NAME.fullmatch(text)
        if found:
            led = list(self.written.led(text, folder))
            return depth > 0 and bool(led) and all(self._keys_known(*each, depth - 1) for each in led)
        said, _ = plain(text)
        call = re.match(r"(\w*)\s*([\[({])", said)
        if not call or not re.fullmatch(r"_*[\])}]", flat(said)[call.end() :]):
            return False
        inner = [(text[start:end], said[start:end]) for start, end in pieces(said, call.end(), len(said) - 1)]
        if call[2] == "(" and call[1] in _OF_KEYS:
            return depth > 0 and all(self._keys_known(each, folder, depth - 1) for each, _ in inner)
        if call[1] or call[2] == "(" or re.match(r"for\b", said[call.end() :].lstrip()):
            return False
        return call[2] == "[" or all(self._key_known(each, quiet, folder) for each, quiet in inner)

    def _key_known(self, text: str, quiet: str, folder: str) -> bool:
        found = re.search(r"[=:]", flat(quiet))
        return found is not None and not self._open(text[: found.start()], folder)

    # ---- by the evaluator

    def ask(self, tree: Tree, evaluate: Callable[[], Blocks]) -> tuple[bool, Blocks | None]:
        """Ask the evaluator about numbers of which that is not known yet; whether one of them is open, and what it says
        of the tree, where that is what it would say without the question."""
        waiting = sorted(key for key, found in self._read.items() if found is None and key not in self.known)
        if not waiting:
            return False, None
        folders: dict[str, list[str]] = {}
        for number, (folder, text) in enumerate(waiting):
            folders.setdefault(folder, []).append(f"  auditor_asks_{number} = ({text}\n)\n")
        whole: Blocks | None = None
        with _stand_ins(tree) as changed, _probes(tree, folders):
            try:
                found = evaluate()
                answers = found.get("locals", [])
                whole = None if changed else _without_probes(found)
            except BadCode:
                answers = [{f"auditor_asks_{number}": None for number in range(len(waiting))}]
        told: set[State] = set()
        for number, key in enumerate(waiting):
            states = {_state(each[name]) for each in answers if (name := f"auditor_asks_{number}") in each}
            if states:  # there are none of a module of which there is none yet
                self.known[key] = max(states, key=("known", "values", "open").index)
                told.add(self.known[key])
        return bool(told - {"known"}), whole


def _without_probes(found: Blocks) -> Blocks:
    """An answer without what was asked."""
    kept = {
        kind: [each for each in many if not str(each["__tfmeta"].get("filename")).endswith(_PROBES)]
        for kind, many in found.items()
    }
    return {kind: many for kind, many in kept.items() if many}


def _state(value: Any) -> State:
    """What an answer of the evaluator's tells of a number."""
    if isinstance(value, dict):
        if "__attribute__" in value or any(map(_unsure, value)):
            return "open"
        return "values" if stands_in(json.dumps(value)) else "known"
    if isinstance(value, list):
        if any(isinstance(each, str) and stands_in(each) for each in value):
            return "open"
        return "values" if stands_in(json.dumps(value)) else "known"
    return "open" if value is None or (isinstance(value, str) and _unsure(value)) else "known"


def _unsure(text: str) -> bool:
    return stands_in(text) or MARK.search(text) is not None


@contextmanager
def _stand_ins(tree: Tree) -> Iterator[bool]:
    """The copy of a tree with stand-ins for all that is volatile, for as long as something is asked; whether that makes
    a difference."""
    names = [name for name in tree.texts if name.endswith(CODE)]
    every = {name: tree.copied(tree.path(name)).read_text(encoding="utf-8") for name in names}
    before = {name: text for name, text in every.items() if with_stand_ins(text) != text}
    kept = dict(tree.plain)
    tree.plain = {name: with_stand_ins(text) for name, text in kept.items()}
    for name, text in before.items():
        tree.copied(tree.path(name)).write_text(with_stand_ins(text), encoding="utf-8")
    try:
        yield bool(before)
    finally:
        tree.plain = kept
        for name, text in before.items():
            tree.copied(tree.path(name)).write_text(text, encoding="utf-8")


@contextmanager
def _probes(tree: Tree, folders: Mapping[str, list[str]]) -> Iterator[None]:
    """A file of locals beside the others of each folder."""
    files = {tree.copied(tree.path(folder)) / _PROBES: lines for folder, lines in folders.items()}
    for file, lines in files.items():
        text = standing_still("locals {\n" + "".join(lines) + "}\n", in_json=False)
        file.write_text(with_stand_ins(text), encoding="utf-8")
    try:
        yield
    finally:
        for file in files:
            file.unlink()
