"""Answers of API Gateway's first API, which spells everything in its own way, in CloudFormation's shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.model import ABSENT, Json
from auditor.resources.shapes import parse_json, pick


def policy(value: Json) -> Json:
    """A resource policy; AWS answers with the inside of a JSON text, its quotation marks still escaped."""
    if isinstance(value, str) and value.startswith('{\\"'):
        value = json.loads(f'"{value}"')
    return parse_json(value) or ABSENT


def endpoint(value: Json) -> Json:
    """Where an API can be called. Which endpoints are told of it only makes names for them; their order is nothing."""
    found = pick(value, Types="types", VpcEndpointIds="vpcEndpointIds", IpAddressType="ipAddressType")
    return tidy_endpoint(found)


def tidy_endpoint(value: Json) -> Json:
    """Dual stack is what a private API always has and IPv4 what the others have when nothing is said."""
    if not isinstance(value, Mapping):
        return value
    kinds = value.get("Types") or ["EDGE"]
    usual = "dualstack" if kinds == ["PRIVATE"] else "ipv4"
    out = {"Types": kinds, "IpAddressType": value.get("IpAddressType") or usual}
    names = value.get("VpcEndpointIds")
    return {**out, "VpcEndpointIds": sorted(names) if _texts(names) else names} if names else out


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_SETTINGS = {
    "CacheDataEncrypted": "cacheDataEncrypted",
    "CacheTtlInSeconds": "cacheTtlInSeconds",
    "CachingEnabled": "cachingEnabled",
    "DataTraceEnabled": "dataTraceEnabled",
    "LoggingLevel": "loggingLevel",
    "MetricsEnabled": "metricsEnabled",
    "ThrottlingBurstLimit": "throttlingBurstLimit",
    "ThrottlingRateLimit": "throttlingRateLimit",
}


def method_settings(value: Json) -> Json:
    """The settings of methods by `PATH/METHOD`, in which the slashes of the path are written `~1`."""
    return tidy_settings(
        [{**_place(key), **pick(each, **_SETTINGS)} for key, each in (value or {}).items() if isinstance(each, Mapping)]
    )


def _place(key: str) -> dict[str, str]:
    path, _, method = key.rpartition("/")
    return {"ResourcePath": _path(path), "HttpMethod": method}


def _path(text: str) -> str:
    return "/" + text.replace("~1", "/").lstrip("/")


def tidy_settings(value: Json) -> Json:
    """In the order of their places, with numbers that mean the same written the same; templates may write `~1` too."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    return sorted((_setting(each) for each in value), key=lambda each: (each["ResourcePath"], each["HttpMethod"]))


def _setting(value: Mapping[str, Json]) -> dict[str, Json]:
    out = {**_USUAL, **{key: inner for key, inner in value.items() if inner is not None}}
    out["ThrottlingRateLimit"] = float(out["ThrottlingRateLimit"])
    return {
        **out,
        "ResourcePath": _path(str(value.get("ResourcePath", ""))),
        "HttpMethod": value.get("HttpMethod", "*"),
    }


# What AWS fills in where a setting of a place says one thing and not the others.
_USUAL: Mapping[str, Json] = {
    "CacheDataEncrypted": False,
    "CacheTtlInSeconds": 300,
    "CachingEnabled": False,
    "DataTraceEnabled": False,
    "LoggingLevel": "OFF",
    "MetricsEnabled": False,
    "ThrottlingBurstLimit": 5000,
    "ThrottlingRateLimit": 10000.0,
}


def methods(value: Json) -> Iterator[dict[str, Json]]:
    """The methods of every resource, which AWS answers inside the resources."""
    for resource in value or ():
        for name, method in (resource.get("resourceMethods") or {}).items():
            yield {
                **method,
                "resourceId": resource.get("id"),
                "path": resource.get("path"),
                "httpMethod": method.get("httpMethod") or name,
            }


def integration(value: Json) -> Json:
    """What a method calls, without the templates and parameters in which people keep keys."""
    found = pick(
        value,
        Type="type",
        IntegrationHttpMethod="httpMethod",
        Uri="uri",
        ConnectionType="connectionType",
        ConnectionId="connectionId",
        Credentials="credentials",
        TimeoutInMillis="timeoutInMillis",
        IntegrationTarget="integrationTarget",
    )
    return tidy_integration(found)


def tidy_integration(value: Json) -> Json:
    """AWS's own choice where nothing is said: over the Internet, after at most 29 seconds."""
    if not isinstance(value, Mapping):
        return value
    kept = {key: inner for key, inner in value.items() if key in INTEGRATION and inner not in (None, "")}
    if kept.get("Type") == "MOCK":
        return {"Type": "MOCK"}
    return {"ConnectionType": "INTERNET", "TimeoutInMillis": 29000, **kept}


INTEGRATION = (
    "Type",
    "IntegrationHttpMethod",
    "Uri",
    "ConnectionType",
    "ConnectionId",
    "Credentials",
    "TimeoutInMillis",
    "IntegrationTarget",
)


_HEADER = "method.response.header.access-control-"


def cors_headers(value: Json) -> list[Json]:
    """The headers by which a method tells browsers who may call, out of an integration's responses.

    Their values are constants in single quotes, or say where the backend's answer has them; a list of words is a set.
    Other parameters of a response are not read: people keep anything in them.
    """
    responses = value.values() if isinstance(value, Mapping) else value or ()
    found: dict[str, Json] = {}
    for response in responses:
        said = response.get("responseParameters") or response.get("ResponseParameters") or {}
        for name, text in said.items():
            if name.lower().startswith(_HEADER):
                found[name.rpartition(".")[2].title()] = _constant(text)
    return [{"Name": name, "Values": values} for name, values in sorted(found.items())]


def _constant(text: Json) -> Json:
    if not isinstance(text, str) or not (len(text) > 1 and text[0] == text[-1] == "'"):
        return [text]
    return sorted({word.strip() for word in text[1:-1].split(",")})


def tidy_headers(value: Json) -> Json:
    """By their names, each once."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) and "Name" in each for each in value):
        return value
    return [found for _, found in sorted({each["Name"]: each for each in value}.items())]


def tidy_stages(value: Json) -> Json:
    """The stages that a usage plan is for, without the limits of single methods."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    return sorted((pick(each, "ApiId", "Stage") for each in value), key=lambda each: sorted(map(str, each.values())))


def stages(value: Json) -> list[str]:
    """A stage of a usage plan by its API and name; code may refer to it."""
    api, stage = (
        (str((value or {}).get(name)) for name in ("ApiId", "Stage")) if isinstance(value, Mapping) else ("", "")
    )
    return [stage] if stage.startswith("${") else [f"{api}/{stage}"]
