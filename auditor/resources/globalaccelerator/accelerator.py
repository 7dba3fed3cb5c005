"""An accelerator: static addresses of AWS's edge that lead to endpoints in regions. Its API is in us-west-2."""

from auditor.model import Call, Prop, ResourceType

_ATTRIBUTES = Call("describe_accelerator_attributes", {"AcceleratorArn": "{id}"}, out="AcceleratorAttributes")


TYPE = ResourceType(
    cfn="AWS::GlobalAccelerator::Accelerator",
    service="globalaccelerator",
    scope="global",
    also_in=("us-west-2",),
    list=Call("list_accelerators", out="Accelerators"),
    id="AcceleratorArn",
    arn="AcceleratorArn",
    name="Name",
    names=("{raw.DnsName}",),
    terraform=("aws_globalaccelerator_accelerator",),
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceArn": "{arn}"}, out="Tags"),
    props=(
        Prop("AcceleratorArn", tf="arn"),
        Prop("Name", absent="unknown"),
        Prop(
            "Enabled",
            default=True,
            absent="unknown",
        ),
        Prop("IpAddressType", default="IPV4", absent="unknown"),
        Prop(
            "Ipv4Addresses",
            live="IpSets[?IpFamily=='IPv4' || IpAddressFamily=='IPv4'].IpAddresses[]",
            tf="-",
            same="set",
            absent="not set",
        ),
        Prop("DnsName", absent="unknown", tf="dns_name"),
        Prop(
            "FlowLogsEnabled",
            call=_ATTRIBUTES,
            live="FlowLogsEnabled",
            tf="attributes.flow_logs_enabled",
            default=False,
            absent="unknown",
        ),
        Prop("FlowLogsS3Bucket", call=_ATTRIBUTES, live="FlowLogsS3Bucket", tf="attributes.flow_logs_s3_bucket",
             absent="not set"),
        Prop("FlowLogsS3Prefix", call=_ATTRIBUTES, live="FlowLogsS3Prefix", tf="attributes.flow_logs_s3_prefix",
             absent="not set"),
    ),
    edges=(),
)  # fmt: skip
