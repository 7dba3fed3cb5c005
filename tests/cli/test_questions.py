"""`who-can` and `escalations` on a saved inventory: text, JSON, exit codes."""

import json

import pytest

from auditor.aws.requests import Request
from auditor.sources import snapshot
from auditor.sources.live import Place
from tests.graph.access.account import ACCOUNT, REGION, allow, of, profiles, role, trusting, user

DETAILS = of(
    user("ann", allow(["iam:PassRole", "ec2:RunInstances"])),
    user("bob", allow("s3:GetObject", "arn:aws:s3:::photos/*")),
    role("admin", allow("*"), trust=[trusting("ec2.amazonaws.com", "Service")], profile=True),
)


@pytest.fixture
def saved(tmp_path):
    """The inventory of a small account: IAM, and nothing else recorded."""
    answers = {
        ("iam", "get_account_authorization_details"): DETAILS,
        ("iam", "list_instance_profiles"): {"InstanceProfiles": profiles(DETAILS)},
        ("s3", "list_buckets"): {"Buckets": []},
        ("lambda", "list_functions"): {"Functions": []},
        ("ec2", "describe_instances"): {"Reservations": []},
        ("sts", "get_caller_identity"): {"Account": ACCOUNT},
    }
    path = tmp_path / "account.json"
    replies = {
        Request.of(ACCOUNT, REGION, service, operation, {}): reply for (service, operation), reply in answers.items()
    }
    snapshot.save(path, Place(ACCOUNT, "aws", REGION, (REGION,)), replies)
    return str(path)


def test_escalations_in_words_and_as_json(auditor, saved):
    ran = auditor("escalations", "--from", saved)
    assert ran.code == 1, ran.err
    assert "ann can pass admin to ec2.amazonaws.com and run an instance (ec2:RunInstances)" in ran.out
    told = json.loads(auditor("escalations", "--from", saved, "--format", "json").out)
    outcomes = {each["principal"].rsplit("/", 1)[-1]: each["outcome"] for each in told["principals"]}
    assert outcomes == {"admin": "admin", "ann": "yes", "bob": "no"}
    assert told["principals"][1]["path"][0]["to"].endswith("role/admin")


def test_who_can_in_words_and_as_json(auditor, saved):
    ran = auditor("who-can", "s3:GetObject", "arn:aws:s3:::photos/a.jpg", "--from", saved)
    assert "user/bob" in ran.out, ran.err
    assert "inline policy own" in ran.out
    told = json.loads(
        auditor("who-can", "s3:GetObject", "arn:aws:s3:::photos/a.jpg", "--from", saved, "--format", "json").out
    )
    answers = {each["who"].rsplit("/", 1)[-1]: each["answer"] for each in told["answers"]}
    assert answers == {"admin": "allow", "bob": "allow", "ann": "no"}


@pytest.mark.parametrize("words", [("GetObject", "x"), ("s3:GetObject", "unheard")])
def test_what_is_not_understood_is_said(auditor, saved, words):
    ran = auditor("who-can", *words, "--from", saved)
    assert ran.code == 2
    assert "Error" in ran.err
