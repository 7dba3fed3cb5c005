"""Values of variables that come from outside: files that Terraform loads, files that the user names, and parameters."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from auditor.sources.code_options import CodeOptions
from auditor.sources.terraform.in_json import json_blocks
from auditor.sources.terraform.text import IN_HCL, IN_JSON, attributes, blocks
from auditor.sources.texts import decode


def loaded(names: Collection[str]) -> list[str]:
    """Of the files of a configuration those whose values Terraform loads by itself, in its order: the later one wins.

    ("Assign values to root module variables": files that are named so, in the folder itself.)
    """
    own = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    by_name = sorted(each for each in names if each.endswith((".auto.tfvars", ".auto.tfvars.json")) and "/" not in each)
    return own + by_name


def assigned(text: str) -> dict[str, str]:
    """The variables that a file of values, HCL or JSON, gives a value, each with the text of it."""
    if not text.lstrip().startswith("{"):
        return {name: said.text for name, said in attributes("{\n" + text + "\n}", 0).items()}
    try:
        return {name: json.dumps(value, sort_keys=True) for name, value in json.loads(text).items()}
    except (ValueError, RecursionError):
        return {}  # the evaluator refuses it


def variables(file: str, text: str) -> Iterator[tuple[str, int, str]]:
    """(name, line, text of the default) of each variable that a file declares."""
    if file.endswith(IN_HCL):
        for head in blocks(text):
            if head.kind == "variable" and len(head.labels) == 1:
                said = attributes(head.source, head.line).get("default")
                yield head.labels[0], head.line, said.text if said else ""
    elif file.endswith(IN_JSON):
        for each in json_blocks(text):
            if each.kind == "variable":
                yield each.labels[0], each.line, json.dumps(each.body["default"]) if "default" in each.body else ""


def files(texts: Mapping[str, str], target: Path, options: CodeOptions) -> list[str]:
    """What Terraform itself would load, then what the user names, then single parameters: the later one wins.

    Of the parameters those that the folder declares: what is another root's changes nothing of the question.
    """
    # The evaluator puts the directory before each path, also before one that starts at the root of the file system.
    found = loaded(texts) + [os.path.relpath(path.resolve(), target) for path in options.var_files]
    declared = {name for file in texts if "/" not in file for name, *_ in variables(file, texts[file])}
    single = {name: value for name, value in options.parameters.items() if name in declared}
    if single:
        said = target / "zz_parameters.tfvars.json"
        said.write_text(json.dumps(single), encoding="utf-8")
        found.append(said.name)
    return found


def values(texts: Mapping[str, str]) -> dict[str, str]:
    """What the files that Terraform loads by itself give its variables; `texts` are the files of a configuration."""
    return {name: value for file in loaded(texts) for name, value in assigned(texts[file]).items()}


def asked(options: CodeOptions) -> frozenset[str]:
    """The variables that the user gives a value, in files or one by one."""
    return frozenset(options.parameters).union(*(assigned(decode(path)) for path in options.var_files))


def names(texts: Mapping[str, str], options: CodeOptions) -> frozenset[str]:
    """The variables that have a value from outside."""
    return asked(options).union(values(texts))
