"""Predicates about what keeps traffic and rights small: web ACLs, ports, encrypted connections, capacity, privileges."""

import pytest

from auditor.checks.ask import ask_predicate, verdict_of
from tests.checks.test_predicates_of_functions import ask
from tests.fragments import graph_of

ACL, ROLE, DATABASE = "AWS::WAFv2::WebACL", "AWS::IAM::Role", "AWS::RDS::DBInstance"
GROUP, SERVICE, TASK = "AWS::EC2::SecurityGroup", "AWS::ECS::Service", "AWS::ECS::TaskDefinition"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
MANAGED = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}


@pytest.mark.parametrize(
    ("default", "rule", "verdict"),
    [
        ("Allow", None, "broken"),
        ("Block", None, "kept"),
        ("Allow", {"OverrideAction": {"None": {}}, "Statement": MANAGED}, "kept"),
        ("Allow", {"OverrideAction": {"Count": {}}, "Statement": MANAGED}, "broken"),
        ("Allow", {"Action": {"Block": {}}, "Statement": {}}, "kept"),
        ("Allow", {"Action": {"Count": {}}, "Statement": {}}, "broken"),
    ],
)
def test_a_web_acl_blocks_requests(default, rule, verdict):
    rules = [{"Name": "r", "Priority": 0, **rule}] if rule else []
    fragment = {"A": {"Type": ACL, "Properties": {"Scope": "REGIONAL", "DefaultAction": {default: {}}, "Rules": rules}}}
    assert ask(fragment, "blocks-requests", "A") == verdict
    # What was read decides where it already blocks.
    assert ask(fragment, "blocks-requests", "A", hidden="Rules") == ("kept" if verdict == "kept" else "unknown")


RATE = {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}}
SQL = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesSQLiRuleSet"}}
OWN = {"RuleGroupReferenceStatement": {"Arn": "arn:aws:wafv2:eu-west-1:123456789012:regional/rulegroup/g/1"}}


