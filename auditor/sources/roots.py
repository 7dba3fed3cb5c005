"""The roots of some code: what is applied by itself, and so is judged by itself, in a graph of its own.

A root is a configuration of Terraform that no other calls, a template that no other nests, templates that import from
each other, or an assembly of CDK. Rules of one root know nothing of the resources of another: that both name a bucket
alike does not mean that they are deployed together.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from auditor.model import Inventory
from auditor.sources.code_options import MOST_FILES, MOST_SECONDS, BadCode, CodeOptions, NoCode
from auditor.sources.folders import folders
from auditor.sources.parts import configuration, not_read
from auditor.sources.placing import placed_by_code
from auditor.sources.terraform.text import CODE, IN_HCL, attributes, blocks, bodies
from auditor.sources.texts import text_of

_LINKED = re.compile(r"Fn::ImportValue|!ImportValue")
_EXPORTED = re.compile(r"""["']?Export["']?\s*:""")
_DEPLOYED = re.compile(r"""(?m)^\s*(?:"?(?:provider|backend|cloud)"?\s*["{:])""")
_RUNS = re.compile(r"(?m)^\s*(?:terraform\s*\{|inputs\s*=)")


@dataclass(frozen=True, slots=True)
class Root:
    """`name` is where it stands, from the judged path, and `kind` what it was taken for. A `library` is a module that
    nothing here calls, and that wants values which only a caller gives. `files` are the code that a user may still
    give values to: those of the folder, the templates, or the folder of an assembly; none of what is decided."""

    name: str
    kind: str
    read: Callable[[CodeOptions], Inventory]
    library: bool = False
    files: tuple[Path, ...] = ()


def roots_of(path: Path, options: CodeOptions, plan: Path | None = None) -> list[Root]:
    """Everything at a path that is applied by itself."""
    from auditor.sources import cloudformation, terraform

    if not path.exists():
        raise NoCode(f"{path}: there is no such file or folder")
    found: list[Root] = []
    if plan:
        found.append(Root(".", "a plan", partial(_planned, path, plan)))
    elif path.is_dir():
        found += [*configurations(path), *_terragrunt(path)]
    elif terraform.is_terraform(path):
        found.append(Root(path.name, "a plan or state", partial(terraform.read, path)))
    if cloudformation.is_cloudformation(path):
        found += _templates(path, options) if path.is_dir() else [_template(path.name, path)]
    if not found:
        what = "contains neither Terraform nor a template" if path.is_dir() else "is neither a plan nor a template"
        raise NoCode(f"{path}:1: {what}; pass a folder of .tf files or templates, a template, or a plan as JSON")
    return found


def left_out(name: str, globs: Iterable[str]) -> bool:
    """Whether a glob names a root, or a folder that it lies in."""
    parts = Path(name).parts
    above = ["/".join(parts[: length + 1]) for length in range(len(parts))]
    return any(fnmatch.fnmatchcase(each, glob.rstrip("/")) for glob in globs for each in above)


# ---- Terraform


def configurations(path: Path) -> list[Root]:
    """Every folder with Terraform below a path that no other calls; of modules that only call each other all."""
    found = dict(terraform_folders(path))
    until = time.monotonic() + MOST_SECONDS
    calls = {folder: {each for file in files for each in _called(file)} for folder, files in found.items()}
    called = {each for folder, many in calls.items() for each in many if each != folder}
    alone = [each for each in found if each not in called or each == path]
    reached: set[Path] = set()
    waiting = list(alone)
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += calls.get(here, ())
    alone += [each for each in found if each not in reached]
    libraries = {each for each in alone if each != path and _is_library(found[each])}
    if len(libraries) == len(alone):  # nothing stands beside them that could have called them
        libraries = set()
    return [
        Root(
            each.relative_to(path).as_posix(), "Terraform",
            partial(_configuration, path, each, until), each in libraries, tuple(found[each]),
        )
        for each in sorted(alone)
    ]  # fmt: skip


def _planned(path: Path, plan: Path, options: CodeOptions) -> Inventory:
    found = configurations(path) if path.is_dir() else []
    return placed_by_code(plan, [each.read for each in found], options)


def _configuration(path: Path, folder: Path, until: float, options: CodeOptions) -> Inventory:
    return configuration(path, folder, options, until)


def terraform_folders(path: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Folders with Terraform, with their files. Links to folders are not followed."""
    seen = 0
    for here, _, names in folders(path):
        files = [here / name for name in names if name.endswith(CODE)]
        files = [each for each in files if each.is_file() or each.is_symlink()]  # no pipes
        seen += len(files)
        if seen > MOST_FILES:
            raise BadCode(f"{path}:1: more than {MOST_FILES} Terraform files below it; pass a folder inside it")
        if files:
            yield here, files


def _called(file: Path) -> Iterator[Path]:
    """The folders that the calls in a file lead to."""
    text = text_of(file) or ""
    for source in _sources(text, file.name) if "module" in text else ():
        if source.startswith("."):
            yield Path(os.path.normpath(file.parent / source))


def _sources(text: str, name: str) -> Iterator[str]:
    if name.endswith(".json"):
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return
        for _, top in bodies(said, 0):
            yield from (str(body.get("source", "")) for _, body in bodies(top.get("module"), 1))
        return
    for block in blocks(text):
        if block.kind == "module" and (source := attributes(block.source, block.line).get("source")):
            yield source.text.strip('"')


def _is_library(files: list[Path]) -> bool:
    """Whether a folder can only be called: a variable has no value, and nothing says where or as what it is applied."""
    if any(each.name.endswith((".tfvars", ".tfvars.json")) for each in files[0].parent.iterdir()):
        return False
    texts = [(each.name, text_of(each) or "") for each in files]
    if any(_DEPLOYED.search(text) for _, text in texts):
        return False
    heads = (head for name, text in texts if name.endswith(IN_HCL) for head in blocks(text) if head.kind == "variable")
    return any("default" not in attributes(head.source, head.line) for head in heads)


def _terragrunt(path: Path) -> Iterator[Root]:
    """Folders that Terragrunt deploys: it writes code and hands values in, which only its plan shows."""
    for here, _, names in folders(path):
        file = here / "terragrunt.hcl"
        if file.name in names and _RUNS.search(text_of(file) or ""):
            name = file.relative_to(path).as_posix()
            yield Root(name, "Terragrunt", partial(_of_terragrunt, file))


def _of_terragrunt(file: Path, options: CodeOptions) -> Inventory:
    name = os.path.relpath(file.resolve(), (options.root or file.parent).resolve()).replace(os.sep, "/")
    return not_read(
        [f"{name}:1: a Terragrunt folder, which is not evaluated; pass its plan (`terragrunt show -json PLAN`, --plan)"]
    )


# ---- templates


def _template(name: str, path: Path, kind: str = "a template") -> Root:
    from auditor.sources import cloudformation

    return Root(name, kind, partial(cloudformation.read, path), files=(path,))


def _templates(path: Path, options: CodeOptions) -> list[Root]:
    """Assemblies, and templates that no other nests; those that import and those that export are one root."""
    from auditor.sources import cloudformation
    from auditor.sources.cloudformation.load import assemblies_in, templates_in

    out = [_template(_name(each, path), each, "a CDK assembly") for each in assemblies_in(path)]
    every = list(templates_in(path))
    nested = cloudformation.nested_in(every, options)
    alone = [each for each in every if each.resolve() not in nested]
    texts = {each: text_of(each) or "" for each in alone}
    linked = [each for each in alone if _LINKED.search(texts[each]) or _EXPORTED.search(texts[each])]
    if any(_LINKED.search(texts[each]) for each in linked) and len(linked) > 1:
        files = tuple(linked)
        kind = f"{len(linked)} templates that import"
        out.append(Root(_name(linked[0], path), kind, partial(_linked, files), files=files))
        alone = [each for each in alone if each not in linked]
    return sorted([*out, *(_template(_name(each, path), each) for each in alone)], key=_by_name)


def _by_name(root: Root) -> str:
    return root.name


def _name(file: Path, path: Path) -> str:
    return file.relative_to(path).as_posix()


def _linked(files: tuple[Path, ...], options: CodeOptions) -> Inventory:
    from auditor.sources import cloudformation

    return cloudformation.read(files[0].parent, options, files)
