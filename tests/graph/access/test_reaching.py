"""Who gets at a bucket, a key or a secret through any number of steps, worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.graph.access.becoming.rights import Rights
from auditor.graph.access.becoming.steps import Steps
from auditor.graph.access.reaching import DATA, data_of, reaches, resource_named
from auditor.graph.access.who import NotFound, who_can
from auditor.graph.build import build
from auditor.model import Inventory, Resource
from auditor.resources import load
from auditor.resources.actions import spelt
from tests.graph.access.account import ACCOUNT, REGION, account_graph, allow, deny, of, role, trusting, user

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
LAMBDA = trusting("lambda.amazonaws.com", "Service")
BUCKET, SECRET = "arn:aws:s3:::photos", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
READ = allow("s3:GetObject", f"{BUCKET}/*")
GIT = {"Effect": "Allow", "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
       "Action": "sts:AssumeRoleWithWebIdentity",
       "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/app:*"}}}  # fmt: skip


def graph_with(*principals, policies=(), bucket=(), encrypted=False, key=None, secret=None):
    """An account with a bucket, a key and a secret beside its principals."""
    types, inventory = load(), account_graph(of(*principals, policies=policies)).inventory

    def made(cfn, name, arn, **properties):
        return Resource(cfn, name, ACCOUNT, REGION, arn, name, properties=properties)

    settled = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}]}
    rules = [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]
    kept = {"BucketEncryption": {"ServerSideEncryptionConfiguration": rules}} if encrypted else {}
    found = [
        made("AWS::S3::Bucket", "photos", BUCKET, BucketName="photos", **kept),
        made("AWS::KMS::Key", "k", KEY, KeyPolicy=key or settled, Grants=[]),
        made("AWS::SecretsManager::Secret", "db", SECRET, **({"KmsKeyId": KEY} if encrypted else {}),
             **({"ResourcePolicy": secret} if secret else {})),
    ]  # fmt: skip
    if bucket:
        document = {"Version": "2012-10-17", "Statement": list(bucket)}
        found.append(made("AWS::S3::BucketPolicy", "p", "", Bucket="photos", PolicyDocument=document))
    asked = inventory.asked | {each.type for each in found} | {"AWS::S3::BucketPolicy"}
    resources = [*inventory.resources, *found]
    return build(Inventory(resources, [], asked, (ACCOUNT,), (REGION,)), types)


def answers(graph, arn=BUCKET, **more):
    found = reaches(graph, arn, **more)
    return {each.principal.name: each.answer for each in found.inside}


def path(graph, name, arn=BUCKET):
    found = next(each for each in reaches(graph, arn).inside if each.principal.name == name)
    return [step.sentence for step in found.path]


def test_who_reads_it_and_who_becomes_a_reader():
    reader = role("reader", READ, trust=[trusting(ROOT), LAMBDA])
    graph = graph_with(
        reader,
        user("ann", READ),
        user("ben", allow("sts:AssumeRole")),
        user("cat", allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])),
        user("dan", allow("s3:GetObject", "arn:aws:s3:::others/*")),
        user("eve", allow("iam:PutUserPolicy")),
        user("fay", allow(["iam:CreateRole", "iam:PutRolePolicy"])),
    )
    expected = {
        "ann": "allow",
        "ben": "allow",
        "cat": "allow",
        "dan": "no",
        "eve": "allow",
        "fay": "allow",
        "reader": "allow",
    }
    assert answers(graph) == expected
    assert path(graph, "ben")[0] == "can assume reader"
    assert path(graph, "ben")[1].startswith(f"can do s3:GetObject on {BUCKET}/* (allowed by inline policy own")
    assert len(path(graph, "ann")) == 1
    assert "create a role such as new" in path(graph, "fay")[0]
    assert answers(graph_with(user("x", allow("s3:PutBucketPolicy")))) == {"x": "allow"}  # it may name itself


def test_a_chain_is_shown_step_by_step():
    roles = [role(f"r{n}", trust=[trusting(f"arn:aws:iam::{ACCOUNT}:role/r{n - 1}")]) for n in range(1, 6)]
    last = role("last", READ, trust=[trusting(f"arn:aws:iam::{ACCOUNT}:role/r5")])
    first = role("r0", trust=[trusting(f"arn:aws:iam::{ACCOUNT}:user/x")])
    graph = graph_with(user("x"), first, *roles, last)
    assert path(graph, "x") == [
        *(f"can assume r{n}" for n in range(6)),
        "can assume last",
        f"can do s3:GetObject on {BUCKET}/* (allowed by inline policy own (statement 1))",
    ]


def test_an_administrator_does_not_get_past_the_policy_of_the_resource_unless_it_may_write_it():
    closed = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
    shut = {**closed, "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"]}
    assert answers(graph_with(user("x", READ), bucket=[closed])) == {"x": "no"}
    graph = graph_with(user("x", allow("s3:*")), bucket=[closed])
    assert answers(graph) == {"x": "allow"}
    assert "let itself in (s3:PutBucketPolicy" in path(graph, "x")[0]
    assert answers(graph_with(user("x", allow("s3:*")), bucket=[shut])) == {"x": "no"}
    assert answers(graph_with(user("x", allow("s3:*"), deny("s3:Get*")))) == {"x": "no"}


@pytest.mark.parametrize(
    ("statements", "bucket", "secret"),
    [
        ([READ, allow("secretsmanager:GetSecretValue"), allow("kms:Decrypt")], "allow", "allow"),
        ([READ, allow("secretsmanager:GetSecretValue")], "depends", "no"),  # objects from before may be without the key
        ([READ, allow("secretsmanager:GetSecretValue"),
          allow("kms:Decrypt", Condition={"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}})], "allow", "no"),
    ],
)  # fmt: skip
def test_whoever_reads_has_to_decrypt(statements, bucket, secret):
    graph = graph_with(user("x", *statements), encrypted=True)
    assert (answers(graph)["x"], answers(graph, SECRET)["x"]) == (bucket, secret)


def test_a_key_is_reached_by_who_decrypts_and_by_who_writes_its_policy():
    graph = graph_with(user("x", allow("kms:Decrypt")), user("y", allow("kms:PutKeyPolicy")), user("z", READ))
    assert answers(graph, KEY) == {"x": "allow", "y": "allow", "z": "no"}
    named = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/z"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ]
    }
    assert answers(graph_with(user("x", allow("kms:*")), user("z"), key=named), KEY) == {"x": "no", "z": "allow"}


def test_who_comes_from_outside():
    graph = graph_with(
        role("ci", READ, trust=[GIT]),
        bucket=[
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::999988887777:root"},
                "Action": "s3:GetObject",
                "Resource": f"{BUCKET}/*",
            }
        ],
    )
    found = reaches(graph, BUCKET)
    assert [(each.kind, each.answer) for each in found.outside] == [("account", "allow")]
    assert "repo:acme/app:*" in found.inside[0].entered[0].sentence


def test_another_action_and_what_is_not_known():
    graph = graph_with(user("x", allow("s3:PutObject", f"{BUCKET}/*")))
    assert answers(graph) == {"x": "no"}
    assert answers(graph, actions=("s3:PutObject",)) == {"x": "allow"}
    assert answers(graph, actions=("s3:PutBucketTagging",)) == {"x": "no"}
    assert answers(graph, f"{BUCKET}/a.jpg", actions=("s3:PutObject",)) == {"x": "allow"}
    with pytest.raises(NotFound):
        reaches(graph, f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/q")


def test_a_resource_is_named_by_name():
    graph = graph_with(role("photos", trust=[trusting(ROOT)]))
    assert resource_named(graph, "photos") == BUCKET
    assert resource_named(graph, "db") == SECRET
    assert resource_named(graph, KEY) == KEY
    with pytest.raises(NotFound):
        resource_named(graph, "nothing")


def test_an_unread_policy_of_the_resource_leaves_it_open():
    graph = graph_with(user("x", allow("s3:ListBucket")), bucket=[READ])
    part = graph.of_type("AWS::S3::BucketPolicy")[0]
    part.unknown["PolicyDocument"] = part.gap("x") or _gap(part.key)
    part.properties.pop("PolicyDocument")
    assert answers(graph) == {"x": "unknown"}


def _gap(key):
    from auditor.model import Gap

    return Gap(ACCOUNT, REGION, "s3", "get_bucket_policy", "s3:GetBucketPolicy", "denied", (), "no", key)


def test_the_table_is_of_actions_that_there_are():
    for row in DATA:
        assert all(spelt(action) == action for action in (*row.actions, *row.rewriting)), row
    assert data_of(SECRET).actions == ("secretsmanager:GetSecretValue",)
    assert data_of("photos") is None


# ---- law: by brute force

rights = st.sampled_from([READ, allow("sts:AssumeRole"), allow("iam:PassRole"), allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
                          allow("iam:UpdateAssumeRolePolicy", "arn:aws:iam::*:role/r1"), allow("iam:CreateAccessKey"), deny("s3:*")])  # fmt: skip
trusts = st.sampled_from([trusting(ROOT), LAMBDA, trusting(f"arn:aws:iam::{ACCOUNT}:user/u0")])


@st.composite
def accounts(draw):
    people = [user(f"u{n}", *draw(st.lists(rights, max_size=2))) for n in range(2)]
    return [*people, *(role(f"r{n}", *draw(st.lists(rights, max_size=2)), trust=[draw(trusts)]) for n in range(3))]


@settings(max_examples=40, deadline=None)
@given(accounts())
def test_whoever_the_single_questions_lead_to_it_is_found(people):
    """Readers by `who-can`, then backwards over every single step between two principals, until nobody is added."""
    graph = graph_with(*people)
    found = {each.who for each in who_can(graph, "s3:GetObject", f"{BUCKET}/*") if each.answer == "allow"}
    known = Rights(graph)
    steps = Steps(known)
    while more := {
        one.key
        for one in known.identities.values()
        for other in known.identities.values()
        if one.key not in found and other.key in found and steps.single(one, other.principal, True)
    }:
        found |= more
    told = {each.principal.key for each in reaches(graph, BUCKET).inside if each.answer == "allow"}
    assert found <= told
