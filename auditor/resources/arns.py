"""Which resource a text names: readers for `EdgeTo.take`."""

from __future__ import annotations

import re

from auditor.model import Json, ResourceType
from auditor.resources.permissions import prefix

_INVOKED = re.compile(r"/functions/(\$\{[^}]*\})")
_FUNCTION_ARN = re.compile(r"arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+")
# What a host name of Elastic Load Balancing may belong to.
BALANCERS = ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer")
_EXECUTE = re.compile(r"arn:[a-z-]+:execute-api:[^:]+:[^:]+:[A-Za-z0-9]+")


def host(value: Json) -> list[str]:
    """The host of a URL, for edges that follow one (a redacted password in it is no address to a URL parser)."""
    found = re.match(r"(?:[^/?#]*:)?//(?:[^/@]*@)?([^/?#]+)", value) if isinstance(value, str) else None
    return [found[1]] if found else []


def arn_tail(value: Json) -> list[str]:
    """The resource part of an ARN after its last `/` or `:`."""
    return [value.replace("/", ":").rsplit(":", 1)[-1]] if isinstance(value, str) and value else []


def function_arn(value: Json) -> list[str]:
    """The ARN of a Lambda function as it stands and without its version or alias, for edges that lead to one."""
    if not isinstance(value, str):
        return []
    parts = value.split(":")
    return [value, ":".join(parts[:7])] if parts[2:3] == ["lambda"] and len(parts) == 8 else [value]


def lambda_function(value: Json) -> list[str]:
    """The function meant by a reference: its ARN, or its name when no ARN is given.

    Versions and aliases (`...:function:name:live`) lead to the function itself, and so does the invocation URI
    that API Gateway wraps around it.
    """
    if not isinstance(value, str) or not value:
        return []
    whole = _FUNCTION_ARN.search(value)
    if whole:
        return [whole[0]]
    if named := _INVOKED.search(value):  # a reference of code inside the URI
        return [named[1]]
    words = value.split(":")
    return [words[words.index("function") + 1] if "function" in words[:-1] else words[0]]


def executed(value: Json) -> list[str]:
    """The API in an ARN of what it runs (`.../API/STAGE/METHOD/PATH`)."""
    found = _EXECUTE.match(value) if isinstance(value, str) else None
    return [found[0]] if found else []


def log_group(value: Json) -> list[str]:
    """A log group by its ARN, with or without the `:*` that AWS puts behind it."""
    return [value, value.removesuffix(":*")] if isinstance(value, str) else []


def caller_role(value: Json) -> list[str]:
    """The role with which a target is called; `arn:aws:iam::*:user/*` stands for whoever called the API."""
    return [value] if isinstance(value, str) and ":role/" in value else []


def kind_of_arn(arn: str) -> str:
    """The service and the kind of what an ARN names, as AWS's tagging API filters by (`rds:db`); of no ARN nothing.
    Some services have one kind only and leave it out, API Gateway names all the nouns of a path."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return ""
    service, rest = parts[2], parts[5]
    if service == "apigateway":
        return f"{service}:{'/'.join(rest.strip('/').split('/')[::2])}"
    words = re.split("[:/]", rest)
    if service == "wafv2":  # first whether it is for a region or for CloudFront
        words = words[1:]
    return f"{service}:{words[0]}" if len(words) > 1 else service


def kind_of_type(described: ResourceType) -> str:
    """What the ARNs of a type have for their kind: nearly always the type's own noun, else its row says it."""
    if described.arn_kind or "{" in described.arn:
        return plain_kind(described.arn_kind or kind_of_arn(_PLACEHOLDER.sub("x", described.arn)))
    return plain_kind(f"{prefix(described.service)}:{described.cfn.rpartition('::')[2]}")


_PLACEHOLDER = re.compile(r"\{[^}]*\}")


def plain_kind(kind: str) -> str:
    """A kind to compare by: AWS writes one noun as target-group, targetgroup and TargetGroup."""
    return kind.replace("-", "").lower()
