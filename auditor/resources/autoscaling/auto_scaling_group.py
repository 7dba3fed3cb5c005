"""A group of instances that are made alike and replaced when they fail.

What its instances are made of stands in its launch template. `DesiredCapacity` is what scaling moves within the bounds;
where a policy stands over the group it is no drift. Changing the template touches no instance that runs: new
ones are made otherwise.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.autoscaling._live import grace, joined, metrics, metrics_in_code, mixed, subnets, template, zones


def _update(parameter: str) -> Call:
    return Call("update_auto_scaling_group", {"AutoScalingGroupName": "{id}", parameter: "{value}"})


TYPE = ResourceType(
    cfn="AWS::AutoScaling::AutoScalingGroup",
    service="autoscaling",
    list=Call("describe_auto_scaling_groups", out="AutoScalingGroups"),
    id="AutoScalingGroupName",
    arn="AutoScalingGroupARN",
    name="AutoScalingGroupName",
    terraform=("aws_autoscaling_group",),
    workload=True,
    implied=zones,
    props=(
        Prop("AutoScalingGroupName", tf="name"),
        Prop("AutoScalingGroupARN", tf="arn"),
        # A bound moves the number of instances where that lies beyond it; putting the bound back does not: no undo.
        Prop("MinSize", kind="text", always=True),
        Prop("MaxSize", kind="text", always=True),
        Prop(
            "DesiredCapacity",
            kind="text",
            always=True,
            set=_update("DesiredCapacity"),
            risk="interrupts",
            note="scaling moves it again within its bounds",
        ),
        Prop(
            "VPCZoneIdentifier",
            read=subnets,
            tidy=subnets,
            write=joined,
            tf="vpc_zone_identifier",
            same="set",
            absent="not set",
            stays=True,
            set=_update("VPCZoneIdentifier"),
            risk="interrupts",
        ),
        Prop("AvailabilityZones", same="set", absent="unknown"),
        Prop(
            "LaunchTemplate",
            read=template,
            tidy=template,
            absent="not set",
            stays=True,
            set=_update("LaunchTemplate"),
            risk="interrupts",
            note="instances that run already stay as they are until they are replaced",
        ),
        Prop("LaunchConfigurationName", tf="launch_configuration", absent="not set"),
        Prop("MixedInstancesPolicy", read=mixed, absent="not set"),
        Prop("HealthCheckType", default="EC2", absent="unknown", set=_update("HealthCheckType"), risk="interrupts"),
        Prop(
            "HealthCheckGracePeriod",
            tf="@",
            tf_read=grace,
            default=0,
            absent="unknown",
            set=_update("HealthCheckGracePeriod"),
        ),
        Prop("Cooldown", live="DefaultCooldown", tf="default_cooldown", kind="text", default="300", absent="unknown"),
        Prop(
            "TargetGroupARNs",
            tf="target_group_arns",
            same="set",
            default=[],
            absent="unknown",
            add=Call(
                "attach_load_balancer_target_groups", {"AutoScalingGroupName": "{id}", "TargetGroupARNs": ["{element}"]}
            ),
            remove=Call(
                "detach_load_balancer_target_groups", {"AutoScalingGroupName": "{id}", "TargetGroupARNs": ["{element}"]}
            ),
            risk="interrupts",
        ),
        Prop("LoadBalancerNames", tf="load_balancers", same="set", default=[], absent="unknown"),
        Prop("TerminationPolicies", default=["Default"], absent="unknown"),
        Prop(
            "NewInstancesProtectedFromScaleIn",
            tf="protect_from_scale_in",
            default=False,
            absent="unknown",
            set=_update("NewInstancesProtectedFromScaleIn"),
        ),
        Prop("CapacityRebalance", default=False),
        Prop("MaxInstanceLifetime", default=0),
        Prop(
            "MetricsCollection",
            live="EnabledMetrics",
            read=metrics,
            tf="@",
            tf_read=metrics_in_code,
            absent="not set",
        ),
        Prop("ServiceLinkedRoleARN", tf="service_linked_role_arn", absent="unknown"),
        Prop(
            "Instances",
            live="Instances[].InstanceId",
            same="set",
            tf="-",
            absent="unknown",
            ours="read-only attribute: the instances that it runs now",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "VPCZoneIdentifier[]", ("AWS::EC2::Subnet",)),
        EdgeTo("applies", "LaunchTemplate.LaunchTemplateId", ("AWS::EC2::LaunchTemplate",)),
        EdgeTo("applies", "LaunchTemplate.LaunchTemplateName", ("AWS::EC2::LaunchTemplate",)),
        EdgeTo(
            "applies",
            "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
            ("AWS::EC2::LaunchTemplate",),
        ),
        EdgeTo(
            "applies",
            "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateName",
            ("AWS::EC2::LaunchTemplate",),
        ),
        EdgeTo("targets", "LoadBalancerNames[]", ("AWS::ElasticLoadBalancing::LoadBalancer",), back=True),
        EdgeTo("targets", "TargetGroupARNs[]", ("AWS::ElasticLoadBalancingV2::TargetGroup",), back=True),
        EdgeTo("mentions", "ServiceLinkedRoleARN", ("AWS::IAM::Role",)),
        EdgeTo("part-of", "Instances[]", ("AWS::EC2::Instance",), back=True),
    ),
)
