"""What a run would need, tried one by one before a night depends on it; each line says what cures it.

Trying is the truth about a list call, and says nothing of the details that only exist where something is there; for
those the account's own simulation of its policies is asked, where it may be.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from auditor import pipeline
from auditor.aws.clock import behind
from auditor.aws.requests import CallFailed, CannotConnect
from auditor.checks.checkov import program
from auditor.judging import Definitions, Wish
from auditor.model import Gap
from auditor.resources import load
from auditor.settings import private_folder
from auditor.sources import live
from auditor.sources.opened import Source
from auditor.sources.tagged import tagged_permissions
from auditor.store.shelf import is_remote, shelf_of

State = Literal["ok", "note", "incomplete", "wrong"]
NEAR, REFUSED = dt.timedelta(seconds=60), dt.timedelta(minutes=5)  # AWS refuses signatures that are 5 minutes off
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was tried. `wrong` keeps a run from starting, `incomplete` makes it one, `note` is only told."""

    what: str
    state: State
    words: str
    cure: str = ""


def examine(wish: Wish, store: Path | str) -> Iterator[Line]:
    """Everything, the cheap and local first; without an identity nothing of AWS can be tried."""
    yield from _versions()
    yield _store(store)
    chosen = pipeline.definitions(wish)
    try:
        source = pipeline.open_source(wish, chosen)
    except CannotConnect as error:
        yield Line("identity", "wrong" if error.configuration else "incomplete", *_with_cure(error))
        return
    place = source.place
    yield Line("identity", "ok", f"{source.connection.identity}, account {place.account}")
    yield _clock(source)
    yield from _tried(source, wish, chosen)
    yield from _simulated(source, wish)


def _versions() -> Iterator[Line]:
    for name in ("boto3", "networkx"):
        yield Line(name, "ok", metadata.version(name))
    try:
        found = program.find()
        yield Line("checkov", "ok", f"{program.version(found)}, {found}")
    except program.NotJudged as error:
        yield Line("checkov", "note", *_with_cure(error))


def _with_cure(error: Exception) -> tuple[str, str]:
    """What went wrong, and what stands behind its last semicolon: the cure, where there is one."""
    words, _, cure = str(error).rpartition("; ")
    return (words, cure) if words else (cure, "")


def _store(store: Path | str) -> Line:
    if is_remote(store):
        return _bucket(str(store))
    try:
        private_folder(Path(store))
        with tempfile.TemporaryFile(dir=store) as file:
            file.write(b"doctor")
    except OSError as error:
        cure = "choose another folder with --store, or let the user who runs auditor write there"
        return Line("store", "wrong", f"{store}: {error.strerror or error}", cure)
    return Line("store", "ok", f"{store} is writable")


def _bucket(store: str) -> Line:
    """What is put there may be locked for years, so nothing is put there on trial."""
    try:
        runs = len(shelf_of(store).names("runs"))
    except OSError as error:
        cure = "allow s3:ListBucket, s3:GetObject and s3:PutObject there, for the credentials of the environment"
        return Line("store", "wrong", f"{store}: {error.strerror or error}", cure)
    return Line("store", "ok", f"{store} can be read ({runs} runs); writing was not tried, it takes s3:PutObject")


def _clock(source: Source) -> Line:
    off = behind(source.connection)
    if off is None:
        return Line("clock", "note", "AWS's answer bears no date")
    words = f"{abs(off).total_seconds():.0f} seconds {'behind' if off > dt.timedelta() else 'ahead of'} AWS's"
    if abs(off) < NEAR:
        return Line("clock", "ok", f"within a minute of AWS's ({words})")
    state: State = "note" if abs(off) < REFUSED else "wrong"
    return Line("clock", state, words, "synchronize the clock (NTP): AWS refuses requests that are 5 minutes off")


def _tried(source: Source, wish: Wish, chosen: Definitions) -> Iterator[Line]:
    """The list call of every type that would be read, region by region: the cheapest of each service."""
    types = load()
    wanted = dict.fromkeys(pipeline.demand(wish, chosen, types), frozenset[str]())
    found = live.read(source.caller, source.place, wanted, types)
    closed = {each.region for each in found.gaps if each.reason == "region-disabled"}
    for region in source.place.regions:
        gap = next((each for each in found.gaps if each.region == region and region in closed), None)
        yield (
            Line(f"region {region}", "incomplete", "is not enabled", gap.cure)
            if gap
            else Line(f"region {region}", "ok", "answers")
        )
    asked = {types[each].list.service or types[each].service for each in wanted}
    refused: dict[str, dict[str, Gap]] = {}
    for gap in found.gaps:
        if gap.region not in closed:
            refused.setdefault(gap.service, {}).setdefault(gap.permission or gap.operation, gap)
    for service in sorted(asked | refused.keys()):
        if service not in refused:
            yield Line(service, "ok", "can be listed")
        for gap in refused.get(service, {}).values():
            yield Line(
                service, "incomplete", f"{gap.operation} in {gap.region or 'the account'}: {gap.message}", gap.cure
            )


def _simulated(source: Source, wish: Wish) -> Iterator[Line]:
    """What IAM says of each action, where it may be asked. It does not know the organization's policies on the data."""
    actions = pipeline.permissions(wish)
    try:
        principal = _principal(source)
        said = {str(each["EvalActionName"]): each["EvalDecision"] for each in _answers(source, principal, actions)}
    except CallFailed as error:
        words = f"the policies could not be simulated ({error.failure.code})"
        yield Line(
            "simulation", "note", words, "allow iam:SimulatePrincipalPolicy and iam:GetRole, or go by the lines above"
        )
        return
    denied = [name for name, decision in said.items() if decision != "allowed"]
    for name in denied:
        # Without the count of what was not looked at a run is whole all the same.
        state: State = "note" if name in tagged_permissions() else "incomplete"
        yield Line(name, state, "is not allowed by the policies of the caller",
                   f"allow {name}; `auditor permissions` prints the whole policy")  # fmt: skip
    if silent := [each for each in actions if each not in said]:
        yield Line("simulation", "note", f"IAM gave no answer for {', '.join(silent)}", "go by the lines above")
    elif not denied:
        yield Line("simulation", "ok", f"the caller's policies allow all {len(actions)} actions that a run needs")


def _principal(source: Source) -> str:
    """The ARN that can be simulated: of a session its role's, which the session's own ARN does not spell out."""
    identity = str(source.connection.identity)
    if ":assumed-role/" not in identity:
        return identity
    told: Any = source.connection.call(source.place.home, "iam", "get_role", {"RoleName": identity.split("/")[1]})
    return str(told["Role"]["Arn"])


def _answers(source: Source, principal: str, actions: list[str]) -> Iterator[Mapping[str, Any]]:
    """What IAM says, to the last page: it may cut an answer short of what was asked for."""
    for start in range(0, len(actions), _BATCH):
        asked: dict[str, Any] = {"PolicySourceArn": principal, "ActionNames": actions[start : start + _BATCH]}
        while asked:
            told: Any = source.connection.call(source.place.home, "iam", "simulate_principal_policy", asked)
            yield from told["EvaluationResults"]
            asked = asked | {"Marker": told["Marker"]} if told.get("IsTruncated") else {}
