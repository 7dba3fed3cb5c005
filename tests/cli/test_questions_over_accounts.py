"""`who-can`, `escalations` and `reaches` on the inventories of two accounts: what each account gives, and no more.

AWS: across accounts the caller's own policies and the resource's policy both have to allow; a role can be passed to a
service of its own account only, and nobody changes another account's principals.
"""

import json

import pytest

from auditor.aws.requests import Request
from auditor.sources import snapshot
from auditor.sources.live import Place
from tests.cli.test_questions import ALONE, MEMBER, NOTHING
from tests.graph.access.account import ACCOUNT, REGION, allow, deny, of, profiles, role, trusting, user

OTHER = "999988887777"
HERE, THERE = f"arn:aws:iam::{ACCOUNT}", f"arn:aws:iam::{OTHER}"

OURS = of(
    user("ann", allow("sts:AssumeRole", f"{THERE}:role/deploy")),
    user("bob"),
    user("cat", allow(["iam:PassRole", "ec2:RunInstances"])),
    user("dan", allow(["iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"])),
    role("runner", allow("sts:AssumeRole"), trust=[trusting("ec2.amazonaws.com", "Service")], profile=True),
)
# Written with the names of the other account below.
THEIRS = of(
    user("eve", allow("sts:AssumeRole")),
    role("deploy", allow("*"), trust=[trusting(f"{HERE}:root")]),
    role("machine", allow("*"), trust=[trusting("ec2.amazonaws.com", "Service")], profile=True),
    role("named", allow("logs:*"), trust=[trusting(f"{HERE}:user/bob"), trusting(f"{HERE}:user/ann")]),
)


def moved(details):
    """The principals in the other account; whom they trust stays."""
    text = json.dumps(details).replace(ACCOUNT, "OWN")
    text = text.replace('"AWS": "arn:aws:iam::OWN', f'"AWS": "arn:aws:iam::{ACCOUNT}')
    return json.loads(text.replace("OWN", OTHER))


def saved(folder, account, details, organization, region=REGION):
    answers = {
        ("iam", "get_account_authorization_details"): details,
        ("iam", "list_instance_profiles"): {"InstanceProfiles": profiles(details)},
        ("sts", "get_caller_identity"): {"Account": account},
        **NOTHING,
        **organization,
    }
    replies = {
        Request.of(account, region, service, operation, dict(params[0]) if params else {}): reply
        for (service, operation, *params), reply in answers.items()
    }
    path = folder / f"{account}.json"
    snapshot.save(path, Place(account, "aws", region, (region,)), replies)
    return str(path)


ON_ITS_OWN = {("organizations", "describe_organization"): ALONE}


@pytest.fixture
def both(tmp_path):
    ours = saved(tmp_path, ACCOUNT, OURS, ON_ITS_OWN)
    theirs = saved(tmp_path, OTHER, moved(THEIRS), ON_ITS_OWN)
    return ("--from", ours, "--from", theirs)


def escalated(auditor, *files):
    told = json.loads(auditor("escalations", *files, "--format", "json").out)
    return {each["principal"].removeprefix("arn:aws:iam::"): each for each in told["principals"]}


def test_who_becomes_an_administrator_over_the_border(auditor, both):
    found = escalated(auditor, *both)
    assert {who: each["outcome"] for who, each in found.items()} == {
        f"{OTHER}:role/deploy": "admin",
        f"{OTHER}:role/machine": "admin",
        f"{ACCOUNT}:user/ann": "yes",
        f"{ACCOUNT}:role/runner": "yes",
        f"{ACCOUNT}:user/cat": "yes",
        f"{ACCOUNT}:user/bob": "no",
        f"{ACCOUNT}:user/dan": "yes",
        # The trust policy names the other account, and not its own.
        f"{OTHER}:user/eve": "no",
        f"{OTHER}:role/named": "no",
    }
    assert [step["to"] for step in found[f"{ACCOUNT}:user/ann"]["path"]] == [f"{THERE}:role/deploy"]
    # Another account's roles can neither be changed nor passed, whatever one's own policies say: the way leads over the
    # own role that may go on.
    assert [step["to"] for step in found[f"{ACCOUNT}:user/cat"]["path"]] == [
        f"{HERE}:role/runner",
        f"{THERE}:role/deploy",
    ]


def test_alone_neither_inventory_shows_it(auditor, both):
    assert {each["outcome"] for each in escalated(auditor, *both[:2]).values()} <= {"no", "yes"}
    assert escalated(auditor, *both[:2])[f"{ACCOUNT}:user/ann"]["outcome"] == "no"


