"""Every command does its job and says so in the agreed way."""

import json
import subprocess
import sys

import pytest

from auditor.settings import data_dir
from tests.cli.conftest import ROOT


def test_help_imports_nothing_heavy():
    """`--help` answers at once because it loads neither boto3 nor networkx; measured, not timed, here."""
    code = "import sys; from auditor.cli import group; group.main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    for heavy in ("boto3", "botocore", "networkx", "rich", "jinja2", "pydantic", "yaml", "moto"):
        assert f"'{heavy}'" not in done.stdout, heavy
    assert "check" in done.stdout


@pytest.mark.e2e
@pytest.mark.process
def test_check_on_a_conforming_account(auditor, cuggu, tmp_path):
    ran = auditor("check", "--baseline", "cuggu", "--format", "json", "--format", "html=out/r.html", box=cuggu.box)
    assert ran.code == 0, ran.err
    run = json.loads(ran.out)
    assert run["summary"]["broken"] == 0
    assert run["coverage"]["complete"]
    assert (tmp_path / "out" / "r.html").read_text().startswith("<!doctype html>")


@pytest.mark.e2e
def test_runs_are_remembered_new_still_mended(auditor, copy_of_cuggu):
    box, rds = copy_of_cuggu.box, copy_of_cuggu.client("rds")

    def public(value):
        rds.modify_db_instance(
            DBInstanceIdentifier=copy_of_cuggu["database"], PubliclyAccessible=value, ApplyImmediately=True
        )

    def check():
        ran = auditor("check", "--baseline", "cuggu", "--format", "json", box=box)
        run = json.loads(ran.out)
        return ran.code, {found["status"] for found in run["findings"]}, len(run["mended"])

    assert check() == (0, set(), 0)
    public(True)
    assert check() == (1, {"new"}, 0)
    assert check() == (1, {"still"}, 0)
    box.deny(("rds", "DescribeDBInstances"))
    code, _, mended = check()
    assert (code, mended) == (3, 0)
    box.allow_all()
    assert check() == (1, {"still"}, 0)
    public(False)
    assert check() == (0, set(), 1)  # a promise and a rule on one fact are one finding


@pytest.mark.e2e
@pytest.mark.process
def test_a_saved_inventory_reads_like_the_account(auditor, copy_of_cuggu, tmp_path):
    copy_of_cuggu.client("kms").disable_key_rotation(KeyId=copy_of_cuggu["key"])
    box = copy_of_cuggu.box
    assert auditor("scan", "-o", "one.jsonl.gz", "--region", "ap-northeast-2", box=box).code == 0
    assert auditor("scan", "-o", "two.jsonl.gz", "--region", "ap-northeast-2", box=box).code == 0
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.jsonl.gz").read_bytes()
    live = auditor("check", "--baseline", "cuggu", "--format", "json", "--no-store", box=box)
    saved = auditor("check", "--baseline", "cuggu", "--format", "json", "--no-store", "--from", "one.jsonl.gz")
    assert (live.code, saved.code) == (1, 1)
    one, two = json.loads(live.out), json.loads(saved.out)
    assert all(each.pop("first_seen") == run["scan"]["finished"] for run in (one, two) for each in run["findings"])
    for name in ("summary", "findings", "promises", "bindings", "coverage", "rules", "map"):
        assert one[name] == two[name], name


def test_an_incomplete_scan_says_so(auditor, copy_of_cuggu):
    copy_of_cuggu.box.deny(("kms", "ListKeys"))
    ran = auditor("scan", "-o", "i.jsonl", "--region", "ap-northeast-2", box=copy_of_cuggu.box)
    assert ran.code == 3
    assert "kms:ListKeys" in ran.err
    again = auditor("check", "--rule", "keys-rotate", "--from", "i.jsonl", "--format", "json")
    assert again.code == 3
    (found,) = json.loads(again.out)["findings"]
    assert found["verdict"] == "unknown"
    assert found["permissions"] == ["kms:ListKeys"]


