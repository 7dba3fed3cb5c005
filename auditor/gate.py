"""The gate on a change of code: both sides judged by the same definitions, and only what the change brings told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from auditor import pipeline
from auditor.checks.documented import excepted_by
from auditor.deployed import beside_account, beside_file
from auditor.exceptions import Tree, policy, refuse_own_definitions, refuse_own_files
from auditor.findings.behind import Seen, mark
from auditor.findings.change import brought
from auditor.findings.excused import excused
from auditor.findings.reach import Reach, reaches, unanswered
from auditor.findings.review import Sides, for_review
from auditor.model import ELSEWHERE, LATER, Finding, Resource
from auditor.otherwise import Judge, Otherwise, otherwise, side_of, turned
from auditor.pipeline import Definitions, NothingToJudge, Outcome, Wish
from auditor.reading import Wanted, read
from auditor.sides import Code, Side, side_then
from auditor.sources import base as before
from auditor.sources.code_options import ACCOUNT, BadCode, CodeOptions, NoCode
from auditor.sources.declared import unread
from auditor.sources.feeds import Feeds
from auditor.sources.folders import with_code
from auditor.sources.live import Place
from auditor.sources.main_file import Places
from auditor.sources.opened import Source
from auditor.sources.switches import Switch, switches
from auditor.sources.terraform import is_terraform
from auditor.sources.terraform.plan import drifted, load

Record = dict[str, Any]
_NOT_CODE = (LATER, ELSEWHERE)
NOT_LOOKED_INTO = "a folder in which a tool keeps what it installs, and which is not judged although code lies in it"
_ROOTS_TURNED = 4  # of more roots no switch is turned: each costs another judgement of them all


def gate(wish: Wish, code: Code) -> Record:
    """The record of the code, or, with a base, of what the change to it brings and mends."""
    if not code.path.exists():
        raise NoCode(f"{code.path}: there is no such file or folder")
    top = before.top(code.path) or _folder(code.path)
    root = code.root or top
    if not code.trust:
        refuse_own_definitions(wish.baselines, wish.folders, (top, root, _folder(code.path)))
        alone = () if code.base else code.exceptions.files  # with a base they are taken from there
        refuse_own_files((*alone, *([code.live] if isinstance(code.live, Path) else [])), top)
    chosen = pipeline.definitions(wish)
    if not chosen.rules and not chosen.baselines:
        raise NothingToJudge("no rule and no baseline is chosen; choose one of `auditor rules` or `auditor baselines`")
    here = Side(code.path, root, code.var_files, code.environments, code.plan)
    head = _judge_side(wish, chosen, code, here)
    judge = partial(_judge_side, wish, chosen)
    turn = partial(_turned, partial(_judge_side, replace(wish, checkov=False), chosen), code)
    one = _One(code, head, Tree(top), Tree(root))
    if not code.base:
        other = _otherwise(code, head, _switches(code, here, head), partial(turn, here))
        return _told(replace(one, other=other), head.record, None)
    try:
        with before.opened(code.path, code.base) as base:
            place = side_then(code, base, root)
            old = _judged_then(judge, code, place)
            label = {"given": code.base, "label": base.label, "commit": base.commit, "empty": old is None}
            record = brought(side_of(old), side_of(head)) if old is not None else head.record
            trees = Tree.of(top, base.root), Tree.of(root, place.root)
            then = Feeds(place.root, base.path, (*place.var_files, *place.environments.values()))
            feeds = then, Feeds(root, code.path, (*here.var_files, *here.environments.values()))
            ways = [partial(turn, each) for each in ((here, place) if old else (here,))]
            found = _switches(code, here, head)
            other = _otherwise(code, head, found, *ways)
            switched = turned(found, _switches(code, place, old)) if old else []
            return _told(_One(code, head, *trees, old, feeds, other, switched), record, label)
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
    other: Otherwise = field(default_factory=Otherwise)
    switched: list[Record] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """Those of the code as it is applied, and, where they were asked for, those of the other values."""
        return [*self.head.findings, *(self.other.findings.values() if self.code.both else ())]

    @property
    def resources(self) -> dict[str, Resource]:
        """Those that findings may be about, by key."""
        known = {each.key: each for each in self.head.resources}
        return {**self.other.resources, **known} if self.code.both else known


def _switches(code: Code, here: Side, side: Outcome) -> list[Switch]:
    """The switches of one side. A plan and files of values for environments have decided them."""
    if code.plan or code.environments:
        return []
    # What is judged by itself may have another name on the other side.
    roots = [replace(each, name="") for each in side.roots] if here.path.is_file() else side.roots
    return switches(roots, CodeOptions(code.parameters, here.var_files, root=here.root))


def _otherwise(code: Code, head: Outcome, found: list[Switch], *ways: Judge) -> Otherwise:
    """What the switches of the head would bring; the ways judge the head, and the base where there was one."""
    if len(head.roots) > _ROOTS_TURNED:
        return Otherwise(untried=list(dict.fromkeys(each.name for each in found)))
    return otherwise(found, head, *ways)


def _turned(judge: Callable[[Code, Side], Outcome], code: Code, here: Side, switch: Switch) -> Outcome:
    return judge(replace(code, parameters={**code.parameters, switch.name: switch.other}), here)


def _told(one: _One, record: Record, label: Record | None) -> Record:
    """The record of a gate: what is late is set apart, what is excused is marked, and reviewers see the code."""
    record = one.other.laid_in(record) if one.code.both else record
    told = _gate_record(record, one, label)
    allowed = policy(one.code.exceptions, one.tree, one.files, one.resources.values())
    allowed.documented = excepted_by(one.head.drifts)
    told = excused(told, allowed, one.findings)
    base = tuple(one.base.resources) if one.base else () if told["gate"]["compared"] else None
    places, commit = Places(one.code.path, one.files.top), (label or {}).get("commit", "")
    sides = Sides(one.resources, base, places, one.tree.top, one.files.top, commit)
    told = for_review(told, sides, one.findings)
    live = _live(one) if one.code.live else None
    return {**told, "gate": {**told["gate"], "three_way": live}} if live else told


def _live(one: _One) -> Record:
    """The code beside the account that it is deployed to: as a file tells of it, or as it is now."""
    code, where = one.code, one.code.live
    if isinstance(where, Path):
        return beside_file(one.head, where)
    documented = any(each.regions for each in one.head.chosen.baselines)
    regions = (code.region,) if code.region and not documented else ()
    return beside_account(one.head, where.profile if where else None, regions, code.parameters.get(ACCOUNT, ""))


def _of_the_account(found: Finding) -> bool:
    """Whether no code can answer it: what AWS itself says of a resource once it exists (a certificate is issued)."""
    return found.verdict == "unknown" and bool(found.gaps) and all(gap.message in _NOT_CODE for gap in found.gaps)


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _judged_then(judge: Callable[[Code, Side], Outcome], code: Code, place: Side) -> Outcome | None:
    """The base judged; nothing when there was no code at that path yet."""
    try:
        return judge(code, place)
    except (NoCode, NothingToJudge):
        return None


def _judge_side(wish: Wish, chosen: Definitions, code: Code, here: Side) -> Outcome:
    started = dt.datetime.now(dt.UTC)
    region = code.region or next((name for each in chosen.baselines for name in each.regions), "")
    options = CodeOptions(code.parameters, here.var_files, region, here.root, code.evaluated)
    wanted = Wanted(here.path, here.plan, code.without, here.environments)
    found = read(wanted, options, bool(chosen.baselines))
    inventory = found.worlds[0][1]
    inventory.gaps.extend(unread(each, f"{each}: {NOT_LOOKED_INTO}", ()) for each in with_code(here.path))
    place = Place("", "aws", region, inventory.regions)
    source = Source(_Nobody(), place, Counter(), "code", name=str(code.path))
    wish = replace(wish, plan=here.plan)
    out = pipeline.conclude(wish, chosen, source, inventory, started, None, found.worlds, found.roots)
    out.record["scan"]["roots"], out.roots = found.told, found.kept
    return out


class _Nobody:
    """Code is read without asking anybody."""

    def ask(self, requests: Iterable[Any]) -> dict[Any, Any]:
        return {}


def _gate_record(record: Record, one: _One, base: Record | None) -> Record:
    """The record with what a gate says besides. Its findings are what is broken; `excused` counts them.

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
        "mended": len(record["mended"]),
        "drifted": _drifted(code.plan or code.path),
        "unread": [each.told() for each in unread],
        "otherwise": [] if code.both else one.other.told,  # they are findings then
        "untried": one.other.untried,
        "switched": one.switched,
        "later": _later(head),
    }
    unanswered_now = sum(hang.values()) + sum(not each.hides for each in unread if code.strict)
    unknown = [each for each in head.record["findings"] if each["id"] in hang]
    status = {True: "new", False: "still"}
    return {
        **record,
        "findings": findings,
        "carried": carried,
        "summary": record["summary"] | {"unknown": unanswered_now},
        "unanswered": [{**each, "status": status[hang[each["id"]]]} for each in unknown],
        "gate": told,
    }


def _later(head: Outcome) -> list[str]:
    """The demands that AWS answers for what this code makes."""
    late = {
        each.id for each in head.findings if _of_the_account(each) and {gap.message for gap in each.gaps} == {LATER}
    }
    return sorted({each["demand"] for each in head.record["findings"] if each["id"] in late})


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