@pytest.mark.parametrize(
    ("kind", "rule", "verdict"),
    [
        ("rate", {"Action": {"Block": {}}, "Statement": RATE}, "kept"),
        ("rate", {"Action": {"Challenge": {}}, "Statement": RATE}, "kept"),
        ("rate", {"Action": {"Count": {}}, "Statement": RATE}, "broken"),
        ("rate", {"Action": {"Allow": {}}, "Statement": RATE}, "broken"),
        ("rate", {"OverrideAction": {"None": {}}, "Statement": SQL}, "broken"),
        ("rate", {"OverrideAction": {"None": {}}, "Statement": OWN}, "unknown"),
        ("sql", {"OverrideAction": {"None": {}}, "Statement": SQL}, "kept"),
        ("sql", {"OverrideAction": {"Count": {}}, "Statement": SQL}, "broken"),
        ("sql", {"OverrideAction": {"None": {}}, "Statement": MANAGED}, "broken"),
    ],
)
def test_a_web_acl_stops_a_kind_of_requests(kind, rule, verdict):
    """AWS: a rule that counts lets the request go on, and one that allows ends its evaluation."""
    rules = [{"Name": "r", "Priority": 0, **rule}]
    fragment = {"A": {"Type": ACL, "Properties": {"Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "Rules": rules}}}
    assert ask(fragment, "stops-requests", "A", kind=kind) == verdict
    assert ask(fragment, "stops-requests", "A", hidden="Rules", kind=kind) == (
        "kept" if verdict == "kept" else "unknown"
    )


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/8"}, "kept"),
        ({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5433, "CidrIp": "10.0.0.0/8"}, "broken"),
        ({"IpProtocol": "udp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/8"}, "broken"),
        ({"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}, "broken"),
        ({"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "CidrIp": "10.0.0.0/8"}, "broken"),
        ({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "8.8.8.8/32"}, "broken"),
    ],
)
def test_ports_are_limited(rule, verdict):
    group = {"GroupDescription": "g", "SecurityGroupIngress": [rule]}
    fragment = {
        "G": {"Type": GROUP, "Properties": group},
        "D": {"Type": DATABASE, "Properties": {"VPCSecurityGroups": [{"Ref": "G"}]}},
    }
    assert ask(fragment, "ports-limited", "D", ports=[5432]) == verdict


@pytest.mark.parametrize(
    ("version", "parameters", "verdict"),
    [
        ("16.4", None, "kept"),
        ("14.9", None, "broken"),
        ("14.9", {"rds.force_ssl": "1"}, "kept"),
        ("16.4", {"rds.force_ssl": "0"}, "broken"),
        ("15.3", {"log_statement": "all"}, "kept"),
        ("newest", None, "unknown"),
        ("mysql 8.0.35", None, "unknown"),
        ("sqlserver-ex 15.00.4345.5.v1", None, "unknown"),
    ],
)
def test_connections_are_encrypted(version, parameters, verdict):
    engine, _, number = version.rpartition(" ")
    said = {"Engine": engine or "postgres", "EngineVersion": number}
    fragment = {"D": {"Type": DATABASE, "Properties": said}}
    if parameters is not None:
        group = {"Family": "postgres16", "Description": "p", "Parameters": parameters}
        fragment["P"] = {"Type": "AWS::RDS::DBParameterGroup", "Properties": group}
        said["DBParameterGroupName"] = {"Ref": "P"}
    assert ask(fragment, "connections-encrypted", "D") == verdict


@pytest.mark.parametrize(
    ("said", "spot", "verdict"),
    [
        ({"LaunchType": "FARGATE"}, False, "kept"),
        ({"LaunchType": "FARGATE"}, True, "broken"),
        ({"LaunchType": "EC2"}, False, "broken"),
        ({"CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]}, True, "kept"),
        ({"CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]}, False, "broken"),
        ({"CapacityProviderStrategy": [{"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1}]}, False, "kept"),
        ({"CapacityProviderStrategy": [{"CapacityProvider": "instances", "Weight": 1}]}, False, "broken"),
        ({"CapacityProviderStrategy": [{"CapacityProvider": "${a.name}", "Weight": 1}]}, False, "unknown"),
        ({"CapacityProviderStrategy": [{"CapacityProvider": "FARGATE", "Weight": "${a.weight}"}]}, False, "unknown"),
        ({"LaunchType": "${a.type}"}, False, "unknown"),
    ],
)
def test_a_service_runs_on_fargate(said, spot, verdict):
    fragment = {"S": {"Type": SERVICE, "Properties": {"ServiceName": "S", **said}}}
    assert ask(fragment, "runs-on-fargate", "S", spot=spot) == verdict


@pytest.mark.parametrize(
    ("cpu", "memory", "count", "verdict"),
    [("2048", "4096", 2, "kept"), ("2 vCPU", "4 GB", 1, "kept"), ("1024", "2048", 2, "kept"),
     ("512", "1024", 2, "broken"), ("256", "512", 1, "broken"), ("2048", "8192", 1, "broken")],
)  # fmt: skip
def test_the_size_of_a_task_or_of_all(cpu, memory, count, verdict):
    fragment = {
        "T": {"Type": TASK, "Properties": {"Family": "T", "Cpu": cpu, "Memory": memory}},
        "S": {
            "Type": SERVICE,
            "Properties": {"ServiceName": "S", "TaskDefinition": {"Ref": "T"}, "DesiredCount": count},
        },
    }
    assert ask(fragment, "fargate-size", "S", vcpu=2, memory=4) == verdict


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ({"Action": "s3:*", "Resource": "*"}, "broken"),
        ({"Action": ["s3:GetObject"], "Resource": "*"}, "broken"),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::*"}, "broken"),
        ({"Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:*:*:secret:*"}, "broken"),
        ({"NotAction": "iam:*", "Resource": "*"}, "broken"),
        ({"Action": "dynamodb:*", "NotResource": "arn:aws:dynamodb:*:*:table/other"}, "broken"),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}, "kept"),
        ({"Action": ["xray:PutTraceSegments", "s3:ListAllMyBuckets"], "Resource": "*"}, "kept"),
        ({"Action": "ecr:GetAuthorizationToken", "Resource": "*"}, "kept"),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, "kept"),
        ({"Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/app": "web"}}}, "kept"),
    ],
)
def test_least_privilege(statement, verdict):
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
    policies = [{"PolicyName": "p", "PolicyDocument": document}]
    fragment = {"R": {"Type": ROLE, "Properties": {"RoleName": "R", "Policies": policies}}}
    assert ask(fragment, "least-privilege", "R") == verdict


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [("AmazonS3FullAccess", "broken"), ("AWSXRayDaemonWriteAccess", "kept"), ("PowerUserAccess", "broken")],
)
def test_least_privilege_of_what_is_attached(policy, verdict):
    arns = [f"arn:aws:iam::aws:policy/{policy}"]
    fragment = {"R": {"Type": ROLE, "Properties": {"RoleName": "R", "ManagedPolicyArns": arns}}}
    assert ask(fragment, "least-privilege", "R") == verdict


@pytest.mark.parametrize(("zones", "verdict"), [("ac", "kept"), ("aa", "broken"), ("a", "broken")])
def test_several_zones(zones, verdict):
    subnets = {f"N{number}": {"Type": "AWS::EC2::Subnet", "Properties": {"AvailabilityZone": f"ap-northeast-2{zone}"}}
               for number, zone in enumerate(zones)}  # fmt: skip
    placed = {"Name": "B", "Subnets": [{"Ref": name} for name in subnets]}
    fragment = {**subnets, "B": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": placed}}
    assert ask(fragment, "in-several-zones", "B") == verdict


@pytest.mark.parametrize(
    ("low", "high", "off", "verdict"),
    [(1, 4, {}, "kept"), (2, 2, {}, "broken"), (1, 4, {"DynamicScalingOutSuspended": True}, "broken")],
)
def test_a_service_can_scale(low, high, off, verdict):
    said = {"ResourceId": "service/c/s", "MinCapacity": low, "MaxCapacity": high, "ServiceNamespace": "ecs"}
    said |= {"ScalableDimension": "ecs:service:DesiredCount", **({"SuspendedState": off} if off else {})}
    fragment = {"T": {"Type": TARGET, "Properties": said}}
    (target,) = (graph := graph_of(fragment)).of_type(TARGET)
    assert verdict_of(list(ask_predicate(graph, target, "can-scale", {}))) == verdict


SERVED = {"Service": "cloudfront.amazonaws.com"}
DISTRIBUTION = "arn:aws:cloudfront::111122223333:distribution/E1"
OAI = {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2"}


@pytest.mark.parametrize(
    ("principal", "condition", "verdict"),
    [
        (OAI, None, "kept"),
        (SERVED, {"StringEquals": {"AWS:SourceArn": DISTRIBUTION}}, "kept"),
        (SERVED, {"StringEquals": {"aws:SourceAccount": "111122223333"}}, "kept"),
        (SERVED, None, "broken"),
        # The key alone names nobody: AWS lets every distribution in that the value does not leave out.
        (SERVED, {"StringNotEquals": {"aws:SourceArn": DISTRIBUTION}}, "broken"),
        (SERVED, {"ArnLike": {"aws:SourceArn": "*"}}, "broken"),
        (SERVED, {"StringEqualsIfExists": {"aws:username": "x"}}, "broken"),
        ({"AWS": "arn:aws:iam::999988887777:root"}, None, "broken"),
        ("*", None, "broken"),
    ],
)
def test_only_cloudfront_reads_a_bucket(principal, condition, verdict):
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::files/*",
    }
    statement |= {"Condition": condition} if condition else {}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    fragment = {
        "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}},
        "P": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "B"}, "PolicyDocument": document}},
    }
    assert ask(fragment, "only-cloudfront-reads", "B") == verdict


PROVIDERS = "arn:aws:iam::111122223333:oidc-provider"


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ({"Service": "pods.eks.amazonaws.com"}, "kept"),
        ({"Federated": f"{PROVIDERS}/oidc.eks.ap-northeast-2.amazonaws.com/id/0A1B"}, "kept"),
        # Whoever signs in at GitHub runs in no cluster, nor does another service.
        ({"Federated": f"{PROVIDERS}/token.actions.githubusercontent.com"}, "broken"),
        ({"Federated": "accounts.google.com"}, "broken"),
        ({"Service": "lambda.amazonaws.com"}, "broken"),
        ({"Federated": {"Ref": "Provider"}}, "unknown"),
    ],
)
def test_what_runs_in_a_cluster_uses_a_bucket(principal, verdict):
    assert used_by(principal) == verdict


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ({"Fn::GetAtt": ["Pods", "OpenIdConnectIssuerUrl"]}, "kept"),
        ("https://oidc.eks.ap-northeast-2.amazonaws.com/id/0A1B", "kept"),
        ("https://token.actions.githubusercontent.com", "broken"),
        ({"Ref": "Given"}, "unknown"),
    ],
)
def test_a_provider_that_the_code_makes_says_whose_it_is(url, verdict):
    cluster = {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "pods"}}
    beside = {"Provider": {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": url}}, "Pods": cluster}
    assert used_by({"Federated": {"Ref": "Provider"}}, beside) == verdict


def test_an_association_gives_a_role_to_pods():
    association = {
        "ClusterName": "pods",
        "Namespace": "a",
        "ServiceAccount": "b",
        "RoleArn": {"Fn::GetAtt": ["R", "Arn"]},
    }
    beside = {"Given": {"Type": "AWS::EKS::PodIdentityAssociation", "Properties": association}}
    assert used_by({"Service": "lambda.amazonaws.com"}, beside) == "kept"


def used_by(principal, beside=()):
    """What `used-from-cluster` says of a bucket that a role reads whom this principal may take."""
    reads = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": principal}
    policy = {"PolicyName": "reads", "PolicyDocument": {"Version": "2012-10-17", "Statement": [reads]}}
    role = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}, "Policies": [policy]}
    fragment = {
        "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}},
        "R": {"Type": ROLE, "Properties": role},
        "Provider": {"Type": "AWS::IAM::OIDCProvider", "Properties": {}},
        **dict(beside),
    }
    return ask(fragment, "used-from-cluster", "B", action="s3:GetObject")
