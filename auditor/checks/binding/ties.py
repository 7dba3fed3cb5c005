"""The ways in which a document joins two roles: its arrows, and promises that ask for an edge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.checks.schema import Baseline, Link

Kind = Literal["wire", "action", "flow"]
WEIGHTS: dict[Kind, float] = {"wire": 4.0, "action": 3.0, "flow": 2.0}
IMPLIED, COMMON = 2.0, 1.5  # a tie that a promise implies; one to a head that each candidate has, shared or its own

# Relations by which many unrelated things share one head: a member at the head says nothing of the tails.
SHARED = frozenset(
    {
        "placed-in", "guarded-by", "routed-by", "signs-with", "runs", "presents", "applies", "acts-as", "holds",
        "trusts", "encrypted-with", "reads-secret", "logs-to", "notifies", "admits", "mentions",
    }
)  # fmt: skip


# Relations by which something only looks on: it belongs to what it watches, and makes that nobody's.
ONLOOKERS = frozenset({"watches"})

# Relations by which one of several parts belongs to a part of ours, whatever arrow it lost.
BELONGS = frozenset({"watches", "notifies", "part-of"})


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """One of the ways in which a link of the document joins its two roles; itself, however alike another is, because
    what it joins is looked up by it some ten thousand times a run."""

    link: str
    kind: Kind
    tail: str
    head: str
    relations: frozenset[str] = frozenset()
    most: int = 0
    action: str = ""
    port: int = 0
    implied: bool = False  # by a promise that asks for an edge, and not by an arrow

    @property
    def weight(self) -> float:
        if self.implied:
            return IMPLIED if self.back else COMMON / 2
        return WEIGHTS[self.kind] if self.back else COMMON

    @property
    def looks_on(self) -> bool:
        return bool(self.relations) and self.relations <= ONLOOKERS

    @property
    def back(self) -> bool:
        """Whether a member at the head makes what is tied to it a member: not where heads are shared."""
        by_route = "routes-to" in self.relations and self.most > 1
        return not (self.relations & SHARED) and not by_route


def ties_of(link: Link) -> list[Tie]:
    out = []
    if link.relation:
        relations = frozenset((link.relation, *link.via))
        out.append(Tie(link.id, "wire", link.tail, link.head, relations, 1 + len(link.via)))
    if link.action:
        out.append(Tie(link.id, "action", link.tail, link.head, action=link.action))
    if link.flow:
        out.append(Tie(link.id, "flow", link.tail, link.head, port=link.flow.port))
    return out


def implied(baseline: Baseline) -> Iterator[Tie]:
    """Promises such as "an alarm watches the function" join two roles as well."""
    private = [
        name
        for name, role in baseline.roles.items()
        if any(entry.predicate == "subnet-kind" and entry.arguments.get("kind") == "private" for entry in role.require)
    ]
    for name, role in baseline.roles.items():
        for entry in role.require:
            if entry.predicate == "in-private-subnets":
                for subnet in private:
                    yield Tie(f"{name}/{entry.id}", "wire", name, subnet, frozenset({"placed-in"}), 2, implied=True)
            if entry.predicate not in ("has-tail", "has-head"):
                continue
            named = entry.arguments.get("type", ())
            types = {named} if isinstance(named, str) else set(named)
            for other, far in baseline.roles.items():
                if types & set(far.types):
                    tail, head = (other, name) if entry.predicate == "has-tail" else (name, other)
                    relations = frozenset((str(entry.arguments.get("relation")),))
                    yield Tie(f"{name}/{entry.id}", "wire", tail, head, relations, 1, implied=True)


def telling(ties: Iterable[Tie], role: str) -> list[Tie]:
    """The arrows that make something one of several: those that configuration draws to it, or from it to what is not
    shared. A role or a network that it shares, a port or a permission makes nobody one of several beside such."""
    drawn = [tie for tie in ties if tie.kind == "wire" and not tie.implied]
    return [tie for tie in drawn if tie.head == role or (tie.tail == role and tie.back)]
