"""Code of any language as one inventory: a plan, a template, or a folder that holds several of either.

Every folder with Terraform that no other folder calls as a module is a configuration of its own. Below the path they
are told apart by their folder (`envs/prod:aws_kms_key.main`), so that equal addresses of two stages stay two resources.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from auditor.model import ABSENT, Gap, Inventory, Json, Resource
from auditor.sources.code_options import MOST_BYTES, MOST_FILES, MOST_SECONDS, BadCode, CodeOptions, NoCode, spoken
from auditor.sources.references import Addresses

_SUFFIXES = (".tf", ".tf.json")
_SKIPPED = {"node_modules", "__pycache__", "venv"}
_CALLED = re.compile(r'"?\bsource"?\s*[=:]\s*"(\.{1,2}(?:/[^"\n]*)?)"')
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_PLACE = re.compile(r"([^\s:]+\.tf(?:\.json|vars|vars\.json)?:\d+)(?:,[\d,-]+)?: (.*)", re.DOTALL)
_BEFORE = re.compile(r"[.\[]")  # what a path begins with
_INDEX = re.compile(r"\[[^\]]*\]")


def read_code(path: Path, options: CodeOptions, plan: Path | None = None) -> Inventory:
    """What the code at a path declares; with a plan, Terraform's part as the plan has it, at the places of the code."""
    from auditor.sources import cloudformation, terraform

    if not path.exists():
        raise NoCode(f"{path}: there is no such file or folder")
    options = replace(options, root=options.root or (path if path.is_dir() else path.parent))
    parts: list[Callable[[], Inventory]] = []
    if plan:
        parts.append(partial(_placed_by_code, path, plan, options))
    elif path.is_dir():
        parts += [partial(_configurations, path, options)] if _holds_terraform(path) else []
    elif terraform.is_terraform(path):
        parts.append(partial(terraform.read, path, options))
    if cloudformation.is_cloudformation(path):
        parts.append(partial(cloudformation.read, path, options))
    if not parts:
        what = "contains neither Terraform nor a template" if path.is_dir() else "is neither a plan nor a template"
        raise NoCode(f"{path}:1: {what}; pass a folder of .tf files or templates, a template, or a plan as JSON")
    return merged(_every(parts))


def _every(parts: Iterable[Callable[[], Inventory]]) -> list[Inventory]:
    """All parts read, or all that is wrong with them at once; a part without a resource is fine beside one that has."""
    found, wrong, nothing = [], [], []
    for part in parts:
        try:
            found.append(part())
        except NoCode as error:
            nothing += error.lines
        except BadCode as error:
            wrong += error.lines
    if wrong:
        raise BadCode(list(dict.fromkeys(wrong)))
    if nothing and not found:
        raise NoCode(nothing)
    return found


def merged(parts: Iterable[Inventory]) -> Inventory:
    """Several inventories as one. Where two resources would bear one name, their addresses tell them apart."""
    every = list(parts)
    if len(every) == 1:
        return every[0]
    out = Inventory(
        [each for part in every for each in part.resources],
        list(dict.fromkeys(gap for part in every for gap in part.gaps)),
        frozenset().union(*(part.asked for part in every)),
        tuple(dict.fromkeys(each for part in every for each in part.accounts)),
        tuple(sorted({each for part in every for each in part.regions})),
        sum((part.not_described for part in every), Counter()),
        choices=tuple({each.key: each for part in every for each in part.choices}.values()),
    )
    seen: dict[str, list[Resource]] = {}
    for each in out.resources:
        seen.setdefault(each.key, []).append(each)
    for same in seen.values():
        for each in same if len(same) > 1 else ():
            each.id, each.arn = each.address or each.id, ""
    out.resources.sort(key=lambda each: each.key)
    return out


# ---- Terraform in folders


def _holds_terraform(path: Path) -> bool:
    return any(True for _ in _folders(path))


