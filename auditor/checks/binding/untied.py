"""Parts to which no arrow of the document leads from what names the system.

Their type and conditions place them, and what people wrote on them tells them apart: documented names, and the tags
that all parts of the system carry. How much of the document they fulfil tells nothing, for a neighbour's may be whole
where ours has lost something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from auditor.checks.binding.evidence import Evidence
from auditor.checks.binding.members import MOST_OF, common_tags, tags_of, words
from auditor.checks.binding.ties import SHARED
from auditor.model import Resource


@dataclass(frozen=True, slots=True)
class Marks:
    """What the parts of a system have in common: their tags, and whether people gave them the names that the document
    leads one to expect."""

    labels: Mapping[str, str]
    theirs: AbstractSet[tuple[str, str]]  # tags that two of another system have in common, which an arrow joins
    tagged: AbstractSet[str]  # types of which something in the account has tags
    whole: bool  # whether none of the system lacks one, of types that it tags at all: others may tag more types
    named: bool
    parts: AbstractSet[str] = frozenset()  # those that arrows hold


def marks(known: Evidence, holders: Mapping[str, Iterable[str]]) -> Marks:
    """The tags of the parts that arrows hold; of all where none does."""
    linked = {key for role, keys in holders.items() if not known.unlinked(role) for key in keys}
    parts = linked or {key for keys in holders.values() for key in keys}
    labels = common_tags(known, parts)
    taggable = {each.type for each in known.graph.resources() if each.tags}
    found = [resource for key in parts if (resource := known.graph.resource(key)) and resource.type in taggable]
    hinted = [known.own(role, key).called for role in holders if _hinted(known, role) for key in holders[role]]
    ours = {each.type for each in known.graph.resources() if labels and labels.items() <= each.tags.items()}
    whole = all(name in each.tags for each in found if each.type in ours for name in labels)
    return Marks(
        labels,
        _theirs(known, labels, found),
        taggable,
        whole,
        bool(hinted) and sum(hinted) >= MOST_OF * len(hinted),
        linked,
    )


def _hinted(known: Evidence, role: str) -> bool:
    return bool(known.baseline.roles[role].hints.names)


def _theirs(known: Evidence, labels: Mapping[str, str], parts: Iterable[Resource]) -> set[tuple[str, str]]:
    """Other values of these tags that show another system: two resources that an arrow joins have one in common, in
    roles that arrows place, and no part of ours carries it, right or wrong."""
    ours = {item for each in parts for item in each.tags.items()}
    out: set[tuple[str, str]] = set()
    drawn = [tie for tie in known.ties if tie.kind == "wire" and not tie.implied and not known.unlinked(tie.tail)]
    for tie in drawn:
        for tail, resource in known.found[tie.tail].items():
            left = {item for item in resource.tags.items() if item[0] in labels} - ours - out
            if left:
                heads = [known.found[tie.head][head] for head in known.heads(tie, tail)]
                out |= {item for item in left for each in heads if item in each.tags.items()}
    return out


def stands_out(known: Evidence, key: str, common: Marks, called: bool = False) -> bool:
    """Whether it is another's: by a tag with a value of another system, or without one where all of ours have one and
    it has no documented name, by the words of another environment alone, or by what it is joined to."""
    tags, resource = tags_of(known, key), known.graph.resource(key)
    bare = not called and common.whole and resource is not None and resource.type in common.tagged
    return (
        any(item in common.theirs for item in tags.items())
        or (bare and any(name not in tags for name in common.labels))
        or words(known, key) == {"others"}
        or joined_to_others(known, key, common.parts)
    )


def joined_to_others(known: Evidence, key: str, parts: AbstractSet[str]) -> bool:
    """Whether edges of which the document says nothing join it to what could be parts that arrows place, and to none
    that is one: a dashboard that draws the other environment."""
    resource = known.graph.resource(key)
    edges = (*known.graph.heads(resource), *known.graph.tails(resource)) if resource else ()
    near = {other.key for edge, other in edges if edge.relation not in SHARED}
    placed = (found for role, found in known.found.items() if not known.unlinked(role))
    return bool(parts) and not near & parts and any(near & found.keys() for found in placed)


def meant(known: Evidence, role: str, key: str, common: Marks) -> bool:
    """Whether the best for a role is certain to be a part: it may be a stranger that nothing else is left beside."""
    if joined_to_others(known, key, common.parts) or _drawn_as_another(known, role, key):
        return False
    other_name = common.named and _hinted(known, role)  # where others have theirs
    tags = tags_of(known, key)
    bare = any(name not in tags for name in common.labels) and known.found[role][key].type in common.tagged
    if known.own(role, key).expected or not (other_name or bare or stands_out(known, key, common)):
        return True
    return len(known.found[role]) == 1 and any(_names(entry) for entry in known.baseline.roles[role].find)


def _drawn_as_another(known: Evidence, role: str, key: str) -> bool:
    """Whether an arrow makes it another part, of ours or of a neighbour's: the bucket from which a distribution draws
    its site is not the one for files, to which the document has no arrow, though all else would let it."""
    return any(
        known.tails(tie, key)
        for tie in known.ties
        if tie.kind == "wire" and tie.back and not tie.implied and tie.head != role and key in known.found[tie.head]
    )


def _names(entry: Mapping[str, object]) -> bool:
    """Whether a condition says what a resource is, and not only what it is not."""
    return any(not isinstance(wanted, Mapping) or wanted.keys() != {"not"} for wanted in entry.values())


def like(known: Evidence, role: str, key: str, idle: Iterable[str], common: Marks) -> list[str]:
    """Who else could be meant, as far as names and tags tell; the likeliest first."""
    called = known.own(role, key).called
    found = [
        each for each in idle if not stands_out(known, each, common) and (known.own(role, each).called or not called)
    ]
    return sorted(found, key=lambda each: (-known.own(role, each).points, each))
