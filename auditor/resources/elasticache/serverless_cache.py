"""A cache without nodes: AWS scales it between the limits that are set, and encrypts it at rest and on its way always.

It has no setter: AWS takes limits, backups and groups one after the other, each for minutes.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.terraform import within

_CFN = "AWS::ElastiCache::ServerlessCache"

TYPE = ResourceType(
    cfn=_CFN,
    service="elasticache",
    list=Call("describe_serverless_caches", out="ServerlessCaches"),
    id="ServerlessCacheName",
    arn="ARN",
    name="ServerlessCacheName",
    names=("{raw.Endpoint.Address}", "{raw.ReaderEndpoint.Address}"),
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    terraform=("aws_elasticache_serverless_cache",),
    workload=True,
    props=(
        Prop("ServerlessCacheName", tf="name"),
        Prop("ARN", tf="arn"),
        Prop("Description", read=lambda value: value or None, absent="not set"),
        Prop("Engine", absent="unknown"),
        Prop("MajorEngineVersion", absent="unknown", always=True),
        Prop(
            "CacheUsageLimits",
            tf_read=within(_CFN, "CacheUsageLimits", ecpu_per_second="ECPUPerSecond"),
            absent="not set",
        ),
        Prop("KmsKeyId", absent="not set"),
        Prop("SecurityGroupIds", same="set", absent="unknown", always=True),
        Prop("SubnetIds", same="set", absent="unknown", always=True),
        Prop("SnapshotRetentionLimit", default=0),
        Prop("DailySnapshotTime", absent="not set", always=True),
        Prop("UserGroupId", absent="not set"),
    ),
    edges=(
        EdgeTo("placed-in", "SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),
        EdgeTo("applies", "UserGroupId", ("AWS::ElastiCache::UserGroup",)),
    ),
)
