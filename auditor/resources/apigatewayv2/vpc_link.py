"""A VPC link of HTTP APIs: interfaces of API Gateway in subnets, with security groups like any other."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::VpcLink",
    service="apigatewayv2",
    list=Call("get_vpc_links", out="Items"),
    id="VpcLinkId",
    arn="arn:{partition}:apigateway:{region}::/vpclinks/{id}",
    name="Name",
    tags="Tags",
    terraform=("aws_apigatewayv2_vpc_link",),
    props=(
        Prop("VpcLinkId", tf="id"),
        Prop("Name"),
        Prop("SubnetIds", absent="unknown", same="set"),
        Prop("SecurityGroupIds", same="set", default=[], absent="unknown"),
        Prop(
            "VpcLinkStatus",
            absent="unknown",
            tf="-",
            ours="read-only attribute: `AVAILABLE` when it forwards calls, `INACTIVE` after 60 days without traffic",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
    ),
)
