"""`python -m tools.distil_sam`: write what the serverless transform knows as data, from aws-sam-translator.

Policy templates, the permissions of connectors, and the paths of AWS's own policies are facts that AWS publishes with
its translator (Apache-2.0). It is needed here only; 1.115.0 made the committed file. Sorted: the same facts give the
same bytes.
"""

from __future__ import annotations

import json
import sys
from importlib import metadata, resources
from pathlib import Path
from typing import Any

FACTS = Path(__file__).resolve().parents[1] / "auditor" / "sources" / "cloudformation" / "sam" / "facts.json"


def main() -> int:
    try:
        facts = distilled()
    except ModuleNotFoundError:
        sys.stderr.write("aws-sam-translator is needed: pip install aws-sam-translator\n")
        return 2
    FACTS.write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def distilled() -> dict[str, Any]:
    """What is kept of the translator that is installed."""
    root = resources.files("samtranslator")

    def said(name: str) -> Any:
        return json.loads((root / name).read_text(encoding="utf-8"))

    templates = said("policy_templates_data/policy_templates.json")["Templates"]
    permissions = said("model/connector_profiles/profiles.json")["Permissions"]
    managed = said("internal/data/aws_managed_policies.json")["aws"]
    return {
        "origin": f"aws-sam-translator {metadata.version('aws-sam-translator')}, Amazon.com, Inc., Apache-2.0",
        "policies": {name: _template(each) for name, each in templates.items()},
        "connectors": {
            tail: {head: _connector(each) for head, each in heads.items()} for tail, heads in permissions.items()
        },
        "managed": {name: path for name, arn in managed.items() if (path := _path(name, arn))},
    }


def _template(each: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": sorted(each.get("Parameters", {})), "statements": each["Definition"]["Statement"]}


def _connector(each: dict[str, Any]) -> dict[str, Any]:
    properties = each["Properties"]
    return {
        "kind": each["Type"],
        "of_source": bool(properties.get("SourcePolicy")),
        "access": properties["AccessCategories"],
    }


def _path(name: str, arn: str) -> str:
    """Where a policy of AWS lies when not at the top; those of services cannot be attached by anybody else."""
    path = str(arn).partition(":policy/")[2].removesuffix(name)
    return "" if path.startswith("aws-service-role/") else path


if __name__ == "__main__":
    raise SystemExit(main())
