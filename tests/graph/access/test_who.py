"""Who can do something to a resource: insiders, strangers, services, grants; and what was not read."""

import pytest

from auditor.graph.access.held.guardrails import Guardrails
from auditor.graph.access.held.resource_policies import of_grants, policies_on
from auditor.graph.access.policy.documents import compiled
from auditor.graph.access.who import NotFound, arn_of, who_can
from auditor.model import Gap
from auditor.model.organization import Organization
from tests.graph.access.account import graph_of

OBJECT = "arn:aws:s3:::photos/a.jpg"
OWN, OTHER = "111122223333", "999988887777"


def bucket(*statements, **more):
    made = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "photos", **more}}
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {
        "photos": made,
        "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "photos", "PolicyDocument": document}},
    }


def reader(name, *statements):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    trust = {"Version": "2012-10-17", "Statement": []}
    properties = {"AssumeRolePolicyDocument": trust, "Policies": [{"PolicyName": "own", "PolicyDocument": document}]}
    return {name: {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name, **properties}}}


def to(who, **more):
    return {"Effect": "Allow", "Principal": who, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*", **more}


READ = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}


def answers(fragment, action="s3:GetObject", arn=OBJECT, **more):
    return {each.who.rsplit("/", 1)[-1]: each.answer for each in who_can(graph_of(fragment), action, arn, **more)}


def test_principals_by_their_own_policies_and_by_the_buckets():
    inside = {"AWS": f"arn:aws:iam::{OWN}:role/named"}
    fragment = {**bucket(to(inside)), **reader("reads", READ), **reader("named"), **reader("nothing")}
    assert answers(fragment) == {"reads": "allow", "named": "allow", "nothing": "no"}


@pytest.mark.parametrize(
    ("who", "more", "expected"),
    [
        ("*", {}, {"*": "allow"}),
        ("*", {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, {"*": "depends"}),
        ({"AWS": OTHER}, {}, {f"arn:aws:iam::{OTHER}:root": "allow"}),
        ({"Service": "logs.amazonaws.com"}, {}, {"logs.amazonaws.com": "allow"}),
        (
            {"Service": "logs.amazonaws.com"},
            {"Condition": {"StringEquals": {"aws:SourceAccount": OWN}}},
            {"logs.amazonaws.com": "depends"},
        ),
    ],
)
def test_strangers(who, more, expected):
    assert answers(bucket(to(who, **more))) == expected


def test_restrict_public_buckets_keeps_strangers_out_of_a_public_policy():
    block = {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": True}}
    assert answers(bucket(to("*"), to({"AWS": OTHER}), **block)) == {
        "*": "deny",
        f"arn:aws:iam::{OTHER}:root".rsplit("/", 1)[-1]: "deny",
    }
    assert answers(bucket(to({"AWS": OTHER}), **block)) == {f"arn:aws:iam::{OTHER}:root": "allow"}


def test_a_denial_on_the_bucket_stops_its_own_roles():
    closed = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    assert answers({**bucket(closed), **reader("reads", READ)}) == {"reads": "deny"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Bool": {"aws:SecureTransport": "false"}}, "allow"),  # who asks over TLS is not meant
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, "depends"),
    ],
)
def test_what_the_caller_chooses_hinders_nobody_and_is_named(condition, expected):
    closed = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": condition}
    (found,) = who_can(graph_of({**bucket(closed), **reader("reads", READ)}), "s3:GetObject", OBJECT)
    assert (found.answer, found.keys) == (expected, tuple(next(iter(condition.values()))))


def test_functions_are_opened_by_their_permissions():
    permission = {
        "FunctionName": "f",
        "Action": "lambda:InvokeFunction",
        "Principal": "*",
        "FunctionUrlAuthType": "NONE",
    }
    fragment = {
        "f": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "f"}},
        "P": {"Type": "AWS::Lambda::Permission", "Properties": permission},
    }
    graph = graph_of(fragment)
    arn = graph.of_type("AWS::Lambda::Function")[0].arn
    assert [(each.who, each.keys) for each in who_can(graph, "lambda:InvokeFunction", arn)] == [
        ("*", ("lambda:FunctionUrlAuthType",))
    ]
    assert policies_on(graph, arn).documents


def test_keys_by_policy_and_by_grant():
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:root"}, "Action": "kms:*", "Resource": "*"}
        ],
    }
    fragment = {
        "K": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": document}},
        **reader("decrypts", {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}),
        **reader("granted"),
        **reader("nothing"),
    }
    graph = graph_of(fragment)
    key = graph.of_type("AWS::KMS::Key")[0]
    grant = {"GranteePrincipal": f"arn:aws:iam::{OWN}:role/granted", "Operations": ["Decrypt"], "GrantId": "1"}
    key.properties["Grants"] = [{**grant, "Constraints": {"EncryptionContextSubset": {"app": "shop"}}}]
    found = {each.who.rsplit("/", 1)[-1]: (each.answer, each.keys) for each in who_can(graph, "kms:Decrypt", key.arn)}
    assert found == {
        "decrypts": ("allow", ()),
        "granted": ("depends", ("kms:EncryptionContext:app",)),
        "nothing": ("no", ()),
    }
    assert of_grants([grant])["Statement"][0]["Action"] == ["kms:Decrypt"]


