"""Templates from files: YAML with the short forms of functions, or JSON, both within bounds and with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor import bounded
from auditor.bounded import Dialect, Document, Lined
from auditor.model import Json
from auditor.sources.cloudformation import json_text
from auditor.sources.code_options import MOST_BYTES, MOST_DEPTH, MOST_FILES, BadCode, spoken
from auditor.sources.folders import folders
from auditor.sources.texts import words_in

SUFFIXES = (".yaml", ".yml", ".json", ".template")
_LOOKS_LIKE = re.compile(r"""(?m)^[ \t{]*["']?Resources["']?[ \t]*:|\{\s*"Resources"\s*:|,\s*"Resources"\s*:""")
_OF_AWS = re.compile(r"AWSTemplateFormatVersion|AWS::[A-Z][A-Za-z0-9]*::|Custom::|AWS::Serverless-2016-10-31")
LOGICAL = re.compile(r"[A-Za-z0-9]{1,255}")


def _tagged(tag: str, value: Json) -> Json:
    """`!Sub x` is `{Fn::Sub: x}`."""
    name = tag.removeprefix("!")
    if tag == name or not re.fullmatch(r"[A-Za-z0-9:]{1,64}", name):
        return None
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


# CloudFormation reads YAML 1.1, where these words are truth values.
_WORDS = {word: truth for yes, no in (("yes", "no"), ("Yes", "No"), ("YES", "NO"), ("on", "off"), ("On", "Off"),
          ("ON", "OFF")) for word, truth in ((yes, True), (no, False))}  # fmt: skip
DIALECT = Dialect(MOST_BYTES, 400_000, MOST_DEPTH, _WORDS, _tagged, decimals=False, lined=True)


@dataclass(slots=True)
class Template:
    """One template file: `name` is its path from the root, as origins say it."""

    path: Path
    name: str
    body: Lined

    def section(self, name: str) -> Lined:
        """A section of the template as a mapping; one that is left empty counts as empty."""
        found = self.body.get(name)
        if found is None:
            return Lined()
        if not isinstance(found, Lined):
            raise BadCode(
                f"{self.name}:{self.body.lines.get(name, 1)}: {name} is not a mapping; write it as `key: value`"
            )
        return found


def templates_in(folder: Path) -> Iterator[Path]:
    """The files below a folder that look like templates, in the order of their names. Links are not followed."""
    seen = 0
    for place, files in _folders(folder):
        if _assembly(files):
            continue
        for name in files:
            path = place / name
            if path.suffix.lower() not in SUFFIXES or path.is_symlink():
                continue
            seen += 1
            if seen > MOST_FILES:
                raise BadCode(
                    f"{folder}:1: more than {MOST_FILES} files are below it; pass the folder of the templates"
                )
            if looks_like_template(path):
                yield path


def assemblies_in(folder: Path) -> list[Path]:
    """The folders in which `cdk synth` wrote an assembly; those inside one belong to it."""
    return [place for place, files in _folders(folder) if _assembly(files)]


def _folders(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """The folders worth looking into, with the names of their files; nothing below an assembly."""
    for here, below, files in folders(folder):
        if _assembly(files):
            below.clear()
        yield here, files


def _assembly(files: list[str]) -> bool:
    return "manifest.json" in files and "cdk.out" in files


def looks_like_template(path: Path) -> bool:
    """Whether a file speaks of CloudFormation, by its first megabytes; one that cannot be opened does not."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            text = words_in(file.read(MOST_BYTES + 1))
    except OSError:
        return False
    return bool(_LOOKS_LIKE.search(text) and _OF_AWS.search(text))


def load(path: Path, root: Path) -> Template:
    """Read one template, or say line by line why it cannot be."""
    name = named(path, root)
    document = Document(name)
    text = bounded.contents(path, document, DIALECT)
    if text is not None:
        _parse(text, path, document)
    if document.lines:
        raise BadCode(document.lines[:50])
    if not isinstance(document.value, Lined):
        raise BadCode(f"{name}:1: is not a template; a template is a mapping with Resources")
    template = Template(path, name, document.value)
    _check(template)
    return template


def contents(path: Path, root: Path) -> Json:
    """What a file holds that is no template of its own; None where it is neither YAML nor JSON."""
    document = Document(named(path, root))
    text = bounded.contents(path, document, DIALECT)
    if text is not None and text.strip():
        _parse(text, path, document)
    return None if document.lines else document.value


def named(path: Path, root: Path) -> str:
    """A path as origins say it: from the root, with forward slashes."""
    try:
        return spoken(path.resolve().relative_to(root.resolve()).as_posix())
    except ValueError:
        return spoken(path.name)


def _parse(text: str, path: Path, document: Document) -> None:
    if not text.strip():
        document.note((1, 1), "is empty; a template has Resources")
    elif path.suffix.lower() == ".json" or text.lstrip()[:1] == "{":
        json_text.parse(text, document, DIALECT)
        if document.lines and path.suffix.lower() != ".json":  # YAML in braces
            document.problems.clear()
            bounded.parse(text, document, DIALECT)
    else:
        bounded.parse(text, document, DIALECT)


def _check(template: Template) -> None:
    """What no template can do without, so that everything after this may rely on it."""
    resources = template.section("Resources")
    wrong: list[str] = []
    if not resources:
        wrong.append(
            f"{template.name}:{template.body.lines.get('Resources', 1)}: has no Resources; it declares nothing"
        )
    for name, entry in resources.items():
        at = f"{template.name}:{resources.lines.get(name, 1)}"
        if name.startswith("Fn::"):
            continue
        if not LOGICAL.fullmatch(name):
            wrong.append(f"{at}: {name[:80]!r} is not a logical ID; use letters and digits only")
        elif not isinstance(entry, Lined) or not isinstance(entry.get("Type"), str):
            wrong.append(f"{at}: {name} is not a resource; add a Type and Properties")
        elif not isinstance(entry.get("Properties", {}), (dict, type(None))):
            wrong.append(f"{at}: the Properties of {name} are not a mapping; write them as `key: value`")
    for section in ("Parameters", "Mappings", "Conditions", "Outputs"):
        template.section(section)
    if wrong:
        raise BadCode(wrong[:50])
