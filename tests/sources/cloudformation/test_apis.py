"""The definition of an API is read: what is called, who is asked, what answers, wherever the definition stands."""

import json

import pytest

from tests.sources.cloudformation.reading import resources, write

HANDLER = {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "a.b", "Code": {"ZipFile": "x"}}}
URI = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"
CALLS = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": URI}}
USERS = {"type": "apiKey", "name": "Authorization", "in": "header",
         "x-amazon-apigateway-authtype": "cognito_user_pools",
         "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:x"]}}  # fmt: skip
SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "shop"},
    "securityDefinitions": {"Users": USERS, "Key": {"type": "apiKey", "name": "x-api-key", "in": "header"}},
    "paths": {
        "/orders": {
            "parameters": [],
            "get": {"security": [{"Users": []}], "x-amazon-apigateway-integration": CALLS},
            "post": {"security": [{"Key": []}], "x-amazon-apigateway-integration": CALLS},
        },
        "/orders/{id}": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": {"type": "mock"}}},
        "/who": {"put": {"security": [{"Nobody": []}]}, "delete": {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}},
    },
}


def api(body, kind="AWS::ApiGateway::RestApi", name="Body", **more):
    return {"Resources": {"Api": {"Type": kind, "Properties": {name: body, **more}}, "Fn": HANDLER}}


def methods(found):
    return {
        f"{each.known('HttpMethod')} {each.known('Path')}": each
        for each in found.values()
        if each.type == "AWS::ApiGateway::Method"
    }


@pytest.mark.parametrize("where", ["inline", "AWS::Include", "BodyS3Location"])
def test_every_operation_of_a_definition_is_a_method(tmp_path, where):
    (tmp_path / "openapi.json").write_text(json.dumps(SWAGGER))
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "openapi.json"}}}
    given = {
        "inline": api(SWAGGER),
        "AWS::Include": api(include),
        "BodyS3Location": api("./openapi.json", name="BodyS3Location"),
    }[where]
    found, inventory = resources(write(tmp_path, given))
    assert inventory.gaps == []
    made = methods(found)
    assert {name: each.at("AuthorizationType") for name, each in made.items() if name != "PUT /who"} == {
        "GET /orders": "COGNITO_USER_POOLS",
        "POST /orders": "NONE",
        "ANY /orders/{id}": "NONE",
        "DELETE /who": "AWS_IAM",
    }
    assert made["POST /orders"].at("ApiKeyRequired") is True
    assert "Nobody" in made["PUT /who"].gap("AuthorizationType").message
    assert found["app/Api"].at("Name") == "shop"
    assert found["app/Api"].at("Policy").__class__.__name__ != "Hidden"
    if where != "BodyS3Location":  # API Gateway evaluates no functions of a file that it imports
        assert made["GET /orders"].at("Integration.Uri").endswith("functions/${app/Fn.Arn}/invocations")


HTTP = {
    "openapi": "3.0.1",
    "info": {"title": "shop"},
    "components": {
        "securitySchemes": {"Tokens": {"type": "oauth2", "x-amazon-apigateway-authorizer": {"type": "jwt"}}},
        "x-amazon-apigateway-integrations": {"calls": {**CALLS, "payloadFormatVersion": "2.0"}},
    },
    "x-amazon-apigateway-cors": {"allowOrigins": ["https://shop.example"]},
    "security": [{"Tokens": ["read"]}],
    "paths": {
        "/orders": {
            "get": {"x-amazon-apigateway-integration": {"$ref": "#/components/x-amazon-apigateway-integrations/calls"}}
        },
        "/$default": {"x-amazon-apigateway-any-method": {"security": [], "x-amazon-apigateway-integration": CALLS}},
    },
}


