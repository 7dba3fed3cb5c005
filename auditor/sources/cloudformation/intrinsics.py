"""CloudFormation's functions, worked out: a value, or `Unresolved` with the reason why code does not say it.

What depends on something unresolved is unresolved, unless the rest already decides it. A comparison with something
unresolved is a choice: it holds or not as the world that is read has it. References to resources are no values: they
are texts `${Stack/Logical.Attribute}`, kept inside longer texts. Work and the length of texts are bounded, because a
template is somebody else's program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from auditor.bounded import Lined
from auditor.model import Json
from auditor.sources.cloudformation import functions
from auditor.sources.cloudformation.loops import replaced
from auditor.sources.cloudformation.scope import NO_VALUE, Scope
from auditor.sources.cloudformation.texts import Bad, Parts, Unresolved, joined, split, text_of

DEEPEST = 100

_HOLE = re.compile(r"\$\{(!?)([^{}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:")


Function = Callable[[Json, Scope, int], Json]


def value(node: Json, scope: Scope, depth: int = 0) -> Json:
    """What `node` comes to. Unresolved places stay inside the value, for the caller to take out with their paths."""
    scope.budget.spend()
    if depth > DEEPEST:
        return Unresolved("its functions are nested too deeply")
    if isinstance(node, str):
        return Unresolved(f"AWS fills in {node[:80]} at deployment") if _DYNAMIC.search(node) else node
    if isinstance(node, list):
        found = [value(each, scope, depth + 1) for each in node]
        return [each for each in found if each is not NO_VALUE]
    if not isinstance(node, dict):
        return node
    if len(node) == 1:
        name, given = next(iter(node.items()))
        try:
            if name in FUNCTIONS:
                return FUNCTIONS[name](given, scope, depth + 1)
        except Bad as why:
            return Unresolved(f"{name}: {why}")
    return _mapping(node, scope, depth)


def _mapping(node: Mapping[str, Json], scope: Scope, depth: int) -> Json:
    out = Lined(node)
    out.clear()
    for key, inner in expanded(node, scope, depth).items():
        if key.startswith("Fn::"):
            return Unresolved(_why_left(key))
        found = value(inner, scope, depth + 1)
        if found is not NO_VALUE:
            out[key] = found
    return out


def _why_left(key: str) -> str:
    if key.startswith("Fn::ForEach::"):
        return f"{key} is not a valid loop, or its collection is not known"
    return f"only AWS can evaluate {key}" if key == "Fn::Transform" else f"there is no function {key}"


def expanded(node: Mapping[str, Json], scope: Scope, depth: int = 0) -> Mapping[str, Json]:
    """The mapping with each `Fn::ForEach` written out; what cannot be is left for `value` to call unresolved."""
    if not any(key.startswith("Fn::ForEach::") for key in node):
        return node
    out = Lined(node)
    out.clear()
    for key, inner in node.items():
        rounds = _rounds(inner, scope, depth) if key.startswith("Fn::ForEach::") else None
        if rounds is None:
            out[key] = inner
            continue
        for each in rounds:
            for name, made in expanded(each, scope, depth + 1).items():
                out[name] = made
                out.lines.setdefault(name, getattr(node, "lines", {}).get(key, 0))
    return out


def _rounds(given: Json, scope: Scope, depth: int) -> list[Mapping[str, Json]] | None:
    """The body of a loop once for each of its values; None when the loop is malformed or its values are unknown."""
    if depth > DEEPEST or not (isinstance(given, list) and len(given) == 3):
        return None
    name, over, body = given
    values = value(over, scope, depth + 1)
    if not isinstance(name, str) or not isinstance(body, dict) or not isinstance(values, list):
        return None
    texts = [text_of(each) for each in values]
    if any(isinstance(each, Unresolved) for each in texts):
        return None
    return [replaced(body, name, str(each), scope) for each in texts]


def truth(node: Json, scope: Scope, depth: int = 0) -> bool | Unresolved:
    """What a condition comes to: unknown parts matter only where the known ones do not decide."""
    scope.budget.spend()
    if depth > DEEPEST:
        return Unresolved("its conditions are nested too deeply")
    if isinstance(node, bool):
        return node
    if not isinstance(node, dict) or len(node) != 1:
        return Unresolved("it is not a condition")
    name, given = next(iter(node.items()))
    if name == "Condition" and isinstance(given, str):
        return scope.condition(given)
    if name == "Fn::Equals":
        return _equals(given, scope, depth)
    if name not in ("Fn::And", "Fn::Or", "Fn::Not") or not isinstance(given, list) or not given:
        return Unresolved(f"{name} is not a condition")
    found: list[bool | Unresolved] = [truth(each, scope, depth + 1) for each in given]
    if name == "Fn::Not":
        return found[0] if isinstance(found[0], Unresolved) else not found[0]
    decisive: bool = name == "Fn::Or"
    if any(each is decisive for each in found):
        return decisive
    unknown = next((each for each in found if isinstance(each, Unresolved)), None)
    return unknown if unknown is not None else not decisive


def _equals(given: Json, scope: Scope, depth: int) -> bool | Unresolved:
    if not isinstance(given, list) or len(given) != 2:
        return Unresolved("Fn::Equals takes two values")
    sides = [value(each, scope, depth + 1) for each in given]
    texts = [text_of(each) if not isinstance(each, (list, dict)) else each for each in sides]
    if any(isinstance(each, Unresolved) or "${" in str(each) for each in texts) and texts[0] != texts[1]:
        return scope.either(texts[0], texts[1], " == ".join(map(_words, given)))
    return bool(texts[0] == texts[1])


def _words(side: Json) -> str:
    """One side of a comparison as one would say it."""
    if isinstance(side, dict) and len(side) == 1 and isinstance(side.get("Ref"), str):
        return str(side["Ref"])[:80]
    return json.dumps(side, default=str)[:80]


def _listed(given: Json, scope: Scope, depth: int, *counts: int) -> list[Json]:
    """The arguments of a function that takes a list, each worked out."""
    if not isinstance(given, list) or len(given) not in counts:
        raise Bad(f"it takes a list of {' or '.join(map(str, counts))} values")
    return [value(each, scope, depth) for each in given]


def _ref(given: Json, scope: Scope, depth: int) -> Json:
    if not isinstance(given, str):
        raise Bad("it takes a name")
    return NO_VALUE if given == "AWS::NoValue" else scope.ref(given)


def _get_att(given: Json, scope: Scope, depth: int) -> Json:
    parts: list[Json] = given.split(".", 1) if isinstance(given, str) else given if isinstance(given, list) else []
    if len(parts) < 2 or not isinstance(parts[0], str):
        raise Bad("it takes the name of a resource and an attribute")
    attribute = ".".join(str(text_of(value(each, scope, depth))) for each in parts[1:])
    return scope.attribute(parts[0], attribute)


def _sub(given: Json, scope: Scope, depth: int) -> Json:
    template, names = (given, {}) if isinstance(given, str) else given if _pair(given) else (None, None)
    if not isinstance(template, str) or not isinstance(names, dict):
        raise Bad("it takes a string, or a string and a mapping")
    own = {name: value(inner, scope, depth) for name, inner in names.items()}
    parts: list[Json] = []
    end = 0
    for hole in _HOLE.finditer(template):
        parts.append(template[end : hole.start()])
        end = hole.end()
        word = hole[2].strip()
        if hole[1]:
            parts.append("${" + hole[2] + "}")
        elif word in own:
            parts.append(own[word])
        else:
            head, dot, attribute = word.partition(".")
            parts.append(scope.attribute(head, attribute) if dot else scope.ref(word))
    parts.append(template[end:])
    made = joined("", parts)
    return value(made, scope, depth) if isinstance(made, str) else made  # it may hold a {{resolve:...}} now


def _pair(given: Json) -> bool:
    return isinstance(given, list) and len(given) == 2


def _join(given: Json, scope: Scope, depth: int) -> Json:
    delimiter, parts = _listed(given, scope, depth, 2)
    if isinstance(parts, Unresolved):
        return parts
    if isinstance(parts, Parts):
        return (
            parts.reference if parts.delimiter == delimiter else Unresolved(f"{parts.reference} is known only to AWS")
        )
    if not isinstance(parts, list) or not isinstance(delimiter, str):
        raise Bad("it takes a delimiter and a list")
    return joined(delimiter, parts)


def _split(given: Json, scope: Scope, depth: int) -> Json:
    delimiter, text = _listed(given, scope, depth, 2)
    if isinstance(text, Unresolved):
        return text
    if not isinstance(delimiter, str) or not isinstance(text, str) or not delimiter:
        raise Bad("it takes a delimiter and a string")
    found = split(delimiter, text)
    scope.budget.spend(len(found) if isinstance(found, list) else 1)
    return found


def _select(given: Json, scope: Scope, depth: int) -> Json:
    index, many = _listed(given, scope, depth, 2)
    if isinstance(index, Unresolved):
        return index
    if isinstance(many, Unresolved):
        return Unresolved(f"it is element {str(index)[:20]} of a list: {many.reason}")
    if not re.fullmatch(r"\d{1,6}", str(index)):
        raise Bad(f"{str(index)[:80]} is not an index")
    if isinstance(many, Parts):
        return many.part(int(index))
    if not isinstance(many, list) or int(index) >= len(many):
        raise Bad(f"there is no element {index}")
    return many[int(index)]


def _find_in_map(given: Json, scope: Scope, depth: int) -> Json:
    found = _listed(given, scope, depth, 3, 4)
    keys = [text_of(each) for each in found[:3]]
    default = found[3].get("DefaultValue") if len(found) == 4 and isinstance(found[3], dict) else None
    unknown = next((each for each in keys if isinstance(each, Unresolved)), None)
    hit = unknown or scope.looked_up(*(str(each) for each in keys))
    return default if isinstance(hit, Unresolved) and default is not None and not unknown else hit


def _if(given: Json, scope: Scope, depth: int) -> Json:
    if not isinstance(given, list) or len(given) != 3 or not isinstance(given[0], str):
        raise Bad("it takes a condition and two values")
    answer = scope.condition(given[0])
    if not isinstance(answer, Unresolved):
        return value(given[1 if answer else 2], scope, depth)
    both = [value(each, scope, depth) for each in given[1:]]
    return both[0] if both[0] == both[1] else Unresolved(f"it depends on the condition {given[0]}: {answer.reason}")


def _import(given: Json, scope: Scope, depth: int) -> Json:
    name = text_of(value(given, scope, depth))
    return name if isinstance(name, Unresolved) else scope.imported(name)


def _transformed(given: Json, scope: Scope, depth: int) -> Json:
    """AWS::Include puts in what stands in a file; other macros are programs of somebody's account."""
    called = given.get("Name") if isinstance(given, dict) else given
    said = given.get("Parameters") if isinstance(given, dict) else None
    if called == "AWS::Include" and isinstance(said, dict):
        found = scope.included(value(said.get("Location"), scope, depth))
        if isinstance(found, Unresolved):
            raise Bad(f"AWS::Include: {found.reason}")
        return value(found, scope, depth)
    raise Bad(f"only AWS can run the macro {str(called)[:80]}")


def _of_value(compute: Callable[[Json], Json]) -> Function:
    return lambda given, scope, depth: compute(value(given, scope, depth))


def _of_condition(name: str) -> Function:
    return lambda given, scope, depth: truth({name: given}, scope, depth)


FUNCTIONS: dict[str, Function] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::ImportValue": _import,
    "Fn::Transform": _transformed,
    "Fn::GetAZs": lambda given, scope, depth: functions.zones(
        value(given, scope, depth), scope.ref("AWS::Region"), scope.ref(functions.ZONES)
    ),
    "Fn::Base64": _of_value(functions.base64_of),
    "Fn::Length": _of_value(functions.length),
    "Fn::ToJsonString": _of_value(functions.json_text),
    "Fn::Cidr": lambda given, scope, depth: functions.networks(_listed(given, scope, depth, 2, 3)),
    **{name: _of_condition(name) for name in ("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals")},
}
