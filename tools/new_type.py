"""`make new-type T=AWS::SQS::Queue`: a resource type that works, from CloudFormation's schema and botocore's model.

What is derived: the call that lists the type and the one that tells its details (by the permissions that CloudFormation
takes for them), the place of each property in their answers (`Description` may be `TableDescription`, `Id` `TableId`),
tags, Terraform's names, edges by what CloudFormation says a property refers to, and a golden that all sources agree on.
What cannot be derived is left out of the rows, and named at the end of the file.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cfnlint.schema import ResourceNotFoundError
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from auditor.resources import load, stem
from auditor.resources.terraform import snake
from tools.distil_schema import attributes, provider_schema, references, shape
from tools.type_calls import Answer, arn_template, detailed, listing, tags

ROOT = Path(__file__).resolve().parents[1]
# The relation by which a resource hangs on one of these.
RELATIONS = {
    "AWS::KMS::Key": "encrypted-with",
    "AWS::IAM::Role": "acts-as",
    "AWS::EC2::SecurityGroup": "guarded-by",
    "AWS::EC2::Subnet": "placed-in",
    "AWS::EC2::VPC": "placed-in",
    "AWS::Logs::LogGroup": "logs-to",
    "AWS::SNS::Topic": "notifies",
}


@dataclass(slots=True)
class Derived:
    """A type as far as it can be derived."""

    cfn: str
    listed: Answer
    detail: Answer | None
    id: str
    rows: list[tuple[str, str, bool, str]]  # name, live, whether the detail has it, tf
    left: list[tuple[str, str]]  # name, why
    arn: str
    name: str
    tags: Answer | str
    terraform: str
    edges: list[tuple[str, str, str]]


def main(cfn: str) -> int:
    try:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", cfn).schema
    except ResourceNotFoundError:
        return say(f"CloudFormation has no type {cfn}; write it like AWS::SQS::Queue", 2)
    target = ROOT / "auditor" / "resources" / f"{stem(cfn)}.py"
    if cfn in load() or target.exists():
        return say(f"{cfn} already exists in {target.relative_to(ROOT)}", 2)
    found = derive(cfn, schema, provider_attributes())
    if isinstance(found, str):
        return say(found, 2)
    target.parent.mkdir(exist_ok=True)
    package = target.parent / "__init__.py"
    if not package.exists():
        package.write_text(f'"""{cfn.split("::")[1]}."""\n', encoding="utf-8")
    target.write_text(type_file(found), encoding="utf-8")
    for module in ("tools.distil_schema", "tools.new_golden"):  # each reads the types anew
        code = subprocess.run(
            [sys.executable, "-m", module, *([cfn] if "golden" in module else [])], cwd=ROOT
        ).returncode
        if code:
            return code
    return say(f"wrote {target.relative_to(ROOT)}; the end of the file lists what is left to do", 0)


def derive(cfn: str, schema: dict[str, Any], provider: Mapping[str, frozenset[str]]) -> Derived | str:
    """The type, or why it cannot be derived."""
    noun = cfn.rpartition("::")[2]
    listed = listing(cfn, schema)
    if listed is None:
        return f"no operation of AWS lists {cfn} without further parameters; write the type by hand, with `over`"
    identifier = schema["primaryIdentifier"][-1].rpartition("/")[2]
    if not listed.members:  # a list of names or ARNs
        key = "Arn" if listed.out.lower().endswith("arns") else identifier
        listed.out, listed.members = f"{listed.out}[].{{{key}: @}}", {key: None}
    own = alias(identifier, noun, listed.members) or next(iter(listed.members))
    detail = detailed(cfn, schema, listed)
    kind = terraform_type(cfn, schema, provider)
    rows, left = _rows(noun, schema, (listed, detail), (kind, provider))
    arn = next((each for each in (f"{noun}Arn", "Arn", "ARN") if alias(each, noun, listed.members)), "")
    described = load()
    edges = [
        (RELATIONS.get(target, "mentions"), path, target)
        for path, kinds in sorted(references(schema).items())
        for target in sorted({kind.rpartition(".")[0] for kind in kinds} & described.keys())
        if path.split(".")[0].split("[")[0] in {row[0] for row in rows}
    ]
    return Derived(
        cfn, listed, detail, own, rows, left,
        alias(arn, noun, listed.members) if arn else arn_template(cfn, schema, listed),
        own if own.lower().endswith(("name", "id")) else "", tags(schema, listed, detail), kind, edges,
    )  # fmt: skip


def _rows(
    noun: str,
    schema: dict[str, Any],
    answers: tuple[Answer, Answer | None],
    code: tuple[str, Mapping[str, frozenset[str]]],
) -> tuple[list[tuple[str, str, bool, str]], list[tuple[str, str]]]:
    """The properties that are rows, and those that are left with the reason."""
    rows: list[tuple[str, str, bool, str]] = []
    left: list[tuple[str, str]] = []
    listed, detail = answers
    taken: set[str] = set()
    for name in properties(schema):
        inside = alias(name, noun, listed.members)
        members = listed.members if inside or not detail else detail.members
        place = inside or alias(name, noun, members)
        tf = terraform_attribute(name, *code)
        said_by_aws = f"/properties/{name}" in schema.get("readOnlyProperties", [])
        if not place:
            left.append((name, "not in the answers of these calls under that name; set `live`, or another `call`"))
        elif place in taken:
            left.append((name, "the same as another row"))
        elif not same_shape(shape(schema["properties"][name], schema, 0), members.get(place)):
            left.append((name, f"{place} of the answer has another shape; add `read`"))
        elif tf == "-" and not said_by_aws:
            left.append((name, "Terraform has no attribute of that name; set `tf`, with `tf_read` or a fold"))
        else:
            taken.add(place)
            rows.append((name, place, not inside, "" if said_by_aws and tf == "-" else tf))
    return rows, left


def properties(schema: dict[str, Any]) -> list[str]:
    write_only = {each.removeprefix("/properties/") for each in schema.get("writeOnlyProperties", [])}
    read_only = {each.removeprefix("/properties/") for each in schema.get("readOnlyProperties", [])}
    named = [name for name in schema["properties"] if name not in write_only and name not in ("Tags", "TagList")]
    return sorted(named, key=lambda name: name in read_only)  # what one can say comes first, and takes its place


def alias(name: str, noun: str, members: Iterable[str]) -> str:
    """A member of an answer that says the property: the same letters, with the noun in front, or without it."""
    known = {each.lower(): each for each in members}
    letters, before = name.lower(), noun.lower()
    for way in (letters, before + letters, letters.removeprefix(before)):
        if way in known:
            return known[way]
    return ""


def same_shape(wanted: Any, given: Any) -> bool:
    """Whether a value of AWS's answer has CloudFormation's shape as it stands."""
    if given is None:
        return not isinstance(wanted, Mapping)
    if isinstance(wanted, Mapping):
        return given.type_name == "structure" and all(
            name in wanted and same_shape(wanted[name], inner) for name, inner in given.members.items()
        )
    if isinstance(wanted, (list, tuple)):
        return given.type_name == "list" and same_shape(wanted[0] if wanted else "", given.member)
    kinds = {"b": ("boolean",), "i": ("integer", "long"), "n": ("integer", "long", "float", "double"), "s": ("string",)}
    return given.type_name in kinds.get(wanted, (given.type_name,))


# ---- Terraform


def provider_attributes() -> Mapping[str, frozenset[str]]:
    """Every type of Terraform's AWS provider with its attributes; none where there is no Terraform."""
    return {name: frozenset(attributes(block)) for name, block in (provider_schema() or {}).items()}


