"""Plan, apply and rollback as they are typed: what the program advises works, and what does nothing says so."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import stat
import subprocess
import sys

import pytest

from auditor.remedy.lease import Lease
from auditor.sandbox.server import ACCOUNT
from tests.cli.conftest import ROOT

pytestmark = pytest.mark.e2e


def public(built, value=True):
    built.client("rds").modify_db_instance(
        DBInstanceIdentifier=built["database"], PubliclyAccessible=value, ApplyImmediately=True
    )


def is_public(built):
    (found,) = built.client("rds").describe_db_instances(DBInstanceIdentifier=built["database"])["DBInstances"]
    return found["PubliclyAccessible"]


def no_rotation(built):
    built.client("kms").disable_key_rotation(KeyId=built["key"])


def rotates(built):
    return built.client("kms").get_key_rotation_status(KeyId=built["key"])["KeyRotationEnabled"]


def advised(text, command):
    """The command that the program tells one to type."""
    return shlex.split(re.findall(rf"auditor ({command} .*)", text)[-1])


@pytest.fixture
def planned(auditor, copy_of_cuggu, tmp_path):
    """A plan for the key's rotation, in plan.json."""
    no_rotation(copy_of_cuggu)
    ran = auditor("plan", "--rule", "keys-rotate", "-o", "plan.json", box=copy_of_cuggu.box)
    assert ran.code == 0
    return copy_of_cuggu


def test_a_plan_made_with_a_baseline_is_applied_as_the_program_says(auditor, copy_of_cuggu, tmp_path):
    public(copy_of_cuggu)
    box = copy_of_cuggu.box
    planned = auditor("plan", "--baseline", "cuggu", "--no-rules", "-o", "a plan.json", box=box)
    told = json.loads((tmp_path / "a plan.json").read_text())
    assert told["judged_by"]["baselines"] == ["cuggu"]
    assert told["judged_by"]["with_rules"] is False
    applied = auditor(*advised(planned.err, "apply"), "--allow", "interrupts", "--yes", box=box)
    assert (applied.code, is_public(copy_of_cuggu)) == (0, False), applied
    assert "fixed" in applied.out
    undone = auditor(*advised(applied.err, "rollback"), box=box)
    assert (undone.code, is_public(copy_of_cuggu)) == (0, True), undone


def test_advice_names_the_store_and_the_profile(auditor, planned, tmp_path):
    (tmp_path / "config").write_text(
        "[profile reader]\nregion = ap-northeast-2\naws_access_key_id = x\naws_secret_access_key = x\n"
    )
    env = {"AWS_CONFIG_FILE": str(tmp_path / "config")}
    where = ("--profile", "reader")
    again = auditor("plan", "--rule", "keys-rotate", *where, "-o", "plan.json", box=planned.box, env=env)
    words = advised(again.err, "apply")
    assert words == ["apply", "plan.json", "--profile", "reader"]
    applied = auditor(*words, "--store", "my store", "--yes", box=planned.box, env=env)
    assert applied.code == 0, applied
    undone = auditor(*advised(applied.err, "rollback"), box=planned.box, env=env)
    assert (undone.code, rotates(planned)) == (0, False), undone


def test_the_plan_says_why_each_resource_is_meant(auditor, copy_of_cuggu, tmp_path):
    public(copy_of_cuggu)
    ran = auditor("plan", "--baseline", "cuggu", "--no-rules", "-o", "plan.json", box=copy_of_cuggu.box)
    (step,) = json.loads((tmp_path / "plan.json").read_text())["steps"]
    assert re.match(r"cuggu/database, confidence \d\.\d\d, linked by proxy -> database", step["meant"])
    assert "cuggu/database, confidence" in ran.out


def test_an_option_may_repeat_what_the_plan_says(auditor, planned):
    repeated = ("--rule", "keys-rotate", "--region", "ap-northeast-2")
    assert auditor("apply", "plan.json", *repeated, "--yes", box=planned.box).code == 0
    assert rotates(planned)


