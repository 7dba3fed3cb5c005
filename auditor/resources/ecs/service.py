"""A service: how many tasks of which definition run, in which subnets, on which capacity, behind which target group.

Whatever a setter changes besides the number of tasks starts a deployment: new tasks come up and old ones go, within
the bounds of `DeploymentConfiguration`. `interrupts` is said where the new tasks can fail to come up or to be reached.
`DesiredCount` is what auto scaling moves; where a scalable target stands over the service it is no drift.
"""

from collections.abc import Mapping

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.ecs import _code
from auditor.resources.ecs._live import deployment, last, network, services, strategy
from auditor.resources.shapes import uncapitalised
from auditor.resources.terraform import within

_CFN = "AWS::ECS::Service"
_ASKED = {"cluster": "{parent.arn}", "services": ["{arn}"], "include": ["TAGS"]}
_DESCRIBE = Call("describe_services", _ASKED, out="services[0]")
_TERRAFORM_COUNT = 0  # what Terraform asks for where its code says nothing; CloudFormation asks for one


def _update(parameter: str, value: Json = "{value}", **more: Json) -> Call:
    return Call("update_service", {"cluster": "{Cluster}", "service": "{id}", parameter: value, **more})


def _count(value: Mapping[str, Json]) -> Json:
    said = value.get("desired_count")
    return _TERRAFORM_COUNT if said is None else said


TYPE = ResourceType(
    cfn=_CFN,
    service="ecs",
    list=Call("list_services", {"cluster": "{parent.arn}"}, out="serviceArns"),
    items=services,
    over="AWS::ECS::Cluster",
    id="serviceArn",
    arn="serviceArn",
    name="serviceName",
    names=("service/{parent.name}/{name}",),
    tags="",
    tags_call=Call("describe_services", _ASKED, out="services[0].tags"),
    terraform=("aws_ecs_service",),
    workload=True,
    implied=_code.called,
    props=(
        Prop("ServiceArn", live="serviceArn", tf="id"),
        Prop("ServiceName", live="serviceName", tf="name"),
        Prop("Cluster", live="clusterArn", call=_DESCRIBE, read=last, tidy=last, default="default", absent="unknown"),
        Prop(
            "TaskDefinition",
            live="taskDefinition",
            call=_DESCRIBE,
            always=True,
            set=_update("taskDefinition"),
            risk="interrupts",
        ),
        Prop(
            "DesiredCount",
            live="desiredCount",
            call=_DESCRIBE,
            tf="@",
            tf_read=_count,
            default=1,
            absent="unknown",
            set=_update("desiredCount"),
            risk="interrupts",
            note="auto scaling moves it again within its bounds",
        ),
        Prop("LaunchType", live="launchType", call=_DESCRIBE, absent="not set"),
        Prop(
            "CapacityProviderStrategy",
            live="capacityProviderStrategy",
            call=_DESCRIBE,
            read=within(_CFN, "CapacityProviderStrategy"),
            tidy=strategy,
            tf="capacity_provider_strategy",
            same="set",
            default=[],
            set=_update("capacityProviderStrategy", forceNewDeployment=True),
            write=uncapitalised,
            risk="interrupts",
            note="tasks on Spot capacity may be stopped at any time with two minutes of warning",
        ),
        Prop("PlatformVersion", live="platformVersion", call=_DESCRIBE, absent="not set"),
        Prop("SchedulingStrategy", live="schedulingStrategy", call=_DESCRIBE, default="REPLICA", absent="unknown"),
        Prop(
            "DeploymentController",
            live="deploymentController",
            call=_DESCRIBE,
            read=within(_CFN, "DeploymentController"),
            default={"Type": "ECS"},
        ),
        Prop(
            "DeploymentConfiguration",
            live="deploymentConfiguration",
            call=_DESCRIBE,
            read=within(_CFN, "DeploymentConfiguration"),
            tidy=deployment,
            tf="@",
            tf_read=_code.deployment,
            cfn_read=_code.deployment_of_daemons,
            default=deployment({}),
            absent="unknown",
            set=_update("deploymentConfiguration"),
            write=uncapitalised,
        ),
        Prop(
            "NetworkConfiguration",
            live="networkConfiguration",
            call=_DESCRIBE,
            read=within(_CFN, "NetworkConfiguration"),
            tidy=network,
            tf_read=_code.network,
            absent="not set",
            stays=True,
            set=_update("networkConfiguration", forceNewDeployment=True),
            write=uncapitalised,
            risk="interrupts",
        ),
        Prop(
            "LoadBalancers",
            live="loadBalancers",
            call=_DESCRIBE,
            read=within(_CFN, "LoadBalancers"),
            tf="load_balancer",
            same="set",
            default=[],
            absent="unknown",
            set=_update("loadBalancers"),
            write=uncapitalised,
            risk="interrupts",
        ),
        Prop(
            "ServiceRegistries",
            live="serviceRegistries",
            call=_DESCRIBE,
            read=within(_CFN, "ServiceRegistries"),
            tf="service_registries",
            default=[],
            absent="unknown",
        ),
        Prop(
            "EnableExecuteCommand",
            live="enableExecuteCommand",
            call=_DESCRIBE,
            default=False,
            absent="unknown",
            set=_update("enableExecuteCommand"),
            note="tasks that run already keep what they were started with",
        ),
        Prop(
            "HealthCheckGracePeriodSeconds",
            live="healthCheckGracePeriodSeconds",
            call=_DESCRIBE,
            default=0,
            set=_update("healthCheckGracePeriodSeconds"),
        ),
        Prop(
            "EnableECSManagedTags",
            live="enableECSManagedTags",
            call=_DESCRIBE,
            tf="enable_ecs_managed_tags",
            default=False,
            absent="unknown",
            set=_update("enableECSManagedTags"),
        ),
        Prop("PropagateTags", live="propagateTags", call=_DESCRIBE, default="NONE", set=_update("propagateTags")),
        Prop("Role", live="roleArn", call=_DESCRIBE, tf="iam_role", absent="not set"),
    ),
    edges=(
        EdgeTo("part-of", "Cluster", ("AWS::ECS::Cluster",)),
        EdgeTo("runs", "TaskDefinition", ("AWS::ECS::TaskDefinition",)),
        EdgeTo("placed-in", "NetworkConfiguration.AwsvpcConfiguration.Subnets[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("targets", "LoadBalancers[].TargetGroupArn", ("AWS::ElasticLoadBalancingV2::TargetGroup",), back=True),
        EdgeTo("targets", "LoadBalancers[].LoadBalancerName", ("AWS::ElasticLoadBalancing::LoadBalancer",), back=True),
        EdgeTo("mentions", "Role", ("AWS::IAM::Role",)),
    ),
)
