"""A proxy in front of a database: the connection pool that functions talk to.

What it stands in front of is told by its target group (a type of its own). Subnets, engine family and name
are chosen when it is made. Requiring TLS, other secrets, another role or other security groups can cut off
clients that connect now.
"""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.shapes import pick

_AUTH = ("AuthScheme", "ClientPasswordAuthType", "Description", "IAMAuth", "SecretArn")


def _modify(**params: Json) -> Call:
    return Call("modify_db_proxy", {"DBProxyName": "{id}", **params})


def _auth(value: Json) -> Json:
    """AWS also tells the user name inside the secret; CloudFormation has no place for it."""
    return [pick(each, *_AUTH) for each in value]


TYPE = ResourceType(
    cfn="AWS::RDS::DBProxy",
    service="rds",
    list=Call("describe_db_proxies", out="DBProxies"),
    id="DBProxyName",
    arn="DBProxyArn",
    name="DBProxyName",
    names=("{raw.Endpoint}",),
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    workload=True,
    terraform=("aws_db_proxy",),
    props=(
        Prop("DBProxyName", tf="name"),
        Prop("DBProxyArn", tf="arn"),
        Prop("EngineFamily", absent="unknown"),
        Prop("Endpoint", absent="unknown"),
        Prop("VpcId", absent="unknown", tf="-"),
        Prop(
            "RequireTLS",
            tf="require_tls",
            default=False,
            absent="unknown",
            set=_modify(RequireTLS="{value}"),
            risk="interrupts",
        ),
        Prop("Auth", read=_auth, same="set", set=_modify(Auth="{value}"), always=True, risk="interrupts"),
        Prop("RoleArn", set=_modify(RoleArn="{value}"), always=True, risk="interrupts"),
        Prop("VpcSubnetIds", absent="unknown", same="set"),
        Prop(
            "VpcSecurityGroupIds",
            same="set",
            set=_modify(SecurityGroups="{value}"),
            always=True,
            risk="interrupts",
        ),
        Prop(
            "IdleClientTimeout",
            default=1800,
            absent="unknown",
            set=_modify(IdleClientTimeout="{value}"),
            risk="interrupts",
        ),
        Prop("DebugLogging", default=False, absent="unknown", set=_modify(DebugLogging="{value}")),
        Prop("Status", absent="unknown", tf="-", ours="read-only attribute: whether the proxy can be used at all"),
    ),
    edges=(
        EdgeTo("placed-in", "VpcSubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "VpcSecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("acts-as", "RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("reads-secret", "Auth[].SecretArn", ("AWS::SecretsManager::Secret",)),
    ),
)
