"""What of an organization binds an account, out of the answers that AWS documents for its three kinds of accounts."""

import json

import pytest

from auditor.aws.replay import Replay
from auditor.aws.requests import Failure, Request
from auditor.model.organization import Organization
from auditor.sources.live import Place
from auditor.sources.organization import organization_permissions, read_organization

ACCOUNT, MANAGER, HOME = "111122223333", "999988887777", "us-east-1"
PLACE = Place(ACCOUNT, "aws", HOME, ("ap-northeast-2",))
FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
DENIED = Failure("AccessDeniedException", "denied", "You don't have permissions to access this resource.")
NOT_IN_USE = Failure("AWSOrganizationsNotInUseException", "failed", "Your account is not a member of an organization.")
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"


def member(features="ALL", manager=MANAGER):
    return {"Organization": {"Id": "o-exampleorgid", "FeatureSet": features, "MasterAccountId": manager}}


def asked(operation, **params):
    return Request.of(ACCOUNT, HOME, "organizations", operation, params)


def policy(identifier, content):
    summary = {"Id": identifier, "Name": identifier.removeprefix("p-"), "Type": SCP}
    return {"Policy": {"PolicySummary": summary, "Content": json.dumps(content)}}


def hung(*identifiers):
    return {"Policies": [{"Id": each, "Name": each.removeprefix("p-")} for each in identifiers]}


def readable():
    """Root, a unit in a unit, and the account; the inner unit denies S3, and resource control policies are off."""
    up = {ACCOUNT: ("ou-a1-inner", "ORGANIZATIONAL_UNIT"), "ou-a1-inner": ("ou-a1-outer", "ORGANIZATIONAL_UNIT"),
          "ou-a1-outer": ("r-a1", "ROOT")}  # fmt: skip
    answers = {asked("describe_organization"): member()}
    for child, (parent, kind) in up.items():
        answers[asked("list_parents", ChildId=child)] = {"Parents": [{"Id": parent, "Type": kind}]}
    for target in ("r-a1", "ou-a1-outer", "ou-a1-inner", ACCOUNT):
        more = ("p-NoStorage",) if target == "ou-a1-inner" else ()
        answers[asked("list_policies_for_target", TargetId=target, Filter=SCP)] = hung("p-FullAWSAccess", *more)
        answers[asked("list_policies_for_target", TargetId=target, Filter=RCP)] = hung()
    answers[asked("describe_policy", PolicyId="p-FullAWSAccess")] = policy("p-FullAWSAccess", FULL)
    answers[asked("describe_policy", PolicyId="p-NoStorage")] = policy("p-NoStorage", DENY)
    return answers


def test_every_level_from_the_root_down_is_read_and_a_policy_once():
    replay = Replay(readable())
    asks = []
    replay_ask = replay.ask

    class Counting:
        def ask(self, requests):
            asks.extend(requests)
            return replay_ask(requests)

    found = read_organization(Counting(), PLACE)
    assert [[name for name, _ in level] for level in found.scps] == [
        ["FullAWSAccess"],
        ["FullAWSAccess"],
        ["FullAWSAccess", "NoStorage"],
        ["FullAWSAccess"],
    ]
    assert found.scps[2][1][1] == DENY
    assert (found.rcps, found.gaps) == ((), ())
    assert len(asks) == len(set(asks)) == len(readable())


@pytest.mark.parametrize(
    "answer",
    [
        NOT_IN_USE,
        member(manager=ACCOUNT),  # AWS: SCPs and RCPs do not affect the management account
        member(features="CONSOLIDATED_BILLING"),  # AWS: they need all features
    ],
)
def test_where_nothing_can_bind_nothing_is_asked_further(answer):
    found = read_organization(Replay({asked("describe_organization"): answer}), PLACE)
    assert found == Organization(id=None if isinstance(answer, Failure) else "o-exampleorgid")


@pytest.mark.parametrize(
    "operation", ["describe_organization", "list_parents", "list_policies_for_target", "describe_policy"]
)
def test_what_a_member_is_refused_is_a_gap_that_names_the_action(operation):
    answers = {key: DENIED if key.operation == operation else reply for key, reply in readable().items()}
    found = read_organization(Replay(answers), PLACE)
    (gap,) = found.gaps
    assert (found.scps, found.rcps) == ((), ())
    assert (gap.reason, gap.subject) == ("denied", "organization")
    assert gap.permission in organization_permissions()
    assert gap.permission.lower() == "organizations:" + operation.replace("_", "")


def test_a_policy_whose_content_is_none_is_not_taken_for_one_that_allows_nothing():
    answers = {**readable(), asked("describe_policy", PolicyId="p-NoStorage"): {"Policy": {"Content": "{"}}}
    found = read_organization(Replay(answers), PLACE)
    assert (found.scps, [gap.reason for gap in found.gaps]) == ((), ["failed"])


def test_the_simulated_account_that_manages_its_organization_is_bound_by_nothing(copy_of_cuggu):
    """And one of its members by what hangs above it, as far as the simulator tells."""
    client = copy_of_cuggu.client("organizations")
    client.create_organization(FeatureSet="ALL")
    made = client.create_account(Email="shop@example.com", AccountName="shop")["CreateAccountStatus"]["AccountId"]
    root = client.list_roots()["Roots"][0]["Id"]
    content = json.dumps(DENY)
    denial = client.create_policy(Name="NoStorage", Description="x", Type=SCP, Content=content)["Policy"]
    client.attach_policy(PolicyId=denial["PolicySummary"]["Id"], TargetId=root)

    class Asking:
        def ask(self, requests):
            return {each: getattr(client, each.operation)(**each.arguments) for each in requests}

    managing = read_organization(Asking(), Place(copy_of_cuggu.account, "aws", HOME, (HOME,)))
    assert (managing.scps, managing.rcps, managing.gaps, bool(managing.id)) == ((), (), (), True)
    found = read_organization(Asking(), Place(made, "aws", HOME, (HOME,)))
    assert [[name for name, _ in level] for level in found.scps] == [["FullAWSAccess", "NoStorage"], ["FullAWSAccess"]]
    assert found.gaps == ()
