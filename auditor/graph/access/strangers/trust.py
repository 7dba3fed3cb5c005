"""Who from outside may assume a role, by its trust policy, and how bad that is.

Everybody, or every tenant of a shared identity provider, is the world. Another account is everybody whom that account
lets; a role of it, or a second factor, is less; an external id or an organization that a condition names closes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.access.policy.documents import (
    UNREAD,
    Clause,
    Document,
    Statement,
    compiled,
    conditions_of,
    is_everybody,
    principals,
)
from auditor.graph.access.strangers.admits import lets_in
from auditor.graph.access.strangers.choices import Stranger
from auditor.graph.access.strangers.federated import stranger_with_token
from auditor.model import SERVICE, SEVERITIES, Severity, symbolic

_BY_AWS, _BY_TOKEN = ("sts:AssumeRole",), ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")


@dataclass(frozen=True, slots=True)
class Trusted:
    """Somebody from outside whom a statement lets assume the role. Not `certain`: what was not read, or is malformed,
    decides. `account` is whose it is, as far as the statement says. `made`: it is what AWS itself makes."""

    statement: Statement
    sentence: str
    severity: Severity = "critical"
    certain: bool = True
    account: str = ""
    made: bool = False


def trusted(document: Any, account: str, issuers: Mapping[str, str] | None = None) -> list[Trusted]:
    """Everybody from outside whom a trust policy lets in, the worst first. Of an account that is not known (in code) an
    account id is another one: code speaks of its own by reference. `issuers`: of providers that code refers to."""
    whole = compiled(document)
    found = [
        each
        for clause in whole.clauses
        if not clause.denies
        for kind, who in principals(clause.raw)
        for each in _trusted(clause, whole, kind, (issuers or {}).get(who, who), account)
    ]
    if not account.isdigit():
        found = [_as_another(each) if each.account else each for each in found]
    return worst_first(found)


def worst_first(found: Iterable[Trusted]) -> list[Trusted]:
    return sorted(found, key=lambda each: (not each.certain, SEVERITIES.index(each.severity)))


def _as_another(found: Trusted) -> Trusted:
    words = f"; if {found.account} is the account of this code, pass --account {found.account}"
    return replace(found, sentence=found.sentence + words)


def _trusted(clause: Clause, whole: Document, kind: str, who: str, account: str) -> Iterator[Trusted]:
    if (who == "*" and kind in ("AWS", "Federated")) or (kind == "AWS" and is_everybody(who)):
        yield from _anybody(clause, whole, kind)
    elif kind == UNREAD:
        if (
            who != SERVICE
            and lets_in(clause, whole, Stranger("anybody"), _acting(clause, (*_BY_AWS, *_BY_TOKEN))) is not False
        ):
            yield Trusted(clause.raw, "who can assume it could not be read", certain=False)
    elif kind == "Federated" and ":saml-provider/" not in who:
        yield from _with_token(clause, whole, who)
    elif kind == "AWS":
        theirs = _account_in(who)
        if theirs is None:
            yield Trusted(clause.raw, f"{who} can assume it, and whose account that is is not known", certain=False)
        elif theirs not in ("", account):
            yield from _of_account(clause, whole, who, theirs)


def _account_in(who: str) -> str | None:
    """The account of a principal; empty for one's own and for what is made beside the role, None where code leaves it
    open."""
    parts = symbolic.parts(who)
    if len(parts) == 1 and isinstance(parts[0], symbolic.Atom):
        return "" if not parts[0].name.startswith("?") else None
    bare = "".join(("own" if part.name == "@account" else "?") if isinstance(part, symbolic.Atom) else part
                   for part in parts)  # fmt: skip
    found = re.fullmatch(r"(\d{12})|arn:[^:]*:[^:]*:[^:]*:([^:]*):.*", bare)
    named = (found[1] or found[2]) if found else ""
    return None if "?" in named else "" if named == "own" else named


def _anybody(clause: Clause, whole: Document, kind: str) -> Iterator[Trusted]:
    actions = _acting(clause, (*_BY_AWS, *_BY_TOKEN) if kind == "AWS" else _BY_TOKEN)
    anybody = Stranger("anybody")
    admitted = lets_in(clause, whole, anybody, actions)
    if admitted is False:
        return
    if admitted and lets_in(clause, whole, replace(anybody, knows=False), actions) is False:
        words = "anyone who knows the external ID can assume it: AWS does not treat it as a secret"
        yield Trusted(clause.raw, words, "high")
    else:
        yield Trusted(clause.raw, f"anyone can assume it{despite(clause.raw)}", certain=admitted is True)


def _with_token(clause: Clause, whole: Document, who: str) -> Iterator[Trusted]:
    stranger = stranger_with_token(clause.raw, who)
    provider, issuer = stranger.provider, stranger.issuer
    if not issuer or provider is None:
        if who.startswith("${?"):
            yield Trusted(clause.raw, "whose identities can assume it could not be read", certain=False)
        if not clause.condition and "${?" not in who and _acting(clause, _BY_TOKEN[:1]):
            words = f"any identity of {who.strip('${}')} may assume it: no condition on its subject"
            yield Trusted(clause.raw, words, "medium")
        return  # a provider that code names by a reference, and no condition tells which
    admitted = lets_in(clause, whole, stranger, _acting(clause, _BY_TOKEN))
    if admitted is False:
        return
    if provider.shared:
        claims = ", ".join(name if ":" in name else f"{issuer}:{name}" for name in provider.names)
        words = f"every tenant of {provider.name} can assume it: no condition on {claims} names one"
        yield Trusted(clause.raw, words, certain=admitted is True)
    else:
        words = f"any identity of {issuer} may assume it: no condition on its subject"
        yield Trusted(clause.raw, words, "medium", admitted is True)


def _of_account(clause: Clause, whole: Document, who: str, theirs: str) -> Iterator[Trusted]:
    actions, stranger = _acting(clause, _BY_AWS), Stranger("account", theirs)
    admitted = lets_in(clause, whole, stranger, actions)
    if admitted is False:
        return
    named = not (who == theirs or who.endswith(":root"))
    factor = lets_in(clause, whole, replace(stranger, mfa=False), actions) is False
    caller = f"{who.split(':')[-1]} of account {theirs}" if named else f"account {theirs}"
    severity: Severity = "low" if named and factor else "medium" if named or factor else "critical"
    words = f"{caller} can assume it {'with MFA alone' if factor else 'without a condition'}"
    if not factor:
        words += despite(clause.raw)
    yield Trusted(clause.raw, words, severity, admitted is True, theirs)


def _acting(clause: Clause, actions: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the actions that give a session: sts:TagSession and the like only accompany them."""
    return tuple(each for each in actions if clause.acts(each.lower()))


def despite(raw: Statement) -> str:
    """What is said of conditions that let everybody through all the same."""
    keys = sorted({key for keys in conditions_of(raw).values() for key in keys if keys[key] != ""})
    return f": the condition on {', '.join(keys)} does not restrict access" if keys else ""
