"""A layer by its latest version, which is what AWS lists; a function may run an older one, named by its ARN."""

from auditor.model import Call, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::Lambda::LayerVersion",
    service="lambda",
    list=Call("list_layers", out="Layers"),
    id="LatestMatchingVersion.LayerVersionArn",
    arn="LatestMatchingVersion.LayerVersionArn",
    arn_kind="lambda:layer",
    name="LayerName",
    tags="",
    terraform=("aws_lambda_layer_version",),
    props=(
        Prop("LayerVersionArn", live="LatestMatchingVersion.LayerVersionArn", tf="arn"),
        Prop("LayerName"),
        Prop("Description", live="LatestMatchingVersion.Description", default=""),
        Prop("CompatibleRuntimes", live="LatestMatchingVersion.CompatibleRuntimes", same="set", default=[]),
        Prop(
            "CompatibleArchitectures",
            live="LatestMatchingVersion.CompatibleArchitectures",
            same="set",
            default=[],
        ),
        Prop("LicenseInfo", live="LatestMatchingVersion.LicenseInfo", absent="not set"),
    ),
)
