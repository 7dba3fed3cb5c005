"""What stacks of CloudFormation hold, as edges: what carries the tag of a stack, or is declared in a nested one.

The tags are read with the resources, while asking each stack for its resources would take a request a stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model import Edge, Resource

STACK, MANAGED = "AWS::CloudFormation::Stack", "managed-by"
STACK_ID, STACK_NAME = "aws:cloudformation:stack-id", "aws:cloudformation:stack-name"


def held_by_stacks(resources: Iterable[Resource]) -> Iterator[Edge]:
    """An edge from each resource to the stack that holds it, where stacks were read."""
    every = list(resources)
    stacks = {text: each for each in every if each.type == STACK for text in (each.arn, each.address) if text}
    for resource in every if stacks else ():
        tag, inside = resource.tags.get(STACK_ID, ""), resource.address.rpartition("/")[0]
        for text, because in ((tag, f"Tags.{STACK_ID} = {tag}"), (inside, f"{resource.address} is declared in it")):
            stack = stacks.get(text)
            if stack and stack is not resource:
                yield Edge(resource.key, MANAGED, stack.key, because)
