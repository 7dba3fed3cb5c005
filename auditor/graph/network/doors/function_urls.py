"""Function URLs as origins: one that asks for IAM answers only whom a permission of the function lets in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.graph.access.held.resource_policies import policies_of_resource
from auditor.graph.access.policy.callers import Caller
from auditor.graph.access.policy.documents import compiled, statements
from auditor.graph.access.policy.evaluate import Held, Request, evaluate
from auditor.graph.access.policy.known import of_service
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.model import Answer, Resource, symbolic

_ACTION = "lambda:InvokeFunctionUrl"
_OURS, _THEIRS = (f"arn:aws:cloudfront::000000000000:distribution/{name}" for name in ("OURS", "THEIRS"))


def refused(graph: Graph, distribution: Resource, url: Resource, signer: Caller) -> Answer | None:
    """That no permission of the function lets a distribution in which signs its requests; None where one does, and
    where the URL is an alias's, whose permissions are its own.

    In code a permission that refers to the distribution means it; any other that AWS must complete leaves it open.
    """
    functions = [(edge, each) for edge, each in graph.heads(url, "part-of", w.FUNCTION)]
    if url.at("AuthType") != "AWS_IAM" or signer.kind != "service" or url.known("Qualifier") or not functions:
        return None
    if w.PERMISSION not in graph.inventory.asked:
        return None
    ((edge, function), *_) = functions
    owned = policies_of_resource(graph, function)
    by_aws = not distribution.arn or symbolic.symbolic(distribution.arn)  # only AWS will know what it is called
    known = of_service(signer.arn, distribution.account).knowing({"lambda:FunctionUrlAuthType": "AWS_IAM"})
    context = known.knowing({"aws:SourceArn": _OURS if by_aws else distribution.arn})
    meant = [_meaning(graph, each, distribution) for each in owned.raw]
    documents = tuple((function.label, compiled(each)) for each in meant)
    request = Request(signer, _ACTION, function.arn, context, function.account)
    found = evaluate(request, Held((), resource=documents if by_aws else owned.documents)).effect
    if found == "allow":
        return None
    if owned.gaps:
        return Answer.unseen("", None, *owned.gaps, evidence=(edge,))
    because = f"no permission of {function.label} lets {distribution.label} call its URL, which asks for IAM"
    if found == "depends" or (by_aws and any(text not in (_OURS, _THEIRS) for text in _sources(meant))):
        return Answer("unknown", because=because, evidence=(edge,))
    return Answer("broken", because=because, evidence=(edge,))


def _meaning(graph: Graph, document: Any, distribution: Resource) -> Any:
    """A policy in which references to distributions are names that can be told apart: AWS completes their texts."""
    if isinstance(document, dict):
        return {key: _meaning(graph, value, distribution) for key, value in document.items()}
    if isinstance(document, list):
        return [_meaning(graph, each, distribution) for each in document]
    if not isinstance(document, str):
        return document
    # A plan of what exists knows its id, and not its account.
    if ":distribution/" in document and document.rpartition("/")[2] in (distribution.id, *distribution.names):
        return _OURS
    if symbolic.refers(document, distribution.names):
        return _OURS
    others = (each for each in graph.of_type(w.DISTRIBUTION) if each.key != distribution.key)
    return _THEIRS if any(symbolic.refers(document, each.names) for each in others) else document


def _sources(documents: list[Any]) -> Iterator[str]:
    """For whom the statements let a service call."""
    for statement in (each for document in documents for each in statements(document)):
        for keys in (statement.get("Condition") or {}).values():
            for key, value in keys.items():
                if key.lower() == "aws:sourcearn":
                    yield from value if isinstance(value, list) else [value]
