"""Fronts before fronts: APIs before load balancers with machines behind them, and CloudFront before APIs."""

import pytest

from auditor.graph.boxes import line, service
from tests.graph.network.drawn import asked, drawn, group, tcp, thing
from tests.graph.network.test_apis import RUNS, allow, from_addresses, policy, rest, web
from tests.graph.network.test_balancers import balanced, balancer, listener, targets
from tests.graph.network.test_called import calling, permission

HTTP, HTTPS = service("tcp", 80), service("tcp", 443)


# --- over VPC links to a machine -------------------------------------------------------------------------------------


def linked(groups=(), uri="http://inner.example.com:443/x", status="AVAILABLE"):
    """A REST API before a network balancer that nothing else reaches."""
    said = {"Type": "HTTP_PROXY", "Uri": uri, "ConnectionType": "VPC_LINK", "ConnectionId": "link"}
    return balanced(
        **rest(method={"Integration": said}),
        link=thing("ApiGateway::VpcLink", Name="link", TargetArns=["lb"], Status=status),
        lb=balancer("network", scheme="internal", groups=groups),
        listener=listener(protocol="TCP"),
        tg=targets("ip", "TCP", ({"Id": "10.0.1.9", "Port": 8080},)),
        sg_1=group(tcp(8080, CidrIp="10.0.0.0/24")),
    )


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (linked(), "reached", None),
        (linked(uri="http://inner.example.com/x"), "blocked", "no-listener"),  # port 80, where nothing listens
        (linked(status="FAILED"), "blocked", "bad-state"),
        (linked(groups=("sg-lb",)), "unknown", "group-rules"),
    ],
)
def test_a_vpc_link_of_a_rest_api_ends_at_a_network_balancer(graph, state, code):
    found = asked(graph, "internet", "i-1")
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert found.services == HTTPS
        assert found.hops[:3] == (
            "API orders", "GET /orders/{id} of orders: no authentication", "VPC link link",
        )  # fmt: skip


def http(routed=True, link=True, admits=None, port=443, api=None, **more):
    """An HTTP API before a listener of an internal balancer, over a link with a group of its own."""
    over = {"ConnectionType": "VPC_LINK", "ConnectionId": "link"} if link else {}
    base = {
        **web(integration={"IntegrationUri": "listener", "IntegrationType": "HTTP_PROXY", **over}, **(api or {})),
        "link": thing("ApiGatewayV2::VpcLink", Name="link", SubnetIds=["inner"], SecurityGroupIds=["sg-link"]),
        "sg_link": group(),
        "lb": balancer(scheme="internal", subnets=("inner",)),
        "sg_lb": group(admits or tcp(443, SourceSecurityGroupId="sg-link")),
        "listener": listener(port=port),
    }
    if not routed:
        base["route"] = thing("ApiGatewayV2::Route", ApiId="shop", RouteKey="GET /orders", Target="integrations/other")
    return balanced(**{**base, **more})


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (http(), "reached", None),
        (http(admits=tcp(443, CidrIp="10.9.0.0/16")), "blocked", "group-rules"),
        (http(sg_link=group(egress=[])), "blocked", "group-rules"),
        (http(link=False), "blocked", "internal"),  # then the API calls from the Internet
        (http(routed=False), "blocked", "internal"),
        (http(live=None), "blocked", "not-deployed"),
        (http(api={"DisableExecuteApiEndpoint": True}), "unknown", "api-name-off"),
    ],
)
def test_a_vpc_link_of_an_http_api_stands_in_subnets(graph, state, code):
    found = asked(graph, "internet", "i-1")
    assert found.state == state, found
    if state != "blocked":
        assert (found.stop and found.stop.code) == code
    if state == "reached":
        assert (found.services, found.hops[0]) == (HTTPS, "API shop")


# --- CloudFront before an API ----------------------------------------------------------------------------------------

HOST = "orders.execute-api.x.amazonaws.com"
EDGES = "120.52.22.96/27"


def distributed(document=None, off=False, **more):
    """An API that calls a function, and a distribution that draws from it under the name that AWS gave it."""
    said = {"Policy": document} if document else {}
    config = {
        "Enabled": True,
        "Origins": [{"Id": "o", "DomainName": HOST, "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}],
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
    }
    graph = drawn(
        **{
            **rest(method=calling(), DisableExecuteApiEndpoint=off, **said),
            "fn": thing("Lambda::Function", FunctionName="fn"),
            "let": permission(),
            "cf": thing("CloudFront::Distribution", DistributionConfig=config),
            "pl_edge": thing(
                "EC2::PrefixList",
                PrefixListName="com.amazonaws.global.cloudfront.origin-facing",
                Entries=[{"Cidr": EDGES}],
            ),
            **more,
        }
    )
    next(each for each in graph.resources() if each.id == "orders").names = (HOST,)
    return graph


OFFICE = policy(allow(**from_addresses("203.0.113.0/24")))
BY_CLOUDFRONT = policy(allow(**from_addresses(EDGES)))
OTHER_METHOD = policy(allow(Resource=f"{RUNS}/*/POST/orders", **from_addresses(EDGES)))


def test_a_distribution_before_an_api():
    found = asked(distributed(OFFICE), "internet", "apigateway/orders")
    assert found.traffic.addresses == line("203.0.113.0/24")  # the edges are not admitted
    assert asked(distributed(), "internet", "apigateway/orders").services == HTTP | HTTPS


@pytest.mark.parametrize(
    ("graph", "tail", "state", "code"),
    [
        # Whoever is not admitted himself comes in by CloudFront, whose addresses are.
        (distributed(BY_CLOUDFRONT), "198.51.100.7", "reached", None),
        (distributed(OFFICE), "198.51.100.7", "blocked", "not-permitted"),
        (distributed(OFFICE), "203.0.113.7", "reached", None),
        # The policy admits CloudFront to another method only.
        (distributed(OTHER_METHOD), "198.51.100.7", "blocked", "not-permitted"),
        (distributed(BY_CLOUDFRONT, let=None), "198.51.100.7", "blocked", "not-permitted"),
    ],
)
def test_a_distribution_before_an_api_that_calls_a_function(graph, tail, state, code):
    found = asked(graph, tail, "lambda/fn", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if tail == "198.51.100.7" and state == "reached":
        assert found.hops[:2] == ("CloudFront cf", "API orders")


def test_a_distribution_draws_from_the_name_that_was_switched_off():
    """Whatever other name the API has, the distribution asks for the one that answers no more."""
    assert asked(distributed(BY_CLOUDFRONT, off=True), "198.51.100.7", "lambda/fn", HTTPS).state == "blocked"
    # Who calls the API himself may know another name.
    assert asked(distributed(off=True), "198.51.100.7", "lambda/fn", HTTPS).stop.code == "api-name-off"
    assert asked(distributed(off=True), "198.51.100.7", "lambda/fn", HTTP).state == "blocked"
