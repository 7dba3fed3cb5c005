"""Who loses what by a change: asked before a step is called automatic.

A finding is about what is too much; somebody may live on it. Whose permissions shrink is read off the graph: what acts
as the role, who can assume it, whether it is a tool or a pipeline that deploys, whether a document describes it. Where
that could not be read it counts as somebody. What a deployment needs is for a person to replace first; every other loss
is shown and makes the step one that `destroys`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from auditor.graph.access import principals, statements
from auditor.model import ABSENT, Edge, Gap, Json, Resource, ResourceType
from auditor.remedy.moves import Move

ROLE, USER, GROUP, POLICY = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy"
TRUST = "AssumeRolePolicyDocument"
_PERMISSIONS = ("ManagedPolicyArns", "Policies", "PermissionsBoundary")
# `cdk bootstrap` names its roles so, whatever the qualifier.
_CDK = re.compile(r"cdk-[a-z0-9]+-(cfn-exec|deploy|file-publishing|image-publishing|lookup)-role-")
_DEPLOYING = {
    "cloudformation.amazonaws.com": "CloudFormation deploys stacks",
    "codebuild.amazonaws.com": "CodeBuild builds and deploys",
    "codedeploy.amazonaws.com": "CodeDeploy deploys",
    "codepipeline.amazonaws.com": "CodePipeline deploys",
    "amplify.amazonaws.com": "Amplify deploys",
    "serverlessrepo.amazonaws.com": "the Serverless Application Repository deploys",
}
_PEOPLE_AND_PODS = ("oidc.eks.", "cognito", "accounts.google.com", "okta", "auth0")


class Neighbours(Protocol):
    """As much of the graph as tells who uses something."""

    def tails(self, resource: Resource, relation: str = "", *types: str) -> list[tuple[Edge, Resource]]: ...
    def gaps_for(self, cfn: str, region: str = "") -> tuple[Gap, ...]: ...


@dataclass(frozen=True, slots=True)
class Loss:
    """Somebody who loses something, as a sentence; `by_hand` where a person has to put something in its place first."""

    sentence: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Losers:
    """The question, for one account: the graph, the types' rows, and what documents say of each resource."""

    graph: Neighbours
    types: Mapping[str, ResourceType]
    documented: Mapping[str, tuple[str, ...]]

    def of(self, move: Move) -> tuple[Loss, ...]:
        """Who loses something by a move."""
        if move.resource.type == ROLE and move.row.name == TRUST:
            return tuple(dict.fromkeys(self._no_longer_trusted(move)))
        found = (loss for holder in self._holders(move) for loss in self._users(holder, _taken(move)))
        return tuple(dict.fromkeys(found))

    def _holders(self, move: Move) -> list[Resource]:
        """The principals whose permissions shrink."""
        resource, row = move.resource, move.row.name
        if resource.type == POLICY and row == "PolicyDocument":
            return [tail for _, tail in self.graph.tails(resource, "holds")]
        narrowing = move.how != "add" if row != "PermissionsBoundary" else move.after is not ABSENT
        if row not in _PERMISSIONS or not narrowing:
            return []
        if resource.type == GROUP:
            return [resource, *(tail for _, tail in self.graph.tails(resource) if tail.type == USER)]
        return [resource] if resource.type in (ROLE, USER) else []

    def _users(self, holder: Resource, what: str) -> Iterator[Loss]:
        """Who uses a principal and so loses what it loses."""
        name = f"{holder.type.rpartition('::')[2].lower()} {holder.name or holder.id}"
        deploying = self._deploys_with(holder)
        if deploying:
            yield Loss(f"{deploying} with {name}: without {what} the next deployment fails", by_hand=True)
            return
        used = [*self._documents(holder), *self._acting(holder), *_assuming(holder)]
        if holder.type == USER:
            used.append("everyone who has its password or an access key")
        yield from (Loss(f"{name} loses {what}: {each}") for each in used)
        blind = self._blind(holder) if not used else ""
        if blind:
            yield Loss(f"{name} loses {what}: {blind}")

    def _deploys_with(self, holder: Resource) -> str:
        if holder.type == ROLE and _CDK.match(holder.name or holder.id):
            return "CDK deploys"
        for told in self.documented.get(holder.key, ()):
            if "deploy" in told:
                return f"the deployer of {told.partition('/')[0]} works"
        return next((words for each in _trusted(holder) if (words := _deploying(each))), "")

    def _documents(self, holder: Resource) -> Iterator[str]:
        for told in self.documented.get(holder.key, ()):
            yield f"it plays {told}"

    def _acting(self, holder: Resource) -> Iterator[str]:
        for _, tail in self.graph.tails(holder, "acts-as"):
            yield f"{tail.type.rpartition('::')[2]} {tail.name or tail.id} uses it"

    def _blind(self, holder: Resource) -> str:
        """What acts as it may lie in what was not read."""
        if holder.type != ROLE:
            return ""
        acting = [cfn for cfn, row in self.types.items() if any(each.relation == "acts-as" for each in row.edges)]
        hidden = [cfn for cfn in acting if self.graph.gaps_for(cfn)]
        return "not everything that uses it could be read" if hidden else ""

    def _no_longer_trusted(self, move: Move) -> Iterator[Loss]:
        """Whom a trust policy let in and no longer does. `Anyone` is nobody in particular: that is what is closed."""
        left = set(_trusted(_with(move, move.after)))
        name = f"role {move.resource.name or move.resource.id}"
        for each in _trusted(_with(move, move.before)):
            if each in left or each[1] == "*":
                continue
            deploying = _deploying(each)
            if deploying:
                yield Loss(f"{deploying} with {name} and can no longer assume it", by_hand=True)
            else:
                yield Loss(f"{each[1]} can no longer assume {name}")


