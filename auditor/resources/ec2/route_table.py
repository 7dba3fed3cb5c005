"""A route table with its routes and associations, all of which DescribeRouteTables tells at once.

Routes are elements of `Routes` and no resources of their own: a route has no id, AWS adds local and propagated
ones by itself, and every question about reach asks for the whole table. The table also carries both ways in
which subnets come to it: explicitly (`SubnetIds`) and, as the network's main table (`MainOf`), for subnets that
name none.
"""

from collections.abc import Iterator

from auditor.model import Beside, Call, EdgeTo, Join, Json, Prop, Resource, ResourceType
from auditor.resources.ec2._code import TABLE_JOINS, terraform_routes
from auditor.resources.ec2._live import ROUTE_ENDS, ROUTE_TARGETS, one_route, routes


def _members(*names: str) -> dict[str, str]:
    return {name: f"{{element.{name}?}}" for name in names}


def _implied(table: Resource, beside: Beside) -> Iterator[tuple[str, Json]]:
    """Routes of code are made by a call and alive once they are made; the routes inside the network come by themselves.

    A network that stands elsewhere does not tell its addresses here, and then its own routes are left to the reader.
    """
    if "Routes" in table.unknown:
        return
    said = [{"Origin": "CreateRoute", "State": "active", **each} for each in table.properties.get("Routes", [])]
    local = {"GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}
    blocks = [
        cidr
        for vpc in beside.get("AWS::EC2::VPC", ())
        if vpc.id == table.properties.get("VpcId")
        for cidr in (vpc.properties.get("CidrBlock"), *vpc.properties.get("CidrBlocks", ()))
        if isinstance(cidr, str) and "${" not in cidr
    ]
    taken = {each.get("DestinationCidrBlock") for each in said}
    inside = [{"DestinationCidrBlock": cidr, **local} for cidr in dict.fromkeys(blocks) if cidr not in taken]
    yield "Routes", [*said, *inside]


TYPE = ResourceType(
    cfn="AWS::EC2::RouteTable",
    service="ec2",
    list=Call("describe_route_tables", out="RouteTables"),
    id="RouteTableId",
    arn="arn:{partition}:ec2:{region}:{raw.OwnerId}:route-table/{id}",
    terraform=("aws_route_table", "aws_default_route_table"),
    folds=("AWS::EC2::Route", "aws_route", "aws_main_route_table_association"),
    joins=(
        *TABLE_JOINS,
        Join("AWS::EC2::Route", "RouteTableId", "Routes", one_route),
        Join("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", "SubnetIds", lambda fold: [fold.get("SubnetId")]),
        Join(
            "AWS::EC2::GatewayRouteTableAssociation", "RouteTableId", "GatewayIds", lambda fold: [fold.get("GatewayId")]
        ),
        Join("aws_main_route_table_association", "route_table_id", "MainOf", lambda fold: fold.get("vpc_id")),
    ),
    implied=_implied,
    aws_made="Associations[?Main]",
    props=(
        Prop("RouteTableId", tf="id"),
        Prop("VpcId", absent="unknown"),
        Prop(
            "Routes",
            tf="route",
            tf_read=terraform_routes,
            read=routes,
            same="set",
            default=[],
            absent="unknown",
            add=Call("create_route", {"RouteTableId": "{id}", **_members(*ROUTE_ENDS, *ROUTE_TARGETS)}),
            remove=Call("delete_route", {"RouteTableId": "{id}", **_members(*ROUTE_ENDS)}),
            risk="interrupts",
            ours="CloudFormation has a resource for each route; here they are elements of their table",
        ),
        Prop(
            "SubnetIds",
            live="Associations[].SubnetId",
            tf="-",
            same="set",
            default=[],
            absent="unknown",
            ours="the far end of SubnetRouteTableAssociation, where routing questions look for it",
        ),
        Prop(
            "GatewayIds",
            live="Associations[].GatewayId",
            tf="-",
            same="set",
            default=[],
            absent="unknown",
            ours="the far end of GatewayRouteTableAssociation: gateways whose inbound traffic it routes",
        ),
        Prop(
            "MainOf",
            live="(Associations[?Main] | [0]) && VpcId",
            absent="not set",
            tf="-",
            ours="the network whose subnets use this table when they name none; no template can say it",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("routed-by", "SubnetIds[]", ("AWS::EC2::Subnet",), back=True),
        EdgeTo("routed-by", "GatewayIds[]", ("AWS::EC2::InternetGateway", "AWS::EC2::VPNGateway"), back=True),
        EdgeTo("routed-by", "MainOf", ("AWS::EC2::VPC",), back=True),
        EdgeTo("routes-to", "Routes[].GatewayId", ("AWS::EC2::InternetGateway",)),
        EdgeTo("routes-to", "Routes[].NatGatewayId", ("AWS::EC2::NatGateway",)),
        EdgeTo("routes-to", "Routes[].EgressOnlyInternetGatewayId", ("AWS::EC2::EgressOnlyInternetGateway",)),
        EdgeTo("routes-to", "Routes[].VpcEndpointId", ("AWS::EC2::VPCEndpoint",)),
        # Code refers to the first interface of an instance by the instance.
        EdgeTo("routes-to", "Routes[].NetworkInterfaceId", ("AWS::EC2::NetworkInterface", "AWS::EC2::Instance")),
        EdgeTo("routes-to", "Routes[].InstanceId", ("AWS::EC2::Instance",)),
        EdgeTo("mentions", "Routes[].DestinationPrefixListId", ("AWS::EC2::PrefixList",)),
    ),
)
