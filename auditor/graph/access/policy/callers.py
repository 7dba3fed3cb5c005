"""Who makes a request, and which principals of a policy mean it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from auditor.graph.access.policy.documents import UNREAD, Clause, is_everybody
from auditor.graph.access.policy.truth import FALSE, TRUE, Truth, depends, some, told
from auditor.model import Resource

Kind = Literal["user", "role", "root", "service", "federated", "anybody"]


@dataclass(frozen=True, slots=True)
class Caller:
    """`arn` is the principal's ARN, for a service its name, for an identity provider the provider's ARN."""

    kind: Kind
    arn: str
    account: str = ""
    linked: bool = False  # a service-linked role, which no organisation policy binds
    bounded: bool = False  # it has a permissions boundary
    references: tuple[str, ...] = ()  # by which code means it, before it has an ARN

    @classmethod
    def of(cls, principal: Resource) -> Caller:
        linked = path_of(principal).startswith("/aws-service-role/")
        kind: Kind = "user" if principal.type == "AWS::IAM::User" else "role"
        references = () if principal.arn else principal.spoken
        bounded = bool(principal.known("PermissionsBoundary"))
        return cls(kind, principal.arn, principal.account, linked, bounded, references)

    def itself(self, who: str) -> bool:
        """Whether a text of a policy is this principal's own ARN, or in code a reference to it."""
        return who == self.arn or who in self.references


def path_of(principal: Resource) -> str:
    """The IAM path; where it was not read, the one in the ARN."""
    path = principal.known("Path")
    if isinstance(path, str):
        return path
    _, slash, rest = principal.arn.partition("/")
    return f"/{rest.rpartition('/')[0]}/" if slash and "/" in rest else "/"


ANYBODY = Caller("anybody", "*")
_NAMED: dict[str, Kind] = {"Service": "service", "Federated": "federated"}


class Meant(NamedTuple):
    """In which way a statement of a resource policy means the caller; the way decides what else has to agree.

    `session`: what makes the request, a user, the session of a role by its own ARN, or everybody. AWS: that is not
    limited by what other policies leave out. `role`: the role behind the session, whose boundary and session policy
    still limit it. `account`: leave for the account to give the permission on, so that the caller's policies are asked.
    """

    session: Truth
    role: Truth
    account: Truth

    @property
    def any(self) -> Truth:
        return some(self)


def meant(clause: Clause, caller: Caller) -> Meant:
    """Whether a statement of a resource policy means the caller, and how."""
    if clause.but_principals:
        return Meant(_but(clause, caller), FALSE, FALSE)
    session = some(_direct(kind, who, caller) for kind, who in clause.principals)
    if clause.denies and _anybody(clause):  # AWS: services too, so policies spare them by aws:PrincipalIsAWSService
        session = TRUE
    named = caller.kind == "role" and _named(clause, caller)
    account = any(kind == "AWS" and _is_account(who, caller) for kind, who in clause.principals)
    return Meant(session, told(named), told(account))


def _named(clause: Clause, caller: Caller) -> bool:
    return any(kind == "AWS" and caller.itself(who) for kind, who in clause.principals)


def _is_account(who: str, caller: Caller) -> bool:
    if not caller.account:
        return False
    return who == caller.account or re.fullmatch(rf"arn:[a-z-]+:iam::{caller.account}:root", who) is not None


def _direct(kind: str, who: str, caller: Caller) -> Truth:
    if kind == UNREAD:
        return TRUE
    if kind in _NAMED:
        if caller.kind == _NAMED[kind] and who.startswith("${?"):
            return depends("a principal that could not be read")
        return TRUE if caller.kind == _NAMED[kind] and who == caller.arn else FALSE
    if kind == "CanonicalUser":
        return told(who == caller.arn)
    if kind != "AWS" or caller.kind in ("service", "federated"):
        return FALSE
    if is_everybody(who) or (caller.itself(who) and caller.kind != "role"):
        return TRUE
    if caller.kind == "role" and ":assumed-role/" in who:
        role = caller.arn.rsplit("/", 1)[-1]
        named = re.fullmatch(rf"arn:[a-z-]+:sts::{caller.account}:assumed-role/{re.escape(role)}/.+", who)
        return depends("sts:RoleSessionName") if named else FALSE
    return FALSE


def _but(clause: Clause, caller: Caller) -> Truth:
    """NotPrincipal: everybody but those named.

    AWS: a denial spares only who is named whole, a role by its own ARN and that of its session, and either with the
    account beside it. Where a part of that is missing the denial "might" still hit, so that answer stays open. Who has
    a permissions boundary is always denied, whatever is named.
    """
    account = any(kind == "AWS" and _is_account(who, caller) for kind, who in clause.principals)
    if caller.kind == "root":
        return told(not account)
    named = some(_direct(kind, who, caller) for kind, who in clause.principals)
    itself = told(_named(clause, caller))
    if not clause.denies:
        return ~some((named, itself))
    if caller.bounded or some((named, itself)).value is False:
        return TRUE
    if caller.kind == "role" and not _anybody(clause) and FALSE in (named, itself):
        return depends("NotPrincipal without the role" if itself is FALSE else "NotPrincipal without the session")
    if caller.kind in ("user", "role") and not account:
        return depends("NotPrincipal without the account")
    return ~named


def _anybody(clause: Clause) -> bool:
    return any(kind == "AWS" and is_everybody(who) for kind, who in clause.principals)
