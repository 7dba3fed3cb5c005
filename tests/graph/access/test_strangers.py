"""Who sets what a condition looks at: tables of keys, operators and identity providers, and the laws behind them.

Worked out from AWS's tables of condition keys, from "Identity-provider controls for shared OIDC providers", and from the
providers' own pages about their tokens.
"""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from auditor.graph.access.held.public import public
from auditor.graph.access.policy.conditions import holds
from auditor.graph.access.policy.context import Context
from auditor.graph.access.strangers.holders import administrators
from auditor.graph.access.strangers.keys import KEYS, key_of
from auditor.graph.access.strangers.trust import trusted

OWN, OTHER = "111122223333", "999988887777"
ROLE_ID = "AROAEXAMPLEEXAMPLE123"


def opened(condition, *more, who="*", **said):
    allow = {"Effect": "Allow", "Principal": who, "Action": "sqs:SendMessage", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [{**allow, **said}, *more]}


def is_open(condition, *more, strict=False, **said):
    found = public(opened(condition, *more, **said), strict)
    return True if found.open else None if found.unknown else False


# What a stranger brings as he pleases, in an account of his own: key, a value.
CHOSEN = [
    ("aws:PrincipalTag/team", "blue"),
    ("aws:username", "alice"),
    ("aws:VpcSourceIp", "10.0.0.0/8"),
    ("aws:PrincipalType", "User"),
    ("aws:SourceIdentity", "alice"),
    ("aws:Referer", "https://example.com/"),
    ("aws:UserAgent", "app/1.0"),
    ("aws:RequestedRegion", "eu-west-1"),
    ("aws:SecureTransport", "true"),
    ("aws:MultiFactorAuthPresent", "true"),
    ("aws:ViaAWSService", "true"),
    ("aws:CalledVia", "cloudformation.amazonaws.com"),
    ("aws:RequestTag/team", "blue"),
    ("aws:TagKeys", "team"),
    ("aws:ResourceTag/public", "yes"),
    ("aws:ResourceAccount", OWN),
    ("kms:ViaService", "s3.eu-west-1.amazonaws.com"),
    ("kms:EncryptionContext:app", "shop"),
    ("kms:GrantIsForAWSResource", "true"),
    ("s3:prefix", "home/"),
    ("s3:x-amz-acl", "bucket-owner-full-control"),
    ("s3:ExistingObjectTag/public", "yes"),
    ("s3:AccessPointNetworkOrigin", "VPC"),
    ("sns:Protocol", "https"),
    ("lambda:FunctionUrlAuthType", "AWS_IAM"),
    ("sts:RoleSessionName", "alice"),
    ("sts:ExternalId", "7c9e6679"),
    ("accounts.google.com:sub", "1234567890"),
    ("graph.facebook.com:id", "1234567890"),
    ("token.actions.githubusercontent.com:sub", "repo:acme/site:ref:refs/heads/main"),
    ("cognito-identity.amazonaws.com:sub", "us-east-1:12345678-1234-1234-1234-123456789012"),
    ("example.com:sub", "somebody"),
    ("saml:sub", "somebody"),
    ("saml:aud", "https://signin.aws.amazon.com/saml"),
    ("aws:NoSuchKeyYet", "x"),
]
# What AWS sets: key, a value that names one, a value that leaves room for others.
SET_BY_AWS = [
    ("aws:PrincipalAccount", OWN, "1111*"),
    ("aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/app", "arn:aws:iam::*:role/app"),
    ("aws:PrincipalOrgID", "o-exampleorg", "o-*"),
    ("aws:PrincipalOrgPaths", "o-exampleorg/r-ab12/*", "o-*/r-ab12/*"),
    ("aws:SourceOwner", OWN, "*"),
    ("aws:SourceVpc", "vpc-12345678", "vpc-*"),
    ("aws:SourceVpce", "vpce-12345678", "vpce-*"),
    ("aws:SourceVpcArn", f"arn:aws:ec2:eu-west-1:{OWN}:vpc/*", "arn:aws:ec2:eu-west-1:*:vpc/vpc-1"),
    ("aws:VpceAccount", OWN, "*"),
    ("aws:VpceOrgID", "o-exampleorg", "o-*"),
    ("aws:VpceOrgPaths", "o-exampleorg/r-ab12/*", "*"),
    ("aws:SourceAccount", OWN, "*"),
    ("aws:SourceArn", f"arn:aws:sns:*:{OWN}:*", "arn:aws:sns:*:*:topic"),
    ("aws:SourceOrgID", "o-exampleorg", "o-*"),
    ("aws:SourceOrgPaths", "o-exampleorg/r-ab12/*", "*"),
    ("aws:PrincipalServiceName", "sns.amazonaws.com", "*"),
    ("aws:FederatedProvider", f"arn:aws:iam::{OWN}:oidc-provider/*", "*"),
    ("aws:userid", f"{ROLE_ID}:*", "*:alice"),
    ("aws:userid", OWN, "AROA*"),
    ("aws:userid", "AIDACKCEVSQ6C2EXAMPLE", "AIDA*"),
    ("kms:CallerAccount", OWN, "*"),
    ("s3:DataAccessPointAccount", OWN, "*"),
    ("s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{OWN}:accesspoint/*", "arn:aws:s3:eu-west-1:*:accesspoint/a"),
    ("elasticfilesystem:AccessPointArn", f"arn:aws:elasticfilesystem:eu-west-1:{OWN}:access-point/*", "*"),
    ("cognito-identity.amazonaws.com:aud", "us-east-1:12345678-1234-1234-1234-123456789012", "us-east-1:*"),
    ("lambda:SourceFunctionArn", f"arn:aws:lambda:*:{OWN}:function:app", "arn:aws:lambda:*:*:function:app"),
    ("aws:Ec2InstanceSourceVpc", "vpc-12345678", "vpc-*"),
]


