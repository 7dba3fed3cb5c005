"""`make plans` (`python -m tools.plans`): what a real Terraform plans, offline, of the code that tests keep a plan of.

The code is the goldens' of the types (`tests/resources/golden/*/*/tf`), the rules' examples (`tools/rule_forms.py`),
what the command line is asked about (`tests/cli/code`) and cuggu's (`tests/code/cuggu_tf`).
All plans lie in one compressed file, a line for each: its name, a digest of the code that it was made of, and the plan
without what it says of the machine and of the moment. Each code is a module of one configuration, so that Terraform and
its provider start once; one with providers of its own can be no module and is planned by itself. The same code gives
the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tools.terraform import NoTerraform, Terraform, TerraformFailed, find

TESTS = Path(__file__).resolve().parents[1] / "tests"
ARCHIVE = TESTS / "plans.jsonl.gz"
GOLDEN = TESTS / "resources" / "golden"
ASKED = TESTS / "cli" / "code" / "tf"
ROOTS = {"code/cuggu": TESTS / "code" / "cuggu_tf"}  # with providers of their own
PROVIDER = """
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  region                      = "ap-northeast-2"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""
Code = Mapping[str, str]  # the files of a folder, by name


def main(only_stale: bool = False) -> int:
    """All plans, or only those of code that is new or changed; the others stay as they were."""
    changed = {name: code for name, code in codes().items() if not only_stale or name in stale()}
    made = {name: line["plan"] for name, line in kept().items()}
    try:
        made |= planned(find(), changed) if changed else {}
    except (NoTerraform, TerraformFailed) as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    lines = [
        json.dumps({"name": name, "code": digest(code), "plan": made[name]}, sort_keys=True)
        for name, code in sorted(codes().items())
    ]
    ARCHIVE.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
    kept.cache_clear()
    sys.stderr.write(f"wrote {ARCHIVE.relative_to(TESTS.parent)}: {len(lines)} plans\n")
    return 0


@cache
def codes() -> Mapping[str, Code]:
    """Every code that has a plan: `golden/sqs/queue`, `rules/keys-rotate`."""
    from tools.rule_forms import rule_codes

    golden = {f"golden/{each.parent.parent.name}/{each.parent.name}": _files(each) for each in GOLDEN.glob("*/*/tf")}
    rules = {f"rules/{rule}": {"main.tf": text} for rule, text in rule_codes()}
    return {**golden, **rules, "cli/code": _files(ASKED), **{name: _tree(folder) for name, folder in ROOTS.items()}}


def _files(folder: Path) -> Code:
    return {each.name: each.read_text(encoding="utf-8") for each in sorted(folder.glob("*.tf"))}


def _tree(folder: Path) -> Code:
    """All files of a root module and of the modules below it."""
    paths = (each for each in sorted(folder.rglob("*")) if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_text(encoding="utf-8") for each in paths}


def digest(code: Code) -> str:
    return hashlib.sha256(json.dumps(code, sort_keys=True).encode()).hexdigest()[:16]


@cache
def kept() -> Mapping[str, Mapping[str, Any]]:
    """The file's lines by name."""
    if not ARCHIVE.is_file():
        return {}
    lines = gzip.decompress(ARCHIVE.read_bytes()).decode().splitlines()
    return {each["name"]: each for each in map(json.loads, lines)}


@cache
def stale() -> list[str]:
    """What was changed, added or taken away since the plans were made."""
    now, then = {name: digest(code) for name, code in codes().items()}, kept()
    changed = [name for name, code in now.items() if name not in then or then[name]["code"] != code]
    return sorted([*changed, *(then.keys() - now.keys())])


def plan_file(name: str) -> Path:
    """A plan as a file of its own, which is how a user hands it over."""
    return _unpacked() / name / "plan.json"


@cache
def _unpacked() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="auditor-plans-")
    _FOLDERS.append(folder)  # it goes when the process does
    for name, line in kept().items():
        place = Path(folder.name, name, "plan.json")
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(line["plan"]), encoding="utf-8")
    return Path(folder.name)


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


# ---- a real Terraform


def planned(terraform: Terraform, every: Mapping[str, Code]) -> dict[str, dict[str, Any]]:
    """The plan of each code as if it had been planned alone."""
    modules = {name.replace("/", "-"): name for name in every if name not in ROOTS}
    files = {f"{module}/{file}": text for module, name in modules.items() for file, text in every[name].items()}
    calls = {"module": {each: {"source": f"./{each}"} for each in modules}}
    shown = _shown(terraform, {**files, "provider.tf": PROVIDER, "modules.tf.json": json.dumps(calls)})
    roots = {name: _whole(_shown(terraform, code)) for name, code in every.items() if name in ROOTS}
    return {name: _alone(shown, module) for module, name in modules.items()} | roots


def _shown(terraform: Terraform, code: Code) -> dict[str, Any]:
    """What `terraform show` has of the plan of a root module."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        for file, text in code.items():
            (work / file).parent.mkdir(parents=True, exist_ok=True)
            (work / file).write_text(text, encoding="utf-8")
        environ = {**os.environ, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
        terraform.run(work, "init", "-input=false", "-no-color", environ=environ)
        terraform.run(work, "plan", "-input=false", "-no-color", "-refresh=false", "-out=made.plan", environ=environ)
        shown: dict[str, Any] = json.loads(terraform.run(work, "show", "-json", "made.plan", environ=environ))
        return shown


def _whole(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A plan of a root module, without what it says of the moment."""
    kept = ("format_version", "terraform_version", "variables", "planned_values", "resource_changes", "configuration")
    return {name: shown[name] for name in kept if name in shown}


def _alone(shown: Mapping[str, Any], module: str) -> dict[str, Any]:
    """One module's part of a plan, as the plan of a root module."""
    prefix = f"module.{module}"
    calls = shown["configuration"]["root_module"]["module_calls"]
    planned_in = shown["planned_values"]["root_module"].get("child_modules", [])
    changes = [each for each in shown["resource_changes"] if _inside(each.get("module_address", ""), prefix)]
    held = next((each for each in planned_in if each.get("address") == prefix), {})
    return {
        "format_version": shown["format_version"],
        "terraform_version": shown["terraform_version"],
        "planned_values": {"root_module": _shorn(held, prefix)},
        "resource_changes": _shorn(changes, prefix),
        "configuration": {
            "provider_config": shown["configuration"].get("provider_config", {}),
            "root_module": calls[module]["module"],
        },
    }


def _inside(address: str, prefix: str) -> bool:
    return address == prefix or address.startswith(prefix + ".")


def _shorn(value: Any, prefix: str) -> Any:
    """Without the module in front of the addresses."""
    if isinstance(value, list):
        return [_shorn(each, prefix) for each in value]
    if isinstance(value, dict):
        return dict(_members(value, prefix))
    return value


def _members(value: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if key in ("address", "module_address", "previous_address") and isinstance(inner, str):
            if _inside(inner, prefix) and inner != prefix:
                yield key, inner.removeprefix(prefix + ".")
        else:
            yield key, _shorn(inner, prefix)


if __name__ == "__main__":
    raise SystemExit(main("--stale" in sys.argv[1:]))
