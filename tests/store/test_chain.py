"""What was kept is there as it was: the chain finds each run that is gone or altered, in a folder and in a bucket."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from auditor.aws.bucket import Bucket
from auditor.sandbox import sandbox
from auditor.store import Store, chain
from auditor.store.shelf import Folder, shelf_of
from tests.store.test_store import finding, record
from tests.test_structure import ROOT


@pytest.fixture(scope="module")
def box():
    with sandbox() as started:
        started.session_client("s3", "us-east-1").create_bucket(Bucket="audit-runs")
        yield started


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path, monkeypatch):
    """An empty store, on this machine and in S3."""
    if request.param == "folder":
        return tmp_path / "store"
    box = request.getfixturevalue("box")
    for name, value in box.environ().items():
        monkeypatch.setenv(name, value)
    return f"s3://audit-runs/{tmp_path.name}"


def change(store: Store, name: str, data: bytes | None) -> None:
    """What a stranger with the right to write does."""
    store.shelf.remove(name)
    if data is not None:
        store.shelf.add(name, data)


def test_runs_come_back_from_anywhere(place):
    store = Store(place)
    assert (store.ids(), store.latest(), store.verify().faults) == ([], None, [])
    kept = [store.save(record(number, findings=[finding("a")])) for number in (1, 2, 3)]
    assert store.save(record(2, findings=[finding("a")])) == kept[1]
    assert Store(place).latest() == store.load("20250101T000003") == kept[2]
    assert [head["scan"]["id"] for head in store.runs()] == [each["scan"]["id"] for each in reversed(kept)]
    found = store.verify()
    assert (found.links, found.faults, found.notes) == (3, [], [])
    assert found.tip == store.verify().tip


def links(store):
    return [link for _, _, link in chain.links(store.shelf)]


FAULTS = {
    "a run is gone": (lambda store, runs: change(store, f"runs/{runs[1]}.jsonl.gz", None), "is missing, and no pruning"),
    "the last run is gone": (lambda store, runs: change(store, f"runs/{runs[3]}.jsonl.gz", None), "is missing"),
    "a run is altered": (lambda store, runs: change(store, f"runs/{runs[1]}.jsonl.gz", b"x"), "its hash differs"),
    "a link is gone": (lambda store, runs: change(store, "chain/00000002.json", None), "link 2 is missing"),
    "the first is gone": (lambda store, runs: change(store, "chain/00000001.json", None), "link 1 is missing"),
    "a link is garbage": (lambda store, runs: change(store, "chain/00000002.json", b"{"), "damaged"),
    "a run is put there": (
        lambda store, runs: change(store, "runs/20240101T000000000Z-aaaaaaaa.jsonl.gz", b"x"), "stands in no link"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_whatever_is_taken_away_or_changed_is_found(place, what):
    store = Store(place, lambda message: None)
    runs = [store.save(record(number))["scan"]["id"] for number in (1, 2, 3, 4)]
    harm, said = FAULTS[what]
    harm(store, runs)
    assert any(said in each for each in store.verify().faults)
    store.save(record(5))  # and no later run hides it
    assert any(said in each for each in store.verify().faults)


def test_a_run_and_its_link_rewritten_together_do_not_fit_the_next_link(tmp_path):
    store = Store(tmp_path)
    runs = [store.save(record(number))["scan"]["id"] for number in (1, 2, 3)]
    change(store, f"runs/{runs[1]}.jsonl.gz", b"other")
    told = links(store)[1] | {"sha256": chain.sha256(b"other")}
    change(store, "chain/00000002.json", (json.dumps(told, sort_keys=True, indent=1) + "\n").encode())
    assert store.verify().faults == ["link 3 does not follow link 2: one of them was changed"]


def test_runs_that_were_kept_before_there_was_a_chain_are_linked(tmp_path):
    store = Store(tmp_path)
    runs = [store.save(record(number))["scan"]["id"] for number in (1, 2)]
    for path in (tmp_path / "chain").iterdir():
        path.unlink()
    store.save(record(3))
    found = store.verify()
    assert (found.links, found.faults, len(found.notes)) == (3, [], 2)
    assert [each["run"] for each in links(store)][:2] == runs


class Killed(BaseException):
    """What no code of ours catches."""


class Dying:
    """A shelf whose writer dies as it adds to a room."""

    def __init__(self, shelf: Any, room: str, error: BaseException) -> None:
        self.shelf, self.room, self.error = shelf, room, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shelf, name)

    def add(self, name: str, data: bytes) -> bool:
        if name.startswith(self.room):
            raise self.error
        return bool(self.shelf.add(name, data))


@pytest.mark.parametrize("error", [Killed(), OSError(errno.ENOSPC, "no space left")])
def test_a_write_that_ends_before_the_bundle_or_before_its_link_loses_nothing(place, error):
    store = Store(place)
    first = store.save(record(1))
    for number, room in ((2, "runs"), (3, "chain")):
        dying = Store(place)
        dying.shelf = Dying(dying.shelf, room, error)
        with pytest.raises(type(error)):
            dying.save(record(number))
    assert store.load(first["scan"]["id"]) == first
    assert [each for each in store.verify().faults if "interrupted" in each]
    last = store.save(record(4))
    found = store.verify()
    assert (found.faults, len(found.notes)) == ([], 1)
    assert len(store.ids()) == 3
    assert store.latest() == last


def test_of_writers_at_the_same_moment_none_is_lost_and_each_is_linked_once(place):
    """Each link names the one before it, so two at one number would be two histories."""
    Store(place).save(record(1))
    errors: list[BaseException] = []

    def write(number: int) -> None:
        try:
            Store(place).save(record(number))
        except BaseException as error:  # noqa: BLE001  told in the test's own thread
            errors.append(error)

    writers = [threading.Thread(target=write, args=(2 + number % 6,)) for number in range(12)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert not errors
    store = Store(place)
    assert store.verify().faults == []
    assert sorted(each["run"] for each in links(store)) == store.ids()
    assert len(store.ids()) == 7


WRITER = """
import sys
from auditor.store import Store
from tests.store.test_store import record
store = Store(sys.argv[1])
store.save(record(1))
print("begun", flush=True)
for number in range(2, 60):
    store.save(record(number, more="x" * 200_000))
