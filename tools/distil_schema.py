"""`make schema`: write auditor/resources/schema.json, and terraform.json where a Terraform is present.

cfn-lint carries the schema of every CloudFormation type and is needed here only. What is kept of a described
type is what the remedies and the contract tests ask: its properties, what may not be set, what refers to what
and which actions CloudFormation itself needs to read it. Sorted: the same schemas give the same bytes.

Terraform's names come from the AWS provider itself; where there is none (tools/terraform.py), the committed
terraform.json stays as it is.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cfnlint.schema import ResourceNotFoundError
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from auditor.model import ResourceType
from auditor.resources import load
from tools.terraform import NoTerraform, TerraformFailed, find

HERE = Path(__file__).resolve().parent.parent / "auditor" / "resources"
REGION = "us-east-1"  # where CloudFormation has every type
PROVIDER = "5.100.0"
DEEPEST = 6  # some schemas (filters inside filters) have no bottom


def main() -> int:
    types = load()
    write("schema.json", {cfn: distilled(described) for cfn, described in types.items() if not described.ours})
    wanted = {name for each in types.values() for name in (*each.terraform, *each.folds) if name.startswith("aws_")}
    provider = provider_schema()
    if provider is None:
        say("terraform.json is left as it is: no Terraform with the AWS provider here")
    else:
        write(
            "terraform.json",
            {name: sorted(attributes(provider[name])) for name in wanted if name in provider},
        )
    return 0


def distilled(described: ResourceType) -> dict[str, Any]:
    """What is kept of one CloudFormation type; a name that CloudFormation does not know keeps nothing."""
    try:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, described.cfn).schema
    except ResourceNotFoundError:
        say(f"{described.cfn}: CloudFormation has no such type")
        return {}
    handlers = schema.get("handlers") or {}
    return {
        "properties": sorted(schema["properties"]),
        "required": sorted(schema.get("required", [])),
        "readOnly": places(schema, "readOnlyProperties"),
        "createOnly": places(schema, "createOnlyProperties"),
        "sometimesCreateOnly": places(schema, "conditionalCreateOnlyProperties"),
        "writeOnly": places(schema, "writeOnlyProperties"),
        "identifier": [place(each) for each in schema.get("primaryIdentifier", [])],
        "references": references(schema),
        "permissions": {name: sorted(each.get("permissions", [])) for name, each in handlers.items()},
        "shape": {name: shape(inner, schema, 0) for name, inner in sorted(schema["properties"].items())},
    }


def shape(node: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    """What a property is made of: members by name, a list's element in a list, else the kind of value ("" = any)."""
    if "$ref" in node:
        node = schema.get("definitions", {}).get(node["$ref"].rsplit("/", 1)[-1], {})
    if depth > DEEPEST:
        return ""
    members = dict(node.get("properties") or {})
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in node.get(word) or []:
            members.update(inner.get("properties") or {})
    if members:
        return {name: shape(inner, schema, depth + 1) for name, inner in sorted(members.items())}
    if isinstance(node.get("items"), dict):
        return [shape(node["items"], schema, depth + 1)]
    kind = node.get("type", "")
    kinds = [kind] if isinstance(kind, str) else kind
    return {"boolean": "b", "integer": "i", "number": "n", "string": "s", "array": [""]}.get(
        next((each for each in ("object", *kinds) if each in kinds), ""), ""
    )


def places(schema: dict[str, Any], key: str) -> list[str]:
    return sorted(place(each) for each in schema.get(key) or [])


def place(pointer: str) -> str:
    """`/properties/Endpoint/Address` -> `Endpoint.Address`; `*` stands for every element."""
    return pointer.removeprefix("/properties/").replace("/properties", "").replace("/*", "[]").replace("/", ".")


def references(schema: dict[str, Any]) -> dict[str, list[str]]:
    """The properties that cfn-lint knows to name another resource: path -> what they name (`AWS::EC2::VPC.Id`)."""
    found: dict[str, set[str]] = {}
    for name, inner in schema["properties"].items():
        for path, kind in formats(inner, schema, name, 0):
            found.setdefault(path, set()).add(kind)
    own = {place(each) for each in schema.get("primaryIdentifier", [])} | set(places(schema, "readOnlyProperties"))
    return {path: sorted(kinds) for path, kinds in found.items() if path not in own}


def formats(node: dict[str, Any], schema: dict[str, Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        return
    if "$ref" in node:
        node = schema.get("definitions", {}).get(node["$ref"].rsplit("/", 1)[-1], {})
    kind = node.get("format", "")
    if kind.startswith("AWS::") and not kind.endswith("Ids"):
        yield path, kind
    for name, inner in (node.get("properties") or {}).items():
        yield from formats(inner, schema, f"{path}.{name}", depth + 1)
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in node.get(word) or []:
            yield from formats(inner, schema, path, depth + 1)
    if isinstance(node.get("items"), dict):
        yield from formats(node["items"], schema, f"{path}[]", depth + 1)


def provider_schema() -> dict[str, Any] | None:
    """The resource schemas of Terraform's AWS provider, or nothing where it cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        config = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": PROVIDER}}}}
        (work / "main.tf.json").write_text(json.dumps(config))
        try:
            terraform = find()
            terraform.run(work, "init", "-input=false")
            shown = terraform.run(work, "providers", "schema", "-json")
        except (NoTerraform, TerraformFailed) as missing:
            say(str(missing))
            return None
    (provider,) = json.loads(shown)["provider_schemas"].values()
    schemas: dict[str, Any] = {name: each["block"] for name, each in provider["resource_schemas"].items()}
    return schemas


def attributes(block: dict[str, Any], above: str = "", depth: int = 0) -> Iterator[str]:
    """Every attribute of a block and of the blocks inside it, as dotted paths."""
    for name, inner in (block.get("attributes") or {}).items():
        yield above + name
        yield from attributes(inner.get("nested_type") or {}, f"{above}{name}.", depth + 1)
    for name, inner in (block.get("block_types") or {}).items():
        if name != "timeouts" and depth < DEEPEST:
            yield above + name
            yield from attributes(inner["block"], f"{above}{name}.", depth + 1)


def write(name: str, value: dict[str, Any]) -> None:
    (HERE / name).write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    say(f"wrote {name}: {len(value)} types")


def say(words: str) -> None:
    sys.stderr.write(words + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
