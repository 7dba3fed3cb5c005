"""The examples in a rule's file, judged as the same lines in a template are.

What otherwise only AWS says (a status, an ARN) may stand among the properties and is taken as it is; what is not said
counts as not set, for an example says all that matters in it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.checks.judge import judge
from auditor.checks.schema import Rule
from auditor.graph.build import Graph, build
from auditor.model import ResourceType
from auditor.resources import load
from auditor.sources import cloudformation
from auditor.sources.code_options import CodeOptions

ACCOUNT, REGION = "111122223333", "ap-northeast-2"
_LATER = "known to AWS only, once the resource exists"


def graph_of(fragment: Mapping[str, Any], types: Mapping[str, ResourceType] | None = None) -> Graph:
    """The graph of {name: {Type, Properties}}; every described type counts as looked for."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "example.json"
        template.write_text(json.dumps({"Resources": fragment}), encoding="utf-8")
        inventory = cloudformation.read(template, CodeOptions({"AWS::AccountId": ACCOUNT}, region=REGION))
    for resource in inventory.resources:
        resource.unknown = {path: gap for path, gap in resource.unknown.items() if gap.message != _LATER}
        resource.name = resource.address.rpartition("/")[2]
    return build(inventory, types or load())


def wrong_examples(rule: Rule) -> Iterator[str]:
    """What the examples of a rule come to otherwise than their file says, in words."""
    kept = 0
    for kind, fragments in (("pass", rule.examples.passing), ("fail", rule.examples.failing)):
        for number, fragment in enumerate(fragments, 1):
            plain = {name: piece.model_dump(by_alias=True) for name, piece in fragment.items()}
            judged = judge([rule], graph_of(plain))
            verdicts = {found.verdict for found in judged.findings}
            if verdicts != ({"broken"} if kind == "fail" else set()):
                told = "; ".join(f"{each.title}: {each.because or each.verdict}" for each in judged.findings)
                words = f"example {number} of `{kind}` is {' and '.join(sorted(verdicts)) or 'kept'}"
                yield f"{words} ({told})" if told else words
            kept += judged.counts["kept"] if kind == "pass" else 0
    if not kept:  # what `where` leaves out passes, and shows nothing of what the rule requires
        yield "no example of `pass` keeps the rule: each is broken, or left out by `where`"
