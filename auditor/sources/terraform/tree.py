"""A directory of Terraform on its way to the evaluator: copied, within bounds, and unable to read what is not in it.

The copy holds regular files of the tree only. Calls that read files are kept where the file they name lies in the tree,
and become an unknown function elsewhere, so that the evaluator gives no value; sources of modules that lead out become
gaps.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.model import Json
from auditor.sources.code_options import MOST_BYTES, MOST_FILES, BadCode, spoken
from auditor.sources.terraform.calls import check_calls
from auditor.sources.terraform.plan import decode
from auditor.sources.terraform.text import Head, attributes, blocks, deepest

_NESTED = 100
_TOGETHER = 5 * MOST_BYTES
_MOST_READERS = 10_000
# Before the bracket of a call there may be comments. Where one begins there, nobody looks for its end: it is not read.
_READERS = re.compile(
    r"\b(?P<name>templatefile|file(?:exists|set|base64(?:sha\d+)?|md5|sha\d+)?)(?P<space>\s*+)(?P<next>\(|/\*|//|\#)"
)
_PATH = re.compile(r'\s*\\?"(?:\$\{path\.(?P<base>module|root)\}/)?(?P<rest>[\w@%+=:,./ -]*)\\?"')
_SUFFIXES = (".tf", ".tf.json", ".tfvars", ".tfvars.json")
NOT_READ = "auditor_does_not_read"
OUTSIDE = "./.outside"  # where modules lead that are not read


@dataclass(slots=True)
class Tree:
    """What was copied: the texts by path from the root with their blocks, and what was left out, with file and line."""

    root: Path
    texts: dict[str, str] = field(default_factory=dict)
    heads: dict[str, tuple[Head, ...]] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)


def copy(root: Path, target: Path) -> Tree:
    """A copy of the Terraform in a directory that is safe to evaluate, or BadCode."""
    tree = Tree(root.resolve())
    total = 0
    for path in _files(root, tree):
        total += _checked(path, root)
        if total > _TOGETHER:
            raise BadCode(f"{root.name}: more than {_TOGETHER:,} bytes of Terraform; judge it in parts")
        name = spoken(path.relative_to(root).as_posix())
        text = decode(path)
        depth, line = deepest(text)
        if depth > _NESTED:
            raise BadCode(f"{name}:{line}: nested deeper than {_NESTED}; no configuration is")
        tree.texts[name] = text
    if not any(name.endswith((".tf", ".tf.json")) for name in tree.texts):
        raise BadCode(f"{root.name}: no .tf file is in it; nothing to judge")
    tree.heads = {name: blocks(text) for name, text in tree.texts.items() if name.endswith(".tf")}
    check_calls(tree.heads)
    for name, text in tree.texts.items():
        safe = _without_readers(_unfold(text, name, tree), name, tree, target)
        if name.endswith(".tf"):
            safe = _without_foreign_modules(safe, tree.heads[name] if safe == text else blocks(safe), name, tree)
        _write(target / name, safe)
    return tree


def refuse_strangers(blocks: Mapping[str, list[dict[str, Any]]], tree: Tree) -> None:
    """Whatever tricks the text played on us, nothing is told that the evaluator read elsewhere."""
    for many in blocks.values():
        for block in many:
            file = block["__tfmeta"].get("filename", "")
            if file and file not in tree.texts:
                raise BadCode(f"{tree.root.name}: a module leads out of the tree; keep modules inside it")


def _unfold(text: str, name: str, tree: Tree) -> str:
    """JSON may hide letters behind escapes and say a key twice; written anew it says what was checked, and no more."""
    if not name.endswith(".json") or not ("\\u" in text or '"module"' in text):
        return text
    try:
        said = json.loads(text)
        _turn_modules(said, name, tree)
        return json.dumps(said, indent=1, ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise BadCode(f"{name}:{getattr(error, 'lineno', 1)}: not JSON: {error}") from error


def _turn_modules(value: Json, name: str, tree: Tree) -> None:
    """Sources of modules that lead out, wherever JSON may write them, lead nowhere."""
    if isinstance(value, list):
        for each in value:
            _turn_modules(each, name, tree)
    elif isinstance(value, dict):
        for key, inner in value.items():
            plain = isinstance(inner, str) and not any(mark in inner for mark in "$%")
            if key == "source" and not (plain and not _leads_out(inner, name, tree)):
                value[key] = OUTSIDE
                tree.left.append((f"{name}:1", f"a source outside the tree ({str(inner)[:80]}) is not read"))
            elif key == "module" or not isinstance(inner, str):
                _turn_modules(inner, name, tree)


def _files(root: Path, tree: Tree) -> Iterator[Path]:
    """The Terraform files of a tree in a stable order; hidden folders hold other people's copies."""
    count = 0
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        for each in list(folders):
            if (here / each).is_symlink():
                tree.left.append(((here / each).relative_to(root).as_posix(), "a link, not followed"))
        folders[:] = sorted(each for each in folders if not each.startswith(".") and not (here / each).is_symlink())
        for name in sorted(names):
            if name.endswith((".tofu", ".tofu.json")):
                place = (here / name).relative_to(root).as_posix()
                tree.left.append((place, "is read by OpenTofu only, in place of the .tf file of that name"))
            if not name.endswith(_SUFFIXES):
                continue
            path = here / name
            if path.is_symlink():
                if not path.resolve().is_relative_to(tree.root):
                    raise BadCode(
                        f"{path.relative_to(root).as_posix()}:1: a link that leads out of the tree; put the file here"
                    )
                if not path.is_file():
                    continue
            if not path.is_file():
                continue
            count += 1
            if count > MOST_FILES:
                raise BadCode(f"{root.name}: more than {MOST_FILES:,} files; judge it in parts")
            yield path