@pytest.mark.parametrize(("key", "value"), CHOSEN, ids=lambda each: each)
def test_what_a_stranger_chooses_keeps_nobody_out(key, value):
    for operator in (
        "StringEquals",
        "StringLike",
        "ForAnyValue:StringEquals",
        "StringEqualsIfExists",
        "StringNotEquals",
    ):
        assert is_open({operator: {key: value}}) is True, operator
    assert is_open({"StringEquals": {key: value}}, strict=True) is True
    assert is_open({"Null": {key: "false"}}) is True


@pytest.mark.parametrize(("key", "fixed", "loose"), SET_BY_AWS, ids=lambda each: each)
def test_what_aws_sets_keeps_out_by_a_value_that_names_one(key, fixed, loose):
    assert is_open({"StringLike": {key: fixed}}) is False
    assert is_open({"ForAnyValue:StringLike": {key: fixed}}) is False
    assert is_open({"StringLike": {key: [fixed, loose]}}) is True
    assert is_open({"StringLike": {key: loose}}) is True
    assert is_open({"StringLike": {key: "${aws:PrincipalTag/it}"}}) is True
    assert is_open({"StringLike": {key: fixed}, "StringEquals": {"aws:username": "x"}}) is False
    assert is_open({"StringNotLike": {key: fixed}}) is True


def test_every_row_of_the_table_is_tried():
    tried = {key.lower() for key, *_ in (*CHOSEN, *SET_BY_AWS)} | {"aws:sourceip", "sns:endpoint"}
    rest = {key for key in KEYS if not any(each.startswith(key) for each in tried)}
    assert {key_of(key).sets for key in rest} <= {"AWS", "secret", "organization"}
    assert all(is_open({"StringLike": {key: "*"}}) for key in rest)