def _with(move: Move, document: Json) -> Resource:
    known = {name: value for name, value in move.resource.properties.items() if name != TRUST}
    return replace(move.resource, properties=known if document is ABSENT else {**known, TRUST: document})


def _trusted(role: Resource) -> list[tuple[str, str]]:
    """(kind, who) of everybody whom the trust policy of a role names."""
    if role.type != ROLE:
        return []
    allowed = [each for each in statements(role.known(TRUST)) if each.get("Effect") == "Allow"]
    return list(dict.fromkeys(who for each in allowed for who in principals(each)))


def _deploying(trusted: tuple[str, str]) -> str:
    """What deploys by a principal: a service that does, or an identity provider of programs as GitHub's.

    Those of people and of pods are no pipelines.
    """
    kind, who = trusted
    provider = who.rpartition("oidc-provider/")[2]
    if kind == "Federated" and "oidc-provider/" in who and not any(mark in provider for mark in _PEOPLE_AND_PODS):
        return f"a pipeline of {provider} deploys"
    return _DEPLOYING.get(who, "") if kind == "Service" else ""


def _assuming(holder: Resource) -> Iterator[str]:
    """Who may assume a role and is no service: a service is seen by what acts as the role."""
    own = f":{holder.account}:root"
    for kind, who in _trusted(holder):
        if kind != "Service" and who != "*":
            yield f"{'principals of this account' if who.endswith(own) else who} can assume it"


def _taken(move: Move) -> str:
    """What is taken away, by its name."""
    gone = move.before if move.how == "remove" else move.place
    if isinstance(gone, Mapping):
        gone = gone.get("PolicyName", move.place)
    if move.row.name == "PermissionsBoundary":
        return "what its new permissions boundary does not allow"
    if move.resource.type == POLICY:
        return f"what is taken out of {move.resource.name or move.resource.id}"
    return f"what {str(gone).rpartition('/')[2]} allows"


def sentences(losses: Iterable[Loss]) -> str:
    return "; ".join(dict.fromkeys(each.sentence for each in losses))
