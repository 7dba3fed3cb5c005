"""A private way from HTTP APIs into a network: interfaces in its subnets, with groups of their own."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::VpcLink",
    service="apigatewayv2",
    list=Call("get_vpc_links", out="Items"),
    id="VpcLinkId",
    arn="arn:{partition}:apigateway:{region}::/vpclinks/{id}",
    name="Name",
    terraform=("aws_apigatewayv2_vpc_link",),
    props=(
        Prop("VpcLinkId", tf="id"),
        Prop("Name"),
        Prop("SubnetIds", same="set", default=[]),
        Prop("SecurityGroupIds", same="set", default=[]),
        Prop(
            "Status",
            live="VpcLinkStatus",
            tf="-",
            ours="read-only attribute: `AVAILABLE` when it carries requests",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
    ),
)
