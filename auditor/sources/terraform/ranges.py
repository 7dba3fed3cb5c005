"""Address ranges that code does not say, and how wide they are at the most: a text of which the end is known.

`"${chomp(data.http.here.response_body)}/32"` is one address, whatever it is. What a data source tells of a network is
no wider than a network of AWS may be. The unknown text keeps that end, and whoever judges ranges reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.terraform import many
from auditor.sources.terraform.text import Said, tokens
from auditor.sources.withheld import WIDEST

_NETWORKS = {"aws_vpc", "aws_subnet"}
PREFIX_LISTS = {"aws_ec2_managed_prefix_list", "aws_prefix_list"}
LIST_NAMES = ("name", "filter")  # the attributes that say which list
_OF_AWS = "com.amazonaws."  # AWS: the name of a list that a customer makes cannot start with it
_SERVICE = 10  # a service of AWS has a few million addresses at the most, and most have a few hundred
_ATTRIBUTE = re.compile(r"(?:cidr_block_associations\[\d+\]\.)?cidr_block")
_PRINCIPAL = re.compile(
    r'(?:\[\s*for\s+\w+(?:\s*,\s*\w+)?\s+in\s+[\w.\[\]"*-]+\s*:\s*)?"(arn:[a-z-]+:(?:iam|sts)::)\$\{[^"{}]*\}[\w:/-]*"\s*\]?$'
)
_SERVICE_NAME = re.compile(r'"([\w.-]*)\$\{[^"{}]*\}([\w.-]*\.amazonaws\.com(?:\.cn)?)"')
_WIDTH = re.compile(r'".*\}(/\d{1,3})"', re.DOTALL)


def of_range(kind: str, attribute: str) -> str:
    """The end of a text for what a data source of this type tells under this name; nothing where it is no range."""
    return f"/{WIDEST}" if kind in _NETWORKS and _ATTRIBUTE.fullmatch(attribute) else ""


def of_list(attribute: str, said: Mapping[str, Json]) -> str:
    """The same for a prefix list by its name: one of AWS's holds the addresses of a service, and never the world."""
    if attribute not in ("id", "prefix_list_id"):
        return ""
    names = [said.get("name")]
    for each in many(said.get("filter")):
        names += many(each.get("values")) if each.get("name") == "prefix-list-name" else []
    known = [each for each in names if each is not None]
    return f"/{_SERVICE}" if known and all(str(each).startswith(_OF_AWS) for each in known) else ""


def ends_of(expression: str) -> tuple[str, str]:
    """How a text begins and ends of which the rest is not known, where that says what it may name: a principal's ARN, a
    service of AWS, a range of addresses."""
    service = _SERVICE_NAME.fullmatch(expression.strip())
    return (service[1], service[2]) if service else (principal_of(expression), width_of(expression))


def width_of(expression: str) -> str:
    """The length of the prefix with which a text ends, as it is written; nothing where it is no such text."""
    text = expression.strip()
    found = _WIDTH.fullmatch(text)
    return found[1] if found and [token.kind for token in tokens(text)] == ["string"] else ""


def principal_of(expression: str) -> str:
    """How the ARN of a principal begins in a text, or in each text of a list that is made of another one: whatever the
    account is called, everybody has no ARN."""
    found = _PRINCIPAL.match(expression.strip())
    return found[1] if found else ""


def one_by_one(said: Said | None, many: int) -> list[Said | None]:
    """The expressions of the elements of a list that is written down; of any other the whole for each."""
    parts = _elements(said.text) if said else []
    if said is None or len(parts) != many:
        return [said] * many
    return [Said(said.line, part, said.start) for part in parts]


def _elements(text: str) -> list[str]:
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return []
    parts, depth, begun = [], 0, 1
    for token in tokens(text):
        depth += (token.kind == "open") - (token.kind == "close")
        if (token.text == "," and depth == 1) or depth == 0:
            parts.append(text[begun : token.start].strip())
            begun = token.start + 1
    plain = [each for each in parts if each]
    return [] if any(each.startswith("for ") or each.endswith("...") for each in plain) else plain