@pytest.mark.parametrize(
    ("operator", "opens"),
    [
        ("StringEquals", False),
        ("StringEqualsIgnoreCase", False),
        ("StringLike", False),
        ("ForAnyValue:StringEquals", False),
        ("StringEqualsIfExists", True),  # also without the key
        ("ForAllValues:StringEquals", True),
        ("StringNotEquals", True),
        ("StringNotLike", True),
        ("ForAllValues:StringNotEquals", True),
    ],
)
def test_an_operator_that_also_holds_without_the_key_keeps_nobody_out(operator, opens):
    assert is_open({operator: {"aws:PrincipalOrgID": "o-exampleorg"}}) is opens
    with_the_key = {operator: {"aws:PrincipalOrgID": "o-exampleorg"}, "Null": {"aws:PrincipalOrgID": "false"}}
    assert is_open(with_the_key) is ("Not" in operator)


def test_a_key_that_every_request_has_is_there_with_ifexists_too():
    """AWS: aws:PrincipalAccount is in all requests, aws:PrincipalArn in all that are signed."""
    assert is_open({"StringEqualsIfExists": {"aws:PrincipalAccount": OWN}}) is False
    arn = {"StringEqualsIfExists": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/app"}}
    assert is_open(arn) is True
    assert trusted(opened(arn, Action="sts:AssumeRole"), OWN) == []


@pytest.mark.parametrize(
    ("value", "opens"),
    [
        ("203.0.113.0/24", False),
        ("10.0.0.0/8", False),
        ("192.168.0.0/16", False),
        ("0.0.0.0/1", True),
        ("0.0.0.0/0", True),
        ("::/0", True),
        ("2600::/32", False),
        ("2600::/31", True),
        (["203.0.113.0/24", "64.0.0.0/2"], True),
        ("no address", False),  # nobody's address is in it
    ],
)
def test_addresses(value, opens):
    assert is_open({"IpAddress": {"aws:SourceIp": value}}) is opens
    assert is_open({"IpAddress": {"aws:VpcSourceIp": value}}) is (value != "no address")


@pytest.mark.parametrize(
    ("userid", "opens"),
    [
        ("alice", True),  # no id: nothing of it is AWS's
        ("*:alice@example.com", True),
        (":alice", True),
        (f"{ROLE_ID}:alice", False),
        (f"{ROLE_ID}:*", False),
        ("AROA*:alice", True),
        ("?ROAEXAMPLEEXAMPLE123:*", True),
        (f"{OWN}:alice", False),
        ("*", True),
    ],
)
def test_a_user_id_is_fixed_by_the_id_in_it(userid, opens):
    assert is_open({"StringLike": {"aws:userid": userid}}) is opens


@pytest.mark.parametrize(
    ("arn", "opens"),
    [
        ("arn:aws:s3:::bucket", False),
        ("arn:aws:s3:*:*:bucket", False),
        ("arn:aws:s3:::bucket/*", False),
        ("arn:aws:s3:::bucket*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:apigateway:eu-west-1::/restapis/abc123/*", False),
        ("arn:aws:route53:::hostedzone/Z1EXAMPLE", False),
        (f"arn:aws:*:*:{OWN}:*", False),
        ("arn:aws:iam::*:role/x", True),
    ],
)
def test_arns_that_name_their_owner_without_an_account(arn, opens):
    assert is_open({"ArnLike": {"aws:SourceArn": arn}}) is opens


def test_a_wildcard_of_text_reaches_over_colons_and_one_of_arns_does_not():
    """A function of a stranger's that is called 111122223333 fits the text, and not the ARN."""
    arn = f"arn:aws:*:{OWN}:*"
    assert is_open({"StringLike": {"aws:SourceArn": f"arn:*:{OWN}:*"}}) is True
    assert is_open({"StringLike": {"aws:SourceArn": arn}}) is True


@pytest.mark.parametrize(
    ("endpoint", "opens"),
    [
        ("https://example.com/*", False),
        ("https://hooks.example.com/orders/*", False),
        ("*@example.com", False),
        (f"arn:aws:sqs:*:{OWN}:*", False),
        (f"arn:aws:lambda:eu-west-1:{OWN}:function:orders", False),
        ("https://example.com*", True),  # example.com.evil.test
        ("https://*", True),
        ("https://*.example.com/*", True),  # https://evil.test/.example.com/
        ("http*", True),
        ("*", True),
        ("*@*", True),
        ("arn:aws:sqs:*:*:*", True),
        ("arn:aws:sqs:eu-west-1:1111*:orders", True),
    ],
)
def test_where_a_topic_may_deliver_to(endpoint, opens):
    condition = {"StringLike": {"sns:Endpoint": endpoint}, "StringEquals": {"sns:Protocol": "https"}}
    assert is_open(condition, Action="sns:Subscribe") is opens


ORGANIZATION = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorg"}}


def denial(condition, **said):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition}
    return {**deny, **said}