def _checked(path: Path, root: Path) -> int:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise BadCode(f"{path.relative_to(root).as_posix()}:1: larger than {MOST_BYTES:,} bytes")
    return size


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# ---- files that the code reads


def _without_readers(text: str, name: str, tree: Tree, target: Path) -> str:
    def decide(found: re.Match[str]) -> str:
        if found["next"] == "(" and found["name"] != "fileset":
            path = _named(text, found.end(), name, tree)
            if path and _taken(path, tree, target, templates=found["name"] == "templatefile"):
                return found[0]
        if len(tree.left) >= _MOST_READERS:
            raise BadCode(f"{name}:1: more than {_MOST_READERS:,} things cannot be read; judge a plan instead")
        line = text.count("\n", 0, found.start()) + 1
        reason = f"{found['name']}() of a path that is not plainly inside the tree is not read"
        tree.left.append((f"{name}:{line}", reason))
        return NOT_READ + found["space"] + found["next"]

    return _READERS.sub(decide, text)


def _named(text: str, at: int, name: str, tree: Tree) -> Path | None:
    """The file that a call names, when it does so in plain words and the file lies in the tree."""
    said = _PATH.match(text, at)
    if not said or said["rest"].startswith("/"):
        return None
    base = tree.root if said["base"] in ("root", None) else (tree.root / name).parent
    path = base / said["rest"]
    inside = path.resolve().is_relative_to(tree.root) and Path(os.path.normpath(path)).is_relative_to(tree.root)
    return Path(os.path.normpath(path)) if inside and path.is_file() else None


def _taken(path: Path, tree: Tree, target: Path, templates: bool) -> bool:
    if path.stat().st_size > MOST_BYTES // 20 or any(
        part.startswith(".") for part in path.relative_to(tree.root).parts
    ):
        return False
    data = path.read_bytes()
    if templates and _READERS.search(data.decode(errors="replace")):
        return False
    goal = target / path.relative_to(tree.root)
    if not goal.name.endswith(_SUFFIXES):
        goal.parent.mkdir(parents=True, exist_ok=True)
        goal.write_bytes(data)
    return True


# ---- modules


def _without_foreign_modules(text: str, heads: Iterable[Head], name: str, tree: Tree) -> str:
    parts: list[str] = []
    end = 0
    for block in heads:
        if block.kind != "module":
            continue
        source = attributes(block.source, block.line).get("source")
        if source is None:
            continue
        plain = re.fullmatch(r'"([^"\\$%]*)"', source.text)
        if plain and not _leads_out(plain[1], name, tree):
            continue
        # By its place and not by its words: those may stand in a comment before it.
        parts += [text[end : block.start], _elsewhere(block.source)]
        end = block.start + len(block.source)
        tree.left.append(
            (f"{name}:{source.line}", f"module {'.'.join(block.labels)} has a source outside the tree and is not read")
        )
    return "".join([*parts, text[end:]])


def _elsewhere(block: str) -> str:
    """The block of a module that is not read, with a source that is nowhere; what it is given stays behind."""
    lines = block.count("\n")
    head = block[: block.index("{") + 1]
    if not lines:
        return head + f' source = "{OUTSIDE}" }}'
    return head + f'\n  source = "{OUTSIDE}"\n' + "\n" * max(0, lines - 2) + "}"


def _leads_out(source: str, name: str, tree: Tree) -> bool:
    """Whether a local source leaves the tree; a remote one is left to the evaluator, which may not fetch it."""
    if source.startswith(("/", "~")):
        return True
    if not source.startswith("."):
        return False
    return not Path(os.path.normpath((tree.root / name).parent / source)).is_relative_to(tree.root)
