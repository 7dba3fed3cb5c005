"""The differences of two runs on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.report import words
from auditor.report.plain import clean, inline
from auditor.report.terminal import Line, Lines, cut, heading, line

_COME, _GONE, _OTHER = ("+ ", "green"), ("- ", "red"), ("~ ", "yellow")
# What is proven, as a sentence; an edge that ends where it begins is a principal that makes itself an administrator.
_FACTS = {
    "reaches": "{tail} reaches {head}",
    "can-assume": "{tail} can assume {head}",
    "can-become": "{tail} can become an administrator by {head}",
}


def told(found: Mapping[str, Any]) -> Lines:
    before, after = found["before"], found["after"]
    yield line(f"From {_named(before)} to {_named(after)}", by=0)
    findings = found["findings"]
    yield from _group("New findings", (_finding(each, _COME) for each in findings["new"]))
    yield from _group("Newly checked", (_finding(each, _COME) for each in findings["newly_checked"]))
    yield from _group("Fixed", (_finding(each, _GONE) for each in findings["fixed"]))
    yield from _group("Promises", (_promise(each) for each in found["promises"]))
    if found["resources"] is not None:
        resources = found["resources"]
        rows = [_resource(each, _COME) for each in resources["added"]]
        rows += [_resource(each, _GONE) for each in resources["removed"]]
        rows += [_resource(each, _COME, " (not looked at before)") for each in resources["newly_seen"]]
        yield from _group("Resources", rows)
        yield from _group("Changed", (_change(each) for each in resources["changed"]))
        proven = [_fact(each, _COME) for each in found["proven"]["added"]]
        yield from _group("Proven", [*proven, *(_fact(each, _GONE) for each in found["proven"]["removed"])])
    yield from _group("Not compared", (line(clean(each), by=2, hang=2) for each in found["not_compared"]))
    if findings["not_checked"]:
        many = words.count(len(findings["not_checked"]), "finding")
        yield line((f"{many} of the earlier run not checked by the later one.", "dim"), by=0)


def _named(run: Mapping[str, Any]) -> str:
    return clean(run["run"]) + ("" if run["complete"] else " (incomplete)")


def _group(title: str, rows: Iterable[Line]) -> Lines:
    shown = list(rows)
    if shown:
        yield heading(title, len(shown))
        yield from shown


def _finding(each: Mapping[str, Any], mark: tuple[str, str]) -> Line:
    owner = each["resource"]
    return line(mark, f"{clean(each['title'])} ", (f"{each['severity']} · {_name(owner)}", "dim"), by=2, hang=4)


def _promise(each: Mapping[str, Any]) -> Line:
    then, now = (each[name] or "not asked" for name in ("before", "after"))
    return line(_OTHER, f"{clean(each['baseline'])}/{clean(each['id'])}: {then} → {now}", by=2, hang=4)


def _resource(owner: Mapping[str, Any], mark: tuple[str, str], more: str = "") -> Line:
    return line(mark, f"{words.short_type(owner['type'])} {_name(owner)}{more}", by=2, hang=4)


def _change(each: Mapping[str, Any]) -> Line:
    values = f"{cut(inline(each['before']))} → {cut(inline(each['after']))}"
    return line(_OTHER, f"{_name(each['resource'])} {clean(each['property'])}: {values}", by=2, hang=4)


def _fact(each: Mapping[str, Any], mark: tuple[str, str]) -> Line:
    tail, head = clean(words.tail_of(each["tail"])), clean(words.tail_of(each["head"]))
    said = _FACTS[each["relation"]].format(tail=tail, head=head)
    return line(mark, f"{said} ", (clean(each["because"]), "dim"), by=2, hang=4)


def _name(owner: Mapping[str, Any]) -> str:
    return clean(owner.get("name") or owner["id"])
