"""`auditor history` and `--store s3://`: what was kept, in a line a run, and whether it is still as it was."""

from __future__ import annotations

import json

import jsonschema
import pytest

from auditor.report.schema import schema
from auditor.store import Store
from tests.report import sample

STATE = ("state", "auditor")


def night(number, broken=9, complete=True, account="123456789012"):
    run = sample.run()
    run["scan"] |= {"id": "", "finished": f"2026-01-{number:02}T03:00:00Z", "accounts": [account]}
    run["summary"] |= {
        "broken": broken,
        "by_severity": {**dict.fromkeys(run["summary"]["by_severity"], 0), "low": broken},
    }
    run["coverage"] = {"complete": complete, "gaps": [] if complete else sample.run()["coverage"]["gaps"]}
    return run


@pytest.fixture
def kept(tmp_path):
    store = Store(tmp_path.joinpath(*STATE))
    runs = [(1, 0, True), (2, 4, True), (3, 8, False), (4, 8, True)]
    return store, [store.save(night(*each))["scan"]["id"] for each in runs]


def test_a_line_a_run_and_the_trend(auditor, kept):
    _, runs = kept
    ran = auditor("history", env={"COLUMNS": "120"})
    assert ran.code == 0, ran.err
    lines = ran.out.strip().splitlines()
    assert lines[0].split() == ["Account", "123456789012", "4"]
    assert [line.split()[-1] for line in lines[1:5]] == runs[::-1]
    assert "2026-01-04 03:00  8 broken (8 low)" in lines[1]
    assert "incomplete" in lines[2]
    assert "incomplete" not in lines[1]
    assert "broken: ▁▅·█ (0 to 8, at most 8; a point is an incomplete run)" in ran.out
    assert len(auditor("history", "--last", "2", env={"COLUMNS": "120"}).out.strip().splitlines()) == 4


def test_runs_of_one_account(auditor, kept):
    store, runs = kept
    other = store.save(night(5, account="999999999999"))["scan"]["id"]
    assert "Account 999999999999  1" in auditor("history").out
    rows = json.loads(auditor("history", "--account", "999999999999", "--format", "json").out)
    assert [row["run"] for row in rows] == [other]
    rows = json.loads(auditor("history", "--format", "json").out)
    assert [row["run"] for row in rows] == [other, *runs[::-1]]
    assert (rows[2]["broken"], rows[2]["complete"], rows[2]["verdict"]) == (8, False, "broken")
    none = auditor("history", "--account", "1")
    assert (none.code, none.out) == (0, "")
    assert "no saved run of account 1" in none.err


def test_what_was_altered_is_told_with_its_own_exit_code(auditor, kept, tmp_path):
    _, runs = kept
    fine = auditor("history", "--verify")
    assert fine.code == 0, fine.err
    assert "every run is as it was kept; the chain has 4 links and ends in" in " ".join(fine.out.split())
    tmp_path.joinpath(*STATE, "runs", f"{runs[1]}.jsonl.gz").unlink()
    ran = auditor("history", "--verify")
    assert ran.code == 1
    assert f"run {runs[1]} is missing, and no pruning names it" in " ".join(ran.out.split())
    told = json.loads(auditor("history", "--verify", "--format", "json").out)
    assert (told["links"], len(told["faults"])) == (4, 1)


def test_old_runs_go_aloud(auditor, kept):
    store, runs = kept
    gone = auditor("history", "--prune", "1d")
    assert (gone.code, gone.out.split()) == (0, runs[:3])
    assert "took 3 runs out" in gone.err
    assert auditor("history", "--verify").code == 0
    assert store.ids() == runs[3:]
    for wrong in ("1", "0d", "x"):
        assert "write it like 400d" in auditor("history", "--prune", wrong).err
    assert auditor("history", "--prune", "1d", "--verify").code == 2


