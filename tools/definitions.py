"""`make docs`: JSON Schemas (`schemas/`), the reference, a page for each rule, and the roles of `deploy/`.

Everything is read from the code that reads those files: the models, the table of operators, the predicates, the types
and relations. A schema refuses what can be refused by shape and name; what needs the types' rows (whether a type has a
property) only `auditor` itself can say.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from auditor.checks.operators import OPERATORS
from auditor.checks.predicates import Predicate, registry
from auditor.checks.schema import Baseline, Rule, Texts, Words
from auditor.checks.waivers import Waivers
from auditor.config.schema import Config
from auditor.model import RELATIONS
from auditor.resources import load
from tools import deploy_roles, rule_pages

ROOT = Path(__file__).resolve().parents[1]
FROM_PLACE = {Rule: ("id", "topic"), Baseline: ("id",)}  # what the file's place says, and no field
REQUIREMENTS = ("where", "find")  # lists of `{Property: matcher}` and `{predicate: arguments}`, in every model
_WORDS, _TEXTS = get_args(Words)[1], get_args(Texts)[1]  # numbers where text is meant; a text where texts are
KINDS = {"int": "integer", "str": "string", "bool": "boolean", "float": "number", "list": "array", "Mapping": "object"}


def main() -> int:
    for name, text in files().items():
        place = ROOT / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return 0


def files() -> dict[str, str]:
    """Everything that is generated, by its path."""
    return {
        "schemas/rule.schema.json": _json(schema_of(Rule, "A rule of auditor")),
        "schemas/baseline.schema.json": _json(schema_of(Baseline, "A baseline of auditor")),
        "schemas/waivers.schema.json": _json(schema_of(Waivers, "Waivers of auditor")),
        "schemas/config.schema.json": _json(schema_of(Config, "Configuration of auditor")),
        "docs/reference.md": reference(),
        **deploy_roles.files(),
        **rule_pages.files(),
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


# ---- JSON Schema


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The schema of a file, as an editor needs it."""
    out = model.model_json_schema(by_alias=True)
    shared = out.pop("$defs", {})
    for made in (model, *_models(model)):
        _complete(shared[made.__name__] if made is not model else out, made)
    out["$defs"] = {**shared, **(_names() if model in FROM_PLACE else {})}
    if model is Baseline:
        _by_environment(out["$defs"])
    if model is Config:  # a baseline may be only named
        out["properties"]["baselines"]["items"] = {"anyOf": [{"type": "string"}, _ref("Named")]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **out, "title": title}


