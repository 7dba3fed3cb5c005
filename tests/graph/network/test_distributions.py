"""CloudFront in front, worked out from its documentation: viewers, origins, and what an origin has to let in."""

import pytest

from auditor.graph.boxes import internet, line, service
from auditor.graph.network import resolve
from tests.graph.network.drawn import ACCOUNT, asked, drawn, group, interface, tcp, thing
from tests.graph.network.test_balancers import balanced, balancer, listener, rule, source
from tests.graph.network.test_by_hand import hide

HTTP, HTTPS = service("tcp", 80), service("tcp", 443)
HOST = "lb-1.ap-northeast-2.elb.amazonaws.com"
EDGES = ["120.52.22.96/27", "205.251.249.0/24"]
WORLD = {"CidrIp": "0.0.0.0/0"}
BY_LIST = {"SourcePrefixListId": "pl-edge"}


def distribution(origin=None, policy="redirect-to-https", **config):
    said = {
        "Id": "o",
        "DomainName": HOST,
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
        **(origin or {}),
    }
    default = {"TargetOriginId": "o", "ViewerProtocolPolicy": policy}
    whole = {"Enabled": True, "Origins": [said], "DefaultCacheBehavior": default, **config}
    return thing("CloudFront::Distribution", DistributionConfig=whole)


def listed(name="com.amazonaws.global.cloudfront.origin-facing", entries=EDGES):
    return thing("EC2::PrefixList", PrefixListName=name, Entries=[{"Cidr": each} for each in entries])


def behind_cloudfront(admits=None, **more):
    """A public load balancer that admits CloudFront only, with a machine behind it."""
    lb = balancer()
    lb["Properties"]["DNSName"] = HOST
    base = {"lb": lb, "sg_lb": group(admits or tcp(443, **BY_LIST)), "pl_edge": listed(), "cf": distribution()}
    return balanced(**{**base, **more})