def answers(auditor, action, resource, files):
    ran = auditor("who-can", action, resource, *files, "--format", "json")
    return {each["who"].removeprefix("arn:aws:iam::"): each["answer"] for each in json.loads(ran.out)["answers"]}


def test_each_principal_of_an_account_that_was_read_stands_for_itself(auditor, both):
    """AWS: a trust policy that names the account leaves it to that account's policies."""
    found = answers(auditor, "sts:AssumeRole", f"{THERE}:role/deploy", both)
    assert {who for who, answer in found.items() if answer == "allow"} == {
        f"{ACCOUNT}:user/ann",
        f"{ACCOUNT}:role/runner",
    }
    assert f"{ACCOUNT}:root" not in found
    alone = answers(auditor, "sts:AssumeRole", f"{THERE}:role/deploy", both[2:])
    assert alone[f"{ACCOUNT}:root"] == "allow"


def test_who_is_named_over_the_border_still_needs_policies_of_its_own(auditor, both):
    found = answers(auditor, "sts:AssumeRole", f"{THERE}:role/named", both)
    assert found[f"{ACCOUNT}:user/bob"] == "no"
    assert found[f"{ACCOUNT}:user/ann"] == "no"  # its policies speak of another role
    alone = answers(auditor, "sts:AssumeRole", f"{THERE}:role/named", both[2:])
    assert alone[f"{ACCOUNT}:user/bob"] == "allow"  # as far as that account lets it, which was not read


def test_what_gets_at_a_role_through_steps_in_two_accounts(auditor, both):
    told = json.loads(auditor("reaches", f"{THERE}:role/deploy", *both, "--format", "json").out)
    found = {each["who"].removeprefix("arn:aws:iam::"): each["answer"] for each in told["answers"]}
    assert {who for who, answer in found.items() if answer == "allow"} >= {
        f"{ACCOUNT}:user/ann",
        f"{ACCOUNT}:user/cat",
        f"{ACCOUNT}:role/runner",
    }
    assert found[f"{ACCOUNT}:user/bob"] == "no"


@pytest.mark.parametrize(("bound", "expected"), [(ACCOUNT, "no"), (OTHER, "yes")])
def test_an_organization_binds_the_principals_of_its_own_account(auditor, tmp_path, bound, expected):
    """AWS: a service control policy limits the principals of a member account, and nobody who comes from elsewhere."""
    closed = {"Version": "2012-10-17", "Statement": [allow("*"), deny("sts:AssumeRole")]}
    calls = {
        ("describe_organization",): {"Organization": {**MEMBER["Organization"], "MasterAccountId": "555566667777"}},
        ("list_parents", (("ChildId", bound),)): {"Parents": [{"Id": "r-a1", "Type": "ROOT"}]},
        ("describe_policy", (("PolicyId", "p-1"),)): {"Policy": {"Content": json.dumps(closed)}},
    }
    for target in ("r-a1", bound):
        for kind, hung in (("SERVICE_CONTROL_POLICY", [{"Id": "p-1", "Name": "p"}]), ("RESOURCE_CONTROL_POLICY", [])):
            calls["list_policies_for_target", (("TargetId", target), ("Filter", kind))] = {"Policies": hung}
    member = {("organizations", *call): reply for call, reply in calls.items()}
    ours = saved(tmp_path, ACCOUNT, OURS, member if bound == ACCOUNT else ON_ITS_OWN)
    theirs = saved(tmp_path, OTHER, moved(THEIRS), member if bound == OTHER else ON_ITS_OWN)
    found = escalated(auditor, "--from", ours, "--from", theirs)
    assert found[f"{ACCOUNT}:user/ann"]["outcome"] == expected


@pytest.mark.parametrize(
    "words",
    [
        ("graph", "--format", "json"),
        ("escalations", "--format", "json"),
        ("reaches", f"{HERE}:user/ann", f"{HERE}:role/runner"),
        ("who-can", "sts:AssumeRole", f"{HERE}:role/runner"),
        ("paths", "internet", "10.0.0.1"),
    ],
    ids=lambda words: words[0],
)
def test_a_region_that_one_of_the_files_has_narrows_the_question_to_it(auditor, tmp_path, words):
    ours = saved(tmp_path, ACCOUNT, OURS, ON_ITS_OWN)
    theirs = saved(tmp_path, OTHER, moved(THEIRS), ON_ITS_OWN, region="eu-west-3")
    alone = auditor(*words, "--from", ours)
    both = auditor(*words, "--from", ours, "--from", theirs, "--region", REGION)
    assert (both.code, both.out) == (alone.code, alone.out)
    assert auditor(*words, "--from", ours, "--from", theirs, "--region", "sa-east-1").code == 2
