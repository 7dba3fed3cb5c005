"""What a listener does with a request, in one form: AWS answers more than its owner said, and some of it twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.model import Json

# Terraform's names in an action that spelling does not lead to CloudFormation's.
RENAMED = {
    "arn": "TargetGroupArn",
    "authenticate_cognito": "AuthenticateCognitoConfig",
    "authenticate_oidc": "AuthenticateOidcConfig",
    "duration": "DurationSeconds",
    "fixed_response": "FixedResponseConfig",
    "forward": "ForwardConfig",
    "redirect": "RedirectConfig",
    "stickiness": "TargetGroupStickinessConfig",
}
_LOGIN = {
    "OnUnauthenticatedRequest": "authenticate",
    "Scope": "openid",
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "SessionTimeout": "604800",
}
# What AWS takes where a member is left out, as the API reference has it.
_DEFAULTS: Mapping[str, Mapping[str, Json]] = {
    "AuthenticateCognitoConfig": _LOGIN,
    "AuthenticateOidcConfig": _LOGIN,
    "RedirectConfig": {
        "Host": "#{host}",
        "Path": "/#{path}",
        "Port": "#{port}",
        "Protocol": "#{protocol}",
        "Query": "#{query}",
    },
}
_SECRET = ("ClientSecret", "UseExistingClientSecret")  # only written, never answered


def tidy(value: Json) -> Json:
    """The actions in the order in which they are carried out; the numbers of that order are their ranks."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    ranked = sorted(enumerate(value, 1), key=lambda each: int(each[1].get("Order") or each[0]))
    if len(ranked) == 1:
        return [_action(value[0])]
    return [{**_action(each), "Order": rank} for rank, (_, each) in enumerate(ranked, 1)]


def _action(raw: Mapping[str, Any]) -> dict[str, Json]:
    out = {name: inner for name, inner in raw.items() if name != "Order" and inner is not None and inner != {}}
    for name, defaults in _DEFAULTS.items():
        if isinstance(out.get(name), Mapping):
            said = {
                key: inner for key, inner in out[name].items() if key not in _SECRET and inner not in (None, "", {})
            }
            if "SessionTimeout" in said:
                said["SessionTimeout"] = str(said["SessionTimeout"])
            out[name] = {**defaults, **said}
    return _forward(out)


def _forward(out: dict[str, Json]) -> dict[str, Json]:
    """One target group is named once; weights and stickiness stay where there are several, or where they work."""
    config = out.get("ForwardConfig")
    if not isinstance(config, Mapping):
        return out
    groups = config.get("TargetGroups") or []
    sticky = config.get("TargetGroupStickinessConfig") or {}
    if len(groups) == 1 and sticky.get("Enabled") is not True:
        rest = {name: inner for name, inner in out.items() if name != "ForwardConfig"}
        return {**rest, "TargetGroupArn": groups[0].get("TargetGroupArn")}
    # AWS asks for a weight of each; Terraform gives 1 where its code is silent.
    kept: dict[str, Json] = {"TargetGroups": [{"Weight": 1, **each} for each in groups]}
    if sticky.get("Enabled") is True:
        kept["TargetGroupStickinessConfig"] = dict(sticky)
    rest = {name: inner for name, inner in out.items() if name != "TargetGroupArn"}
    return {**rest, "ForwardConfig": kept}
