"""Values of variables that come from outside: files that Terraform loads, files that the user names, and parameters."""

from __future__ import annotations

import json
import os
from pathlib import Path

from auditor.sources.code_options import CodeOptions
from auditor.sources.terraform.plan import decode
from auditor.sources.terraform.text import attributes
from auditor.sources.terraform.tree import Tree


def files(tree: Tree, target: Path, options: CodeOptions) -> list[str]:
    """What Terraform itself would load, then what the user names, then single parameters: the later one wins."""
    # The evaluator puts the directory before each path, also before one that starts at the root of the file system.
    found = _loaded_by_itself(tree) + [os.path.relpath(path.resolve(), target) for path in options.var_files]
    if options.parameters:
        said = target / "zz_parameters.tfvars.json"
        said.write_text(json.dumps(dict(options.parameters)), encoding="utf-8")
        found.append(said.name)
    return found


def names(tree: Tree, options: CodeOptions) -> frozenset[str]:
    """The variables that have a value from outside."""
    texts = {name: tree.texts[name] for name in _loaded_by_itself(tree)}
    texts |= {str(path): decode(path) for path in options.var_files}
    return frozenset(options.parameters).union(*map(_assigned, texts.values()))


def _loaded_by_itself(tree: Tree) -> list[str]:
    """The values that Terraform loads by itself, in its order."""
    own = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in tree.texts]
    return own + sorted(
        name for name in tree.texts if "/" not in name and name.endswith((".auto.tfvars", ".auto.tfvars.json"))
    )


def _assigned(text: str) -> list[str]:
    """The variables that a file of values, HCL or JSON, gives a value."""
    if not text.lstrip().startswith("{"):
        return list(attributes("{\n" + text + "\n}", 0))
    try:
        return list(json.loads(text))
    except ValueError:
        return []  # the evaluator refuses it
