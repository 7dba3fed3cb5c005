"""The gate on a change of code: both sides judged by the same definitions, and only what the change brings told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from auditor import pipeline
from auditor.checks.environments import asked
from auditor.deployed import beside_account
from auditor.exceptions import Exceptions, Tree, inside, policy
from auditor.findings.behind import Seen, mark
from auditor.findings.change import Side, brought
from auditor.findings.excused import excused
from auditor.findings.reach import Reach, reaches, unanswered
from auditor.findings.review import Sides, for_review
from auditor.model import LATER, SEVERITIES, Finding
from auditor.pipeline import Definitions, NothingToJudge, Outcome, Wish
from auditor.reading import Wanted, read
from auditor.sources import base as before
from auditor.sources.code_options import BadCode, CodeOptions, NoCode
from auditor.sources.feeds import Feeds
from auditor.sources.live import Place
from auditor.sources.main_file import Places
from auditor.sources.opened import Source
from auditor.sources.terraform import is_terraform
from auditor.sources.terraform.plan import drifted, load

Record = dict[str, Any]


class Untrusted(Exception):
    """Definitions that the change under judgement could have brought itself."""


@dataclass(frozen=True, slots=True)
class Code:
    """The code to be judged. `base` is a path or a ref of git; `trust` allows definitions out of the judged tree.

    `root` is the folder out of which nothing is read (modules above `path` are); left out it is the repository.
    `without` are globs of what is not judged, `environments` values with which the same code is judged one by one.
    `strict` counts every gap, also those that were there before or that no chosen rule or baseline reads.
    `live` is a saved run or inventory of the account that the code is deployed to.
    """

    path: Path
    base: str = ""
    plan: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    region: str = ""
    trust: bool = False
    root: Path | None = None
    strict: bool = False
    without: tuple[str, ...] = ()
    environments: Mapping[str, Path] = field(default_factory=dict)
    exceptions: Exceptions = field(default_factory=Exceptions)
    live: Path | None = None
    evaluated: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # what both sides share


def gate(wish: Wish, code: Code) -> Record:
    """The record of the code, or, with a base, of what the change to it brings and mends."""
    if not code.path.exists():
        raise NoCode(f"{code.path}: there is no such file or folder")
    top = before.top(code.path) or _folder(code.path)
    root = code.root or top
    if not code.trust:
        _refuse_own_definitions(wish, (top, root, _folder(code.path)))
        _refuse_own_exceptions(code, top)
    chosen = pipeline.definitions(wish)
    if not chosen.rules and not chosen.baselines:
        raise NothingToJudge("no rule and no baseline is chosen; choose one of `auditor rules` or `auditor baselines`")
    head = _judge_side(wish, chosen, code, _Place(code.path, root, code.var_files, code.environments, code.plan))
    one = _One(code, head, Tree(top), Tree(root))
    if not code.base:
        return _told(one, head.record, None)
    try:
        with before.opened(code.path, code.base) as base:
            old = _base(wish, chosen, code, base, root)
            label = {"given": code.base, "label": base.label, "commit": base.commit, "empty": old is None}
            record = brought(_side(old), _side(head)) if old is not None else head.record
            there = _root_then(code, base, root)
            trees = Tree.of(top, base.root), Tree.of(root, there)
            then = Feeds(there, base.path, [_then(each, root, there) for each in code.var_files])
            return _told(_One(code, head, *trees, old, (then, Feeds(root, code.path, code.var_files))), record, label)
    except (before.NoBase, BadCode) as error:
        problem = error.lines if isinstance(error, BadCode) else [str(error)]
        return _told(one, head.record, {"given": code.base, "label": code.base, "problem": problem})


@dataclass(frozen=True, slots=True)
class _One:
    """The judged side with the trees it lies in (see `exceptions.policy`), and its base where there was code."""

    code: Code
    head: Outcome
    tree: Tree
    files: Tree
    base: Outcome | None = None
    feeds: tuple[Feeds, Feeds] | None = None  # the code of base and head as text


def _told(one: _One, record: Record, label: Record | None) -> Record:
    """The record of a gate: what is late is set apart, what is excused is marked, and reviewers see the code."""
    told = _gate_record(record, one, label)
    allowed = policy(one.code.exceptions, one.tree, one.files, one.head.resources)
    told = excused(told, allowed, one.head.findings)
    base = tuple(one.base.resources) if one.base else () if told["gate"]["compared"] else None
    places, commit = Places(one.code.path, one.files.top), (label or {}).get("commit", "")
    sides = Sides({each.key: each for each in one.head.resources}, base, places, one.tree.top, one.files.top, commit)
    told = for_review(told, sides, one.head.findings)
    live = beside_account(one.head, one.code.live) if one.code.live else None
    return {**told, "gate": {**told["gate"], "three_way": live}} if live else told


def _of_the_account(found: Finding) -> bool:
    """Whether no code can answer it: what AWS itself says of a resource once it exists (a certificate is issued)."""
    return found.verdict == "unknown" and bool(found.gaps) and all(gap.message == LATER for gap in found.gaps)


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _refuse_own_definitions(wish: Wish, trees: Iterable[Path]) -> None:
    """Policy comes from outside of what it judges: a change must not bring the rules that let it pass."""
    own = [tree.resolve() for tree in trees]
    names = [asked(each).name for each in wish.baselines]
    files = [Path(name) for name in names if name.endswith(".yaml") or len(Path(name).parts) > 1]
    for each in (*wish.folders, *files):
        if any(place.is_relative_to(tree) for tree in own for place in (each.resolve(), each.absolute())):
            raise Untrusted(
                f"{each} is inside the checked code, so the change could have written it; use definitions from a "
                "checkout of the base or another repository, or pass --trust-definitions"
            )


def _refuse_own_exceptions(code: Code, top: Path) -> None:
    """Exceptions of the judged tree are taken from its base; without one the change would excuse itself."""
    alone = () if code.base else code.exceptions.files
    for each in (*alone, *([code.live] if code.live else [])):
        if inside(each, (top,)):
            raise Untrusted(
                f"{each} is inside the checked code, so the change could have written it; use a file from elsewhere "
                "or pass --trust-definitions (exceptions are taken from the base, with --base)"
            )


def _base(wish: Wish, chosen: Definitions, code: Code, base: before.Base, root: Path) -> Outcome | None:
    """The base judged; nothing when there was no code at that path yet."""
    there = _root_then(code, base, root)
    var_files = [_then(each, root, there) for each in code.var_files]
    try:
        known = tuple(each for each in var_files if each.exists())
        then = {name: _then(each, root, there) for name, each in code.environments.items()}
        environments = {name: each for name, each in then.items() if each.exists()}
        return _judge_side(wish, chosen, code, _Place(base.path, there, known, environments))
    except (NoCode, NothingToJudge):
        return None


def _root_then(code: Code, base: before.Base, root: Path) -> Path:
    """The root of the base: as far above its path as the head's root lies above the path of the head."""
    if base.commit:
        return _then(root, before.top(code.path) or root, base.root)
    way, other = code.path.resolve().relative_to(root.resolve()).parts, base.path.resolve()
    alike = code.root and other.parts[len(other.parts) - len(way) :] == way
    return Path(*other.parts[: len(other.parts) - len(way)]) if alike else base.root


