"""REST, HTTP and WebSocket APIs as API Gateway documents them: who comes to them, and what they call."""

import pytest

from auditor.graph.box_words import address_words
from auditor.graph.boxes import line, service
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
from tests.graph.network.test_balancers import balanced, balancer, listener, targets
from tests.graph.network.test_by_hand import hide

HTTP, HTTPS = service("tcp", 80), service("tcp", 443)
WORLD = {"CidrIp": "0.0.0.0/0"}
FN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:fn"
URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FN}/invocations"


def rest(kind="REGIONAL", policy=None, **more):
    said = {"Policy": policy} if policy else {}
    return thing("ApiGateway::RestApi", Name="shop", EndpointConfiguration={"Types": [kind]}, **said, **more)


def method(**more):
    integration = {"Type": "AWS_PROXY", "Uri": URI, "ConnectionType": "INTERNET"}
    return thing("ApiGateway::Method", RestApiId="shop", ResourceId="r", HttpMethod="GET", Path="/orders",
                 **{"Integration": integration, **more})  # fmt: skip


def permission(principal="apigateway.amazonaws.com", source=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:shop/*"):
    return thing(
        "Lambda::Permission", FunctionName="fn", Action="lambda:InvokeFunction", Principal=principal, SourceArn=source
    )


def shop(api=None, **more):
    """A REST API with a stage and a method that calls a function, which permits it."""
    base = {
        "shop": api or rest(),
        "stage": thing("ApiGateway::Stage", RestApiId="shop", StageName="prod"),
        "method": method(),
        "fn": thing("Lambda::Function", FunctionName="fn"),
        "permission": permission(),
    }
    return drawn(**{**base, **more})


def statement(effect="Allow", **condition):
    said = {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    return {**said, **({"Condition": condition} if condition else {})}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


OFFICE = policy(statement(IpAddress={"aws:SourceIp": ["203.0.113.0/24"]}))
BUT = policy(statement(), statement("Deny", NotIpAddress={"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/25"]}))


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (shop(), "reached", None),
        (shop(rest("EDGE")), "reached", None),
        (shop(rest("PRIVATE")), "blocked", "not-public"),
        (shop(stage=None), "blocked", "bad-state"),
        (shop(rest(DisableExecuteApiEndpoint=True)), "unknown", "not-public"),
        (shop(rest(policy=policy(statement("Deny")))), "blocked", "not-permitted"),
        (shop(rest(policy=policy(statement(StringEquals={"aws:SourceVpce": "vpce-1"})))), "blocked", "not-permitted"),
        (shop(rest(policy=policy(statement(StringEquals={"aws:PrincipalOrgID": "o-1"})))), "unknown", "not-permitted"),
    ],
)
def test_who_comes_to_a_rest_api(graph, state, code):
    found = asked(graph, "internet", "apigateway/shop", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    assert asked(graph, "internet", "apigateway/shop", HTTP).state == "blocked"


@pytest.mark.parametrize(
    ("document", "admitted"),
    [(OFFICE, "203.0.113.0/24"), (BUT, "198.51.100.0/25, 203.0.113.0/24"), (policy(statement()), "the Internet")],
)
def test_a_policy_about_addresses_is_a_set(document, admitted):
    found = asked(shop(rest(policy=document)), "internet", "apigateway/shop", HTTPS)
    assert (found.state, address_words(found.traffic.addresses)) == ("reached", admitted)


def test_what_may_refuse_a_client_is_told():
    acl_arn = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/guard/1"
    stage = thing("ApiGateway::Stage", RestApiId="shop", StageName="prod", WebAclArn=acl_arn)
    graph = shop(stage=stage, method=method(AuthorizationType="AWS_IAM"))
    hops = asked(graph, "internet", "apigateway/shop", HTTPS).hops
    assert hops == ("API shop (asks who calls: AWS_IAM, behind web ACL guard)",)


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (shop(), "reached", None),
        (shop(rest(policy=OFFICE)), "reached", None),
        (shop(rest("PRIVATE")), "blocked", "not-public"),
        (shop(method=method(Integration={"Type": "MOCK"})), "blocked", "takes-no-connections"),
        # Without a permission the API may still call under a role of its own.
        (shop(permission=None), "unknown", "not-permitted"),
        (shop(permission=permission(source=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:other/*")), "unknown", "not-permitted"),
    ],
)  # fmt: skip
def test_a_function_behind_a_rest_api(graph, state, code):
    found = asked(graph, "internet", "lambda/fn", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert "GET /orders" in found.hops


def test_apis_that_were_not_read_leave_it_unknown():
    graph = shop()
    hide(graph, "shop", "Policy")
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == "unknown"
    graph = shop(method=None)
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == "blocked"
    graph.inventory.asked -= {"AWS::ApiGateway::Method"}
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == "unknown"


# --- into a network --------------------------------------------------------------------------------------------------


def linked(groups=(), uri="http://inner.example.com:443/x", status="AVAILABLE"):
    """A REST API before a network balancer that nothing else reaches."""
    said = {"Type": "HTTP_PROXY", "Uri": uri, "ConnectionType": "VPC_LINK", "ConnectionId": "link"}
    return balanced(
        shop=rest(),
        stage=thing("ApiGateway::Stage", RestApiId="shop", StageName="prod"),
        method=method(Integration=said),
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
        (linked(uri="http://inner.example.com/x"), "blocked", "internal"),  # port 80, where nothing listens
        (linked(status="FAILED"), "blocked", "bad-state"),
        (linked(groups=("sg-lb",)), "unknown", "group-rules"),
    ],
)
def test_a_vpc_link_of_a_rest_api_ends_at_a_network_balancer(graph, state, code):
    found = asked(graph, "internet", "i-1")
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert found.services == HTTPS
        assert "GET /orders, VPC link link" in found.hops


def http(routed=True, link=True, admits=None, port=443, **more):
    """An HTTP API before a listener of an internal balancer, over a link with a group of its own."""
    uri = {"IntegrationUri": "listener", "IntegrationType": "HTTP_PROXY"}
    over = {"ConnectionType": "VPC_LINK", "ConnectionId": "link"} if link else {}
    base = {
        "api": thing("ApiGatewayV2::Api", Name="api", ProtocolType="HTTP"),
        "http_stage": thing("ApiGatewayV2::Stage", ApiId="api", StageName="$default"),
        "way": thing("ApiGatewayV2::Integration", ApiId="api", IntegrationId="way", **uri, **over),
        "route": thing("ApiGatewayV2::Route", ApiId="api", RouteKey="GET /orders", Target="way" if routed else "other"),
        "link": thing("ApiGatewayV2::VpcLink", Name="link", SubnetIds=["inner"], SecurityGroupIds=["sg-link"]),
        "sg_link": group(),
        "lb": balancer(scheme="internal", subnets=("inner",)),
        "sg_lb": group(admits or tcp(443, SourceSecurityGroupId="sg-link")),
        "listener": listener(port=port),
    }
    return balanced(**{**base, **more})


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (http(), "reached", None),
        (http(admits=tcp(443, CidrIp="10.9.0.0/16")), "blocked", "group-rules"),
        (http(sg_link=group(egress=[])), "blocked", "group-rules"),
        (http(link=False), "blocked", "no-route"),
        (http(routed=False), "blocked", "internal"),
        (http(http_stage=None), "blocked", "bad-state"),
        (http(api=thing("ApiGatewayV2::Api", ProtocolType="HTTP", DisableExecuteApiEndpoint=True)), "unknown", "not-public"),
    ],
)  # fmt: skip
def test_a_vpc_link_of_an_http_api_stands_in_subnets(graph, state, code):
    found = asked(graph, "internet", "i-1")
    assert found.state == state, found
    if state != "blocked":
        assert (found.stop and found.stop.code) == code
    if state == "reached":
        assert (found.services, found.hops[0]) == (HTTPS, "API api")


# --- from inside a network -------------------------------------------------------------------------------------------


VPCE = policy(statement(StringEquals={"aws:SourceVpce": "vpce-1"}))
OTHER = policy(statement(StringEquals={"aws:SourceVpce": "vpce-9"}))


def within(api, endpoint=True, door=None):
    made = thing("EC2::VPCEndpoint", VpcEndpointType="Interface", VpcId="vpc-1", PrivateDnsEnabled=True, State="available",
                 ServiceName=f"com.amazonaws.{REGION}.execute-api", SubnetIds=["inner"], SecurityGroupIds=["sg-door"])  # fmt: skip
    return shop(
        api,
        vpc_1=thing("EC2::VPC", CidrBlock="10.0.0.0/16", CidrBlocks=["10.0.0.0/16"], EnableDnsHostnames=True),
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        nat_1=thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.7", PublicIps=["54.0.0.7"]),
        sg_1=group(),
        sg_door=door or group(tcp(443, CidrIp="10.0.0.0/16")),
        eni_1=interface("10.0.1.9", "inner", "sg-1"),
        **({"vpce_1": made} if endpoint else {}),
    )


NAT = policy(statement(IpAddress={"aws:SourceIp": "54.0.0.7/32"}))


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (within(rest("PRIVATE", VPCE)), "reached", None),
        (within(rest("PRIVATE", OTHER)), "blocked", "not-permitted"),
        (within(rest("PRIVATE")), "blocked", "not-permitted"),  # a private API takes a policy
        (within(rest("PRIVATE", VPCE), endpoint=False), "blocked", "not-public"),
        (within(rest("PRIVATE", VPCE), door=group()), "blocked", "group-rules"),
        (within(rest(), endpoint=False), "reached", None),
        (within(rest(policy=NAT), endpoint=False), "reached", None),
        (within(rest(policy=OFFICE), endpoint=False), "blocked", "not-permitted"),
        # The private name takes the hosts of public APIs too, and answers them with a refusal.
        (within(rest()), "blocked", "endpoint"),
    ],
)
def test_from_a_network(graph, state, code):
    found = asked(graph, "eni-1", "apigateway/shop", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found


def test_a_distribution_before_an_api():
    config = {
        "Enabled": True,
        "Origins": [{"Id": "o", "DomainName": "shop.execute-api.x.amazonaws.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}],
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
    }  # fmt: skip
    graph = shop(rest(policy=OFFICE), cf=thing("CloudFront::Distribution", DistributionConfig=config))
    api = next(each for each in graph.resources() if each.id == "shop")
    api.names = ("shop.execute-api.x.amazonaws.com",)
    found = asked(graph, "internet", "apigateway/shop")
    assert found.traffic.addresses == line("203.0.113.0/24")  # the edges are not admitted
    open_to_all = shop(rest(), cf=thing("CloudFront::Distribution", DistributionConfig=config))
    api = next(each for each in open_to_all.resources() if each.id == "shop")
    api.names = ("shop.execute-api.x.amazonaws.com",)
    assert asked(open_to_all, "internet", "apigateway/shop").services == HTTP | HTTPS
