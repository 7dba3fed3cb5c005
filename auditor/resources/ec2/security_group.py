"""A security group. A rule is one protocol, port range and source; remedies add and take away single rules."""

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.ec2._code import GROUP_JOINS, rules
from auditor.resources.ec2._live import egress, ingress, one_rule, permission


def _rule(operation: str) -> Call:
    return Call(operation, {"GroupId": "{id}", "IpPermissions": ["{element}"]})


TYPE = ResourceType(
    cfn="AWS::EC2::SecurityGroup",
    service="ec2",
    list=Call("describe_security_groups", out="SecurityGroups"),
    id="GroupId",
    arn="arn:{partition}:ec2:{region}:{raw.OwnerId}:security-group/{id}",
    name="GroupName",
    terraform=("aws_security_group", "aws_default_security_group"),
    folds=(
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SecurityGroupEgress",
        "aws_security_group_rule",
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_security_group_egress_rule",
    ),
    joins=(
        *GROUP_JOINS,
        Join("AWS::EC2::SecurityGroupIngress", "GroupId", "SecurityGroupIngress", one_rule),
        # In the default VPC a group may be named by its name.
        Join("AWS::EC2::SecurityGroupIngress", "GroupName", "SecurityGroupIngress", one_rule, of="GroupName"),
        Join("AWS::EC2::SecurityGroupEgress", "GroupId", "SecurityGroupEgress", one_rule),
    ),
    alone=("SecurityGroupIngress",),
    aws_made="GroupName == 'default'",
    props=(
        Prop("GroupId", tf="id"),
        Prop("GroupName", tf="name"),
        Prop("GroupDescription", live="Description", absent="unknown", tf="description"),
        Prop("VpcId", absent="unknown"),
        Prop(
            "SecurityGroupIngress",
            live="IpPermissions && {Permissions: IpPermissions, OwnerId: OwnerId}",
            tf="ingress",
            tf_read=rules("ingress"),
            read=ingress,
            write=permission,
            same="set",
            default=[],
            absent="unknown",
            add=_rule("authorize_security_group_ingress"),
            remove=_rule("revoke_security_group_ingress"),
            risk="interrupts",
        ),
        Prop(
            "SecurityGroupEgress",
            live="IpPermissionsEgress && {Permissions: IpPermissionsEgress, OwnerId: OwnerId}",
            tf="egress",
            tf_read=rules("egress"),
            read=egress,
            write=permission,
            same="set",
            default=[{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}],
            absent="unknown",
            add=_rule("authorize_security_group_egress"),
            remove=_rule("revoke_security_group_egress"),
            risk="interrupts",
            note="without egress rules a template gets the default rule that allows all; Terraform removes it",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("admits", "SecurityGroupIngress[].SourceSecurityGroupId", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("admits", "SecurityGroupIngress[].SourcePrefixListId", ("AWS::EC2::PrefixList",)),
        EdgeTo("mentions", "SecurityGroupEgress[].DestinationSecurityGroupId", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("mentions", "SecurityGroupEgress[].DestinationPrefixListId", ("AWS::EC2::PrefixList",)),
    ),
)
