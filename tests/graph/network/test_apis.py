"""API Gateway in front of things, worked out by hand from AWS's documentation."""

import pytest

from auditor.graph.box_words import address_words
from auditor.graph.boxes import line, service
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

HTTPS = service("tcp", 443)
RUNS = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:orders"
WORLD = {"CidrIp": "0.0.0.0/0"}


def allow(**more):
    return {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": f"{RUNS}/*", **more}


def deny(**more):
    return {**allow(**more), "Effect": "Deny"}


def from_addresses(*cidrs, operator="IpAddress", key="aws:SourceIp"):
    return {"Condition": {operator: {key: list(cidrs)}}}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def rest(kind="REGIONAL", auth="NONE", method=None, **more):
    """A REST API `orders` with one stage and one method, GET /orders."""
    return {
        "orders": thing("ApiGateway::RestApi", Name="orders", EndpointConfiguration={"Types": [kind]}, **more),
        "prod": thing("ApiGateway::Stage", RestApiId="orders", StageName="prod"),
        "get": thing(
            "ApiGateway::Method",
            RestApiId="orders",
            ResourceId="res",
            HttpMethod="GET",
            Path="/orders/{id}",
            AuthorizationType=auth,
            **(method or {}),
        ),
    }


# --- from the Internet -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("things", "state", "code"),
    [
        (rest(), "reached", None),
        (rest("EDGE"), "reached", None),
        (rest("PRIVATE"), "blocked", "private-api"),
        (rest(DisableExecuteApiEndpoint=True), "unknown", "api-name-off"),  # another name may lead to it
        ({**rest(), "prod": None}, "blocked", "not-deployed"),
        ({**rest(), "get": None}, "blocked", "not-deployed"),
        # AWS: without an authorizer "an implicit denial or any explicit denial results in denying the caller".
        (rest(Policy=policy(deny())), "blocked", "not-permitted"),
        (rest(Policy=policy(allow(), deny())), "blocked", "not-permitted"),
        (rest(Policy=policy(allow())), "reached", None),
        (rest(Policy=policy(allow(Resource="execute-api:/prod/GET/*"))), "reached", None),
        (rest(Policy=policy(allow(Resource=f"{RUNS}/prod/POST/*"))), "blocked", "not-permitted"),
        (rest(Policy=policy(allow(Resource=f"{RUNS}/*/POST/orders"))), "blocked", "not-permitted"),  # {id} is one segment
        (rest(Policy=policy(allow(Resource=f"{RUNS}/prod/GET/orders/42"))), "reached", None),
        (rest(Policy=policy(allow(), deny(Resource=f"{RUNS}/prod/GET/orders/42"))), "reached", None),
        (rest(Policy=policy(allow(Resource=f"{RUNS[:-6]}other/*"))), "blocked", "not-permitted"),
        (rest(Policy=policy(allow(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/x"}))), "blocked", "not-permitted"),
        # Where the caller's own policy is enough too, one that names nobody refuses nobody.
        (rest(auth="AWS_IAM", Policy=policy(allow(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/x"}))), "reached", None),
        (rest(auth="CUSTOM", Policy=policy(allow(Resource=f"{RUNS}/prod/POST/*"))), "reached", None),
        (rest(auth="COGNITO_USER_POOLS", Policy=policy(allow(Resource=f"{RUNS}/prod/POST/*"))), "blocked", "not-permitted"),
        (rest(auth="AWS_IAM", Policy=policy(deny())), "blocked", "not-permitted"),
        (rest(Policy=policy(allow(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))), "blocked", "not-permitted"),
        (rest(Policy=policy(allow(Condition={"StringLike": {"aws:UserAgent": "x*"}}))), "unknown", "not-permitted"),
        (rest(Policy=policy(allow(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))), "unknown", "not-permitted"),
    ],
)  # fmt: skip
def test_the_internet_calls_an_api(things, state, code):
    found = asked(drawn(**things), "internet", "apigateway/orders", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert found.services == HTTPS
        assert "part-of" in {edge.relation for edge in found.path}


@pytest.mark.parametrize(
    ("document", "admitted"),
    [
        (policy(allow(**from_addresses("203.0.113.0/24"))), "203.0.113.0/24"),
        (policy(allow(**from_addresses("203.0.113.0/24", "198.51.100.7"))), "198.51.100.7/32, 203.0.113.0/24"),
        (policy(allow(), deny(**from_addresses("203.0.113.0/24", operator="NotIpAddress"))), "203.0.113.0/24"),
        (
            policy(allow(), deny(**from_addresses("203.0.113.0/24", "198.51.100.0/25", operator="NotIpAddress"))),
            "198.51.100.0/25, 203.0.113.0/24",
        ),
        (
            policy(allow(**from_addresses("203.0.113.0/24")), deny(**from_addresses("203.0.113.128/25"))),
            "203.0.113.0/25",
        ),
        # The two conditions of one statement both have to hold.
        (
            policy(allow(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
                                    "NotIpAddress": {"aws:SourceIp": "203.0.113.64/26"}})),
            "203.0.113.0/26, 203.0.113.128/25",
        ),
    ],
)  # fmt: skip
def test_a_policy_about_addresses_is_an_exact_set(document, admitted):
    graph = drawn(**rest(Policy=document))
    found = asked(graph, "internet", "apigateway/orders", HTTPS)
    assert (found.state, address_words(found.traffic.addresses)) == ("reached", admitted)
    assert asked(graph, "203.0.113.7", "apigateway/orders", HTTPS).state == "reached" or "198" in admitted
    outside = asked(graph, "192.0.2.1", "apigateway/orders", HTTPS)
    assert (outside.state, outside.stop.code) == ("blocked", "not-permitted")


def test_an_api_answers_https_on_its_port_only():
    graph = drawn(**rest())
    assert asked(graph, "internet", "apigateway/orders").services == HTTPS
    blocked = asked(graph, "internet", "apigateway/orders", service("tcp", 80))
    assert (blocked.state, blocked.stop.code) == ("blocked", "no-listener")


def test_who_is_asked_is_told_and_is_no_matter_of_addresses():
    things = {**rest(auth="COGNITO_USER_POOLS"), "post": thing(
        "ApiGateway::Method", RestApiId="orders", ResourceId="res", HttpMethod="POST", Path="/orders", ApiKeyRequired=True
    )}  # fmt: skip
    found = asked(drawn(**things), "internet", "apigateway/orders", HTTPS)
    assert found.hops == (
        "API orders",
        "GET /orders/{id} of orders: authorization by a Cognito user pool",
        "POST /orders of orders: no authentication, with an API key",
    )


def test_a_web_acl_is_told_with_the_api():
    guard = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/guard/1"
    stage = thing("ApiGateway::Stage", RestApiId="orders", StageName="prod", WebAclArn=guard)
    found = asked(drawn(**{**rest(auth="AWS_IAM"), "prod": stage}), "internet", "apigateway/orders", HTTPS)
    assert found.hops == ("API orders (behind web ACL guard)", "GET /orders/{id} of orders: authorization by IAM")


def test_an_unread_policy_opens_nothing_and_shuts_nothing():
    graph = drawn(**rest(Policy=policy(allow())))
    api = next(each for each in graph.resources() if each.id == "orders")
    gap = Gap("1", "r", "apigateway", "get", "apigateway:GET", "denied", (api.type,), "denied", api.key)
    api.unknown["Policy"] = gap
    found = asked(graph, "internet", "apigateway/orders", HTTPS)
    assert (found.state, found.gaps) == ("unknown", (gap,))


def web(kind="HTTP", integration=None, **more):
    """An HTTP or WebSocket API `shop` with one stage and one route."""
    return {
        "shop": thing("ApiGatewayV2::Api", Name="shop", ProtocolType=kind, **more),
        "live": thing("ApiGatewayV2::Stage", ApiId="shop", StageName="$default"),
        "route": thing("ApiGatewayV2::Route", ApiId="shop", RouteKey="GET /orders", Target="integrations/int"),
        "int": thing("ApiGatewayV2::Integration", ApiId="shop", **(integration or {"IntegrationType": "MOCK"})),
    }


@pytest.mark.parametrize(
    ("things", "state", "code"),
    [
        (web(), "reached", None),
        (web("WEBSOCKET"), "reached", None),
        (web(DisableExecuteApiEndpoint=True), "unknown", "api-name-off"),
        ({**web(), "live": None}, "blocked", "not-deployed"),
        ({**web(), "route": None}, "blocked", "not-deployed"),
    ],
)
def test_the_internet_calls_an_http_api(things, state, code):
    found = asked(drawn(**things), "internet", "apigateway/shop", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert found.traffic.addresses <= line("0.0.0.0/0")
        assert asked(drawn(**things), "2600:1f00::9", "apigateway/shop", HTTPS).state == "unknown"


# --- from inside -----------------------------------------------------------------------------------------------------

OPEN = policy(allow())


INSIDE = [tcp(443, CidrIp="10.0.0.0/16")]


def private(document=OPEN, door=INSIDE, auth="NONE", method=None, beside=None, **endpoint):
    return drawn(
        **rest("PRIVATE", auth, method, **({"Policy": document} if document else {})),
        **(beside or {}),
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        sg_1=group(),
        sg_door=group(*door),
        eni_1=interface("10.0.1.9", "inner", "sg-1"),
        vpce_1=thing(
            "EC2::VPCEndpoint",
            VpcEndpointType="Interface",
            VpcId="vpc-1",
            ServiceName=f"com.amazonaws.{REGION}.execute-api",
            SubnetIds=["inner"],
            SecurityGroupIds=["sg-door"],
            State="available",
            **endpoint,
        ),
    )


@pytest.mark.parametrize(
    ("network", "state", "code"),
    [
        (private(), "reached", None),
        (private(document=None), "blocked", "not-permitted"),  # AWS: a private API needs a resource policy
        (private(door=[tcp(443, CidrIp="10.0.9.0/24")]), "blocked", "group-rules"),
        (private(policy(allow(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))), "reached", None),
        (private(policy(allow(Condition={"StringEquals": {"aws:SourceVpce": "vpce-2"}}))), "blocked", "not-permitted"),
        (private(policy(allow(), deny(Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}))), "reached", None),
        (private(policy(allow(), deny(Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-2"}}))), "blocked", "not-permitted"),
        (private(policy(allow(**from_addresses("10.0.1.0/28", key="aws:VpcSourceIp")))), "reached", None),
        (private(policy(allow(**from_addresses("10.0.1.16/28", key="aws:VpcSourceIp")))), "blocked", "not-permitted"),
        (private(policy(allow(**from_addresses("0.0.0.0/0")))), "blocked", "not-permitted"),  # aws:SourceIp is not there
        (private(PolicyDocument=policy(allow(Resource=f"{RUNS}/*"))), "reached", None),
        (private(PolicyDocument=policy(allow(Resource=f"{RUNS[:-6]}other/*"))), "blocked", "not-permitted"),
        (private(PolicyDocument=policy(allow(Principal={"AWS": ACCOUNT})), auth="AWS_IAM"), "unknown", "not-permitted"),
    ],
)  # fmt: skip
def test_a_private_api_is_called_through_an_endpoint(network, state, code):
    found = asked(network, "eni-1", "apigateway/orders", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    assert asked(network, "internet", "apigateway/orders", HTTPS).stop.code == "private-api"
    if state == "reached":
        assert found.hops == ("endpoint vpce-1", "API orders", "GET /orders/{id} of orders: no authentication")


def test_a_private_api_without_an_endpoint_is_called_by_nobody():
    things = {"sg_1": group(), "eni_1": interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"])}
    found = asked(drawn(**rest("PRIVATE", Policy=OPEN), **things), "eni-1", "apigateway/orders", HTTPS)
    assert (found.state, found.stop.code) == ("blocked", "no-endpoint")


def translated(document=None, names=False, resolves=True):
    """A private subnet behind a NAT gateway with a public address of its own; `names`: with a private name for APIs."""
    endpoint = thing(
        "EC2::VPCEndpoint", VpcEndpointType="Interface", VpcId="vpc-1", SubnetIds=["inner"], PrivateDnsEnabled=True,
        SecurityGroupIds=["sg-1"], State="available", ServiceName=f"com.amazonaws.{REGION}.execute-api",
    )  # fmt: skip
    return drawn(
        **rest(**({"Policy": document} if document else {})),
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        nat_1=thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.5", PublicIps=["54.0.0.5"]),
        sg_1=group(),
        eni_1=interface("10.0.1.9", "inner", "sg-1"),
        fn=thing("Lambda::Function", FunctionName="fn"),
        vpc_1=thing("EC2::VPC", CidrBlock="10.0.0.0/16", CidrBlocks=["10.0.0.0/16"], EnableDnsHostnames=resolves),
        **({"vpce_1": endpoint} if names else {}),
    )


@pytest.mark.parametrize(
    ("network", "tail", "state", "code"),
    [
        (translated(), "eni-1", "reached", None),
        (translated(policy(allow(**from_addresses("54.0.0.5")))), "eni-1", "reached", None),
        (translated(policy(allow(**from_addresses("54.0.0.6")))), "eni-1", "blocked", "not-permitted"),
        # AWS: with private DNS all names of AWS's lead to the endpoint, which refuses public APIs; "edge-optimized custom
        # domain names or Regional custom domain names" still lead to them, and these are not read.
        (translated(names=True), "eni-1", "unknown", "private-name"),
        (translated(names=True, resolves=False), "eni-1", "reached", None),  # the network has no such names
        (translated(), "fn", "reached", None),
        (translated(policy(allow(**from_addresses("54.0.0.6")))), "fn", "unknown", "no-public-address"),
    ],
)
def test_a_public_api_sees_the_address_of_the_gateway(network, tail, state, code):
    found = asked(network, tail, "apigateway/orders", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if tail == "eni-1" and state == "reached":
        assert {"routed-by", "part-of"} <= {edge.relation for edge in found.path}


def test_a_place_without_a_way_out_calls_no_public_api():
    graph = drawn(
        **rest(),
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        sg_1=group(),
        eni_1=interface("10.0.1.9", "inner", "sg-1"),
    )
    found = asked(graph, "eni-1", "apigateway/orders", HTTPS)
    assert (found.state, found.stop.code) == ("blocked", "no-route")


def test_who_names_an_api_does_not_mean_the_link_of_the_same_name():
    link = thing("ApiGateway::VpcLink", Name="orders", TargetArns=["alb"])
    graph = drawn(**rest(), other=link)
    next(each for each in graph.resources() if each.id == "other").name = "orders"
    assert asked(graph, "internet", "apigateway/orders", HTTPS).state == "reached"
