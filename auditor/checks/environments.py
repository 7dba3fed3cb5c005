"""What a baseline says by environment: `parameters`, and the three places in which a file may use them.

`${environment}` inside a text is the value that was chosen. `{by: environment, dev: 7, prod: 30}` is the value for the
one chosen, which has to be there for each that may be. `only: {environment: prod}` at a role, promise, arrow or other
entry lets it exist in these environments alone. All of it is settled on the file's plain value, before anything else
looks at it, so that every field may depend on the environment and every mistake keeps its place.

A baseline is asked for as `NAME`, `NAME:prod` or `NAME:environment=prod,region=eu-west-1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.checks.yaml import DefinitionError, Document, Place, suggest
from auditor.model import Json

_HOLE = re.compile(r"\$\{([A-Za-z_][\w-]*)\}")
_PATH, _NAME = re.compile(r"(.*?\.yaml):(.*)", re.DOTALL), re.compile(r"([^:/\\]+):(?![/\\])(.*)", re.DOTALL)
_NEXT = re.compile(r",(?=\s*[A-Za-z_][\w-]*=)")
_ONLY, _BY = "only", "by"


@dataclass(frozen=True, slots=True)
class Asked:
    """A baseline as it is asked for: its name or path, and the values of its parameters."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)  # under "" a value alone, for the only parameter


def asked(text: str) -> Asked:
    """`NAME:prod` and `NAME:environment=prod,...`. A path ends with its `.yaml`, a name with the first colon; a comma
    is a part of a value unless the next `NAME=` stands behind it."""
    found = _PATH.fullmatch(text) or _NAME.fullmatch(text)
    if not found:
        return Asked(text)
    name, values = found.groups()
    given = {}
    for each in _NEXT.split(values):
        key, equals, value = (part.strip() for part in each.partition("="))
        given[key if equals else ""] = value if equals else key
    return Asked(name, given)


def with_values(text: str, given: Mapping[str, str]) -> str:
    """The same baseline asked for with further values."""
    known = asked(text)
    pairs = {**given, **known.given}
    if not given or "" in known.given:  # what is said for one baseline is nearer than what is said for all
        return text
    return f"{known.name}:" + ",".join(f"{name}={value}" if name else value for name, value in pairs.items())


def from_anywhere(text: str) -> str:
    """The same baseline named so that it is found from another folder: a file by its whole path."""
    known = asked(text)
    return text if Path(known.name).suffix != ".yaml" else f"{Path(known.name).resolve()}{text[len(known.name) :]}"


def settle(document: Document, wanted: Asked) -> str:
    """Put the chosen values into the file's value. What comes back belongs to the baseline's id, like `:prod`: it tells
    two environments of one document apart, and is empty where every value is the file's own default."""
    declared = document.value.get("parameters") if isinstance(document.value, dict) else None
    rows = {name: row for name, row in declared.items() if isinstance(row, dict)} if isinstance(declared, dict) else {}
    chosen = _chosen(wanted, rows)
    for name, row in rows.items():
        default, allowed = str(row.get("default")), _values(row)
        if allowed and default not in allowed:
            document.wrong(
                ("parameters", name, "default"), f"`{default}` is none of its values{suggest(default, allowed)}"
            )
    _Filling(document, chosen, {name: _values(row) for name, row in rows.items()}).run()
    other = {name: value for name, value in chosen.items() if value != str(rows[name].get("default"))}
    if not other:
        return ""
    named = [f"{name}={value}" for name, value in sorted(other.items())]
    return ":" + ",".join(other.values() if len(rows) == 1 else named)


def takes(document: Document) -> tuple[str, ...]:
    """The parameters that a baseline declares."""
    declared = document.value.get("parameters") if isinstance(document.value, dict) else None
    return tuple(declared) if isinstance(declared, dict) else ()


def _values(row: Mapping[str, Json]) -> tuple[str, ...]:
    """The values that a parameter may have; none are named where it takes any text."""
    values = row.get("values")
    return tuple(str(each) for each in values) if isinstance(values, list) else ()


