"""ARNs that a principal could give to something of its own, so that several of its rights are about the same thing.

Nobody is told what such a thing is called: an ARN is made that the patterns of every right mean together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from auditor.graph.access.held.identities import Identity
from auditor.graph.access.policy.conditions import many, parsed
from auditor.graph.access.policy.documents import Clause, Document
from auditor.graph.access.policy.evaluate import Named
from auditor.graph.access.policy.operators import filled
from auditor.graph.access.policy.patterns import covers, fits, meets

# What stands for a wildcard; a denial that takes one of them away leaves another.
_FILLS = ("new", "made", "own", "x1")
Alternatives = tuple[str, ...]


def common(patterns: Sequence[str], fill: str = _FILLS[0]) -> str | None:
    """A text that all of the patterns mean, or nothing where there is none."""
    for narrow in patterns:
        text = narrow.replace("*", fill).replace("?", fill[0])
        if all(fits(each, text) for each in patterns):
            return text
    return _searched(patterns, fill[0])


def _searched(patterns: Sequence[str], fill: str) -> str | None:
    """The shortest such text: all patterns are walked at once."""
    start = tuple(0 for _ in patterns)
    line: deque[tuple[tuple[int, ...], str]] = deque([(start, "")])
    seen = {start}
    while line:
        places, text = line.popleft()
        if all(pattern[place:].strip("*") == "" for pattern, place in zip(patterns, places, strict=True)):
            return text
        for after, mark in _steps(patterns, places, fill):
            if after not in seen:
                seen.add(after)
                line.append((after, text + mark))
    return None


def _steps(patterns: Sequence[str], places: tuple[int, ...], fill: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """One asterisk left behind, or one mark that every pattern takes."""
    here = [pattern[place : place + 1] for pattern, place in zip(patterns, places, strict=True)]
    for number, mark in enumerate(here):
        if mark == "*":
            yield (*places[:number], places[number] + 1, *places[number + 1 :]), ""
    wanted = {mark for mark in here if mark not in ("*", "?")}
    if len(wanted) > 1 or "" in wanted:
        return
    yield (
        tuple(place + (mark != "*") for place, mark in zip(places, here, strict=True)),
        next(iter(wanted), fill),
    )


def arns(
    who: Identity,
    actions: Iterable[str],
    base: str,
    layers: Iterable[tuple[Named, ...]] = (),
    spoken: tuple[str, str] = ("", ""),
    fitting: Callable[[str], bool] = bool,
) -> Iterator[str]:
    """ARNs under `base` that the patterns of all these actions mean, in every layer of policies that has to allow.

    `spoken`: an action of which a condition key speaks of such ARNs too. Whether an ARN is allowed indeed is for the
    evaluation to say (`fitting`): what it is called in the place of a wildcard makes no difference then.
    """
    choices: list[Alternatives] = [(base,)]
    for layer in (who.held.identity, who.held.boundary or (), *layers):
        for action in actions:
            low = action.lower()
            if any(document.allows(low) for _, document in layer):
                choices.append(_meant(who, layer, low))
            choices += [_texts(who, document, clause) for document, clause in _sparing(layer, low)]
        choices += conditioned(layer, *spoken)
    seen: set[str] = set()
    for together in _combined([each for each in dict.fromkeys(choices) if not _anything(each, base)] or [(base,)]):
        patterns = list(dict.fromkeys((base, *together)))
        texts = (text for fill in _FILLS if (text := common(patterns, fill)) is not None)
        text = next((text for text in texts if fitting(text)), None)
        if text and text not in seen:
            seen.add(text)
            yield text


def _anything(texts: Alternatives, base: str) -> bool:
    return any(covers(each, base) for each in texts) and texts != (base,)


def _meant(who: Identity, layer: Iterable[Named], action: str) -> Alternatives:
    found = [
        text
        for _, document in layer
        for clause in document.allows(action)
        for text in (("*",) if clause.but_resources else _texts(who, document, clause))
    ]
    return tuple(dict.fromkeys(found))


def _texts(who: Identity, document: Document, clause: Clause) -> Alternatives:
    texts = [filled(text, who.context)[0] if document.variables else text for text in clause.resources]
    return tuple(text for text in texts if text is not None)


def _sparing(layer: Iterable[Named], action: str) -> Iterator[tuple[Document, Clause]]:
    """Denials of everything but what they name: what is made has to be among that."""
    for _, document in layer:
        yield from ((document, clause) for clause in document.denials(action) if clause.but_resources)


def conditioned(layer: Iterable[Named], action: str, key: str) -> Iterator[Alternatives]:
    """What a condition of a layer's clauses says of such an ARN, where all of them have one."""
    allowed = [clause for _, document in layer for clause in document.allows(action)]
    found: list[tuple[str, ...]] = []
    for clause in allowed:
        values = [
            text
            for operator, keys in clause.condition.items()
            if parsed(operator)[1] in ("arnlike", "arnequals", "stringlike", "stringequals") and isinstance(keys, dict)
            for name, wanted in keys.items()
            if name.lower() == key
            for text in many(wanted)
        ]
        if not values:
            return
        found.append(tuple(values))
    if found:
        yield tuple(dict.fromkeys(text for values in found for text in values))


def _combined(choices: list[Alternatives]) -> Iterator[tuple[str, ...]]:
    """One alternative of each, as far as every two of them have something in common."""
    if not choices:
        yield ()
        return
    *before, last = choices
    for chosen in _combined(before):
        yield from ((*chosen, text) for text in last if all(meets(text, each) for each in chosen))
