"""The definition of an API (OpenAPI 2 or 3 with AWS's extensions) as the methods, routes and integrations it makes.

API Gateway imports the definition and makes these of it; nothing of them is a resource of the template. Each is
declared here as if it were one, under the API's name, with what the definition says of it. What is said of the API
itself becomes its property, unless the template says it too: then only AWS knows which of the two counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.bounded import Lined
from auditor.model import Json
from auditor.sources.cloudformation.stack import Declared
from auditor.sources.cloudformation.texts import Unresolved

REST, HTTP = "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"
BODIES = ("Body", "BodyS3Location")
_ANY = "x-amazon-apigateway-any-method"
_VERBS = {**{verb: verb.upper() for verb in ("get", "put", "post", "delete", "options", "head", "patch")}, _ANY: "ANY"}
_INTEGRATION, _AUTHORIZER = "x-amazon-apigateway-integration", "x-amazon-apigateway-authorizer"
_KINDS = {"cognito_user_pools": "COGNITO_USER_POOLS", "token": "CUSTOM", "request": "CUSTOM", "jwt": "JWT"}
_TYPES = {"awssigv4": "AWS_IAM", "cognito_user_pools": "COGNITO_USER_POOLS", "custom": "CUSTOM", "oauth2": "JWT"}
_MOST = 2_000


def with_definition(api: Declared) -> Iterator[Declared]:
    """The API, without its definition where that was read, and all that the definition makes."""
    body = _definition(api)
    if body is None:
        yield api
        return
    yield replace(api, properties=_of_the_api(api, body))
    for number, (path, verb, said) in enumerate(_operations(body)):
        if number >= _MOST:
            break
        yield from (_method if api.type == REST else _route)(api, body, path, verb, said)


def _definition(api: Declared) -> Mapping[str, Json] | None:
    """The definition, where all its paths are known; of a macro or a file elsewhere they are not."""
    if api.type not in (REST, HTTP) or not isinstance(api.properties, dict):
        return None
    given = [api.properties[name] for name in BODIES if name in api.properties]
    body = given[0] if len(given) == 1 else None
    if isinstance(body, str):
        body = api.stack.included(body)  # API Gateway evaluates no functions in it
    paths = body.get("paths") if isinstance(body, dict) else None
    if not isinstance(paths, dict) or not all(isinstance(each, dict) and "$ref" not in each for each in paths.values()):
        return None
    return body if isinstance(body, dict) and len(list(_operations(body))) <= _MOST else None


def _operations(body: Mapping[str, Json]) -> Iterator[tuple[str, str, Mapping[str, Json]]]:
    for path, verbs in body["paths"].items():
        for word, said in verbs.items():
            if str(word).lower() in _VERBS:
                yield str(path), _VERBS[str(word).lower()], said if isinstance(said, dict) else {}


# ---- what is said of the API itself


def _of_the_api(api: Declared, body: Mapping[str, Json]) -> Json:
    out = Lined(api.properties)
    for name in BODIES:
        out.pop(name, None)
    for name, found in _said(api.type, body):
        both = "the template and the definition of the API both set it, to different values"
        differs = name in out and out[name] != found
        out[name] = out[name] if differs and name == "Name" else Unresolved(both) if differs else found
    return out


def _said(kind: str, body: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    info, at = body.get("info"), "x-amazon-apigateway-endpoint-configuration"
    ends = body.get(at) or next((each.get(at) for each in _objects(body.get("servers")) if each.get(at)), None)
    if isinstance(info, dict) and isinstance(info.get("title"), str):
        yield "Name", info["title"]
    if isinstance(ends, dict) and "disableExecuteApiEndpoint" in ends:
        yield "DisableExecuteApiEndpoint", ends["disableExecuteApiEndpoint"]
    if kind == REST:
        if isinstance(ends, dict) and ends.get("vpcEndpointIds"):
            yield "EndpointConfiguration", {"Types": ["PRIVATE"], "VpcEndpointIds": ends["vpcEndpointIds"]}
        for key, name in (("policy", "Policy"), ("api-key-source", "ApiKeySourceType")):
            if f"x-amazon-apigateway-{key}" in body:
                yield name, body[f"x-amazon-apigateway-{key}"]
    elif "x-amazon-apigateway-cors" in body:
        yield "CorsConfiguration", _camel(body["x-amazon-apigateway-cors"])


# ---- what is called


def _method(
    api: Declared, body: Mapping[str, Json], path: str, verb: str, said: Mapping[str, Json]
) -> Iterator[Declared]:
    found: dict[str, Json] = {
        "RestApiId": "${" + api.address + "}",
        "HttpMethod": verb,
        "Path": path,
        **_asked(body, said, api.type),
    }
    integration = _integration(body, said)
    if isinstance(integration, dict):
        answers = integration.get("responses")
        shaped = {
            "Type": _upper(integration.get("type")),
            "Uri": integration.get("uri"),
            "IntegrationHttpMethod": integration.get("httpMethod"),
            "Credentials": integration.get("credentials"),
            "ConnectionType": integration.get("connectionType"),
            "ConnectionId": integration.get("connectionId"),
            "IntegrationResponses": [
                {"StatusCode": each.get("statusCode"), "ResponseParameters": each.get("responseParameters", {})}
                for each in _objects(list(answers.values()) if isinstance(answers, dict) else [])
            ],
        }
        found["Integration"] = {name: value for name, value in shaped.items() if value not in (None, [])}
    elif integration is not None:
        found["Integration"] = integration
    yield _part(api, f"{verb} {path}", "AWS::ApiGateway::Method", found)


def _route(
    api: Declared, body: Mapping[str, Json], path: str, verb: str, said: Mapping[str, Json]
) -> Iterator[Declared]:
    key = "$default" if path in ("$default", "/$default") else f"{verb} {path}"
    found = {"ApiId": "${" + api.address + "}", "RouteKey": key, **_asked(body, said, api.type)}
    integration = _integration(body, said)
    if isinstance(integration, dict):
        shaped = {
            "ApiId": found["ApiId"],
            "IntegrationType": _upper(integration.get("type")),
            "IntegrationUri": integration.get("uri"),
            "IntegrationMethod": integration.get("httpMethod"),
            "IntegrationSubtype": integration.get("subtype"),
            "PayloadFormatVersion": integration.get("payloadFormatVersion"),
            "CredentialsArn": integration.get("credentials"),
            "ConnectionType": integration.get("connectionType"),
            "ConnectionId": integration.get("connectionId"),
        }
        made = _part(api, f"{key} integration", "AWS::ApiGatewayV2::Integration",
                     {name: value for name, value in shaped.items() if value is not None})  # fmt: skip
        yield made
        found["Target"] = "integrations/${" + made.address + "}"
    elif integration is not None:
        found["Target"] = integration
    yield _part(api, key, "AWS::ApiGatewayV2::Route", found)


def _part(api: Declared, called: str, kind: str, properties: Mapping[str, Json]) -> Declared:
    """A resource of its own below the API; braces and dots would be taken for a reference there."""
    word = called.translate(str.maketrans("{}.", "<>_")).replace("$", "")
    return Declared(api.stack, f"{api.logical}/{word}", kind, Lined(properties), Lined(), api.line, api.doubt)


def _integration(body: Mapping[str, Json], said: Mapping[str, Json]) -> Json:
    """The integration of an operation, which may stand among the components."""
    found = said.get(_INTEGRATION)
    if isinstance(found, dict) and isinstance(found.get("$ref"), str):
        inner: Json = body
        for word in found["$ref"].removeprefix("#/").split("/"):
            inner = inner.get(word) if isinstance(inner, dict) else None
        return inner if isinstance(inner, dict) else Unresolved(f"{found['$ref'][:80]} is not in the definition")
    return found


# ---- who is asked


def _asked(body: Mapping[str, Json], said: Mapping[str, Json], kind: str) -> dict[str, Json]:
    """The kind of authorization; a scheme that only names a key asks for an API key."""
    own = said.get("x-amazon-apigateway-auth")
    if isinstance(own, dict) and isinstance(own.get("type"), str):
        return {"AuthorizationType": own["type"].upper()}
    asked = said.get("security", body.get("security", []))
    if isinstance(asked, Unresolved):
        return {"AuthorizationType": asked}
    names = {str(name): scopes for each in _objects(asked) for name, scopes in each.items()}
    schemes = body.get("securityDefinitions")
    components = body.get("components")
    if not isinstance(schemes, dict):
        schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    out: dict[str, Json] = {}
    for name, scopes in names.items():
        scheme = schemes.get(name) if isinstance(schemes, dict) else None
        asks = _kind_of(scheme, kind) if isinstance(scheme, dict) else None
        if asks == "key":
            out["ApiKeyRequired"] = True
        elif asks is not None:
            out["AuthorizationType"] = asks
            if scopes and isinstance(scopes, list):
                out["AuthorizationScopes"] = scopes
        elif name != "NONE":
            out["AuthorizationType"] = Unresolved(f"the definition does not describe the authorizer {name[:80]}")
    return out


def _kind_of(scheme: Mapping[str, Json], api: str) -> Json:
    """What a scheme of a definition asks for; None for one that API Gateway makes no authorizer of."""
    authorizer, called = scheme.get(_AUTHORIZER), scheme.get("x-amazon-apigateway-authtype")
    if isinstance(authorizer, Unresolved) or isinstance(called, Unresolved):
        return authorizer if isinstance(authorizer, Unresolved) else called
    if isinstance(authorizer, dict) and isinstance(authorizer.get("type"), str):
        return _KINDS.get(authorizer["type"].lower())
    if isinstance(called, str) and called.lower() in _TYPES:
        return _TYPES[called.lower()]
    if api == REST and scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key":
        return "key"
    return None


# ---- spellings


def _objects(value: Json) -> list[Mapping[str, Json]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _upper(value: Json) -> Json:
    return value.upper() if isinstance(value, str) else value


def _camel(value: Json) -> Json:
    return {name[:1].upper() + name[1:]: each for name, each in value.items()} if isinstance(value, dict) else value
