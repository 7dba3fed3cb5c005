"""Document, code and account side by side, in sentences: what one of them says otherwise, and what is where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.report import words
from auditor.report.plain import clean, inline

Run = Mapping[str, Any]
TITLES = {
    "code-drift": "The code differs from document and account",
    "live-drift": "The account differs from document and code",
    "both-drift": "Document, code and account differ from each other",
    "document-stale": "Code and account agree, and the document differs",
    "unknown": "Not known of code or account",
}
_COUNTED = {
    "agree": "agree",
    "code-drift": "drifted in the code",
    "live-drift": "drifted in the account",
    "both-drift": "drifted in both",
    "document-stale": "stale in the document",
    "unknown": "not known",
}


def lists(run: Run) -> Iterator[tuple[str, list[str]]]:
    """Each list under its title; nothing where no account was given."""
    told = run["gate"].get("three_way")
    if not told:
        return
    if "problem" in told:
        yield "Document, code and account", [f"the account could not be read: {clean(told['problem'])}"]
        return
    yield f"Document, code and account ({clean(told['live']['name'])})", [_counts(told)]
    for verdict, title in TITLES.items():
        yield title, [_row(each) for each in told["promises"] if each["verdict"] == verdict]
    yield "Documented parts that are not deployed yet", [_part(each) for each in told["undeployed"]]
    yield "Documented parts that this code does not make", [_part(each) for each in told["unmanaged"]]
    beside = told.get("resources") or {}
    yield "Resources of the code that are not deployed", [clean(each) for each in beside.get("undeployed", ())]
    unmanaged = [clean(each) for each in beside.get("unmanaged", ())]
    if beside.get("undecided"):
        many = words.count(beside["undecided"], "more resource")
        unmanaged.append(
            f"{many} of types whose names the code leaves open: it is not known whether the code makes them"
        )
    yield "Resources of the account that this code does not make", unmanaged


def _counts(told: Run) -> str:
    counts = [f"{told['counts'][name]:,} {word}" for name, word in _COUNTED.items() if told["counts"][name]]
    accounts = words.listed(clean(each) for each in told["live"]["accounts"])
    when = f", as of {clean(told['live']['finished'])}" if told["live"]["finished"] else ""
    of = f" of account {accounts}" if accounts else ""
    return f"{words.count(len(told['promises']), 'promise')}{of}{when}: {', '.join(counts) or 'none'}"


def _row(row: Run) -> str:
    name = f"{clean(row['baseline'])}/{clean(row['id'])}"
    said = "; ".join(_property(each) for each in row["properties"])
    reason = clean(row["reason"])
    sides = f"code {row['code']}, account {row['account']}"
    return f"{name} ({words.where(row)}): {said or sides}{f' ({reason})' if reason else ''}"


def _property(row: Run) -> str:
    """The three values of a property; who keeps to the document is said to."""
    expected = words.demanded(row["expected"], flat=True)
    sides = [f"{name} {inline(row[name]['actual']) if row[name] else 'as documented'}" for name in ("code", "account")]
    of = f"{clean(row['property'])}: " if row["property"] else ""
    return f"{of}document {expected}, {', '.join(sides)}"


def _part(part: Run) -> str:
    names = words.listed(words.tail_of(each) for each in part["resources"])
    return f"{clean(part['baseline'])}/{clean(part['role'])}: {names}"
