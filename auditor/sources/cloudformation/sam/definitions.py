"""The definition that the serverless transform puts together for an API: its own, and the events that are its methods.

Written from the specification of SAM: every `Api` or `HttpApi` event of the template that names the API (or names none,
for the implicit one) is an operation that invokes the event's function; authorizers and CORS come from the API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.model import Json
from auditor.sources.cloudformation.sam.functions import invoked
from auditor.sources.cloudformation.sam.made import Made, Making, arn, attribute, call, extra
from auditor.sources.cloudformation.texts import Unresolved

_ANY = "x-amazon-apigateway-any-method"
_VERBS = ("get", "put", "post", "delete", "options", "head", "patch")
_BY = {"Api": "RestApiId", "HttpApi": "ApiId"}


@dataclass(frozen=True, slots=True)
class Called:
    """An event of a function, or of a state machine, that is an operation of an API."""

    owner: str
    word: str
    given: Mapping[str, Json]

    @property
    def operation(self) -> tuple[str, str] | None:
        """Its path and method; none where a function of CloudFormation says them."""
        path, method = self.given.get("Path", "$default"), self.given.get("Method", "any")
        return (path, method.lower()) if isinstance(path, str) and isinstance(method, str) else None


def called(making: Making, api: str, kind: str, implicit: bool) -> list[Called]:
    """The events of one kind that name an API; `implicit`: that name none."""
    found = []
    for owner in making.resources:
        own = making.kind(owner)
        if own not in ("AWS::Serverless::Function", "AWS::Serverless::StateMachine"):
            continue
        events = making.properties(owner).get("Events")
        for word, event in (events if isinstance(events, dict) else {}).items():
            given = event.get("Properties", {}) if isinstance(event, dict) and event.get("Type") == kind else None
            to = given.get(_BY[kind]) if isinstance(given, dict) else None
            named = to.get("Ref") if isinstance(to, dict) else to
            if isinstance(given, dict) and (named == api or (implicit and to is None)):
                found.append(Called(owner, str(word), given))
    return found


def definition(making: Making, api: str, kind: str, given: Mapping[str, Json], implicit: bool = False) -> Json:
    """The Body of an API: a definition in the template with the events laid into it."""
    own = given.get("DefinitionBody")
    events = called(making, api, kind, implicit)
    if own is not None and (not isinstance(own, dict) or "paths" not in own or call(own["paths"])):
        return Unresolved("events and a definition from elsewhere are laid together") if events else own
    body, auth = _mapping(own), _mapping(given.get("Auth"))
    paths = {path: dict(said) if isinstance(said, dict) else said for path, said in _mapping(body.get("paths")).items()}
    for event in events:
        where = event.operation
        if where is None:
            return Unresolved(f"an intrinsic function gives the path of the event {event.word} of {event.owner}")
        said = paths.setdefault(where[0], {})
        if isinstance(said, dict):
            said.setdefault(_ANY if where[1] in ("any", _ANY) else where[1], _operation(making, event, kind, auth))
    _allow_origins(paths, given, kind)
    for path, method, said in _operations(paths):
        own_auth = next((each.given.get("Auth") for each in events if each.operation == (path, _word(method))), None)
        if "security" not in said:
            said.update(_security(auth, _mapping(own_auth), kind))
    title = {"info": {"title": {"Ref": "AWS::StackName"}}} if own is None else {}
    return {
        **title,
        **body,
        **_cors_of_http(given, kind),
        "paths": paths,
        **_with_schemes(body, _schemes(auth, kind), kind),
    }


def _with_schemes(body: Mapping[str, Json], schemes: Mapping[str, Json], kind: str) -> dict[str, Json]:
    if kind == "Api":
        return {"securityDefinitions": {**_mapping(body.get("securityDefinitions")), **schemes}}
    components = _mapping(body.get("components"))
    return {"components": {**components, "securitySchemes": {**_mapping(components.get("securitySchemes")), **schemes}}}


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _word(method: str) -> str:
    return "any" if method == _ANY else method


def _operations(paths: Mapping[str, Json]) -> Iterator[tuple[str, str, dict[str, Json]]]:
    for path, verbs in paths.items():
        for method, said in (verbs if isinstance(verbs, dict) else {}).items():
            if method in (_ANY, *_VERBS) and isinstance(said, dict):
                yield path, method, said


def _operation(making: Making, event: Called, kind: str, of_api: Mapping[str, Json]) -> dict[str, Json]:
    """What is called. A state machine is started in a role that the transform makes for the event."""
    if making.kind(event.owner) == "AWS::Serverless::StateMachine":
        uri: Json = {"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution"}
        role = attribute(f"{event.owner}{event.word}Role")
        return {"x-amazon-apigateway-integration": {
            "type": "aws", "httpMethod": "POST", "uri": uri, "credentials": role}}  # fmt: skip
    target = invoked(event.owner, {}, making.properties(event.owner)).arn
    functions = "lambda:path/2015-03-31/functions"
    uri = {"Fn::Sub": ["arn:${AWS::Partition}:apigateway:${AWS::Region}:" + functions + "/${Function}/invocations",
                       {"Function": target}]}  # fmt: skip
    integration: dict[str, Json] = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    auth = _mapping(event.given.get("Auth"))
    role = auth.get("InvokeRole", of_api.get("InvokeRole"))
    if kind == "HttpApi":
        integration["payloadFormatVersion"] = event.given.get("PayloadFormatVersion", "2.0")
    elif auth.get("Authorizer", of_api.get("DefaultAuthorizer")) == "AWS_IAM" and role is None:
        integration["credentials"] = "arn:aws:iam::*:user/*"
    elif role not in (None, "NONE", "CALLER_CREDENTIALS"):
        integration["credentials"] = role
    return {"x-amazon-apigateway-integration": integration}


# ---- who is asked


def _security(auth: Mapping[str, Json], event: Mapping[str, Json], kind: str) -> dict[str, Json]:
    """The authorizer of an operation: its own, else the API's default; `NONE` says that nobody is asked."""
    name = event.get("Authorizer", auth.get("DefaultAuthorizer"))
    asked: list[Json] = []
    if isinstance(name, str) and name != "NONE":
        scopes = event.get("AuthorizationScopes", _authorizer(auth, name).get("AuthorizationScopes"))
        asked.append({name: scopes if isinstance(scopes, list) else []})
    elif name is not None and not isinstance(name, str):
        return {"security": Unresolved("an intrinsic function gives the name of the authorizer")}
    key = event.get("ApiKeyRequired", auth.get("ApiKeyRequired"))
    if key in (True, "true") and kind == "Api":
        asked.append({"api_key": []})
    return {"security": asked} if asked else {}


