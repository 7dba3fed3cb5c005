"""Cognito: moto answers with what it was told, AWS also with what it chose where nothing was said."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects

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
