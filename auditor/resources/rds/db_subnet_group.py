"""The subnets a database may stand in.

Changing the list moves nothing that runs, and AWS refuses to take out a subnet that is in use: safe. The
console makes groups by itself (`default`, `default-vpc-...`); nobody declared those.
"""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::RDS::DBSubnetGroup",
    service="rds",
    list=Call("describe_db_subnet_groups", out="DBSubnetGroups"),
    id="DBSubnetGroupName",
    arn="DBSubnetGroupArn",
    arn_kind="rds:subgrp",
    name="DBSubnetGroupName",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    aws_made="DBSubnetGroupName == 'default' || starts_with(DBSubnetGroupName, 'default-vpc-')",
    terraform=("aws_db_subnet_group",),
    props=(
        Prop("DBSubnetGroupName", tf="name"),
        Prop("DBSubnetGroupArn", tf="arn"),
        Prop(
            "DBSubnetGroupDescription",
            tf="description",
            always=True,
            set=Call(
                "modify_db_subnet_group",
                {
                    "DBSubnetGroupName": "{id}",
                    "DBSubnetGroupDescription": "{value}",
                    "SubnetIds": "{SubnetIds}",
                },
            ),
        ),
        Prop(
            "SubnetIds",
            live="Subnets[].SubnetIdentifier",
            same="set",
            set=Call("modify_db_subnet_group", {"DBSubnetGroupName": "{id}", "SubnetIds": "{value}"}),
            always=True,
        ),
        Prop("VpcId", absent="unknown", ours="read-only attribute: the network that all of its subnets are in"),
    ),
    edges=(
        EdgeTo("placed-in", "SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
    ),
)
