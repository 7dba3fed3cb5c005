"""What a run needs, tried beforehand: each line with its cure, and an exit code as a run would have it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from auditor.aws import clock
from auditor.aws.requests import CallFailed, Failure
from auditor.aws.session import Connection

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


# ---- what IAM says of its policies: the embedded account has no simulation, so AWS's answer stands in for it


CALLER = "arn:aws:iam::123456789012:user/nightly"


@pytest.fixture
def simulated(monkeypatch):
    """Let IAM answer the simulation: `decide` an action, `pages` of so many at a time; None refuses the call."""
    real = Connection.call
    asked = []

    def prepare(decide, page=100, identity=CALLER):
        def call(self, region, service, operation, params):
            if operation == "get_role":
                asked.append(params["RoleName"])
                return {"Role": {"Arn": f"arn:aws:iam::123456789012:role/teams/{params['RoleName']}"}}
            if operation != "simulate_principal_policy":
                return real(self, region, service, operation, params)
            if decide is None:
                failure = Failure("AccessDenied", "denied", "not authorized to perform iam:SimulatePrincipalPolicy")
                raise CallFailed(operation, failure)
            asked.append(params["PolicySourceArn"])
            names, start = params["ActionNames"], int(params.get("Marker", 0))
            rows = [{"EvalActionName": each, "EvalDecision": decide(each)} for each in names[start : start + page]]
            more = start + page < len(names)
            rows = [each for each in rows if each["EvalDecision"]]
            return {"EvaluationResults": rows, "IsTruncated": more, **({"Marker": str(start + page)} if more else {})}

        monkeypatch.setattr(Connection, "call", call)
        monkeypatch.setattr(
            Connection, "identity", property(lambda self: identity, lambda self, value: None), raising=False
        )
        return asked

    return prepare


@pytest.mark.e2e
@pytest.mark.parametrize("page", [100, 3])
def test_what_the_policies_do_not_allow_is_named_on_whatever_page_it_stands(auditor, cuggu, simulated, page):
    simulated(lambda action: "implicitDeny" if action == "s3:GetBucketPolicy" else "allowed", page)
    code, lines = doctor(auditor, cuggu.box)
    assert code == 3
    assert lines["s3:GetBucketPolicy"]["state"] == "incomplete"
    assert "allow s3:GetBucketPolicy" in lines["s3:GetBucketPolicy"]["cure"]
    assert not [each for each in lines if ":" in each and each != "s3:GetBucketPolicy"]
    assert "simulation" not in lines


@pytest.mark.e2e
def test_the_count_of_what_was_not_looked_at_may_be_refused(auditor, cuggu, simulated):
    simulated(lambda action: "implicitDeny" if action == "tag:GetResources" else "allowed")
    code, lines = doctor(auditor, cuggu.box)
    assert (code, lines["tag:GetResources"]["state"]) == (0, "note")


@pytest.mark.e2e
def test_policies_that_allow_everything_are_told_as_such(auditor, cuggu, simulated):
    asked = simulated(lambda action: "allowed")
    code, lines = doctor(auditor, cuggu.box)
    assert (code, lines["simulation"]["state"]) == (0, "ok")
    assert set(asked) == {CALLER}


@pytest.mark.e2e
def test_of_a_session_its_role_is_simulated_with_its_path(auditor, cuggu, simulated):
    asked = simulated(lambda action: "allowed", identity="arn:aws:sts::123456789012:assumed-role/Nightly/i-1")
    assert doctor(auditor, cuggu.box)[0] == 0
    assert set(asked) == {"Nightly", "arn:aws:iam::123456789012:role/teams/Nightly"}


@pytest.mark.e2e
def test_an_action_without_an_answer_is_not_taken_for_allowed(auditor, cuggu, simulated):
    simulated(lambda action: "" if action == "s3:GetBucketPolicy" else "allowed")
    _, lines = doctor(auditor, cuggu.box)
    assert lines["simulation"]["state"] == "note"
    assert "s3:GetBucketPolicy" in lines["simulation"]["words"]


@pytest.mark.e2e
def test_a_simulation_that_is_denied_is_a_note_with_what_would_allow_it(auditor, cuggu, simulated):
    simulated(None)
    code, lines = doctor(auditor, cuggu.box)
    assert (code, lines["simulation"]["state"]) == (0, "note")
    assert "AccessDenied" in lines["simulation"]["words"]
    assert "iam:SimulatePrincipalPolicy" in lines["simulation"]["cure"]


# ---- regions, and checkov


@pytest.mark.e2e
def test_a_region_that_is_not_enabled_is_told_once_and_not_of_each_service(auditor, copy_of_cuggu):
    invalid = "The security token included in the request is invalid"
    copy_of_cuggu.box.deny("*:*", "UnrecognizedClientException", message=invalid, region="ap-east-1")
    code, lines = doctor(auditor, copy_of_cuggu.box, "--region", "ap-northeast-2", "--region", "ap-east-1")
    assert code == 3
    assert lines["region ap-northeast-2"]["state"] == "ok"
    assert lines["region ap-east-1"]["state"] == "incomplete"
    assert "enable ap-east-1" in lines["region ap-east-1"]["cure"]
    assert lines["rds"]["state"] == "ok"


def test_the_version_of_checkov_is_the_one_in_its_environment(auditor, tmp_path):
    program = tmp_path / "checkov"
    program.write_text('#!/bin/sh\ntest "$*" = --version && echo 3.2.499\n', encoding="utf-8")
    program.chmod(0o755)
    _, lines = doctor(auditor, None, env={"AUDITOR_CHECKOV": str(program)})
    assert lines["checkov"]["state"] == "ok"
    assert lines["checkov"]["words"] == f"3.2.499, {program}"


def test_a_checkov_that_does_not_start_is_told(auditor, tmp_path):
    program = tmp_path / "checkov"
    program.write_text("#!/bin/sh\necho no module >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    _, lines = doctor(auditor, None, env={"AUDITOR_CHECKOV": str(program)})
    assert (lines["checkov"]["state"], lines["checkov"]["words"]) == ("note", "checkov ended with 3: no module")
