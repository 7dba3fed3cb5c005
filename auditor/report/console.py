"""The run on a terminal: verdict first, then what changed, what is wrong by severity, what is not known, counts.

Calm by default: what is kept is a number, the worst findings come in full, the others as a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO

from rich.text import Text

from auditor.model import SEVERITIES
from auditor.report import Options, change, gated, terminal, unread, view, words
from auditor.report.detail import details
from auditor.report.plain import clean
from auditor.report.terminal import FEW, STYLES, Line, Lines, Terminal, heading, line, sign

Run = Mapping[str, Any]


def write(run: Run, out: TextIO, options: Options) -> None:
    lines = change.lines(run, options) if run.get("gate") else _Report(run, options).lines()
    Terminal(out, options).show(lines)


class _Report:
    """The lines of a run, part by part."""

    def __init__(self, run: Run, options: Options) -> None:
        self.run, self.options = run, options
        self.names = words.labels(run)
        self.compare = words.has_previous(run)
        views = [view.finding(each, self.names, self.compare) for each in run["findings"]]
        self.raw = {told["id"]: each for told, each in zip(views, run["findings"], strict=True)}
        accounts = run["scan"].get("accounts", ())
        self.home = f"{clean(accounts[0])} · " if len(accounts) == 1 else ""
        self.live = [each for each in views if "waiver" not in each]
        self.waived = [each for each in views if "waiver" in each]

    def lines(self) -> Lines:
        yield from self._verdict()
        if self.compare:
            yield from self._changes()
        yield from self._findings()
        yield from self._undecided()
        yield from self._gaps()
        yield from self._exceptions()
        if self.options.verbose:
            yield from self._kept()
        else:
            yield from self._depending()
        yield from self._counts()

    def _verdict(self) -> Lines:
        state = words.state(self.run)
        yield line(sign(state), " ", (words.headline(self.run), f"bold {terminal.tone(state)}"), hang=2)
        yield line(words.tally(self.run), by=2)
        if not self.run["coverage"]["complete"]:
            yield line((f"Incomplete: {unread.incomplete(self.run)}; see below.", "yellow"), by=2)

    def _changes(self) -> Lines:
        fresh = [each for each in self.live if each.get("new")]
        counts = words.changes(self.run, self.live)
        yield line("\n", ("Since the last run", "bold"), f"  {counts}")
        told = [self._moved("new", STYLES[each["severity"]], each["title"], each["name"]) for each in fresh]
        gone = [
            self._moved("fixed", "green", clean(each["title"]), clean(each["resource"].get("name")))
            for each in self.run.get("mended", ())
        ]
        yield from terminal.rows(told, self.options.verbose, hang=6, more=words.left_out(fresh[FEW:]))
        yield from terminal.rows(gone, self.options.verbose, hang=6)

    def _moved(self, word: str, style: str, title: str, name: str) -> Text:
        return Text.assemble((f"{word:<6}", style), title, ("" if name in title else f": {name}", "bold"))

    def _findings(self) -> Lines:
        """The worst in full: what is broken by severity, then what is not known; each group with all its number."""
        most = len(self.live) if self.options.verbose else self.options.worst
        groups: list[tuple[str, ...]] = [(name.capitalize(), STYLES[name], "broken", name) for name in SEVERITIES]
        groups.append(("Unknown", "bold yellow", "unknown", ""))
        shown = {each["id"] for each in self.live[:most]}
        for title, style, verdict, severity in groups:
            mine = [each for each in self.live if each["verdict"] == verdict and severity in ("", each["severity"])]
            full = [each for each in mine if each["id"] in shown]
            if full:
                yield heading(title, len(mine), style)
            for found in full:
                yield from self._finding(found)
        if len(self.live) > most:
            left = words.left_out(self.live[most:])
            yield line((f"\nNot shown: {left}. --verbose shows all, as do --format html and json.", "dim"))

    def _finding(self, found: Mapping[str, Any]) -> Lines:
        age = (f" {found['age']}", "dim") if found.get("age") else ""
        new = (" new", "bold cyan") if found.get("new") else (" newly checked", "cyan") if "newly" in found else age
        place = found.get("place", "").removeprefix(self.home)
        severity = f" ({found['severity']})" if found["verdict"] == "unknown" else ""
        facts = " · ".join(each for each in ("", found["noun"], place, found["id"]) if each or not place)
        yield line(sign(found["verdict"]), " ", (found["title"], "bold"), severity, new, by=2, hang=2)
        yield line(found["name"], (f" · {facts.removeprefix(' · ')}", "dim"), by=4)
        yield from details(found, self.raw[found["id"]])

    def _undecided(self) -> Lines:
        """Promises that are not known though no finding says so, such as a role that several resources could play."""
        found = words.undecided(self.run)
        if found:
            yield heading("Unknown promises", len(found), "bold yellow")
        for promise in found:
            name = f" {clean(promise['baseline'])}/{clean(promise['id'])} "
            yield line(sign("unknown"), name, (clean(promise["reason"]), "dim"), by=2, hang=2)

    def _gaps(self) -> Lines:
        gaps = self.run["coverage"]["gaps"]
        if not gaps:
            return
        yield heading("Could not be read", len(gaps), "bold yellow")
        yield from terminal.rows([self._gap(each) for each in gaps], self.options.verbose, hang=2, few=2 * FEW)
        actions = unread.permissions(self.run)
        if actions:
            yield line("To read everything, allow these IAM actions: ", (", ".join(actions), "bold"), by=2)

    def _gap(self, gap: Mapping[str, Any]) -> Text:
        where = ", ".join(clean(each) for each in (gap["account"], gap["region"]) if each)
        hides = words.listed(words.short_type(each) for each in gap.get("types", ()))
        reason = words.REASONS.get(gap["reason"], clean(gap["reason"]))
        told = f"{reason}; affects {hides}" if hides else clean(gap["message"])
        told += f"; {clean(gap['cure'])}" if gap.get("cure") and gap["reason"] != "denied" else ""
        return Text.assemble(sign("unknown"), " ", (words.call(gap), "bold"), f" ({where}): {told}")

    def _exceptions(self) -> Lines:
        """What is accepted stays in sight, and so does what ends, has ended, or excuses nothing."""
        for title, rows in gated.exceptions(self.run):
            if rows:
                yield heading(title, len(rows), "dim" if title == gated.EXCEPTIONS["applied"] else "bold yellow")
                yield from terminal.rows([Text(row) for row in rows], self.options.verbose, hang=2, few=2 * FEW)

    def _depending(self) -> Lines:
        """Arrows that hold for some requests only: kept, and not to be taken for more."""
        found = [each for each in self.run.get("promises", ()) if words.depends(each)]
        if found:
            yield heading("Kept under conditions", len(found))
        for promise in found:
            name = f" {clean(promise['baseline'])}/{clean(promise['id'])} "
            yield line(sign("kept"), name, (clean(promise["reason"]), "dim"), by=2, hang=2)

    def _kept(self) -> Lines:
        """With `verbose`: every promise with its verdict."""
        promises = self.run.get("promises", ())
        if promises:
            yield heading("Promises")
        for promise in promises:
            reason = f" ({clean(promise['reason'])})" if promise.get("reason") else ""
            name = f" {clean(promise['baseline'])}/{clean(promise['id'])} "
            cite = f"{words.where(promise)} {clean(promise.get('text'))}{reason}"
            yield line(sign(promise["verdict"]), name, (cite, "dim"), by=2, hang=2)
            for part in promise.get("parts", ()):
                yield line(sign(part["verdict"]), f" {part['part']}: ", (words.part(part), "dim"), by=4, hang=2)

    def _counts(self) -> Lines:
        scan, summary = self.run["scan"], self.run["summary"]
        promises = [each["verdict"] for each in self.run.get("promises", ())]
        judged = [each for each in promises if each != "unverifiable"]
        parts = [f"{promises.count('kept'):,} of {words.count(len(judged), 'promise')} kept"] if judged else []
        if summary.get("unverifiable"):
            parts.append(f"{summary['unverifiable']:,} not checkable")
        rules = self.run.get("rules") or {}
        if rules.get("judged"):
            answers = sum(rules[name] for name in ("kept", "broken", "unknown"))
            resources = words.count(answers, "time")
            parts.append(f"{words.count(rules['judged'], 'rule')} checked {resources}, {rules['kept']:,} kept")
        if beside := scan.get("checkov"):
            parts.append(words.beside(beside))
        if self.waived:
            parts.append(f"{len(self.waived):,} waived")
        parts.append(words.count(scan.get("requests", {}).get("total", 0), "request"))
        yield Line(Text())
        if away := unread.elsewhere(self.run):
            yield line((f"{away}.", "yellow"))
        if unseen := unread.not_looked_at(self.run):
            yield line((f"{unseen}.", "dim"))
        yield line((" · ".join(parts), "dim"))
