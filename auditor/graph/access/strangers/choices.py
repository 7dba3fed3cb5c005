"""Which values a stranger can bring for a condition key."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from auditor.graph.access.policy.context import CHOSEN
from auditor.graph.access.policy.operators import WILDCARDS
from auditor.graph.access.strangers.forms import is_fixed, narrow, network_of, spelled
from auditor.graph.access.strangers.keys import IS_SERVICE, MFA, Key, key_of
from auditor.graph.access.strangers.providers import Provider

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")  # a principal of another one is nobody whom a policy can let in
Value = tuple[str, ...] | None  # None: the request does not have the key


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody whom a statement names without meaning him.

    anybody    whoever has an account of his own (`signed`: where unsigned requests are none)
    service    a service of AWS that works for somebody else
    federated  an identity of a provider that belongs to somebody else, or of one's own that is not meant
    account    a principal of a named other account
    holder     no stranger, but whoever holds an identity-based policy: of the account, and chooses less

    `knows`: he knows what is secret; `mfa`: he signed in with a second factor. `strict`: fixed is by S3's letter.
    `known`: keys of which his value is known.
    """

    kind: Literal["anybody", "service", "federated", "account", "holder"]
    account: str = ""
    issuer: str = ""
    provider: Provider | None = None
    signed: bool = True
    knows: bool = True
    mfa: bool = True
    strict: bool = False
    known: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Range:
    """The values of one key that he can bring: any (`form` is empty), all that are not fixed in this form, or only
    these; and whether he can come without the key (`absent`) and with it (`present`)."""

    form: str = ""
    only: tuple[str, ...] = ()
    absent: bool = True
    present: bool = True


FREE, MISSING = Range(), Range(present=False)


def brings(who: Stranger, name: str) -> Range:
    """What a stranger can bring for a key in lower case."""
    if name in who.known:
        value = who.known[name]
        return Range(only=value, absent=False) if value else MISSING
    if name == IS_SERVICE:
        return Range(only=("true" if who.kind == "service" else "false",), absent=False)
    if name in MFA and not who.mfa:
        return Range(only=("false",)) if name == MFA[0] else MISSING
    row = key_of(name)
    if who.kind == "federated":
        return _of_token(who, name, row)
    if who.kind == "account" and name in ("aws:principalaccount", "kms:calleraccount"):
        return Range(only=(who.account,), absent=False)
    if who.kind == "account" and name == "aws:principalarn":
        begin = [f"arn:{each}:iam::{who.account}:" for each in PARTITIONS]
        names = ("role/stranger", "user/stranger", "root")
        return Range(only=tuple(f"{each}{name}" for each in begin for name in names), absent=False)
    if who.kind == "holder":
        return _of_holder(who, name, row)
    if row.sets == "caller" or (row.sets == "organization" and who.kind != "account"):
        return FREE
    if row.sets == "secret":
        return Range(form="" if who.knows and who.kind != "account" else row.form)
    return _set_by_aws(who, name, row)


def _of_holder(who: Stranger, name: str, row: Key) -> Range:
    """A principal of the account that calls for itself: the parameters of what it asks for are known, or not there."""
    if name in CHOSEN:
        return FREE
    if name in ("aws:multifactorauthpresent", "aws:viaawsservice"):
        return Range(only=("false",))
    if row.there == "service" or (row.sets in ("caller", "secret") and name != "aws:principaltype"):
        return MISSING
    return _set_by_aws(who, name, row)


def _set_by_aws(who: Stranger, name: str, row: Key) -> Range:
    if who.kind == "service" and (name.startswith("aws:principal") or name == "aws:userid") and row.there != "service":
        return MISSING
    if row.there == "service":
        return Range(form=row.form) if who.kind == "service" else MISSING
    always = row.there == "always" or (row.there == "signed" and who.signed)
    return Range(form=row.form, absent=not always)


def _of_token(who: Stranger, name: str, row: Key) -> Range:
    """Claims of the token, of which some name the organization; no principal of AWS makes this request."""
    names = who.provider.names if who.provider else {}
    issuer, _, claim = name.rpartition(":")
    if name in names:
        return Range(form=names[name], absent=False)
    if issuer == who.issuer:
        always = claim in ("sub", "aud")
        return Range(form=names.get(claim, ""), absent=not always)
    if "." in issuer or name.startswith(("aws:principal", "aws:userid", "aws:username", "sts:externalid")):
        return MISSING
    if row.sets in ("caller", "organization"):
        return FREE
    return Range(form=row.form) if row.there != "service" else MISSING


Test = tuple[str, str, tuple[str, ...]]  # operator without its ForAllValues and IfExists, key, values of the policy

_SOMEBODY, _EITHER = ("a stranger", "arn:aws:any:any:000000000000:stranger"), ("true", "false")
# One public address of each family, far from all that policies name.
_ADDRESSES = ("11.22.33.44", "2a01:111::1")


def values_of(who: Stranger, name: str, tests: Iterable[Test]) -> Iterator[Value]:
    """The values worth trying: for every value of the policy one that fits it, as far as he can bring one, and one that
    fits none."""
    found = brings(who, name)
    if found.absent:
        yield None
    if not found.present:
        return
    if found.only:
        yield from ((each,) for each in found.only)
        return
    listed = list(tests)
    addressed = any("ipaddress" in operator for operator, _, _ in listed) or found.form == "address"
    tried = _addresses(found, listed) if addressed else _texts(who, found, listed)
    yield from ((each,) for each in dict.fromkeys(tried))


def _texts(who: Stranger, found: Range, tests: list[Test]) -> Iterator[str]:
    yield from _SOMEBODY if found.form else (*_SOMEBODY, *_EITHER)
    for operator, _, wanted in tests:
        for text in map(spelled, wanted):
            if not isinstance(text, str) or (found.form and is_fixed(found.form, operator, text, who.strict)):
                continue
            yield re.sub(r"[*?]", "x", text) if operator in WILDCARDS else text
            bare = text.replace("*", "").replace("?", "x")
            if operator in WILDCARDS and "*" in text and (bare or not found.form):  # AWS sets no empty value
                yield bare
            if not found.form and operator.startswith("numeric"):
                yield from _around(text)


def _around(text: str) -> Iterator[str]:
    try:
        number = float(text)
    except ValueError:
        return
    yield from (str(number - 1), str(number + 1))


def _addresses(found: Range, tests: list[Test]) -> Iterator[str]:
    """One address on each side of every border that the policy draws; of fixed ranges none is a stranger's."""
    networks = [network for _, _, wanted in tests for text in wanted if (network := network_of(text))]
    own = [each for each in networks if found.form and narrow(str(each))]
    tried: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = [ipaddress.ip_address(each) for each in _ADDRESSES]
    for each in networks:
        first, last = int(each.network_address), int(each.broadcast_address)
        kind = ipaddress.IPv4Address if each.version == 4 else ipaddress.IPv6Address
        borders = (first - 1, first, last, last + 1)
        tried += [kind(border) for border in borders if 0 <= border < 1 << each.max_prefixlen]
    for address in tried:
        if not any(address.version == each.version and address in each for each in own):
            yield str(address)