def _chosen(wanted: Asked, rows: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    chosen = {name: str(row.get("default")) for name, row in rows.items()}
    for name, value in wanted.given.items():
        if not name and len(rows) != 1:
            cure = f"; write {wanted.name}:NAME={value}, where NAME is one of {', '.join(rows)}" if rows else ""
            raise DefinitionError([f"baseline {wanted.name} has {'several' if rows else 'no'} parameters{cure}"])
        name = name or next(iter(rows))
        if name not in rows:
            near = suggest(name, rows) if rows else "; it has none"
            raise DefinitionError([f"baseline {wanted.name} has no parameter `{name}`{near}"])
        allowed = _values(rows[name])
        if allowed and value not in allowed:
            words = f"`{value}` is not a value of `{name}`{suggest(value, allowed)}"
            raise DefinitionError([f"baseline {wanted.name}: {words}"])
        chosen[name] = value
    return chosen


def _same_everywhere(value: Json) -> bool:
    """Whether no parameter changes anything in a value."""
    if isinstance(value, str):
        return "${" not in value
    if isinstance(value, list):
        return all(map(_same_everywhere, value))
    return not isinstance(value, dict) or not (
        _ONLY in value or _BY in value or not all(map(_same_everywhere, value.values()))
    )


class _Filling:
    """One walk through the value. Entries that go move the ones behind them, so places are written down again."""

    def __init__(self, document: Document, chosen: Mapping[str, str], allowed: Mapping[str, Iterable[str]]) -> None:
        self.document, self.chosen, self.allowed = document, chosen, allowed
        self.moved: dict[Place, Place] = {}

    def run(self) -> None:
        document = self.document
        if not isinstance(document.value, dict) or all(
            name == "parameters" or _same_everywhere(value) for name, value in document.value.items()
        ):
            return
        document.value = {
            name: value if name == "parameters" else self._value(value, (name,), (name,))
            for name, value in document.value.items()
        }
        document.values = {to: document.values[at] for to, at in self._places(document.values)}
        document.keys = {to: document.keys[at] for to, at in self._places(document.keys)}

    def _places(self, known: Mapping[Place, object]) -> list[tuple[Place, Place]]:
        kept = [(place, place) for place in known if not place or place[0] == "parameters"]
        return kept + [(to, at) for to, at in self.moved.items() if at in known]

    def _value(self, value: Json, at: Place, to: Place) -> Json:
        self.moved[to] = at
        if isinstance(value, str):
            return _HOLE.sub(lambda hole: self._filled(hole[1], hole[0], at), value)
        if isinstance(value, list):
            return self._list(value, at, to)
        if not isinstance(value, dict):
            return value
        if isinstance(value.get(_BY), str) and len(value) > 1:
            return self._by(value, at, to)
        return {
            name: self._value(each, (*at, name), (*to, name))
            for name, each in value.items()
            if self._exists(each, (*at, name))
        }

    def _list(self, value: list[Json], at: Place, to: Place) -> list[Json]:
        out: list[Json] = []
        for index, each in enumerate(value):
            if self._exists(each, (*at, index)):
                out.append(self._value(each, (*at, index), (*to, len(out))))
        return out

    def _filled(self, name: str, hole: str, at: Place) -> str:
        if name not in self.chosen:
            self._wrong(at, f"`{hole}` is not a parameter of this baseline{suggest(name, self.chosen)}")
            return hole
        return self.chosen[name]

    def _by(self, value: dict[str, Json], at: Place, to: Place) -> Json:
        name = value[_BY]
        if name not in self.chosen:
            self._wrong((*at, _BY), f"`{name}` is not a parameter of this baseline{suggest(name, self.chosen)}")
            return None
        given = {str(key): key for key in value if key != _BY}
        allowed = list(self.allowed[name])
        for each in dict.fromkeys([*allowed, self.chosen[name]]):
            if each not in given:
                self._wrong(at, f"has no value for {name} `{each}`; add it")
        for each in given:
            if allowed and each not in allowed:
                self._wrong((*at, given[each]), f"`{each}` is not a value of `{name}`{suggest(each, allowed)}")
        key = given.get(self.chosen[name])
        return None if key is None else self._value(value[key], (*at, key), to)

    def _exists(self, value: Json, at: Place) -> bool:
        """Whether an entry is there in the environment that was chosen."""
        only = value.get(_ONLY) if isinstance(value, dict) else None
        if not isinstance(only, dict):
            return True
        there = True
        for name, wanted in only.items():
            place = (*at, _ONLY, name)
            if name not in self.chosen:
                self._wrong(place, f"`{name}` is not a parameter of this baseline{suggest(name, self.chosen)}")
                continue
            values = [str(each) for each in (wanted if isinstance(wanted, list) else [wanted])]
            allowed = list(self.allowed[name])
            for each in values:
                if allowed and each not in allowed:
                    self._wrong(place, f"`{each}` is not a value of `{name}`{suggest(each, allowed)}")
            there = there and self.chosen[name] in values
        return there

    def _wrong(self, at: Place, message: str) -> None:
        self.document.wrong(at, message)
