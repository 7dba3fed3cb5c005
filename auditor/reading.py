"""Code read root by root, in all its worlds, and, where several environments are asked for, with the values of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.checks.worlds import World, read_all
from auditor.judging import Rooted
from auditor.model import Gap, Inventory, Resource
from auditor.sources.code_options import BadCode, CodeOptions, NoCode
from auditor.sources.parts import by_address, merged, not_read, told_apart
from auditor.sources.roots import Root, left_out, roots_of

Kept = tuple[Root, str, Path | None]  # a root, an environment's name and its file
_TOGETHER = 2  # the evaluator works in processes of its own


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of some code is read: with a plan, without what the globs leave out, with the values of each environment."""

    path: Path
    plan: Path | None = None
    without: tuple[str, ...] = ()
    environments: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """`roots` are what is applied by itself, `worlds` all of it in one; `told` is what each root was taken for, and
    `kept` are those that were read."""

    roots: list[Rooted]
    worlds: list[tuple[World, Inventory]]
    told: list[dict[str, str]]
    kept: list[Root]


def read(wanted: Wanted, options: CodeOptions, joint: bool) -> Reading:
    """Everything at a path; `joint`, where somebody asks about all roots together, all of it in the same worlds."""
    roots = _of_each(wanted, roots_of(wanted.path, options, wanted.plan))
    kept = [each for each in roots if not left_out(each[0].name, wanted.without)]
    if not kept:
        raise NoCode(f"{wanted.path}:1: --exclude leaves nothing of it; name fewer folders")
    with ThreadPoolExecutor(_TOGETHER) as pool:
        found = list(pool.map(lambda each: _tried(each, options), kept))
    done = _or_refused(found)
    shared = _tell_apart([each.worlds for each in done])
    one_each = list({root.name: root for root, _, _ in kept}.values())
    told = [{"path": root.name, "environment": name, "kind": root.kind} for root, name, _ in kept]
    told += [
        {"path": root.name, "environment": name, "kind": "excluded"}
        for root, name, _ in roots
        if left_out(root.name, wanted.without)
    ]
    if len(done) == 1:
        return Reading([], done[0].worlds, told, one_each)
    if not joint:
        return Reading(done, [({}, merged([each.worlds[0][1] for each in done]))], told, one_each)
    pairs = list(zip(kept, found, strict=True))

    def in_world(world: World) -> Inventory:
        return merged([_in_world(each, one, options, world, shared) for each, one in pairs])

    return Reading(done, read_all(in_world), told, one_each)


def _of_each(wanted: Wanted, roots: Iterable[Root]) -> list[Kept]:
    """Every root; those of Terraform with the values of each environment."""
    out: list[Kept] = []
    for root in roots:
        named = wanted.environments if root.kind == "Terraform" else {}
        out += [(root, name, file) for name, file in named.items()] or [(root, "", None)]
    return out


def _with(options: CodeOptions, file: Path | None) -> CodeOptions:
    return replace(options, var_files=(*options.var_files, file)) if file else options


def _in_one(root: Root, name: str, file: Path | None, options: CodeOptions) -> Inventory:
    found = root.read(_with(options, file))
    if root.library:
        found.gaps = [_uncalled(root, len(found.gaps))]
    return told_apart(found, f"{name}:") if name else found


def _in_world(
    each: Kept, read: Rooted | BadCode, options: CodeOptions, world: World, shared: Collection[str]
) -> Inventory:  # fmt: skip
    """A root in a world of all of them: as it was read in its own part of that world, where it was."""
    if isinstance(read, BadCode):
        return Inventory() if isinstance(read, NoCode) else not_read(read.lines)
    own = {key: world.get(key, True) for key in read.worlds[0][0]}
    known = next((inventory for part, inventory in read.worlds if part == own), None)
    if known is not None:
        return known
    found = _in_one(*each, replace(options, world=own))
    for resource in found.resources:
        if resource.key in shared:
            by_address(resource)
    return found


def _tried(each: Kept, options: CodeOptions) -> Rooted | BadCode:
    try:
        worlds = read_all(lambda world: _in_one(*each, replace(options, world=world)))
    except BadCode as error:
        return error
    return Rooted(worlds, certain=each[0].library)


def _uncalled(root: Root, number: int) -> Gap:
    more = f" ({number} more could not be read)" if number else ""
    message = f"nothing here calls the module {root.name}: only what holds for all its variables is reported{more}"
    return Gap("", "", "", "", "", "unresolved", (), message)


def _or_refused(found: Sequence[Rooted | BadCode]) -> list[Rooted]:
    """What was read; what was refused is a gap beside it, and an error where there is nothing else."""
    done = [each for each in found if isinstance(each, Rooted)]
    wrong = [
        line for each in found if isinstance(each, BadCode) and not isinstance(each, NoCode) for line in each.lines
    ]
    nothing = [line for each in found if isinstance(each, NoCode) for line in each.lines]
    if not done:
        raise BadCode(list(dict.fromkeys(wrong))) if wrong else NoCode(nothing)
    return [*done, *([Rooted([({}, not_read(wrong))])] if wrong else [])]


def _tell_apart(roots: Sequence[Sequence[tuple[World, Inventory]]]) -> set[str]:
    """Resources of several roots that would bear one name are told apart by their addresses, in every world; the names
    that several bear."""
    owners: dict[str, set[int]] = {}
    every: list[tuple[str, Resource]] = []
    for at, worlds in enumerate(roots):
        for _, inventory in worlds:
            for each in inventory.resources:
                owners.setdefault(each.key, set()).add(at)
                every.append((each.key, each))
    shared = {key for key, many in owners.items() if len(many) > 1}
    for key, each in every:
        if key in shared:
            by_address(each)
    return shared
