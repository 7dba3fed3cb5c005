"""A route table of a transit gateway, with whom it routes (associations), who tells it routes (propagations), and
the routes.

As with the tables of networks, all three are elements: none has an id of its own, and a question needs them together.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.ec2._code_transit_gateways import TABLE_JOINS, implied
from auditor.resources.ec2._live import elements

_TABLE = {"TransitGatewayRouteTableId": "{id}"}

TYPE = ResourceType(
    cfn="AWS::EC2::TransitGatewayRouteTable",
    service="ec2",
    list=Call("describe_transit_gateway_route_tables", out="TransitGatewayRouteTables[?State=='available']"),
    id="TransitGatewayRouteTableId",
    arn="arn:{partition}:ec2:{region}:{account}:transit-gateway-route-table/{id}",
    terraform=("aws_ec2_transit_gateway_route_table",),
    folds=(
        "AWS::EC2::TransitGatewayRoute",
        "AWS::EC2::TransitGatewayRouteTableAssociation",
        "AWS::EC2::TransitGatewayRouteTablePropagation",
        "aws_ec2_transit_gateway_route",
        "aws_ec2_transit_gateway_route_table_association",
        "aws_ec2_transit_gateway_route_table_propagation",
    ),
    joins=TABLE_JOINS,
    implied=implied,
    props=(
        Prop("TransitGatewayRouteTableId", tf="id"),
        Prop("TransitGatewayId", absent="unknown"),
        Prop(
            "Routes",
            live="Routes",
            call=Call(
                "search_transit_gateway_routes",
                {**_TABLE, "Filters": [{"Name": "state", "Values": ["active", "blackhole"]}]},
            ),
            more="AdditionalRoutesAvailable",  # over a thousand, and an SDK that cannot ask for the next page
            tf="-",
            read=elements,
            same="set",
            default=[],
            absent="unknown",
            ours="CloudFormation has a resource for each static route; propagated ones follow from the networks",
        ),
        Prop(
            "Associations",
            live="Associations",
            call=Call("get_transit_gateway_route_table_associations", _TABLE),
            tf="-",
            read=elements,
            same="set",
            default=[],
            absent="unknown",
            ours="CloudFormation says it in a TransitGatewayRouteTableAssociation",
        ),
        Prop(
            "Propagations",
            live="TransitGatewayRouteTablePropagations",
            call=Call("get_transit_gateway_route_table_propagations", _TABLE),
            tf="-",
            read=elements,
            same="set",
            default=[],
            absent="unknown",
            ours="CloudFormation says it in a TransitGatewayRouteTablePropagation",
        ),
    ),
    edges=(
        EdgeTo("part-of", "TransitGatewayId", ("AWS::EC2::TransitGateway",)),
        EdgeTo(
            "routed-by", "Associations[].TransitGatewayAttachmentId", ("AWS::EC2::TransitGatewayAttachment",), back=True
        ),
        EdgeTo(
            "routes-to",
            "Routes[].TransitGatewayAttachments[].TransitGatewayAttachmentId",
            ("AWS::EC2::TransitGatewayAttachment",),
        ),
        EdgeTo("routes-to", "Propagations[].TransitGatewayAttachmentId", ("AWS::EC2::TransitGatewayAttachment",)),
    ),
)