def _folders(path: Path) -> Iterable[tuple[Path, list[Path]]]:
    """Folders with Terraform, with their files. Links to folders are not followed."""
    seen = 0
    for here, below, names in os.walk(path, followlinks=False):
        below[:] = sorted(each for each in below if not each.startswith(".") and each not in _SKIPPED)
        files = [Path(here) / name for name in sorted(names) if name.endswith(_SUFFIXES)]
        files = [each for each in files if each.is_file() or each.is_symlink()]  # no pipes
        seen += len(files)
        if seen > MOST_FILES:
            raise BadCode(f"{path}:1: more than {MOST_FILES} Terraform files below it; pass a folder inside it")
        if files:
            yield Path(here), files


def _configurations(path: Path, options: CodeOptions) -> Inventory:
    """Every configuration below a path, each read by itself."""
    folders = dict(_folders(path))
    until = time.monotonic() + MOST_SECONDS
    called = {
        Path(os.path.normpath(folder / source))
        for folder, files in folders.items()
        for file in files
        for source in _CALLED.findall(_beginning(file))
    }
    alone = [each for each in folders if each not in called or each == path]
    parts = _every([_configuration(path, each, options, until) for each in alone])
    # Calling a folder in a comment must not hide it: what no resource came from is a configuration after all.
    root = options.root or path
    told = {
        Path(os.path.normpath(root / place.rpartition(":")[0])).parent
        for part in parts
        for each in part.resources
        for place in (each.origin, *each.places.values())
    }
    rest = [each for each in folders if each in called and each != path and each.absolute() not in _absolute(told)]
    return merged([*parts, *_every([_configuration(path, each, options, until) for each in rest])])


def _absolute(paths: Iterable[Path]) -> set[Path]:
    return {each.absolute() for each in paths}


def _beginning(file: Path) -> str:
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _configuration(path: Path, folder: Path, options: CodeOptions, until: float) -> Callable[[], Inventory]:
    def read() -> Inventory:
        from auditor.sources import terraform

        if time.monotonic() > until:
            raise BadCode(
                f"{path.name}:1: reading all configurations takes longer than {MOST_SECONDS} s; pass a folder inside it"
            )
        below = spoken(_prefix(folder, options.root or path))
        try:
            found = terraform.read(folder, options)
        except BadCode as error:
            raise type(error)([_line_rebased(line, below) for line in error.lines]) from None
        for each in found.resources:
            each.origin = _rebased(each.origin, below)
            each.places = {name: _rebased(place, below) for name, place in each.places.items()}
        found.gaps = [_gap_rebased(gap, below) for gap in found.gaps]
        return found if folder == path else told_apart(found, folder.relative_to(path).as_posix() + ":")

    return read


def _prefix(folder: Path, root: Path) -> str:
    """Where a folder lies in the tree, as the beginning of the names in it."""
    inside = os.path.relpath(folder.resolve(), root.resolve()).replace(os.sep, "/")
    return "" if inside == "." or inside.startswith("..") else inside + "/"


def _rebased(place: str, below: str) -> str:
    """`file:line` of a configuration as the whole tree calls it."""
    if not place or not below or place.startswith(below):
        return place
    return os.path.normpath(below + place).replace(os.sep, "/")


def _line_rebased(line: str, below: str) -> str:
    """A mistake as `file:line: what`, also where the evaluator wraps it in words of its own."""
    found = _PLACE.search(line[:4000])
    return f"{_rebased(found[1], below)}: {found[2]}" if found else f"{below}{': ' if below else ''}{line}"


def _gap_rebased(gap: Gap, below: str) -> Gap:
    if not below or not gap.operation or not gap.message.startswith(gap.operation):
        return gap
    place = _rebased(gap.operation, below)
    return replace(gap, operation=place, message=place + gap.message.removeprefix(gap.operation))


