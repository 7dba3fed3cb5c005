"""Policies that a principal can give to somebody, and what they make of whoever gets them.

Not only AdministratorAccess makes an administrator: IAMFullAccess does, PowerUserAccess beside iam:PassRole may, and so
may a policy of the account. What a policy comes to is asked of the engine, not of its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.graph.access.becoming.names import arns
from auditor.graph.access.becoming.rights import Known, Rights, allows_on_something
from auditor.graph.access.held.identities import POLICY, Identity
from auditor.graph.access.policy.documents import Document, compiled
from auditor.graph.access.policy.evaluate import Named
from auditor.graph.access.policy.truth import Truth, every
from auditor.graph.access.policy.unread import allowing
from auditor.model import Hidden, Resource


def _document(*statements: Mapping[str, Any]) -> Document:
    return compiled({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


ANYTHING: Named = ("a policy of its own", _document({"Action": "*", "Resource": "*"}))
# AWS's managed policies that give much: the account's answers hold only those that something is attached to.
_OF_AWS = {
    "AdministratorAccess": ANYTHING[1],
    "IAMFullAccess": _document({"Action": "iam:*", "Resource": "*"}),
    "PowerUserAccess": _document({"NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}),
    "AWSLambda_FullAccess": _document(
        {"Action": "lambda:*", "Resource": "*"},
        {
            "Action": "iam:PassRole",
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Gift:
    """A policy that can be given: as a part of a sentence that begins with "can", and what has to be made for it."""

    words: str
    way: str
    policy: Named
    found: Truth
    makes: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Giving:
    rights: Rights

    def policies(self, who: Identity) -> Iterator[tuple[str, Named]]:
        """Every policy that somebody could be given as it is: those of the account, and AWS's that give much.

        Those with a denial are left out: they are there to take away.
        """
        known = {f"arn:{partition(who)}:iam::aws:policy/{name}": (name, text) for name, text in _OF_AWS.items()}
        yield from known.items()
        for policy in self.rights.graph.of_type(POLICY):
            document = policy_document(policy)
            if policy.arn not in known and not any(clause.denies for clause in document.clauses):
                yield policy.arn, (policy.label, document)

    def attached(self, who: Identity, action: str, target: str, known: Known, to: str) -> list[Gift]:
        """The policies that `who` can attach to a target; AdministratorAccess alone where it is among them."""
        if not allows_on_something(who, action) or self.rights.allowed(who, action, target, known).value is False:
            return []

        def gift(arn: str, policy: Named, more: Truth | None = None, words: str = "", *makes: str) -> Gift | None:
            found = self.rights.allowed(who, action, target, {**known, "iam:PolicyARN": arn})
            found = every((found, more)) if more else found
            told = f"{words}attach {policy[0] if not words else 'it'} to {to}"
            return Gift(told, action, policy, found, makes) if found.value is not False else None

        gifts = [gift(arn, policy) for arn, policy in self.policies(who)]
        if gifts[0] and gifts[0].found.value:
            return [gifts[0]]
        for text in self._policies_of_its_own(who, action):
            name = text.rpartition("/")[2]
            made = self.rights.allowed(who, "iam:CreatePolicy", text)
            own = gift(text, ANYTHING, made, f"create a policy such as {name}, ", f"policy {text}")
            gifts.append(own)
            if own and own.found.value:
                break
        for policy in self._policies_of_the_account() if allows_on_something(who, "iam:CreatePolicyVersion") else ():
            may = self.rights.allowed(who, "iam:CreatePolicyVersion", policy.arn)
            gifts.append(gift(policy.arn, ANYTHING, may, f"create a new version of {policy.label}, "))
        return [each for each in gifts if each and each.found.value is not False]

    def _policies_of_the_account(self) -> list[Resource]:
        return [policy for policy in self.rights.graph.of_type(POLICY) if "::aws:" not in policy.arn]

    def _policies_of_its_own(self, who: Identity, action: str) -> Iterator[str]:
        if allows_on_something(who, "iam:CreatePolicy"):
            base = f"arn:{partition(who)}:iam::{who.principal.account}:policy/*"
            yield from arns(who, ("iam:CreatePolicy",), base, self.rights.guard.scps, (action.lower(), "iam:policyarn"))


def partition(who: Identity) -> str:
    return who.principal.arn.split(":")[1] if who.principal.arn.startswith("arn:") else "aws"


def policy_document(policy: Resource) -> Document:
    """The compiled policy; one that was not read may allow anything."""
    document = policy.at("PolicyDocument")
    return allowing("a policy") if isinstance(document, Hidden) else compiled(document)


def bounded(target: Resource) -> Known:
    """What AWS tells a policy of the target's permissions boundary; nothing where that was not read."""
    bound = target.at("PermissionsBoundary")
    return {} if isinstance(bound, Hidden) else {"iam:PermissionsBoundary": str(bound) if bound else None}