@pytest.mark.parametrize(
    ("things", "state", "code"),
    [
        ({}, "reached", None),
        ({"admits": tcp(443, CidrIp="0.0.0.0/1"), "pl_edge": listed(entries=EDGES[:1])}, "reached", None),
        ({"admits": tcp(443, CidrIp=EDGES[0])}, "unknown", "group-rules"),  # only some of the edges get in
        ({"admits": tcp(443, CidrIp="198.51.100.0/24")}, "blocked", "group-rules"),
        ({"admits": tcp(80, **BY_LIST)}, "blocked", "group-rules"),
        ({"cf": distribution(Enabled=False)}, "blocked", "bad-state"),
        ({"cf": distribution({"DomainName": "elsewhere.example.com"})}, "blocked", "no-listener"),
        ({"cf": distribution({"CustomOriginConfig": {"OriginProtocolPolicy": "http-only"}})}, "blocked", "no-listener"),
        ({"cf": distribution({"CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "HTTPSPort": 8443}})}, "blocked", "no-listener"),
        # The origin is drawn from by nobody.
        ({"cf": distribution({"Id": "spare"})}, "blocked", "no-listener"),
    ],
)  # fmt: skip
def test_viewers_come_through_a_distribution(things, state, code):
    for host in ("lb", "i-1"):
        found = asked(behind_cloudfront(**things), "203.0.113.9", host)
        assert found.state == state, found
        if state != "blocked":  # where two ways are shut, the one that came further is told
            assert (found.stop and found.stop.code) == code, found


def test_the_list_of_edges_may_be_named_without_being_read():
    graph = behind_cloudfront()
    hide(graph, "pl-edge", "Entries")
    assert asked(graph, "203.0.113.9", "i-1").state == "reached"
    graph = behind_cloudfront(admits=tcp(443, CidrIp=EDGES[0]))
    hide(graph, "pl-edge", "Entries")
    found = asked(graph, "203.0.113.9", "i-1")
    assert (found.state, found.gaps[0].permission) == ("unknown", "ec2:Describe")
    graph = behind_cloudfront(admits=tcp(443, **WORLD), cf=distribution(), pl_edge=None)
    assert asked(graph, "internet", "i-1", HTTPS).state == "reached"


@pytest.mark.parametrize(
    ("policy", "more", "services"),
    [
        ("redirect-to-https", {}, HTTPS),
        ("https-only", {}, HTTPS),
        ("allow-all", {}, HTTP | HTTPS),
        ("https-only", {"HttpVersion": "http2and3"}, HTTPS | service("udp", 443)),
        ("https-only", {"CacheBehaviors": [{"PathPattern": "/x", "TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}]}, HTTP | HTTPS),
    ],
)  # fmt: skip
def test_viewers_speak_what_the_behaviours_allow(policy, more, services):
    found = asked(behind_cloudfront(cf=distribution(policy=policy, **more)), "203.0.113.9", "lb")
    assert found.services == services


def test_each_protocol_may_lead_to_a_port_of_its_own():
    match = {"CustomOriginConfig": {"OriginProtocolPolicy": "match-viewer"}}
    graph = behind_cloudfront(cf=distribution(match, "allow-all"))
    assert asked(graph, "203.0.113.9", "lb").services == HTTPS  # nobody listens on 80
    both = behind_cloudfront(
        admits=tcp(80, **BY_LIST), cf=distribution(match, "allow-all"), listener=listener(port=80, protocol="HTTP")
    )
    assert asked(both, "203.0.113.9", "lb").services == HTTP


def test_what_may_refuse_a_viewer_is_told():
    web = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/guard/1"
    only = {"GeoRestriction": {"RestrictionType": "whitelist", "Locations": ["JP", "KR"]}}
    graph = behind_cloudfront(cf=distribution(WebACLId=web, Restrictions=only))
    hop = asked(graph, "203.0.113.9", "i-1").hops[0]
    assert hop == "CloudFront cf (behind web ACL guard, for viewers in JP, KR)"


def test_ipv6_takes_the_switch():
    found = asked(behind_cloudfront(cf=distribution(IPV6Enabled=True)), "internet", "i-1", HTTPS)
    assert found.traffic.addresses == internet()
    found = asked(behind_cloudfront(cf=distribution(IPV6Enabled=False)), "internet", "i-1", HTTPS)
    assert found.traffic.addresses == internet() & line("0.0.0.0/0")


def test_a_rule_about_addresses_sees_those_of_the_edge():
    office = {"listener": listener({"Type": "fixed-response"}), "rule": rule(1, [source("203.0.113.0/24")])}
    assert asked(behind_cloudfront(**office), "203.0.113.9", "i-1").state == "unknown"


def test_a_record_of_ours_leads_to_the_origin():
    alias = thing("Route53::RecordSet", Name="web.example.com", Type="A", AliasTarget={"DNSName": f"dualstack.{HOST}"})
    graph = behind_cloudfront(cf=distribution({"DomainName": "web.example.com"}), record=alias)
    assert asked(graph, "203.0.113.9", "i-1").state == "reached"


def test_a_machine_by_the_name_of_its_address():
    name = {"DomainName": "ec2-54-0-0-9.ap-northeast-2.compute.amazonaws.com"}
    things = {
        "eni_1": interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"], Attachment={"InstanceId": "i-1"}),
        "i_1": thing("EC2::Instance", SubnetId="outer", SecurityGroupIds=["sg-1"], PrivateIp="10.0.0.9"),
        "pl_edge": listed(),
        "cf": distribution(name),
    }
    assert asked(drawn(sg_1=group(tcp(443, **BY_LIST)), **things), "203.0.113.9", "i-1").state == "reached"
    assert asked(drawn(sg_1=group(tcp(80, **BY_LIST)), **things), "203.0.113.9", "i-1").state == "blocked"


# --- private origins -------------------------------------------------------------------------------------------------


def private(admits, gateway=True, port=443):
    origin = {"VpcOriginConfig": {"VpcOriginId": "vo-1"}, "CustomOriginConfig": None}
    config = {"Arn": "lb", "HTTPPort": 80, "HTTPSPort": port, "OriginProtocolPolicy": "https-only"}
    return behind_cloudfront(
        admits,
        lb=balancer(scheme="internal", subnets=("inner",)),
        vo_1=thing("CloudFront::VpcOrigin", VpcOriginEndpointConfig=config),
        sg_own=thing("EC2::SecurityGroup", VpcId="vpc-1", GroupName="CloudFront-VPCOrigins-Service-SG", SecurityGroupIngress=[]),
        cf=distribution(origin),
        **({} if gateway else {"igw_1": thing("EC2::InternetGateway", VpcId="vpc-9")}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (private(tcp(443, **BY_LIST)), "reached", None),
        (private(tcp(443, SourceSecurityGroupId="sg-own")), "reached", None),
        (private(tcp(443, CidrIp="10.0.0.0/8")), "blocked", "group-rules"),
        (private(tcp(443, **BY_LIST), gateway=False), "blocked", "not-attached"),
        (private(tcp(8443, **BY_LIST), port=8443), "blocked", "internal"),
    ],
)
def test_a_private_origin(graph, state, code):
    found = asked(graph, "internet", "i-1", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found


def test_a_private_origin_that_was_not_read_leaves_it_unknown():
    graph = private(tcp(443, **BY_LIST))
    lost = {"vo_1": None}
    assert asked(graph, "internet", "i-1", HTTPS).state == "reached"
    origin = {"VpcOriginConfig": {"VpcOriginId": "vo-1"}, "CustomOriginConfig": None}
    inner = balancer(scheme="internal", subnets=("inner",))
    inner["Properties"]["DNSName"] = HOST
    found = asked(behind_cloudfront(lb=inner, cf=distribution(origin), **lost), "internet", "i-1", HTTPS)
    assert (found.state, found.because) == ("unknown", "vo-1 was not found: it may belong to another account or region")


# --- buckets and functions -------------------------------------------------------------------------------------------


CF_ARN = f"arn:aws:cloudfront:ap-northeast-2:{ACCOUNT}:cf"


def reading(**condition):
    statement = {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject",
                 "Resource": "*", **condition}  # fmt: skip
    return {"Version": "2012-10-17", "Statement": [statement]}


OURS = {"Condition": {"StringEquals": {"AWS:SourceArn": CF_ARN}}}
THEIRS = {"Condition": {"StringEquals": {"AWS:SourceArn": CF_ARN + "-other"}}}
ANYBODY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}  # fmt: skip
STORE = {
    "DomainName": "store.s3.ap-northeast-2.amazonaws.com",
    "OriginAccessControlId": "E1",
    "CustomOriginConfig": None,
}


def stored(policy, origin=STORE, ownership="BucketOwnerEnforced", block=None):
    bucket = thing(
        "S3::Bucket",
        BucketName="store",
        OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]},
        **({"PublicAccessBlockConfiguration": block} if block else {}),
    )
    made = {"policy": thing("S3::BucketPolicy", Bucket="store", PolicyDocument=policy)} if policy else {}
    graph = drawn(store=bucket, cf=distribution(origin), **made)
    named(graph)
    return graph


def named(graph):
    """The names that a bucket is known by, which these drawings do not give."""
    bucket = resolve(graph, "store").resource
    bucket.names = ("store.s3.ap-northeast-2.amazonaws.com",)


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (stored(reading(**OURS)), "reached", None),
        (stored(reading(**THEIRS)), "blocked", "not-permitted"),
        (stored(None), "blocked", "not-permitted"),
        (stored(reading(**OURS), {**STORE, "OriginAccessControlId": ""}), "blocked", "not-permitted"),
        (stored(ANYBODY), "reached", None),
        (stored(ANYBODY, block={"RestrictPublicBuckets": True, "IgnorePublicAcls": True}), "blocked", "not-permitted"),
        # Lists of single objects may open what no policy does.
        (stored(None, ownership="ObjectWriter"), "unknown", "not-permitted"),
    ],
)
def test_a_bucket_answers_whom_its_policy_lets(graph, state, code):
    found = asked(graph, "internet", "s3/store", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found


@pytest.mark.parametrize(
    ("auth", "control", "state"), [("NONE", "", "reached"), ("AWS_IAM", "E1", "reached"), ("AWS_IAM", "", "blocked")]
)
def test_a_function_url_takes_signed_requests_of_a_distribution(auth, control, state):
    host = "abc.lambda-url.ap-northeast-2.on.aws"
    graph = drawn(
        fn=thing("Lambda::Function", FunctionName="fn"),
        url=thing("Lambda::Url", FunctionArn="fn", TargetFunctionArn="fn", AuthType=auth, FunctionUrl=f"https://{host}/"),
        cf=distribution({"DomainName": host, "OriginAccessControlId": control}),
    )  # fmt: skip
    url = next(each for each in graph.resources() if each.id == "url")
    url.names = (host,)
    assert asked(graph, "internet", "lambda/fn", HTTPS).state == state


def test_distributions_that_were_not_read_may_stand_in_front():
    inside = {"lb": balancer(scheme="internal")}
    assert asked(balanced(**inside), "internet", "i-1", HTTPS).state == "blocked"
    graph = balanced(**inside)
    graph.inventory.asked -= {"AWS::CloudFront::Distribution"}
    found = asked(graph, "internet", "i-1", HTTPS)
    assert (found.state, found.because) == ("unknown", "AWS::CloudFront::Distribution was not read in this run")
    graph = behind_cloudfront(lb=balancer(scheme="internal"), admits=tcp(443, **WORLD))
    assert asked(graph, "internet", "i-1", HTTPS).state == "blocked"
    graph = behind_cloudfront(lb=balancer(scheme="internal"), admits=tcp(443, **WORLD))
    hide(graph, "cf", "DistributionConfig")
    assert asked(graph, "internet", "i-1", HTTPS).state == "unknown"
    graph = behind_cloudfront(admits=tcp(443, CidrIp="10.0.0.0/8"))
    hide(graph, "cf", "DistributionConfig")
    assert asked(graph, "internet", "i-1", HTTPS).state == "blocked"  # nothing of the world is let in anyhow
