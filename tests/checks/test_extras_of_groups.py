"""Instances beside a system whose Auto Scaling groups were not read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from auditor import pipeline

# It was saved before groups were read, so that what they are is not known.
SAVED = Path(__file__).parents[1] / "findings/data/drifted-account.jsonl.gz"
NAME = '{"Key": "Name", "Value": "tmp-bastion"}'
OF_A_GROUP = '{"Key": "aws:autoscaling:groupName", "Value": "web"}'


@pytest.mark.parametrize(("tags", "verdict"), [(NAME, "broken"), (f"{NAME},{OF_A_GROUP}", "unknown")])
def test_an_instance_is_of_no_unread_group_unless_aws_tags_it_so(tmp_path, tags, verdict):
    """AWS names the group on each instance of it, so of an instance without the tag nothing is open."""
    text = gzip.decompress(SAVED.read_bytes()).decode()
    assert NAME in text
    saved = tmp_path / "account.jsonl.gz"
    saved.write_bytes(gzip.compress(text.replace(NAME, tags).encode()))
    found = pipeline.check(pipeline.Wish(baselines=("cuggu",), with_rules=False, sources=(saved,))).findings
    told = [each for each in found if each.resource.type == "AWS::EC2::Instance"]
    assert {(each.check, each.verdict) for each in told} == {("cuggu/undeclared", verdict)}
    assert {gap.permission for each in told for gap in each.gaps} == (
        {"autoscaling:DescribeAutoScalingGroups"} if verdict == "unknown" else set()
    )
