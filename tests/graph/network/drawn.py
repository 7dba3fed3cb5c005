"""Small networks drawn by hand: one VPC with an open ACL, a public subnet and whatever a test adds or changes."""

from auditor.graph.boxes import ALL_SERVICES
from auditor.graph.build import build
from auditor.graph.network import reach, resolve
from auditor.model import ABSENT, Inventory, Resource
from auditor.resources import load
from auditor.resources.normalise import settle

ACCOUNT, REGION = "111122223333", "ap-northeast-2"


def graph_of(things):
    """The graph of {id: thing}: ids are AWS's own kind (`sg-1`), which no template could use for names."""
    types = load()
    resources = [_resource(types[each["Type"]], name, each["Properties"]) for name, each in things.items()]
    return build(Inventory(resources, [], frozenset(types), (ACCOUNT,), (REGION,)), types)


def _resource(described, name, properties):
    arn = f"arn:aws:{described.service}:{REGION}:{ACCOUNT}:{name}"
    out = Resource(described.cfn, name, ACCOUNT, REGION, arn, name)
    for row in described.props:
        value = properties.get(row.name, row.default)
        if value is not ABSENT and value is not None:
            out.properties[row.name] = settle(row.same, value)
    assert not [key for key in properties if not described.prop(key)], described.cfn
    return out


OPEN_ENTRIES = [
    {"RuleNumber": 100, "Egress": way, "Protocol": -1, "RuleAction": "allow", cidr: world}
    for way in (False, True)
    for cidr, world in (("CidrBlock", "0.0.0.0/0"), ("Ipv6CidrBlock", "::/0"))
]
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}
OUT = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}
OUT_SIX = {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"}
ALL_OUT = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, {"IpProtocol": "-1", "CidrIpv6": "::/0"}]


def thing(cfn, **properties):
    return {"Type": f"AWS::{cfn}", "Properties": properties}


def tcp(port, **source):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}


def group(*ingress, egress=None, vpc="vpc-1"):
    rules = {"SecurityGroupIngress": list(ingress), "SecurityGroupEgress": ALL_OUT if egress is None else egress}
    return thing("EC2::SecurityGroup", VpcId=vpc, **rules)


def subnet(block, vpc="vpc-1", zone="a", **more):
    return thing("EC2::Subnet", VpcId=vpc, CidrBlock=block, AvailabilityZone=f"ap-northeast-2{zone}", **more)


def table(*routes, subnets=(), vpc="vpc-1", **more):
    return thing("EC2::RouteTable", VpcId=vpc, SubnetIds=list(subnets), Routes=list(routes), **more)


def acl(*entries, subnets=()):
    return thing("EC2::NetworkAcl", VpcId="vpc-1", Entries=list(entries) or OPEN_ENTRIES, SubnetIds=list(subnets))


def interface(address, subnet_name, *groups, public=(), six=(), checks=True, **more):
    return thing(
        "EC2::NetworkInterface",
        SubnetId=subnet_name,
        PrivateIpAddress=address,
        GroupSet=list(groups),
        PublicIps=list(public),
        Ipv6Addresses=[{"Ipv6Address": each} for each in six],
        SourceDestCheck=checks,
        **more,
    )


def drawn(**things):
    """A VPC 10.0.0.0/16 with a gateway and a public subnet `outer`; underscores in names stand for hyphens."""
    base = {
        "vpc-1": thing("EC2::VPC", CidrBlock="10.0.0.0/16", CidrBlocks=["10.0.0.0/16"]),
        "igw-1": thing("EC2::InternetGateway", VpcId="vpc-1"),
        "outer": subnet("10.0.0.0/24", Ipv6CidrBlock="2001:db8:0:1::/64"),
        "rtb-outer": table(LOCAL, OUT, OUT_SIX, subnets=["outer"]),
        "acl-outer": acl(subnets=["outer"]),
    }
    return graph_of({**base, **{name.replace("_", "-"): each for name, each in things.items() if each is not None}})


def asked(graph, one, other, services=ALL_SERVICES):
    return reach(graph, resolve(graph, one), resolve(graph, other), services)
