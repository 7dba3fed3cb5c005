"""The examples of a rule as the four sources say them; tools/rule_forms.py tells what lies in the folders beside this.

A template is what the rule file itself holds. The Terraform of all examples of a rule is one file, read once as code
and once as its plan; an example is what bears its name. An account is a saved inventory.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from auditor.checks.demand import of_rules
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources import live, snapshot
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions
from tests.fragments import graph_of
from tools import rule_forms
from tools.rule_forms import REGION, RULES, example_of

SOURCES = ("cloudformation", "plan", "hcl", "live")


def examples(rule):
    """Every example of a rule by its name, `pass-1`, and the verdict that it is an example of."""
    for kind, verdict, found in (("pass", "kept", rule.examples.passing), ("fail", "broken", rule.examples.failing)):
        for number, example in enumerate(found, 1):
            yield f"{kind}-{number}", verdict, example


def graph(rule, name, example, source):
    """What a source says of an example; nothing where the form is missing."""
    if source == "cloudformation":
        return graph_of({each: {"Type": said.type, "Properties": said.properties} for each, said in example.items()})
    if source == "live":
        file = RULES / rule.id / "live" / f"{name}.jsonl"
        return _account(rule, file) if file.is_file() else None
    inventory = _code(rule.id, source)
    resources = [each for each in inventory.resources if example_of(each.address) == name] if inventory else []
    return build(replace(inventory, resources=resources), load()) if resources else None


def _account(rule, file):
    place, replay = snapshot.load(file)
    return build(live.read(replay, place, of_rules([rule], load()), load()), load())


@cache
def _code(rule, source):
    from auditor.sources import terraform

    code, plan = RULES / rule / "tf", RULES / rule / "plan.json"
    options = CodeOptions(region=REGION)
    if source == "plan":  # as `auditor gate PATH --plan FILE` reads it: the code says what a plan keeps to itself
        return read_code(code, options, plan) if plan.exists() else None
    place = plan if source == "plan alone" else code
    return terraform.read(place, options) if place.exists() else None


def named(rule):
    """The examples that have a form, by source; the plan and the code may not say different ones."""
    folder = RULES / rule.id
    out = {
        source: {example_of(each.address) for each in _code(rule.id, source).resources} for source in ("plan", "hcl")
    }
    return {**out, "live": {file.stem for file in folder.glob("live/*.jsonl")}}


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
