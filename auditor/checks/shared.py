"""Other accounts that may read what the system keeps: no resource of theirs is in the account that is judged, so the
part that lets them in is told. Whom a condition decides about is not: it may as well keep everybody out.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.binding import Bound
from auditor.checks.reading import KEPT
from auditor.checks.schema import Baseline
from auditor.graph.access.held.acting import acted_on
from auditor.graph.access.held.public import openings
from auditor.graph.access.held.resource_policies import policies_of_resource
from auditor.graph.access.policy.callers import Caller
from auditor.graph.access.policy.context import ANY, clock
from auditor.graph.access.policy.documents import compiled
from auditor.graph.access.policy.evaluate import Held, Named, Request, evaluate
from auditor.graph.build import Graph
from auditor.model import Answer, Check, Finding, Resource

# What the other account gives its own identities is its own business: it may be everything.
_EVERYTHING: tuple[Named, ...] = (
    ("the other account", compiled({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})),
)


_ASKED = ANY.knowing({**clock(), "aws:SecureTransport": "true"})


def shared(baseline: Baseline, bound: Bound, graph: Graph) -> Iterator[Finding]:
    """One finding for each part that another account may certainly read. Code does not say to which account it goes:
    one that it names may be that, and of two one is another."""
    certain = (part for role, parts in bound.roles.items() if role not in bound.doubts for part in parts)
    for key in dict.fromkeys(part.key for part in certain):
        part = graph.resource(key)
        if part and part.type in KEPT:
            readers = _readers(graph, part)
            if len(readers) > (0 if part.account else 1):
                yield _finding(baseline, part, readers)


def _readers(graph: Graph, part: Resource) -> dict[str, str]:
    """The other accounts of which somebody may read it, with the action by which."""
    owned = policies_of_resource(graph, part)
    found: dict[str, str] = {}
    for opening in (each for document in owned.raw for each in openings(document, part.account)):
        if opening.kind != "account" or not opening.account.isdigit():
            continue
        who = opening.who if opening.who.startswith("arn:") else f"arn:aws:iam::{opening.account}:root"
        caller = Caller("role" if ":role/" in who else "user" if ":user/" in who else "root", who, opening.account)
        for action in KEPT[part.type].actions:
            asked = [Request(caller, action, place, _ASKED, part.account) for place in acted_on(part, action)]
            if any(evaluate(each, Held(_EVERYTHING, resource=owned.documents)).effect == "allow" for each in asked):
                found.setdefault(opening.account, action)
    return found


def _finding(baseline: Baseline, part: Resource, readers: dict[str, str]) -> Finding:
    names = sorted(readers)
    check = Check(
        f"{baseline.id}/shared",
        "extra",
        "high",
        "Only what is in the architecture document may read what the system keeps",
        fix="Describe the other account in the architecture document, or take it out of the policy.",
        baseline=baseline.id,
        broken="Another account, which is not in the architecture document, may read {name}",
    )
    words = "; ".join(f"its policy lets account {name} {readers[name]}" for name in names)
    return Finding.of(Answer("broken", "read-by", "nobody of another account", names, words), check, part)
