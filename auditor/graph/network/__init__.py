"""Network truth: what kind a subnet is, what groups and ACLs let through, who reaches whom, over which path, or why
not.

Pure functions over the graph. Sets are exact (`boxes.Traffic`), so 0.0.0.0/0 written as two halves is still the world.
Whatever could not be read makes an answer unknown, unless what was read already decides it: a walk carries what
certainly and what possibly gets through (`walk`). A question costs the rules it meets; what a group, an ACL or a table
says is worked out once a graph.

    words      the types, and the reasons why a path stops      places     where a thing stands: subnets, groups,
    codes      AWS's own list of reasons, and which are ours               addresses
    tables     route tables as partitions of all addresses      inward     from the Internet to a place
    kinds      public, private, isolated                        outward    from a place to the Internet
    rules      security groups                                  between    from place to place, over peerings and
    acls       network ACLs                                                transit gateways
    ask        the questions                                    ends       how people name what they ask about

    fronts     whatever stands in front of a thing              doors      things that answer at a door of AWS's own
    listeners  what a listener's rules lead to                  buckets    S3, as far as policies let out
    balancers  from a load balancer to its targets              kubernetes the two endpoints of a cluster
    distributions  CloudFront and its origins                   endpoints  AWS's services, by endpoint or without
    calls, called  APIs, and what they call                     services   which services there are
    hosts      what stands behind a name                        wan, peered  VPN connections; peered transit gateways
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
