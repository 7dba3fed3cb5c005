"""What a terminal shows of a finding below its title, the same in `check` and `gate`: the difference, the reason, the
demand with where it stands, and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from auditor.report import terminal, words
from auditor.report.terminal import Line, Lines, cut

View = Mapping[str, Any]


def details(told: View, found: Mapping[str, Any]) -> Lines:
    """The lines of a finding: `told` are its texts (report.view), `found` its record."""
    unknown = told["verdict"] == "unknown"
    yield from difference(told, found, 4)
    cures = [f"to check it: {each}" for each in told.get("cures", ())]
    if told.get("allow"):
        cures.insert(0, f"to check it, allow {', '.join(told['allow'])}")
    if unknown and cures:
        yield from (terminal.line((each, "yellow"), by=4) for each in cures)
    elif told.get("because"):
        yield terminal.line(told["because"], by=4)
    if told.get("newly"):
        yield terminal.line((f"newly checked: {told['newly']}", "dim"), by=4)
    if told.get("managed_by"):
        yield terminal.line((f"managed by {told['managed_by']}", "dim"), by=4)
    yield from (terminal.line((reason, "dim"), by=4) for reason in reasons(told))
    yield from remedy(told.get("mend") or {})


def difference(told: View, found: Mapping[str, Any], by: int = 6) -> Lines:
    """What was expected and what is there, where that can be said."""
    if told["kind"] != "extra" and not (told["verdict"] == "unknown" and found.get("expected") is None):
        yield Line(_difference(told, found), by)


def _difference(told: View, found: Mapping[str, Any]) -> Text:
    place = f"{told['property']}: " if told.get("property") else ""
    want, between, have = words.difference(found)
    return Text.assemble(place, "expected ", (cut(want), "green"), between, (cut(have), "red"))


def reasons(told: View) -> list[str]:
    """Who demands it: the document's own words, else the rule; and each further rule that demands the same."""
    cite = told.get("cite")
    if cite:
        first = f"{cite['where']}: {cite['text']}" if cite["text"] else cite["where"]
    else:
        first = f"{told['check']}: {told['demand']}" if told.get("demand") else told["check"]
    decided = [f"decided: {cite['decided']}"] if cite and cite.get("decided") else []
    return [first, *decided, *(f"also {each['check']} ({each['severity']})" for each in told.get("also", ()))]


def remedy(mend: View) -> Lines:
    """How it is mended: the calls, else the words."""
    if mend.get("steps"):
        style = "green" if mend["risk"] == "safe" else "yellow"
        calls = ", ".join(f"{each['call'].partition(chr(10))[0]} ..." for each in mend["steps"])
        yield terminal.line((f"{mend['chip']}: ", style), calls, by=4, hang=2)
    elif mend.get("text"):
        yield terminal.line(f"fix (manual): {mend['text']}", by=4, hang=2)
