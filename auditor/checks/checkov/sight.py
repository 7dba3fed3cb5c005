"""checkov's failures as they are told, and whether the plan that it saw could know what they are about.

A written plan carries what our model carries. A policy that fails because of an attribute which was never read, or of a
resource whose type we do not know, has said nothing of the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.checks.checkov import program, real, written
from auditor.checks.checkov.attributes import attributes_of, place
from auditor.checks.checkov.policies import Needs, policies
from auditor.graph.build import Graph
from auditor.model import Json, Resource, paths

_POLICY = re.compile(r"CKV2?_AWS_\d{1,6}")
_MOST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed policy on one block."""

    check: str
    title: str
    address: str
    kind: str
    looked: tuple[str, ...]
    guideline: str


def failures(answers: program.Answers) -> Iterator[Failure]:
    """The failures that have the form we know; everything in them was written by somebody else."""
    for each in answers.failed:
        check, address = each.get("check_id"), each.get("resource_address") or each.get("resource")
        if not (isinstance(check, str) and _POLICY.fullmatch(check) and isinstance(address, str)):
            continue
        result = each.get("check_result")
        keys = result.get("evaluated_keys") if isinstance(result, Mapping) else None
        kind = real.kind_of(address)
        yield Failure(
            check=check,
            title=_line(each.get("check_name")) or check,
            address=address,
            kind=kind,
            looked=tuple(dict.fromkeys(_attributes(kind, keys if isinstance(keys, list) else []))),
            guideline=_line(each.get("guideline")),
        )


def _line(text: Json) -> str:
    return "".join(each if each.isprintable() else " " for each in text)[:_MOST_TEXT] if isinstance(text, str) else ""


def _attributes(kind: str, keys: list[Json]) -> Iterator[str]:
    """The attributes among evaluated keys: `ingress/[0]/from_port` lies in `ingress`."""
    known = attributes_of(kind)
    for key in keys:
        steps = [each for each in str(key).split("/") if each and not re.fullmatch(r"\[?[\d*]+\]?", each)]
        while steps and ".".join(steps) not in known:
            steps.pop()
        if steps:
            yield ".".join(steps)


def looked_at(looks: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each look, and whether all that lies inside it matters: a policy that also names what it reads in a block only
    asks of the block itself whether it is there."""
    every = tuple(dict.fromkeys(looks))
    for each in every:
        yield each, not any(other.startswith(each + ".") for other in every)


def needs_of(failure: Failure) -> Needs:
    return policies().needs.get(failure.check, {}).get(failure.kind, Needs())


class Sight:
    """What a plan written from a graph can know."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._types = {kind: cfn for cfn, row in graph.types.items() for kind in (*row.folds, *row.terraform)}

    def knows(self, failure: Failure, resource: Resource) -> bool:
        """Whether everything that the policy looks at was read, so that its answer is one about the resource."""
        told = policies()
        needs = told.needs.get(failure.check, {}).get(failure.kind)
        if needs is None:  # a policy newer than our table: only its own word on what it looked at, and no connections
            plain = bool(failure.looked) and not failure.check.startswith("CKV2")
            return plain and self._attributes(failure, failure.looked, resource)
        looks = (*needs.looks, *failure.looked)
        if not looks and not needs.partners:
            return failure.check in told.presence
        return self._attributes(failure, looks, resource) and all(
            self._partner(resource, kind, attributes) for kind, attributes in needs.partners
        )

    def _attributes(self, failure: Failure, looks: Iterable[str], resource: Resource) -> bool:
        moved = policies().elsewhere.get(failure.kind, frozenset())
        return all(
            each.split(".")[0] in moved or self.place(resource, failure.kind, each, inside)
            for each, inside in looked_at(looks)
        )

    def place(self, resource: Resource, kind: str, attribute: str, inside: bool = True) -> str:
        """The property that says an attribute, where it is known (with all that lies `inside` it); else nothing."""
        described = self.graph.types.get(resource.type)
        if not described:
            return ""
        found = place(described, written.own_kind(described, resource), kind, attribute)
        blind = any(paths.hidden(resource.unknown, each, inside) for each in found)
        return found[0] if found and not blind else ""

    def _partner(self, resource: Resource, kind: str, attributes: Iterable[str]) -> bool:
        """Whether resources of another type that a policy looks for were all seen, with what it looks at."""
        cfn = self._types.get(kind, "")
        wanted = tuple(attributes) or ("",)
        moved = policies().elsewhere.get(kind, frozenset())
        if cfn == resource.type:
            return all(each in moved or self.place(resource, kind, each) for each in wanted)
        if not cfn or self.graph.gaps_for(cfn) or self.graph.gaps_for(resource.type):
            return False
        others = self.graph.of_type(cfn)
        if self._blind((resource,), cfn) or self._blind(others, resource.type):
            return False
        looks = [each for each in wanted if each and each not in moved]
        return all(self.place(other, self._kind(other, kind), each) for other in others for each in looks)

    def _kind(self, other: Resource, kind: str) -> str:
        described = self.graph.types[other.type]
        return written.own_kind(described, other) if kind in described.terraform else kind

    def _blind(self, tails: Iterable[Resource], head: str) -> bool:
        """Whether an edge to that type may be hidden in something that was not read."""
        return any(
            paths.hidden(tail.unknown, row.via)
            for tail in tails
            if tail.unknown
            for row in self.graph.types[tail.type].edges
            if head in row.to
        )
