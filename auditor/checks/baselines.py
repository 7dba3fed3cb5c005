"""Baselines, read from `<name>.yaml` in the built-in folder, in the user's own, or from a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from auditor.checks import environments, syntax
from auditor.checks.fitted import fit
from auditor.checks.rules import files
from auditor.checks.schema import Baseline
from auditor.checks.syntax import listed, mapped
from auditor.checks.yaml import DefinitionError, Document, Place, read, suggest
from auditor.model import Json
from auditor.settings import data_dir

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


def known(folders: Sequence[Path] = ()) -> dict[str, Path]:
    """Names and files: the built-in ones and those of `folders` (or their `baselines`), which come first."""
    lines: list[str] = []
    found: dict[str, Path] = {}
    for folder in folders:
        below = folder / "baselines"
        for path in files(below if below.is_dir() else folder, lines):
            if path.parent in (folder, below):
                found.setdefault(path.stem, path)
    for path in files(data_dir("baselines"), lines):
        found.setdefault(path.stem, path)
    if lines:
        raise DefinitionError(lines)
    return dict(sorted(found.items()))


def load_baseline(name: str | Path, folders: Sequence[Path] = ()) -> Baseline:
    """A baseline by its name, or by the path of its file; `:prod` behind it chooses an environment."""
    wanted = environments.asked(str(name))
    path, document = _found(wanted.name, folders)
    suffix = environments.settle(document, wanted)
    baseline = fit(document, Baseline, {"id": f"{path.stem}{suffix}"})
    if not syntax.ID.fullmatch(path.stem):
        document.wrong((), f"the file's name is the baseline's; `{path.stem}` is not in lower case with hyphens")
    _names(document, mapped(document.value))
    if document.problems or baseline is None:
        raise DefinitionError(document.lines)
    return baseline


def spelled(name: str, folders: Sequence[Path] = ()) -> str:
    """The one spelling of a baseline with the values that were chosen: the same for `NAME:prod` and `--set`."""
    wanted = environments.asked(name)
    path, _ = _found(wanted.name, folders)
    return wanted.name + load_baseline(name, folders).id.removeprefix(path.stem)


def with_values(names: Sequence[str], given: Mapping[str, str], folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """The baselines with values for those of their parameters that are named; a name that none of them has is wrong."""
    taken = {name: environments.takes(_found(environments.asked(name).name, folders)[1]) for name in names}
    known_names = sorted({each for rows in taken.values() for each in rows})
    lines = [
        f"no chosen baseline has a parameter `{name}`{suggest(name, known_names) if known_names else ''}"
        for name in given
        if name not in known_names
    ]
    if lines:
        raise DefinitionError(lines)
    return tuple(
        environments.with_values(name, {each: value for each, value in given.items() if each in taken[name]})
        for name in names
    )


def _found(name: str, folders: Sequence[Path]) -> tuple[Path, Document]:
    path = Path(name)
    if path.suffix != ".yaml" and len(path.parts) == 1:
        named = known(folders)
        if str(name) not in named:
            near = suggest(name, named) if len(named) < 30 else ""
            raise DefinitionError([f"unknown baseline `{name}`{near or '; there are none'}"])
        path = named[str(name)]
    return path, read(path)


def load_baselines(names: Iterable[str | Path], folders: Sequence[Path] = ()) -> list[Baseline]:
    """Those that were named, each once, by whatever name; two of one id that differ are refused."""
    found: dict[str, Baseline] = {}
    for name in dict.fromkeys(names):
        baseline = load_baseline(name, folders)
        if found.setdefault(baseline.id, baseline) != baseline:
            raise DefinitionError([f"two baselines are called `{baseline.id}` and differ; rename the file of one"])
    return list(found.values())


def _names(document: Document, value: dict[str, Json]) -> None:
    """What the names in the file stand for, and that nothing bears the name of another."""
    roles = mapped(value.get("roles"))
    for index, region in enumerate(listed(value.get("regions"))):
        if isinstance(region, str) and not _REGION.fullmatch(region):
            document.wrong(("regions", index), f"`{region}` is not a region; write it like ap-northeast-2")
    for name, role in roles.items():
        _role(document, ("roles", name), name, mapped(role))
    for index, link in enumerate(listed(value.get("links"))):
        _link(document, ("links", index), mapped(link), roles)
    for index, absent in enumerate(listed(value.get("absent"))):
        _absent(document, ("absent", index), mapped(absent), roles)
    for index, excepted in enumerate(listed(value.get("exceptions"))):
        _excepted(document, ("exceptions", index), mapped(excepted), roles)
    _unique(document, ("links",), value.get("links"))
    _unique(document, ("absent",), value.get("absent"))
    # Roles and unverifiable statements share one space: their ids are the promises' names as they are.
    _unique(document, ("unverifiable",), value.get("unverifiable"), set(roles))


def _unique(document: Document, place: Place, value: Json, taken: set[str] | None = None) -> None:
    seen = set(taken or ())
    for index, entry in enumerate(listed(value)):
        name = mapped(entry).get("id")
        syntax.identifier(document, (*place, index, "id"), name)
        if not isinstance(name, str):
            continue
        if name in seen:
            document.wrong((*place, index, "id"), f"`{name}` is already the name of another promise; choose a new one")
        seen.add(name)


def _role(document: Document, place: Place, name: str, role: dict[str, Json]) -> None:
    syntax.identifier(document, place, name)
    on = syntax.types(document, (*place, "type"), role.get("type"))
    hints = mapped(role.get("hints"))
    syntax.patterns(document, (*place, "hints", "names"), hints.get("names"))
    syntax.patterns(document, (*place, "hints", "tags"), hints.get("tags"))
    syntax.requirements(document, (*place, "find"), role.get("find"), on)
    syntax.fact(document, (*place, "missing"), role.get("missing"))
    _unique(document, (*place, "require"), role.get("require"))
    for index, entry in enumerate(listed(role.get("require"))):
        _require(document, (*place, "require", index), mapped(entry), on)


def _require(document: Document, place: Place, entry: dict[str, Json], on: tuple[str, ...]) -> None:
    path, predicate = entry.get("property"), entry.get("predicate")
    syntax.fact(document, (*place, "broken"), entry.get("broken"))
    if (path is None) == (predicate is None):
        document.wrong(place, "needs either `property` with `is`, or `predicate`; write one of them")
    if isinstance(path, str):
        syntax.property_path(document, (*place, "property"), path, on)
        if "is" not in entry:
            document.wrong(place, "`property` needs `is`: the value that the document promises; add it")
        syntax.matcher(document, (*place, "is"), entry.get("is"))
        if "with" in entry:
            document.wrong((*place, "with"), "is for predicates; use `is` for a property", key=True)
    if isinstance(predicate, str):
        at_name = "with" not in entry
        place_of = (*place, "predicate") if at_name else (*place, "with")
        syntax.predicate(document, place_of, predicate, entry.get("with"), on)
        if "is" in entry:
            document.wrong((*place, "is"), "is for properties; use `with` for a predicate", key=True)


def _link(document: Document, place: Place, link: dict[str, Json], roles: dict[str, Json]) -> None:
    syntax.fact(document, (*place, "broken"), link.get("broken"))
    for end in ("from", "to"):
        _known_role(document, (*place, end), link.get(end), roles)
    for name in ("relation", "via"):
        syntax.relation(document, (*place, name), link.get(name))
    if isinstance(link.get("via"), str):
        syntax.relation(document, (*place, "via"), link["via"])
    if link and not any(link.get(name) for name in ("relation", "flow", "action")):
        document.wrong(place, "demands nothing; add a `relation`, a `flow` or an `action`")
    action = link.get("action")
    if isinstance(action, str) and not re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", action):
        document.wrong((*place, "action"), f"`{action}` is not an IAM action; write it like s3:PutObject")


def _absent(document: Document, place: Place, entry: dict[str, Json], roles: dict[str, Json]) -> None:
    on = syntax.types(document, (*place, "type"), entry.get("type"))
    syntax.fact(document, (*place, "broken"), entry.get("broken"))
    syntax.requirements(document, (*place, "where"), entry.get("where"), on)
    _known_role(document, (*place, "within"), entry.get("within"), roles)


def _excepted(document: Document, place: Place, entry: dict[str, Json], roles: dict[str, Json]) -> None:
    _known_role(document, (*place, "role"), entry.get("role"), roles)
    promises = [
        str(mapped(each).get("id")) for each in listed(mapped(roles.get(str(entry.get("role")))).get("require"))
    ]
    instead = str(entry.get("instead"))
    if "instead" in entry and instead not in promises:
        words = f"`{instead}` is not a promise of the role{suggest(instead, promises)}"
        document.wrong((*place, "instead"), words)


def _known_role(document: Document, place: Place, name: Json, roles: dict[str, Json]) -> None:
    if isinstance(name, str) and name not in roles:
        document.wrong(place, f"`{name}` is not a role of this baseline{suggest(name, roles)}")
