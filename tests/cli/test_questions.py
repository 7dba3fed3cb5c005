"""`who-can` and `escalations` on a saved inventory: text, JSON, exit codes."""

import json

import pytest

from auditor.aws.requests import Failure, Request
from auditor.sources import snapshot
from auditor.sources.live import Place
from tests.graph.access.account import ACCOUNT, REGION, allow, deny, of, profiles, role, trusting, user

DETAILS = of(
    user("ann", allow(["iam:PassRole", "ec2:RunInstances"])),
    user("bob", allow("s3:GetObject", "arn:aws:s3:::photos/*")),
    role("admin", allow("*"), trust=[trusting("ec2.amazonaws.com", "Service")], profile=True),
)


DENIED = Failure("AccessDeniedException", "denied", "You don't have permissions to access this resource.")
MEMBER = {"Organization": {"Id": "o-exampleorgid", "FeatureSet": "ALL", "MasterAccountId": "999988887777"}}
ALONE = Failure("AWSOrganizationsNotInUseException", "failed", "Your account is not a member of an organization.")

# What runs as a role, or holds data: none of it.
NOTHING = {
    ("s3", "list_buckets"): {"Buckets": []},
    ("lambda", "list_functions"): {"Functions": []},
    ("ec2", "describe_instances"): {"Reservations": []},
    ("ec2", "describe_launch_templates"): {"LaunchTemplates": []},
    ("ecs", "list_clusters"): {"clusterArns": []},
    ("ecs", "list_task_definitions"): {"taskDefinitionArns": []},
    ("sagemaker", "list_notebook_instances"): {"NotebookInstances": []},
    ("glue", "get_jobs"): {"Jobs": []},
    ("glue", "get_dev_endpoints"): {"DevEndpoints": []},
    ("apprunner", "list_services"): {"ServiceSummaryList": []},
    ("codebuild", "list_projects"): {"projects": []},
    ("cloudformation", "describe_stacks"): {"Stacks": []},
}


@pytest.fixture
def saved(tmp_path):
    return inventory(tmp_path, {("organizations", "describe_organization"): ALONE})


def inventory(folder, more):
    """A small account: IAM, what its organization says, and nothing else recorded."""
    answers = {
        ("iam", "get_account_authorization_details"): DETAILS,
        ("iam", "list_instance_profiles"): {"InstanceProfiles": profiles(DETAILS)},
        **NOTHING,
        ("sts", "get_caller_identity"): {"Account": ACCOUNT},
        **more,
    }
    path = folder / "account.json"
    replies = {
        Request.of(ACCOUNT, REGION, service, operation, dict(params[0]) if params else {}): reply
        for (service, operation, *params), reply in answers.items()
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


def test_what_an_organization_may_take_away_is_said_with_its_cure(auditor, tmp_path):
    parents = ("organizations", "list_parents", (("ChildId", ACCOUNT),))
    file = inventory(tmp_path, {("organizations", "describe_organization"): MEMBER, parents: DENIED})
    text = auditor("who-can", "s3:GetObject", "arn:aws:s3:::photos/a.jpg", "--from", file)
    assert text.code == 3
    assert "Allowed, unless an organization policy that could not be read denies it (2)" in text.out
    told = json.loads(
        auditor("who-can", "s3:GetObject", "arn:aws:s3:::photos/a.jpg", "--from", file, "--format", "json").out
    )
    assert told["organization"]["read"] is False
    assert {each["answer"]: each["unless"] is not None for each in told["answers"]} == {"allow": True, "no": False}
    assert "allow organizations:ListParents in the management account" in " ".join(text.out.split())
    escalations = auditor("escalations", "--from", file)
    assert escalations.code == 1
    assert (
        "Can become an administrator, unless an organization policy that could not be read denies it (1)"
        in escalations.out
    )


def test_a_policy_that_hangs_above_the_account_counts(auditor, tmp_path):
    closed = {"Version": "2012-10-17", "Statement": [allow("*"), deny("iam:PassRole")]}
    answers = {
        ("describe_organization",): MEMBER,
        ("list_parents", (("ChildId", ACCOUNT),)): {"Parents": [{"Id": "r-a1", "Type": "ROOT"}]},
        ("describe_policy", (("PolicyId", "p-1"),)): {"Policy": {"Content": json.dumps(closed)}},
    }
    for target in ("r-a1", ACCOUNT):
        for kind, hung in (
            ("SERVICE_CONTROL_POLICY", [{"Id": "p-1", "Name": "NoPassing"}]),
            ("RESOURCE_CONTROL_POLICY", []),
        ):
            answers["list_policies_for_target", (("TargetId", target), ("Filter", kind))] = {"Policies": hung}
    file = inventory(tmp_path, {("organizations", *call): reply for call, reply in answers.items()})
    ran = auditor("escalations", "--from", file, "--format", "json")
    told = json.loads(ran.out)
    assert told["organization"] == {
        "read": True,
        "service_control_policies": ["NoPassing", "NoPassing"],
        "resource_control_policies": [],
        "not_read": [],
    }
    assert {each["principal"].rsplit("/", 1)[-1]: each["outcome"] for each in told["principals"]} == {
        "admin": "admin",
        "ann": "no",
        "bob": "no",
    }
    assert ran.code == 0


def test_sessions_under_a_policy(auditor, saved, tmp_path):
    (tmp_path / "session.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:PutObject")]}))
    words = ("who-can", "s3:GetObject", "arn:aws:s3:::photos/a.jpg", "--from", saved, "--format", "json")
    told = json.loads(auditor(*words, "--session-policy", str(tmp_path / "session.json")).out)
    assert {each["who"].rsplit("/", 1)[-1]: each["answer"] for each in told["answers"]} == {
        "admin": "no",
        "bob": "allow",
        "ann": "no",
    }


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"Statement": []}'])
def test_a_session_policy_that_is_none(auditor, saved, tmp_path, text):
    (tmp_path / "session.json").write_text(text)
    ran = auditor("who-can", "s3:GetObject", "x", "--from", saved, "--session-policy", str(tmp_path / "session.json"))
    assert ran.code == 2
    assert "pass the policy document" in ran.err


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("GetObject", "x"), "specify one action as service:Action"),
        (("s3:*", "x"), "specify one action as service:Action"),
        (("s3:GetObject", "unheard"), "specify its ARN"),
    ],
)
def test_what_is_not_understood_is_said(auditor, saved, words, cure):
    ran = auditor("who-can", *words, "--from", saved)
    assert ran.code == 2
    assert cure in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("action", "nearest"),
    [
        ("s3:GetObjekt", "s3:GetObject"),
        ("s3:GetObjects", "s3:GetObject"),
        ("s4:GetObject", "s3:GetObject"),
        ("iam:PasRole", "iam:PassRole"),
        ("rds:DeleteDbInstances", "rds:DeleteDBInstance"),
        ("nothing:AtAll", ":"),
    ],
)
def test_an_action_that_does_not_exist_is_refused_with_the_nearest_name(auditor, saved, action, nearest):
    ran = auditor("who-can", action, "arn:aws:s3:::photos/a.jpg", "--from", saved)
    assert ran.code == 2
    assert f"there is no action {action}; did you mean {nearest}" in " ".join(ran.err.split()) or nearest == ":"


