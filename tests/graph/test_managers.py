"""Who manages a resource: edges to the stacks that hold it, and the words of tools' tags."""

from __future__ import annotations

import pytest

from auditor.graph.build import build
from auditor.graph.managers import manager_of
from auditor.model import Inventory, Resource
from auditor.resources import load

STACK = "arn:aws:cloudformation:us-east-1:111122223333:stack/shop/5b2f"
HELD = {"aws:cloudformation:stack-name": "shop", "aws:cloudformation:stack-id": STACK}


def bucket(**tags):
    return Resource("AWS::S3::Bucket", "files", "111122223333", "us-east-1", arn="arn:aws:s3:::files", tags=tags)


def stack(**properties):
    return Resource(
        "AWS::CloudFormation::Stack", "shop", "111122223333", "us-east-1", arn=STACK, name="shop", properties=properties
    )


def graph_of(*resources):
    return build(Inventory([*resources]), load())


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("IN_SYNC", "the CloudFormation stack shop (in sync when drift was looked for last)"),
        ("DRIFTED", "the CloudFormation stack shop (drifted when drift was looked for last)"),
        ("NOT_CHECKED", "the CloudFormation stack shop (never looked at for drift)"),
        ("UNKNOWN", "the CloudFormation stack shop"),
    ],
)
def test_a_stack_holds_what_carries_its_tag_and_tells_of_its_drift(found, words):
    held, owner = bucket(**HELD), stack(StackDriftStatus=found)
    graph = graph_of(held, owner)
    assert [(edge.relation, head.key) for edge, head in graph.heads(held)] == [("managed-by", STACK)]
    assert manager_of(graph, held) == words
    assert manager_of(graph, owner) == ""


@pytest.mark.parametrize(
    ("status", "found", "words"),
    [
        ("UPDATE_COMPLETE", "IN_SYNC", "in sync when drift was looked for last"),
        ("ROLLBACK_COMPLETE", "", "its creation failed and it can only be deleted"),
        ("UPDATE_ROLLBACK_FAILED", "DRIFTED", "its last update failed, and so did the rollback; drifted when drift was looked for last"),
        ("DELETE_FAILED", "", "its deletion failed"),
        ("UPDATE_IN_PROGRESS", "", ""),
    ],
)  # fmt: skip
def test_a_stack_whose_last_change_failed_is_told_beside_what_it_holds(status, found, words):
    held, owner = bucket(**HELD), stack(StackStatus=status, StackDriftStatus=found)
    told = manager_of(graph_of(held, owner), held)
    assert told == "the CloudFormation stack shop" + (f" ({words})" if words else "")


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        (HELD, "the CloudFormation stack shop"),
        ({"karpenter.sh/nodepool": "gpu"}, "Karpenter, by its NodePool gpu"),
        ({"aws:autoscaling:groupName": "web"}, "the Auto Scaling group web"),
        ({"aws:autoscaling:groupName": "eks-1", "eks:nodegroup-name": "system"}, "the EKS node group system"),
        ({"Name": "files", "ManagedBy": "terraform"}, ""),
        ({}, ""),
    ],
)
def test_a_tag_of_a_tool_tells_who_manages_it_where_stacks_were_not_read(tags, words):
    held = bucket(**tags)
    graph = graph_of(held)
    assert graph.heads(held) == []
    assert manager_of(graph, held) == words


def test_what_another_stack_of_that_name_holds_is_not_its():
    other = {**HELD, "aws:cloudformation:stack-id": STACK + "0"}
    held = bucket(**other)
    assert graph_of(held, stack()).heads(held) == []
