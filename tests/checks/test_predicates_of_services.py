"""Predicates about services, scaling, alarms, dashboards, security groups, caches and what CloudFront delivers."""

import json

import pytest

from auditor.checks.ask import ask_predicate, verdict_of
from auditor.model import Gap
from tests.fragments import graph_of

SERVICE, CLUSTER = "AWS::ECS::Service", "AWS::ECS::Cluster"
TARGET, POLICY = "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM, DASHBOARD, GROUP = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::EC2::SecurityGroup"
DISTRIBUTION, CACHE = "AWS::CloudFront::Distribution", "AWS::CloudFront::CachePolicy"


def ask(fragment, name, subject, hidden="", **arguments):
    graph = graph_of(fragment)
    resource = next(each for each in graph.resources() if each.name == subject)
    if hidden:
        resource.unknown[hidden] = Gap("1", "r", "s", "o", "s:o", "denied", (resource.type,), "denied", resource.key)
    return verdict_of(list(ask_predicate(graph, resource, name, arguments)))


def one(cfn, hidden="", name="X", **properties):
    return {name: {"Type": cfn, "Properties": properties}}


def strategy(*rows):
    return [{"CapacityProvider": name, "Weight": weight, "Base": base} for name, weight, base in rows]


SPOT, USUAL = "FARGATE_SPOT", "FARGATE"
SHARE = {"providers": [SPOT], "percent": 90, "base": 0}


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([(SPOT, 90, 0), (USUAL, 10, 0)], "kept"),
        ([(SPOT, 9, 0), (USUAL, 1, 1)], "kept"),
        ([(SPOT, 70, 0), (USUAL, 30, 0)], "broken"),
        ([(SPOT, 90, 0)], "broken"),
        ([(USUAL, 1, 0)], "broken"),
        ([(SPOT, 90, 1), (USUAL, 10, 0)], "broken"),
        ([(SPOT, 90, 0), (USUAL, 10, 2)], "broken"),
        ([], "broken"),
    ],
)
def test_capacity_share(rows, verdict):
    fragment = one(SERVICE, CapacityProviderStrategy=strategy(*rows))
    assert ask(fragment, "capacity-share", "X", **SHARE) == verdict
    assert ask(fragment, "capacity-share", "X", hidden="CapacityProviderStrategy", **SHARE) == "unknown"


def test_a_service_without_a_strategy_takes_its_cluster_s():
    rows = strategy((SPOT, 90, 0), (USUAL, 10, 0))
    fragment = {
        "C": {"Type": CLUSTER, "Properties": {"ClusterName": "C", "DefaultCapacityProviderStrategy": rows}},
        **one(SERVICE, Cluster="C"),
    }
    assert ask(fragment, "capacity-share", "X", **SHARE) == "kept"
    assert ask({**fragment, **one(SERVICE, Cluster="C", LaunchType=USUAL)}, "capacity-share", "X", **SHARE) == "broken"


@pytest.mark.parametrize(
    ("count", "scaled", "verdict"),
    [(2, False, "kept"), (2, True, "kept"), (9, True, "kept"), (9, False, "broken"), (21, True, "broken"), (1, True, "broken")],
)  # fmt: skip
def test_task_count(count, scaled, verdict):
    fragment = one(SERVICE, ServiceName="X", DesiredCount=count)
    if scaled:
        fragment["T"] = {"Type": TARGET, "Properties": {"ResourceId": {"Fn::Sub": "service/c/${X.Name}"}}}
    bounds = {"stated": 2, "least": 2, "most": 20}
    assert ask(fragment, "task-count", "X", **bounds) == verdict
    assert ask(fragment, "task-count", "X", hidden="DesiredCount", **bounds) == "unknown"


@pytest.mark.parametrize(
    ("metric", "value", "verdict"),
    [
        ("ECSServiceAverageCPUUtilization", 80, "kept"),
        ("ECSServiceAverageCPUUtilization", 70, "broken"),
        ("ECSServiceAverageMemoryUtilization", 80, "broken"),
    ],
)
def test_a_tracking_policy_scales_at_its_target(metric, value, verdict):
    said = {"TargetValue": value, "PredefinedMetricSpecification": {"PredefinedMetricType": metric}}
    fragment = one(POLICY, TargetTrackingScalingPolicyConfiguration=said)
    assert ask(fragment, "scales-at", "X", metric="cpu", value=80) == verdict


