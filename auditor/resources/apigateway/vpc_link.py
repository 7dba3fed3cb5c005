"""A private way from REST APIs into a network: to network load balancers and nothing else."""

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
        Prop("TargetArns", live="targetArns", same="set", default=[]),
        Prop("Status", live="status", tf="-", ours="read-only attribute: `AVAILABLE` when it carries requests"),
    ),
    edges=(EdgeTo("targets", "TargetArns[]", ("AWS::ElasticLoadBalancingV2::LoadBalancer",)),),
)
