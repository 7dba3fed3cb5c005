"""`python -m tools.plan_goldens [FOLDER ...]`: make plan.json of every golden's code with a real Terraform, offline.

`AUDITOR_TF_MIRROR` names a folder with the AWS provider. What a plan says of the machine and of the moment is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

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
    mirror = os.environ.get("AUDITOR_TF_MIRROR", "")
    terraform = shutil.which("terraform")
    if not terraform or not mirror:
        sys.stderr.write("a terraform on the PATH and AUDITOR_TF_MIRROR are needed\n")
        return 2
    folders = [Path(each).resolve() for each in chosen] or sorted(each.parent for each in GOLDEN.glob("*/*/tf"))
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        (work / "rc").write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
        environ = {**os.environ, "TF_CLI_CONFIG_FILE": str(work / "rc"), "CHECKPOINT_DISABLE": "1"}
        for folder in folders:
            plan = made(terraform, folder, work / "run", environ)
            (folder / "plan.json").write_text(json.dumps(plan, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            sys.stderr.write(f"{folder.parent.name}/{folder.name}\n")
    return 0


def made(terraform: str, folder: Path, work: Path, environ: dict[str, str]) -> dict[str, Any]:
    """The plan of one folder. The working folder is used again, so that the provider is installed once."""
    work.mkdir(exist_ok=True)
    for old in work.glob("*.tf"):
        old.unlink()
    (work / "provider.tf").write_text(PROVIDER)
    for source in (folder / "tf").glob("*.tf"):
        shutil.copy(source, work / source.name)

    def run(*words: str) -> str:
        done = subprocess.run([terraform, *words], cwd=work, env=environ, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{folder}: terraform {words[0]}: {done.stderr or done.stdout}")
        return done.stdout

    run("init", "-input=false", "-no-color")
    run("plan", "-input=false", "-no-color", "-refresh=false", "-out=made.plan")
    shown = json.loads(run("show", "-json", "made.plan"))
    return {key: shown[key] for key in KEPT if key in shown}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
