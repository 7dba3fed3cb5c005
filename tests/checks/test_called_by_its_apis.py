"""Which methods of an API in code may call a function, by what stands behind the API in the source of a permission."""

from __future__ import annotations

import pytest

from auditor.checks.predicates.serverless import called_by_its_apis
from tests.fragments import graph_of

WHOLE = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}"


def thing(kind, **properties):
    return {"Type": f"AWS::{kind}", "Properties": properties}


def method(verb, on):
    called = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Server.Arn}/invocations"
    calls = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {"Fn::Sub": called}}
    return thing(
        "ApiGateway::Method", RestApiId={"Ref": "Api"}, ResourceId={"Ref": on}, HttpMethod=verb,
        AuthorizationType="NONE", Integration=calls,
    )  # fmt: skip


def shop(source):
    """An API with GET and POST of /items, staged as prod, and a function that lets it in by one permission."""
    said = {"SourceArn": source} if source else {}
    return {
        "Server": thing("Lambda::Function", Handler="a.b", Runtime="nodejs22.x", Code={"ZipFile": "x"}, Role="r"),
        "Api": thing("ApiGateway::RestApi", Name="shop"),
        "Items": thing("ApiGateway::Resource", RestApiId={"Ref": "Api"}, PathPart="items",
                       ParentId={"Fn::GetAtt": ["Api", "RootResourceId"]}),
        "Get": method("GET", "Items"),
        "Post": method("POST", "Items"),
        "Stage": thing("ApiGateway::Stage", RestApiId={"Ref": "Api"}, StageName="prod", DeploymentId="d"),
        "Lets": thing("Lambda::Permission", FunctionName={"Ref": "Server"}, Action="lambda:InvokeFunction",
                      Principal="apigateway.amazonaws.com", **said),
    }  # fmt: skip


def verdicts(source):
    graph = graph_of(shop(source))
    (function,) = graph.of_type("AWS::Lambda::Function")
    found = {}
    for answer in called_by_its_apis(graph, function):
        (part,) = (each for each in graph.of_type("AWS::ApiGateway::Method") if f"[{each.id}]" in answer.property)
        found[part.known("HttpMethod")] = answer.verdict
    return found


# AWS: the source of a call is the API's ARN, then stage, method and path.
@pytest.mark.parametrize(
    ("tail", "get", "post"),
    [
        ("/*/*/*", "kept", "kept"),
        ("/*", "kept", "kept"),
        ("/prod/*", "kept", "kept"),
        ("/*/GET/*", "kept", "broken"),
        ("/*/POST/*", "broken", "kept"),
        ("/prod/GET/items", "kept", "broken"),
        ("/*/*/items", "kept", "kept"),
        ("/*/*/orders", "broken", "broken"),
        ("/dev/*/*", "broken", "broken"),
        ("/*/GET/items/*", "broken", "broken"),
        ("/${Name}/*/*", "unknown", "unknown"),
    ],
)
def test_what_stands_behind_the_api_counts(tail, get, post):
    source = (
        {"Fn::Sub": [WHOLE + tail, {"Name": {"Fn::ImportValue": "stage"}}]}
        if "${Name}" in tail
        else {"Fn::Sub": WHOLE + tail}
    )
    assert verdicts(source) == {"GET": get, "POST": post}


def test_a_permission_without_a_source_is_for_every_method():
    assert verdicts(None) == {"GET": "kept", "POST": "kept"}


def test_another_api_is_another_source():
    assert verdicts({"Fn::Sub": WHOLE.replace("${Api}", "a1b2c3d4e5") + "/*/*/*"}) == {
        "GET": "broken",
        "POST": "broken",
    }
