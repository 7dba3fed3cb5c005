"""How these tests read a template that stands in the test as a text or a value."""

import json

from auditor.bounded import Document
from auditor.checks.judge import judge
from auditor.checks.rules import choose, load_rules
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources.cloudformation import grow, json_text, read
from auditor.sources.cloudformation.functions import unresolved
from auditor.sources.cloudformation.load import DIALECT
from auditor.sources.code_options import CodeOptions

REGION = "ap-northeast-2"


def write(folder, body, name="app.yaml"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body if isinstance(body, str) else json.dumps(body, indent=1))
    return path


def declared(folder, body, name="app.yaml", **parameters):
    """What a template declares, by logical id."""
    path = write(folder, body, name)
    tree = grow(path, CodeOptions(parameters, region=REGION))
    return {each.logical: each for stack in tree.every() for each in stack.declared()}


def resources(path, region=REGION, root=None, **parameters):
    """The inventory by address."""
    inventory = read(path, CodeOptions(parameters, region=region, root=root))
    return {each.address: each for each in inventory.resources}, inventory


def of_value(folder, node, extra=None, **parameters):
    """What one value comes to, as the only property of a topic."""
    body = {
        **(extra or {}),
        "Resources": {
            "T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": node}},
            **(extra or {}).get("Resources", {}),
        },
    }
    return declared(folder, body, "app.json", **parameters)["T"].properties.get("DisplayName", "nothing")


def is_unresolved(value):
    return next(unresolved(value), None) is not None


def parsed(text):
    document = Document("app.json")
    json_text.parse(text, document, DIALECT)
    return document


def verdicts(folder, body, *rules, name="app.json", **parameters):
    """What rules say of each resource of a template, by logical id: broken before unknown, and kept where nothing."""
    inventory = read(write(folder, body, name), CodeOptions(parameters, region=REGION))
    found = judge(choose(load_rules(), rules), build(inventory, load())).findings
    said = {each.address.rpartition("/")[2]: "kept" for each in inventory.resources}
    for verdict in ("unknown", "broken"):
        for each in found:
            if each.verdict == verdict:
                said[each.resource.address.rpartition("/")[2]] = verdict
    return said
