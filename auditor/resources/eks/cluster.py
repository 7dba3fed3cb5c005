"""A Kubernetes cluster: its control plane, which AWS runs, and the two doors to it.

The list gives names only. One call changes one kind of thing: the doors together, the subnets, or the groups; so the
setter of the network writes the doors and leaves the rest alone. A version, an authentication mode and the encryption
of secrets only go one way, and have no setter.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.eks._code import (
    terraform_encryption,
    terraform_logging,
    tidy_access,
    tidy_encryption,
    tidy_logging,
    tidy_network,
)
from auditor.resources.eks._live import access, encryption, issuer_host, logging, named, network, raw_logging
from auditor.resources.shapes import uncapitalised

_DESCRIBE = Call("describe_cluster", {"name": "{id}"}, out="cluster")
_LATER = "the change takes minutes"

TYPE = ResourceType(
    cfn="AWS::EKS::Cluster",
    service="eks",
    list=Call("list_clusters", out="clusters"),
    items=named,
    id="name",
    arn="arn:{partition}:eks:{region}:{account}:cluster/{id}",
    name="name",
    tags="",
    tags_call=Call("list_tags_for_resource", {"resourceArn": "{arn}"}, out="tags"),
    terraform=("aws_eks_cluster",),
    workload=True,
    props=(
        Prop("Name", live="name"),
        Prop("Arn", call=_DESCRIBE, live="arn", absent="unknown"),
        Prop("Endpoint", call=_DESCRIBE, live="endpoint", absent="not set"),
        Prop(
            "OpenIdConnectIssuerUrl",
            call=_DESCRIBE,
            live="identity.oidc.issuer",
            absent="not set",
            tf="-",
        ),
        Prop("Version", call=_DESCRIBE, live="version", absent="unknown"),
        Prop("RoleArn", call=_DESCRIBE, live="roleArn", absent="unknown"),
        Prop(
            "ResourcesVpcConfig",
            call=_DESCRIBE,
            live="resourcesVpcConfig",
            read=network,
            absent="unknown",
            tidy=tidy_network,
            tf="vpc_config",
            write=uncapitalised,
            set=Call(
                "update_cluster_config",
                {
                    "name": "{id}",
                    "resourcesVpcConfig": {
                        "endpointPublicAccess": "{value.endpointPublicAccess}",
                        "endpointPrivateAccess": "{value.endpointPrivateAccess}",
                        "publicAccessCidrs": "{value.publicAccessCidrs?}",
                    },
                },
            ),
            risk="interrupts",
            note=f"nodes and users of the disabled endpoint lose access; {_LATER}",
        ),
        Prop(
            "ClusterSecurityGroupId",
            call=_DESCRIBE,
            live="resourcesVpcConfig.clusterSecurityGroupId",
            absent="unknown",
            tf="-",
        ),
        Prop(
            "VpcId",
            call=_DESCRIBE,
            live="resourcesVpcConfig.vpcId",
            absent="unknown",
            tf="-",
            ours="read-only attribute: the network that all of its subnets are in",
        ),
        Prop(
            "Logging",
            call=_DESCRIBE,
            live="logging",
            read=logging,
            tidy=tidy_logging,
            tf="enabled_cluster_log_types",
            tf_read=terraform_logging,
            write=raw_logging,
            default={"ClusterLogging": {"EnabledTypes": []}},
            absent="unknown",
            set=Call("update_cluster_config", {"name": "{id}", "logging": "{value}"}),
            note=f"logs are charged for; {_LATER}",
        ),
        Prop(
            "EncryptionConfig",
            call=_DESCRIBE,
            live="encryptionConfig",
            read=encryption,
            tidy=tidy_encryption,
            tf_read=terraform_encryption,
            default=[],
        ),
        Prop(
            "AccessConfig",
            call=_DESCRIBE,
            live="accessConfig",
            read=access,
            tidy=tidy_access,
            default={"AuthenticationMode": "CONFIG_MAP"},
        ),
        Prop(
            "Status",
            call=_DESCRIBE,
            live="status",
            absent="unknown",
            ours="read-only attribute: `ACTIVE` when it can be used",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "ResourcesVpcConfig.SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "ResourcesVpcConfig.SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("guarded-by", "ClusterSecurityGroupId", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("acts-as", "RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("trusts", "OpenIdConnectIssuerUrl", ("AWS::IAM::OIDCProvider",), take=issuer_host, back=True),
        EdgeTo("encrypted-with", "EncryptionConfig[].Provider.KeyArn", ("AWS::KMS::Key",)),
        EdgeTo("logs-to", "Name", ("AWS::Logs::LogGroup",), take=lambda value: [f"/aws/eks/{value}/cluster"]),
    ),
)
