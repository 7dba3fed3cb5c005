"""AWS's policy evaluation: explicit denials first, then every kind of policy that has to agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.graph.access.policy.callers import Caller, Meant, meant
from auditor.graph.access.policy.conditions import holds
from auditor.graph.access.policy.context import ANY, Context
from auditor.graph.access.policy.documents import Clause, Document, Effect
from auditor.graph.access.policy.operators import filled
from auditor.graph.access.policy.patterns import covers, fits, meets, wild
from auditor.graph.access.policy.truth import FALSE, TRUE, Truth, depends, every, some

Named = tuple[str, Document]

# Where the resource's own policy has to agree, whatever the identity's policies say.
_MUST_TRUST = ("sts:assumerole", "sts:setsourceidentity", "sts:tagsession", "kms:")
# What of KMS is done to no key, so that no key's policy is asked.
_NO_KEY = frozenset({"kms:createkey", "kms:generaterandom", "kms:listaliases", "kms:listkeys"})


def must_trust(action: str) -> bool:
    action = action.lower()
    return action.startswith(_MUST_TRUST) and action not in _NO_KEY and "customkeystore" not in action


@dataclass(frozen=True, slots=True)
class Request:
    """`resource` may be a pattern: then the question is whether there is any such resource."""

    caller: Caller
    action: str
    resource: str = "*"
    context: Context = ANY
    account: str = ""  # of the resource; empty: the caller's own

    @property
    def same_account(self) -> bool:
        return not self.account or not self.caller.account or self.account == self.caller.account


@dataclass(frozen=True, slots=True)
class Held:
    """Every policy that speaks. None: no such policy is set, which limits nothing (and a resource without one
    gives nothing).

    Of organisation policies every level from the root down to the account is one tuple, and each has to allow.
    """

    identity: tuple[Named, ...] = ()
    boundary: tuple[Named, ...] | None = None
    session: tuple[Named, ...] | None = None
    resource: tuple[Named, ...] | None = None
    scps: tuple[tuple[Named, ...], ...] = ()
    rcps: tuple[tuple[Named, ...], ...] = ()

    def all(self) -> Iterator[Named]:
        for layer in (self.identity, self.boundary, self.session, *self.scps, *self.rcps):
            yield from layer or ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, the condition keys on which it depends, and the statements that prove it."""

    effect: Effect
    keys: tuple[str, ...] = ()
    because: str = ""


_RANK = {"no": 0, "deny": 0, "depends": 1, "allow": 2}


def evaluate(request: Request, held: Held) -> Decision:
    """Whether a request is allowed. A pattern of resources is allowed when some resource of it surely is.

    AWS: aws:TokenIssueTime is there with temporary credentials only. A user may sign with either.
    """
    found = _with_token(request, held)
    if found.effect == "allow" or not request.context.keys_of_long_term or not _asks_for_token(held):
        return found
    signed = _with_token(replace(request, context=request.context.knowing({"aws:TokenIssueTime": None})), held)
    return signed if _RANK[signed.effect] > _RANK[found.effect] else found


def _asks_for_token(held: Held) -> bool:
    return any(document.tokens for _, document in (*held.all(), *(held.resource or ())))


def _with_token(request: Request, held: Held) -> Decision:
    if not wild(request.resource):
        return _decide(request, held)
    nothing = best = Decision("no", (), "no policy allows it")
    for candidate in dict.fromkeys(_candidates(request, held)):
        found = _decide(replace(request, resource=candidate), held)
        if (
            best is nothing
            or _RANK[found.effect] > _RANK[best.effect]
            or (found.effect == "deny" and best.effect == "no")
        ):
            best = found
        if best.effect == "allow":
            break
    return best


def _candidates(request: Request, held: Held) -> Iterator[str]:
    """The parts of the pattern that some statement allows: each is asked by itself."""
    action = request.action.lower()
    for _, document in [*held.identity, *(held.resource or ())]:
        for clause in document.allows(action):
            if clause.but_resources:
                yield request.resource
                continue
            for text in clause.resources:
                pattern = filled(text, request.context)[0] if document.variables else text
                if pattern and meets(pattern, request.resource):
                    yield pattern if covers(request.resource, pattern) else request.resource