@pytest.mark.parametrize(
    ("deny", "opens"),
    [
        (denial({"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg"}}), False),
        (denial(ORGANIZATION), False),
        # AWS's own data perimeter: services of AWS are let through, and some other accounts
        (denial({**ORGANIZATION, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}), False),
        (
            denial(
                {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorg", "aws:PrincipalAccount": OTHER},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                }
            ),
            False,
        ),
        (denial({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), False),
        (denial({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), False),
        (denial({"StringNotEquals": {"aws:PrincipalAccount": OWN}}, Action="sqs:*"), False),
        ({"Effect": "Deny", "NotPrincipal": {"AWS": OWN}, "Action": "*", "Resource": "*"}, False),
        # denials that a stranger escapes
        (denial({"StringNotEquals": {"aws:PrincipalOrgID": "o-*"}}), False),  # no organization is called so
        (denial({"StringNotLike": {"aws:PrincipalOrgID": "o-*"}}), True),
        (denial({"StringNotEquals": {"aws:username": "alice"}}), True),
        (denial({"StringNotEquals": {"aws:PrincipalTag/team": "blue"}}), True),
        (denial({**ORGANIZATION, "Bool": {"aws:ViaAWSService": "false"}}), True),
        (denial({"Bool": {"aws:SecureTransport": "false"}}), True),
        (denial({"StringEquals": {"aws:PrincipalAccount": OTHER}}), True),
        (denial(ORGANIZATION, Action="sqs:ReceiveMessage"), True),
        (denial(ORGANIZATION, Principal={"AWS": OTHER}), True),
        (denial(ORGANIZATION, Resource="arn:aws:sqs:eu-west-1:111122223333:other"), True),
        (denial({"Null": {"aws:PrincipalOrgID": "true"}}), True),
        (denial(ORGANIZATION, Effect="deny"), None),  # what it denies nobody knows
        (denial({"StringNotEquals": "x"}), None),
    ],
)
def test_everybody_beside_a_denial(deny, opens):
    assert is_open({}, deny) is opens


def test_what_code_leaves_open_or_a_document_says_badly_is_unknown():
    assert is_open({"StringEquals": "x"}) is None
    assert is_open({"StringEquals": {"aws:PrincipalOrgID": "${? the variable org}"}}) is None
    assert (
        is_open(
            {"StringEquals": {"aws:PrincipalOrgID": "${? the variable org}"}, "Null": {"aws:PrincipalOrgID": "true"}}
        )
        is False
    )


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("aws:SourceArn", "${aws_sns_topic.orders}"),
        ("aws:SourceArn", "arn:aws:sns:${@region}:${@account}:*"),
        ("aws:SourceArn", "${aws_apigatewayv2_api.shop.execution_arn}/*/*"),
        ("aws:SourceArn", "${aws_cloudwatch_log_group.shop.arn}:*"),
        ("aws:PrincipalOrgID", "${aws_organizations_organization.main.id}"),
        ("aws:SourceAccount", "${@account}"),
        ("aws:PrincipalOrgID", "${aws:ResourceOrgID}"),
        ("aws:PrincipalAccount", "${aws:ResourceAccount}"),
    ],
)
def test_references_of_code_and_what_aws_knows_of_the_owner_are_fixed(key, text):
    assert is_open({"ArnLike" if "Arn" in key else "StringEquals": {key: text}}) is False