def test_definitions_that_changed_since_make_a_new_plan_necessary(auditor, copy_of_cuggu, tmp_path):
    rules = tmp_path / "mine" / "rules" / "own"
    rules.mkdir(parents=True)
    text = (
        "title: Keys rotate\nbroken: '{name} does not rotate'\nseverity: low\non: AWS::KMS::Key\n"
        "require:\n  - EnableKeyRotation: true\nwhy: x\nfix: y\nreferences: [https://docs.aws.amazon.com/kms/]\n"
        "examples:\n  pass:\n    - K: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}\n"
        "  fail:\n    - K: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: false}}\n"
    )
    (rules / "mine.yaml").write_text(text)
    no_rotation(copy_of_cuggu)
    box = copy_of_cuggu.box
    words = ("--rule", "mine", "--definitions", "mine")
    assert auditor("plan", *words, "-o", "plan.json", box=box).code == 0
    (rules / "mine.yaml").write_text(text.replace("low", "high"))
    ran = auditor("apply", "plan.json", "--yes", box=box)
    assert (ran.code, rotates(copy_of_cuggu)) == (2, False)
    assert "has changed since the plan was made" in ran.err
    (rules / "mine.yaml").write_text(text)
    assert auditor("apply", "plan.json", "--yes", box=box).code == 0
    assert rotates(copy_of_cuggu)


def test_an_apply_that_skips_every_step_says_which_option_allows_it(auditor, copy_of_cuggu):
    public(copy_of_cuggu)
    box = copy_of_cuggu.box
    auditor("plan", "--baseline", "cuggu", "--no-rules", "-o", "plan.json", box=box)
    ran = auditor("apply", "plan.json", "--yes", box=box)
    assert (ran.code, is_public(copy_of_cuggu)) == (5, True)
    assert "every step was skipped, nothing was changed; allow with --allow interrupts" in ran.err
    assert "undo with" not in ran.err
    undone = auditor("rollback", box=box)
    assert undone.code == 2
    assert "changed nothing, so there is nothing to undo" in undone.err


def test_rollback_after_a_run_that_did_nothing_names_the_one_before(auditor, planned):
    box = planned.box
    applied = auditor("apply", "plan.json", "--yes", box=box)
    assert rotates(planned)
    assert auditor("apply", "plan.json", "--yes", box=box).code == 5
    undone = auditor("rollback", box=box)
    assert (undone.code, rotates(planned)) == (2, True)
    assert advised(undone.err, "rollback") == advised(applied.err, "rollback")
    assert auditor(*advised(undone.err, "rollback"), box=box).code == 0
    assert not rotates(planned)


def test_a_second_rollback_says_that_there_was_nothing_to_undo(auditor, planned):
    box = planned.box
    assert auditor("apply", "plan.json", "--yes", box=box).code == 0
    first = auditor("rollback", box=box)
    assert (first.code, rotates(planned)) == (0, False)
    assert "was rolled back before" not in first.err
    second = auditor("rollback", box=box)
    assert (second.code, rotates(planned)) == (0, False)
    assert "was rolled back before, so there was nothing to undo" in second.err
    assert "rolled back before" in second.out


def test_what_else_lies_in_the_journals_folder_does_not_hinder(auditor, planned, tmp_path):
    assert auditor("apply", "plan.json", "--yes", box=planned.box).code == 0
    journals = tmp_path / "state" / "auditor" / "journals"
    (journals / "zzz").mkdir()
    (journals / ".DS_Store").write_bytes(b"\0")
    (journals / "~notes.txt").write_text("mine")
    assert auditor("rollback", box=planned.box).code == 0
    assert not rotates(planned)


