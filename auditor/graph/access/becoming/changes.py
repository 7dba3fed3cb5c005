"""What a principal can change about itself: more policies, no denial, no permissions boundary.

Each change leads to the same principal in another state, which is asked like any other: so what one change allows, the
next may use, and a principal that only adds up to an administrator is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.graph.access.becoming.giving import ANYTHING, Gift, Giving, bounded, policy_document
from auditor.graph.access.becoming.rights import ROLE, USER, Rights, allows_on_something, is_protected
from auditor.graph.access.held.identities import GROUP, POLICY, Identity, policies_of
from auditor.graph.access.policy.documents import compiled
from auditor.graph.access.policy.evaluate import Held, Named
from auditor.graph.access.policy.truth import TRUE, Truth, depends, every, some
from auditor.model import Resource


@dataclass(frozen=True, slots=True)
class Move:
    """To whom a principal comes: itself in another state, or somebody whom it makes or raises and then becomes.

    `words` follow "can"; in them and in `way`, `{gifts}` stands for the policies, of which perhaps not all are needed.
    """

    to: Identity
    found: Truth
    way: str
    words: str
    makes: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    gifts: tuple[Gift, ...] = ()

    def told(self, gifts: tuple[Gift, ...]) -> str:
        listed = list(dict.fromkeys(gift.words for gift in gifts))
        return self.words.replace("{gifts}", " and ".join(listed))

    def way_with(self, gifts: tuple[Gift, ...]) -> str:
        return self.way.replace("{gifts}", "+".join(dict.fromkeys(gift.way for gift in gifts)))

    def makes_with(self, gifts: tuple[Gift, ...]) -> tuple[str, ...]:
        return (*self.makes, *dict.fromkeys(text for gift in gifts for text in gift.makes))

    def with_only(self, gifts: tuple[Gift, ...]) -> Identity:
        """Whom it would come to with these of the policies alone."""
        left = {id(gift.policy) for gift in self.gifts} - {id(gift.policy) for gift in gifts}
        kept = tuple(each for each in self.to.held.identity if id(each) not in left)
        return self.to.holding(replace(self.to.held, identity=kept), "with fewer")


@dataclass(slots=True, eq=False)
class Changes:
    rights: Rights
    giving: Giving

    def of(self, who: Identity, sure: bool) -> Iterator[Move]:
        for move in (*self._given(who, sure), *self._unbound(who), *self._undenied(who, sure), *self._tagged(who)):
            if move.found.value or (not sure and move.found.value is None):
                yield move

    def _given(self, who: Identity, sure: bool) -> Iterator[Move]:
        for action, target, words in self._inline(who):
            found = self.rights.allowed(who, action, target.arn, bounded(target) if target.type != GROUP else {})
            yield given(who, Gift(words, action, ANYTHING, found))
        yield from self._rewritten(who)
        gifts = [gift for gift in self._gifts(who) if gift.found.value or (not sure and gift.found.value is None)]
        if gifts:
            yield given(who, *gifts)

    def _inline(self, who: Identity) -> Iterator[tuple[str, Resource, str]]:
        for own, kind in self._itself(who):
            yield f"iam:Put{kind}Policy", own, "add any inline policy to itself"
        for group in self._groups(who):
            yield "iam:PutGroupPolicy", group, f"add any inline policy to its group {group.label}"

    def _gifts(self, who: Identity) -> Iterator[Gift]:
        for own, kind in self._itself(who):
            yield from self.giving.attached(who, f"iam:Attach{kind}Policy", own.arn, bounded(own), "itself")
        for group in self._groups(who):
            yield from self.giving.attached(who, "iam:AttachGroupPolicy", group.arn, {}, f"its group {group.label}")
        if who.principal.type != USER or not allows_on_something(who, "iam:AddUserToGroup"):
            return
        groups = self._groups(who)
        for group in self.rights.graph.of_type(GROUP):
            found = self.rights.allowed(who, "iam:AddUserToGroup", group.arn)
            for named in self.rights.identities[group.key].held.identity if group not in groups else ():
                if not any(clause.denies for clause in named[1].clauses):
                    yield Gift(f"add itself to the group {group.label}", "iam:AddUserToGroup", named, found)

    def _rewritten(self, who: Identity) -> Iterator[Move]:
        """A policy that it holds, in another version."""
        for policy in self._policies(who):
            old = policy_document(policy)
            found = self.rights.allowed(who, "iam:CreatePolicyVersion", policy.arn)
            words = f"create a new version of {policy.label}, which is attached to it"
            yield replaced(who, old, Gift(words, "iam:CreatePolicyVersion", ANYTHING, found))
            may = self.rights.allowed(who, "iam:SetDefaultPolicyVersion", policy.arn)
            for named, there in _versions(policy) if may.value is not False else ():
                words = f"set as default {named[0]}"
                yield replaced(who, old, Gift(words, "iam:SetDefaultPolicyVersion", named, every((may, there))))

    def _unbound(self, who: Identity) -> Iterator[Move]:
        """AWS: a boundary limits whatever the policies say; so it has to be in reach itself."""
        for own, kind in self._itself(who) if who.held.boundary is not None else ():
            delete, put = f"iam:Delete{kind}PermissionsBoundary", f"iam:Put{kind}PermissionsBoundary"
            found = self.rights.allowed(who, delete, own.arn, bounded(own))
            yield limited(who, None, Gift("remove its own permissions boundary", delete, ANYTHING, found))
            arn = str(own.known("PermissionsBoundary", ""))
            if arn:
                rewrite, words = "iam:CreatePolicyVersion", "create a new version of its permissions boundary"
                found = self.rights.allowed(who, rewrite, arn)
                yield limited(who, (ANYTHING,), Gift(words, rewrite, ANYTHING, found))
            for policy, named in self.giving.policies(who) if allows_on_something(who, put) else ():
                found = self.rights.allowed(who, put, own.arn, {"iam:PermissionsBoundary": policy})
                words = f"replace its own permissions boundary by {named[0]}"
                yield limited(who, (named,), Gift(words, put, named, found))

    def _undenied(self, who: Identity, sure: bool) -> Iterator[Move]:
        """Without the policies that deny: all of those at once that do nothing else, and each other one by itself."""
        rid = [
            (named, words, way, found)
            for named, words, way, found in self._denying(who)
            if found.value or (not sure and found.value is None)
        ]
        only = [each for each in rid if all(clause.denies for clause in each[0][1].clauses)]
        for group in (only, *([each] for each in rid if each not in only)):
            if group:
                names = {id(named[1]) for named, *_ in group}
                held = Held(tuple(each for each in who.held.identity if id(each[1]) not in names), who.held.boundary)
                words = ", ".join(dict.fromkeys(each[1] for each in group))
                way = "+".join(dict.fromkeys(each[2] for each in group))
                yield Move(who.holding(held, words), every(each[3] for each in group), way, words)

    def _tagged(self, who: Identity) -> Iterator[Move]:
        """With tags of its own, where some policy asks for tags."""
        for own, kind in () if who.context.own_tags or not self.rights.asks_for_tags else self._itself(who):
            found = self.rights.allowed(who, f"iam:Tag{kind}", own.arn)
            yield Move(who.tagging("tagged"), found, f"iam:Tag{kind}", "tag itself as it pleases")

    def _denying(self, who: Identity) -> Iterator[tuple[Named, str, str, Truth]]:
        """Each policy that it holds and that denies, with the action that takes it away."""
        denying = {named for named in who.held.identity if any(clause.denies for clause in named[1].clauses)}
        for named, words, ways in self._removals(who) if denying else ():
            if named in denying:
                found = some(self.rights.allowed(who, way, arn, known) for way, arn, known in ways)
                yield named, words, ways[0][0], found

    def _removals(self, who: Identity) -> Iterator[tuple[Named, str, list[tuple[str, str, dict[str, str | None]]]]]:
        for own, kind in self._itself(who):
            yield from self._taken(own, kind, "from itself", "", [])
        for group in self._groups(who) if who.principal.type == USER else ():
            leave: list[tuple[str, str, dict[str, str | None]]] = [("iam:RemoveUserFromGroup", group.arn, {})]
            yield from self._taken(group, "Group", "from its group", f" of group {group.label}", leave)

    def _taken(
        self, holder: Resource, kind: str, where: str, label: str, more: list[tuple[str, str, dict[str, str | None]]]
    ) -> Iterator[tuple[Named, str, list[tuple[str, str, dict[str, str | None]]]]]:
        known = dict(bounded(holder)) if kind != "Group" else {}
        arns = {policy.label: policy.arn for _, policy in self.rights.graph.heads(holder, "holds", POLICY)}
        for name, document in policies_of(self.rights.graph, holder).documents:
            if " of group " in name:
                continue
            if name in arns:
                ways = [(f"iam:Detach{kind}Policy", holder.arn, {**known, "iam:PolicyARN": arns[name]})]
            else:
                ways = [(f"iam:Delete{kind}Policy", holder.arn, known)]
            words = f"remove {name}, which denies, {where}"
            yield (name + label, compiled(document)), words, [*ways, *more]

    def _itself(self, who: Identity) -> list[tuple[Resource, str]]:
        me = who.principal
        kind = {USER: "User", ROLE: "Role"}.get(me.type)
        return [(me, kind)] if kind and not is_protected(me) else []

    def _groups(self, who: Identity) -> list[Resource]:
        me = who.principal
        return [me] if me.type == GROUP else [group for _, group in self.rights.graph.heads(me, "part-of", GROUP)]

    def _policies(self, who: Identity) -> Iterable[Resource]:
        """The policies of the account that it holds, also through its groups."""
        holders = (who.principal, *self._groups(who))
        held = (policy for each in holders for _, policy in self.rights.graph.heads(each, "holds", POLICY))
        return list({each.key: each for each in held if not each.aws_made and "::aws:" not in each.arn}.values())


def _versions(policy: Resource) -> Iterator[tuple[Named, Truth]]:
    """The versions that are not in force; one that was not read may allow anything."""
    for each in policy.known("Versions", []):
        if isinstance(each, dict):
            yield (f"version {each.get('VersionId')} of {policy.label}", compiled(each.get("Document"))), TRUE
    if policy.gap("Versions"):
        yield (
            (f"a version of {policy.label}", ANYTHING[1]),
            depends(f"a version of {policy.label} that could not be read"),
        )


def given(who: Identity, *gifts: Gift) -> Move:
    """With all of the policies together: what they add up to."""
    held = replace(who.held, identity=(*who.held.identity, *(gift.policy for gift in gifts)))
    to = who.holding(held, "+".join(gift.policy[0] for gift in gifts))
    return Move(to, every(gift.found for gift in gifts), "{gifts}", "{gifts}", (), (), gifts)


def replaced(who: Identity, old: object, gift: Gift) -> Move:
    """With the policy in the place of one that it holds."""
    kept = tuple(each for each in who.held.identity if each[1] is not old)
    held = replace(who.held, identity=(*kept, gift.policy))
    return Move(who.holding(held, gift.words), gift.found, gift.way, gift.words)


def limited(who: Identity, boundary: tuple[Named, ...] | None, gift: Gift) -> Move:
    """With another permissions boundary, or none."""
    to = who.holding(replace(who.held, boundary=boundary), gift.words)
    return Move(to, gift.found, gift.way, gift.words)