# ---- laws

STRANGE = {
    "aws:PrincipalAccount": [OTHER, "999900001111"],
    "aws:PrincipalArn": [f"arn:aws:iam::{OTHER}:role/app", f"arn:aws:iam::{OTHER}:user/ann"],
    "aws:PrincipalOrgID": [None, "o-stranger00"],
    "aws:SourceVpc": [None, "vpc-99999999"],
    "aws:SourceIp": ["198.51.100.7", "77.1.2.3", "2001:4860::1"],
    "aws:username": [None, "alice", "bob", "x"],
    "aws:PrincipalTag/team": [None, "blue", "x", ""],
    "s3:prefix": [None, "home/", "home/ann", "x"],
}
NAMED = {
    "aws:PrincipalAccount": [OWN, "*", "1111*", "9999*"],
    "aws:PrincipalArn": [f"arn:aws:iam::{OWN}:role/app", "arn:aws:iam::*:role/app", "*", "arn:aws:iam::*:*"],
    "aws:PrincipalOrgID": ["o-exampleorg", "o-*", "*"],
    "aws:SourceVpc": ["vpc-12345678", "vpc-*"],
    "aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0"],
    "aws:username": ["alice", "a*", "*", "${aws:PrincipalTag/team}"],
    "aws:PrincipalTag/team": ["blue", "b*", "?"],
    "s3:prefix": ["home/", "home/*", "${aws:username}/*"],
}
TEXTS = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "Null"]
PREFIXES = ["", "ForAnyValue:", "ForAllValues:"]


@st.composite
def blocks(draw):
    out = {}
    for key in draw(st.lists(st.sampled_from(sorted(NAMED)), min_size=1, max_size=4, unique=True)):
        for _ in range(draw(st.integers(1, 2))):
            names = ["IpAddress", "NotIpAddress", "Null"] if key == "aws:SourceIp" else TEXTS
            operator = draw(st.sampled_from(names))
            values = ["true", "false"] if operator == "Null" else NAMED[key]
            if operator != "Null":
                operator = draw(st.sampled_from(PREFIXES)) + operator + draw(st.sampled_from(["", "IfExists"]))
            out.setdefault(operator, {})[key] = draw(st.lists(st.sampled_from(values), min_size=1, max_size=2))
    return out


requests = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in STRANGE.items()})


def context(request):
    return Context({key.lower(): None if value is None else (value,) for key, value in request.items()}, frozenset())


@settings(max_examples=60, deadline=None)
@given(allow=blocks(), denials=st.lists(blocks(), max_size=3), request=requests)
def test_whoever_can_choose_all_that_the_conditions_look_at_is_let_in(allow, denials, request):
    """Law: where one request of a stranger's satisfies the statement and no denial, the policy is open."""
    known = context(request)
    held = {
        operator: {key: wanted for key, wanted in keys.items() if holds({operator: {key: wanted}}, known).value is True}
        for operator, keys in allow.items()
    }
    escaped = [each for each in denials if holds(each, known).value is False]
    assert is_open(held, *map(denial, escaped)) is True


@example(
    allow={
        "StringEquals": {"aws:PrincipalTag/team": ["blue"]},
        "ForAnyValue:StringEqualsIfExists": {"aws:PrincipalAccount": ["111122223333"]},
    },
    more={"StringLike": {"aws:PrincipalAccount": ["*"]}},
    denials=[],
)
@settings(max_examples=40, deadline=None)
@given(allow=blocks(), more=blocks(), denials=st.lists(blocks(), max_size=2))
def test_more_conditions_and_more_denials_open_nothing(allow, more, denials):
    both = {operator: {**allow.get(operator, {}), **more.get(operator, {})} for operator in {*allow, *more}}
    same = all(
        allow.get(operator, {}).get(key, wanted) == wanted
        for operator in both
        for key, wanted in both[operator].items()
    )
    assume(same)
    if is_open(allow) is False:
        assert is_open(both) is False
        assert is_open(allow, *map(denial, denials)) is False


