"""What an operator says beforehand: which resource plays a role, and what belongs to the system at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from auditor.checks.binding.evidence import Evidence
from auditor.checks.binding.walks import networks
from auditor.checks.schema import Baseline
from auditor.checks.yaml import suggest
from auditor.graph.network import VPC
from auditor.model import Resource


class BadPin(ValueError):
    """A pin or a scope that names nothing."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Only what fits may play a role: tags by name, one VPC, one account, and a pattern of names."""

    tags: Mapping[str, str] = field(default_factory=dict)
    vpc: str = ""
    name: str = ""
    account: str = ""

    def __bool__(self) -> bool:
        return bool(self.tags or self.vpc or self.name or self.account)


STACK = "aws:cloudformation:stack-name"
_PLAIN = ("vpc", "name", "account")
_OF_ONE = re.compile(r"(?!tag:|(?:stack|vpc|name|account)=)([^/=]+)/(.+)", re.DOTALL)


def parse_scope(texts: Iterable[str], baseline: str = "") -> Scope:
    """`tag:stage=prod`, `stack=cuggu-prod`, `vpc=vpc-1`, `account=123456789012`, `name=cuggu-prod-*`.

    With the ID of a baseline and a slash before it, like `cuggu/tag:stage=prod`, it is said for that one alone, and
    counts where `baseline` is that one.
    """
    tags: dict[str, str] = {}
    given: dict[str, str] = {}
    for text in texts:
        owner, own = _apart(text)
        word, equals, value = own.partition("=")
        if not equals or not value or not (word.startswith("tag:") or word in ("stack", *_PLAIN)):
            forms = "tag:NAME=VALUE, stack=NAME, vpc=ID, account=ID or name=PATTERN"
            raise BadPin(f"scope {text!r} is not understood; write {forms}, or BASELINE/ before one of these")
        if owner not in ("", baseline):
            continue
        if word in _PLAIN:
            given[word] = value
        else:
            tags[STACK if word == "stack" else word.removeprefix("tag:")] = value
    return Scope(tags, given.get("vpc", ""), given.get("name", ""), given.get("account", ""))


def _apart(text: str) -> tuple[str, str]:
    """The baseline that something is said for (empty: all of them), and what is said."""
    found = _OF_ONE.fullmatch(text)
    return (found[1], found[2]) if found else ("", text)


def pins_of(pins: Mapping[str, str], baseline: str) -> dict[str, str]:
    """The pins that count for a baseline, by role; what is said for it alone goes over what is said for all."""
    told = [(*_apart(role), resource) for role, resource in pins.items()]
    return {role: resource for whose in ("", baseline) for owner, role, resource in told if owner == whose}


def known_roles(pins: Mapping[str, str], baselines: list[Baseline]) -> list[Baseline]:
    """The baselines; a pin of a role that none of them has is refused."""
    known = {each.id: each for each in baselines}
    roles = {role for each in baselines for role in each.roles}
    for pin, resource in sorted(pins.items()):
        owner, role = _apart(pin)
        if owner and owner not in known:
            raise BadPin(f"--bind {pin}={resource}: no chosen baseline is called {owner!r}{suggest(owner, known)}")
        mine = set(known[owner].roles) if owner else roles
        if role not in mine:
            whose = f"{owner} has no" if owner else "no chosen baseline has a"
            raise BadPin(f"--bind {pin}={resource}: {whose} role {role!r}{suggest(role, mine)}")
    return baselines


def elsewhere(baselines: Iterable[Baseline], scope: Iterable[str], accounts: Collection[str]) -> dict[str, str]:
    """The baselines that are about an account which is not among these, with that account: nothing there says of them
    that a part is missing."""
    meant = {each.id: parse_scope(scope, each.id).account for each in baselines}
    return {known: account for known, account in meant.items() if account and account not in accounts}


def without(said: Iterable[str], baselines: Collection[str]) -> tuple[str, ...]:
    """Pins or scopes without those that are said for these baselines alone."""
    return tuple(each for each in said if _apart(each)[0] not in baselines)


def pinned_resources(known: Evidence, pins: Mapping[str, str]) -> dict[str, Resource]:
    """The resources of pins by role; a role or a resource that is not there is an error."""
    out: dict[str, Resource] = {}
    for role, wanted in pins.items():
        if role not in known.baseline.roles:  # a role of another baseline
            continue
        types = known.baseline.roles[role].types
        named = [each for each in known.graph.resources() if wanted in (each.key, each.id, each.name)]
        fits = [each for each in named if each.type in types]
        if not fits:
            nouns = " or ".join(cfn.removeprefix("AWS::") for cfn in types)
            seen = f"; {wanted} is a {named[0].type.removeprefix('AWS::')}" if named else ""
            if not named and any(known.graph.gaps_for(cfn) for cfn in types):
                continue  # it may be among what could not be read
            raise BadPin(f"role {role} cannot be bound to {wanted!r}: no {nouns} of that id or name was found{seen}")
        if len(fits) > 1:
            keys = ", ".join(sorted(each.key for each in fits))
            raise BadPin(
                f"role {role} cannot be bound to {wanted!r}: several resources have that name; use one of {keys}"
            )
        out[role] = fits[0]
        known.found[role].setdefault(fits[0].key, fits[0])
    return out


def restrict(known: Evidence, scope: Scope, pinned: Mapping[str, Resource]) -> set[str]:
    """Take out of the candidates what lies outside of the scope; what certainly lies inside names the system.

    An account alone names none: everything that was read may lie in it, and several systems do.
    """
    if not scope:
        return set()
    keep = {each.key for each in pinned.values()}
    inside: set[str] = set()
    for role, found in known.found.items():
        answers = {key: _fits(known, scope, resource) for key, resource in found.items()}
        known.found[role] = {key: each for key, each in found.items() if answers[key] is not False or key in keep}
        known.outside[role] = found.keys() - known.found[role].keys()
        inside |= {key for key, answer in answers.items() if answer}
    return inside if scope.tags or scope.vpc or scope.name else set()


def set_aside(known: Evidence, others: AbstractSet[str], pinned: Mapping[str, Resource]) -> None:
    """Take out of the candidates what is another system's for certain."""
    left = others - {each.key for each in pinned.values()}
    for role, found in known.found.items() if left else ():
        known.found[role] = {key: each for key, each in found.items() if key not in left}
        known.outside[role] = {*known.outside.get(role, ()), *(found.keys() & left)}


def _fits(known: Evidence, scope: Scope, resource: Resource) -> bool | None:
    """Whether a resource lies in the scope; None where it says nothing of what the scope asks for."""
    answers: list[bool | None] = []
    for name, wanted in scope.tags.items():
        answers.append(resource.tags[name] == wanted if name in resource.tags else None)
    if scope.vpc:
        inside = {key.rpartition("/")[2] for key in networks(known.graph, resource)}
        # What stands in no subnet may be joined to its VPC itself, as a gateway endpoint is.
        near = inside or {end.id for _, end in (*known.graph.heads(resource), (None, resource)) if end.type == VPC}
        answers.append(scope.vpc in near if near else None)
    if scope.account:
        answers.append(resource.account == scope.account if resource.account else None)
    if scope.name:
        pattern = re.escape(scope.name).replace(r"\*", ".*")
        answers.append(re.fullmatch(pattern, resource.name) is not None or None)
    return False if False in answers else True if True in answers else None
