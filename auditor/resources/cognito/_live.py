"""What Cognito's answers and templates of user pools need beyond a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import Json
from auditor.resources.arns import function_arn

# What a password must be where nobody says: AWS fills in the same numbers.
_PASSWORD: Mapping[str, Json] = {
    "MinimumLength": 8,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "RequireUppercase": True,
    "TemporaryPasswordValidityDays": 7,
}


def tidy_policies(value: Json) -> Json:
    """The password's rules, and by what users may sign in first: the order of ways is nothing."""
    if not isinstance(value, Mapping):
        return value
    said = value.get("PasswordPolicy")
    if said is not None and not isinstance(said, Mapping):
        return value
    rules = dict(_PASSWORD) if not said else _rules(said)
    signing = value.get("SignInPolicy")
    ways = signing.get("AllowedFirstAuthFactors") if isinstance(signing, Mapping) else None
    first = sorted(ways) if isinstance(ways, list) and _texts(ways) else ways or ["PASSWORD"]
    return {"PasswordPolicy": rules, "SignInPolicy": {"AllowedFirstAuthFactors": first}}


def _rules(said: Mapping[str, Json]) -> dict[str, Json]:
    """A policy that says some of the rules leaves the others off; a length and a time are always there."""
    usual = {name: False if value is True else value for name, value in _PASSWORD.items()}
    return {**usual, **{name: value for name, value in said.items() if value not in (None, 0)}}


def _texts(value: list[Json]) -> bool:
    return all(isinstance(each, str) for each in value)


def tidy_admin(value: Json) -> Json:
    """Whether users may sign up by themselves. The days that an invitation holds belong to the password's rules."""
    if not isinstance(value, Mapping):
        return value
    return {"AllowAdminCreateUserOnly": value.get("AllowAdminCreateUserOnly") or False}


def tidy_recovery(value: Json) -> Json:
    """The ways back in, in their order."""
    ways = value.get("RecoveryMechanisms") if isinstance(value, Mapping) else None
    if not isinstance(ways, list) or not all(
        isinstance(each, Mapping) and isinstance(each.get("Priority"), int) for each in ways
    ):
        return value
    return {"RecoveryMechanisms": sorted(ways, key=lambda each: each["Priority"])}


def triggers(value: Json) -> Iterator[str]:
    """The functions that a pool calls, as a text or inside of a trigger that also has a version."""
    for each in value.values() if isinstance(value, Mapping) else ():
        arn = each.get("LambdaArn") if isinstance(each, Mapping) else each
        if isinstance(arn, str):
            yield from function_arn(arn)


def domains(pool: Json) -> Iterator[Mapping[str, Json]]:
    """The domains of a pool, of which it has one of AWS's and one of its owner's at most."""
    for name in ("Domain", "CustomDomain"):
        if isinstance(pool, Mapping) and pool.get(name):
            yield {"Domain": pool[name]}


def tidy_providers(value: Json) -> Json:
    """Whose users an identity pool takes, in one order; the server is not asked where nothing is said."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    said = [{"ServerSideTokenCheck": False, **{key: one for key, one in each.items() if one}} for each in value]
    return sorted(said, key=lambda each: (str(each.get("ProviderName")), str(each.get("ClientId"))))


def tidy_mappings(value: Json) -> Json:
    """By the provider: templates may call a mapping otherwise and say the provider inside."""
    if not isinstance(value, Mapping):
        return value
    return {
        str(each.get("IdentityProvider") or name): {key: one for key, one in each.items() if key != "IdentityProvider"}
        if isinstance(each, Mapping)
        else each
        for name, each in value.items()
    }


def handed_out(value: Json) -> Iterator[str]:
    """The roles that an identity pool gives to its users, by being signed in or by a rule of a provider."""
    for each in value.values() if isinstance(value, Mapping) else ():
        rules = (each.get("RulesConfiguration") or {}).get("Rules") if isinstance(each, Mapping) else None
        yield from [each] if isinstance(each, str) else [str(rule.get("RoleARN")) for rule in rules or ()]
