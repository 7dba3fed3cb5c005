"""A web ACL: the rules that a request passes before it gets to a distribution, a load balancer or an API.

The list tells those of one scope: the regional ones of a region, and those of CloudFront in us-east-1, a second
list. What it guards and where it logs are types of their own in code and parts of it here: AWS asks for both by the web
ACL. Load balancers are asked for; a stage of API Gateway and a distribution tell their web ACL themselves.

It has no setter: AWS takes a web ACL whole, and which rule may go is for a person to decide.
"""

from __future__ import annotations

from auditor.model import ABSENT, Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.terraform import listed, within
from auditor.resources.wafv2._code import action, logging, rules_of_terraform
from auditor.resources.wafv2._live import logged, rules, scoped

_CFN = "AWS::WAFv2::WebACL"
_NAMED = {"Name": "{raw.Name}", "Scope": "{raw.Scope}", "Id": "{raw.Id}"}
_GET = Call("get_web_acl", _NAMED, out="WebACL")
_ASSOCIATION, _LOGGING = "aws_wafv2_web_acl_association", "aws_wafv2_web_acl_logging_configuration"

TYPE = ResourceType(
    cfn=_CFN,
    service="wafv2",
    list=Call("list_web_acls", {"Scope": "REGIONAL"}, out="WebACLs"),
    list_global=Call("list_web_acls", {"Scope": "CLOUDFRONT"}, out="WebACLs"),
    items=scoped,
    id="{raw.Name}|{raw.Id}|{raw.Scope}",
    arn="ARN",
    name="Name",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceARN": "{arn}"}, out="TagInfoForResource.TagList"),
    terraform=("aws_wafv2_web_acl",),
    folds=("AWS::WAFv2::WebACLAssociation", "AWS::WAFv2::LoggingConfiguration", _ASSOCIATION, _LOGGING),
    joins=(
        Join("AWS::WAFv2::WebACLAssociation", "WebACLArn", "ResourceArns", listed("ResourceArn")),
        Join(_ASSOCIATION, "web_acl_arn", "ResourceArns", listed("resource_arn")),
        Join("AWS::WAFv2::LoggingConfiguration", "ResourceArn", "LoggingConfiguration", logged),
        Join(_LOGGING, "resource_arn", "LoggingConfiguration", logging),
    ),
    props=(
        Prop("Arn", live="ARN", tf="arn"),
        Prop("Id", absent="unknown"),
        Prop("Name"),
        Prop("Scope", absent="unknown"),
        Prop("Description", read=lambda value: value or ABSENT, absent="not set"),
        Prop(
            "DefaultAction",
            call=_GET,
            live="DefaultAction",
            tf_read=action,
            always=True,
        ),
        Prop(
            "Rules",
            call=_GET,
            live="Rules",
            read=rules,
            tidy=rules,
            tf="rule",
            tf_read=rules_of_terraform,
            default=[],
            absent="unknown",
        ),
        Prop(
            "VisibilityConfig",
            call=_GET,
            live="VisibilityConfig",
            tf_read=within(_CFN, "VisibilityConfig", cloudwatch_metrics_enabled="CloudWatchMetricsEnabled"),
            always=True,
        ),
        Prop(
            "ResourceArns",
            call=Call(
                "list_resources_for_web_acl",
                {"WebACLArn": "{arn}", "ResourceType": "APPLICATION_LOAD_BALANCER"},
                out="ResourceArns",
                absent=("WAFInvalidParameterException",),  # of one for CloudFront: distributions name it themselves
            ),
            tf="-",
            same="set",
            default=[],
            ours="what AWS::WAFv2::WebACLAssociation says, which is a part of the web ACL here",
        ),
        Prop(
            "LoggingConfiguration",
            call=Call(
                "get_logging_configuration",
                {"ResourceArn": "{arn}"},
                out="LoggingConfiguration",
                absent=("WAFNonexistentItemException",),
            ),
            read=logged,
            tf="-",
            absent="not set",
            ours="what AWS::WAFv2::LoggingConfiguration says, which is a part of the web ACL here",
        ),
    ),
    edges=(
        EdgeTo(
            "guarded-by",
            "ResourceArns[]",
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ApiGateway::Stage"),
            back=True,
        ),
        EdgeTo("logs-to", "LoggingConfiguration.LogDestinationConfigs[]", ("AWS::Logs::LogGroup", "AWS::S3::Bucket")),
        EdgeTo("applies", "Rules[].Statement.IPSetReferenceStatement.Arn", ("AWS::WAFv2::IPSet",)),
    ),
)
