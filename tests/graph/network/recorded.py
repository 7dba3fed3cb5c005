"""Networks recorded or labelled by others (../shared/truths/network), read through the resource rows like an account."""

import json
from pathlib import Path

import pytest

from auditor.aws.replay import Replay
from auditor.aws.requests import Request
from auditor.graph.build import build
from auditor.graph.network import path_needs
from auditor.resources import load
from auditor.sources.live import Place, read

TRUTHS = Path(__file__).resolve().parents[4] / "shared" / "truths" / "network"
ABSENT = f"no recorded networks: {TRUTHS} is absent"
needs_truths = pytest.mark.skipif(not TRUTHS.is_dir(), reason=ABSENT)

ACCOUNT, REGION = "554773406868", "us-east-2"
_ROUTES = {"Filters": [{"Name": "state", "Values": ["active", "blackhole"]}]}


def truth(name):
    """A file of the truths, or nothing where they are absent (the tests skip then)."""
    path = TRUTHS / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else None


HOMES = {"globalaccelerator": "us-west-2"}  # the one region that answers for it


def graph_of_calls(answers, region=REGION):
    """The graph of what the rows read out of {(service, operation, params as JSON): answer}."""
    types = load()
    replies = {
        Request.of(ACCOUNT, HOMES.get(service, region), service, operation, params): answer
        for (service, operation, params), answer in ((_key(key), value) for key, value in answers.items())
    }
    place = Place(ACCOUNT, "aws", region, (region,))
    return build(read(Replay(replies), place, path_needs(types), types), types)


def _key(key):
    service, operation, *params = key
    return service, operation, json.loads(params[0]) if params else {}


# Neither collected load balancers, distributions or accelerators; their labels are about networks that have none.
_NOTHING_IN_FRONT = {
    ("elb", "describe_load_balancers"): {},
    ("elbv2", "describe_load_balancers"): {},
    ("elbv2", "describe_target_groups"): {},
    ("cloudfront", "list_distributions"): {"DistributionList": {}},
    ("cloudfront", "list_vpc_origins"): {"VpcOriginList": {}},
    ("globalaccelerator", "list_accelerators"): {},
}


def batfish(name):
    """One of Batfish's networks: its answers as they are, those about transit tables one call a table as AWS gives them."""
    answers = {("ec2", call["op"]): call["response"] for call in truth(name)["calls"] if call["service"] == "ec2"}
    answers.update(_NOTHING_IN_FRONT)
    answers.update(_transit(answers))
    return graph_of_calls(answers)


def _transit(answers):
    """Batfish keeps static routes and propagations of all tables together, and the association with the attachment."""
    out = {}
    attached = answers.get(("ec2", "describe_transit_gateway_attachments"), {}).get("TransitGatewayAttachments", [])
    told = answers.get(("ec2", "get_transit_gateway_route_table_propagations"), {}).get(
        "TransitGatewayPropagations", []
    )
    static = answers.get(("ec2", "search_transit_gateway_routes"), {}).get("TransitGatewayStaticRoutes", [])
    for table in answers.get(("ec2", "describe_transit_gateway_route_tables"), {}).get("TransitGatewayRouteTables", []):
        name = table["TransitGatewayRouteTableId"]
        own = {"TransitGatewayRouteTableId": name}
        routes = [route for each in static if each["TransitGatewayRouteTableId"] == name for route in each["Routes"]]
        out["ec2", "search_transit_gateway_routes", json.dumps({**own, **_ROUTES})] = {"Routes": routes}
        out["ec2", "get_transit_gateway_route_table_propagations", json.dumps(own)] = next(
            {key: value for key, value in each.items() if key != "TransitGatewayRouteTableId"}
            for each in told
            if each["TransitGatewayRouteTableId"] == name
        )
        out["ec2", "get_transit_gateway_route_table_associations", json.dumps(own)] = {
            "Associations": [
                {
                    "TransitGatewayAttachmentId": each["TransitGatewayAttachmentId"],
                    "ResourceId": each["ResourceId"],
                    "ResourceType": each["ResourceType"],
                    "State": "associated",
                }
                for each in attached
                if each.get("Association", {}).get("TransitGatewayRouteTableId") == name
            ]
        }
    return out


_COLLECTED = {
    "internet_gateways": ("describe_internet_gateways", "InternetGateways"),
    "network_acls": ("describe_network_acls", "NetworkAcls"),
    "security_groups": ("describe_security_groups", "SecurityGroups"),
    "subnets": ("describe_subnets", "Subnets"),
    "vpcs": ("describe_vpcs", "Vpcs"),
}
_NONE = {
    "describe_nat_gateways": "NatGateways",
    "describe_egress_only_internet_gateways": "EgressOnlyInternetGateways",
    "describe_vpc_endpoints": "VpcEndpoints",
    "describe_addresses": "Addresses",
    "describe_managed_prefix_lists": "PrefixLists",
    "describe_vpc_peering_connections": "VpcPeeringConnections",
}


def npguard(name):
    """One of np-guard's networks. It collected no route tables and no interfaces: interfaces are told by their instances, and
    every network with an internet gateway gets a main table that leads to it."""
    found = truth(name)["collected"]
    answers = {("ec2", op): {member: found[key]} for key, (op, member) in _COLLECTED.items()}
    answers["ec2", "describe_instances"] = {"Reservations": [{"Instances": found["instances"]}]}
    interfaces = [
        {**each, "Attachment": {**each["Attachment"], "InstanceId": machine["InstanceId"]}}
        for machine in found["instances"]
        for each in machine["NetworkInterfaces"]
    ]
    answers["ec2", "describe_network_interfaces"] = {"NetworkInterfaces": interfaces}
    answers["ec2", "describe_route_tables"] = {"RouteTables": [_main(vpc, found) for vpc in found["vpcs"]]}
    answers.update({("ec2", op): {member: []} for op, member in _NONE.items()})
    answers.update(_NOTHING_IN_FRONT)
    return graph_of_calls(answers)


def _main(vpc, found):
    gateways = [
        each["InternetGatewayId"]
        for each in found["internet_gateways"]
        for to in each["Attachments"]
        if to["VpcId"] == vpc["VpcId"]
    ]
    routes = [{"DestinationCidrBlock": vpc["CidrBlock"], "GatewayId": "local", "State": "active"}]
    routes += [
        {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": f"igw-{each}", "State": "active"} for each in gateways[:1]
    ]
    return {
        "RouteTableId": f"rtb-of-{vpc['VpcId']}",
        "VpcId": vpc["VpcId"],
        "OwnerId": vpc["OwnerId"],
        "Routes": routes,
        "Associations": [{"Main": True, "RouteTableAssociationId": "a", "RouteTableId": f"rtb-of-{vpc['VpcId']}"}],
    }
