"""What the IAM types share: their answers, and the rows of what a role, a user or a group holds.

All of IAM but instance profiles is read with one unfiltered call of four lists. For what is held (policies of its own,
attached ones, the boundary around both) AWS has the same operations for each of the three, with the kind in their
names. What is granted to somebody who is not seen here, or taken from somebody who leans on it, interrupts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from auditor.model import ABSENT, Call, Json, Prop
from auditor.resources.shapes import parse_json, to_json


def details(out: str) -> Call:
    """One of the lists in the account's authorization details; the call is the same for all of them."""
    return Call("get_account_authorization_details", out=out)


def inline_policies(raw: Json) -> Json:
    """Inline policies with their documents parsed: IAM sends these as URL-encoded text."""
    if not isinstance(raw, list):
        return ABSENT
    return [{"PolicyName": each["PolicyName"], "PolicyDocument": parse_json(each["PolicyDocument"])} for each in raw]


def inline_text(value: Json) -> Json:
    """One inline policy, or a list of them, as the API takes it: the document as text."""
    if isinstance(value, list):
        return [inline_text(each) for each in value]
    if isinstance(value, Mapping) and "PolicyDocument" in value:
        return {**value, "PolicyDocument": to_json(value["PolicyDocument"])}
    return value


def trusted(document: Json) -> Iterable[str]:
    """The ARNs of the roles, users and identity providers whom a trust policy lets in.

    A whole account (`...:root`) or a service is no resource of the account: the access questions read those from the
    document itself.
    """
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    for statement in statements:
        principal = statement.get("Principal")
        if statement.get("Effect") == "Allow" and isinstance(principal, Mapping):
            for kind in ("AWS", "Federated"):
                who = principal.get(kind, [])
                yield from who if isinstance(who, list) else [who]


def callers(document: Json) -> Iterable[str]:
    """The single addresses from which a trust policy takes requests (`aws:SourceIp`)."""
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    conditions = [each["Condition"] for each in statements if isinstance(each.get("Condition"), Mapping)]
    for operator, keys in [pair for each in conditions for pair in each.items()]:
        if not operator.lower().startswith("ipaddress") or not isinstance(keys, Mapping):
            continue
        for key, value in keys.items():
            if key.lower() == "aws:sourceip":
                said = value if isinstance(value, list) else [value]
                yield from (each.removesuffix("/32") for each in said if isinstance(each, str))


def inline_row(kind: str, tf: str = "-", tf_read: Callable[[Json], Json] | None = None) -> Prop:
    """Policies that belong to the one identity."""
    noun = kind.capitalize()
    owner: dict[str, Json] = {f"{noun}Name": "{name}"}
    policy = {"PolicyName": "{element.PolicyName}", "PolicyDocument": "{element.PolicyDocument}"}
    return Prop(
        "Policies",
        f"{noun}PolicyList",
        read=inline_policies,
        tf=tf,
        tf_read=tf_read,
        same="policy",
        default=[],
        absent="" if kind == "user" else "unknown",  # a user without any is answered without the list
        add=Call(f"put_{kind}_policy", owner | policy),
        remove=Call(f"delete_{kind}_policy", owner | {"PolicyName": "{element.PolicyName}"}),
        exact=Call(f"get_{kind}_policy", owner | {"PolicyName": "{element.PolicyName}"}, out="PolicyDocument"),
        write=inline_text,
        risk="interrupts",
    )


def attached_row(kind: str, tf: str = "-") -> Prop:
    """Managed policies, by their ARNs."""
    attachment: dict[str, Json] = {f"{kind.capitalize()}Name": "{name}", "PolicyArn": "{element}"}
    return Prop(
        "ManagedPolicyArns",
        "AttachedManagedPolicies[].PolicyArn",
        tf=tf,
        same="set",
        default=[],
        absent="unknown",
        add=Call(f"attach_{kind}_policy", attachment),
        remove=Call(f"detach_{kind}_policy", attachment),
        risk="interrupts",
    )


def boundary_row(kind: str) -> Prop:
    """What the identity may do at the most. Groups have none."""
    owner: dict[str, Json] = {f"{kind.capitalize()}Name": "{name}"}
    return Prop(
        "PermissionsBoundary",
        "PermissionsBoundary.PermissionsBoundaryArn",
        absent="not set",
        set=Call(f"put_{kind}_permissions_boundary", owner | {"PermissionsBoundary": "{value}"}),
        unset=Call(f"delete_{kind}_permissions_boundary", owner),
        risk="interrupts",
    )


def providers(value: Json) -> Iterator[Mapping[str, Json]]:
    """Identity providers with their issuer, which stands in the ARN."""
    for each in value or ():
        yield {**each, "Url": str(each.get("Arn")).partition(":oidc-provider/")[2]}


def issuer(value: Json) -> Json:
    """The address as IAM keeps it: without how it is called."""
    return value.removeprefix("https://").rstrip("/") if isinstance(value, str) else value


def referred(value: Json) -> list[str]:
    """The cluster that code refers to for its issuer."""
    return [value] if isinstance(value, str) and value.startswith("${") else []