def test_what_is_kept_is_for_its_owner_alone(auditor, planned, tmp_path):
    box = planned.box
    assert auditor("scan", "-o", "inventory.jsonl", box=box).code == 0
    assert auditor("check", "--rule", "keys-rotate", box=box).code == 1
    assert auditor("apply", "plan.json", "--yes", box=box).code == 0
    files = [tmp_path / "plan.json", tmp_path / "inventory.jsonl"]
    files += [each for each in (tmp_path / "state").rglob("*") if each.is_file()]
    assert len(files) > 4
    assert {each.name: stat.S_IMODE(each.stat().st_mode) for each in files} == dict.fromkeys(
        (each.name for each in files), 0o600
    )
    folders = [each for each in (tmp_path / "state" / "auditor").rglob("*") if each.is_dir()]
    assert {stat.S_IMODE(each.stat().st_mode) for each in folders} == {0o700}


def test_a_saved_inventory_and_a_plan_hold_no_secret(auditor, planned, tmp_path):
    """What people wrote into a rule's target, into the addresses of a topic and into a function's variables."""
    built, secret = planned, "hunter2"
    events, arn = built.client("events"), "arn:aws:lambda:ap-northeast-2:123456789012:function:x"
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": arn, "Input": json.dumps({"login": secret})}])
    target = {"Arn": arn, "RoleArn": "arn:aws:iam::123456789012:role/x", "Input": json.dumps({"login": secret})}
    built.client("scheduler").create_schedule(
        Name="daily", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target=target
    )
    sns = built.client("sns")
    topic = sns.create_topic(Name="hooks")["TopicArn"]
    for address in (f"https://user:{secret}@example.com", f"https://user:a@{secret}@example.com/x",
                    f"https://example.com/hook?token={secret}", f"https://example.com/{secret}"):  # fmt: skip
        sns.subscribe(TopicArn=topic, Protocol="https", Endpoint=address)
    assert auditor("scan", "-o", "inventory.jsonl", box=built.box).code == 0
    kept = (tmp_path / "inventory.jsonl").read_text()
    assert all(name in kept for name in ("nightly", "daily", "hooks", "https://user:", "example.com"))
    assert secret not in kept
    assert auditor("plan", "-o", "second.json", box=built.box).code == 0
    assert secret not in (tmp_path / "second.json").read_text()


def test_a_finding_that_is_not_there_is_an_error(auditor, planned, tmp_path):
    box = planned.box
    (step,) = json.loads((tmp_path / "plan.json").read_text())["steps"]
    known = step["finding"]
    near = known[:-1] + ("0" if known[-1] != "0" else "1")
    ran = auditor("plan", "--rule", "keys-rotate", "--finding", near, box=box)
    assert ran.code == 2
    assert known in ran.err
    assert auditor("plan", "--rule", "keys-rotate", "--finding", "", box=box).code == 2
    assert auditor("plan", "--rule", "keys-rotate", "--finding", known[:6], box=box).code == 0


def test_two_who_change_an_account_take_turns(auditor, planned, tmp_path):
    """A command waits for whoever holds the lease, says for whom, and goes on when it is given back."""
    folder = tmp_path / "state" / "auditor" / "leases"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environ |= planned.box.environ() | {"XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "auditor", "apply", "plan.json", "--yes"]
    with Lease(folder, ACCOUNT):
        process = subprocess.Popen(words, env=environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        said = process.stderr.readline()
        assert f"waiting: process {os.getpid()} on" in said
        assert process.poll() is None
        assert not rotates(planned)
    process.communicate(timeout=120)
    assert (process.returncode, rotates(planned)) == (0, True)


def test_what_is_allowed_is_named_before_the_question(auditor, planned, tmp_path, monkeypatch):
    """A file may allow more than whoever answers knows of."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ran = auditor("apply", "plan.json", box=planned.box)
    assert f"1 step will change account {ACCOUNT}. Allowed are safe steps only (--allow safe, the default)." in ran.err
    (tmp_path / "auditor.yaml").write_text("# ours\nlimits: {risk: destroys}\n", encoding="utf-8")
    ran = auditor("apply", "plan.json", box=planned.box)
    assert "interrupt service or can delete data (--allow destroys, set by auditor.yaml:2)." in ran.err
    ran = auditor("apply", "plan.json", "--allow", "interrupts", box=planned.box)
    assert "are also steps that interrupt service (--allow interrupts)." in ran.err
    assert not rotates(planned)
