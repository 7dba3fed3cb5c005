"""Whether Security Hub is on in a region. Where it is not, AWS refuses to tell, which says just that."""

from auditor.model import Call, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::SecurityHub::Hub",
    service="securityhub",
    list=Call("describe_hub", absent=("InvalidAccessException", "ResourceNotFoundException")),
    id="HubArn",
    arn="HubArn",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceArn": "{arn}"}, out="Tags"),
    terraform=("aws_securityhub_account",),
    props=(
        Prop("ARN", live="HubArn", tf="arn"),
        Prop(
            "AutoEnableControls",
            default=True,
            absent="unknown",
            set=Call("update_security_hub_configuration", {"AutoEnableControls": "{value}"}),
            note="each check of a new control is charged for",
        ),
        Prop("ControlFindingGenerator", default="SECURITY_CONTROL", absent="unknown"),
    ),
)
