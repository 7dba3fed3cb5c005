"""Which addresses a policy on a way admits, as an exact set.

Conditions about addresses cut all addresses into a few parts, within which every condition says the same of each. So
one address of a part is put to AWS's policy evaluation, and the answer is that of the whole part.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.graph.access.policy.callers import ANYBODY
from auditor.graph.access.policy.conditions import many
from auditor.graph.access.policy.context import Context
from auditor.graph.access.policy.documents import compiled, conditions_of, statements
from auditor.graph.access.policy.evaluate import Held, Request, evaluate
from auditor.graph.boxes import NOTHING, by_family, line
from auditor.graph.space import Ranges

_ANYTHING = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is called. `silence`: it is enough that the policy does not refuse, for another policy allows it then."""

    resource: str
    silence: bool = False


@dataclass(frozen=True, slots=True)
class Admitted:
    """The addresses that surely and that possibly get past a policy, and the condition keys that leave it open."""

    low: Ranges = NOTHING
    high: Ranges = NOTHING
    keys: tuple[str, ...] = ()


def admitted(
    document: Any,
    action: str,
    questions: Iterable[Question],
    key: str,
    sources: Ranges,
    known: Mapping[str, str | tuple[str, ...] | None],
) -> Admitted:
    """The sources from which a caller without credentials may do any of what is asked.

    `key` is the condition key that holds the source's address here, `known` what else is known of the request.
    """
    policy = ("the policy", compiled(document))
    others = ("another policy", compiled(_ANYTHING))
    personal = any(each.but_principals for each in policy[1].denials(action.lower()))
    low, high, keys = NOTHING, NOTHING, set[str]()
    asked = list(questions)
    for part, sample in _parts(document, key, sources):
        context = Context().knowing({**known, key: sample})
        for each in asked:
            held = Held(resource=(policy, others) if each.silence else (policy,))
            found = evaluate(Request(ANYBODY, action, each.resource, context), held)
            # A denial of everybody but some spares them: a signed call may come from one of those.
            spared = personal and each.silence and found.effect == "deny"
            if found.effect == "allow":
                low |= part
            if found.effect in ("allow", "depends") or spared:
                high |= part
            keys |= set(found.keys)
    return Admitted(low, high, tuple(sorted(keys)))


def segments(document: Any) -> list[str]:
    """The segments of paths that a policy tells apart, and one that it has never heard of."""
    texts = [
        text
        for statement in statements(document)
        for name in ("Resource", "NotResource")
        for text in many(statement.get(name, ()))
    ]
    parts = {part.replace("*", "").replace("?", "x") for text in texts for part in text.split("/")[1:]}
    return sorted({"~", *parts} - {""})


def _parts(document: Any, key: str, sources: Ranges) -> Iterator[tuple[Ranges, str]]:
    parts = [sources]
    for text in sorted(set(_addresses(document, key))):
        block = line(text)
        parts = [each for part in parts for each in (part & block, part - block) if each]
    for part in parts:
        for family, found in by_family(part).items():
            if found:
                kind = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
                yield _only(part, family), str(kind(found.spans[0][0]))


def _only(part: Ranges, family: int) -> Ranges:
    return part & line("0.0.0.0/0" if family == 4 else "::/0")


def _addresses(document: Any, key: str) -> Iterator[str]:
    """Every address that a condition on the key names."""
    for statement in statements(document):
        for keys in conditions_of(statement).values():
            for name, wanted in keys.items():
                if name.lower() == key.lower():
                    yield from (text for text in many(wanted) if _is_address(text))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
