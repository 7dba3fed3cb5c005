"""What is kept stays as it was written, and what is damaged is said to be."""

from __future__ import annotations

import errno
import gzip
import os
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.store import BadBundle, NoSuchRun, Store
from auditor.store.bundle import run_id, to_bytes, whole
from auditor.store.store import default_folder


def from_file(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return whole(stream, str(path))


def record(number: int = 1, accounts: tuple[str, ...] = ("1",), source: str = "live", **more: Any) -> dict[str, Any]:
    return {
        "schema_version": "1",
        "scan": {
            "id": "",
            "finished": f"2025-01-01T00:00:{number:02}Z",
            "source": source,
            "accounts": list(accounts),
        },
        "coverage": {"complete": False, "gaps": [{"account": "1"}]},
        "findings": [],
        "mended": [],
        "map": {"boxes": [], "nodes": [{"id": "한글"}], "links": []},
        **more,
    }


def finding(name: str, account: str = "1") -> dict[str, Any]:
    return {"id": name, "resource": {"account": account}}


def test_a_run_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept = store.save(record(findings=[finding("b"), finding("a")]))
    assert kept["scan"]["id"].startswith("20250101T000001000Z-")
    assert store.load(kept["scan"]["id"]) == kept
    assert store.load("2025") == kept
    assert store.latest() == store.load("latest") == kept
    (path,) = (tmp_path / "runs").iterdir()
    assert path.read_bytes() == to_bytes(kept)
    lines = gzip.decompress(path.read_bytes()).splitlines()
    assert len(lines) == 6
    assert b'"of":"findings"' in lines[3]


def test_the_same_run_is_the_same_file_and_another_never_takes_its_place(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.save(record())
    assert store.save(record()) == first
    assert store.save(first) == first
    assert len(store.ids()) == 1
    path = tmp_path / "runs" / f"{first['scan']['id']}.jsonl.gz"
    path.write_bytes(b"another")
    with pytest.raises(FileExistsError):
        store.save(record())
    assert path.read_bytes() == b"another"
    assert len(list((tmp_path / "runs").iterdir())) == 1, "no draft is left"


def test_keys_in_any_order_give_the_same_bytes() -> None:
    whole = record(findings=[finding("a")])
    texts = {to_bytes(dict(order)) for order in list(permutations(whole.items()))[::97]}
    assert len(texts) == 1
    assert len({run_id(dict(order)) for order in list(permutations(whole.items()))[::97]}) == 1


def test_ids_sort_by_time_whatever_the_offset_it_is_told_in() -> None:
    early = record()
    early["scan"]["finished"] = "2025-01-01T08:59:59.500+09:00"
    assert run_id(early) < run_id(record(0)) < run_id(record(1))


def test_ids_that_are_unclear_are_said_to_be(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for prefix in ("", "x", "latest"):
        with pytest.raises(NoSuchRun):
            store.load(prefix)
    store.save(record(1))
    store.save(record(2))
    with pytest.raises(NoSuchRun, match="beginning of 2 runs"):
        store.load("2025")


def test_a_bundle_cut_or_altered_anywhere_is_damaged_and_named(tmp_path: Path) -> None:
    data = to_bytes(record(findings=[finding("a")]))
    path = tmp_path / "bundle"
    for cut in range(len(data)):
        path.write_bytes(data[:cut])
        with pytest.raises(BadBundle, match="bundle"):
            from_file(path)
    whole = gzip.decompress(data).splitlines(keepends=True)
    for skipped in range(len(whole)):
        path.write_bytes(gzip.compress(b"".join(whole[:skipped] + whole[skipped + 1 :])))
        with pytest.raises(BadBundle):
            from_file(path)
    for text in (b"", b"{}", b"[]", b'{"format": "auditor-run/9"}', b'{"format": "auditor-run/1"}', b"\xff"):
        path.write_bytes(gzip.compress(text))
        with pytest.raises(BadBundle):
            from_file(path)
    path.write_bytes(b"plain")
    with pytest.raises(BadBundle):
        from_file(path)


def test_damaged_runs_are_passed_over_aloud(tmp_path: Path) -> None:
    heard: list[str] = []
    store = Store(tmp_path, heard.append)
    first, second = store.save(record(1)), store.save(record(2))
    path = tmp_path / "runs" / f"{second['scan']['id']}.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-5])
    assert store.latest() == first
    assert len(heard) == 1
    assert str(path) in heard[0]
    before = store.previous(second["scan"] | {"id": ""})
    assert (before["runs"], before["findings"]) == ([first["scan"]["id"]], [])
    with pytest.raises(BadBundle, match=second["scan"]["id"]):
        store.load(second["scan"]["id"])
    path.write_bytes(b"nothing at all")
    with pytest.warns(UserWarning, match="skipped"):
        assert Store(tmp_path).latest() == first
    heard.clear()
    assert [head["scan"]["id"] for head in store.runs()] == [first["scan"]["id"]]
    assert heard


def test_an_empty_or_missing_store_has_no_past(tmp_path: Path) -> None:
    store = Store(tmp_path / "none")
    assert (store.ids(), store.latest(), store.previous(record()["scan"])) == ([], None, None)
    assert not (tmp_path / "none").exists()


def test_an_account_s_state_is_that_of_the_newest_run_that_had_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    both = store.save(record(1, ("1", "2"), findings=[finding("a1", "1"), finding("a2", "2"), finding("none", "")]))
    one = store.save(record(2, ("1",), findings=[], carried=[finding("c1", "1")]))
    store.save(record(3, ("1", "2"), source="terraform", findings=[finding("tf", "1")]))
    state = store.previous(record(9, ("1", "2"))["scan"])
    assert state
    assert state["runs"] == [one["scan"]["id"], both["scan"]["id"]]
    assert [each["id"] for each in state["findings"]] == ["a2", "c1", "none"]
    alone = store.previous(record(9, ("2",))["scan"])
    assert alone
    assert [each["id"] for each in alone["findings"]] == ["a2"]
    assert store.previous(record(9, ("3",))["scan"]) is None
    assert store.latest(record(9, ("2",))["scan"]) == both


def test_a_file_system_without_links_keeps_runs_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    store = Store(tmp_path)
    kept = store.save(record())
    assert store.latest() == kept
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_a_run_that_could_not_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    store = Store(tmp_path)
    with pytest.raises(OSError, match="full"):
        store.save(record())
    assert list((tmp_path / "runs").iterdir()) == []


def test_where_runs_are_kept() -> None:
    assert default_folder({"XDG_STATE_HOME": "/state", "HOME": "/h"}, "darwin") == Path("/state/auditor")
    assert default_folder({"XDG_STATE_HOME": "relative", "HOME": "/h"}, "linux") == Path("/h/.local/state/auditor")
    assert default_folder({"HOME": "/h"}, "darwin") == Path("/h/Library/Application Support/auditor")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(more=st.dictionaries(st.sampled_from(["findings", "map", "rules", "x", "y"]), _VALUES, max_size=4))
def test_any_record_comes_back(tmp_path_factory: Any, more: dict[str, Any]) -> None:
    whole = {**record(), **more}
    path = tmp_path_factory.mktemp("bundle") / "run"
    path.write_bytes(to_bytes(whole))
    assert from_file(path) == whole


@pytest.mark.parametrize(
    "damage",
    [
        {"scan": None},
        {"findings": None},
        {"findings": [None]},
        {"findings": [{"resource": None}]},
        {"carried": {"a": 1}},
        {"promises": None},
        {"coverage": None},
        {"coverage": {"gaps": None}},
        *({"scan": {"id": "20250101T000002000Z-aaaaaaaa", "finished": "2025-01-01T00:00:02Z", name: None}}
          for name in ("accounts", "regions", "types", "rules", "baselines")),
    ],
)  # fmt: skip
def test_a_run_of_another_shape_is_passed_over_aloud(tmp_path: Path, damage: dict[str, Any]) -> None:
    heard: list[str] = []
    store = Store(tmp_path, heard.append)
    kept = store.save(record(1))
    path = tmp_path / "runs" / "20250101T000002000Z-aaaaaaaa.jsonl.gz"
    path.write_bytes(to_bytes({**record(2), **damage}))
    store.previous(kept["scan"])
    assert store.latest()["scan"]["id"] == kept["scan"]["id"]
    assert heard
