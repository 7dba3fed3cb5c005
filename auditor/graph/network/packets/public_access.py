"""VPC Block Public Access: a switch of the account and region, with exclusions, above all routes to internet gateways.

AWS tells what it comes to for each network and subnet. `block-bidirectional` lets nothing through internet gateways and
egress-only ones; `block-ingress` lets through what NAT gateways and egress-only gateways carry, which open connections
outwards only.
"""

from __future__ import annotations

from auditor.graph.build import Graph
from auditor.graph.network.ground.index import net, network_of
from auditor.graph.network.ground.owners import left_to_aws
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.walk import Walk
from auditor.model import ABSENT, Hidden, Resource, Value

_PASSED = {"block-ingress": True, "block-bidirectional": False}  # whether what only opens connections outwards passes


def past_block(graph: Graph, walk: Walk, subnet: Resource, outwards_only: bool = False) -> Walk:
    """What of a walk passes between an internet gateway and a subnet; `outwards_only` is what a NAT gateway or an
    egress-only gateway carries.
    """
    mode = _mode(graph, subnet)
    if isinstance(mode, Hidden):
        words = f"whether VPC Block Public Access applies to {subnet.label}"
        stop = Stop.at(subnet, "public-access-blocked", words)
        return walk if left_to_aws(mode) else walk.blur(stop, (mode.gap,))
    if mode is ABSENT or mode == "off" or (outwards_only and _PASSED.get(str(mode), False)):
        return walk
    words = f"VPC Block Public Access ({mode}) applies to {subnet.label}"
    return walk.end(Stop.at(subnet, "public-access-blocked", words))


def _mode(graph: Graph, subnet: Resource) -> Value:
    """A subnet's own state counts the exclusions of its network; that of the network is asked where it says nothing."""
    mode = subnet.at("InternetGatewayBlockMode")
    network = network_of(net(graph), subnet)
    if mode is ABSENT and network is not None:
        return network.at("InternetGatewayBlockMode")
    return mode
