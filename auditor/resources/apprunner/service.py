"""App Runner services: a container runs as the instance role. Its source is not read, since variables stand there."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType

_DETAIL = Call("describe_service", {"ServiceArn": "{arn}"}, out="Service")

TYPE = ResourceType(
    cfn="AWS::AppRunner::Service",
    service="apprunner",
    list=Call("list_services", out="ServiceSummaryList"),
    id="ServiceName",
    arn="ServiceArn",
    name="ServiceName",
    names=("{ServiceUrl}",),
    terraform=("aws_apprunner_service",),
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceArn": "{arn}"}, out="Tags"),
    workload=True,
    props=(
        Prop("ServiceName"),
        Prop("ServiceArn", tf="arn"),
        Prop("ServiceUrl", absent="unknown"),
        Prop("InstanceConfiguration", "InstanceConfiguration", _DETAIL, always=True),
        Prop("NetworkConfiguration", "NetworkConfiguration", _DETAIL, always=True),
        Prop("EncryptionConfiguration", "EncryptionConfiguration", _DETAIL, absent="not set"),
    ),
    edges=(
        EdgeTo("acts-as", "InstanceConfiguration.InstanceRoleArn", ("AWS::IAM::Role",)),
        EdgeTo("encrypted-with", "EncryptionConfiguration.KmsKey", ("AWS::KMS::Key",)),
    ),
)
