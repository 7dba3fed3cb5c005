"""The words of the house: verdicts, severities, risks, relations, and the value that says "not set"."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Literal

Json = Any
Verdict = Literal["kept", "broken", "unknown"]
Severity = Literal["critical", "high", "medium", "low", "info"]
Risk = Literal["safe", "interrupts", "destroys"]
Absence = Literal["", "not set", "unknown"]  # what it means that an answer of AWS lacks a property
TextKind = Literal["", "json", "number", "boolean", "text"]  # what a text of AWS holds, or that a template has one
Sameness = Literal["exact", "set", "policy", "cidr-set", "json"]
Scope = Literal["global", "regional", "account"]
Reason = Literal[
    "denied",
    "denied-by-organization",
    "credentials",  # they expired or were taken back while the run went on
    "region-disabled",  # the account has not enabled the region
    "region-not-read",  # the run was not asked to look there
    "throttled",
    "unavailable",  # no answer, an error of the server, or an answer that is none
    "failed",
    "unsupported",
    "unresolved",
    "unsaid",
]
Existence = Literal["yes", "maybe"]  # whether a resource of code is made
Kind = Literal["rule", "different", "missing", "extra", "unlinked"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
RISKS: tuple[Risk, ...] = ("safe", "interrupts", "destroys")
GLOBAL = "global"

# Each edge reads as a sentence in these words: tail, relation, head ("db is placed in subnet-a").
RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        "placed-in": "is placed in",  # lives inside a network, subnet or zone
        "guarded-by": "is protected by",  # security group, network ACL
        "routed-by": "uses the routes of",  # subnet -> route table
        "routes-to": "routes to",  # route table -> gateway; DNS record -> what it names
        "attached-to": "is attached to",  # gateway -> VPC, address -> gateway, interface -> instance, policy -> bucket
        "part-of": "is part of",  # sub-resource -> its owner
        "draws-from": "uses as origin",  # distribution -> origin
        "signs-with": "signs requests with",  # distribution -> origin access control or identity
        "runs": "runs",  # distribution -> edge function; function -> layer
        "presents": "presents",  # distribution -> certificate
        "applies": "applies",  # instance -> parameter group; distribution -> cache or headers policy
        "targets": "targets",  # rule, schedule, proxy target group -> what it drives
        "acts-as": "uses the role",  # function, schedule, proxy -> IAM role
        "holds": "has the policy",  # role or user -> attached managed policy
        "trusts": "trusts",  # role -> principal
        "permits": "permits",  # permission -> principal or source that may call
        "encrypted-with": "is encrypted with",  # anything -> KMS key
        "reads-secret": "reads the secret",  # proxy -> secret
        "logs-to": "logs to",  # function, distribution -> log group or bucket
        "notifies": "notifies",  # alarm -> topic; topic -> endpoint; bucket -> function
        "watches": "watches",  # alarm -> what it measures
        "admits": "allows traffic from",  # security group -> security group it lets in
        "managed-by": "is managed by",  # what a stack of CloudFormation made -> the stack
        "mentions": "mentions",  # a name in a policy or text: weaker than every other relation
    }
)

# What the engines prove of a graph, as edges: never declared by a type, drawn only where somebody asks for them.
FACTS = frozenset(
    {
        "reaches",  # packets can go from here to there
        "can-assume",  # principal -> role
        "can-become",  # principal -> principal, a step towards an administrator
    }
)


class Absent(Enum):
    """The one value that says "this property is not set", apart from null, false and unknown."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT = Absent.ABSENT


def digest(*parts: str) -> str:
    """A short stable hash of texts, the same on every machine and night."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