@pytest.mark.parametrize(
    ("operator", "threshold", "at", "quiet", "verdict"),
    [
        ("GreaterThanThreshold", 0, 1, 0, "kept"),
        ("GreaterThanOrEqualToThreshold", 1, 1, 0, "kept"),
        ("GreaterThanThreshold", 1, 1, 0, "broken"),
        ("GreaterThanOrEqualToThreshold", 0, 1, 0, "broken"),
        ("LessThanThreshold", 1, 1, 0, "broken"),
        ("LessThanThreshold", 1, 0, 1, "kept"),
    ],
)
def test_goes_off(operator, threshold, at, quiet, verdict):
    fragment = one(ALARM, Threshold=threshold, ComparisonOperator=operator)
    assert ask(fragment, "goes-off", "X", at=at, quiet=quiet) == verdict
    assert ask(fragment, "goes-off", "X", hidden="Threshold", at=at, quiet=quiet) == "unknown"


@pytest.mark.parametrize(
    ("metrics", "verdict"),
    [
        ([["AWS/ECS", "CPUUtilization", "ServiceName", "api"]], "kept"),
        ([["AWS/ECS", "MemoryUtilization", "ServiceName", "api"], [".", "CPUUtilization", ".", "."]], "kept"),
        ([[{"expression": "SEARCH('{AWS/ECS,ServiceName} MetricName=\"CPUUtilization\"', 'Average')"}]], "kept"),
        ([["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", "db"]], "broken"),
        ([], "broken"),
    ],
)
def test_shows_metric(metrics, verdict):
    body = json.dumps({"widgets": [{"type": "metric", "properties": {"metrics": metrics}}]})
    fragment = one(DASHBOARD, DashboardName="X", DashboardBody=body)
    assert ask(fragment, "shows-metric", "X", metrics=["AWS/ECS CPUUtilization"]) == verdict


def rule(low, high, protocol="tcp", **source):
    return {"IpProtocol": protocol, "FromPort": low, "ToPort": high, **source}


WORLD = {"CidrIp": "0.0.0.0/0"}


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([rule(443, 443, **WORLD)], "kept"),
        ([rule(443, 443, **WORLD, Description="clients")], "kept"),
        ([rule(443, 443, **WORLD), rule(80, 80, **WORLD)], "broken"),
        ([rule(443, 443, **WORLD), rule(443, 443, CidrIpv6="::/0")], "broken"),
        ([rule(443, 444, **WORLD)], "broken"),
        ([rule(443, 443, "udp", **WORLD)], "broken"),
        ([rule(443, 443, CidrIp="203.0.113.0/24")], "broken"),
        ([], "broken"),
    ],
)
def test_admits_exactly_these_addresses(rules, verdict):
    fragment = one(GROUP, GroupDescription="x", SecurityGroupIngress=rules)
    arguments = {"port": 443, "addresses": ["0.0.0.0/0"]}
    assert ask(fragment, "admits-exactly", "X", **arguments) == verdict
    # A wrong rule that was read stays wrong, whatever else there is.
    wrong = verdict == "broken" and bool(rules)
    hidden = ask(fragment, "admits-exactly", "X", hidden="SecurityGroupIngress", **arguments)
    assert hidden == ("broken" if wrong else "unknown")


BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


@pytest.mark.parametrize(
    ("sources", "verdict"),
    [(["Front"], "kept"), (["Other"], "broken"), (["Front", "Other"], "broken"), (["Front", "Second"], "broken")],
)
def test_admits_exactly_the_group_of_a_load_balancer(sources, verdict):
    fragment = {
        name: {"Type": GROUP, "Properties": {"GroupDescription": name}} for name in ("Front", "Other", "Second")
    }
    for name in ("Front", "Second"):
        fragment[f"{name}Balancer"] = {
            "Type": BALANCER,
            "Properties": {"Name": name, "Type": "application", "SecurityGroups": [{"Ref": name}]},
        }
    rules = [rule(3001, 3001, SourceSecurityGroupId={"Ref": name}) for name in sources]
    fragment |= one(GROUP, GroupDescription="x", SecurityGroupIngress=rules)
    assert ask(fragment, "admits-exactly", "X", port=3001, type=BALANCER) == verdict


DAY = 86_400


