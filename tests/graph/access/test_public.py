"""Who is let in by policies on resources: S3's definition of public, trust of roles, tokens, services on anybody's behalf."""

import pytest

from auditor.graph.access.held.public import is_public, openings, pinned

OWN, OTHER = "111122223333", "999988887777"
GITHUB = "token.actions.githubusercontent.com"
POINT = "arn:aws:s3:us-west-2:111122223333:accesspoint/*"

# S3, "The meaning of public": everybody, unless under fixed values of these keys.
FIXED = [
    ({"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}, False),
    ({"StringLike": {"aws:SourceVpc": "vpc-*"}}, True),
    ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, False),
    ({"StringEquals": {"aws:SourceAccount": OWN}}, False),
    ({"StringEquals": {"aws:SourceOwner": OWN}}, False),
    ({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:topic"}}, False),
    ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:*"}}, True),  # holds a wildcard
    ({"StringLike": {"s3:DataAccessPointArn": POINT}}, False),  # AWS: the name may be a wildcard, the account not
    ({"StringLike": {"s3:DataAccessPointArn": POINT.replace(OWN, "*")}}, True),
    ({"StringEquals": {"s3:DataAccessPointAccount": OWN}}, False),
    (
        {
            "StringEquals": {
                "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:111122223333:key/1"
            }
        },
        False,
    ),
    ({"StringLike": {"aws:userid": "AROAI1111111111111111:*"}}, True),  # inside the pattern AROLEID:*
    ({"StringEquals": {"aws:userid": "AIDAI1111111111111111"}}, False),
    ({"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}}, False),
    ({"StringEquals": {"aws:SourceVpc": "${aws:PrincipalTag/vpc}"}}, True),  # a policy variable is not fixed
    ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
    ({"IpAddress": {"aws:SourceIp": "8.0.0.0/8"}}, False),
    ({"IpAddress": {"aws:SourceIp": "8.0.0.0/7"}}, True),  # AWS: wider than /8 is public
    ({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"]}}, True),
    ({"IpAddress": {"aws:SourceIp": "2600::/32"}}, False),
    ({"IpAddress": {"aws:SourceIp": "2600::/31"}}, True),  # IPv6: wider than /32
    ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
    ({"IpAddress": {"aws:SourceIp": "::/0"}}, True),
    ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, True),
    ({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}, True),
    ({"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}, True),
    ({"ForAllValues:StringEquals": {"aws:SourceVpc": "vpc-1"}}, True),
    ({"ForAnyValue:StringEquals": {"aws:SourceVpc": "vpc-1"}}, False),
    ({"Bool": {"aws:SecureTransport": "true"}}, True),
    ({"StringEquals": {"aws:Referer": "https://example.com"}}, True),
    ({}, True),
]


def opened(condition, who="*"):
    return {
        "Statement": [
            {"Effect": "Allow", "Principal": who, "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
        ]
    }


@pytest.mark.parametrize(("condition", "expected"), FIXED)
def test_public_as_s3_means_it(condition, expected):
    assert bool(is_public(opened(condition), strict=True)) is expected


@pytest.mark.parametrize(
    "who", [{"AWS": f"arn:aws:iam::{OTHER}:root"}, {"Service": "s3.amazonaws.com"}, {"AWS": OTHER}]
)
def test_a_fixed_principal_is_not_public(who):
    assert is_public(opened({}, who), strict=True) == []


@pytest.mark.parametrize(
    ("who", "door", "account"),
    [
        ("*", "public", ""),
        ({"AWS": ["*"]}, "public", ""),
        ({"AWS": OTHER}, "account", OTHER),
        ({"AWS": f"arn:aws:iam::{OTHER}:role/x"}, "account", OTHER),
        ({"AWS": f"arn:aws:iam::{OWN}:role/x"}, "own", OWN),
        ({"Service": "sns.amazonaws.com"}, "service", ""),
        ({"Federated": "cognito-identity.amazonaws.com"}, "federated", ""),
        ({"CanonicalUser": "79a5"}, "account", ""),
    ],
)
def test_doors_of_a_policy(who, door, account):
    (found,) = openings(opened({}, who), OWN)
    assert (found.kind, found.account, found.guarded) == (door, account, False)


@pytest.mark.parametrize(
    ("condition", "guarded"),
    [
        ({"StringEquals": {"aws:SourceAccount": OWN}}, True),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{'b'}"}}, True),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{OWN}:*"}}, True),
        ({"StringEquals": {"aws:SourceOrgID": "o-exampleorg"}}, True),
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
        ({"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"}}, True),
        ({"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-*/r-ab12/*"}}, False),
        ({"StringEqualsIfExists": {"aws:SourceAccount": OWN}}, False),
        ({"StringNotEquals": {"aws:SourceAccount": OTHER}}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
        ({}, False),
    ],
)
def test_a_service_on_anybodys_behalf_is_a_confused_deputy(condition, guarded):
    (found,) = openings(opened(condition, {"Service": "sns.amazonaws.com"}), OWN)
    assert found.guarded is guarded


SUBJECTS = [
    ("repo:acme/site:ref:refs/heads/main", True),
    ("repo:acme/site:*", True),
    ("repo:acme/*", True),
    ("repo:acme*", False),  # acme-evil
    ("repo:acme*/site:*", False),
    ("repo:*", False),
    ("repo:*/site:ref:refs/heads/main", False),
    ("*", False),
    ("repo:acme@123456/site@456789:ref:refs/heads/main", True),
    ("repo:acme@123456/site@*:*", True),
    ("repo:acme@*/site@*:*", True),
    ("repo:acme@12*/site@456789:*", False),
    ("repo:a?me/site:*", False),
    ("repository_owner_id:123456:*", True),
]


@pytest.mark.parametrize(("subject", "fixed"), SUBJECTS)
def test_subjects_of_github_in_both_forms(subject, fixed):
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{GITHUB}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {f"{GITHUB}:sub": subject}, "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
    }
    assert bool(pinned(statement, "Federated", statement["Principal"]["Federated"])) is fixed


@pytest.mark.parametrize(
    ("subject", "fixed"),
    [
        ("system:serviceaccount:shop:*", True),
        ("system:serviceaccount:*:app", False),
        ("system:serviceaccount:*", False),
    ],
)
def test_subjects_of_pods(subject, fixed):
    issuer = "oidc.eks.us-east-1.amazonaws.com/id/A"
    statement = {"Effect": "Allow", "Condition": {"StringLike": {f"{issuer}:sub": subject}}}
    assert bool(pinned(statement, "Federated", f"arn:aws:iam::{OWN}:oidc-provider/{issuer}")) is fixed
