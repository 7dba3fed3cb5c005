"""Zones and records in Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.terraform import first, many


def alias(value: Json) -> Json:
    """What an alias record leads to."""
    found = first(value)
    if not found:
        return ABSENT
    out = {
        "DNSName": found.get("name"),
        "HostedZoneId": found.get("zone_id"),
        "EvaluateTargetHealth": bool(found.get("evaluate_target_health")),
    }
    return {key: inner for key, inner in out.items() if inner is not None}


# ACM's documentation: the value of a certificate's CNAME ends so, whatever the certificate.
_PROOF = ".acm-validations.aws."


def records(value: Mapping[str, Json]) -> Json:
    """A record's values; Terraform puts the quotation marks around texts itself."""
    found = [_proof(each) for each in many(value.get("records"))]
    if value.get("type") in ("TXT", "SPF"):
        found = [f'"{text}"' for text in found]
    return found or ABSENT


def _proof(text: Json) -> Json:
    """What proves a domain to ACM is known before the certificate is: how it ends."""
    open_end = isinstance(text, str) and text.startswith("${aws_acm_certificate.")
    return text + _PROOF if open_end and text.endswith(".domain_validation_options}") else text


def place(value: Json) -> Json:
    """From where a record is asked for."""
    said = first(value)
    if not said:
        return ABSENT
    names = {"continent": "ContinentCode", "country": "CountryCode", "subdivision": "SubdivisionCode"}
    return {name: said[key] for key, name in names.items() if said.get(key)}


def comment(value: Mapping[str, Json]) -> Json:
    """A zone's comment; Terraform writes its own where the code gives none."""
    return {"Comment": value["comment"]} if value.get("comment") else ABSENT


def private(value: Mapping[str, Json]) -> Json:
    """A zone is private when it names networks."""
    return bool(value.get("vpc"))
