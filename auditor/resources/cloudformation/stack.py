"""A stack of CloudFormation: who holds the resources that it made, and whether they are still as its template says.

What a stack holds is told by the tags that CloudFormation leaves on what it makes (graph/managers.py), read with
the resources and cost no request. Its parameters and outputs are never kept: people put passwords there.
Whether it has drifted is what AWS found when somebody asked for it last; nobody here starts a detection. Its status is
kept because a stack whose last change failed does not hold its resources to its template any more.
"""

from collections.abc import Iterator

from auditor.model import ABSENT, Beside, Call, EdgeTo, Json, Prop, Resource, ResourceType, Unsaid

_DRIFT = Unsaid("what drift detection finds is known to AWS only")
_STATUS = Unsaid("how the last change of a stack ended is known to AWS only")
_NESTED = (
    ("StackName", Unsaid("CloudFormation names the stacks that it nests")),
    ("ParentId", Unsaid("which stack it is nested in is known to AWS only, once that is made")),
    ("RoleARN", Unsaid("a nested stack has the role of its root")),
    ("EnableTerminationProtection", Unsaid("a nested stack is protected as its root is")),
)


def _implied(stack: Resource, _: Beside) -> Iterator[tuple[str, Json | Unsaid]]:
    """Of a stack that a template nests the root says most."""
    yield "StackDriftStatus", _DRIFT
    yield "StackStatus", _STATUS
    if stack.at("StackName") is ABSENT:
        yield from _NESTED


TYPE = ResourceType(
    cfn="AWS::CloudFormation::Stack",
    service="cloudformation",
    list=Call("describe_stacks", out="Stacks"),
    id="StackName",
    arn="StackId",
    name="StackName",
    terraform=("aws_cloudformation_stack",),
    implied=_implied,
    props=(
        Prop("StackId", tf="id"),
        Prop("StackName", absent="unknown", tf="name", ours="a template cannot name the stack that it nests"),
        Prop("NotificationARNs", same="set", default=[], tf="notification_arns"),
        Prop("TimeoutInMinutes", absent="not set"),
        Prop("RoleARN", absent="not set", tf="iam_role_arn", ours="a nested stack has the role of its root"),
        Prop(
            "EnableTerminationProtection",
            default=False,
            tf="-",
            set=Call("update_termination_protection", {"StackName": "{id}", "EnableTerminationProtection": "{value}"}),
            note="whoever deletes the stack is refused from then on",
            ours="no template says it of a stack, and a nested one has that of its root",
        ),
        Prop("ParentId", absent="not set", tf="-", ours="the stack that a stack is nested in; AWS says it"),
        Prop("StackStatus", absent="unknown", tf="-", ours="how the last change of it ended; AWS says it"),
        Prop(
            "StackDriftStatus",
            live="DriftInformation.StackDriftStatus",
            absent="unknown",
            tf="-",
            ours="what the last drift detection found; AWS says it",
        ),
    ),
    edges=(
        EdgeTo("part-of", "ParentId", ("AWS::CloudFormation::Stack",)),
        EdgeTo("acts-as", "RoleARN", ("AWS::IAM::Role",)),
        EdgeTo("notifies", "NotificationARNs[]", ("AWS::SNS::Topic",)),
    ),
)
