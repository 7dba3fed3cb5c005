"""What alarms and dashboards share: metrics say whom they measure in their dimensions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from auditor.model import EdgeTo, Json
from auditor.resources.dashboards import drawn

Dimensions = Mapping[str, str]


def _named(dimension: str) -> Callable[[Dimensions], list[str]]:
    return lambda found: [found[dimension]] if dimension in found else []


def _service(found: Dimensions) -> list[str]:
    """A service of ECS has its name inside a cluster; code may refer to it."""
    service = found.get("ServiceName", "")
    if service.startswith("${"):
        return [service]
    return [f"service/{found['ClusterName']}/{service}"] if service and "ClusterName" in found else []


def _cache(found: Dimensions) -> list[str]:
    """A replication group: it is measured by its nodes, which are named after it, `GROUP-001`."""
    node = found.get("CacheClusterId", "")
    return [each for each in (found.get("ReplicationGroupId", ""), node.rpartition("-")[0], node) if each]


# How CloudWatch's dimensions name a resource of a type.
MEASURED: tuple[tuple[str, Callable[[Dimensions], list[str]]], ...] = (
    ("AWS::Lambda::Function", _named("FunctionName")),
    ("AWS::RDS::DBInstance", _named("DBInstanceIdentifier")),
    ("AWS::RDS::DBProxy", _named("ProxyName")),
    ("AWS::CloudFront::Distribution", _named("DistributionId")),
    ("AWS::S3::Bucket", _named("BucketName")),
    ("AWS::EC2::Instance", _named("InstanceId")),
    ("AWS::EC2::NatGateway", _named("NatGatewayId")),
    ("AWS::AutoScaling::AutoScalingGroup", _named("AutoScalingGroupName")),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", _named("LoadBalancer")),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", _named("TargetGroup")),
    ("AWS::ECS::Service", _service),
    ("AWS::ElastiCache::ReplicationGroup", _cache),
    ("AWS::ElastiCache::CacheCluster", _named("CacheClusterId")),
    ("AWS::RDS::DBCluster", _named("DBClusterIdentifier")),
    ("AWS::EFS::FileSystem", _named("FileSystemId")),
    ("AWS::EKS::Cluster", _named("ClusterName")),
    ("AWS::ApiGatewayV2::Api", _named("ApiId")),
    ("AWS::SNS::Topic", _named("TopicName")),
    ("AWS::Events::Rule", _named("RuleName")),
    ("AWS::Logs::LogGroup", _named("LogGroupName")),
)


def watching(via: str) -> tuple[EdgeTo, ...]:
    """An edge for each kind of resource that the dimensions at `via` may name."""
    return tuple(EdgeTo("watches", via, (cfn,), take=_listed(take)) for cfn, take in MEASURED)


def drawing(via: str) -> tuple[EdgeTo, ...]:
    """The same for the widgets of a dashboard, whose metrics are flat lists of texts."""
    return tuple(EdgeTo("watches", via, (cfn,), take=_drawn(take)) for cfn, take in MEASURED)


def _listed(take: Callable[[Dimensions], list[str]]) -> Callable[[Json], Iterable[str]]:
    def taken(value: Json) -> Iterable[str]:
        found = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, Mapping)]
        return take({str(each.get("Name", "")): str(each.get("Value", "")) for each in found})

    return taken


def _drawn(take: Callable[[Dimensions], list[str]]) -> Callable[[Json], Iterable[str]]:
    def taken(body: Json) -> Iterable[str]:
        for row in drawn(body):
            pairs = zip(row[2::2], row[3::2], strict=False)
            yield from take({str(key): value for key, value in pairs if isinstance(value, str)})

    return taken
