"""Rules, read from `<topic>/<id>.yaml` below the built-in folder and the user's own; all mistakes are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from auditor.checks import syntax
from auditor.checks.fitted import fit
from auditor.checks.schema import Rule
from auditor.checks.syntax import listed, mapped
from auditor.checks.yaml import DefinitionError, Document, Place, read, shown, suggest
from auditor.model import Json
from auditor.resources import load
from auditor.settings import data_dir


def load_rules(folders: Sequence[Path] = (), built_in: bool = True) -> list[Rule]:
    """The built-in rules and those of `folders`, by id. A rule of one's own has an id of its own."""
    roots = [*([data_dir("rules")] if built_in else []), *folders]
    lines: list[str] = []
    rules: dict[str, tuple[Rule | None, str]] = {}
    for path in (path for root in roots for path in files(root, lines)):
        document = read(path)
        rule = _rule(document, path)
        if path.stem in rules:
            document.wrong((), f"`{path.stem}` is already in {rules[path.stem][1]}; rename this file")
        else:
            rules[path.stem] = (rule, document.file)
        lines += document.lines
    if lines:
        raise DefinitionError(lines)
    return [rule for _, (rule, _) in sorted(rules.items()) if rule]


def choose(rules: Iterable[Rule], ids: Iterable[str]) -> list[Rule]:
    """The rules with these ids; an unknown id is an error that names the nearest known one."""
    known = {rule.id: rule for rule in rules}
    wanted = list(dict.fromkeys(ids))
    lines = [f"unknown rule `{each}`{suggest(each, known)}" for each in wanted if each not in known]
    if lines:
        raise DefinitionError(lines)
    return [known[each] for each in wanted]


def files(root: Path, lines: list[str]) -> list[Path]:
    """The YAML files below a folder, in the order of their paths; a link that leads out of it is refused."""
    if not root.is_dir():
        # A folder of the user's may hold baselines only; a folder that is not there at all is a slip of the pen.
        if not root.parent.is_dir():
            lines.append(f"{shown(root)}: there is no such folder")
        return []
    home = root.resolve()
    found: list[Path] = []
    for path in sorted(root.rglob("*.y*ml")):
        if not path.resolve().is_relative_to(home):
            lines.append(
                f"{shown(root)}: {path.name} is a symbolic link that points outside the folder; put the file here"
            )
        elif path.suffix != ".yaml":
            lines.append(f"{shown(path)}: is not read; rename it to {path.stem}.yaml")
        else:
            found.append(path)
    return found


def _rule(document: Document, path: Path) -> Rule | None:
    rule = fit(document, Rule, {"id": path.stem, "topic": path.parent.name})
    if not syntax.ID.fullmatch(path.stem):
        document.wrong((), f"the file's name is the rule's id; `{path.stem}` is not in lower case with hyphens")
    value = mapped(document.value)
    on = syntax.types(document, ("on",), value.get("on"))
    syntax.requirements(document, ("where",), value.get("where"), on)
    syntax.requirements(document, ("require",), value.get("require"), on)
    syntax.fact(document, ("broken",), value.get("broken"))
    for index, address in enumerate(listed(value.get("references"))):
        if not str(address).startswith("https://"):
            document.wrong(("references", index), f"{address!r} is not a URL; begin it with https://")
    for kind in ("pass", "fail"):
        for index, fragment in enumerate(listed(mapped(value.get("examples")).get(kind))):
            _example(document, ("examples", kind, index), mapped(fragment), on)
    return rule if not document.problems else None


def _example(document: Document, place: Place, fragment: dict[str, Json], on: tuple[str, ...]) -> None:
    found = {str(mapped(piece).get("Type")) for piece in fragment.values()}
    if on and fragment and not found & set(on):
        document.wrong(place, f"contains no resource that the rule checks; add one of type {' or '.join(on)}")
    for name, piece in fragment.items():
        here = (*place, name)
        cfn = mapped(piece).get("Type")
        known = syntax.types(document, (*here, "Type"), cfn)
        for path in mapped(mapped(piece).get("Properties")) if known else ():
            row = load()[known[0]]
            if row.prop(path) is None:
                cure = suggest(path, [prop.name for prop in row.props])
                document.wrong(
                    (*here, "Properties", path), f"{cfn} has no property `{path}` that is read{cure}", key=True
                )
        _references(document, here, piece, fragment)


def _references(document: Document, place: Place, value: Json, fragment: dict[str, Json]) -> None:
    """`{Ref: Name}` and `{Fn::GetAtt: [Name, Attribute]}` name resources of the same example."""
    for index, inner in enumerate(listed(value)):
        _references(document, (*place, index), inner, fragment)
    for key, inner in mapped(value).items():
        name = inner if key == "Ref" else listed(inner)[:1] if key == "Fn::GetAtt" else None
        name = name[0] if isinstance(name, list) and name else name
        if isinstance(name, str) and name not in fragment and not name.startswith("AWS::"):
            document.wrong((*place, key), f"`{name}` is not a resource of this example{suggest(name, fragment)}")
        _references(document, (*place, key), inner, fragment)
