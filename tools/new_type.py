"""`make new-type T=AWS::SQS::Queue`: the skeleton of a type file and of its goldens, from CloudFormation's schema and
botocore.

What can be derived is written, what has to be thought about is marked with `?`: the contracts refuse the file until
every mark is gone.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from cfnlint.schema import ResourceNotFoundError
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from auditor.resources import load, stem

ROOT = Path(__file__).resolve().parents[1]


def main(cfn: str) -> int:
    try:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", cfn).schema
    except ResourceNotFoundError:
        return say(f"CloudFormation has no type {cfn}", 2)
    target = ROOT / "auditor" / "resources" / f"{stem(cfn)}.py"
    if cfn in load() or target.exists():
        return say(f"{cfn} is already described in {target.relative_to(ROOT)}", 2)
    target.parent.mkdir(exist_ok=True)
    package = target.parent / "__init__.py"
    if not package.exists():
        package.write_text(f'"""{cfn.split("::")[1]}."""\n', encoding="utf-8")
    target.write_text(type_file(cfn, schema), encoding="utf-8")
    golden(cfn, schema)
    what = f"wrote {target.relative_to(ROOT)} and its goldens"
    return say(f"{what}; replace every `?`, then: make schema && make test", 0)


def type_file(cfn: str, schema: dict[str, Any]) -> str:
    service, operation, out, members = listing(schema)
    identifier = schema["primaryIdentifier"][0].rpartition("/")[2]
    rows = "\n".join(row(name, members) for name in writable(schema))
    return f'''"""? What it is, and the decision behind how it is modelled."""

from auditor.model import Call, Prop, ResourceType

TYPE = ResourceType(
    cfn="{cfn}",
    service="{service}",
    list=Call("{operation}", out="{out}"),
    id="{nearest(identifier, members) or "?"}",
    arn="{next((each for each in members if each.lower().endswith("arn")), "?")}",
    terraform=("?",),
    props=(
{rows}
    ),
)
'''


def row(name: str, members: list[str]) -> str:
    live = nearest(name, members)
    if live == name:
        return f'        Prop("{name}"),'
    return f'        Prop("{name}", live="{live or "?"}"),'


def listing(schema: dict[str, Any]) -> tuple[str, str, str, list[str]]:
    """The call that lists the type, by the permission that CloudFormation takes for it: service, method, path,
    members."""
    session = botocore.session.get_session()
    for action in (schema.get("handlers", {}).get("list") or {}).get("permissions", []):
        service, _, name = action.partition(":")
        if service not in session.get_available_services():
            continue
        model = session.get_service_model(service)
        if name not in model.operation_names:
            continue
        shape = model.operation_model(name).output_shape
        lists = [(key, each) for key, each in shape.members.items() if each.type_name == "list"] if shape else []
        if lists:
            key, found = lists[0]
            return service, xform_name(name), key, sorted(getattr(found.member, "members", ()))
    return "?", "?", "?", []


def nearest(name: str, members: list[str]) -> str:
    """A member of the answer with the same letters."""
    letters = name.lower()
    return next((each for each in members if each.lower() == letters), "")


def writable(schema: dict[str, Any]) -> list[str]:
    silent = {each.removeprefix("/properties/") for each in schema.get("readOnlyProperties", [])}
    return [name for name in sorted(schema["properties"]) if name not in silent and name != "Tags"]


def golden(cfn: str, schema: dict[str, Any]) -> None:
    """Empty goldens of the right form; existing ones are left alone."""
    folder = ROOT / "tests" / "resources" / "golden" / stem(cfn)
    service, operation, out, _ = listing(schema)
    call = {"service": service, "region": "ap-northeast-2", "operation": operation, "params": {}, "reply": {out: [{}]}}
    required = dict.fromkeys(schema.get("required", []), "?")
    template = {"Resources": {"Subject": {"Type": cfn, "Properties": required}}}
    files = {
        "live.json": [call],
        "template.yaml": template,
        "expected.json": {"properties": required, "unknown": {"plan": {}, "hcl": {}, "cloudformation": {}}},
    }
    (folder / "tf").mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        if not (folder / name).exists():
            (folder / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    code = folder / "tf" / "main.tf"
    if not code.exists():
        noun = re.sub(r"\W+", "_", stem(cfn)).strip("_")
        code.write_text(f'resource "aws_{noun}" "subject" {{\n}}\n', encoding="utf-8")


def say(words: str, code: int) -> int:
    sys.stderr.write(words + "\n")
    return code


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    raise SystemExit(main(wanted) if wanted else say("make new-type T=AWS::SQS::Queue", 2))
