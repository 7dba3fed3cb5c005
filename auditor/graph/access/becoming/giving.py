"""Policies that a principal can give to somebody, and what they make of whoever gets them.

Not only AdministratorAccess makes an administrator: IAMFullAccess does, PowerUserAccess beside iam:PassRole may, and so
may a policy of the account. What a policy comes to is asked of the engine, not of its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.graph.access.becoming.names import arns, conditioned
from auditor.graph.access.becoming.rights import Known, Rights, allows_on_something
from auditor.graph.access.held.identities import POLICY, Identity
from auditor.graph.access.policy.documents import Document, compiled
from auditor.graph.access.policy.evaluate import Named
from auditor.graph.access.policy.known import partition_of
from auditor.graph.access.policy.patterns import fits
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
    _policies: dict[str, list[tuple[str, Named]]] = field(default_factory=dict)
    _attached: dict[object, list[Gift]] = field(default_factory=dict)

    def policies(self, who: Identity) -> list[tuple[str, Named]]:
        """Every policy that somebody could be given as it is: those of the account, and AWS's that give much.

        Those with a denial are left out: they are there to take away.
        """
        place = partition_of(who.principal.arn)
        if place not in self._policies:
            known = {f"arn:{place}:iam::aws:policy/{name}": (name, text) for name, text in _OF_AWS.items()}
            own = {each.arn: (each.label, policy_document(each)) for each in self.rights.graph.of_type(POLICY)}
            giving = {arn: named for arn, named in own.items() if not any(each.denies for each in named[1].clauses)}
            self._policies[place] = list({**giving, **known}.items())
            self._policies[place].sort(key=lambda pair: pair[0] not in known)
        return self._policies[place]

    def attached(self, who: Identity, action: str, target: str, known: Known, to: str) -> list[Gift]:
        """The policies that `who` can attach to a target; AdministratorAccess alone where it is among them."""
        asked = (who.family, action, target, tuple(sorted(known.items())), to)
        if asked not in self._attached:
            self._attached[asked] = self._asked(who, action, target, known, to)
        return self._attached[asked]

    def _spoken_of(self, who: Identity, action: str) -> list[tuple[str, Named]]:
        """Those of which the conditions of the principal's own policies may speak."""
        said = list(conditioned(who.held.identity, action.lower(), "iam:policyarn"))
        patterns = [text for texts in said for text in texts]
        if not said or any("${" in text for text in patterns):
            return self.policies(who)
        return [pair for pair in self.policies(who) if any(fits(text, pair[0]) for text in patterns)]

    def _asked(self, who: Identity, action: str, target: str, known: Known, to: str) -> list[Gift]:
        if not allows_on_something(who, action) or self.rights.allowed(who, action, target, known).value is False:
            return []

        def gift(arn: str, policy: Named, more: Truth | None = None, words: str = "", *makes: str) -> Gift | None:
            found = self.rights.allowed(who, action, target, {**known, "iam:PolicyARN": arn})
            found = every((found, more)) if more else found
            told = f"{words}attach {policy[0] if not words else 'it'} to {to}"
            return Gift(told, action, policy, found, makes) if found.value is not False else None

        gifts = [gift(arn, policy) for arn, policy in self._spoken_of(who, action)]
        if gifts and gifts[0] and gifts[0].found.value and gifts[0].policy[1] is ANYTHING[1]:
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
            base = f"arn:{partition_of(who.principal.arn)}:iam::{who.principal.account}:policy/*"
            spoken = (action.lower(), "iam:policyarn")

            def fitting(arn: str) -> bool:
                return self.rights.allowed(who, "iam:CreatePolicy", arn).value is not False

            scps = self.rights.guard.about(who.principal.account).scps
            yield from arns(who, ("iam:CreatePolicy",), base, scps, spoken, fitting)


def policy_document(policy: Resource) -> Document:
    """The compiled policy; one that was not read may allow anything."""
    document = policy.at("PolicyDocument")
    return allowing("a policy") if isinstance(document, Hidden) else compiled(document)


def bounded(target: Resource) -> Known:
    """What AWS tells a policy of the target's permissions boundary; nothing where that was not read."""
    bound = target.at("PermissionsBoundary")
    return {} if isinstance(bound, Hidden) else {"iam:PermissionsBoundary": str(bound) if bound else None}
