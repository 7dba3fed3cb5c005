"""One requirement of a rule or promise, asked of one resource: a property matcher or a predicate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.checks.match import judge_property
from auditor.checks.operators import describe
from auditor.checks.predicates import registry
from auditor.graph.build import Graph
from auditor.model import Answer, Json, Resource, Verdict


def is_predicate(name: str) -> bool:
    """Predicates are written in lower case with hyphens; property paths begin with a capital."""
    return name[:1].islower()


def ask(graph: Graph, resource: Resource, requirement: Mapping[str, Json]) -> Iterator[Answer]:
    """The answers to `{Property: matcher}` or `{predicate-name: {argument: value}}`."""
    for name, wanted in requirement.items():
        if is_predicate(name):
            yield from ask_predicate(graph, resource, name, wanted or {})
        else:
            yield from judge_property(resource, name, wanted)


def ask_predicate(graph: Graph, resource: Resource, name: str, arguments: Mapping[str, Any]) -> Iterator[Answer]:
    given = {key.replace("-", "_"): value for key, value in arguments.items()}
    answer = registry()[name].ask(graph, resource, **given)
    if isinstance(answer, Answer):
        yield answer
    else:
        yield from answer


def verdict_of(answers: list[Answer]) -> Verdict:
    """Broken if one is, else unknown if one is, else kept."""
    verdicts = {answer.verdict for answer in answers}
    return "broken" if "broken" in verdicts else "unknown" if "unknown" in verdicts else "kept"


def selected(graph: Graph, resource: Resource, where: list[Mapping[str, Json]]) -> bool | None:
    """Whether all conditions hold for the resource; None when one of them cannot be known."""
    verdict = verdict_of([answer for entry in where for answer in ask(graph, resource, entry)])
    return {"kept": True, "broken": False, "unknown": None}[verdict]


def in_words(requirement: Mapping[str, Json]) -> str:
    """A requirement as people read it: the property and what is accepted there, or the predicate and its arguments."""
    (name, wanted), *_ = requirement.items()
    if not is_predicate(name):
        return f"{name}: {describe(wanted)}"
    given = wanted.items() if isinstance(wanted, Mapping) else ()
    return ", ".join([name, *(f"{argument}: {describe(value)}" for argument, value in given)])