@pytest.mark.parametrize(
    ("behavior", "verdict"),
    [
        ({"PathPattern": "/chat/*", "DefaultTTL": DAY}, "kept"),
        ({"PathPattern": "chat/*", "DefaultTTL": DAY}, "kept"),
        ({"PathPattern": "/chat/*", "DefaultTTL": 7 * DAY}, "broken"),
        ({"PathPattern": "/chat/*", "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}, "kept"),
        ({"PathPattern": "/chat/*", "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"}, "broken"),
        ({"PathPattern": "/chat/*", "CachePolicyId": {"Ref": "Day"}}, "kept"),
        ({"PathPattern": "/chat/*", "CachePolicyId": {"Ref": "Week"}}, "broken"),
        ({"PathPattern": "/chat/*", "CachePolicyId": "0a1b2c3d-0000-4000-8000-000000000000"}, "unknown"),
        ({"PathPattern": "/files/*", "DefaultTTL": DAY}, "broken"),
    ],
)
def test_path_cached(behavior, verdict):
    origin = {"Id": "o", "DomainName": "example.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}
    common = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"}
    config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": common, "CacheBehaviors": [{**common, **behavior}]}  # fmt: skip
    fragment = one(DISTRIBUTION, DistributionConfig=config)
    for name, seconds in (("Day", DAY), ("Week", 7 * DAY)):
        said = {"Name": name, "MinTTL": 0, "DefaultTTL": seconds, "MaxTTL": 31_536_000}
        fragment[name] = {"Type": CACHE, "Properties": {"CachePolicyConfig": said}}
    graph = graph_of(fragment)
    (subject,) = graph.of_type(DISTRIBUTION)
    assert verdict_of(list(ask_predicate(graph, subject, "path-cached", {"path": "/chat/*", "days": 1}))) == verdict


@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        ([], "kept"),
        (["/files/*"], "kept"),
        ([{"Fn::ImportValue": "pattern"}], "unknown"),
        ([{"Fn::Sub": "${Other.Id}/*"}], "unknown"),
        (["*"], "broken"),
    ],
)
def test_a_behavior_that_stands_before_it_may_take_its_path(before, verdict):
    origins = [
        {"Id": "o", "DomainName": {"Fn::GetAtt": ["Files", "RegionalDomainName"]}, "S3OriginConfig": {}},
        {"Id": "p", "DomainName": "example.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}},
    ]
    common = {"TargetOriginId": "p", "ViewerProtocolPolicy": "https-only", "DefaultTTL": 7 * DAY}
    last = {**common, "PathPattern": "/chat/*", "TargetOriginId": "o", "DefaultTTL": DAY}
    behaviors = [*({**common, "PathPattern": each} for each in before), last]
    config = {"Enabled": True, "Origins": origins, "DefaultCacheBehavior": common, "CacheBehaviors": behaviors}
    fragment = {**one(DISTRIBUTION, DistributionConfig=config), "Files": {"Type": "AWS::S3::Bucket", "Properties": {}}}
    fragment["Other"] = {"Type": CACHE, "Properties": {}}
    graph = graph_of(fragment)
    (subject,) = graph.of_type(DISTRIBUTION)
    cached = ask_predicate(graph, subject, "path-cached", {"path": "/chat/*", "days": 1})
    leads = ask_predicate(graph, subject, "path-leads-to", {"path": "/chat/*", "type": "AWS::S3::Bucket"})
    assert (verdict_of(list(cached)), verdict_of(list(leads))) == (verdict, verdict)


@pytest.mark.parametrize(
    ("cfn", "said", "verdict"),
    [
        ("AWS::ElastiCache::CacheCluster", {"NumCacheNodes": 1}, "kept"),
        ("AWS::ElastiCache::CacheCluster", {"NumCacheNodes": 2}, "broken"),
        ("AWS::ElastiCache::ReplicationGroup", {"NumCacheClusters": 1}, "kept"),
        ("AWS::ElastiCache::ReplicationGroup", {"NumCacheClusters": 3}, "broken"),
    ],
)
def test_cache_nodes(cfn, said, verdict):
    graph = graph_of({"X": {"Type": cfn, "Properties": {"Engine": "redis", **said}}})
    (subject,) = graph.of_type(cfn)
    assert verdict_of(list(ask_predicate(graph, subject, "cache-nodes", {"count": 1}))) == verdict