def test_an_action_is_read_without_regard_to_case(auditor, saved):
    ran = auditor("who-can", "S3:getobject", "arn:aws:s3:::photos/a.jpg", "--from", saved)
    assert "s3:GetObject on" in ran.out, ran.err


BUCKETS = {
    ("s3", "list_buckets", (("MaxBuckets", 1000),)): {"Buckets": [{"Name": "photos", "BucketRegion": REGION}]},
    ("kms", "list_keys"): {"Keys": []},
    ("organizations", "describe_organization"): ALONE,
}


def test_who_gets_at_a_bucket_through_any_number_of_steps(auditor, tmp_path):
    file = inventory(tmp_path, BUCKETS)
    ran = auditor("reaches", "photos", "--from", file)
    assert "s3:GetObject on arn:aws:s3:::photos" in ran.out, ran.err
    assert "ann can pass admin to ec2.amazonaws.com and run an instance (ec2:RunInstances)" in ran.out
    told = json.loads(auditor("reaches", "arn:aws:s3:::photos", "--from", file, "--format", "json").out)
    answers = {each["who"].rsplit("/", 1)[-1]: (each["answer"], len(each["path"])) for each in told["answers"]}
    assert answers["admin"][0] in ("allow", "unknown")
    assert told["resource"] == "arn:aws:s3:::photos"
    assert all(step["sentence"] for each in told["answers"] for step in each["path"])


def test_what_cannot_be_reached_by_a_known_action_is_refused(auditor, tmp_path):
    file = inventory(tmp_path, BUCKETS)
    unknown = auditor("reaches", f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/q", "--from", file)
    assert (unknown.code, "--action" in unknown.err) == (2, True)
    assert auditor("reaches", "nothing-of-that-name", "--from", file).code == 2
    assert auditor("reaches", "photos", "--action", "s3:GetObjekt", "--from", file).code == 2


@pytest.mark.parametrize(
    ("action", "resource", "bob", "ann"),
    [
        ("s3:GetObject", "arn:aws:s3:::photos/a.jpg", "allow", "no"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:999988887777:orders", "no", "no"),
        ("ec2:RunInstances", "arn:aws:ec2:us-east-1:999988887777:subnet/subnet-1", "no", "unknown"),
    ],
)
def test_what_another_account_says_of_its_resource_is_not_known(auditor, saved, action, resource, bob, ann):
    """AWS: across accounts the resource's policy has to allow too, and it was not read."""
    ran = auditor("who-can", action, resource, "--from", saved, "--format", "json")
    told = json.loads(ran.out)["answers"]
    answers = {each["who"].rsplit("/", 1)[-1]: each for each in told}
    assert (answers["bob"]["answer"], answers["ann"]["answer"]) == (bob, ann)
    if "999988887777" in resource:
        assert answers["admin"]["answer"] == "unknown"
        assert "in account 999988887777 that could not be read" in answers["admin"]["because"]
        assert ran.code == 3
