"""All ways between two ends, found by asking the network engine what still passes without this or that.

A way is a smallest set of elements with which the engine says "reached" when all other elements are gone. One is found
by leaving out halves; the next by asking without an element of those that are known. The fewest changes that close all
are settled by turns: the fewest that close the known ways are taken away, and where something still gets through, that
is one way more. So they are right though not every way may have been counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from auditor.graph.boxes import ALL_SERVICES
from auditor.graph.build import Graph, build
from auditor.graph.network import INTERNET, End, Reach, end_of, reach
from auditor.graph.network.packets.walk import State
from auditor.graph.space import Ranges
from auditor.graph.ways.cuts import fewest
from auditor.graph.ways.elements import DATA, Element, elements_of, without
from auditor.graph.ways.nearby import nearby, relevant
from auditor.model import Edge, Gap, Inventory, Resource

MOST_WAYS = 200
MOST_ASKED = 4_000  # questions to the engine for one pair of ends

Kept = frozenset[Element]


@dataclass(frozen=True, slots=True)
class Way:
    """Elements in the order in which traffic meets them, with the engine's proof. One that is not `proven` is possible:
    something on it could not be read, which `gaps` or `because` tell.
    """

    elements: tuple[Element, ...]
    path: tuple[Edge, ...]
    proven: bool
    because: str
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    """What joins two ends. `state` is the engine's answer.

    `passed` are the elements that every proven way passes; `cut` the fewest that close every proven way, None where no
    element does; `least` says that fewer certainly do not. `left` is what the engine says once they are gone.
    """

    tail: str
    head: str
    tail_label: str
    head_label: str
    state: State
    because: str
    proven: tuple[Way, ...] = ()
    possible: tuple[Way, ...] = ()
    complete: bool = True  # every way was counted
    passed: tuple[Element, ...] = ()
    cut: tuple[Element, ...] | None = ()
    least: bool = True
    left: Reach | None = field(default=None, compare=False)


def ways_between(graph: Graph, tail: Resource | None, head: Resource, services: Ranges = ALL_SERVICES) -> Ways:
    """The ways from a resource, or from the Internet (None), to another."""
    whole = _reach(graph, tail, head, services)
    one, key = ("the Internet", INTERNET.label) if tail is None else (tail.label, tail.key)
    plain = Ways(key, head.key, one, head.label, whole.state, whole.because)
    if whole.state == "blocked":
        return plain
    ends = [each for each in (tail, head) if each is not None]
    for part in (nearby(graph, ends), relevant(graph, ends), graph.inventory):
        question = _Question(graph, part, tail, head, services)
        if not _alike(question.answer(question.every), whole):
            continue
        found = _found(question, plain)
        if found.cut is None or _closes(graph, tail, head, services, found.cut):
            return found
    return replace(plain, complete=False, cut=None, least=False)


def ways_to_data(graph: Graph, services: Ranges = ALL_SERVICES) -> tuple[Ways, ...]:
    """The ways from the Internet to everything that keeps data and is, or may be, reached."""
    heads = sorted(graph.of_type(*DATA), key=lambda each: each.key)
    found = (ways_between(graph, None, head, services) for head in heads)
    return tuple(ways for ways in found if ways.state != "blocked")


def _reach(graph: Graph, tail: Resource | None, head: Resource, services: Ranges) -> Reach:
    return reach(graph, _end(graph, tail), _end(graph, head), services)


def _end(graph: Graph, resource: Resource | None) -> End:
    return INTERNET if resource is None else end_of(graph, graph.resource(resource.key) or resource)


def _alike(one: Reach, other: Reach) -> bool:
    return (one.state, one.traffic) == (other.state, other.traffic)


def _closes(
    graph: Graph, tail: Resource | None, head: Resource, services: Ranges, cut: Iterable[Element]
) -> bool:  # fmt: skip
    """Whether the changes close every proven way in the whole inventory, and not only in the part that was asked."""
    changed = build(without(graph.inventory, cut), graph.types)
    return _reach(changed, tail, head, services).state != "reached"


class _Question:
    """One pair of ends, asked again and again with fewer elements; what was asked once is remembered."""

    def __init__(
        self, graph: Graph, part: Inventory, tail: Resource | None, head: Resource, services: Ranges
    ) -> None:  # fmt: skip
        self.types, self.part = graph.types, part
        self.tail, self.head, self.services = tail, head, services
        self.every: Kept = frozenset(elements_of(part.resources, tail is None))
        self.asked: dict[Kept, Reach] = {}

    def answer(self, kept: Kept) -> Reach:
        """What the engine says when of all elements only these are there."""
        if kept not in self.asked:
            graph = build(without(self.part, self.every - kept), self.types)
            self.asked[kept] = _reach(graph, self.tail, self.head, self.services)
        return self.asked[kept]

    @property
    def tired(self) -> bool:
        return len(self.asked) > MOST_ASKED

    def passes(self, kept: Kept, surely: bool) -> bool:
        state = self.answer(kept).state
        return state == "reached" if surely else state != "blocked"

    def smallest(self, kept: Kept, surely: bool) -> Kept:
        """A smallest set of elements out of these with which something still passes."""
        first = self._of_the_proof(kept)
        start = first if first < kept and self.passes(first, surely) else kept
        ordered = sorted(start, key=lambda each: each.rank)
        return frozenset(self._needed(ordered, frozenset(), surely, False))

    def _of_the_proof(self, kept: Kept) -> Kept:
        """The elements of whatever the proof names: in all likelihood the way is among them."""
        keys = {key for edge in self.answer(kept).path for key in (edge.tail, edge.head)}
        return frozenset(each for each in kept if each.owner in keys)

    def _needed(
        self, some: Sequence[Element], beside: Kept, surely: bool, ask: bool
    ) -> list[Element]:  # fmt: skip
        """Those of `some` that it takes beside others, by halves; the last ones first, which are dearest to lose."""
        if ask and self.passes(beside, surely):
            return []
        if len(some) == 1:
            return list(some)
        one, other = some[: len(some) // 2], some[len(some) // 2 :]
        late = self._needed(other, beside | frozenset(one), surely, True) if one else []
        early = self._needed(one, beside | frozenset(late), surely, bool(late)) if one else list(other)
        return early + late


def _found(question: _Question, plain: Ways) -> Ways:
    """Everything that a question answers."""
    sure = _Found(question, True)
    cut, least = sure.cut() if plain.state == "reached" else ((), True)
    complete = sure.count()
    passed = [each for each in sure.common() if not question.passes(question.every - {each}, True)]
    left = question.answer(question.every - frozenset(cut)) if cut is not None else None
    possible: list[Way] = []
    if left is not None and left.state == "unknown":
        maybe = _Found(question, False)
        complete = maybe.count() and complete
        possible = [way for way in map(maybe.way, maybe.ways) if not way.proven]
    proven = sorted(map(sure.way, sure.ways), key=lambda way: tuple(each.rank for each in way.elements))
    order = {each: number for way in proven for number, each in enumerate(way.elements)}
    return replace(
        plain,
        proven=tuple(proven),
        possible=tuple(sorted(possible, key=lambda way: tuple(each.rank for each in way.elements))),
        complete=complete,
        passed=tuple(sorted(passed, key=lambda each: order[each])),
        cut=cut,
        least=least,
        left=left,
    )


class _Found:
    """The ways that were found so far: proven ones (`surely`), or also those that something unread leaves open."""

    def __init__(self, question: _Question, surely: bool) -> None:
        self.question, self.surely = question, surely
        self.ways: list[Kept] = []

    def cut(self) -> tuple[tuple[Element, ...] | None, bool]:
        """The fewest elements that close every way: those of the known ones, until nothing gets through."""
        gone: tuple[Element, ...] | None = ()
        least = True
        while gone is not None and self._new(frozenset(gone)):
            gone, least = fewest([sorted(way, key=lambda each: each.rank) for way in self.ways])
            least = least and not self.question.tired
        return gone, least

    def _new(self, gone: Kept) -> bool:
        """Whether something passes without these elements; its way is one more."""
        kept = self.question.every - gone
        if not self.question.passes(kept, self.surely):
            return False
        way = self.question.smallest(kept, self.surely)
        if way not in self.ways:
            self.ways.append(way)
        return True

    def count(self) -> bool:
        """Find the other ways: without one element of each known way there is no further one. Whether all are found."""
        todo: list[Kept] = [frozenset()]
        seen: set[Kept] = set()
        while todo:
            if len(self.ways) >= MOST_WAYS or self.question.tired:
                return False
            gone = todo.pop()
            way = next((each for each in self.ways if not each & gone), None)
            if way is None and self._new(gone):
                way = self.ways[-1]
            following = [gone | {each} for each in way or ()]
            todo += [each for each in following if each not in seen]
            seen.update(following)
        return True

    def common(self) -> list[Element]:
        """What all of the known ways pass."""
        if not self.ways:
            return []
        return sorted(frozenset.intersection(*self.ways), key=lambda each: each.rank)

    def way(self, elements: Kept) -> Way:
        """A way in the order in which its proof goes."""
        answer = self.question.answer(elements)
        ordered = tuple(sorted(elements, key=lambda each: (_met(answer.path, each.owner), each.rank)))
        return Way(ordered, answer.path, answer.state == "reached", answer.because, answer.gaps)


def _met(path: Iterable[Edge], owner: str) -> int:
    """Where a proof comes to a resource."""
    return next((at for at, key in enumerate(_stations(path)) if key == owner), 1 << 30)


def _stations(path: Iterable[Edge]) -> Iterator[str]:
    for edge in path:
        yield edge.tail
        yield edge.head