def _then(file: Path, root: Path, base: Path) -> Path:
    """A file as it was in the base, where it belongs to the judged tree."""
    there = file.resolve()
    return base / there.relative_to(root.resolve()) if there.is_relative_to(root.resolve()) else file


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one side lies, and with which values."""

    path: Path
    root: Path
    var_files: tuple[Path, ...]
    environments: Mapping[str, Path]
    plan: Path | None = None


def _judge_side(wish: Wish, chosen: Definitions, code: Code, here: _Place) -> Outcome:
    started = dt.datetime.now(dt.UTC)
    region = code.region or next((name for each in chosen.baselines for name in each.regions), "")
    options = CodeOptions(code.parameters, here.var_files, region, here.root, code.evaluated)
    wanted = Wanted(here.path, here.plan, code.without, here.environments)
    found = read(wanted, options, bool(chosen.baselines))
    inventory = found.worlds[0][1]
    place = Place("", "aws", region, inventory.regions)
    source = Source(_Nobody(), place, Counter(), "code", name=str(code.path))
    wish = replace(wish, plan=here.plan)
    out = pipeline.conclude(wish, chosen, source, inventory, started, None, found.worlds, found.roots)
    out.record["scan"]["roots"] = found.told
    return out


class _Nobody:
    """Code is read without asking anybody."""

    def ask(self, requests: Iterable[Any]) -> dict[Any, Any]:
        return {}


def _side(outcome: Outcome) -> Side:
    return Side(outcome.resources, outcome.findings, outcome.record)


def _gate_record(record: Record, one: _One, base: Record | None) -> Record:
    """The record with what a gate says besides. Its findings are what is broken, and its counts those of the change.

    Verdicts that are not known are no findings: `unread` tells each gap once with its reach, `unanswered` them. What
    only the account can answer is told apart: it is neither a fault of the code nor a gap in reading it.
    """
    code, head = one.code, one.head
    compared = base is not None and "problem" not in base
    later = frozenset(each.id for each in head.findings if _of_the_account(each))
    findings = [each for each in record["findings"] if each["verdict"] == "broken"]
    carried = [each for each in record.get("carried", []) if each["verdict"] == "broken"]
    unread = _unread(head, later)
    if one.base and one.feeds and not code.strict:
        mark(unread, _seen(one.base, one.feeds[0]), _seen(head, one.feeds[1], bool(code.plan)))
    hang = unanswered(unread)
    told = {
        "path": str(code.path),
        "plan": str(code.plan) if code.plan else "",
        "base": base,
        "compared": compared,
        "judged": sum(pipeline.is_judged(each, head.chosen) for each in head.resources),
        "new": len(findings),
        "mended": len(record["mended"]),
        "still": len(carried),
        "still_by_severity": _by_severity(carried),
        "drifted": _drifted(code.plan or code.path),
        "unread": [each.told() for each in unread],
        "later": sorted({each["demand"] for each in head.record["findings"] if each["id"] in later}),
    }
    summary = record["summary"] | {
        "broken": sum(not each["waiver"] for each in findings),
        "unknown": sum(hang.values()) + sum(not each.hides for each in unread if code.strict),
        "by_severity": _by_severity(each for each in findings if not each["waiver"]),
    }
    unknown = [each for each in head.record["findings"] if each["id"] in hang]
    status = {True: "new", False: "still"}
    return {
        **record,
        "findings": findings,
        "carried": carried,
        "summary": summary,
        "unanswered": [{**each, "status": status[hang[each["id"]]]} for each in unknown],
        "gate": told,
    }


def _unread(head: Outcome, later: frozenset[str]) -> list[Reach]:
    """What could not be read of the head."""
    return reaches([each for each in head.findings if each.id not in later], head.gaps, _silent(head))


def _silent(side: Outcome) -> list[tuple[str, str]]:
    """Promises that are unknown with no finding that says so, each with its reason."""
    known = {each.id for each in side.findings}
    return [
        (f"{each.baseline}/{each.id}", each.reason)
        for each in side.promises
        if each.verdict == "unknown" and not known.intersection(each.findings)
    ]


def _seen(side: Outcome, feeds: Feeds, planned: bool = False) -> Seen:
    silent = frozenset(name for name, _ in _silent(side))
    return Seen(tuple(side.resources), tuple(side.findings), silent, feeds, tuple(side.gaps), planned)


def _drifted(plan: Path) -> list[Record]:
    """What a plan says was changed outside of Terraform since it was applied last."""
    if not plan.is_file() or plan.suffix == ".tfstate" or not is_terraform(plan):
        return []
    return drifted(load(plan))


def _by_severity(findings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts = Counter(each["severity"] for each in findings if each["verdict"] == "broken")
    return {name: counts[name] for name in SEVERITIES}
