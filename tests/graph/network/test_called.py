"""What APIs call: functions that let them or not, and load balancers inside, worked out by hand from AWS's documentation."""

import pytest

from auditor.graph.boxes import service
from auditor.model import Gap
from tests.graph.network.drawn import (
    ACCOUNT,
    LOCAL,
    REGION,
    acl,
    asked,
    drawn,
    group,
    interface,
    subnet,
    table,
    tcp,
    thing,
)
from tests.graph.network.test_apis import OPEN, RUNS, allow, from_addresses, policy, private, rest, web
from tests.graph.network.test_by_hand import hide

HTTPS = service("tcp", 443)
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:fn"
URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
WORLD = {"CidrIp": "0.0.0.0/0"}


def calling(uri="fn", **more):
    return {"Integration": {"Type": "AWS_PROXY", "Uri": uri, **more}}


def permission(source=f"{RUNS}/*/GET/orders/*", **more):
    said = {"FunctionName": "fn", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", **more}
    return thing("Lambda::Permission", Id="api", **said, **({"SourceArn": source} if source else {}))


def function(integration=None, let=None, **api):
    """A function that an API calls; the drawn edges follow ids, so the integration names it by its own."""
    fn = thing("Lambda::Function", FunctionName="fn")
    return drawn(**rest(method=integration or calling(), **api), fn=fn, let=permission() if let is None else let)


@pytest.mark.parametrize(
    ("network", "state", "code"),
    [
        (function(), "reached", None),
        (function(let=permission(source=None)), "reached", None),
        (function(let=permission(f"{RUNS}/*/*/orders/*")), "reached", None),
        (function(let=permission(f"{RUNS}/prod/GET/orders/*")), "reached", None),
        (function(let=permission(f"{RUNS}/dev/GET/orders/*")), "blocked", "not-permitted"),
        (function(let=permission(f"{RUNS}/*/POST/orders/*")), "blocked", "not-permitted"),
        (function(let=permission(f"{RUNS[:-6]}other/*")), "blocked", "not-permitted"),
        (function(let=permission(Principal="events.amazonaws.com")), "blocked", "not-permitted"),
        (function(let=permission(SourceAccount="444455556666")), "blocked", "not-permitted"),
        (function(let=permission(Effect="Deny")), "blocked", "not-permitted"),
        (function(calling(Credentials=f"arn:aws:iam::{ACCOUNT}:role/caller")), "unknown", "not-permitted"),
        (function(kind="PRIVATE"), "blocked", "private-api"),
        (function(DisableExecuteApiEndpoint=True), "unknown", "api-name-off"),
        (function(auth="AWS_IAM"), "reached", None),
        (function(Policy=policy(allow(**from_addresses("203.0.113.0/24")))), "reached", None),
        (function({"Integration": {"Type": "MOCK"}}), "blocked", "takes-no-connections"),
        # AWS: a role is one way and the function's own permission the other; this method has no role.
        (function(let=thing("SNS::Topic")), "blocked", "not-permitted"),
    ],
)
def test_the_internet_calls_a_function_over_an_api(network, state, code):
    found = asked(network, "internet", "lambda/fn", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert "targets" in {edge.relation for edge in found.path}
        assert any(hop.startswith("GET /orders/{id} of orders: ") for hop in found.hops)


def test_one_method_is_shut_and_another_is_not():
    """A policy that opens only another method than the one that calls the function opens nothing to the function."""
    only = policy(
        {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": f"{RUNS}/*/POST/orders"}
    )
    post = thing("ApiGateway::Method", RestApiId="orders", ResourceId="res", HttpMethod="POST", Path="/orders")
    things = {**rest(method=calling(), Policy=only), "post": post, "let": permission()}
    graph = drawn(**things, fn=thing("Lambda::Function", FunctionName="fn"))
    assert asked(graph, "internet", "apigateway/orders", HTTPS).state == "reached"
    found = asked(graph, "internet", "lambda/fn", HTTPS)
    assert (found.state, found.stop.code) == ("blocked", "not-permitted")


@pytest.mark.parametrize(
    ("document", "state", "code"),
    [
        (OPEN, "reached", None),
        (None, "blocked", "not-permitted"),
        (policy(allow(Condition={"StringEquals": {"aws:SourceVpc": "vpc-2"}})), "blocked", "not-permitted"),
    ],
)
def test_a_place_inside_calls_a_function_over_a_private_api(document, state, code):
    beside = {"fn": thing("Lambda::Function", FunctionName="fn"), "let": permission()}
    found = asked(private(document, method=calling(), beside=beside), "eni-1", "lambda/fn", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found


@pytest.mark.parametrize("cfn", ["AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Integration"])
def test_an_api_that_was_not_read_may_call_anything(cfn):
    """No way was seen, and one may be hidden: that is no answer."""
    graph = drawn(fn=thing("Lambda::Function", FunctionName="fn"))
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == "blocked"
    gap = Gap(ACCOUNT, REGION, "apigateway", "get", "apigateway:GET", "denied", (cfn,), "denied")
    graph.inventory.gaps.append(gap)
    found = asked(graph, "internet", "lambda/fn", HTTPS)
    assert (found.state, found.gaps) == ("unknown", (gap,))
    assert asked(graph, "internet", "lambda/fn", service("tcp", 22)).state == "blocked"


def test_a_policy_or_a_list_of_methods_that_was_not_read_leaves_it_unknown():
    graph = function(Policy=OPEN)
    hide(graph, "orders", "Policy")
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == "unknown"
    graph = drawn(**{**rest(), "get": None}, fn=thing("Lambda::Function", FunctionName="fn"))
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == "blocked"
    graph.inventory.asked -= {"AWS::ApiGateway::Method"}
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == "unknown"


# --- load balancers --------------------------------------------------------------------------------------------------

NODES = [tcp(80, SourceSecurityGroupId="sg-link")]


def balanced(
    api, rule=NODES, scheme="internal", kind="application", groups=("sg-lb",), port=80, status="AVAILABLE", **more
):
    """A balancer `alb` in an isolated subnet, and a VPC link in the public one."""
    return drawn(
        **api,
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        sg_link=group(),
        sg_lb=group(*rule),
        alb=thing(
            "ElasticLoadBalancingV2::LoadBalancer", Type=kind, Scheme=scheme, Subnets=["inner"],
            SecurityGroups=list(groups), **more,
        ),
        listener=thing("ElasticLoadBalancingV2::Listener", LoadBalancerArn="alb", Port=port, Protocol="HTTP"),
        link=thing("ApiGatewayV2::VpcLink", Name="link", SubnetIds=["outer"], SecurityGroupIds=["sg-link"], VpcLinkStatus=status),
        nlink=thing("ApiGateway::VpcLink", Name="nlink", TargetArns=["alb"], Status=status),
    )  # fmt: skip


def over_http(**said):
    linked = {"IntegrationType": "HTTP_PROXY", "ConnectionType": "VPC_LINK", "ConnectionId": "link"}
    return web(integration={**linked, "IntegrationUri": "listener", **said})


def over_rest(uri="http://inner.example.com", **said):
    linked = {"Type": "HTTP_PROXY", "ConnectionType": "VPC_LINK", "ConnectionId": "nlink", "Uri": uri}
    return rest(method={"Integration": {**linked, **said}})


OVER_NEW = over_rest(ConnectionId="link", IntegrationTarget="alb")
NETWORK = {"kind": "network", "groups": ()}


@pytest.mark.parametrize(
    ("network", "state", "code"),
    [
        (balanced(over_http()), "reached", None),
        (balanced(over_http(), rule=[tcp(80, CidrIp="10.0.0.0/24")]), "reached", None),
        (balanced(over_http(), rule=[tcp(80, CidrIp="10.0.9.0/24")]), "blocked", "group-rules"),
        (balanced(over_http(), rule=[tcp(8080, **WORLD)]), "blocked", "group-rules"),
        (balanced(over_http(), status="INACTIVE"), "reached", None),
        (balanced(over_http(), status="FAILED"), "blocked", "bad-state"),
        (balanced(over_rest(), status="DELETING", **NETWORK), "blocked", "bad-state"),
        (balanced(web()), "blocked", "internal"),
        (balanced(OVER_NEW), "reached", None),
        (balanced(OVER_NEW, rule=[tcp(80, CidrIp="10.0.9.0/24")]), "blocked", "group-rules"),
        (balanced(OVER_NEW, port=8080), "blocked", "no-listener"),
        (balanced(over_rest(), **NETWORK), "reached", None),
        (balanced(over_rest("http://inner.example.com:8080/x"), **NETWORK), "blocked", "no-listener"),
        (balanced(over_rest("http://inner.example.com:8080/x"), port=8080, **NETWORK), "reached", None),
        # AWS: an NLB's groups are asked for PrivateLink traffic unless that is switched off.
        (balanced(over_rest(), kind="network"), "unknown", "group-rules"),
        (
            balanced(over_rest(), kind="network", EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic="off"),
            "reached",
            None,
        ),
    ],
)
def test_the_internet_reaches_a_balancer_inside_over_a_vpc_link(network, state, code):
    found = asked(network, "internet", "alb/alb", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert found.services == HTTPS
        assert "targets" in {edge.relation for edge in found.path}
        assert any(hop.startswith("VPC link") for hop in found.hops)


def test_who_asks_for_the_port_of_what_is_called_is_told_the_port_of_the_api():
    """The client speaks to the API on 443, and the API to the balancer on 80: that is how port 80 is reached."""
    found = asked(balanced(over_http()), "internet", "alb", service("tcp", 80))
    assert (found.state, found.services) == ("reached", HTTPS)
    assert asked(balanced(over_http()), "internet", "alb", service("tcp", 22)).state == "blocked"


def test_a_place_inside_reaches_a_balancer_by_itself_first():
    things = {"eni_1": interface("10.0.0.9", "outer", "sg-link")}
    network = balanced({**over_http(), **things})
    found = asked(network, "eni-1", "alb", service("tcp", 80))
    assert found.state == "reached"
    assert not any(hop.startswith("VPC link") for hop in found.hops)
