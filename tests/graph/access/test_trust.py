"""Who from outside may assume a role: told apart in words and severity, and unknown where code or a gap decides."""

import pytest

from auditor.aws.requests import Failure
from auditor.checks.predicates.identity import asks_for_managers, trust_closed
from auditor.graph.access.strangers.trust import trusted
from auditor.graph.build import build
from auditor.model import Gap, Inventory, Resource
from auditor.model.organization import Managers
from auditor.resources import load
from auditor.sources.live import Place
from auditor.sources.organization import read_managers

OWN, OTHER = "111122223333", "999988887777"
ROOT, NAMED = f"arn:aws:iam::{OTHER}:root", f"arn:aws:iam::{OTHER}:role/deploy"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
AGE = {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}
EXTERNAL = {"StringEquals": {"sts:ExternalId": "7c9e6679"}}


def of(who, condition=None, action="sts:AssumeRole", kind="AWS", effect="Allow"):
    said = {"Effect": effect, "Principal": {kind: who}, "Action": action}
    return {**said, "Condition": condition} if condition is not None else said


def judged(*statements, account=OWN):
    return trusted({"Version": "2012-10-17", "Statement": list(statements)}, account)


@pytest.mark.parametrize(
    ("statement", "severity", "words"),
    [
        (of("*"), "critical", "anyone can assume it"),
        (of("*", {"StringEquals": {"aws:username": "ann"}}), "critical", "the condition on aws:username does not restrict access"),
        (of("*", MFA), "critical", "anyone can assume it"),
        (of("*", EXTERNAL), "high", "anyone who knows the external ID"),
        (of(ROOT), "critical", f"account {OTHER} can assume it without a condition"),
        (of(OTHER), "critical", f"account {OTHER} can assume it without a condition"),
        (of(ROOT, MFA), "medium", "with MFA alone"),
        (of(ROOT, AGE), "medium", "with MFA alone"),
        (of(ROOT, {"BoolIfExists": MFA["Bool"]}), "critical", "does not restrict access"),  # long-term keys come without it
        (of(ROOT, {"StringEquals": {"sts:RoleSessionName": "x"}}), "critical", "does not restrict access"),
        (of(ROOT, {"StringLike": {"sts:ExternalId": "*"}}), "critical", "does not restrict access"),
        (of(ROOT, {"StringEquals": {"aws:PrincipalAccount": OTHER}}), "critical", "does not restrict access"),
        (of(ROOT, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:*"}}), "critical", "does not restrict access"),
        (of(NAMED), "medium", f"role/deploy of account {OTHER} can assume it without a condition"),
        (of(f"arn:aws:iam::{OTHER}:user/ann", MFA), "low", "user/ann of account"),
        (of("cognito-identity.amazonaws.com", action="sts:AssumeRoleWithWebIdentity", kind="Federated"), "critical",
         "every tenant of Amazon Cognito"),
        (of("*", action="sts:AssumeRoleWithWebIdentity", kind="Federated"), "critical", "anyone can assume it"),
    ],
)  # fmt: skip
def test_who_is_let_in_is_told_with_how_bad_it_is(statement, severity, words):
    (found,) = judged(statement)
    assert (found.severity, found.certain) == (severity, True)
    assert words in found.sentence


@pytest.mark.parametrize(
    "statements",
    [
        [of(f"arn:aws:iam::{OWN}:root")],
        [of(OWN)],
        [of("arn:aws:iam::${@account}:root")],
        [of("${aws_iam_role.ci}")],
        [of("lambda.amazonaws.com", kind="Service")],
        [of(f"arn:aws:iam::{OWN}:saml-provider/corp", action="sts:AssumeRoleWithSAML", kind="Federated")],
        [of(ROOT, EXTERNAL)],
        [of(NAMED, EXTERNAL)],
        [of(ROOT, {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}})],
        [of(ROOT, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/deploy*"}})],
        [of(ROOT, {"StringEquals": {"aws:PrincipalTag/team": "blue"}})],  # of that account's making, not of everybody's
        [of("*", action="sts:TagSession")],
        [of("*", action=["sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"])],
        [of("*"), of("*", {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg"}}, effect="Deny")],
        [of(ROOT), of("*", {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/a"}}, effect="Deny")],
        [of(ROOT), {"Effect": "Deny", "NotPrincipal": {"AWS": f"arn:aws:iam::{OWN}:root"}, "Action": "sts:*"}],
        [of("*", effect="allow")],
        [of("*", effect="deny")],
    ],
)  # fmt: skip
def test_what_is_closed(statements):
    assert judged(*statements) == []


def test_everybody_but_somebody_is_everybody():
    (found,) = judged({"Effect": "Allow", "NotPrincipal": {"AWS": OTHER}, "Action": "sts:AssumeRole"})
    assert found.severity == "critical"


def test_the_worst_comes_first():
    found = judged(of(NAMED), of("*"), of(ROOT, MFA))
    assert [each.severity for each in found] == ["critical", "medium", "medium"]


@pytest.mark.parametrize("account", ["", "${@account}"])
def test_an_account_id_in_code_is_another_account_until_the_own_one_is_said(account):
    """Code speaks of its own account by a reference; the sentence says how to tell that a number is the own one."""
    (found,) = judged(of(ROOT), account=account)
    assert found.certain
    assert f"pass --account {found.account}" in found.sentence
    assert [each.certain for each in judged(of([ROOT, OWN]), account=account)] == [True, True]
    assert [each.certain for each in judged(of("arn:aws:iam::${aws_organizations_account.dev.id}:root"))] == [False]
    assert judged(of(ROOT), account=found.account) == []


def test_a_provider_that_code_names_by_reference_is_told_by_its_conditions():
    who = "${aws_iam_openid_connect_provider.gitlab}"
    web = {"action": "sts:AssumeRoleWithWebIdentity", "kind": "Federated"}
    (found,) = judged(of(who, **web))  # whoever's tokens they are, nobody's subject is asked for
    assert (found.certain, found.severity) == (True, "medium")
    assert judged(of("${? not known}", **web))[0].certain is False
    (found,) = judged(of(who, {"StringLike": {"gitlab.com:sub": "project_path:*"}}, **web))
    assert "every tenant of GitLab" in found.sentence
    assert judged(of(who, {"StringLike": {"gitlab.com:sub": "project_path:acme/*"}}, **web)) == []


def verdict(*statements, unread=(), account=OWN):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    role = Resource("AWS::IAM::Role", "app", account, "", properties={"AssumeRolePolicyDocument": document})
    role.unknown = {f"AssumeRolePolicyDocument.{path}": _gap() for path in unread}
    (found,) = trust_closed(build(Inventory([role], [], frozenset(load())), load()), role)
    return found


def _gap():
    return Gap(OWN, "", "iam", "", "", "unresolved", ("AWS::IAM::Role",), "known after apply")


def test_the_answer_carries_the_worst_severity_and_all_words():
    found = verdict(of(NAMED), of("*"))
    assert (found.verdict, found.severity) == ("broken", "critical")
    assert "anyone can assume it" in found.because
    assert "role/deploy" in found.because
    assert verdict(of(NAMED)).severity == "medium"


@pytest.mark.parametrize(
    ("statements", "unread", "expected"),
    [
        ([of("*"), of(OWN)], ["Statement[1].Condition"], "broken"),  # it allows, whatever its condition is
        ([of("*"), {"Effect": "Deny"}], ["Statement[1].Condition"], "unknown"),  # it may take everything away
        ([of("*"), {}], ["Statement[1]"], "unknown"),
        ([of(OWN), of("*")], ["Statement[1].Condition"], "unknown"),
        ([of(ROOT)], ["Statement"], "unknown"),
        ([of("*", "x")], [], "unknown"),
        ([of("*", {"StringEquals": ["aws:username"]})], [], "unknown"),
    ],
)
def test_what_was_not_read_may_let_in_and_may_deny(statements, unread, expected):
    assert verdict(*statements, unread=unread).verdict == expected


# ---- what AWS itself makes

MANAGER = "222233334444"
ORG_ADMIN = (
    "role/aws-service-role/stacksets.cloudformation.amazonaws.com/AWSServiceRoleForCloudFormationStackSetsOrgAdmin"
)
NAMES = {
    "OrganizationAccountAccessRole": "root",
    "AWSControlTowerExecution": "root",
    "AWSCloudFormationStackSetExecutionRole": "role/AWSCloudFormationStackSetAdministrationRole",
    "stacksets-exec-0123456789abcdef0123456789abcdef": ORG_ADMIN,
    f"cdk-hnb659fds-deploy-role-{OWN}-eu-west-1": "root",
}
READ = Managers(MANAGER, (OTHER,))


def named(name, *statements, managers=READ):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    properties = {"AssumeRolePolicyDocument": document, "RoleName": name}
    role = Resource("AWS::IAM::Role", name, OWN, "", name=name, properties=properties)
    inventory = Inventory([role], [], frozenset(load()), managers={OWN: managers} if managers else {})
    (found,) = trust_closed(build(inventory, load()), role)
    return found


@pytest.mark.parametrize(("name", "who"), NAMES.items())
def test_what_aws_makes_is_told_as_what_it_is(name, who):
    made = of(f"arn:aws:iam::{MANAGER}:{who}")
    found = named(name, made)
    assert (found.verdict, found.severity, found.changes) == ("broken", "low", ())
    assert "manages the organization" in found.because
    assert named(name, of(f"arn:aws:iam::{OWN}:root")).verdict == "kept"


@pytest.mark.parametrize(("name", "who"), NAMES.items())
@pytest.mark.parametrize(
    "statement",
    [
        of("arn:aws:iam::555566667777:root"),
        of("arn:aws:iam::555566667777:role/x"),
        of(["arn:aws:iam::555566667777:root", f"arn:aws:iam::{MANAGER}:root"]),
        of(f"arn:aws:iam::{MANAGER}:root", action="sts:*"),
        of(f"arn:aws:iam::{MANAGER}:user/ann"),
        of("*"),
    ],
)
def test_a_role_of_that_name_that_trusts_anybody_else_is_critical(name, who, statement):
    assert named(name, statement).severity == "critical"
    assert named(name, of(f"arn:aws:iam::{MANAGER}:{who}"), statement).severity == "critical"
    if statement["Action"] == "sts:AssumeRole" and MANAGER not in str(statement):
        assert named(name, statement, managers=Managers()).severity == "critical"  # in no organization at all


def test_another_name_with_the_same_trust_is_any_trust_of_another_account():
    assert named("OrganizationAccountAccessRole2", of(f"arn:aws:iam::{MANAGER}:root")).severity == "critical"
    assert named("deploy", of(f"arn:aws:iam::{MANAGER}:root")).severity == "critical"


@pytest.mark.parametrize("managers", [None, Managers(gap=_gap())])
def test_who_manages_the_organization_has_to_be_known(managers):
    found = named("OrganizationAccountAccessRole", of(f"arn:aws:iam::{MANAGER}:root"), managers=managers)
    assert found.verdict == "unknown"
    assert named("OrganizationAccountAccessRole", of("*"), managers=managers).severity == "critical"


def test_a_delegated_administrator_runs_stack_sets_and_makes_no_accounts():
    name = "AWSCloudFormationStackSetExecutionRole"
    assert named(name, of(f"arn:aws:iam::{OTHER}:root")).severity == "low"
    assert named(name, of(f"arn:aws:iam::{OTHER}:root"), managers=Managers(MANAGER)).verdict == "unknown"
    assert named(name, of(f"arn:aws:iam::{OTHER}:root"), managers=Managers(MANAGER, ())).severity == "critical"
    assert named("OrganizationAccountAccessRole", of(f"arn:aws:iam::{OTHER}:root")).severity == "critical"


class Answering:
    """A caller that knows the organization."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []

    def ask(self, requests):
        self.asked += [each.operation for each in requests]
        return {each: self.answers[each.operation] for each in requests}


DENIED = Failure("AccessDeniedException", "not allowed", "denied")


@pytest.mark.parametrize(
    ("described", "listed", "expected"),
    [
        ({"Organization": {"MasterAccountId": MANAGER}}, {"DelegatedAdministrators": [{"Id": OTHER}]}, READ),
        ({"Organization": {"MasterAccountId": MANAGER}}, DENIED, Managers(MANAGER)),
        (Failure("AWSOrganizationsNotInUseException", "none", "failed"), DENIED, Managers()),
    ],
)
def test_who_manages_the_organization_is_read(described, listed, expected):
    caller = Answering({"describe_organization": described, "list_delegated_administrators": listed})
    assert read_managers(caller, Place(OWN, "aws", "us-east-1", ("us-east-1",))) == expected


def test_a_denied_organization_is_a_gap_with_its_cure():
    caller = Answering({"describe_organization": DENIED})
    found = read_managers(caller, Place(OWN, "aws", "us-east-1", ("us-east-1",)))
    assert found.gap.permission == "organizations:DescribeOrganization"


def test_the_organization_is_asked_for_only_where_it_decides():
    def role(name, statement):
        properties = {"AssumeRolePolicyDocument": {"Statement": [statement]}}
        made = Resource("AWS::IAM::Role", name, OWN, "", name=name, properties=properties)
        return Inventory([made], [], frozenset(load()))

    assert asks_for_managers(role("OrganizationAccountAccessRole", of(ROOT)))
    assert not asks_for_managers(role("OrganizationAccountAccessRole", of(OWN)))
    assert not asks_for_managers(role("deploy", of(ROOT)))
