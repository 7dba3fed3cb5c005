"""The engine parameters that caches apply.

`Properties` holds what somebody set (`Source=user`), as a template does. It has no setter: ModifyCacheParameterGroup
only adds. AWS's own groups (`default.redis7`) cannot be changed and are nobody's declaration.
"""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.shapes import by_name, texts
from auditor.resources.terraform import parameters

TYPE = ResourceType(
    cfn="AWS::ElastiCache::ParameterGroup",
    service="elasticache",
    list=Call("describe_cache_parameter_groups", out="CacheParameterGroups"),
    id="CacheParameterGroupName",
    arn="ARN",
    name="CacheParameterGroupName",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    aws_made="starts_with(CacheParameterGroupName, 'default.')",
    terraform=("aws_elasticache_parameter_group",),
    props=(
        Prop("CacheParameterGroupName", tf="name"),
        Prop("Arn", live="ARN", tf="arn", ours="read-only attribute that CloudFormation's schema lacks"),
        Prop("CacheParameterGroupFamily", tf="family", absent="unknown"),
        Prop("Description", absent="unknown"),
        Prop(
            "Properties",
            call=Call(
                "describe_cache_parameters", {"CacheParameterGroupName": "{id}", "Source": "user"}, out="Parameters"
            ),
            read=by_name,
            tidy=texts,
            default={},
            absent="unknown",
            tf="parameter",
            tf_read=parameters,
        ),
    ),
)
