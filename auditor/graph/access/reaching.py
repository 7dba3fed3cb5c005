"""Who gets at what a resource holds, through any number of steps: searched backwards from those who may read it.

Reading is what the table says for a kind of resource; whoever may write the resource's own policy may let itself in.
Where the resource names a KMS key, its reader has to be allowed to decrypt with it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from auditor.graph.access.becoming.rights import ROLE, Rights, truth_of
from auditor.graph.access.becoming.search import Goal, Search
from auditor.graph.access.becoming.steps import Step
from auditor.graph.access.entering import Entrance, entrances
from auditor.graph.access.held.guardrails import NONE, UNLESS, Guardrails
from auditor.graph.access.held.identities import Identity
from auditor.graph.access.held.resource_policies import KEY, ResourcePolicies, policies_of_resource, policies_on
from auditor.graph.access.policy.documents import account_of, compiled
from auditor.graph.access.policy.evaluate import Decision, Held, Named, Request, evaluate
from auditor.graph.access.policy.truth import FALSE, TRUE, Truth, depends, every, some
from auditor.graph.access.policy.unread import is_unread
from auditor.graph.access.who import NotFound, Question, Reach, arn_of, who_can
from auditor.graph.build import Graph
from auditor.model import Gap, Resource


@dataclass(frozen=True, slots=True)
class Data:
    """What gets at the data of a kind of resource: one of `actions`, or one that writes its policy."""

    service: str
    begins: str
    actions: tuple[str, ...]
    rewriting: tuple[str, ...] = ()
    place: str = ""  # what follows the ARN in that of the data
    decrypts: bool = False  # whoever reads it has to be allowed to decrypt with its key


_SECRET, _FILES, _TABLE = "secretsmanager", "elasticfilesystem", ("dynamodb:PutResourcePolicy",)
DATA = (
    Data("s3", "", ("s3:GetObject",), ("s3:PutBucketPolicy",), "/*", True),
    Data("kms", "key/", ("kms:Decrypt",), ("kms:PutKeyPolicy", "kms:CreateGrant")),
    Data(_SECRET, "secret:", ("secretsmanager:GetSecretValue",), ("secretsmanager:PutResourcePolicy",), "", True),
    Data("sqs", "", ("sqs:ReceiveMessage",), ("sqs:SetQueueAttributes", "sqs:AddPermission"), "", True),
    Data("sns", "", ("sns:Subscribe",), ("sns:SetTopicAttributes", "sns:AddPermission")),
    Data("dynamodb", "table/", ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"), _TABLE),
    Data("ecr", "repository/", ("ecr:BatchGetImage",), ("ecr:SetRepositoryPolicy",)),
    Data("ssm", "parameter/", ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParameterHistory"), (), "", True),
    Data("logs", "log-group:", ("logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"), (), ":*"),
    Data("kinesis", "stream/", ("kinesis:GetRecords",), ("kinesis:PutResourcePolicy",)),
    Data("rds", "db:", ("rds:ModifyDBInstance",)),
    Data("rds", "cluster:", ("rds:ModifyDBCluster", "rds-data:ExecuteStatement")),
    Data(_FILES, "file-system/", ("elasticfilesystem:ClientMount",), ("elasticfilesystem:PutFileSystemPolicy",)),
    Data("ec2", "volume/", ("ec2:CreateSnapshot",)),
    Data("ec2", "snapshot/", ("ec2:ModifySnapshotAttribute", "ebs:GetSnapshotBlock")),
    Data("ec2", "instance/", ("ssm:SendCommand", "ssm:StartSession")),
    Data("lambda", "function:", ("lambda:InvokeFunction", "lambda:GetFunction"), ("lambda:AddPermission",)),
    Data("iam", "role/", ("sts:AssumeRole",), ("iam:UpdateAssumeRolePolicy",)),
)
_OBJECTS = "whether what is read is encrypted with the key {key}"
_LET_IN: Named = (
    "a policy of its own",
    compiled({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}),
)


def data_of(arn: str) -> Data | None:
    """The row for a resource; nothing where it is not known how its data is read."""
    parts = arn.split(":", 5)
    if len(parts) != 6:
        return None
    return next((each for each in DATA if each.service == parts[2] and parts[5].startswith(each.begins)), None)


def resource_named(graph: Graph, text: str) -> str:
    """The ARN that is meant; of several with a name, the only one that holds data."""
    if not text.startswith("arn:"):
        named = [each.arn for each in graph.resources() if text in (each.id, each.name, each.label)]
        found = [arn for arn in dict.fromkeys(named) if (row := data_of(arn)) and row.service != "iam"]
        if len(found) == 1:
            return found[0]
    return arn_of(graph, text)


Answer = Literal["allow", "depends", "unknown", "no"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How one principal gets at a resource: the steps, of which the last is on the resource itself."""

    principal: Resource
    answer: Answer
    path: tuple[Step, ...] = ()
    gaps: tuple[Gap, ...] = ()
    entered: tuple[Entrance, ...] = ()

    @property
    def asks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for step in self.path for text in step.asks))


