"""A parameter of Systems Manager: how it is kept, never what it holds (no call here reads a value)."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.ssm._live import parameters

TYPE = ResourceType(
    cfn="AWS::SSM::Parameter",
    service="ssm",
    list=Call("describe_parameters", out="Parameters"),
    items=parameters,
    id="Name",
    arn="arn:{partition}:ssm:{region}:{account}:parameter/{raw.Path}",
    name="Name",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceType": "Parameter", "ResourceId": "{id}"}, out="TagList"),
    terraform=("aws_ssm_parameter",),
    props=(
        Prop("Name"),
        Prop("Type", absent="unknown"),
        Prop(
            "KeyId",
            absent="not set",
            ours="the key of a SecureString, of which CloudFormation makes none",
        ),
        Prop("Description", absent="not set"),
        Prop("Tier", default="Standard", absent="unknown"),
        Prop("DataType", default="text"),
        Prop("AllowedPattern", absent="not set"),
    ),
    edges=(EdgeTo("encrypted-with", "KeyId", ("AWS::KMS::Key", "AWS::KMS::Alias")),),
)
