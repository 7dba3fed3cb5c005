"""That a subnet uses a route table: the answer that lists the tables holds it, so it costs no call.

The edge `subnet routed-by table` is declared once, on the table; here stand the two ends for those who cite
the association itself. Main associations are left out: they name a network and no subnet.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EC2::SubnetRouteTableAssociation",
    service="ec2",
    list=Call("describe_route_tables", out="RouteTables[].Associations[?SubnetId][]"),
    id="RouteTableAssociationId",
    tags="",
    terraform=("aws_route_table_association",),
    props=(
        Prop("Id", live="RouteTableAssociationId"),
        Prop("RouteTableId", absent="unknown"),
        Prop("SubnetId", absent="unknown"),
    ),
    edges=(
        EdgeTo("part-of", "RouteTableId", ("AWS::EC2::RouteTable",)),
        EdgeTo("attached-to", "SubnetId", ("AWS::EC2::Subnet",)),
    ),
)
