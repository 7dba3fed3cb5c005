"""AWS's Reachability Analyzer names about ninety explanations of why a path is not reachable; these are the same
reasons here.

The list is the checklist of this engine: a code either has reasons of `words.REASONS` that say the same, or a line that
says why it cannot come up here. A test holds both tables against the published list.
"""

from __future__ import annotations

from collections.abc import Mapping

# Code -> the reasons that say the same here.
COVERED: Mapping[str, tuple[str, ...]] = {
    "BAD_STATE": ("bad-state",),
    "BAD_STATE_ATTACHMENT": ("bad-state", "not-attached"),
    "BAD_STATE_ROUTE": ("blackhole",),
    "BAD_STATE_VPN": ("bad-state",),
    "CANNOT_ROUTE": ("no-route",),
    "DISCONNECTED_VPCS": ("no-route",),
    "ELBV2_LISTENERS_MISMATCH": ("no-listener",),
    "ELBV2_LISTENER_HAS_NO_TG": ("no-target",),
    "ELBV2_LISTENER_PORT_RESTRICTION": ("no-listener",),
    "ELBV2_LISTENER_REQUIRES_TG_ACCEPT": ("answers-itself", "no-target"),
    "ELBV2_NO_TARGETS_IN_AZ": ("target-zone",),
    "ELBV2_SOURCE_ADDRESS_PRESERVATION": ("group-rules",),
    "ELB_ACL_RESTRICTION": ("acl", "acl-answer"),
    "ELB_INSTALLED_AZ_RESTRICTION": ("target-zone",),
    "ELB_LISTENERS_MISMATCH": ("no-listener",),
    "ELB_LISTENER_PORT_RESTRICTION": ("no-listener",),
    "ELB_NOT_CROSSZONE": ("target-zone",),
    "ENI_ADDRESS_RESTRICTION": ("nobody-there",),
    "ENI_SG_RULES_MISMATCH": ("group-rules",),
    "ENI_SOURCE_DEST_CHECK_RESTRICTION": ("source-dest-check",),
    "FIREWALL_RULES_RESTRICTION": ("middlebox",),
    "GWLB_DESTINATION_PORT_RESTRICTION": ("middlebox",),
    "GWLB_PROTOCOL_RESTRICTION": ("middlebox",),
    "HIGHER_PRIORITY_ROUTE": ("no-route", "blackhole"),
    "IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS": ("nobody-there",),
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS": ("private-destination",),
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS": ("private-destination",),
    "IGW_EXPECTS_PUBLIC_ADDRESS": ("nobody-there", "private-destination"),
    "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS": ("no-public-address", "internal", "not-public"),
    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS": ("no-public-address",),
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS": ("nobody-there",),
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS": ("nobody-there",),
    "INGRESS_RTB_TRAFFIC_REDIRECTION": ("middlebox",),
    "MORE_SPECIFIC_ROUTE": ("no-route", "blackhole"),
    "NGW_DEST_ADDRESS_PRESERVATION": ("nat-inward",),
    "NGW_REQUIRES_SOURCE_IN_VPC": ("peering-edge",),
    "NGW_SOURCE_ADDRESS_REASSIGN": ("group-rules",),
    "NO_PATH": ("outside",),
    "NO_POSSIBLE_DESTINATION": ("nobody-there", "outside"),
    "NO_ROUTE_TO_DESTINATION": ("no-route", "no-route-back"),
    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR": ("peering-edge",),
    "PROTOCOL_RESTRICTION": ("nat-protocol", "nat-family"),
    "REMAP_EPHEMERAL_PORT": ("acl-answer",),
    "SG_HAS_NO_RULES": ("group-rules",),
    "SG_REFERENCES_NOT_PRESERVED": ("group-reference",),
    "SG_REFERENCING_SUPPORT": ("group-reference",),
    "SUBNET_ACL_RESTRICTION": ("acl", "acl-answer"),
    "TARGET_ADDRESS_RESTRICTION": ("no-target",),
    "TARGET_PORT_RESTRICTION": ("group-rules", "acl"),
    "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION": ("transit-association",),
    "TGW_BAD_STATE_VPN": ("bad-state",),
    "TGW_ROUTE_AZ_RESTRICTION": ("transit-zone",),
    "TGW_RTB_BAD_STATE_ROUTE": ("blackhole",),
    "TGW_RTB_CANNOT_ROUTE": ("transit-route",),
    "TGW_RTB_HIGHER_PRIORITY_ROUTE": ("transit-route",),
    "TGW_RTB_MORE_SPECIFIC_ROUTE": ("transit-route", "blackhole"),
    "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT": ("transit-route",),
    "TGW_RTB_ROUTES_ARE_UNKNOWN": ("transit-route",),
    "UNASSOCIATED_COMPONENT": ("outside",),
    "UNKNOWN_DESTINATION": ("on-premises",),
    "UNKNOWN_PEERED_SGS": ("group-reference",),
    "UNKNOWN_RESOURCE": ("outside", "bad-state"),
    "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS": ("not-attached",),
    "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS": ("no-route-back",),
    "REGIONAL_NGW_ROUTE_AZ_RESTRICTION": ("nat-zone",),
    "VPC_BLOCK_PUBLIC_ACCESS_ENABLED": ("public-access-blocked",),
    "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION": ("endpoint",),
    "VPCE_GATEWAY_PROTOCOL_RESTRICTION": ("no-listener",),
    "VPC_LOCAL_ROUTE_CIDR_RESTRICTION": ("nobody-there",),
}

