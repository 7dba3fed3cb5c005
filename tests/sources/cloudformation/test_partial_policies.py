"""A policy with an unknown in it is still a policy: what is known of it decides, and nothing of it is lost."""

import pytest

from tests.sources.cloudformation.reading import verdicts

OPEN = {"Ref": "Word"}  # a parameter without a value
MAYBE = {"Fn::If": ["Maybe", {"Fn::Transform": {"Name": "M"}}, {"Ref": "AWS::NoValue"}]}
HEAD = {"Parameters": {"Word": {"Type": "String"}}, "Conditions": {"Maybe": {"Fn::Equals": [OPEN, "x"]}}}
LAMBDA = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "arn:aws:s3:::${Word}/*"}}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(*policies, trust=LAMBDA):
    named = [{"PolicyName": f"p{number}", "PolicyDocument": each} for number, each in enumerate(policies)]
    return {"Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": document(trust), "Policies": named}}  # fmt: skip


def verdict(folder, resource, rule):
    return verdicts(folder, {**HEAD, "Resources": {"It": resource}}, rule)["It"]


@pytest.mark.parametrize(
    ("statements", "wanted"),
    [
        ([READ], "kept"),
        ([{**READ, "Sid": OPEN}], "kept"),
        ([EVERYTHING, READ], "broken"),
        ([{**EVERYTHING, "Resource": OPEN}], "unknown"),
        ([{**EVERYTHING, "Action": OPEN}], "unknown"),
        ([{**EVERYTHING, "Action": ["*", OPEN]}], "broken"),
        ([{**EVERYTHING, "Action": ["s3:GetObject", OPEN]}], "unknown"),
        ([{**EVERYTHING, "Action": OPEN, "Resource": "arn:aws:s3:::media"}], "kept"),
        ([{**EVERYTHING, "Condition": {"StringEquals": {"aws:PrincipalTag/team": OPEN}}}], "unknown"),
        ([EVERYTHING, {"Effect": "Deny", "Action": "*", "Resource": OPEN}], "unknown"),
        ([EVERYTHING, {"Effect": "Deny", "Action": "s3:*", "Resource": OPEN}], "broken"),
        ([EVERYTHING, {"Effect": OPEN, "Action": "*", "Resource": "*"}], "unknown"),
        ([{"Effect": "Allow", "NotAction": OPEN, "Resource": "*"}], "unknown"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": OPEN}], "unknown"),
        ([READ, MAYBE], "unknown"),
        ([EVERYTHING, MAYBE], "unknown"),  # what may stand beside it may be a denial
        (["a text"], "unknown"),
    ],
)
def test_what_a_partly_known_policy_gives(tmp_path, statements, wanted):
    assert verdict(tmp_path, role(document(*statements)), "no-administrator-policies") == wanted
    managed = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document(*statements)}}
    assert verdict(tmp_path, managed, "no-administrator-policies") == wanted


def test_an_open_name_of_a_policy_hides_nothing(tmp_path):
    resource = role(document(EVERYTHING))
    resource["Properties"]["Policies"][0]["PolicyName"] = {"Fn::Sub": "p-${Word}"}
    assert verdict(tmp_path, resource, "no-administrator-policies") == "broken"
    resource["Properties"]["Policies"].append(MAYBE)
    assert verdict(tmp_path, resource, "no-administrator-policies") == "broken"
    resource["Properties"]["Policies"].pop(0)
    assert verdict(tmp_path, resource, "no-administrator-policies") == "unknown"


ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::media/*"}


@pytest.mark.parametrize(
    ("statements", "wanted"),
    [
        ([{**ANYBODY, "Principal": {"AWS": {"Fn::GetAtt": ["It", "Arn"]}}, "Resource": OPEN}], "kept"),
        ([{**ANYBODY, "Resource": OPEN}], "broken"),  # of another bucket S3 takes no policy here
        ([{**ANYBODY, "Principal": {"AWS": OPEN}}], "unknown"),
        ([{**ANYBODY, "Principal": OPEN}], "unknown"),
        ([{**ANYBODY, "Principal": {"AWS": ["111122223333", OPEN]}}], "unknown"),
        ([{**ANYBODY, "Principal": {"AWS": OPEN}}, ANYBODY], "broken"),
        ([{**ANYBODY, "Effect": "Deny", "Principal": {"AWS": OPEN}}, ANYBODY], "unknown"),
        ([{**ANYBODY, "Effect": "Deny", "Resource": OPEN}, ANYBODY], "unknown"),
        ([{**ANYBODY, "Condition": {"StringEquals": {"aws:PrincipalOrgID": OPEN}}}], "unknown"),
        ([{**ANYBODY, "Condition": {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}},
                                    "StringLike": {"aws:PrincipalArn": OPEN}}}], "kept"),
        ([MAYBE], "unknown"),
        ([MAYBE, ANYBODY], "unknown"),
        (OPEN, "unknown"),
    ],
)  # fmt: skip
def test_whom_a_partly_known_policy_lets_in(tmp_path, statements, wanted):
    said = {"Version": "2012-10-17", "Statement": statements}
    resource = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "media", "PolicyDocument": said}}
    assert verdict(tmp_path, resource, "bucket-policy-not-public") == wanted


GITHUB = "token.actions.githubusercontent.com"
TOKEN = {"Effect": "Allow", "Principal": {"Federated": OPEN}, "Action": "sts:AssumeRoleWithWebIdentity"}


@pytest.mark.parametrize(
    ("trust", "wanted"),
    [
        ({**LAMBDA, "Principal": {"AWS": OPEN}}, "unknown"),
        ({**LAMBDA, "Principal": {"AWS": ["*", OPEN]}}, "broken"),
        ({**LAMBDA, "Sid": OPEN}, "kept"),
        ({**LAMBDA, "Principal": {"AWS": OPEN}, "Condition": {"StringEquals": {"sts:ExternalId": OPEN}}}, "unknown"),
        (TOKEN, "unknown"),  # which provider's identities could be told by a condition only
        ({**TOKEN, "Condition": {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}}, "broken"),
        ({**TOKEN, "Condition": {"StringLike": {f"{GITHUB}:sub": "repo:acme/shop:*"}}}, "kept"),
        ({**TOKEN, "Condition": {"StringLike": {f"{GITHUB}:sub": OPEN}}}, "unknown"),
    ],
)
def test_who_a_partly_known_trust_policy_means(tmp_path, trust, wanted):
    assert verdict(tmp_path, role(trust=trust), "role-trust-closed") == wanted