def _authorizers(auth: Mapping[str, Json]) -> Mapping[str, Json]:
    return _mapping(auth.get("Authorizers"))


def _authorizer(auth: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    return _mapping(_authorizers(auth).get(name))


def _schemes(auth: Mapping[str, Json], kind: str) -> dict[str, Json]:
    schemes: dict[str, Json] = {
        "AWS_IAM": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"},
        "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
    }
    for name in _authorizers(auth):
        said = _authorizer(auth, name)
        if kind == "Api":
            sort = "cognito_user_pools" if "UserPoolArn" in said else "token" if "FunctionArn" in said else ""
        else:
            sort = "jwt" if "JwtConfiguration" in said else "request" if "FunctionArn" in said else ""
        if sort:
            schemes[name] = {"x-amazon-apigateway-authorizer": {"type": sort}}
    return schemes


def permissions(entry: Mapping[str, Json], name: str, given: Mapping[str, Json], kind: str) -> Made:
    """What lets the API call the functions that are its authorizers."""
    auth = _mapping(given.get("Auth"))
    for word in _authorizers(auth):
        said = _authorizer(auth, word)
        own = said.get("DisableFunctionDefaultPermissions") in (True, "true") or "FunctionInvokeRole" in said
        if kind == "HttpApi":
            own = said.get("EnableFunctionDefaultPermissions") not in (True, "true")
        if "FunctionArn" in said and not own:
            source = arn("execute-api", "${__ApiId__}/authorizers/*", __ApiId__={"Ref": name})
            yield f"{name}{word}AuthorizerPermission", extra(entry, "AWS::Lambda::Permission", {
                "Action": "lambda:InvokeFunction", "FunctionName": said["FunctionArn"],
                "Principal": "apigateway.amazonaws.com", "SourceArn": source})  # fmt: skip


# ---- CORS


def _cors_of_http(given: Mapping[str, Json], kind: str) -> dict[str, Json]:
    """An HTTP API answers OPTIONS for all its routes."""
    cors = given.get("CorsConfiguration")
    if kind != "HttpApi" or cors in (None, False, "false"):
        return {}
    if isinstance(cors, dict) and not call(cors):
        cors = {name[:1].lower() + name[1:]: value for name, value in cors.items()}
    return {"x-amazon-apigateway-cors": {"allowOrigins": ["*"]} if cors in (True, "true") else cors}


def _allow_origins(paths: dict[str, Json], given: Mapping[str, Json], kind: str) -> None:
    """Each path of a REST API answers OPTIONS by itself."""
    cors = given.get("Cors")
    if kind != "Api" or cors is None:
        return
    said: Mapping[str, Json] = cors if isinstance(cors, dict) and not call(cors) else {"AllowOrigin": cors}
    for verbs in paths.values():
        if not isinstance(verbs, dict) or "options" in verbs or _ANY in verbs:
            continue
        every = ",".join(sorted({*(each.upper() for each in verbs if each in _VERBS), "OPTIONS"}))
        headers = {"AllowMethods": f"'{every}'", **{k: v for k, v in said.items() if k.startswith("Allow")}}
        answer = {
            f"method.response.header.Access-Control-Allow-{key.removeprefix('Allow')}": value
            for key, value in headers.items()
        }
        verbs["options"] = {"x-amazon-apigateway-integration": {
            "type": "mock", "responses": {"default": {"statusCode": "200", "responseParameters": answer}}}}  # fmt: skip
        if _mapping(given.get("Auth")).get("AddDefaultAuthorizerToCorsPreflight") in (False, "false"):
            verbs["options"]["security"] = []
