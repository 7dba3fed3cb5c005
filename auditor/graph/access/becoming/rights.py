"""What a principal can do to principals: answers about single steps, each asked once for a family of equals."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from auditor.graph.access.becoming.reverse_lookup import beginnings, begins, last_part
from auditor.graph.access.becoming.running import RUNNING
from auditor.graph.access.becoming.ways import FEDERATIONS, OTHERS, PASS, PASSES, PROVIDERS, TAKES, Way
from auditor.graph.access.held.acting import PROFILE, unread_programs
from auditor.graph.access.held.guardrails import NONE, Guardrails
from auditor.graph.access.held.identities import GROUP, POLICY, Identity, identity
from auditor.graph.access.policy.callers import Caller, path_of
from auditor.graph.access.policy.conditions import holds
from auditor.graph.access.policy.context import ANY, Context
from auditor.graph.access.policy.documents import UNREAD, Document, account_of, compiled
from auditor.graph.access.policy.evaluate import Decision, Held, Named, Request, evaluate, must_trust
from auditor.graph.access.policy.known import endpoint_region, of_service, partition_of
from auditor.graph.access.policy.truth import FALSE, TRUE, Truth, depends, every, some
from auditor.graph.access.policy.unread import allowing
from auditor.graph.build import Graph
from auditor.model import Hidden, Resource

ROLE, USER = "AWS::IAM::Role", "AWS::IAM::User"
ADMIN_POLICIES = ("AdministratorAccess", "IAMFullAccess")
_PROBES = (
    "iam:PutUserPolicy",
    "iam:AttachUserPolicy",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:CreatePolicyVersion",
)
_OF_TYPE = {"user": USER, "role": ROLE, "group": GROUP, "policy": POLICY}

Known = Mapping[str, str | None]  # condition keys of a request that are known; None: not there
PossibleWays = tuple[tuple[Way, ...], tuple[Way, ...], tuple[Way, ...]]


@dataclass(slots=True, eq=False)
class Rights:
    """The principals of a graph, and single answers about them."""

    graph: Graph
    guard: Guardrails = NONE
    identities: dict[str, Identity] = field(default_factory=dict)
    _asked: dict[tuple[object, ...], Truth] = field(default_factory=dict)
    _trusts: dict[tuple[str, str], Truth] = field(default_factory=dict)
    _possible_ways: dict[object, PossibleWays] = field(default_factory=dict)
    _compiled: dict[str, Document] = field(default_factory=dict)
    _unread_runners: dict[str, bool] = field(default_factory=dict)
    _sorted: dict[str, list[tuple[str, Resource]]] = field(default_factory=dict)
    _tags: bool | None = None
    states: dict[str, list[Identity]] = field(default_factory=dict)  # a principal's key -> after changes of its own

    def __post_init__(self) -> None:
        found = self.graph.of_type(ROLE, USER, GROUP)
        for each in (identity(self.graph, each) for each in found if not is_service_linked(each)):
            account = each.principal.account
            known = {**self.guard.about(account).member(), "aws:resourceaccount": (account,)}
            self.identities[each.key] = replace(each, context=each.context.knowing(known))

    def allowed(self, who: Identity, action: str, resource: str, known: Known | None = None) -> Truth:
        """Whether an action is allowed; what the caller itself chooses about a request hinders nobody. Of another
        account nothing is by one's own policies alone."""
        if not allows_on_something(who, action) or _is_foreign(resource, who.principal.account):
            return FALSE
        asked = (who.family, action, resource, tuple(sorted((known or {}).items())))
        if asked not in self._asked:
            self._asked[asked] = truth_of(self._decide(who, action, resource, known), who.context)
        return self._asked[asked]

    def possible(self, who: Identity, action: str, resource: str) -> bool:
        """Whether the policies that it holds could allow an action to anybody: asked once for all who hold the same."""
        asked = (who.family[:-1], action, resource, "anybody")
        if asked not in self._asked:
            self._asked[asked] = truth_of(self._decide(who, action, resource, None, ANY))
        return self._asked[asked].value is not False

    def possible_ways(self, who: Identity) -> PossibleWays:
        """The ways to other principals of which every action is allowed on something."""
        held = who.family[0]
        if held not in self._possible_ways:
            passing = PASSES if allows_on_something(who, PASS) else ()
            takes, passes, running = (
                tuple(way for way in ways if all(allows_on_something(who, action) for action in way.actions))
                for ways in (TAKES, passing, RUNNING)
            )
            self._possible_ways[held] = takes, passes, running
        return self._possible_ways[held]

    def trust(self, role: Resource) -> Document:
        if role.key not in self._compiled:
            self._compiled[role.key] = _trust_policy(role)
        return self._compiled[role.key]

    def _decide(
        self,
        who: Identity,
        action: str,
        resource: str,
        known: Mapping[str, str | None] | None,
        context: Context | None = None,
    ) -> Decision:
        """By the identity's own policies; where the resource has to agree too, as if it left that to the account."""
        region = endpoint_region(action, resource, partition_of(who.principal.arn))
        known = {**(known or {}), **({"aws:RequestedRegion": region} if region else {})}
        context = context or (who.context.knowing(known) if known else who.context)
        agreed = (_left_to(who.principal.account),) if must_trust(action) else None
        scps = self.guard.about(who.principal.account).scps
        held = Held(who.held.identity, who.held.boundary, resource=agreed, scps=scps)
        return evaluate(Request(who.caller, action, resource, context), held)

    @property
    def asks_for_tags(self) -> bool:
        """Whether some policy lets somebody do something by its tags."""
        if self._tags is None:
            held = (each.held for each in self.identities.values())
            documents = (document for each in held for _, document in (*each.identity, *(each.boundary or ())))
            trusts = (self.trust(role) for role in self.graph.of_type(ROLE))
            self._tags = any(each.tags for each in (*documents, *trusts))
        return self._tags

    def strangers_to(self, role: Resource) -> tuple[Caller, ...]:
        """Somebody of each account whom no trust policy names: of the role's own, and of the others that were read."""
        accounts = dict.fromkeys((role.account, *(each.principal.account for each in self.identities.values())))
        return tuple(Caller("user", "arn:aws:iam::0:user/-", account) for account in accounts)

    def all_allowed(self, who: Identity, actions: Iterable[str]) -> Truth:
        return every(self.allowed(who, action, "*") for action in actions)

    def is_admin(self, who: Identity) -> Truth:
        """Every action on everything, and not denied again where it matters."""
        inside = (
            TRUE if who.held.boundary is None else _allows_everything(document for _, document in who.held.boundary)
        )
        given = every((_allows_everything(document for _, document in who.held.identity), inside))
        if given.value is False:
            return FALSE
        return every((given, some(self.allowed(who, action, "*") for action in _PROBES)))

    def promotions(self, who: Identity) -> Iterator[tuple[Way, Resource]]:
        """Whom else it can make an administrator; it becomes one itself only with that one's credentials."""
        for way in OTHERS:
            (action,) = way.actions
            if not allows_on_something(who, action):
                continue
            place = f"arn:{partition_of(who.principal.arn)}:iam::aws:policy"
            named: list[Known | None] = [{"iam:PolicyARN": f"{place}/{name}"} for name in ADMIN_POLICIES]
            policies = named if ":Attach" in action else [None]
            for target in self._targets_of(who, action, _OF_TYPE[way.on]):
                own = target.key == who.principal.key
                if not own and any(self.allowed(who, action, target.arn, each).value is not False for each in policies):
                    yield way, target
                    break

    def _targets_of(self, who: Identity, action: str, cfn: str) -> Iterator[Resource]:
        """Targets whose ARNs begin as the identity's policies say."""
        if cfn not in self._sorted:
            found = [each for each in self.graph.of_type(cfn) if not is_protected(each) and "::aws:" not in each.arn]
            self._sorted[cfn] = sorted(((last_part(each.arn), each) for each in found), key=lambda pair: pair[0])
        targets = self._sorted[cfn]
        for start in sorted(beginnings(who, action)):
            place = bisect_left(targets, start.rstrip("\x00"), key=lambda pair: pair[0])
            while place < len(targets) and begins(targets[place][0], start):
                yield targets[place][1]
                place += 1

    def assumes(self, who: Identity, role: Resource) -> Truth:
        """Whether the role's trust policy and the principal's own policies let it in."""
        trust = self.trust(role)
        if who.principal.type == GROUP:
            return FALSE
        guard = self.guard.between(who.principal.account, role.account)
        held = Held(
            who.held.identity,
            who.held.boundary,
            resource=((f"trust of {role.label}", trust),),
            scps=guard.scps,
            rcps=guard.on_resources("sts:AssumeRole"),
        )
        request = Request(who.caller, "sts:AssumeRole", role.arn, who.context, role.account)
        return truth_of(evaluate(request, held), who.context)

    def trusts_service(self, role: Resource, service: str) -> Truth:
        """Whether a role trusts a service, as far as the service's condition keys are known."""
        asked = (role.key, service)
        named = {who for clause in self.trust(role).clauses for _, who in clause.principals}
        if not named & {service, UNREAD} and not any(clause.but_principals for clause in self.trust(role).clauses):
            return FALSE
        if asked not in self._trusts:
            trust = self.trust(role)
            provider = service in PROVIDERS
            action = "sts:AssumeRoleWithWebIdentity" if provider else "sts:AssumeRole"
            caller, context = Caller("federated" if provider else "service", service), of_service(service, role.account)
            request = Request(caller, action, role.arn, ANY if provider else context, role.account)
            held = Held(resource=((f"trust of {role.label}", trust),))
            self._trusts[asked] = truth_of(evaluate(request, held))
        return self._trusts[asked]

    def providers(self, role: Resource, kind: str) -> list[str]:
        """The identity providers of the role's account that its trust policy names."""
        mark, action = FEDERATIONS[kind]
        named = (who for clause in self.trust(role).allows(action.lower()) for _, who in clause.principals)
        return [who for who in dict.fromkeys(named) if mark in who and f"::{role.account}:" in who]

    def trusts_provider(self, role: Resource, provider: str, kind: str) -> Truth:
        """Whether the role lets people of a provider in; whoever signs for a SAML provider chooses what it says."""
        trust = (f"trust of {role.label}", self.trust(role))
        caller = Caller("federated", provider, role.account)
        request = Request(caller, FEDERATIONS[kind][1], role.arn, ANY, role.account)
        rcps = self.guard.about(role.account).on_resources("sts:AssumeRole")
        decision = evaluate(request, Held(resource=(trust,), rcps=rcps))
        keys = tuple(key for key in decision.keys if not key.lower().startswith("saml:"))
        return TRUE if decision.effect == "depends" and not keys else truth_of(replace(decision, keys=keys))

    def in_instance_profile(self, who: Identity, role: Resource) -> Truth:
        """Whether the role is in an instance profile, or can be put into one."""
        if self.graph.tails(role, "acts-as", PROFILE):
            return TRUE
        own = self.all_allowed(who, ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"))
        if own.value is False and self.unread_runners(PROFILE):
            return depends("whether an instance profile that could not be read contains the role")
        return own

    def unread_runners(self, cfn: str) -> bool:
        """Whether something of a type may run as a role without that having been seen."""
        if cfn not in self._unread_runners:
            self._unread_runners[cfn] = unread_programs(self.graph, cfn)
        return self._unread_runners[cfn]


def _is_foreign(resource: str, account: str) -> bool:
    """Whether an ARN is one of another account; a resource that is only meant by a pattern is one's own."""
    owner = account_of(resource)
    return owner.isdigit() and account.isdigit() and owner != account


def _left_to(account: str) -> Named:
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "*", "Resource": "*"}
    return "the account", compiled({"Statement": [statement]})


