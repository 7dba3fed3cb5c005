"""The record of packets let through or stopped: of a network, a subnet or an interface. Nothing of it changes."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.arns import log_group

TYPE = ResourceType(
    cfn="AWS::EC2::FlowLog",
    service="ec2",
    list=Call("describe_flow_logs", out="FlowLogs"),
    id="FlowLogId",
    arn="arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{id}",
    terraform=("aws_flow_log",),
    props=(
        Prop("Id", live="FlowLogId", tf="id"),
        Prop(
            "ResourceId",
            absent="unknown",
            tf="@",
            tf_read=lambda value: next(
                (value[name] for name in ("vpc_id", "subnet_id", "eni_id", "transit_gateway_id") if value.get(name)),
                None,
            ),
        ),
        Prop("TrafficType", absent="not set"),
        Prop("LogDestinationType", default="cloud-watch-logs", absent="unknown"),
        Prop("LogGroupName", absent="not set", tf="-"),
        Prop("LogDestination", absent="not set"),
        Prop("DeliverLogsPermissionArn", absent="not set", tf="iam_role_arn"),
        Prop("MaxAggregationInterval", default=600, absent="unknown"),
        Prop(
            "Status",
            live="FlowLogStatus",
            absent="unknown",
            tf="-",
            ours="read-only attribute: `ACTIVE` when it records",
        ),
    ),
    edges=(
        EdgeTo("watches", "ResourceId", ("AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::NetworkInterface")),
        EdgeTo("logs-to", "LogGroupName", ("AWS::Logs::LogGroup",)),
        EdgeTo(
            "logs-to",
            "LogDestination",
            ("AWS::Logs::LogGroup", "AWS::S3::Bucket"),
            take=log_group,
        ),
        EdgeTo("acts-as", "DeliverLogsPermissionArn", ("AWS::IAM::Role",)),
    ),
)
