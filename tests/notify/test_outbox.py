"""Each change reaches each channel once, whatever fails in between."""

from __future__ import annotations

import datetime as dt
import errno

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.config.channels import Channel
from auditor.findings.since import since
from auditor.notify.outbox import Outbox
from auditor.notify.sending import NotTold
from auditor.store import Store
from tests.notify.nights import finding, record, saved

HOOK, MAIL = Channel(to="slack:env:HOOK"), Channel(to="mailto:a@example.com", sender="b@example.com")


class Killed(BaseException):
    """The process is gone: nothing after this line happens."""


class World:
    """A store, and what its channels got."""

    def __init__(self, folder, channels=(HOOK,)):
        self.store, self.channels = Store(folder), channels
        self.got, self.deliveries = {each.to: {} for each in channels}, 0
        self.fails = {}

    def deliver(self, note, channel):
        how = self.fails.get(channel.to, "")
        if how == "down":
            raise NotTold("down")
        self.got[channel.to].setdefault(note.id, []).append(note)
        if how == "killed":
            raise Killed
        return "ok"

    def visit(self, newest=""):
        box = Outbox(self.store, pytest.fail)
        with box.turn():
            box.queue(self.channels, newest)
            out = box.flush(self.channels, self.deliver)
            box.prune(dt.date(2026, 1, 1))
        return out

    def told(self, to=HOOK.to):
        """(kind, about) of every change that a receiver saw who knows notifications by their ids."""
        return [(each.kind, each.about) for notes in self.got[to].values() for each in notes[0].changes]


def test_a_change_is_told_once_over_nights_and_visits(tmp_path):
    world = World(tmp_path)
    first = saved(world.store, 1, [finding("a")])
    world.visit(first["scan"]["id"])
    saved(world.store, 2, [finding("a"), finding("b")])
    world.visit()
    world.visit()
    saved(world.store, 3, [finding("a"), finding("b")])
    world.visit()
    assert world.told() == [("new", "a"), ("new", "b")]


def test_a_channel_that_is_down_loses_nothing_and_is_asked_once_a_visit(tmp_path):
    world = World(tmp_path, (HOOK, MAIL))
    world.fails = {HOOK.to: "down"}
    world.visit(saved(world.store, 1, [finding("a")])["scan"]["id"])
    saved(world.store, 2, [finding("a"), finding("b")])
    out = world.visit()
    assert [(each.to, each.why) for each in out.waiting] == [(HOOK.to, "down")] * 2
    assert world.told(MAIL.to) == [("new", "a"), ("new", "b")]
    box = Outbox(world.store, pytest.fail)
    assert [each.note.run for each in box.waiting()] == world.store.ids()
    world.fails = {}
    assert [each.note.run for each, _ in world.visit().sent] == world.store.ids()
    assert world.told() == world.told(MAIL.to)


def test_who_is_killed_after_sending_sends_once_more_with_the_same_id(tmp_path):
    world = World(tmp_path)
    world.fails = {HOOK.to: "killed"}
    with pytest.raises(Killed):
        world.visit(saved(world.store, 1, [finding("a")])["scan"]["id"])
    world.fails = {}
    world.visit()
    world.visit()
    ((_, copies),) = world.got[HOOK.to].items()
    assert len(copies) == 2
    assert copies[0] == copies[1]


def test_a_run_that_was_saved_and_not_told_is_told_later(tmp_path):
    """As after `--no-notify`, or when the program is killed between both."""
    world = World(tmp_path)
    world.visit(saved(world.store, 1)["scan"]["id"])
    saved(world.store, 2, [finding("a")])
    saved(world.store, 3, [finding("a"), finding("b")])
    world.visit()
    assert world.told() == [("new", "a"), ("new", "b")]


def test_two_runs_compared_with_the_same_one_tell_it_once(tmp_path):
    world = World(tmp_path)
    world.visit(saved(world.store, 1)["scan"]["id"])
    nights = [record(2, [finding("a")]), record(3, [finding("a"), finding("b")])]
    for run in [since(world.store.previous(each["scan"]), each) for each in nights]:
        world.store.save(run)
    world.visit()
    assert world.told() == [("new", "a"), ("new", "b")]


def test_a_store_of_before_begins_with_the_newest_run(tmp_path):
    world = World(tmp_path)
    saved(world.store, 1, [finding("a")])
    newest = saved(world.store, 2, [finding("a"), finding("b")])
    world.visit(newest["scan"]["id"])
    assert world.told() == [("new", "b")]


def test_what_nobody_wants_is_no_notification(tmp_path):
    mild = Channel.model_validate({"to": HOOK.to, "for": {"severity": "critical"}})
    world = World(tmp_path, (mild,))
    world.visit(saved(world.store, 1, [finding("a")])["scan"]["id"])
    assert world.got[HOOK.to] == {}


def test_two_entries_of_one_place_are_one_notification(tmp_path):
    one = Channel.model_validate({"to": HOOK.to, "for": {"severity": "critical"}})
    two = Channel.model_validate({"to": HOOK.to, "for": {"checks": ["bucket-*"]}})
    world = World(tmp_path, (one, two))
    world.visit(saved(world.store, 1, [finding("a"), finding("b", "critical")])["scan"]["id"])
    assert world.told() == [("new", "b"), ("new", "a")]
    assert len(world.got[HOOK.to]) == 1


