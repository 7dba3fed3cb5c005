"""What the IAM types share. All of IAM but instance profiles is read with one unfiltered call of four lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import ABSENT, Call, Json
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
    """The ARNs of the roles and users whom a trust policy lets in.

    A whole account (`...:root`), a service or an identity provider is no resource of the account: the access
    questions read those from the document itself.
    """
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    for statement in statements:
        principal = statement.get("Principal")
        if statement.get("Effect") == "Allow" and isinstance(principal, Mapping):
            who = principal.get("AWS", [])
            yield from who if isinstance(who, list) else [who]


def one_policy(values: Mapping[str, Json]) -> Json:
    """A policy of code's own as the element of its owner's inline policies."""
    return [{"PolicyName": values.get("PolicyName"), "PolicyDocument": values.get("PolicyDocument")}]
