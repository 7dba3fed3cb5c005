"""REST APIs whose code says a part elsewhere: in a definition, in the resource itself, in blocks of their own."""

from __future__ import annotations

import json

import pytest

from auditor.sources import cloudformation, terraform
from auditor.sources.code_options import CodeOptions
from tests.resources.three_ways import REGION

OPTIONS = CodeOptions(region=REGION)
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}
DEFINED = ("EndpointConfiguration", "Policy", "DisableExecuteApiEndpoint", "ApiKeySourceType")


def written(tmp_path, code):
    (tmp_path / "main.tf").write_text(code)
    return {each.id.rpartition(".")[2]: each for each in terraform.read(tmp_path, OPTIONS).resources}


def templated(tmp_path, **properties):
    path = tmp_path / "template.json"
    path.write_text(json.dumps({"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": properties}}}))
    (found,) = cloudformation.read(path, OPTIONS).resources
    return found


def test_a_definition_may_say_what_code_does_not(tmp_path):
    """It may hold a policy, an endpoint and a switch (x-amazon-apigateway-...), so nothing is at its default."""
    code = 'resource "aws_api_gateway_rest_api" "api" {\n name = "x"\n body = jsonencode({ openapi = "3.0.1" })\n}'
    in_terraform = written(tmp_path, code)["api"]
    in_template = templated(tmp_path, Name="x", Body={"openapi": "3.0.1"}, DisableExecuteApiEndpoint=True)
    assert set(DEFINED) <= in_terraform.unknown.keys()
    assert {*DEFINED} - {"DisableExecuteApiEndpoint"} <= in_template.unknown.keys()
    assert in_template.properties["DisableExecuteApiEndpoint"] is True


def test_without_a_definition_silence_means_the_default(tmp_path):
    in_terraform = written(tmp_path, 'resource "aws_api_gateway_rest_api" "api" {\n name = "x"\n}')["api"]
    for found in (in_terraform, templated(tmp_path, Name="x")):
        assert not set(DEFINED) & found.unknown.keys()
        assert found.properties["EndpointConfiguration"]["Types"] == ["EDGE"]
        assert "Policy" not in found.properties


def test_terraform_says_a_policy_in_the_api_too(tmp_path):
    policy = f"jsonencode({json.dumps(DENY)})"
    found = written(tmp_path, f'resource "aws_api_gateway_rest_api" "api" {{\n name = "x"\n policy = {policy}\n}}')
    assert found["api"].properties["Policy"]["Statement"][0]["Effect"] == "Deny"


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_an_integration_finds_its_method_by_path_and_verb(tmp_path, verb):
    """Two methods have the same verb and two the same path; each gets its own integration."""
    blocks = []
    for name, path, method in (("a", "one", "GET"), ("b", "two", "GET"), ("c", "one", "POST")):
        where = f' rest_api_id = "api"\n resource_id = "{path}"\n http_method = "{method}"\n'
        blocks.append(f'resource "aws_api_gateway_method" "{name}" {{\n{where} authorization = "NONE"\n}}')
        kind = f' type = "HTTP_PROXY"\n uri = "http://{name}.example.com"\n'
        blocks.append(f'resource "aws_api_gateway_integration" "{name}" {{\n{where}{kind}}}')
    found = [
        each
        for each in written(tmp_path, "\n".join(blocks)).values()
        if each.type == "AWS::ApiGateway::Method" and each.properties["HttpMethod"] == verb
    ]
    uris = {each.address.rpartition(".")[2]: each.properties["Integration"]["Uri"] for each in found}
    assert uris == {name: f"http://{name}.example.com" for name in uris}
    assert len(uris) == (2 if verb == "GET" else 1)