def _by_environment(defs: dict[str, Any]) -> None:
    """A value for each environment, where values mostly differ: what is demanded and how that is said, how many there
    are, and what they cost."""
    defs["by"] = {
        "description": "the value for each value of a parameter, like {by: environment, dev: 7, prod: 30}",
        "type": "object",
        "required": ["by"],
        "properties": {"by": {"type": "string", "description": "the name of a parameter"}},
        "minProperties": 2,
    }
    one = {"type": ["string", "number"]}
    for each in defs.values():
        if "only" in each.get("properties", ()):
            each["properties"]["only"]["additionalProperties"] = {"anyOf": [one, {"type": "array", "items": one}]}
    defs["matcher"]["anyOf"].append(_ref("by"))
    for operand in defs["matcher"]["anyOf"][1]["properties"].values():
        if kind := operand.pop("type", None):
            operand["anyOf"] = [{"type": kind}, _ref("by")]
    for name in ("Role", "Require", "Link", "Absent", "Budget", "Apart"):
        places = defs[name]["properties"]
        for place in places.keys() & {"at", "broken", "count", "monthly", "others", "ours", "table", "title"}:
            places[place] = {**_about(places[place]), "anyOf": [_bare(places[place]), _ref("by")]}


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Every model inside, once."""
    seen: dict[type[BaseModel], None] = {}
    todo = [row.annotation for row in model.model_fields.values()]
    while todo:
        kind = todo.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind not in seen:
                seen[kind] = None
                todo += [row.annotation for row in kind.model_fields.values()]
        elif get_origin(kind) is not None:
            todo += get_args(kind)
    return iter(seen)


def _complete(node: dict[str, Any], model: type[BaseModel]) -> None:
    """What pydantic cannot know: the spellings that are taken, and what names stand for."""
    for name in FROM_PLACE.get(model, ()):
        del node["properties"][name]
        node["required"].remove(name)
    for name, row in model.model_fields.items():
        said = node["properties"].get(row.alias or name)
        if said is None:
            continue
        said.pop("title", None)
        if _WORDS in row.metadata:
            said["type"] = ["string", "number", "array"]
        names = _name_of(model, row.alias or name)
        if names and said.get("type") == "array":
            said["items"] = names
        elif names:
            said.pop("type", None)
            said |= names
        if _TEXTS in row.metadata:
            each = said.get("items", {"type": "string"})
            node["properties"][row.alias or name] = {**_about(said), "anyOf": [each, {**_bare(said), "items": each}]}


def _about(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: said[key] for key in ("description", "default") if key in said}


def _bare(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key not in ("description", "default")}


def _name_of(model: type[BaseModel], field: str) -> dict[str, Any]:
    """What the texts, or the entries, of a field are."""
    if field in REQUIREMENTS or (model is Rule and field == "require"):
        return _ref("requirement")
    if field in ("on", "type", "Type"):
        return _ref("type")
    if field in ("relation", "via"):
        return _ref("relation")
    return {
        ("Require", "predicate"): {"enum": list(registry())},
        ("Require", "is"): _ref("matcher"),
        ("Rule", "references"): {"type": "string", "pattern": "^https://"},
        ("Baseline", "regions"): {"type": "string", "pattern": r"^([a-z]{2}(-[a-z]+)+-[0-9]|\$\{[A-Za-z_][\w-]*\})$"},
        ("Link", "action"): {"type": "string", "pattern": "^([a-z0-9-]+:[A-Za-z0-9]+)?$"},
    }.get((model.__name__, field), {})


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _names() -> dict[str, Any]:
    """The parts that several fields share."""
    operators = {
        name: {**row.operand.schema, "description": f"{row.doc}; takes {row.operand.takes}"}
        for name, row in OPERATORS.items()
    }
    inside = {"^[A-Z]": _ref("matcher")}
    return {
        "type": {"description": "a supported CloudFormation type", "enum": list(load())},
        "relation": {"description": "what an edge between two resources says", "enum": sorted(RELATIONS)},
        "matcher": {
            "description": "a value, operators, or inner properties with matchers",
            "anyOf": [
                {"type": ["string", "number", "boolean", "array", "null"]},
                {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": operators},
                {"type": "object", "minProperties": 1, "additionalProperties": False, "patternProperties": inside},
            ],
        },
        "requirement": {
            "description": "a property and its matcher, or a predicate and its arguments",
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {name: _arguments(found) for name, found in registry().items()},
            "patternProperties": inside,
        },
    }


def _arguments(found: Predicate) -> dict[str, Any]:
    free = any(row.kind is inspect.Parameter.VAR_KEYWORD for row in found.arguments.values())
    rows = {name: row for name, row in found.arguments.items() if row.kind is not inspect.Parameter.VAR_KEYWORD}
    needed = [name.replace("_", "-") for name, row in rows.items() if row.default is inspect.Parameter.empty]
    return {
        "description": found.doc.replace("\n", " "),
        "type": ["object"] if needed else ["object", "null"],
        "additionalProperties": free,
        "properties": {name.replace("_", "-"): _argument(name, row) for name, row in rows.items()},
        "required": needed,
    }


def _argument(name: str, row: inspect.Parameter) -> dict[str, Any]:
    if name in ("type", "relation"):
        return {"anyOf": [_ref(name), {"type": "array", "items": _ref(name)}]}
    said = [re.sub(r"\[.*", "", part).strip() for part in str(row.annotation).strip("'").split("|")]
    kinds = [KINDS[each] for each in said if each in KINDS]
    return {"type": kinds} if kinds and "Json" not in said else {}


# ---- the reference


def reference() -> str:
    parts = [
        "# Reference of rules, baselines and waivers",
        "",
        "`make docs` writes this page from the code; do not edit it. To begin, read [baselines.md](baselines.md) or",
        "[CONTRIBUTING.md](../CONTRIBUTING.md). The first line of each file names its JSON Schema, so that an editor",
        "with a YAML language server completes and checks it.",
        "",
        *_fields("A rule", "`rules/<topic>/<id>.yaml`", Rule),
        *_fields("A baseline", "`baselines/<name>.yaml`", Baseline),
        *_fields("Waivers", "A file of any name", Waivers),
        "## Matchers",
        "",
        "A matcher is a value, a mapping of operators that must all hold, or a mapping of inner properties to",
        "matchers.",
        "With `[]` in the path of the property, every element must match.",
        "",
        "| operator | takes | accepts |",
        "|---|---|---|",
        *(f"| `{name}` | {row.operand.takes} | {_cell(row.doc)} |" for name, row in OPERATORS.items()),
        "",
        "## Predicates",
        "",
        "Named checks, for what needs more than one property. A predicate also reads other resources that it needs.",
        "",
        *(line for found in registry().values() for line in _predicate(found)),
        "## Relations",
        "",
        "What an edge between two resources says.",
        "",
        "| relation | reads as |",
        "|---|---|",
        *(f"| `{name}` | {words} |" for name, words in sorted(RELATIONS.items())),
        "",
        "## Types",
        "",
        "The properties that are read, with CloudFormation's names.",
        "",
        *(f"- `{cfn}`: {', '.join(row.name for row in each.props)}" for cfn, each in load().items()),
    ]
    return "\n".join(parts) + "\n"


def _fields(title: str, place: str, model: type[BaseModel]) -> Iterator[str]:
    yield from (f"## {title}", "", f"{place}. {_first(model)}", "")
    for made in (model, *sorted(_models(model), key=lambda each: each.__name__)):
        if made is not model:
            yield from (f"### {title}: {made.__name__}", "", _first(made), "")
        yield from ("| field | required | meaning |", "|---|---|---|")
        for name, row in made.model_fields.items():
            if name not in FROM_PLACE.get(made, ()):
                default = (
                    "" if row.default in (None, "", ()) or row.default_factory or row.is_required() else row.default
                )
                held = f"no ({default})" if default and not isinstance(default, BaseModel) else "no"
                needed = "yes" if row.is_required() else held
                yield f"| `{row.alias or name}` | {needed} | {_cell(row.description or '')} |"
        yield ""


def _first(model: type[BaseModel]) -> str:
    return " ".join((inspect.getdoc(model) or "").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _predicate(found: Predicate) -> Iterator[str]:
    yield from (f"### {found.name}", "", " ".join(found.doc.split()), "")
    if found.on:
        yield f"- applies to {', '.join(f'`{cfn}`' for cfn in found.on)}"
    yield from (f"- argument `{row.name}`: {row.words.partition(': ')[2]}" for row in found.rows)
    if found.on or found.rows:
        yield ""


if __name__ == "__main__":
    raise SystemExit(main())
