"""One at a time changes an account: turns, the end of a lease whose owner is gone, and one that was taken meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from auditor.remedy.lease import LASTS, Lease, LeaseLost

ACCOUNT = "111122223333"
HOLD = """
import sys, time
from pathlib import Path
from auditor.remedy.lease import Lease
with Lease(Path(sys.argv[1]), sys.argv[2]):
    print("mine", flush=True)
    time.sleep(600)
"""


def told(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / f"{ACCOUNT}.json").read_text()))


def elsewhere(folder: Path, until: float) -> None:
    """A lease of a process on another machine, of which one cannot tell whether it lives."""
    folder.mkdir(exist_ok=True)
    owner = {"account": ACCOUNT, "token": "theirs", "pid": 1, "host": "elsewhere", "space": "", "until": until}
    (folder / f"{ACCOUNT}.json").write_text(json.dumps(owner))


def test_two_take_turns(tmp_path: Path) -> None:
    order: list[str] = []
    asked = threading.Event()

    def second() -> None:
        with Lease(tmp_path, ACCOUNT, lambda owner: asked.set()):
            order.append("second")

    with Lease(tmp_path, ACCOUNT):
        assert told(tmp_path)["account"] == ACCOUNT
        assert (tmp_path / f"{ACCOUNT}.json").stat().st_mode & 0o077 == 0
        other = threading.Thread(target=second)
        other.start()
        assert asked.wait(20)
        order.append("first")
    other.join(20)
    assert order == ["first", "second"]
    assert told(tmp_path) == {}


def test_other_accounts_need_not_wait(tmp_path: Path) -> None:
    with Lease(tmp_path, ACCOUNT), Lease(tmp_path, "444455556666") as other:
        other.check()


def test_a_killed_owner_leaves_no_lock(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path), ACCOUNT], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    process.kill()
    process.wait()
    waited: list[str] = []
    with Lease(tmp_path, ACCOUNT, waited.append) as lease:
        lease.check()
    assert waited == []


@pytest.mark.parametrize(("until", "waits"), [(99.0, 0), (101.0, 1)])
def test_a_lease_of_another_machine_ends_by_itself(tmp_path: Path, until: float, waits: int) -> None:
    clock = [100.0]
    elsewhere(tmp_path, until)
    waited: list[str] = []

    def sleep(seconds: float) -> None:
        clock[0] += 5

    with Lease(tmp_path, ACCOUNT, waited.append, now=lambda: clock[0], sleep=sleep):
        assert told(tmp_path)["until"] == clock[0] + LASTS
    assert len(waited) == waits
    assert all("elsewhere" in each for each in waited)


def test_nothing_more_is_changed_once_somebody_else_took_over(tmp_path: Path) -> None:
    with Lease(tmp_path, ACCOUNT) as lease:
        elsewhere(tmp_path, 9e9)
        with pytest.raises(LeaseLost, match=ACCOUNT):
            lease.check()
    assert told(tmp_path)["token"] == "theirs"


def test_a_damaged_lease_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / f"{ACCOUNT}.json").write_text('{"tok')
    with Lease(tmp_path, ACCOUNT, lambda owner: pytest.fail("waited")) as lease:
        lease.check()