@settings(max_examples=30, deadline=None)
@given(allow=blocks(), row=st.sampled_from(SET_BY_AWS))
def test_a_value_that_names_one_closes_whatever_stands_beside_it(allow, row):
    key, fixed, _ = row
    assert is_open({**allow, "ForAnyValue:StringLike": {key: fixed}}) is False


# ---- identity providers

PROVIDERS = [
    # issuer, claim, values that name an organization, values that do not
    ("token.actions.githubusercontent.com", "sub", ["repo:acme/site:*", "repo:acme/*", "repository_owner:acme:*"],
     ["repo:*", "repo:acme*", "*:ref:refs/heads/main", "environment:prod", "*"]),
    ("gitlab.com", "sub", ["project_path:acme/site:ref_type:branch:ref:main", "project_path:acme/*"],
     ["project_path:*", "project_path:*/site:*", "project_path:acme*", "*"]),
    ("app.terraform.io", "sub", ["organization:acme:project:*:workspace:*:run_phase:*"],
     ["organization:*", "organization:*:project:prod:*", "organization:acme*", "*:workspace:prod:*"]),
    ("agent.buildkite.com", "sub", ["organization:acme:pipeline:site:*"],
     ["organization:*", "organization:*:pipeline:site:*", "*"]),
    ("oidc.codefresh.io", "sub", ["account:64f884:pipeline:*"], ["account:*", "*:pipeline:site"]),
    ("scalr.io", "sub", ["account:acme:environment:*"], ["account:*"]),
    ("oidc.vercel.com", "sub", ["owner:acme:project:site:environment:production"], ["owner:*:project:site:*"]),
    ("oidc.vercel.com", "aud", ["https://vercel.com/acme"], ["https://vercel.com/*", "*"]),
    ("api.pulumi.com/oidc", "sub", ["pulumi:deploy:org:acme:project:*"], ["pulumi:deploy:org:*", "pulumi:*"]),
    ("proidc.upbound.io", "sub", ["mcp:acme/prod:provider:aws"], ["mcp:*"]),
    ("accounts.google.com", "aud", ["66677788899900pro0"], ["*"]),
    ("accounts.google.com", "sub", ["110169484474386276334"], ["*"]),
    ("graph.facebook.com", "app_id", ["111222333444555"], ["*"]),
    ("www.amazon.com", "app_id", ["amzn1.application-oa2-client.1"], ["amzn1.*"]),
    ("www.amazon.com", "user_id", ["amzn1.account.AHZJ"], ["*"]),
    ("cognito-identity.amazonaws.com", "aud", ["us-east-1:12345678-1234-1234-1234-123456789012"], ["us-east-1:*", "*"]),
    ("oidc.eks.eu-west-1.amazonaws.com/id/ABC", "sub", ["system:serviceaccount:shop:app", "system:serviceaccount:shop:*"],
     ["system:serviceaccount:*:app", "system:serviceaccount:*", "*"]),
]  # fmt: skip
# Claims of shared providers, and of clusters, that any tenant, or any pod, shows or chooses.
SAID_BY_ALL = [
    ("token.actions.githubusercontent.com", "aud", "sts.amazonaws.com"),
    ("token.actions.githubusercontent.com", "actor", "alice"),
    ("token.actions.githubusercontent.com", "environment", "prod"),
    ("gitlab.com", "aud", "https://gitlab.com"),
    ("app.terraform.io", "aud", "aws.workload.identity"),
    ("agent.buildkite.com", "aud", "sts.amazonaws.com"),
    ("oidc.codefresh.io", "aud", "https://g.codefresh.io"),
    ("scalr.io", "aud", "aws.scalr-run-workload"),
    ("cognito-identity.amazonaws.com", "amr", "authenticated"),
    ("accounts.google.com", "oaud", "https://example.com"),
    ("oidc.eks.eu-west-1.amazonaws.com/id/ABC", "aud", "sts.amazonaws.com"),
]
BARE = {"cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"}


