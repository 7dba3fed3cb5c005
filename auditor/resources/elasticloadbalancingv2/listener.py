"""A port on which a load balancer takes connections, and where it sends those that no rule takes."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ElasticLoadBalancingV2::Listener",
    service="elbv2",
    over="AWS::ElasticLoadBalancingV2::LoadBalancer",
    list=Call("describe_listeners", {"LoadBalancerArn": "{parent.id}"}, out="Listeners"),
    id="ListenerArn",
    arn="ListenerArn",
    tags="",
    terraform=("aws_lb_listener",),
    props=(
        Prop("ListenerArn", tf="arn"),
        Prop("LoadBalancerArn"),
        Prop("Port"),
        Prop("Protocol"),
        Prop("SslPolicy"),
        Prop("Certificates", tf="-", same="set", default=[]),
        Prop("DefaultActions", tf="-", default=[]),
    ),
    edges=(
        EdgeTo("part-of", "LoadBalancerArn", ("AWS::ElasticLoadBalancingV2::LoadBalancer",)),
        EdgeTo("presents", "Certificates[].CertificateArn", ("AWS::CertificateManager::Certificate",)),
        EdgeTo("targets", "DefaultActions[].TargetGroupArn", ("AWS::ElasticLoadBalancingV2::TargetGroup",)),
    ),
)
