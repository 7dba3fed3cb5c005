"""What of a request its resource and its principal fix: the region of the endpoint, ids, and the time of a token.

AWS: global condition keys, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import pytest

from auditor.graph.access.becoming.escalation import escalations
from auditor.graph.access.held.guardrails import Guardrails
from auditor.graph.access.policy.known import endpoint_region
from auditor.graph.access.who import NotFound, arn_of, who_can
from auditor.model.organization import Organization
from tests.graph.access.account import ACCOUNT, account_graph, allow, deny, graph_of, of, role, trusting, user

ROOT = f"arn:aws:iam::{ACCOUNT}:root"


@pytest.mark.parametrize(
    ("action", "arn", "region"),
    [
        ("ec2:TerminateInstances", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-1", "eu-west-1"),
        ("kms:Decrypt", f"arn:aws:kms:ap-south-1:{ACCOUNT}:key/k", "ap-south-1"),
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x", "us-east-1"),
        ("iam:CreateUser", "*", "us-east-1"),
        ("cloudfront:UpdateDistribution", f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1", "us-east-1"),
        ("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1", "us-east-1"),
        ("organizations:LeaveOrganization", "*", "us-east-1"),
        ("globalaccelerator:UpdateAccelerator", f"arn:aws:globalaccelerator::{ACCOUNT}:accelerator/a", "us-west-2"),
        ("iam:CreateUser", f"arn:aws-us-gov:iam::{ACCOUNT}:user/x", "us-gov-west-1"),
        ("iam:CreateUser", f"arn:aws-cn:iam::{ACCOUNT}:user/x", "cn-north-1"),
        ("route53:GetHostedZone", "arn:aws-cn:route53:::hostedzone/Z1", "cn-northwest-1"),
        # A choice: nothing says where.
        ("ec2:RunInstances", "*", ""),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/r", ""),
        ("s3:GetObject", "arn:aws:s3:::photos/a.jpg", ""),
        ("ec2:TerminateInstances", f"arn:aws:ec2:*:{ACCOUNT}:instance/*", ""),
    ],
)
def test_the_region_of_the_endpoint(action, arn, region):
    assert endpoint_region(action, arn) == region


IN_IRELAND = {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}
BUT_IRELAND = {"Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}


def asked(statements, action, arn, guard=None, more=()):
    graph = account_graph(of(user("x", *statements), *more))
    found = who_can(graph, action, arn, guard or Guardrails())
    return {each.who.rsplit("/", 1)[-1]: each.answer for each in found}["x"]


@pytest.mark.parametrize(
    ("action", "arn", "inside", "outside"),
    [
        ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q", "allow", "allow"),
        ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q", "no", "deny"),
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/y", "no", "deny"),
        ("cloudfront:UpdateDistribution", f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1", "no", "deny"),
        ("ec2:RunInstances", "*", "allow", "allow"),
    ],
)  # fmt: skip
def test_a_region_is_no_choice_where_the_resource_fixes_it(action, arn, inside, outside):
    assert asked([allow("*", **IN_IRELAND)], action, arn) == inside
    assert asked([allow("*"), deny("*", **BUT_IRELAND)], action, arn) == outside
    # A region deny of an organization is the same denial.
    scp = {"Version": "2012-10-17", "Statement": [allow("*"), deny("*", **BUT_IRELAND)]}
    guard = Guardrails.of(Organization(scps=((("regions", scp),),)))
    assert asked([allow("*")], action, arn, guard) == outside


def test_a_bucket_has_its_own_region():
    def answer(region, arn="arn:aws:s3:::photos/a.jpg"):
        graph = graph_of(
            {
                "photos": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "photos"}},
                "r": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "AssumeRolePolicyDocument": {"Statement": []},
                        "Policies": [
                            {"PolicyName": "p", "PolicyDocument": {"Statement": [allow("s3:*", **IN_IRELAND)]}}
                        ],
                    },
                },
            }
        )
        graph.of_type("AWS::S3::Bucket")[0].region = region
        return who_can(graph, "s3:GetObject", arn)[0].answer

    assert (answer("eu-west-1"), answer("us-east-1")) == ("allow", "no")
    # Where a bucket of somebody else is, nobody read; and it is no choice either.
    assert answer("us-east-1", "arn:aws:s3:::elsewhere/a.jpg") == "depends"


def test_a_region_deny_closes_ways_through_iam():
    x = user("x", allow("iam:PutUserPolicy"), deny("*", **BUT_IRELAND))
    assert [each.outcome for each in escalations(account_graph(of(x)))] == ["no"]


USER_ID, ROLE_ID = "AIDACKCEVSQ6C2EXAMPLE", "AROADBQP57FF2AEXAMPLE"


@pytest.mark.parametrize(
    ("condition", "user_may", "role_may"),
    [
        ({"StringEquals": {"aws:userid": USER_ID}}, "allow", "no"),
        ({"StringLike": {"aws:userid": f"{ROLE_ID}:*"}}, "no", "allow"),
        ({"StringLike": {"aws:userid": f"{ROLE_ID}:deploy-*"}}, "no", "allow"),  # whoever assumes it names the session
        ({"StringEquals": {"aws:userid": f"{ROLE_ID}:deploy"}}, "no", "allow"),
        ({"StringLike": {"aws:userid": "AROAELSEWHEREEXAMPLE:*"}}, "no", "no"),
        ({"StringNotLike": {"aws:userid": [f"{ROLE_ID}:*", USER_ID]}}, "no", "no"),
        ({"StringNotLike": {"aws:userid": [f"{ROLE_ID}:*"]}}, "allow", "no"),
        ({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, "allow", "allow"),
        ({"StringEquals": {"aws:ResourceAccount": ACCOUNT}}, "allow", "allow"),
        ({"StringNotEquals": {"aws:ResourceAccount": ACCOUNT}}, "no", "no"),
        ({"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}, "allow", "allow"),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-own0123456"}}, "allow", "allow"),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-other12345"}}, "no", "no"),
        ({"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}, "allow", "allow"),
        # Long-term keys bring no token; a session always does.
        ({"Null": {"aws:TokenIssueTime": "true"}}, "allow", "no"),
        ({"Null": {"aws:TokenIssueTime": "false"}}, "allow", "allow"),  # sts:GetSessionToken takes no permission
        ({"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}, "allow", "allow"),
        ({"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}, "no", "no"),
        ({"Null": {"aws:TokenIssueTime": "true"}, "DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}, "no", "no"),
    ],
)  # fmt: skip
def test_ids_that_were_read_answer(condition, user_may, role_may):
    queue = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"
    may = allow("sqs:*", Condition=condition)
    made = (user("x", may, UserId=USER_ID), role("r", may, trust=[trusting(ROOT)], RoleId=ROLE_ID))
    queues = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}
    graph = account_graph(of(*made))
    queue_graph = graph_of({"q": queues})
    for each in queue_graph.resources():
        each.arn = queue
        graph._resources[queue] = each
    guard = Guardrails.of(Organization(id="o-own0123456"))
    found = {each.who.rsplit("/", 1)[-1]: each.answer for each in who_can(graph, "sqs:SendMessage", queue, guard)}
    assert (found["x"], found["r"]) == (user_may, role_may)


def test_an_account_that_is_in_no_organization_has_no_id_of_one():
    may = allow("sqs:*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-own0123456"}})
    queue = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"
    assert asked([may], "sqs:SendMessage", queue, Guardrails.of(Organization(id=None))) == "no"
    assert asked([may], "sqs:SendMessage", queue, Guardrails.of(Organization())) == "depends"


def test_a_denial_of_sessions_from_before_leaves_long_term_keys():
    """AWS revokes sessions by a denial under DateLessThan aws:TokenIssueTime."""
    revoked = deny("*", Condition={"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}})
    assert asked([allow("*"), revoked], "sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q") == "allow"
    keys = deny("*", Condition={"Null": {"aws:TokenIssueTime": "true"}})
    assert asked([allow("*"), keys], "sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q") == "allow"
    both = deny("*", Condition={"Null": {"aws:TokenIssueTime": "false"}})
    assert asked([allow("*"), keys, both], "sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q") == "deny"


def test_of_several_resources_with_a_name_the_action_means_one():
    shown = {
        name: {"Type": kind, "Properties": {}}
        for name, kind in (("deploy", "AWS::IAM::Role"), ("other", "AWS::IAM::User"), ("third", "AWS::IAM::Group"))
    }
    graph = graph_of(shown)
    for each in graph.resources():
        each.name = "deploy"
    assert arn_of(graph, "deploy", "iam:PassRole").endswith(":role/deploy")
    assert arn_of(graph, "deploy", "iam:PutUserPolicy").endswith(":user/other")
    with pytest.raises(NotFound):
        arn_of(graph, "deploy", "iam:AddUserToGroup")  # both are in its name
