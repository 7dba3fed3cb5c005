"""What the names in rules and baselines stand for: types, properties, operators, predicates, relations.

Judged on the file's plain value, not on a model, so that a file with a wrong field still has its other mistakes told.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping

from auditor.checks.operators import MATCHER, OPERATORS, PATTERN, Operand
from auditor.checks.predicates import Predicate, registry
from auditor.checks.yaml import Document, Place, suggest
from auditor.model import RELATIONS, Json, paths
from auditor.model.facts import PLACEHOLDERS
from auditor.resources import load

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|[{}]")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PATH = re.compile(r"[^.\[\]]+(\[[^\[\]]*\])*(\.[^.\[\]]+(\[[^\[\]]*\])*)*")
_KINDS: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
}


def listed(value: Json) -> list[Json]:
    """A list as it is; anything else is another check's mistake to tell."""
    return value if isinstance(value, list) else []


def mapped(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def identifier(document: Document, place: Place, value: Json) -> None:
    if isinstance(value, str) and not ID.fullmatch(value):
        document.wrong(place, f"`{value}` is not a name; write it in lower case with hyphens")


def fact(document: Document, place: Place, value: Json) -> None:
    """The sentence of a finding: every brace in it belongs to a placeholder that is filled."""
    for found in _PLACEHOLDER.findall(value) if isinstance(value, str) else ():
        if found.strip("{}") not in PLACEHOLDERS or len(found) < 3:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            document.wrong(place, f"`{found}` is not filled in; use one of {known}")


def types(document: Document, place: Place, value: Json) -> tuple[str, ...]:
    """The type names written at `place`, unknown ones told; what comes back are the known ones."""
    known = load()
    single = isinstance(value, str)
    found: list[str] = []
    for index, name in enumerate([value] if single else listed(value)):
        if not isinstance(name, str):
            continue
        if name in known:
            found.append(name)
        else:
            document.wrong(
                place if single else (*place, index),
                f"`{name}` is not a supported type{suggest(name, known)}",
            )
    return tuple(found)


def relation(document: Document, place: Place, value: Json) -> None:
    for index, name in enumerate(listed(value)):
        relation(document, (*place, index), name)
    if isinstance(value, str) and value not in RELATIONS:
        document.wrong(place, f"`{value}` is not a relation{suggest(value, RELATIONS)}")


def requirements(document: Document, place: Place, value: Json, on: Iterable[str]) -> None:
    """A list of `{Property: matcher}` and `{predicate-name: {argument: value}}`."""
    for index, entry in enumerate(listed(value)):
        for name, wanted in mapped(entry).items():
            here = (*place, index, name)
            if name[:1].islower():
                predicate(document, here, name, wanted, on, at_key=True)
            else:
                property_path(document, here, name, on, at_key=True)
                matcher(document, here, wanted)
        if entry == {}:
            document.wrong((*place, index), "is empty; name a property or a predicate")


def property_path(document: Document, place: Place, path: str, on: Iterable[str], at_key: bool = False) -> None:
    """A path is written well and its first name is a property of every type it is asked of."""
    if not _PATH.fullmatch(path):
        document.wrong(place, f"`{path}` is not a property path; write it like `Rules[].Status`", key=at_key)
        return
    top = paths.segments(path)[0][1]
    for cfn in on:
        described = load()[cfn]
        if described.prop(top) is None:
            cure = suggest(top, [row.name for row in described.props])
            document.wrong(place, f"{cfn} has no property `{top}` that is read{cure}", key=at_key)


def matcher(document: Document, place: Place, wanted: Json) -> None:
    """Operators exist and have operands of their kind; property names inside begin with a capital."""
    if not isinstance(wanted, Mapping):
        return
    if not wanted:
        document.wrong(place, "is empty and would hold for everything; write what is wanted")
    operators = [name for name in wanted if name in OPERATORS]
    for name, value in wanted.items():
        here = (*place, name)
        if name in OPERATORS:
            _operand(document, here, name, value)
        elif operators or not name[:1].isupper():
            cure = suggest(name, OPERATORS) or f"; known: {', '.join(sorted(OPERATORS))}"
            document.wrong(here, f"`{name}` is not an operator{cure}", key=True)
        else:
            if not _PATH.fullmatch(name):
                document.wrong(here, f"`{name}` is not a property path; write it like `Rules[].Status`", key=True)
            matcher(document, here, value)


def _operand(document: Document, place: Place, name: str, value: Json) -> None:
    operand = OPERATORS[name].operand
    if operand is MATCHER:
        matcher(document, place, value)
    elif operand.of:
        _made(document, place, value, operand)
    elif not _is(value, operand.schema.get("type", ())):
        document.wrong(place, f"`{name}` takes {operand.takes}{operand.cure.format(value)}")


def _is(value: Json, kinds: str | list[str]) -> bool:
    """Whether the value is of one of these kinds of JSON Schema; where none is named everything is right."""
    named = [kinds] if isinstance(kinds, str) else kinds
    return not named or any(
        isinstance(value, _KINDS[each]) and (each == "boolean" or not isinstance(value, bool)) for each in named
    )


def _made(document: Document, place: Place, value: Json, operand: Operand) -> None:
    if not isinstance(value, str):
        document.wrong(place, f"must be text: {operand.takes}, not {value!r}")
        return
    try:
        if operand.of:
            operand.of(value)
    except (re.error, ValueError) as error:
        document.wrong(place, f"{value!r} is not {operand.takes}: {error}")


def patterns(document: Document, place: Place, value: Json) -> None:
    """Regular expressions in a list or as the values of a mapping (hints)."""
    for index, text in enumerate(listed(value)):
        _made(document, (*place, index), text, PATTERN)
    for name, text in mapped(value).items():
        _made(document, (*place, name), text, PATTERN)


def predicate(
    document: Document, place: Place, name: str, given: Json, on: Iterable[str], at_key: bool = False
) -> None:
    """The predicate exists, can be asked of the types, and takes these arguments; `place` is where they stand."""
    found = registry().get(name)
    if found is None:
        document.wrong(place, f"`{name}` is not a predicate{suggest(name, registry())}", key=at_key)
        return
    unfit = [cfn for cfn in on if found.on and cfn not in found.on]
    if unfit:
        document.wrong(place, f"`{name}` is asked of {' and '.join(found.on)}, not of {', '.join(unfit)}", key=at_key)
    if given is not None and not isinstance(given, dict):
        document.wrong(place, f"the arguments of `{name}` are a mapping; write {{}} where there are none")
        return
    _arguments(document, place, found, mapped(given), on)


def _arguments(document: Document, place: Place, found: Predicate, given: dict[str, Json], on: Iterable[str]) -> None:
    # Hyphens in YAML are underscores in Python; `**given` takes what Python could not name (`is`).
    takes = {
        name.replace("_", "-"): row
        for name, row in found.arguments.items()
        if row.kind is not inspect.Parameter.VAR_KEYWORD
    }
    free = len(takes) < len(found.arguments)
    for name in given:
        if name.replace("_", "-") not in takes and not free:
            cure = suggest(name, takes) or "; it takes none"
            document.wrong((*place, name), f"`{found.name}` takes no `{name}`{cure}", key=True)
    written = {name.replace("_", "-") for name in given}
    for name, row in takes.items():
        if row.default is inspect.Parameter.empty and name not in written:
            document.wrong(place, f"`{found.name}` needs `{name}`; add it")
    if "relation" in given:
        relation(document, (*place, "relation"), given["relation"])
    heads = types(document, (*place, "type"), given["type"]) if "type" in given else ()
    for path, wanted in mapped(given.get("where")).items():
        property_path(document, (*place, "where", path), path, heads, at_key=True)
        matcher(document, (*place, "where", path), wanted)
    for name, value in given.items():
        # A capital begins a property of the resource that is asked; a list of such is read by the predicate itself.
        if name not in ("type", "where") and isinstance(value, str) and value[:1].isupper():
            property_path(document, (*place, name), value, on)
