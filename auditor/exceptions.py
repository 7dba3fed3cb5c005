"""Where a gate's exceptions are read: from outside of the judged tree, else as its base has them.

Whoever opens a pull request writes every file in it, so a waiver, a list of known findings or a comment that the change
itself brings excuses nothing until it is merged, and definitions of its own are refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from auditor.checks import environments
from auditor.checks.waivers import end, load_waivers
from auditor.checks.yaml import DefinitionError
from auditor.findings.excused import Policy
from auditor.findings.ignored import Ignore, ignores
from auditor.findings.known import BadKnown, read_known
from auditor.model import Resource
from auditor.model.waivers import Waiver
from auditor.sources.texts import text_of

_COMMENTED = (".tf", ".tofu", ".yaml", ".yml", ".template")


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What the user allows to excuse findings. `trust` takes all of it as the judged tree has it."""

    waivers: Path | None = None
    known: Path | None = None
    ignores: bool = False
    trust: bool = False
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(each for each in (self.waivers, self.known) if each)


@dataclass(frozen=True, slots=True)
class Tree:
    """The judged tree: its top, and where the same tree lies as the base had it (nothing without a base).

    A base that is another folder of the same tree is none: the change could have written what is read there.
    """

    top: Path
    then: Path | None = None

    @classmethod
    def of(cls, top: Path, then: Path) -> Tree:
        return cls(top, None if then.resolve() == top.resolve() else then)


def inside(file: Path, tops: Iterable[Path]) -> bool:
    """Whether a file lies in one of these trees, by its name or behind a link."""
    return any(there.is_relative_to(top.resolve()) for top in tops for there in (file.resolve(), file.absolute()))


class Untrusted(Exception):
    """Definitions or exceptions that the change under judgement could have brought itself."""


def refuse_own_definitions(baselines: Iterable[str], folders: Iterable[Path], trees: Iterable[Path]) -> None:
    """Policy comes from outside of what it judges: a change must not bring the rules that let it pass."""
    tops = tuple(trees)
    names = [environments.asked(each).name for each in baselines]
    files = [Path(name) for name in names if name.endswith(".yaml") or len(Path(name).parts) > 1]
    for each in (*folders, *files):
        if inside(each, tops):
            raise Untrusted(
                f"{each} is inside the checked code, so the change could have written it; use definitions from a "
                "checkout of the base or another repository, or pass --trust-definitions"
            )


def refuse_own_files(files: Iterable[Path], top: Path) -> None:
    """Exceptions of the judged tree are taken from its base; without one the change would excuse itself."""
    for each in files:
        if inside(each, (top,)):
            raise Untrusted(
                f"{each} is inside the checked code, so the change could have written it; use a file from elsewhere "
                "or pass --trust-definitions (exceptions are taken from the base, with --base)"
            )


def policy(asked: Exceptions, tree: Tree, files: Tree, resources: Iterable[Resource]) -> Policy:
    """Everything that may excuse a finding. `files` is the tree from whose top findings name their files."""
    out = Policy(asked.today)
    for given, take in ((asked.waivers, _take_waivers), (asked.known, _take_known)):
        file = _source(asked, given, tree, out) if given else None
        if given and file:
            try:
                take(out, file, str(given))
            except (DefinitionError, BadKnown) as error:
                if file == given:
                    raise
                # The change may be what mends the file, so it is not refused for what the base holds.
                out.notes.append(f"{given}: cannot be read as the base has it, so it excuses nothing: {error}")
    _comments(asked, files, resources, out)
    return out


def _take_waivers(out: Policy, file: Path, name: str) -> None:
    out.waivers = load_waivers(file, name, out.today)


def _take_known(out: Policy, file: Path, name: str) -> None:
    out.known = read_known(file, name)


def _source(asked: Exceptions, file: Path, tree: Tree, out: Policy) -> Path | None:
    """The file to be read: itself, or what the base has in its place."""
    if asked.trust or not inside(file, (tree.top,)):
        return file
    if tree.then is None:
        out.notes.append(f"{file}: excuses nothing, because there is no base to read it from")
        return None
    top = tree.top.resolve()
    there = file.resolve() if file.resolve().is_relative_to(top) else file.absolute()
    then = tree.then / there.relative_to(top)
    if then.is_file() and then.resolve().is_relative_to(tree.then.resolve()):
        return then
    out.notes.append(f"{file}: excuses nothing yet, because the base has no such file; it counts once it is merged")
    return None


def _comments(asked: Exceptions, tree: Tree, resources: Iterable[Resource], out: Policy) -> None:
    """The comments of the code that count, and a note on each that does not."""
    found = [each for file in _files(resources) for each in _of_file(tree.top, file)]
    if found and not asked.ignores:
        out.notes.append(
            f"{found[0].file}:{found[0].line}: comments of the code excuse nothing here ({len(found)} auditor:ignore); "
            "--allow-ignores lets them"
        )
        return
    names = {each.file for each in found}
    before = {each.identity for file in sorted(names) for each in _of_file(tree.then, file)} if tree.then else set()
    for each in found:
        problem = each.problem or _problem(each, asked, tree, before)
        until = end(each.until, asked.today) if not problem else ""
        if isinstance(until, dt.date):
            out.ignores.append((each, Waiver(each.check, "", each.reason, until, "", f"{each.file}:{each.line}")))
        else:
            out.notes.append(f"{each.file}:{each.line}: auditor:ignore excuses nothing: {problem or until}")


def _problem(each: Ignore, asked: Exceptions, tree: Tree, before: set[tuple[str, ...]]) -> str:
    if asked.trust or each.identity in before:
        return ""
    return "the base does not have it; it counts once it is merged" if tree.then else "there is no base that has it"


def _files(resources: Iterable[Resource]) -> list[str]:
    """The files that declare something, by the names that findings have for them."""
    places = {place.rpartition(":")[0] for each in resources for place in (each.origin, *each.places.values())}
    return sorted(each for each in places if each.endswith(_COMMENTED))


def _of_file(top: Path, name: str) -> Iterator[Ignore]:
    file = top / name
    said = text_of(file) if file.resolve().is_relative_to(top.resolve()) else None
    return ignores(said, name) if said is not None else iter(())