LISTED = {"Owner": {"ID": "me"}, "Grants": [
    {"Grantee": {"Type": "CanonicalUser", "ID": "me"}, "Permission": "FULL_CONTROL"},
    {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"},
    {"Grantee": {"Type": "CanonicalUser", "ID": "them"}, "Permission": "WRITE"},
    {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}, "Permission": "WRITE"},
]}  # fmt: skip
OWNERSHIP = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}


@pytest.mark.parametrize(
    ("action", "more", "expected"),
    [
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html, the table of what a permission means
        ("s3:ListBucket", {}, {"*": "allow", "them": "allow"}),
        ("s3:PutObject", {}, {"*": "no", "them": "allow"}),
        ("s3:GetObject", {}, {"*": "no", "them": "no"}),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html: ACLs are disabled
        ("s3:ListBucket", {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}, {}),
        ("s3:ListBucket", {"PublicAccessBlockConfiguration": {"IgnorePublicAcls": True}}, {"them": "no"}),
    ],
)
def test_a_list_of_a_bucket_lets_in_whom_it_names_unless_it_is_ignored(action, more, expected):
    fragment = bucket(to({"AWS": OWN}), **{"AccessControlPolicy": LISTED, "OwnershipControls": OWNERSHIP, **more})
    arn = OBJECT if "Object" in action else "arn:aws:s3:::photos"
    found = answers(fragment, action, arn)
    assert found == expected


QUEUES = [
    # type, property, action, policy, who gets what
    ("AWS::SQS::Queue", "QueuePolicy", "sqs:SendMessage", None, {"sends": "allow", "nothing": "no"}),
    ("AWS::SQS::Queue", "QueuePolicy", "sqs:SendMessage", {"Service": "sns.amazonaws.com"},
     {"sends": "allow", "nothing": "no", "sns.amazonaws.com": "allow"}),
    ("AWS::SNS::Topic", "TopicPolicy", "sns:Publish", "*", {"sends": "allow", "nothing": "allow", "*": "allow"}),
    ("AWS::ECR::Repository", "RepositoryPolicyText", "ecr:BatchGetImage", {"AWS": OTHER},
     {"sends": "allow", "nothing": "no", f"arn:aws:iam::{OTHER}:root": "allow"}),
    ("AWS::SecretsManager::Secret", "ResourcePolicy", "secretsmanager:GetSecretValue", {"AWS": OWN},
     {"sends": "allow", "nothing": "no"}),
    # https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html, the default policy
    ("AWS::EFS::FileSystem", "FileSystemPolicy", "elasticfilesystem:ClientWrite", None,
     {"sends": "allow", "nothing": "allow", "*": "allow"}),
    ("AWS::EFS::FileSystem", "FileSystemPolicy", "elasticfilesystem:DeleteFileSystem", None,
     {"sends": "allow", "nothing": "no", "*": "no"}),
    ("AWS::EFS::FileSystem", "FileSystemPolicy", "elasticfilesystem:ClientWrite", {"AWS": OWN},
     {"sends": "allow", "nothing": "no"}),
]  # fmt: skip


@pytest.mark.parametrize(("cfn", "place", "action", "who", "expected"), QUEUES)
def test_policies_of_every_type(cfn, place, action, who, expected):
    opened = {"Effect": "Allow", "Principal": who, "Action": action, "Resource": "*"}
    properties = {place: {"Version": "2012-10-17", "Statement": [opened]}} if who else {}
    sends = reader("sends", {"Effect": "Allow", "Action": action, "Resource": "*"})
    graph = graph_of({"It": {"Type": cfn, "Properties": properties}, **sends, **reader("nothing")})
    (it,) = graph.of_type(cfn)
    found = {each.who.rsplit("/", 1)[-1]: each.answer for each in who_can(graph, action, it.arn)}
    assert found == expected


