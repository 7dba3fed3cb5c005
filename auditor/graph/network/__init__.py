"""Network truth: what kind a subnet is, what groups and ACLs let through, who reaches whom, over which path, or why
not.

Pure functions over the graph. Sets are exact (`boxes.Traffic`), so 0.0.0.0/0 written as two halves is still the world.
Whatever could not be read makes an answer unknown, unless what was read already decides it: a walk carries what
certainly and what possibly gets through (`walk`). A question costs the rules it meets; what a group, an ACL or a table
says is worked out once a graph.

    ground     what stands where, and its filters: addresses, route tables, kinds of subnets, groups, ACLs
    packets    from and to the Internet and between places; NAT gateways, peerings, transit gateways, VPN
    services   AWS's services by VPC endpoint; how people name the ends of a path
    doors      what answers at an address of AWS's own: APIs, buckets, cluster endpoints
    fronts     what passes requests on: load balancers, CloudFront, API Gateway
    ask        the questions; `answers` are the same as verdicts, `codes` AWS's own list of reasons

Each room stands on those above it in this list and knows none below.
"""

from auditor.graph.network.answers import flows, from_internet
from auditor.graph.network.ask import Reach, reach
from auditor.graph.network.fronts.api_integrations import invoked, unread_callers
from auditor.graph.network.fronts.origins import drawn_by, unread_by, unused
from auditor.graph.network.ground.network_acls import acl_traffic
from auditor.graph.network.ground.places import Spot, Stand, spots, stand
from auditor.graph.network.ground.route_tables import route_table, router
from auditor.graph.network.ground.security_groups import (
    admission,
    admitted,
    covers,
    is_worldly,
    listed,
    may_open,
    open_rules,
    port_services,
    worldly,
)
from auditor.graph.network.ground.subnet_kinds import Kind, subnet_kind
from auditor.graph.network.ground.words import (
    ACL,
    FRONT_NEEDS,
    GATEWAY,
    GROUP,
    NETWORK_NEEDS,
    PREFIXES,
    REASONS,
    SUBNET,
    SUBNETS,
    TABLE,
    VPC,
    Stop,
    path_needs,
)
from auditor.graph.network.services.path_ends import INTERNET, End, NoSuchEnd, end_of, free_spot, resolve

__all__ = [
    "ACL",
    "FRONT_NEEDS",
    "GATEWAY",
    "GROUP",
    "INTERNET",
    "NETWORK_NEEDS",
    "PREFIXES",
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
    "acl_traffic",
    "admission",
    "admitted",
    "covers",
    "drawn_by",
    "end_of",
    "flows",
    "free_spot",
    "from_internet",
    "invoked",
    "is_worldly",
    "listed",
    "may_open",
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
    "unread_by",
    "unread_callers",
    "unused",
    "worldly",
]
