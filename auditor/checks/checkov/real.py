"""A real Terraform plan for checkov, and which of our resources its blocks are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.checks.checkov.program import NotJudged
from auditor.graph.build import Graph
from auditor.model import Json, Resource

_MOST_BYTES = 100 * 1024 * 1024
_INDEX = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")


@dataclass(slots=True)
class RealPlan:
    """A plan's text, what Terraform does not know yet by address, and its configuration."""

    text: str
    after_unknown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    configuration: Mapping[str, Json] = field(default_factory=dict)

    def unknown(self, address: str) -> frozenset[str]:
        return self.after_unknown.get(address, frozenset())


def load(path: Path) -> RealPlan:
    """The plan as `terraform show -json` writes it."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        plan = json.loads(text)
    except OSError as error:
        raise NotJudged("failed", f"the plan cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise NotJudged("failed", "the plan is not JSON; write it with `terraform show -json`") from error
    if len(content) > _MOST_BYTES:
        raise NotJudged("failed", f"the plan is larger than {_MOST_BYTES // 2**20} MiB")
    if not isinstance(plan, dict) or "planned_values" not in plan:
        raise NotJudged("failed", "the plan has no planned values; write it with `terraform show -json`")
    configuration = (plan.get("configuration") or {}).get("root_module") or {}
    return RealPlan(text, dict(_unknowns(plan.get("resource_changes") or [])), configuration)


def _unknowns(changes: list[Json]) -> Iterator[tuple[str, frozenset[str]]]:
    for each in changes:
        if isinstance(each, dict) and isinstance(each.get("address"), str):
            told = (each.get("change") or {}).get("after_unknown")
            if isinstance(told, dict):
                yield each["address"], frozenset(_places(told, ""))


def _places(value: Json, above: str) -> Iterator[str]:
    """The attributes that Terraform does not know yet, as far down as it says."""
    if value is True:
        yield above
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, f"{above}.{name}" if above else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _places(inner, above)


def split(address: str) -> tuple[str, str]:
    """The module and the rest of an address: `module.a["x"].`, `aws_vpc.b[0]`."""
    found = re.match(r"(?:module\.[^.\[]+" + f"(?:{_INDEX.pattern})?" + r"\.)*", address)
    module = found[0] if found else ""
    return module, address[len(module) :]


def kind_of(address: str) -> str:
    return split(address)[1].partition(".")[0]


class Owners:
    """Our resource of each block: the one of that address, the owner of a fold, else one that stands for the block."""

    def __init__(self, graph: Graph, plan: RealPlan) -> None:
        self.graph = graph
        self.plan = plan
        self.folds = {fold for each in graph.types.values() for fold in each.folds}
        self.known = {resource.address: resource for resource in graph.resources() if resource.address}

    def of(self, address: str, kind: str) -> Resource:
        if address in self.known:
            return self.known[address]
        if kind in self.folds:
            for owner in self._referred(address):
                if owner in self.known:
                    return self.known[owner]
        account, region = (*self.graph.inventory.accounts, "")[0], (*self.graph.inventory.regions, "")[0]
        return Resource(kind, address, account, region, name=address)

    def _referred(self, address: str) -> Iterator[str]:
        """The addresses that a block refers to in its own module, with its own index first."""
        module, rest = split(address)
        configured = self.plan.configuration
        for name in re.findall(r"module\.([^.\[]+)", module):
            configured = ((configured.get("module_calls") or {}).get(name) or {}).get("module") or {}
        plain = _INDEX.sub("", rest)
        index = rest[len(plain) :] if rest.startswith(plain) else ""
        for each in configured.get("resources") or []:
            if isinstance(each, dict) and each.get("address") == plain:
                for reference in _references(each.get("expressions")):
                    target = ".".join(_INDEX.sub("", reference).split(".")[:2])
                    yield from (f"{module}{target}{index}", f"{module}{target}", f"{module}{target}[0]")


def _references(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "references" and isinstance(inner, list):
                yield from (each for each in inner if isinstance(each, str))
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