def federated(issuer, condition):
    who = issuer if issuer in BARE else f"arn:aws:iam::{OWN}:oidc-provider/{issuer}"
    statement = {"Effect": "Allow", "Principal": {"Federated": who}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return trusted({"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition}]}, OWN)


@pytest.mark.parametrize(("issuer", "claim", "named", "unnamed"), PROVIDERS, ids=lambda each: str(each)[:40])
def test_a_subject_of_a_shared_provider_has_to_name_an_organization(issuer, claim, named, unnamed):
    key = f"{issuer}:{claim}"
    assert federated(issuer, {}) != []
    for value in named:
        assert federated(issuer, {"StringLike": {key: value}}) == [], value
        assert federated(issuer, {"ForAnyValue:StringLike": {key: [value]}}) == [], value
        assert federated(issuer, {"StringNotLike": {key: value}}) != [], value
        assert federated(issuer, {"StringLike": {key: [value, unnamed[0]]}}) != [], value
        for mark in ("*", "?"):
            if mark not in value:  # a star in an exact comparison is a star: nobody's
                assert federated(issuer, {"StringEquals": {key: value}}) == [], value
    for value in unnamed:
        assert federated(issuer, {"StringLike": {key: value}}) != [], value


@pytest.mark.parametrize(("issuer", "claim", "value"), SAID_BY_ALL, ids=lambda each: each)
def test_what_every_tenant_shows_is_not_enough(issuer, claim, value):
    (found,) = federated(issuer, {"StringEquals": {f"{issuer}:{claim}": value}})
    assert found.severity == ("medium" if ".eks." in issuer else "critical")
    assert found.certain


@pytest.mark.parametrize(
    "issuer",
    [
        "oidc.circleci.com/org/12345678-1234-1234-1234-123456789012",
        "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
        "acme.okta.com",
        "sts.windows.net/12345678-1234-1234-1234-123456789012",
        "gitlab.acme.example",
        "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf",
        "vstoken.dev.azure.com/12345678-1234-1234-1234-123456789012",
    ],
)
def test_an_organizations_own_provider_tells_its_applications_apart_by_the_audience(issuer):
    assert federated(issuer, {"StringEquals": {f"{issuer}:aud": "shop"}}) == []
    assert federated(issuer, {"StringLike": {f"{issuer}:sub": "somebody:*"}}) == []
    (found,) = federated(issuer, {})
    assert found.severity == "medium"
    (found,) = federated(issuer, {"StringLike": {f"{issuer}:sub": "*"}})
    assert found.severity == "medium"


def test_a_claim_of_another_provider_is_in_no_token_of_this_one():
    """It then holds for nobody; negated, for everybody."""
    other = "token.actions.githubusercontent.com:aud"
    assert federated("gitlab.com", {"StringEquals": {other: "sts.amazonaws.com"}}) == []
    assert federated("gitlab.com", {"StringNotEquals": {other: "sts.amazonaws.com"}}) != []


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_a_stranger_is_one_in_every_partition(partition):
    begin = f"arn:{partition}:iam::999988887777"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"{begin}:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"ArnLike": {"aws:PrincipalArn": f"{begin}:*"}},
    }
    assert trusted({"Version": "2012-10-17", "Statement": [statement]}, "111122223333")


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_who_attaches_administrator_access_is_one_in_every_partition(partition):
    only = {"ArnEquals": {"iam:PolicyARN": f"arn:{partition}:iam::aws:policy/AdministratorAccess"}}
    give = {
        "Effect": "Allow",
        "Action": ["iam:AttachUserPolicy", "iam:AttachRolePolicy"],
        "Resource": "*",
        "Condition": only,
    }
    found = administrators({"Version": "2012-10-17", "Statement": [give]}, "111122223333", partition)
    assert found.value is True