def test_fail_on_and_allow_incomplete(auditor, copy_of_cuggu):
    copy_of_cuggu.client("kms").disable_key_rotation(KeyId=copy_of_cuggu["key"])
    words = ("check", "--rule", "keys-rotate", "--no-store")
    assert auditor(*words, box=copy_of_cuggu.box).code == 1
    assert auditor(*words, "--fail-on", "high", box=copy_of_cuggu.box).code == 0
    copy_of_cuggu.box.deny(("kms", "ListKeys"))
    assert auditor(*words, box=copy_of_cuggu.box).code == 3
    assert auditor(*words, "--allow-incomplete", box=copy_of_cuggu.box).code == 0


@pytest.mark.e2e
@pytest.mark.process
def test_plan_apply_rollback(auditor, copy_of_cuggu, tmp_path):
    kms = copy_of_cuggu.client("kms")

    def rotates():
        return kms.get_key_rotation_status(KeyId=copy_of_cuggu["key"])["KeyRotationEnabled"]

    kms.disable_key_rotation(KeyId=copy_of_cuggu["key"])
    box, wish = copy_of_cuggu.box, ("--rule", "keys-rotate")
    planned = auditor("plan", *wish, "-o", "plan.json", box=box)
    assert planned.code == 0
    assert "aws kms enable-key-rotation" in planned.out
    dry = auditor("apply", "plan.json", *wish, "--dry-run", box=box)
    assert "would be changed" in dry.out
    assert not rotates()
    unasked = auditor("apply", "plan.json", *wish, box=box)
    assert unasked.code in (2, 130)
    assert not rotates()
    applied = auditor("apply", "plan.json", *wish, "--yes", box=box)
    assert applied.code == 0, applied
    assert "fixed" in applied.out
    assert rotates()
    assert auditor("rollback", box=box).code == 0
    assert not rotates()
    assert auditor("rollback", box=box).code == 0


def test_report_tells_a_kept_run_again(auditor, cuggu):
    auditor("check", "--rule", "keys-rotate", box=cuggu.box)
    assert "15 rules" not in auditor("report", "--list").out
    told = auditor("report", "--format", "json")
    assert json.loads(told.out)["scan"]["rules"] == ["keys-rotate"]


def test_rules_baselines_and_explanations(auditor):
    assert "keys-rotate" in auditor("rules").out
    files = {path.stem for path in data_dir("rules").glob("*/*.yaml")}
    assert {each["id"] for each in json.loads(auditor("rules", "--format", "json").out)} == files
    assert "cuggu" in auditor("baselines").out
    explained = auditor("explain", "keys-rotate").out
    for words in ("kms:GetKeyRotationStatus", "Why", "How to fix it", "AWS::KMS::Key"):
        assert words in explained
    assert "section 2" in auditor("explain", "cuggu/database").out


@pytest.mark.e2e
@pytest.mark.process
def test_the_demo_tells_the_whole_story(auditor, tmp_path):
    ran = auditor("demo", "-o", "demo.html", timeout=170)
    assert ran.code == 0, ran.err
    for words in ("Changing it in 8 places", "is not what cuggu describes", "fixed", "left:", "demo.html"):
        assert words in ran.out, words
    page = (tmp_path / "demo.html").read_text()
    # Each of the eight drifts is in the report.
    for sign in ("PubliclyAccessible", "OriginAccessControlId", "SecurityGroupIngress", "cron(0 3 * * ? *)", "RetentionInDays",
                 "AssumeRolePolicyDocument", "tmp-bastion", "An alarm that notifies somebody watches the cleanup"):  # fmt: skip
        assert sign in page, sign


def test_the_printed_policy_is_what_a_check_calls_and_no_more(auditor, cuggu):
    """The policy against the calls that really arrived: none is missing, and none of it was for nothing."""
    from auditor.resources.permissions import permission

    policy = json.loads(auditor("permissions", "--baseline", "cuggu").out)
    allowed = set(policy["Statement"][0]["Action"])
    run = json.loads(auditor("check", "--baseline", "cuggu", "--format", "json", "--no-store", box=cuggu.box).out)
    called = {permission(*name.split(":")) for name in run["scan"]["requests"]["by_operation"]} - {
        "sts:GetCallerIdentity"
    }
    assert called - allowed == set()
    # What the account holds none of was not called for; nothing else may be allowed in vain.
    unused = allowed - called
    assert all(
        action.split(":")[1].startswith(("Get", "GET", "BatchGet", "List", "Describe", "Search")) for action in allowed
    ), unused
    assert len(unused) < len(allowed) / 2, unused
