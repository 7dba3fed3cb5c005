"""A rule of a listener: which requests it takes, in what order of rules, and where it sends them.

AWS lists the listener's default action as a rule without conditions; that one belongs to the listener and is left out.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.elasticloadbalancingv2 import _code

TYPE = ResourceType(
    cfn="AWS::ElasticLoadBalancingV2::ListenerRule",
    service="elbv2",
    over="AWS::ElasticLoadBalancingV2::Listener",
    list=Call("describe_rules", {"ListenerArn": "{parent.id}"}, out="Rules[?!IsDefault]"),
    id="RuleArn",
    arn="RuleArn",
    tags="",
    terraform=("aws_lb_listener_rule", "aws_alb_listener_rule"),
    props=(
        Prop("RuleArn", tf="arn"),
        Prop("ListenerArn", live="{parent.id}"),
        Prop("Priority", kind="number", absent="unknown"),
        Prop(
            "Conditions",
            tf="condition",
            tf_read=_code.terraform_conditions,
            tidy=_code.conditions,
            default=[],
            absent="unknown",
        ),
        Prop(
            "Actions",
            tf="action",
            tf_read=_code.terraform_actions,
            tidy=_code.actions,
            default=[],
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo("part-of", "ListenerArn", ("AWS::ElasticLoadBalancingV2::Listener",)),
        EdgeTo(
            "targets",
            "Actions[].ForwardConfig.TargetGroups[]",
            ("AWS::ElasticLoadBalancingV2::TargetGroup",),
            take=_code.forwarded,
        ),
    ),
)
