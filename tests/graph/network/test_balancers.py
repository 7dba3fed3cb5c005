"""Load balancers as AWS documents them: rules and weights, addresses of clients, zones, and one balancer before
another."""

import pytest

from auditor.graph.box_words import address_words
from auditor.graph.boxes import line, service
from tests.graph.network.drawn import LOCAL, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.test_by_hand import hide

WORLD = {"CidrIp": "0.0.0.0/0"}
HTTPS = service("tcp", 443)
OFFICE = ["198.51.100.0/24"]


def balancer(kind="application", scheme="internet-facing", subnets=("outer",), groups=("sg-lb",)):
    return thing("ElasticLoadBalancingV2::LoadBalancer", Type=kind, Scheme=scheme, Subnets=list(subnets),
                 SecurityGroups=list(groups))  # fmt: skip


def targets(kind="instance", protocol="HTTP", members=({"Id": "i-1", "Port": 8080},), port=8080, attributes=None):
    said = [{"Key": name, "Value": value} for name, value in (attributes or {}).items()]
    return thing("ElasticLoadBalancingV2::TargetGroup", TargetType=kind, Protocol=protocol, Port=port, VpcId="vpc-1",
                 Targets=list(members), LoadBalancerArns=["lb"], TargetGroupAttributes=said)  # fmt: skip


def listener(*actions, port=443, protocol="HTTPS", of="lb"):
    return thing("ElasticLoadBalancingV2::Listener", LoadBalancerArn=of, Port=port, Protocol=protocol,
                 DefaultActions=list(actions) or [forward()])  # fmt: skip


def rule(priority, conditions, *actions):
    return thing("ElasticLoadBalancingV2::ListenerRule", ListenerArn="listener", Priority=priority,
                 Conditions=conditions, Actions=list(actions) or [forward()])  # fmt: skip


def forward(*groups):
    several = [{"TargetGroupArn": name, "Weight": weight} for name, weight in groups or (("tg", 1),)]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": several}}


def path(*values):
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def source(*values):
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(values)}}


REFUSE = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
TO_HTTPS = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
SIGN_IN = {"Type": "authenticate-oidc", "AuthenticateOidcConfig": {"Issuer": "https://id.example.com"}}


def balanced(**more):
    """An application balancer in `outer`, and a machine on 8080 in `inner` that admits the balancer."""
    base = {
        "inner": subnet("10.0.1.0/24"),
        "rtb_inner": table(LOCAL, subnets=["inner"]),
        "acl_inner": acl(subnets=["inner"]),
        "sg_lb": group(tcp(443, **WORLD), tcp(80, **WORLD)),
        "sg_1": group(tcp(8080, SourceSecurityGroupId="sg-lb")),
        "eni_1": interface("10.0.1.9", "inner", "sg-1", Attachment={"InstanceId": "i-1"}),
        "i_1": thing("EC2::Instance", SubnetId="inner", SecurityGroupIds=["sg-1"], PrivateIp="10.0.1.9"),
        "lb": balancer(),
        "tg": targets(),
        "listener": listener(),
    }
    return drawn(**{**base, **more})


@pytest.mark.parametrize(
    ("things", "state", "code"),
    [
        ({"listener": listener(REFUSE)}, "blocked", "answers-itself"),
        ({"listener": listener(TO_HTTPS, port=80, protocol="HTTP")}, "blocked", "answers-itself"),
        ({"listener": listener(forward(("tg", 0), ("other", 1)))}, "blocked", "no-target"),
        ({"listener": listener(forward(("tg", 10), ("other", 90)))}, "reached", None),
        ({"listener": listener(REFUSE), "rule": rule(10, [path("/api/*")])}, "reached", None),
        ({"listener": listener(SIGN_IN, forward())}, "reached", None),
        # A rule that takes everybody leaves nobody to the rules after it.
        ({"first": rule(5, [path("/*")], REFUSE)}, "blocked", "no-target"),
        ({"first": rule(5, [path("/closed/*")], REFUSE)}, "reached", None),
        ({"first": rule(5, [source("0.0.0.0/0", "::/0")], REFUSE), "later": rule(9, [path("/api/*")])}, "blocked", "no-target"),
        ({"listener": listener(REFUSE), "tg": targets(members=[])}, "blocked", "no-public-address"),
    ],
)  # fmt: skip
def test_rules_decide_whether_a_target_is_reached(things, state, code):
    found = asked(balanced(**things), "internet", "i-1")
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert found.services == HTTPS


