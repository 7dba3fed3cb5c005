"""The sentences of a report. Every human format takes its words from here, so that they all say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from auditor.checks.operators import describe, is_operators
from auditor.model import RELATIONS, SEVERITIES
from auditor.report.plain import clean, inline, shown

Run = Mapping[str, Any]

KINDS = {
    "rule": "breaks a rule",
    "different": "differs from the document",
    "missing": "is missing",
    "extra": "is not in the document",
    "unlinked": "a documented link is missing",
}
REASONS = {
    "denied": "access denied",
    "denied-by-organization": "access denied by a policy of the organization",
    "credentials": "the credentials expired or are not valid",
    "region-disabled": "the region is not enabled in the account",
    "unavailable": "no answer, or an unreadable one",
    "region-not-read": "the region was not read",
    "throttled": "throttled",
    "failed": "the call failed",
    "unsupported": "not available in this region",
    "unresolved": "known after apply",
    "unsaid": "missing from AWS's answer",
}
REMEDIES = {
    "automatic": "automatic, with auditor apply",
    "manual": "manual",
    "replace": "requires replacement",
}
RISKS = {
    "safe": "safe, no interruption",
    "interrupts": "interrupts service",
    "destroys": "can delete data",
}
# The same in a word or two, where a remedy is only mentioned.
FIXES = {"safe": "fix (safe)", "interrupts": "fix (interrupts service)", "destroys": "fix (can delete data)"}


def count(number: int, one: str, many: str = "") -> str:
    """`1 promise`, `1,204 promises`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(items: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = list(items)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def state(run: Run) -> str:
    """The verdict of the whole run: broken, unknown (nothing broken, but something unseen) or kept."""
    summary = run.get("summary", {})
    if summary.get("broken"):
        return "broken"
    return "unknown" if summary.get("unknown") or not run["coverage"]["complete"] else "kept"


def headline(run: Run) -> str:
    """One sentence that a manager may quote."""
    scan = run["scan"]
    accounts = [clean(each) for each in scan.get("accounts", ())]
    who = f"Account {accounts[0]}" if len(accounts) == 1 else count(len(accounts), "account")
    names = listed(clean(each) for each in scan.get("baselines", ()))
    verb = "is" if len(accounts) == 1 else "are"
    match state(run):
        case "broken" if names:
            return f"{who} {verb} not what {names} describes."
        case "broken":
            return f"{who} {'breaks' if verb == 'is' else 'break'} security rules."
        case "unknown" if not run["summary"].get("kept"):
            return f"Nothing could be checked in {who[0].lower() + who[1:]}: what was needed could not be read."
        case "unknown":
            return f"Nothing broken was found in {who[0].lower() + who[1:]}, but not everything could be read."
    but = f", but for {count(run['summary']['waived'], 'accepted finding')}" if run["summary"].get("waived") else ""
    if names:
        return f"{who} {verb} what {names} describes{but}."
    return f"{who} {'keeps' if verb == 'is' else 'keep'} every rule{but}."


def tally(run: Run) -> str:
    """The sentence under the headline: how many answers of which verdict."""
    summary = run["summary"]
    parts = []
    if summary["broken"]:
        parts.append(f"{summary['broken']:,} broken{severities(summary['by_severity'])}")
    parts += [f"{summary[name]:,} {name}" for name in ("unknown", "kept", "waived") if summary.get(name)]
    if summary.get("unverifiable"):
        parts.append(f"{summary['unverifiable']:,} not checkable through AWS APIs")
    return listed(parts) + "." if parts else "Nothing was checked."


def severities(counts: Mapping[str, int]) -> str:
    """` (2 critical, 1 high)`, or ` (high)` for a single one; nothing for none."""
    found = [(counts[name], name) for name in SEVERITIES if counts.get(name)]
    if sum(number for number, _ in found) == 1:
        return f" ({found[0][1]})"
    return f" ({', '.join(f'{number:,} {name}' for number, name in found)})" if found else ""


def call(gap: Mapping[str, Any]) -> str:
    """The call that a gap is about, or the region where nothing was asked."""
    return " ".join(clean(gap[name]) for name in ("service", "operation") if gap.get(name)) or "region"


def left_out(findings: Iterable[Mapping[str, Any]]) -> str:
    """What a cut list does not show: `3 critical, 1 high and 12 less severe findings`. What is severe is never hidden
    in a number of others."""
    findings = list(findings)
    counts = Counter(each["severity"] for each in findings if each["verdict"] == "broken")
    severe = [f"{counts[name]:,} {name}" for name in ("critical", "high") if counts[name]]
    rest = len(findings) - counts["critical"] - counts["high"]
    if severe and not rest:
        return f"{listed(severe)} finding{'s' if len(findings) > 1 else ''}"
    return listed([*severe, count(rest, "less severe finding")])


def by_severity(findings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many findings there are of each severity."""
    return dict(Counter(each["severity"] for each in findings))


def has_previous(run: Run) -> bool:
    """Whether new and still mean something: a first run has nothing to be compared with."""
    return bool(
        run["scan"].get("previous")
        or run.get("mended")
        or any(each.get("status") == "still" for each in run["findings"])
    )


def changes(run: Run, live: Iterable[Mapping[str, Any]]) -> str:
    """What came and went since the last run; what this run did not look at is neither, and what was looked at for the
    first time came to be nobody knows when."""
    live = list(live)
    new = [each for each in live if each.get("new")]
    newly = sum("newly" in each for each in live)
    told = f"{len(new):,} new{severities(by_severity(new))}, {len(run.get('mended', ())):,} fixed"
    first = f", {newly:,} newly checked" if newly else ""
    carried = len(run.get("carried", ()))
    more = f"; {carried:,} of earlier runs not checked this time" if carried else ""
    return f"{told}{first}, {len(live) - len(new) - newly:,} already there{more}"


FIRST_LOOKS = {
    "account": "this account was not read before",
    "region": "this region was not read before",
    "rule": "this rule is new or asks something else now",
    "baseline": "this baseline is new or asks something else now",
    "permission": "this could not be read before",
    "program": "an older version of auditor did not find it",
}


def relation(word: str) -> str:
    return RELATIONS.get(word, clean(word).replace("-", " "))


def short_type(cfn: str) -> str:
    """`AWS::RDS::DBInstance` as people say it: `RDS DBInstance`."""
    return clean(" ".join(part for part in cfn.split("::") if part != "AWS"))


def tail_of(key: str) -> str:
    """The telling end of an ARN or key."""
    if key.startswith("arn:"):
        return clean(key.split(":", 5)[-1]) or clean(key)
    return clean(key.rsplit("/", 1)[-1] or key)


def labels(run: Run) -> dict[str, str]:
    """What each resource key is called, from everything in the run that knows a name."""
    out: dict[str, str] = {}
    for node in run.get("map", {}).get("nodes", ()):
        out[node["id"]] = clean(node["label"])
    for box in run.get("map", {}).get("boxes", ()):
        out.setdefault(box["id"], clean(box["label"]))
    for found in run["findings"]:
        owner = found["resource"]
        out.setdefault(owner["key"], clean(owner.get("name") or owner["id"]))
    return out


def expected(found: Mapping[str, Any], flat: bool = False) -> str:
    """What should be there, in words; `flat`: on one line."""
    if found["kind"] == "missing" and isinstance(found.get("expected"), (int, str)):
        text = clean(found["expected"])
        return f"{text[:-1]} or more" if text.endswith("+") else text.replace("-", " to ")
    return demanded(found.get("expected"), flat)


def demanded(matcher: Any, flat: bool = False) -> str:
    """A matcher in the words of its operators' rows: `{gte: 14}` is `at least 14`."""
    if isinstance(matcher, dict) and is_operators(matcher):
        return describe(matcher, _value)
    return inline(matcher) if flat else shown(matcher)


def _value(value: Any) -> str:
    return inline(value) if isinstance(value, dict) else shown(value)


def actual(found: Mapping[str, Any], flat: bool = False) -> str:
    """What is there, in words; `flat`: on one line."""
    value = found.get("actual")
    if found["verdict"] == "unknown" and value is None:
        return "could not be read"
    if found["kind"] == "missing" and not value:
        return "none"
    return inline(value) if flat else shown(value)


def place(owner: Mapping[str, Any]) -> str:
    """Where a resource lives: account and region, and the file and line where it is declared."""
    parts = [owner.get("account"), owner.get("region")]
    origin = owner.get("origin") or ""
    if origin and origin != owner.get("arn") and not origin.startswith("arn:"):
        parts.append(origin)
    return " · ".join(clean(part) for part in parts if part)


def cited(document: Mapping[str, Any]) -> str:
    """Which document says so, and where."""
    parts = [clean(document.get("baseline")), *_where(document)]
    return ", ".join(part for part in parts if part)


def _where(cite: Mapping[str, Any]) -> list[str]:
    section, lines = clean(cite.get("section")), clean(cite.get("lines"))
    out = [f"section {section}" if section[:1].isdigit() else section] if section else []
    if lines:
        out.append(f"{'lines' if '-' in lines or ',' in lines else 'line'} {lines.replace('-', '–')}")  # noqa: RUF001
    return out


def where(cite: Mapping[str, Any]) -> str:
    return ", ".join(_where(cite))


def depends(promise: Mapping[str, Any]) -> bool:
    """Whether an arrow that is kept holds for some requests only."""
    return promise["verdict"] == "kept" and any(part.get("depends_on") for part in promise.get("parts", ()))


def part(answer: Mapping[str, Any]) -> str:
    """One of the three answers about an arrow, with what proves it."""
    told = clean(answer["expected"])
    because = clean(answer["because"])
    proof = "; ".join(
        f"{tail_of(edge['tail'])} {relation(edge['relation'])} {tail_of(edge['head'])}" for edge in answer["evidence"]
    )
    return told + (f", {because}" if because else "") + (f" ({proof})" if proof else "")


def beside(told: Mapping[str, Any]) -> str:
    """What checkov said beside our own rules, and by name what of it could not be believed."""
    passed = f"checkov: {count(told['passed'], 'check')} passed"
    names = ", ".join(told.get("unjudged") or ())
    missing = f", {told['not-judged']:,} not decided for lack of input"
    return passed + (missing + (f": {names}" if names else "") if told["not-judged"] else "")


def difference(found: Mapping[str, Any]) -> tuple[str, str, str]:
    """What was expected, the words between, and what is there, each on one line."""
    unread = found["verdict"] == "unknown" and found.get("actual") is None
    return expected(found, flat=True), "; it " if unread else ", found ", actual(found, flat=True)


def demands(found: Mapping[str, Any]) -> str:
    """What the rule or promise demands, and the rules that demand the same."""
    told = [
        (found["check"], found.get("demand")),
        *((each["check"], each["demand"]) for each in found.get("also") or ()),
    ]
    return "; ".join(f"{clean(check)}: {clean(demand)}" for check, demand in told if demand)


def undecided(run: Run) -> list[Mapping[str, Any]]:
    """Promises that are unknown though no finding of the run stands for them."""
    known = {each["id"] for each in run["findings"]}
    unknown = (each for each in run.get("promises", ()) if each["verdict"] == "unknown")
    return [each for each in unknown if not known & set(each.get("findings", ()))]
