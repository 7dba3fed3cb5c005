"""Who can do something to a resource: insiders, strangers, services, grants; and what was not read."""

import pytest

from auditor.graph.access.owned import of_grants, policies_on
from auditor.graph.access.who import NotFound, arn_of, who_can
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


def answers(fragment, action="s3:GetObject", arn=OBJECT):
    return {each.who.rsplit("/", 1)[-1]: each.answer for each in who_can(graph_of(fragment), action, arn)}


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


def test_names_are_resolved_and_what_is_ambiguous_is_said():
    graph = graph_of(bucket(to("*")))
    assert arn_of(graph, "photos/a.jpg") == OBJECT
    assert arn_of(graph, "arn:aws:s3:::other") == "arn:aws:s3:::other"
    with pytest.raises(NotFound, match="name it by its ARN"):
        arn_of(graph, "unheard")
