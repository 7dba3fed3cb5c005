"""Network truth: what kind a subnet is, what groups and ACLs let through, who reaches whom, over which path, or why
not.

Pure functions over the graph. Sets are exact (`boxes.Traffic`), so 0.0.0.0/0 written as two halves is still the
world. Whatever
could not be read makes an answer unknown, unless what was read already decides it: a walk carries what certainly
and what
possibly gets through (`walk`). A question costs the rules it meets; what a group, an ACL or a table says is worked
out once a graph.

    words     the types, the reasons why a path stops          places    where a resource stands: subnets, groups,
    addresses
    tables    route tables as partitions of all addresses      inward    from the Internet to a place
    kinds     public, private, isolated                        outward   from a place to the Internet
    rules     security groups        acls   network ACLs       between   from place to place, over peering and
    transit gateways
    ask       the questions          ends   how people name    balancers load balancers in front
    apis      from where an API can be called, and who is asked (methods); what it calls is `behind` it
    clusters  the two doors of a Kubernetes cluster            policies the addresses that a policy admits
    seen      under which address a place inside is seen outside
"""

from auditor.graph.network.acls import acl_of, acl_traffic
from auditor.graph.network.answers import flows, from_internet
from auditor.graph.network.ask import Reach, reach
from auditor.graph.network.ends import INTERNET, End, NoSuchEnd, end_of, free_spot, resolve
from auditor.graph.network.kinds import Kind, subnet_kind, zone_kind
from auditor.graph.network.places import Spot, Stand, spots, stand
from auditor.graph.network.rules import admission, admitted, covers, open_rules, port_services, worldly
from auditor.graph.network.tables import route_table, router
from auditor.graph.network.words import (
    ACL,
    GATEWAY,
    GROUP,
    NETWORK_NEEDS,
    REASONS,
    SUBNET,
    SUBNETS,
    TABLE,
    VPC,
    Stop,
    path_needs,
)

__all__ = [
    "ACL",
    "GATEWAY",
    "GROUP",
    "INTERNET",
    "NETWORK_NEEDS",
    "REASONS",
    "SUBNET",
    "SUBNETS",
    "TABLE",
    "VPC",
    "End",
    "Kind",
    "NoSuchEnd",
    "Reach",
    "Spot",
    "Stand",
    "Stop",
    "acl_of",
    "acl_traffic",
    "admission",
    "admitted",
    "covers",
    "end_of",
    "flows",
    "free_spot",
    "from_internet",
    "open_rules",
    "path_needs",
    "port_services",
    "reach",
    "resolve",
    "route_table",
    "router",
    "spots",
    "stand",
    "subnet_kind",
    "worldly",
    "zone_kind",
]
