"""A Kubernetes cluster, as far as its API server is reached and by what it acts; what runs in it is not read here.

The list gives names only, so that each is read by a call of its own. Who may connect is said twice: the public endpoint
by addresses, the private one by the groups of the interfaces that AWS puts into the subnets.
"""

from collections.abc import Iterable, Mapping

from auditor.model import ABSENT, Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources._shapes import pick

_READ = Call("describe_cluster", {"name": "{id}"}, out="cluster")
_OPEN = ["0.0.0.0/0"]


def _named(listed: Json) -> Iterable[Mapping[str, Json]]:
    return [{"name": name} for name in listed or ()]


def _network(value: Json) -> Json:
    return pick(
        value,
        SubnetIds="subnetIds",
        SecurityGroupIds="securityGroupIds",
        EndpointPublicAccess="endpointPublicAccess",
        EndpointPrivateAccess="endpointPrivateAccess",
        PublicAccessCidrs="publicAccessCidrs",
    )


def _settled(value: Json) -> Json:
    """With AWS's defaults: the endpoint is public, to everybody, and not private."""
    if not isinstance(value, Mapping):
        return ABSENT
    out = {"EndpointPublicAccess": True, "EndpointPrivateAccess": False, "SecurityGroupIds": [], **value}
    if out["EndpointPublicAccess"] is True:
        out["PublicAccessCidrs"] = out.get("PublicAccessCidrs") or _OPEN
    else:
        out.pop("PublicAccessCidrs", None)
    return {name: sorted(inner) if isinstance(inner, list) else inner for name, inner in out.items()}


TYPE = ResourceType(
    cfn="AWS::EKS::Cluster",
    service="eks",
    list=Call("list_clusters", out="clusters"),
    items=_named,
    id="name",
    arn="arn:{partition}:eks:{region}:{account}:cluster/{id}",
    name="name",
    tags="",
    tags_call=Call("describe_cluster", {"name": "{id}"}, out="cluster.tags"),
    terraform=("aws_eks_cluster",),
    props=(
        Prop("Name", live="name"),
        Prop("Version", call=_READ, live="version"),
        Prop("RoleArn", call=_READ, live="roleArn"),
        Prop("Endpoint", call=_READ, live="endpoint"),
        Prop(
            "ResourcesVpcConfig",
            call=_READ,
            live="resourcesVpcConfig",
            read=_network,
            tidy=_settled,
            tf="vpc_config",
        ),
        Prop("ClusterSecurityGroupId", call=_READ, live="resourcesVpcConfig.clusterSecurityGroupId", tf="-"),
        Prop("Status", call=_READ, live="status", tf="-", ours="read-only attribute: `ACTIVE` when it answers"),
    ),
    edges=(
        EdgeTo("placed-in", "ResourcesVpcConfig.SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "ResourcesVpcConfig.SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("guarded-by", "ClusterSecurityGroupId", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("acts-as", "RoleArn", ("AWS::IAM::Role",)),
    ),
)
