"""The sentences of a gate, in every format: what a change adds, compared with what, what it fixes, what is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.report import words
from auditor.report.plain import clean

Run = Mapping[str, Any]

# The titles of the lists beside the findings.
FIXED = "Fixed"
DRIFTED = "Changed outside Terraform, according to the plan"
LATER = "Known only after apply, from the account"
UNREAD = "Could not be checked"
SWITCHED = "Values that the change turns"
OTHERWISE = "With other values than those that apply"
_ROOTS = 8  # how many are named
_TITLES = 3  # of findings that another value would bring
EXCEPTIONS = {
    "applied": "Accepted for a time",
    "ending": "Exceptions that end within 14 days",
    "ended": "Exceptions that ended",
    "unused": "Exceptions that excuse nothing",
    "notes": "Exceptions that do not count",
}


def state(run: Run) -> str:
    """The verdict on the change (or on all of the code, where nothing was compared)."""
    if any(each["verdict"] == "broken" and not each.get("waiver") for each in run["findings"]):
        return "broken"
    problem = (run["gate"].get("base") or {}).get("problem")
    return "unknown" if run["summary"]["unknown"] or problem else "kept"


def headline(run: Run) -> str:
    """One sentence: what the change does."""
    gate = run["gate"]
    broken = sum(each["verdict"] == "broken" and not each.get("waiver") for each in run["findings"])
    in_code = f"{words.count(broken, 'finding') if broken else 'no findings'} in the code"
    if (gate.get("base") or {}).get("problem"):
        return f"The base cannot be read, so it is not known which findings are new: {in_code}."
    if nothing(run):
        return "Nothing in the code is of a type that the chosen rules and baselines check."
    if not gate["compared"]:
        incomplete = not broken and state(run) != "kept"
        return _sentence(in_code, "not everything could be checked" if incomplete else "")
    if broken:
        return f"The change adds {words.count(broken, 'finding')}."
    if state(run) == "unknown":
        return "The change adds no findings, but not everything could be checked."
    fixed = f" and fixes {words.count(gate['mended'], 'finding')}" if gate["mended"] else ""
    return f"The change adds no findings{fixed}."


def nothing(run: Run) -> bool:
    """Whether code was read and held nothing to judge."""
    return not (run["gate"].get("judged", 1) or run["findings"] or run["summary"]["unknown"])


def _sentence(text: str, but: str) -> str:
    return f"{text[0].upper()}{text[1:]}{f', but {but}' if but else ''}."


def counts(run: Run) -> str:
    """New, fixed, already there; the new ones by severity. What is not known is no finding and told apart."""
    gate = run["gate"]
    broken = [each for each in run["findings"] if each["verdict"] == "broken" and not each.get("waiver")]
    new = f"{len(broken):,} new" if gate["compared"] else words.count(len(broken), "finding")
    new += words.severities(words.by_severity(broken))
    if gate["compared"]:
        new += f", {gate['mended']:,} fixed, {gate['still']:,} already there"
    elif gate.get("known"):
        new += f", {gate['known']:,} known before"
    waived = sum(bool(each.get("waiver")) for each in run["findings"])
    return f"{new}, {waived:,} accepted for a time" if waived else new


def against(run: Run) -> str:
    """What was judged, and compared with what."""
    gate = run["gate"]
    base = gate.get("base") or {}
    label = f" compared with {clean(base['label'])}" if base else ""
    return f"{clean(gate['path'])}{_roots(run)}{label}" + (
        ", which has no code at this path" if base.get("empty") else ""
    )


def _roots(run: Run) -> str:
    """What was found at the path to be applied by itself, and what each was taken for; nothing where it is one."""
    found = run["scan"].get("roots", ())
    if len(found) < 2:
        return ""
    named = [f"{clean(each['path'])} ({clean(each['environment'] or each['kind'])})" for each in found[:_ROOTS]]
    more = f" and {len(found) - _ROOTS:,} more" if len(found) > _ROOTS else ""
    return f" ({words.count(len(found), 'root')}: {', '.join(named)}{more})"


def at(found: Run) -> str:
    """`file:line` of a finding, or of what stands for it, with the place in a module that others wrote."""
    place = found.get("location")
    inside = f" (inside: {clean(place['inside'])})" if place and place.get("inside") else ""
    return f"{clean(place['file'])}:{place['line']}{inside}" if place else ""


def fixed(run: Run) -> list[str]:
    """What the change fixes, each with its resource."""
    return [
        f"{clean(each['title'])}: {clean(each['resource'].get('name') or each['resource']['id'])}"
        for each in run["mended"]
    ]


def gaps(run: Run) -> list[str]:
    """What could not be read, each once with its reach: first what the change brings."""
    told = sorted(run["gate"].get("unread", ()), key=lambda each: not (each["new"] and each["count"]))
    return [text for text, _ in _reached(told)]


def hanging(run: Run) -> list[tuple[str, Run | None]]:
    """Of what could not be read, that on which the gate's verdict hangs, with its place where it has one; and a base
    that cannot be read, on which all of it does."""
    problem = (run["gate"].get("base") or {}).get("problem") or ()
    told = _reached([each for each in run["gate"].get("unread", ()) if each["new"] and each["count"]])
    lines = [(f"the base cannot be read: {clean(each)}", None) for each in problem]
    return list({text: (text, place) for text, place in (*lines, *told)}.values())


def _reached(told: Iterable[Run]) -> list[tuple[str, Run | None]]:
    """A line for each with its place, and one for all modules that the same would let be read; a module that the change
    reaches has its own."""
    out: dict[str, Run | None] = {}
    modules: dict[tuple[bool, str], list[Run]] = {}
    for each in told:
        if each["module"] and not each["because"]:
            modules.setdefault((each["new"], each["cure"]), []).append(each)
        else:
            out.setdefault(_reach(each), each["location"])
    grouped = sorted(modules.items(), reverse=True)
    return [*((_modules(many, new), many[0]["location"]) for (new, _), many in grouped), *out.items()]


def _modules(many: list[Run], new: bool) -> str:
    checks = {check for each in many for check in (*each["rules"], *each["promises"])}
    reach = f"{_checks(checks)} for what is inside" if checks else "nothing that was asked reads them"
    named = [clean(each["message"]) for each in many[:_MODULES]]
    more = [f"{len(many) - _MODULES:,} more"] if len(many) > _MODULES else []
    cure = f". To read them, {clean(many[0]['cure'])}" if many[0]["cure"] else ""
    before = "" if new or not checks else _BEFORE
    return f"{words.count(len(many), 'module')} could not be read: {reach}{before} ({'; '.join([*named, *more])}){cure}"


_MODULES = 5  # how many are named
_BEFORE = ", as before the change"


def _checks(names: Iterable[str]) -> str:
    rules = [each for each in names if "/" not in each]
    promises = [each for each in names if "/" in each]
    counted = [
        words.count(len(rules), "rule") if rules else "",
        words.count(len(promises), "promise") if promises else "",
    ]
    return f"{words.listed(filter(None, counted))} cannot be answered"


def _reach(told: Run) -> str:
    why = clean(told["message"]) or "not known"
    place = told["location"]
    at = f"{clean(place['file'])}:{place['line']}: " if place else ""
    checks = (*told["rules"], *told["promises"])
    about = words.listed(clean(each) for each in told["about"][:3])
    more = f" and {len(told['about']) - 3:,} more" if len(told["about"]) > 3 else ""
    reach = (
        f"{_checks(checks)}{f' for {about}{more}' if about else ''}" if checks else "nothing that was asked reads it"
    )
    before = "" if told["new"] or not checks else _BEFORE
    because = f"; {clean(told['because'])}" if told["because"] else ""
    cure = f" ({clean(told['cure'])})" if told["cure"] else ""
    return f"{'' if why.startswith(at) else at}{why}: {reach}{before}{because}{cure}"


def later(run: Run) -> list[str]:
    """What no code can answer."""
    return [clean(title) for title in run["gate"].get("later", ())]


def switched(run: Run) -> list[str]:
    """The switches that the change turns, with whatever that brings among the findings."""
    return [
        f"{clean(each['name'])} is now {clean(each['now'])}, was {clean(each['was'])} ({at(each)})"
        for each in run["gate"].get("switched", ())
    ]


def otherwise(run: Run) -> list[str]:
    """What the other value of each switch would bring, and which were not tried."""
    rows = []
    for each in run["gate"].get("otherwise", ()):
        titles = list(dict.fromkeys(clean(one["title"]) for one in each["findings"]))
        more = f"; and {len(titles) - _TITLES:,} more" if len(titles) > _TITLES else ""
        counted = words.count(each["count"], "finding") + words.severities(each["by_severity"])
        turned = f"with {clean(each['name'])} = {clean(each['other'])} ({at(each)}; {clean(each['now'])} applies)"
        rows.append(f"{turned}: {counted}: {'; '.join(titles[:_TITLES])}{more}")
    untried = run["gate"].get("untried", ())
    if untried:
        named = ", ".join(map(clean, untried[:_ROOTS])) + (", ..." if len(untried) > _ROOTS else "")
        rows.append(f"not tried: {words.count(len(untried), 'other value')} ({named}); pass one with --parameter")
    return rows


def exceptions(run: Run) -> list[tuple[str, list[str]]]:
    """What is accepted, and what no longer or not yet is: each list under its title."""
    told = (run.get("gate") or run).get("exceptions") or {}
    return [(title, [clean(each) for each in told.get(name, ())]) for name, title in EXCEPTIONS.items()]


def drifted(run: Run) -> list[str]:
    """What the plan found changed outside of Terraform."""
    return [
        f"{clean(each['address'])}: {'deleted' if each['gone'] else ', '.join(map(clean, each['properties']))}"
        for each in run["gate"].get("drifted", ())
    ]
