"""Which users may sign in to the caches that take the group."""

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.terraform import listed

_FOLD = "aws_elasticache_user_group_association"
_WHICH = {"UserGroupId": "{id}"}

TYPE = ResourceType(
    cfn="AWS::ElastiCache::UserGroup",
    service="elasticache",
    list=Call("describe_user_groups", out="UserGroups"),
    id="UserGroupId",
    arn="ARN",
    name="UserGroupId",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    terraform=("aws_elasticache_user_group",),
    folds=(_FOLD,),
    joins=(Join(_FOLD, "user_group_id", "UserIds", listed("user_id")),),
    props=(
        Prop("UserGroupId"),
        Prop("Arn", live="ARN", tf="arn"),
        Prop("Engine", absent="unknown"),
        Prop(
            "UserIds",
            same="set",
            default=[],
            add=Call("modify_user_group", {**_WHICH, "UserIdsToAdd": ["{element}"]}),
            remove=Call("modify_user_group", {**_WHICH, "UserIdsToRemove": ["{element}"]}),
            risk="interrupts",
            note="a user who is taken out is disconnected",
        ),
    ),
    edges=(EdgeTo("permits", "UserIds[]", ("AWS::ElastiCache::User",)),),
)