def told_apart(inventory: Inventory, prefix: str) -> Inventory:
    """The inventory with its addresses, and all references to them, behind a prefix."""
    addresses = Addresses(each.address for each in inventory.resources)

    def text(value: str) -> str:
        def one(found: re.Match[str]) -> str:
            return "${" + prefix + found[1] + "}" if addresses.of(found[1]) else found[0]

        return _REFERENCE.sub(one, value) if "${" in value else value

    def within(value: Json) -> Json:
        if isinstance(value, str):
            return text(value)
        if isinstance(value, dict):
            return {key: within(inner) for key, inner in value.items()}
        return [within(inner) for inner in value] if isinstance(value, list) else value

    for each in inventory.resources:
        if each.address and each.id == each.address:
            each.id = prefix + each.id
        each.address = prefix + each.address if each.address else ""
        each.was = prefix + each.was if each.was else ""
        each.names = tuple(text(name) for name in each.names)
        each.properties = {name: within(value) for name, value in each.properties.items()}
    return inventory


# ---- plans


def _placed_by_code(path: Path, plan: Path, options: CodeOptions) -> Inventory:
    """The plan's resources at the places that the code of the same addresses has."""
    from auditor.sources import terraform

    if not plan.exists():
        raise NoCode(f"{plan}: there is no such file; write the plan with `terraform show -json PLAN > {plan.name}`")
    if plan.is_dir() or not terraform.is_terraform(plan):
        raise BadCode(f"{plan}:1: is not a plan; write it with `terraform show -json PLAN > plan.json`")
    planned = terraform.read(plan, replace(options, root=plan.parent))
    if not path.is_dir() or not _holds_terraform(path):
        return planned
    given = {**options.parameters, **_given(terraform.plan.load(plan))}
    code = _configurations(path, replace(options, parameters=given))
    exact = {(each.type, each.address): each for each in code.resources}
    loose = {(each.type, _INDEX.sub("", each.address)): each for each in code.resources}
    for each in planned.resources:
        if same := exact.get((each.type, each.address)):
            _complete(each, same)
        known = exact.get((each.type, each.address)) or loose.get((each.type, _INDEX.sub("", each.address)))
        if known:
            each.origin, each.places = known.origin, known.places
            each.was = each.was or known.was
    return planned


def _given(plan: Json) -> dict[str, Json]:
    """The variables that the plan was made with, to read the code with the same; secret ones stay in the plan."""
    declared = ((plan.get("configuration") or {}).get("root_module") or {}).get("variables") or {}
    return {
        name: each["value"]
        for name, each in (plan.get("variables") or {}).items()
        if isinstance(each, dict) and "value" in each and not (declared.get(name) or {}).get("sensitive")
    }


def _complete(planned: Resource, code: Resource) -> None:
    """Fill what a plan cannot say yet from the code, which says how things are put together (lists, policies)."""
    planned.names = tuple(sorted({*planned.names, *code.names}))
    hidden = {_BEFORE.split(path)[0] for path in planned.unknown}
    blind = {_BEFORE.split(path)[0] for path in code.unknown}
    for name in hidden - blind:
        if name in code.properties:
            known = planned.properties.get(name, ABSENT)
            planned.properties[name] = _code_where_unknown(known, code.properties[name], name, planned.unknown)
            planned.unknown = {path: gap for path, gap in planned.unknown.items() if _BEFORE.split(path)[0] != name}


def _code_where_unknown(planned: Json, code: Json, path: str, unknown: Mapping[str, Gap]) -> Json:
    """The code's value at the places that the plan does not know, and the plan's at all others."""
    if planned is ABSENT or path in unknown:
        return code
    if isinstance(planned, dict) and isinstance(code, dict):
        members = {
            name: _code_where_unknown(planned.get(name, ABSENT), code.get(name, ABSENT), f"{path}.{name}", unknown)
            for name in dict.fromkeys([*planned, *code])
        }
        return {name: value for name, value in members.items() if value is not ABSENT}
    inside = any(place.startswith(path + "[") for place in unknown)
    return code if inside and code is not ABSENT else planned