def test_a_condition_on_addresses_is_a_set():
    only_office = {"listener": listener(REFUSE), "rule": rule(10, [source(*OFFICE), path("/admin")])}
    found = asked(balanced(**only_office), "internet", "i-1", HTTPS)
    assert (found.state, found.traffic.addresses) == ("reached", line(OFFICE[0]))
    assert found.hops[:2] == ("load balancer lb on tcp 443", "rule 10 (from 198.51.100.0/24, path /admin)")
    assert asked(balanced(**only_office), "203.0.113.5", "i-1", HTTPS).state == "blocked"
    without = {"rule": rule(10, [source(*OFFICE)], REFUSE)}
    found = asked(balanced(**without), "internet", "i-1", HTTPS)
    assert not found.traffic.addresses & line(OFFICE[0])
    assert found.state == "reached"


def test_signing_in_is_told():
    found = asked(balanced(listener=listener(SIGN_IN, forward())), "internet", "i-1", HTTPS)
    assert "default action, after signing in at https://id.example.com" in found.hops
    lax = {"Type": "authenticate-oidc", "AuthenticateOidcConfig": {**SIGN_IN["AuthenticateOidcConfig"], "OnUnauthenticatedRequest": "allow"}}  # fmt: skip
    assert "default action" in asked(balanced(listener=listener(lax, forward())), "internet", "i-1", HTTPS).hops


@pytest.mark.parametrize(
    ("name", "place"), [("rule", "Conditions"), ("rule", "Actions"), ("listener", "DefaultActions"), ("tg", "Targets")]
)
def test_what_was_not_read_leaves_it_unknown(name, place):
    things = {"rule": rule(10, [source("0.0.0.0/0", "::/0")], REFUSE)} if name == "rule" else {}
    graph = balanced(**things)
    assert asked(balanced(**things), "internet", "i-1").state == ("blocked" if things else "reached")
    hide(graph, name, place)
    found = asked(graph, "internet", "i-1", HTTPS)
    assert (found.state, [gap.message for gap in found.gaps]) == ("unknown", [f"{place} denied"])


# --- addresses of clients --------------------------------------------------------------------------------------------


NODES, CLIENTS = tcp(8080, CidrIp="10.0.0.0/24"), tcp(8080, **WORLD)
KEEPS = "preserve_client_ip.enabled"
BY_ADDRESS = ({"Id": "10.0.1.9", "Port": 8080},)


@pytest.mark.parametrize(
    ("group_of_targets", "admits", "state"),
    [
        # Default: the client's address is kept for instances, not for addresses on tcp.
        (targets(protocol="TCP"), CLIENTS, "reached"),
        (targets(protocol="TCP"), NODES, "blocked"),
        (targets("ip", "TCP", BY_ADDRESS), NODES, "reached"),
        (targets("ip", "TLS", BY_ADDRESS), NODES, "reached"),
        (targets("ip", "TLS", BY_ADDRESS, attributes={KEEPS: "true"}), NODES, "blocked"),
        (targets(protocol="TCP", attributes={KEEPS: "false"}), NODES, "reached"),
        # A network balancer's own group may be named, whoever the client is.
        (targets(protocol="TCP"), tcp(8080, SourceSecurityGroupId="sg-lb"), "reached"),
    ],
)  # fmt: skip
def test_a_network_balancer_keeps_the_clients_address_or_not(group_of_targets, admits, state):
    things = {"tg": group_of_targets, "sg_1": group(admits), "listener": listener(protocol="TCP")}
    assert asked(balanced(lb=balancer("network"), **things), "internet", "i-1").state == state


def test_for_udp_the_clients_address_is_always_kept():
    udp = {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53}
    kept = targets("ip", "UDP", ({"Id": "10.0.1.9", "Port": 53},), 53)
    things = {"tg": kept, "lb": balancer("network", groups=()), "listener": listener(port=53, protocol="UDP")}
    nodes = balanced(sg_1=group({**udp, "CidrIp": "10.0.0.0/24"}), **things)
    assert asked(nodes, "internet", "i-1").state == "blocked"
    found = asked(balanced(sg_1=group({**udp, **WORLD}), **things), "internet", "i-1")
    assert (found.state, found.services) == ("reached", service("udp", 53))


def test_whether_the_address_is_kept_may_be_unknown():
    things = {"lb": balancer("network"), "tg": targets(protocol="TCP"), "listener": listener(protocol="TCP")}
    for admits, state in ((NODES, "unknown"), (CLIENTS, "reached")):
        graph = balanced(sg_1=group(admits), **things)
        hide(graph, "tg", "TargetGroupAttributes")
        assert asked(graph, "internet", "i-1", HTTPS).state == state


