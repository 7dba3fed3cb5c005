"""`python -m tools.rule_forms [RULE ...]`: make the other forms of the rules' examples out of their Terraform.

`tests/rules/<id>/` holds

- `tf/main.tf`          the rule's examples in Terraform; a label begins with its example (`fail_2`, `fail_2_key`)
- `plan.json`           what a real Terraform plans of that file, offline
- `live/fail-2.jsonl`   the account in which a real Terraform has made that example: a saved inventory of what the rule
                        asks, a call on each line. The account is the embedded one; its number and clock are replaced.
- `notes.yaml`          `cannot`: for `terraform` and `live`, the examples that it cannot say, each with the reason;
                        `by_hand`: live forms that Terraform did not make, each with the reason. They are kept.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tempfile
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from auditor.sandbox import Sandbox, sandbox
from tools.plan_goldens import made
from tools.terraform import NoTerraform, Terraform, TerraformFailed, find, towards

RULES = Path(__file__).resolve().parents[1] / "tests" / "rules"
ACCOUNT, REGION = "111122223333", "ap-northeast-2"
MOMENT, TICKS = "2026-02-24T03:00:00+00:00", "1771902000000"
KEPT = ("format_version", "terraform_version", "resource_changes", "configuration")
PROVIDER = f"""
provider "aws" {{
  region            = "{REGION}"
  s3_use_path_style = true
}}
"""
CODE = ("example-code", "code.zip")  # what functions of the examples are made of
_EXAMPLE = re.compile(r"(?:^|\.)((?:pass|fail)_\d+)(?:_\w+)?$")
_BLOCK = re.compile(r'^resource "\w+" "(\w+)" \{\n(?:.*\n)*?\}\n', re.MULTILINE)
_CLOCK = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?")
_TICKS = re.compile(r"(?<=: )1[7-9]\d{11}(?=[,}])")


def main(chosen: list[str]) -> int:
    try:
        terraform = find()
    except NoTerraform as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    folders = [RULES / each for each in chosen] or sorted(each.parent for each in RULES.glob("*/tf"))
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            plan = made(terraform, folder, Path(scratch), KEPT)
            (folder / "plan.json").write_text(_laid(plan) + "\n", encoding="utf-8")
            sys.stderr.write(f"{folder.name}: plan\n")
    tasks = [(terraform, folder, example) for folder in folders for example in _to_apply(folder)]
    with ProcessPoolExecutor(max_workers=4) as pool:  # most of the time is Terraform waiting for a database
        failed = [problem for problem in pool.map(_recorded, *zip(*tasks, strict=True)) if problem] if tasks else []
    return 1 if failed else 0


def _laid(value: Any, depth: int = 3) -> str:
    """JSON with a line for each resource."""
    if isinstance(value, dict) and depth:
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {_laid(value[key], depth - 1)}" for key in sorted(value)) + "\n}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(json.dumps(each, sort_keys=True) for each in value) + "\n]"
    return json.dumps(value, sort_keys=True)


def example_of(address: str) -> str:
    """The example that a resource of the Terraform form belongs to: `pass-1`."""
    found = _EXAMPLE.search(address)
    return found[1].replace("_", "-") if found else ""


def notes(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    file = folder / "notes.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _to_apply(folder: Path) -> list[str]:
    said = notes(folder)
    kept = {*said.get("by_hand", {}), *said.get("cannot", {}).get("live", {})}
    return [each for each in _blocks(folder) if each not in kept]


def _blocks(folder: Path) -> dict[str, str]:
    """The text of each example."""
    out: dict[str, str] = {}
    for found in _BLOCK.finditer((folder / "tf" / "main.tf").read_text(encoding="utf-8")):
        example = example_of(found[1])
        out[example] = out.get(example, "") + found[0]
    return out


def _recorded(terraform: Terraform, folder: Path, example: str) -> str:
    """Apply one example to an account of its own, and save what the rule asks of it; gives what went wrong."""
    problem = ""
    try:
        _record_applied(terraform, folder, example)
    except TerraformFailed as failed:
        problem = f": {failed}"
    sys.stderr.write(f"{folder.name}: {example}{problem}\n")
    return problem


def _record_applied(terraform: Terraform, folder: Path, example: str) -> None:
    with sandbox() as box, tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        text = _blocks(folder)[example].replace(ACCOUNT, box.account)
        if CODE[0] in text:
            _furnish(box)
        (work / "main.tf").write_text(PROVIDER + text, encoding="utf-8")
        terraform.run(work, "init", "-input=false", "-no-color", environ=towards(box))
        terraform.run(
            work, "apply", "-input=false", "-no-color", "-auto-approve", "-refresh=false", environ=towards(box)
        )
        target = folder / "live" / f"{example}.jsonl"
        target.parent.mkdir(exist_ok=True)
        record(box, folder.name, target)


def record(box: Sandbox, rule: str, target: Path) -> None:
    """Save what a rule asks of an account, with the number of the examples' account and a clock that stands."""
    from auditor import pipeline
    from auditor.resources import load
    from auditor.sources import live, snapshot

    os.environ.clear()
    os.environ.update(box.environ())
    wish = pipeline.Wish(rules=(rule,), regions=(REGION,))
    chosen = pipeline.definitions(wish)
    source = pipeline.open_source(wish, chosen)
    kept = snapshot.Recording(source.caller, {})
    live.read(kept, source.place, pipeline.demand(wish, chosen, load()), load())
    snapshot.save(target, source.place, kept.kept)
    text = target.read_text(encoding="utf-8").replace(box.account, ACCOUNT)
    target.write_text(_TICKS.sub(TICKS, _CLOCK.sub(MOMENT, text)), encoding="utf-8")


def _furnish(box: Sandbox) -> None:
    """What examples take as given: the package that functions are made of."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("index.mjs", "export const handler = async () => ({});\n")
    s3 = box.session_client("s3", REGION)
    s3.create_bucket(Bucket=CODE[0], CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=CODE[0], Key=CODE[1], Body=packed.getvalue())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
