"""Annotations of GitHub Actions: workflow commands that a runner shows at the lines of a pull request.

A runner takes a line that begins with `::` as a command, whoever wrote the words in it. So every value is escaped as
GitHub's toolkit does it, and no line of ours begins with two colons but a command of ours. Ten of each kind are shown
for a step, the first ones, so the worst come first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO

from auditor.model import SEVERITIES
from auditor.report import Options, gated, words
from auditor.report.plain import clean

Run = Mapping[str, Any]
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice", "info": "notice"}
_LONG = 1_000


def write(run: Run, out: TextIO, options: Options) -> None:
    main = (run.get("gate") or {}).get("main")
    live = [each for each in run["findings"] if not each.get("waiver")]
    for found in sorted(live, key=lambda each: (each["verdict"] != "broken", SEVERITIES.index(each["severity"]))):
        level = _LEVELS[found["severity"]] if found["verdict"] == "broken" else "notice"
        out.write(_command(level, found.get("location") or main, found["check"], _message(found)))
    if run.get("gate"):
        unread = gated.hanging(run)
        out.writelines(_command("warning", place or main, gated.UNREAD, text) for text, place in unread)
        out.write(f"auditor: {gated.headline(run)}\n")
    else:
        out.write(f"auditor: {words.headline(run)}\n")


def _message(found: Run) -> str:
    told = [str(found["title"])]
    if found["property"]:
        expected, between, actual = words.difference(found)
        told.append(f"{found['property']}: expected {expected}{between}{actual}")
    told += [str(found["because"])] if found.get("because") else []
    return ". ".join(each.removesuffix(".") for each in told) + "."


def _command(level: str, place: Run | None, title: str, message: str) -> str:
    properties = {"title": title}
    if place:
        properties = {"file": place["file"], "line": str(place["line"]), **properties}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {told}::{_data(message)}\n"


def _data(text: str) -> str:
    """The words of a command."""
    return clean(text)[:_LONG].replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A value before the words, where a colon and a comma would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
