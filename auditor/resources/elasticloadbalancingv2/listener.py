"""A port on which a load balancer takes connections, and where it sends those that no rule takes."""

from collections.abc import Iterator

from auditor.model import Beside, Call, EdgeTo, Prop, Resource, ResourceType, Unsaid
from auditor.resources.elasticloadbalancingv2 import _code


def _implied(listener: Resource, _: Beside) -> Iterator[tuple[str, Unsaid]]:
    """AWS chooses a policy where code names none; which one it is depends on the day and the region."""
    said = listener.properties
    if said.get("Protocol") in ("HTTPS", "TLS") and "SslPolicy" not in said and "SslPolicy" not in listener.unknown:
        yield "SslPolicy", Unsaid("AWS chooses the security policy where code names none")


TYPE = ResourceType(
    cfn="AWS::ElasticLoadBalancingV2::Listener",
    service="elbv2",
    over="AWS::ElasticLoadBalancingV2::LoadBalancer",
    list=Call("describe_listeners", {"LoadBalancerArn": "{parent.id}"}, out="Listeners"),
    id="ListenerArn",
    arn="ListenerArn",
    tags="",
    terraform=("aws_lb_listener", "aws_alb_listener"),
    implied=_implied,
    props=(
        Prop("ListenerArn", tf="arn"),
        Prop("LoadBalancerArn", absent="unknown"),
        Prop("Port", absent="not set"),
        Prop("Protocol", absent="not set"),
        Prop("SslPolicy", absent="not set"),
        Prop(
            "Certificates",
            tf="certificate_arn",
            tf_read=lambda value: [{"CertificateArn": value}],
            same="set",
            default=[],
        ),
        Prop(
            "DefaultActions",
            tf="default_action",
            tf_read=_code.terraform_actions,
            tidy=_code.actions,
            default=[],
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo("part-of", "LoadBalancerArn", ("AWS::ElasticLoadBalancingV2::LoadBalancer",)),
        EdgeTo("presents", "Certificates[].CertificateArn", ("AWS::CertificateManager::Certificate",)),
        EdgeTo(
            "targets",
            "DefaultActions[].ForwardConfig.TargetGroups[]",
            ("AWS::ElasticLoadBalancingV2::TargetGroup",),
            take=_code.forwarded,
        ),
    ),
)