def test_routes_and_integrations_of_an_http_api(tmp_path):
    found, inventory = resources(write(tmp_path, api(HTTP, "AWS::ApiGatewayV2::Api")))
    routes = {each.at("RouteKey"): each for each in found.values() if each.type == "AWS::ApiGatewayV2::Route"}
    assert {key: each.at("AuthorizationType") for key, each in routes.items()} == {
        "GET /orders": "JWT",
        "$default": "NONE",
    }
    assert routes["GET /orders"].at("AuthorizationScopes") == ["read"]
    answering = {each.address for each in found.values() if each.type == "AWS::ApiGatewayV2::Integration"}
    assert {each.at("Target").strip("${}") for each in routes.values()} == answering
    assert found["app/Api"].at("CorsConfiguration") == {"AllowOrigins": ["https://shop.example"]}
    assert inventory.gaps == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b.yaml"}}}, "Body"),
        ({"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "../above.yaml"}}}, "Body"),
        ({"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "nowhere.yaml"}}}, "Body"),
        ({"Fn::Transform": {"Name": "Other", "Parameters": {}}}, "Body"),
        ({"swagger": "2.0", "paths": {"/a": {"$ref": "other.yaml"}}}, "Body"),
        ({"swagger": "2.0"}, "Body"),
    ],
)
def test_a_definition_that_is_elsewhere_is_told(tmp_path, body, why):
    found, inventory = resources(write(tmp_path, api(body)))
    assert methods(found) == {}
    assert [gap.types for gap in inventory.gaps] == [("AWS::ApiGateway::Method",)]
    assert why in inventory.gaps[0].message


def test_what_template_and_definition_both_say_is_unknown(tmp_path):
    policy = {"Version": "2012-10-17", "Statement": []}
    body = {**SWAGGER, "x-amazon-apigateway-policy": {**policy, "Statement": [{"Effect": "Deny"}]}}
    found, _ = resources(write(tmp_path, api(body, Policy=policy)))
    assert "both set it" in found["app/Api"].gap("Policy").message


def serverless(events, **more):
    fn = {"Type": "AWS::Serverless::Function",
          "Properties": {"Runtime": "python3.13", "Handler": "a.b", "InlineCode": "x", "Events": events}}  # fmt: skip
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Fn": fn, **more}}


@pytest.mark.parametrize(
    ("auth", "own", "wanted"),
    [
        ({}, {}, "NONE"),
        ({"DefaultAuthorizer": "Users", "Authorizers": {"Users": {"UserPoolArn": "arn:x"}}}, {}, "COGNITO_USER_POOLS"),
        ({"DefaultAuthorizer": "Users", "Authorizers": {"Users": {"UserPoolArn": "arn:x"}}},
         {"Authorizer": "NONE"}, "NONE"),
        ({"Authorizers": {"Own": {"FunctionArn": "arn:x"}}}, {"Authorizer": "Own"}, "CUSTOM"),
        ({"DefaultAuthorizer": "AWS_IAM"}, {}, "AWS_IAM"),
        ({"DefaultAuthorizer": "Gone"}, {}, "unknown"),
    ],
)  # fmt: skip
def test_who_is_asked_by_a_serverless_api(tmp_path, auth, own, wanted):
    event = {"Type": "Api", "Properties": {"Path": "/a", "Method": "get", "RestApiId": {"Ref": "Api"}, "Auth": own}}
    rest = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "live", "Auth": auth}}
    found, inventory = resources(write(tmp_path, serverless({"Get": event}, Api=rest), "app.json"))
    (method,) = methods(found).values()
    said = "unknown" if method.gap("AuthorizationType") else method.at("AuthorizationType")
    assert said == wanted
    assert inventory.gaps == []


def test_events_without_an_api_make_the_implicit_one(tmp_path):
    events = {
        "Get": {"Type": "Api", "Properties": {"Path": "/a", "Method": "any"}},
        "All": {"Type": "HttpApi"},
    }
    found, inventory = resources(write(tmp_path, serverless(events), "app.json"))
    assert set(methods(found)) == {"ANY /a"}
    assert [each.at("RouteKey") for each in found.values() if each.type == "AWS::ApiGatewayV2::Route"] == ["$default"]
    assert inventory.gaps == []
