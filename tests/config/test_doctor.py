"""What a run needs, tried beforehand: each line with its cure, and an exit code as a run would have it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from auditor.aws import clock

WORDS = ("doctor", "--baseline", "cuggu", "--format", "json")


def doctor(auditor, box=None, *more, **how):
    ran = auditor(*WORDS, *more, box=box, **how)
    return ran.code, {each["what"]: each for each in json.loads(ran.out)}


@pytest.mark.e2e
def test_nothing_is_wrong_with_a_whole_account(auditor, cuggu, tmp_path):
    code, lines = doctor(auditor, cuggu.box, "--store", str(tmp_path / "runs"))
    assert code == 0
    assert {"boto3", "store", "identity", "clock", "region ap-northeast-2", "ec2", "rds", "s3"} <= set(lines)
    assert {each["state"] for each in lines.values()} <= {"ok", "note"}
    assert "123456789012" in lines["identity"]["words"]
    assert (tmp_path / "runs").is_dir()
    assert not [*(tmp_path / "runs").iterdir()]


@pytest.mark.e2e
def test_what_is_denied_is_named_with_its_cure(auditor, copy_of_cuggu, tmp_path):
    copy_of_cuggu.box.deny(("rds", "DescribeDBInstances"))
    code, lines = doctor(auditor, copy_of_cuggu.box)
    assert code == 3
    assert lines["rds"]["state"] == "incomplete"
    assert "rds:DescribeDBInstances" in lines["rds"]["cure"]
    assert lines["s3"]["state"] == "ok"
    told = auditor("doctor", "--baseline", "cuggu", box=copy_of_cuggu.box)
    assert told.code == 3
    assert "cannot  rds: describe_db_instances" in told.out


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("seconds", "state", "code"), [(5, "ok", 0), (-90, "note", 0), (400, "wrong", 2), (-400, "wrong", 2)]
)
def test_a_clock_that_is_off_is_told(auditor, cuggu, monkeypatch, seconds, state, code):
    monkeypatch.setattr("auditor.doctor.behind", lambda connection: dt.timedelta(seconds=seconds))
    ended, lines = doctor(auditor, cuggu.box, "--rule", "bucket-encrypted")
    assert (ended, lines["clock"]["state"]) == (code, state)


def test_the_clock_is_read_of_the_answer_s_date():
    class Sts:
        def get_caller_identity(self):
            return {"ResponseMetadata": {"HTTPHeaders": {"date": "Wed, 01 Jan 2020 00:00:00 GMT"}}}

    class Connection:
        region = "us-east-1"

        def client(self, service, region):
            return Sts()

    assert clock.behind(Connection()) < dt.timedelta(days=-365)


def test_without_credentials_nothing_else_of_aws_is_tried(auditor):
    code, lines = doctor(auditor)
    assert code == 2
    assert lines["identity"]["state"] == "wrong"
    assert "aws configure" in lines["identity"]["cure"]
    assert "clock" not in lines


def test_a_store_that_cannot_be_written_is_told(auditor, tmp_path):
    (tmp_path / "file").touch()
    code, lines = doctor(auditor, None, "--store", str(tmp_path / "file" / "runs"))
    assert code == 2
    assert lines["store"]["state"] == "wrong"
    assert "--store" in lines["store"]["cure"]
