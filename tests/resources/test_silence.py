"""What code leaves unsaid means what AWS (or Terraform) makes of it: nothing, a default that depends, or AWS's choice."""

import json

import pytest

from auditor import api
from auditor.model import ABSENT, Hidden

GROUP, SERVICE, FUNCTION = "AWS::AutoScaling::AutoScalingGroup", "AWS::ECS::Service", "AWS::Lambda::Function"
ZONED = {"MinSize": "1", "MaxSize": "2", "AvailabilityZones": ["eu-west-1a"], "LaunchConfigurationName": "old"}
IMAGE = {"PackageType": "Image", "Code": {"ImageUri": "1.dkr.ecr.eu-west-1.amazonaws.com/a:1"}, "Role": "arn:aws:iam::111122223333:role/a"}  # fmt: skip


def of_template(tmp_path, cfn, **properties):
    file = tmp_path / "template.json"
    file.write_text(json.dumps({"Resources": {"Thing": {"Type": cfn, "Properties": properties}}}))
    return one(file, cfn)


def of_terraform(tmp_path, cfn, text):
    (tmp_path / "main.tf").write_text(text)
    return one(tmp_path, cfn)


def one(path, cfn):
    (found,) = [each for each in api.read(code=path).resources if each.type == cfn]
    return found


@pytest.mark.parametrize(
    ("cfn", "said", "silent"),
    [
        (GROUP, ZONED, "VPCZoneIdentifier"),
        (GROUP, ZONED, "LaunchTemplate"),
        (SERVICE, {"TaskDefinition": "web:1"}, "NetworkConfiguration"),
        (FUNCTION, IMAGE, "Runtime"),
        (FUNCTION, IMAGE, "Handler"),
    ],
)
def test_nothing_is_nothing(tmp_path, cfn, said, silent):
    assert of_template(tmp_path, cfn, **said).at(silent) is ABSENT


def test_what_aws_chooses_is_not_known(tmp_path):
    assert isinstance(of_template(tmp_path, GROUP, **ZONED).at("DesiredCapacity"), Hidden)


@pytest.mark.parametrize(
    ("said", "least"),
    [
        ({}, 100),
        ({"SchedulingStrategy": "REPLICA"}, 100),
        ({"SchedulingStrategy": "DAEMON"}, 0),
        ({"SchedulingStrategy": "DAEMON", "DeploymentConfiguration": {"MinimumHealthyPercent": 50}}, 50),
        ({"SchedulingStrategy": "DAEMON", "DeploymentConfiguration": {"MaximumPercent": 100}}, 0),
    ],
)
def test_a_daemon_keeps_no_task_while_it_is_rolled_over(tmp_path, said, least):
    service = of_template(tmp_path, SERVICE, TaskDefinition="web:1", **said)
    assert service.at("DeploymentConfiguration.MinimumHealthyPercent") == least


def test_terraform_asks_for_all_tasks_also_of_a_daemon(tmp_path):
    text = 'resource "aws_ecs_service" "a" {\n  name = "a"\n  scheduling_strategy = "DAEMON"\n  task_definition = "a:1"\n}\n'
    service = of_terraform(tmp_path, SERVICE, text)
    assert service.at("DeploymentConfiguration.MinimumHealthyPercent") == 100


@pytest.mark.parametrize(("line", "seconds"), [("", 300), ("health_check_grace_period = 0", 0)])
def test_terraform_waits_five_minutes_for_an_instance(tmp_path, line, seconds):
    text = f'resource "aws_autoscaling_group" "a" {{\n  min_size = 1\n  max_size = 1\n  {line}\n}}\n'
    assert of_terraform(tmp_path, GROUP, text).at("HealthCheckGracePeriod") == seconds


def test_cloudformation_waits_for_none(tmp_path):
    assert of_template(tmp_path, GROUP, **ZONED).at("HealthCheckGracePeriod") == 0


def test_edges_by_name(tmp_path):
    template = {
        "Balancer": {"Type": "AWS::ElasticLoadBalancing::LoadBalancer", "Properties": {"LoadBalancerName": "old", "Listeners": []}},
        "Template": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateName": "nodes", "LaunchTemplateData": {}}},
        "Group": {"Type": GROUP, "Properties": {
            "MinSize": "1", "MaxSize": "1", "LoadBalancerNames": [{"Ref": "Balancer"}],
            "MixedInstancesPolicy": {"LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateName": "nodes", "Version": "1"}}},
        }},
        "Service": {"Type": SERVICE, "Properties": {"TaskDefinition": "a:1", "LoadBalancers": [
            {"ContainerName": "a", "ContainerPort": 80, "LoadBalancerName": {"Ref": "Balancer"}}]}},
        "Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": {
            "ClusterName": "c", "NodeRole": "r", "Subnets": [], "LaunchTemplate": {"Name": "nodes", "Version": "1"}}},
    }  # fmt: skip
    file = tmp_path / "template.json"
    file.write_text(json.dumps({"Resources": template}))
    net = api.graph(api.read(code=file)).net
    short = {(_last(tail), relation, _last(head)) for tail, head, relation in net.edges(keys=True)}
    assert {
        ("old", "targets", "Group"),
        ("old", "targets", "Service"),
        ("Group", "applies", "Template"),
        ("Nodes", "applies", "Template"),
    } <= short


def _last(key):
    return key.rpartition("/")[2]