def terraform_type(cfn: str, schema: dict[str, Any], provider: Mapping[str, frozenset[str]]) -> str:
    """The type whose name ends in the noun and that has most of the properties; without a provider, the usual name."""
    _, service, noun = cfn.split("::")
    usual = f"aws_{service.lower()}_{snake(noun)}"
    wanted = {snake(name) for name in schema["properties"]}
    letters = noun.lower()
    near = [name for name in provider if name.replace("_", "").endswith(letters)]
    own = [name for name in near if name.split("_")[1] in (service.lower(), *_WORDS.get(service, ()))]
    near = own or near
    return max(near, key=lambda name: (name == usual, len(wanted & provider[name])), default=usual)


# Terraform's word for a service where it has another than CloudFormation.
_WORDS = {"StepFunctions": ("sfn",), "EC2": ("vpc", "ebs"), "Logs": ("cloudwatch",), "CertificateManager": ("acm",)}


def terraform_attribute(name: str, kind: str, provider: Mapping[str, frozenset[str]]) -> str:
    """What `tf` says: nothing where the usual spelling is right, `-` where Terraform has no such attribute."""
    known, noun = provider.get(kind), snake(name)
    if known is None or noun in known:
        return ""
    short = [each for each in ("name", "arn", "description", "type") if noun.endswith("_" + each) and each in known]
    return short[0] if short else "-"


