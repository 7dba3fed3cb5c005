"""Terraform's expressions, evaluated in processes of their own.

The evaluator is Go code: it hangs in a forked child, and what brings it down (endless counts, its own bugs) must not
bring the audit down. Its process has no credentials, a bound on memory, and its caller bounds its time (`processes`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.sources.code_options import BadCode
from auditor.sources.terraform.processes import Down, Late, Processes
from auditor.sources.terraform.tree import ABOVE

SECONDS = 120
EVALUATORS = Processes(Path(__file__).with_name("evaluator.py"))


class Failed(BadCode):
    """The evaluator came to no answer."""


_PLACE = re.compile(r"[^\s:]+\.(?:tf|tofu)(?:\.json)?:\d+")


def evaluate(root: Path, var_files: Sequence[str], name: str) -> dict[str, list[dict[str, Any]]]:
    """The blocks of a copied directory by type, as tfparse gives them. `name` is what the original is called."""
    found = _asked({"roots": [str(root)], "var_files": list(var_files)}, root, name)
    if "wrong" in found:
        raise BadCode(found["wrong"])
    blocks: dict[str, list[dict[str, Any]]] = found["blocks"]
    return blocks


def check(root: Path, folders: Mapping[str, str], name: str) -> None:
    """BadCode where one of the folders, by their names from the root, cannot be parsed."""
    found = _asked({"roots": list(folders.values()), "var_files": []}, root, name)
    if "wrong" in found:
        folder = list(folders)[found["at"]]
        raise BadCode(_PLACE.sub(lambda place: f"{folder}/{place[0]}", found["wrong"], count=1))


def _asked(question: Mapping[str, Any], root: Path, name: str) -> dict[str, Any]:
    try:
        said = EVALUATORS.ask({**question, "here": str(root)}, SECONDS)
    except Late as error:
        raise BadCode(
            f"{name}: evaluating it takes longer than {SECONDS} s; pass a plan (--plan), or a folder inside it"
        ) from error
    except Down as error:
        raise Failed(f"{name}: evaluating it failed or needs too much memory; pass a plan instead (--plan)") from error
    found: dict[str, Any] = json.loads(said.replace(ABOVE + "/", "../"))
    return found


def fingerprint(target: Path, var_files: Iterable[str]) -> str:
    """All that the evaluator is given. The folders that a change leaves alone are the same on both sides of it."""
    whole = hashlib.sha256()
    files = sorted(each for each in target.rglob("*") if each.is_file())
    for name, path in [(each.relative_to(target).as_posix(), each) for each in files] + [
        (f"--var-file {each}", target / each) for each in var_files
    ]:
        content = path.read_bytes()
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()
