"""All stacks of one tree of files: which is nested in which, what they export to each other, what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.bounded import Lined
from auditor.model import Choice, Gap, Json
from auditor.resources import load as described
from auditor.sources.cloudformation import sam
from auditor.sources.cloudformation.around import Surroundings
from auditor.sources.cloudformation.intrinsics import value
from auditor.sources.cloudformation.load import Template, contents, load
from auditor.sources.cloudformation.scope import Budget
from auditor.sources.cloudformation.stack import Stack
from auditor.sources.cloudformation.texts import Unresolved
from auditor.sources.code_options import MOST_RESOURCES, BadCode, Unbounded

_DEEPEST = 8
_MOST_STACKS = 2_000
_REMOTE = re.compile(r"[a-z0-9]+://", re.IGNORECASE)


@dataclass(slots=True)
class Tree:
    """`origins` tells where the program that made a template (CDK) declares a resource, by (file, logical id) and by
    ("", construct).
    """

    root: Path
    region: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    gaps: list[Gap] = field(default_factory=list)
    world: Mapping[str, bool] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)
    origins: dict[tuple[str, str], str] = field(default_factory=dict)
    stacks: list[Stack] = field(default_factory=list)
    _templates: dict[Path, Template] = field(default_factory=dict)
    _included: dict[Path, Json] = field(default_factory=dict)
    _exports: dict[str, tuple[Stack, Json]] | None = None
    _open: set[str] = field(default_factory=set)
    _made: int = 0

    def template(self, path: Path) -> Template:
        if path not in self._templates:
            self._templates[path] = load(path, self.root)
        return self._templates[path]

    def add(self, path: Path, name: str = "", around: Surroundings | None = None) -> None:
        """A stack that stands for itself."""
        template = self.template(path)
        given = self.parameters
        around = around or Surroundings(
            given.get("AWS::Region", self.region), given.get("AWS::AccountId", ""), given.get("AWS::StackName", "")
        )
        self.stacks.append(self._stack(template, name or _without_ending(template.name), around, self.parameters, ()))

    def add_all(self, paths: list[Path]) -> None:
        """The stacks of a folder: every template that no other nests."""
        for path in paths:
            self.add(path)
        nested = {child.template.path for stack in self.stacks for child in _nested_in(stack)}
        self.stacks = [each for each in self.stacks if each.template.path not in nested]

    def every(self) -> Iterator[Stack]:
        """All stacks, each before those nested in it."""
        for stack in self.stacks:
            yield stack
            yield from _nested_in(stack)

    def _stack(
        self, template: Template, name: str, around: Surroundings, given: Mapping[str, Json], above: tuple[str, ...]
    ) -> Stack:
        self._made += 1
        if self._made > _MOST_STACKS:
            raise Unbounded(f"{template.name}:1: nests more than {_MOST_STACKS} stacks; check its parts separately")
        made = Stack(self, template, name, around, given, above)
        if len(made.resources) > MOST_RESOURCES:
            raise BadCode(
                f"{template.name}:1: creates more than {MOST_RESOURCES} resources; check its parts separately"
            )
        return made

    # ---- nested stacks

    def nested(self, outer: Stack, name: str) -> Stack | Unresolved:
        """The stack in a nested stack's resource, from the tree only; what lies elsewhere is a gap."""
        entry = outer.resources[name]
        line = outer.resources.lines.get(name, 1)
        properties = entry.get("Properties") or {}
        metadata = entry.get("Metadata") if isinstance(entry.get("Metadata"), dict) else {}
        url = (metadata or {}).get("aws:asset:path") or value(properties.get("TemplateURL"), outer)
        found = self._file(outer, line, url)
        if isinstance(found, Unresolved):
            self.gap(outer, line, f"the nested stack {name} is not read: {found.reason}")
            return found
        if found.as_posix() in outer.above or found == outer.template.path or len(outer.above) >= _DEEPEST:
            raise Unbounded(f"{outer.template.name}:{line}: {name} contains itself or is nested too deeply; remove it")
        given = properties.get("Parameters")
        worked = {key: value(each, outer) for key, each in given.items()} if isinstance(given, dict) else {}
        texts: dict[str, Json] = {
            key: ",".join(map(str, each)) if isinstance(each, list) else each
            for key, each in worked.items()
            if isinstance(each, (str, int, float, list, Unresolved))
        }
        around = Surroundings(outer.around.region, outer.around.account)
        above = (*outer.above, outer.template.path.as_posix())
        return self._stack(self.template(found), f"{outer.name}/{name}", around, texts, above)

    def included(self, stack: Stack, where: Json) -> Json:
        """What a file of the tree holds that a template puts in; functions in it are left to whoever asks."""
        found = self._file(stack, 1, where, "the file")
        if isinstance(found, Unresolved):
            return found
        if found not in self._included:
            self._included[found] = contents(found, self.root)
        inside = self._included[found]
        return Unresolved(f"{where} could not be read as YAML or JSON") if inside is None else inside

    def _file(self, outer: Stack, line: int, url: Json, what: str = "its template") -> Path | Unresolved:
        if isinstance(url, Unresolved):
            return url
        if not isinstance(url, str) or not url or "${" in url:
            return Unresolved(f"where {what} is, is known only to AWS")
        if _REMOTE.match(url):
            return Unresolved(f"{what} {url[:120]} is outside this tree and is not downloaded")
        try:
            path = (outer.template.path.parent / url).resolve()
            inside = path.is_relative_to(self.root.resolve())
        except (OSError, ValueError, RuntimeError) as error:
            raise BadCode(f"{outer.template.name}:{line}: {url[:120]!r} is not a path: {error}") from error
        if not inside:
            return Unresolved(f"{what} {url[:120]} is outside this tree; pass the folder above with --root")
        if not path.is_file():
            return Unresolved(f"there is no file {url[:120]} in this tree")
        return path

    def holds(self, choice: Choice) -> bool:
        """What the world that is read decides of a choice; one that it does not know of holds."""
        self.choices.setdefault(choice.key, choice)
        return self.world.get(choice.key, True)

    # ---- exports

    def exported(self, name: str) -> Json:
        """What some stack of the tree exports under a name."""
        hit = self._exported().get(name)
        if hit is None:
            return Unresolved(f"no stack of this tree exports {name[:120]}")
        if name in self._open:
            return Unresolved(f"the export {name[:120]} refers to itself")
        self._open.add(name)
        try:
            found = value(hit[1], hit[0])
        finally:
            self._open.discard(name)
        return found if isinstance(found, (str, int, float, bool, Unresolved)) else Unresolved("it is not a string")

    def _exported(self) -> dict[str, tuple[Stack, Json]]:
        if self._exports is None:
            self._exports = {}
            for stack in self.every():
                for entry in stack.section("Outputs").values():
                    export = entry.get("Export") if isinstance(entry, dict) else None
                    name = value(export.get("Name"), stack) if isinstance(export, dict) else None
                    if isinstance(name, str):
                        self._exports.setdefault(name, (stack, entry.get("Value")))
        return self._exports

    # ---- what is told

    def transform(self, stack: Stack, resources: Lined) -> Lined:
        """The resources that the serverless transform makes; what it makes of other things is a gap."""
        made, missing = sam.transformed(resources, stack.template.section("Globals"))
        for name, why, types in missing:
            self.gap(stack, resources.lines.get(name, 1), f"{name}: {why}", types)
        return made

    def gap(self, stack: Stack, line: int, message: str, types: tuple[str, ...] | None = None) -> None:
        """Something of the tree that is not read; without `types` it may hide resources of any."""
        hidden = tuple(described()) if types is None else types
        at = f"{stack.template.name}:{line}"
        found = Gap("", "", "cloudformation", at, "", "unresolved", hidden, f"{at}: {message}")
        if found not in self.gaps:
            self.gaps.append(found)


def _nested_in(stack: Stack) -> Iterator[Stack]:
    for child in stack.children():
        yield child
        yield from _nested_in(child)


def _without_ending(name: str) -> str:
    """A template's path without its ending: the beginning of its addresses."""
    return re.sub(r"(\.template)?\.(ya?ml|json|template)$", "", name, flags=re.IGNORECASE)
