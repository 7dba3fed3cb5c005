"""`python -m tools.new_golden AWS::SQS::Queue`: the golden of a described type, out of its rows.

Values are samples by the kinds in CloudFormation's schema: take real answers of AWS where you have them. Existing files
are left alone. What a source cannot know is written down as it is, with its reason, for whoever adds the type to read.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from auditor.aws.fill import fill
from auditor.checks.schema import Example
from auditor.model import ABSENT, Call, Prop, ResourceType
from auditor.resources import load, stem
from auditor.resources.schema import schema
from auditor.sources.code_options import BadCode
from tools.distil_schema import provider_schema
from tools.example_code import CannotWrite, code_of

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "resources" / "golden"
ACCOUNT, REGION = "111122223333", "ap-northeast-2"


def main(cfn: str) -> int:
    described = load()[cfn]
    raw = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", cfn).schema
    folder = GOLDEN / stem(cfn)
    files = golden(described, raw)
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            place.write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "tools.plans", "--stale"], cwd=ROOT)
    return subprocess.run([sys.executable, "-m", "tools.new_golden", cfn, "--unknown"], cwd=ROOT).returncode


def golden(described: ResourceType, raw: dict[str, Any]) -> dict[str, str]:
    """The files by name; `expected.json` without what a source cannot know."""
    values = samples(described, raw)
    fixed = schema(described.cfn).fixed
    said = {name: value for name, value in values.items() if not fixed(name)}
    template = {"Resources": {"Subject": {"Type": described.cfn, "Properties": said}}}
    files = {
        "live.json": live(described, values),
        "template.yaml": template,
        "expected.json": {"properties": values, "unknown": {"plan": {}, "hcl": {}, "cloudformation": {}}},
    }
    out = {name: json.dumps(value, indent=2) + "\n" for name, value in files.items()}
    return {**out, "tf/main.tf": terraform(described, said)}


def samples(described: ResourceType, raw: dict[str, Any]) -> dict[str, Any]:
    """A value for each row of a plain kind."""
    arn = _arn(described)
    out: dict[str, Any] = {}
    for row in described.props:
        node = raw["properties"].get(row.name, {})
        value = arn if row.name.endswith("Arn") else sample(node)
        if value is not None:
            out[row.name] = value
    return out


def sample(node: Mapping[str, Any]) -> Any:
    if node.get("enum"):
        return node["enum"][0]
    kind = node.get("type")
    if kind == "array":
        inner = sample(node.get("items") or {})
        return None if inner is None else [inner]
    return {"boolean": True, "integer": node.get("minimum", 1), "number": 1, "string": "example"}.get(str(kind))


def live(described: ResourceType, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """AWS's answers to the calls of the type, in which its rows find the values."""
    item: dict[str, Any] = {}
    details: dict[str, tuple[Call, dict[str, Any]]] = {}
    for row in described.props:
        if row.name in values:
            call = row.call
            place = item if call is None else details.setdefault(repr(call), (call, {}))[1]
            place[_member(row)] = values[row.name]
    key = next((row.name for row in described.props if _member(row) == described.id and not row.call), "")
    known = {"id": values.get(key, "example"), "arn": _arn(described), "name": "example"}
    item.setdefault(described.id, known["id"])
    out = [
        _reply(described, described.list, [item] if "[]." not in described.list.out else [item[described.id]], known)
    ]
    out += [_reply(described, call, found, known) for call, found in details.values()]
    if described.tags_call:
        out.append(_reply(described, described.tags_call, [], known))
    return out


def _member(row: Prop) -> str:
    return row.live or row.name


def _arn(described: ResourceType) -> str:
    known = {"id": "example", "name": "example", "account": ACCOUNT, "region": REGION, "partition": "aws"}
    if "{" in described.arn:
        return str(fill(described.arn, lambda name: known.get(name, ABSENT)))
    return f"arn:aws:{described.service}:{REGION}:{ACCOUNT}:example/example"


def _reply(described: ResourceType, call: Call, found: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    out = call.out.partition("[")[0]
    held = [found] if call.out.endswith("[0]") else found
    reply = found if out == "@" else {out: held}
    params = {key: fill(value, lambda name: known.get(name, ABSENT)) for key, value in call.params.items()}
    service = call.service or described.service
    return {"service": service, "region": REGION, "operation": call.operation, "params": params, "reply": reply}


def terraform(described: ResourceType, said: Mapping[str, Any]) -> str:
    """The code, with a sample for what Terraform asks beside it."""
    example = Example.model_validate({"Type": described.cfn, "Properties": dict(said)})
    try:
        text = code_of("subject", {"Subject": example}, "tf/main.tf")
    except CannotWrite as cannot:
        return f'# {cannot}\nresource "{described.terraform[0]}" "subject" {{\n}}\n'
    block = (provider_schema() or {}).get(described.terraform[0], {})
    samples = {"string": '"example"', "bool": "true", "number": "1"}
    many = '["example"]'
    asked = [
        f"  {name} = {samples.get(str(each['type']), many)}\n"
        for name, each in (block.get("attributes") or {}).items()
        if each.get("required") and f"\n  {name} = " not in text
    ]
    return text.removesuffix("}\n") + "".join(asked) + "}\n"


def unknown(cfn: str) -> int:
    """Write down what a source says it cannot know; tell where it says something else."""
    from tests.resources.three_ways import differences, expected, folder

    golden = expected(cfn)
    left: list[str] = []
    for source in ("live", "plan", "hcl", "cloudformation"):
        try:
            told = differences(cfn, source)
        except (AssertionError, KeyError, BadCode) as error:
            left.append(f"{source}: {error}")
            continue
        for each in told:
            name, _, why = each.partition(": unknown without being listed: ")
            if why:
                golden["unknown"].setdefault(source, {})[name] = why
            else:
                left.append(f"{source}: {each}")
    (folder(cfn) / "expected.json").write_text(json.dumps(golden, indent=2) + "\n", encoding="utf-8")
    sys.stderr.write("".join(f"to look at: {each}\n" for each in left))
    return 0


if __name__ == "__main__":
    raise SystemExit(unknown(sys.argv[1]) if "--unknown" in sys.argv else main(sys.argv[1]))
