"""A defect of ours never looks like findings, and takes nothing away from what could be told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from auditor.aws.requests import Request
from auditor.checks import judge as judging
from auditor.cli import group
from auditor.cli._errors import told
from auditor.findings import record
from auditor.sources import snapshot
from auditor.sources.live import Place

ACCOUNT = "111122223333"
PLACE = Place(ACCOUNT, "aws", "us-east-1", ("us-east-1",))
OPEN = {"PublicAccessBlockConfiguration": dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls"), False)}


def saved(folder, answers):
    """An inventory of S3 with one bucket; what is not given says "not set"."""
    buckets = {"Buckets": [{"Name": "bucket", "BucketRegion": "us-east-1"}]}
    replies = {Request.of(ACCOUNT, "us-east-1", "s3", "list_buckets", {"MaxBuckets": 1000}): buckets}
    for operation, answer in answers.items():
        replies[Request.of(ACCOUNT, "us-east-1", "s3", operation, {"Bucket": "bucket"})] = answer
    snapshot.save(folder / "inventory.jsonl", PLACE, replies)
    return str(folder / "inventory.jsonl")


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """The program in this process: exit code, stdout, stderr."""
    source = saved(tmp_path, {"get_bucket_versioning": {}, "get_public_access_block": OPEN})
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def ran(*words):
        monkeypatch.setattr("sys.argv", ["auditor", *words, "--from", source])
        code = told(group)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return ran


def ids():
    from auditor.checks.rules import load_rules

    return sorted(rule.id for rule in load_rules([]) if rule.on == ["AWS::S3::Bucket"] or "AWS::S3::Bucket" in rule.on)


def broken_rule(monkeypatch, name):
    whole = judging._judge_one

    def judge_one(out, graph, rule, resource):
        if rule.id == name:
            raise ZeroDivisionError("a defect")
        whole(out, graph, rule, resource)

    monkeypatch.setattr(judging, "_judge_one", judge_one)


def chosen():
    return [word for each in ids() for word in ("--rule", each)]


def test_a_defect_in_one_rule_leaves_the_others(run, monkeypatch):
    _, out, _ = run("check", "--no-store", "--format", "json", *chosen())
    before = {each["id"]: each["check"] for each in json.loads(out)["findings"]}
    victim = min(before.values())
    broken_rule(monkeypatch, victim)
    code, out, err = run("check", "--no-store", "--format", "json", *chosen())
    after = json.loads(out)
    assert code == 70
    assert {each["id"] for each in after["findings"]} == {each for each, check in before.items() if check != victim}
    assert not after["coverage"]["complete"]
    assert any(victim in gap["operation"] for gap in after["coverage"]["gaps"])
    assert victim not in after["scan"]["rules"]
    file = re.search(r"The traceback is in (\S+);", err)
    assert "ZeroDivisionError: a defect" in Path(file[1]).read_text()


def test_a_check_that_a_defect_left_out_is_no_call_that_failed(run, monkeypatch):
    victims = ids()
    broken_rule(monkeypatch, victims[0])
    _, out, _ = run("check", "--no-store", "--rule", victims[0])
    assert "1 check was left out by a defect of auditor" in out


def test_what_a_defect_leaves_out_is_not_mended(run, monkeypatch):
    run("check", *chosen())
    _, out, _ = run("check", "--format", "json", *chosen())
    victim = json.loads(out)["findings"][0]["check"]
    broken_rule(monkeypatch, victim)
    code, out, _ = run("check", "--format", "json", *chosen())
    after = json.loads(out)
    assert (code, after["mended"]) == (70, [])
    assert victim in {each["check"] for each in after["carried"]}


def test_a_defect_outside_the_rules_says_what_was_read(run, monkeypatch):
    monkeypatch.setattr(record, "run", lambda **_: 1 / 0)
    code, out, err = run("check", "--no-store", *chosen())
    assert (code, out) == (70, "")
    assert "a defect of auditor" in err
    assert "1 resource of account 111122223333" in err
    assert "calls failed" in err  # with what could not be read


@pytest.mark.parametrize("fault", ["a file where the folder belongs", "full"])
def test_a_store_that_takes_nothing_loses_no_report(run, monkeypatch, tmp_path, fault):
    if fault == "full":

        def full(path, data):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("auditor.store.shelf._write_once", full)
    else:
        (tmp_path / "state").write_text("")
    code, out, err = run("check", "--format", "json", *chosen())
    whole, _, _ = run("check", "--no-store", "--format", "json", *chosen())
    assert json.loads(out)["findings"]
    assert "could not be saved" in err
    assert code == whole != 0
