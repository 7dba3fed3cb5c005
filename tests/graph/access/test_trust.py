"""Who from outside may assume a role: told apart in words and severity, and unknown where code or a gap decides."""

import pytest

from auditor.checks.predicates.identity import trust_closed
from auditor.graph.access.strangers.trust import trusted
from auditor.graph.build import build
from auditor.model import Gap, Inventory, Resource
from auditor.resources import load

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
        (of("*", {"StringEquals": {"aws:username": "ann"}}), "critical", "the condition on aws:username keeps nobody out"),
        (of("*", MFA), "critical", "anyone can assume it"),
        (of("*", EXTERNAL), "high", "whoever knows the external id"),
        (of(ROOT), "critical", f"account {OTHER} can assume it without a condition"),
        (of(OTHER), "critical", f"account {OTHER} can assume it without a condition"),
        (of(ROOT, MFA), "medium", "with MFA alone"),
        (of(ROOT, AGE), "medium", "with MFA alone"),
        (of(ROOT, {"BoolIfExists": MFA["Bool"]}), "critical", "keeps nobody out"),  # long-term keys come without it
        (of(ROOT, {"StringEquals": {"sts:RoleSessionName": "x"}}), "critical", "keeps nobody out"),
        (of(ROOT, {"StringLike": {"sts:ExternalId": "*"}}), "critical", "keeps nobody out"),
        (of(ROOT, {"StringEquals": {"aws:PrincipalAccount": OTHER}}), "critical", "keeps nobody out"),
        (of(ROOT, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:*"}}), "critical", "keeps nobody out"),
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
def test_of_one_account_id_in_code_nobody_knows_whether_it_is_the_roles_own(account):
    assert [each.certain for each in judged(of(ROOT), account=account)] == [False]
    assert [each.certain for each in judged(of([ROOT, OWN]), account=account)] == [True, True]  # both cannot be
    assert [each.certain for each in judged(of("*"), of(ROOT), account=account)] == [True, False]
    assert [each.certain for each in judged(of("arn:aws:iam::${aws_organizations_account.dev.id}:root"))] == [False]


def test_a_provider_that_code_names_by_reference_is_told_by_its_conditions():
    who = "${aws_iam_openid_connect_provider.gitlab}"
    web = {"action": "sts:AssumeRoleWithWebIdentity", "kind": "Federated"}
    assert judged(of(who, **web)) == []  # as before: code that says no more
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