def test_what_waits_for_a_channel_that_is_gone_is_kept_and_told(tmp_path):
    world = World(tmp_path)
    world.fails = {HOOK.to: "down"}
    world.visit(saved(world.store, 1, [finding("a")])["scan"]["id"])
    world.channels, world.fails = (MAIL,), {}
    out = world.visit()
    assert "no channel of this name" in out.waiting[0].why
    world.channels = (HOOK,)
    world.visit()
    assert world.told() == [("new", "a")]


def test_a_damaged_file_is_made_again_with_the_same_id(tmp_path):
    world = World(tmp_path)
    run = saved(world.store, 1, [finding("a")])["scan"]["id"]
    world.visit(run)
    path = tmp_path / "outbox" / f"{run}.json"
    path.write_text(path.read_text()[:40])
    warned = []
    box = Outbox(world.store, warned.append)
    box.queue(world.channels)
    assert "is damaged" in warned[0]
    assert not box.waiting(), "it was sent under the same id"


def test_old_files_are_forgotten_and_their_runs_not_told_again(tmp_path):
    world = World(tmp_path)
    world.visit(saved(world.store, 1, [finding("a")])["scan"]["id"])
    for number in range(2, 5):
        saved(world.store, number * 1_000, [finding("a")] + [finding(str(each)) for each in range(number)])
    world.visit()
    told = world.told()
    box = Outbox(world.store, pytest.fail)
    box.prune(dt.date(2026, 3, 1))
    assert len(list((tmp_path / "outbox").glob("*.json"))) == 1
    world.visit()
    assert world.told() == told


def test_a_run_of_an_unknown_shape_keeps_no_other_one_from_being_told(tmp_path):
    world = World(tmp_path)
    world.visit(saved(world.store, 1)["scan"]["id"])
    world.store.save(record(2, mended=[{"id": "odd"}]))
    saved(world.store, 3, [finding("a")])
    warned = []
    box = Outbox(world.store, warned.append)
    box.queue(world.channels)
    assert [each.about for waiting in box.waiting() for each in waiting.note.changes] == ["a"]
    assert "has an unknown shape" in warned[0]


def test_where_nothing_can_be_written_nothing_is_sent(tmp_path, monkeypatch):
    """It would be sent again by every visit, since nothing could say that it was."""
    world = World(tmp_path)
    world.fails = {HOOK.to: "down"}
    world.visit(saved(world.store, 1, [finding("a")])["scan"]["id"])
    world.fails = {}
    with monkeypatch.context() as patch:
        patch.setattr("auditor.store.shelf._write_once", _full)
        for _ in range(3):
            with pytest.raises(OSError, match="No space"):
                world.visit()
    assert world.got[HOOK.to] == {}
    world.visit()
    assert world.told() == [("new", "a")]


def _full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_an_outbox_in_a_bucket_outlives_the_machine(empty_account, pointed, tmp_path, monkeypatch):
    pointed(empty_account)
    empty_account.session_client("s3", "us-east-1").create_bucket(Bucket="runs")
    world = World("s3://runs/night")
    world.fails = {HOOK.to: "down"}
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "one"))
    world.store = Store("s3://runs/night")
    world.visit(saved(world.store, 1, [finding("a")])["scan"]["id"])
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "two"))
    world.store, world.fails = Store("s3://runs/night"), {}
    world.visit()
    world.visit()
    assert world.told() == [("new", "a")]
    assert len(world.got[HOOK.to]) == 1


# ---- any sequence of failures, held against a model

NIGHT = st.fixed_dictionaries(
    {
        "open": st.sets(st.sampled_from("abc")),
        "down": st.booleans(),
        "kill": st.sampled_from(["", "before queue", "after send", "in a write"]),
        "visits": st.integers(0, 2),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(nights=st.lists(NIGHT, min_size=1, max_size=6))
def test_each_change_is_told_exactly_once_over_any_failures(nights, tmp_path_factory):
    world = World(tmp_path_factory.mktemp("night"))
    known: set[str] = set()
    expected, kills = [], 0
    for number, night in enumerate(nights, 1):
        run = saved(world.store, number, [finding(each) for each in sorted(night["open"])])["scan"]["id"]
        expected += [(number, "new", each) for each in night["open"] - known]
        expected += [(number, "fixed", each) for each in known - night["open"]]
        known = set(night["open"])
        if number == 1:  # the outbox begins here, before anything can fail
            with (box := Outbox(world.store, pytest.fail)).turn():
                box.queue(world.channels, run)
        if night["kill"] == "before queue":
            continue
        kills += _visit(world, night)
        for _ in range(night["visits"]):
            world.fails = {HOOK.to: "down" if night["down"] else ""}
            world.visit()
    world.fails = {}
    world.visit()
    runs = {run: number for number, run in enumerate(world.store.ids(), 1)}
    got = [
        (runs[note.run], each.kind, each.about) for (note, *_) in world.got[HOOK.to].values() for each in note.changes
    ]
    assert sorted(got) == sorted(expected)
    copies = [len(each) for each in world.got[HOOK.to].values()]
    assert sum(copies) - len(copies) <= kills, "sent once more for each kill, and not more often"
    assert not Outbox(world.store, pytest.fail).waiting()


def _visit(world, night):
    """A visit in which the process may be killed; whether it was."""
    world.fails = {HOOK.to: "killed" if night["kill"] == "after send" else "down" if night["down"] else ""}
    with pytest.MonkeyPatch.context() as patch:
        if night["kill"] == "in a write":
            patch.setattr("auditor.store.shelf._write_once", _killed)
        try:
            world.visit()
        except Killed:
            return 1
    return 0


def _killed(*_):
    raise Killed
