"""The examples of a rule as the four sources say them; tools/rule_forms.py tells what is generated and what lies beside this.

A template is what the rule file itself holds. The Terraform of all examples of a rule is one file, read once as code
and once as its plan; an example is what bears its name. An account is a saved inventory.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from auditor.checks.demand import of_rules
from auditor.checks.rules import load_rules
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources import live, snapshot
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions
from tests.fragments import graph_of
from tools import plans, rule_forms
from tools.example_code import example_of, plan_of
from tools.rule_forms import REGION, RULES, codes, examples

__all__ = ["SOURCES", "by_hand", "cannot", "examples", "generated", "graph", "named", "said"]

SOURCES = ("cloudformation", "plan", "hcl", "live")


def graph(rule, name, example, source):
    """What a source says of an example; nothing where the form is missing."""
    if source == "cloudformation":
        return graph_of({each: {"Type": said.type, "Properties": said.properties} for each, said in example.items()})
    if source == "live":
        file = RULES / rule.id / "live" / f"{name}.jsonl"
        return _account(rule, file) if file.is_file() else None
    inventory = _code(rule.id, source)
    resources = [each for each in inventory.resources if example_of(each.address) == name]
    return build(replace(inventory, resources=resources), load()) if resources else None


def _account(rule, file):
    place, replay = snapshot.load(file)
    return build(live.read(replay, place, of_rules([rule], load()), load()), load())


@cache
def _rules():
    return {rule.id: rule for rule in load_rules()}


@cache
def _code(name, source):
    from auditor.sources import terraform

    rule = _rules()[name]
    with tempfile.TemporaryDirectory() as folder:
        code, plan = Path(folder, "tf"), _plan(rule, Path(folder))
        code.mkdir()
        (code / "main.tf").write_text("\n".join(codes(rule).values()), encoding="utf-8")
        options = CodeOptions(region=REGION)
        if source == "plan":  # as `auditor gate PATH --plan FILE` reads it: the code says what a plan keeps to itself
            return read_code(code, options, plan)
        return terraform.read(plan if source == "plan alone" else code, options)


def _plan(rule, folder):
    """What a real Terraform planned of the code as it stands; else what the rows know of such a plan."""
    if f"rules/{rule.id}" not in plans.stale():
        return plans.plan_file(f"rules/{rule.id}")
    where = f"tests/rules/{rule.id}/tf/main.tf"
    (folder / "plan.json").write_text(json.dumps(plan_of(rule_forms.generated(rule), where)), encoding="utf-8")
    return folder / "plan.json"


def named(rule):
    """The examples that have a form, by source; the plan and the code may not say different ones."""
    folder = RULES / rule.id
    out = {
        source: {example_of(each.address) for each in _code(rule.id, source).resources} for source in ("plan", "hcl")
    }
    return {**out, "live": {file.stem for file in folder.glob("live/*.jsonl")}}


def generated(rule):
    """The examples whose Terraform the rows write."""
    return rule_forms.generated(rule)


def said(rule, name):
    """The resources of the code of an example, by the label that the generated code gives them."""
    found = (each for each in _code(rule.id, "hcl").resources if example_of(each.address) == name)
    return {each.address.rpartition(".")[2]: each for each in found}


def cannot(rule):
    """(example, source) -> why this source cannot say this example."""
    said = rule_forms.notes(RULES / rule.id).get("cannot", {})
    sources = {"terraform": ("plan", "hcl"), "live": ("live",)}
    return {
        (name, source): why for kind, rows in said.items() for name, why in rows.items() for source in sources[kind]
    }


def by_hand(rule):
    """Live forms that Terraform did not make, with the reason."""
    return rule_forms.notes(RULES / rule.id).get("by_hand", {})