# Code -> why it cannot come up here.
NOT_HERE: Mapping[str, str] = {
    "COMPONENT_FILTER_RESTRICTION": "a question names two ends and no components between them",
    "COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT": "a question names two ends and no components between them",
    "FILTER_AT_DESTINATION_DESTINATION_ADDRESS": "a question has no filter besides its ends, protocol and port",
    "FILTER_AT_DESTINATION_DESTINATION_PORT_RANGE": "a question has no filter besides its ends, protocol and port",
    "FILTER_AT_DESTINATION_PROTOCOL": "a question has no filter besides its ends, protocol and port",
    "FILTER_AT_DESTINATION_SOURCE_ADDRESS": "a question has no filter besides its ends, protocol and port",
    "FILTER_AT_DESTINATION_SOURCE_PORT_RANGE": "clients may choose any port; return traffic is checked for all",
    "FILTER_AT_SOURCE_DESTINATION_ADDRESS": "a question has no filter besides its ends, protocol and port",
    "FILTER_AT_SOURCE_DESTINATION_PORT_RANGE": "a question has no filter besides its ends, protocol and port",
    "FILTER_AT_SOURCE_PROTOCOL": "a question has no filter besides its ends, protocol and port",
    "FILTER_AT_SOURCE_SOURCE_ADDRESS": "a question has no filter besides its ends, protocol and port",
    "FILTER_AT_SOURCE_SOURCE_PORT_RANGE": "clients may choose any port; return traffic is checked for all",
    "GATEWAY_REJECTS_SPOOFED_TRAFFIC": "the ends are resources and the Internet; a source address is never spoofed",
    "IGW_NAT_REFLECTION": "a limit of the Analyzer: here, public addresses of an account reach each other",
    "INGRESS_RTB_NO_PUBLIC_IP": "behind a gateway's route table the answer is always unknown",
    "NO_SOURCE_OR_DESTINATION": "a name that no resource has is refused, with similar names",
    "TGW_ATTACH_VPC_AZ_RESTRICTION": "the transit gateway is assumed to leave in the zone of the destination",
    "UNSUPPORTED_COMPONENT": "a resource outside every VPC has a reason of its own: outside",
    "VPCE_INTRA_VPC_TRAFFIC": "a path does not start at an endpoint",
    "VPCE_SERVICE_NOT_INSTALLED_IN_AZ": "the zones of endpoint services are not read",
}


def explanation_codes(reason: str) -> tuple[str, ...]:
    """The codes under which Reachability Analyzer gives a reason of ours; none for what it does not look at."""
    return tuple(code for code, reasons in COVERED.items() if reason in reasons)
