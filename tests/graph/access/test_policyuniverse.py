"""Statements and policies that policyuniverse labels as open to the Internet or not."""

import pytest

from auditor.graph.access.held.public import is_public
from tests.graph.access.truths import truth

CASES = truth("iam/policyuniverse_public.json")

# Where we disagree with the label, and AWS's words for it.
# IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
DISAGREED = {
    "test_statement.py:561": "IfExists: 'If the key is not present, evaluate the condition element as true.' A caller who is no AWS "
    "service brings no aws:SourceArn, so that the condition holds for everybody",
    "test_statement.py:586": "as above; ForAllValues holds too where the request has no such key",
    "test_statement.py:583": "S3: a bucket policy 'must grant access only to fixed values (values that don't contain a wildcard'; "
    "an ARN of IAM without an account belongs to nobody, which lets nobody in",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["origin"])
def test_a_document_is_public_or_not(case):
    ours = bool(is_public(case["document"], strict=True))
    if case["origin"] in DISAGREED:
        assert ours is not case["public"], DISAGREED[case["origin"]]
    else:
        assert ours is case["public"]
