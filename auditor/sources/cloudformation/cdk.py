"""What `cdk synth` writes (cdk.out): its stacks, where each is deployed, and the line of the program behind a resource.

An assembly names absolute paths of the machine that wrote it; only the part inside the project is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor import bounded
from auditor.bounded import Document
from auditor.model import Json
from auditor.sources.cloudformation import json_text
from auditor.sources.cloudformation.around import Surroundings
from auditor.sources.cloudformation.load import DIALECT, named
from auditor.sources.cloudformation.tree import Tree
from auditor.sources.code_options import BadCode

_DEEPEST = 5
_LINE = re.compile(r"\.(?:[cm]?[jt]sx?|py|java|cs|go):(?P<line>\d{1,7})")
_LONGEST_PATH, _LONGEST, _MOST_FRAMES = 1_000, 500, 50
_ENVIRONMENT = re.compile(r"aws://([^/]*)/([^/]*)")
_LIBRARY = ("node_modules/", "internal/", "site-packages/", "dist-packages/", "jsii")


def is_assembly(folder: Path) -> bool:
    return (folder / "manifest.json").is_file() and (folder / "cdk.out").is_file()


def grow(tree: Tree, folder: Path, depth: int = 0, seen: set[Path] | None = None) -> None:
    """Add the stacks of an assembly, and of the assemblies inside it (stages), each once."""
    seen = set() if seen is None else seen
    seen.add(folder)
    manifest = _read(folder / "manifest.json", tree)
    artifacts = manifest.get("artifacts")
    for name, artifact in sorted(artifacts.items()) if isinstance(artifacts, dict) else ():
        properties = artifact.get("properties") if isinstance(artifact, dict) else None
        if not isinstance(properties, dict):
            continue
        if artifact.get("type") == "cdk:cloud-assembly" and depth < _DEEPEST:
            inner = _path_inside(tree, folder, properties.get("directoryName"))
            if is_assembly(inner) and inner not in seen:
                grow(tree, inner, depth + 1, seen)
        if artifact.get("type") == "aws:cloudformation:stack":
            template = _path_inside(tree, folder, properties.get("templateFile"))
            called = str(properties.get("stackName") or name)
            tree.add(template, called, _around(artifact, called, tree.region))
            for construct, logical, place in _places(tree, folder, artifact):
                tree.origins["", construct] = place
                tree.origins[named(template, tree.root), logical] = place


def _path_inside(tree: Tree, folder: Path, name: Json) -> Path:
    path = (folder / str(name)).resolve()
    if not isinstance(name, str) or not path.is_relative_to(tree.root.resolve()):
        raise BadCode(f"{named(folder / 'manifest.json', tree.root)}:1: {str(name)[:120]!r} points outside the tree")
    return path


def _around(artifact: Mapping[str, Json], called: str, region: str) -> Surroundings:
    """Account and region of a stack; an environment-agnostic one has neither."""
    found = _ENVIRONMENT.fullmatch(str(artifact.get("environment", "")))
    account, own = found.groups() if found else ("", "")
    return Surroundings(
        region if "unknown" in own or not own else own, "" if not account.isdigit() else account, called
    )


def origin(tree: Tree, template: str, logical: str, entry: Mapping[str, Json]) -> str:
    """The line of the program behind a resource, or of the construct around it; nothing where no program is known.

    Constructs tell nested stacks apart, which logical ids do not. What a construct makes without a trace of its own
    (the subnets of a network) was made in the line of the construct.
    """
    path = construct(entry)
    if ("", path) in tree.origins or not path:
        return tree.origins.get(("", path)) or tree.origins.get((template, logical), "")
    while path:
        for name in (path, f"{path}/Resource", f"{path}/Default"):
            if place := tree.origins.get(("", name)):
                return place
        path = path.rpartition("/")[0]
    return tree.origins.get((template, logical), "")


def construct(entry: Mapping[str, Json]) -> str:
    """The path of the construct that a resource is, as CDK writes it beside the resource."""
    metadata = entry.get("Metadata")
    path = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
    return path if isinstance(path, str) and len(path) <= _LONGEST_PATH else ""


def _places(tree: Tree, folder: Path, artifact: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    """(construct, logical id, file:line of the program) for every resource whose creation was recorded."""
    metadata = artifact.get("metadata")
    further = artifact.get("additionalMetadataFile") or (artifact.get("properties") or {}).get("additionalMetadataFile")
    if isinstance(further, str):
        metadata = {
            **(metadata if isinstance(metadata, dict) else {}),
            **_read(_path_inside(tree, folder, further), tree),
        }
    for path, entries in metadata.items() if isinstance(metadata, dict) else ():
        listed = entries if isinstance(entries, list) else []
        traces = {str(each.get("type")): each for each in listed if isinstance(each, dict)}
        logical = traces.get("aws:cdk:logicalId", {})
        trace = next((each["trace"] for each in traces.values() if isinstance(each.get("trace"), list)), None)
        stack = traces.get("aws:cdk:creationStack", {}).get("data", trace)
        place = _frame(tree, folder, stack)
        if isinstance(logical.get("data"), str) and place:
            yield path.removeprefix("/"), logical["data"], place


def _frame(tree: Tree, folder: Path, trace: Json) -> str:
    """The first line of a trace that lies in the project and in no library."""
    for line in trace[:_MOST_FRAMES] if isinstance(trace, list) else []:
        file, number = _file_and_line(str(line)[:_LONGEST])
        if not file or any(each in file for each in _LIBRARY):
            continue
        place = _relative(tree, folder, file)
        if place:
            return f"{place}:{number}"
    return ""


def _file_and_line(line: str) -> tuple[str, int]:
    """File and line in one frame of a trace: `at new Web (/app/lib/web.ts:10:5)`, `at file:///app/web.mjs:7`."""
    for found in _LINE.finditer(line):
        before = line[: found.start()].replace("file://", "")
        file = re.split(r"[():\n]", before)[-1]
        whole = before[: len(before) - len(file)][-1:] in ("", "(") or file[:1].isspace()
        file = file.strip().removeprefix("at ").lstrip()
        if file and whole:
            return file + found[0].rpartition(":")[0], int(found["line"])
    return "", 0


def _relative(tree: Tree, folder: Path, file: str) -> str:
    """A file of a trace from the tree's root: the longest end of its path that is there, for builds change machines."""
    parts = [each for each in file.replace("\\", "/").split("/") if each not in ("", ".", "..")]
    absolute = file.startswith("/") or re.match(r"[A-Za-z]:", file) is not None
    tree.budget.spend(len(parts))
    for start in range(len(parts)) if absolute else (0,):
        for base in (tree.root, folder.parent):
            candidate = base.joinpath(*parts[start:])
            if candidate.is_file() and candidate.resolve().is_relative_to(tree.root.resolve()):
                return named(candidate, tree.root)
    return "" if absolute else "/".join(parts)


def _read(path: Path, tree: Tree) -> Mapping[str, Json]:
    document = Document(named(path, tree.root))
    text = bounded.contents(path, document, DIALECT)
    if text is not None:
        json_text.parse(text, document, DIALECT)
    if document.lines or not isinstance(document.value, dict):
        raise BadCode(document.lines[:20] or f"{document.file}:1: is not part of a CDK assembly; run `cdk synth` again")
    return document.value
