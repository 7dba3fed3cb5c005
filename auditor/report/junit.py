"""JUnit's XML, as CI systems show it: a failing case for each finding, an error for what could not be checked.

A finding that is accepted for a time is a case that was skipped. XML has no way to write most control characters, so
they stand as visible escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TextIO
from xml.sax.saxutils import escape, quoteattr

from auditor.report import Options, gated, words
from auditor.report.plain import clean, no_command

Run = Mapping[str, Any]
# What XML 1.0 cannot hold, and clean() leaves.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(run: Run, out: TextIO, options: Options) -> None:
    cases = [*_findings(run), *_unread(run)]
    if not cases:
        title = gated.headline(run) if run.get("gate") else words.headline(run)
        cases = [("passed", f"<testcase{_attributes(classname='auditor', name=title)}/>")]
    counts = {name: sum(kind == name for kind, _ in cases) for name in ("failure", "error", "skipped")}
    told = _attributes(
        name="auditor",
        tests=len(cases),
        failures=counts["failure"],
        errors=counts["error"],
        skipped=counts["skipped"],
        timestamp=run["scan"]["started"].removesuffix("Z"),
    )
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f"<testsuites>\n<testsuite{told}>\n")
    out.writelines(f"{case}\n" for _, case in cases)
    out.write("</testsuite>\n</testsuites>\n")


def _findings(run: Run) -> Iterator[tuple[str, str]]:
    for found in run["findings"]:
        place = found.get("location")
        where = {"file": clean(place["file"]), "line": place["line"]} if place else {}
        name = f"{clean(found['title'])} ({gated.at(found) or clean(found['resource']['id'])})"
        head = f"<testcase{_attributes(classname=clean(found['check']), name=name, **where)}>"
        yield _kind(found), f"{head}{_inside(found)}</testcase>"


def _kind(found: Run) -> str:
    if found.get("waiver"):
        return "skipped"
    return "failure" if found["verdict"] == "broken" else "error"


def _inside(found: Run) -> str:
    kind = _kind(found)
    if kind == "skipped":
        return f"<skipped{_attributes(message=clean(found['waiver'].get('reason')))}/>"
    told = []
    if found["property"]:
        expected, between, actual = words.difference(found)
        told.append(f"{clean(found['property'])}: expected {expected}{between}{actual}")
    told += [clean(each) for each in (found.get("because"), words.demands(found)) if each]
    told += [f"{each['line']} | {clean(each['text'])}" for each in found.get("code") or ()]
    fix = clean((found.get("remedy") or {}).get("text"))
    lines = [*told, *([f"Fix: {fix}"] if fix else [])]
    attributes = _attributes(message=clean(found["title"]), type=found["severity"])
    inside = "\n".join(no_command(each) + each for each in lines)
    return f"<{kind}{attributes}>{_escaped(inside)}</{kind}>"


def _unread(run: Run) -> Iterator[tuple[str, str]]:
    """What could not be read and hangs on a verdict, as an error: no suite is green that did not look."""
    lines = [text for text, _ in gated.hanging(run)] if run.get("gate") else []
    if not run.get("gate") and not run["coverage"]["complete"]:
        lines += [f"{words.call(gap)}: {clean(gap['message'])}" for gap in run["coverage"]["gaps"]]
    for each in lines:
        case = f"<testcase{_attributes(classname='auditor', name=gated.UNREAD)}>"
        yield "error", f"{case}<error{_attributes(message=each)}/></testcase>"


def _attributes(**values: Any) -> str:
    return "".join(f" {name}={quoteattr(_legal(str(value)))}" for name, value in values.items())


def _escaped(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
