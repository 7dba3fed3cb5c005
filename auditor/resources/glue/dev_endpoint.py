"""Glue development endpoints: whoever logs in to one acts as its role. Arguments and keys are not read."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::Glue::DevEndpoint",
    service="glue",
    list=Call("get_dev_endpoints", out="DevEndpoints"),
    id="EndpointName",
    arn="arn:{partition}:glue:{region}:{account}:devEndpoint/{id}",
    name="EndpointName",
    terraform=("aws_glue_dev_endpoint",),
    tags="",
    tags_call=Call("get_tags", {"ResourceArn": "{arn}"}, out="Tags"),
    workload=True,
    props=(
        Prop("EndpointName", tf="name"),
        Prop("RoleArn", absent="unknown"),
        Prop("SubnetId", absent="not set"),
        Prop("SecurityGroupIds", same="set", default=[]),
        Prop("SecurityConfiguration", absent="not set"),
        Prop("WorkerType", absent="not set"),
        Prop("NumberOfWorkers", absent="not set"),
    ),
    edges=(
        EdgeTo("acts-as", "RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("guarded-by", "SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("placed-in", "SubnetId", ("AWS::EC2::Subnet",)),
    ),
)