@dataclass(frozen=True, slots=True)
class Arrivals:
    """`outside`: whom the resource's own policy lets in from elsewhere. `unless`: what could still deny."""

    arn: str
    actions: tuple[str, ...]
    inside: tuple[Arrival, ...]
    outside: tuple[Reach, ...]
    unless: str = ""


def reaches(graph: Graph, arn: str, actions: tuple[str, ...] = (), guard: Guardrails = NONE) -> Arrivals:
    """Everybody who gets at a resource by one of the actions (nothing: those of the table)."""
    target = _Target.of(graph, arn, actions, guard)
    rights = Rights(graph, guard)
    search = Search(rights, Goal(target.truth, "gets at it under a condition"))
    search.run()
    found = [_arrival(each, search, target) for each in search.with_credentials()]
    outside = [
        each
        for action in target.actions
        for each in who_can(graph, action, target.place(action), guard)
        if each.who not in rights.identities and each.answer in ("allow", "depends", "unknown")
    ]
    unlike = {(each.who, each.answer): each for each in outside}
    unless = UNLESS if guard.unread else ""
    ordered = sorted(found, key=lambda each: (_ORDER[each.answer], len(each.path), each.principal.key))
    return Arrivals(arn, target.actions, tuple(ordered), tuple(unlike.values()), unless)


_ORDER = {"allow": 0, "depends": 1, "unknown": 2, "no": 3}


def _arrival(who: Identity, search: Search, target: _Target) -> Arrival:
    how = search.how(who)
    path, gaps = search.path(who)
    last = path[-1].head if path else who.principal.key
    end = search.rights.identities.get(last)
    if how != "no" and end and (not path or path[-1].head):
        path = (*path, target.step(end))
    entered = tuple(entrances(who.principal, search.rights.guard)) if who.principal.type == ROLE and how != "no" else ()
    answer: Answer = "allow" if how == "sure" else how
    unread = tuple(dict.fromkeys((*gaps, *target.owned.gaps)))
    if answer == "depends" and any(is_unread(text) for step in path for text in step.asks):
        answer, gaps = "unknown", unread
    if answer == "no" and target.owned.gaps:
        answer, gaps = "unknown", target.owned.gaps
    return Arrival(who.principal, answer, path, gaps, entered)