@pytest.mark.e2e
def test_a_night_in_a_bucket(auditor, cuggu, tmp_path):
    cuggu.client("s3", "us-east-1").create_bucket(Bucket="nights-of-cuggu")
    (tmp_path / "auditor.yaml").write_text("store: s3://nights-of-cuggu/prod\nrules: [keys-rotate]\n", encoding="utf-8")
    try:
        for _ in range(2):
            ran = auditor("check", "--format", "json", box=cuggu.box)
            assert ran.code in (0, 3), ran.err
        assert json.loads(ran.out)["scan"]["previous"]
        rows = json.loads(auditor("history", "--format", "json", box=cuggu.box).out)
        assert len(rows) == 2
        assert auditor("history", "--verify", box=cuggu.box).code == 0
        assert json.loads(auditor("report", "--format", "json", box=cuggu.box).out)["scan"]["id"] == rows[0]["run"]
        doctor = json.loads(auditor("doctor", "--format", "json", box=cuggu.box).out)
        assert next(each for each in doctor if each["what"] == "store")["state"] == "ok"
        refused = auditor("check", "--store", "s3://there-is-none", "--rule", "keys-rotate", box=cuggu.box)
        assert refused.code == 2
        assert "there is no such bucket" in refused.err
        assert "keys-rotate" in refused.out or "keeps every rule" in refused.out, "the run is told all the same"
    finally:
        s3 = cuggu.client("s3", "us-east-1")
        for row in s3.list_objects_v2(Bucket="nights-of-cuggu").get("Contents", ()):
            s3.delete_object(Bucket="nights-of-cuggu", Key=row["Key"])
        s3.delete_bucket(Bucket="nights-of-cuggu")


@pytest.mark.e2e
def test_only_what_drifted_fails_a_pipeline(auditor, copy_of_cuggu):
    """Neither what was there, nor what a rule finds that is checked for the first time."""
    box, words = copy_of_cuggu.box, ("--fail-on-new", "--fail-on", "low", "--format", "json", "--rule", "keys-rotate")
    public = {"DBInstanceIdentifier": copy_of_cuggu["database"], "ApplyImmediately": True}
    first = auditor("check", *words, box=box)
    assert (first.code, "no earlier run to compare with" in first.err) == (0, True)
    copy_of_cuggu.client("rds").modify_db_instance(PubliclyAccessible=True, **public)
    ran = auditor("check", *words, "--rule", "database-not-public", box=box)
    run = json.loads(ran.out)
    assert [(each["status"], each["newly_checked"]) for each in run["findings"]] == [("new", "rule")]
    assert (run["summary"]["new"], run["summary"]["newly_checked"]) == (0, 1)
    assert ran.code == 0
    jsonschema.validate(run, schema())
    copy_of_cuggu.client("kms").disable_key_rotation(KeyId=copy_of_cuggu["key"])
    ran = auditor("check", *words, "--rule", "database-not-public", box=box)
    assert ran.code == 1
    assert {each["check"]: each["status"] for each in json.loads(ran.out)["findings"]} == {
        "database-not-public": "still", "keys-rotate": "new"
    }  # fmt: skip
    assert auditor("check", *words, "--rule", "database-not-public", box=box).code == 0
    assert auditor("check", *words, "--no-store", box=box).code == 2


def test_a_run_is_compared_with_any_earlier_one(auditor, kept):
    """Of nine findings the first night had none and the second four: five came since, and one went."""
    store, _ = kept
    every = sample.run()["findings"]
    some = [{**each, "status": "new"} for each in every]
    rules = {"rules": sorted({each["check"] for each in every}), "regions": sample.run()["scan"]["regions"]}

    def saved(number, *findings):
        run = night(number, account="222222222222")
        run["findings"] = [{**each, "resource": {**each["resource"], "account": "222222222222"}} for each in findings]
        run["scan"] |= rules
        return store.save(run)["scan"]["id"]

    one, two = saved(11, *some[:4]), saved(12, *some[1:4])
    three = saved(13, *some[1:])
    told = json.loads(auditor("report", three, "--since", one, "--format", "json").out)
    assert [each["status"] for each in told["findings"]] == ["still"] * 3 + ["new"] * (len(some) - 4)
    assert told["scan"]["previous"] == {"id": one}
    told = json.loads(auditor("report", three, "--since", two, "--format", "json").out)
    assert told["scan"]["previous"] == {"id": two}
    assert "is not earlier" in auditor("report", one, "--since", three).err
    assert "is of other accounts than" in auditor("report", three, "--since", "20260101").err
