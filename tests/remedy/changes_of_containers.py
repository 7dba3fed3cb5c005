"""What is wanted of containers and of what scales: type -> role -> place -> wish. Their parts stand beside cuggu too."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from tests.remedy.wishes import Put, flip, more, part

SPOT = {"CapacityProvider": "FARGATE_SPOT", "Base": 0, "Weight": 9}

TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "ECS::Cluster": {
        "spare-tasks-cluster": {
            "ClusterSettings": lambda now, built: [{"Name": "containerInsights", "Value": "enabled"}],
            "CapacityProviders": Put("FARGATE_SPOT"),
            "DefaultCapacityProviderStrategy": lambda now, built: [
                {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1}
            ],
        }
    },
    "ECS::Service": {
        "spare-tasks": {
            "TaskDefinition": part("spare-task-2"),
            "DesiredCount": 3,
            "CapacityProviderStrategy": lambda now, built: [SPOT],
            "DeploymentConfiguration.DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
            "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp": "DISABLED",
            "LoadBalancers": lambda now, built: [],
            "EnableExecuteCommand": flip,
            "HealthCheckGracePeriodSeconds": 30,
            "EnableECSManagedTags": flip,
            "PropagateTags": "SERVICE",
        }
    },
    "AutoScaling::AutoScalingGroup": {
        "spare-group-of-machines": {
            "DesiredCapacity": "1",
            "VPCZoneIdentifier": more("private-subnet-b"),
            "LaunchTemplate.Version": "$Latest",
            "HealthCheckType": "ELB",
            "HealthCheckGracePeriod": 60,
            "TargetGroupARNs": Put(part("spare-tasks-group")),
            "NewInstancesProtectedFromScaleIn": flip,
        }
    },
    "ApplicationAutoScaling::ScalableTarget": {
        "spare-bounds": {
            "MinCapacity": 2,
            "MaxCapacity": 20,
            "SuspendedState.DynamicScalingInSuspended": True,
        }
    },
}
FOLLOWS: dict[tuple[str, str], tuple[str, ...]] = {
    ("ECS::Service", "CapacityProviderStrategy"): ("LaunchType",),
    ("AutoScaling::AutoScalingGroup", "VPCZoneIdentifier"): ("AvailabilityZones",),
    ("AutoScaling::AutoScalingGroup", "DesiredCapacity"): ("Instances",),
}


def build_containers(built: Built) -> None:
    """A cluster with a service, and a second revision of what it runs."""
    ecs = built.client("ecs")
    made = ecs.create_cluster(
        clusterName="spare",
        settings=[{"name": "containerInsights", "value": "disabled"}],
        capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategy=[],
    )["cluster"]
    built.put("spare-tasks-cluster", "spare", made["clusterArn"])
    container = {"name": "api", "image": "example.com/api:1", "memory": 512, "portMappings": [{"containerPort": 3000}]}
    for number in (1, 2):
        task = ecs.register_task_definition(
            family="spare",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{**container, "environment": [{"name": "NUMBER", "value": str(number)}]}],
        )["taskDefinition"]["taskDefinitionArn"]
        built.put(f"spare-task-{number}", task, task)
    group = built.client("elbv2").create_target_group(
        Name="spare-tasks", Protocol="HTTP", Port=3000, VpcId=built["vpc"], TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    built.put("spare-tasks-group", group, group)
    service = ecs.create_service(
        cluster="spare",
        serviceName="spare",
        taskDefinition=built["spare-task-1"],
        desiredCount=1,
        launchType="FARGATE",
        loadBalancers=[{"targetGroupArn": group, "containerName": "api", "containerPort": 3000}],
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": [built["private-subnet-a"]],
                "securityGroups": [built["spare-security-group"]],
                "assignPublicIp": "ENABLED",
            }
        },
    )["service"]["serviceArn"]
    built.put("spare-tasks", service, service)
    _build_scaling(built)


def _build_scaling(built: Built) -> None:
    """A group of machines, and bounds and policies over the service."""
    template = built.client("ec2").create_launch_template(
        LaunchTemplateName="spare",
        LaunchTemplateData={"ImageId": "ami-0c9c942bd7bf113a2", "InstanceType": "t3.micro"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    built.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="spare",
        MinSize=0,
        MaxSize=2,
        DesiredCapacity=0,
        VPCZoneIdentifier=built["private-subnet-a"],
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Default"},
    )
    built.put("spare-group-of-machines", "spare")
    scaling = built.client("application-autoscaling")
    named = {"ServiceNamespace": "ecs", "ResourceId": "service/spare/spare"}
    named["ScalableDimension"] = "ecs:service:DesiredCount"
    scaling.register_scalable_target(**named, MinCapacity=1, MaxCapacity=4)
    built.put("spare-bounds", "service/spare/spare")
    metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    steps = [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}]
    for name, policy in (
        ("TargetTrackingScaling", {"TargetValue": 80.0, "PredefinedMetricSpecification": metric}),
        ("StepScaling", {"AdjustmentType": "ChangeInCapacity", "Cooldown": 60, "StepAdjustments": steps}),
    ):
        told = {f"{name}PolicyConfiguration": policy}
        made = scaling.put_scaling_policy(PolicyName=name, PolicyType=name, **named, **told)["PolicyARN"]
        built.put("spare-steps" if name == "StepScaling" else "spare-scaling", made, made)
