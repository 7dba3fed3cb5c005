"""The file of waivers edited as a person would: one entry more, or one renewed, and every other line as it was.

The text is changed and then read again: where it does not say what was meant (a list in one line, an alias), nothing is
written and the entry is given back to be put in by hand.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from auditor.bounded import Dialect, Document, parse
from auditor.checks.waivers import Accepted, end
from auditor.checks.yaml import DefinitionError, shown
from auditor.model.waivers import fault

HEAD = """# Findings that are accepted for a time. `auditor waive` adds to this file; review it like code.
waivers:
"""
_FIELDS = ("reason", "owner", "until")


def waived(file: Path, row: Accepted, today: dt.date) -> tuple[str, bool]:
    """The text of the file with this exception, and whether one of the same check and resource was renewed."""
    until = end(row.until, today)
    problem = fault(row.resource) or (until if isinstance(until, str) else "")
    if not problem and isinstance(until, dt.date) and until < today:
        problem = f"{row.until} is past; an exception that has ended excuses nothing"
    if problem:
        raise DefinitionError([problem])
    text = file.read_text(encoding="utf-8") if file.is_file() else HEAD
    document = _read(text, file)
    rows = _rows(document)
    same = next((each for each, old in enumerate(rows) if (old["check"], old["resource"]) == _key(row)), None)
    wanted = [*rows, row.model_dump()] if same is None else _with(rows, same, row)
    made = _added(text, row, document) if same is None else _renewed(text, row, document, same)
    again = Document(shown(file))
    parse(made, again, Dialect())
    if again.problems or not isinstance(again.value, dict) or again.value.get("waivers") != wanted:
        entry = "".join(entry_of(row))
        raise DefinitionError([f"{shown(file)} is written in a way that cannot be edited here; put this in:\n{entry}"])
    return made, same is not None


def _key(row: Accepted) -> tuple[str, str]:
    return row.check, row.resource


def _with(rows: list[dict[str, str]], place: int, row: Accepted) -> list[dict[str, str]]:
    return [row.model_dump() if each == place else old for each, old in enumerate(rows)]


def _read(text: str, file: Path) -> Document:
    document = Document(shown(file))
    parse(text, document, Dialect())
    if {each.message for each in document.problems} - {"is empty"}:
        raise DefinitionError(document.lines)
    return document


def _rows(document: Document) -> list[dict[str, str]]:
    value = document.value.get("waivers") if isinstance(document.value, dict) else None
    return [each for each in value or [] if isinstance(each, dict)] if isinstance(value, list) else []


def entry_of(row: Accepted, indent: str = "  ") -> list[str]:
    """The lines of one entry."""
    said = row.model_dump()
    first, *rest = (f"{name}: {_scalar(value)}\n" for name, value in said.items())
    return [f"{indent}- {first}", *(f"{indent}  {line}" for line in rest)]


def _scalar(value: str) -> str:
    """A text as YAML; plain where that can mean nothing else."""
    plain = value.replace("-", "").replace("_", "").replace("/", "").replace(".", "").replace(" ", "")
    simple = plain.isalnum() and value[0].isalpha() and value.lower() not in ("true", "false", "null")
    return value if simple or _is_date(value) else json.dumps(value, ensure_ascii=False)


def _is_date(value: str) -> bool:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _added(text: str, row: Accepted, document: Document) -> str:
    """The entry behind the last one, indented as that is."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    places = [place for place in document.values if place[:1] == ("waivers",) and len(place) > 1]
    if not places:
        head = next((at for at, line in enumerate(lines) if line.startswith("waivers:")), None)
        if head is None:
            return "".join([*lines, "waivers:\n", *entry_of(row)])
        lines[head] = lines[head].replace("[]", "", 1).rstrip() + "\n"
        return "".join([*lines[: head + 1], *entry_of(row), *lines[head + 1 :]])
    column = min(document.values[place][1] for place in places if len(place) == 2)
    last = max(document.values[place][0] for place in places)
    indent = " " * max(0, column - 3)
    # A value of several lines goes on below the line that it begins in, further in than its key.
    while last < len(lines) and lines[last].strip() and lines[last].startswith(indent + "   "):
        last += 1
    return "".join([*lines[:last], *entry_of(row, indent), *lines[last:]])


def _renewed(text: str, row: Accepted, document: Document, place: int) -> str:
    """The three values that may change, each in its place, from the last to the first."""
    lines = text.splitlines(keepends=True)
    old = _rows(document)[place]
    spots = sorted(((document.values[("waivers", place, name)], name) for name in _FIELDS), reverse=True)
    for (line, column), name in spots:
        before, behind = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
        known = next((each for each in _spellings(old[name]) if behind.startswith(each)), None)
        if known is not None:
            lines[line - 1] = before + _scalar(getattr(row, name)) + behind[len(known) :]
    return "".join(lines)


def _spellings(value: str) -> tuple[str, ...]:
    doubled = value.replace("'", "''")
    return json.dumps(value, ensure_ascii=False), f"'{doubled}'", value
