"""Write auditor/checks/checkov/needs.json: for every AWS policy of checkov, the attributes that it looks at.

Run it with a Python that has checkov (`.venv-checkov/bin/python tools/distil_checkov.py`) after checkov was pinned
anew. The program itself never imports checkov. A policy that looks at an attribute which the written plan cannot know
must not be believed when it fails, and what checkov reports of a failure does not name all it looked at. So the
attributes are taken from the policy itself: from the conditions of a graph policy, and from the texts in the source of
a Python policy that are attributes of the type in Terraform's provider. Too many is safe: the policy then counts as
not judged.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

os.environ["LOG_LEVEL"] = "ERROR"

import yaml
from checkov.terraform import checks as _loaded
from checkov.terraform.checks.resource.registry import resource_registry

from auditor.resources import load
from auditor.resources.schema import terraform_attributes

TARGET = Path(__file__).parent.parent / "auditor" / "checks" / "checkov" / "needs.json"
GENERAL = ("base_resource_check", "base_check", "base_resource_value_check", "base_resource_negative_value_check")
Needs = dict[str, dict[str, Any]]


def main() -> None:
    ours = {name for each in load().values() for name in (*each.terraform, *each.folds) if name.startswith("aws_")}
    needs: Needs = {}
    for name in sorted(ours):
        for check in resource_registry.checks.get(name, []):
            needs.setdefault(check.id, {})[name] = {"looks": sorted(looks(check, name))}
    for check in graph_policies():
        for name in sorted(ours & subjects(check["definition"])):
            needs.setdefault(check["metadata"]["id"], {})[name] = conditions(check["definition"], name)
    lines = [f" {json.dumps(key)}: {json.dumps(needs[key])}" for key in sorted(needs, key=order)]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def order(check: str) -> tuple[str, int]:
    family, _, number = check.rpartition("_")
    return family, int(number)


def looks(check: Any, name: str) -> Iterator[str]:
    """The attributes of the type whose every segment stands in the source of the policy or of a class above it."""
    words: set[str] = set()
    for above in type(check).__mro__:
        module = inspect.getmodule(above)
        if module and module.__name__.startswith("checkov.") and not module.__name__.endswith(GENERAL):
            words |= constants(module.__file__ or "")
    for asked in ("get_inspected_key", "get_inspected_keys"):
        try:
            given = getattr(check, asked)()
        except (AttributeError, NotImplementedError):
            continue
        for key in [given] if isinstance(given, str) else given:
            words.update(key.split("/"))
    for path in terraform_attributes().get(name, ()):
        if all(step in words for step in path.split(".")):
            yield path


@cache
def constants(file: str) -> frozenset[str]:
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return frozenset(step for text in texts if len(text) < 200 for step in re.split(r"[/.\[\]]+", text))


def graph_policies() -> Iterator[dict[str, Any]]:
    folder = Path(inspect.getfile(_loaded)).parent / "graph_checks" / "aws"
    for file in sorted(each for each in folder.rglob("*") if each.suffix in (".json", ".yaml")):
        yield yaml.safe_load(file.read_text(encoding="utf-8"))


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for each in node:
            yield from walk(each)
    elif isinstance(node, dict):
        if "cond_type" in node:
            yield node
        else:
            for each in node.values():
                yield from walk(each)


def kinds(condition: dict[str, Any], key: str) -> set[str]:
    given = condition.get(key) or []
    return {each for each in ([given] if isinstance(given, str) else given) if not each.startswith("data.")}


def subjects(definition: Any) -> set[str]:
    """The types that the policy may report."""
    wanted = [each for each in walk(definition) if each["cond_type"] == "filter"]
    named: set[str] = set()
    for each in wanted:
        value = each.get("value") or []
        named |= {value} if isinstance(value, str) else set(value)
    if named:
        return named
    return set().union(*(kinds(each, "resource_types") for each in walk(definition)))


def conditions(definition: Any, name: str) -> dict[str, Any]:
    """What is looked at on the type itself, on its partners, and the partners themselves."""
    partners: dict[str, set[str]] = {}
    mine: set[str] = set()
    for each in walk(definition):
        left, right = kinds(each, "resource_types"), kinds(each, "connected_resource_types")
        if each["cond_type"] == "connection":
            for kind in right if name in left else left if name in right else left | right:
                partners.setdefault(kind, set())
    for each in walk(definition):
        if each["cond_type"] != "attribute":
            continue
        attribute = re.sub(r"\[[^\]]*\]|\$\.+|\?\(.*", "", str(each.get("attribute") or ""))
        path = ".".join(step for step in attribute.split(".") if step not in ("*", "") and not step.isdigit())
        for kind in kinds(each, "resource_types"):
            if kind == name:
                mine.add(known(kind, path))
            elif kind in partners:
                partners[kind].add(known(kind, path))
    out: dict[str, Any] = {"looks": sorted(mine)}
    if partners:
        out["partners"] = {kind: sorted(paths) for kind, paths in sorted(partners.items())}
    return out


def known(name: str, path: str) -> str:
    """The longest beginning of the path that is an attribute; what lies inside a JSON text belongs to the text."""
    attributes = terraform_attributes().get(name, frozenset())
    steps = path.split(".")
    while len(steps) > 1 and ".".join(steps) not in attributes:
        steps.pop()
    return ".".join(steps)


if __name__ == "__main__":
    main()
