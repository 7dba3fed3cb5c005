"""What a plan was judged by, so that the check after a change is the one from before it.

A plan that is judged anew by other rules than those that found its findings would say of a live hole that it is no
longer broken. So the plan carries its baselines, rules, regions, pins, scope and definitions, and the journal keeps
them; who applies it may repeat them, and may not change them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from auditor.model import Json

_OPTIONS = {"baselines": "--baseline", "rules": "--rule", "regions": "--region", "definitions": "--definitions",
            "scope": "--scope"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """The judging of one run. `rules` are the ids that were asked for; empty with `with_rules` means all of them.

    `regions` are those that were read, whoever named them. `definitions` are absolute paths of folders, and `digest`
    is one of all that was chosen from there and from what auditor brings along.
    """

    baselines: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    with_rules: bool = True
    regions: tuple[str, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    digest: str = ""

    def to_json(self) -> dict[str, Json]:
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()} | {
            "pins": dict(sorted(self.pins.items()))
        }

    def contradictions(self, given: Judged) -> Iterator[str]:
        """What somebody asks for that the plan was not judged by, one text each; what is not said follows the plan."""
        for name, option in _OPTIONS.items():
            asked, mine = set(getattr(given, name)), set(getattr(self, name))
            if asked and asked != mine:
                yield f"{_said(option, asked)}, but the plan was made with {_said(option, mine)}"
        if given.pins and dict(given.pins) != dict(self.pins):
            ours, theirs = ({f"{role}={one}" for role, one in pins.items()} for pins in (self.pins, given.pins))
            yield f"{_said('--bind', theirs)}, but the plan was made with {_said('--bind', ours)}"
        if not given.with_rules and self.with_rules:
            yield "--no-rules, but the plan was made with rules"


def _said(option: str, values: set[str]) -> str:
    return " ".join(f"{option} {value}" for value in sorted(values)) or f"no {option}"


def read_judged(told: Json) -> Judged:
    """What a file says, or ValueError with the member that is not as it should be."""
    if not isinstance(told, dict):
        raise ValueError("`judged_by` has to be an object")
    out: dict[str, Any] = {}
    for each in fields(Judged):
        value = told.get(each.name)
        if each.name == "pins":
            right = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        elif each.name == "with_rules":
            right = isinstance(value, bool)
        elif each.name == "digest":
            right = isinstance(value, str)
        else:
            right = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if not right:
            raise ValueError(f"`judged_by.{each.name}` is missing or of the wrong kind")
        out[each.name] = tuple(value) if isinstance(value, list) else value
    return Judged(**out)
