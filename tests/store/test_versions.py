"""Runs that older versions kept stay readable: a sample of each version of the record, as it was written then.

A new version of the record brings a new sample; the old ones are never written again.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from auditor import report
from auditor.findings.record import SCHEMA_VERSION
from auditor.findings.since import since
from auditor.findings.together import parts
from auditor.store import Store
from tests.store.test_store import from_file

HERE = Path(__file__).parent
SAMPLES = {
    "1": HERE.parent / "findings" / "data" / "drifted-version-1.jsonl.gz",
    "2": HERE / "data" / "version-2.jsonl.gz",
}


def test_there_is_a_sample_of_each_version():
    assert {from_file(path)["schema_version"] for path in SAMPLES.values()} == set(SAMPLES)
    assert SCHEMA_VERSION in SAMPLES, "keep a run of the new version beside the others"


@pytest.fixture(params=SAMPLES)
def kept(request, tmp_path):
    path = SAMPLES[request.param]
    run = from_file(path)
    (tmp_path / "runs").mkdir()
    shutil.copy(path, tmp_path / "runs" / f"{run['scan']['id'] or '20250101T000000000Z-aaaaaaaa'}.jsonl.gz")
    return Store(tmp_path, lambda message: pytest.fail(message)), run


def test_an_old_run_is_listed_and_told_in_every_format(kept):
    store, _ = kept
    assert len([*store.runs()]) == 1
    for name in report.formats():
        if name not in ("annotations", "codequality"):
            report.write(name, store.load(store.ids()[0]), io.StringIO(), report.Options(verbose=True))


def test_a_run_of_now_is_compared_with_an_old_one(kept):
    """What was open stays open and has an age; nothing is lost or called fixed by reading it today."""
    store, run = kept
    before = store.previous({**run["scan"], "id": "other"})
    assert before
    now = {**run, "scan": {**run["scan"], "id": "", "finished": "2099-01-01T00:00:00Z"}}
    out = since(before, now)
    assert {each["status"] for each in out["findings"]} == {"still"}
    assert (out["mended"], out["carried"]) == ([], [])
    assert all(each["first_seen"] == run["scan"]["finished"] for each in out["findings"])
    nothing = since(before, {**now, "findings": [], "scan": {**now["scan"], "rules": [], "baselines": []}})
    carried, known = ({part["id"] for each in rows for part in parts(each)}
                      for rows in (nothing["carried"], out["findings"]))  # fmt: skip
    assert carried == known
    assert nothing["mended"] == []


def test_an_old_run_is_linked_by_the_next_and_pruned_like_any(kept):
    store, run = kept
    store.save({**run, "scan": {**run["scan"], "id": "", "finished": "2098-01-01T00:00:00Z"}})
    found = store.verify()
    assert (found.links, found.faults, len(found.notes)) == (2, [], 1)
