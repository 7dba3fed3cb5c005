"""A VPC link of REST APIs: the way to a network load balancer that stands in a network and need not be public."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ApiGateway::VpcLink",
    service="apigateway",
    list=Call("get_vpc_links", out="items"),
    id="id",
    arn="arn:{partition}:apigateway:{region}::/vpclinks/{id}",
    name="name",
    tags="tags",
    terraform=("aws_api_gateway_vpc_link",),
    props=(
        Prop("VpcLinkId", live="id", tf="id"),
        Prop("Name", live="name"),
        Prop("TargetArns", live="targetArns", absent="unknown", same="set"),
        Prop(
            "Status",
            live="status",
            absent="unknown",
            tf="-",
            ours="read-only attribute: `AVAILABLE` when it forwards calls",
        ),
    ),
    edges=(EdgeTo("targets", "TargetArns[]", ("AWS::ElasticLoadBalancingV2::LoadBalancer",)),),
)
