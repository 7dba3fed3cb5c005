"""Cognito: moto answers with what it was told, AWS also with what it chose where nothing was said."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects, shelf

_CHOSEN = {
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
    "DeletionProtection": "INACTIVE",
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "MfaConfiguration": "OFF",
    "UserPoolTier": "ESSENTIALS",
}


@corrects("cognito-idp", "DescribeUserPool")
def describe_user_pool(call: Call, ask: Ask) -> dict[str, Any]:
    pool = ask(call)["UserPool"]
    pool["Policies"].setdefault("SignInPolicy", {"AllowedFirstAuthFactors": ["PASSWORD"]})
    return {"UserPool": {**_CHOSEN, **pool}}


@corrects("cognito-identity", "SetIdentityPoolRoles")
def set_roles(call: Call, ask: Ask) -> dict[str, Any]:
    kept = {key: inner for key, inner in call.params.items() if key != "IdentityPoolId"}
    shelf(call, "roles")[call.params["IdentityPoolId"]] = kept
    return {}


@corrects("cognito-identity", "GetIdentityPoolRoles")
def roles(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto has no roles of pools: AWS answers with the pool alone where none are set."""
    pool = call.params["IdentityPoolId"]
    return {"IdentityPoolId": pool, **shelf(call, "roles").get(pool, {})}


@corrects("cognito-identity", "CreateIdentityPool", "UpdateIdentityPool", "DescribeIdentityPool")
def identity_pool(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto forgets whether clients may choose the role themselves; an update that does not say so takes it back."""
    pool = ask(call)
    if not call.operation.startswith("Describe"):
        shelf(call, "classic")[pool["IdentityPoolId"]] = call.params.get("AllowClassicFlow", False)
    return {**pool, "AllowClassicFlow": shelf(call, "classic").get(pool["IdentityPoolId"], False)}