# ---- the file


def type_file(found: Derived) -> str:
    call = _call(found.listed, found.listed.service)
    title = found.cfn.replace("::", " ").removeprefix("AWS ")
    lines = [
        f'"""{title}: as CloudFormation\'s schema and AWS\'s answers tell it."""',
        "",
    ]
    used = ["Call", *(["EdgeTo"] if found.edges else []), "Prop", "ResourceType"]
    lines += [f"from auditor.model import {', '.join(used)}", ""]
    if any(each[2] for each in found.rows) and found.detail:
        lines += [f"_DETAIL = {_call(found.detail, found.listed.service)}", ""]
    lines += [
        "TYPE = ResourceType(",
        f'    cfn="{found.cfn}",',
        f'    service="{found.listed.service}",',
        f"    list={call},",
    ]
    lines += [f'    id="{found.id}",', f'    arn="{found.arn}",']
    lines += [f'    name="{found.name}",'] if found.name else []
    lines += [f'    terraform=("{found.terraform}",),']
    if isinstance(found.tags, Answer):
        lines += ['    tags="",', f"    tags_call={_call(found.tags, found.listed.service)},"]
    elif found.tags != "Tags":
        lines += [f'    tags="{found.tags}",']
    lines += ["    props=(", *(f"        {_prop(found, *each)}," for each in found.rows), "    ),"]
    if found.edges:
        lines += [
            "    edges=(",
            *(f'        EdgeTo("{how}", "{via}", ("{to}",)),' for how, via, to in found.edges),
            "    ),",
        ]
    lines += [")"]
    if found.left:
        lines += [
            "",
            "# Left to do (and for each row, from AWS's documentation: `absent` or `default`):",
        ]
        lines += [f"# {name}: {why}" for name, why in found.left]
    return "\n".join(lines) + "\n"


def _call(answer: Answer, service: str) -> str:
    params = f", {answer.params!r}".replace("'", '"') if answer.params else ""
    out = f', out="{answer.out}"' if answer.out != "@" else ""
    other = f', service="{answer.service}"' if answer.service != service else ""
    return f'Call("{answer.operation}"{params}{out}{other})'


def _prop(found: Derived, name: str, live: str, detail: bool, tf: str) -> str:
    words = [f'"{name}"']
    if live != name or (detail and found.detail and found.detail.out != "@"):
        words.append(f'live="{live}"')
    if detail:
        words.append("call=_DETAIL")
    if tf:
        words.append(f'tf="{tf}"')
    if detail or live not in (found.id, found.arn, found.name):
        words.append('absent="unknown"')
    return f"Prop({', '.join(words)})"


def say(words: str, code: int) -> int:
    sys.stderr.write(words + "\n")
    return code


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    raise SystemExit(main(wanted) if wanted else say("make new-type T=AWS::SQS::Queue", 2))