def _decide(request: Request, held: Held) -> Decision:
    action = request.action.lower()
    proof: list[str] = []
    binding = _binding(request.caller, held)
    denied = some(
        [
            *(_policy_speaks(request, each, action, True, proof) for each in binding.all()),
            *(_resource_denies(request, each, action, proof) for each in held.resource or ()),
        ]
    )
    if denied.value:
        return Decision("deny", (), f"denied by {proof[-1]}")
    proof.clear()

    def allows(layer: Iterable[Named]) -> Truth:
        return some(_policy_speaks(request, each, action, False, proof) for each in layer)

    limits = every(allows(level) for level in (*binding.scps, *binding.rcps))
    granted = every((limits, _granted(request, held, action, allows, proof)))
    if granted.value is False:
        return Decision("no", (), _refused(held, allows, limits))
    answer = every((granted, ~denied))
    because = ", ".join(dict.fromkeys(proof)) or "the resource policy"
    if answer.value:
        return Decision("allow", (), f"allowed by {because}")
    return Decision(
        "depends", tuple(sorted(answer.keys)), f"allowed by {because}, depending on {', '.join(sorted(answer.keys))}"
    )


def _binding(caller: Caller, held: Held) -> Held:
    """AWS: a service-linked role is bound by no policy of an organization, and a service's own call by no SCP."""
    if caller.linked:
        return replace(held, scps=(), rcps=())
    return replace(held, scps=()) if caller.kind == "service" else held


def _granted(
    request: Request, held: Held, action: str, allows: Callable[[Iterable[Named]], Truth], proof: list[str]
) -> Truth:
    """What the policies give, by AWS's rules for one account and for two."""
    inside = every(allows(layer) for layer in (held.boundary, held.session) if layer is not None)
    own = every((allows(held.identity), inside))
    by = _resource_allows(request, held, action, proof)
    if request.caller.kind in ("service", "federated", "anybody"):
        return by.session
    if not request.same_account:
        return every((own, by.any))
    # A user that called for a session policy makes its requests as a federated session, and that is not the user.
    session = every((by.session, inside)) if request.caller.kind == "user" and held.session is not None else by.session
    direct = some((session, every((by.role, inside))))
    if must_trust(action):
        return some((direct, every((by.account, own))))
    return some((own, direct))


def _refused(held: Held, allows: Callable[[Iterable[Named]], Truth], limits: Truth) -> str:
    if limits.value is False:
        return "no organization policy allows it"
    if held.boundary is not None and allows(held.boundary).value is False and allows(held.identity).value is not False:
        return "the permissions boundary does not allow it"
    if held.session is not None and allows(held.session).value is False and allows(held.identity).value is not False:
        return "the session policy does not allow it"
    return "no policy allows it"


def _policy_speaks(request: Request, named: Named, action: str, denies: bool, proof: list[str]) -> Truth:
    """What one policy says; the statements that may speak are put into the proof."""
    label, document = named
    found = FALSE
    for clause in document.denials(action) if denies else document.allows(action):
        spoken = speaks(clause, document, request)
        if spoken.value is not False:
            proof.append(f"{label} ({clause.name})")
        found = some((found, spoken))
        if found.value:
            break
    return found


def speaks(clause: Clause, document: Document, request: Request) -> Truth:
    """Whether a clause about the action is about the resource, and its condition holds."""
    place = _resource_matches(clause, document, request)
    if place.value is False or not clause.condition:
        return place
    return every((place, holds(clause.condition, request.context)))


def _resource_matches(clause: Clause, document: Document, request: Request) -> Truth:
    """An allow has to meet the resource, a denial to cover it; of a single resource that is the same."""
    if clause.resources == ("*",):
        return FALSE if clause.but_resources else TRUE
    single = not wild(request.resource)
    test = fits if single else (covers if clause.denies != clause.but_resources else meets)
    found = some(_element_matches(test, text, document, request) for text in clause.resources)
    return ~found if clause.but_resources else found


def _element_matches(test: Callable[[str, str], bool], text: str, document: Document, request: Request) -> Truth:
    if "${" not in text or not document.variables:
        return TRUE if test(text, request.resource) else FALSE
    pattern, open_ = filled(text, request.context)
    if pattern is None or not test(pattern, request.resource):
        return FALSE
    return depends(*open_) if open_ else TRUE


def _resource_denies(request: Request, named: Named, action: str, proof: list[str]) -> Truth:
    label, document = named
    found = FALSE
    for clause in document.denials(action):
        spoken = every((meant(clause, request.caller).any, speaks(clause, document, request)))
        if spoken.value is not False:
            proof.append(f"{label} ({clause.name})")
        found = some((found, spoken))
    return found


def _resource_allows(request: Request, held: Held, action: str, proof: list[str]) -> Meant:
    ways: list[Meant] = []
    for label, document in held.resource or ():
        for clause in document.allows(action):
            spoken = speaks(clause, document, request)
            by = Meant(*(every((each, spoken)) for each in meant(clause, request.caller)))
            if by.any.value is not False:
                proof.append(f"{label} ({clause.name})")
            ways.append(by)
    return Meant(*(some(each[place] for each in ways) for place in range(3)))
