"""A configuration file: found, read, and refused with all that is wrong with it, each mistake at its line."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor import bounded
from auditor.bounded import Dialect, Document
from auditor.checks.fitted import fit
from auditor.checks.yaml import DefinitionError, shown
from auditor.config.channels import Channel, lacks
from auditor.config.places import locate
from auditor.config.schema import Config, Named
from auditor.config.settings import SETTINGS, Setting

NAME, PROJECT, TABLE = "auditor.yaml", "pyproject.toml", "tool.auditor"
_PATHS = frozenset({"from", "definitions", "waivers", "store"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file sets: by key the value as its option takes it, and the place, as `file:line`.

    `baselines` and `channels` are the entries, with what an option cannot say. Without a file there is nothing.
    """

    file: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    baselines: tuple[Named, ...] = ()
    channels: tuple[Channel, ...] = ()


def find(folder: Path, home: Path | None = None) -> Path | None:
    """The nearest file, from a folder upwards: never above a repository or a home folder, and never from a folder
    above in which everybody may write (`/tmp`), since anybody could have put a file there."""
    for each in (folder, *folder.parents):
        if each != folder and _open_to_all(each):
            return None
        own, project = each / NAME, each / PROJECT
        table = project.is_file() and has_table(project)
        if own.is_file() and table:
            raise DefinitionError([f"{shown(own)} and [{TABLE}] in {shown(project)} both configure; keep one of them"])
        if own.is_file() or table:
            return own if own.is_file() else project
        if (each / ".git").exists() or each == home:
            return None
    return None


def _open_to_all(folder: Path) -> bool:
    """Whether every user of the machine may write in a folder. One that tells nothing of itself is not trusted."""
    try:
        return bool(folder.stat().st_mode & stat.S_IWOTH)
    except OSError:
        return True


def has_table(project: Path) -> bool:
    """Whether a pyproject.toml speaks of auditor at all: one that does not is nobody's mistake here."""
    document = Document(shown(project))
    text = bounded.contents(project, document, Dialect())
    return text is not None and (f"[{TABLE}" in text or f"[[{TABLE}" in text)


def load(file: Path) -> Loaded:
    """What a file sets; raises `DefinitionError` with everything that is wrong with it."""
    name = shown(file)
    document = _toml(file, name) if file.suffix == ".toml" else bounded.read(file, name, Dialect())
    # A file of comments only is what somebody begins with.
    empty = document.value is None and {each.message for each in document.problems} <= {"is empty"}
    if empty:
        return Loaded(file)
    config = fit(document, Config, {})
    if config is None or document.problems:
        raise DefinitionError(document.lines or [f"{name}:1:1: must be a mapping of fields"])
    _alone(config, document)
    if document.problems:
        raise DefinitionError(document.lines)
    return _loaded(file, config, document)


def _toml(file: Path, name: str) -> Document:
    document = Document(name)
    text = bounded.contents(file, document, Dialect())
    if text is None:
        return document
    try:
        value: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        document.note((1, 1), f"this is not TOML: {error}")
        return document
    locate(text, TABLE, document)
    for step in TABLE.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if value is None:
        document.note((1, 1), f"has no table [{TABLE}]; add it")
    document.value = value
    return document


def _alone(config: Config, document: Document) -> None:
    """What contradicts itself."""
    names = [(each.name, tuple(sorted(each.set.items()))) for each in config.baselines]
    for place, name in enumerate(names):
        if name in names[:place]:
            document.wrong(("baselines", place), "is named twice; keep one entry")
    for place, channel in enumerate(config.notify):
        field, problem = lacks(channel)
        if problem:
            document.wrong(("notify", place, field), problem)
    if config.no_rules and config.rules:
        document.wrong(("no_rules",), "contradicts `rules`; keep one of them")
    if config.sources and config.profile:
        document.wrong(("from",), "contradicts `profile`, which is for a live account; keep one of them")


def _loaded(file: Path, config: Config, document: Document) -> Loaded:
    values, places = {}, {}
    for each in SETTINGS:
        place = tuple(each.key.split("."))
        if place in document.values or place in document.keys:
            values[each.key] = _value(each, config, file.parent)
            line, _ = document.keys.get(place) or document.values[place]
            places[each.key] = f"{document.file}:{line}"
    return Loaded(file, values, places, config.baselines, config.notify)


def _value(setting: Setting, config: Config, folder: Path) -> Any:
    """A value as the option takes it: texts, and paths from the file's folder."""
    value: Any = config
    for step in setting.key.split("."):
        value = getattr(value, {"from": "sources"}.get(step, step))
    if setting.key in _PATHS:
        return tuple(_path(each, folder) for each in value) if isinstance(value, tuple) else _place(value, folder)
    if setting.key == "bind":
        return tuple(f"{role}={resource}" for role, resource in value.items())
    if setting.key == "baselines":
        return tuple(asked(each, folder) for each in value)
    if setting.key == "notify":
        return tuple(each.text for each in value)
    if setting.key == "format":
        return tuple(_target(each, folder) for each in value)
    return value


def asked(entry: Named, folder: Path) -> str:
    """A baseline with its parameters, as `--baseline` takes it."""
    name = _path(entry.name, folder) if entry.name.endswith(".yaml") else entry.name
    pairs = ",".join(f"{each}={value}" for each, value in entry.set.items())
    return f"{name}:{pairs}" if pairs else name


def _path(text: str, folder: Path) -> str:
    return str(folder / Path(text).expanduser())


def _place(text: str, folder: Path) -> str:
    """A path of the file's folder; a store may also be a bucket."""
    return text if text.startswith("s3://") else _path(text, folder)


def _target(text: str, folder: Path) -> str:
    name, equals, path = text.partition("=")
    return f"{name}={_path(path, folder)}" if equals else text