def test_the_policy_that_sns_gives_a_new_topic_leaves_open_whom_it_means():
    """https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html, aws:SourceAccount versus aws:SourceOwner"""
    owner = {"StringEquals": {"AWS:SourceOwner": OWN}}
    opened = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "SNS:Publish",
        "Resource": "*",
        "Condition": owner,
    }
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicPolicy": {"Version": "2008-10-17", "Statement": [opened]}}}
    sends = reader("sends", {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"})
    graph = graph_of({"T": topic, **sends, **reader("nothing")})
    (it,) = graph.of_type("AWS::SNS::Topic")
    found = {each.who.rsplit("/", 1)[-1]: (each.answer, each.keys) for each in who_can(graph, "sns:Publish", it.arn)}
    assert found == {
        "sends": ("allow", ()),
        "nothing": ("depends", ("AWS:SourceOwner",)),
        "*": ("depends", ("AWS:SourceOwner",)),
    }


def test_a_grant_to_a_service_is_for_what_it_names():
    grant = {"GranteeServicePrincipal": "dynamodb.amazonaws.com", "Operations": ["Decrypt"], "GrantId": "1",
             "Constraints": {"SourceArn": "arn:aws:dynamodb:us-east-1:111122223333:table/orders"}}  # fmt: skip
    (statement,) = of_grants([grant])["Statement"]
    assert statement["Principal"] == {"Service": "dynamodb.amazonaws.com"}
    assert statement["Condition"] == {"ArnLike": {"aws:SourceArn": grant["Constraints"]["SourceArn"]}}


FULL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def level(*statements):
    return (("p", {"Version": "2012-10-17", "Statement": list(statements)}),)


GUARDS = [
    # what hangs above the account, and what it leaves of: a role that may read, a stranger that the bucket lets in
    ({}, {"reads": "allow", "root": "allow"}),
    ({"scps": (level(FULL), level(FULL))}, {"reads": "allow", "root": "allow"}),
    # AWS: SCPs limit the account's own principals; whom a bucket's policy lets in from elsewhere they do not.
    ({"scps": (level(FULL), level({**READ, "Effect": "Deny"}, FULL))}, {"reads": "deny", "root": "allow"}),
    ({"scps": (level(FULL), level({**READ, "Action": "ec2:*"}))}, {"reads": "no", "root": "allow"}),
    # AWS: RCPs limit what anybody may do to the account's resources.
    ({"rcps": (level(FULL, {**READ, "Effect": "Deny", "Principal": "*"}),)}, {"reads": "deny", "root": "deny"}),
]


@pytest.mark.parametrize(("hung", "expected"), GUARDS)
def test_policies_of_the_organization_take_away(hung, expected):
    fragment = {**bucket(to({"AWS": OTHER})), **reader("reads", READ)}
    guard = Guardrails.of(Organization(**hung))
    found = {
        each.who.rsplit(":", 1)[-1].removeprefix("role/"): each
        for each in who_can(graph_of(fragment), "s3:GetObject", OBJECT, guard)
    }
    assert {name: each.answer for name, each in found.items()} == expected
    assert not any(each.unless for each in found.values())


def test_an_rcp_binds_the_services_that_know_such_policies_and_no_others():
    guard = Guardrails.of(Organization(rcps=(level({**FULL, "Effect": "Deny", "Principal": "*"}),)))
    assert guard.on_resources("KMS:Decrypt")
    assert guard.on_resources("ec2:RunInstances") == ()


def test_what_an_organization_may_still_take_away_is_said_of_those_who_can():
    gap = Gap(OWN, "us-east-1", "organizations", "list_parents", "organizations:ListParents", "denied", (), "denied")
    fragment = {**bucket(to({"AWS": OTHER})), **reader("reads", READ), **reader("nothing")}
    found = who_can(graph_of(fragment), "s3:GetObject", OBJECT, Guardrails.of(Organization(gaps=(gap,))))
    assert {each.answer: bool(each.unless) for each in found} == {"allow": True, "no": False}


def test_a_session_policy_limits_the_sessions_of_roles():
    session = (
        ("session policy", compiled({"Statement": [{"Effect": "Allow", "Action": "s3:Put*", "Resource": "*"}]})),
    )
    fragment = {**bucket(to({"AWS": f"arn:aws:iam::{OWN}:role/named"})), **reader("reads", READ), **reader("named")}
    assert answers(fragment) == {"reads": "allow", "named": "allow"}
    assert answers(fragment, session=session) == {"reads": "no", "named": "no"}


TEAM = {"StringEquals": {"aws:PrincipalTag/team": "red"}}


@pytest.mark.parametrize(
    ("tags", "trust", "expected"),
    [
        ({"team": "red"}, "sts:AssumeRole", "allow"),
        ({"team": "blue"}, "sts:AssumeRole", "no"),
        ({}, "sts:AssumeRole", "no"),
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html: a session's own tags go before
        ({"team": "blue"}, ["sts:AssumeRole", "sts:TagSession"], "depends"),
        ({}, ["sts:AssumeRole", "sts:TagSession"], "depends"),
    ],
)
def test_tags_of_a_principal_and_of_its_session(tags, trust, expected):
    fragment = reader("reads", {**READ, "Condition": TEAM})
    statement = {"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": trust}
    fragment["reads"]["Properties"]["AssumeRolePolicyDocument"] = {"Version": "2012-10-17", "Statement": [statement]}
    graph = graph_of({**bucket(to({"AWS": OWN})), **fragment})
    graph.of_type("AWS::IAM::Role")[0].tags.update(tags)
    assert [each.answer for each in who_can(graph, "s3:GetObject", OBJECT)] == [expected]


def test_names_are_resolved_and_what_is_ambiguous_is_said():
    graph = graph_of(bucket(to("*")))
    assert arn_of(graph, "photos/a.jpg") == OBJECT
    assert arn_of(graph, "arn:aws:s3:::other") == "arn:aws:s3:::other"
    with pytest.raises(NotFound, match="specify its ARN"):
        arn_of(graph, "unheard")