def allows_on_something(who: Identity, action: str) -> bool:
    return any(document.allows(action.lower()) for _, document in who.held.identity)


def is_service_linked(resource: Resource) -> bool:
    """A service-linked role: AWS gives it to its service alone, and nobody can change or pass it."""
    return path_of(resource).startswith("/aws-service-role/")


def is_protected(resource: Resource) -> bool:
    """A role that nobody in the account can change: a service's, or one that IAM Identity Center makes of a permission
    set."""
    return is_service_linked(resource) or path_of(resource).startswith("/aws-reserved/")


def truth_of(found: Decision, context: Context = ANY) -> Truth:
    """A decision, where what whoever asks chooses hinders nobody."""
    if found.effect == "allow" or (found.effect == "depends" and found.keys and context.chooses(found.keys)):
        return TRUE
    return depends(*found.keys) if found.effect == "depends" else FALSE


def _allows_everything(documents: Iterable[Document]) -> Truth:
    return some(
        holds(clause.condition, ANY)
        for document in documents
        for clause in document.clauses
        if clause.whole and not clause.denies
    )


def _trust_policy(role: Resource) -> Document:
    """The compiled trust policy; one that was not read may let anybody in."""
    document = role.at("AssumeRolePolicyDocument")
    return allowing("a trust policy") if isinstance(document, Hidden) else compiled(document)
