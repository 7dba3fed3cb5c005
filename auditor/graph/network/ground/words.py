"""The types that the network engine looks at, what it needs of them, and the reasons for which a path stops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from auditor.model import Demand, ResourceType

SUBNET, TABLE, GROUP = "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup"
ACL, VPC = "AWS::EC2::NetworkAcl", "AWS::EC2::VPC"
# Lists of subnets under a name, in which a service places what it runs.
SUBNETS = ("AWS::RDS::DBSubnetGroup", "AWS::ElastiCache::SubnetGroup")
GATEWAY, NAT, EGRESS_ONLY = "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EgressOnlyInternetGateway"
INTERFACE, INSTANCE, PREFIXES = "AWS::EC2::NetworkInterface", "AWS::EC2::Instance", "AWS::EC2::PrefixList"
ENDPOINT, ADDRESS, PEERING = "AWS::EC2::VPCEndpoint", "AWS::EC2::EIP", "AWS::EC2::VPCPeeringConnection"
TRANSIT, ATTACHMENT = "AWS::EC2::TransitGateway", "AWS::EC2::TransitGatewayAttachment"
TRANSIT_TABLE, VPN = "AWS::EC2::TransitGatewayRouteTable", "AWS::EC2::VPNGateway"
BALANCER, LISTENER = "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::Listener"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
BALANCERS = (BALANCER, CLASSIC)
ACCELERATOR, ENDPOINT_GROUP = "AWS::GlobalAccelerator::Accelerator", "AWS::GlobalAccelerator::EndpointGroup"
ACCELERATOR_LISTENER = "AWS::GlobalAccelerator::Listener"
TARGETS, RULE = "AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancingV2::ListenerRule"
TRANSIT_PEERING, CUSTOMER = "AWS::EC2::TransitGatewayPeeringAttachment", "AWS::EC2::CustomerGateway"
VPN_CONNECTION = "AWS::EC2::VPNConnection"
DISTRIBUTION, VPC_ORIGIN = "AWS::CloudFront::Distribution", "AWS::CloudFront::VpcOrigin"
IDENTITY = "AWS::CloudFront::CloudFrontOriginAccessIdentity"
REST_API, HTTP_API = "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"
CLUSTER, PERMISSION = "AWS::EKS::Cluster", "AWS::Lambda::Permission"
METHOD, REST_STAGE, REST_LINK = "AWS::ApiGateway::Method", "AWS::ApiGateway::Stage", "AWS::ApiGateway::VpcLink"
ROUTE, HTTP_STAGE, HTTP_LINK = "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::VpcLink"
INTEGRATION = "AWS::ApiGatewayV2::Integration"
BUCKET, BUCKET_POLICY, RECORD = "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::Route53::RecordSet"
PROXY = "AWS::RDS::DBProxy"
FUNCTION, FUNCTION_URL, DATABASE = "AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::RDS::DBInstance"
TASKS = "AWS::ECS::Service"
NODES, LAUNCH_TEMPLATE = "AWS::EKS::Nodegroup", "AWS::EC2::LaunchTemplate"

# What the questions of rules and baselines read. A route that leads further (peering, transit) makes them unknown.
NETWORK_NEEDS = {
    VPC: ("VpcId", "InternetGatewayBlockMode"),
    SUBNET: ("VpcId", "CidrBlock", "Ipv6CidrBlock", "AvailabilityZone", "InternetGatewayBlockMode"),
    TABLE: ("VpcId", "Routes", "SubnetIds", "MainOf"),
    GROUP: ("VpcId", "SecurityGroupIngress", "SecurityGroupEgress"),
    ACL: ("Entries", "SubnetIds"),
    GATEWAY: ("VpcId",),
    NAT: ("SubnetId",),
}

# What the question whether the Internet reaches a thing reads besides: whatever may stand in front of it, and the ways
# from there to it.
FRONT_NEEDS = {
    BALANCER: ("Type", "Scheme", "IpAddressType", "SecurityGroups", "Subnets", "State", "DNSName"),
    CLASSIC: ("Scheme", "SecurityGroups", "Subnets", "Listeners", "Instances", "CrossZone", "DNSName"),
    ACCELERATOR: ("Enabled", "IpAddressType", "Name"),
    ACCELERATOR_LISTENER: ("AcceleratorArn", "Protocol", "PortRanges"),
    ENDPOINT_GROUP: ("ListenerArn", "EndpointConfigurations", "PortOverrides", "TrafficDialPercentage"),
    LISTENER: ("LoadBalancerArn", "Port", "Protocol", "DefaultActions"),
    RULE: ("ListenerArn", "Priority", "Conditions", "Actions"),
    TARGETS: ("Port", "Protocol", "TargetType", "VpcId", "LoadBalancerArns", "Targets", "TargetGroupAttributes"),
    INTERFACE: (
        *("SubnetId", "VpcId", "Description", "InterfaceType", "GroupSet", "PrivateIpAddress", "PrivateIpAddresses"),
        *("Ipv6Addresses", "SourceDestCheck", "PublicIps", "Attachment", "Status", "RequesterId", "RequesterManaged"),
    ),
    ADDRESS: ("PublicIp", "NetworkInterfaceId"),
    PREFIXES: ("PrefixListName", "Entries"),
    DISTRIBUTION: ("DomainName", "DistributionConfig"),
    VPC_ORIGIN: ("VpcOriginEndpointConfig", "Status"),
    RECORD: ("Name", "Type", "AliasTarget", "ResourceRecords"),
    REST_API: ("EndpointConfiguration", "Policy", "DisableExecuteApiEndpoint"),
    METHOD: ("RestApiId", "HttpMethod", "Path", "AuthorizationType", "ApiKeyRequired", "Integration"),
    REST_STAGE: ("RestApiId", "StageName", "DeploymentId"),
    REST_LINK: ("TargetArns", "Status"),
    HTTP_API: ("ApiEndpoint", "ProtocolType", "DisableExecuteApiEndpoint"),
    ROUTE: ("ApiId", "RouteKey", "Target", "AuthorizationType", "ApiKeyRequired"),
    HTTP_STAGE: ("ApiId", "StageName", "AutoDeploy"),
    HTTP_LINK: ("SubnetIds", "SecurityGroupIds", "VpcLinkStatus"),
    INTEGRATION: ("ApiId", "IntegrationUri", "IntegrationType", "ConnectionType", "ConnectionId", "CredentialsArn"),
    EGRESS_ONLY: ("VpcId",),
    PEERING: ("VpcId", "PeerVpcId", "OwnerId", "PeerOwnerId", "PeerRegion", "Status", "CidrBlocks", "PeerCidrBlocks"),
    TRANSIT: ("State", "SecurityGroupReferencingSupport", "OwnerId"),
    ATTACHMENT: ("TransitGatewayId", "VpcId", "VpcOwnerId", "SubnetIds", "Options", "State"),
    TRANSIT_TABLE: ("TransitGatewayId", "Routes", "Associations", "Propagations"),
}

# What `auditor paths` reads: every type that a packet can meet, and what people name as an end.
_PATHS = (
    VPC, SUBNET, TABLE, GROUP, ACL, GATEWAY, NAT, EGRESS_ONLY, INTERFACE, PREFIXES, ENDPOINT, ADDRESS, PEERING, TRANSIT,
    ATTACHMENT, TRANSIT_TABLE, VPN, BALANCER, CLASSIC,
    ACCELERATOR, ACCELERATOR_LISTENER, ENDPOINT_GROUP, LISTENER, RULE, TARGETS, FUNCTION_URL, *SUBNETS, VPC_ORIGIN,
    TRANSIT_PEERING, CUSTOMER, VPN_CONNECTION,
    REST_API, METHOD, REST_STAGE, REST_LINK, HTTP_API, ROUTE, HTTP_STAGE, HTTP_LINK, INTEGRATION, PERMISSION,
)  # fmt: skip
_ENDS = {
    INSTANCE: frozenset({"SubnetId", "SecurityGroupIds", "PrivateIp", "PublicIp", "Ipv6Addresses", "SourceDestCheck"}),
    FUNCTION: frozenset({"VpcConfig"}),
    DISTRIBUTION: frozenset({"DistributionConfig"}),
    BUCKET: frozenset({"BucketName", "OwnershipControls", "PublicAccessBlockConfiguration"}),
    BUCKET_POLICY: frozenset({"Bucket", "PolicyDocument"}),
    RECORD: frozenset({"Name", "Type", "AliasTarget", "ResourceRecords"}),
    DATABASE: frozenset({"DBSubnetGroupName", "VPCSecurityGroups", "PubliclyAccessible", "Port", "AvailabilityZone"}),
    "AWS::S3::AccountPublicAccessBlock": frozenset({"PublicAccessBlockConfiguration"}),
    TASKS: frozenset({"NetworkConfiguration", "LoadBalancers"}),
    "AWS::RDS::DBCluster": frozenset({"DBSubnetGroupName", "VpcSecurityGroupIds", "Port"}),
    "AWS::ElastiCache::ReplicationGroup": frozenset({"CacheSubnetGroupName", "SecurityGroupIds", "Port"}),
    "AWS::ElastiCache::CacheCluster": frozenset({"CacheSubnetGroupName", "VpcSecurityGroupIds", "Port"}),
    PROXY: frozenset({"VpcSubnetIds", "VpcSecurityGroupIds", "EngineFamily"}),
    CLUSTER: frozenset({"ResourcesVpcConfig", "ClusterSecurityGroupId", "Status"}),
}


def path_needs(types: dict[str, ResourceType]) -> Demand:
    """The demand of a question about paths."""
    return {**{cfn: None for cfn in _PATHS if cfn in types}, **{cfn: _ENDS[cfn] for cfn in _ENDS if cfn in types}}


# Why a path stops. The comments name the explanation codes of AWS's Reachability Analyzer that a reason covers.
REASONS = {
    "group-rules": "no security group rule allows it",  # ENI_SG_RULES_MISMATCH, SG_HAS_NO_RULES
    # SG_REFERENCES_NOT_PRESERVED, SG_REFERENCING_SUPPORT, UNKNOWN_PEERED_SGS
    "group-reference": "references to security groups do not apply on this path",
    "acl": "the network ACL does not allow it",  # SUBNET_ACL_RESTRICTION
    # SUBNET_ACL_RESTRICTION on the way back, REMAP_EPHEMERAL_PORT
    "acl-answer": "the network ACL does not allow the return traffic",
    "no-route": "there is no route to the destination",  # NO_ROUTE_TO_DESTINATION, CANNOT_ROUTE
    # NO_ROUTE_TO_DESTINATION for the answer, UNIDIRECTIONAL_PATH_ANALYSIS_ONLY
    "no-route-back": "there is no route back to the source",
    "blackhole": "the target of the route does not exist (blackhole)",  # BAD_STATE_ROUTE, TGW_RTB_BAD_STATE_ROUTE
    "bad-state": "it is not in service",  # BAD_STATE, BAD_STATE_ATTACHMENT, TGW_BAD_STATE_VPN
    "not-attached": "the gateway is attached to another VPC",  # BAD_STATE_ATTACHMENT
    # IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS
    "no-public-address": "it has no public IP address",
    # IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS, ..RFC6598..
    "private-destination": "an internet gateway carries no traffic to private addresses",
    # NO_POSSIBLE_DESTINATION, IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS
    "nobody-there": "no resource in this account has this address",
    "nat-inward": "a NAT gateway accepts no connections from outside",  # NGW_DEST_ADDRESS_PRESERVATION
    "nat-protocol": "a NAT gateway carries tcp, udp and icmp only",  # PROTOCOL_RESTRICTION
    "nat-zone": "the regional NAT gateway has no addresses in this zone",
    "nat-family": "a NAT gateway carries IPv6 only to 64:ff9b::/96",  # PROTOCOL_RESTRICTION
    # ENI_SOURCE_DEST_CHECK_RESTRICTION
    "source-dest-check": "its source/destination check drops traffic for other addresses",
    "public-access-blocked": "VPC Block Public Access blocks the traffic of its internet gateways",
    # An egress-only gateway is no ingress in the Analyzer.
    "egress-only": "an egress-only internet gateway allows no inbound connections",
    # PCX_REQUIRES_ADDRESS_IN_VPC_CIDR, NGW_REQUIRES_SOURCE_IN_VPC
    "peering-edge": "a VPC peering connection carries traffic between its two VPCs only",
    # TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION
    "transit-association": "the attachment is associated with no route table of the transit gateway",
    # TGW_RTB_CANNOT_ROUTE, TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT
    "transit-route": "the transit gateway has no route there",
    "transit-zone": "the transit gateway has no attachment in this zone",  # TGW_ROUTE_AZ_RESTRICTION
    # VPCE_GATEWAY_PROTOCOL_RESTRICTION, VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION
    "endpoint": "a VPC endpoint leads only to its service",
    # ELBV2_LISTENERS_MISMATCH, ELBV2_LISTENER_PORT_RESTRICTION, ELBV2_LISTENER_HAS_NO_TG
    "no-listener": "no listener accepts it",
    # ELBV2_LISTENER_REQUIRES_TG_ACCEPT: redirects and fixed responses
    "answers-itself": "the listener responds by itself and forwards nothing",
    "no-target": "no listener forwards connections to it",  # ELBV2_LISTENER_HAS_NO_TG
    # ELB_INSTALLED_AZ_RESTRICTION, ELBV2_NO_TARGETS_IN_AZ, ELB_NOT_CROSSZONE
    "target-zone": "the load balancer is not enabled in the Availability Zone of the target",
    "internal": "it is an internal load balancer",  # an internal scheme has no public address
    "not-public": "it is not publicly accessible",  # the flag of a database
    "takes-no-connections": "a function accepts no connections",  # no component of the Analyzer
    "not-permitted": "a policy does not allow it",  # the Analyzer reads no policies
    # no component of the Analyzer: a kind of interface that is not described
    "unknown-front": "a network interface of an unsupported kind may forward requests to it",
    # What is called at a door of AWS's own has no component in the Analyzer either.
    "private-api": "a private API can be called only from inside a VPC",
    "no-endpoint": "the VPC has no interface endpoint for API Gateway",
    "api-name-off": "the API's default endpoint is disabled",
    "private-name": "private DNS of an interface endpoint in the VPC takes over the names of all APIs",
    "not-deployed": "it has no deployed stage or method",
    "public-door": "public access to the cluster's endpoint is disabled",
    "public-cidrs": "the cluster's endpoint allows public access only from other addresses",
    "outside": "it is in no VPC of this account",  # NO_POSSIBLE_DESTINATION
    "on-premises": "what is behind the gateway is not known",  # UNKNOWN_DESTINATION, VGW_PRIVATE_IP_ASSOCIATION_*
    # INGRESS_RTB_TRAFFIC_REDIRECTION, FIREWALL_RULES_RESTRICTION, PATH_THROUGH_GWLB_NOT_CHECKED
    "middlebox": "an appliance on the path decides",
    "too-far": "the path is too long",
}


class Placed(Protocol):
    """What a path can stop at: a resource, a place in a subnet, a route."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a path ends and why: the key of the place (or empty), the code, and the words that cite what stops it.

    A walk names the stop of every filter before it knows whether that will be the last, so words that take work are
    found when they are read.
    """

    place: str
    code: str
    say: str | Callable[[], str]

    @classmethod
    def at(cls, place: Placed, code: str, say: str | Callable[[], str] = "") -> Stop:
        """At this place; without words of its own it says what the code stands for."""
        return cls(place.key, code, say or f"{place.label}: {REASONS[code]}")

    @property
    def unsure(self) -> Stop:
        """The same where it is not certain that it stops anything."""
        return Stop(self.place, self.code, lambda: f"it is not certain whether this stops it: {self.words}")

    @property
    def words(self) -> str:
        return self.say if isinstance(self.say, str) else self.say()
