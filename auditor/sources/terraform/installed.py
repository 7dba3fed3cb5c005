"""Modules that `terraform init` or `get` has brought, as its manifest in `.terraform/modules` says.

A call of a module by its registry or repository leads to the folder of the manifest, as a call by path would, where
that is what the call asks for: the same source, and a version that it allows. What is not there, is of another version,
or lies elsewhere or behind a link stays what nobody fetched.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from auditor.model import Json
from auditor.sources.code_options import MOST_BYTES
from auditor.sources.terraform.raw import name_of
from auditor.sources.terraform.text import attributes, blocks, bodies
from auditor.sources.terraform.tree import INSTALLED, Tree, leads_to

MANIFEST = "modules.json"
_PLAIN = re.compile(r'"([^"\\$%]*)"')
_REGISTRY = re.compile(r"(?:[\w-]+(?:\.[\w-]+)+/)?[\w-]+/[\w-]+/[\w-]+(?://[^?]*)?")
_HOSTS = ("registry.terraform.io/", "registry.opentofu.org/")  # of a source that names none
_CONSTRAINT = re.compile(r"\s*(=|!=|>=|<=|~>|>|<|)\s*v?(\d+(?:\.\d+){0,2})\s*")


class Module(NamedTuple):
    """One entry of the manifest: what was brought, and the folder that it lies in."""

    source: str
    version: str
    folder: Path


class Installed:
    """The manifest of a configuration: what is there, by the folder of a call and the name that it has there."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._found: dict[tuple[Path, str], set[Module]] = {}
        entries = [each for each in _manifest(tree) if all(isinstance(each.get(key), str) for key in ("Key", "Dir"))]
        places = {each["Key"]: tree.path(each["Dir"]) for each in entries}
        for each in entries:
            above, _, name = each["Key"].rpartition(".")
            if name and above in {"", *places}:
                module = Module(str(each.get("Source", "")), str(each.get("Version", "")), places[each["Key"]])
                self._found.setdefault((places.get(above, tree.folder), name), set()).add(module)

    def with_paths(self, text: str, name: str) -> str:
        """The text of a file in which calls of what is there lead to it by its path; lines stay where they are."""
        if not self._found or "module" not in text:
            return text
        return self._in_json(text, name) if name.endswith(".json") else self._in_hcl(text, name)

    def _in_hcl(self, text: str, name: str) -> str:
        parts, end = [], 0
        for block in blocks(text):
            if block.kind != "module" or len(block.labels) != 1:
                continue
            said = attributes(block.source, block.line)
            source, version = (
                _PLAIN.fullmatch(said[key].text) if key in said else None for key in ("source", "version")
            )
            if not source or ("version" in said and not version):
                continue
            way = self._way(name, block.labels[0], source[1], version[1] if version else "")
            if way:
                start = block.start + said["source"].start
                parts += [text[end:start], json.dumps(way)]
                end = start + len(said["source"].text)
        return "".join([*parts, text[end:]])

    def _in_json(self, text: str, name: str) -> str:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return text  # told where its calls are looked for
        changed = False
        for labels, body in [each for _, top in bodies(said, 0) for each in bodies(top.get("module"), 1)]:
            source, version = body.get("source"), body.get("version", "")
            if not isinstance(source, str) or not isinstance(version, str) or "$" in source + version:
                continue
            if way := self._way(name, labels[0], source, version):
                body["source"], changed = way, True
        return json.dumps(said, indent=1, ensure_ascii=False) if changed else text

    def _way(self, file: str, name: str, source: str, version: str) -> str:
        """The path from a file's folder to the module that a call in it asks for; nothing where that is not there."""
        if source.startswith((".", "/", "~")):
            return ""
        here = self._tree.path(file).parent
        found = self._found.get((here, name), set())
        if len({(each.source, each.version) for each in found}) != 1:
            return ""  # a folder that is called twice may have brought two
        module = min(found)
        if not _same(source, module.source) or not allows(version, module.version) or not self._there(module.folder):
            return ""
        way = os.path.relpath(module.folder, here).replace(os.sep, "/")
        return way if way.startswith("..") else f"./{way}"

    def _there(self, folder: Path) -> bool:
        own = self._tree.folder / INSTALLED
        return folder != own and folder.is_relative_to(own) and leads_to(folder) == folder and folder.is_dir()


def at_call(tree: Tree, evaluated: Mapping[str, list[dict[str, Any]]], place: str, reason: str) -> tuple[str, str]:
    """What could not be read inside of what was brought, at the first call in code of one's own that leads there."""
    callers = {call.folder: call for calls in tree.calls.values() for call in reversed(calls)}
    here, seen = place.rpartition(":")[0] or place, set()
    while here.startswith(f"{INSTALLED}/") and here not in seen:
        seen.add(here)
        call = callers.get(tree.path(here).parent)
        if call and not call.file.startswith(f"{INSTALLED}/"):
            heads = (each["__tfmeta"] for each in evaluated.get("module", ()))
            lines = [
                each["line_start"]
                for each in heads
                if each.get("filename") == call.file and name_of(str(each["path"])) == call.name
            ]
            return f"{call.file}:{min([call.line, *lines])}", f"{reason} (inside: {place})"
        here = call.file if call else ""
    return place, reason


def _manifest(tree: Tree) -> list[Mapping[str, Json]]:
    path = tree.folder / INSTALLED / MANIFEST
    try:
        if leads_to(path) != path or not path.is_file() or path.stat().st_size > MOST_BYTES:
            return []
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    many = said.get("Modules") if isinstance(said, dict) else None
    return [each for each in many if isinstance(each, dict)] if isinstance(many, list) else []


def _same(source: str, brought: str) -> bool:
    """Whether the manifest's words for a source are those of a call: it spells out hosts and ways of transport."""
    if _REGISTRY.fullmatch(source) and not source.startswith(("github.com/", "bitbucket.org/")):
        return brought in (source, *(host + source for host in _HOSTS))
    return bool(source) and _bare(source) == _bare(brought)


def _bare(source: str) -> str:
    said = re.sub(r"^(?:git::)?(?:\w+://)?(?:[\w.-]+@)?", "", source)
    said = re.sub(r"^([\w.-]+\.\w+):(?!\d+/)", r"\1/", said)
    return re.sub(r"\.git(?=$|\?|//)", "", said)


def allows(constraint: str, version: str) -> bool:
    """Whether a version is one that a constraint (`~> 5.0, != 5.2.1`) allows, as Terraform says."""
    if not constraint.strip():
        return True
    have = re.fullmatch(r"(\d+)\.(\d+)(?:\.(\d+))?(?:\+.*)?", version)
    if not have:
        return constraint.strip() == version  # one before a release is allowed only by its name
    now = tuple(int(each or 0) for each in have.groups())
    return all(_allows(each, now) for each in constraint.split(","))


def _allows(part: str, now: tuple[int, ...]) -> bool:
    found = _CONSTRAINT.fullmatch(part)
    if not found:
        return False
    said = tuple(map(int, found[2].split(".")))
    asked = (*said, 0, 0)[:3]
    if found[1] == "~>":
        return now >= asked and now[: max(len(said) - 1, 1)] == said[: max(len(said) - 1, 1)]
    held = {"": now == asked, "=": now == asked, "!=": now != asked, ">=": now >= asked, "<=": now <= asked,
            ">": now > asked, "<": now < asked}  # fmt: skip
    return held[found[1]]
