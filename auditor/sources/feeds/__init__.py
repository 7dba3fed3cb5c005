"""What feeds a place of code that cannot be read: the text there, and all that it refers to.

A gap is as it was before a change only while all of that is unchanged: a module's source, version and arguments, an
expression and what it refers to. Texts are compared without comments and blanks, and never evaluated.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from auditor.model import code_line
from auditor.sources.feeds.files import Files
from auditor.sources.feeds.templates import Template
from auditor.sources.feeds.terraform import Configurations
from auditor.sources.terraform.text import CODE
from auditor.sources.texts import text_of


@dataclass(frozen=True, slots=True)
class Feed:
    """`own` is what a place says, part by part; `about` what it refers to, by name. `name` finds it on another side."""

    name: tuple[str, ...]
    own: dict[str, str]
    about: dict[str, str] = field(default_factory=dict)

    def changed(self, before: Feed) -> list[str]:
        """The names of the parts and references that are not as they were."""
        pairs = [(self.own, before.own), (self.about, before.about)]
        return [
            name
            for now, then in pairs
            for name in dict.fromkeys([*now, *then])
            if now.get(name) != then.get(name)
        ]  # fmt: skip


class Feeds:
    """The feeds of one side; files are read as they are asked for.

    `path` is the judged file or folder: names are told from there, for the sides may lie in different places.
    """

    def __init__(self, root: Path, path: Path, var_files: Iterable[Path] = ()) -> None:
        self.root = root.resolve()
        self._path = os.path.relpath(path.resolve(), self.root)
        self._here = self._path if path.is_dir() else str(Path(self._path).parent)
        self._files = Files(self.root)
        self._terraform = Configurations(self.root, [each.resolve() for each in var_files], self._files)
        self._templates: dict[str, Template | None] = {}

    def of(self, place: str) -> Feed | None:
        """What feeds the code at `file:line`; nothing where no code says it."""
        found = code_line(place)
        if found is None:
            return None
        file, line = found
        said = "" if file == self._path else os.path.relpath(file, self._here)
        if file.endswith(CODE):
            return self.named((said, *(self._terraform.name(file, line) or ())))
        template = self._template(file)
        return self.named((said, *template.path(line))) if template else None

    def named(self, name: tuple[str, ...]) -> Feed | None:
        """What feeds the code of this name, which another side gave."""
        file = os.path.normpath(Path(self._here) / name[0]) if name[0] else self._path
        if file.endswith(CODE):
            if len(name) == 1:
                return self._file(file, name)
            found = self._terraform.feed(str(Path(file).parent), name[1], name[2])
            return Feed(name, *found) if found else None
        template = self._template(file)
        said = template.feed(name[1:]) if template else None
        if not said:
            return None
        own, about = said
        every = "\n".join((*own.values(), *about.values()))
        return Feed(name, own, {**about, **dict(self._files.beside(every, [self.root / Path(file).parent]))})

    def _file(self, file: str, name: tuple[str, ...]) -> Feed | None:
        """A file of Terraform in which no block is found at the line: all of it."""
        text = text_of(self.root / file)
        return None if text is None else Feed(name, {"": text}, self._terraform.about(str(Path(file).parent), text))

    def _template(self, file: str) -> Template | None:
        if file not in self._templates:
            text = text_of(self.root / file)
            self._templates[file] = None if text is None else Template(text)
        return self._templates[file]
