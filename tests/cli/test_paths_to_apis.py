"""`auditor paths` to APIs and clusters, as a user asks an account."""

from __future__ import annotations

import pytest

from auditor.graph.boxes import service
from auditor.graph.network import reach, resolve

SEOUL = "ap-northeast-2"
OFFICE = "203.0.113.0/24"


@pytest.fixture(scope="module")
def shop(cuggu):
    """An API that calls cuggu's server, one that calls nothing, and a cluster that admits one office."""
    with cuggu.box.clone() as box:
        built = cuggu.on(box)
        rest, functions = built.client("apigateway"), built.client("lambda")
        function = built.arn("server")
        uri = f"arn:aws:apigateway:{SEOUL}:lambda:path/2015-03-31/functions/{function}/invocations"
        made = rest.create_rest_api(name="orders", endpointConfiguration={"types": ["REGIONAL"]})
        api, root = made["id"], made["rootResourceId"]
        path = rest.create_resource(restApiId=api, parentId=root, pathPart="orders")["id"]
        where = {"restApiId": api, "resourceId": path, "httpMethod": "GET"}
        rest.put_method(**where, authorizationType="NONE")
        rest.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
        deployment = rest.create_deployment(restApiId=api)["id"]
        rest.create_stage(restApiId=api, stageName="prod", deploymentId=deployment)
        functions.add_permission(
            FunctionName=built["server"],
            StatementId="orders",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{SEOUL}:{built.account}:{api}/*/GET/orders",
        )
        built.client("eks").create_cluster(
            name="prod",
            roleArn=built.arn("server-role"),
            resourcesVpcConfig={
                "subnetIds": [built["private-subnet-a"], built["private-subnet-b"]],
                "publicAccessCidrs": [OFFICE],
            },
        )
        built.put("api", api)
        yield built


@pytest.fixture(scope="module")
def graph(shop):
    """What a question about paths reads of the account."""
    from auditor.aws.session import connect
    from auditor.graph.build import build
    from auditor.graph.network import path_needs
    from auditor.resources import load
    from auditor.sources import live

    types = load()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in shop.box.environ().items():
            patch.setenv(name, value)
        connection = connect(region=SEOUL)
        place = live.Place(connection.account, connection.partition, connection.home, (SEOUL,))
        return build(live.read(connection, place, path_needs(types), types), types)


def asked(graph, tail, head):
    return reach(graph, resolve(graph, tail), resolve(graph, head), service("tcp", 443))


def test_the_internet_calls_the_api_and_the_function_behind_it(graph, shop):
    assert asked(graph, "internet", "apigateway/orders").state == "reached"
    found = asked(graph, "internet", f"lambda/{shop['server']}")
    assert found.state == "reached"
    assert {"targets", "permits"} <= {edge.relation for edge in found.path}


def test_the_office_reaches_the_cluster_and_others_do_not(graph, shop):
    assert asked(graph, "203.0.113.7", "eks/prod").state == "reached"
    assert asked(graph, "198.51.100.7", "eks/prod").stop.code == "public-cidrs"
    assert asked(graph, "internet", "eks/prod").because == f"{OFFICE} on tcp 443"
    # Its own functions are seen under the address of the NAT gateway, which is none of the office's.
    assert asked(graph, f"lambda/{shop['server']}", "eks/prod").stop.code == "public-cidrs"


def test_the_text_says_who_is_asked_and_proves_the_way(auditor, shop):
    done = auditor("paths", "internet", "apigateway/orders", "--region", SEOUL, box=shop.box)
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        "✓ internet reaches apigateway/orders",
        "  passes   the Internet on tcp 443",
        "  path       API orders",
        "           → GET /orders of orders: no authentication",
        "  proof    Stage prod",
        "             is part of RestApi orders  (RestApiId)",
    ]
