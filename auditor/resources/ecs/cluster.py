"""A cluster of containers, with the capacity that its services draw from.

Terraform and CloudFormation both keep the capacity providers in a type of their own beside the cluster; it is one
setting of the cluster, which AWS takes whole. How `ExecuteCommand` is logged has no setter: once it is there, no call
takes it away again.
"""

from auditor.model import Call, EdgeTo, Edit, Join, Prop, ResourceType
from auditor.resources.ecs import _code
from auditor.resources.ecs._live import clusters, strategy
from auditor.resources.shapes import uncapitalised
from auditor.resources.terraform import within

_CFN, _ASSOCIATIONS, _PROVIDERS = (
    "AWS::ECS::Cluster",
    "AWS::ECS::ClusterCapacityProviderAssociations",
    "aws_ecs_cluster_capacity_providers",
)
_ASKED = {"clusters": ["{arn}"], "include": ["SETTINGS", "CONFIGURATIONS", "TAGS"]}
_DESCRIBE = Call("describe_clusters", _ASKED, out="clusters[0]")
_CAPACITY = Edit(
    read=Call("describe_clusters", _ASKED),
    write=Call(
        "put_cluster_capacity_providers",
        {
            "cluster": "{id}",
            "capacityProviders": "{value.capacityProviders}",
            "defaultCapacityProviderStrategy": "{value.defaultCapacityProviderStrategy}",
        },
    ),
    inside="clusters[0]",
    renames={
        "CapacityProviders": "capacityProviders",
        "DefaultCapacityProviderStrategy": "defaultCapacityProviderStrategy",
    },
)

TYPE = ResourceType(
    cfn=_CFN,
    service="ecs",
    list=Call("list_clusters", out="clusterArns"),
    items=clusters,
    id="clusterName",
    arn="clusterArn",
    name="clusterName",
    tags="",
    tags_call=Call("describe_clusters", _ASKED, out="clusters[0].tags"),
    terraform=("aws_ecs_cluster",),
    folds=(_ASSOCIATIONS, _PROVIDERS),
    joins=(
        Join(_PROVIDERS, "cluster_name", "CapacityProviders", _code.providers),
        Join(_PROVIDERS, "cluster_name", "DefaultCapacityProviderStrategy", _code.strategy),
        Join(_ASSOCIATIONS, "Cluster", "CapacityProviders", _code.providers),
        Join(_ASSOCIATIONS, "Cluster", "DefaultCapacityProviderStrategy", _code.strategy),
    ),
    props=(
        Prop("ClusterName", live="clusterName", tf="name"),
        Prop("Arn", live="clusterArn", tf="arn"),
        Prop(
            "ClusterSettings",
            live="settings",
            call=_DESCRIBE,
            read=within(_CFN, "ClusterSettings"),
            tf="setting",
            same="set",
            always=True,
            set=Call("update_cluster_settings", {"cluster": "{id}", "settings": "{value}"}),
            write=uncapitalised,
            note="where code is silent the account's own setting decides; what Container Insights measures is paid for",
        ),
        Prop(
            "Configuration",
            live="configuration",
            call=_DESCRIBE,
            read=within(_CFN, "Configuration"),
            absent="not set",
            tf_read=within(_CFN, "Configuration", s3_bucket_encryption_enabled="S3EncryptionEnabled"),
        ),
        Prop(
            "CapacityProviders",
            live="capacityProviders",
            call=_DESCRIBE,
            tf="-",
            same="set",
            default=[],
            absent="unknown",
            edit=_CAPACITY,
            risk="interrupts",
            note="AWS refuses to take away a provider that a service still draws from",
        ),
        Prop(
            "DefaultCapacityProviderStrategy",
            live="defaultCapacityProviderStrategy",
            call=_DESCRIBE,
            read=within(_CFN, "DefaultCapacityProviderStrategy"),
            tidy=strategy,
            write=uncapitalised,
            tf="-",
            same="set",
            default=[],
            absent="unknown",
            edit=_CAPACITY,
            note="services that name a strategy of their own, or a launch type, keep theirs",
        ),
    ),
    edges=(
        EdgeTo("encrypted-with", "Configuration.ExecuteCommandConfiguration.KmsKeyId", ("AWS::KMS::Key",)),
        EdgeTo(
            "encrypted-with",
            "Configuration.ManagedStorageConfiguration.FargateEphemeralStorageKmsKeyId",
            ("AWS::KMS::Key",),
        ),
        EdgeTo(
            "logs-to",
            "Configuration.ExecuteCommandConfiguration.LogConfiguration.CloudWatchLogGroupName",
            ("AWS::Logs::LogGroup",),
        ),
        EdgeTo(
            "logs-to", "Configuration.ExecuteCommandConfiguration.LogConfiguration.S3BucketName", ("AWS::S3::Bucket",)
        ),
    ),
)