@dataclass(slots=True)
class _Target:
    """The resource, and what of a principal's rights gets at it."""

    graph: Graph
    arn: str
    actions: tuple[str, ...]
    row: Data
    owned: ResourcePolicies
    guard: Guardrails
    _known: dict[str, tuple[Truth, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph, arn: str, actions: tuple[str, ...], guard: Guardrails) -> _Target:
        row = data_of(arn) or Data("", "", ())
        if not (actions or row.actions):
            raise NotFound(f"how the data of {arn} is read is not known; name an action with --action")
        return cls(graph, arn, actions or row.actions, row, policies_on(graph, arn), guard)

    def place(self, action: str) -> str:
        """Where the action is done: to the resource, or to what lies in it."""
        inside = action in self.row.actions
        if self.row.service == "s3":  # by their names: what S3 does to objects
            inside = "Object" in action and "Bucket" not in action and "/" not in self.arn
        place = self.row.place if inside else ""
        return self.arn if self.arn.endswith(place) else self.arn + place

    def truth(self, who: Identity) -> Truth:
        return self._told(who)[0]

    def step(self, who: Identity) -> Step:
        truth, words = self._told(who)
        return Step(who.principal.key, self.arn, self.actions[0], words, tuple(sorted(truth.keys)))

    def _told(self, who: Identity) -> tuple[Truth, str]:
        """The best way in, and its words."""
        if who.key not in self._known:
            found = [*self._reading(who, self.owned.documents, ""), *self._rewriting(who)]
            best = max(found, key=lambda pair: (pair[0].value is True, pair[0].value is None), default=(FALSE, ""))
            self._known[who.key] = best
        return self._known[who.key]

    def _reading(self, who: Identity, documents: tuple[Named, ...], after: str) -> list[tuple[Truth, str]]:
        out = []
        for action in self.actions:
            decision = self._decide(who, action, self.place(action), documents)
            allowed = truth_of(decision, who.context)
            if allowed.value is not False:
                words = f"can {after}do {action} on {self.place(action)} ({decision.because})"
                out.append((every((allowed, self._decrypting(who))), words))
        return out

    def _rewriting(self, who: Identity) -> Iterable[tuple[Truth, str]]:
        """Whoever may write the policy may name itself; its own policies and boundary still have to be no denial."""
        for action in self.row.rewriting if self.actions == self.row.actions else ():
            decision = self._decide(who, action, self.arn, self.owned.documents)
            written = truth_of(decision, who.context)
            if written.value is not False:
                after = f"let itself in ({action}, {decision.because}) and "
                for read, words in self._reading(who, (_LET_IN,), after):
                    yield every((written, read)), words

    def _decide(self, who: Identity, action: str, arn: str, documents: tuple[Named, ...]) -> Decision:
        account = self.owned.account or account_of(arn)
        account = account if account.isdigit() else ""
        question = Question(action, arn, account, self.owned, self.guard)
        context = who.context.knowing(question.fixed)
        guard = self.guard.between(who.principal.account, account)
        held = Held(who.held.identity, who.held.boundary, None, documents, guard.scps, guard.on_resources(action))
        return evaluate(Request(who.caller, action, arn, context, account), held)

    def _decrypting(self, who: Identity) -> Truth:
        """Whether it may decrypt with the key that the resource names: of a bucket that is for new objects only."""
        resource = self.owned.resource
        if not resource or not self.row.decrypts:
            return TRUE
        keys = [key for _, key in self.graph.heads(resource, "encrypted-with", KEY)]
        found = [self._with_key(who, key, resource) for key in keys if not key.aws_made]
        if self.row.service != "s3":
            return every(found)
        doubts = [depends(_OBJECTS.format(key=key.label)) for key in keys if not key.aws_made]
        return every(some(pair) for pair in zip(found, doubts, strict=True))

    def _with_key(self, who: Identity, key: Resource, resource: Resource) -> Truth:
        documents = policies_of_resource(self.graph, key).documents
        via = f"{self.row.service}.{resource.region}.amazonaws.com"
        context = who.context.knowing({"kms:ViaService": via, "kms:CallerAccount": who.principal.account})
        guard = self.guard.between(who.principal.account, key.account)
        held = Held(who.held.identity, who.held.boundary, None, documents, guard.scps, guard.on_resources("kms:"))
        decision = evaluate(Request(who.caller, "kms:Decrypt", key.arn, context, key.account), held)
        return truth_of(decision, who.context)
