"""The account that some code is deployed to, to compare three: as it is now, a saved run, or a saved inventory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor import pipeline
from auditor.aws.requests import CallFailed, CannotConnect, NoProfile
from auditor.checks.regions import NoRegionRead
from auditor.findings.threeway import BadRun, three_way
from auditor.model import Resource
from auditor.pipeline import Outcome, Wish

Record = dict[str, Any]
_LARGEST = 500_000_000


def beside_file(head: Outcome, file: Path) -> Record:
    """The code's promises beside those of the account that a file tells of."""
    saved = _saved_run(file)
    if saved is not None:
        return three_way(head.record, saved, str(file))
    return _beside(head, pipeline.check(replace(_documents(head), sources=(file,))), str(file))


def beside_account(head: Outcome, profile: str | None, regions: tuple[str, ...], number: str) -> Record:
    """The same of the account of some credentials, of which only what the documents ask for is read.

    Where it is said of which account the code is, no other one is read. An account that cannot be read is a gap of the
    comparison: what the code was judged to be stands beside it all the same.
    """
    try:
        return _beside_account(head, replace(_documents(head), profile=profile, regions=regions), number)
    except NoProfile:
        raise
    except (CannotConnect, CallFailed, NoRegionRead) as error:
        nothing: Record = {"live": {}, "counts": {}, "promises": [], "undeployed": [], "unmanaged": []}
        return {**nothing, "problem": str(error)}


def _beside_account(head: Outcome, wish: Wish, number: str) -> Record:
    source = pipeline.open_source(wish, pipeline.definitions(wish))
    if number and source.place.account != number:
        raise BadRun(f"the credentials are of account {source.place.account}, and the code is for {number} (--account)")
    return _beside(head, pipeline.check(wish, source=source), "read now")


def _documents(head: Outcome) -> Wish:
    """The documents that the code was held against, asked of an account."""
    wish = head.wish
    return Wish(wish.baselines, with_rules=False, folders=wish.folders, pins=wish.pins, scope=wish.scope)


def _beside(head: Outcome, live: Outcome, name: str) -> Record:
    return {**three_way(head.record, live.record, name), "resources": _held_against(head, live)}


def _saved_run(file: Path) -> Record | None:
    """The record in a file; nothing where it is something else, which is then read as an inventory."""
    try:
        with file.open("rb") as stream:
            if stream.read(2) == b"\x1f\x8b" or file.stat().st_size > _LARGEST:
                return None
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "promises" not in found:
        return None
    if not all(isinstance(found.get(name), list) for name in ("promises", "findings", "bindings")):
        raise BadRun(f"{file}: is not a whole run; write it with `auditor check --format json={file}`")
    if not isinstance(found.get("scan"), dict) or found.get("gate"):
        raise BadRun(f"{file}: is not the run of an account; write it with `auditor check --format json={file}`")
    return found


def _held_against(head: Outcome, live: Outcome) -> Record:
    """Resources that only the code has, and that only the account has, by the names that code says itself.

    Who plays one role of the document on both sides is the same part, whatever it is called. What code leaves to AWS or
    to a reference to name may be any resource of its type, so of such types nothing that only the account has is called
    unmanaged.
    """
    parts = _bound(head.record, live.record) | _bound(live.record, head.record)
    wanted = [each for each in live.resources if each.key not in parts and pipeline.is_judged(each, head.chosen)]
    ours = [each for each in head.resources if each.key not in parts and pipeline.is_judged(each, head.chosen)]
    named = [each for each in ours if each.name and "${" not in each.name and each.name != each.address]
    open_types = {each.type for each in ours if each not in named}
    in_code = {(each.type, name) for each in named for name in _names(each)}
    in_account = {(each.type, name) for each in wanted for name in _names(each)}
    blind = {cfn for gap in live.gaps for cfn in gap.types}
    gone = [each for each in named if each.type not in blind and not _known(each, in_account)]
    beyond = [each for each in wanted if not _known(each, in_code)]
    return {
        "undeployed": sorted(f"{each.type} {each.label}" for each in gone),
        "unmanaged": sorted(f"{each.type} {each.label}" for each in beyond if each.type not in open_types),
        "undecided": sum(each.type in open_types for each in beyond),
    }


def _bound(record: Record, other: Record) -> set[str]:
    """The keys of the resources that play a role which somebody plays on the other side too."""
    there = {(each["baseline"], each["role"]) for each in other["bindings"] if each["resource"]}
    return {each["resource"] for each in record["bindings"] if (each["baseline"], each["role"]) in there}


def _names(resource: Resource) -> Iterable[str]:
    return {name for name in (resource.id, resource.name, resource.arn) if name}


def _known(resource: Resource, names: set[tuple[str, str]]) -> bool:
    return any((resource.type, name) in names for name in _names(resource))
