"""Tables of transit gateways in code: what stands in resources of its own, and what AWS adds to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from auditor.model import Beside, Join, Json, Resource, Unsaid
from auditor.resources.ec2._live import cidr
from auditor.resources.shapes import decided

_ELSEWHERE = "what an attachment outside this code attaches is known only to AWS"
_OWNER = ("TransitGatewayRouteTableId", "transit_gateway_route_table_id")
_ATTACHMENT = ("TransitGatewayAttachmentId", "transit_gateway_attachment_id")


def _static(name: str, destination: str, dead: str) -> Callable[[Mapping[str, Json]], Json]:
    """A route that a fold declares, by the names of its language."""

    def read(fold: Mapping[str, Json]) -> list[dict[str, Json]]:
        route = {"DestinationCidrBlock": cidr(fold.get(destination)), "Type": "static"}
        if decided(fold.get(dead)) is True:
            return [{**route, "State": "blackhole"}]
        return [{**route, "State": "active", "TransitGatewayAttachments": [{_ATTACHMENT[0]: fold.get(name)}]}]

    return read


def _with(name: str, state: str) -> Callable[[Mapping[str, Json]], Json]:
    return lambda fold: [{_ATTACHMENT[0]: fold.get(name), "State": state}]


def _both(said: str, cfn: str, terraform: str, state: str) -> Iterator[Join]:
    for fold, owner, name in zip((cfn, terraform), _OWNER, _ATTACHMENT, strict=True):
        yield Join(fold, owner, said, _with(name, state))


TABLE_JOINS = (
    Join(
        "AWS::EC2::TransitGatewayRoute",
        _OWNER[0],
        "Routes",
        _static(_ATTACHMENT[0], "DestinationCidrBlock", "Blackhole"),
    ),
    Join(
        "aws_ec2_transit_gateway_route",
        _OWNER[1],
        "Routes",
        _static(_ATTACHMENT[1], "destination_cidr_block", "blackhole"),
    ),
    *_both(
        "Associations",
        "AWS::EC2::TransitGatewayRouteTableAssociation",
        "aws_ec2_transit_gateway_route_table_association",
        "associated",
    ),
    *_both(
        "Propagations",
        "AWS::EC2::TransitGatewayRouteTablePropagation",
        "aws_ec2_transit_gateway_route_table_propagation",
        "enabled",
    ),
)


def implied(table: Resource, beside: Beside) -> Iterator[tuple[str, Json | Unsaid]]:
    """What stands behind each attachment, and the routes that networks propagate: their addresses.

    An attachment of this code is a network's. What any other attaches, and so what it propagates, only AWS knows.
    """
    networks = {each.id: each.properties.get("VpcId") for each in beside.get("AWS::EC2::TransitGatewayAttachment", ())}
    said = {
        name: [_full(each, networks) for each in table.properties.get(name, ())]
        for name in ("Associations", "Propagations")
        if name not in table.unknown
    }
    for name, found in said.items():
        yield name, found
        if any("ResourceId" not in each for each in found):
            yield f"{name}[].ResourceId", Unsaid(_ELSEWHERE)
    if "Propagations" in table.unknown:
        yield "Routes", Unsaid(table.unknown["Propagations"].message)
    elif "Routes" not in table.unknown:
        static = [_led(each, networks) for each in table.properties.get("Routes", ())]
        yield "Routes", _with_propagated(static, said["Propagations"], beside)


def _full(element: Mapping[str, Json], networks: Mapping[str, Json]) -> dict[str, Json]:
    """An element with what its attachment attaches, where this code says it."""
    network = networks.get(str(element.get(_ATTACHMENT[0])))
    return {**element, "ResourceId": network, "ResourceType": "vpc"} if network else dict(element)


def _led(route: Mapping[str, Json], networks: Mapping[str, Json]) -> dict[str, Json]:
    to = [_full(each, networks) for each in route.get("TransitGatewayAttachments", ())]
    return {**route, "TransitGatewayAttachments": to} if to else dict(route)


def _with_propagated(
    static: list[dict[str, Json]], propagations: list[dict[str, Json]], beside: Beside
) -> Json | Unsaid:
    """Routes with those that attached networks tell; a static route stands before one to the same addresses."""
    blocks = {each.id: _blocks(each) for each in beside.get("AWS::EC2::VPC", ())}
    taken = {each.get("DestinationCidrBlock") for each in static}
    out = list(static)
    for each in propagations:
        behind = blocks.get(str(each.get("ResourceId")))
        if behind is None:
            return Unsaid(f"{each.get(_ATTACHMENT[0])} propagates routes that only AWS knows")
        to = {name: each[name] for name in (_ATTACHMENT[0], "ResourceId", "ResourceType")}
        route = {"State": "active", "TransitGatewayAttachments": [to], "Type": "propagated"}
        out += [{"DestinationCidrBlock": text, **route} for text in behind if text not in taken]
    return out


def _blocks(vpc: Resource) -> list[Json] | None:
    """The addresses of a network, where code gives all of them as they stand."""
    found = [vpc.properties.get("CidrBlock"), *vpc.properties.get("CidrBlocks", ())]
    return list(dict.fromkeys(found)) if all(isinstance(each, str) and "${" not in each for each in found) else None
