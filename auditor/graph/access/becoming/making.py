"""Principals that somebody could make, raise and become: a role, a user with an access key, a group to be in.

They are named by an ARN that every right for it means (`names`), and asked like those that are there: what is made with
IAMFullAccess goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.graph.access.becoming.changes import Move
from auditor.graph.access.becoming.giving import ANYTHING, Gift, Giving
from auditor.graph.access.becoming.names import arns
from auditor.graph.access.becoming.rights import ROLE, USER, Known, Rights, allows_on_something, truth_of
from auditor.graph.access.becoming.ways import PASS, PASSES, PROVIDERS
from auditor.graph.access.held.identities import GROUP, Identity, made
from auditor.graph.access.policy.documents import compiled
from auditor.graph.access.policy.evaluate import Held, Named, Request, evaluate
from auditor.graph.access.policy.known import partition_of
from auditor.graph.access.policy.truth import TRUE, Truth, depends, every
from auditor.model import Resource


@dataclass(frozen=True, slots=True)
class Entry:
    """How somebody becomes what it has made: the actions, and the words after "and"."""

    found: Truth
    way: str
    words: str


@dataclass(slots=True, eq=False)
class Making:
    rights: Rights
    giving: Giving

    def of(self, who: Identity, sure: bool) -> Iterator[Move]:
        """Whom it could make and become; of each kind the first that is sure, else every one that is possible."""
        if who.principal.type == GROUP:
            return
        seen: set[object] = set()
        for moves in (self._roles(who), self._users(who), self._groups(who)):
            for move in moves:
                # What it is called makes no other principal of it.
                alike = (move.way, move.found, move.to.family[:-1])
                if move.found.value is False or (sure and move.found.value is None) or alike in seen:
                    continue
                seen.add(alike)
                yield move
                if move.found.value and any(gift.policy is ANYTHING for gift in move.gifts):
                    break

    def _roles(self, who: Identity) -> Iterator[Move]:
        for raising in ("iam:PutRolePolicy", "iam:AttachRolePolicy"):
            for arn in self._arns(who, ("iam:CreateRole", raising), "role"):
                for entry in self._into_role(who, arn):
                    yield from self._made(who, "Role", arn, raising, entry)
            for arn in self._arns(who, ("iam:CreateRole", raising, PASS), "role"):
                for entry in self._handing_on(who, arn):
                    yield from self._made(who, "Role", arn, raising, entry)

    def _users(self, who: Identity) -> Iterator[Move]:
        for raising in ("iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:AddUserToGroup"):
            for entering, words in (
                ("iam:CreateAccessKey", "create access keys for it"),
                ("iam:CreateLoginProfile", "create a password for it"),
            ):
                actions = ("iam:CreateUser", *((raising,) if raising != "iam:AddUserToGroup" else ()), entering)
                if not allows_on_something(who, raising):
                    continue
                for arn in self._arns(who, actions, "user"):
                    entry = Entry(self.rights.allowed(who, entering, arn), entering, words)
                    yield from self._made(who, "User", arn, raising, entry)

    def _groups(self, who: Identity) -> Iterator[Move]:
        """AWS: a group has no credentials; its policies become those of the user that is in it."""
        if who.principal.type != USER:
            return
        for raising in ("iam:PutGroupPolicy", "iam:AttachGroupPolicy"):
            for arn in self._arns(who, ("iam:CreateGroup", raising, "iam:AddUserToGroup"), "group"):
                ready = every(self.rights.allowed(who, each, arn) for each in ("iam:CreateGroup", "iam:AddUserToGroup"))
                if ready.value is False:
                    continue
                gifts, name = self._gifts(who, "Group", arn, raising, {}), arn.rpartition("/")[2]
                if gifts:
                    words = f"create a group such as {name}, {{gifts}}, and add itself to it"
                    held = replace(who.held, identity=(*who.held.identity, *(gift.policy for gift in gifts)))
                    yield Move(
                        who.holding(held, words), every((ready, *(gift.found for gift in gifts))),
                        f"iam:CreateGroup+{raising}+iam:AddUserToGroup", words, _makes(arn), (), tuple(gifts),
                    )  # fmt: skip

    def _arns(self, who: Identity, actions: tuple[str, ...], noun: str) -> Iterator[str]:
        """ARNs of what is not there yet that all these rights mean."""
        if all(allows_on_something(who, action) for action in actions):
            base = f"arn:{partition_of(who.principal.arn)}:iam::{who.principal.account}:{noun}/*"

            def fitting(arn: str) -> bool:
                if self.rights.graph.resource(arn) or arn.endswith("/"):
                    return False
                return all(self.rights.allowed(who, action, arn).value is not False for action in actions)

            yield from arns(who, actions, base, self.rights.guard.about(who.principal.account).scps, fitting=fitting)

    def _made(self, who: Identity, kind: str, arn: str, raising: str, entry: Entry) -> Iterator[Move]:
        if entry.found.value is False:
            return
        name = arn.rpartition("/")[2]
        for created, boundary, known, bound in self._created(who, kind, arn):
            gifts = self._gifts(who, kind, arn, raising, known)
            if not gifts:
                continue
            words = f"create a {kind.lower()} such as {name}{bound}, {{gifts}}, and {entry.words}"
            cfn, bounds = (
                ROLE if kind == "Role" else USER,
                {"PermissionsBoundary": known["iam:PermissionsBoundary"] or ""},
            )
            place = who.principal.account, who.principal.region
            principal = Resource(cfn, name, *place, arn, name, properties=bounds)
            to = made(principal, Held(tuple(gift.policy for gift in gifts), boundary), f" made by {who.key} {words}")
            found = every((created, *(gift.found for gift in gifts), entry.found))
            yield Move(to, found, f"iam:Create{kind}+{raising}+{entry.way}", words, _makes(arn), (), tuple(gifts))

    def _created(
        self, who: Identity, kind: str, arn: str
    ) -> Iterator[tuple[Truth, tuple[Named, ...] | None, Known, str]]:
        """Without a permissions boundary where that is allowed, else with each that the policies ask for."""
        action = f"iam:Create{kind}"
        free: Known = {"iam:PermissionsBoundary": None}
        found = self.rights.allowed(who, action, arn, free)
        if found.value is not False:
            yield found, None, free, ""
        if found.value:
            return
        for policy, named in self.giving.policies(who):
            known: Known = {"iam:PermissionsBoundary": policy}
            found = self.rights.allowed(who, action, arn, known)
            if found.value is not False:
                yield from self._with_boundary(who, kind, arn, found, (policy, named))

    def _with_boundary(
        self, who: Identity, kind: str, arn: str, created: Truth, bound: tuple[str, Named]
    ) -> Iterator[tuple[Truth, tuple[Named, ...] | None, Known, str]]:
        policy, named = bound
        known: Known = {"iam:PermissionsBoundary": policy}
        removed = self.rights.allowed(who, f"iam:Delete{kind}PermissionsBoundary", arn, known)
        if removed.value is not False:
            free: Known = {"iam:PermissionsBoundary": None}
            yield every((created, removed)), None, free, f" with the permissions boundary {named[0]}, remove that"
        rewritten = self.rights.allowed(who, "iam:CreatePolicyVersion", policy)
        if rewritten.value is not False and "::aws:" not in policy:
            yield every((created, rewritten)), None, known, f" with the permissions boundary {named[0]}, rewrite that"
        yield created, (named,), known, f" with the permissions boundary {named[0]}"

    def _gifts(self, who: Identity, kind: str, arn: str, raising: str, known: Known) -> list[Gift]:
        if raising.startswith("iam:Put"):
            found = self.rights.allowed(who, raising, arn, known)
            return [Gift("add any inline policy to it", raising, ANYTHING, found)] if found.value is not False else []
        if raising.startswith("iam:Attach"):
            return self.giving.attached(who, raising, arn, known, "it")
        return [
            Gift(f"add it to the group {group.label}", raising, named, found)
            for group in self.rights.graph.of_type(GROUP)
            if (found := self.rights.allowed(who, raising, group.arn)).value is not False
            for named in self.rights.identities[group.key].held.identity
        ]

    def _into_role(self, who: Identity, arn: str) -> Iterator[Entry]:
        """AWS: a trust policy that names the principal needs no other policy to let it in; only a denial stops it."""
        role = who.principal.arn.rpartition("/")[2]
        session = f"arn:{partition_of(who.principal.arn)}:sts::{who.principal.account}:assumed-role/{role}/auditor"
        mine = [who.principal.arn, *([session] if who.principal.type == ROLE else [])]
        statement = {"Effect": "Allow", "Principal": {"AWS": mine}, "Action": "sts:AssumeRole"}
        trust = ("its trust policy", compiled({"Statement": [statement]}))
        guard = self.rights.guard.about(who.principal.account)
        held = replace(who.held, resource=(trust,), scps=guard.scps, rcps=guard.on_resources("sts:AssumeRole"))
        decision = evaluate(Request(who.caller, "sts:AssumeRole", arn, who.context, who.principal.account), held)
        yield Entry(truth_of(decision, who.context), "sts:AssumeRole", "assume it")

    def _handing_on(self, who: Identity, arn: str) -> Iterator[Entry]:
        """To a service that runs what the principal says: the role trusts whom its maker wants. The first that is sure,
        else the first that is possible: what is made is the same by all."""
        possible: Entry | None = None
        role = Resource(ROLE, arn, who.principal.account, who.principal.region, arn)
        for way in PASSES:
            if way.service in PROVIDERS or not all(allows_on_something(who, each) for each in way.actions):
                continue
            ready = self.rights.in_instance_profile(who, role) if way.profile else TRUE
            handed = self.rights.allowed(who, PASS, arn, {"iam:PassedToService": way.service})
            asked = depends(way.asks) if way.asks else TRUE
            found = every((handed, self.rights.all_allowed(who, way.actions), ready, asked))
            entry = Entry(found, way.id, way.sentence.format(target="it").removeprefix("can "))
            if found.value:
                yield entry
                return
            possible = possible or (entry if found.value is None else None)
        if possible:
            yield possible


def _makes(arn: str) -> tuple[str, ...]:
    return (f"{arn.split(':', 5)[5].partition('/')[0]} {arn}",)