def test_a_network_balancer_with_groups_admits_by_them_and_one_without_admits_all():
    things = {"tg": targets(protocol="TCP"), "listener": listener(protocol="TCP"), "sg_1": group(CLIENTS)}
    guarded = balanced(lb=balancer("network"), sg_lb=group(tcp(443, CidrIp=OFFICE[0])), **things)
    assert address_words(asked(guarded, "internet", "i-1").traffic.addresses) == OFFICE[0]
    bare = balanced(lb=balancer("network", groups=()), sg_lb=group(tcp(443, CidrIp=OFFICE[0])), **things)
    assert address_words(asked(bare, "internet", "i-1").traffic.addresses) == "the Internet"


# --- zones -----------------------------------------------------------------------------------------------------------


def zoned(node_zones, cross="use_load_balancer_configuration", kind="application", closed=""):
    """Nodes in zones a and b as told, the target in b; `closed` is a node whose network ACL lets nothing out."""
    nodes = {f"node_{zone}": subnet(f"10.0.{number}.0/24", zone=zone) for number, zone in enumerate("abc", 10)}
    nodes |= {f"acl_node_{zone}": acl(subnets=[f"node-{zone}"]) for zone in "abc" if zone != closed}
    nodes |= {"rtb_nodes": table(LOCAL, {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"},
                                 subnets=["node-a", "node-b", "node-c"])}  # fmt: skip
    if closed:
        nodes["acl_shut"] = acl({"RuleNumber": 1, "Egress": False, "Protocol": -1, "RuleAction": "deny",
                                 "CidrBlock": "0.0.0.0/0"}, subnets=[f"node-{closed}"])  # fmt: skip
    where = tuple(f"node-{zone}" for zone in node_zones)
    protocol = "HTTP" if kind == "application" else "TCP"
    return balanced(inner=subnet("10.0.1.0/24", zone="b"), lb=balancer(kind, subnets=where), sg_1=group(CLIENTS),
                    listener=listener(protocol=protocol), **nodes,
                    tg=targets(protocol=protocol, attributes={"load_balancing.cross_zone.enabled": cross}))  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (zoned("ab"), "reached", None),
        (zoned("ac"), "blocked", "target-zone"),
        (zoned("ac", kind="network"), "blocked", "target-zone"),
        (zoned("ab", "false"), "reached", None),
        (zoned("ab", "false", "network"), "reached", None),
        # Where nobody comes in by the target's own zone, it hangs on whether the balancer crosses zones.
        (zoned("ab", closed="b"), "reached", None),
        (zoned("ab", "false", closed="b"), "blocked", "target-zone"),
        (zoned("ab", "true", "network", closed="b"), "reached", None),
        (zoned("ab", kind="network", closed="b"), "unknown", "target-zone"),
    ],
)
def test_a_target_is_served_from_a_zone_of_the_balancer(graph, state, code):
    found = asked(graph, "internet", "i-1", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found


# --- one balancer before another -------------------------------------------------------------------------------------


def test_a_network_balancer_before_an_application_balancer():
    things = {
        "lb": balancer(scheme="internal", subnets=("inner",)),
        "nlb": balancer("network", groups=("sg-nlb",)),
        "sg_nlb": group(tcp(443, CidrIp=OFFICE[0])),
        "tg_alb": targets("alb", "TCP", ({"Id": "lb", "Port": 443},), 443),
        "outer_listener": listener(forward(("tg-alb", 1)), protocol="TCP", of="nlb"),
    }
    graph = balanced(**things)
    found = asked(graph, "internet", "i-1", HTTPS)
    assert (found.state, address_words(found.traffic.addresses)) == ("reached", OFFICE[0]), found
    assert [each for each in found.hops if each.startswith("load balancer")] == [
        "load balancer nlb on tcp 443",
        "load balancer lb on tcp 443",
    ]
    assert asked(graph, "internet", "lb", HTTPS).state == "reached"
    closed = balanced(**{**things, "sg_lb": group(tcp(443, CidrIp="10.0.0.0/8"))})
    assert asked(closed, "internet", "i-1", HTTPS).state == "blocked"


def test_a_function_behind_a_balancer_is_invoked():
    things = {
        "fn": thing("Lambda::Function", FunctionName="fn"),
        "tg": targets("lambda", None, ({"Id": "fn"},), None),
    }
    graph = balanced(**things)
    found = asked(graph, "internet", "lambda/fn")
    assert (found.state, found.services) == ("reached", HTTPS)
