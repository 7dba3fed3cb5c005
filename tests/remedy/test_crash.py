"""A kill at any moment: resuming or rolling back ends in the after or in the before, never between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.aws.requests import Failure
from auditor.model import Change
from auditor.remedy.apply import apply, resume, rollback
from auditor.remedy.journal import FILE, BadJournal, Journal
from auditor.remedy.plan import Plan
from tests.remedy.fake import TYPES, Killed, World, finding, hands, killed_at, plan_of, thing

DOCUMENT = {"Origins": [{"Id": "a", "Oac": ""}, {"Id": "b", "Oac": "keep"}]}


def account(*, worse: bool = False) -> tuple[World, Plan]:
    """Every kind of setter, in two things; `worse` makes the first thing's flag break a neighbour's promise."""
    one = thing("one", Rules=["bad", "fine"], Document=DOCUMENT, Config={"A": 1, "B": 2})
    two = thing("two", Maybe="a", Rules=["bad"])
    world = World({one.key: one, two.key: two})
    found = [
        finding(world, "flag", Change(one.key, "Flag", True), kept=lambda now: now["Flag"]),
        finding(world, "on", Change(one.key, "Switch", True), kept=lambda now: now["Switch"]),
        finding(world, "new", Change(one.key, "Maybe", "x"), kept=lambda now: now.get("Maybe") == "x"),
        finding(world, "a", Change(one.key, "Config.A", 9), kept=lambda now: now["Config"]["A"] == 9),
        finding(world, "oac", Change(one.key, "Document.Origins[Id=a].Oac", "E"), kept=lambda now: "E" in str(now)),
        finding(world, "rule", Change(two.key, "Rules", remove=("bad",), add=("good",)), kept=_good),
    ]
    plan = plan_of(world, *found)
    if worse:
        world.judges["doc/next"] = lambda things: "broken" if things[one.key].properties["Flag"] else "kept"
        world.where["doc/next"] = one.key
    return world, plan


def _good(now: dict[str, Any]) -> bool:
    return bool(now["Rules"] == ["good"])


def run(world: World, plan: Plan, folder: Path) -> None:
    apply(plan, hands(world, (1.0,)), folder, "interrupts")


def after(tmp_path: Path, *, worse: bool) -> dict[str, Any]:
    world, plan = account(worse=worse)
    run(world, plan, tmp_path / "clean")
    return world.state()


def moments(tmp_path: Path, monkeypatch: Any, *, worse: bool) -> int:
    world, plan = account(worse=worse)
    with killed_at(world, -1, monkeypatch) as seen:
        run(world, plan, tmp_path / "count")
    return len(seen)


@pytest.mark.parametrize("worse", [False, True])
def test_killed_anywhere_it_is_resumed_or_rolled_back(tmp_path: Path, monkeypatch: Any, worse: bool) -> None:
    before, done = account()[0].state(), after(tmp_path, worse=worse)
    count = moments(tmp_path, monkeypatch, worse=worse)
    assert count > 60
    for moment in range(count):
        for action, wanted in ((resume, done), (rollback, before)):
            world, plan = account(worse=worse)
            folder = tmp_path / f"{action.__name__}-{moment}"
            with killed_at(world, moment, monkeypatch) as seen:
                run(world, plan, folder)
            assert seen[-1] == "killed"
            if not _begun(folder):
                assert world.state() == before
                with pytest.raises(BadJournal):
                    action(folder, hands(world))
                continue
            outcome = action(folder, hands(world, (1.0,)))
            assert world.state() == wanted, (moment, seen[-2], action.__name__)
            assert outcome.exit_code == (4 if worse and action is resume else 0)
            calls = len(world.calls)
            action(folder, hands(world, (1.0,)))
            assert len(world.calls) == calls, "doing it twice is doing it once"
            if action is resume:
                rollback(folder, hands(world, (1.0,)))
                assert world.state() == before


def _begun(folder: Path) -> bool:
    path = folder / FILE
    return path.exists() and b"\n" in path.read_bytes()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(kills=st.lists(st.integers(0, 70), min_size=1, max_size=5), back=st.lists(st.booleans(), min_size=5, max_size=5))
def test_killed_again_and_again(tmp_path_factory: Any, monkeypatch: Any, kills: list[int], back: list[bool]) -> None:
    """Once a rollback has begun the end is the before; until then it is the after."""
    folder = tmp_path_factory.mktemp("kills") / "j"
    world, plan = account()
    before = world.state()
    with killed_at(world, kills[0], monkeypatch):
        run(world, plan, folder)
    if not _begun(folder):
        return
    for moment, backwards in zip(kills[1:], back, strict=False):
        with killed_at(world, moment, monkeypatch):
            (rollback if backwards else resume)(folder, hands(world, (1.0,)))
    outcome = resume(folder, hands(world, (1.0,)))
    assert outcome.exit_code == 0
    text = (folder / FILE).read_text()
    wanted = before if '"rollback"' in text else after(folder, worse=False)
    assert world.state() == wanted
    assert rollback(folder, hands(world, (1.0,))).exit_code == 0
    assert world.state() == before


def test_a_journal_cut_at_any_byte_is_one_of_an_earlier_moment(tmp_path: Path) -> None:
    world, plan = account()
    run(world, plan, tmp_path / "whole")
    data, clock = (tmp_path / "whole" / FILE).read_bytes(), hands(world).clock
    with Journal.open(tmp_path / "whole", TYPES, clock) as journal:
        whole = list(journal.entries)
    head = data.index(b"\n") + 1
    folder = tmp_path / "cut"
    folder.mkdir()
    for cut in [*range(0, head, 97), *range(head - 1, len(data), 11), *range(len(data) - 300, len(data) + 1)]:
        (folder / FILE).write_bytes(data[:cut])
        if cut < head:
            with pytest.raises(BadJournal):
                Journal.open(folder, TYPES, clock)
            continue
        with Journal.open(folder, TYPES, clock) as journal:
            assert journal.entries == whole[: data[:cut].count(b"\n") - 1]
            journal.append("interrupted")
        assert (folder / FILE).read_bytes().endswith(b"}\n")
        with Journal.open(folder, TYPES, clock) as journal:
            assert journal.entries[-1]["what"] == "interrupted"


def test_a_cut_last_line_loses_nothing(tmp_path: Path) -> None:
    world, plan = account()
    before = world.state()
    run(world, plan, tmp_path / "whole")
    data, done = (tmp_path / "whole" / FILE).read_bytes(), world.state()
    for cut in range(data[:-1].rfind(b"\n") + 1, len(data) + 1):
        folder = tmp_path / f"cut-{cut}"
        folder.mkdir()
        (folder / FILE).write_bytes(data[:cut])
        for key, properties in done.items():
            world.things[key].properties = dict(properties)
        assert rollback(folder, hands(world, (1.0,))).exit_code == 0
        assert world.state() == before


def test_a_failed_write_of_the_journal_stops_before_the_call(tmp_path: Path, monkeypatch: Any) -> None:
    world, plan = account()

    def full(handle: int, data: bytes, at: int) -> int:
        raise OSError(28, "No space left on device")

    def tick(what: str) -> None:
        if what == "after put_flag":
            monkeypatch.setattr("auditor.remedy.journal.os.pwrite", full)

    world.tick = tick
    with pytest.raises(OSError, match="No space"):
        run(world, plan, tmp_path / "j")
    made = [operation for operation, _ in world.calls]
    assert made[-1] == "put_flag"
    monkeypatch.undo()
    world.tick = lambda what: None
    assert resume(tmp_path / "j", hands(world, (1.0,))).exit_code == 0
    assert world.state() == after(tmp_path, worse=False)


def test_refusals_while_undoing_leave_a_journal_that_can_be_rolled_back(tmp_path: Path) -> None:
    world, plan = account(worse=True)
    before = world.state()
    flagged: list[str] = []

    def tick(what: str) -> None:
        if what == "before put_flag":
            flagged.append(what)
            if len(flagged) == 2:
                world.refuse["put_flag"] = [Failure("AccessDenied", "denied", "no")]

    world.tick = tick
    outcome = apply(plan, hands(world, (1.0,)), tmp_path / "j", "interrupts")
    assert outcome.exit_code == 5
    assert rollback(tmp_path / "j", hands(world, (1.0,))).exit_code == 0
    assert world.state() == before


def test_killed_is_no_ordinary_exception() -> None:
    assert not issubclass(Killed, Exception)