"""


@pytest.mark.process
def test_a_process_that_is_killed_leaves_whole_runs_only(tmp_path):
    for turn in range(3):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / str(turn))], stdout=subprocess.PIPE,
                                   cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        while len(Folder(tmp_path / str(turn)).names("chain")) < 3 + 7 * turn and process.poll() is None:
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        store = Store(tmp_path / str(turn))
        runs = store.ids()
        assert [store.load(each)["scan"]["id"] for each in runs] == runs
        last = store.save({**record(59), "findings": [finding("last")]})
        assert store.verify().faults == []
        assert store.latest() == last


def test_what_is_too_old_goes_aloud_and_the_newest_state_of_each_account_stays(place):
    store = Store(place)
    alone = store.save(record(1, ("2",)))
    old = [store.save(record(number))["scan"]["id"] for number in (2, 3)]
    assert store.prune(dt.datetime(2024, 1, 1, tzinfo=dt.UTC)) == []
    assert store.prune(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == old[:1]
    assert store.ids() == [alone["scan"]["id"], old[1]]
    store.save(record(5))
    assert store.verify().faults == []
    assert store.prune(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == old[1:]
    found = store.verify()
    assert (found.links, found.faults) == (6, [])
    # One that goes without being named is another matter.
    change(store, f"runs/{alone['scan']['id']}.jsonl.gz", None)
    assert len(store.verify().faults) == 1


def test_a_pruning_that_was_interrupted_is_finished_by_the_next(tmp_path):
    store = Store(tmp_path)
    runs = [store.save(record(number))["scan"]["id"] for number in (1, 2)]
    chain.append(store.shelf, {"pruned": [{"run": runs[0]}]}, 0)
    assert store.verify().faults == []
    assert store.prune(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == runs[:1]
    assert store.verify().faults == []


def test_a_bucket_that_cannot_be_reached_takes_nothing_and_says_why(box, monkeypatch):
    for name, value in box.environ().items():
        monkeypatch.setenv(name, value)
    heard: list[str] = []
    store = Store("s3://no-such-bucket-here/x", heard.append)
    assert store.latest() is None
    assert "there is no such bucket" in heard[0]
    with pytest.raises(OSError, match="could not be read to compare with"):
        store.save(record(1))
    with pytest.raises(OSError, match="no such bucket"):
        Store("s3://no-such-bucket-here/x").save(record(1))


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("AccessDenied", PermissionError, "allow s3:PutObject for the credentials of the environment"),
        ("SlowDown", OSError, "SlowDown: slower"),
        ("NoSuchBucket", OSError, "there is no such bucket"),
    ],
)
def test_a_refused_put_names_its_cure(code, kind, said):
    from botocore.exceptions import ClientError

    class Client:
        def put_object(self, **params: Any) -> None:
            assert params["IfNoneMatch"] == "*"
            assert "IfMatch" not in params
            raise ClientError({"Error": {"Code": code, "Message": "slower"}}, "PutObject")

    with pytest.raises(kind, match=said):
        Bucket("b", "p", Client()).add("runs/x", b"")


def test_a_conflict_that_s3_asks_to_try_again_is_tried_again():
    """AWS: 409 ConditionalRequestConflict, where a conflicting operation happened during the request."""
    from botocore.exceptions import ClientError

    answers = ["ConditionalRequestConflict", "ConditionalRequestConflict", ""]

    class Client:
        def put_object(self, **params: Any) -> None:
            if code := answers.pop(0):
                raise ClientError({"Error": {"Code": code, "Message": ""}}, "PutObject")

    assert Bucket("b", "", Client()).add("runs/x", b"")
    assert not answers


def test_where_a_store_may_lie(tmp_path):
    assert shelf_of("s3://bucket") == Bucket("bucket")
    assert shelf_of("s3://bucket/a/b/") == Bucket("bucket", "a/b")
    assert shelf_of(tmp_path) == Folder(tmp_path)
    for wrong in ("s3://", "s3:///x", "s3://UPPER/x", "s3://a"):
        with pytest.raises(ValueError, match="names no bucket"):
            shelf_of(wrong)


def test_what_a_run_read_is_kept_held_and_pruned_with_it(place):
    store = Store(place)
    runs = [store.save(record(number), {"1": b"read", "2": b"other"})["scan"]["id"] for number in (1, 2)]
    assert [data for _, data in store.inventories(runs[0])] == [b"read", b"other"]
    assert store.inventories("20200101T000000000Z-aaaaaaaa") == []
    assert store.verify().faults == []
    change(store, f"inventories/{runs[1]}.2.jsonl.gz", None)
    assert store.verify().faults == [f"inventories/{runs[1]}.2.jsonl.gz is missing, and no pruning names it"]
    store.prune(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert store.inventories(runs[0]) == []
    assert len(store.inventories(runs[1])) == 1
    assert len(store.verify().faults) == 1
