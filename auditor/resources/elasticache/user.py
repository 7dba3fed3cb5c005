"""Who may sign in to caches: how, and which commands on which keys. Passwords are never read, AWS tells only their
number.

It has no setter: who may do what in a cache is for its owner to decide.
"""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.elasticache import _code
from auditor.resources.elasticache._live import authentication

TYPE = ResourceType(
    cfn="AWS::ElastiCache::User",
    service="elasticache",
    list=Call("describe_users", out="Users"),
    id="UserId",
    arn="ARN",
    name="UserName",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    aws_made="UserId == 'default'",
    terraform=("aws_elasticache_user",),
    props=(
        Prop("UserId"),
        Prop("Arn", live="ARN", tf="arn"),
        Prop("UserName"),
        Prop("Engine", absent="unknown"),
        Prop("AccessString", default="off -@all", absent="unknown"),
        Prop(
            "AuthenticationMode",
            live="Authentication",
            read=authentication,
            tidy=authentication,
            tf="@",
            tf_read=_code.authentication,
            cfn_read=_code.template_authentication,
            absent="unknown",
        ),
    ),
)
