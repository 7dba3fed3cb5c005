"""`python -m tools.cdk_golden NODE_MODULES`: write tests/code/cdk_shop/cdk.out with the real CDK, offline.

NODE_MODULES is where `npm install aws-cdk-lib@2 constructs@10` put its packages (2.276.0 made the committed one). CDK's
own command is not needed: an app writes its assembly when it is run. Paths of the machine are taken out, and what no
reader of templates looks at (feature flags, the tree for CDK's own views, CDK's own findings).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

APP = Path(__file__).resolve().parents[1] / "tests" / "code" / "cdk_shop"
# What CDK's command would ask for; without it templates do not name their constructs.
CONTEXT = {
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:enable-asset-metadata": True,
    "aws:cdk:enable-stack-trace": True,
}
UNREAD = ("validation-report.json", "tree.json")


def main(words: list[str]) -> int:
    node = shutil.which("node")
    if not node or not words or not (Path(words[0]) / "aws-cdk-lib").is_dir():
        sys.stderr.write("node on the PATH and a node_modules folder with aws-cdk-lib are needed\n")
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch).resolve() / "app"
        shutil.copytree(APP, work, ignore=shutil.ignore_patterns("cdk.out"))
        (work / "node_modules").symlink_to(Path(words[0]).resolve())
        environ = {**os.environ, "CDK_OUTDIR": "cdk.out", "CDK_CONTEXT_JSON": json.dumps(CONTEXT)}
        subprocess.run([node, "bin/shop.js"], cwd=work, env=environ, check=True, capture_output=True)
        _tidy(work / "cdk.out", f"{work}/", f"{Path(words[0]).resolve()}/")
        shutil.rmtree(APP / "cdk.out", ignore_errors=True)
        shutil.copytree(work / "cdk.out", APP / "cdk.out")
    return 0


def _tidy(out: Path, app: str, modules: str) -> None:
    for name in UNREAD:
        (out / name).unlink(missing_ok=True)
    for path in sorted(out.rglob("*.json")):
        text = path.read_text(encoding="utf-8").replace(app, "").replace(modules, "node_modules/")
        value = json.loads(text)
        if path.name == "manifest.json":
            unread = ("cdk:tree", "cdk:feature-flag-report")
            value["artifacts"] = {name: each for name, each in value["artifacts"].items() if each["type"] not in unread}
        path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
