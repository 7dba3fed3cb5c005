"""The subnets in which nodes of a cache may stand.

Changing the list moves nothing that runs, and AWS refuses to take out a subnet that is in use: safe.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ElastiCache::SubnetGroup",
    service="elasticache",
    list=Call("describe_cache_subnet_groups", out="CacheSubnetGroups"),
    id="CacheSubnetGroupName",
    arn="ARN",
    name="CacheSubnetGroupName",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    aws_made="CacheSubnetGroupName == 'default'",
    terraform=("aws_elasticache_subnet_group",),
    props=(
        Prop("CacheSubnetGroupName", tf="name"),
        Prop("Arn", live="ARN", tf="arn", ours="read-only attribute that CloudFormation's schema lacks"),
        Prop(
            "Description",
            live="CacheSubnetGroupDescription",
            always=True,
            set=Call(
                "modify_cache_subnet_group",
                {"CacheSubnetGroupName": "{id}", "CacheSubnetGroupDescription": "{value}"},
            ),
        ),
        Prop(
            "SubnetIds",
            live="Subnets[].SubnetIdentifier",
            same="set",
            always=True,
            set=Call("modify_cache_subnet_group", {"CacheSubnetGroupName": "{id}", "SubnetIds": "{value}"}),
        ),
        Prop("VpcId", absent="unknown", ours="read-only attribute: the network that all of its subnets are in"),
    ),
    edges=(
        EdgeTo("placed-in", "SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
    ),
)
