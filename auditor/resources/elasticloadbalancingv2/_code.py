"""What listeners and their rules do with a request, and when: one spelling for AWS's answer, templates and Terraform.

AWS answers a plain forward twice, as an ARN and as a list of one; templates say either. Here a forward is always the
list, with the weight that AWS gives where nobody says one, and actions stand in their order without a number. The
secret of a sign-in is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.terraform import camel, first, many

_REDIRECT = {"Host": "#{host}", "Path": "/#{path}", "Port": "#{port}", "Protocol": "#{protocol}", "Query": "#{query}"}
# What a sign-in does where nobody says it. A listener's template has the seconds as text, a rule's as a number.
_SIGN_IN = {
    "OnUnauthenticatedRequest": "authenticate",
    "Scope": "openid",
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "SessionTimeout": 604800,
}
_SECRETS = ("ClientSecret", "UseExistingClientSecret")
# The kinds of conditions: Terraform's block, CloudFormation's member, and the name of the field.
_FIELDS = {
    "host_header": ("HostHeaderConfig", "host-header"),
    "path_pattern": ("PathPatternConfig", "path-pattern"),
    "http_header": ("HttpHeaderConfig", "http-header"),
    "http_request_method": ("HttpRequestMethodConfig", "http-request-method"),
    "query_string": ("QueryStringConfig", "query-string"),
    "source_ip": ("SourceIpConfig", "source-ip"),
}
_BLOCKS = {
    "redirect": "RedirectConfig",
    "fixed_response": "FixedResponseConfig",
    "authenticate_oidc": "AuthenticateOidcConfig",
    "authenticate_cognito": "AuthenticateCognitoConfig",
}
_MEMBERS = {field: member for member, field in _FIELDS.values()}


def actions(value: Json) -> Json:
    """Actions in order, each in one form."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    ordered = sorted(value, key=lambda each: each.get("Order") or 0)
    return [_action({name: inner for name, inner in each.items() if name != "Order"}) for each in ordered]


def _action(said: dict[str, Json]) -> dict[str, Json]:
    if said.get("Type") == "forward":
        return {"Type": "forward", "ForwardConfig": _forward(said)}
    for name, inner in list(said.items()):
        if name.startswith("Authenticate") and isinstance(inner, Mapping):
            kept = {key: each for key, each in inner.items() if key not in _SECRETS and each not in (None, {})}
            said[name] = {**_SIGN_IN, **kept, "SessionTimeout": int(kept.get("SessionTimeout", 604800))}
    if isinstance(said.get("RedirectConfig"), Mapping):
        said["RedirectConfig"] = {**_REDIRECT, **said["RedirectConfig"]}
    return said


def _forward(said: Mapping[str, Json]) -> dict[str, Json]:
    config = said.get("ForwardConfig") or {}
    groups = config.get("TargetGroups") or [{"TargetGroupArn": said.get("TargetGroupArn")}]
    out: dict[str, Json] = {"TargetGroups": [{"Weight": 1, **each} for each in groups]}
    sticky = config.get("TargetGroupStickinessConfig") or {}
    if sticky.get("Enabled"):
        out["TargetGroupStickinessConfig"] = dict(sticky)
    return out


def forwarded(group: Json) -> list[str]:
    """The target group to which an action forwards; one of weight zero is given nothing."""
    if not isinstance(group, Mapping) or str(group.get("Weight", 1)) == "0":
        return []
    name = group.get("TargetGroupArn")
    return [name] if isinstance(name, str) else []


def conditions(value: Json) -> Json:
    """Conditions, each with its values inside the member that is named after its field."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    out = []
    for each in value:
        member = _MEMBERS.get(str(each.get("Field")), "")
        config = each.get(member) or ({"Values": each["Values"]} if each.get("Values") else {})
        kept = {name: _ordered(inner) for name, inner in config.items() if inner not in (None, [])}
        out.append({"Field": each.get("Field"), member: kept} if member else dict(each))
    return sorted(out, key=lambda each: str(each.get("Field")))


def _ordered(values: Json) -> Json:
    """Any one of the values is enough, so that their order means nothing."""
    return sorted(values, key=str) if isinstance(values, list) else values


def terraform_actions(value: Json) -> Json:
    """Action blocks in a template's form."""
    return [_terraform_action(each) for each in many(value) if isinstance(each, Mapping)] or ABSENT


def _terraform_action(block: Mapping[str, Json]) -> dict[str, Json]:
    out: dict[str, Json] = {"Type": block.get("type"), "Order": block.get("order")}
    forward = first(block.get("forward"))
    if isinstance(forward, Mapping):
        out["ForwardConfig"] = _terraform_forward(forward)
    elif block.get("target_group_arn"):
        out["TargetGroupArn"] = block["target_group_arn"]
    for name, member in _BLOCKS.items():
        inner = first(block.get(name))
        if isinstance(inner, Mapping):
            out[member] = camel(inner)
    return {key: inner for key, inner in out.items() if inner is not None}


def _terraform_forward(block: Mapping[str, Json]) -> dict[str, Json]:
    groups = [
        {
            "TargetGroupArn": each.get("arn"),
            **({"Weight": each["weight"]} if each.get("weight") is not None else {}),
        }
        for each in many(block.get("target_group"))
    ]
    sticky = first(block.get("stickiness"))
    out: dict[str, Json] = {"TargetGroups": groups}
    if isinstance(sticky, Mapping):
        enabled = sticky.get("enabled") in (True, "true")
        out["TargetGroupStickinessConfig"] = {"Enabled": enabled, "DurationSeconds": sticky.get("duration")}
    return out


def terraform_conditions(value: Json) -> Json:
    """Condition blocks in a template's form; each holds one block named after its kind."""
    out = []
    for block in many(value):
        for name, (member, field) in _FIELDS.items():
            inner = many(block.get(name)) if isinstance(block, Mapping) else []
            if inner:
                config = {"Values": [camel(each) for each in inner]} if name == "query_string" else camel(inner[0])
                out.append({"Field": field, member: config})
    return out or ABSENT
