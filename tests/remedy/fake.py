"""An account of one invented type, in memory, that can refuse, be slow, be changed behind one's back and be killed."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from auditor.aws.requests import CallFailed, Failure
from auditor.model import ABSENT, Call, Change, Edge, Edit, Finding, Gap, Prop, Resource, ResourceType, Step
from auditor.remedy.apply import Hands
from auditor.remedy.engine import Pace
from auditor.remedy.journal import Journal
from auditor.remedy.plan import Plan, make_plan
from auditor.remedy.world import RunView

ACCOUNT, REGION, CFN = "111122223333", "ap-northeast-2", "AWS::Test::Thing"
_EDIT = Edit(
    read=Call("get_document", {"Id": "{id}"}),
    write=Call("put_document", {"Id": "{id}", "IfMatch": "{token}", "Document": "{value}"}),
    inside="Document",
    token="ETag",
    renames={"AcmArn": "ACMArn"},
)
THING = ResourceType(
    cfn=CFN,
    service="thing",
    list=Call("list_things"),
    id="Id",
    props=(
        Prop("Flag", default=False, set=Call("put_flag", {"Id": "{id}", "Flag": "{value}"})),
        Prop(
            "Maybe",
            set=Call("put_maybe", {"Id": "{id}", "Maybe": "{value}"}),
            unset=Call("delete_maybe", {"Id": "{id}"}),
            risk="interrupts",
        ),
        Prop("Switch", default=False, set=Call("switch_on", {"Id": "{id}"}), unset=Call("switch_off", {"Id": "{id}"})),
        Prop(
            "Config",
            set=Call("put_config", {"Id": "{id}", "Config": "{value}"}),
            unset=Call("delete_config", {"Id": "{id}"}),
            risks={"Deep.Danger": "destroys"},
        ),
        Prop(
            "Rules",
            default=[],
            same="set",
            add=Call("add_rule", {"Id": "{id}", "Rule": "{element}"}),
            remove=Call("remove_rule", {"Id": "{id}", "Rule": "{element}"}),
        ),
        Prop("Document", edit=_EDIT),
        Prop("OneWay", set=Call("put_one_way", {"Id": "{id}", "Value": "{value}"})),
        Prop("Password", set=Call("put_password", {"Id": "{id}", "Value": "{value}"}), secret=True),
        Prop("Fixed"),
    ),
)
TYPES = {CFN: THING}


class Killed(BaseException):
    """The process is gone."""


def thing(name: str, **properties: Any) -> Resource:
    given = {row.name: copy.deepcopy(row.default) for row in THING.props if row.default is not ABSENT}
    return Resource(CFN, name, ACCOUNT, REGION, properties={**given, **copy.deepcopy(properties)})


@dataclass
class World:
    """`ticks` is called around every effect; `judges` give verdicts from the live properties."""

    things: dict[str, Resource]
    judges: dict[str, Callable[[dict[str, Resource]], str]] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    refuse: dict[str, list[Failure]] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)  # operation -> how many accepted calls have no effect
    calls: list[tuple[str, str]] = field(default_factory=list)
    version: int = 1
    tick: Callable[[str], None] = lambda what: None
    slept: list[float] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    meanwhile: Callable[[World, str], None] = lambda world, operation: None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.meanwhile(self, "sleep")

    def read(self, step: Step) -> Resource | None:
        if step.resource in self.unreadable:
            raise CallFailed("list_things", Failure("AccessDenied", "denied", "no"))
        return copy.deepcopy(self.things.get(step.resource))

    def call(self, account: str, region: str, service: str, operation: str, params: Any) -> Any:
        assert (account, region, service) == (ACCOUNT, REGION, "thing")
        self.tick(f"before {operation}")
        self.calls.append((operation, params["Id"]))
        if self.refuse.get(operation):
            raise CallFailed(operation, self.refuse[operation].pop(0))
        answer = None
        if self.lost.get(operation):
            self.lost[operation] -= 1
        else:
            answer = self._effect(operation, params)
        self.tick(f"after {operation}")
        self.meanwhile(self, operation)
        return answer

    def _effect(self, operation: str, params: Any) -> Any:
        key = next(key for key, each in self.things.items() if each.id == params["Id"])
        now = self.things[key].properties
        given = {name: copy.deepcopy(value) for name, value in params.items() if name not in ("Id", "IfMatch")}
        verb, _, noun = operation.partition("_")
        if operation == "get_document":
            return {"ETag": str(self.version), "Document": {"Document": copy.deepcopy(_out(now["Document"]))}}
        if operation == "put_document":
            if params["IfMatch"] != str(self.version):
                raise CallFailed(operation, Failure("PreconditionFailed", "failed", "the tag is old"))
            self.version += 1
            now["Document"] = _in(given["Document"]["Document"])
        elif verb == "switch":
            now["Switch"] = noun == "on"
        elif verb == "put":
            now.update(given)
        elif verb == "delete":
            if now.pop(noun.capitalize(), None) is None:
                raise CallFailed(operation, Failure("NoSuchThing", "failed", "nothing there"))
        elif (given["Rule"] in now["Rules"]) == (verb == "add"):
            raise CallFailed(operation, Failure("InvalidRule", "failed", f"cannot {verb}"))
        elif verb == "add":
            now["Rules"] = sorted([*now["Rules"], given["Rule"]], key=str)
        else:
            now["Rules"] = [each for each in now["Rules"] if each != given["Rule"]]
        return {}

    def rejudge(self) -> RunView:
        self.tick("rejudge")
        told = {name: judge(self.things) for name, judge in self.judges.items()}
        of = {
            (promise, verdict): frozenset(
                name for name, each in told.items() if each == verdict and ("/" in name) is promise
            )
            for promise in (False, True)
            for verdict in ("broken", "unknown")
        }
        return RunView(of[False, "broken"], of[False, "unknown"], of[True, "broken"], of[True, "unknown"], self.where)

    def state(self) -> dict[str, dict[str, Any]]:
        return {key: copy.deepcopy(each.properties) for key, each in self.things.items()}

    # The graph's side of it.
    def resource(self, key: str) -> Resource | None:
        return self.things.get(key)

    def tails(self, resource: Resource, relation: str = "", *types: str) -> list[tuple[Edge, Resource]]:
        return []

    def gaps_for(self, cfn: str, region: str = "") -> tuple[Gap, ...]:
        return ()


def _out(value: Any) -> Any:
    """The document as AWS gives it: lists wrapped, a name spelled otherwise, members that nobody models."""
    if isinstance(value, dict):
        return {("ACMArn" if key == "AcmArn" else key): _out(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return {"Quantity": len(value), "Items": [_out(each) for each in value]}
    return value


def _in(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() <= {"Quantity", "Items"} and "Quantity" in value:
        return [_in(each) for each in value.get("Items", [])]
    if isinstance(value, dict):
        return {("AcmArn" if key == "ACMArn" else key): _in(inner) for key, inner in value.items()}
    return value


def hands(world: World, waits: tuple[float, ...] = (1.0, 2.0)) -> Hands:
    return Hands(world, TYPES, Pace(world.sleep, waits), lambda: "2025-01-01T00:00:00Z")


def finding(world: World, name: str, *changes: Change, kept: Callable[[dict[str, Any]], bool] | None = None) -> Finding:
    """A finding about the first change's resource; `kept` tells from its properties when it is gone."""
    resource = world.things[changes[0].resource]
    found = Finding(name, "rule", "broken", "high", name, resource, changes[0].property, changes=changes)
    judge = kept or (lambda properties: False)
    world.judges[found.id] = lambda things: "kept" if judge(things[resource.key].properties) else "broken"
    world.where[found.id] = resource.key
    return found


def plan_of(world: World, *findings: Finding) -> Plan:
    return make_plan(findings, world, TYPES, "run-1", "2025-01-01T00:00:00Z")


def gap() -> Gap:
    return Gap(ACCOUNT, REGION, "thing", "get_it", "thing:GetIt", "denied", (CFN,), "AccessDenied: no")


@contextmanager
def killed_at(world: World, moment: int, monkeypatch: Any) -> Iterator[list[str]]:
    """Kill at the n-th moment: around calls, before, in the middle of, and after each write of the journal."""
    seen: list[str] = []

    def tick(what: str) -> None:
        seen.append(what)
        if len(seen) - 1 == moment:
            raise Killed(what)

    whole = Journal._write

    def write(self: Journal, entry: Any) -> None:
        tick("before write")
        seen.append("torn write")
        if len(seen) - 1 == moment:
            os.pwrite(self._handle, b'{"n": 99, "what": "int', self._end)
            raise Killed("torn write")
        whole(self, entry)
        tick("after write")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_write", write)
        world.tick = tick
        try:
            yield seen
        except Killed:
            seen.append("killed")
        finally:
            world.tick = lambda what: None
