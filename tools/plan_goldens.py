"""`python -m tools.plan_goldens [FOLDER ...]`: make plan.json of every golden's code with a real Terraform, offline.

FOLDER holds `tf/`. What a plan says of the machine and of the moment is left out.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools.terraform import NoTerraform, Terraform, find

GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "resources" / "golden"
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
KEPT = ("format_version", "terraform_version", "planned_values", "resource_changes", "configuration")


def main(chosen: list[str]) -> int:
    try:
        terraform = find()
    except NoTerraform as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    folders = [Path(each).resolve() for each in chosen] or sorted(each.parent for each in GOLDEN.glob("*/*/tf"))
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            plan = made(terraform, folder, Path(scratch))
            (folder / "plan.json").write_text(json.dumps(plan, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            sys.stderr.write(f"{folder.parent.name}/{folder.name}\n")
    return 0


def made(terraform: Terraform, folder: Path, work: Path, kept: Iterable[str] = KEPT) -> dict[str, Any]:
    """The plan of one folder. The working folder is used again, so that the provider is installed once."""
    for old in work.glob("*.tf"):
        old.unlink()
    (work / "provider.tf").write_text(PROVIDER)
    for source in (folder / "tf").glob("*.tf"):
        shutil.copy(source, work / source.name)
    terraform.run(work, "init", "-input=false", "-no-color")
    terraform.run(work, "plan", "-input=false", "-no-color", "-refresh=false", "-out=made.plan")
    shown = json.loads(terraform.run(work, "show", "-json", "made.plan"))
    return {key: shown[key] for key in kept if key in shown}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
