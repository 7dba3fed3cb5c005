"""What goes wrong is one clear message and an exit code, never a traceback (see the fixture) and never a green
result."""

import pytest


def test_without_credentials(auditor):
    ran = auditor("check", "--baseline", "cuggu")
    assert ran.code == 2
    assert "no AWS credentials" in ran.err
    assert "AWS_PROFILE" in ran.err
    assert ran.out == ""


def test_an_unknown_profile(auditor):
    ran = auditor("check", "--profile", "nobody")
    assert ran.code == 2
    assert "nobody" in ran.err


@pytest.mark.parametrize(
    ("code", "exit_code", "words"), [("ExpiredToken", 2, "not valid"), ("AccessDenied", 3, "sts:GetCallerIdentity")]
)
def test_credentials_that_are_no_good(auditor, copy_of_cuggu, code, exit_code, words):
    copy_of_cuggu.box.deny(("sts", "GetCallerIdentity"), code)
    ran = auditor("check", "--baseline", "cuggu", box=copy_of_cuggu.box)
    assert ran.code == exit_code
    assert words in ran.err
    assert ran.out == ""


def test_an_endpoint_that_does_not_answer(auditor):
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "ap-northeast-2"}
    ran = auditor("check", "--baseline", "cuggu", env={**keys, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert ran.code == 3
    assert "cannot be reached" in ran.err


def test_an_unknown_baseline_names_the_nearest(auditor):
    ran = auditor("check", "--baseline", "cugu")
    assert ran.code == 2
    assert "cuggu" in ran.err


def test_an_unknown_rule_names_the_nearest(auditor):
    ran = auditor("check", "--rule", "key-rotates")
    assert ran.code == 2
    assert "keys-rotate" in ran.err


def test_an_empty_account_is_nothing_to_judge(auditor, empty_account):
    ran = auditor("check", "--baseline", "cuggu", box=empty_account)
    assert ran.code == 2
    assert "has no resource" in ran.err


def test_malformed_definitions_tell_every_fault_with_its_place(auditor, tmp_path, cuggu):
    rules = tmp_path / "mine" / "rules" / "own"
    rules.mkdir(parents=True)
    (rules / "bad.yaml").write_text(
        "title: x\nseverity: terrible\non: [AWS::S3::Bukket]\nrequire:\n  - Encryption: true\n"
    )
    (rules / "torn.yaml").write_text("title: [\n")
    ran = auditor("check", "--definitions", str(tmp_path / "mine"), box=cuggu.box)
    assert ran.code == 2
    assert "bad.yaml:2:" in ran.err
    assert "bad.yaml:3:" in ran.err
    assert "AWS::S3::Bucket" in ran.err
    assert "torn.yaml:" in ran.err


@pytest.mark.parametrize(
    "words",
    [("check", "--from", "no-such-file"), ("report", "nothing"), ("rollback",), ("apply",), ("explain", "nothing")],
)
def test_words_that_lead_nowhere(auditor, words):
    ran = auditor(*words)
    assert ran.code == 2
    assert ran.err


def test_two_formats_cannot_share_stdout(auditor, cuggu):
    ran = auditor("check", "--rule", "keys-rotate", "--format", "json", "--format", "text", box=cuggu.box)
    assert ran.code == 2
    assert "=FILE" in ran.err or "write the others to files" in ran.err
