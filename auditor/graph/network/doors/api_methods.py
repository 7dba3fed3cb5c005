"""What of an API is called: its methods or routes, the ARNs under which policies speak of them, and who is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from auditor.graph.build import Graph
from auditor.graph.network.doors.policies import Question, segments
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden
from auditor.model import Gap, Resource

# By the type of an API: its stages, and what is called of it.
PARTS = {w.REST_API: (w.REST_STAGE, w.METHOD), w.HTTP_API: (w.HTTP_STAGE, w.ROUTE)}
APIS = tuple(PARTS)
_ASKED = {
    "NONE": "no authentication",
    "AWS_IAM": "authorization by IAM",
    "COGNITO_USER_POOLS": "authorization by a Cognito user pool",
    "CUSTOM": "authorization by a Lambda authorizer",
    "JWT": "authorization by a JWT",
}
# Here a policy without a fitting statement refuses no caller: its own policy, or the authorizer's answer, is enough.
_SILENCE = ("AWS_IAM", "CUSTOM")
_VERBS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_PARAMETER, _GREEDY = re.compile(r"{[^}+]*}"), re.compile(r"{[^}]*[+]}")


def parts_of(graph: Graph, api: Resource, part: Resource | None) -> list[Resource]:
    return [part] if part else [each for _, each in graph.tails(api, "part-of", PARTS[api.type][1])]


def named(part: Resource) -> str:
    return str(part.known("RouteKey") or f"{part.known('HttpMethod', 'ANY')} {part.known('Path', '/*')}")


def stages(graph: Graph, api: Resource) -> list[str]:
    """The names of an API's stages; any, where they could not be read."""
    found = graph.tails(api, "part-of", PARTS[api.type][0])
    return [str(each.known("StageName", "*")) for _, each in found] or ["*"]


def runs(api: Resource) -> str:
    """The ARN under which policies speak of calling an API."""
    partition = api.arn.split(":")[1] if api.arn.startswith("arn:") else "aws"
    return f"arn:{partition}:execute-api:{api.region}:{api.account}:{api.id}"


def runs_of(api: Resource, part: Resource, stage: str, fillings: Iterable[str]) -> list[str]:
    """The ARNs of a method or route, for each verb that it takes and for each segment that a parameter may stand for.

    A parameter is one segment of a path (`{id}`); only a greedy one (`{proxy+}`) takes several.
    """
    verb, space, path = named(part).partition(" ")
    verbs = _VERBS if verb == "ANY" else (verb,)
    paths = {_PARAMETER.sub(each, _GREEDY.sub("*", path.lstrip("/"))) for each in fillings}
    return [f"{runs(api)}/{stage}/{each}{f'/{rest}' if space else ''}" for each in verbs for rest in sorted(paths)]


def unread_parts(parts: Iterable[Resource]) -> tuple[Gap, ...]:
    """What leaves open which methods are called, or who is asked."""
    names = ("RouteKey", "HttpMethod", "Path", "AuthorizationType")
    return tuple(gap for each in parts for gap in hidden(each, *names))


def questions(graph: Graph, api: Resource, parts: Iterable[Resource], document: Any) -> list[Question]:
    """What of the API is called. Where its methods could not be read it may be any, asking anybody."""
    found = [
        Question(arn, each.known("AuthorizationType") in _SILENCE)
        for each in parts
        for stage in stages(graph, api)
        for arn in runs_of(api, each, stage, segments(document))
    ]
    return list(dict.fromkeys(found)) or [Question(f"{runs(api)}/*")]


def asked_words(api: Resource, parts: Iterable[Resource], most: int = 3) -> Iterable[str]:
    """Who is asked, for whom: `GET /orders, POST /orders of shop: no authentication`."""
    groups: dict[str, list[str]] = {}
    for part in parts:
        kind = str(part.known("AuthorizationType", "NONE"))
        words = _ASKED.get(kind, f"authorization of type {kind}")
        if hidden(part, "AuthorizationType"):
            words = "its authorization type was not read"
        if part.known("ApiKeyRequired"):
            words += ", with an API key"
        groups.setdefault(words, []).append(named(part))
    for words, names in sorted(groups.items()):
        more = f" and {len(names) - most} more" if len(names) > most else ""
        yield f"{', '.join(sorted(names)[:most])}{more} of {api.label}: {words}"
